//! Tournaments on a device with planted times.

use super::*;
use crate::device::simulated::{PlantedLaw, Simulated};
use crate::device::{DeviceTiming, Job, Lap, Repetition};
use crate::record::{Clock, DeviceInfo, Phase, Timing};
use crate::workload::{Own, find};

/// Seconds of a variant for a problem size and a workgroup size; `None` if it is refused.
type Seconds = fn(&str, u64, u32) -> Option<f64>;

/// A device that takes the planted times, and records the variants and inputs that ran.
struct Planted {
    info: DeviceInfo,
    seconds: Seconds,
    ran: Vec<(&'static str, Rc<Vec<Vec<f32>>>)>,
}

struct Timed(f64);

fn planted(seconds: Seconds) -> Planted {
    Planted { info: Simulated::new(PlantedLaw::default(), 1).info().clone(), seconds, ran: Vec::new() }
}

impl Device for Planted {
    type Job = Timed;

    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn prepare(&mut self, spec: &Spec) -> Result<(Timed, Vec<Lap>), DeviceError> {
        let seconds = (self.seconds)(spec.variant.name, spec.case.problem.n(), spec.case.workgroup_size);
        self.ran.push((spec.variant.name, Rc::clone(&spec.inputs)));
        let seconds = seconds.ok_or_else(|| DeviceError::Unsupported("planted".to_owned()))?;
        Ok((Timed(seconds), Vec::new()))
    }

    fn timing(&self) -> DeviceTiming {
        DeviceTiming::default()
    }

    async fn fresh(&self) -> Result<Self, DeviceError> {
        Ok(planted(self.seconds))
    }

    fn absent(&self, _: Phase) -> Timing {
        Timing::absent("planted")
    }
}

impl Job for Timed {
    fn set_dispatches(&mut self, _: u32) {}

    async fn run(&mut self, _: bool) -> Result<Repetition, DeviceError> {
        let lap = Lap { phase: Phase::Kernel, clock: Clock::Gpu, seconds: self.0 };
        Ok(Repetition { laps: vec![lap], ..Repetition::default() })
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        Ok(None)
    }
}

/// Runs a tournament of all variants of a workload.
fn race(races: &mut Races, device: &mut Planted, workload: &'static dyn Workload, n: u64) -> Tournament {
    let variants: Vec<&Variant> = workload.variants().iter().collect();
    let field = Field { workload, variants: &variants, loop_budget: None, slowest: 0.1, floor: 0.0, seed: 1 };
    pollster::block_on(races.race(device, &field, workload.problem(n))).unwrap()
}

fn matmul() -> &'static dyn Workload {
    find("matmul").unwrap()
}

fn winner(race: &Tournament) -> Option<String> {
    race.winner().map(|one| one.variant.to_string())
}

#[test]
fn what_is_far_behind_and_not_cheap_stays_out() {
    assert_eq!(hopeless(None, Some(1e-3), 0.1), None, "nothing is known of it");
    assert_eq!(hopeless(Some(1e-3), Some(1e-4), 0.1), None, "ten times as long, and cheap");
    assert!(hopeless(Some(9e-3), Some(2e-3), 0.1).is_some_and(|reason| reason.contains("smaller")));
    assert_eq!(hopeless(Some(7e-3), Some(2e-3), 0.1), None);
    assert!(hopeless(Some(0.2), None, 0.1).is_some_and(|reason| reason.contains("200 ms")));
}

#[test]
fn every_variant_has_a_short_name() {
    for variant in crate::workload::all().iter().flat_map(|workload| workload.variants()) {
        assert_eq!(variant.short_name().as_str(), variant.name);
    }
}

#[test]
fn the_first_that_is_as_fast_as_the_fastest_wins() {
    let seconds: Seconds = |name, _, _| match name {
        "naive" => Some(1.03e-3),
        "blocked-4x8" => Some(1.01e-3),
        "blocked-8x8" => Some(1e-3),
        _ => Some(2e-3),
    };
    let found = race(&mut Races::default(), &mut planted(seconds), matmul(), 64);
    assert_eq!(winner(&found).as_deref(), Some("blocked-4x8"), "1 % is nothing, 3 % is something");
    let names: Vec<String> = found.tried.iter().map(|tried| tried.variant.to_string()).collect();
    assert_eq!(names, matmul().variants().iter().map(|one| one.name).collect::<Vec<_>>(), "in the workload's order");
}

