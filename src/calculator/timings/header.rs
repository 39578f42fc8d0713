//! Finds the columns by their names.

use super::names::{NAMES, Role, Unit, role, unit};
use super::{Given, ReadError, error};

/// How the columns of a table are called, where not as expected, and the unit of its times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Pairs `ours=theirs`: `workers=processors`, `throughput=tps`, `ms=elapsed`.
    pub columns: Vec<String>,
    /// Unit of a time column whose name states none.
    pub unit: Option<String>,
}

/// A column by its place, from 0, with its name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) index: usize,
    pub(super) name: String,
}

/// The columns that are read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    pub(super) workers: Column,
    pub(super) work: Option<Column>,
    pub(super) value: Column,
    pub(super) given: Given,
    /// Seconds that one of the values is; 1 if they are no times.
    pub(super) factor: f64,
    pub(super) unit: Option<&'static str>,
    pub(super) unit_stated: bool,
}

impl Columns {
    /// Finds the columns by the header, and by what maps other names.
    pub(super) fn find(header: &csv::StringRecord, mapping: &Mapping) -> Result<Self, ReadError> {
        let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        if names.iter().all(|name| name.parse::<f64>().is_ok()) {
            return error(format!(
                "the first line holds numbers ({}); it must name the columns: workers,seconds",
                quoted(&names)
            ));
        }
        let roles = roles(&names, mapping)?;
        if is_of_a_run(&names) {
            return error(
                "holds the samples of a whole run; `amdahl report` shows it. Or keep the rows of one experiment, \
                 workload and phase, with the columns workers and seconds",
            );
        }
        let workers = one(&names, &roles, "workers", |role| role == Role::Workers)?;
        let Some(workers) = workers else { return missing("`workers`", &names, "workers") };
        let work = one(&names, &roles, "work", |role| role == Role::Work)?;
        let time = one(&names, &roles, "a time", |role| matches!(role, Role::Time(_)))?;
        let throughput = one(&names, &roles, "throughput", |role| role == Role::Throughput)?;
        let speedup = one(&names, &roles, "speedup", |role| role == Role::Speedup)?;
        let (value, given) = match (time, throughput, speedup) {
            (Some(time), ..) => (time, Given::Seconds),
            (None, Some(throughput), _) => (throughput, Given::Throughput),
            (None, None, Some(speedup)) => (speedup, Given::Speedup),
            (None, None, None) => return missing("of values (a time, `throughput` or `speedup`)", &names, "seconds"),
        };
        if let (Some(work), true) = (&work, given != Given::Seconds) {
            return error(format!(
                "the column `{}` needs a column of times, but `{}` holds none: jobs of different sizes are compared by \
                 time. Add a column seconds, or leave out the work",
                work.name, value.name
            ));
        }
        let unit = match (given, roles[value.index]) {
            (Given::Seconds, Some(Role::Time(of_header))) => time_unit(&value.name, of_header, mapping)?,
            _ => no_unit(&names, mapping)?,
        };
        let factor = unit.map_or(1.0, |unit| unit.seconds);
        let shown = (given == Given::Seconds).then(|| unit.map_or("s", |unit| unit.name));
        Ok(Self { names, workers, work, value, given, factor, unit: shown, unit_stated: unit.is_some() })
    }

    /// The names of the columns that are not read.
    pub(super) fn unread(&self) -> Vec<String> {
        let used = [Some(&self.workers), self.work.as_ref(), Some(&self.value)];
        let is_used = |index: usize| used.iter().flatten().any(|column| column.index == index);
        self.names.iter().enumerate().filter(|(index, _)| !is_used(*index)).map(|(_, name)| name.clone()).collect()
    }
}

/// Whether these are the columns of `samples.csv` or `cases.csv`, which a run saves.
fn is_of_a_run(names: &[String]) -> bool {
    let has = |wanted: &&str| names.iter().any(|name| name == wanted);
    let [samples, cases] = [["phase", "repetition"], ["quantity", "median"]];
    ["experiment", "workload"].iter().all(has) && (samples.iter().all(has) || cases.iter().all(has))
}

