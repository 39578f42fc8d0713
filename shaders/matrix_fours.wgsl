// Access of a matrix kernel to matrices whose row lengths are multiples of four: four neighbouring elements at once.
// `number` is f32 or f16.

@group(0) @binding(1) var<storage, read> a: array<number4>;
@group(0) @binding(2) var<storage, read> b: array<number4>;
@group(0) @binding(OUTPUT) var<storage, read_write> c: array<vec4f>;

// Returns the start of a row of a. Rows beyond the last one read the last one; their results are never stored.
fn a_begin(row: u32) -> u32 {
    return min(row, params.m - 1u) * (params.k / 4u);
}

// Returns four neighbouring elements of the row that starts at `begin`. It has k / 4 vectors.
fn a_four(begin: u32, four: u32) -> vec4f {
    return vec4f(a[begin + four]);
}

// Returns four neighbouring elements of a row; zeros beyond its end, which add nothing to a sum.
fn a_part(row: u32, four: u32) -> vec4f {
    let fours = params.k / 4u;
    return select(vec4f(0.0), a_four(a_begin(row), min(four, fours - 1u)), four < fours);
}

// Returns four neighbouring elements of a row of b. Beyond its end it reads the last ones; their results are never
// stored.
fn b_four(row: u32, four: u32) -> vec4f {
    let fours = params.n / 4u;
    return vec4f(b[min(row, params.k - 1u) * fours + min(four, fours - 1u)]);
}

fn store(row: u32, four: u32, sum: vec4f) {
    let fours = params.n / 4u;
    if row < params.m && four < fours {
        c[row * fours + four] = finished(sum, 4u * four);
    }
}
