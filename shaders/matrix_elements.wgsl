// How a matrix kernel reaches its matrices where rows have any length: four neighbours one by one. Each `number` is f32
// or f16.

@group(0) @binding(1) var<storage, read> a: array<number>;
@group(0) @binding(2) var<storage, read> b: array<number>;
@group(0) @binding(OUTPUT) var<storage, read_write> c: array<f32>;

// Where a row of a begins. Rows below the last one are the last one: what comes of them is never stored.
fn a_begin(row: u32) -> u32 {
    return min(row, params.m - 1u) * params.k;
}

// Beyond the end of a row there are zeros, which add nothing to a sum.
fn a_element(begin: u32, j: u32) -> f32 {
    return select(0.0, f32(a[begin + min(j, params.k - 1u)]), j < params.k);
}

fn a_four(begin: u32, four: u32) -> vec4f {
    let j = 4u * four;
    return vec4f(a_element(begin, j), a_element(begin, j + 1u), a_element(begin, j + 2u), a_element(begin, j + 3u));
}

// Four neighbours of a row. Beyond its end there are zeros.
fn a_part(row: u32, four: u32) -> vec4f {
    return a_four(a_begin(row), four);
}

fn b_element(row: u32, column: u32) -> f32 {
    return f32(b[min(row, params.k - 1u) * params.n + min(column, params.n - 1u)]);
}

fn b_four(row: u32, four: u32) -> vec4f {
    let i = 4u * four;
    return vec4f(b_element(row, i), b_element(row, i + 1u), b_element(row, i + 2u), b_element(row, i + 3u));
}

fn store_element(row: u32, column: u32, value: f32) {
    if row < params.m && column < params.n {
        c[row * params.n + column] = value;
    }
}

fn store(row: u32, four: u32, sum: vec4f) {
    let column = 4u * four;
    let values = finished(sum, column);
    store_element(row, column, values.x);
    store_element(row, column + 1u, values.y);
    store_element(row, column + 2u, values.z);
    store_element(row, column + 3u, values.w);
}
