//! How the host waits for a device that works beside it.

use serde::{Deserialize, Serialize};

/// A way to wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wait {
    /// The driver puts the host's thread to sleep and wakes it. It costs no processor time, but the wake-up itself
    /// takes time: on some drivers a millisecond.
    #[default]
    Block,
    /// The host asks again and again. It keeps one processor core busy and sees the end at once.
    Spin,
}

impl Wait {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::Block, Self::Spin];

    /// The name in options, tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Spin => "spin",
        }
    }

    /// The way of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wait| wait.name() == name)
    }

    /// The way that this one is not.
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
    use super::Wait;

    #[test]
    fn each_way_is_found_by_its_name_and_has_another() {
        for wait in Wait::ALL {
            assert_eq!(Wait::find(wait.name()), Some(wait));
            assert_ne!(wait.other(), wait);
        }
        assert_eq!(Wait::find("sleep"), None);
    }
}
