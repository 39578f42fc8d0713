//! Does memory or arithmetic limit a kernel? The flop for each byte vary, the bytes are the same: read by the roofline.

mod agree;
mod read;
mod say;
mod show;

use super::{About, Axis, Experiment, Scene, View};
use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::{Named, Unit};
use crate::record::{Check, DeviceKind, Effort, Measured, Problem, Run};
use crate::units;
use crate::workload::Workload;
use read::Reading;

/// Multiply-adds per element: from a quarter of a flop per byte to 4,096.
const CHAINS: [u64; 12] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 2048, 16_384];

/// The most of them in a quick run, and on a processor or a driver that acts as a GPU on one: longer chains take too
/// long there.
const SHORT_CHAIN: u64 = 2048;

/// Elements on a GPU with a memory of its own: 128 MiB to read and to write, more than the caches of large GPUs hold.
const MANY_ELEMENTS: u64 = 1 << 24;

/// Multiply-adds per element there: each case has buffers of its own, and more of them would not fit into the gibibyte
/// that an experiment may take.
const FEWER_CHAINS: [u64; 7] = [1, 4, 16, 64, 128, 512, 16_384];

/// Elements elsewhere: 64 MiB.
const ELEMENTS: u64 = 1 << 23;

/// Elements on one that shares the host's memory, whose caches are smaller: 32 MiB.
const FEWER_ELEMENTS: u64 = 1 << 22;

/// Elements on a processor, or on a driver that acts as a GPU on one: few enough for the time that there is. What then
/// limits the rate on the left is what reading and writing an element costs there, in a cache or not.
const FEW_ELEMENTS: u64 = 1 << 16;

/// The experiment `intensity`.
pub(super) struct Intensity;

static ABOUT: About = About {
    name: "intensity",
    question: "Does memory or arithmetic limit a kernel?",
    workloads: &["mix"],
    axes: &[Axis::Sizes],
};