#[test]
fn a_kernel_of_any_size_races_in_several_sizes() {
    let seconds: Seconds = |name, _, size| match (name, size) {
        ("blocked-8x8", 64) => Some(0.8e-3),
        ("blocked-8x8", _) => Some(1.2e-3),
        ("naive", 64) => Some(0.1e-3),
        ("naive", _) => Some(3e-3),
        _ => Some(1e-3),
    };
    let mut device = planted(seconds);
    let found = race(&mut Races::default(), &mut device, matmul(), 64);
    let won = found.winner().unwrap();
    assert_eq!((won.variant.as_str(), won.workgroup_size, won.seconds), ("blocked-8x8", 64, Some(0.8e-3)));
    let of = |name: &str| found.tried.iter().find(|tried| tried.variant.as_str() == name).unwrap();
    assert_eq!(of("naive").workgroup_size, 256, "three times as long as the fastest: its sizes are not worth a race");
    assert_eq!(of("blocked-4x4").workgroup_size, 256, "as fast in each size");
    let runs = |name| device.ran.iter().filter(|(ran, _)| *ran == name).count();
    assert_eq!((runs("blocked-8x8"), runs("shared-64x64"), runs("tiled")), (3, 1, 1), "tiles have a size of their own");
}

#[test]
fn what_a_table_shows_as_the_same_is_the_same() {
    let tried = |seconds| Tried {
        variant: matmul().variants()[0].short_name(),
        workers: 1,
        workgroup_size: 1,
        seconds: Some(seconds),
        reason: None,
    };
    let index = |all: &[f64]| super::winner(&all.iter().map(|&seconds| tried(seconds)).collect::<Vec<_>>());
    // Both are 2.37 ms in a table, and 2.32 ms plus 2 % lies between them.
    assert_eq!(index(&[2.3669e-3, 2.3653e-3, 2.32e-3]), Some(2));
    assert_eq!(index(&[2.36e-3, 2.32e-3]), Some(0), "1.7 %");
    assert_eq!(index(&[]), None);
}

#[test]
fn what_was_fast_before_runs_first_and_what_was_slow_does_not_run() {
    let seconds: Seconds = |name, n, _| {
        let cube = (n * n * n) as f64 / 64f64.powi(3);
        Some(cube * if name == "blocked-8x8" { 1e-3 } else { 1e-2 })
    };
    let (mut races, mut device) = (Races::default(), planted(seconds));
    race(&mut races, &mut device, matmul(), 64);
    assert_eq!(device.ran[0].0, "naive", "nothing is known yet");
    device.ran.clear();
    let found = race(&mut races, &mut device, matmul(), 256);
    assert!(device.ran.iter().all(|(name, _)| *name == "blocked-8x8"), "{:?}", found.tried);
    assert_eq!(winner(&found).as_deref(), Some("blocked-8x8"));
    let naive = &found.tried[0];
    assert!(naive.seconds.is_none() && naive.reason.as_ref().unwrap().contains("640 ms"), "{naive:?}");
}

#[test]
fn a_race_is_held_once_and_one_that_nobody_finishes_has_no_winner() {
    let (mut races, mut device) = (Races::default(), planted(|_, n, _| (n < 100).then_some(1e-3)));
    let found = race(&mut races, &mut device, matmul(), 64);
    let ran = device.ran.len();
    assert_eq!(race(&mut races, &mut device, matmul(), 64), found);
    assert_eq!(device.ran.len(), ran, "nothing ran again");
    let nobody = race(&mut races, &mut device, matmul(), 128);
    assert_eq!((nobody.winner, nobody.seconds()), (None, None));
    assert!(nobody.tried.iter().all(|tried| tried.reason.as_deref() == Some("planted")), "{:?}", nobody.tried);
}

#[test]
fn all_share_their_inputs_and_a_kernel_from_a_file_gets_its_own() {
    let mut device = planted(|_, _, _| Some(1e-3));
    race(&mut Races::default(), &mut device, matmul(), 64);
    assert!(device.ran.iter().all(|(_, inputs)| Rc::ptr_eq(inputs, &device.ran[0].1)), "made once");
    let text = "@group(0) @binding(0) var<storage, read> at: array<u32>;
        @group(0) @binding(1) var<storage, read> x: array<f32>;
        @group(0) @binding(2) var<storage, read_write> y: array<f32>;
        @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
            y[id.x] = x[at[id.x]];
        }";
    let kernel = Own::new("gather.wgsl", text).unwrap();
    let mut device = planted(|_, _, _| Some(1e-3));
    race(&mut Races::default(), &mut device, kernel, 100);
    let [(_, inputs), ..] = &device.ran[..] else { panic!("it did not run") };
    assert!(inputs[0].iter().all(|at| at.to_bits() < 100), "indices below n: {:?}", &inputs[0][..4]);
}
