// A matrix kernel with this file computes c = max(a b + bias, 0): a layer of a neural network for a batch of rows a.

const OUTPUT = 4u; // the binding of c

struct Params {
    m: u32,       // rows of a and c: the batch
    k: u32,       // columns of a, rows of the weights b
    n: u32,       // columns of the weights and of c
    workers: u32, // invocations that share the elements of c
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(3) var<storage, read> bias: array<f32>;

fn of_column(column: u32) -> f32 {
    return bias[min(column, params.n - 1u)];
}

fn finished(sum: vec4f, column: u32) -> vec4f {
    let i = column;
    let biases = vec4f(of_column(i), of_column(i + 1u), of_column(i + 2u), of_column(i + 3u));
    return max(sum + biases, vec4f(0.0));
}
