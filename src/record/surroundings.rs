//! What stood around the measuring: power, clocks, and whatever else used the machine.

use serde::{Deserialize, Serialize};

use super::{Canary, Clock, Run};
use crate::stats::median;

/// A value that the system may keep to itself: the value, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told<T> {
    /// The value; `null` if it is not known.
    pub value: Option<T>,
    /// Why it is not known.
    pub reason: Option<String>,
}

impl<T> Told<T> {
    /// Returns a value that is known.
    pub fn known(value: T) -> Self {
        Self { value: Some(value), reason: None }
    }

    /// Returns a value that is not known, with the reason.
    pub fn absent(reason: impl Into<String>) -> Self {
        Self { value: None, reason: Some(reason.into()) }
    }
}

impl<T> Default for Told<T> {
    fn default() -> Self {
        Self::absent("not recorded")
    }
}

/// Where the machine's power comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Power {
    /// The mains.
    Mains,
    /// A battery: many machines lower their clocks then.
    Battery,
}

/// Power and clocks at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conditions {
    /// Where the power comes from.
    pub power: Told<Power>,
    /// Clock of the fastest processor at this moment, in hertz.
    pub processor_hertz: Told<f64>,
    /// Clock of the GPU that is measured at this moment, in hertz.
    pub gpu_hertz: Told<f64>,
}

/// What stood around a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surroundings {
    /// Power and clocks before the device was calibrated.
    pub begin: Conditions,
    /// Power and clocks after the last experiment; `null` while the run goes on, and for ever if it was cut short.
    pub end: Option<Conditions>,
    /// The canary of the last saved run that was alone on the same device.
    pub last_canary: Told<LastCanary>,
}

impl Surroundings {
    /// Whether the machine ran on a battery at any of these moments.
    pub fn on_battery(&self) -> bool {
        std::iter::once(&self.begin).chain(&self.end).any(|moment| moment.power.value == Some(Power::Battery))
    }
}

/// What the canary took in an earlier run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastCanary {
    /// Start of that run, UTC, RFC 3339.
    pub started: String,
    /// The clock of its kernel.
    pub clock: Clock,
    /// The median of its kernel, in seconds.
    pub seconds: f64,
}

impl LastCanary {
    /// Returns what the canary took in an earlier run on the same device, if it was the same canary on the same power
    /// source.
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

/// Who used the processors while an experiment was made ready and sampled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ProcessorUse {
    /// How long it was watched, in seconds.
    pub seconds: f64,
    /// Share of the time of all processors that this program used, threads of a software adapter included.
    pub own: f64,
    /// Share that everything else used: other programs, the system, and what a virtual machine's host took away.
    pub others: f64,
}

/// The signs of whatever else used the machine, and what they come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Neighbours {
    /// Share of the processors' time that others used while the experiments were measured.
    pub processor: Told<f64>,
    /// The experiment in which that share was highest.
    pub highest: Told<Highest>,
    /// The share that others may use beside this device.
    pub allowed: f64,
    /// The median of the canary's kernel over that of the last saved run: 1.1 is a tenth longer.
    pub canary: Told<f64>,
    /// Speedup of a software adapter over one lane, as a share of the lanes of all its threads.
    pub lanes: Told<f64>,
    /// Whether the machine was busy with something else.
    pub busy: bool,
}

/// The experiment beside which others used most of the processors' time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Highest {
    /// Their share.
    pub share: f64,
    /// The experiment and its workload.
    pub place: String,
}

impl Run {
    /// The canary's clock, and the median of its kernel over the whole run in seconds. Two clocks are never mixed.
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
