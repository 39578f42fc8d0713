//! Log-log plots drawn in characters: points with their intervals, and curves in braille dots.

mod axis;
mod canvas;

use super::block::{Drawing, Tone};
use crate::stats::Estimate;

pub(super) use axis::Axis;
use axis::Range;
use canvas::Canvas;

/// Columns of the canvas, without the labels at its left.
const COLUMNS: usize = 80;

/// Rows of the canvas.
const ROWS: usize = 18;

/// Columns of the labels at the left of the canvas.
const LABELS: usize = 9;

/// How much farther than the data the x axis goes where a curve goes on, as a share of its length.
const BEYOND: f64 = 0.12;

/// More curves than this are not continued beyond the data: they would only run into one another there.
const MOST_CONTINUED: usize = 3;

/// Marks of the series, in their order.
const MARKS: [char; 6] = ['●', '○', '◆', '◇', '▲', '△'];

/// A plot with logarithmic axes.
pub(super) struct Plot<'a> {
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) series: Vec<Series>,
    pub(super) curves: Vec<Curve<'a>>,
}

/// Measured points.
pub(super) struct Series {
    pub(super) name: String,
    /// x, and y with its interval.
    pub(super) points: Vec<(f64, Estimate)>,
}

/// A law's curve.
pub(super) struct Curve<'a> {
    pub(super) name: String,
    pub(super) tone: Tone,
    /// The range of x that the law was fitted to: dashed outside. `None` for a line to compare with, dotted throughout.
    pub(super) fitted: Option<(f64, f64)>,
    pub(super) y: Box<dyn Fn(f64) -> Option<f64> + 'a>,
}

impl Plot<'_> {
    /// The drawing; `None` where there are not two points to draw.
    pub(super) fn draw(&self) -> Option<Drawing> {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let on_axis = |(x, y): &&(f64, Estimate)| [*x, y.value].iter().all(|v| v.is_normal() && *v > 0.0);
        let drawable = || points().filter(on_axis);
        let fitted = self.curves.iter().filter(|curve| curve.fitted.is_some()).count();
        let beyond = if (1..=MOST_CONTINUED).contains(&fitted) { BEYOND } else { 0.0 };
        let x = Range::around(drawable().map(|(x, _)| *x))?.reaching(beyond);
        let ends = drawable().flat_map(|(_, y)| [y.low, y.value, y.high]);
        let y = Range::around(ends.filter(|end| end.is_normal() && *end > 0.0))?;
        let mut canvas = Canvas::new(COLUMNS, ROWS);
        for curve in &self.curves {
            draw_curve(&mut canvas, curve, x, y);
        }
        // The first series is the one that the page is about: it is drawn last, over the others; no interval hides a
        // mark.
        for draw in [draw_intervals, draw_marks] {
            for (number, series) in self.series.iter().enumerate().rev() {
                draw(&mut canvas, number, series, x, y);
            }
        }
        Some(self.frame(&canvas, x, y))
    }

    /// The canvas with its legend, its axes and their labels.
    fn frame(&self, canvas: &Canvas, x: Range, y: Range) -> Drawing {
        let mut lines = self.legend();
        lines.push(faint(&format!("{:>LABELS$} ┌", self.y.name)));
        let labels = y.ticks();
        for row in 0..ROWS {
            let tick = labels.iter().find(|&&tick| y.cell_from_top(tick, ROWS) == Some(row));
            let label = tick.map_or(String::new(), |&tick| (self.y.label)(tick));
            let mut line = faint(&format!("{label:>LABELS$} {}", if tick.is_some() { '┤' } else { '│' }));
            line.extend(canvas.row(row));
            lines.push(line);
        }
        let ticks: Vec<(usize, String)> =
            x.ticks().iter().filter_map(|&tick| Some((x.cell(tick, COLUMNS)?, (self.x.label)(tick)))).collect();
        let mut axis = vec!['─'; COLUMNS];
        for (column, _) in &ticks {
            axis[*column] = '┬';
        }
        lines.push(faint(&format!("{} └{}", " ".repeat(LABELS), axis.iter().collect::<String>())));
        for line in tick_labels(&ticks, &self.x.name) {
            lines.push(faint(&format!("{}{line}", " ".repeat(LABELS + 2))));
        }
        Drawing { lines }
    }

    fn legend(&self) -> Vec<Vec<(char, Tone)>> {
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
            if used > 0 && used + length > LABELS + COLUMNS {
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
        lines
    }
}

/// Labels under their ticks, those that would touch another left out; the axis' name at the end, or on a line below.
fn tick_labels(ticks: &[(usize, String)], name: &str) -> Vec<String> {
    let mut line: Vec<char> = Vec::new();
    for (column, label) in ticks {
        let letters: Vec<char> = label.chars().collect();
        let start = column.saturating_sub(letters.len() / 2);
        if line.is_empty() || start > line.len() {
            line.resize(start, ' ');
            line.extend(letters);
        }
    }
    let labels: String = line.iter().collect();
    let name_at = COLUMNS.saturating_sub(name.chars().count());
    match name_at.checked_sub(line.len() + 2) {
        Some(_) => vec![format!("{labels}{}{name}", " ".repeat(name_at - line.len()))],
        None => vec![labels, format!("{}{name}", " ".repeat(name_at))],
    }
}

fn faint(text: &str) -> Vec<(char, Tone)> {
    text.chars().map(|letter| (letter, Tone::Faint)).collect()
}

/// Column of a point, and the rows of its value, its lower and its upper end; `None` outside the axes.
fn cells((at, y_value): &(f64, Estimate), x: Range, y: Range) -> Option<[usize; 4]> {
    let row = |value: f64| y.cell_from_top(value, ROWS);
    let middle = row(y_value.value)?;
    Some([x.cell(*at, COLUMNS)?, middle, row(y_value.low).unwrap_or(middle), row(y_value.high).unwrap_or(middle)])
}

