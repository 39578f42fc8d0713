// Reads each element, does k multiply-adds and writes it, four elements at a time: the widest access of every GPU, and
// four independent chains.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,       // vectors of four elements
    workers: u32, // invocations that share them
    k: u32,       // multiply-adds per element
    a_mask: u32,  // always 0, so a is 1; a compiler that knew this would remove the multiplications
    b_mask: u32,  // always 3, so b is 1, 2, 3 or 4
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> z: array<vec4f>;

// Unrolled by hand, so that the chains take the time and not the loop counter. v must be multiplied: with fma(a, b, v)
// a driver with separate multiplications would compute a b only once for the whole chain.
fn fma2(v: vec4f, a: vec4f, b: vec4f) -> vec4f {
    return fma(fma(v, a, b), a, b);
}
fn fma8(v: vec4f, a: vec4f, b: vec4f) -> vec4f {
    return fma2(fma2(fma2(fma2(v, a, b), a, b), a, b), a, b);
}
fn fma32(v: vec4f, a: vec4f, b: vec4f) -> vec4f {
    return fma8(fma8(fma8(fma8(v, a, b), a, b), a, b), a, b);
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
        // With a = 1 and a small integer b the result counts the multiply-adds exactly: z = x + k b. The masks are
        // known only at run time and act on each element, so no compiler can shorten the chain.
        let index = 4u * i + vec4u(0u, 1u, 2u, 3u);
        let a = vec4f(1u + (index & vec4u(params.a_mask)));
        let b = vec4f(1u + (index & vec4u(params.b_mask)));
        var v = x[i];
        for (var done = 0u; done < params.k / 32u; done++) {
            v = fma32(v, a, b);
        }
        for (var done = 0u; done < params.k % 32u / 8u; done++) {
            v = fma8(v, a, b);
        }
        for (var done = 0u; done < params.k % 8u; done++) {
            v = fma(v, a, b);
        }
        z[i] = v;
    }
}
