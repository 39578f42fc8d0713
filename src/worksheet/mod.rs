//! Exercises with a run's own numbers, and their answers with the working.
//!
//! An exercise is one file. It shows rounded numbers and computes with exactly these. What was measured stands beside
//! each answer, so the answer says how far the law is from this device. How a run is read belongs to
//! [`crate::experiment`].

mod bigger_job;
mod crossover;
mod decide;
mod effective;
mod few_counts;
mod launches;
mod one_worker;
mod phases;
mod point;
mod profile;
mod refused;
mod sum;

use std::path::Path;

use crate::experiment::lesson::{Lesson, SameJob, lesson};
use crate::experiment::names;
use crate::page::block::Block;
use crate::page::format::on_paper;
use crate::page::words::quoted;
use crate::page::{Look, Paper, stamp, words};
use crate::record::{DeviceKind, Run};
use crate::stats::Estimate;
use crate::units;
use profile::Profile;
use sum::{Number, Unit};

/// Options of a run that say what is measured; an exercise that asks for another run repeats them.
const DEVICE_OPTIONS: [&str; 3] = ["--device", "--simulate", "--backend"];

/// A prediction within this factor is off by per cents, not by times.
const NEAR: f64 = 1.1;

/// A prediction within this factor may be off by the rounding alone.
const ROUNDING: f64 = 1.005;

/// Lines of room for an answer of a few words, and for one with a sum.
const FEW: usize = 3;
const SOME: usize = 5;

/// The line for the one who solves the sheet.
const NAME_AND_DATE: &str = "Name: ______________________________   Date: ______________";

/// Where commands that name the run by a relative path work.
const FOLDER: &str = " Start the commands in the folder from which this sheet was made.";

/// A run to make exercises from.
struct Source<'a> {
    run: &'a Run,
    /// Where the run is, as a command names it.
    place: String,
    /// Whether that place depends on the folder in which a command starts.
    is_relative: bool,
    lesson: Lesson,
}

/// An exercise.
struct Exercise {
    /// The numbers that it needs.
    given: Vec<Block>,
    parts: Vec<Part>,
    /// Commands that show or compute the same.
    check: Vec<String>,
    /// Commands with results in them: they stand beside the answers only.
    reveals: Vec<String>,
}

/// A question of an exercise.
struct Part {
    asks: String,
    /// Lines to write on.
    room: usize,
    answer: Vec<Block>,
}

impl Part {
    fn new(asks: impl Into<String>, room: usize, answer: Vec<Block>) -> Self {
        Self { asks: asks.into(), room, answer }
    }
}

/// What a run does not have.
struct Missing {
    what: String,
    /// The command that measures it.
    command: String,
}

