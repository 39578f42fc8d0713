//! Bars as a picture in a file of its own.

use askama::Template;

use super::svg::{GAP, LINE, WIDTH, Word, number};
use crate::page::block::{Bar, Bars};
use crate::page::html::{PLOT_STYLE, clean};

/// Height of a bar, and of a bar with its name over it.
const BAR: f64 = 18.0;
const ROW: f64 = LINE + BAR + GAP;

/// A picture: everything in its place.
#[derive(Template)]
#[template(path = "bars.svg")]
struct Picture {
    width: String,
    height: String,
    /// What a longer bar means, which is also what the picture shows for those who cannot see it.
    caption: Word,
    style: &'static str,
    rows: Vec<Row>,
}

/// A bar under its name.
struct Row {
    name: Word,
    /// The numbers, at the right end.
    cells: String,
    class: usize,
    /// The upper edge of the bar, and its length.
    top: String,
    length: String,
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
            }
        };
        let height = self.bars.len() as f64 * ROW + LINE;
        let picture = Picture {
            width: number(WIDTH),
            height: number(height + GAP),
            caption: Word { x: "0".to_owned(), y: number(height), text: self.caption.to_owned() },
            style: PLOT_STYLE,
            rows: self.shares().enumerate().map(row).collect(),
        };
        // Writing into memory does not fail.
        clean(&picture.render().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_picture_and_no_name_is_markup() {
        let bar = |name: &str, value| Bar {
            name: name.to_owned(),
            cells: vec!["5 ms".to_owned()],
            value,
            series: 1,
            remark: String::new(),
        };
        let bars = Bars { bars: vec![bar("<script>", 2.0), bar("b", 1.0)], log: false, caption: "Longer is dearer." };
        let svg = bars.svg_file();
        assert!(svg.contains("width=\"640\" height=\"18\"") && svg.contains("width=\"320\" height=\"18\""), "{svg}");
        assert!(svg.contains("Longer is dearer.") && svg.contains(">5 ms<") && !svg.contains("<script"), "{svg}");
    }
}
