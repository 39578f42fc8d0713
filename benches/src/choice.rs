//! amdahl's choice: the kernel that its race takes beside the simple ones, and beside the best of every kernel in every
//! workgroup size. And vectors beside a copy of their size.

use std::rc::Rc;

use amdahl::device::gpu::{Gpu, GpuJob};
use amdahl::device::{Device, Job, Spec};
use amdahl::measure;
use amdahl::record::{Case, Problem, Tried};
use amdahl::units;
use amdahl::workload::{self, Variant, Workgroup, Workload};

use crate::race::{Contestant, race, ratio, typical};
use crate::{Fault, table};

/// Workgroup sizes of the exhaustive search, where a kernel takes any.
const SIZES: [u32; 5] = [16, 32, 64, 128, 256];

/// Runs by which the search ranks a kernel.
const RUNS: usize = 3;

/// Seed of the inputs.
const SEED: u64 = 1;

/// A kernel, timed by the device's clock.
struct Kernel {
    name: String,
    job: GpuJob,
}

impl Contestant for Kernel {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn seconds(&mut self, times: u32) -> Result<f64, Fault> {
        self.job.set_dispatches(times);
        let repetition = pollster::block_on(self.job.run(false))?;
        repetition.kernel().ok_or_else(|| "a kernel without a time".into())
    }
}

/// A workload on one problem, with its inputs.
struct Task {
    workload: &'static dyn Workload,
    problem: Problem,
    inputs: Rc<Vec<Vec<f32>>>,
}

impl Task {
    fn new(name: &str, n: u64) -> Result<Self, Fault> {
        let workload = workload::find(name).ok_or_else(|| format!("no workload {name}"))?;
        let problem = workload.problem(n);
        Ok(Self { workload, problem, inputs: Rc::new(workload.inputs(problem, SEED)) })
    }

    /// Makes a variant ready, with as many workers as it can use.
    fn kernel(&self, gpu: &mut Gpu, variant: &'static Variant, size: u32) -> Result<Kernel, Fault> {
        let busy = (variant.busy)(self.problem, self.workload.items(self.problem));
        let case = Case::new(self.problem, busy.next_multiple_of(size.into()), size);
        let spec = Spec { workload: self.workload, variant, case, inputs: Rc::clone(&self.inputs) };
        let (job, _) = pollster::block_on(gpu.prepare(&spec))?;
        Ok(Kernel { name: format!("{} {} in workgroups of {size}", self.workload.name(), variant.name), job })
    }

    /// Returns the kernel that amdahl's race takes.
    fn chosen(&self, gpu: &mut Gpu) -> Result<(Kernel, Tried), Fault> {
        let race = pollster::block_on(measure::race(gpu, self.workload, self.problem, SEED))?;
        let winner = race.winner().ok_or("no kernel ran")?.clone();
        let kernel = self.kernel(gpu, self.variant(winner.variant.as_str())?, winner.workgroup_size)?;
        Ok((Kernel { name: format!("chosen: {}", kernel.name), ..kernel }, winner))
    }

    fn variant(&self, name: &str) -> Result<&'static Variant, Fault> {
        let found = self.workload.variants().iter().find(|variant| variant.name == name);
        found.ok_or_else(|| format!("no variant {name}").into())
    }

    /// Returns the best of every variant in every workgroup size, by the fastest of a few runs.
    fn best(&self, gpu: &mut Gpu) -> Result<Kernel, Fault> {
        let mut best: Option<(f64, Kernel)> = None;
        let sizes = |variant: &Variant| match variant.workgroup {
            Workgroup::Only(size) => vec![size],
            _ => SIZES.into_iter().filter(|&size| variant.takes(size)).collect(),
        };
        for variant in self.workload.variants() {
            for size in sizes(variant) {
                let Ok(mut kernel) = self.kernel(gpu, variant, size) else { continue };
                let laps = (0..RUNS).map(|_| kernel.seconds(1)).collect::<Result<Vec<_>, _>>()?;
                let seconds = laps.into_iter().fold(f64::INFINITY, f64::min);
                if best.as_ref().is_none_or(|(before, _)| seconds < *before) {
                    best = Some((seconds, kernel));
                }
            }
        }
        let (_, kernel) = best.ok_or("no kernel ran")?;
        Ok(Kernel { name: format!("best: {}", kernel.name), ..kernel })
    }
}

/// Measures the chosen product of matrices of side n beside the others for so many seconds.
pub(crate) fn print_products(gpu: &mut Gpu, n: u64, seconds: f64) -> Result<(), Fault> {
    let task = Task::new("matmul", n)?;
    let (chosen, _) = task.chosen(gpu)?;
    let mut kernels = vec![Box::new(chosen), Box::new(task.best(gpu)?)];
    for (name, size) in [("naive", 256), ("tiled", 256)] {
        kernels.push(Box::new(task.kernel(gpu, task.variant(name)?, size)?));
    }
    println!("\namdahl's choice for matmul, n = {n}");
    let flop = task.workload.flop(task.problem);
    show(&mut kernels, seconds, &[flop; 4], units::flop_rate)
}

/// Measures the chosen vector kernels of n elements beside the chosen copy.
pub(crate) fn print_vectors(gpu: &mut Gpu, n: u64, seconds: f64) -> Result<(), Fault> {
    let (mut kernels, mut bytes) = (Vec::new(), Vec::new());
    for name in ["copy", "saxpy", "add", "dot"] {
        let task = Task::new(name, n)?;
        kernels.push(Box::new(task.chosen(gpu)?.0));
        bytes.push(task.workload.bytes(task.problem));
    }
    println!("\namdahl's choice for vectors, n = {n}");
    show(&mut kernels, seconds, &bytes, units::bandwidth)
}

/// Lets kernels take turns, and prints each one's rate, and that over the first one's.
fn show(kernels: &mut [Box<Kernel>], seconds: f64, work: &[f64], rate: fn(f64) -> String) -> Result<(), Fault> {
    let laps = race(kernels, seconds)?;
    let row = |index: usize| {
        let time = typical(&laps[index])?;
        // Time over time, and work over work: rate over rate.
        let more = work[index] / work[0];
        let factor = ratio(&laps[0], &laps[index])?;
        Ok(vec![
            kernels[index].name(),
            units::seconds_interval(time.value, time.low, time.high),
            rate(work[index] / time.value),
            units::ratio_interval(more * factor.value, more * factor.low, more * factor.high),
        ])
    };
    let rows = (0..kernels.len()).map(row).collect::<Result<Vec<_>, Fault>>()?;
    table::print(&["kernel", "time (95 %)", "rate", "rate / first (95 %)"], &rows);
    Ok(())
}