/// What each column is. A mapping takes the place of whatever has that role by its name.
fn roles(names: &[String], mapping: &Mapping) -> Result<Vec<Option<Role>>, ReadError> {
    let mut roles: Vec<Option<Role>> = names.iter().map(|name| role(name)).collect();
    let mut mapped: Vec<(usize, Role)> = Vec::new();
    for pair in &mapping.columns {
        let Some((ours, theirs)) = pair.split_once('=').map(|(ours, theirs)| (ours.trim(), theirs.trim())) else {
            return error(format!("--columns: no `=` in `{pair}`; write it like workers=processors,ms=elapsed"));
        };
        let Some(role) = role(ours) else {
            return error(format!("--columns: `{ours}` in `{pair}` is not a known column; there are {NAMES}"));
        };
        let Some(index) = names.iter().position(|name| name.eq_ignore_ascii_case(theirs)) else {
            return error(format!("no column `{theirs}`, which --columns names; its columns are {}", quoted(names)));
        };
        mapped.push((index, role));
    }
    let is_value = |role: Role| !matches!(role, Role::Workers | Role::Work);
    for (index, role) in &mapped {
        for other in &mut roles {
            // A mapped column of values is the one that is meant, whatever others there are.
            if other.is_some_and(|other| other == *role || is_value(other) && is_value(*role)) {
                *other = None;
            }
        }
        roles[*index] = None;
    }
    for (index, role) in mapped {
        if roles[index].is_some() {
            return error(format!("--columns gives the column `{}` two meanings", names[index]));
        }
        roles[index] = Some(role);
    }
    Ok(roles)
}

/// The only column of a role; an error if there are two.
fn one(
    names: &[String],
    roles: &[Option<Role>],
    what: &str,
    is: impl Fn(Role) -> bool,
) -> Result<Option<Column>, ReadError> {
    let mut found = (0..names.len()).filter(|index| roles[*index].is_some_and(&is));
    let first = found.next();
    if let (Some(first), Some(second)) = (first, found.next()) {
        return error(format!(
            "columns {} (`{}`) and {} (`{}`) both give {what}; leave one out, or choose one with --columns",
            first + 1,
            names[first],
            second + 1,
            names[second]
        ));
    }
    Ok(first.map(|index| Column { index, name: names[index].clone() }))
}

/// The unit of a time, by its column's name or by the option.
fn time_unit(name: &str, of_header: Option<Unit>, mapping: &Mapping) -> Result<Option<Unit>, ReadError> {
    match (of_header, asked_unit(mapping)?) {
        (Some(header), Some(asked)) if header != asked => error(format!(
            "the column `{name}` is in {} by its name, but --unit says {asked}; leave out --unit, or give --columns \
             {asked}={name}",
            header.name,
            asked = asked.name
        )),
        (of_header, asked) => Ok(of_header.or(asked)),
    }
}

/// Refuses a unit of time if there is no time.
fn no_unit(names: &[String], mapping: &Mapping) -> Result<Option<Unit>, ReadError> {
    match asked_unit(mapping)? {
        Some(unit) => error(format!("no column of times for --unit {}; its columns are {}", unit.name, quoted(names))),
        None => Ok(None),
    }
}

fn asked_unit(mapping: &Mapping) -> Result<Option<Unit>, ReadError> {
    let Some(text) = &mapping.unit else { return Ok(None) };
    match unit(text.trim().to_lowercase().as_str()) {
        Some(unit) => Ok(Some(unit)),
        None => error(format!("--unit: `{text}` is not a unit of time; there are s, ms, us, ns, min and h")),
    }
}

fn missing<T>(what: &str, names: &[String], ours: &str) -> Result<T, ReadError> {
    let theirs = names.iter().find(|name| !name.is_empty() && role(name).is_none()).map_or("NAME", String::as_str);
    error(format!(
        "no column {what}; its columns are {}. Columns are called {NAMES}; map another name with --columns \
         {ours}={theirs}",
        quoted(names)
    ))
}

/// Writes names for a message, at most twelve of them.
fn quoted(names: &[String]) -> String {
    const MOST: usize = 12;
    let mut shown: Vec<String> =
        names.iter().take(MOST).map(|name| format!("`{}`", super::cell::short(name))).collect();
    if names.len() > MOST {
        shown.push(format!("and {} more", names.len() - MOST));
    }
    shown.join(", ")
}
