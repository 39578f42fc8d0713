//! Scenes made by hand, for tests: a device of any kind, of which nothing is known but what a test says.

use super::{Axes, Scene, settings};
use crate::finding::fixture;
use crate::measure::Settings;
use crate::record::{Calibration, DeviceInfo, DeviceKind, Effort, Host, WorkersAre};
use crate::workload::{self, Workload};

/// What a scene borrows from.
pub(super) struct Stage {
    pub(super) device: DeviceInfo,
    pub(super) axes: Axes,
    pub(super) host: Host,
    calibration: Calibration,
    pub(super) settings: Settings,
}

impl Stage {
    /// A device of a kind with 32 lanes in a subgroup and plenty of memory.
    pub(super) fn of(kind: DeviceKind) -> Self {
        let run = fixture::run(Vec::new());
        let mut device = run.device;
        (device.kind, device.subgroup_sizes) = (kind, Some([32, 32]));
        (device.limits.workers, device.limits.memory, device.limits.workgroup_size) = (1 << 24, 1 << 30, 1024);
        let settings = settings(Effort::Default, 1);
        Self { device, axes: Axes::default(), host: run.host, calibration: Calibration::default(), settings }
    }

    /// The same with workgroups as workers.
    pub(super) fn of_workgroups(kind: DeviceKind) -> Self {
        let stage = Self::of(kind);
        Self { axes: Axes { workers_are: WorkersAre::Workgroups, ..stage.axes }, ..stage }
    }

    /// A workload on it, of whose work one worker does a unit in so many seconds.
    pub(super) fn scene(&self, name: &str, seconds_per_work: f64) -> Scene<'_> {
        let workload: &'static dyn Workload = workload::find(name).unwrap();
        Scene {
            workload,
            variant: &workload.variants()[0],
            device: &self.device,
            host: &self.host,
            calibration: &self.calibration,
            seconds_per_work: Some(seconds_per_work),
            settings: &self.settings,
            axes: &self.axes,
        }
    }
}