/// Makes an exercise from a run that has what it needs.
type Make = fn(&Source<'_>) -> Result<Exercise, Missing>;

/// The exercises in their order, each under its name.
const EXERCISES: [(&str, Make); 8] = [
    ("One worker: why both laws agree", one_worker::exercise),
    ("Profile, predict, decide", decide::exercise),
    ("The effective curve and the clock", effective::exercise),
    ("Predict from the phases, check on the curve", phases::exercise),
    ("Device or processor: who is faster", crossover::exercise),
    ("The cost of a launch, and K small kernels", launches::exercise),
    ("One point of the curve", point::exercise),
    ("The bigger job", bigger_job::exercise),
];

/// The exercise on a curve without a law, if there is one.
const REFUSED: &str = "Why there is no law";

/// Writes the worksheet of a run, with the answers if they are wanted. `place` is where the run is.
pub fn worksheet(run: &Run, place: &str, answers: bool, paper: Paper, look: Look) -> String {
    let is_relative = Path::new(place).is_relative();
    let source = Source { run, place: command_place(place), is_relative, lesson: lesson(run) };
    on_paper(paper, &blocks(&source, answers), look)
}

fn blocks(source: &Source<'_>, answers: bool) -> Vec<Block> {
    let mut blocks = head(source, answers);
    let mut numbered = Vec::new();
    let mut left_out: Vec<Missing> = Vec::new();
    for (title, exercise) in EXERCISES {
        match exercise(source) {
            Ok(exercise) => numbered.push((title, exercise)),
            Err(missing) if left_out.iter().all(|other| other.command != missing.command) => left_out.push(missing),
            Err(_) => {}
        }
    }
    numbered.extend(refused::exercise(source).map(|exercise| (REFUSED, exercise)));
    for (number, (title, exercise)) in (1..).zip(numbered) {
        blocks.push(Block::Section { title: format!("{number}  {title}"), question: String::new() });
        blocks.extend(written(exercise, answers));
    }
    blocks.extend(missing(left_out));
    blocks
}

/// Says in one place what the run does not have, with the commands that measure it.
fn missing(left_out: Vec<Missing>) -> Vec<Block> {
    let (what, commands): (Vec<_>, Vec<_>) = left_out.into_iter().map(|one| (one.what, one.command)).unzip();
    if what.is_empty() {
        return Vec::new();
    }
    let text = format!("Other exercises need what this run does not have: a {}. To measure it:", what.join("; a "));
    vec![Block::Text(text), Block::Lines(commands)]
}

/// Whether a law was planted in the place of a device: it has no name of its own.
fn is_law(run: &Run) -> bool {
    run.device.kind == DeviceKind::Simulated && !run.device.name.contains(' ')
}

fn head(source: &Source<'_>, answers: bool) -> Vec<Block> {
    let run = source.run;
    let what = if answers { "Worksheet with answers" } else { "Worksheet" };
    let is_simulated = run.device.kind == DeviceKind::Simulated;
    let on = if is_law(run) { "a simulated device" } else { &run.device.name };
    let mut blocks = vec![Block::Title(format!("{what}: parallel speedup on {on}"))];
    blocks.extend(stamp::sentence(run).map(Block::Banner));
    if !answers {
        blocks.push(Block::text(NAME_AND_DATE));
    }
    let date = run.started.split('T').next().unwrap_or(&run.started);
    let clock = if is_simulated { " \"Measured\" below means the simulated clock." } else { "" };
    blocks.push(Block::text(format!(
        "The numbers are those of a run of {date} on {}.{clock} A pocket calculator is enough. Keep all digits inside \
         one formula. Round its result to three digits (0.000152 has three), and go on with the rounded number. \
         The commands work with unrounded numbers: the third digit may differ. (a–b) after a measured number is its \
         95 % interval.{}",
        words::device(run.device.kind),
        if source.is_relative { FOLDER } else { "" }
    )));
    let facts = [
        ("p", "the number of workers"),
        ("C", "the kernel's time on one worker; workers share it"),
        ("M", "the time of everything outside the kernel; more workers cannot shorten it"),
        ("T(p)", "the time of the whole job on p workers; by the law M + C/p"),
        ("S(p)", "the speedup T(1)/T(p)"),
        ("s", "the serial fraction M/(M + C)"),
    ];
    blocks.push(Block::Facts(facts.map(|(name, value)| (name.to_owned(), value.to_owned())).into()));
    blocks
}

fn written(exercise: Exercise, answers: bool) -> Vec<Block> {
    let mut blocks = exercise.given;
    for (letter, part) in ('a'..).zip(exercise.parts) {
        blocks.push(Block::text(format!("{letter}) {}", part.asks)));
        if answers {
            blocks.extend(part.answer);
        } else {
            blocks.push(Block::Room(part.room));
        }
    }
    let reveals = if answers { exercise.reveals } else { Vec::new() };
    blocks.push(Block::text("Check:"));
    blocks.push(Block::Lines([exercise.check, reveals].concat()));
    blocks
}

impl Source<'_> {
    /// Returns what an exercise misses, with the command that measures it on the same device. A processor has no
    /// launches and transfers to time, and a planted law has no processor; the model of a GPU has all of them.
    fn missing(&self, what: &str, experiment: &str) -> Missing {
        let is_alone = is_law(self.run) && experiment == names::PROBLEM_SIZE;
        let device = if self.run.device.kind == DeviceKind::Cpu || is_alone {
            vec!["--simulate llvmpipe".to_owned()]
        } else {
            device_options(&self.run.command, &self.run.device.name)
        };
        let command = [vec!["amdahl run".to_owned()], device, vec![experiment.to_owned()]].concat().join(" ");
        Missing { what: what.to_owned(), command }
    }

    /// Returns the command that shows the experiments of these names, as far as the run has them.
    fn show(&self, names: &[&str]) -> String {
        let has = |name: &&&str| self.run.experiments.iter().any(|measured| measured.name == **name);
        let names: Vec<&str> = names.iter().filter(has).copied().collect();
        format!("amdahl show {} {}", self.place, names.join(" "))
    }

    /// Returns the jobs that one worker and more did, each with its profile on one worker.
    fn profiled(&self) -> impl Iterator<Item = (&SameJob, Profile)> {
        self.lesson.same.iter().filter_map(|job| Some((job, Profile::of(job)?)))
    }

    /// Returns that no such job was measured, with the command for it; few workers if many were not enough.
    fn no_profile(&self) -> Missing {
        let has_others = self.run.experiments.iter().any(|measured| measured.name == names::FIXED_SIZE);
        let few = if has_others { " --workers 1..64" } else { "" };
        self.missing("job on one worker and on more, timed in its parts", &format!("fixed-size --workload fma{few}"))
    }
}

