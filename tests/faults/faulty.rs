//! A device that does everything right but for one planted fault.

use amdahl::device::{Device, DeviceError, DeviceTiming, Job, Lap, Repetition, Spec};
use amdahl::record::{Clock, DeviceInfo, Phase, Timing};
use amdahl::workload::{File, Shader, Variant};

/// What is planted. Faults are in the jobs of one workload, so that the canary and the roofs are sound.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// None.
    Sound,
    /// The text of the kernels is edited, on a device that has kernels.
    Kernel(fn(&str) -> String),
    /// The output is changed.
    Output(fn(&mut Vec<f32>)),
    /// The times of two phases are mixed up.
    Swapped(Phase, Phase),
    /// A phase is timed too long, by this factor.
    Stretched(Phase, f64),
    /// The time of a pass is that of one of its dispatches, however many there are.
    Frozen,
    /// From that run on the timestamps cannot be true, in the jobs of so many workers.
    Timestamps { from: usize, workers: u64 },
    /// The device fails, in the run of that number.
    Fails(usize, fn() -> DeviceError),
    /// A job takes longer by this factor than its twin, which was made ready before it.
    Twins(f64),
}

/// A device with a fault in the jobs of one workload.
pub(crate) struct Faulty<D> {
    pub(crate) device: D,
    pub(crate) workload: &'static str,
    pub(crate) fault: Fault,
    pub(crate) specs: Vec<(u64, u64)>,
}

impl<D> Faulty<D> {
    pub(crate) fn new(device: D, workload: &'static str, fault: Fault) -> Self {
        Self { device, workload, fault, specs: Vec::new() }
    }
}

pub(crate) struct FaultyJob<J> {
    job: J,
    fault: Fault,
    workers: u64,
    runs: usize,
    dispatches: u32,
    is_twin: bool,
}

impl<D: Device> Device for Faulty<D> {
    type Job = FaultyJob<D::Job>;

    fn info(&self) -> &DeviceInfo {
        self.device.info()
    }

    fn timing(&self) -> DeviceTiming {
        self.device.timing()
    }

    fn computes(&self) -> bool {
        self.device.computes()
    }

    fn has_hardware(&self) -> bool {
        self.device.has_hardware()
    }

    async fn prepare(&mut self, spec: &Spec) -> Result<(Self::Job, Vec<Lap>), DeviceError> {
        let fault = if spec.workload.name() == self.workload { self.fault } else { Fault::Sound };
        let (job, laps) = match fault {
            Fault::Kernel(edit) => {
                let variant = edited(spec.variant, edit);
                self.device.prepare(&Spec { variant, ..spec.clone() }).await?
            }
            _ => self.device.prepare(spec).await?,
        };
        let made = (spec.case.problem.n(), spec.case.workers);
        let is_twin = self.specs.contains(&made);
        if spec.workload.name() == self.workload {
            self.specs.push(made);
        }
        Ok((FaultyJob { job, fault, workers: spec.case.workers, runs: 0, dispatches: 1, is_twin }, laps))
    }

    async fn fresh(&self) -> Result<Self, DeviceError> {
        Ok(Self::new(self.device.fresh().await?, self.workload, self.fault))
    }

    fn absent(&self, phase: Phase) -> Timing {
        self.device.absent(phase)
    }
}

/// The variant with another text of its kernels, for the rest of the process.
fn edited(variant: &Variant, edit: fn(&str) -> String) -> &'static Variant {
    let shaders: Vec<Shader> = variant
        .shaders
        .iter()
        .map(|shader| {
            let file = File { name: shader.name(), text: edit(&shader.text()).leak(), is_marked: false };
            Shader { files: vec![file].leak(), constants: &[], params: shader.params }
        })
        .collect();
    assert!(variant.shaders.iter().zip(&shaders).any(|(one, other)| one.text() != other.text()), "nothing was edited");
    Box::leak(Box::new(Variant {
        name: variant.name,
        summary: variant.summary,
        shaders: shaders.leak(),
        workgroup: variant.workgroup,
        busy: variant.busy,
        workgroup_memory: variant.workgroup_memory,
        back_edges: variant.back_edges,
    }))
}

impl<J: Job> Job for FaultyJob<J> {
    fn set_dispatches(&mut self, dispatches: u32) {
        self.dispatches = dispatches;
        self.job.set_dispatches(dispatches);
    }

    async fn run(&mut self, transfers: bool) -> Result<Repetition, DeviceError> {
        let mut repetition = self.job.run(transfers).await?;
        self.runs += 1;
        let laps = &mut repetition.laps;
        match self.fault {
            Fault::Swapped(one, other) => {
                let at = |phase| laps.iter().position(|lap| lap.phase == phase);
                if let (Some(one), Some(other)) = (at(one), at(other)) {
                    (laps[one].seconds, laps[other].seconds) = (laps[other].seconds, laps[one].seconds);
                }
            }
            Fault::Stretched(phase, factor) => {
                laps.iter_mut().filter(|lap| lap.phase == phase).for_each(|lap| lap.seconds *= factor);
            }
            Fault::Frozen => {
                let kernel = laps.iter_mut().filter(|lap| lap.phase == Phase::Kernel);
                kernel.for_each(|lap| lap.seconds /= f64::from(self.dispatches));
            }
            Fault::Timestamps { from, workers } if self.runs >= from && self.workers == workers => {
                repetition.rejected = u32::from(self.runs == from);
                for lap in laps {
                    lap.clock = Clock::HostLessEmpty;
                }
            }
            Fault::Fails(run, failure) if self.runs == run => return Err(failure()),
            Fault::Twins(factor) if self.is_twin => {
                for lap in laps {
                    lap.seconds *= factor;
                }
                repetition.wall *= factor;
            }
            _ => {}
        }
        Ok(repetition)
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        let mut output = self.job.output().await?;
        if let Fault::Output(spoil) = self.fault {
            output.iter_mut().for_each(spoil);
        }
        Ok(output)
    }
}
