// Almost no work, but an array to write, and arguments that change with each launch, as in real programs.

override WG: u32 = 64u; // invocations per workgroup

struct Params {
    workers: u32, // invocations that write
    number: u32,  // number of this launch
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<u32>; // one element per worker, for this launch only

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= params.workers {
        return; // surplus invocations of the last workgroup do nothing
    }
    result[id] = params.number;
}
