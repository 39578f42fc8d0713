//! Kernels of the reader's own on a real adapter.

use std::rc::Rc;

use amdahl::device::gpu::Gpu;
use amdahl::device::{Device, Job, Spec};
use amdahl::record::{Case, Checks, Problem, Series};
use amdahl::workload::{Own, Workload, part_ranges};
use libtest_mimic::{Completion, Failed};
use serde_json::Value;

use crate::common::adapter::demand;
use crate::common::{amdahl, binary, items, json, message};

const PARTS: &str = include_str!("../kernels/parts.wgsl");
const ROWS: &str = include_str!("../kernels/rows.wgsl");
const BLEND: &str = include_str!("../../examples/blend.wgsl");
const CUBE: &str = include_str!("../../examples/cube.wgsl");

/// Computes the kernel `parts` in 64 bits: first its vectors, then its whole numbers.
fn parts(n: usize, inputs: &[Vec<f32>]) -> Vec<f64> {
    // In the order of the bindings: the square, the table, the pairs.
    let [square, table, pairs] = inputs else { panic!("three arrays are read: {}", inputs.len()) };
    let at = |i: usize| pairs[8 * i].to_bits() as usize;
    let lane = |i: usize, lane: usize| 0.5 * f64::from(pairs[8 * i + 4 + lane]) * f64::from(square[i * n + at(i)]);
    let vectors = (0..n).flat_map(|i| (0..3).map(move |of| (i, of))).map(|(i, of)| lane(i, of));
    let whole =
        (0..n).map(|i| f64::from(table[i % 5].to_bits().cast_signed()) - 5.0 + at(i).min(7) as f64 + (n * n) as f64);
    vectors.chain(whole).collect()
}

fn output(gpu: &mut Gpu, kernel: &'static Own, case: Case, seed: u64) -> Result<Vec<f64>, Failed> {
    let inputs = Rc::new(kernel.inputs(case.problem, seed));
    let spec = Spec { workload: kernel, variant: &kernel.variants()[0], case, inputs };
    let (mut job, _) = pollster::block_on(gpu.prepare(&spec))?;
    let output = pollster::block_on(job.output())?.ok_or("no output")?;
    Ok(kernel.decoded(case.problem, &output).ok_or("nothing decoded")?)
}

/// Every kind of binding, any number of workers, and sizes whose outputs end anywhere.
pub(crate) fn whatever_a_kernel_binds_is_served(gpu: &mut Gpu) -> Result<(), Failed> {
    let kernel = Own::new("parts.wgsl", PARTS)?;
    for (n, workers, size) in [(1, 1, 1), (33, 33, 32), (100, 7, 4), (101, 64, 64)] {
        let case = Case::new(Problem::Vector { n }, workers, size);
        let found = output(gpu, kernel, case, 3)?;
        let expected = parts(n as usize, &kernel.inputs(case.problem, 3));
        if found.len() != expected.len() {
            return Err(format!("{} values, not {}", found.len(), expected.len()).into());
        }
        for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
            if (found - expected).abs().total_cmp(&1e-6).is_gt() {
                return Err(format!("n = {n}, {workers} workers: value {at} is {found}, not {expected}").into());
            }
        }
    }
    let memory = kernel.workgroup_memory(&kernel.variants()[0], 64);
    if memory == 512 { Ok(()) } else { Err(format!("{memory} bytes of workgroup memory").into()) }
}

