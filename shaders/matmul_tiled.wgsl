// c = a b, tile by tile. A workgroup loads a tile of a and one of b into workgroup memory, and uses every loaded
// element TILE times. So one read from device memory replaces TILE reads. `number` is f32 or f16.

override TILE: u32 = 8u; // side of a tile; a workgroup is one tile

struct Params {
    m: u32,       // rows of a and c
    k: u32,       // columns of a, rows of b
    n: u32,       // columns of b and c
    workers: u32, // invocations, a whole number of tiles
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<number>;
@group(0) @binding(2) var<storage, read> b: array<number>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

var<workgroup> a_tile: array<f32, TILE * TILE>;
var<workgroup> b_tile: array<f32, TILE * TILE>;

@compute @workgroup_size(TILE, TILE)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_id) local: vec3u,
    @builtin(local_invocation_index) slot: u32,
) {
    // One dimension of a dispatch ends at 65,535 workgroups, so a long dispatch has two dimensions.
    let team = group.y * groups.x + group.x;
    let teams = params.workers / (TILE * TILE);
    if team >= teams {
        return; // the whole workgroup returns, so no invocation waits at a barrier
    }
    let across = (params.n + TILE - 1u) / TILE;
    let down = (params.m + TILE - 1u) / TILE;
    for (var tile = team; tile < across * down; tile += teams) {
        let row = tile / across * TILE + local.y;
        let column = tile % across * TILE + local.x;
        var sum = 0.0;
        for (var first = 0u; first < params.k; first += TILE) {
            // Beyond the edge of a matrix the tile holds zeros, which add nothing.
            a_tile[slot] = 0.0;
            if row < params.m && first + local.x < params.k {
                a_tile[slot] = f32(a[row * params.k + first + local.x]);
            }
            b_tile[slot] = 0.0;
            if first + local.y < params.k && column < params.n {
                b_tile[slot] = f32(b[(first + local.y) * params.n + column]);
            }
            workgroupBarrier(); // both tiles are complete
            for (var j = 0u; j < TILE; j++) {
                sum += a_tile[local.y * TILE + j] * b_tile[j * TILE + local.x];
            }
            workgroupBarrier(); // no invocation reads them any more
        }
        if row < params.m && column < params.n {
            c[row * params.n + column] = sum;
        }
    }
}
