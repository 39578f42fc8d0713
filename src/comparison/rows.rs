//! A comparison for programs: rows for a spreadsheet, and everything as one document.

use serde::Serialize;

use super::figures::{Figure, Key};
use super::noise::Noise;
use super::notes::{Note, notes, version};
use super::overall::Overall;
use super::pair::{Judged, Pair, Shown as Head};
use super::say::overall;
use super::show::Shown;
use crate::law::Comparison;
use crate::law::between::{FALSE_ALARMS, SAME, Why};
use crate::page::csv::inert;
use crate::page::named::Unit;
use crate::page::words;
use crate::record::{DeviceKind, Effort, Series};
use crate::stats::Estimate;

/// The version of the document.
const SCHEMA: &str = "amdahl-compare/1";

/// A time or a number of two runs, as a row of comma-separated values.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    base: String,
    run: String,
    /// The places of both among the runs, counted from 1.
    run_number: usize,
    experiment: Option<String>,
    workload: Option<String>,
    variant: Option<String>,
    series: Series,
    n: Option<u64>,
    workers: Option<u64>,
    workgroup_size: Option<u32>,
    dispatches: Option<u32>,
    slices: Option<u32>,
    quantity: String,
    unit: Unit,
    base_median: f64,
    base_low: Option<f64>,
    base_high: Option<f64>,
    run_median: f64,
    run_low: Option<f64>,
    run_high: Option<f64>,
    /// How many times as fast the run is, or of a number that tells no speed, as much.
    ratio: Option<f64>,
    ratio_low: Option<f64>,
    ratio_high: Option<f64>,
    answer: &'static str,
    reason: Option<Why>,
}

/// Returns a row for each number and each time that both runs have.
pub(super) fn rows(pairs: &[Pair<'_>]) -> Vec<Row> {
    (2..).zip(pairs).flat_map(|(number, pair)| of_pair(number, pair)).collect()
}

fn of_pair(number: usize, pair: &Pair<'_>) -> Vec<Row> {
    let blank = |base: &Figure, other: &Figure, judged: &Judged, unit: Unit| Row {
        base: inert(&pair.base.label).into_owned(),
        run: inert(&pair.other.label).into_owned(),
        run_number: number,
        experiment: None,
        workload: None,
        variant: None,
        series: Series::Device,
        n: None,
        workers: None,
        workgroup_size: None,
        dispatches: None,
        slices: None,
        quantity: String::new(),
        unit,
        base_median: base.value,
        base_low: base.low,
        base_high: base.high,
        run_median: other.value,
        run_low: other.low,
        run_high: other.high,
        ratio: judged.ratio.map(|ratio| ratio.value),
        ratio_low: judged.ratio.map(|ratio| ratio.low),
        ratio_high: judged.ratio.map(|ratio| ratio.high),
        answer: words::comparison(judged.answer, unit.is_speed()),
        reason: judged.why,
    };
    let heads = pair.headlines.iter().filter_map(|head| Some((head.base?, &head.other?.figure, head.judged?)));
    let further = pair.numbers.iter().map(|both| (both.what, both.other, both.judged));
    let numbers = heads.chain(further).map(|(number, other, judged)| Row {
        experiment: number.experiment.as_deref().map(|name| inert(name).into_owned()),
        workload: number.workload.as_ref().map(|workload| inert(workload).into_owned()),
        series: number.named.series,
        n: number.named.n,
        workers: number.named.workers,
        quantity: number.named.name.clone(),
        ..blank(&number.figure, other, &judged, number.named.unit)
    });
    let times = pair.times.iter().map(|time| Row {
        experiment: Some(inert(&time.what.experiment).into_owned()),
        workload: Some(inert(&time.what.workload).into_owned()),
        variant: time.what.variant.as_deref().map(|name| inert(name).into_owned()),
        series: time.what.series,
        n: Some(time.what.problem.n()),
        workers: Some(time.what.workers),
        workgroup_size: Some(time.what.workgroup_size),
        dispatches: Some(time.what.dispatches),
        slices: Some(time.what.slices),
        quantity: time.what.quantity.clone(),
        ..blank(time.base, time.other, &time.judged, Unit::Seconds)
    });
    numbers.chain(times).collect()
}

/// Everything of a comparison. The first run is the base; what is `null` has a reason beside it.
#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    /// SAME means that the whole interval of the ratio lies within this share of 1.
    same_within: f64,
    /// Share of the proven differences that are chance, at the most.
    false_alarms: f64,
    sorted_by: &'a str,
    notes: Vec<Note>,
    runs: Vec<Who<'a>>,
    comparisons: Vec<Compared<'a>>,
}

