//! The kernels of matrix products and network layers: element by element, in square tiles, in blocks of registers, and
//! in blocks over tiles of workgroup memory. They differ in how often a loaded element is used.

use super::grid::{self, ends, rounds, word};
use super::{Buffer, Step, Variant, Workgroup, mlp};
use crate::record::{Case, Problem};

/// Names of their `Params`.
pub(super) const PARAMS: &[&str] = &["m", "k", "n", "workers"];

/// Side of a square of neighbouring blocks, in blocks.
const SIDE: u64 = 8;

/// Depth of the slices in workgroup memory.
pub(super) const DEPTH: u64 = 16;

/// Invocations of a workgroup that multiplies squares: whole subgroups of any size up to 128.
pub(super) const TEAM: u32 = 128;

/// Number of blocks of a tile, one below the other, and squares of each block: down and across.
pub(super) const BLOCKS: u64 = 4;
pub(super) const BLOCK: [u64; 2] = [2, 4];

/// Defines a variant in which each invocation computes a block of rows and columns. The files define the kind of number
/// and what is computed.
macro_rules! blocked {
    ([$($file:literal),+], $name:literal, $rows:literal, $fours:literal) => {
        Variant {
            name: $name,
            summary: "a block of elements for each GPU thread, in registers",
            shaders: &[
                Shader {
                    files: &[$(wgsl!($file)),+, wgsl!("matrix_fours"), wgsl!("matrix_blocked")],
                    constants: &matrix::block_constants($rows, $fours),
                    params: matrix::PARAMS,
                },
                Shader {
                    files: &[$(wgsl!($file)),+, wgsl!("matrix_elements"), wgsl!("matrix_blocked")],
                    constants: &matrix::block_constants($rows, $fours),
                    params: matrix::PARAMS,
                },
            ],
            workgroup: Workgroup::Any,
            busy: |problem, _| matrix::most(problem, |sides| matrix::blocks(sides, [$rows, 4 * $fours])),
            workgroup_memory: |_| 0,
            back_edges: |case| {
                let ends = |sides| matrix::blocked_ends(sides, [$rows, 4 * $fours], case.workers);
                matrix::most(case.problem, ends)
            },
        }
    };
}
pub(super) use blocked;

/// Defines a variant in which each workgroup computes a tile: blocks across and down, each with vectors of four rows
/// and of four columns.
macro_rules! shared {
    ([$($file:literal),+], $name:literal, [$across:literal, $down:literal], [$rows:literal, $fours:literal]) => {
        Variant {
            name: $name,
            summary: "a tile in shared memory for each workgroup, a block of it for each GPU thread",
            shaders: &[
                Shader {
                    files: &[$(wgsl!($file)),+, wgsl!("matrix_fours"), wgsl!("matrix_shared")],
                    constants: &matrix::tile_constants([$across, $down], [$rows, $fours]),
                    params: matrix::PARAMS,
                },
                Shader {
                    files: &[$(wgsl!($file)),+, wgsl!("matrix_elements"), wgsl!("matrix_shared")],
                    constants: &matrix::tile_constants([$across, $down], [$rows, $fours]),
                    params: matrix::PARAMS,
                },
            ],
            workgroup: Workgroup::Only($across * $down),
            busy: |problem, _| {
                $across
                    * $down
                    * matrix::most(problem, |sides| matrix::tiles(sides, [4 * $down * $rows, 4 * $across * $fours]))
            },
            workgroup_memory: |_| 16 * matrix::DEPTH * ($down * $rows + 1 + $across * $fours),
            back_edges: |case| {
                let ends =
                    |sides| matrix::tiled_ends(sides, [4 * $down * $rows, 4 * $across * $fours], case.workgroups());
                matrix::most(case.problem, ends)
            },
        }
    };
}
pub(super) use shared;

