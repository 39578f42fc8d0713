//! Timings of one group: all of them, or as many as fit, drawn at random.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng as _};

/// Most timings that are kept of one group. They tell the median to a hundredth of their spread.
pub(super) const MOST: usize = 10_000;

/// Every reading of a file draws the same.
const SEED: u64 = 14;

/// Draws for all groups of a file.
pub(super) struct Draw {
    random: ChaCha8Rng,
    /// Most timings of a group, now.
    most: usize,
    /// Timings that are kept in all groups.
    kept: usize,
}

/// Most timings that are kept in all groups together: 16 MiB.
const MOST_IN_ALL: usize = 2 << 20;

impl Draw {
    pub(super) fn new() -> Self {
        Self { random: ChaCha8Rng::seed_from_u64(SEED), most: MOST, kept: 0 }
    }

    /// Whether every group must give up timings.
    pub(super) fn is_full(&self) -> bool {
        self.kept >= MOST_IN_ALL && self.most > 1
    }

    /// Halves what every group may keep.
    pub(super) fn halve<'a>(&mut self, all: impl Iterator<Item = &'a mut Reservoir>) {
        self.most = (self.most / 2).max(1);
        self.kept = 0;
        for reservoir in all {
            while reservoir.kept.len() > self.most {
                let gone = self.random.random_range(0..reservoir.kept.len());
                reservoir.kept.swap_remove(gone);
            }
            reservoir.kept.shrink_to_fit();
            self.kept += reservoir.kept.len();
        }
    }
}

/// The timings of one group: a sample without choice, of any size (Vitter's algorithm R, ACM TOMS 11, 1985).
#[derive(Debug, Clone, Default)]
pub(super) struct Reservoir {
    pub(super) kept: Vec<f64>,
    /// Timings that were given.
    pub(super) given: u64,
}

impl Reservoir {
    pub(super) fn add(&mut self, value: f64, draw: &mut Draw) {
        self.given += 1;
        if self.kept.len() < draw.most && self.given <= draw.most as u64 {
            self.kept.push(value);
            draw.kept += 1;
            return;
        }
        let place = draw.random.random_range(0..self.given);
        if let Some(kept) = self.kept.get_mut(place as usize) {
            *kept = value;
        }
    }

    /// Takes the timings of another group in; both are of one kind.
    pub(super) fn join(&mut self, other: &Self) {
        self.kept.extend(&other.kept);
        self.given += other.given;
    }
}
