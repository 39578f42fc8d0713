//! What does one launch cost, in each launch style? The number of launches of an empty kernel and the style vary.

mod read;
mod say;
pub(super) mod short;
mod show;
pub(super) mod web;

use super::agreement::{Agreement, asleep};
use super::{About, Experiment, Scene, View, names};
use crate::law::line::LineFit;
use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::{Named, Unit};
use crate::page::words;
use crate::record::{Case, Check, Effort, LaunchStyle, Measured, Run, Series};
use crate::units;
use crate::workload::Workload;
use read::{Line, Part, Reading, WAITED};

/// Numbers of dispatches.
const DISPATCHES: [u32; 5] = [1, 4, 16, 64, 256];

/// How many of them a quick run takes.
const QUICK: usize = 4;

/// The styles between which a dependency can make a difference.
const CHAINED: [LaunchStyle; 3] = [LaunchStyle::OnePass, LaunchStyle::PassEach, LaunchStyle::SubmitEach];

/// The styles in which launches have arguments of their own as well: the cheapest, and the dearest without a read-back.
const WITH_ARGUMENTS: [LaunchStyle; 2] = [LaunchStyle::OnePass, LaunchStyle::WaitEach];

/// Factor by which a single launch at the start of the run and one more launch here may differ.
const LAUNCH: f64 = 1.5;

/// The kernel that computes nothing.
const EMPTY: &str = "empty";

/// The variant of the empty kernel that needs the one before it.
const DEPENDENT: &str = "dependent";

/// The variant of the empty kernel whose launches have arguments.
const ARGUMENTS: &str = "arguments";

/// The cost of a launch where the times of several counts are no straight line: that of the most launches, divided by
/// their number.
const ONE_OF_MANY: &str = "average launch of many (no straight line)";

/// The experiment `launch-overhead`.
pub(super) struct LaunchOverhead;

static ABOUT: About = About {
    name: names::LAUNCH_OVERHEAD,
    question: "What does one launch cost, in each launch style?",
    workloads: &[EMPTY],
    axes: &[],
};

impl Experiment for LaunchOverhead {
    type Reading = Reading;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() == EMPTY || workload.is_the_readers()
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(&ABOUT);
        let mut styles: Vec<Series> = LaunchStyle::ALL.map(LaunchStyle::series).into();
        styles.extend(scene.calibration.wait.map(|own| LaunchStyle::WaitEach.waited_for_by(own.other())));
        let plain = &scene.workload.variants()[0];
        let beside = |name: &str| scene.workload.variants().iter().find(|variant| variant.name == name);
        // If another kernel was asked for, every series has that one.
        let beside = |name| beside(name).filter(|_| plain.name == scene.variant.name && !scene.on_cpu());
        if let Some(variant) = beside(DEPENDENT) {
            plan.chained = variant;
            styles.extend(CHAINED.map(LaunchStyle::chained));
        }
        if let Some(variant) = beside(ARGUMENTS) {
            plan.arguments = variant;
            styles.extend(WITH_ARGUMENTS.map(LaunchStyle::with_arguments));
        }
        let problem = scene.workload.problem(1);
        // On a processor a launch is the waking of its threads.
        let size = if scene.on_cpu() { 1 } else { scene.variant.workgroup_size(1) };
        let workers = if scene.on_cpu() { scene.cpu_threads() } else { u64::from(size) };
        let counts = if scene.settings.effort == Effort::Quick { QUICK } else { DISPATCHES.len() };
        for series in styles {
            let case = Case::new(problem, workers, size).in_series(series);
            plan.cases.extend(DISPATCHES.into_iter().take(counts).map(|dispatches| Case { dispatches, ..case }));
        }
        vec![plan]
    }

    fn read(&self, _: &Run, measured: &Measured) -> Self::Reading {
        read::read(measured)
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        if measured.workload == EMPTY {
            return "K launches of an empty kernel: no work.".to_owned();
        }
        format!("K launches of {} on one element, with all its bindings: next to no work.", words::workload(measured))
    }

    fn numbers(&self, View { measured, reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        let whole = reading.0.iter().filter(|line| line.part == Part::Whole);
        let cost = |line: &Line| {
            let slope = line.fit.slope().map(|slope| Named::new("one more launch", Unit::Seconds, slope));
            let many = || Some(Named::new(ONE_OF_MANY, Unit::Seconds, read::each(measured, line.series)?));
            Some(slope.or_else(many)?.of(line.series))
        };
        whole.filter_map(cost).chain(short::batching(measured, reading)).collect()
    }

    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block> {
        show::blocks(view.measured, view.reading)
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        say::sentences(view)
    }

    fn checks(&self, view: View<'_, Self::Reading>) -> Vec<Check> {
        let empty = view.run.calibration.empty_launch.filter(|_| view.measured.workload == EMPTY);
        let both = empty.zip(view.reading.cost(WAITED));
        let agreement = both.map(|(opening, ladder)| Agreement {
            name: "a single launch against one more launch",
            place: format!("empty kernel, {WAITED}"),
            first: ("a single launch at the start", opening),
            second: ("one more launch", ladder),
            factor: LAUNCH,
            unit: units::seconds,
            cause: asleep(view.run, opening, ladder),
        });
        agreement.map(Agreement::check).into_iter().collect()
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        views.first().and_then(|view| say::answer(view.measured, view.reading)).into_iter().collect()
    }
}

/// Empty launches of a run, to compare launches that work with.
pub(super) struct Ladder {
    /// The line of their times.
    pub(super) line: LineFit,
    /// Whether each waits for the one before it.
    pub(super) waits: bool,
}

/// Returns the empty launches of a style: those that each wait for the one before, or else those that wait for none.
/// `None` if the run reads no cost from either.
pub(super) fn ladder(run: &Run, style: LaunchStyle) -> Option<Ladder> {
    let measured =
        || run.experiments.iter().filter(|measured| measured.name == ABOUT.name && measured.workload == EMPTY);
    let read = |series: Series, measured: &Measured| {
        let line = read::line(measured, series, Part::Whole).filter(|line| line.verdict.is_accepted())?;
        // The host itself may wait for each, or the kernel of all series may be the dependent one.
        let waits = series.is_chained() || style.is_waited_for() || measured.variant.as_deref() == Some(DEPENDENT);
        Some(Ladder { line, waits })
    };
    let of = |series| measured().find_map(|measured| read(series, measured));
    of(style.chained()).or_else(|| of(style.series()))
}
