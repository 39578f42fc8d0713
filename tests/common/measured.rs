//! Whole experiments, run through the library on any device.

use amdahl::device::Device;
use amdahl::device::cpu::Cpu;
use amdahl::experiment::{self, Axes, Outcome, Request, Selection};
use amdahl::measure::{MeasureError, Settings, Watch};
use amdahl::record::{Host, Run};

use super::adapter::find;

struct Silent;

impl Watch for Silent {}

/// Runs experiments, each on the first variant of a workload. A device that fails is an error.
pub(crate) fn measured<D: Device>(
    device: &mut D,
    questions: &[(&str, &str)],
    axes: Axes,
    settings: Settings,
) -> Result<Run, MeasureError> {
    let Outcome { run, failed } = outcome(device, questions, axes, settings)?;
    failed.map_or(Ok(run), |failure| Err(failure.into()))
}

/// Runs experiments, each on the first variant of a workload.
pub(crate) fn outcome<D: Device>(
    device: &mut D,
    questions: &[(&str, &str)],
    axes: Axes,
    settings: Settings,
) -> Result<Outcome, MeasureError> {
    let selection = |&(question, name): &(&str, &str)| {
        let (workload, variant) = find(name);
        Selection {
            experiment: experiment::find(question).expect("an experiment of that name"),
            workload,
            variant: Some(variant),
        }
    };
    let request = Request {
        selections: questions.iter().map(selection).collect(),
        axes,
        settings,
        command: Vec::new(),
        started: "2026-01-01T00:00:00Z".to_owned(),
        last: None,
        host: Host { system: String::new(), processor: None, threads: 2, clock_resolution: 1e-9 },
    };
    pollster::block_on(experiment::run(device, &mut Cpu::new(), request, &Silent, |_| ()))
}
