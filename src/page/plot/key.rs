//! The legend of a picture: a sample of each series and each curve, and its name.

use super::Plot;
use super::svg::{GAP, LETTER, LINE, MARKS, WIDTH, Word, class, number};
use crate::page::block::Tone;

/// Widths of a line and of a mark in the legend.
const SAMPLES: [f64; 2] = [34.0, 16.0];

/// An entry of the legend.
pub(super) struct Entry {
    /// Whether the sample is a mark, a law, or a line to compare with.
    pub(super) kind: &'static str,
    pub(super) class: String,
    /// The sample as a path.
    pub(super) path: String,
    pub(super) name: Word,
}

impl Plot {
    /// The legend, and how many lines it takes.
    pub(super) fn entries(&self) -> (Vec<Entry>, usize) {
        let measured = self.series.iter().enumerate().filter(|(_, series)| !series.points.is_empty());
        let measured = measured.map(|(number, series)| (Tone::Series(number), Some(number), &series.name));
        let named = self.curves.iter().filter(|curve| !curve.name.is_empty());
        let named = named.map(|curve| (curve.tone, None, &curve.name));
        let (mut entries, mut line, mut at) = (Vec::new(), 0, 0.0);
        for (tone, mark, name) in measured.chain(named) {
            let sample = SAMPLES[usize::from(mark.is_some())];
            let length = sample + GAP + name.chars().count() as f64 * LETTER + GAP;
            if at > 0.0 && at + length > WIDTH {
                (line, at) = (line + 1, 0.0);
            }
            let middle = f64::from(line) * LINE + LINE / 2.0;
            let path = mark.map_or_else(
                || format!("M{} {}h{sample}", number(at), number(middle)),
                |mark| format!("M{} {}{}", number(at + sample / 2.0), number(middle), MARKS[mark % MARKS.len()]),
            );
            entries.push(Entry {
                class: class(tone),
                path,
                kind: match (mark, tone) {
                    (Some(_), _) => "mark",
                    (None, Tone::Series(_)) => "law",
                    (None, _) => "compare",
                },
                name: Word { x: number(at + sample + GAP), y: number(middle + 6.0), text: name.clone() },
            });
            at += length + GAP;
        }
        (entries, if at > 0.0 { line as usize + 1 } else { 0 })
    }
}
