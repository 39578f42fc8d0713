//! Kernels for matrix units, on adapters that have none: plain arithmetic stands in for the units, so that all that the
//! kernels do around them is tested.

use amdahl::device::gpu::Gpu;
use amdahl::record::Problem;
use amdahl::workload::{self, File, Shader, Variant};
use libtest_mimic::Failed;

use crate::common::adapter::{check, spec};

/// Lanes of the subgroups that are acted: those of llvmpipe, of NVIDIA's and Apple's GPUs, and of AMD's. They make
/// sixteen, four and two blocks of a tile, where there are four.
const LANES: [u32; 3] = [8, 32, 64];

/// Odd rows and rows in fours, in one tile and in several, none of them whole.
const SHAPES: [[u64; 3]; 4] = [[17, 33, 9], [65, 7, 130], [131, 52, 132], [3, 20, 4]];

/// Takes the place of the files `squares_*`. The lanes of a subgroup share the elements of a square of sums.
const STAND_IN: &str = "
struct OfA { at: u32 }
struct OfB { at: u32 }
struct Sums { own: array<f32, SIDE * SIDE / LANES> }

fn multiply_add(lane: u32, a: OfA, b: OfB, c: Sums) -> Sums {
    var sums = c;
    for (var i = 0u; i < SIDE * SIDE / LANES; i++) {
        let y = (lane + i * LANES) / SIDE;
        let x = (lane + i * LANES) % SIDE;
        for (var j = 0u; j < SIDE; j++) { // unrolled
            sums.own[i] += f32(a_slice[a.at + y * A_STRIDE + j]) * f32(b_slice[b.at + j * B_STRIDE + x]);
        }
    }
    return sums;
}

fn store_square(lane: u32, sums: Sums, at: u32) {
    for (var i = 0u; i < SIDE * SIDE / LANES; i++) {
        c_part[at + lane + i * LANES] = sums.own[i];
    }
}
";

/// What the kernel says, and what stands for it.
const REPLACED: [(&str, &str); 10] = [
    ("    @builtin(subgroup_id) subgroup: u32,\n", ""),
    ("    @builtin(num_subgroups) subgroups: u32,\n", ""),
    ("min(subgroups, BLOCKS)", "min(WG / LANES, BLOCKS)"),
    ("min(subgroup, BLOCKS - 1u)", "min(local / LANES, BLOCKS - 1u)"),
    ("coopLoadT<OfA>(&a_slice[", "OfA("),
    ("], A_STRIDE)", ")"),
    ("coopLoadT<OfB>(&b_slice[", "OfB("),
    ("], B_STRIDE)", ")"),
    ("coopMultiplyAdd(", "multiply_add(local % LANES, "),
    ("coopStoreT(", "store_square(local % LANES, "),
];

pub(crate) fn the_kernels_around_matrix_units_are_right(gpu: &mut Gpu) -> Result<(), Failed> {
    let matmul = workload::find("matmul-f16").ok_or("a workload")?;
    let cooperative: Vec<_> = matmul.variants().iter().filter(|one| one.name.starts_with("cooperative")).collect();
    if cooperative.len() != 2 {
        return Err(format!("{} variants", cooperative.len()).into());
    }
    for (variant, lanes) in cooperative.into_iter().flat_map(|variant| LANES.map(|lanes| (variant, lanes))) {
        let (variant, w) = (acted(variant, lanes)?, variant.workgroup_size(64));
        for ([m, k, n], groups) in SHAPES.into_iter().flat_map(|shape| [1, 5].map(|groups| (shape, groups))) {
            let workers = groups * u64::from(w);
            check(gpu, &spec(matmul, variant, Problem::Matrix { m, k, n }, workers, w))?;
        }
    }
    Ok(())
}

/// The variant with plain arithmetic in place of matrix units.
fn acted(variant: &Variant, lanes: u32) -> Result<&'static Variant, String> {
    let shaders: Result<Vec<Shader>, String> = variant.shaders.iter().map(|shader| kernel(shader, lanes)).collect();
    Ok(Box::leak(Box::new(Variant { shaders: shaders?.leak(), ..*variant })))
}

fn kernel(shader: &Shader, lanes: u32) -> Result<Shader, String> {
    let file = |file: &File| {
        let text = match file.name {
            name if name.starts_with("squares") => format!("const LANES = {lanes}u;\n{STAND_IN}"),
            "matrix_cooperative" => plain(file.text)?,
            _ => file.text.to_owned(),
        };
        Ok(File { text: text.leak(), ..*file })
    };
    let files: Result<Vec<File>, String> = shader.files.iter().map(file).collect();
    Ok(Shader { files: files?.leak(), ..*shader })
}

/// The text of the kernel without a word that needs matrix units.
fn plain(text: &str) -> Result<String, String> {
    let mut plain = text.to_owned();
    for (from, to) in REPLACED {
        if !plain.contains(from) {
            return Err(format!("the kernel has no {from:?}: change what stands for it, too"));
        }
        plain = plain.replace(from, to);
    }
    // The store alone has the place and the stride behind its square.
    Ok(plain.replace(", &c_part[", ", ").replace("], SIDE);", ");"))
}
