//! Planted truths, and the noise that repetitions on a real machine have.

use amdahl::law::{Curve, Knee, Model, Point};
use amdahl::stats::Summary;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};

/// What breaks a law, or the measurement of it.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Twist {
    /// Nothing does.
    None,
    /// From 8 workers on everything is 1.3 times as fast: the working set fits the caches.
    CacheFits,
    /// Everything is 5 % more efficient with every doubling.
    CacheGrows,
    /// One worker count in the middle takes 1.6 times as long.
    Spike,
    /// From the middle on every other worker count takes 1.5 times as long.
    Zigzag,
    /// From the middle on everything takes 1.5 times as long.
    Step,
    /// The machine slows down by 6 % while worker counts are measured one after the other.
    DriftInOrder,
    /// The machine slows down by 6 % while every block holds all worker counts.
    DriftInBlocks,
}

/// One planted truth with its noise.
#[derive(Clone)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) curve: Curve,
    /// The model to be chosen; `None` where the data cannot tell.
    pub(crate) right: Option<Model>,
    /// Worker counts are 1, 2, 4 … 2^(points − 1).
    points: u32,
    /// Standard deviation of ln t of one repetition.
    noise: f64,
    /// Standard deviation of what all repetitions of one point have in common.
    point_effect: f64,
    repetitions: u32,
    /// Every other point has one repetition only.
    single_rows: bool,
    /// Share of the repetitions that are interrupted.
    interrupted: f64,
    twist: Twist,
}

impl Scenario {
    /// 21 worker counts, 5 % noise, 20 repetitions, nothing twisted; 0.2 s on one worker.
    pub(crate) fn new(name: &'static str, right: Model, serial_fraction: f64) -> Self {
        Self {
            name,
            curve: Curve { seconds_at_one: 0.2, serial_fraction, knee: None, kappa: 0.0, per_doubling: 0.0 },
            right: Some(right),
            points: 21,
            noise: 0.05,
            point_effect: 0.0,
            repetitions: 20,
            single_rows: false,
            interrupted: 0.1,
            twist: Twist::None,
        }
    }

    pub(crate) fn knee(mut self, workers: f64, shape: Option<f64>) -> Self {
        self.curve.knee = Some(Knee { workers, shape });
        self
    }

    pub(crate) fn kappa(mut self, kappa: f64) -> Self {
        self.curve.kappa = kappa;
        self
    }

    pub(crate) fn points(mut self, points: u32) -> Self {
        self.points = points;
        self
    }

    pub(crate) fn noise(mut self, noise: f64) -> Self {
        self.noise = noise;
        self
    }

    pub(crate) fn point_effects(mut self) -> Self {
        self.point_effect = 0.02;
        self
    }

    pub(crate) fn repetitions(mut self, repetitions: u32) -> Self {
        self.repetitions = repetitions;
        self
    }

    /// Every other point is measured once, as in a collected table, and none is interrupted: an interrupted
    /// one among points measured once is an outlier that nothing in the data tells from a law that is false.
    pub(crate) fn single_rows(mut self) -> Self {
        self.single_rows = true;
        self.interrupted = 0.0;
        self
    }

    pub(crate) fn twist(mut self, twist: Twist) -> Self {
        self.twist = twist;
        self
    }

    /// Any model may be chosen: the data cannot tell them apart.
    pub(crate) fn any_model(mut self) -> Self {
        self.right = None;
        self
    }

    pub(crate) fn has_all_points(&self) -> bool {
        self.points == 21
    }

    /// Whether some points are measured once. Intervals are then wider than they need be: every point weighs the same.
    pub(crate) fn has_single_rows(&self) -> bool {
        self.single_rows
    }

    /// One simulated measurement.
    pub(crate) fn draw(&self, replicate: u64) -> Vec<Point> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed(replicate));
        (0..self.points)
            .map(|i| {
                let workers = f64::from(1_u32 << i);
                let shift = (self.point_effect * normal(&mut rng)).exp();
                let centre = self.curve.seconds(workers) * shift * self.twisted(i);
                let repetitions = if self.single_rows && i % 2 == 1 { 1 } else { self.repetitions };
                let samples: Vec<f64> =
                    (0..repetitions).map(|r| centre * self.drift(i, r) * self.repetition(&mut rng)).collect();
                Point::from_summary(workers, &Summary::of(&samples).expect("times are finite"))
            })
            .collect()
    }

    /// A seed of its own for every scenario, so that they do not share their draws (FNV-1a over the name).
    fn seed(&self, replicate: u64) -> u64 {
        let basis = 0xcbf2_9ce4_8422_2325 ^ replicate;
        self.name.bytes().fold(basis, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    fn twisted(&self, i: u32) -> f64 {
        let middle = self.points / 2;
        match self.twist {
            Twist::CacheFits if i >= 3 => 1.0 / 1.3,
            Twist::CacheGrows => 1.05_f64.powi(-i.cast_signed()),
            Twist::Spike if i == middle => 1.6,
            Twist::Zigzag if i >= middle && i.is_multiple_of(2) => 1.5,
            Twist::Step if i >= middle => 1.5,
            _ => 1.0,
        }
    }

    fn drift(&self, point: u32, repetition: u32) -> f64 {
        let total = f64::from(self.points * self.repetitions);
        let position = match self.twist {
            Twist::DriftInOrder => point * self.repetitions + repetition,
            Twist::DriftInBlocks => repetition * self.points + point,
            _ => 0,
        };
        1.0 + 0.06 * f64::from(position) / total
    }

    /// One repetition's factor: log-normal, and in one of ten cases an interruption that only makes it longer.
    fn repetition(&self, rng: &mut impl Rng) -> f64 {
        let interrupted = rng.random::<f64>() < self.interrupted;
        let tail = if interrupted { -4.0 * self.noise * (1.0 - rng.random::<f64>()).ln() } else { 0.0 };
        (self.noise * normal(rng) + tail).exp()
    }
}

/// A standard normal variable (Box & Muller 1958).
pub(crate) fn normal(rng: &mut impl Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}
