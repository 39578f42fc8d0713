// Access of a matrix kernel to matrices with rows of any length: four neighbouring elements one by one. `number` is f32
// or f16.

@group(0) @binding(1) var<storage, read> a: array<number>;
@group(0) @binding(2) var<storage, read> b: array<number>;
@group(0) @binding(OUTPUT) var<storage, read_write> c: array<f32>;

// Returns the start of a row of a. Rows beyond the last one read the last one; their results are never stored.
fn a_begin(row: u32) -> u32 {
    return min(row, params.m - 1u) * params.k;
}

// Returns an element of a row; zero beyond its end, which adds nothing to a sum.
fn a_element(begin: u32, j: u32) -> f32 {
    return select(0.0, f32(a[begin + min(j, params.k - 1u)]), j < params.k);
}

fn a_four(begin: u32, four: u32) -> vec4f {
    let j = 4u * four;
    return vec4f(a_element(begin, j), a_element(begin, j + 1u), a_element(begin, j + 2u), a_element(begin, j + 3u));
}

// Returns four neighbouring elements of a row; zeros beyond its end.
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
