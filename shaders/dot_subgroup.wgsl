// The sum of x y, first of two dispatches: one partial sum for each workgroup. The lanes of a subgroup add up without
// any memory, so a workgroup shares one slot for each subgroup, and waits once. dot_total.wgsl adds the partial sums.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,       // elements
    workers: u32, // invocations that share them
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // filled up to a whole four with zeros
@group(0) @binding(2) var<storage, read> y: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> partial: array<f32>;

var<workgroup> sums: array<f32, WG>; // as many slots as there could be subgroups

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
    @builtin(subgroup_id) subgroup: u32,
    @builtin(subgroup_size) lanes: u32,
    @builtin(subgroup_invocation_id) lane: u32,
) {
    // A dispatch ends at 65,535 workgroups along one dimension, so a long one is folded into two.
    let team = group.y * groups.x + group.x;
    let id = team * WG + local;

    // Surplus invocations bring a zero instead of returning: the whole workgroup must reach the barrier.
    let fours = select(0u, (params.n + 3u) / 4u, id < params.workers);
    var sum = vec4f(0.0);
    for (var i = id; i < fours; i += AT_ONCE * params.workers) {
        // So many products are on their way at a time; those beyond the end count as nothing.
        for (var d = 0u; d < AT_ONCE; d++) { // unrolled
            let at = i + d * params.workers;
            let product = x[min(at, fours - 1u)] * y[min(at, fours - 1u)];
            sum += select(vec4f(0.0), product, at < fours);
        }
    }
    let of_subgroup = subgroupAdd((sum.x + sum.y) + (sum.z + sum.w));
    if lane == 0u {
        sums[subgroup] = of_subgroup;
    }
    workgroupBarrier();
    if local == 0u && id < params.workers {
        var total = 0.0;
        // Not num_subgroups: of a workgroup that ends within a subgroup some drivers leave out the last one.
        for (var s = 0u; s < (WG + lanes - 1u) / lanes; s++) {
            total += sums[s];
        }
        partial[team] = total;
    }
}
