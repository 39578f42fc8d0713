//! A plot as a picture: scalable vector graphics. Colours come by classes, so that a page has them light and dark.

use askama::Template;

use super::axis::Range;
use super::key::Entry;
use super::outline::{Pieces, pieces};
use super::{Curve, Line, Plot, Points};
use crate::page::block::Tone;
use crate::page::clean;
use crate::page::html::{PLOT_STYLE, rendered};
use crate::stats::Estimate;

/// Width of a picture in its own units. A letter is 18 of them high, so a line of 50 letters fills it. In half of a
/// page of 1,280 pixels a unit is a pixel.
pub(super) const WIDTH: f64 = 540.0;

/// Height of the field of points.
const FIELD: f64 = 270.0;

/// Height of a line of text.
pub(super) const LINE: f64 = 26.0;

/// About the widths of a letter in a name, and of one in a number.
pub(super) const LETTER: f64 = 10.6;
const DIGIT: f64 = 10.8;

/// Space between the field and its labels, and at the right end.
pub(super) const GAP: f64 = 10.0;

/// Space for half a label beyond the right end of the axis.
const RIGHT: f64 = 26.0;

/// Marks of the series, drawn from their middle: circle, square, diamond, two triangles, cross.
pub(super) const MARKS: [&str; 6] = [
    "m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
    "m-7-7h14v14h-14z",
    "m0-8l8 8-8 8-8-8z",
    "m0-8l7.5 13h-15z",
    "m0 8l7.5-13h-15z",
    "m-2.5-7.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z",
];

/// Half the height of a mark: intervals within it are not drawn.
const HALF_A_MARK: f64 = 6.0;

/// A picture: everything of the plot in its place.
#[derive(Template)]
#[template(path = "plot.svg")]
struct Picture {
    width: String,
    height: String,
    /// What it shows, for those who cannot see it.
    label: String,
    /// Rules for colours, of a picture that stands alone.
    style: Option<&'static str>,
    legend: Vec<Entry>,
    /// The left and lower edge of the field of points.
    edge: String,
    ticks: Vec<Tick>,
    names: [Word; 2],
    lines: Vec<Named>,
    laws: Vec<Drawn>,
    series: Vec<Marks>,
}

/// The place of the field of points: left, top, right, bottom.
struct Field {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// A text with its place.
pub(super) struct Word {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) text: String,
}

/// A tick: its line across the field, and its label.
struct Tick {
    /// The line as a path.
    path: String,
    label: Word,
    /// What of the label is at its place: the middle or the end.
    anchor: &'static str,
}

/// A curve: solid where it was fitted, dashed beyond.
struct Drawn {
    /// Whether it is a law, or a line to compare with.
    kind: &'static str,
    class: String,
    pieces: Pieces,
}

/// A line through measured points, with its name.
struct Named {
    class: String,
    path: String,
    name: String,
}

/// The points of a series.
struct Marks {
    class: String,
    /// All intervals as one path.
    intervals: String,
    /// Each mark as a path, with what it says.
    points: Vec<(String, String)>,
}

impl Plot {
    /// Returns the picture for a page, which has its colours; nothing without two points.
    pub(crate) fn svg(&self) -> String {
        self.picture(None)
    }

    /// Returns the picture as a file of its own.
    pub(crate) fn svg_file(&self) -> String {
        clean(&self.picture(Some(PLOT_STYLE)))
    }

    fn picture(&self, style: Option<&'static str>) -> String {
        let Some((x, y)) = self.ranges() else { return String::new() };
        let labels = y.fine_ticks().into_iter().map(|tick| self.y.label(tick).chars().count()).max().unwrap_or(0);
        let left = labels as f64 * DIGIT + GAP;
        let (legend, lines) = self.entries();
        let top = (lines as f64 + 1.0) * LINE + GAP;
        let field = Field { left, top, right: WIDTH - RIGHT, bottom: top + FIELD };
        let ends = (number(field.right), number(field.bottom + 2.0 * LINE));
        let picture = Picture {
            width: number(WIDTH),
            height: number(field.bottom + 2.0 * LINE + GAP),
            label: self.described(),
            style,
            legend,
            ticks: self.ticks(&field, x, y),
            names: [
                Word { x: "0".to_owned(), y: number(top - GAP), text: self.y.name.clone() },
                Word { x: ends.0, y: ends.1, text: self.x.name.clone() },
            ],
            lines: self.lines.iter().map(|line| named(line, &field, x, y)).collect(),
            laws: self.curves.iter().map(|curve| drawn(curve, &field, x, y)).collect(),
            // The first series is the one that the picture is about: it is drawn last, over the others.
            series: (0..self.series.len()).rev().map(|number| self.marks(number, &field, x, y)).collect(),
            edge: format!(
                "M{} {}V{}H{}",
                number(field.left),
                number(field.top),
                number(field.bottom),
                number(field.right)
            ),
        };
        rendered(&picture)
    }

    /// What the picture shows, in words.
    fn described(&self) -> String {
        let named = self.series.iter().filter(|series| !series.points.is_empty()).map(|series| series.name.clone());
        let mut names: Vec<String> = named.collect();
        let quiet = self.lines.iter().map(|line| line.name.clone()).filter(|name| !names.contains(name));
        names.extend(quiet.collect::<Vec<_>>());
        format!("{} over {}: {}", self.y.name, self.x.name, names.join(", "))
    }

