//! What if a phase took no time, or overlapped with the kernel? The phases of the job are taken apart and added up
//! again.
//!
//! A phase that takes no time is removed on any number of workers: `S = (T₁ − x₁)/(Tₚ − xₚ)`. A phase that overlaps
//! with the kernel (the next job is uploaded while this one computes) is hidden up to the kernel's time:
//! `T − min(x, kernel)`. Both follow from Amdahl's law with an itemised serial part. The three classic overheads are
//! distribution of the work, communication and coordination (Grama et al., "Introduction to Parallel Computing", 2003,
//! chapter 5).

/// The kind of overhead of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Overhead {
    /// Handing out the work.
    Distribution,
    /// Moving data.
    Communication,
    /// Starting and waiting.
    Coordination,
}

impl Overhead {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Distribution, Self::Communication, Self::Coordination];
}

/// A serial part of a job: its time on the fewest workers and on the workers with which the job is fastest, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The kind of overhead.
    pub overhead: Overhead,
    /// Time on the fewest workers, in seconds.
    pub before: f64,
    /// Time on the workers with which the job is fastest, in seconds.
    pub after: f64,
}

/// Times of a job and of its kernel in seconds, on the fewest workers and on the workers with which the job is fastest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Job {
    /// The whole job on the fewest workers.
    pub before: f64,
    /// The whole job on the workers with which it is fastest.
    pub after: f64,
    /// The kernel on the fewest workers.
    pub kernel_before: f64,
    /// The kernel on the workers with which the job is fastest.
    pub kernel_after: f64,
}

/// The resulting time and speedup.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Time of the job on the workers with which it was fastest, in seconds.
    pub seconds: f64,
    /// Speedup against the same job on the fewest workers; `None` if no time would be left.
    pub speedup: Option<f64>,
}

impl Job {
    /// Returns the outcome if these parts took no time.
    pub fn free(&self, parts: &[Part]) -> Outcome {
        let before = self.before - parts.iter().map(|part| part.before).sum::<f64>();
        let after = self.after - parts.iter().map(|part| part.after).sum::<f64>();
        outcome(before, after)
    }

    /// Returns the outcome if this part overlapped with the kernel. On the fewest workers the kernel is longer and
    /// hides more.
    pub fn overlapped(&self, part: &Part) -> Outcome {
        let before = self.before - part.before.min(self.kernel_before);
        outcome(before, self.after - part.after.min(self.kernel_after))
    }
}

fn outcome(before: f64, after: f64) -> Outcome {
    let speedup = before / after;
    Outcome {
        seconds: after.max(0.0),
        speedup: (after > 0.0 && before > 0.0 && speedup.is_finite()).then_some(speedup),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 ms of loading, 900 ms of work on one worker, 100 ms of storing. The faster job has 90 workers.
    const JOB: Job = Job { before: 1.1, after: 0.21, kernel_before: 0.9, kernel_after: 0.01 };
    const LOAD: Part = Part { overhead: Overhead::Communication, before: 0.1, after: 0.1 };

    #[test]
    fn a_free_phase_leaves_the_job_on_any_number_of_workers() {
        let now = JOB.free(&[]);
        assert!((now.speedup.unwrap() - 1.1 / 0.21).abs() < 1e-12);
        let free = JOB.free(&[LOAD]);
        assert!((free.seconds - 0.11).abs() < 1e-12 && (free.speedup.unwrap() - 1.0 / 0.11).abs() < 1e-9);
        let both = JOB.free(&[LOAD, LOAD]);
        assert!((both.speedup.unwrap() - 90.0).abs() < 1e-6, "the kernel alone: all 90 workers count");
    }

    #[test]
    fn a_phase_hides_behind_the_kernel_as_far_as_that_reaches() {
        let hidden = JOB.overlapped(&LOAD);
        assert!((hidden.seconds - 0.20).abs() < 1e-12, "a kernel of 10 ms hides 10 ms");
        assert!((hidden.speedup.unwrap() - 1.0 / 0.2).abs() < 1e-9);
        let long = Job { kernel_after: 0.15, after: 0.35, ..JOB };
        assert!((long.overlapped(&LOAD).seconds - 0.25).abs() < 1e-12, "all of it");
    }

    #[test]
    fn where_nothing_is_left_there_is_no_speedup() {
        let nothing = Part { after: 0.21, before: 1.1, ..LOAD };
        assert_eq!(JOB.free(&[nothing]).speedup, None);
    }
}
