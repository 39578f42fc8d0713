//! A plot in characters: points with their intervals, and curves in braille dots.

use super::canvas::Canvas;
use super::ink::{draw_curve, draw_intervals, draw_marks};
use super::{Line, Plot};
use crate::page::block::Drawing;

/// Columns of the labels at the left of the canvas.
pub(super) const LABELS: usize = 9;

/// Marks of the series, in their order.
pub(super) const MARKS: [char; 6] = ['●', '○', '◆', '◇', '▲', '△'];

/// A row of an interval.
pub(super) const INTERVAL: char = '│';

impl Plot {
    /// Draws it in so many columns and so many rows of points.
    pub(crate) fn draw(&self, width: usize, rows: usize) -> Drawing {
        let Some((x, y)) = self.ranges() else { return Drawing::default() };
        let mut canvas = Canvas::new(width.saturating_sub(LABELS + 2).max(20), rows);
        for curve in self.lines.iter().map(Line::curve) {
            draw_curve(&mut canvas, &curve, x, y);
        }
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
        self.frame(&canvas, x, y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::plot::{Axis, Law, Points};
    use crate::page::text::uncoloured;
    use crate::stats::Estimate;

    const ROWS: usize = 18;
    const COLUMNS: usize = 80;

    fn exact(value: f64) -> Estimate {
        Estimate { value, low: value, high: value }
    }

    fn plot(points: Vec<(f64, Estimate)>, law: Law<'_>) -> Option<Drawing> {
        let series = vec![Points { name: "kernel".to_owned(), points }];
        let plot = Plot::of(Axis::counts("workers"), Axis::counts("speedup"), series, vec![law])?;
        Some(plot.draw(COLUMNS + LABELS + 2, ROWS))
    }

    fn ideal() -> Law<'static> {
        Law::to_compare("ideal", Some)
    }

    #[test]
    fn points_stand_where_their_logarithms_are() {
        let drawing = plot(vec![(1.0, exact(1.0)), (10.0, exact(10.0)), (100.0, exact(100.0))], ideal()).unwrap();
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
        let drawing = plot(vec![(1.0, exact(1.0)), (100_000.0, exact(1000.0))], ideal()).unwrap();
        let text = uncoloured(&drawing).join("\n");
        for label in ["1,000 ┤", "100 ┤", "10 ┤", "1 ┤", "100,000", "workers", "speedup"] {
            assert!(text.contains(label), "{label} in\n{text}");
        }
    }

    #[test]
    fn intervals_are_drawn_where_they_are_wider_than_the_mark() {
        let wide = Estimate { value: 10.0, low: 2.0, high: 50.0 };
        let drawing = plot(vec![(1.0, exact(1.0)), (10.0, wide), (100.0, exact(100.0))], ideal()).unwrap();
        let lines = uncoloured(&drawing);
        let bars = lines[2..2 + ROWS].iter().filter(|line| line.chars().skip(LABELS + 2).any(|c| c == '│')).count();
        assert!((8..=14).contains(&bars), "{bars} in\n{}", lines.join("\n"));
        assert!(lines[0].ends_with("│ 95 % interval"), "{}", lines[0]);
    }

    #[test]
    fn a_fitted_curve_is_solid_within_the_data_and_dashed_beyond() {
        let law = Law::of_series(0, "law", Some((1.0, 1000.0)), |_| Some(30.0));
        let drawing = plot(vec![(1.0, exact(1.0)), (1000.0, exact(100.0))], law).unwrap();
        let lines = uncoloured(&drawing);
        let is_dots = |c: char| ('\u{2801}'..='\u{28ff}').contains(&c);
        let line = lines[2..2 + ROWS].iter().find(|line| line.chars().any(is_dots)).unwrap();
        let cells: Vec<char> = line.chars().skip(LABELS + 2).collect();
        let full = |c: &char| ['⠉', '⠒', '⠤', '⣀'].contains(c);
        assert!(cells[5..60].iter().all(full), "{line}");
        assert!(!cells[COLUMNS - 6..].iter().all(full), "{line}");
    }

    #[test]
    fn nothing_is_drawn_without_two_points_or_from_numbers_without_logarithm() {
        assert!(plot(Vec::new(), ideal()).is_none());
        assert!(plot(vec![(1.0, exact(0.0)), (f64::NAN, exact(1.0)), (2.0, exact(f64::INFINITY))], ideal()).is_none());
        assert!(plot(vec![(1.0, exact(1.0)), (2.0, exact(2.0))], ideal()).is_some());
    }
}
