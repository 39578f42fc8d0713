//! `amdahl run`: the main job.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::choice::{Choice, choose_all};
use super::progress::{Bar, FINISHING, heed_interruptions};
use super::saved::{self, Folder};
use super::selections::{experiments, selections, with_shapes};
use super::writer::Writer;
use super::{Failure, look, notice, own, print, several};
use crate::cli::RunArgs;
use crate::clock;
use crate::comparison;
use crate::device::cpu::{Cpu, host_processor, host_threads};
use crate::device::gpu::Gpu;
use crate::device::simulated::Simulated;
use crate::device::{Device, Waiting};
use crate::experiment::{self, Axes, Axis, Outcome, Request, Selection};
use crate::measure::Entry;
use crate::page::Format;
use crate::record::{Effort, Host, Run, WorkersAre};
use crate::units;

/// Measures, prints and saves.
pub(super) async fn run(args: &RunArgs) -> Result<(), Failure> {
    request(args)?;
    let mut choices = choose_all(args).await?;
    choices.iter().try_for_each(|choice| check_device(args, choice))?;
    heed_interruptions(FINISHING);
    match (choices.pop(), choices.is_empty()) {
        (Some(only), true) => Box::pin(measured(only, args, true)).await.map(drop),
        (last, _) => {
            choices.extend(last);
            several::measure(choices, args).await
        }
    }
}

/// Measures a device and saves its run; prints the answer, unless several devices are compared.
pub(super) async fn measured(choice: Choice, args: &RunArgs, prints: bool) -> Result<Run, Failure> {
    let mut request = request(args)?;
    let waiting = Waiting { strategy: args.wait.unwrap_or_default(), ..Waiting::default() };
    match choice {
        Choice::Gpu(adapter) => measure(Gpu::open(*adapter, waiting).await?, args, request, prints).await,
        Choice::Cpu => measure(Cpu::new(), args, request, prints).await,
        Choice::Simulated(truth) => {
            let device = Simulated::with(truth, args.seed);
            request.host = device.host().unwrap_or(request.host);
            measure(device, args, request, prints).await
        }
    }
}

/// Refuses options that need a GPU if another device was chosen.
fn check_device(args: &RunArgs, choice: &Choice) -> Result<(), Failure> {
    let device = match choice {
        Choice::Gpu(_) => return Ok(()),
        Choice::Cpu => "the CPU",
        Choice::Simulated(_) => "the simulated device",
    };
    if args.wgsl.is_some() {
        return Err(Failure::usage(format!(
            "--wgsl needs a GPU, not {device}; choose one of `amdahl devices` with --device"
        )));
    }
    if args.wait.is_some() {
        return Err(Failure::usage(format!("--wait is for GPUs, not for {device}; leave it out")));
    }
    if matches!(choice, Choice::Cpu) && args.workers_are == WorkersAre::Workgroups {
        return Err(Failure::usage(
            "--workers-are workgroups is for GPUs, not for the CPU; leave it out, or choose a GPU with --device",
        ));
    }
    Ok(())
}

async fn measure<D: Device>(mut device: D, args: &RunArgs, mut request: Request, prints: bool) -> Result<Run, Failure> {
    check_workgroup_sizes(args, &device)?;
    // A planted law is another one whenever it likes.
    let is_real = device.computes() || device.has_hardware();
    let last = if is_real { saved::last(&args.out, device.info()) } else { None };
    request.last = last.clone().filter(|_| device.computes()).map(Box::new);
    let folder =
        if args.no_save { None } else { Some(Folder::create(&args.out, &request.started, &device.info().name)?) };
    let mut writer = folder.clone().map(Writer::start).transpose()?;
    let save = |entry: Entry<'_>| writer.iter_mut().for_each(|writer| writer.take(&entry));
    let bar = Bar::start(look::details(args.ascii).ascii);
    let outcome = experiment::run(&mut device, &mut Cpu::new(), request, &bar, save).await;
    drop(bar);
    let saved = writer.map_or(Ok(()), Writer::finish);
    let Outcome { mut run, failed } = outcome.inspect_err(|_| folder.iter().for_each(left))?;
    if let Err(nothing) = check_measured(&run) {
        folder.iter().for_each(Folder::discard);
        return Err(match failed {
            Some(failure) => failure.into(),
            None if run.complete => nothing,
            None => Failure::NothingYet,
        });
    }
    run.slower = last.and_then(|last| comparison::since(&last, &run));
    let saved = match (&folder, &run.slower) {
        (Some(folder), Some(_)) => saved.and_then(|()| folder.save(&run)),
        _ => saved,
    };
    let page = folder.as_ref().filter(|_| saved.is_ok()).map(Folder::page);
    let printed = if prints { print(&shown(&run, args, page.as_deref())) } else { Ok(()) };
    if let Some(line) = experiment::failed_checks(&run) {
        notice(&format!("Checks: {line}."));
    }
    // If saving fails the run is printed, and if printing fails it is saved.
    saved?;
    if let Some(folder) = &folder {
        // The short answer ends with its page.
        if !(prints && is_short(args) && printed.is_ok()) {
            notice(&format!("Saved in {}", folder.path().display()));
            if prints {
                notice(&format!("Page  {}", folder.page().display()));
            }
        }
    }
    printed?;
    match failed {
        Some(failure) => Err(failure.into()),
        None if run.complete => Ok(run),
        None => Err(Failure::Interrupted),
    }
}

