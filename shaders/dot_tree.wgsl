// The sum of x y, first of two dispatches: each workgroup adds its products in workgroup memory to one partial sum.
// Workgroups cannot wait for each other within a dispatch, so dot_total.wgsl adds the partial sums in a second one.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,       // elements
    workers: u32, // invocations that share them
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // padded with zeros to a multiple of four
@group(0) @binding(2) var<storage, read> y: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> partial: array<f32>;

var<workgroup> sums: array<f32, WG>;

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    // One dimension of a dispatch ends at 65,535 workgroups, so a long dispatch has two dimensions.
    let team = group.y * groups.x + group.x;
    let id = team * WG + local;

    // Surplus invocations add zero instead of returning, because the whole workgroup must reach each barrier.
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
    sums[local] = (sum.x + sum.y) + (sum.z + sum.w);
    workgroupBarrier();

    // Adds in a tree: the upper half is added to the lower half until one sum is left. If the width is odd, the middle
    // sum stays.
    for (var width = WG; width > 1u; width = (width + 1u) / 2u) {
        let half = (width + 1u) / 2u;
        if local + half < width {
            sums[local] += sums[local + half];
        }
        workgroupBarrier();
    }
    if local == 0u && id < params.workers {
        partial[team] = sums[0];
    }
}
