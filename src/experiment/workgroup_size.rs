//! Which workgroup size, and what do idle lanes cost? The workgroup size varies, the problem and its workers are fixed.

use serde::Serialize;

use super::cases::{fastest, is_as_fast, kernel_cell, near_floor, of_series, same_job, share_cell, timed};
use super::{About, Axis, Experiment, Scene, View, names};
use crate::law;
use crate::measure::Plan;
use crate::page::block::{Block, Table};
use crate::page::named::{Named, Unit};
use crate::page::plot::{self, Plot, Points};
use crate::page::words;
use crate::record::{Case, DeviceKind, Measured, Measurement, Problem, Quantity, Run, Series, Skipped};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};
use crate::workload::Workload;

/// Sizes of the vectors that are tried, each element with a worker of its own, the largest first. A software adapter
/// pays dearly for each workgroup.
const ELEMENTS: [u64; 4] = [1 << 24, 1 << 22, 1 << 20, 1 << 18];
const ELEMENTS_ON_SOFTWARE: [u64; 2] = [1 << 16, 1 << 14];

/// Sides of the matrices and rows of the batches that are tried, the largest first.
const SIDES: [u64; 4] = [1024, 512, 256, 128];

/// Workloads that the summary has room for.
const FEW: usize = 3;

/// The experiment `workgroup-size`.
pub(super) struct WorkgroupSize;

static ABOUT: About = About {
    name: names::WORKGROUP_SIZE,
    question: "Which workgroup size, and what do idle lanes cost?",
    workloads: &["saxpy", "dot"],
    axes: &[Axis::Sizes, Axis::Shape, Axis::WorkgroupSizes],
};

/// The best workgroup size, and what the worst one costs.
#[derive(Debug, Serialize)]
pub(super) struct Best {
    /// The size with the shortest median.
    value: u32,
    /// Its time in seconds.
    seconds: Estimate,
    /// Other sizes that are as fast within the noise.
    as_good: Vec<u32>,
    /// The smallest size that is as fast within the noise: chance does not choose among equals. Powers of two go before
    /// those that leave lanes of a subgroup idle.
    enough: u32,
    /// The size with the longest median.
    worst: u32,
    /// Time of the worst in seconds.
    worst_seconds: f64,
    /// Time of the worst over that of the best.
    slowdown: Option<Estimate>,
}

impl Experiment for WorkgroupSize {
    type Reading = Option<Best>;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() != "empty"
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let sizes: &[u64] = match scene.workload.problem(1) {
            Problem::Matrix { .. } | Problem::Batch { .. } => &SIDES,
            _ if scene.device.planned_as() == DeviceKind::Software => &ELEMENTS_ON_SOFTWARE,
            _ => &ELEMENTS,
        };
        let problems = scene.asked().unwrap_or_else(|| vec![scene.largest_short(sizes)]);
        problems.into_iter().map(|problem| plan(scene, problem)).collect()
    }

    fn read(&self, _: &Run, measured: &Measured) -> Self::Reading {
        read(measured)
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        same_job(measured, "the workgroup size changes")
    }

    fn numbers(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        let Some(best) = reading else { return Vec::new() };
        let size = |name, size| Named::plain(name, Unit::Invocations, f64::from(size));
        let enough = size("smallest workgroup size as good as the best", best.enough);
        let size = size("best workgroup size", best.value);
        let slowdown = best.slowdown.map(|slowdown| Named::new("slowdown of the worst size", Unit::Times, slowdown));
        [enough, size].into_iter().chain(slowdown).collect()
    }

    fn base<'a>(&self, measured: &'a Measured, _: &Measurement, quantity: Quantity) -> Option<&'a Measurement> {
        fastest(of_series(measured, Series::Device), quantity).filter(|_| quantity == Quantity::Kernel)
    }

    fn show(&self, View { run, measured, reading }: View<'_, Self::Reading>) -> Vec<Block> {
        let mut blocks = vec![Block::Table(table(run, measured, reading.as_ref()))];
        blocks.extend(near_floor(run, measured));
        blocks.extend(plot(measured).map(Block::Plot));
        blocks
    }

    fn say(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<String> {
        reading.iter().filter_map(sentence).collect()
    }

    fn line(&self, views: &[View<'_, Self::Reading>]) -> Option<(&'static str, String)> {
        let best = |view: &View<'_, Self::Reading>| {
            let best = view.reading.as_ref()?;
            Some(format!("{} {}", view.measured.workload, count(best.enough)))
        };
        let sizes: Vec<String> = views.iter().filter_map(best).take(2).collect();
        (!sizes.is_empty())
            .then(|| ("workgroups", format!("the smallest that is as good as any: {}", sizes.join(", "))))
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        let answer = |view: &View<'_, Self::Reading>| answer(view.measured, view.reading.as_ref()?);
        views.iter().filter_map(answer).take(FEW).collect()
    }
}