/// Each part of a product of a matrix and a vector is some of its rows, which are as long as those of the whole.
pub(crate) fn a_part_of_a_kernel_from_a_file_is_that_part(gpu: &mut Gpu) -> Result<(), Failed> {
    let kernel = Own::new("rows.wgsl", ROWS)?;
    let n = 100;
    let whole = Case::new(Problem::Vector { n }, 7, 4);
    let inputs = kernel.inputs(whole.problem, 3);
    let row = |i: usize| &inputs[0][i * n as usize..(i + 1) * n as usize];
    let sum = |i: usize| row(i).iter().zip(&inputs[1]).map(|(a, x)| f64::from(*a) * f64::from(*x)).sum::<f64>();
    for parts in [1, 4, 16] {
        let case = Case { parts, ..whole };
        let found = output(gpu, kernel, case, 3)?;
        let ranges = part_ranges(kernel, &case);
        demand(ranges.len() == parts.min(8) as usize, || format!("{ranges:?}"))?;
        let mut rows = ranges.into_iter().flat_map(|range| range.start as usize..range.end as usize);
        let wrong = rows.find(|&i| (found[i] - sum(i)).abs().total_cmp(&1e-4).is_gt());
        demand(wrong.is_none(), || format!("{parts} parts: row {wrong:?} of {found:?}"))?;
    }
    Ok(())
}

/// The example without a loop, with an invocation for each element.
pub(crate) fn a_kernel_without_a_loop_is_right(gpu: &mut Gpu) -> Result<(), Failed> {
    let kernel = Own::new("blend.wgsl", BLEND)?;
    for (n, size) in [(1, 64), (1000, 64), (1000, 7)] {
        let case = Case::new(Problem::Vector { n }, n, size);
        let found = output(gpu, kernel, case, 3)?;
        let inputs = kernel.inputs(case.problem, 3);
        let right = inputs[0].iter().zip(&inputs[1]).map(|(x, y)| 0.25 * f64::from(*x) + 0.75 * f64::from(*y));
        demand(found.len() == n as usize, || format!("{} values", found.len()))?;
        let wrong = found.iter().zip(right).find(|(found, right)| (*found - right).abs().total_cmp(&1e-6).is_gt());
        demand(wrong.is_none(), || format!("n = {n}: {wrong:?}"))?;
    }
    Ok(())
}

/// As many operators and `else if` as a kernel may have are compiled by the driver, too.
pub(crate) fn the_deepest_kernel_that_is_allowed_runs(gpu: &mut Gpu) -> Result<(), Failed> {
    let line = "y[i] = x[i] * x[i] * x[i];";
    let terms = format!("y[i] = x[i]{};", "+1.0".repeat(497));
    let tests = "else if i == 5000u { y[i] = 1.0; }".repeat(190);
    let kernel = Own::new("deep.wgsl", &CUBE.replace(line, &format!("if i < 4000u {{ {terms} }} {tests}")))?;
    let case = Case::new(Problem::Vector { n: 1000 }, 1000, 64);
    let found = output(gpu, kernel, case, 3)?;
    let inputs = kernel.inputs(case.problem, 3);
    let wrong = found.iter().zip(&inputs[0]).find(|(found, x)| (*found - f64::from(**x) - 497.0).abs() > 0.1);
    Ok(demand(found.len() == 1000 && wrong.is_none(), || format!("{} values, {wrong:?}", found.len()))?)
}

/// Of the checks of a kernel with workgroup memory only the clearing of that memory is left out.
pub(crate) fn what_clearing_costs_a_kernel_from_a_file_is_measured(_: &mut Gpu) -> Result<(), Failed> {
    let parts = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kernels/parts.wgsl");
    let options = ["--quick", "--no-save", "--format", "json", "--sizes", "256", "--wgsl", parts];
    let run = json(amdahl(&[&["run", "safety-cost"], &options[..]].concat()));
    let one = &run["experiments"][0];
    demand(items(&one["cases"]).len() == 2, || one["cases"].to_string())?;
    let reasons = items(&one["skipped"]).iter().filter(|one| one["reason"].to_string().contains("nothing proves"));
    Ok(demand(reasons.count() == 3, || one["skipped"].to_string())?)
}

