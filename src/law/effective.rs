//! The top of the "effective" curve, a common mistake ([`Step::effective_speedup`]).

use super::predict::Step;

impl Step {
    /// The whole number of workers at which the effective curve is highest.
    ///
    /// The curve is `(C/p + M)/(M + C/p²)`; its derivative is zero at `p = C/(√(M² + C M) − M)`. `None` without
    /// communication or without compute: the curve then has no top.
    pub fn effective_peak(&self) -> Option<f64> {
        let (compute, communication) = (self.compute_seconds, self.communication_seconds);
        let root = communication.hypot((compute * communication).sqrt());
        let top = compute / (root - communication);
        if !(top.is_finite() && top > 0.0) {
            return None;
        }
        let (below, above) = (top.floor().max(1.0), top.ceil().max(1.0));
        Some(if self.effective_speedup(above) > self.effective_speedup(below) { above } else { below })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LAWS.md section 8: 20 ms of communication and 1800 ms of compute; the top lies between 10 and 11.
    #[test]
    fn the_effective_curve_has_its_top_at_ten_to_eleven() {
        let step = Step { compute_seconds: 1.8, communication_seconds: 0.02 };
        assert_eq!(step.effective_peak(), Some(11.0));
        let highest = (1..=1024).map(f64::from).map(|p| step.effective_speedup(p)).fold(0.0, f64::max);
        assert_eq!(step.effective_speedup(11.0), highest);
    }

    #[test]
    fn without_communication_or_compute_there_is_no_top() {
        assert_eq!(Step { compute_seconds: 1.0, communication_seconds: 0.0 }.effective_peak(), None);
        assert_eq!(Step { compute_seconds: 0.0, communication_seconds: 1.0 }.effective_peak(), None);
    }
}
