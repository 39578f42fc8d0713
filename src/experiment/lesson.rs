//! What exercises are made from: times, fits, costs and crossovers of a run, with their types.

use super::cases::{SERIAL_PHASES, Speedups, Timed, job, phase};
use super::fixed_size::FixedSize;
use super::launch_overhead::{LaunchOverhead, short as launch_overhead};
use super::problem_size::{ProblemSize, short as problem_size};
use super::scaled_size::{ScaledSize, lesson as scaled_size};
use super::split_work::{SplitWork, lesson as split_work};
use super::views::{all, first};
use super::{Experiment, View};
use crate::law::Crossover;
use crate::law::speedup::SpeedupFit;
use crate::page::words;
use crate::record::{Measurement, Phase, Problem, Quantity, Run};
use crate::stats::Estimate;

/// A run as a lecturer uses it. What was not measured is empty, or `None`.
pub(crate) struct Lesson {
    /// The same job on more and more workers, one for each workload.
    pub(crate) same: Vec<SameJob>,
    /// The job that grows with its workers.
    pub(crate) bigger: Option<BiggerJob>,
    /// What one more launch costs.
    pub(crate) launches: Option<Launches>,
    /// One job cut into launches.
    pub(crate) cuts: Vec<Cut>,
    /// Device against processor, one for each workload.
    pub(crate) races: Vec<Race>,
}

/// The same job on more and more workers.
pub(crate) struct SameJob {
    /// The workload.
    pub(crate) name: String,
    /// What it computes.
    pub(crate) job: String,
    /// The phases on the fewest workers, the kernel last, in seconds.
    pub(crate) phases: Vec<(Phase, f64)>,
    /// Worker counts, ascending.
    pub(crate) rows: Vec<Row>,
    /// Which row has the fewest workers that are as fast as the best.
    pub(crate) enough: usize,
    /// The same for the kernel alone; `None` if it was not timed.
    pub(crate) kernel_enough: Option<usize>,
    /// The fit of the kernel.
    pub(crate) kernel: SpeedupFit,
    /// The fit of the whole job.
    pub(crate) whole_job: SpeedupFit,
}

/// The same job on so many workers.
pub(crate) struct Row {
    pub(crate) workers: u64,
    /// The kernel; `None` if it was not timed.
    pub(crate) kernel: Option<Gain>,
    pub(crate) whole_job: Gain,
}

/// A time with its speedup over the first row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gain {
    pub(crate) seconds: Estimate,
    pub(crate) speedup: Estimate,
}

/// A job that grows with its workers.
pub(crate) struct BiggerJob {
    /// The workload.
    pub(crate) name: String,
    /// Worker counts, ascending; the first is one worker on its own share.
    pub(crate) rows: Vec<Grown>,
}

/// A grown job on so many workers. Times are those of the whole job, in seconds.
pub(crate) struct Grown {
    pub(crate) workers: u64,
    pub(crate) elements: u64,
    pub(crate) seconds: Estimate,
    /// The time outside the kernel.
    pub(crate) outside: f64,
    /// Whether the kernel takes about as long as that of one worker on its own share, as Gustafson's law assumes.
    pub(crate) is_as_assumed: bool,
    /// The kernel's time over that of one worker on its own share.
    pub(crate) stretch: Option<Estimate>,
    /// The kernel, with its speedup over that of one worker on the same grown job.
    pub(crate) kernel: Option<Gain>,
    /// The same grown job on one worker over that on all; `None` if one worker did not run it.
    pub(crate) measured: Option<Estimate>,
    /// How many one-worker jobs are done in the time of one.
    pub(crate) work: Estimate,
}

/// What one more launch costs, in seconds.
pub(crate) struct Launches {
    /// If the host waits for each.
    pub(crate) waited: Estimate,
    /// If all stand in one pass.
    pub(crate) batched: Estimate,
    /// Whether each of these needs what the one before it wrote.
    pub(crate) waits: bool,
}

/// One job cut into launches, all in one launch style.
pub(crate) struct Cut {
    /// The workload with its job.
    pub(crate) job: String,
    /// Whether the host waits for each launch.
    pub(crate) is_waited_for: bool,
    /// Launches, ascending, and the time with all of them in seconds.
    pub(crate) rows: Vec<(u32, Estimate)>,
    /// Time of the kernels of the most launches together, over that of the uncut kernel.
    pub(crate) kernel_growth: Option<Estimate>,
}

/// The device against the processor on growing problems.
pub(crate) struct Race {
    /// The workload.
    pub(crate) name: String,
    /// The device in a sentence.
    pub(crate) device: &'static str,
    /// The baseline that is the hardest to beat, in a sentence.
    pub(crate) baseline: String,
    /// Who wins from which size on.
    pub(crate) crossover: Crossover,
    /// The power of the size that the work grows with.
    pub(crate) power: u32,
    /// Problems, ascending, with the times of device and processor in seconds.
    pub(crate) rows: Vec<(Problem, Estimate, Estimate)>,
}

/// Reads everything that exercises need.
pub(crate) fn lesson(run: &Run) -> Lesson {
    Lesson {
        same: all(run, &FixedSize, |views| views.iter().filter_map(|view| same_job(*view)).collect()),
        bigger: first(run, &ScaledSize, scaled_size::bigger_job).filter(|job| job.rows.len() > 1),
        launches: first(run, &LaunchOverhead, launch_overhead::launches).flatten(),
        cuts: first(run, &SplitWork, split_work::cuts).unwrap_or_default(),
        races: all(run, &ProblemSize, |views| views.iter().filter_map(|view| problem_size::race(*view)).collect()),
    }
}

/// Reads the whole job; on a processor, which times no parts, the kernel is all of it. `None` if it was timed on fewer
/// than two worker counts.
fn same_job(view: View<'_, <FixedSize as Experiment>::Reading>) -> Option<SameJob> {
    let View { measured, reading, .. } = view;
    let kernel = Speedups::of(measured, Quantity::Kernel);
    let whole = Speedups::of(measured, Quantity::WholeJob).map(|whole| (Quantity::WholeJob, whole));
    let whole = whole.or_else(|| Some((Quantity::Kernel, kernel.clone()?)));
    let (quantity, whole) = whole.filter(|(_, whole)| whole.points.len() > 1)?;
    let gain = |(timed, speedup): &(Timed<'_>, Estimate)| Gain { seconds: timed.time.estimate(), speedup: *speedup };
    let of_kernel = |case: &Measurement| {
        let points = kernel.as_ref()?.points.iter();
        points.into_iter().find(|(timed, _)| std::ptr::eq(timed.case, case)).map(gain)
    };
    let row = |point: &(Timed<'_>, Estimate)| Row {
        workers: measured.workers(point.0.case),
        kernel: of_kernel(point.0.case),
        whole_job: gain(point),
    };
    let rows: Vec<Row> = whole.points.iter().map(row).collect();
    let kernel_enough = kernel.as_ref().and_then(Speedups::enough).and_then(|(timed, _)| {
        let workers = measured.workers(timed.case);
        rows.iter().position(|row| row.workers == workers)
    });
    let phases = SERIAL_PHASES.into_iter().chain([Phase::Kernel]);
    Some(SameJob {
        name: words::workload(measured),
        job: job(whole.base.case.problem),
        phases: phases.filter_map(|name| Some((name, phase(whole.base.case, name)?))).collect(),
        rows,
        enough: whole.enough_at()?,
        kernel_enough,
        kernel: reading.of(Quantity::Kernel).fit.clone(),
        whole_job: reading.of(quantity).fit.clone(),
    })
}
