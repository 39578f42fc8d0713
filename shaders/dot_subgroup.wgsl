// The sum of x y, first of two dispatches: one partial sum per workgroup. The lanes of a subgroup add their values
// without memory, so a workgroup needs one slot per subgroup and one barrier. dot_total.wgsl adds the partial sums.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,       // elements
    workers: u32, // invocations that share them
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // padded with zeros to a multiple of four
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
    // One dimension of a dispatch ends at 65,535 workgroups, so a long dispatch has two dimensions.
    let team = group.y * groups.x + group.x;
    let id = team * WG + local;

    // Surplus invocations add zero instead of returning, because the whole workgroup must reach the barrier.
    let fours = select(0u, (params.n + 3u) / 4u, id < params.workers);
    var sum = vec4f(0.0);
    for (var i = id; i < fours; i += AT_ONCE * params.workers) {
        // AT_ONCE products are loaded at a time. Those beyond the end add zero.
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
        // This is not num_subgroups: some drivers do not count a last subgroup that is only partly used.
        for (var s = 0u; s < (WG + lanes - 1u) / lanes; s++) {
            total += sums[s];
        }
        partial[team] = total;
    }
}