fn draw_intervals(canvas: &mut Canvas, number: usize, series: &Series, x: Range, y: Range) {
    for [column, _, low, high] in series.points.iter().filter_map(|point| cells(point, x, y)) {
        // An interval within the mark may still cross the border of a cell: that is no reason to draw it.
        if low.saturating_sub(high) >= 2 {
            for row in high..=low {
                canvas.put(column, row, '│', Tone::Series(number));
            }
        }
    }
}

fn draw_marks(canvas: &mut Canvas, number: usize, series: &Series, x: Range, y: Range) {
    for [column, row, ..] in series.points.iter().filter_map(|point| cells(point, x, y)) {
        canvas.put(column, row, MARKS[number % MARKS.len()], Tone::Series(number));
    }
}

fn draw_curve(canvas: &mut Canvas, curve: &Curve<'_>, x: Range, y: Range) {
    let mut last = None;
    for dot in 0..canvas.dots_across() {
        let at = x.value(dot, canvas.dots_across());
        let height = (curve.y)(at).and_then(|value| y.cell_from_top(value, canvas.dots_down()));
        let shown = match curve.fitted {
            None => dot % 4 == 0,
            Some((from, to)) => (from * 0.999..=to * 1.001).contains(&at) || dot % 6 < 3,
        };
        if let (Some(height), true) = (height, shown) {
            // A steep piece skips rows between two columns of dots; they are filled.
            let from = if curve.fitted.is_some() { last.unwrap_or(height) } else { height };
            for row in from.min(height)..=from.max(height) {
                canvas.dot(dot, row, curve.tone);
            }
        }
        last = height.filter(|_| shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text::uncoloured;

    fn exact(value: f64) -> Estimate {
        Estimate { value, low: value, high: value }
    }

    fn plot(points: Vec<(f64, Estimate)>) -> Plot<'static> {
        Plot {
            x: Axis::counts("workers"),
            y: Axis::ratios("speedup"),
            series: vec![Series { name: "kernel".to_owned(), points }],
            curves: vec![Curve { name: "ideal".to_owned(), tone: Tone::Faint, fitted: None, y: Box::new(Some) }],
        }
    }

    #[test]
    fn points_stand_where_their_logarithms_are() {
        let drawing = plot(vec![(1.0, exact(1.0)), (10.0, exact(10.0)), (100.0, exact(100.0))]).draw().unwrap();
        let lines = uncoloured(&drawing);
        let place = |line: &String| line.chars().position(|letter| letter == '●');
        let canvas = &lines[2..2 + ROWS];
        let rows: Vec<(usize, usize)> =
            canvas.iter().enumerate().filter_map(|(row, line)| Some((row, place(line)?))).collect();
        assert_eq!(rows.len(), 3, "{}", lines.join("\n"));
        let (high, middle, low) = (rows[0], rows[1], rows[2]);
        assert!(high.1 > middle.1 && middle.1 > low.1);
        assert!((high.1 + low.1).abs_diff(2 * middle.1) <= 1);
        assert!((high.0 + low.0).abs_diff(2 * middle.0) <= 1);
    }

    #[test]
    fn decades_are_labelled_on_both_axes() {
        let drawing = plot(vec![(1.0, exact(1.0)), (100_000.0, exact(1000.0))]).draw().unwrap();
        let text = uncoloured(&drawing).join("\n");
        for label in ["1,000 ┤", "100 ┤", "10 ┤", "1 ┤", "10^5", "workers", "speedup"] {
            assert!(text.contains(label), "{label} in\n{text}");
        }
    }

    #[test]
    fn intervals_are_drawn_where_they_are_wider_than_the_mark() {
        let wide = Estimate { value: 10.0, low: 2.0, high: 50.0 };
        let drawing = plot(vec![(1.0, exact(1.0)), (10.0, wide), (100.0, exact(100.0))]).draw().unwrap();
        let lines = uncoloured(&drawing);
        let bars = lines[2..2 + ROWS].iter().filter(|line| line.chars().skip(LABELS + 2).any(|c| c == '│')).count();
        assert!((8..=14).contains(&bars), "{bars} in\n{}", lines.join("\n"));
    }

    #[test]
    fn a_fitted_curve_is_solid_within_the_data_and_dashed_beyond() {
        let mut plot = plot(vec![(1.0, exact(1.0)), (1000.0, exact(100.0))]);
        plot.curves = vec![Curve {
            name: "law".to_owned(),
            tone: Tone::Series(0),
            fitted: Some((1.0, 1000.0)),
            y: Box::new(|_| Some(30.0)),
        }];
        let lines = uncoloured(&plot.draw().unwrap());
        let is_dots = |c: char| ('\u{2801}'..='\u{28ff}').contains(&c);
        let line = lines[2..2 + ROWS].iter().find(|line| line.chars().any(is_dots)).unwrap();
        let cells: Vec<char> = line.chars().skip(LABELS + 2).collect();
        let full = |c: &char| ['⠉', '⠒', '⠤', '⣀'].contains(c);
        assert!(cells[5..60].iter().all(full), "{line}");
        assert!(!cells[COLUMNS - 6..].iter().all(full), "{line}");
    }

    #[test]
    fn nothing_is_drawn_without_two_points_or_from_numbers_without_logarithm() {
        assert!(plot(Vec::new()).draw().is_none());
        assert!(plot(vec![(1.0, exact(0.0)), (f64::NAN, exact(1.0)), (2.0, exact(f64::INFINITY))]).draw().is_none());
        assert!(plot(vec![(1.0, exact(1.0)), (2.0, exact(2.0))]).draw().is_some());
    }
}
