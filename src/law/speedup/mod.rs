//! The speedup of a job of fixed size: one model family, fitted on the logarithm, with tested intervals.
//!
//! [`fit()`] does all of this:
//! - It checks the points, and tests for shapes that no law of the family has.
//! - It fits every [`Model`](super::Model) that they allow, by least squares on the logarithm.
//! - It chooses the simplest model that AICc does not clearly reject.
//! - It computes profile-likelihood intervals.
//! - It says in a [`Verdict`](super::Verdict) whether the numbers may be quoted.
//!
//! A cost that grows by the logarithm of the workers is tried if a cost surely grows with them, or if no other model
//! follows the points, and it is chosen if no other has any support. So it changes nothing where the others are true.
//! What the points show beside the parameters is a [`Pattern`].
//!
//! # What the intervals cover
//!
//! An interval covers every curve that the data do not rule out. This includes more complex models that AICc still
//! supports. A hidden knee at K workers biases an Amdahl fit by 1/K, so the interval of an Amdahl fit reaches down to
//! the serial fraction that such a knee would leave. Intervals cannot cover drift of the machine between worker counts
//! (shuffle them within every block), or a limit that begins beyond the largest worker count.
//!
//! # Calibration
//!
//! Nominal 95 % intervals over 1000 simulated measurements of each planted curve. Unless stated otherwise: 21 worker
//! counts 1, 2, 4 … 2^20, and 20 repetitions with 5 % noise, one in ten interrupted. "Point effects" are 2 % errors
//! that all repetitions of a point share. `cargo test --release --test calibration -- --ignored
//! --nocapture` prints these tables; `cargo test` checks a short version.
//!
//! | planted | accepted | covered | ceiling covered | right model | median fitted/planted | median high/low |
//! |---|---|---|---|---|---|---|
//! | Amdahl 1e-2 | 1.000 | 0.986 | 0.975 | 0.991 | 1.000 | 1.051 |
//! | Amdahl 1e-3 | 1.000 | 0.986 | 0.981 | 0.985 | 1.000 | 1.049 |
//! | Amdahl 1e-4 | 1.000 | 0.979 | 0.974 | 0.983 | 1.000 | 1.060 |
//! | Amdahl 1e-2, 11 points | 1.000 | 0.981 | 0.981 | 1.000 | 1.000 | 1.063 |
//! | Amdahl 5e-2, 9 points | 1.000 | 0.969 | 0.968 | 0.999 | 1.001 | 1.071 |
//! | Amdahl 1e-3, 7 repetitions | 1.000 | 0.991 | 0.989 | 0.982 | 1.001 | 1.098 |
//! | Amdahl 1e-3, noise 1 % | 1.000 | 0.985 | 0.982 | 0.990 | 1.000 | 1.009 |
//! | Amdahl 1e-3, noise 20 % | 0.982 | 0.978 | 0.976 | 0.980 | 1.000 | 1.343 |
//! | Amdahl 1e-3, point effects | 0.999 | 0.966 | 0.968 | 0.965 | 0.999 | 1.088 |
//! | Amdahl 1e-3, drift in blocks | 1.000 | 0.990 | 0.973 | 0.982 | 1.002 | 1.052 |
//! | sharp knee 1e-3, K 1000 | 1.000 | 0.976 | 0.977 | 0.993 | 1.003 | 1.185 |
//! | sharp knee 1e-4, K 4096 | 0.999 | 0.978 | 0.964 | 0.991 | 0.993 | 1.356 |
//! | sharp knee 1e-3, point effects | 0.999 | 0.970 | 0.952 | 0.961 | 1.002 | 1.299 |
//! | sharp knee 1e-2, K 64, 11 points | 1.000 | 0.982 | 0.984 | 0.999 | 0.996 | 1.339 |
//! | smooth knee 1e-3, K 3000, k 2 | 1.000 | 0.963 | 0.976 | – | 0.996 | 1.398 |
//! | smooth knee 1e-3, K 2000, k 2.5 | 0.999 | 0.965 | 0.984 | – | 0.998 | 1.361 |
//! | hidden knee 1e-2, K 2000 | 1.000 | 0.984 | 0.963 | – | 1.000 | 1.086 |
//! | hidden smooth knee 1e-2, K 4096 | 1.000 | 0.992 | 0.985 | – | 1.014 | 1.082 |
//! | hidden knee 5e-2, K 200, 11 points | 1.000 | 0.983 | 0.987 | – | 0.999 | 1.130 |
//! | USL 1e-2, 1e-6 | 1.000 | 0.968 | 0.989 | 0.993 | 1.000 | 1.055 |
//! | USL 1e-3, 1e-8 | 1.000 | 0.974 | 0.994 | 0.993 | 1.000 | 1.050 |
//! | USL 1e-2, point effects | 1.000 | 0.969 | 0.984 | 0.973 | 1.000 | 1.091 |
//! | sharp knee and kappa | 1.000 | 0.970 | 0.996 | 1.000 | 1.000 | 1.190 |
//!
//! If the data do not show the knee, the right model is open (–). Near the limit of what the data can show, some draws
//! give a value and the others a bound. Then the rate of wrong values or bounds counts, nominally 5 %:
//!
//! | planted | value accepted | accepted covered | bound holds | value or bound wrong | ceiling covered | right model |
//! |---|---|---|---|---|---|---|
//! | sharp knee 1e-4, point effects | 0.972 | 0.964 | 0.636 | 0.031 | 0.969 | 0.954 |
//! | smooth knee 1e-3, K 1000, k 2 | 0.974 | 0.860 | 0.836 | 0.045 | 0.968 | 0.998 |
//! | smooth knee 1e-3, K 700, k 2.5 | 0.984 | 0.788 | 0.915 | 0.033 | 0.970 | 1.000 |
//! | smooth knee 1e-4, K 4096, k 3 | 0.981 | 0.911 | 0.854 | 0.029 | 0.974 | 0.995 |
//! | smooth knee 1e-4, K 3000, k 5 | 0.983 | 0.982 | 0.887 | 0.017 | 0.984 | – |
//! | smooth knee 1e-4, point effects | 0.736 | 0.981 | 0.110 | 0.046 | 0.951 | 0.971 |
//! | smooth knee 1e-2, K 64, 11 points | 0.937 | 0.981 | 0.206 | 0.028 | 0.971 | 0.968 |
//! | Amdahl 1e-2, 1 or 20 rows, 15 % | 0.258 | 0.981 | 0.996 | 0.008 | 0.996 | 0.987 |
//!
//! Among accepted draws, too large serial fractions are too frequent, because draws with a small one would have been
//! refused. In the worst row one draw in nine is accepted, and 0.74 of the accepted intervals cover. In rows where most
//! draws give a value, bounds with too small a serial fraction are too frequent.
//!
//! "1 or 20 rows" measures every other of 14 worker counts once and the others 20 times, without interruptions. The
//! single rows get the pooled scatter of the repeated ones. With noise of 6 %, 0.99 of 120 draws are accepted, and all
//! of their intervals cover. They are wider than necessary, since a single row has the same weight as twenty.
//!
//! | to be refused | accepted | verdicts of 1000 |
//! |---|---|---|
//! | too short: 1e-4 to 64 | 0.000 | insufficient-range 1000 |
//! | too short: 1e-5 to 1024 | 0.000 | insufficient-range 998, superlinear 2 |
//! | too few points | 0.000 | too-few-points 1000 |
//! | ideal | 0.000 | insufficient-range 999, superlinear 1 |
//! | saturation, nothing serial | 0.000 | insufficient-range 998, superlinear 2 |
//! | smooth saturation, 1e-6 | 0.000 | insufficient-range 1000 |
//! | superlinear: cache fits | 0.000 | superlinear 1000 |
//! | superlinear: cache grows | 0.000 | superlinear 1000 |
//! | non-monotone: zigzag | 0.000 | non-monotone 1000 |
//! | non-monotone: spike | 0.000 | poor-fit 932, non-monotone 68 |
//! | non-monotone: step | 0.000 | poor-fit 999, non-monotone 1 |
//!
//! Why the logarithm, and why a knee? The table shows the mean of fitted/planted for a serial fraction of 1e-4, with
//! the relative error in brackets, for other estimators on the same draws.
//!
//! | estimator | Amdahl | sharp knee, K 4096 | smooth knee, k 3 |
//! |---|---|---|---|
//! | least squares on T | 2.36 (3.200) | 2.94 (3.772) | 3.14 (4.057) |
//! | least squares on 1/T | 1.00 (0.023) | 6.66 (5.661) | 5.92 (4.921) |
//! | logarithm, Amdahl only | 1.00 (0.008) | 3.25 (2.255) | 3.28 (2.283) |
//! | median of Karp-Flatt | 1.00 (0.102) | 2.13 (1.477) | 2.32 (1.556) |
//! | logarithm, sharp knee | 1.00 (0.008) | 0.98 (0.062) | 1.50 (0.506) |
//! | logarithm, knee of free shape | 0.99 (0.012) | 0.98 (0.060) | 0.98 (0.163) |

mod choose;
mod data;
mod family;
mod few;
mod fit;
mod goodness;
mod interval;
mod judge;
mod knee;
mod knee_search;
mod pattern;
mod phases;
mod predict;
mod result;
mod shape;

pub use super::formula::{
    amdahl, ceiling, efficiency, gustafson, gustafson_share, karp_flatt, share_of_ceiling, workers_at_share,
};
pub use choose::{Candidate, Growth};
pub use few::{Few, Next, RIGHT_WITHIN, Rival, few};
pub use fit::{Options, fit, fit_with, least_squares};
pub use goodness::Goodness;
pub use pattern::{FIRST_DIFFERS, Pattern};
pub use phases::{Agreement, PhaseComparison, compare_phases};
pub use predict::{Predicted, predict};
pub use result::SpeedupFit;
