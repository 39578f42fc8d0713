//! The baselines: how far this processor itself gets before any GPU is asked.

/// A way to use the processor, each with one idea more than the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Baseline {
    /// One thread, one element at a time.
    Scalar,
    /// One thread, with the widest vector unit that the processor has.
    Simd,
    /// Every thread, each with its vector unit. The job is cut into large chunks, several for each thread, and a thread
    /// that is done with one takes the next.
    Threads,
    /// The same work on the same threads, in tasks so small that handing them out costs more than doing them.
    TinyTasks,
}

impl Baseline {
    /// Every baseline, the simplest first.
    pub const ALL: [Self; 4] = [Self::Scalar, Self::Simd, Self::Threads, Self::TinyTasks];

    /// The name in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Simd => "simd",
            Self::Threads => "threads",
            Self::TinyTasks => "tiny-tasks",
        }
    }

    /// Returns the threads that it uses on a processor which runs `threads` at once.
    pub fn workers(self, threads: u64) -> u64 {
        match self {
            Self::Scalar | Self::Simd => 1,
            Self::Threads | Self::TinyTasks => threads,
        }
    }
}
