// The sum of x y, second of two dispatches: one workgroup adds the partial sums.

override WG: u32 = 64u; // invocations of the one workgroup

struct Params {
    n: u32, // partial sums
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partial: array<f32>;
@group(0) @binding(2) var<storage, read_write> total: array<f32>;

var<workgroup> sums: array<f32, WG>;

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) local: u32) {
    var sum = 0.0;
    for (var i = local; i < params.n; i += WG) {
        sum += partial[i];
    }
    sums[local] = sum;
    workgroupBarrier();

    // Adds in a tree: the upper half is added to the lower half until one sum is left. If the width is odd, the middle
    // sum stays.
    for (var width = WG; width > 1u; width = (width + 1u) / 2u) {
        let half = (width + 1u) / 2u;
        if local + half < width {
            sums[local] += sums[local + half];
        }
        workgroupBarrier();
    }
    if local == 0u {
        total[0] = sums[0];
    }
}