/// Defines a variant whose subgroups multiply squares with this side.
macro_rules! cooperative {
    ([$($file:literal),+], $name:literal, $side:literal) => {
        Variant {
            name: $name,
            summary: "squares of a tile, multiplied by a subgroup together, in matrix units",
            shaders: &[
                Shader {
                    files: &[$(wgsl!($file)),+, wgsl!("matrix_fours"), wgsl!("matrix_cooperative")],
                    constants: &matrix::square_constants($side),
                    params: matrix::PARAMS,
                },
                Shader {
                    files: &[$(wgsl!($file)),+, wgsl!("matrix_elements"), wgsl!("matrix_cooperative")],
                    constants: &matrix::square_constants($side),
                    params: matrix::PARAMS,
                },
            ],
            workgroup: Workgroup::Only(matrix::TEAM),
            busy: |problem, _| {
                let tile = [matrix::BLOCKS * matrix::BLOCK[0] * $side, matrix::BLOCK[1] * $side];
                u64::from(matrix::TEAM) * matrix::most(problem, |sides| matrix::tiles(sides, tile))
            },
            workgroup_memory: |_| matrix::square_bytes($side),
            back_edges: |case| {
                // If subgroups are as large as the workgroup, a tile has only one block.
                let tile = matrix::BLOCK.map(|squares| squares * $side);
                matrix::most(case.problem, |sides| matrix::tiled_ends(sides, tile, case.workgroups()))
            },
        }
    };
}
pub(super) use cooperative;

