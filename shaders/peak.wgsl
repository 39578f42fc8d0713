// 8 independent chains of multiply-adds per element, as two vectors of four lanes. It measures the compute limit. More
// chains would not fit into the registers of a CPU that acts as a GPU.

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
fn fma4(x: vec4f, a: vec4f, b: vec4f) -> vec4f {
    return fma(fma(fma(fma(x, a, b), a, b), a, b), a, b);
}
fn fma16(x: vec4f, a: vec4f, b: vec4f) -> vec4f {
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
    for (var i = id; i < params.n; i += params.workers) {
        // With a = 1 and a small integer b every chain counts its multiply-adds exactly. The masks are known only at
        // run time and act on each element, so no compiler can shorten the chains.
        let a = vec4f(f32(1u + (i & params.a_mask)));
        let b = vec4f(f32(1u + (i & params.b_mask)));
        // Every chain has its own start, or one chain could replace all: chain c, lane l starts at 4 c + l + i mod 64.
        let lanes = vec4f(0.0, 1.0, 2.0, 3.0) + f32(i % 64u);
        var x0 = lanes;
        var x1 = lanes + 4.0;
        for (var done = 0u; done < params.k / 128u; done++) {
            x0 = fma16(x0, a, b);
            x1 = fma16(x1, a, b);
        }
        let sum = x0 + x1;
        z[i] = sum.x + sum.y + sum.z + sum.w;
    }
}
