// How a matrix kernel reaches its matrices where rows are multiples of four long: four neighbours in one access. Each
// `number` is f32 or f16.

@group(0) @binding(1) var<storage, read> a: array<number4>;
@group(0) @binding(2) var<storage, read> b: array<number4>;
@group(0) @binding(OUTPUT) var<storage, read_write> c: array<vec4f>;

// Where a row of a begins. Rows below the last one are the last one: what comes of them is never stored.
fn a_begin(row: u32) -> u32 {
    return min(row, params.m - 1u) * (params.k / 4u);
}

// Four neighbours of the row that begins there. There are k / 4 fours in it.
fn a_four(begin: u32, four: u32) -> vec4f {
    return vec4f(a[begin + four]);
}

// Four neighbours of a row. Beyond its end there are zeros, which add nothing to a sum.
fn a_part(row: u32, four: u32) -> vec4f {
    let fours = params.k / 4u;
    return select(vec4f(0.0), a_four(a_begin(row), min(four, fours - 1u)), four < fours);
}

// Four neighbours of a row of b. Beyond its end they are the last ones: what comes of them is never stored.
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
