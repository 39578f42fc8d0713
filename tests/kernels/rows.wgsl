// y = a x, a matrix times a vector: n is the length of a row, and a part is some of the rows.
// flop: 2 * n * n

override WG: u32 = 64u;

struct Params {
    n: u32,
    workers: u32,
    first: u32,
    end: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>; // elements: n * n
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= params.workers {
        return;
    }
    for (var i = params.first + id; i < params.end; i += params.workers) {
        var sum = 0.0;
        for (var j = 0u; j < params.n; j++) {
            sum += a[i * params.n + j] * x[j];
        }
        y[i] = sum;
    }
}
