// Each element is read, takes k multiply-adds and is written, four elements at a time: the widest access that every GPU
// has, and four chains that do not wait for one another.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,       // fours of elements
    workers: u32, // invocations that share them
    k: u32,       // multiply-adds per element
    a_mask: u32,  // always 0, so that a is 1; the compiler must not know that, or it drops the multiplications
    b_mask: u32,  // always 3, so that b is 1, 2, 3 or 4
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> z: array<vec4f>;

// The text unrolls the loop, so that the chains take the time and not the counting of rounds. v is multiplied: with
// fma(a, b, v) a driver that multiplies and adds in two instructions would multiply once for the whole chain.
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
    // A dispatch ends at 65,535 workgroups along one dimension, so a long one is folded into two.
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= params.workers {
        return; // the last workgroup, or the last row of the fold, may be more than was asked for
    }
    for (var i = id; i < params.n; i += params.workers) {
        // With a = 1 and a small whole b the result counts the multiply-adds exactly: z = x + k b. The masks come at
        // run time and differ by element, so that no compiler can see this and shorten the chain.
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