/// Tells where the beginning of a run is that ended without a report; a folder without one is removed.
fn left(folder: &Folder) {
    folder.discard_if_empty();
    if folder.path().is_dir() {
        notice(&format!("What was measured before is in {}", folder.path().display()));
    }
}

/// Whether the short answer is shown.
fn is_short(args: &RunArgs) -> bool {
    args.format == Format::Text && !args.full && args.experiments.is_empty()
}

/// What goes to standard output: the short answer with where its page was saved, or of experiments that were named
/// their sections.
fn shown(run: &Run, args: &RunArgs, page: Option<&Path>) -> String {
    match args.format {
        Format::Text if is_short(args) => experiment::short(run, look::short(args.ascii), page),
        Format::Text if args.full => experiment::text(run, look::details(args.ascii)),
        Format::Text => experiment::measured(run, look::details(args.ascii)),
        format => experiment::report(run, format, look::details(args.ascii)),
    }
}

/// Refuses an option that the experiments do not use.
fn check_axes(args: &RunArgs, selections: &[Selection]) -> Result<(), Failure> {
    let options = [
        ("--sizes", Axis::Sizes, args.sizes.is_some()),
        ("--shape", Axis::Shape, args.shape.is_some()),
        ("--workers", Axis::Workers, args.workers.is_some()),
        ("--workers-are", Axis::Workers, args.workers_are != WorkersAre::Invocations),
        ("--workgroup-sizes", Axis::WorkgroupSizes, args.workgroup_sizes.is_some()),
        ("--launches", Axis::Launches, args.launches.is_some()),
    ];
    for (option, axis, _) in options.into_iter().filter(|(_, _, given)| *given) {
        let has = |one: &&Selection| one.experiment.described().axes.contains(&axis);
        // In a run of all experiments one that uses the option is enough; a named experiment must use it.
        let unable = selections.iter().find(|one| !has(one)).filter(|_| !args.experiments.is_empty());
        if unable.is_some() || !selections.iter().any(|one| has(&one)) {
            let able =
                experiment::all().iter().filter(|one| one.described().axes.contains(&axis)).map(|one| one.name());
            return Err(Failure::usage(format!(
                "{} does not use {option}; leave it out, or run one of: {}",
                unable.map_or("this run", |one| one.experiment.name()),
                able.collect::<Vec<_>>().join(", ")
            )));
        }
    }
    Ok(())
}

/// The most elements or workers that a kernel can count, in 32 bits.
const MOST: u64 = u32::MAX as u64;

/// Refuses counts that no device could ever run.
fn check_counts(args: &RunArgs) -> Result<(), Failure> {
    let options = [
        ("--sizes", &args.sizes),
        ("--workers", &args.workers),
        ("--workgroup-sizes", &args.workgroup_sizes),
        ("--launches", &args.launches),
    ];
    for (option, counts) in options {
        if let Some(count) = counts.iter().flat_map(|counts| &counts.0).find(|&&count| count > MOST) {
            return Err(Failure::usage(format!(
                "{option}: {} is too large; kernels count to {}",
                units::count(*count),
                units::count(MOST)
            )));
        }
    }
    let sides = args.shape.iter().flat_map(|shapes| shapes.0.as_flattened());
    match sides.copied().find(|&side| side > MOST) {
        Some(side) => Err(Failure::usage(format!(
            "--shape: a side of {} is too large; kernels count to {}",
            units::count(side),
            units::count(MOST)
        ))),
        None => Ok(()),
    }
}

