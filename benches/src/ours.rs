//! amdahl's own kernels, through its library.

use std::rc::Rc;

use amdahl::device::cpu::{Cpu, CpuJob, host_threads};
use amdahl::device::gpu::{Adapter, Gpu, GpuJob};
use amdahl::device::{Device, DeviceError, Job, Spec, Waiting};
use amdahl::measure;
use amdahl::record::{Baseline, Case, Checks, LaunchStyle, Series};
use amdahl::workload::{self, Variant, Workgroup, Workload};

use crate::Fault;
use crate::products::{Product, Task};
use crate::race::Contestant;

/// Workgroup sizes that are tried where a kernel takes any.
const SIZES: [u32; 3] = [64, 128, 256];

/// A job of amdahl's.
pub(crate) struct Ours<J> {
    name: String,
    job: J,
}

impl<J: Job> Contestant for Ours<J> {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn seconds(&mut self, times: u32) -> Result<f64, Fault> {
        self.job.set_dispatches(times);
        let repetition = pollster::block_on(self.job.run(false))?;
        Ok(repetition.wall / f64::from(times))
    }
}

impl<J: Job> Product for Ours<J> {
    fn output(&mut self) -> Result<Vec<f32>, Fault> {
        pollster::block_on(self.job.output())?.ok_or_else(|| "a product without an output".into())
    }
}

/// Returns the name of the kernel that amdahl's own race takes for this product.
pub(crate) fn chosen(gpu: &mut Gpu, task: &Task) -> Result<String, Fault> {
    let race = pollster::block_on(measure::race(gpu, task.workload, task.problem, 1))?;
    let winner = race.winner().ok_or("no kernel ran")?;
    Ok(named(winner.variant.as_str(), winner.workgroup_size, Checks::All))
}

fn named(variant: &str, size: u32, checks: Checks) -> String {
    format!("amdahl, {variant} in workgroups of {size}, {}", checks.name())
}

/// Returns every kernel for this product that the adapter takes, in each workgroup size, compiled with these checks.
pub(crate) fn kernels(gpu: &mut Gpu, task: &Task, checks: Checks) -> Result<Vec<Ours<GpuJob>>, Fault> {
    let largest = gpu.info().limits.workgroup_size;
    let sizes = |variant: &Variant| match variant.workgroup {
        Workgroup::Only(size) => vec![size],
        _ => SIZES.into_iter().filter(|&size| size <= largest && variant.takes(size)).collect(),
    };
    let variants = task.workload.variants().iter();
    let ways = variants.flat_map(|variant| sizes(variant).into_iter().map(move |size| (variant, size)));
    let taken = |made: &Result<_, Fault>| match made {
        Ok(_) => true,
        Err(fault) => !matches!(fault.downcast_ref(), Some(DeviceError::Unsupported(_) | DeviceError::OutOfMemory(_))),
    };
    ways.map(|way| kernel(gpu, task, way, checks)).filter(taken).collect()
}

/// Makes a kernel ready, with as many workers as it can use.
fn kernel(
    gpu: &mut Gpu,
    task: &Task,
    (variant, size): (&'static Variant, u32),
    checks: Checks,
) -> Result<Ours<GpuJob>, Fault> {
    let busy = (variant.busy)(task.problem, task.workload.items(task.problem));
    let workers = busy.next_multiple_of(size.into());
    let case = Case::new(task.problem, workers, size).in_series(Series::Checks(checks));
    let (job, _) = pollster::block_on(gpu.prepare(&spec(task, variant, case)))?;
    Ok(Ours { name: named(variant.name, size, checks), job })
}

/// Makes amdahl's own product on all threads of the processor ready: `matrixmultiply` through ndarray.
pub(crate) fn on_threads(task: &Task) -> Result<Ours<CpuJob>, Fault> {
    let case = Case::new(task.problem, host_threads().into(), 1).in_series(Series::Baseline(Baseline::Threads));
    let spec = spec(task, &task.workload.variants()[0], case);
    let (job, _) = Cpu::new().prepare_baseline(&spec, Baseline::Threads)?;
    Ok(Ours { name: "processor, matrixmultiply".to_owned(), job })
}

fn spec(task: &Task, variant: &'static Variant, case: Case) -> Spec {
    Spec { workload: task.workload, variant, case, inputs: Rc::clone(&task.inputs) }
}

/// Opens a device on the adapter.
pub(crate) fn open(adapter: &Adapter) -> Result<Gpu, Fault> {
    Ok(pollster::block_on(Gpu::open(adapter.clone(), Waiting::default()))?)
}

/// Returns the product of matrices.
pub(crate) fn product() -> Result<&'static dyn Workload, Fault> {
    workload::find("matmul").ok_or_else(|| "no workload matmul".into())
}

/// Makes launches of an empty kernel ready, in that style.
pub(crate) fn launches(gpu: &mut Gpu, style: LaunchStyle) -> Result<Ours<GpuJob>, Fault> {
    let (workload, inputs) = (workload::EMPTY, Rc::new(Vec::new()));
    let case = Case::new(workload.problem(1), 1, 1).in_series(style.series());
    let spec = Spec { workload, variant: &workload.variants()[0], case, inputs };
    let (job, _) = pollster::block_on(gpu.prepare(&spec))?;
    Ok(Ours { name: format!("amdahl, {}", style.name()), job })
}
