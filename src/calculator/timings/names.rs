//! Names of columns and of units.

/// Time units by their names, with the seconds that one of them is, and the name that is shown.
const UNITS: [(&str, f64, &[&str]); 6] = [
    ("s", 1.0, &["s", "sec", "secs", "second", "seconds"]),
    ("ms", 1e-3, &["ms", "msec", "millisecond", "milliseconds"]),
    // U+00B5, the micro sign, becomes U+03BC, the Greek letter, on some keyboards.
    ("µs", 1e-6, &["us", "µs", "μs", "usec", "microsecond", "microseconds"]),
    ("ns", 1e-9, &["ns", "nsec", "nanosecond", "nanoseconds"]),
    ("min", 60.0, &["min", "minute", "minutes"]),
    ("h", 3600.0, &["h", "hour", "hours"]),
];

/// What columns may be called, for messages.
pub(super) const NAMES: &str = "`workers`, and a time (`seconds`, `ms`, `us`, `ns`, `min`, or `time_ms` and the like), \
    `throughput` or `speedup`; `work` is optional";

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Role {
    Workers,
    Work,
    /// A time, with the unit that its name states.
    Time(Option<Unit>),
    Throughput,
    Speedup,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Unit {
    pub(super) name: &'static str,
    pub(super) seconds: f64,
}

/// The unit of that name, in small letters.
pub(super) fn unit(name: &str) -> Option<Unit> {
    let found = UNITS.iter().find(|(_, _, names)| names.contains(&name));
    found.map(|&(name, seconds, _)| Unit { name, seconds })
}

/// What a column of this name is. A time is called by its unit (`ms`), `time`, or `time` with its unit: `time_ms`,
/// `time ms`, `time (ms)`, `time [ms]`.
pub(super) fn role(name: &str) -> Option<Role> {
    let name = name.trim().to_lowercase();
    match name.as_str() {
        "workers" => return Some(Role::Workers),
        "work" => return Some(Role::Work),
        "throughput" => return Some(Role::Throughput),
        "speedup" => return Some(Role::Speedup),
        "time" => return Some(Role::Time(None)),
        _ => {}
    }
    let alone = name.strip_prefix("time").filter(|rest| !rest.starts_with(char::is_alphanumeric));
    let stated = alone.map_or(name.as_str(), |rest| rest.trim_matches([' ', '_', '-', '(', ')', '[', ']', '/']));
    unit(stated).map(|unit| Role::Time(Some(unit)))
}
