//! JSON: an object for each run, in lines or in a list; the files of hyperfine and of Google Benchmark.

use std::io::BufRead;
use std::vec::IntoIter;

use serde_json::{Map, Value};

use super::super::lines::{Line, Lines};
use super::super::record::Record;
use super::super::table::{Rows, Table};
use super::super::{ReadError, error};
use super::benchmarks;

/// Most bytes of one document; lines of objects may be more.
const MOST: usize = 64 << 20;

/// An object, and the line that it begins on.
pub(super) type Item = (u64, Map<String, Value>);

/// Begins to read JSON.
pub(super) fn open<'a>(mut lines: Lines<impl BufRead + 'a>) -> Result<Table<'a>, ReadError> {
    let mut in_lines = lines.ahead()?.iter().filter(|line| !line.text.trim().is_empty());
    if in_lines
        .all(|line| matches!(serde_json::from_str(&line.text), Ok(Value::Object(fields)) if !is_document(&fields)))
    {
        return open_lines(lines);
    }
    let first = lines.ahead()?.first().map_or(1, |line| line.number);
    let text = lines.rest(MOST)?;
    let value: Value = serde_json::from_str(&text).or_else(|fault| {
        let (line, column) = (fault.line() as u64 + first - 1, fault.column());
        error(format!("line {line}, column {column} is not JSON: {fault}"))
    })?;
    let list = |name: &str| value.get(name).and_then(Value::as_array).map(|_| text.find(&format!("\"{name}\"")));
    if let Some(start) = list("benchmarks") {
        let found = items(&text, start, first);
        let is_google = found.iter().any(|(_, fields)| fields.contains_key(benchmarks::REAL_TIME));
        return of_items(if is_google { benchmarks::google_items(found) } else { found });
    }
    if let Some(start) = list("results") {
        return of_items(benchmarks::hyperfine_items(items(&text, start, first)));
    }
    if value.as_array().is_some_and(|list| !list.iter().any(Value::is_array)) {
        return of_items(items(&text, Some(0), first));
    }
    if let (Some(columns), Some(start)) = (value.get("columns").and_then(Value::as_array), list("data")) {
        return of_items(rows(columns, items(&text, start, first)));
    }
    if value.get("traceEvents").is_some() {
        return error("is the trace of a profiler, not a table of timings; read it with `amdahl trace`");
    }
    error("is JSON of an unknown kind; write a list of objects, one for each run: [{\"workers\": 4, \"seconds\": 2.5}]")
}

/// Whether an object is the whole file, not one run.
fn is_document(fields: &Map<String, Value>) -> bool {
    let is_inner = |value: &Value| value.is_object() || value.is_array();
    fields.values().any(|value| value.as_array().is_some_and(|list| list.iter().any(is_inner)))
}

/// The rows of a table as pandas writes it by `to_json(orient="split")`: the names once, and a list for each row.
fn rows(columns: &[Value], items: Vec<Item>) -> Vec<Item> {
    let name = |column: &Value| column.as_str().map_or_else(|| column.to_string(), str::to_owned);
    let names: Vec<String> = columns.iter().map(name).collect();
    let row = |(line, mut fields): Item| {
        let Some(Value::Array(cells)) = fields.remove("value") else { return (line, fields) };
        (line, names.iter().cloned().zip(cells).collect())
    };
    items.into_iter().map(row).collect()
}

/// The objects of a list, each with its line. `start` is where the list, or the name before it, begins.
fn items(text: &str, start: Option<usize>, first: u64) -> Vec<Item> {
    let Some(open) = start.and_then(|start| text[start..].find('[').map(|at| start + at + 1)) else {
        return Vec::new();
    };
    let (mut at, mut counted, mut line) = (open, 0, first);
    let mut items = Vec::new();
    loop {
        let rest = text[at..].trim_start_matches(|letter: char| letter.is_whitespace() || letter == ',');
        at = text.len() - rest.len();
        line += text[counted..at].matches('\n').count() as u64;
        counted = at;
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(value)) = values.next() else { return items };
        at += values.byte_offset();
        match value {
            Value::Object(fields) => items.push((line, fields)),
            other => items.push((line, Map::from_iter([("value".to_owned(), other)]))),
        }
    }
}

