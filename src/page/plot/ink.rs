//! Points, intervals and curves on a canvas.

use super::axis::Range;
use super::canvas::Canvas;
use super::characters::{INTERVAL, MARKS};
use super::{Curve, Points};
use crate::page::block::Tone;
use crate::stats::Estimate;

/// Column of a point, and the rows of its value, its lower and its upper end; `None` outside the axes.
fn cells(canvas: &Canvas, (at, y_value): &(f64, Estimate), x: Range, y: Range) -> Option<[usize; 4]> {
    let row = |value: f64| y.cell_from_top(value, canvas.rows());
    let middle = row(y_value.value)?;
    Some([
        x.cell(*at, canvas.columns())?,
        middle,
        row(y_value.low).unwrap_or(middle),
        row(y_value.high).unwrap_or(middle),
    ])
}

pub(super) fn draw_intervals(canvas: &mut Canvas, number: usize, series: &Points, x: Range, y: Range) {
    let cells: Vec<_> = series.points.iter().filter_map(|point| cells(canvas, point, x, y)).collect();
    for [column, _, low, high] in cells {
        // An interval within the mark may still cross the border of a cell: that is no reason to draw it.
        if low.saturating_sub(high) >= 2 {
            for row in high..=low {
                canvas.put(column, row, INTERVAL, Tone::Series(number));
            }
        }
    }
}

pub(super) fn draw_marks(canvas: &mut Canvas, number: usize, series: &Points, x: Range, y: Range) {
    let cells: Vec<_> = series.points.iter().filter_map(|point| cells(canvas, point, x, y)).collect();
    for [column, row, ..] in cells {
        canvas.put(column, row, MARKS[number % MARKS.len()], Tone::Series(number));
    }
}

pub(super) fn draw_curve(canvas: &mut Canvas, curve: &Curve, x: Range, y: Range) {
    let mut last = None;
    for dot in 0..canvas.dots_across() {
        let at = x.value(dot, canvas.dots_across());
        let height = curve.height(at).and_then(|value| y.cell_from_top(value, canvas.dots_down()));
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
