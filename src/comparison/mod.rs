//! Runs side by side: which is faster, which is slower, which is the same, and which cannot be told apart.
//!
//! Here belong the matching of cases, the noise between runs, and the pages that show both. What a run itself shows
//! belongs to [`crate::experiment`], and the statistics of two values to [`crate::law::between`].

mod curves;
mod figures;
mod headline;
mod noise;
mod notes;
mod order;
mod overall;
mod pair;
mod rows;
mod say;
mod show;
mod since;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::law::{Comparison as Answer, between};
use crate::page::{Format, Look, csv, html, json, markdown, text};
use crate::record::Run;
use figures::{Figure, Key, Number};
use noise::Noise;
use order::Order;
use pair::Pair;

pub use since::since;

/// The most runs that one comparison shows.
pub const MOST: usize = 40;

/// A run, read, to be compared.
pub struct Subject {
    run: Run,
    /// What it is called: the device, numbered if there are several of its name.
    label: String,
    /// The name of the folder that it was read from.
    folder: Option<String>,
    times: Vec<(Key, Figure)>,
    /// The places of the times. Of two that are alike the first counts.
    places: HashMap<Key, usize>,
    numbers: Vec<Number>,
    noise: Noise,
}

impl Subject {
    /// Reads a run by the laws.
    pub fn read(run: Run) -> Self {
        let subject = Self::timed(run);
        let numbers = figures::numbers(&subject.run, &subject.times);
        Self { numbers, ..subject }
    }

    /// The same run, with the name of the folder that it was read from.
    #[must_use]
    pub fn from_folder(self, name: Option<String>) -> Self {
        Self { folder: name, ..self }
    }

    /// Whether other runs are of a device with this name.
    fn is_numbered(&self) -> bool {
        self.label != self.run.device.name
    }

    /// Reads the times of a run alone, which takes no fit.
    fn timed(run: Run) -> Self {
        let times = figures::times(&run);
        let mut places = HashMap::with_capacity(times.len());
        for (place, (key, _)) in times.iter().enumerate() {
            places.entry(key.clone()).or_insert(place);
        }
        let noise = Noise::of(&run);
        Self { label: run.device.name.clone(), folder: None, times, places, numbers: Vec::new(), noise, run }
    }

    /// Whether another run is this one again.
    pub fn is_same_run(&self, other: &Self) -> bool {
        self.run == other.run
    }

    fn time(&self, key: &Key) -> Option<&Figure> {
        self.places.get(key).map(|&place| &self.times[place].1)
    }

    fn is_same_device(&self, other: &Self) -> bool {
        let who = |subject: &Self| {
            let device = &subject.run.device;
            (device.name.clone(), device.kind, device.backend.clone(), device.driver.clone(), device.pci.clone())
        };
        who(self) == who(other)
    }

    /// The program that measured it: version and commit.
    fn version(&self) -> (&str, Option<&str>) {
        (&self.run.version, self.run.commit.as_deref())
    }

    fn drifts(&self) -> bool {
        !self.run.drift.is_empty()
    }

    /// Whether its speed changed, or other programs ran beside it: then it proves nothing.
    pub fn is_disturbed(&self) -> bool {
        self.drifts() || self.is_busy()
    }

    fn is_busy(&self) -> bool {
        noise::is_busy(&self.run)
    }
}

/// Several runs; the first is the base.
pub struct Comparison {
    subjects: Vec<Subject>,
    order: Order,
}

/// What is asked of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The form of the answer.
    pub format: Format,
    /// The look of a text.
    pub look: Look,
    /// Whether every case is shown.
    pub full: bool,
    /// The share by which a time must be longer to be a regression.
    pub fail_above: Option<f64>,
}

/// A comparison, written.
pub struct Written {
    /// The answer.
    pub text: String,
    /// The times that are proven longer by more than was allowed, each in a line.
    pub regressions: Vec<String>,
    /// The runs that can prove no regression, each with the reason.
    pub unproven: Vec<String>,
}

