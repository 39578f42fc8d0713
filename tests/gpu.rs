//! Kernels and clocks on a real adapter, against references in 64 bits.
//!
//! Without an adapter every test is ignored with the reason; with `AMDAHL_REQUIRE_ADAPTER=1` it fails instead.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;
#[path = "gpu/cooperative.rs"]
mod cooperative;
#[allow(dead_code, reason = "the faults that need no GPU are planted in tests/faults")]
#[path = "faults/faulty.rs"]
mod faulty;
#[path = "gpu/launches.rs"]
mod launches;
#[path = "gpu/own.rs"]
mod own;
#[path = "gpu/whole.rs"]
mod whole;

use std::rc::Rc;

use amdahl::device::gpu::Gpu;
use amdahl::device::{Device, DeviceError, Job, Lap, Spec};
use amdahl::measure;
use amdahl::record::{Case, Clock, DeviceKind, LaunchStyle, Phase, Problem, Series, TransferMethod};
use common::adapter::{self, SEED, check, completed, cut, find, in_series, on_gpu, spec};
use libtest_mimic::Failed;

/// Back-edges of a loop that calibration tries.
const LOOPS_TRIED: u64 = 1 << 16;

type Test = fn(&mut Gpu) -> Result<(), Failed>;

/// A test whose claims are about times, which has a few tries.
type Timed = fn(&mut Gpu) -> Result<(), String>;

fn main() {
    let best = adapter::best();
    let mut trials = Vec::new();
    let named: [(&str, Test); 25] = [
        ("phases_have_their_clocks", phases_have_their_clocks),
        ("every_transfer_method_moves_the_data", every_transfer_method_moves_the_data),
        ("a_job_cut_into_slices_is_the_same_job", a_job_cut_into_slices_is_the_same_job),
        ("slices_that_are_waited_for_are_all_timed", slices_that_are_waited_for_are_all_timed),
        ("each_launch_has_its_own_arguments", launches::each_launch_has_its_own_arguments),
        ("paths_of_whole_subgroups_are_no_dearer", paths_of_whole_subgroups_are_no_dearer),
        ("repeated_dispatches_are_divided_out", repeated_dispatches_are_divided_out),
        ("what_the_device_does_not_allow_is_unsupported", what_the_device_does_not_allow_is_unsupported),
        ("the_loop_budget_holds", the_loop_budget_holds),
        ("a_wrong_kernel_is_seen", a_wrong_kernel_is_seen),
        ("slices_that_are_waited_for_are_all_verified", slices_that_are_waited_for_are_all_verified),
        ("whatever_a_kernel_binds_is_served", own::whatever_a_kernel_binds_is_served),
        ("a_part_of_a_kernel_from_a_file_is_that_part", own::a_part_of_a_kernel_from_a_file_is_that_part),
        ("a_kernel_without_a_loop_is_right", own::a_kernel_without_a_loop_is_right),
        ("the_deepest_kernel_that_is_allowed_runs", own::the_deepest_kernel_that_is_allowed_runs),
        (
            "what_clearing_costs_a_kernel_from_a_file_is_measured",
            own::what_clearing_costs_a_kernel_from_a_file_is_measured,
        ),
        ("a_kernel_from_a_file_keeps_its_checks", own::a_kernel_from_a_file_keeps_its_checks),
        ("a_kernel_from_a_file_is_measured_and_labelled", own::a_kernel_from_a_file_is_measured_and_labelled),
        ("the_kernels_around_matrix_units_are_right", cooperative::the_kernels_around_matrix_units_are_right),
        ("every_variant_climbs", whole::every_variant_climbs),
        ("intensity_has_a_slope_and_a_flat", whole::intensity_has_a_slope_and_a_flat),
        (
            "a_launch_of_a_split_job_costs_what_the_ladder_says",
            whole::a_launch_of_a_split_job_costs_what_the_ladder_says,
        ),
        ("a_kernel_that_writes_nothing_ends_the_run", whole::a_kernel_that_writes_nothing_ends_the_run),
        (
            "a_kernel_that_computes_something_else_ends_the_run",
            whole::a_kernel_that_computes_something_else_ends_the_run,
        ),
        ("a_swapped_transfer_timer_is_told", whole::a_swapped_transfer_timer_is_told),
    ];
    for (name, test) in named {
        trials.push(on_gpu(best.as_ref(), name, move |gpu| completed(test(gpu))));
    }
    let timed: [(&str, Timed); 3] = [
        ("each_timer_times_its_own_phase", each_timer_times_its_own_phase),
        ("every_style_launches_every_dispatch", every_style_launches_every_dispatch),
        ("encoding_is_a_part_of_the_launch", encoding_is_a_part_of_the_launch),
    ];
    for (name, test) in timed {
        trials.push(on_gpu(best.as_ref(), name, move |gpu| completed(whole::one_of_a_few(|| test(gpu)))));
    }
    let name = "paths_cost_until_the_subgroup_is_full";
    trials.push(on_gpu(best.as_ref(), name, whole::paths_cost_until_the_subgroup_is_full));
    let name = "a_kernel_from_a_file_that_needs_more_is_told_what";
    trials.push(on_gpu(best.as_ref(), name, own::a_kernel_from_a_file_that_needs_more_is_told_what));
    let name = "cases_of_one_problem_share_their_buffers";
    trials.push(on_gpu(best.as_ref(), name, whole::cases_of_one_problem_share_their_buffers));
    adapter::run(trials)
}

