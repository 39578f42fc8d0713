// k dependent multiply-adds per element. k sets the work per element, and nothing is read.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,       // end of the elements
    workers: u32, // invocations that share them
    k: u32,       // multiply-adds per element, a multiple of 16
    a_mask: u32,  // always 0, so a is 1; a compiler that knew this would remove the multiplications
    b_mask: u32,  // always 3, so b is 1, 2, 3 or 4
    first: u32,   // first element; 0 unless the job is cut into several launches
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;

// Unrolled by hand, so that the chain takes the time and not the loop counter.
fn fma4(x: f32, a: f32, b: f32) -> f32 {
    return fma(fma(fma(fma(x, a, b), a, b), a, b), a, b);
}
fn fma16(x: f32, a: f32, b: f32) -> f32 {
    return fma4(fma4(fma4(fma4(x, a, b), a, b), a, b), a, b);
}
fn fma64(x: f32, a: f32, b: f32) -> f32 {
    return fma16(fma16(fma16(fma16(x, a, b), a, b), a, b), a, b);
}
fn fma256(x: f32, a: f32, b: f32) -> f32 {
    return fma64(fma64(fma64(fma64(x, a, b), a, b), a, b), a, b);
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
    for (var i = params.first + id; i < params.n; i += params.workers) {
        // With a = 1 and a small integer b the result counts the multiply-adds exactly: z = x + k b. The masks are
        // known only at run time and act on each element, so no compiler can shorten the chain.
        let a = f32(1u + (i & params.a_mask));
        let b = f32(1u + (i & params.b_mask));
        var x = f32(i % 1024u);
        for (var done = 0u; done < params.k / 256u; done++) {
            x = fma256(x, a, b);
        }
        for (var done = 0u; done < params.k % 256u / 16u; done++) {
            x = fma16(x, a, b);
        }
        z[i] = x;
    }
}
