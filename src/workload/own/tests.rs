//! Tests of reading kernels, without a device.

use super::*;

const CUBE: &str = include_str!("../../../examples/cube.wgsl");
const BLEND: &str = include_str!("../../../examples/blend.wgsl");
const ROWS: &str = include_str!("../../../tests/kernels/rows.wgsl");
const PARTS: &str = include_str!("../../../tests/kernels/parts.wgsl");

fn vector(n: u64, workers: u64, size: u32) -> Case {
    Case::new(Problem::Vector { n }, workers, size)
}

#[test]
fn arrays_constants_and_bindings_are_read_from_the_text() {
    let kernel = Own::new("parts.wgsl", PARTS).unwrap();
    assert_eq!(kernel.name(), "parts.wgsl (not checked)");
    let variant = &kernel.variants()[0];
    let step = &kernel.steps(variant, &vector(10, 3, 32))[0];
    assert_eq!(step.params, [0.5f32.to_bits(), 3, (-2i32).cast_unsigned(), 10, 7]);
    assert_eq!(step.constants, [("7", 32.0)], "an override with an @id goes by that");
    assert_eq!([0, 1, 2, 3, 4, 5].map(|index| kernel.binding(index)), [9, 2, 3, 4, 1, 7]);
    assert_eq!(kernel.input_lengths(Problem::Vector { n: 10 }), [100, 5, 80], "a struct of 32 bytes");
    let outputs = [(0, 40), (64, 10)].map(|(first, length)| Buffer::OutputOf { first, length });
    assert_eq!(step.buffers[3..], outputs);
    assert_eq!(kernel.output_length(Problem::Vector { n: 10 }), 74);
    assert_eq!([1, 64, 100].map(|size| kernel.workgroup_memory(variant, size)), [8, 512, 800]);
    assert_eq!(kernel.items(Problem::Vector { n: 10 }), 10);
}

#[test]
fn outputs_are_decoded_by_their_types() {
    let kernel = Own::new("parts.wgsl", PARTS).unwrap();
    let mut output = vec![f32::NAN; 65];
    output[..3].copy_from_slice(&[1.0, -2.5, 3.0]);
    output[64] = f32::from_bits((-7i32).cast_unsigned());
    let decoded = kernel.decoded(Problem::Vector { n: 1 }, &output).unwrap();
    assert_eq!(decoded, [1.0, -2.5, 3.0, -7.0], "no word between them");
    output[64] = f32::NAN;
    assert!(kernel.decoded(Problem::Vector { n: 1 }, &output).unwrap()[3].is_nan(), "never written");
}

#[test]
fn a_kernel_without_a_loop_needs_an_invocation_for_each_element() {
    let kernel = Own::new("blend.wgsl", BLEND).unwrap();
    let check = |case: &Case| kernel.check(&kernel.variants()[0], case);
    assert_eq!(check(&vector(1000, 1000, 64)), Ok(()));
    assert!(check(&vector(1000, 999, 64)).unwrap_err().contains("999 workers cannot do 1000"));
    assert!(check(&vector(1 << 17, 1 << 17, 1)).unwrap_err().contains("num_workgroups"));
    assert!(kernel.refuses("fixed-size").is_some() && kernel.refuses("problem-size").is_none());
    assert_eq!(kernel.flop(Problem::Vector { n: 100 }), 400.0);
    let cube = Own::new("cube.wgsl", CUBE).unwrap();
    assert_eq!(cube.check(&cube.variants()[0], &vector(1 << 17, 3, 1)), Ok(()));
    assert_eq!(cube.check(&cube.variants()[0], &vector(1 << 17, 1 << 17, 1)), Ok(()), "it knows of two dimensions");
}