    fn ticks(&self, field: &Field, x: Range, y: Range) -> Vec<Tick> {
        let across: Vec<(f64, String)> =
            x.ticks().into_iter().map(|tick| (field.x(x.place(tick)), self.x.label(tick))).collect();
        let mut ticks: Vec<Tick> = apart(across)
            .into_iter()
            .map(|(at, text)| Tick {
                path: format!("M{} {}V{}", number(at), number(field.bottom), number(field.top)),
                label: Word { x: number(at), y: number(field.bottom + LINE), text },
                anchor: "middle",
            })
            .collect();
        ticks.extend(y.fine_ticks().into_iter().map(|tick| {
            let at = field.y(y.place(tick));
            let label = Word { x: number(field.left - GAP), y: number(at + 6.0), text: self.y.label(tick) };
            Tick {
                path: format!("M{} {}H{}", number(field.left), number(at), number(field.right)),
                label,
                anchor: "end",
            }
        }));
        ticks
    }

    fn marks(&self, index: usize, field: &Field, x: Range, y: Range) -> Marks {
        let Points { name, points } = &self.series[index];
        let on_field = |range: Range, value: f64| (0.0..=1.0).contains(&range.place(value));
        let (mut intervals, mut marks) = (Vec::new(), Vec::new());
        for (at, estimate) in points.iter().filter(|(at, of)| on_field(x, *at) && on_field(y, of.value)) {
            let (across, up) = (field.x(x.place(*at)), field.y(y.place(estimate.value)));
            let end = |value: f64| field.y(y.place(value).clamp(0.0, 1.0));
            let (low, high) = (end(estimate.low), end(estimate.high));
            if low.is_finite() && low - high > 2.0 * HALF_A_MARK {
                let [across, left, low, high] = [across, across - 5.0, low, high].map(number);
                intervals.push(format!("M{across} {low}V{high}M{left} {low}h10M{left} {high}h10"));
            }
            let path = format!("M{} {}{}", number(across), number(up), MARKS[index % MARKS.len()]);
            marks.push((path, self.said(name, *at, *estimate)));
        }
        Marks { class: class(Tone::Series(index)), intervals: intervals.concat(), points: marks }
    }

    /// What a point says: `16 workers: 10.9 (10.6–11.1), kernel`.
    fn said(&self, name: &str, at: f64, estimate: Estimate) -> String {
        let x = self.x.exact(at);
        let noun = if at == 1.0 { self.x.name.trim_end_matches('s') } else { &self.x.name };
        format!("{x} {noun}: {}, {name}", self.y.interval(estimate))
    }
}

/// A curve on the field.
fn drawn(curve: &Curve, field: &Field, x: Range, y: Range) -> Drawn {
    let place = |&(at, height): &(f64, Option<f64>)| {
        let up = y.place(height?);
        up.is_finite().then(|| [field.x(x.place(at)), field.y(up)])
    };
    let is_fitted = |at: f64| curve.fitted.is_none_or(|(from, to)| (from * 0.999..=to * 1.001).contains(&at));
    let points: Vec<_> = curve.points.iter().map(|point| (place(point), is_fitted(point.0))).collect();
    Drawn {
        class: class(curve.tone),
        pieces: pieces(&points, [field.top, field.bottom]),
        kind: if curve.fitted.is_some() { "law" } else { "compare" },
    }
}

/// A line on the field.
fn named(line: &Line, field: &Field, x: Range, y: Range) -> Named {
    let Drawn { class, pieces, .. } = drawn(&line.curve(), field, x, y);
    Named { class, path: pieces.solid, name: line.name.clone() }
}

impl Field {
    fn x(&self, place: f64) -> f64 {
        self.left + place * (self.right - self.left)
    }

    fn y(&self, place: f64) -> f64 {
        self.bottom - place * (self.bottom - self.top)
    }
}

/// Fewest labels that are evenly left out: of fewer, each is kept that has room.
const FEWEST: usize = 3;

/// The ticks with their labels, which touch nowhere. Of even ticks all are labelled, or every second, or every third.
fn apart(mut ticks: Vec<(f64, String)>) -> Vec<(f64, String)> {
    let is_even = ticks.windows(3).all(|next| (next[2].0 - 2.0 * next[1].0 + next[0].0).abs() < 1.0);
    let touches = |one: &(f64, String), next: &(f64, String)| one.0 + half(&one.1) + GAP > next.0 - half(&next.1);
    let most = if is_even { ticks.len().saturating_sub(1) / (FEWEST - 1) } else { 1 };
    let even = (1..=most).find(|step| {
        let kept: Vec<_> = ticks.iter().step_by(*step).collect();
        !kept.windows(2).any(|pair| touches(pair[0], pair[1]))
    });
    let mut last: Option<(f64, String)> = None;
    for (index, tick) in ticks.iter_mut().enumerate() {
        let is_kept =
            even.map_or_else(|| !last.as_ref().is_some_and(|last| touches(last, tick)), |step| index % step == 0);
        if is_kept {
            last = Some(tick.clone());
        } else {
            tick.1.clear();
        }
    }
    ticks
}

/// Half the width of a label. A comma is half as wide as a digit.
fn half(label: &str) -> f64 {
    let commas = label.matches(',').count() as f64;
    (label.chars().count() as f64 - commas / 2.0) * DIGIT / 2.0
}

/// The class of what belongs to a series, or is there to compare with.
pub(super) fn class(tone: Tone) -> String {
    match tone {
        Tone::Series(number) => format!("s{}", number % MARKS.len()),
        Tone::Plain | Tone::Faint => "faint".to_owned(),
    }
}

/// A coordinate, as fine as anyone can see.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests;
