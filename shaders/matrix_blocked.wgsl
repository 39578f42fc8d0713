// A block of ROWS x 4 FOURS elements of c for each invocation. Their sums stay in its registers, and whatever it loads
// is used for a whole row or column of them. No workgroup memory: what neighbours load twice is still in the cache.
// Neighbours lie in squares of SIDE blocks each way, and so share rows of a and columns of b.

override WG: u32 = 64u; // invocations per workgroup

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    // A dispatch ends at 65,535 workgroups along one dimension, so a long one is folded into two.
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= params.workers {
        return; // the last workgroup, or the last row of the fold, may be more than was asked for
    }
    let across = (params.n + 4u * FOURS * SIDE - 1u) / (4u * FOURS * SIDE);
    let down = (params.m + ROWS * SIDE - 1u) / (ROWS * SIDE);
    for (var block = id; block < across * down * SIDE * SIDE; block += params.workers) {
        let square = block / (SIDE * SIDE);
        let row = (square / across * SIDE + block / SIDE % SIDE) * ROWS;
        let four = square % across * FOURS * SIDE + block % SIDE; // and each SIDE-th after it
        var begin: array<u32, ROWS>;
        for (var r = 0u; r < ROWS; r++) { // unrolled
            begin[r] = a_begin(row + r);
        }
        var sums: array<vec4f, ROWS * FOURS>;
        for (var j = 0u; j < (params.k + 3u) / 4u; j++) {
            var rows: array<vec4f, 4u * FOURS>; // four rows of b
            for (var d = 0u; d < 4u; d++) { // unrolled
                for (var f = 0u; f < FOURS; f++) { // unrolled
                    rows[d * FOURS + f] = b_four(4u * j + d, four + f * SIDE);
                }
            }
            for (var r = 0u; r < ROWS; r++) { // unrolled
                let factors = a_four(begin[r], j);
                for (var f = 0u; f < FOURS; f++) { // unrolled
                    var sum = sums[r * FOURS + f];
                    sum = fma(vec4f(factors.x), rows[f], sum);
                    sum = fma(vec4f(factors.y), rows[FOURS + f], sum);
                    sum = fma(vec4f(factors.z), rows[2u * FOURS + f], sum);
                    sums[r * FOURS + f] = fma(vec4f(factors.w), rows[3u * FOURS + f], sum);
                }
            }
        }
        for (var r = 0u; r < ROWS; r++) { // unrolled
            for (var f = 0u; f < FOURS; f++) { // unrolled
                store(row + r, four + f * SIDE, sums[r * FOURS + f]);
            }
        }
    }
}
