//! The problem size from which the GPU is faster.

use serde::Serialize;

use crate::stats::{Estimate, Summary};

/// The answer to "from which size is the GPU faster?", over the sizes that both sides ran.
///
/// A side wins at a size if its whole interval lies below the other's. If the intervals overlap, neither wins.
#[derive(Serialize, Debug, Clone, PartialEq)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Crossover {
    /// The GPU wins from some size on.
    From {
        /// `value`: the smallest tried size from which the GPU's median is lower at this and all larger sizes. `low`:
        /// the largest tried size at which the GPU loses. `high`: the smallest tried size from which it always wins.
        size: Estimate,
        /// The largest tried size below `value`, at which the GPU was still slower; `None` if there is none.
        slower_at: Option<f64>,
        /// The interpolated size at which both times are equal, between these two sizes. It assumes that both times
        /// grow linearly with the work. `None` if there is no smaller size.
        between: Option<f64>,
    },
    /// The GPU wins at every size tried.
    WinsEverywhere {
        /// The smallest size tried.
        from: f64,
    },
    /// The GPU loses at the largest size tried.
    NeverWins {
        /// The largest size tried.
        up_to: f64,
    },
    /// The intervals overlap at the largest size tried.
    Undecided {
        /// The largest size tried.
        up_to: f64,
    },
    /// Both sides have no valid size in common.
    NothingToCompare,
}

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Wins,
    Loses,
    Overlaps,
}

struct Duel {
    size: f64,
    outcome: Outcome,
    faster_median: bool,
    /// GPU time minus CPU time, in seconds.
    longer: f64,
}

/// Compares two sides at the sizes that both ran. Each side is a list of (size, summary in seconds), in any order.
/// `gpu` should be the whole job, transfers included.
///
/// The work grows as size^`power`: 1 for vectors, 3 for square matrices.
pub fn crossover(gpu: &[(f64, Summary)], cpu: &[(f64, Summary)], power: f64) -> Crossover {
    let duels = duels(gpu, cpu);
    let (Some(first), Some(last)) = (duels.first(), duels.last()) else {
        return Crossover::NothingToCompare;
    };
    match last.outcome {
        Outcome::Loses => return Crossover::NeverWins { up_to: last.size },
        Outcome::Overlaps => return Crossover::Undecided { up_to: last.size },
        Outcome::Wins => {}
    }
    let surely = start(&duels, |d| d.outcome == Outcome::Wins);
    if surely == 0 {
        return Crossover::WinsEverywhere { from: first.size };
    }
    let value = start(&duels, |d| d.faster_median);
    let possibly = start(&duels, |d| d.outcome != Outcome::Loses);
    let before = value.checked_sub(1).map(|i| &duels[i]);
    // Between two sizes that were tried nothing is known.
    let low = duels[possibly.saturating_sub(1)].size;
    Crossover::From {
        size: Estimate { value: duels[value].size, low, high: duels[surely].size },
        slower_at: before.map(|before| before.size),
        between: before.map(|before| crossing(before, &duels[value], power)),
    }
}

/// Returns the size at which two straight lines over the work cross. The lines run between the last size at which the
/// GPU is slower and the first at which it is not.
fn crossing(before: &Duel, after: &Duel, power: f64) -> f64 {
    let share = before.longer / (before.longer - after.longer).max(f64::MIN_POSITIVE);
    let [from, to] = [before.size, after.size].map(|size| size.powf(power));
    (from + share.clamp(0.0, 1.0) * (to - from)).powf(1.0 / power)
}

/// Returns the index from which all duels pass. The caller knows that the last one does.
fn start(duels: &[Duel], passes: impl Fn(&Duel) -> bool) -> usize {
    duels.iter().rposition(|d| !passes(d)).map_or(0, |i| i + 1)
}

