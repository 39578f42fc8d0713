//! Host data of a problem: inputs, reference and tolerance. Cases of the same problem share them.

use std::collections::HashMap;
use std::rc::Rc;

use super::Watch;
use crate::clock;
use crate::device::cpu::unless_stopped;
use crate::device::{DeviceError, SET_UPS};
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
    /// Returns the data of a problem. They are made on first use.
    ///
    /// # Errors
    ///
    /// Fails if somebody wants to stop before they are made.
    pub(super) fn get(
        &mut self,
        workload: &'static dyn Workload,
        problem: Problem,
        seed: u64,
        watch: &dyn Watch,
    ) -> Result<Rc<Data>, DeviceError> {
        if let Some(data) = self.data.get(&problem) {
            return Ok(Rc::clone(data));
        }
        let made = unless_stopped(&|| watch.interrupted(), move || {
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
        });
        let Some((inputs, making, reference, tolerances)) = made else {
            return Err(DeviceError::Unsupported("the run was stopped while its inputs were made".to_owned()));
        };
        let tolerance = workload.tolerance(problem);
        let data = Rc::new(Data { inputs: Rc::new(inputs), reference, tolerance, tolerances, making });
        self.data.insert(problem, Rc::clone(&data));
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::workload;

    /// A user who stops the program after this number of seconds.
    struct After(f64, Instant);

    impl Watch for After {
        fn interrupted(&self) -> bool {
            clock::seconds_since(self.1) > self.0
        }
    }

    /// A product whose reference takes many seconds.
    #[test]
    fn making_data_can_be_stopped() {
        let matmul = workload::find("matmul").unwrap();
        let (mut store, start) = (Store::default(), clock::now());
        let stopped = store.get(matmul, matmul.problem(2048), 1, &After(0.2, start)).err().unwrap();
        assert!(stopped.to_string().contains("was stopped"), "{stopped}");
        let seconds = clock::seconds_since(start);
        assert!((0.2..2.0).contains(&seconds), "{seconds} s");
        assert!(store.get(matmul, matmul.problem(8), 1, &After(1e9, start)).is_ok());
    }
}
