//! Who was measured.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{CopyRate, TransferMethod, Wait};
use crate::stats::Estimate;

/// What kind of thing a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// A GPU with memory of its own.
    Discrete,
    /// A GPU that shares the processor's memory.
    Integrated,
    /// A GPU handed through by a virtual machine.
    Virtual,
    /// A driver that runs shaders on the processor (llvmpipe, WARP, SwiftShader).
    Software,
    /// A GPU of a kind that the driver does not tell.
    Other,
    /// The threads of this machine's processor.
    Cpu,
    /// A planted law; nothing is computed.
    Simulated,
}

impl DeviceKind {
    /// Returns the place in the order of preference, the best 0.
    pub fn rank(self) -> u8 {
        match self {
            Self::Discrete => 0,
            Self::Integrated => 1,
            Self::Virtual => 2,
            Self::Other => 3,
            Self::Software => 4,
            Self::Cpu | Self::Simulated => 5,
        }
    }
}

/// A device: who it is and what it allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// The name that the driver gives.
    pub name: String,
    /// What kind of thing it is.
    pub kind: DeviceKind,
    /// `vulkan`, `metal` or `dx12`; `null` for devices that are no GPU.
    pub backend: Option<String>,
    /// Driver name and version, where told.
    pub driver: Option<String>,
    /// Whether kernels are timed by the device's own timestamps.
    pub timestamps: bool,
    /// Seconds per timestamp tick, if there are timestamps.
    pub timestamp_period: Option<f64>,
    /// Why kernels are not timed by the device's own timestamps; `null` if they are, for devices that are no GPU,
    /// and in runs of versions that did not tell.
    #[serde(default)]
    pub no_timestamps: Option<String>,
    /// Where it sits on the PCI bus, where told: what tells two cards of one name apart.
    #[serde(default)]
    pub pci: Option<String>,
    /// Why it has no limits on workgroups; `null` where it has, and in runs of versions that did not tell.
    #[serde(default)]
    pub no_workgroups: Option<String>,
    /// Why the graphics library hides it from whoever does not ask for such; `null` for most.
    #[serde(default)]
    pub hidden: Option<String>,
    /// Smallest and largest number of invocations that run in lockstep, where told.
    pub subgroup_sizes: Option<[u32; 2]>,
    /// Whether kernels can compute in 16-bit floats; `null` in runs of versions that did not ask.
    #[serde(default)]
    pub f16: Option<bool>,
    /// Whether the lanes of a subgroup can add up without memory; `null` in runs of versions that did not ask.
    #[serde(default)]
    pub subgroups: Option<bool>,
    /// Sides of the squares of 16-bit floats that matrix units multiply, with sums in 32 bits; empty where there are
    /// none, and in runs of versions that did not ask.
    #[serde(default)]
    pub cooperative: Vec<u32>,
    /// The kind of device that a model stands for; `null` for everything but the model of a GPU.
    #[serde(default)]
    pub stands_for: Option<DeviceKind>,
    /// What it allows.
    pub limits: Limits,
}

impl DeviceInfo {
    /// Returns the kind of device that cases are planned for: that of a model is the kind of what it stands for.
    pub fn planned_as(&self) -> DeviceKind {
        self.stands_for.unwrap_or(self.kind)
    }
}

/// What a device allows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest useful worker count.
    pub workers: u64,
    /// Most invocations in a workgroup.
    pub workgroup_size: u32,
    /// Most workgroups along one dimension of a dispatch; `null` on a device without workgroups.
    #[serde(default, deserialize_with = "known")]
    pub workgroups_per_dimension: Option<u32>,
    /// Bytes of memory that the invocations of a workgroup share; `null` on a device without workgroups.
    #[serde(default, deserialize_with = "known")]
    pub workgroup_memory: Option<u64>,
    /// Bytes of the largest buffer that a kernel can be given.
    pub binding: u64,
    /// Bytes that the cases of one experiment may keep on the device together.
    pub memory: u64,
}

