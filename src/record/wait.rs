//! How the host waits for the device.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// A way to wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Wait {
    /// The driver puts the host to sleep and wakes it.
    // It uses no processor time, but waking up takes time: on some drivers a millisecond.
    #[default]
    Block,
    /// The host asks again and again, on a processor core of its own.
    Spin,
}

impl Wait {
    /// Both ways to wait.
    pub const ALL: [Self; 2] = [Self::Block, Self::Spin];

    /// Returns the name used in options, tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Spin => "spin",
        }
    }

    /// Returns the other way to wait.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Block => Self::Spin,
            Self::Spin => Self::Block,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::Wait;

    #[test]
    fn each_way_has_the_name_of_its_option_and_another() {
        for wait in Wait::ALL {
            assert_eq!(Wait::from_str(wait.name(), false), Ok(wait));
            assert_ne!(wait.other(), wait);
        }
    }
}
