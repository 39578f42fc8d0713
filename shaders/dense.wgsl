// z = max(x weights + bias, 0): a layer of a neural network for a batch of rows x. `mlp` dispatches it once per layer.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    m: u32,       // rows of x and z: the batch
    k: u32,       // columns of x, rows of the weights
    n: u32,       // columns of the weights and of z
    workers: u32, // invocations that share the elements of z
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> z: array<f32>;

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
    // Neighbouring invocations take neighbouring columns: they share the element of x and read neighbouring weights.
    for (var i = id; i < params.m * params.n; i += params.workers) {
        let row = i / params.n;
        let column = i % params.n;
        var sum = bias[column];
        for (var j = 0u; j < params.k; j++) {
            sum += x[row * params.k + j] * weights[j * params.n + column];
        }
        z[i] = max(sum, 0.0);
    }
}