/// Returns the constants of a kernel that multiplies squares.
pub(super) const fn square_constants(side: u32) -> [(&'static str, u32); 10] {
    let (blocks, [rows, columns], depth) = (BLOCKS as u32, [BLOCK[0] as u32, BLOCK[1] as u32], DEPTH as u32);
    let four_rows = 4 * TEAM;
    [
        ("SIDE", side),
        ("WG", TEAM),
        ("BLOCKS", blocks),
        ("ROWS", rows),
        ("COLUMNS", columns),
        ("DEPTH", depth),
        ("STEPS", depth / side),
        ("A_LOADS", blocks * rows * side * depth / four_rows),
        ("B_LOADS", depth * columns * side / four_rows),
        ("C_STORES", blocks * rows * side * side / four_rows),
    ]
}

/// Returns the workgroup memory of such a kernel, in bytes: slices of a and b, whose rows have 8 spare numbers, and a
/// column of squares of c.
pub(super) const fn square_bytes(side: u64) -> u64 {
    let [rows, columns] = [BLOCKS * BLOCK[0] * side, BLOCK[1] * side];
    2 * rows * (DEPTH + 8) + 2 * DEPTH * (columns + 8) + 4 * rows * side
}

/// Returns the constants of a kernel with blocks.
pub(super) const fn block_constants(rows: u32, fours: u32) -> [(&'static str, u32); 3] {
    [("SIDE", SIDE as u32), ("ROWS", rows), ("FOURS", fours)]
}

/// Returns the constants of a kernel with tiles.
pub(super) const fn tile_constants([across, down]: [u32; 2], [rows, fours]: [u32; 2]) -> [(&'static str, u32); 7] {
    let (invocations, depth) = (across * down, DEPTH as u32);
    assert!(depth.is_multiple_of(4), "a slice is loaded in fours");
    assert!((depth * across * fours).is_multiple_of(invocations), "each invocation loads as many fours of b");
    let a_loads = (depth / 4 * down * rows).div_ceil(invocations);
    [
        ("ACROSS", across),
        ("DOWN", down),
        ("ROWS", rows),
        ("FOURS", fours),
        ("DEPTH", depth),
        ("A_LOADS", a_loads),
        ("B_LOADS", depth * across * fours / invocations),
    ]
}

/// Returns the largest value of a number over the products that a problem consists of.
pub(super) fn most(problem: Problem, number: impl Fn([u64; 3]) -> u64) -> u64 {
    match problem {
        Problem::Batch { n } => mlp::layers(n).map(number).into_iter().max().unwrap_or(0),
        Problem::Matrix { m, k, n } => number([m, k, n]),
        other => super::foreign("a matrix kernel", other),
    }
}

/// Returns the number of blocks of a product, including those that fill up the squares.
pub(super) fn blocks([m, _, n]: [u64; 3], [rows, columns]: [u64; 2]) -> u64 {
    SIDE * SIDE * m.div_ceil(SIDE * rows).saturating_mul(n.div_ceil(SIDE * columns))
}

/// Returns the number of tiles of a product.
pub(super) fn tiles([m, _, n]: [u64; 3], [rows, columns]: [u64; 2]) -> u64 {
    m.div_ceil(rows).saturating_mul(n.div_ceil(columns))
}

/// Returns how often loops end in a kernel that computes each element alone: see [`Variant::back_edges`].
pub(super) fn element_ends([m, k, n]: [u64; 3], workers: u64) -> u64 {
    ends(rounds(m.saturating_mul(n), workers).saturating_mul(1 + ends(k)))
}

/// Returns the same number for a kernel that computes blocks.
pub(super) fn blocked_ends(sides: [u64; 3], block: [u64; 2], workers: u64) -> u64 {
    ends(rounds(blocks(sides, block), workers).saturating_mul(1 + ends(sides[1].div_ceil(4))))
}

/// Returns the same number for a kernel whose workgroups compute tiles.
pub(super) fn tiled_ends(sides: [u64; 3], tile: [u64; 2], workgroups: u64) -> u64 {
    ends(rounds(tiles(sides, tile), workgroups).saturating_mul(1 + ends(sides[1].div_ceil(DEPTH))))
}

/// Returns the side of the tile that a workgroup of this square size computes.
pub(super) fn side(workgroup_size: u32) -> u64 {
    workgroup_size.isqrt().max(1).into()
}

/// Returns the dispatch of a product with these sides, or of a layer. If a variant has two kernels, the first one is
/// for rows whose lengths are multiples of four.
pub(super) fn step(variant: &Variant, sides: [u64; 3], buffers: Vec<Buffer>, case: &Case) -> Step {
    let [m, k, n] = sides;
    let in_fours = k.is_multiple_of(4) && n.is_multiple_of(4);
    let step = grid::step(vec![word(m), word(k), word(n), word(case.workers)], buffers, case);
    let constants = match variant.workgroup {
        Workgroup::Any => step.constants,
        Workgroup::Square => vec![("TILE", side(case.workgroup_size) as f64)],
        Workgroup::Only(_) => Vec::new(),
    };
    Step { shader: usize::from(variant.shaders.len() > 1 && !in_fours), constants, ..step }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_tiles_counted_by_hand() {
        // Squares of 32 x 64 elements: 2 down and 3 across, 64 blocks each.
        assert_eq!(blocks([33, 5, 130], [4, 8]), 64 * 2 * 3);
        assert_eq!(tiles([65, 5, 64], [64, 64]), 2);
        // 384 blocks for 100 workers: 4 rounds, each with a loop of two vectors of four.
        assert_eq!(blocked_ends([33, 5, 130], [4, 8], 100), 4 * (1 + 3) + 1);
        // Two tiles for one workgroup, in slices of 16: 2 slices for 17 columns.
        assert_eq!(tiled_ends([65, 17, 64], [64, 64], 1), 2 * (1 + 3) + 1);
    }

    #[test]
    fn constants_of_a_tile_load_whole_slices() {
        let [.., a, b] = tile_constants([16, 16], [2, 2]);
        // 128 rows of 16: 128 transposed squares for 256 invocations. 16 rows of 32 vectors: 2 for each invocation.
        assert_eq!((a, b), (("A_LOADS", 1), ("B_LOADS", 2)));
        let [.., a, b] = tile_constants([8, 8], [2, 2]);
        assert_eq!((a, b), (("A_LOADS", 1), ("B_LOADS", 4)));
    }
}
