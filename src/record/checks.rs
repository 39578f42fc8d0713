//! The shader checks that the graphics library adds to kernels.

/// The set of shader checks that a kernel is compiled with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Checks {
    /// All checks; the default of every program.
    #[default]
    All,
    /// All except the checks that keep an index within its buffer or array.
    NoBounds,
    /// All except the counters that end infinite loops.
    NoLoopBounds,
    /// All, but workgroup memory is not cleared before the kernel starts.
    NoZeroInit,
    /// None of these three, and no check for division by zero.
    Unchecked,
}

impl Checks {
    /// All choices, the safest first.
    pub const ALL: [Self; 5] = [Self::All, Self::NoBounds, Self::NoLoopBounds, Self::NoZeroInit, Self::Unchecked];

    /// Returns the name used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "checked",
            Self::NoBounds => "no-bounds-checks",
            Self::NoLoopBounds => "no-loop-bounds",
            Self::NoZeroInit => "no-zero-init",
            Self::Unchecked => "unchecked",
        }
    }

    /// Returns whether indices are checked.
    pub fn bounds(self) -> bool {
        !matches!(self, Self::NoBounds | Self::Unchecked)
    }

    /// Returns whether loops are limited.
    pub fn loop_bounds(self) -> bool {
        !matches!(self, Self::NoLoopBounds | Self::Unchecked)
    }

    /// Returns whether workgroup memory is cleared.
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
