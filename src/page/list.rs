//! The lists of devices and workloads, in every format.

use serde::Serialize;

use super::block::{Block, Table};
use super::format::{Format, written};
use super::text::Look;
use crate::page::words;
use crate::record::{DeviceInfo, DeviceKind};
use crate::units::{self, ABSENT};

/// A workload, or one of its variants, as it is listed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkloadRow {
    /// The workload's name.
    pub workload: String,
    /// The variant's name; `None` if there is only one.
    pub variant: Option<String>,
    /// What is computed, or what is different about the variant.
    pub summary: String,
    /// Multiplications and additions per element of the output, as a formula or a number: `2`, `2 k`, `2 n`.
    pub flop_per_element: String,
    /// Bytes to and from the device's memory per element of the output, in the same form.
    pub bytes_per_element: String,
    /// The experiments that measure it by default.
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
    written(format, Look::default(), page, &rows, || rows.iter().map(WorkloadRecord::of).collect())
}

const CHOOSE_WORKLOAD: &str = "Choose with --workload NAME or NAME/VARIANT. Separate several with commas.";

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

/// A device in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeviceRow {
    /// The number by which an adapter is chosen, from 1; `null` for the CPU, which is chosen by its name.
    pub number: Option<usize>,
    /// Whether it is measured by default.
    pub default: bool,
    /// The device itself.
    #[serde(flatten)]
    pub device: DeviceInfo,
}

/// Returns the devices as a list.
pub fn devices(rows: &[DeviceRow], format: Format) -> String {
    let page = || {
        let mut blocks = page("Devices", device_table(rows), Some(CHOOSE_DEVICE));
        blocks.extend(rows.iter().filter_map(hidden).map(Block::Text));
        blocks
    };
    written(format, Look::default(), page, &rows, || rows.iter().map(DeviceRecord::of).collect())
}

const CHOOSE_DEVICE: &str =
    "→ is measured by default. Choose another with --device and its number, its name or a part of the name.";

/// Writes why an adapter is never the default.
fn hidden(row: &DeviceRow) -> Option<String> {
    let (number, reason) = (row.number?, row.device.hidden.as_ref()?);
    Some(format!("{number} is hidden: {reason}. Choose it with --nonconformant --device {number}."))
}

fn device_table(rows: &[DeviceRow]) -> Table {
    let heads = [
        "",
        "#",
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
    let mut table = Table::new(&heads).words(&[0, 1, 2, 3, 4, 5]);
    for row in rows {
        let twin = |other: &&DeviceRow| other.device.name == row.device.name;
        table.push(device_row(row, rows.iter().filter(twin).count() > 1));
    }
    table
}

/// Returns a row; a device with a namesake has its place on the bus.
fn device_row(row: &DeviceRow, has_twin: bool) -> [String; 11] {
    let device = &row.device;
    let place = device.pci.as_ref().filter(|_| has_twin).map_or(String::new(), |pci| format!(" (PCI {pci})"));
    let told = |text: &Option<String>| text.clone().unwrap_or_else(|| ABSENT.to_owned());
    let timestamps = match (device.timestamps, device.timestamp_period) {
        (true, Some(period)) => units::seconds(period),
        (true, None) => "yes".to_owned(),
        (false, _) => "no".to_owned(),
    };
    let subgroups = device.subgroup_sizes.map_or(ABSENT.to_owned(), |[least, most]| {
        if least == most { least.to_string() } else { format!("{least}–{most}") }
    });
    [
        if row.default { "→".to_owned() } else { String::new() },
        row.number.map_or("cpu".to_owned(), |number| number.to_string()),
        format!("{}{place}", device.name),
        words::kind(device.kind).to_owned(),
        told(&device.backend),
        told(&device.driver),
        units::count(u64::from(device.limits.workgroup_size)),
        device.limits.workgroup_memory.map_or(ABSENT.to_owned(), |bytes| units::bytes(bytes as f64)),
        units::bytes(device.limits.binding as f64),
        timestamps,
        subgroups,
    ]
}

/// A device as a row of comma-separated values: sizes in bytes, times in seconds, absent values empty.
#[derive(Serialize)]
struct DeviceRecord<'a> {
    number: Option<usize>,
    default: bool,
    name: &'a str,
    kind: DeviceKind,
    backend: Option<&'a str>,
    driver: Option<&'a str>,
    pci: Option<&'a str>,
    hidden: Option<&'a str>,
    workers: u64,
    workgroup_size: u32,
    workgroups_per_dimension: Option<u32>,
    workgroup_memory: Option<u64>,
    binding: u64,
    memory: u64,
    timestamps: bool,
    timestamp_period: Option<f64>,
    smallest_subgroup: Option<u32>,
    largest_subgroup: Option<u32>,
}

impl<'a> DeviceRecord<'a> {
    fn of(DeviceRow { number, default, device }: &'a DeviceRow) -> Self {
        let limits = device.limits;
        Self {
            number: *number,
            default: *default,
            name: &device.name,
            kind: device.kind,
            backend: device.backend.as_deref(),
            driver: device.driver.as_deref(),
            pci: device.pci.as_deref(),
            hidden: device.hidden.as_deref(),
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
