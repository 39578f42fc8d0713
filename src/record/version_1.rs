//! Converts runs of schema version 1 to the current schema.
//!
//! Version 1 called the series `rung` (`null` for the device) and the transfer method `path`. It also stored fits and
//! sentences of the laws. The samples are the same, so the laws are computed from them again.

use serde_json::{Map, Value, json};

use super::{Check, SCHEMA};

/// Name of the check of the speed in version 1.
const CANARY: &str = "the canary keeps its time";

/// Returns a run of version 1 in the current form. Missing fields stay missing, so the reader reports them.
pub(super) fn raised(mut run: Value) -> Value {
    let experiments = run.get_mut("experiments").and_then(Value::as_array_mut);
    for experiment in experiments.into_iter().flatten() {
        let cases = experiment.get_mut("cases").and_then(Value::as_array_mut);
        cases.into_iter().flatten().for_each(raise_case);
        if let Some(twin) = experiment.pointer_mut("/control/twin") {
            raise_case(twin);
        }
    }
    let checks = run.pointer_mut("/audit/checks").and_then(Value::as_array_mut);
    for check in checks.into_iter().flatten().filter(|check| check["name"] == CANARY) {
        check["name"] = json!(Check::CANARY);
    }
    // The converted run has the current schema.
    run["schema"] = json!(SCHEMA);
    run
}

fn raise_case(case: &mut Value) {
    let Some(fields) = case.as_object_mut() else {
        return;
    };
    let series = fields.remove("rung").filter(|rung| !rung.is_null()).unwrap_or_else(|| json!("device"));
    let transfer = fields.remove("path").unwrap_or(Value::Null);
    let missing = |fields: &Map<String, Value>, name: &str| !fields.contains_key(name);
    fields.insert("series".to_owned(), series);
    fields.insert("transfer".to_owned(), transfer);
    // Versions before these fields cut no job, and had only one way to wait.
    for (name, value) in [("slices", json!(1)), ("wait", Value::Null)] {
        if missing(fields, name) {
            fields.insert(name.to_owned(), value);
        }
    }
}
