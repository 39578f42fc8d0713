// No work and no buffers: its whole time is the cost of a launch.

override WG: u32 = 64u; // invocations per workgroup

@compute @workgroup_size(WG)
fn main() {}
