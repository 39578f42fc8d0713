//! The checks that the graphics library builds into kernels.

/// Which of the checks a kernel is compiled with: all, all but one, or none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Checks {
    /// All of them, as every program gets them that asks for nothing else.
    #[default]
    All,
    /// All but those that keep an index within its buffer or array.
    NoBounds,
    /// All but the counters that end a loop which would go on for ever.
    NoLoopBounds,
    /// All, but workgroup memory is not cleared before the kernel begins.
    NoZeroInit,
    /// None of these three, and no guard against a division by zero either.
    Unchecked,
}

impl Checks {
    /// Every choice, the safest first.
    pub const ALL: [Self; 5] = [Self::All, Self::NoBounds, Self::NoLoopBounds, Self::NoZeroInit, Self::Unchecked];

    /// The name in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "checked",
            Self::NoBounds => "no-bounds-checks",
            Self::NoLoopBounds => "no-loop-bounds",
            Self::NoZeroInit => "no-zero-init",
            Self::Unchecked => "unchecked",
        }
    }

    /// Whether indices are checked.
    pub fn bounds(self) -> bool {
        !matches!(self, Self::NoBounds | Self::Unchecked)
    }

    /// Whether loops are bounded.
    pub fn loop_bounds(self) -> bool {
        !matches!(self, Self::NoLoopBounds | Self::Unchecked)
    }

    /// Whether workgroup memory is cleared.
    pub fn zero_init(self) -> bool {
        !matches!(self, Self::NoZeroInit | Self::Unchecked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_leaves_out_what_its_name_says() {
        let kept = |checks: Checks| [checks.bounds(), checks.loop_bounds(), checks.zero_init()];
        assert_eq!(kept(Checks::default()), [true; 3]);
        assert_eq!(kept(Checks::NoBounds), [false, true, true]);
        assert_eq!(kept(Checks::NoLoopBounds), [true, false, true]);
        assert_eq!(kept(Checks::NoZeroInit), [true, true, false]);
        assert_eq!(kept(Checks::Unchecked), [false; 3]);
    }
}
