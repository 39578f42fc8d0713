//! Searches in one dimension: a minimum by golden section, the edge of a region by bisection.

/// `(√5 − 1)/2`.
const GOLDEN: f64 = 0.618_033_988_749_895;

/// Where `f` is lowest in `low ..= high`, if it has one minimum there: every step narrows the range to .618 of itself, so
/// that 34 steps leave one part in 10⁷ (J. Kiefer, "Sequential minimax search for a maximum", 1953).
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

/// The edge between `inside`, where `holds`, and `outside`, where it does not, to one part in 2^`steps` of the distance;
/// the last place found that holds.
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

/// First step of a walk, as a share of the value.
const FIRST_STEP: f64 = 0.01;

/// The lower end of an interval of a quantity of at least zero, which `holds` at `value` and need not hold at zero:
/// walks down in growing steps until it does not hold, then bisects. Values below `least` are zero.
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

/// The upper end of an interval of a quantity that `holds` at `value`; `most` where it holds as far as that.
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
