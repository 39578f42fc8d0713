//! Bars of parts as a picture in a file of its own.

use askama::Template;

use super::bars::{BAR, Sample, lines, samples};
use super::svg::{GAP, LINE, WIDTH, Word, class, number};
use crate::page::block::{Stack, Tone};
use crate::page::clean;
use crate::page::html::{PLOT_STYLE, rendered};

/// A picture: everything in its place.
#[derive(Template)]
#[template(path = "stacks.svg")]
struct Picture {
    width: String,
    height: String,
    /// What it shows, for those who cannot see it.
    label: String,
    style: &'static str,
    rows: Vec<Row>,
    key: Vec<Sample>,
}

/// A bar with its name over it and its parts in words under it.
struct Row {
    name: Word,
    top: String,
    /// Where each part begins, and its length.
    parts: Vec<(String, String)>,
    words: Vec<Word>,
}

impl Stack {
    /// Returns bars of the same parts as a file of its own.
    pub(crate) fn svg_file(stacks: &[Self]) -> String {
        let mut height = 0.0;
        let mut rows = Vec::new();
        for stack in stacks {
            let top = height + LINE;
            let words = lines(&stack.in_words(), top + BAR + LINE - GAP / 2.0);
            height = top + BAR + words.len() as f64 * LINE + GAP;
            let name = Word { x: "0".to_owned(), y: number(top - GAP / 2.0), text: stack.whole.clone() };
            rows.push(Row { name, top: number(top), parts: stack.places(WIDTH).collect(), words });
        }
        let key = height + LINE;
        let names = stacks.first().into_iter().flat_map(|stack| stack.parts.iter().enumerate());
        let named = names.map(|(index, (name, _))| (name.as_str(), class(Tone::Series(index)), false));
        let label = stacks.iter().map(|stack| format!("{}: {}.", stack.whole, stack.in_words()));
        let picture = Picture {
            width: number(WIDTH),
            height: number(key + GAP),
            label: label.collect::<Vec<_>>().join(" "),
            style: PLOT_STYLE,
            rows,
            key: samples(named, key),
        };
        clean(&rendered(&picture))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_picture_one_after_the_other_and_no_name_is_markup() {
        let stack = |whole: &str| {
            let parts = vec![("kernel".to_owned(), 3.0), ("launch".to_owned(), 1.0)];
            Stack { whole: whole.to_owned(), parts }
        };
        let svg = Stack::svg_file(&[stack("<script>"), stack("2 ms")]);
        assert_eq!(svg.matches("<rect class=\"s0 bar\" x=\"0").count(), 3, "two bars and the key: {svg}");
        let launch = format!("<rect class=\"s1 bar\" x=\"{:.1}\"", 0.75 * WIDTH);
        assert_eq!(svg.matches(&launch).count(), 2, "{svg}");
        assert!(svg.contains("kernel 75 %, launch 25 %") && !svg.contains("<script"), "{svg}");
    }
}
