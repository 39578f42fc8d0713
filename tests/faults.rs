//! A device that computes something wrong ends the run with the case named, before anything is timed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use amdahl::device::cpu::{Cpu, CpuJob};
use amdahl::device::{Device, DeviceError, DeviceTiming, Job, Lap, Repetition, Spec};
use amdahl::experiment::{self, Axes, Request, Selection, settings};
use amdahl::measure::{MeasureError, Watch};
use amdahl::record::{DeviceInfo, Effort, Host, Phase, Run, Timing};
use amdahl::workload;

type Spoil = fn(&mut Vec<f32>);

/// A processor that spoils one element of every output.
struct Faulty {
    cpu: Cpu,
    spoil: Spoil,
}

struct FaultyJob {
    job: CpuJob,
    spoil: Spoil,
}

impl Device for Faulty {
    type Job = FaultyJob;

    fn info(&self) -> &DeviceInfo {
        self.cpu.info()
    }

    fn timing(&self) -> DeviceTiming {
        self.cpu.timing()
    }

    async fn prepare(&mut self, spec: &Spec) -> Result<(FaultyJob, Vec<Lap>), DeviceError> {
        let (job, laps) = self.cpu.prepare(spec).await?;
        Ok((FaultyJob { job, spoil: self.spoil }, laps))
    }

    async fn fresh(&self) -> Result<Self, DeviceError> {
        Ok(Self { cpu: self.cpu.fresh().await?, spoil: self.spoil })
    }

    fn absent(&self, phase: Phase) -> Timing {
        self.cpu.absent(phase)
    }
}

impl Job for FaultyJob {
    fn set_dispatches(&mut self, dispatches: u32) {
        self.job.set_dispatches(dispatches);
    }

    async fn run(&mut self) -> Result<Repetition, DeviceError> {
        self.job.run().await
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        let mut output = self.job.output().await?;
        output.iter_mut().for_each(self.spoil);
        Ok(output)
    }
}

struct Silent;

impl Watch for Silent {
    fn begin(&self, _: &str, _: usize) {}
    fn step(&self) {}
    fn end(&self) {}
}

fn run(workload: &str, spoil: Spoil) -> Result<Run, MeasureError> {
    let workload = workload::find(workload).unwrap();
    let experiment = experiment::find("fixed-size").unwrap();
    let request = Request {
        selections: vec![Selection { experiment, workload, variant: &workload.variants()[0] }],
        axes: Axes { sizes: Some(vec![40]), ..Axes::default() },
        settings: settings(Effort::Quick, 1, 1),
        command: Vec::new(),
        started: String::new(),
        host: Host { system: String::new(), processor: None, threads: 2, clock_resolution: 1e-9 },
    };
    let mut device = Faulty { cpu: Cpu::new(), spoil };
    pollster::block_on(experiment::run(&mut device, &mut Cpu::new(), request, &Silent, |_| Ok(())))
}

#[test]
fn a_device_that_computes_right_is_measured() {
    let measured = run("saxpy", |_| {}).unwrap();
    assert!(measured.complete && !measured.experiments[0].cases.is_empty());
}

#[test]
fn a_wrong_element_ends_the_run_with_the_case_named() {
    let spoiled: [(&str, Spoil); 5] = [
        ("add", |output| output[39] += 1e-3),
        ("saxpy", |output| output[0] = f32::NAN),
        ("dot", |output| output[0] += 1.0),
        ("matmul", |output| output[7] = -output[7] + 0.125),
        ("saxpy", |output| output.truncate(39)),
    ];
    for (name, spoil) in spoiled {
        let error = run(name, spoil).unwrap_err();
        assert!(matches!(error, MeasureError::Mismatch(_)), "{name}: {error}");
        let message = error.to_string();
        assert!(message.contains(name) && message.contains("wrong result"), "{message}");
    }
}
