// `peak` in 32-bit integers: 8 independent chains of multiply-adds per element, as two vectors of four lanes. It
// measures the compute limit of integers.

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
fn step4(x: vec4i, a: vec4i, b: vec4i) -> vec4i {
    return (((x * a + b) * a + b) * a + b) * a + b;
}
fn step16(x: vec4i, a: vec4i, b: vec4i) -> vec4i {
    return step4(step4(step4(step4(x, a, b), a, b), a, b), a, b);
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
        // With a = 1 and a small b every chain counts its multiply-adds. The masks are known only at run time and act
        // on each element, so no compiler can shorten the chains.
        let a = vec4i(i32(1u + (i & params.a_mask)));
        let b = vec4i(i32(1u + (i & params.b_mask)));
        // Every chain has its own start, or one chain could replace all: chain c, lane l starts at 4 c + l + i mod 64.
        let lanes = vec4i(0, 1, 2, 3) + i32(i % 64u);
        var x0 = lanes;
        var x1 = lanes + 4;
        for (var done = 0u; done < params.k / 128u; done++) {
            x0 = step16(x0, a, b);
            x1 = step16(x1, a, b);
        }
        let sum = x0 + x1;
        z[i] = f32(sum.x + sum.y + sum.z + sum.w);
    }
}
