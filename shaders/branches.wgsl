// Each element takes one of several paths by its index, so that neighbours in a subgroup take different ones. All paths
// are equally long, and each invocation takes only one.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,        // elements
    workers: u32,  // invocations that share them
    branches: u32, // paths
    k: u32,        // multiply-adds of each path, a multiple of 16
    a_mask: u32,   // always 0, so that a is 1; the compiler must not know that, or it drops the multiplications
    run: u32,      // neighbours on the same path
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;

fn fma4(x: f32, a: f32, b: f32) -> f32 {
    return fma(fma(fma(fma(x, a, b), a, b), a, b), a, b);
}
fn fma16(x: f32, a: f32, b: f32) -> f32 {
    return fma4(fma4(fma4(fma4(x, a, b), a, b), a, b), a, b);
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
        let own = i / params.run % params.branches;
        var x = f32(i % 1024u);
        // One path after the other, each behind a condition: lanes of a subgroup share their instructions, so lanes
        // that do not take a path wait while others do. If the constants of the own path were looked up first, a single
        // chain would do for all lanes at once. No compiler turns this loop into that: it would have to prove that
        // exactly one of the conditions holds, and the number of paths comes at run time.
        for (var path = 0u; path < params.branches; path++) {
            if path == own {
                let a = f32(1u + (path & params.a_mask));
                let b = f32(1u + path);
                for (var done = 0u; done < params.k / 16u; done++) {
                    x = fma16(x, a, b);
                }
            }
        }
        z[i] = x;
    }
}
