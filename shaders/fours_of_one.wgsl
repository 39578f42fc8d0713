// y = result(x), four elements per access and AT_ONCE accesses at a time. 128 bits are the widest access of every
// GPU. With several loads at a time an invocation waits for the memory only once. The buffers are padded to a multiple
// of four, so the last vector needs no special treatment.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    n: u32,       // elements
    workers: u32, // invocations that share them
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

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
    let fours = (params.n + 3u) / 4u;
    // Neighbouring invocations take neighbouring elements, so one memory access serves them all.
    for (var i = id; i < fours; i += AT_ONCE * params.workers) {
        var xs: array<vec4f, AT_ONCE>;
        for (var d = 0u; d < AT_ONCE; d++) { // unrolled
            xs[d] = x[min(i + d * params.workers, fours - 1u)];
        }
        for (var d = 0u; d < AT_ONCE; d++) { // unrolled
            if i + d * params.workers < fours {
                y[i + d * params.workers] = result(xs[d]);
            }
        }
    }
}