fn plan(scene: &Scene<'_>, problem: Problem) -> Plan {
    let mut plan = scene.plan(&ABOUT);
    // Small workgroups leave lanes idle.
    plan.cheapest_last = true;
    if scene.on_cpu() {
        let reason = "CPU threads have no workgroups".to_owned();
        plan.skipped.push(Skipped { case: "every workgroup size".to_owned(), reason });
        return plan;
    }
    let limit = u64::from(scene.device.limits.workgroup_size);
    let sizes = scene.axes.workgroup_sizes.clone().unwrap_or_else(|| chosen_sizes(limit));
    let items = (scene.variant.busy)(problem, scene.workload.items(problem));
    for size in sizes {
        if !scene.variant.takes(size as u32) {
            let reason = "this kernel works in tiles of another size".to_owned();
            plan.skipped.push(Skipped { case: format!("workgroups of {size}"), reason });
            continue;
        }
        let workers = if scene.variant.is_in_teams() { items.next_multiple_of(size) } else { items };
        // The command line has checked the sizes against the limit, which is 32 bits wide.
        plan.cases.push(Case::new(problem, workers, u32::try_from(size).unwrap_or(u32::MAX)));
    }
    plan
}

/// Powers of two up to the limit, with a few between them that leave lanes of a subgroup idle.
fn chosen_sizes(limit: u64) -> Vec<u64> {
    let mut sizes: Vec<u64> = (0..=10).map(|exponent| 1u64 << exponent).chain([24, 48, 96]).collect();
    sizes.retain(|&size| size <= limit);
    sizes.sort_unstable();
    sizes
}

/// Reads the size with the shortest median, those that are as fast within the noise, and the worst.
fn read(measured: &Measured) -> Option<Best> {
    let kernels = timed(measured, Series::Device, Quantity::Kernel);
    let best = kernels.iter().min_by(|one, other| one.time.median.total_cmp(&other.time.median))?;
    let worst = kernels.iter().max_by(|one, other| one.time.median.total_cmp(&other.time.median))?;
    let value = best.case.workgroup_size;
    let as_good = kernels.iter().filter(|other| is_as_fast(best.time, other.time));
    let sizes: Vec<u32> = as_good.map(|other| other.case.workgroup_size).collect();
    Some(Best {
        value,
        seconds: best.time.estimate(),
        enough: sizes.iter().copied().min_by_key(|size| (!size.is_power_of_two(), *size)).unwrap_or(value),
        as_good: sizes.into_iter().filter(|size| *size != value).collect(),
        worst: worst.case.workgroup_size,
        worst_seconds: worst.time.median,
        slowdown: law::ratio(&worst.time, &best.time),
    })
}

fn table(run: &Run, measured: &Measured, reading: Option<&Best>) -> Table {
    let kernels = timed(measured, Series::Device, Quantity::Kernel);
    // One size of one is not the best.
    let reading = reading.filter(|best| best.worst != best.value);
    let is_best = |size: u32| reading.is_some_and(|best| best.value == size);
    let best = kernels.iter().find(|timed| is_best(timed.case.workgroup_size));
    let mut table =
        Table::new(&["workgroup\nsize", "workgroups", "kernel", "rate", "of its\nlimit", "time over\nthe best", ""])
            .words(&[6]);
    for timed in &kernels {
        let (case, seconds) = (timed.case, timed.time.median);
        let rate = if case.flop > case.bytes {
            units::flop_rate(case.flop / seconds)
        } else {
            units::bandwidth(case.bytes / seconds)
        };
        let ratio = best.and_then(|best| law::ratio(&timed.time, &best.time));
        let good = reading.is_some_and(|best| best.as_good.contains(&case.workgroup_size));
        let remark = match (is_best(case.workgroup_size), good) {
            (true, _) => "best",
            (false, true) => "as fast",
            (false, false) => "",
        };
        table.push([
            count(case.workgroup_size),
            units::count(case.workgroups()),
            kernel_cell(run, measured, case, words::seconds(timed.time.estimate())),
            if seconds > 0.0 { rate } else { ABSENT.to_owned() },
            share_cell(run, measured, case),
            ratio.map_or(ABSENT.to_owned(), |ratio| units::ratio(ratio.value)),
            remark.to_owned(),
        ]);
    }
    table.without_empty_columns()
}