/// A table of objects that are known.
fn of_items<'a>(items: Vec<Item>) -> Result<Table<'a>, ReadError> {
    let flat: Vec<Item> = items.into_iter().flat_map(flat).collect();
    let mut names: Vec<String> = Vec::new();
    for name in flat.iter().flat_map(|(_, fields)| fields.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.is_empty() {
        return error("holds no run; write a list of objects, one for each run");
    }
    Table::new(Some(names.clone()), Items { items: flat.into_iter(), names })
}

struct Items {
    items: IntoIter<Item>,
    names: Vec<String>,
}

impl Rows for Items {
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        let Some((line, fields)) = self.items.next() else { return Ok(false) };
        fill(record, line, &fields, &self.names);
        Ok(true)
    }
}

/// The cells of an object, in the order of the names; without a field the cell is empty.
fn fill(record: &mut Record, line: u64, fields: &Map<String, Value>, names: &[String]) {
    record.clear(line);
    for name in names {
        match fields.get(name) {
            None | Some(Value::Null) => record.push(""),
            Some(Value::String(text)) => record.push(&text.replace(['\n', '\r'], " ")),
            Some(value) => record.push(&value.to_string()),
        }
    }
}

/// An object whose inner objects became fields of their own, `outer.inner`. A list of numbers makes an object for each.
fn flat((line, fields): Item) -> Vec<Item> {
    let mut own = Map::new();
    flatten(&mut own, "", fields);
    let numbers =
        |value: &Value| value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_number));
    let list = own.iter().find(|(_, value)| numbers(value)).map(|(name, _)| name.clone());
    let Some(name) = list else { return vec![(line, own)] };
    let Some(Value::Array(values)) = own.get(&name).cloned() else { return vec![(line, own)] };
    let with = |value: Value| {
        let mut fields = own.clone();
        fields.insert(name.clone(), value);
        (line, fields)
    };
    values.into_iter().map(with).collect()
}

fn flatten(into: &mut Map<String, Value>, prefix: &str, fields: Map<String, Value>) {
    for (name, value) in fields {
        match value {
            Value::Object(inner) => flatten(into, &format!("{prefix}{name}."), inner),
            value => {
                into.insert(format!("{prefix}{name}"), value);
            }
        }
    }
}

/// A table of lines with an object each; its names are those of the first lines.
fn open_lines<'a>(mut lines: Lines<impl BufRead + 'a>) -> Result<Table<'a>, ReadError> {
    let mut names: Vec<String> = Vec::new();
    for line in lines.ahead()? {
        let Ok(fields) = object(line) else { continue };
        for name in flat((line.number, fields)).iter().flat_map(|(_, fields)| fields.keys()) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    Table::new(Some(names.clone()), Objects { lines, line: Line::default(), items: Vec::new().into_iter(), names })
}

fn object(line: &Line) -> Result<Map<String, Value>, ReadError> {
    serde_json::from_str(&line.text).or_else(|fault| {
        let (line, column) = (line.number, fault.column());
        error(format!("line {line}, column {column} is no JSON object: {fault}"))
    })
}

struct Objects<R> {
    lines: Lines<R>,
    line: Line,
    items: IntoIter<Item>,
    names: Vec<String>,
}

impl<R: BufRead> Rows for Objects<R> {
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        loop {
            if let Some((line, fields)) = self.items.next() {
                fill(record, line, &fields, &self.names);
                return Ok(true);
            }
            if !self.lines.next(&mut self.line)? {
                return Ok(false);
            }
            if !self.line.text.trim().is_empty() {
                self.items = flat((self.line.number, object(&self.line)?)).into_iter();
            }
        }
    }
}
