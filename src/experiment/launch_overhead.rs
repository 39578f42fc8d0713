//! What does one launch cost, by how it is launched? The number of dispatches of an empty kernel and the rung vary.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::device::{Launch, Wait};
use crate::measure::{Dispatches, Place, Plan, Planned};
use crate::record::{self, Effort, Fit, LaunchPart};
use crate::workload::{Variant, Workload};

/// Numbers of dispatches.
const DISPATCHES: [u32; 5] = [1, 4, 16, 64, 256];

/// How many of them a quick run takes.
const QUICK: usize = 4;

/// A rung of the ladder as this experiment plans it.
struct Rung {
    name: &'static str,
    launch: Launch,
    /// The variant of the empty kernel, where it is not that of the plan.
    variant: Option<&'static Variant>,
    wait: Option<Wait>,
}

impl Rung {
    fn plain(launch: Launch) -> Self {
        Self { name: launch.name(), launch, variant: None, wait: None }
    }
}

/// The experiment `launch-overhead`.
pub(super) struct LaunchOverhead;

impl Experiment for LaunchOverhead {
    fn name(&self) -> &'static str {
        "launch-overhead"
    }

    fn question(&self) -> &'static str {
        "what does one launch cost, by how it is launched?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["empty"]
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() == "empty"
    }

    fn axes(&self) -> &'static [Axis] {
        &[]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(self);
        let problem = scene.workload.problem(1);
        // On a processor a launch is the waking of its threads.
        let workers = if scene.on_cpu() { scene.cpu_threads() } else { 1 };
        let counts = if scene.settings.effort == Effort::Quick { QUICK } else { DISPATCHES.len() };
        for (number, rung) in rungs(scene).into_iter().enumerate() {
            plan.cases.extend(DISPATCHES.into_iter().take(counts).map(|dispatches| Planned {
                dispatches: Dispatches::Exactly(dispatches),
                launch: rung.launch,
                variant: rung.variant,
                wait: rung.wait,
                // A driver keeps the command buffers of every pass it ever saw; each rung gets a handle of its own.
                place: Place::Fresh(number),
                rung: Some(rung.name),
                ..case(problem, workers, 1)
            }));
        }
        vec![plan]
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        let mut rungs: Vec<&str> = experiment.cases.iter().filter_map(|case| case.rung.as_deref()).collect();
        rungs.dedup();
        let lines = LaunchPart::ALL.into_iter().flat_map(|part| rungs.iter().map(move |rung| (rung, part)));
        lines.filter_map(|(rung, part)| read::launch(&experiment.cases, rung, part)).collect()
    }
}

/// The ladder; on a GPU also the rung that waits, waited for in the other way, and beside the rungs between which a
/// dependency can make a difference their dependent twins.
fn rungs(scene: &Scene<'_>) -> Vec<Rung> {
    let mut rungs: Vec<Rung> = Launch::ALL.into_iter().map(Rung::plain).collect();
    if let Some(own) = scene.calibration.wait.as_deref().and_then(Wait::find) {
        let name = match own.other() {
            Wait::Block => "wait-each-block",
            Wait::Spin => "wait-each-spin",
        };
        rungs.push(Rung { name, wait: Some(own.other()), ..Rung::plain(Launch::WaitEach) });
    }
    let mut variants = scene.workload.variants().iter();
    let dependent = variants.find(|variant| variant.name == "dependent");
    // Where the dependent kernel itself was asked for, the whole ladder is dependent.
    if let Some(variant) = dependent.filter(|variant| variant.name != scene.variant.name && !scene.on_cpu()) {
        let twins = [
            (Launch::OnePass, "one-pass-chained"),
            (Launch::PassEach, "pass-each-chained"),
            (Launch::SubmitEach, "submit-each-chained"),
        ];
        rungs.extend(twins.map(|(launch, name)| Rung { name, variant: Some(variant), ..Rung::plain(launch) }));
    }
    rungs
}
