// No work and no buffers: all the time that this kernel takes is the cost of launching a kernel.

override WG: u32 = 64u; // invocations per workgroup

@compute @workgroup_size(WG)
fn main() {}
