//! Searches in one dimension: a minimum by golden section, and the edge of a region by bisection.

/// Golden ratio conjugate `(√5 − 1)/2`.
const GOLDEN: f64 = 0.618_033_988_749_895;

/// Returns the position of the minimum of `f` in `low ..= high`, if it has one minimum there. Each step narrows the
/// range to 0.618 of its length, so 34 steps leave one part in 10⁷ (J. Kiefer, "Sequential minimax search for a
/// maximum", 1953).
pub(crate) fn golden_minimum(low: f64, high: f64, steps: usize, f: impl Fn(f64) -> f64) -> f64 {
    let (mut a, mut b) = (low, high);
    let mut left = b - GOLDEN * (b - a);
    let mut right = a + GOLDEN * (b - a);
    let (mut f_left, mut f_right) = (f(left), f(right));
    for _ in 0..steps {
        if f_left <= f_right {
            b = right;
            right = left;
            f_right = f_left;
            left = b - GOLDEN * (b - a);
            f_left = f(left);
        } else {
            a = left;
            left = right;
            f_left = f_right;
            right = a + GOLDEN * (b - a);
            f_right = f(right);
        }
    }
    f64::midpoint(a, b)
}

/// Settings of the search through a function with several minima.
pub(crate) struct Grid {
    /// Number of evenly spaced places.
    pub(crate) places: usize,
    /// Number of local minima to refine.
    pub(crate) minima: usize,
    /// Steps of golden section for each of them.
    pub(crate) steps: usize,
}

/// The result of a [`scan`].
pub(crate) struct Scanned {
    /// (place, value) on the grid and at the refined minima, in ascending order of places.
    pub(crate) values: Vec<(f64, f64)>,
    /// The lowest refined minimum; `None` if the function is nowhere finite.
    pub(crate) best: Option<(f64, f64)>,
}

/// Evaluates `f` on a grid from `low` to `high`, both included, and refines the lowest local minima between their
/// neighbours.
pub(crate) fn scan(low: f64, high: f64, grid: &Grid, f: impl Fn(f64) -> f64) -> Scanned {
    let last = grid.places - 1;
    let place = |i: usize| low + (high - low) * i as f64 / last as f64;
    let mut values: Vec<(f64, f64)> = (0..grid.places).map(place).map(|x| (x, f(x))).collect();
    let mut minima: Vec<usize> = (0..grid.places)
        .filter(|&i| {
            let left = i == 0 || values[i].1 <= values[i - 1].1;
            let right = i == last || values[i].1 < values[i + 1].1;
            left && right && values[i].1.is_finite()
        })
        .collect();
    minima.sort_by(|&i, &j| values[i].1.total_cmp(&values[j].1));
    let refined: Vec<(f64, f64)> = minima
        .iter()
        .take(grid.minima)
        .flat_map(|&i| {
            let (from, to) = (values[i.saturating_sub(1)].0, values[(i + 1).min(last)].0);
            let x = golden_minimum(from, to, grid.steps, &f);
            [(x, f(x)), values[i]]
        })
        .collect();
    let best = refined.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
    values.extend(refined);
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    Scanned { values, best }
}

/// Returns the edge between `inside`, at which `holds` is true, and `outside`, at which it is false. The result is the
/// last place at which it is true, to one part in 2^`steps` of the distance.
pub(crate) fn edge(inside: f64, outside: f64, steps: usize, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut inner, mut outer) = (inside, outside);
    for _ in 0..steps {
        let middle = f64::midpoint(inner, outer);
        if holds(middle) {
            inner = middle;
        } else {
            outer = middle;
        }
    }
    inner
}

/// First step of a walk on the logarithmic scale: one per cent of the value.
const FIRST_STEP: f64 = 0.01;

/// Returns the lower end of the interval of a non-negative quantity. `holds` is true at `value` and may be false at
/// zero. The search walks down in growing steps until it is false, then bisects. Values below `least` count as zero.
pub(crate) fn lower_end(value: f64, least: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if value <= least || holds(0.0) {
        return 0.0;
    }
    let (mut inside, mut step) = (value, FIRST_STEP);
    loop {
        let outside = inside * (-step).exp();
        if outside < least {
            return 0.0;
        }
        if !holds(outside) {
            let end = edge(inside.ln(), outside.ln(), 20, |x| holds(x.exp())).exp();
            return end.min(inside);
        }
        inside = outside;
        step *= 2.0;
    }
}

/// Returns the upper end of the interval of a quantity for which `holds` is true at `value`; `most` if it is true up
/// there.
pub(crate) fn upper_end(value: f64, least: f64, most: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut inside, mut step) = (value.max(least), FIRST_STEP);
    loop {
        let outside = (inside * step.exp()).min(most);
        if !holds(outside) {
            let end = edge(inside.ln(), outside.ln(), 20, |x| holds(x.exp())).exp();
            return end.max(inside);
        }
        if outside >= most {
            return most;
        }
        inside = outside;
        step *= 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_section_finds_the_minimum() {
        let x = golden_minimum(-3.0, 10.0, 34, |x| (x - 1.25).powi(2));
        assert!((x - 1.25).abs() < 1e-6);
        assert!(golden_minimum(2.0, 3.0, 34, |x| x) < 2.001);
    }

    /// The lower of two minima is found and refined between the grid's places.
    #[test]
    fn a_scan_finds_the_lowest_of_several_minima() {
        let f = |x: f64| (x * x - 1.0).powi(2) + 0.1 * x;
        let found = scan(-2.0, 2.0, &Grid { places: 21, minima: 2, steps: 30 }, f);
        let (x, value) = found.best.unwrap();
        assert!((x + 1.012_3).abs() < 1e-4 && (value - f(x)).abs() < 1e-15, "{x}");
        assert_eq!(found.values.len(), 25);
        assert!(scan(0.0, 1.0, &Grid { places: 5, minima: 1, steps: 3 }, |_| f64::INFINITY).best.is_none());
    }

    #[test]
    fn bisection_finds_the_edge_from_either_side() {
        assert!((edge(0.0, 8.0, 24, |x| x < 2.5) - 2.5).abs() < 1e-6);
        assert!((edge(8.0, 0.0, 24, |x| x > 2.5) - 2.5).abs() < 1e-6);
    }

    #[test]
    fn walks_reach_the_ends_of_an_interval() {
        let holds = |x: f64| (0.5..=8.0).contains(&x);
        assert!((lower_end(2.0, 1e-12, holds) - 0.5).abs() < 1e-6);
        assert!((upper_end(2.0, 1e-12, 1e18, holds) - 8.0).abs() < 1e-5);
        assert_eq!(lower_end(2.0, 1e-12, |x| x < 8.0), 0.0);
        assert_eq!(upper_end(2.0, 1e-12, 100.0, |_| true), 100.0);
        assert!((upper_end(0.0, 1e-12, 100.0, |x| x < 1e-3) - 1e-3).abs() < 1e-7);
    }
}