#[derive(Debug, Serialize)]
struct Who<'a> {
    label: &'a str,
    /// The folder that it was read from; `null` for a run that was just measured.
    folder: Option<&'a str>,
    device: &'a str,
    kind: DeviceKind,
    backend: Option<&'a str>,
    driver: Option<&'a str>,
    started: &'a str,
    effort: Effort,
    version: String,
    /// Noise between runs, as a share.
    noise: Noise,
    /// Its place by the number that sorts, counted from 1.
    place: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Compared<'a> {
    /// The place of the run among the runs, counted from 1.
    run: usize,
    answer: String,
    ratio: Option<Estimate>,
    reason: Option<Why>,
    counts: Counts,
    /// Times that only one of the runs has.
    only_in_base: usize,
    only_in_run: usize,
    headlines: Vec<HeadRow<'a>>,
    numbers: Vec<NumberRow<'a>>,
    times: Vec<TimeRow<'a>>,
}

#[derive(Debug, Serialize)]
struct Counts {
    faster: usize,
    slower: usize,
    same: usize,
    undecided: usize,
}

#[derive(Debug, Serialize)]
struct HeadRow<'a> {
    id: &'static str,
    title: &'static str,
    unit: Option<Unit>,
    base: Option<&'a Figure>,
    run: Option<&'a Figure>,
    #[serde(flatten)]
    judged: Option<AnswerRow>,
    /// Why a value is `null`.
    absent: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct NumberRow<'a> {
    experiment: Option<&'a str>,
    workload: Option<&'a str>,
    name: &'a str,
    series: Series,
    unit: Unit,
    base: &'a Figure,
    run: &'a Figure,
    #[serde(flatten)]
    judged: AnswerRow,
}

#[derive(Debug, Serialize)]
struct TimeRow<'a> {
    #[serde(flatten)]
    case: &'a Key,
    base: &'a Figure,
    run: &'a Figure,
    #[serde(flatten)]
    judged: AnswerRow,
}

#[derive(Debug, Serialize)]
struct AnswerRow {
    ratio: Option<Estimate>,
    answer: &'static str,
    reason: Option<Why>,
}

impl AnswerRow {
    fn of(judged: Judged, unit: Unit) -> Self {
        Self { ratio: judged.ratio, answer: words::comparison(judged.answer, unit.is_speed()), reason: judged.why }
    }
}

/// Returns the document.
pub(super) fn document<'a>(shown: &Shown<'a>) -> Document<'a> {
    let sorted = shown.order.sorted(shown.subjects);
    let who = |(index, subject): (usize, &'a super::Subject)| Who {
        label: &subject.label,
        folder: subject.folder.as_deref(),
        device: &subject.run.device.name,
        kind: subject.run.device.kind,
        backend: subject.run.device.backend.as_deref(),
        driver: subject.run.device.driver.as_deref(),
        started: &subject.run.started,
        effort: subject.run.effort,
        version: version(subject),
        noise: subject.noise,
        place: sorted.iter().position(|&place| place == index).map(|place| place + 1),
    };
    Document {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        same_within: SAME,
        false_alarms: FALSE_ALARMS,
        sorted_by: shown.order.title(),
        notes: notes(shown.subjects, shown.pairs),
        runs: shown.subjects.iter().enumerate().map(who).collect(),
        comparisons: (2..).zip(shown.pairs).map(|(run, pair)| compared(run, pair)).collect(),
    }
}

fn compared<'a>(run: usize, pair: &'a Pair<'a>) -> Compared<'a> {
    let Overall { ratio, why, .. } = pair.overall;
    Compared {
        run,
        answer: overall(pair),
        ratio,
        reason: why,
        counts: Counts {
            faster: pair.count(Comparison::Faster),
            slower: pair.count(Comparison::Slower),
            same: pair.count(Comparison::Same),
            undecided: pair.count(Comparison::Undecided),
        },
        only_in_base: pair.unmatched[0],
        only_in_run: pair.unmatched[1],
        headlines: pair.headlines.iter().map(head).collect(),
        numbers: pair
            .numbers
            .iter()
            .map(|both| NumberRow {
                experiment: both.what.experiment.as_deref(),
                workload: both.what.workload.as_deref(),
                name: &both.what.named.name,
                series: both.what.named.series,
                unit: both.what.named.unit,
                base: both.base,
                run: both.other,
                judged: AnswerRow::of(both.judged, both.what.named.unit),
            })
            .collect(),
        times: pair
            .times
            .iter()
            .map(|time| TimeRow {
                case: time.what,
                base: time.base,
                run: time.other,
                judged: AnswerRow::of(time.judged, Unit::Seconds),
            })
            .collect(),
    }
}

fn head<'a>(head: &Head<'a>) -> HeadRow<'a> {
    let unit = head.base.or(head.other).map(|number| number.named.unit);
    HeadRow {
        id: head.headline.id,
        title: head.headline.title,
        unit,
        base: head.base.map(|number| &number.figure),
        run: head.other.map(|number| &number.figure),
        judged: head.judged.zip(unit).map(|(judged, unit)| AnswerRow::of(judged, unit)),
        absent: head.judged.is_none().then_some("not measured, or its law does not fit"),
    }
}
