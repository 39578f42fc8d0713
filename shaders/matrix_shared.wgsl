// Each workgroup computes a tile of c. It loads a slice of a and one of b, DEPTH deep, into workgroup memory. Then each
// invocation adds a block of 4 ROWS x 4 FOURS products to sums in its registers.

const WG = ACROSS * DOWN;                // invocations: columns and rows of blocks
const TILE_FOURS = ACROSS * FOURS;       // columns of the tile, in fours
const TILE_ROWS = DOWN * ROWS;           // rows of the tile, in fours
const STRIDE = TILE_ROWS + 1u;           // one more, so that neighbours use different memory banks

var<workgroup> a_slice: array<vec4f, DEPTH * STRIDE>; // transposed: a vector holds four rows of one column
var<workgroup> b_slice: array<vec4f, DEPTH * TILE_FOURS>;

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    // One dimension of a dispatch ends at 65,535 workgroups, so a long dispatch has two dimensions.
    let team = group.y * groups.x + group.x;
    let teams = params.workers / WG;
    if team >= teams {
        return; // the whole workgroup returns, so no invocation waits at a barrier
    }
    let x = local % ACROSS;
    let y = local / ACROSS;
    let across = (params.n + 4u * TILE_FOURS - 1u) / (4u * TILE_FOURS);
    let down = (params.m + 4u * TILE_ROWS - 1u) / (4u * TILE_ROWS);
    for (var tile = team; tile < across * down; tile += teams) {
        let row = tile / across * TILE_ROWS;
        let four = tile % across * TILE_FOURS;
        var sums: array<vec4f, 4u * ROWS * FOURS>;
        for (var first = 0u; first < params.k; first += DEPTH) {
            for (var i = 0u; i < A_LOADS; i++) { // unrolled
                load_a(row, first / 4u, local + i * WG);
            }
            for (var i = 0u; i < B_LOADS; i++) { // unrolled
                let at = local + i * WG;
                b_slice[at] = b_four(first + at / TILE_FOURS, four + at % TILE_FOURS);
            }
            workgroupBarrier(); // both slices are complete
            for (var j = 0u; j < DEPTH; j++) { // unrolled
                for (var f = 0u; f < FOURS; f++) { // unrolled
                    let b_row = b_slice[j * TILE_FOURS + x + f * ACROSS];
                    for (var r = 0u; r < ROWS; r++) { // unrolled
                        let factors = a_slice[j * STRIDE + y + r * DOWN];
                        let s = 4u * (r * FOURS + f);
                        sums[s] = fma(vec4f(factors.x), b_row, sums[s]);
                        sums[s + 1u] = fma(vec4f(factors.y), b_row, sums[s + 1u]);
                        sums[s + 2u] = fma(vec4f(factors.z), b_row, sums[s + 2u]);
                        sums[s + 3u] = fma(vec4f(factors.w), b_row, sums[s + 3u]);
                    }
                }
            }
            workgroupBarrier(); // no invocation reads them any more
        }
        for (var r = 0u; r < ROWS; r++) { // unrolled
            for (var f = 0u; f < FOURS; f++) { // unrolled
                for (var d = 0u; d < 4u; d++) { // unrolled
                    store(4u * (row + y + r * DOWN) + d, four + x + f * ACROSS, sums[4u * (r * FOURS + f) + d]);
                }
            }
        }
    }
}

// Transposes a block of 4 x 4 elements of a.
fn load_a(row: u32, four: u32, at: u32) {
    let slot = at / (DEPTH / 4u);
    let column = at % (DEPTH / 4u);
    if slot < TILE_ROWS {
        let top = 4u * (row + slot);
        let s = a_part(top, four + column);
        let t = a_part(top + 1u, four + column);
        let u = a_part(top + 2u, four + column);
        let v = a_part(top + 3u, four + column);
        let to = 4u * column * STRIDE + slot;
        a_slice[to] = vec4f(s.x, t.x, u.x, v.x);
        a_slice[to + STRIDE] = vec4f(s.y, t.y, u.y, v.y);
        a_slice[to + 2u * STRIDE] = vec4f(s.z, t.z, u.z, v.z);
        a_slice[to + 3u * STRIDE] = vec4f(s.w, t.w, u.w, v.w);
    }
}
