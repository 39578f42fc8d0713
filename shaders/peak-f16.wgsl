// `peak` in 16-bit floats: 8 independent chains of multiply-adds per element, as two vectors of four lanes. It measures
// the compute limit of 16-bit floats.
enable f16;

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,       // elements
    workers: u32, // invocations that share them
    k: u32,       // multiply-adds per element, a multiple of 128: 16 for each chain
    a_mask: u32,  // always 0, so a is 1; a compiler that knew this would remove the multiplications
    b_mask: u32,  // always 3, so b is 1, 2, 3 or 4
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;

// Unrolled by hand, so that the chains take the time and not the loop counter.
fn fma4(x: vec4h, a: vec4h, b: vec4h) -> vec4h {
    return fma(fma(fma(fma(x, a, b), a, b), a, b), a, b);
}
fn fma16(x: vec4h, a: vec4h, b: vec4h) -> vec4h {
    return fma4(fma4(fma4(fma4(x, a, b), a, b), a, b), a, b);
}

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
    let rounds = params.k / 128u;
    for (var i = id; i < params.n; i += params.workers) {
        // As in `peak`: a = 1 and a small b count the multiply-adds, and every chain has its own start.
        let a = vec4h(f16(1u + (i & params.a_mask)));
        let b = vec4h(f16(1u + (i & params.b_mask)));
        let lanes = vec4h(0.0, 1.0, 2.0, 3.0) + f16(i % 64u);
        var x0 = lanes;
        var x1 = lanes + 4.0;
        var counted = vec4f();
        for (var done = 0u; done < rounds; done += 16u) {
            let before = vec4f(x0 + x1);
            let now = min(16u, rounds - done);
            for (var round = 0u; round < now; round++) {
                x0 = fma16(x0, a, b);
                x1 = fma16(x1, a, b);
            }
            // 16-bit floats count exactly only up to 2,048. So the counts move to 32 bits, and the chains start again.
            counted += vec4f(x0) + vec4f(x1) - before;
            x0 = fma(b, vec4h(-16.0 * f16(now)), x0);
            x1 = fma(b, vec4h(-16.0 * f16(now)), x1);
        }
        let sum = counted + vec4f(x0 + x1);
        z[i] = sum.x + sum.y + sum.z + sum.w;
    }
}
