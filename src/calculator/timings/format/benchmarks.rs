//! What benchmark programs write: names with their arguments in them, times with their unit beside.

use serde_json::{Map, Value};

use super::super::ReadError;
use super::super::record::Record;
use super::super::table::Table;
use super::json::Item;

/// The column of times that comes of Google Benchmark.
pub(super) const REAL_TIME: &str = "real_time";

/// What Google Benchmark appends to the name of a row that sums repetitions up.
const SUMS: [&str; 5] = ["_mean", "_median", "_stddev", "_cv", "_BigO"];

/// Whether a table comes from Google Benchmark.
pub(super) fn is_google(table: &Table<'_>) -> bool {
    let names = table.names.as_deref().unwrap_or_default();
    ["name", REAL_TIME, "time_unit"].iter().all(|wanted| names.iter().any(|name| name == wanted))
}

/// The arguments in a benchmark's name, `sort/4096/threads:4` or `sort/n:4096`: the plain ones are numbered.
fn arguments(name: &str) -> Vec<(String, String)> {
    let mut plain = 0;
    let mut arguments = vec![("benchmark".to_owned(), name.split('/').next().unwrap_or_default().to_owned())];
    for part in name.split('/').skip(1) {
        match part.split_once(':') {
            Some(("iterations" | "repeats" | "min_time" | "min_warmup_time", _)) => {}
            Some((key, value)) => arguments.push((key.to_owned(), value.to_owned())),
            None if part.parse::<f64>().is_ok() => {
                plain += 1;
                arguments.push((format!("argument {plain}"), part.to_owned()));
            }
            None => {}
        }
    }
    arguments
}

/// The name of a row without what sums repetitions up; that is told apart.
fn without_sum(name: &str) -> (&str, Option<&'static str>) {
    let found = SUMS.into_iter().find_map(|sum| Some((name.strip_suffix(sum)?, Some(sum))));
    found.unwrap_or((name, None))
}

/// Which rows are read: single runs if there are any, else medians.
fn wanted<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    if names.any(|name| without_sum(name).1.is_none()) { None } else { Some("_median") }
}

/// Reads the names of a table of Google Benchmark.
pub(super) fn google(table: Table<'_>) -> Result<Table<'_>, ReadError> {
    let names = table.names.clone().unwrap_or_default();
    let place = |wanted: &str| names.iter().position(|name| name == wanted).unwrap_or_default();
    let (name, time, unit) = (place("name"), place(REAL_TIME), place("time_unit"));
    let wanted = wanted(table.cells(name));
    let mut keys: Vec<String> = Vec::new();
    for (key, _) in table.cells(name).flat_map(|name| arguments(without_sum(name).0)) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let heads = keys.iter().cloned().chain([REAL_TIME.to_owned()]).collect();
    table.mapped(heads, move |record| {
        let (text, sum) = without_sum(record.get(name).unwrap_or_default());
        if sum != wanted {
            return Vec::new();
        }
        let arguments = arguments(text);
        let mut row = Record::default();
        row.clear(record.line);
        for key in &keys {
            row.push(arguments.iter().find(|(own, _)| own == key).map_or("", |(_, value)| value));
        }
        row.push(&format!("{}{}", record.get(time).unwrap_or_default(), record.get(unit).unwrap_or_default()));
        vec![row]
    })
}

/// The runs of Google Benchmark's JSON, with the arguments in their names as fields.
pub(super) fn google_items(items: Vec<Item>) -> Vec<Item> {
    let text = |fields: &Map<String, Value>, name: &str| {
        fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let names: Vec<String> = items.iter().map(|(_, fields)| text(fields, "name")).collect();
    let wanted = wanted(names.iter().map(String::as_str));
    let item = |((line, fields), name): (Item, &String)| {
        let (name, sum) = without_sum(name);
        let mut row: Map<String, Value> =
            arguments(name).into_iter().map(|(key, value)| (key, Value::String(value))).collect();
        if let Some(threads) = fields.get("threads") {
            row.insert("threads".to_owned(), threads.clone());
        }
        let time = fields.get(REAL_TIME).map_or(String::new(), Value::to_string);
        row.insert(REAL_TIME.to_owned(), Value::String(format!("{time}{}", text(&fields, "time_unit"))));
        (sum == wanted).then_some((line, row))
    };
    items.into_iter().zip(&names).filter_map(item).collect()
}

/// The runs of hyperfine's JSON: its single times, beside the parameters.
pub(super) fn hyperfine_items(items: Vec<Item>) -> Vec<Item> {
    let item = |(line, mut fields): Item| {
        // Not hyperfine's: some other results.
        let Some(command) = fields.remove("command") else { return (line, fields) };
        let mut row = Map::from_iter([("command".to_owned(), command)]);
        if let Some(Value::Object(parameters)) = fields.remove("parameters") {
            row.extend(parameters);
        }
        let times = fields.remove("times").or_else(|| fields.remove("median")).or_else(|| fields.remove("mean"));
        if let Some(times) = times {
            row.insert("seconds".to_owned(), times);
        }
        (line, row)
    };
    items.into_iter().map(item).collect()
}
