//! The text format of Extra-P: parameters, points, and the data of each region and metric.

use std::io::BufRead;

use super::super::lines::{Line, Lines};
use super::super::record::Record;
use super::super::table::{Rows, Table};
use super::super::{ReadError, error};
use super::{comment, contents};

/// Whether the first line names a parameter, or the points come first.
pub(super) fn is_like(lines: &[Line]) -> bool {
    let first = |line: &Line| line.text.split_whitespace().next().is_some_and(|word| word == "PARAMETER");
    contents(lines).next().is_some_and(first)
}

/// Begins to read: each number after DATA is one row, at the next point.
pub(super) fn open<'a>(mut lines: Lines<impl BufRead + 'a>) -> Result<Table<'a>, ReadError> {
    let mut file = File::default();
    for line in lines.ahead()? {
        file.parameters.extend(words(&line.text, "PARAMETER").unwrap_or_default());
        file.metric = file.metric.or_else(|| words(&line.text, "METRIC").map(|words| words.join(" ")));
    }
    let mut names = file.parameters.clone();
    names.extend(["region".to_owned(), "metric".to_owned()]);
    names.push(file.metric.clone().filter(|metric| !metric.is_empty()).unwrap_or_else(|| "time".to_owned()));
    Table::new(Some(names), ExtraP { lines, line: Line::default(), file })
}

/// What was read of the file so far.
#[derive(Default)]
struct File {
    parameters: Vec<String>,
    points: Vec<Vec<String>>,
    region: String,
    metric: Option<String>,
    /// The point of the next line of data.
    next: usize,
    /// Numbers of a line that are yet to be given.
    data: Vec<String>,
    point: usize,
}

struct ExtraP<R> {
    lines: Lines<R>,
    line: Line,
    file: File,
}

impl<R: BufRead> Rows for ExtraP<R> {
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        while self.file.data.is_empty() {
            if !self.lines.next(&mut self.line)? {
                return Ok(false);
            }
            self.file.line(&self.line)?;
        }
        let file = &mut self.file;
        record.clear(self.line.number);
        file.points[file.point].iter().for_each(|cell| record.push(cell));
        record.push(&file.region);
        record.push(file.metric.as_deref().unwrap_or_default());
        record.push(&file.data.remove(0));
        Ok(true)
    }
}

impl File {
    /// Takes one line in.
    fn line(&mut self, line: &Line) -> Result<(), ReadError> {
        let (text, number) = (line.text.trim(), line.number);
        if text.is_empty() || comment(text).is_some() || words(text, "PARAMETER").is_some() {
            return Ok(());
        }
        if let Some(points) = words(text, "POINTS") {
            return self.points(&points.join(" "), number);
        }
        if let Some(words) = words(text, "REGION") {
            (self.region, self.next) = (words.join(" "), 0);
        } else if let Some(words) = words(text, "METRIC") {
            (self.metric, self.next) = (Some(words.join(" ")), 0);
        } else if let Some(data) = words(text, "DATA") {
            if self.next >= self.points.len() {
                let points = self.points.len();
                return error(format!("line {number}, column 1: DATA without a point; there are {points} POINTS"));
            }
            (self.data, self.point, self.next) = (data, self.next, self.next + 1);
        } else {
            let word = text.split_whitespace().next().unwrap_or_default();
            return error(format!(
                "line {number}, column 1 is `{}`; Extra-P has PARAMETER, POINTS, REGION, METRIC and DATA",
                super::super::cell::short(word)
            ));
        }
        Ok(())
    }

    /// Adds points: `( 4 10 ) ( 8 10 )`, or plain numbers of one parameter.
    fn points(&mut self, text: &str, number: u64) -> Result<(), ReadError> {
        let parts: Vec<String> = if text.contains('(') {
            text.split('(').skip(1).map(|part| part.replace([')', ','], " ")).collect()
        } else {
            text.split_whitespace().map(str::to_owned).collect()
        };
        for part in parts {
            let cells: Vec<String> = part.split_whitespace().map(str::to_owned).collect();
            let (wanted, found) = (self.parameters.len(), cells.len());
            if found != wanted {
                return error(format!(
                    "line {number}, column 1: a point has {found} numbers, and there are {wanted} parameters"
                ));
            }
            self.points.push(cells);
        }
        Ok(())
    }
}

/// The words after a keyword.
fn words(text: &str, keyword: &str) -> Option<Vec<String>> {
    let mut words = text.split_whitespace();
    (words.next() == Some(keyword)).then(|| words.map(str::to_owned).collect())
}
