//! What a snapshot leaves out: everything that differs from one machine, or one moment, to the next.

use insta::Settings;
use serde_json::Value;

/// Lines and words that depend on the clock, the machine, the operating system or the version.
const FILTERS: [(&str, &str); 13] = [
    (r"amdahl(\.exe)? \d+\.\d+\.\d+", "amdahl [version]"),
    (r"amdahl\.exe", "amdahl"),
    (
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, (in )?[\d.,]+ (ns|µs|ms|s|min)( of\s+simulated time)?",
        "[when], in [how long]",
    ),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC,\s+quick", "[when], quick"),
    (r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-", "[when]-"),
    (r"(?m)^  host  .*\n(               .*\n)*", "  host          [machine]\n"),
    (r"(?m)^- \*\*host\*\*: .*$", "- **host**: [machine]"),
    (r"(?m)^(  memory  |- \*\*memory\*\*: ).*\n", ""),
    (r"[\d.]+ % of the measuring time", "[share] of the measuring time"),
    (r"can run on [^;]+;", "can run on [device];"),
    (r"\d(\.\d)?\s+x\s+10\^-\d\d\b", "[almost 0]"),
    (r"there are: .*cpu, simulated", "there are: [adapters], cpu, simulated"),
    (r"\((No such file or directory|The system cannot find [a-z ]+\.) \(os error \d+\)", "([not found]"),
];

/// Compares the text with the snapshot of that name.
pub(crate) fn is_as_before(name: &str, text: &str) {
    let mut settings = Settings::clone_current();
    for (pattern, replacement) in FILTERS {
        settings.add_filter(pattern, replacement);
    }
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Returns JSON with rounded numbers, short lists and neutral values for what differs between machines.
pub(crate) fn shortened(mut value: Value) -> String {
    for key in ["version", "commit", "command", "started", "seconds", "host", "peak_host_bytes"] {
        if let Some(entry) = value.get_mut(key) {
            *entry = Value::from(format!("[{key}]"));
        }
    }
    if let Some(harness) = value.pointer_mut("/audit/harness") {
        *harness = Value::from("[share]");
    }
    shorten(&mut value);
    written(&value, 0)
}

/// Writes JSON in lines as long as a page is wide.
pub(crate) fn written(value: &Value, depth: usize) -> String {
    let short = value.to_string();
    let inner = "  ".repeat(depth + 1);
    let lines: Vec<String> = match value {
        Value::Object(fields) if short.len() > 100 => {
            fields.iter().map(|(key, value)| format!("{inner}\"{key}\": {}", written(value, depth + 1))).collect()
        }
        Value::Array(list) if short.len() > 100 => {
            list.iter().map(|item| format!("{inner}{}", written(item, depth + 1))).collect()
        }
        _ => return short,
    };
    let [open, close] = if value.is_array() { ["[", "]"] } else { ["{", "}"] };
    format!("{open}\n{}\n{}{close}", lines.join(",\n"), "  ".repeat(depth))
}

/// Leaves numbers as precise as any machine computes them, and lists of numbers as their length.
fn shorten(value: &mut Value) {
    match value {
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() != 0.0) => {
            *value = Value::from(rounded(number.as_f64().unwrap()));
        }
        Value::Array(list) if list.len() > 2 && list.iter().all(|item| item.is_number() || item.is_array()) => {
            *value = Value::from(format!("[{}]", list.len()));
        }
        Value::Array(list) => {
            let more = list.len().saturating_sub(1);
            list.truncate(1);
            list.iter_mut().for_each(shorten);
            if more > 0 {
                list.push(Value::from(format!("[{more} more]")));
            }
        }
        Value::Object(fields) => {
            // The times of a run of the program itself.
            for key in ["sampling", "at"] {
                if let Some(entry) = fields.get_mut(key) {
                    *entry = Value::from(format!("[{key}]"));
                }
            }
            fields.values_mut().for_each(shorten);
        }
        _ => {}
    }
}

/// Rounds to six digits: the last ones differ between processors.
fn rounded(number: f64) -> f64 {
    format!("{number:.5e}").parse().unwrap()
}

/// Returns the first rows of a table as CSV and how many there are, with rounded numbers.
pub(crate) fn first_rows(csv: &str, rows: usize) -> String {
    let cell = |cell: &str| match cell.parse::<f64>() {
        Ok(number) if number.fract() != 0.0 => rounded(number).to_string(),
        _ => cell.to_owned(),
    };
    let line = |line: &str| line.split(',').map(cell).collect::<Vec<_>>().join(",");
    let first: Vec<String> = csv.lines().take(1 + rows).map(line).collect();
    format!("{}\n[{} rows]\n", first.join("\n"), csv.lines().count() - 1)
}
