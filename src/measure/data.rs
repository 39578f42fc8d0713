//! Host data of a problem: inputs, reference and tolerance. Cases of the same problem share them.

use std::collections::HashMap;
use std::rc::Rc;

use crate::clock;
use crate::device::SET_UPS;
use crate::device::cpu::unless_stopped;
use crate::record::Problem;
use crate::workload::{Tolerance, Workload};

/// Longest time to make inputs repeatedly, in seconds. Slower inputs are made once.
const LONG: f64 = 0.02;

/// Inputs and reference of all cases of one problem.
pub(super) struct Data {
    pub(super) inputs: Rc<Vec<Vec<f32>>>,
    pub(super) reference: Vec<f64>,
    pub(super) tolerance: Tolerance,
    /// The tolerance of each element, if they differ.
    pub(super) tolerances: Option<Vec<f64>>,
    /// Times to make the inputs (the host's part of the set-up), in seconds: [`SET_UPS`] of them, or one if it takes
    /// long.
    pub(super) making: Vec<f64>,
}

/// Data of all problems so far.
#[derive(Default)]
pub(super) struct Store {
    data: HashMap<Problem, Rc<Data>>,
}

impl Store {
    /// Returns the data of a problem. They are made on first use; `None` if somebody wants to stop before they are.
    pub(super) fn get(
        &mut self,
        workload: &'static dyn Workload,
        problem: Problem,
        seed: u64,
        stop: &dyn Fn() -> bool,
    ) -> Option<Rc<Data>> {
        if let Some(data) = self.data.get(&problem) {
            return Some(Rc::clone(data));
        }
        let (inputs, making, reference, tolerances) = unless_stopped(stop, move || {
            let mut making = Vec::with_capacity(SET_UPS);
            let inputs = loop {
                let start = clock::now();
                let inputs = workload.inputs(problem, seed);
                making.push(clock::seconds_since(start));
                if making.len() == SET_UPS || making[0] > LONG {
                    break inputs;
                }
            };
            let reference = workload.reference(problem, &inputs);
            (inputs, making, reference, workload.tolerances(problem))
        })?;
        let tolerance = workload.tolerance(problem);
        let data = Rc::new(Data { inputs: Rc::new(inputs), reference, tolerance, tolerances, making });
        self.data.insert(problem, Rc::clone(&data));
        Some(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload;

    /// A product whose reference takes many seconds.
    #[test]
    fn making_data_can_be_stopped() {
        let matmul = workload::find("matmul").unwrap();
        let mut store = Store::default();
        let start = clock::now();
        let stop = || clock::seconds_since(start) > 0.2;
        assert!(store.get(matmul, matmul.problem(2048), 1, &stop).is_none());
        let seconds = clock::seconds_since(start);
        assert!((0.2..2.0).contains(&seconds), "{seconds} s");
        assert!(store.get(matmul, matmul.problem(8), 1, &|| false).is_some());
    }
}
