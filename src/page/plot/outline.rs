//! A curve as lines: cut at the edges of the field, parted where it turns from solid to dashed, and without the points
//! that nobody would miss.

use super::svg::number;

/// A point is left out if the curve without it is off by no more than this.
const UNSEEN: f64 = 0.2;

/// The lines of a curve.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Pieces {
    /// Within the data, as the data of a path.
    pub(super) solid: String,
    /// Beyond.
    pub(super) beyond: String,
}

/// Returns the lines of a curve through points, each with whether it lies within the data, between two heights.
pub(super) fn pieces(points: &[(Option<[f64; 2]>, bool)], [top, bottom]: [f64; 2]) -> Pieces {
    let mut pieces = Pieces::default();
    let mut run: Vec<[f64; 2]> = Vec::new();
    let mut is_solid = true;
    for pair in points.windows(2) {
        let [(Some(from), one), (Some(to), other)] = pair else {
            pieces.end(&mut run, is_solid);
            continue;
        };
        let Some([from, to]) = cut(*from, *to, top, bottom) else {
            pieces.end(&mut run, is_solid);
            continue;
        };
        let solid = *one && *other;
        if solid != is_solid || run.last().is_some_and(|last| *last != from) {
            pieces.end(&mut run, is_solid);
        }
        is_solid = solid;
        if run.is_empty() {
            run.push(from);
        }
        run.push(to);
    }
    pieces.end(&mut run, is_solid);
    pieces
}

impl Pieces {
    /// Writes a run of points, and begins another.
    fn end(&mut self, run: &mut Vec<[f64; 2]>, is_solid: bool) {
        let path = if is_solid { &mut self.solid } else { &mut self.beyond };
        for (index, [x, y]) in simpler(run).into_iter().enumerate() {
            path.push(if index == 0 { 'M' } else { 'L' });
            *path += &number(x);
            path.push(' ');
            *path += &number(y);
        }
        run.clear();
    }
}

/// The part of a line between two heights.
fn cut(from: [f64; 2], to: [f64; 2], top: f64, bottom: f64) -> Option<[[f64; 2]; 2]> {
    let at = |y: f64| [from[0] + (to[0] - from[0]) * (y - from[1]) / (to[1] - from[1]), y];
    let inside = |[x, y]: [f64; 2], other: [f64; 2]| match y {
        y if y < top => (other[1] > top).then(|| at(top)),
        y if y > bottom => (other[1] < bottom).then(|| at(bottom)),
        y => Some([x, y]),
    };
    Some([inside(from, to)?, inside(to, from)?])
}

/// The points of a line without those that lie on it, or nearly (Douglas & Peucker 1973).
fn simpler(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return Vec::new() };
    let [across, down] = [last[0] - first[0], last[1] - first[1]];
    let length = across.hypot(down);
    let off = |[x, y]: [f64; 2]| {
        let [x, y] = [x - first[0], y - first[1]];
        if length > 0.0 { (x * down - y * across).abs() / length } else { x.hypot(y) }
    };
    let farthest = (1..points.len().saturating_sub(1)).max_by(|&a, &b| off(points[a]).total_cmp(&off(points[b])));
    match farthest.filter(|&index| off(points[index]) > UNSEEN) {
        Some(index) => {
            let mut kept = simpler(&points[..=index]);
            kept.pop();
            kept.extend(simpler(&points[index..]));
            kept
        }
        None if points.len() > 1 => vec![first, last],
        None => vec![first],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[[f64; 2]]) -> Vec<(Option<[f64; 2]>, bool)> {
        points.iter().map(|&point| (Some(point), true)).collect()
    }

    #[test]
    fn a_straight_line_needs_its_ends_only() {
        let points: Vec<[f64; 2]> = (0..100).map(|x| [f64::from(x), 50.0 + f64::from(x) / 2.0]).collect();
        assert_eq!(pieces(&line(&points), [0.0, 100.0]).solid, "M0 50L99 99.5");
    }

    #[test]
    fn a_bend_stays() {
        let found = pieces(&line(&[[0.0, 50.0], [10.0, 20.0], [20.0, 50.0]]), [0.0, 100.0]);
        assert_eq!(found.solid, "M0 50L10 20L20 50");
    }

    #[test]
    fn a_line_ends_at_the_edge_of_the_field() {
        let found = pieces(&line(&[[0.0, 50.0], [10.0, -50.0], [20.0, -60.0], [30.0, 40.0]]), [0.0, 100.0]);
        assert_eq!(found.solid, "M0 50L5 0M26 0L30 40");
        assert_eq!(pieces(&line(&[[0.0, 200.0], [10.0, 300.0]]), [0.0, 100.0]), Pieces::default());
    }

    #[test]
    fn a_curve_is_dashed_beyond_the_data_and_parts_where_it_has_no_value() {
        let points = [([0.0, 1.0], true), ([1.0, 9.0], true), ([2.0, 1.0], false), ([3.0, 1.0], false)];
        let mut points: Vec<_> = points.into_iter().map(|(point, fitted)| (Some(point), fitted)).collect();
        let found = pieces(&points, [0.0, 100.0]);
        assert_eq!((found.solid.as_str(), found.beyond.as_str()), ("M0 1L1 9", "M1 9L2 1L3 1"));
        points.insert(1, (None, true));
        assert_eq!(pieces(&points, [0.0, 100.0]).solid, "");
    }
}