fn laps(gpu: &mut Gpu, spec: &Spec, dispatches: u32) -> Vec<Lap> {
    pollster::block_on(async {
        let (mut job, _) = gpu.prepare(spec).await.unwrap();
        job.set_dispatches(dispatches);
        // The first run warms up.
        job.run(true).await.unwrap();
        job.run(true).await.unwrap().laps
    })
}

fn seconds(laps: &[Lap], phase: Phase) -> f64 {
    laps.iter().find(|lap| lap.phase == phase).unwrap_or_else(|| panic!("no {} in {laps:?}", phase.name())).seconds
}

fn phases_have_their_clocks(gpu: &mut Gpu) -> Result<(), Failed> {
    let (saxpy, plain) = find("saxpy");
    let laps = laps(gpu, &spec(saxpy, plain, saxpy.problem(10_000), 10_000, 64), 1);
    let (kernel, launch) = if gpu.info().timestamps {
        (Clock::Gpu, Clock::HostLessGpu)
    } else {
        (Clock::HostLessEmpty, Clock::HostLessEmpty)
    };
    let found: Vec<(Phase, Clock)> = laps.iter().map(|lap| (lap.phase, lap.clock)).collect();
    let expected = [
        (Phase::Upload, Clock::Host),
        (Phase::Launch, launch),
        (Phase::Kernel, kernel),
        (Phase::Encode, Clock::Host),
        (Phase::ReadBack, Clock::Host),
    ];
    if found != expected {
        return Err(format!("{found:?}").into());
    }
    if laps.iter().any(|lap| lap.seconds <= 0.0 || lap.seconds > 10.0) {
        return Err(format!("a time that cannot be: {laps:?}").into());
    }
    Ok(())
}

/// Much data and little work shows in the transfers, much work and little data in the kernel.
fn each_timer_times_its_own_phase(gpu: &mut Gpu) -> Result<(), String> {
    let (add, plain) = find("add");
    let data = laps(gpu, &spec(add, plain, add.problem(1 << 22), 1 << 22, 64), 1);
    let little = laps(gpu, &spec(add, plain, add.problem(64), 64, 64), 1);
    let (fma, chain) = find("fma");
    let work = laps(gpu, &spec(fma, chain, Problem::Chain { n: 4096, k: 4096 }, 1, 1), 1);
    let less_work = laps(gpu, &spec(fma, chain, Problem::Chain { n: 4096, k: 4096 }, 64, 64), 1);
    let claims = [
        ("upload grows with the data", seconds(&data, Phase::Upload) > 5.0 * seconds(&little, Phase::Upload)),
        ("read-back grows with the data", seconds(&data, Phase::ReadBack) > 5.0 * seconds(&little, Phase::ReadBack)),
        ("two inputs take longer than one output", seconds(&data, Phase::Upload) > seconds(&data, Phase::ReadBack)),
        ("the kernel grows with the work", seconds(&work, Phase::Kernel) > 3.0 * seconds(&less_work, Phase::Kernel)),
        ("the launch does not hold the kernel", seconds(&work, Phase::Launch) < 0.5 * seconds(&work, Phase::Kernel)),
    ];
    match claims.iter().find(|(_, holds)| !holds) {
        Some((claim, _)) => Err(format!("not so: {claim}: {data:?} {little:?} {work:?} {less_work:?}")),
        None => Ok(()),
    }
}

