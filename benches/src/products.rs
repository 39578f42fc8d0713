//! Matrix products: amdahl's fastest kernel beside everybody else's.

use std::rc::Rc;

use amdahl::device::gpu::{Adapter, Gpu, GpuJob};
use amdahl::record::{Checks, Problem};
use amdahl::units;
use amdahl::workload::Workload;

use crate::ours::Ours;
use crate::race::{Contestant, race, ratio, typical};
use crate::{Fault, burn, ours, processor, table};

/// Seconds of one product above which amdahl's simple kernels are left out.
const TOO_LONG: f64 = 3.0;

/// Runs by which the fastest kernel is chosen; one is enough for a product that takes [`SLOW`] seconds.
const RUNS: usize = 3;
const SLOW: f64 = 0.5;

/// Kernels that are shown even where they are not the fastest.
const SHOWN: [&str; 2] = ["naive", "tiled"];

/// A product that everybody computes.
pub(crate) struct Task {
    /// amdahl's workload.
    pub(crate) workload: &'static dyn Workload,
    /// The sides.
    pub(crate) problem: Problem,
    /// The side of the square matrices.
    pub(crate) n: usize,
    /// Both matrices, row by row.
    pub(crate) inputs: Rc<Vec<Vec<f32>>>,
    /// The product in 64 bits.
    reference: Vec<f64>,
    /// The largest difference that rounding explains.
    tolerance: f64,
}

/// A program that multiplies the matrices of a task.
pub(crate) trait Product: Contestant {
    /// Multiplies once and returns the product, row by row.
    fn output(&mut self) -> Result<Vec<f32>, Fault>;
}

impl Task {
    /// Makes matrices of side n and their product in 64 bits.
    fn new(n: u64) -> Result<Self, Fault> {
        let workload = ours::product()?;
        let problem = workload.problem(n);
        let inputs = workload.inputs(problem, 1);
        let reference = workload.reference(problem, &inputs);
        let tolerance = workload.tolerance(problem).value;
        Ok(Self { workload, problem, n: n as usize, inputs: Rc::new(inputs), reference, tolerance })
    }

    /// Fails where a product is not the reference.
    fn verify(&self, product: &mut (impl Product + ?Sized)) -> Result<(), Fault> {
        let output = product.output()?;
        let far = |(&value, exact): (&f32, &f64)| (f64::from(value) - exact).abs();
        let worst = output.iter().zip(&self.reference).map(far).fold(0.0, f64::max);
        if output.len() != self.reference.len() || output.iter().any(|value| value.is_nan()) || worst > self.tolerance {
            return Err(format!("{}: wrong by {worst:e}, {:e} is allowed", product.name(), self.tolerance).into());
        }
        Ok(())
    }
}

/// Measures products of matrices of side n for so many seconds, and prints the table.
pub(crate) fn print(adapter: &Adapter, n: u64, seconds: f64, all: bool) -> Result<(), Fault> {
    let task = Task::new(n)?;
    let (mut gpu, mut contestants) = (ours::open(adapter)?, Vec::new());
    let tried = choose(&mut gpu, &task, all, &mut contestants)?;
    contestants.push(Box::new(burn::Burn::new(adapter, &task)?));
    contestants.push(Box::new(ours::on_threads(&task)?));
    contestants.push(Box::new(processor::Gemm::new(&task)));
    contestants.push(Box::new(processor::Faer::new(&task)));
    for contestant in &mut contestants {
        task.verify(&mut **contestant)?;
    }
    let laps = race(&mut contestants, seconds)?;
    println!("\nMatrix product, n = {n}: {} blocks, every product verified against a 64-bit reference", laps[0].len());
    println!("Of {tried} kernels of amdahl's, with and without checks, the one that its race takes stands first.");
    let row = |index: usize| {
        let (contestant, times) = (&contestants[index], &laps[index]);
        let (time, factor) = (typical(times)?, ratio(times, &laps[0])?);
        Ok(vec![
            contestant.name(),
            units::seconds_interval(time.value, time.low, time.high),
            units::flop_rate(task.workload.flop(task.problem) / time.value),
            units::ratio_interval(factor.value, factor.low, factor.high),
        ])
    };
    let rows = (0..laps.len()).map(row).collect::<Result<Vec<_>, Fault>>()?;
    table::print(&["program", "time (95 %)", "speed", "time / first (95 %)"], &rows);
    Ok(())
}

/// Lets amdahl's kernels compete, with and without checks. The one that amdahl's own race takes comes first; then those
/// that are always shown, or all; then the fastest without checks. Returns how many there were.
fn choose(gpu: &mut Gpu, task: &Task, all: bool, contestants: &mut Vec<Box<dyn Product>>) -> Result<usize, Fault> {
    let chosen = ours::chosen(gpu, task)?;
    let mut checked = ranked(gpu, task, Checks::All)?;
    let first =
        checked.iter().position(|(_, kernel)| kernel.name() == chosen).ok_or("the chosen kernel does not run")?;
    checked[..=first].rotate_right(1);
    let unchecked = ranked(gpu, task, Checks::Unchecked)?;
    let tried = checked.len() + unchecked.len();
    let mut simple = SHOWN.to_vec();
    for (rank, (seconds, kernel)) in checked.into_iter().enumerate() {
        let name = kernel.name();
        let shown = simple.iter().position(|simple| name.contains(simple)).filter(|_| seconds < TOO_LONG);
        if rank == 0 || shown.is_some() || all {
            shown.map(|at| simple.remove(at));
            contestants.push(Box::new(kernel));
        }
    }
    let most = if all { unchecked.len() } else { 1 };
    contestants.extend(unchecked.into_iter().take(most).map(|(_, kernel)| Box::new(kernel) as Box<dyn Product>));
    Ok(tried)
}

/// Returns amdahl's kernels with these checks, each with the seconds of a product, the fastest first.
fn ranked(gpu: &mut Gpu, task: &Task, checks: Checks) -> Result<Vec<(f64, Ours<GpuJob>)>, Fault> {
    let mut timed = Vec::new();
    for mut kernel in ours::kernels(gpu, task, checks)? {
        task.verify(&mut kernel)?;
        let mut laps = vec![kernel.seconds(1)?];
        while laps.len() < RUNS && laps[0] < SLOW {
            laps.push(kernel.seconds(1)?);
        }
        timed.push((typical(&laps)?.value, kernel));
    }
    timed.sort_by(|one, other| one.0.total_cmp(&other.0));
    Ok(timed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program whose product is known beforehand.
    struct Known(Vec<f32>);

    impl Contestant for Known {
        fn name(&self) -> String {
            "known".to_owned()
        }

        fn seconds(&mut self, _: u32) -> Result<f64, Fault> {
            Ok(1.0)
        }
    }

    impl Product for Known {
        fn output(&mut self) -> Result<Vec<f32>, Fault> {
            Ok(self.0.clone())
        }
    }

    #[test]
    fn only_the_whole_right_product_passes() {
        let task = Task::new(8).unwrap();
        let right: Vec<f32> = task.reference.iter().map(|&value| value as f32).collect();
        assert!(task.verify(&mut Known(right.clone())).is_ok());
        for wrong in [right[9].next_up(), f32::NAN, 0.0] {
            let mut output = right.clone();
            output[9] = wrong;
            assert!(task.verify(&mut Known(output)).is_err(), "{wrong}");
        }
        assert!(task.verify(&mut Known(right[1..].to_vec())).is_err());
        assert!(task.verify(&mut Known(Vec::new())).is_err());
    }
}
