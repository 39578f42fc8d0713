//! What there is: devices and workloads, in every format.

use serde::Serialize;

use super::block::{Block, Table};
use super::{json, markdown, text};
use crate::finding::words;
use crate::record::DeviceInfo;
use crate::units::{self, ABSENT};

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For a page.
    Markdown,
    /// For programs.
    Json,
    /// For a spreadsheet.
    Csv,
}

/// A list that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// As JSON.
    #[error("the list cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As comma-separated values.
    #[error("the list cannot be written as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// As text.
    #[error("the list is no text: {0}")]
    Text(#[from] std::string::FromUtf8Error),
}

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

/// The workloads as a list.
///
/// # Errors
/// Where the list cannot be written in the format, which is not known to happen.
pub fn workloads(rows: &[WorkloadRow], format: Format) -> Result<String, ListError> {
    let mut table =
        Table::new(&["workload", "variant", "computes", "flop per\nelement", "bytes per\nelement", "measured by"])
            .words(&[0, 1, 2, 5]);
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
    let title = "Workloads".to_owned();
    let notes = vec![Block::text("Choose with --workload NAME, or NAME/VARIANT, several with commas between them.")];
    write(title, table, notes, format, || json::laid_out(&rows))
}

/// A device as a list of devices has it.
#[derive(Serialize)]
struct DeviceEntry<'a> {
    default: bool,
    #[serde(flatten)]
    device: &'a DeviceInfo,
}

/// The devices as a list; `default` is the index of the one that is measured unless another is asked for.
///
/// # Errors
/// Where the list cannot be written in the format, which is not known to happen.
pub fn devices(devices: &[DeviceInfo], default: Option<usize>, format: Format) -> Result<String, ListError> {
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
    let mut notes =
        vec![Block::text("→ is measured unless you choose another with --device PART_OF_ITS_NAME (and --backend).")];
    if default.is_none() {
        notes.clear();
    }
    let entries: Vec<DeviceEntry<'_>> = devices
        .iter()
        .enumerate()
        .map(|(index, device)| DeviceEntry { default: default == Some(index), device })
        .collect();
    write("Devices".to_owned(), table, notes, format, || json::laid_out(&entries))
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

fn write(
    title: String,
    table: Table,
    notes: Vec<Block>,
    format: Format,
    json: impl Fn() -> Result<String, serde_json::Error>,
) -> Result<String, ListError> {
    match format {
        Format::Json => Ok(json()?),
        Format::Csv => comma_separated(&table),
        Format::Text => Ok(text::render(&page(title, table, notes))),
        Format::Markdown => Ok(markdown::render(&page(title, table, notes))),
    }
}

fn page(title: String, table: Table, notes: Vec<Block>) -> Vec<Block> {
    [Block::Title(title), Block::Table(table)].into_iter().chain(notes).collect()
}

/// The table as comma-separated values: heads as one word each, absent values empty.
fn comma_separated(table: &Table) -> Result<String, ListError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = |text: &String| match text.as_str() {
        "" => "default".to_owned(),
        text => text.replace("-\n", "").replace(['\n', ' '], "_"),
    };
    writer.write_record(table.heads.iter().map(head))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| if cell == ABSENT { "" } else { cell }))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8(bytes)?)
}