fn every_style_launches_every_dispatch(gpu: &mut Gpu) -> Result<(), String> {
    let (empty, _) = find("empty");
    for (variant, style) in empty.variants().iter().flat_map(|variant| LaunchStyle::ALL.map(|style| (variant, style))) {
        let spec = in_series(spec(empty, variant, empty.problem(1), 1, 1), style.series());
        let one = seconds(&laps(gpu, &spec, 1), Phase::Launch);
        let many = seconds(&laps(gpu, &spec, 400), Phase::Launch);
        if many < 2.0 * one {
            let name = format!("{}, {}", variant.name, style.name());
            return Err(format!("{name}: 400 dispatches take {many} s, one takes {one} s"));
        }
    }
    // More workgroups than one dimension of a dispatch holds, each with an element of its own to count in.
    let dependent = &empty.variants()[1];
    laps(gpu, &spec(empty, dependent, empty.problem(1), 70_001, 1), 2);
    Ok(())
}

/// The host's part of a launch is within the launch, and grows with the command buffers; an empty pass has the GPU's
/// own time where there are timestamps.
fn encoding_is_a_part_of_the_launch(gpu: &mut Gpu) -> Result<(), String> {
    let (empty, plain) = find("empty");
    for style in LaunchStyle::ALL {
        let spec = in_series(spec(empty, plain, empty.problem(1), 1, 1), style.series());
        let (one, many) = (laps(gpu, &spec, 1), laps(gpu, &spec, 400));
        let encoding = [&one, &many].map(|laps| seconds(laps, Phase::Encode));
        for (encoding, laps) in encoding.iter().zip([&one, &many]) {
            if !(0.0..seconds(laps, Phase::Launch)).contains(encoding) || *encoding == 0.0 {
                return Err(format!("{}: {laps:?}", style.name()));
            }
        }
        if encoding[1] < 2.0 * encoding[0] {
            return Err(format!("{}: 400 dispatches are encoded in {encoding:?} s", style.name()));
        }
        let pass = many.iter().find(|lap| lap.phase == Phase::Pass);
        if pass.is_some() != (style == LaunchStyle::OnePass && gpu.info().timestamps) {
            return Err(format!("{}: {many:?}", style.name()));
        }
    }
    Ok(())
}

