//! What stands around a canvas: legend, axes, labels.

use super::Plot;
use super::axis::Range;
use super::canvas::Canvas;
use super::characters::{INTERVAL, LABELS, MARKS};
use crate::page::block::{Drawing, Tone};

impl Plot {
    /// The canvas with its legend, its axes and their labels.
    pub(super) fn frame(&self, canvas: &Canvas, x: Range, y: Range) -> Drawing {
        let (columns, rows) = (canvas.columns(), canvas.rows());
        let mut lines = self.legend(LABELS + columns, canvas.shows(INTERVAL));
        lines.push(faint(&format!("{:>LABELS$} ┌", self.y.name)));
        let labels = y.ticks();
        for row in 0..rows {
            let tick = labels.iter().find(|&&tick| y.cell_from_top(tick, rows) == Some(row));
            let label = tick.map_or(String::new(), |&tick| self.y.label(tick));
            let mut line = faint(&format!("{label:>LABELS$} {}", if tick.is_some() { '┤' } else { '│' }));
            line.extend(canvas.row(row));
            lines.push(line);
        }
        let ticks: Vec<(usize, String)> =
            x.ticks().iter().filter_map(|&tick| Some((x.cell(tick, columns)?, self.x.label(tick)))).collect();
        let mut axis = vec!['─'; columns];
        for (column, _) in &ticks {
            axis[*column] = '┬';
        }
        lines.push(faint(&format!("{} └{}", " ".repeat(LABELS), axis.iter().collect::<String>())));
        for line in tick_labels(&ticks, &self.x.name, columns) {
            lines.push(faint(&format!("{}{line}", " ".repeat(LABELS + 2))));
        }
        Drawing { lines }
    }

    /// The legend. Intervals are explained if they are drawn and there is room.
    fn legend(&self, width: usize, has_intervals: bool) -> Vec<Vec<(char, Tone)>> {
        let marks =
            self.series.iter().enumerate().filter(|(_, series)| !series.points.is_empty()).map(|(number, series)| {
                (MARKS[number % MARKS.len()].to_string(), series.name.as_str(), Tone::Series(number))
            });
        let named = self.curves.iter().filter(|curve| !curve.name.is_empty());
        let curves = named.map(|curve| {
            let sample = if curve.fitted.is_some() { "⠤⠤⠤" } else { "⠄⠄⠄" };
            (sample.to_owned(), curve.name.as_str(), curve.tone)
        });
        let mut lines = vec![Vec::new()];
        let mut used = 0;
        for (sample, name, tone) in marks.chain(curves) {
            let length = sample.chars().count() + name.chars().count() + 4;
            if used > 0 && used + length > width {
                lines.push(Vec::new());
                used = 0;
            }
            used += length;
            if let Some(line) = lines.last_mut() {
                line.extend("   ".chars().map(|letter| (letter, Tone::Plain)));
                line.extend(sample.chars().map(|letter| (letter, tone)));
                line.extend(format!(" {name}").chars().map(|letter| (letter, Tone::Plain)));
            }
        }
        let intervals = format!("   {INTERVAL} 95 % interval");
        if let Some(line) = lines.last_mut().filter(|_| has_intervals && used + intervals.chars().count() <= width) {
            line.extend(intervals.chars().map(|letter| (letter, Tone::Plain)));
        }
        lines
    }
}

/// Labels under their ticks, those that would touch another left out; the axis' name at the end, or on a line below.
fn tick_labels(ticks: &[(usize, String)], name: &str, columns: usize) -> Vec<String> {
    let mut line: Vec<char> = Vec::new();
    for (column, label) in ticks {
        let letters: Vec<char> = label.chars().collect();
        // The last label ends with the axis.
        let start = column.saturating_sub(letters.len() / 2).min(columns.saturating_sub(letters.len()));
        if line.is_empty() || start > line.len() {
            line.resize(start, ' ');
            line.extend(letters);
        }
    }
    let labels: String = line.iter().collect();
    let name_at = columns.saturating_sub(name.chars().count());
    match name_at.checked_sub(line.len() + 2) {
        Some(_) => vec![format!("{labels}{}{name}", " ".repeat(name_at - line.len()))],
        None => vec![labels, format!("{}{name}", " ".repeat(name_at))],
    }
}

fn faint(text: &str) -> Vec<(char, Tone)> {
    text.chars().map(|letter| (letter, Tone::Faint)).collect()
}
