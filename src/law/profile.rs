//! A job as a profile of named parts: the speedup that its serial part allows, and the gain from halving each part.

use serde::Serialize;

use super::formula::{amdahl, ceiling};
use super::reason::Reason;

/// Whether more workers shorten a part.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// More workers do not shorten it.
    Serial,
    /// p workers need one p-th of the time.
    Parallel,
}

/// One part of a job.
#[derive(Serialize, Debug, Clone, PartialEq)]
pub struct Part {
    /// Name of the part, for example `load`.
    pub name: String,
    /// Time on one worker, in seconds.
    pub seconds: f64,
    /// Whether more workers shorten it.
    pub kind: PartKind,
}

/// The parts of a job: at least one, with a positive total time.
#[derive(Serialize, Debug, Clone, PartialEq)]
pub struct Profile {
    /// The parts, in the order given.
    pub parts: Vec<Part>,
}

/// The gain from halving one part.
#[derive(Serialize, Debug, Clone, PartialEq)]
pub struct Halving {
    /// The part's name.
    pub name: String,
    /// Whether more workers shorten the part.
    pub kind: PartKind,
    /// Time of the part before, in seconds.
    pub seconds: f64,
    /// Time of the whole job on p workers, divided by its time with this part halved: 1.2 means 1.2 times faster.
    pub gain: f64,
    /// The ceiling with this part halved, relative to the unchanged job on one worker. `None` if no serial part is
    /// left.
    pub ceiling: Option<f64>,
}

impl Profile {
    /// Builds a profile. Each time must be finite and at least zero, and their sum positive.
    ///
    /// # Errors
    ///
    /// Names the part with a bad time, or says that no part takes any time.
    pub fn new(parts: Vec<Part>) -> Result<Self, Reason> {
        for part in &parts {
            if !(part.seconds.is_finite() && part.seconds >= 0.0) {
                return Err(Reason::BadPart { name: part.name.clone(), seconds: part.seconds });
            }
        }
        let profile = Self { parts };
        if profile.seconds(1.0) > 0.0 && profile.seconds(1.0).is_finite() { Ok(profile) } else { Err(Reason::NoTime) }
    }

    /// Builds a profile of a serial and a parallel part, each with its name and its time in seconds.
    ///
    /// # Errors
    ///
    /// As [`Profile::new`].
    pub fn of_two(serial: (&str, f64), parallel: (&str, f64)) -> Result<Self, Reason> {
        let part = |(name, seconds): (&str, f64), kind| Part { name: name.to_owned(), seconds, kind };
        Self::new(vec![part(serial, PartKind::Serial), part(parallel, PartKind::Parallel)])
    }

    /// Returns the profile on one worker of this one, if it was taken on so many workers: they shared the parallel
    /// parts, so one worker takes that many times as long for them.
    ///
    /// # Errors
    ///
    /// Names the part whose time would no longer be finite.
    pub fn measured_on(mut self, workers: f64) -> Result<Self, Reason> {
        for part in self.parts.iter_mut().filter(|part| part.kind == PartKind::Parallel) {
            part.seconds *= workers;
        }
        Self::new(self.parts)
    }

    fn sum(&self, kind: PartKind) -> f64 {
        // An empty sum is −0.
        self.parts.iter().filter(|p| p.kind == kind).map(|p| p.seconds).sum::<f64>() + 0.0
    }

    /// Returns the serial time in seconds.
    pub fn serial_seconds(&self) -> f64 {
        self.sum(PartKind::Serial)
    }

    /// Returns the parallel time on one worker, in seconds.
    pub fn parallel_seconds(&self) -> f64 {
        self.sum(PartKind::Parallel)
    }

    /// Returns the time of the job on p workers, in seconds.
    pub fn seconds(&self, workers: f64) -> f64 {
        self.serial_seconds() + self.parallel_seconds() / workers
    }

    /// Returns Amdahl's s: serial time divided by the time on one worker, 0 to 1.
    pub fn serial_fraction(&self) -> f64 {
        self.serial_seconds() / self.seconds(1.0)
    }

    /// Returns Amdahl's speedup on p workers.
    pub fn speedup(&self, workers: f64) -> f64 {
        amdahl(self.serial_fraction(), workers)
    }