#[test]
fn a_kernel_with_a_first_element_can_be_cut() {
    let slice = |text: &str| {
        let kernel = Own::new("cube.wgsl", text).unwrap();
        kernel.slice(&kernel.variants()[0], &vector(100, 8, 8), 30..60)
    };
    assert_eq!(slice(CUBE).unwrap().params, [8, 30, 60]);
    let whole = CUBE.replace("params.first + ", "").replace("    first: u32,", "    //");
    assert_eq!(slice(&whole), None);
    assert_eq!(slice(&CUBE.replace("y: array<f32>;", "y: array<f32>; // elements: 2 * n")), None);
}

/// Its rows have n elements, whichever part of them is computed.
#[test]
fn a_part_keeps_the_size_of_the_whole() {
    let kernel = Own::new("rows.wgsl", ROWS).unwrap();
    let case = vector(100, 8, 8);
    let params = |step: Step| step.params;
    assert_eq!(params(kernel.slice(&kernel.variants()[0], &case, 30..60).unwrap()), [100, 8, 30, 60]);
    assert_eq!(params(kernel.steps(&kernel.variants()[0], &case).remove(0)), [100, 8, 0, 100]);
}

/// A float array with large values beside integers: no integer may be wrong by one.
#[test]
fn each_array_has_its_own_tolerance() {
    let kernel = Own::new("parts.wgsl", PARTS).unwrap();
    let problem = Problem::Vector { n: 2 };
    let told = kernel.expecting(2, vec![1.0, -4.0, 2.0, 0.5, 0.0, 1.0, 70_000.0, -7.0]).unwrap();
    let float = 4.0 / 65_536.0;
    assert_eq!(told.tolerances(problem).unwrap(), [float, float, float, float, float, float, 0.0, 0.0]);
    assert_eq!(told.tolerance(problem).value, float, "not that of the whole numbers");
    assert_eq!(kernel.tolerances(problem), None);
}

/// Returns a kernel with a uniform block, and with other parts for a test.
fn with(before: &str, members: &str, body: &str) -> String {
    format!(
        "{before}
        struct P {{
            n: u32,
            {members}
        }}
        @group(0) @binding(0) var<uniform> p: P;
        @group(0) @binding(1) var<storage, read> x: array<f32>;
        @group(0) @binding(2) var<storage, read_write> y: array<f32>;
        @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {{
            if id.x < p.n {{ y[id.x] = {body}; }}
        }}"
    )
}

#[test]
fn constants_are_those_of_the_struct_that_is_bound() {
    let other = "struct Particle {\n a: f32, // = 1.5\n }";
    let kernel = Own::new("k.wgsl", &with(other, "a: f32, // = 2.5", "p.a * x[id.x]")).unwrap();
    let step = &kernel.steps(&kernel.variants()[0], &vector(10, 10, 64))[0];
    assert_eq!(step.params, [10, 2.5f32.to_bits()]);
    let behind = "@group(0) @binding(2) var<storage, read_write>";
    let text =
        with("", "a: f32,", "p.a * x[id.x]").replace(behind, &format!("struct Q {{\n a: f32, // = 1.5\n}}\n{behind}"));
    assert!(Own::new("k.wgsl", &text).err().unwrap().contains("`a` without a value"), "it is another's");
    let float = with("", "", "x[id.x]").replace("n: u32", "n: f32").replace("id.x < p.n", "f32(id.x) < p.n");
    assert!(Own::new("k.wgsl", &float).err().unwrap().contains("write `n: u32`"));
}

#[test]
fn what_is_not_used_is_not_bound() {
    let other = "@group(3) @binding(0) var t: texture_2d<f32>;";
    let kernel = Own::new("k.wgsl", &with(other, "", "x[id.x]")).unwrap();
    assert_eq!(kernel.input_lengths(Problem::Vector { n: 10 }), [10]);
    let used = with(other, "", "x[id.x] + textureLoad(t, vec2u(0u), 0).r");
    assert!(Own::new("k.wgsl", &used).err().unwrap().contains("`t` is a texture"));
}

