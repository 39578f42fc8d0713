//! What a job costs that is cut into several launches: the kernel that is the same however it is cut, and the launches
//! by the line of their rung.

use super::line::LineFit;
use crate::stats::Estimate;

/// The time of one job cut into K launches, in seconds: `T(K) = kernel + α + β K`. `kernel` is the time of all parts
/// together, in seconds; α and β come from the line that the rung of the launch ladder follows.
///
/// The interval puts the ends of both of the line's intervals together, which is never too narrow: each holds with
/// 95 %, so both together with 90 % at the least. It leaves out what the kernel's own time is uncertain by, and what
/// cutting does to the kernel: small parts fill the device less well. `None` where the line is refused.
pub fn predict(kernel: f64, launches: u32, line: &LineFit) -> Option<Estimate> {
    let (alpha, beta, k) = (line.intercept?, line.slope?, f64::from(launches));
    let at = |alpha: f64, beta: f64| kernel + alpha + beta * k;
    Estimate::finite(at(alpha.value, beta.value), at(alpha.low, beta.low), at(alpha.high, beta.high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::line;
    use crate::stats::Summary;

    /// 10 ms of kernel in 100 launches of 1.1 µs after a round trip of 41 µs: 10.151 ms.
    #[test]
    fn a_job_cut_into_a_hundred_launches() {
        let ladder = [1u32, 4, 16, 64, 256].map(|k| {
            let seconds = 41e-6 + 1.1e-6 * f64::from(k);
            (f64::from(k), Summary::of(&[0.99 * seconds, seconds, 1.01 * seconds]).unwrap())
        });
        let fit = line::fit(&ladder);
        let time = predict(10e-3, 100, &fit).unwrap();
        assert!((time.value - 10.151e-3).abs() < 1e-9, "{time:?}");
        assert!(time.low < 10.151e-3 && time.high > 10.151e-3 && time.high - time.low < 20e-6, "{time:?}");
        let once = predict(10e-3, 1, &fit).unwrap();
        assert!((once.value - 10.0421e-3).abs() < 1e-9, "{once:?}");
    }

    #[test]
    fn a_refused_line_predicts_nothing() {
        assert_eq!(predict(1.0, 8, &line::fit(&[])), None);
    }
}
