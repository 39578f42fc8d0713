//! The measured device and its limits.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{CopyRate, TransferMethod, Wait};
use crate::stats::Estimate;

/// The kind of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// A GPU with memory of its own.
    Discrete,
    /// A GPU that shares memory with the processor.
    Integrated,
    /// A GPU that a virtual machine passes through.
    Virtual,
    /// A driver that runs shaders on the processor (llvmpipe, WARP, SwiftShader).
    Software,
    /// A GPU of a kind that the driver does not report.
    Other,
    /// The threads of this machine's processor.
    Cpu,
    /// A simulated device; nothing is computed.
    Simulated,
}

impl DeviceKind {
    /// Returns the rank for choosing a device; 0 is the best.
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

/// A device and its limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Name reported by the driver.
    pub name: String,
    /// Kind of the device.
    pub kind: DeviceKind,
    /// Graphics API `vulkan`, `metal` or `dx12`; `null` if the device is not a GPU.
    pub backend: Option<String>,
    /// Driver name and version, if reported.
    pub driver: Option<String>,
    /// Whether the device's own timestamps time the kernels.
    pub timestamps: bool,
    /// Seconds per timestamp tick, if there are timestamps.
    pub timestamp_period: Option<f64>,
    /// Why the device's timestamps do not time the kernels. `null` if they do, if the device is not a GPU, and in runs
    /// of versions that did not record it.
    #[serde(default)]
    pub no_timestamps: Option<String>,
    /// Address on the PCI bus, if reported. It distinguishes two cards of the same name.
    #[serde(default)]
    pub pci: Option<String>,
    /// Why the device has no limits on workgroups; `null` if it has, and in runs of versions that did not record it.
    #[serde(default)]
    pub no_workgroups: Option<String>,
    /// Why the graphics library hides the device by default; `null` for most devices.
    #[serde(default)]
    pub hidden: Option<String>,
    /// Smallest and largest number of invocations that run in lockstep, if reported.
    pub subgroup_sizes: Option<[u32; 2]>,
    /// Whether kernels can compute with 16-bit floats; `null` in runs of versions that did not record it.
    #[serde(default)]
    pub f16: Option<bool>,
    /// Whether the lanes of a subgroup can add up without memory; `null` in runs of versions that did not record it.
    #[serde(default)]
    pub subgroups: Option<bool>,
    /// Sides of the squares of 16-bit floats that the matrix units multiply with 32-bit sums; empty if there are none,
    /// and in runs of versions that did not record it.
    #[serde(default)]
    pub cooperative: Vec<u32>,
    /// The kind of GPU that a simulated device models; `null` for all other devices.
    #[serde(default)]
    pub stands_for: Option<DeviceKind>,
    /// Limits of the device.
    pub limits: Limits,
}

impl DeviceInfo {
    /// Returns the kind of device that cases are planned for. For a simulated GPU this is the kind that it models.
    pub fn planned_as(&self) -> DeviceKind {
        self.stands_for.unwrap_or(self.kind)
    }
}

/// Limits of a device.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest useful worker count.
    pub workers: u64,
    /// Largest number of invocations in a workgroup.
    pub workgroup_size: u32,
    /// Largest number of workgroups in one dimension of a dispatch; `null` on a device without workgroups.
    #[serde(default, deserialize_with = "known")]
    pub workgroups_per_dimension: Option<u32>,
    /// Memory shared by the invocations of a workgroup, in bytes; `null` on a device without workgroups.
    #[serde(default, deserialize_with = "known")]
    pub workgroup_memory: Option<u64>,
    /// Size of the largest buffer of a kernel, in bytes.
    pub binding: u64,
    /// Memory on the device for all cases of one experiment together, in bytes.
    pub memory: u64,
}

/// What older versions wrote for a missing limit: the largest 32-bit or 64-bit number.
const NO_LIMIT: [u64; 2] = [u32::MAX as u64, u64::MAX];

/// Reads a limit; [`NO_LIMIT`] becomes `None`.
fn known<'de, D: Deserializer<'de>, N: TryFrom<u64>>(deserializer: D) -> Result<Option<N>, D::Error> {
    let limit = Option::<u64>::deserialize(deserializer)?.filter(|limit| !NO_LIMIT.contains(limit));
    let too_large = |limit| D::Error::custom(format!("a limit of {limit} is too large"));
    limit.map(|limit| N::try_from(limit).map_err(|_| too_large(limit))).transpose()
}

/// What was measured about the device before the experiments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Median host time of one empty dispatch, submitted and waited for, on the freshly opened device, in seconds. It
    /// is subtracted if the host times kernels.
    pub empty_dispatch: Option<f64>,
    /// Launch floor: GPU time of a pass with an empty kernel, in seconds. `null` if the device has no clock of its own
    /// or no passes.
    #[serde(default)]
    pub launch_floor: Option<Estimate>,
    /// Host time of an empty launch on the warm device, waiting included, in seconds. `null` if there is no device to
    /// launch on, and in runs of versions that measured only the cold one.
    #[serde(default)]
    pub empty_launch: Option<Estimate>,
    /// Smallest step of the clock that times kernels, in seconds.
    pub kernel_clock_resolution: Option<f64>,
    /// Seconds on the GPU's clock per second on the host's clock: lower and upper bound, from timestamps of empty
    /// passes. They hold whatever else the machine did. `null` without timestamps, and in runs of versions that did not
    /// record it.
    #[serde(default)]
    pub kernel_clock_rate: Option<[f64; 2]>,
    /// Loop rounds after which the driver silently ends a loop; `null` if no such end was found.
    pub loop_budget: Option<u64>,
    /// Highest rate of a copying kernel, reads and writes together, in bytes per second.
    #[serde(default)]
    pub copy_roof: Option<f64>,
    /// The same rate by size, in ascending order; empty in runs of versions that recorded only the highest.
    #[serde(default)]
    pub copy_curve: Vec<CopyRate>,
    /// Highest rate of a kernel of multiply-adds, in flop per second.
    #[serde(default)]
    pub compute_roof: Option<f64>,
    /// Highest rate at which one thread of the host copies some megabytes, in bytes per second.
    #[serde(default)]
    pub host_copy_roof: Option<f64>,
    /// Default way to wait for the device, `block` or `spin`; `null` if there is nothing to wait for, and in runs of
    /// versions with only one way.
    #[serde(default)]
    pub wait: Option<Wait>,
    /// Default transfer method, unless a case sets its own; `null` if no data are moved, and in runs of versions that
    /// did not record it.
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
