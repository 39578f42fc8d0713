//! A job cut into K launches, read from the line over launches: more workers cannot shorten the launches.

use crate::stats::Estimate;

use super::line::LineFit;

/// Returns the share of the time that K launches take: `s(K) = K β/(K β + T)`. β is the cost of a launch and T the time
/// of the work, both in seconds. This is Amdahl's serial fraction of the job: even an infinitely fast device could make
/// it at most `1/s` times faster.
pub fn launch_share(cost: f64, work: f64, launches: f64) -> f64 {
    launches * cost / (launches * cost + work)
}

/// Returns the share at K launches from a line over K. Its slope is the cost of a launch, and its intercept is the work
/// with its round trip. The interval combines opposite ends of both, so it is wide. Returns `None` if the line is
/// refused.
pub fn share_of_line(line: &LineFit, launches: f64) -> Option<Estimate> {
    let (cost, work) = (line.slope()?, line.intercept()?);
    Estimate::finite(
        launch_share(cost.value, work.value, launches),
        launch_share(cost.low, work.high, launches),
        launch_share(cost.high, work.low, launches),
    )
}

/// Returns the number of launches that take this share (between 0 and 1) of the time: `K = T s/((1 − s) β)`.
pub fn launches_of_share(cost: f64, work: f64, share: f64) -> Option<f64> {
    let launches = work * share / ((1.0 - share) * cost);
    (launches.is_finite() && launches > 0.0).then_some(launches)
}

/// Predicts the time in seconds of one job cut into K launches, `T(K) = kernel + α + β K`. `kernel` is the time of all
/// parts together, in seconds. α and β come from the line of the launch style.
///
/// The interval combines the ends of both intervals of the line. Each holds with 95 %, so both together hold with at
/// least 90 %. It leaves out the uncertainty of the kernel's time, and the effect of cutting on the kernel: small parts
/// fill the device less well. Returns `None` if the line is refused.
pub fn predict(kernel: f64, launches: u32, line: &LineFit) -> Option<Estimate> {
    let (alpha, beta, k) = (line.intercept()?, line.slope()?, f64::from(launches));
    let at = |alpha: f64, beta: f64| kernel + alpha + beta * k;
    Estimate::finite(at(alpha.value, beta.value), at(alpha.low, beta.low), at(alpha.high, beta.high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::line;
    use crate::stats::Summary;

    /// 10 launches of 20 µs beside 1.8 ms of work: 0.2 of 2 ms, so s = 0.1 and the ceiling is 10.
    #[test]
    fn launches_are_amdahls_serial_part() {
        assert!((launch_share(20e-6, 1.8e-3, 10.0) - 0.1).abs() < 1e-12);
        assert!((launches_of_share(20e-6, 1.8e-3, 0.1).unwrap() - 10.0).abs() < 1e-9);
        assert!((launches_of_share(20e-6, 1.8e-3, 0.5).unwrap() - 90.0).abs() < 1e-9);
        assert_eq!(launches_of_share(0.0, 1.0, 0.5), None);
    }

    #[test]
    fn the_share_of_a_line_holds_the_truth_between_its_ends() {
        let time = |k: f64| Summary::of(&[1.8e-3 + 20e-6 * k].map(|t| t * (1.0 + 0.01 * (k * 7.0).sin()))).unwrap();
        let line = line::fit(&[1.0, 2.0, 4.0, 16.0, 64.0, 256.0].map(|k| (k, time(k))));
        let share = share_of_line(&line, 256.0).unwrap();
        assert!(share.contains(launch_share(20e-6, 1.8e-3, 256.0)), "{share:?}");
        assert!(share.low < share.value && share.value < share.high && share.high < 1.0, "{share:?}");
        assert_eq!(share_of_line(&line::fit(&[]), 256.0), None);
    }

    /// 10 ms of kernel in 100 launches of 1.1 µs, and a round trip of 41 µs: 10.151 ms.
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