fn duels(gpu: &[(f64, Summary)], cpu: &[(f64, Summary)]) -> Vec<Duel> {
    let positive = |s: &Summary| s.median > 0.0 && s.low > 0.0 && s.high.is_finite();
    let mut duels: Vec<Duel> = gpu
        .iter()
        .filter_map(|(size, g)| {
            let (_, c) = cpu.iter().find(|(n, _)| n == size)?;
            (size.is_finite() && positive(g) && positive(c)).then(|| Duel {
                size: *size,
                outcome: outcome(g, c),
                faster_median: g.median < c.median,
                longer: g.median - c.median,
            })
        })
        .collect();
    duels.sort_by(|a, b| a.size.total_cmp(&b.size));
    duels
}

fn outcome(gpu: &Summary, cpu: &Summary) -> Outcome {
    if gpu.high < cpu.low {
        Outcome::Wins
    } else if gpu.low > cpu.high {
        Outcome::Loses
    } else {
        Outcome::Overlaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(times: impl Fn(f64) -> f64, spread: f64) -> Vec<(f64, Summary)> {
        (0..10)
            .map(|i| {
                let n = f64::from(1 << i);
                let t = times(n);
                (n, Summary::of(&[t * (1.0 - spread), t, t * (1.0 + spread)]).unwrap())
            })
            .collect()
    }

    /// GPU 100 + n/10, CPU n: the times are equal at n = 111, so 128 is the first size that wins.
    #[test]
    fn the_first_size_from_which_all_larger_win() {
        let gpu = side(|n| 100.0 + n / 10.0, 0.01);
        let cpu = side(|n| n, 0.01);
        let Crossover::From { size, slower_at, between } = crossover(&gpu, &cpu, 1.0) else {
            panic!();
        };
        assert!((between.unwrap() - 1000.0 / 9.0).abs() < 1e-9, "{between:?}");
        assert_eq!((size.low, size.value, size.high), (64.0, 128.0, 128.0), "no finer than the sizes that were tried");
        assert_eq!(slower_at, Some(64.0));
    }

    /// GPU 1000, CPU n³/1000: the times are equal at n = 100, between 64 and 128.
    #[test]
    fn matrices_cross_on_the_scale_of_their_work() {
        let (gpu, cpu) = (side(|_| 1000.0, 0.01), side(|n| n.powi(3) / 1000.0, 0.01));
        let Crossover::From { between, .. } = crossover(&gpu, &cpu, 3.0) else { panic!() };
        assert!((between.unwrap() - 100.0).abs() < 1e-9, "{between:?}");
    }

    #[test]
    fn wide_intervals_widen_the_answer() {
        let gpu = side(|n| 100.0 + n / 10.0, 0.4);
        let cpu = side(|n| n, 0.4);
        let Crossover::From { size, .. } = crossover(&gpu, &cpu, 1.0) else {
            panic!();
        };
        assert_eq!((size.low, size.value, size.high), (32.0, 128.0, 512.0));
    }

    /// A win at small sizes does not count if a larger size loses.
    #[test]
    fn an_early_win_does_not_count() {
        let cpu = side(|n| 2.0 * n, 0.01);
        let gpu = side(|n| if n == 16.0 { 60.0 } else { n }, 0.01);
        let slow = crossover(&gpu, &cpu, 1.0);
        assert!(matches!(slow, Crossover::From { size, slower_at: Some(16.0), .. } if size.value == 32.0));
    }

    #[test]
    fn typed_answers() {
        let fast = side(|n| n, 0.01);
        let slow = side(|n| 2.0 * n, 0.01);
        assert_eq!(crossover(&fast, &slow, 1.0), Crossover::WinsEverywhere { from: 1.0 });
        assert_eq!(crossover(&slow, &fast, 1.0), Crossover::NeverWins { up_to: 512.0 });
        assert_eq!(crossover(&fast, &fast, 1.0), Crossover::Undecided { up_to: 512.0 });
        assert_eq!(crossover(&fast, &[], 1.0), Crossover::NothingToCompare);
        let saved = serde_json::to_string(&crossover(&fast, &slow, 1.0)).unwrap();
        assert_eq!(saved, r#"{"answer":"wins-everywhere","from":1.0}"#);
    }
}
