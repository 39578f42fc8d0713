//! Log-log plots drawn in characters: points with their intervals, and curves in braille dots.

mod axis;
mod canvas;
mod frame;
mod ink;

use super::block::{Drawing, Tone};
use crate::stats::Estimate;

pub(crate) use axis::Axis;
use axis::Range;
use canvas::Canvas;
use ink::{draw_curve, draw_intervals, draw_marks};

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
pub(crate) struct Plot<'a> {
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) series: Vec<Points>,
    pub(crate) curves: Vec<Curve<'a>>,
}

/// Measured points.
pub(crate) struct Points {
    pub(crate) name: String,
    /// x, and y with its interval.
    pub(crate) points: Vec<(f64, Estimate)>,
}

/// A law's curve.
pub(crate) struct Curve<'a> {
    pub(crate) name: String,
    pub(crate) tone: Tone,
    /// The range of x that the law was fitted to: dashed outside. `None` for a line to compare with, dotted throughout.
    pub(crate) fitted: Option<(f64, f64)>,
    pub(crate) y: Box<dyn Fn(f64) -> Option<f64> + 'a>,
}

impl<'a> Curve<'a> {
    /// A law in the colour of its series, the range of x that it was fitted to beside it.
    pub(crate) fn of_law(
        series: usize,
        name: &str,
        fitted: Option<(f64, f64)>,
        y: impl Fn(f64) -> Option<f64> + 'a,
    ) -> Self {
        Self { name: name.to_owned(), tone: Tone::Series(series), fitted, y: Box::new(y) }
    }

    /// A line to compare with.
    pub(crate) fn to_compare(name: &str, y: impl Fn(f64) -> Option<f64> + 'a) -> Self {
        Self { name: name.to_owned(), tone: Tone::Faint, fitted: None, y: Box::new(y) }
    }
}

impl Plot<'_> {
    /// The drawing; `None` where there are not two points to draw.
    pub(crate) fn draw(&self) -> Option<Drawing> {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::text::uncoloured;

    fn exact(value: f64) -> Estimate {
        Estimate { value, low: value, high: value }
    }

    fn plot(points: Vec<(f64, Estimate)>) -> Plot<'static> {
        Plot {
            x: Axis::counts("workers"),
            y: Axis::ratios("speedup"),
            series: vec![Points { name: "kernel".to_owned(), points }],
            curves: vec![Curve::to_compare("ideal", Some)],
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
