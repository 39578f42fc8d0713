//! Exercises with a run's own numbers, and their answers with the working.
//!
//! An exercise is one file. It shows rounded numbers and computes with exactly these. What was measured stands beside
//! each answer, so the answer says how far the law is from this device. How a run is read belongs to
//! [`crate::experiment`].

mod bigger_job;
mod crossover;
mod decide;
mod effective;
mod launches;
mod one_worker;
mod phases;
mod point;
mod profile;
mod refused;
mod sum;

use crate::experiment::lesson::{Lesson, SameJob, lesson};
use crate::page::block::Block;
use crate::page::format::on_paper;
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

/// A run to make exercises from.
struct Source<'a> {
    run: &'a Run,
    /// Where the run is, as a command names it.
    place: String,
    lesson: Lesson,
}

/// An exercise.
struct Exercise {
    /// The numbers that it needs.
    given: Vec<Block>,
    parts: Vec<Part>,
    /// Commands that show or compute the same.
    check: Vec<String>,
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

impl Missing {
    fn blocks(self) -> Vec<Block> {
        let Self { what, command } = self;
        vec![Block::text(format!("Left out: this run has no {what}. This measures it:")), Block::Lines(vec![command])]
    }
}

/// Makes an exercise from a run that has what it needs.
type Make = fn(&Source<'_>) -> Result<Exercise, Missing>;

/// The exercises in their order, each under its name.
const EXERCISES: [(&str, Make); 8] = [
    ("One worker: why both laws agree", one_worker::exercise),
    ("Profile, predict, decide", decide::exercise),
    ("The effective curve and the clock", effective::exercise),
    ("Predict from the phases, check on the curve", phases::exercise),
    ("Device or processor: the crossover", crossover::exercise),
    ("The cost of a launch, and K small kernels", launches::exercise),
    ("One point of the curve", point::exercise),
    ("The bigger job", bigger_job::exercise),
];

/// The exercise on a curve without a law, if there is one.
const REFUSED: &str = "Why there is no law";

/// Writes the worksheet of a run, with the answers if they are wanted. `place` is where the run is.
pub fn worksheet(run: &Run, place: &str, answers: bool, paper: Paper, look: Look) -> String {
    let source = Source { run, place: quoted(place), lesson: lesson(run) };
    on_paper(paper, &blocks(&source, answers), look)
}

fn blocks(source: &Source<'_>, answers: bool) -> Vec<Block> {
    let mut blocks = head(source.run, answers);
    let mut numbered: Vec<(&str, Result<Exercise, Missing>)> =
        EXERCISES.into_iter().map(|(title, exercise)| (title, exercise(source))).collect();
    numbered.extend(refused::exercise(source).map(|exercise| (REFUSED, Ok(exercise))));
    for (number, (title, exercise)) in (1..).zip(numbered) {
        blocks.push(Block::Section { title: format!("{number}  {title}"), question: String::new() });
        match exercise {
            Ok(exercise) => blocks.extend(written(exercise, answers)),
            Err(missing) => blocks.extend(missing.blocks()),
        }
    }
    blocks
}

fn head(run: &Run, answers: bool) -> Vec<Block> {
    let what = if answers { "Worksheet with answers" } else { "Worksheet" };
    let mut blocks = vec![Block::Title(format!("{what}: parallel speedup inside {}", run.device.name))];
    blocks.extend(stamp::sentence(run).map(Block::Banner));
    let date = run.started.split('T').next().unwrap_or(&run.started);
    blocks.push(Block::text(format!(
        "The numbers are those of a run on {} of {date}. A pocket calculator is enough. Round each result to three \
         digits, and go on with the rounded number.",
        words::device(run.device.kind)
    )));
    let facts = [
        ("p", "the number of workers"),
        ("C", "the kernel's time on one worker; workers share it"),
        ("M", "the time of everything outside the kernel; more workers cannot shorten it"),
        ("T(p)", "the time of the whole job on p workers; by the law M + C/p"),
        ("S(p)", "the speedup T(1)/T(p)"),
        ("s", "the serial fraction M/T(1)"),
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
    blocks.push(Block::text("Check:"));
    blocks.push(Block::Lines(exercise.check));
    blocks
}

impl Source<'_> {
    /// Returns what an exercise misses, with the command that measures it on the same device. A processor has no
    /// launches and transfers to time; the model of a GPU has.
    fn missing(&self, what: &str, experiment: &str) -> Missing {
        let words = &self.run.command;
        let asked = words.iter().zip(words.iter().skip(1)).filter(|(word, _)| DEVICE_OPTIONS.contains(&word.as_str()));
        let device: Vec<String> = if self.run.device.kind == DeviceKind::Cpu {
            vec!["--simulate llvmpipe".to_owned()]
        } else {
            asked.map(|(option, value)| format!("{option} {}", quoted(value))).collect()
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
        let has_others = self.run.experiments.iter().any(|measured| measured.name == "fixed-size");
        let few = if has_others { " --workers 1..64" } else { "" };
        self.missing("job on one worker and on more, timed in its parts", &format!("fixed-size --workload fma{few}"))
    }
}

/// Says what was measured, and how far a prediction is from it.
fn beside(what: &str, prediction: &Number, measured: Estimate, unit: Unit) -> Block {
    let off = prediction.value / measured.value;
    let (factor, way) = if off < 1.0 { (1.0 / off, "low") } else { (off, "high") };
    let verdict = if measured.contains(prediction.value) {
        "inside the interval".to_owned()
    } else if factor < ROUNDING {
        format!("{} too {way}, no more than rounding", units::percent(factor - 1.0))
    } else if factor < NEAR {
        format!("{} too {way}", units::percent(factor - 1.0))
    } else {
        format!("{} times too {way}", units::ratio(factor))
    };
    Block::text(format!("{what}: measured {}. The prediction is {verdict}.", interval(measured, unit)))
}

/// Says what a ratio of measured times is with all digits.
fn all_digits(what: &str, measured: Estimate) -> Block {
    Block::text(format!("{what}, with all digits: {}.", interval(measured, Unit::Plain)))
}

fn interval(Estimate { value, low, high }: Estimate, unit: Unit) -> String {
    match unit {
        Unit::Time(unit) => unit.interval(value, low, high),
        _ => units::ratio_interval(value, low, high),
    }
}

/// A word as a command line takes it.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./\\:=,+".contains(letter);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("\"{word}\"") }
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
            (15.0, "1.50 times too high"),
            (8.0, "1.25 times too low"),
        ] {
            let block = beside("S", &Number::new("S", value, Unit::Plain), measured, Unit::Plain);
            let expected = format!("S: measured 10.00 (9.99–10.10). The prediction is {said}.");
            assert_eq!(block, Block::text(expected));
        }
    }

    #[test]
    fn a_place_with_a_space_is_one_word_of_a_command() {
        assert_eq!([quoted("runs/2026"), quoted("my runs")], ["runs/2026", "\"my runs\""]);
    }
}
