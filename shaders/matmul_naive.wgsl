// c = a b, each element of c by its definition: a row of a times a column of b. `number` is f32 or f16.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    m: u32,       // rows of a and c
    k: u32,       // columns of a, rows of b
    n: u32,       // columns of b and c
    workers: u32, // invocations that share the elements of c
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<number>;
@group(0) @binding(2) var<storage, read> b: array<number>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

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
    // Neighbouring invocations take neighbouring columns: they share the element of a and read neighbouring ones of b.
    for (var i = id; i < params.m * params.n; i += params.workers) {
        let row = i / params.n;
        let column = i % params.n;
        var sum = 0.0;
        for (var j = 0u; j < params.k; j++) {
            sum += f32(a[row * params.k + j]) * f32(b[j * params.n + column]);
        }
        c[i] = sum;
    }
}
