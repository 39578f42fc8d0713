//! The conditions of a run: power, clocks, and other programs on the machine.

use serde::{Deserialize, Serialize};

use super::{Canary, Clock, Run};
use crate::stats::median;

/// A value that the system may not report: the value, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told<T> {
    /// The value; `null` if unknown.
    pub value: Option<T>,
    /// Why it is unknown.
    pub reason: Option<String>,
}

impl<T> Told<T> {
    /// Returns a known value.
    pub fn known(value: T) -> Self {
        Self { value: Some(value), reason: None }
    }

    /// Returns an unknown value with the reason.
    pub fn absent(reason: impl Into<String>) -> Self {
        Self { value: None, reason: Some(reason.into()) }
    }
}

impl<T> Default for Told<T> {
    fn default() -> Self {
        Self::absent("not recorded")
    }
}

/// Power source of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Power {
    /// Mains power.
    Mains,
    /// Battery power. Many machines lower their clocks on it.
    Battery,
}

/// Power and clocks at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conditions {
    /// Power source.
    pub power: Told<Power>,
    /// Clock of the fastest processor core, in hertz.
    pub processor_hertz: Told<f64>,
    /// Clock of the measured GPU, in hertz.
    pub gpu_hertz: Told<f64>,
}

/// Conditions of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surroundings {
    /// Power and clocks before the device was calibrated.
    pub begin: Conditions,
    /// Power and clocks after the last experiment; `null` while the run goes on, and also if it was interrupted.
    pub end: Option<Conditions>,
    /// The canary of the last saved run on the same device.
    pub last_canary: Told<LastCanary>,
}

impl Surroundings {
    /// Returns whether the machine ran on battery at the beginning or the end.
    pub fn on_battery(&self) -> bool {
        std::iter::once(&self.begin).chain(&self.end).any(|moment| moment.power.value == Some(Power::Battery))
    }
}

/// Time of the canary in an earlier run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastCanary {
    /// Start of that run, UTC, RFC 3339.
    pub started: String,
    /// Clock that timed its kernel.
    pub clock: Clock,
    /// Median time of its kernel, in seconds.
    pub seconds: f64,
}

impl LastCanary {
    /// Returns the canary's time in an earlier run on the same device, if the canary and the power source were the
    /// same.
    pub fn of(last: Option<&Run>, canary: Option<Canary>, power: Option<Power>) -> Told<Self> {
        let Some(run) = last else {
            return Told::absent("no saved run of this device was found");
        };
        let source = run.surroundings.as_ref().and_then(|around| around.begin.power.value);
        if source.is_some() && power.is_some() && source != power {
            return Told::absent("the last saved run of this device had another power source");
        }
        match run.usual_canary().filter(|_| run.canary.is_some() && run.canary == canary) {
            Some((clock, seconds)) => Told::known(Self { started: run.started.clone(), clock, seconds }),
            None => Told::absent("the last saved run of this device had another test kernel"),
        }
    }
}

/// Use of the processors while an experiment was prepared and sampled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ProcessorUse {
    /// Observed time, in seconds.
    pub seconds: f64,
    /// Share of all processors' time used by this program, threads of a software GPU included.
    pub own: f64,
    /// Share used by everything else: other programs, the system, and time taken by a virtual machine's host.
    pub others: f64,
}

/// Signs of other programs on the machine, and the conclusion from them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Neighbours {
    /// Share of the processors' time used by others during the experiments.
    pub processor: Told<f64>,
    /// The experiment with the highest such share.
    pub highest: Told<Highest>,
    /// Largest share that others may use on this device.
    pub allowed: f64,
    /// Median of the canary's kernel divided by that of the last saved run: 1.1 means a tenth longer.
    pub canary: Told<f64>,
    /// Speedup of a software GPU over one lane, as a share of the lanes of all its threads.
    pub lanes: Told<f64>,
    /// Whether the machine was busy with other work.
    pub busy: bool,
}

/// The experiment during which others used most of the processors' time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Highest {
    /// Share used by others.
    pub share: f64,
    /// Name of the experiment and its workload.
    pub place: String,
}

impl Run {
    /// Returns the canary's clock, and the median time of its kernel over the run in seconds. Only samples of one clock
    /// are used.
    pub fn usual_canary(&self) -> Option<(Clock, f64)> {
        let clock = self.experiments.iter().filter_map(|experiment| experiment.canary.clock).next_back()?;
        let same = self.experiments.iter().filter(|experiment| experiment.canary.clock == Some(clock));
        let kernels: Vec<f64> = same.flat_map(|experiment| &experiment.canary.kernel).copied().collect();
        Some((clock, median(&kernels)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;
    use crate::record::{CanarySamples, Problem};

    const CANARY: Canary = Canary { problem: Problem::Chain { n: 4096, k: 256 }, workers: 4096, workgroup_size: 64 };

    fn saved(power: Option<Power>) -> Run {
        let mut run = fixture::run(vec![fixture::launch_overhead()]);
        run.canary = Some(CANARY);
        run.experiments[0].canary =
            CanarySamples { clock: Some(Clock::Gpu), kernel: vec![1e-3, 2e-3, 9e-3], ..CanarySamples::default() };
        let told = power.map_or_else(|| Told::absent("not told"), Told::known);
        let begin = Conditions { power: told, processor_hertz: Told::default(), gpu_hertz: Told::default() };
        run.surroundings = Some(Surroundings { begin, end: None, last_canary: Told::default() });
        run
    }

    #[test]
    fn only_the_same_canary_on_the_same_power_is_compared() {
        let (mains, battery) = (Some(Power::Mains), Some(Power::Battery));
        let of = |run: &Run, canary, power| LastCanary::of(Some(run), canary, power);
        let last = of(&saved(mains), Some(CANARY), mains).value.unwrap();
        assert_eq!((last.seconds, last.clock), (2e-3, Clock::Gpu));
        assert!(of(&saved(None), Some(CANARY), mains).value.is_some(), "a machine that does not tell");
        assert!(of(&saved(battery), Some(CANARY), mains).reason.unwrap().contains("power source"));
        let other = Canary { workers: 8192, ..CANARY };
        assert!(of(&saved(mains), Some(other), mains).reason.unwrap().contains("another test kernel"));
        assert!(LastCanary::of(None, Some(CANARY), mains).reason.unwrap().contains("no saved run"));
    }

    #[test]
    fn two_clocks_are_never_mixed() {
        let mut run = saved(None);
        run.experiments.push(run.experiments[0].clone());
        run.experiments[1].canary.clock = Some(Clock::HostLessEmpty);
        run.experiments[1].canary.kernel = vec![5e-3];
        assert_eq!(run.usual_canary(), Some((Clock::HostLessEmpty, 5e-3)));
    }
}
