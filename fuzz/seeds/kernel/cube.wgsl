// y = x^3, by any number of workers. Measure it: amdahl --wgsl examples/cube.wgsl

override WG: u32 = 64u; // invocations per workgroup: amdahl sets it

struct Params {
    workers: u32, // invocations that share the elements: amdahl sets these three
    first: u32,   // first of the elements; not 0 where a long job is timed in parts
    end: u32,     // end of them; not n where it is
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
    // More than 65,535 workgroups come in two dimensions.
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= params.workers {
        return;
    }
    for (var i = params.first + id; i < params.end; i += params.workers) {
        y[i] = x[i] * x[i] * x[i];
    }
}