/// What the driver lacks is said in words, by `prepare`, before the driver sees the kernel.
pub(crate) fn a_kernel_from_a_file_that_needs_more_is_told_what(gpu: &mut Gpu) -> Result<Completion, Failed> {
    if gpu.info().f16 == Some(true) {
        return Ok(Completion::ignored_with("this adapter has 16-bit floats"));
    }
    let text = BLEND.replace("params.a * x[id.x]", "f32(f16(params.a) * f16(x[id.x]))");
    let kernel = Own::new("blend.wgsl", &format!("enable f16;\n{text}"))?;
    let said = output(gpu, kernel, Case::new(Problem::Vector { n: 64 }, 64, 64), 1).err();
    let said = said.and_then(|failed| failed.message().map(str::to_owned)).unwrap_or_default();
    demand(said.contains("shader-f16"), || said.clone())?;
    Ok(Completion::Completed)
}

/// Checks that keep a kernel within its arrays are never left out.
pub(crate) fn a_kernel_from_a_file_keeps_its_checks(gpu: &mut Gpu) -> Result<(), Failed> {
    let kernel = Own::new("cube.wgsl", CUBE)?;
    let problem = Problem::Vector { n: 64 };
    for checks in Checks::ALL {
        let case = Case::new(problem, 64, 64).in_series(Series::Checks(checks));
        let inputs = Rc::new(kernel.inputs(problem, 1));
        let spec = Spec { workload: kernel, variant: &kernel.variants()[0], case, inputs };
        let made = pollster::block_on(gpu.prepare(&spec)).map(|_| ()).map_err(|error| error.to_string());
        match (checks, made) {
            (Checks::All | Checks::NoZeroInit, Ok(())) => {}
            (Checks::NoBounds | Checks::NoLoopBounds | Checks::Unchecked, Err(reason))
                if reason.contains("nothing proves") => {}
            (checks, made) => return Err(format!("{}: {made:?}", checks.name()).into()),
        }
    }
    Ok(())
}

/// The binary on one of the examples: labelled where nothing is expected, verified where the right values are, and
/// ended where others are.
pub(crate) fn a_kernel_from_a_file_is_measured_and_labelled(_: &mut Gpu) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let cube = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/cube.wgsl");
    let run =
        |more: &[&'static str]| [&["run", "--quick", "--no-save", "--format", "json", "--wgsl", cube], more].concat();
    let open = json(amdahl(&run(&["problem-size", "launch-overhead"])));
    let are_all = |one: &Value, what: &str| {
        let cases = items(&one["cases"]);
        !cases.is_empty() && cases.iter().all(|case| case["verified"][what].is_object())
    };
    let experiments = items(&open["experiments"]);
    let is_open = |one: &Value| one["workload"] == "cube.wgsl (not checked)" && are_all(one, "not-verified");
    demand(experiments.len() == 2 && experiments.iter().all(is_open), || open["experiments"].to_string())?;

    let kernel = Own::new("cube.wgsl", CUBE)?;
    let inputs = kernel.inputs(Problem::Vector { n: 1000 }, 1);
    let values: Vec<String> = inputs[0].iter().map(|x| (f64::from(*x).powi(3)).to_string()).collect();
    let right = folder.path().join("right.txt");
    std::fs::write(&right, values.join("\n"))?;
    let right: &'static str = right.to_str().ok_or("a path")?.to_owned().leak();
    let verified = json(amdahl(&run(&["workgroup-size", "--sizes", "1000", "--expect", right])));
    let one = &verified["experiments"][0];
    demand(are_all(one, "right") && one["workload"] == "cube.wgsl", || one.to_string())?;

    let wrong = folder.path().join("wrong.txt");
    std::fs::write(&wrong, vec!["2"; 1000].join(","))?;
    let wrong: &'static str = wrong.to_str().ok_or("a path")?.to_owned().leak();
    let ended = binary().args(run(&["workgroup-size", "--sizes", "1000", "--expect", wrong])).output()?;
    let said = message(&ended);
    let is_told = ended.status.code() == Some(1) && said.contains("element 0") && said.contains("--expect");
    Ok(demand(is_told, || format!("{:?} {said}", ended.status))?)
}
