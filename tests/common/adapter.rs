//! What the tests on a real adapter share: they are ignored where there is none, and say so.

use std::rc::Rc;

use amdahl::device::gpu::{self, Adapter, Gpu};
use amdahl::device::{Device, DeviceError, Job, Spec, Waiting};
use amdahl::record::{Case, Problem, Series};
use amdahl::workload::{self, Variant, Workload};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// What the inputs are drawn with.
pub(crate) const SEED: u64 = 7;

/// The outcome of one claim: the error says what was seen.
pub(crate) type Claim = Result<(), String>;

/// Returns the best adapter, if there is one.
pub(crate) fn best() -> Option<Adapter> {
    pollster::block_on(gpu::adapters()).into_iter().next()
}

/// Makes a test that is ignored if there is no adapter. With `AMDAHL_REQUIRE_ADAPTER=1` it fails instead.
pub(crate) fn trial(
    adapter: Option<&Adapter>,
    name: impl Into<String>,
    test: impl FnOnce(Adapter) -> Result<Completion, Failed> + Send + 'static,
) -> Trial {
    let adapter = adapter.cloned();
    Trial::ignorable_test(name.into(), move || match adapter {
        Some(adapter) => test(adapter),
        None if std::env::var_os("AMDAHL_REQUIRE_ADAPTER").is_some_and(|value| value == "1") => {
            Err("AMDAHL_REQUIRE_ADAPTER=1, and no graphics adapter was found".into())
        }
        None => Ok(Completion::ignored_with("no graphics adapter; install a Vulkan driver to run this test")),
    })
}

/// Makes a test with the adapter's GPU.
pub(crate) fn on_gpu(
    adapter: Option<&Adapter>,
    name: impl Into<String>,
    test: impl FnOnce(&mut Gpu) -> Result<Completion, Failed> + Send + 'static,
) -> Trial {
    trial(adapter, name, |adapter| {
        let gpu = pollster::block_on(Gpu::open(adapter, Waiting::default()));
        test(&mut gpu.map_err(|error| error.to_string())?)
    })
}

pub(crate) fn completed(outcome: Result<(), Failed>) -> Result<Completion, Failed> {
    outcome.map(|()| Completion::Completed)
}

/// Runs the tests one after another: tests that time something must not disturb each other.
pub(crate) fn run(trials: Vec<Trial>) -> ! {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials).exit()
}

/// Returns `what` as the error unless the claim holds.
pub(crate) fn demand(holds: bool, what: impl FnOnce() -> String) -> Claim {
    if holds { Ok(()) } else { Err(what()) }
}

/// Returns a workload with its first variant.
pub(crate) fn find(name: &str) -> (&'static dyn Workload, &'static Variant) {
    let workload = workload::find(name).expect("a workload of that name");
    (workload, &workload.variants()[0])
}

/// Returns the usual way to run a job: one pass, one slice, all checks, reused staging.
pub(crate) fn spec(
    workload: &'static dyn Workload,
    variant: &'static Variant,
    problem: Problem,
    workers: u64,
    workgroup_size: u32,
) -> Spec {
    with_inputs(workload, variant, problem, workers, workgroup_size, Rc::new(workload.inputs(problem, SEED)))
}

/// The same with these inputs.
pub(crate) fn with_inputs(
    workload: &'static dyn Workload,
    variant: &'static Variant,
    problem: Problem,
    workers: u64,
    workgroup_size: u32,
    inputs: Rc<Vec<Vec<f32>>>,
) -> Spec {
    Spec { workload, variant, case: Case::new(problem, workers, workgroup_size), inputs }
}

/// Returns the same job in another series.
pub(crate) fn in_series(spec: Spec, series: Series) -> Spec {
    Spec { case: spec.case.in_series(series), ..spec }
}

/// Returns the same job cut into slices.
pub(crate) fn cut(spec: Spec, slices: u32) -> Spec {
    Spec { case: Case { slices, ..spec.case }, ..spec }
}

/// Fails unless what a job computes is within the tolerance of its reference.
pub(crate) fn check(gpu: &mut Gpu, spec: &Spec) -> Result<(), Failed> {
    let case = &spec.case;
    let what = format!("{:?} on {} workers in workgroups of {}", case.problem, case.workers, case.workgroup_size);
    let output = pollster::block_on(async { gpu.prepare(spec).await?.0.output().await })
        .map_err(|error: DeviceError| format!("{what}: {error}"))?
        .ok_or("no output")?;
    let reference = spec.workload.reference(case.problem, &spec.inputs);
    let tolerance = spec.workload.tolerance(case.problem);
    if output.len() != reference.len() {
        return Err(format!("{what}: {} elements instead of {}", output.len(), reference.len()).into());
    }
    for (index, (value, expected)) in output.iter().zip(&reference).enumerate() {
        let error = (f64::from(*value) - expected).abs();
        if error.is_nan() || error > tolerance.value {
            return Err(format!("{what}: element {index} is {value} instead of {expected}").into());
        }
    }
    Ok(())
}