impl Comparison {
    /// Puts runs side by side, the base first; more than two are sorted by a number.
    ///
    /// # Errors
    /// Says what is wrong with the number of runs, or with the name of the number.
    pub fn new(mut subjects: Vec<Subject>, by: Option<&str>) -> Result<Self, String> {
        match subjects.len() {
            0 | 1 => {
                return Err(
                    "a comparison needs at least two different runs; give two, or a folder that holds them".to_owned()
                );
            }
            found if found > MOST => {
                return Err(format!("{found} runs are too many to show; give at most {MOST}"));
            }
            _ => {}
        }
        number(&mut subjects);
        noise::shared(&mut subjects);
        let order = Order::of(&subjects, by)?;
        Ok(Self { subjects, order })
    }

    /// Writes the comparison.
    pub fn write(&self, asked: Asked) -> Written {
        let (base, others) = (&self.subjects[0], &self.subjects[1..]);
        let pairs: Vec<Pair<'_>> = others.iter().map(|other| Pair::of(base, other)).collect();
        let numbers = self.order.of_each(&self.subjects);
        let by_order = |(pair, number): (&Pair<'_>, Option<&Number>)| pair.judge(numbers[0]?, number?);
        let by_order: Vec<_> = pairs.iter().zip(numbers.iter().copied().skip(1)).map(by_order).collect();
        let shown = show::Shown { subjects: &self.subjects, order: &self.order, pairs: &pairs, by_order: &by_order };
        let text = match asked.format {
            Format::Text if asked.full => text::render(&shown.full(), asked.look),
            Format::Text => text::dense(&shown.short(), &[], asked.look),
            Format::Markdown if asked.full => markdown::render(&shown.full()),
            Format::Markdown => markdown::render(&shown.short()),
            Format::Html => html::render(&shown.page()),
            Format::Json => json::pretty(&rows::document(&shown)),
            Format::Csv => csv::rows(&rows::rows(&pairs)),
        };
        let regressions = asked.fail_above.map(|share| regressions(&pairs, share)).unwrap_or_default();
        let unproven = if asked.fail_above.is_some() { unproven(&pairs) } else { Vec::new() };
        Written { text, regressions, unproven }
    }
}

/// Numbers the runs of devices that have one name.
fn number(subjects: &mut [Subject]) {
    let names: Vec<String> = subjects.iter().map(|subject| subject.run.device.name.clone()).collect();
    for (index, subject) in subjects.iter_mut().enumerate() {
        if names.iter().filter(|name| **name == names[index]).count() > 1 {
            let before = names[..index].iter().filter(|name| **name == names[index]).count();
            subject.label = format!("{} [{}]", names[index], before + 1);
        }
    }
}

/// Names the times that are proven longer than in the base by more than a share, the worst first. The whole interval of
/// the ratio, with the noise between runs in it, lies beyond; and of many such times few may be chance.
fn regressions(pairs: &[Pair<'_>], share: f64) -> Vec<String> {
    let limit = 1.0 / (1.0 + share);
    let mut found: Vec<(f64, String)> = Vec::new();
    for pair in pairs {
        let enough = pair.times.iter().filter(|time| !time.base.is_few() && !time.other.is_few());
        let known: Vec<_> = enough.filter_map(|time| Some((time, time.judged.gap?))).collect();
        let chances: Vec<f64> = known.iter().map(|(_, gap)| gap.chance_below(limit)).collect();
        for ((time, gap), is_proven) in known.iter().zip(between::no_chance(&chances)) {
            if is_proven && time.judged.answer == Answer::Slower && gap.ratio.high < limit {
                let slower = crate::page::words::faster(gap.ratio);
                found.push((gap.ratio.value, format!("{}: {}: {slower}", pair.other.label, say::case(time.what))));
            }
        }
    }
    found.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    found.into_iter().map(|(_, line)| line).collect()
}

/// Names the runs that can prove nothing, with the reason.
fn unproven(pairs: &[Pair<'_>]) -> Vec<String> {
    let line = |pair: &Pair<'_>| {
        let why = crate::page::words::why(pair.disturbance()?);
        Some(format!("{}: no regression can be proven: {why}. Measure again on a quiet machine", pair.other.label))
    };
    pairs.iter().filter_map(line).collect()
}