/// Returns the options of a command that chose the device, which `--device all` does by its name.
fn device_options(command: &[String], name: &str) -> Vec<String> {
    let mut next = command.iter().skip(1).map(String::as_str);
    let asked = command.iter().filter_map(|word| {
        let next = next.next();
        let (option, value) =
            word.split_once('=').map_or((word.as_str(), next), |(option, value)| (option, Some(value)));
        Some((option, value?)).filter(|_| DEVICE_OPTIONS.contains(&option))
    });
    asked.map(|(option, value)| format!("{option} {}", quoted(if value == "all" { name } else { value }))).collect()
}

/// Writes the place of a run as a command takes it: no option begins with a dot.
fn command_place(place: &str) -> String {
    let here = if place.starts_with('-') { "./" } else { "" };
    quoted(&format!("{here}{place}"))
}

/// Says what was measured, and how far a prediction is from it, by the numbers that are shown.
fn beside(what: &str, prediction: &Number, measured: Estimate, unit: Unit) -> Block {
    let off = prediction.value / Number::new("", measured.value, unit).value;
    let way = if off < 1.0 { "low" } else { "high" };
    let factor = off.max(1.0 / off);
    let share = units::percent((off - 1.0).abs());
    let verdict = if is_inside(prediction, measured, unit) {
        "inside the interval".to_owned()
    } else if factor < ROUNDING {
        format!("{share} too {way}, no more than rounding")
    } else if factor < NEAR {
        format!("{share} too {way}")
    } else {
        format!("{} times too {way}", units::plain(factor))
    };
    Block::text(format!("{what}: measured {}. The prediction is {verdict}.", interval(measured, unit)))
}

/// Returns whether a number lies in an interval, as both are shown.
fn is_inside(number: &Number, measured: Estimate, unit: Unit) -> bool {
    let [low, high] = [measured.low, measured.high].map(|end| Number::new("", end, unit).value);
    (low..=high).contains(&number.value)
}

/// Says what a ratio of measured times is before these are rounded.
fn unrounded(what: &str, measured: Estimate) -> Block {
    Block::text(format!("{what} from the unrounded times: {}.", interval(measured, Unit::Plain)))
}

/// Writes a measured number with its interval, all with three digits.
fn interval(Estimate { value, low, high }: Estimate, unit: Unit) -> String {
    match unit {
        Unit::Time(unit) => unit.interval(value, low, high),
        _ => format!("{} ({}–{})", units::plain(value), units::plain(low), units::plain(high)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prediction_is_as_far_off_as_is_said() {
        let measured = Estimate { value: 10.0, low: 9.99, high: 10.1 };
        for (value, said) in [
            (10.1, "inside the interval"),
            (9.98, "0.20 % too low, no more than rounding"),
            (10.5, "5.0 % too high"),
            (9.2, "8.0 % too low"),
            (15.0, "1.50 times too high"),
            (8.0, "1.25 times too low"),
        ] {
            let block = beside("S", &Number::new("S", value, Unit::Plain), measured, Unit::Plain);
            let expected = format!("S: measured 10.0 (9.99–10.1). The prediction is {said}.");
            assert_eq!(block, Block::text(expected));
        }
    }

    /// Those of every run, and one about a curve without a law.
    #[test]
    fn the_readme_counts_the_exercises() {
        let readme = include_str!("../../README.md");
        assert!(EXERCISES.len() == 8 && readme.contains("up to nine exercises") && !readme.contains("eight exercises"));
    }

    #[test]
    fn an_option_is_repeated_however_it_was_given() {
        let words = |command: &str| command.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (command, said) in [
            ("amdahl run --simulate h100 --quick", "--simulate h100"),
            ("amdahl run --simulate=kappa=0.5", "--simulate kappa=0.5"),
            ("amdahl --device=2 --backend=vulkan", "--device 2 --backend vulkan"),
            ("amdahl run --device all", "--device 'My GPU'"),
            ("amdahl run --devices=2 fixed-size", ""),
        ] {
            assert_eq!(device_options(&words(command), "My GPU").join(" "), said, "{command}");
        }
    }

    #[test]
    fn a_place_is_one_word_of_a_command() {
        let places = ["runs/2026", "my runs", "it's", "-runs"].map(command_place);
        assert_eq!(places, ["runs/2026", "'my runs'", "\"it's\"", "./-runs"]);
    }
}