/// What versions without a `null` here wrote for a limit that there is not: the largest number of 32 and of 64 bits.
const NO_LIMIT: [u64; 2] = [u32::MAX as u64, u64::MAX];

/// Reads a limit.
fn known<'de, D: Deserializer<'de>, N: TryFrom<u64>>(deserializer: D) -> Result<Option<N>, D::Error> {
    let limit = Option::<u64>::deserialize(deserializer)?.filter(|limit| !NO_LIMIT.contains(limit));
    let too_large = |limit| D::Error::custom(format!("a limit of {limit} is too large"));
    limit.map(|limit| N::try_from(limit).map_err(|_| too_large(limit))).transpose()
}

/// What was learnt about the device before the experiments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Host time of one empty dispatch, submitted and waited for, on the device as it was opened: the median, in
    /// seconds. It is what is subtracted where the host times kernels.
    pub empty_dispatch: Option<f64>,
    /// The launch floor: a pass with an empty kernel, by the device's own clock, in seconds. `null` if it has no
    /// such clock, or no passes.
    #[serde(default)]
    pub launch_floor: Option<Estimate>,
    /// Host time of an empty launch that is waited for, on the warm device, in seconds. `null` if there is no device
    /// to launch on, and in runs of versions that measured the cold one only.
    #[serde(default)]
    pub empty_launch: Option<Estimate>,
    /// Smallest step of the clock that times kernels, in seconds.
    pub kernel_clock_resolution: Option<f64>,
    /// Seconds that the GPU's clock counts in a second of the host's, by the stamps of empty passes: bounds that hold
    /// whatever else the machine did. `null` if there are no timestamps, and in runs of versions that did not look.
    #[serde(default)]
    pub kernel_clock_rate: Option<[f64; 2]>,
    /// Loop back-edges after which the device silently stopped a loop; `null` if no such stop was found.
    pub loop_budget: Option<u64>,
    /// Highest rate at which kernels were seen to copy, read and written together, in bytes per second.
    #[serde(default)]
    pub copy_roof: Option<f64>,
    /// The same by size, ascending; empty in runs of versions that kept the highest only.
    #[serde(default)]
    pub copy_curve: Vec<CopyRate>,
    /// Highest rate at which kernels were seen to multiply and add, in flop per second.
    #[serde(default)]
    pub compute_roof: Option<f64>,
    /// Highest rate at which one thread of the host copies some megabytes, in bytes per second.
    #[serde(default)]
    pub host_copy_roof: Option<f64>,
    /// How the device is waited for where a case says nothing else: `block` or `spin`; `null` if nothing is waited
    /// for, and in runs of versions that knew one way only.
    #[serde(default)]
    pub wait: Option<Wait>,
    /// The way that data take to the device and back where a case does not compare them; `null` if none are moved,
    /// and in runs of versions that did not tell.
    #[serde(default)]
    pub transfer: Option<TransferMethod>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_there_is_not_is_read_as_none_from_any_version() {
        let read = |limits: [&str; 2]| {
            let [memory, dimension] = limits;
            let rest = r#""workers":2,"workgroup_size":1,"binding":9,"memory":9"#;
            let text = format!(r#"{{"workgroup_memory":{memory},"workgroups_per_dimension":{dimension},{rest}}}"#);
            serde_json::from_str::<Limits>(&text).map(|read| (read.workgroup_memory, read.workgroups_per_dimension))
        };
        assert_eq!(read(["18446744073709551615", "4294967295"]).unwrap(), (None, None));
        assert_eq!(read(["null", "null"]).unwrap(), (None, None));
        assert_eq!(read(["32768", "65535"]).unwrap(), (Some(32768), Some(65535)));
        assert!(read(["32768", "4294967296"]).unwrap_err().to_string().contains("too large"));
    }
}
