//! How a table of separated text is laid out: what sets its cells apart, and where its names stand.

use super::super::cell::looks_like_value;
use super::super::lines::Line;
use super::super::names::{self, is_known, is_plain_number};
use super::split::Separator;
use super::{comment, contents};

/// What may set cells apart; of equals the first.
const SEPARATORS: [Separator; 5] = [
    Separator::Letter('\t'),
    Separator::Letter(';'),
    Separator::Letter('|'),
    Separator::Blanks,
    Separator::Letter(','),
];

/// Lines that are looked at to find the separator.
const MOST: usize = 200;

/// The layout of a table.
#[derive(Debug, PartialEq)]
pub(super) struct Layout {
    pub(super) separator: Separator,
    pub(super) names: Option<Vec<String>>,
    /// The line of the names.
    pub(super) names_line: Option<u64>,
    /// The number of cells that most rows have.
    pub(super) width: usize,
}

impl Layout {
    /// Finds the layout by the first lines; `stated` is a separator that the file states.
    pub(super) fn of(lines: &[Line], stated: Option<char>) -> Self {
        let texts: Vec<&Line> = contents(lines).take(MOST).collect();
        let texts = &texts[preamble(&texts)..];
        let rows = if texts.len() > 1 { &texts[1..] } else { texts };
        let separator = stated.map(Separator::Letter).or_else(|| separator(rows)).or_else(|| separator(texts));
        let separator = separator.unwrap_or_else(|| by_letters(texts.first().map_or("", |line| &line.text)));
        let width = width(separator, rows);
        let plain = Self { separator, names: None, names_line: None, width };
        let Some(first) = texts.first() else { return plain };
        let cells = heads(separator, &first.text, width);
        if is_header(&cells, separator, rows) {
            let units = texts.get(1).map(|line| (line.number, heads(separator, &line.text, width)));
            let (last, names) = match units.filter(|(_, units)| are_units(units) && units.len() == cells.len()) {
                Some((line, units)) => (line, cells.iter().zip(&units).map(with_unit).collect()),
                None => (first.number, cells),
            };
            return Self { names: Some(names), names_line: Some(last), ..plain };
        }
        let before = lines.iter().take_while(|line| line.number < first.number).filter_map(|line| {
            let cells = heads(separator, comment(&line.text)?, width);
            let names = cells.len() == width && cells.iter().any(|cell| is_known(cell));
            (names && width > 1).then_some((line.number, cells))
        });
        match before.last() {
            Some((line, names)) => Self { names: Some(names), names_line: Some(line), ..plain },
            None => plain,
        }
    }
}

/// How many lines of text stand before the names: the first line with a known name and a number under it, if no values
/// are above.
fn preamble(texts: &[&Line]) -> usize {
    let table: Vec<Vec<String>> = texts.iter().map(|line| by_letters(&line.text).cells(&line.text)).collect();
    let has_number = |row: &Vec<String>| row.iter().any(|cell| is_plain_number(cell));
    let is_header = |head: &Vec<String>| {
        head.len() > 1 && !has_number(head) && !are_units(head) && head.iter().any(|cell| is_known(cell))
    };
    let is_first = |row: &Vec<String>| has_number(row) || are_units(row);
    let begins = |pair: &[Vec<String>]| is_header(&pair[0]) && pair[0].len() == pair[1].len() && is_first(&pair[1]);
    let start = table.windows(2).position(begins).unwrap_or(0);
    let is_row = |row: &Vec<String>| row.len() > 1 && row.iter().all(|cell| looks_like_value(cell)) && has_number(row);
    if table[..start].iter().any(is_row) { 0 } else { start }
}

/// The separator of a line on its own.
fn by_letters(text: &str) -> Separator {
    let comma = Separator::Letter(',');
    let found = [SEPARATORS[0], SEPARATORS[1], comma, SEPARATORS[2], Separator::Blanks];
    found.into_iter().find(|separator| separator.cells(text).len() > 1).unwrap_or(comma)
}

