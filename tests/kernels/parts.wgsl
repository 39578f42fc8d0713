// What kernels may bind: bindings out of order, structs, vectors of three, whole numbers, a square, a fixed length,
// two outputs of other types, constants, an @id, and a binding that the kernel does not use.
// items: n

@id(7) override SIZE: u32 = 32;
override SHIFT: i32 = -3;

struct Pair {
    at: u32,
    by: vec3f,
}

struct Params {
    scale: f32, // = 0.5
    workers: u32,
    add: i32, // = -2
    n: u32,
    most: u32, // = 7
}

var<workgroup> sums: array<f32, SIZE * 2>;

@group(0) @binding(9) var<uniform> params: Params;
@group(0) @binding(4) var<storage, read> pairs: array<Pair>;
@group(0) @binding(2) var<storage, read> square: array<f32>; // elements: n * n
@group(0) @binding(3) var<storage, read> table: array<i32, 5>;
@group(0) @binding(5) var<storage, read> unused: array<f32>;
@group(0) @binding(1) var<storage, read_write> scaled: array<vec3f>;
@group(0) @binding(7) var<storage, read_write> whole: array<i32>;

@compute @workgroup_size(SIZE)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    sums[local] = params.scale;
    let id = (group.y * groups.x + group.x) * SIZE + local;
    if id >= params.workers {
        return;
    }
    for (var i = id; i < params.n; i += params.workers) {
        let pair = pairs[i];
        // An index drawn below n is within the array.
        scaled[i] = sums[local] * pair.by * square[i * params.n + pair.at];
        whole[i] = table[i % 5u] + params.add + SHIFT + i32(min(pair.at, params.most)) + i32(arrayLength(&square));
    }
}
