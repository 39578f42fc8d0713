//! Libraries for matrix products on the processor, on all its threads.

use std::rc::Rc;
use std::time::Instant;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use gemm::Parallelism;

use crate::Fault;
use crate::products::{Product, Task};
use crate::race::Contestant;

/// Both matrices and their product.
struct Matrices {
    n: usize,
    inputs: Rc<Vec<Vec<f32>>>,
    output: Vec<f32>,
}

impl Matrices {
    fn new(task: &Task) -> Self {
        Self { n: task.n, inputs: Rc::clone(&task.inputs), output: vec![f32::NAN; task.n * task.n] }
    }
}

/// Seconds of one run of several.
fn seconds_each(times: u32, mut run: impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..times).for_each(|_| run());
    start.elapsed().as_secs_f64() / f64::from(times)
}

/// The library `gemm`.
pub(crate) struct Gemm(Matrices);

impl Gemm {
    pub(crate) fn new(task: &Task) -> Self {
        Self(Matrices::new(task))
    }

    fn multiply(&mut self) {
        let Matrices { n, inputs, output } = &mut self.0;
        let (n, stride) = (*n, (*n).cast_signed());
        assert!(inputs[0].len() == n * n && inputs[1].len() == n * n && output.len() == n * n);
        // SAFETY: the three matrices have n rows of n elements, one after the other, as the strides say, and the product
        // is in nobody else's hands.
        unsafe {
            gemm::gemm(
                n,
                n,
                n,
                output.as_mut_ptr(),
                1,
                stride,
                false,
                inputs[0].as_ptr(),
                1,
                stride,
                inputs[1].as_ptr(),
                1,
                stride,
                0.0,
                1.0,
                false,
                false,
                false,
                Parallelism::Rayon(0),
            );
        }
    }
}

impl Contestant for Gemm {
    fn name(&self) -> String {
        "processor, gemm".to_owned()
    }

    fn seconds(&mut self, times: u32) -> Result<f64, Fault> {
        Ok(seconds_each(times, || self.multiply()))
    }
}

impl Product for Gemm {
    fn output(&mut self) -> Result<Vec<f32>, Fault> {
        self.multiply();
        Ok(self.0.output.clone())
    }
}

/// The library `faer`.
pub(crate) struct Faer(Matrices);

impl Faer {
    pub(crate) fn new(task: &Task) -> Self {
        Self(Matrices::new(task))
    }

    fn multiply(&mut self) {
        let Matrices { n, inputs, output } = &mut self.0;
        let [a, b] = [0, 1].map(|index| MatRef::from_row_major_slice(&inputs[index], *n, *n));
        let product = MatMut::from_row_major_slice_mut(output, *n, *n);
        matmul(product, Accum::Replace, a, b, 1.0, Par::rayon(0));
    }
}

impl Contestant for Faer {
    fn name(&self) -> String {
        "processor, faer".to_owned()
    }

    fn seconds(&mut self, times: u32) -> Result<f64, Fault> {
        Ok(seconds_each(times, || self.multiply()))
    }
}

impl Product for Faer {
    fn output(&mut self) -> Result<Vec<f32>, Fault> {
        self.multiply();
        Ok(self.0.output.clone())
    }
}
