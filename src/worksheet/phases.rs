//! The times that a profile predicts, against the measured curve.

use super::profile::Profile;
use super::sum::{Number, Sum, Unit, Working};
use super::{Exercise, Missing, Part, SOME, Source, interval, is_inside};
use crate::experiment::lesson::{Row, SameJob};
use crate::experiment::names;
use crate::page::block::{Block, Table};
use crate::page::{speedup, words};
use crate::units;

/// A measured time that is this many times the prediction is off the law.
const OFF: f64 = 1.1;

pub(super) fn exercise(source: &Source<'_>) -> Result<Exercise, Missing> {
    let (job, profile) = source.profiled().next().ok_or_else(|| source.no_profile())?;
    let rows = shown(job);
    let [mut predicted, mut compared, mut share] = [(); 3].map(|()| Working::default());
    let outside = profile.sum(&mut predicted);
    let serial = profile.serial(&outside, &mut share);
    let limit = share.step("1/s", Sum::from(1) / &serial, Unit::Plain);
    let mut ratios = Vec::new();
    for row in &rows {
        let count = Number::count("p", row.workers);
        let name = format!("T({})", count.shown);
        let time = profile.predict(&outside, &count, &mut predicted);
        let measured = Number::new(&name, row.whole_job.seconds.value, profile.time());
        let ratio = compared.step(&format!("r({})", count.shown), &measured.unnamed() / &time.unnamed(), Unit::Plain);
        ratios.push((row.workers, ratio.value));
    }
    let parts = vec![
        Part::new(
            "Compute M, and predict T(p) = M + C/p for each count of the second table.",
            SOME + 1,
            vec![Block::Lines(predicted.lines)],
        ),
        Part::new(
            format!(
                "Divide each measured time by its prediction. On which counts, if any, is the measured time more \
                 than {OFF} times as long?"
            ),
            SOME,
            vec![Block::Lines(compared.lines), Block::Text(off(&ratios))],
        ),
        Part::new(
            format!(
                "The program fits the law to the times of all counts and does not look at the parts. Which s do you \
                 expect from it?{}",
                if finds(job, &serial) { "" } else { " It does not find that one. Why?" }
            ),
            SOME,
            [vec![Block::Lines(share.lines)], fitted(job, &serial, &limit)].concat(),
        ),
    ];
    Ok(Exercise {
        given: vec![
            Block::text(format!("The {} job ({}): its parts on one worker, and measured times:", job.name, job.job)),
            profile.table(),
            Block::Table(table(&rows, &profile)),
        ],
        parts,
        check: vec![source.show(&[names::FIXED_SIZE])],
        reveals: vec![],
    })
}

/// A few counts: from the second to those that are enough, and beyond.
fn shown(job: &SameJob) -> Vec<&Row> {
    let last = job.rows.len() - 1;
    let enough = job.enough.max(1);
    let mut indices = vec![1, enough.div_ceil(2), enough, usize::midpoint(enough, last), last];
    indices.sort_unstable();
    indices.dedup();
    indices.into_iter().filter(|index| (1..=last).contains(index)).map(|index| &job.rows[index]).collect()
}

fn table(rows: &[&Row], profile: &Profile) -> Table {
    let mut table = Table::new(&["workers p", "T(p), measured"]);
    for row in rows {
        table.push([units::count(row.workers), profile.unit.write(row.whole_job.seconds.value)]);
    }
    table
}

/// Says on which counts the law is off.
fn off(ratios: &[(u64, f64)]) -> String {
    let named = |is_off: &dyn Fn(f64) -> bool| {
        let counts = ratios.iter().filter(|(_, ratio)| is_off(*ratio)).map(|(workers, _)| units::count(*workers));
        counts.collect::<Vec<_>>()
    };
    let slower = named(&|ratio| ratio > OFF);
    let faster = named(&|ratio| ratio < 1.0 / OFF);
    if slower.is_empty() && faster.is_empty() {
        return format!("On none: the profile alone predicts every time within {}.", units::whole_percent(OFF - 1.0));
    }
    let said = if slower.is_empty() {
        "On none.".to_owned()
    } else {
        format!("On {}. There the law promises more than this device does.", words::on_workers(slower))
    };
    if faster.is_empty() {
        return said;
    }
    let faster = words::on_workers(faster);
    format!("{said} On {faster} the job is even faster than predicted: the profile does not say it all.")
}

/// Returns whether the fit finds the s of the parts.
fn finds(job: &SameJob, serial: &Number) -> bool {
    let fit = &job.whole_job;
    let found = fit.serial_fraction.filter(|_| speedup::may_quote(fit));
    found.is_some_and(|found| is_inside(serial, found, Unit::Plain))
}

/// Compares the s of the parts with that of the curve, and says why they differ if they do.
fn fitted(job: &SameJob, serial: &Number, limit: &Number) -> Vec<Block> {
    let fit = &job.whole_job;
    let found = match (fit.serial_fraction, fit.serial_fraction_upper) {
        _ if !speedup::may_quote(fit) => {
            format!("The fit finds none: {}. The last exercise asks why.", speedup::refusal(fit))
        }
        (Some(found), _) => {
            let place = if is_inside(serial, found, Unit::Plain) { "inside" } else { "outside" };
            format!("The fit finds {}; {} is {place} that interval.", interval(found, Unit::Plain), serial.shown)
        }
        (None, Some(upper)) => format!("The fit only finds that s is under {} (95 % sure).", units::plain(upper)),
        (None, None) => format!("The fit finds none: {}.", speedup::refusal(fit)),
    };
    let why = if finds(job, serial) || !speedup::may_quote(fit) {
        ""
    } else {
        " The fit sees only whole times. To it, whatever makes large counts slower than M + C/p looks like a serial \
         part."
    };
    let mut said = vec![Block::text(format!("Expect the s of the parts, {}. {found}{why}", serial.shown))];
    said.extend(ceiling(job, limit).map(Block::Text));
    said
}

/// Explains a fitted ceiling below the 1/s of the parts.
fn ceiling(job: &SameJob, limit: &Number) -> Option<String> {
    let fit = &job.whole_job;
    let ceiling = fit.attainable_ceiling.filter(|_| speedup::may_quote(fit))?;
    let shown = interval(ceiling, Unit::Plain);
    if is_inside(limit, ceiling, Unit::Plain) || ceiling.value > limit.value {
        return Some(format!("The fitted ceiling is {shown}; 1/s is {}.", limit.shown));
    }
    // A serial part may hide the knee of the whole job; the kernel alone then shows it.
    let knee = fit.curve.and_then(|curve| curve.knee).and(fit.knee.or(job.kernel.knee));
    let why = if let Some(knee) = knee {
        let workers = words::full_at(knee);
        format!(", because the fit also finds that the hardware runs {workers} workers at a time")
    } else if fit.kappa.is_some() || fit.per_doubling.is_some() {
        ", because the fit also finds that added workers cost time".to_owned()
    } else {
        String::new()
    };
    Some(format!("The fitted ceiling, {shown}, is below 1/s = {}{why}.", limit.shown))
}
