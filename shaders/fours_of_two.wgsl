// z = result(x, y), four elements in one access and AT_ONCE fours for each invocation: 128 bits are the widest access
// that every GPU has, and with several on their way an invocation waits for the memory once, not several times.
// The buffers are filled up to a whole four, so the last one needs no care.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,       // elements
    workers: u32, // invocations that share them
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> y: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> z: array<vec4f>;

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
    let fours = (params.n + 3u) / 4u;
    // Neighbours in the workgroup take neighbours in memory, so that one access serves them all.
    for (var i = id; i < fours; i += AT_ONCE * params.workers) {
        var xs: array<vec4f, AT_ONCE>;
        var ys: array<vec4f, AT_ONCE>;
        for (var d = 0u; d < AT_ONCE; d++) { // unrolled
            let at = min(i + d * params.workers, fours - 1u);
            xs[d] = x[at];
            ys[d] = y[at];
        }
        for (var d = 0u; d < AT_ONCE; d++) { // unrolled
            if i + d * params.workers < fours {
                z[i + d * params.workers] = result(xs[d], ys[d]);
            }
        }
    }
}
