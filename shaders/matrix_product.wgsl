// A matrix kernel with this file computes c = a b, so it stores sums unchanged.

const OUTPUT = 3u; // the binding of c

struct Params {
    m: u32,       // rows of a and c
    k: u32,       // columns of a, rows of b
    n: u32,       // columns of b and c
    workers: u32, // invocations that share the elements of c
}

@group(0) @binding(0) var<uniform> params: Params;

fn finished(sum: vec4f, column: u32) -> vec4f {
    return sum;
}