fn plot(measured: &Measured) -> Option<Plot> {
    let kernels = timed(measured, Series::Device, Quantity::Kernel).into_iter();
    let points = kernels.map(|timed| (f64::from(timed.case.workgroup_size), timed.time.estimate())).collect();
    let series = vec![Points { name: "kernel".to_owned(), points }];
    let [x, y] = [plot::Axis::counts("workgroup size"), plot::Axis::seconds("time")];
    Plot::of(x, y, series, Vec::new())
}

fn count(size: u32) -> String {
    units::count(u64::from(size))
}

/// Sizes that a sentence names one by one.
const NAMED: usize = 3;

/// Returns the sizes that are as fast as the best, as the end of a sentence; nothing if there are none.
fn as_fast(best: &Best) -> String {
    let sizes: Vec<String> = best.as_good.iter().map(|size| count(*size)).collect();
    match sizes.as_slice() {
        [] => String::new(),
        [one] => format!("; {one} is as fast"),
        [others @ .., last] if sizes.len() <= NAMED => format!("; {} and {last} are as fast", others.join(", ")),
        [first, .., last] => format!("; {} others from {first} to {last} are as fast", sizes.len()),
    }
}

/// What the worst size costs, if it is slower beyond the noise.
fn price(best: &Best) -> Option<Estimate> {
    best.slowdown.filter(|slowdown| !slowdown.contains(1.0) && !best.as_good.contains(&best.worst))
}

/// Says which size is best, what is as fast, and what the worst one costs.
fn sentence(best: &Best) -> Option<String> {
    let (value, seconds) = (count(best.value), words::seconds(best.seconds));
    if best.worst == best.value {
        return Some(format!("Only workgroups of {value} ran: the kernel takes {seconds}."));
    }
    best.slowdown?;
    Some(match price(best) {
        None => format!("All workgroup sizes are as fast; with {value} the kernel takes {seconds}."),
        Some(price) => format!(
            "Workgroups of {value} are fastest, {seconds}{}. Workgroups of {} are {} slower, {}.",
            as_fast(best),
            count(best.worst),
            words::times(price),
            units::seconds(best.worst_seconds),
        ),
    })
}

/// Returns the line of the summary: the best size, and what the worst one costs.
fn answer(measured: &Measured, best: &Best) -> Option<String> {
    let workload = words::workload(measured);
    let fastest = count(best.value);
    if best.worst == best.value {
        return Some(format!("{workload}: only workgroups of {fastest} ran."));
    }
    best.slowdown?;
    Some(match price(best) {
        None => format!("{workload}: all workgroup sizes are as fast."),
        Some(price) => format!(
            "{workload}: workgroups of {fastest} are fastest{}. Those of {} are {} slower.",
            as_fast(best),
            count(best.worst),
            words::times(price)
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    /// The time doubles with each halving below 64, and grows beyond 400.
    #[test]
    fn the_best_size_is_found_with_those_as_good_and_the_price_of_the_worst() {
        let run = fixture::run(vec![fixture::workgroup_size()]);
        let measured = &run.experiments[0];
        let reading = WorkgroupSize.read(&run, measured);
        let best = reading.as_ref().unwrap();
        let mut good = best.as_good.clone();
        good.push(best.value);
        assert!(good.iter().all(|size| [64, 128, 256].contains(size)), "{good:?}");
        assert_eq!(best.worst, 1);
        assert!((best.slowdown.unwrap().value / 64.0 - 1.0).abs() < 0.02, "{:?}", best.slowdown);
        let view = View { run: &run, measured, reading: &reading };
        let said = WorkgroupSize.say(view).join(" ");
        assert!(said.starts_with("Workgroups of ") && said.contains("Workgroups of 1 are 6"), "{said}");
        assert!(said.contains(" times (") && said.contains(" slower, 51") && said.contains("as fast."), "{said}");
        let alone = Best { worst: best.value, ..WorkgroupSize.read(&run, measured).unwrap() };
        assert!(sentence(&alone).unwrap().starts_with("Only workgroups of"), "{alone:?}");
        let mut level = WorkgroupSize.read(&run, measured).unwrap();
        level.as_good.push(level.worst);
        assert!(sentence(&level).unwrap().starts_with("All workgroup sizes are as fast"), "{level:?}");
        let answer = WorkgroupSize.answer(&[view]);
        assert!(
            answer[0].starts_with("saxpy: workgroups of ") && answer[0].contains(" Those of 1 are 6"),
            "{answer:?}"
        );
    }
}