/// The separator that makes the most even table of the most values; `None` if none makes two columns.
fn separator(rows: &[&Line]) -> Option<Separator> {
    let mut best: Option<(f64, Separator)> = None;
    for separator in SEPARATORS {
        let width = width(separator, rows);
        if width < 2 {
            continue;
        }
        let (mut even, mut values, mut all) = (0, 0, 0);
        for row in rows {
            let cells = separator.cells(&row.text);
            even += usize::from(cells.len() == width);
            values += cells.iter().filter(|cell| looks_like_value(cell)).count();
            all += cells.len();
        }
        let score = even as f64 / rows.len() as f64 * values as f64 / all as f64;
        if score > best.map_or(0.0, |(best, _)| best) {
            best = Some((score, separator));
        }
    }
    best.map(|(_, separator)| separator)
}

/// The number of cells that most rows have.
fn width(separator: Separator, rows: &[&Line]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(|row| separator.cells(&row.text).len()).collect();
    widths.sort_unstable();
    widths.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map_or(0, |same| same[0])
}

/// The names in a line. They may be set apart in another way than the cells, and lack one for the rows' numbers.
fn heads(separator: Separator, text: &str, width: usize) -> Vec<String> {
    let mut cells = separator.cells(text);
    while cells.len() > width.max(1) && cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    if cells.len() == width {
        if separator == Separator::Blanks {
            for cell in &mut cells {
                cell.truncate(cell.trim_end_matches([',', ';']).len());
            }
        }
        return without_empty_end(cells);
    }
    let others = SEPARATORS.into_iter().chain([Separator::Gaps]).map(|other| other.cells(text));
    if let Some(other) = others.into_iter().find(|other| other.len() == width && width > 1) {
        return other;
    }
    if cells.len() + 1 == width && cells.len() > 1 && matches!(separator, Separator::Blanks) {
        cells.insert(0, String::new());
    }
    without_empty_end(cells)
}

/// Names without those that a separator at the end of the line leaves empty.
fn without_empty_end(mut names: Vec<String>) -> Vec<String> {
    while names.len() > 1 && names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// A unit without its brackets; nothing for `-`.
fn bare(unit: &str) -> &str {
    let is_outer = |letter: char| letter.is_whitespace() || "[](){}-#".contains(letter);
    unit.trim_matches(is_outer)
}

/// Whether cells below the names are units: one of a time, and others that may be.
fn are_units(cells: &[String]) -> bool {
    let is_time = |cell: &String| names::unit(&bare(cell).to_lowercase()).is_some();
    let may_be = |cell: &String| {
        let cell = bare(cell);
        cell.is_empty() || cell == "%" || cell.contains('/') || names::unit(&cell.to_lowercase()).is_some()
    };
    cells.iter().any(is_time) && cells.iter().all(|cell| may_be(cell) && !is_plain_number(cell))
}

/// A name with its unit, as it stands in a head of one line.
fn with_unit((name, unit): (&String, &String)) -> String {
    match bare(unit) {
        "" => name.clone(),
        unit => format!("{name} ({unit})"),
    }
}

/// Whether cells name columns: none is a number, or one stands as a word over numbers.
fn is_header(cells: &[String], separator: Separator, rows: &[&Line]) -> bool {
    let is_word = |cell: &String| !cell.is_empty() && !cell.starts_with(|first: char| first.is_ascii_digit());
    if !cells.iter().any(|cell| is_plain_number(cell)) {
        return cells.iter().any(|cell| is_word(cell) || !looks_like_value(cell));
    }
    let table: Vec<Vec<String>> = rows.iter().map(|row| separator.cells(&row.text)).collect();
    let over_values = |column: usize| {
        let mut below = table.iter().filter_map(|row| row.get(column));
        below.clone().count() > 0 && below.all(|cell| looks_like_value(cell))
    };
    let wordless = |cell: &String| is_word(cell) && !looks_like_value(cell);
    cells.iter().enumerate().any(|(column, cell)| wordless(cell) && over_values(column))
}
