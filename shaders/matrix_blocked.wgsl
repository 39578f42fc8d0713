// Each invocation computes a block of ROWS x 4 FOURS elements of c. The sums stay in its registers, and each loaded
// element is used for a whole row or column of them. It uses no workgroup memory, because elements that neighbours load
// again are still in the cache. Neighbours form squares of SIDE x SIDE blocks, so they share rows of a and columns of
// b.

override WG: u32 = 64u; // invocations per workgroup

@compute @workgroup_size(WG)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    // One dimension of a dispatch ends at 65,535 workgroups, so a long dispatch has two dimensions.
    let id = (group.y * groups.x + group.x) * WG + local;
    if id >= params.workers {
        return; // surplus invocations of the last workgroup or row do nothing
    }
    let across = (params.n + 4u * FOURS * SIDE - 1u) / (4u * FOURS * SIDE);
    let down = (params.m + ROWS * SIDE - 1u) / (ROWS * SIDE);
    for (var block = id; block < across * down * SIDE * SIDE; block += params.workers) {
        let square = block / (SIDE * SIDE);
        let row = (square / across * SIDE + block / SIDE % SIDE) * ROWS;
        let four = square % across * FOURS * SIDE + block % SIDE; // and every SIDE-th after it
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
