//! What does moving data cost? The bytes, the direction and the transfer method vary: read by Hockney's law.

mod agree;
mod read;
mod say;
mod show;

use super::{About, Axis, Experiment, Scene, View, names};
use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::{Named, Unit};
use crate::record::{Case, Check, Effort, Measured, Phase, Problem, Run, Series, Skipped, TransferMethod};
use crate::units;
use crate::workload::Workload;
use read::{Line, Reading, bytes, times};

/// The experiment `transfers`.
pub(super) struct Transfers;

static ABOUT: About = About {
    name: names::TRANSFERS,
    question: "What does moving data cost?",
    workloads: &["scale"],
    axes: &[Axis::Sizes],
};

impl Experiment for Transfers {
    type Reading = Reading;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        let problem = workload.problem(64);
        // A vector is moved as well as a matrix, and its size is that of what is moved.
        let is_vector = matches!(problem, Problem::Vector { .. });
        is_vector && !workload.input_lengths(problem).is_empty() && workload.output_length(problem) > 0
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(&ABOUT);
        plan.asked = &[Phase::Upload, Phase::ReadBack];
        if scene.on_cpu() {
            plan.skipped.push(Skipped {
                case: "every transfer".to_owned(),
                reason: "the CPU works in the host's memory, so no data are moved".to_owned(),
            });
            return vec![plan];
        }
        for n in scene.axes.sizes.clone().unwrap_or_else(|| chosen_sizes(scene.settings.effort)) {
            let problem = scene.workload.problem(n);
            let size = scene.usual_workgroup_size();
            let whole = if scene.variant.is_in_teams() { u64::from(size) } else { 1 };
            let workers = scene.workload.items(problem).next_multiple_of(whole);
            // The kernel is there for the verification: once is enough, however short it is.
            let case = Case::new(problem, workers, size);
            plan.cases.extend(TransferMethod::ALL.map(|method| case.in_series(Series::Transfer(method))));
        }
        vec![plan]
    }

    fn read(&self, run: &Run, measured: &Measured) -> Self::Reading {
        read::read(measured, run.usual_transfer())
    }

    fn setting(&self, _: &Run, _: &Measured) -> String {
        "Bytes, direction and transfer method vary.".to_owned()
    }

    fn numbers(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        let numbers = |line: &Line| {
            let of = line.phase.name();
            let start = line.fit.latency().map(|start| Named::new(&format!("{of} start-up"), Unit::Seconds, start));
            let rate = line.fit.rate().map(|rate| Named::new(&format!("{of} rate"), Unit::BytesPerSecond, rate));
            [start, rate].map(|named| named.map(|named| named.of(line.series)))
        };
        reading.lines.iter().flat_map(numbers).flatten().collect()
    }

    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block> {
        show::blocks(&view.run.device, view.measured, view.reading)
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        say::sentences(view.measured, view.reading)
    }

    fn checks(&self, view: View<'_, Self::Reading>) -> Vec<Check> {
        agree::checks(view)
    }

    fn line(&self, views: &[View<'_, Self::Reading>]) -> Option<(&'static str, String)> {
        let reading = views.first()?.reading;
        let direction = |phase, name: &str| {
            let line = reading.line(reading.usual, phase).and_then(|fit| Some((fit.latency()?, fit.rate()?)));
            if let Some((start, rate)) = line {
                return Some(format!("{name} {}, then {}", units::seconds(start.value), units::bandwidth(rate.value)));
            }
            let (case, time) = times(views[0].measured, reading.usual, phase).into_iter().next_back()?;
            let bytes = bytes(case, phase) as f64;
            Some(format!("{name} {} for {}", units::bandwidth(bytes / time.median), units::bytes(bytes)))
        };
        let both = [direction(Phase::Upload, "upload"), direction(Phase::ReadBack, "back")];
        let both: Vec<String> = both.into_iter().flatten().collect();
        (!both.is_empty()).then(|| ("transfers", both.join("; ")))
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        views
            .first()
            .and_then(|view| say::answer(view.run.device.kind, view.measured, view.reading))
            .into_iter()
            .collect()
    }
}

/// Elements: four times as many at each step.
fn chosen_sizes(effort: Effort) -> Vec<u64> {
    let largest = if effort == Effort::Quick { 10 } else { 11 };
    (4..=largest).map(|exponent| 1 << (2 * exponent)).collect()
}
