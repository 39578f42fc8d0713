// Each workgroup computes a tile of c with matrix units. A subgroup multiplies squares of SIDE x SIDE numbers together,
// and its sums are a block of ROWS x COLUMNS squares. Slices of a and b, DEPTH deep, lie in workgroup memory, padded
// beyond the edges of the matrices.

const MOST_ROWS = BLOCKS * ROWS * SIDE; // most rows of the tile: its blocks one below the other
const WIDTH = COLUMNS * SIDE;           // columns of the tile and of its blocks
const A_STRIDE = DEPTH + 8u;            // matrix units load rows that start at multiples of 16 bytes, and
const B_STRIDE = WIDTH + 8u;            // neighbours use different memory banks

var<workgroup> a_slice: array<number, MOST_ROWS * A_STRIDE>;
var<workgroup> b_slice: array<number, DEPTH * B_STRIDE>;
var<workgroup> c_part: array<f32, MOST_ROWS * SIDE>; // a column of squares before it is stored in c

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
    @builtin(subgroup_id) subgroup: u32,
    @builtin(num_subgroups) subgroups: u32,
) {
    // One dimension of a dispatch ends at 65,535 workgroups, so a long dispatch has two dimensions.
    let team = group.y * groups.x + group.x;
    let teams = params.workers / WG;
    if team >= teams {
        return; // the whole workgroup returns, so no invocation waits at a barrier
    }
    // The number of subgroups depends on the device. Each has a block; surplus subgroups repeat the last block.
    let rows = min(subgroups, BLOCKS) * ROWS * SIDE;
    let block = min(subgroup, BLOCKS - 1u) * ROWS * SIDE;
    let across = (params.n + WIDTH - 1u) / WIDTH;
    let down = (params.m + rows - 1u) / rows;
    for (var tile = team; tile < across * down; tile += teams) {
        let row = tile / across * rows;
        let four = tile % across * (WIDTH / 4u);
        var sums: array<Sums, ROWS * COLUMNS>;
        for (var first = 0u; first < params.k; first += DEPTH) {
            for (var i = 0u; i < A_LOADS; i++) { // unrolled
                let y = (local + i * WG) / (DEPTH / 4u);
                let x = (local + i * WG) % (DEPTH / 4u);
                if y < rows {
                    let part = a_part(row + y, first / 4u + x);
                    a_slice[y * A_STRIDE + 4u * x] = number(part.x);
                    a_slice[y * A_STRIDE + 4u * x + 1u] = number(part.y);
                    a_slice[y * A_STRIDE + 4u * x + 2u] = number(part.z);
                    a_slice[y * A_STRIDE + 4u * x + 3u] = number(part.w);
                }
            }
            for (var i = 0u; i < B_LOADS; i++) { // unrolled
                let y = (local + i * WG) / (WIDTH / 4u);
                let x = (local + i * WG) % (WIDTH / 4u);
                let part = b_four(first + y, four + x);
                b_slice[y * B_STRIDE + 4u * x] = number(part.x);
                b_slice[y * B_STRIDE + 4u * x + 1u] = number(part.y);
                b_slice[y * B_STRIDE + 4u * x + 2u] = number(part.z);
                b_slice[y * B_STRIDE + 4u * x + 3u] = number(part.w);
            }
            workgroupBarrier(); // both slices are complete
            for (var j = 0u; j < STEPS; j++) { // unrolled
                var a_squares: array<OfA, ROWS>;
                for (var r = 0u; r < ROWS; r++) { // unrolled
                    a_squares[r] = coopLoadT<OfA>(&a_slice[(block + r * SIDE) * A_STRIDE + j * SIDE], A_STRIDE);
                }
                for (var s = 0u; s < COLUMNS; s++) { // unrolled
                    let b_square = coopLoadT<OfB>(&b_slice[j * SIDE * B_STRIDE + s * SIDE], B_STRIDE);
                    for (var r = 0u; r < ROWS; r++) { // unrolled
                        sums[r * COLUMNS + s] = coopMultiplyAdd(a_squares[r], b_square, sums[r * COLUMNS + s]);
                    }
                }
            }
            workgroupBarrier(); // no invocation reads them any more
        }
        for (var s = 0u; s < COLUMNS; s++) { // unrolled
            for (var r = 0u; r < ROWS; r++) { // unrolled
                coopStoreT(sums[r * COLUMNS + s], &c_part[(block + r * SIDE) * SIDE], SIDE);
            }
            workgroupBarrier(); // the column of squares is complete
            for (var i = 0u; i < C_STORES; i++) { // unrolled
                let at = local + i * WG;
                let y = at / (SIDE / 4u);
                if y < rows {
                    let sum = vec4f(c_part[4u * at], c_part[4u * at + 1u], c_part[4u * at + 2u], c_part[4u * at + 3u]);
                    store(row + y, four + s * (SIDE / 4u) + at % (SIDE / 4u), sum);
                }
            }
            workgroupBarrier(); // the column of squares is stored
        }
    }
}
