//! Columns by their names or numbers, as options give them.

use super::super::cell;
use super::super::mapping::Mapping;
use super::super::names::{Kind, Meaning, NAMES, meaning, numbered};
use super::super::table::{BLOCK, Table};
use super::super::{ReadError, error};
use super::{Only, ours};

/// The columns that the reader named.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub(super) workers: Option<Vec<usize>>,
    pub(super) work: Option<usize>,
    pub(super) value: Option<(usize, Kind)>,
}

/// What `--columns` and `--work` say.
pub(super) fn stated(table: &Table<'_>, asked: &Mapping) -> Result<Stated, ReadError> {
    let mut stated = Stated::default();
    let mut used: Vec<usize> = Vec::new();
    let pairs = asked.columns.iter().map(String::as_str).map(|pair| (pair, pair.split_once('=')));
    for (pair, parts) in pairs {
        let Some((ours_name, theirs)) = parts else {
            return error(format!("--columns: no `=` in `{pair}`; write it like workers=processors,ms=elapsed"));
        };
        let Some(meaning) = ours(ours_name) else {
            return error(format!("--columns: `{ours_name}` in `{pair}` is not known; there are {NAMES}"));
        };
        let columns = product(table, theirs)?;
        if let Some(twice) = columns.iter().find(|column| used.contains(column)) {
            return error(format!("--columns gives the column `{}` two meanings", table.name(*twice)));
        }
        used.extend(&columns);
        match (meaning, columns.as_slice()) {
            (Meaning::Workers(_), _) => stated.workers = Some(columns),
            (Meaning::Work, &[column]) => stated.work = Some(column),
            (Meaning::Value { kind, .. }, &[column]) => stated.value = Some((column, with_unit(kind, table, column))),
            _ => return error(format!("--columns: `{pair}` multiplies columns; only workers may be a product")),
        }
    }
    if let Some(work) = &asked.work {
        stated.work = Some(place(table, work, "--work")?);
    }
    Ok(stated)
}

/// A time that the reader calls only so has the unit that its own name states.
fn with_unit(kind: Kind, table: &Table<'_>, column: usize) -> Kind {
    match (kind, meaning(&table.name(column))) {
        (Kind::Time(None), Meaning::Value { kind: own @ Kind::Time(_), .. }) => own,
        _ => kind,
    }
}

/// The columns of a product: `nodes*tasks`.
fn product(table: &Table<'_>, theirs: &str) -> Result<Vec<usize>, ReadError> {
    if !theirs.contains('*') || find(table, theirs).is_some() {
        return Ok(vec![place(table, theirs, "--columns")?]);
    }
    theirs.split('*').map(|name| place(table, name, "--columns")).collect()
}

/// The column of that name, in any case, or of that number, counted from 1.
pub(in super::super) fn find(table: &Table<'_>, theirs: &str) -> Option<usize> {
    let theirs = theirs.trim();
    let names = table.names.as_deref().unwrap_or_default();
    let named = names.iter().position(|name| name == theirs);
    let named = named.or_else(|| names.iter().position(|name| name.eq_ignore_ascii_case(theirs)));
    let number = || theirs.parse::<usize>().ok().filter(|number| (1..=table.width).contains(number));
    let block = table.block.filter(|_| theirs == BLOCK);
    named.or(block).or_else(|| Some(number()? - 1))
}

/// The same, or what is wrong with the option that names it.
fn place(table: &Table<'_>, theirs: &str, option: &str) -> Result<usize, ReadError> {
    if let Some(column) = find(table, theirs) {
        return Ok(column);
    }
    let shown = table.block.unwrap_or(table.width);
    let names: Vec<String> = (0..shown).map(|column| table.name(column)).collect();
    let what = if table.names.is_some() { "its columns are" } else { "its columns have no names, only numbers:" };
    error(format!("no column `{}`, which {option} names; {what} {}", cell::short(theirs.trim()), quoted(&names)))
}

/// The columns that an option names.
pub(super) fn all(table: &Table<'_>, theirs: &[String], option: &str) -> Result<Vec<usize>, ReadError> {
    theirs.iter().map(|name| place(table, name, option)).collect()
}

/// What `--where` says.
pub(super) fn only(table: &Table<'_>, asked: &Mapping) -> Result<Vec<Only>, ReadError> {
    let one = |pair: &String| {
        let Some((name, value)) = pair.split_once('=') else {
            return error(format!("--where: no `=` in `{pair}`; write it like --where N=1000"));
        };
        Ok(Only { column: place(table, name, "--where")?, value: value.trim().to_owned() })
    };
    asked.only.iter().map(one).collect()
}

/// How an option names a column: by its name, or by its number if the name would be read wrongly.
pub(in super::super) fn theirs(names: Option<&[String]>, block: Option<usize>, column: usize) -> String {
    let number = || (column + 1).to_string();
    let Some(name) = names.and_then(|names| names.get(column)) else {
        return if block == Some(column) { BLOCK.to_owned() } else { number() };
    };
    let all = names.unwrap_or_default();
    let same = all.iter().filter(|other| other.trim().eq_ignore_ascii_case(name.trim())).count();
    let marks = [',', '=', '*', '"', '\''];
    let is_odd = name.is_empty() || name.trim() != name || name.starts_with('-') || name.contains(marks);
    if same > 1 || is_odd || name.parse::<usize>().is_ok() { number() } else { name.clone() }
}

/// What each column is by its name. One that ends in a number is what its fellows are: `run1`, `seconds.1`.
pub(super) fn meanings(table: &Table<'_>) -> Vec<Meaning> {
    let Some(names) = &table.names else { return vec![Meaning::Other; table.width] };
    let stems: Vec<Option<String>> = names.iter().map(|name| numbered(name).map(|(stem, _)| stem)).collect();
    let of = |column: usize| {
        let own = meaning(&names[column]);
        let stem =
            stems[column].as_ref().filter(|stem| !stem.is_empty() && matches!(own, Meaning::Other | Meaning::Output));
        let Some(stem) = stem else { return own };
        let has_fellows = (0..names.len()).any(|other| {
            other != column && (stems[other].as_ref() == Some(stem) || names[other].trim().eq_ignore_ascii_case(stem))
        });
        match meaning(stem) {
            meaning @ (Meaning::Value { .. } | Meaning::Repetition) if has_fellows => meaning,
            _ => own,
        }
    };
    (0..names.len()).map(of).collect()
}

/// Refuses the columns of `samples.csv` or `cases.csv`, which a run saves.
pub(in super::super) fn is_of_a_run(names: &[String]) -> bool {
    let has = |wanted: &&str| names.iter().any(|name| name == wanted);
    let [samples, cases] = [["phase", "repetition"], ["quantity", "median"]];
    ["experiment", "workload"].iter().all(has) && (samples.iter().all(has) || cases.iter().all(has))
}

/// Writes names for a message, at most twelve of them.
pub(in super::super) fn quoted(names: &[String]) -> String {
    const MOST: usize = 12;
    cell::first(MOST, names.iter().map(|name| format!("`{}`", cell::short(name))))
}
