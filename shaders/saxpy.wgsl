// z = a x + y, written to a third vector, so repeated dispatches give the same result.

override WG: u32 = 64u; // invocations per workgroup
override A: f32 = 1.0;

struct Params {
    n: u32,       // end of the elements
    workers: u32, // invocations that share them
    first: u32,   // first element; 0 unless the job is cut into several launches
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> z: array<f32>;

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    // One dimension of a dispatch ends at 65,535 workgroups, so a long dispatch has two dimensions.
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= params.workers {
        return; // surplus invocations of the last workgroup or row do nothing
    }
    // Neighbouring invocations take neighbouring elements, so one memory access serves them all.
    for (var i = params.first + id; i < params.n; i += params.workers) {
        z[i] = A * x[i] + y[i];
    }
}
