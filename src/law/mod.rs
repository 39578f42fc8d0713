//! The laws of parallel speedup, fitted: a short textbook with its code. Numbers go in; numbers and enums come out.
//! `page/` turns reasons into sentences.
//!
//! Read it in order: each section needs only those before it. T(p) is the time on p workers, in seconds. The speedup
//! is S(p) = T(1)/T(p).
//!
//! # 1. Two laws from one fraction
//!
//! Part of a job is serial: more workers do not shorten it. The rest is shared by p workers.
//!
//! **Amdahl** asks about the same job on more workers. Its serial fraction s is the share of the time *on one worker*:
//!
//! ```text
//! S(p) = 1/(s + (1 - s)/p)         at most 1/s, the ceiling
//! ```
//!
//! **Gustafson** asks about a bigger job in the same time. Its s is the share of the time *on the p workers*:
//!
//! ```text
//! S(p) = p - s (p - 1)             no ceiling, since the job grows
//! ```
//!
//! Both are true, about different questions. With s = 10 %, 16 workers do the same job 6.4 times faster, or 14.5 times
//! the work in the same time:
//!
//! ```
//! use amdahl::law::speedup::{amdahl, ceiling, gustafson};
//!
//! assert_eq!(format!("{:.1}", amdahl(0.1, 16.0)), "6.4");
//! assert_eq!(format!("{:.1}", gustafson(0.1, 16.0)), "14.5");
//! assert_eq!(ceiling(0.1), Some(10.0));
//! ```
//!
//! A profile taken on p workers has Gustafson's s. [`profile::Profile::measured_on`] turns it into Amdahl's.
//! [`predict`] has both laws for a given s, [`profile`] for a job in named parts, and [`what_if`] says what the job
//! gains if one part takes no time. Sources: Amdahl, AFIPS 1967; Gustafson, CACM 31 (1988).
//!
//! # 2. The serial fraction of one row
//!
//! **Karp–Flatt** solves Amdahl's law for s, from one measured speedup: `e = (1/S - 1/p)/(1 - 1/p)`. Look at it over
//! p. If e stays the same, the job has a serial part. If e rises, adding workers itself costs time. It is no estimate:
//! one row is noisy. [`speedup::karp_flatt`] returns `None` for one worker. Source: Karp & Flatt, CACM 33 (1990).
//!
//! # 3. What else bends the curve
//!
//! Real curves have more than a serial part. All models here are sums of costs. [`Model`] lists them, and [`Curve`]
//! computes them:
//!
//! ```text
//! T(p) = T(1) (s + (1 - s) g(p)/g(1) + k (p - 1) + l log2 p)
//! ```
//!
//! - g(p) = 1/p: the workers share evenly. With s alone this is Amdahl's law.
//! - g(p) = 1/min(p, K): the hardware is full at K workers. More do not help, and the ceiling lies below 1/s.
//! - k: each extra worker costs time, so the speedup has a peak and then falls. With s this is the Universal
//!   Scalability Law (Gunther, "Guerrilla Capacity Planning", 2007).
//! - l: each doubling costs time, as for messages that go along a tree.
//!
//! # 4. Fitting a table, or refusing it
//!
//! [`speedup::fit`] takes times and finds the model, the serial fraction and the ceilings:
//!
//! ```
//! use amdahl::law::{Point, Verdict, speedup};
//!
//! let table = [(1, 20.0), (2, 11.0), (4, 6.53), (8, 4.23), (16, 3.15), (32, 2.56)];
//! let points = table.map(|(workers, seconds)| Point::new(f64::from(workers), seconds));
//! let fit = speedup::fit(&points);
//! match (fit.serial_fraction, fit.attainable_ceiling) {
//!     (Some(s), Some(ceiling)) => println!(
//!         "serial fraction {:.3} ({:.3} to {:.3}), at most {:.1} times faster",
//!         s.value, s.low, s.high, ceiling.value,
//!     ),
//!     _ => println!("refused, {}: {:?}", fit.verdict, fit.reason),
//! }
//! assert_eq!(fit.verdict, Verdict::Accepted);
//! assert!(fit.serial_fraction.is_some_and(|s| s.contains(0.1)));
//!
//! // Two counts are no curve.
//! let refused = speedup::fit(&points[..2]);
//! assert_eq!((refused.verdict, refused.serial_fraction), (Verdict::TooFewPoints, None));
//! ```
//!
//! The fit minimises squared differences of *logarithms*, so that 1 ms and 1 s count the same. Each number has a 95 %
//! interval. A fit that the data do not carry is refused: the [`Verdict`] says so in a word, the [`Reason`] with its
//! numbers, and the values are `None`.
//!
//! | verdict | when | what then |
//! |---|---|---|
//! | `invalid-data` | a time or a count is not positive and finite | mend the table |
//! | `too-few-points` | under 6 counts, or 11 if the hardware fills up; fewer for a named model | measure more counts |
//! | `insufficient-range` | the interval of s reaches 0, or spans more than a factor of 3 | measure more workers |
//! | `superlinear` | p workers are surely more than p times faster | look for caches, or a slow first worker |
//! | `non-monotone` | the time rises and falls, and no model follows | look for what disturbs |
//! | `poor-fit` | the points miss the curve by over 5 %, and by more than their own errors | no model here holds |
//!
//! [`speedup`] has the method and its calibration. [`speedup::predict`] extrapolates, with intervals that widen.
//!
//! # 5. Size and workers together
//!
//! [`joint`] fits one law over the size N and the workers p: `T = a + b N + c N g(p)/g(1) + d (p - 1)`. From it follow
//! Amdahl's s for any size and Gustafson's for any team. If N is a length, its power is fitted.
//! It needs 8 points with two sizes and three worker counts. It
//! is refused if the size always grows with the workers: then a fixed and a shared part look the same.
//!
//! # 6. What a launch and a transfer cost
//!
//! - [`mod@line`]: T(K) = a + b K over K launches. b is the cost of one more launch, a the round trip. Refused below
//!   three different K, and if the points bend.
//! - [`split`]: a job cut into K launches. Their cost is a serial part: `s(K) = K b/(K b + T)`.
//! - [`hockney`]: `T(n) = a + n/r` for n bytes. Half of the rate r is reached at n = a r. No rate if the time hardly
//!   grows. Source: Hockney & Jesshope, "Parallel Computers", 1981.
//! - [`crossover()`]: the size from which the GPU wins at *all* larger sizes. Undecided if the intervals overlap at the
//!   largest.
//!
//! # 7. Inside the device
//!
//! - [`waves`]: if m workgroups run at once, p of them take ceil(p/m) waves, and a nearly empty last wave takes as long
//!   as a full one. Nothing is said if a smooth curve fits as well. Source: NVIDIA, "Matrix Multiplication Background".
//! - [`divergence`]: what each extra branch taken within a subgroup costs. It needs 4 kernels.
//! - [`cache`]: the size up to which copies fit into a cache. Nothing is said if a straight line fits as well.
//! - [`roofline`]: a kernel does at most min(peak, bandwidth x flop per byte). A limit that no kernel has reached is
//!   `None`. Source: Williams, Waterman & Patterson, CACM 52 (2009).
//!
//! # 8. What no schedule can beat
//!
//! Work is the time on one worker. Span is the longest chain of operations that wait for each other. p workers need
//! at least max(work/p, span). If none rests while there is work for it, they need at most (work - span)/p + span.
//! That is Amdahl's law with s = span/work. [`WorkSpan`] has both. Source: Brent, JACM 21 (1974).
//!
//! # 9. Which is faster?
//!
//! [`ratio()`] of two times has an interval from both. [`compare`] says faster, slower, the same, or undecided.
//! [`between`] compares two *runs*, whose noise is larger than that within one run; [`spread`] judges a few timings
//! with the usual spread of their run.
//!
//! # For those who program with it
//!
//! Times are in seconds. No result holds NaN or infinity: an unknown number is `None`, and a [`Reason`] explains it.
//! Every law except the speedup family returns a [`Fitted`].

pub mod between;
pub mod cache;
mod costs;
mod crossover;
mod curve;
pub mod divergence;
mod errors;
mod fitted;
mod formula;
pub mod hockney;
pub mod joint;
mod least_squares;
pub mod line;
mod model;
mod non_negative;
mod point;
pub mod predict;
pub mod profile;
mod ratio;
mod reason;
mod residuals;
pub mod roofline;
mod search;
pub mod speedup;
pub mod split;
pub mod spread;
mod times;
mod verdict;
pub mod waves;
pub mod what_if;
mod work_span;

pub use crossover::{Crossover, crossover};
pub use curve::{Curve, Knee};
pub use fitted::{Fitted, Parameters};
pub use least_squares::Scale;
pub use model::{MODELS, Model};
pub use point::Point;
pub use ratio::{Comparison, INDIFFERENT, compare, ratio};
pub use reason::{Axis, Law, Reason, Residuals};
pub use times::CostsGoodness;
pub(crate) use times::upper_tail_of_f;
pub use verdict::Verdict;
pub use work_span::WorkSpan;
