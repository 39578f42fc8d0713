//! Plots: measured points with their intervals, and the curves of laws. A plot is data; `characters.rs` draws it in
//! braille dots for a terminal, and `svg.rs` as a picture.

mod axis;
mod bars;
mod canvas;
mod characters;
mod frame;
mod ink;
mod key;
mod outline;
mod stacks;
mod svg;

use super::block::Tone;
use crate::stats::Estimate;

pub use axis::Scale;
pub(crate) use axis::{Axis, Range, Unit};

/// How much farther than the data the x axis goes where a curve goes on, as a share of its length.
const BEYOND: f64 = 0.12;

/// More curves than this are not continued beyond the data: they would only run into one another there.
const MOST_CONTINUED: usize = 3;

/// Points of a curve: more than a terminal has dots across.
const SAMPLES: usize = 240;

/// A plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) series: Vec<Points>,
    pub(crate) curves: Vec<Curve>,
    /// Lines through measured points, under everything else.
    pub(crate) lines: Vec<Line>,
    /// A height that is shown although nothing was measured there.
    pub(crate) top: Option<f64>,
}

/// A line through measured points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) name: String,
    /// The tone of a series, or faint if its name alone tells it from others.
    pub(crate) tone: Tone,
    pub(crate) points: Vec<(f64, f64)>,
}

impl Line {
    /// Returns it as a curve, to be drawn like one.
    fn curve(&self) -> Curve {
        let points = self.points.iter().map(|&(x, y)| (x, Some(y))).collect();
        Curve { name: String::new(), tone: self.tone, fitted: Some((0.0, f64::INFINITY)), points }
    }
}

/// Measured points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Points {
    pub(crate) name: String,
    /// x, and y with its interval.
    pub(crate) points: Vec<(f64, Estimate)>,
}

/// A curve of a plot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    pub(crate) name: String,
    pub(crate) tone: Tone,
    /// The range of x that the law was fitted to: dashed outside. `None` for a line to compare with, dotted throughout.
    pub(crate) fitted: Option<(f64, f64)>,
    /// Points along it over the whole axis; `None` where the curve has no value.
    pub(crate) points: Vec<(f64, Option<f64>)>,
}

/// A law to draw: a curve before it is known how far the axis goes.
pub(crate) struct Law<'a> {
    pub(crate) name: String,
    pub(crate) tone: Tone,
    /// As of [`Curve`].
    pub(crate) fitted: Option<(f64, f64)>,
    pub(crate) y: Box<dyn Fn(f64) -> Option<f64> + 'a>,
}

impl<'a> Law<'a> {
    /// A law in the colour of its series, the range of x that it was fitted to beside it.
    pub(crate) fn of_series(
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

    fn curve(self, x: Range) -> Curve {
        let places = (0..SAMPLES).map(|index| (index as f64 + 0.5) / SAMPLES as f64);
        let points = places.map(|place| x.at(place)).map(|at| (at, (self.y)(at))).collect();
        Curve { name: self.name, tone: self.tone, fitted: self.fitted, points }
    }
}

impl Curve {
    /// Returns its height at x, between the two nearest points; `None` where it has no value.
    pub(crate) fn height(&self, at: f64) -> Option<f64> {
        let after = self.points.partition_point(|(x, _)| *x < at);
        let near = |index: usize| self.points.get(index).and_then(|&(x, y)| Some((x, y?)));
        match (after.checked_sub(1).and_then(near), near(after)) {
            (Some((from, low)), Some((to, high))) => Some(low + (high - low) * (at - from) / (to - from)),
            (one, other) => one.or(other).map(|(_, y)| y),
        }
    }
}

impl Plot {
    /// Returns a plot with the curves of laws over the whole x axis; `None` if there are not two points to draw.
    pub(crate) fn of(x: Axis, y: Axis, series: Vec<Points>, laws: Vec<Law<'_>>) -> Option<Self> {
        Self::overlaid(x, y, series, Vec::new(), laws)
    }

    /// Returns a plot that also has lines through measured points.
    pub(crate) fn overlaid(
        x: Axis,
        y: Axis,
        series: Vec<Points>,
        lines: Vec<Line>,
        laws: Vec<Law<'_>>,
    ) -> Option<Self> {
        let mut plot = Self { x, y, series, curves: Vec::new(), lines, top: None };
        let fitted = laws.iter().filter(|law| law.fitted.is_some()).count();
        let beyond = if (1..=MOST_CONTINUED).contains(&fitted) { BEYOND } else { 0.0 };
        let across = plot.across()?.reaching(beyond);
        plot.curves = laws.into_iter().map(|law| law.curve(across)).collect();
        plot.ranges().is_some().then_some(plot)
    }

    /// Returns the same plot, as high as a limit that is to be seen.
    pub(crate) fn up_to(self, top: f64) -> Self {
        Self { top: Some(top), ..self }
    }

    /// Returns the ranges of both axes: of all points with their intervals, and of the curves along x.
    pub(crate) fn ranges(&self) -> Option<(Range, Range)> {
        let across = self.across()?;
        let reach = self.curves.iter().flat_map(|curve| &curve.points).map(|(x, _)| across.place(*x));
        let reach = reach.fold(1.0, f64::max);
        let ends = self.drawable().flat_map(|(_, y)| [y.low, y.value, y.high]);
        let ends = ends.chain(self.on_lines().map(|(_, y)| y)).chain(self.top);
        let up = Range::around(self.y.scale, ends.filter(|end| end.is_normal() && *end > 0.0))?;
        Some((across.reaching(reach - 1.0), up))
    }

    fn across(&self) -> Option<Range> {
        Range::around(self.x.scale, self.drawable().map(|(x, _)| *x).chain(self.on_lines().map(|(x, _)| x)))
    }

    fn on_lines(&self) -> impl Iterator<Item = (f64, f64)> {
        let points = self.lines.iter().flat_map(|line| &line.points).copied();
        points.filter(|(x, y)| [x, y].iter().all(|value| value.is_normal() && **value > 0.0))
    }

    /// Points that have a place on the axes.
    fn drawable(&self) -> impl Iterator<Item = &(f64, Estimate)> {
        let on_axis = |(x, y): &&(f64, Estimate)| [*x, y.value].iter().all(|v| v.is_normal() && *v > 0.0);
        self.series.iter().flat_map(|series| &series.points).filter(on_axis)
    }
}