#[test]
fn what_a_kernel_needs_is_what_it_uses() {
    let needs = |text: &str| {
        let kernel = Own::new("k.wgsl", text).unwrap();
        kernel.extensions(&kernel.variants()[0])
    };
    assert!(needs(&with("", "", "x[id.x] /* subgroupAdd( */")).is_empty());
    assert_eq!(needs(&with("", "", "subgroupMul(x[id.x])")), ["subgroups"]);
    assert_eq!(needs(&with("enable   f16 ;", "", "f32(f16(x[id.x]))")), ["f16"]);
}

#[test]
fn marks_of_loops_mean_nothing_in_a_kernel_from_a_file() {
    let marked = with("", "", "x[id.x]").replace("if id.x", "for (var i = 0u; i < 2u; i++) { // unrolled\n}\nif id.x");
    let kernel = Own::new("k.wgsl", &marked).unwrap();
    assert_eq!(kernel.variants()[0].shaders[0].text(), marked);
}

#[test]
fn a_kernel_that_is_told_its_values_is_verified_at_that_size_alone() {
    let cube = Own::new("cube.wgsl", CUBE).unwrap();
    assert!(cube.expecting(3, vec![1.0, 2.0]).err().unwrap().contains("2 values; for n = 3"));
    let told = cube.expecting(2, vec![1.0, -4.0]).unwrap();
    assert_eq!(told.name(), "cube.wgsl");
    assert_eq!(told.unverified(Problem::Vector { n: 2 }), None);
    assert!(told.unverified(Problem::Vector { n: 3 }).unwrap().contains("n = 2"));
    assert_eq!(told.reference(Problem::Vector { n: 2 }, &[]), [1.0, -4.0]);
    assert_eq!(told.tolerance(Problem::Vector { n: 2 }).value, 4.0 / 65_536.0);
    assert!(told.launched().unverified(Problem::Vector { n: 1 }).is_none(), "its launches compute nothing");
    assert!(cube.launched().unverified(Problem::Vector { n: 1 }).is_some());
}

/// Nothing checks that matrix units stay within an array, so a user's kernel cannot use them.
#[test]
fn a_kernel_for_matrix_units_is_refused() {
    let text = "enable wgpu_cooperative_matrix;\n@group(0) @binding(0) var<storage, read_write> y: array<f32>;\n\
                @compute @workgroup_size(32) fn main() { coopStore(coop_mat8x8<f32, C>(), &y[8]); }";
    let message = Own::new("units.wgsl", text).err().unwrap();
    assert!(message.contains("COOPERATIVE_MATRIX") || message.contains("cooperative"), "{message}");
}

/// A kernel that is as deep as is allowed compiles on a stack of one mebibyte, the smallest that a program is given.
#[test]
fn the_deepest_kernel_that_is_allowed_fits_the_smallest_stack() {
    let line = "y[i] = x[i] * x[i] * x[i];";
    let with = |inner: String| {
        assert!(CUBE.contains(line));
        CUBE.replace(line, &inner)
    };
    let terms = |count: usize| format!("y[i] = x[i]{};", "+1.0".repeat(count));
    let kernels = [
        with(terms(497)),
        with(format!("if i == 1u {{ {} }} {}", terms(497), "else if i == 2u { }".repeat(190))),
        with(format!("{} {} {}", "if i < 9u {".repeat(100), terms(497), "}".repeat(100))),
        with(format!("y[i] = {}x[i]{};", "(".repeat(98), "+1.0)".repeat(98))),
    ];
    for kernel in kernels {
        let thread = std::thread::Builder::new().stack_size(1 << 20);
        let read = thread.spawn(move || Own::new("deep.wgsl", &kernel).map(drop)).unwrap().join().unwrap();
        assert_eq!(read, Ok(()));
    }
    let fault = Own::new("deep.wgsl", &with(terms(498))).err().unwrap();
    assert!(fault.contains("more than 500 operators"), "{fault}");
}
