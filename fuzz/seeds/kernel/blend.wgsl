// z = a x + (1 - a) y, one element for each invocation: no loop, so the number of workers cannot vary.
// flop: 4 * n

override WG: u32 = 64u;

struct Params {
    n: u32,
    a: f32, // = 0.25
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> z: array<f32>;

@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if id.x < params.n {
        z[id.x] = params.a * x[id.x] + (1.0 - params.a) * y[id.x];
    }
}
