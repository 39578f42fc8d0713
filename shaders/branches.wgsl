// Each element takes one of several paths by its index. All paths are equally long, and an element takes only one.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,        // elements
    workers: u32,  // invocations that share them
    branches: u32, // paths
    k: u32,        // multiply-adds of each path, a multiple of 16
    a_mask: u32,   // always 0, so a is 1; a compiler that knew this would remove the multiplications
    run: u32,      // consecutive elements on the same path
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
    // One dimension of a dispatch ends at 65,535 workgroups, so a long dispatch has two dimensions.
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= params.workers {
        return; // surplus invocations of the last workgroup or row do nothing
    }
    for (var i = id; i < params.n; i += params.workers) {
        let own = i / params.run % params.branches;
        var x = f32(i % 1024u);
        // The paths come one after another, each behind a condition. Lanes of a subgroup share their instructions, so
        // lanes that do not take a path wait for those that do. If each lane first looked up the constants of its path,
        // one chain would serve all lanes at once. No compiler makes this change: it would have to prove that exactly
        // one condition holds, and the number of paths is known only at run time.
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
