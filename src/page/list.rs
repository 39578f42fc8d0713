//! What there is: devices and workloads, in every format.

use serde::Serialize;

use super::block::{Block, Table};
use super::format::{Format, written};
use crate::page::words;
use crate::record::{DeviceInfo, DeviceKind};
use crate::units::{self, ABSENT};

/// A workload, or one of its variants, as it is listed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkloadRow {
    /// The workload's name.
    pub workload: String,
    /// The variant's name; `None` where there is only one.
    pub variant: Option<String>,
    /// What is computed, or what is different about the variant.
    pub summary: String,
    /// Multiplications and additions per element of the output, as a formula or a number: `2`, `2 k`, `2 n`.
    pub flop_per_element: String,
    /// Bytes to and from the device's memory per element of the output, in the same form.
    pub bytes_per_element: String,
    /// The experiments that measure it unless others are asked for.
    pub experiments: Vec<String>,
}

/// A workload as a row of comma-separated values.
#[derive(Serialize)]
struct WorkloadRecord<'a> {
    workload: &'a str,
    variant: Option<&'a str>,
    summary: &'a str,
    flop_per_element: &'a str,
    bytes_per_element: &'a str,
    experiments: String,
}

impl<'a> WorkloadRecord<'a> {
    fn of(row: &'a WorkloadRow) -> Self {
        Self {
            workload: &row.workload,
            variant: row.variant.as_deref(),
            summary: &row.summary,
            flop_per_element: &row.flop_per_element,
            bytes_per_element: &row.bytes_per_element,
            experiments: row.experiments.join(" "),
        }
    }
}

/// Returns the workloads as a list.
pub fn workloads(rows: &[WorkloadRow], format: Format) -> String {
    let page = || page("Workloads", workload_table(rows), Some(CHOOSE_WORKLOAD));
    written(format, page, &rows, || rows.iter().map(WorkloadRecord::of).collect())
}

const CHOOSE_WORKLOAD: &str = "Choose with --workload NAME, or NAME/VARIANT; several with commas between them.";

fn workload_table(rows: &[WorkloadRow]) -> Table {
    let heads = ["workload", "variant", "computes", "flop per\nelement", "bytes per\nelement", "measured by"];
    let mut table = Table::new(&heads).words(&[0, 1, 2, 5]);
    for row in rows {
        table.push([
            row.workload.clone(),
            row.variant.clone().unwrap_or_else(|| ABSENT.to_owned()),
            row.summary.clone(),
            row.flop_per_element.clone(),
            row.bytes_per_element.clone(),
            if row.experiments.is_empty() { ABSENT.to_owned() } else { row.experiments.join(", ") },
        ]);
    }
    table
}

/// A device as a list of devices has it.
#[derive(Serialize)]
struct DeviceEntry<'a> {
    default: bool,
    #[serde(flatten)]
    device: &'a DeviceInfo,
}

/// Returns the devices as a list; `default` is the index of the one that is measured unless another is asked for.
pub fn devices(devices: &[DeviceInfo], default: Option<usize>, format: Format) -> String {
    let page = || page("Devices", device_table(devices, default), default.map(|_| CHOOSE_DEVICE));
    let numbered = || devices.iter().enumerate().map(|(index, device)| (device, default == Some(index)));
    let entries: Vec<DeviceEntry<'_>> = numbered().map(|(device, default)| DeviceEntry { default, device }).collect();
    let rows = || numbered().map(|(device, default)| DeviceRecord::of(device, default)).collect();
    written(format, page, &entries, rows)
}

const CHOOSE_DEVICE: &str =
    "→ is measured unless you choose another with --device and a part of its name (and --backend).";

fn device_table(devices: &[DeviceInfo], default: Option<usize>) -> Table {
    let heads = [
        "",
        "name",
        "kind",
        "backend",
        "driver",
        "workgroup\nsize",
        "workgroup\nmemory",
        "largest\nbinding",
        "time-\nstamps",
        "sub-\ngroups",
    ];
    let mut table = Table::new(&heads).words(&[0, 1, 2, 3, 4]);
    for (index, device) in devices.iter().enumerate() {
        table.push(device_row(device, default == Some(index)));
    }
    table
}

fn device_row(device: &DeviceInfo, default: bool) -> [String; 10] {
    let told = |text: &Option<String>| text.clone().unwrap_or_else(|| ABSENT.to_owned());
    // Limits of a device that knows none are as large as numbers get; they say nothing.
    let limit = |bytes: u64| if bytes >= 1 << 50 { ABSENT.to_owned() } else { units::bytes(bytes as f64) };
    let timestamps = match (device.timestamps, device.timestamp_period) {
        (true, Some(period)) => units::seconds(period),
        (true, None) => "yes".to_owned(),
        (false, _) => "no".to_owned(),
    };
    let subgroups = device.subgroup_sizes.map_or(ABSENT.to_owned(), |[least, most]| {
        if least == most { least.to_string() } else { format!("{least}–{most}") }
    });
    [
        if default { "→".to_owned() } else { String::new() },
        device.name.clone(),
        words::kind(device.kind).to_owned(),
        told(&device.backend),
        told(&device.driver),
        units::count(u64::from(device.limits.workgroup_size)),
        limit(device.limits.workgroup_memory),
        limit(device.limits.binding),
        timestamps,
        subgroups,
    ]
}

/// A device as a row of comma-separated values: sizes in bytes, times in seconds, absent values empty.
#[derive(Serialize)]
struct DeviceRecord<'a> {
    default: bool,
    name: &'a str,
    kind: DeviceKind,
    backend: Option<&'a str>,
    driver: Option<&'a str>,
    workers: u64,
    workgroup_size: u32,
    workgroups_per_dimension: u32,
    workgroup_memory: u64,
    binding: u64,
    memory: u64,
    timestamps: bool,
    timestamp_period: Option<f64>,
    smallest_subgroup: Option<u32>,
    largest_subgroup: Option<u32>,
}

impl<'a> DeviceRecord<'a> {
    fn of(device: &'a DeviceInfo, default: bool) -> Self {
        let limits = device.limits;
        Self {
            default,
            name: &device.name,
            kind: device.kind,
            backend: device.backend.as_deref(),
            driver: device.driver.as_deref(),
            workers: limits.workers,
            workgroup_size: limits.workgroup_size,
            workgroups_per_dimension: limits.workgroups_per_dimension,
            workgroup_memory: limits.workgroup_memory,
            binding: limits.binding,
            memory: limits.memory,
            timestamps: device.timestamps,
            timestamp_period: device.timestamp_period,
            smallest_subgroup: device.subgroup_sizes.map(|[least, _]| least),
            largest_subgroup: device.subgroup_sizes.map(|[_, most]| most),
        }
    }
}

fn page(title: &str, table: Table, note: Option<&str>) -> Vec<Block> {
    let note = note.map(Block::text);
    [Block::Title(title.to_owned()), Block::Table(table)].into_iter().chain(note).collect()
}