/// Outputs are right by every transfer method that the device has, with sizes that fill no alignment; a method that it
/// has not is refused with its reason.
fn every_transfer_method_moves_the_data(gpu: &mut Gpu) -> Result<(), Failed> {
    let shared = matches!(gpu.info().kind, DeviceKind::Integrated | DeviceKind::Software);
    for name in ["saxpy", "dot", "matmul"] {
        let (workload, variant) = find(name);
        for n in [1, 17, 129] {
            for method in TransferMethod::ALL {
                let spec = in_series(spec(workload, variant, workload.problem(n), n, 8), Series::Transfer(method));
                match pollster::block_on(gpu.prepare(&spec)) {
                    Err(DeviceError::Unsupported(reason)) if method == TransferMethod::Mapped && !shared => {
                        if !reason.contains("share") {
                            return Err(reason.into());
                        }
                    }
                    Err(error) => return Err(format!("{}: {error}", method.name()).into()),
                    Ok((mut job, first)) => {
                        seconds(&first, Phase::FirstUpload);
                        seconds(&first, Phase::FirstReadBack);
                        // Twice, since a buffer must be left as it was found.
                        pollster::block_on(job.run(true)).map_err(|error| error.to_string())?;
                        let laps = pollster::block_on(job.run(true)).map_err(|error| error.to_string())?.laps;
                        if seconds(&laps, Phase::Upload) <= 0.0 || seconds(&laps, Phase::ReadBack) <= 0.0 {
                            return Err(format!("{}: {laps:?}", method.name()).into());
                        }
                        check(gpu, &spec)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Slices of uneven sizes, of single elements and of fewer workers than elements leave nothing out.
fn a_job_cut_into_slices_is_the_same_job(gpu: &mut Gpu) -> Result<(), Failed> {
    for name in ["fma", "saxpy"] {
        let (workload, plain) = find(name);
        for (n, workers) in [(1009, 1009), (1009, 100), (4096, 70_001)] {
            for slices in [1, 2, 7, 64, 1009] {
                check(gpu, &cut(spec(workload, plain, workload.problem(n), workers, 12), slices))?;
            }
        }
        let too_many = cut(spec(workload, plain, workload.problem(7), 7, 1), 8);
        if !matches!(pollster::block_on(gpu.prepare(&too_many)), Err(DeviceError::Unsupported(_))) {
            return Err(format!("{name}: seven items in eight slices").into());
        }
    }
    Ok(())
}

/// Waiting for each slice costs more launches, and no kernel is lost from the sum.
fn slices_that_are_waited_for_are_all_timed(gpu: &mut Gpu) -> Result<(), Failed> {
    let (fma, chain) = find("fma");
    let whole = spec(fma, chain, Problem::Chain { n: 1 << 14, k: 1024 }, 1 << 14, 8);
    // A machine that does something else meanwhile may make a single launch as long as many.
    whole::one_of_a_few(|| {
        let one = laps(gpu, &whole, 1);
        let cut = laps(gpu, &in_series(cut(whole.clone(), 64), LaunchStyle::WaitEach.series()), 1);
        if seconds(&cut, Phase::Launch) < 4.0 * seconds(&one, Phase::Launch) {
            return Err(format!("64 launches cost no more than one: {cut:?} {one:?}"));
        }
        if seconds(&cut, Phase::Kernel) < 0.3 * seconds(&one, Phase::Kernel) {
            return Err(format!("64 slices take less than the whole: {cut:?} {one:?}"));
        }
        Ok(())
    })
}

/// A job that waits for each slice is verified slice by slice too: an output without one slice holds poison.
fn slices_that_are_waited_for_are_all_verified(gpu: &mut Gpu) -> Result<(), Failed> {
    for name in ["fma", "saxpy"] {
        let (workload, plain) = find(name);
        for slices in [1, 2, 7, 64, 1009] {
            let whole = spec(workload, plain, workload.problem(1009), 1009, 12);
            check(gpu, &in_series(cut(whole, slices), LaunchStyle::WaitEach.series()))?;
        }
    }
    Ok(())
}

/// Paths sorted by subgroup do not take longer than the same ones scattered, on any device; both are right.
fn paths_of_whole_subgroups_are_no_dearer(gpu: &mut Gpu) -> Result<(), Failed> {
    let (branches, plain) = find("branches");
    let lanes = gpu.info().subgroup_sizes.map_or(32, |[_, largest]| u64::from(largest.max(2)));
    let paths = |run| Problem::Branches { n: 1 << 14, branches: lanes, k: 512, run };
    let of = |run| spec(branches, plain, paths(run), 1 << 14, 64);
    for run in [1, 3, lanes] {
        check(gpu, &of(run))?;
    }
    whole::one_of_a_few(|| {
        let kernel = |gpu: &mut Gpu, run| seconds(&laps(gpu, &of(run), 1), Phase::Kernel);
        let (scattered, sorted) = (kernel(gpu, 1), kernel(gpu, lanes));
        if sorted > 1.5 * scattered {
            return Err(format!("{lanes} paths take {sorted} s sorted and {scattered} s scattered"));
        }
        Ok(())
    })
}

fn repeated_dispatches_are_divided_out(gpu: &mut Gpu) -> Result<(), Failed> {
    let (fma, chain) = find("fma");
    let spec = spec(fma, chain, Problem::Chain { n: 2048, k: 4096 }, 1, 1);
    whole::one_of_a_few(|| {
        let one = seconds(&laps(gpu, &spec, 1), Phase::Kernel);
        let five = seconds(&laps(gpu, &spec, 5), Phase::Kernel);
        if five > 2.0 * one || one > 2.0 * five {
            return Err(format!("one dispatch takes {one} s alone and {five} s as one of five"));
        }
        Ok(())
    })?;
    check(gpu, &spec)
}

fn what_the_device_does_not_allow_is_unsupported(gpu: &mut Gpu) -> Result<(), Failed> {
    let limits = gpu.info().limits;
    let (add, plain) = find("add");
    let (matmul, _) = find("matmul");
    let tiled = matmul.variants().iter().find(|variant| variant.name == "tiled").unwrap();
    let nothing = Rc::new(Vec::new());
    let with =
        |workload, variant, problem, w| adapter::with_inputs(workload, variant, problem, 1, w, Rc::clone(&nothing));
    let cases = [
        ("needs a workgroup of", with(add, plain, add.problem(64), limits.workgroup_size + 1)),
        ("needs a workgroup of", with(add, plain, add.problem(64), 0)),
        ("this device allows", with(add, plain, add.problem(limits.binding / 4 + 1), 64)),
        ("32 bits", with(add, plain, add.problem(1 << 40), 64)),
        ("", with(matmul, tiled, matmul.problem(64), 4 * limits.workgroup_size)),
    ];
    for (word, spec) in cases {
        match pollster::block_on(gpu.prepare(&spec)) {
            Err(DeviceError::Unsupported(reason)) if reason.contains(word) => {}
            Err(error) => return Err(format!("{:?}: {error}", spec.case).into()),
            Ok(_) => return Err(format!("{:?} ran", spec.case).into()),
        }
    }
    // And the device still works.
    check(gpu, &spec(add, plain, add.problem(100), 100, 64))
}

/// What calibration finds is true: a loop within the budget is right, and llvmpipe's known stop is found.
fn the_loop_budget_holds(gpu: &mut Gpu) -> Result<(), Failed> {
    let calibration = pollster::block_on(measure::calibrate(gpu, SEED)).map_err(|error| error.to_string())?;
    let software = gpu.info().name.contains("llvmpipe");
    if software && calibration.loop_budget.is_none_or(|budget| !(60_000..=66_000).contains(&budget)) {
        return Err(format!("llvmpipe stops loops after 65,535 rounds; found {:?}", calibration.loop_budget).into());
    }
    let (fma, chain) = find("fma");
    let rounds = calibration.loop_budget.unwrap_or(LOOPS_TRIED);
    let per_element = (chain.back_edges)(&Case::new(Problem::Chain { n: 1, k: 16 }, 1, 1));
    check(gpu, &spec(fma, chain, Problem::Chain { n: rounds / per_element, k: 16 }, 1, 1))
}

/// The reference of other inputs is a wrong reference: verification must see the difference.
fn a_wrong_kernel_is_seen(gpu: &mut Gpu) -> Result<(), Failed> {
    for name in ["add", "saxpy", "dot", "matmul"] {
        let (workload, variant) = find(name);
        let problem = workload.problem(40);
        let mut spec = spec(workload, variant, problem, 40, 8);
        check(gpu, &spec)?;
        let mut inputs = (*spec.inputs).clone();
        let job = pollster::block_on(async { gpu.prepare(&spec).await?.0.output().await });
        let output = job.map_err(|error| error.to_string())?.ok_or("no output")?;
        // One element of one input a little different, as if the kernel had missed it.
        inputs[0][39] += 0.5;
        spec.inputs = Rc::new(inputs);
        let reference = workload.reference(problem, &spec.inputs);
        let tolerance = workload.tolerance(problem).value;
        let seen = output.iter().zip(&reference).any(|(value, right)| (f64::from(*value) - right).abs() > tolerance);
        if !seen {
            return Err(format!("{name}: a changed input was not seen").into());
        }
    }
    Ok(())
}