    /// Returns the gain from halving each part on p workers, the largest first.
    pub fn halvings(&self, workers: f64) -> Vec<Halving> {
        let before = self.seconds(workers);
        let mut halvings: Vec<Halving> = self
            .parts
            .iter()
            .map(|part| {
                let (serial, shared) = match part.kind {
                    PartKind::Serial => (part.seconds / 2.0, 0.0),
                    PartKind::Parallel => (0.0, part.seconds / 2.0),
                };
                let left = (self.serial_seconds() - serial) / self.seconds(1.0);
                Halving {
                    name: part.name.clone(),
                    kind: part.kind,
                    seconds: part.seconds,
                    gain: before / (before - serial - shared / workers),
                    ceiling: ceiling(left),
                }
            })
            .collect();
        halvings.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        halvings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, seconds: f64, kind: PartKind) -> Part {
        Part { name: name.to_owned(), seconds, kind }
    }

    fn load_compute_store() -> Profile {
        Profile::new(vec![
            part("load", 0.1, PartKind::Serial),
            part("compute", 0.9, PartKind::Parallel),
            part("store", 0.1, PartKind::Serial),
        ])
        .unwrap()
    }

    /// 100 + 900 + 100 ms: P = 0.818, speedup 5.26 on 100 workers (a printed 5.34 is wrong), ceiling 5.5.
    #[test]
    fn the_worked_example() {
        let profile = load_compute_store();
        assert!((1.0 - profile.serial_fraction() - 0.818).abs() < 5e-4);
        assert!((profile.speedup(100.0) - 5.26).abs() < 5e-3);
        assert!((ceiling(profile.serial_fraction()).unwrap() - 5.5).abs() < 1e-12);
    }

    /// 180 ms of computation and 20 ms of communication: s = 0.10.
    #[test]
    fn compute_and_communication() {
        let profile = Profile::new(vec![
            part("compute", 0.18, PartKind::Parallel),
            part("communication", 0.02, PartKind::Serial),
        ])
        .unwrap();
        assert!((profile.serial_fraction() - 0.1).abs() < 1e-12);
        assert!((profile.speedup(16.0) - 6.4).abs() < 1e-9);
    }

    /// On 9 workers 0.3 s: halving a serial part saves 0.05 s, and halving the parallel part saves 0.05 s too.
    #[test]
    fn halving_each_part() {
        let halvings = load_compute_store().halvings(9.0);
        for halving in &halvings {
            assert!((halving.gain - 0.3 / 0.25).abs() < 1e-12);
        }
        let on_many = load_compute_store().halvings(900.0);
        assert_eq!(on_many[2].name, "compute");
        assert!((on_many[0].ceiling.unwrap() - 1.1 / 0.15).abs() < 1e-12);
        assert!((on_many[2].ceiling.unwrap() - 5.5).abs() < 1e-12);
        let alone = Profile::new(vec![part("compute", 1.0, PartKind::Parallel)]).unwrap();
        assert_eq!(alone.halvings(4.0)[0].ceiling, None);
        assert!((alone.halvings(4.0)[0].gain - 2.0).abs() < 1e-12);
    }

    /// Ts = 60 ms and Tp = 240 ms on 8 workers: s(8) = 60/300, s(1) = 60/1980, and 1980/300 by the clock.
    #[test]
    fn a_profile_of_several_workers_is_one_of_one_worker() {
        for (serial, shared, on) in [(0.06, 0.24, 8.0), (0.22, 0.78, 256.0), (0.0, 1.0, 3.0), (1.0, 0.0, 5.0)] {
            let parts = || vec![part("M", serial, PartKind::Serial), part("C", shared, PartKind::Parallel)];
            let taken = Profile::new(parts()).unwrap();
            let alone = taken.clone().measured_on(on).unwrap();
            assert!((taken.serial_fraction() - serial / (serial + shared)).abs() < 1e-12);
            assert!((alone.serial_fraction() - serial / (serial + on * shared)).abs() < 1e-12);
            assert!((alone.seconds(on) - (serial + shared)).abs() < 1e-12, "the profile is what was measured");
            // Gustafson's law with s(K) and Amdahl's with s(1) say the same of K workers.
            let bigger = crate::law::formula::gustafson(taken.serial_fraction(), on);
            assert!((alone.speedup(on) - bigger).abs() < 1e-9 * bigger);
        }
        let long = Profile::new(vec![part("C", 1e308, PartKind::Parallel)]).unwrap();
        assert!(long.measured_on(1e3).is_err());
    }

    #[test]
    fn impossible_profiles_are_named() {
        assert!(Profile::new(vec![]).is_err());
        let bad = Profile::new(vec![part("load", -1.0, PartKind::Serial)]);
        assert_eq!(bad.unwrap_err(), Reason::BadPart { name: "load".to_owned(), seconds: -1.0 });
    }
}
