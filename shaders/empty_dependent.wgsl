// Almost no work, but each dispatch reads the output of the dispatch before it, so they run one after another.

override WG: u32 = 64u; // invocations per workgroup

@group(0) @binding(1) var<storage, read_write> chain: array<u32>; // one element per worker

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= arrayLength(&chain) {
        return; // surplus invocations of the last workgroup do nothing
    }
    chain[id] += 1u;
}