/// Refuses a run in which nothing could be measured.
fn check_measured(run: &Run) -> Result<(), Failure> {
    if run.experiments.iter().any(|experiment| !experiment.cases.is_empty()) {
        return Ok(());
    }
    let skipped = run.experiments.iter().flat_map(|experiment| &experiment.skipped).next();
    let reason = skipped.map_or("no case was planned".to_owned(), |one| format!("{}: {}", one.case, one.reason));
    Err(Failure::usage(format!("nothing of this can run on {}; {reason}", run.device.name)))
}

/// Reads and checks the options, before any device is touched.
fn request(args: &RunArgs) -> Result<Request, Failure> {
    check_counts(args)?;
    let mut selections = if let Some(kernel) = own::kernel(args)? {
        own::selections(kernel, &experiments(args)?, !args.experiments.is_empty())?
    } else {
        selections(args)?
    };
    check_axes(args, &selections)?;
    if args.shape.is_some() {
        selections = with_shapes(args, selections)?;
    }
    let effort = match (args.quick, args.thorough) {
        (true, _) => Effort::Quick,
        (_, true) => Effort::Thorough,
        _ => Effort::Default,
    };
    Ok(Request {
        settings: experiment::settings(effort, args.seed),
        selections,
        axes: Axes {
            sizes: args.sizes.clone().map(|counts| counts.0),
            shapes: args.shape.clone().map(|shapes| shapes.0),
            workers: args.workers.clone().map(|counts| counts.0),
            workgroup_sizes: args.workgroup_sizes.clone().map(|counts| counts.0),
            launches: args.launches.clone().map(|counts| counts.0),
            workers_are: args.workers_are,
        },
        command: command(std::env::args_os().map(|word| word.to_string_lossy().into_owned()), std::env::home_dir()),
        started: date(SystemTime::now()),
        last: None,
        host: Host {
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            processor: host_processor(),
            threads: host_threads(),
            clock_resolution: clock::resolution(),
        },
    })
}

/// Writes a time as it is saved. A clock that was never set may stand before 1970 or after the year 9999, which this
/// form of a date cannot say.
fn date(time: SystemTime) -> String {
    let last = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_799);
    humantime::format_rfc3339_seconds(time.clamp(SystemTime::UNIX_EPOCH, last)).to_string()
}

/// Returns the command line as it is saved. A run is given to others: it names neither where the program lies nor the
/// reader's home folder.
fn command(words: impl Iterator<Item = String>, home: Option<PathBuf>) -> Vec<String> {
    let home = home.map(|home| home.to_string_lossy().into_owned()).filter(|home| home.len() > 1);
    let program = env!("CARGO_PKG_NAME").to_owned();
    let private = |word: String| home.as_ref().map_or(word.clone(), |home| word.replace(home, "~"));
    std::iter::once(program).chain(words.skip(1).map(private)).collect()
}

fn check_workgroup_sizes<D: Device>(args: &RunArgs, device: &D) -> Result<(), Failure> {
    let limit = u64::from(device.info().limits.workgroup_size);
    match args.workgroup_sizes.iter().flat_map(|counts| &counts.0).find(|&&size| size > limit) {
        Some(size) => Err(Failure::usage(format!(
            "--workgroup-sizes: {size} is more than {} allows; give sizes from 1 to {limit}",
            device.info().name
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_saved_command_names_no_home() {
        let words = ["/home/ada/bin/amdahl", "run", "--wgsl", "/home/ada/a.wgsl", "--out=/home/ada/runs"];
        let saved = |home: Option<&str>| command(words.into_iter().map(str::to_owned), home.map(PathBuf::from));
        assert_eq!(saved(Some("/home/ada")), ["amdahl", "run", "--wgsl", "~/a.wgsl", "--out=~/runs"]);
        assert_eq!(saved(Some("/"))[2..], ["--wgsl", "/home/ada/a.wgsl", "--out=/home/ada/runs"]);
        assert_eq!(saved(None)[0], "amdahl");
    }

    #[test]
    fn any_clock_has_a_date() {
        let day = Duration::from_secs(86_400);
        assert_eq!(date(SystemTime::UNIX_EPOCH - day), "1970-01-01T00:00:00Z");
        assert_eq!(date(SystemTime::UNIX_EPOCH + 20_000 * day), "2024-10-04T00:00:00Z");
        assert_eq!(date(SystemTime::UNIX_EPOCH + 4_000_000 * day), "9999-12-31T23:59:59Z");
    }
}
