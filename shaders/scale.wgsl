// y = a x

override WG: u32 = 64u; // invocations per workgroup
override A: f32 = 1.0;

struct Params {
    n: u32,       // elements
    workers: u32, // invocations that share them
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    // A dispatch ends at 65,535 workgroups along one dimension, so a long one is folded into two.
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= params.workers {
        return; // the last workgroup, or the last row of the fold, may be more than was asked for
    }
    // Neighbours in the workgroup take neighbours in memory, so that one access serves them all.
    for (var i = id; i < params.n; i += params.workers) {
        y[i] = A * x[i];
    }
}