impl Experiment for Intensity {
    type Reading = Reading;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() == "mix"
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let (default, chains): (u64, &[u64]) = match scene.device.planned_as() {
            DeviceKind::Cpu | DeviceKind::Software => (FEW_ELEMENTS, &CHAINS),
            DeviceKind::Integrated => (FEWER_ELEMENTS, &CHAINS),
            // To make, to move and to verify so much takes more of ten seconds than there is.
            DeviceKind::Discrete if scene.settings.effort != Effort::Quick => (MANY_ELEMENTS, &FEWER_CHAINS),
            _ => (ELEMENTS, &CHAINS),
        };
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| vec![default]);
        let software = matches!(scene.device.planned_as(), DeviceKind::Cpu | DeviceKind::Software);
        let longest = if software || scene.settings.effort == Effort::Quick { SHORT_CHAIN } else { u64::MAX };
        let plan = |n| {
            let mut plan = scene.plan(&ABOUT);
            let chains = chains.iter().filter(|k| **k <= longest);
            plan.cases = chains.map(|&k| scene.everyone(Problem::Chain { n, k })).collect();
            plan
        };
        sizes.into_iter().map(plan).collect()
    }

    fn read(&self, run: &Run, measured: &Measured) -> Self::Reading {
        read::read(run, measured)
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        let bytes = measured.cases.first().map_or("the same bytes".to_owned(), |case| units::bytes(case.bytes));
        format!("Each kernel moves {bytes}; only the flop for each byte change.")
    }

    fn numbers(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        let ridge = reading.told().map(|limits| Named::plain("ridge", Unit::FlopPerByte, limits.ridge()));
        let fitted = reading.fit.ridge().map(|ridge| Named::new("fitted ridge", Unit::FlopPerByte, ridge));
        [ridge, fitted].into_iter().flatten().collect()
    }

    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block> {
        show::blocks(view)
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        say::sentences(view.reading)
    }

    fn checks(&self, view: View<'_, Self::Reading>) -> Vec<Check> {
        agree::checks(view)
    }

    fn line(&self, views: &[View<'_, Self::Reading>]) -> Option<(&'static str, String)> {
        let view = views.first()?;
        let ridge = view.reading.told()?.ridge();
        Some(("roofline", format!("ridge {} flop per byte: memory-bound below it", units::ratio(ridge))))
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        views.first().map(|view| say::answer(view.reading)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Stage};
    use super::*;
    use crate::law::roofline::Bound;
    use crate::record::CopyRate;

    #[test]
    fn the_largest_elements_fit_into_the_memory_with_every_intensity() {
        let stage = Stage::of(DeviceKind::Discrete);
        let scene = stage.scene("mix", 1e-9);
        let cases = &Intensity.plan(&scene)[0].cases;
        assert!(cases.iter().all(|case| scene.fits_in_memory(case.problem, cases.len() as u64)));
        let sizes: Vec<u64> = cases.iter().map(|case| case.problem.n()).collect();
        assert_eq!(sizes, [1 << 24; 7]);
        let integrated = Stage::of(DeviceKind::Integrated);
        assert_eq!(Intensity.plan(&integrated.scene("mix", 1e-9))[0].cases.len(), CHAINS.len());
    }

    /// Kernels from a quarter of a flop per byte on, over 400 GB/s and 3.2 Tflop/s: the ridge lies at 8.
    #[test]
    fn planted_roofs_are_read_said_and_shown() {
        let cases = CHAINS.map(|k| {
            let case = fixture::on_device(Problem::Chain { n: 1 << 22, k }, 1 << 22);
            let mut case = fixture::case(case, fixture::phases(1.0, 1e-4, 3e-5, 1e-4, k));
            case.bytes *= 2.0;
            let kernel = (case.bytes / 400e9).max(case.flop / 3.2e12);
            case.phases = fixture::phases(kernel, 1e-4, 3e-5, 1e-4, k);
            case
        });
        let run = fixture::run(vec![fixture::measured("intensity", "mix", cases.into())]);
        let measured = &run.experiments[0];
        let reading = Intensity.read(&run, measured);
        let ridge = reading.fit.ridge().unwrap();
        assert!(ridge.low < 8.2 && 7.8 < ridge.high && ridge.high < 1.2 * ridge.low, "{ridge:?}");
        let bound = |name: &str| reading.workloads.iter().find(|one| one.workload == name).unwrap().bound;
        assert_eq!([bound("saxpy"), bound("matmul")], [Some(Bound::Memory), Some(Bound::Compute)]);
        let view = View { run: &run, measured, reading: &reading };
        let said = Intensity.say(view).join(" ");
        assert!(said.starts_with("Below 7.99 (7.9") && said.contains("the limit, at 400 GB/s ("), "{said}");
        assert!(Intensity.answer(&[view])[0].contains("flop per byte"));
        let tables = Intensity.show(view).into_iter().filter(|block| matches!(block, Block::Table(_)));
        assert_eq!(tables.count(), 2, "the kernels, and the workloads");
    }

    /// The kernels stay below the limits of the run, 500 GB/s and 4 Tflop/s: these are quoted, and no others.
    #[test]
    fn the_limits_of_the_run_are_the_only_ones() {
        let cases = CHAINS.map(|k| {
            let case = fixture::on_device(Problem::Chain { n: 1 << 22, k }, 1 << 22);
            let mut case = fixture::case(case, fixture::phases(1.0, 1e-4, 3e-5, 1e-4, k));
            case.bytes *= 2.0;
            let kernel = (case.bytes / 400e9).max(case.flop / 3.2e12);
            case.phases = fixture::phases(kernel, 1e-4, 3e-5, 1e-4, k);
            case
        });
        let mut run = fixture::run(vec![fixture::measured("intensity", "mix", cases.into())]);
        run.calibration.compute_roof = Some(4e12);
        let curve = [(1e6, 2e12), (12e6, 500e9), (64e6, 500e9)];
        run.calibration.copy_curve = curve.map(|(bytes, rate)| CopyRate { bytes, rate }).into();
        let measured = &run.experiments[0];
        let reading = Intensity.read(&run, measured);
        let limits = reading.limits.unwrap();
        assert_eq!((limits.bandwidth, limits.peak_flops, limits.ridge()), (500e9, 4e12, 8.0));
        let [memory, compute] = reading.reached.unwrap();
        assert!((memory / 0.8 - 1.0).abs() < 0.03 && (compute / 0.8 - 1.0).abs() < 0.03, "{memory} {compute}");
        let saxpy = reading.workloads.iter().find(|one| one.workload == "saxpy").unwrap();
        assert!((saxpy.at_most.unwrap() / (500e9 / 6.0) - 1.0).abs() < 1e-9, "12 MiB are no megabyte: {saxpy:?}");
        let view = View { run: &run, measured, reading: &reading };
        let said = [Intensity.say(view).join(" "), Intensity.answer(&[view]).join(" ")].join(" ");
        assert!(said.contains("500 GB/s") && said.contains("4.00 TFLOP/s"), "{said}");
        assert!(!said.contains("400 GB/s") && !said.contains("3.2"), "{said}");
    }

    /// Both roofs at half of their limits: a fault on a GPU, and no wonder on a processor that acts as one.
    #[test]
    fn roofs_that_are_no_limits_are_a_finding_unless_the_cause_is_known() {
        let checked = |kind: DeviceKind, share: f64| {
            let cases = CHAINS.map(|k| {
                let case = fixture::on_device(Problem::Chain { n: 1 << 22, k }, 1 << 22);
                let mut case = fixture::case(case, fixture::phases(1.0, 1e-4, 3e-5, 1e-4, k));
                case.bytes *= 2.0;
                let kernel = (case.bytes / 400e9).max(case.flop / 3.2e12);
                case.phases = fixture::phases(kernel, 1e-4, 3e-5, 1e-4, k);
                case
            });
            let mut run = fixture::run(vec![fixture::measured("intensity", "mix", cases.into())]);
            run.device.kind = kind;
            run.calibration.compute_roof = Some(3.2e12 / share);
            run.calibration.copy_curve = vec![CopyRate { bytes: 32e6, rate: 400e9 / share }];
            let reading = Intensity.read(&run, &run.experiments[0]);
            let checks = Intensity.checks(View { run: &run, measured: &run.experiments[0], reading: &reading });
            assert_eq!(checks.len(), 2, "memory and compute");
            let said = Intensity.say(View { run: &run, measured: &run.experiments[0], reading: &reading }).join(" ");
            assert_eq!(said.contains("below the compute limit because"), kind == DeviceKind::Software && share < 1.0);
            checks
        };
        assert!(
            checked(DeviceKind::Discrete, 1.0).iter().all(|check| check.passed && !check.detail.contains("because"))
        );
        assert!(checked(DeviceKind::Discrete, 0.5).iter().all(|check| !check.passed));
        let software = checked(DeviceKind::Software, 0.5);
        assert!(software.iter().all(|check| check.passed && check.detail.contains("because")), "{software:?}");
        assert!(checked(DeviceKind::Software, 2.0).iter().all(|check| !check.passed), "faster than its limit");
    }

    #[test]
    fn one_roof_is_no_ridge() {
        let cases = CHAINS.map(|k| {
            let case = fixture::on_device(Problem::Chain { n: 1 << 22, k }, 1 << 22);
            fixture::case(case, fixture::phases(1e-6 * k as f64, 1e-4, 3e-5, 1e-4, k))
        });
        let run = fixture::run(vec![fixture::measured("intensity", "mix", cases.into())]);
        let measured = &run.experiments[0];
        let reading = Intensity.read(&run, measured);
        let view = View { run: &run, measured, reading: &reading };
        let said = Intensity.say(view).join(" ");
        assert!(said.starts_with("No ridge is visible; the highest compute rate is 8.3"), "{said}");
        let answer = Intensity.answer(&[view]).join(" ");
        assert!(answer.starts_with("Arithmetic limits every kernel tried, at 8.3"), "{answer}");
    }
}
