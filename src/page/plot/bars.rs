//! Bars as a picture in a file of its own.

use askama::Template;

use super::svg::{GAP, LETTER, LINE, WIDTH, Word, number};
use crate::page::block::{Bar, Bars};
use crate::page::clean;
use crate::page::html::{PLOT_STYLE, rendered};
use crate::page::text::wrap;

/// Height of a bar, and of a bar with its name over it.
pub(super) const BAR: f64 = 18.0;
const ROW: f64 = LINE + BAR + GAP;

/// A picture: everything in its place.
#[derive(Template)]
#[template(path = "bars.svg")]
struct Picture {
    width: String,
    height: String,
    /// What a longer bar means, which is also what the picture shows for those who cannot see it.
    caption: &'static str,
    lines: Vec<Word>,
    style: &'static str,
    rows: Vec<Row>,
    /// Samples of the solid and the hatched part with their names.
    key: Vec<Sample>,
}

/// A sample of the legend.
pub(super) struct Sample {
    pub(super) class: String,
    pub(super) is_hatched: bool,
    /// Left and upper edge of its square.
    pub(super) x: String,
    pub(super) y: String,
    pub(super) name: Word,
}

/// Returns the samples of a legend in one line, each with a class of colour and whether it is hatched.
pub(super) fn samples<'a>(named: impl Iterator<Item = (&'a str, String, bool)>, line: f64) -> Vec<Sample> {
    let mut at = 0.0;
    let sample = |(name, class, is_hatched): (&str, String, bool)| {
        let text = Word { x: number(at + BAR + GAP), y: number(line), text: name.to_owned() };
        let square = [at, line - BAR + 3.0].map(number);
        at += BAR + GAP + name.chars().count() as f64 * LETTER + 2.0 * GAP;
        let [x, y] = square;
        Sample { class, is_hatched, x, y, name: text }
    };
    named.map(sample).collect()
}

/// A bar under its name.
struct Row {
    name: Word,
    /// The numbers, at the right end.
    cells: String,
    class: usize,
    /// The upper edge of the bar, its length, and where its hatched part begins and how long that is.
    top: String,
    length: String,
    hatched: Option<[String; 2]>,
}

/// Returns a text in lines no wider than the picture, the first of them at that height.
pub(super) fn lines(text: &str, first: f64) -> Vec<Word> {
    let at = |(index, text): (usize, String)| Word { x: "0".to_owned(), y: number(first + index as f64 * LINE), text };
    wrap(text, (WIDTH / LETTER) as usize).into_iter().enumerate().map(at).collect()
}

impl Bars {
    /// Returns the bars as a file of its own.
    pub(crate) fn svg_file(&self) -> String {
        let row = |(index, (bar, share)): (usize, (&Bar, f64))| {
            let top = index as f64 * ROW + LINE;
            let remark = bar.remark.trim_start_matches("<- ");
            let cells = bar.cells.iter().map(String::as_str).chain([remark]).filter(|cell| !cell.is_empty());
            Row {
                name: Word { x: "0".to_owned(), y: number(top - GAP / 2.0), text: bar.name.clone() },
                cells: cells.collect::<Vec<_>>().join(", "),
                class: bar.series,
                top: number(top),
                length: number(share * WIDTH),
                hatched: bar.solid.map(|solid| [solid, 1.0 - solid].map(|part| number(part * share * WIDTH))),
            }
        };
        let key = self.bars.len() as f64 * ROW + LINE;
        let halves = self.halves.iter().flatten().zip([false, true]);
        let first = if self.halves.is_some() { key + LINE } else { key };
        let lines = lines(self.caption, first);
        let picture = Picture {
            width: number(WIDTH),
            height: number(first + lines.len().saturating_sub(1) as f64 * LINE + GAP),
            caption: self.caption,
            lines,
            style: PLOT_STYLE,
            key: samples(halves.map(|(name, is_hatched)| (*name, "faint".to_owned(), is_hatched)), key),
            rows: self.shares().enumerate().map(row).collect(),
        };
        clean(&rendered(&picture))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_picture_and_no_name_is_markup() {
        let bar = |name: &str, value, solid| Bar {
            name: name.to_owned(),
            cells: vec!["5 ms".to_owned()],
            value,
            series: 1,
            solid,
            ..Bar::default()
        };
        let bars = vec![bar("<script>", 2.0, None), bar("b", 1.0, Some(0.25))];
        let bars = Bars { bars, caption: "Longer is dearer.", halves: Some(["work", "rest"]), ..Bars::default() };
        let svg = bars.svg_file();
        let hatched = [0.125, 0.375].map(|share| number(share * WIDTH));
        let hatched =
            format!("<rect class=\"hatch\" x=\"{}\" y=\"80\" width=\"{}\" height=\"18\"/>", hatched[0], hatched[1]);
        assert!(svg.contains(&hatched), "{svg}");
        assert!(svg.contains("<pattern id=\"hatch\"") && svg.contains(">work<") && svg.contains(">rest<"), "{svg}");
        for length in [WIDTH, WIDTH / 2.0].map(number) {
            assert!(svg.contains(&format!("width=\"{length}\" height=\"18\"")), "{svg}");
        }
        assert!(svg.contains("Longer is dearer.") && svg.contains(">5 ms<") && !svg.contains("<script"), "{svg}");
    }
}
