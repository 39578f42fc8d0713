//! The baselines: the CPU versions of a job that the GPU is compared with.

/// A way to use the processor. Each adds one idea to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Baseline {
    /// One thread, one element at a time.
    Scalar,
    /// One thread, with the widest vector unit of the processor.
    Simd,
    /// All threads, each with its vector unit. The job is cut into several large chunks per thread. A thread that
    /// finishes a chunk takes the next one.
    Threads,
    /// The same work on the same threads, in tasks so small that handing them out takes longer than the work.
    TinyTasks,
}

impl Baseline {
    /// All baselines, the simplest first.
    pub const ALL: [Self; 4] = [Self::Scalar, Self::Simd, Self::Threads, Self::TinyTasks];

    /// Returns the name used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Simd => "simd",
            Self::Threads => "threads",
            Self::TinyTasks => "tiny-tasks",
        }
    }

    /// Returns how many threads it uses, if the processor runs `threads` at once.
    pub fn workers(self, threads: u64) -> u64 {
        match self {
            Self::Scalar | Self::Simd => 1,
            Self::Threads | Self::TinyTasks => threads,
        }
    }
}
