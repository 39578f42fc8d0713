//! By which number several devices are sorted.

use super::Subject;
use super::figures::Number;
use super::headline::{HEADLINES, Headline};
use crate::page::named::Unit;

/// The numbers that are tried if none is named.
const USUAL: [&str; 4] = ["compute", "copy", "speedup", "launch"];

/// Units of which less is better: a time, a share that is serial, a size from which the device wins.
const LESS: [Unit; 3] = [Unit::Seconds, Unit::Share, Unit::Elements];

/// Words of the names for which the unit tells the wrong way.
const OTHERWISE: [&str; 4] = ["used well", "share of its limit", "slowdown", "branches, sorted"];

/// The number that sorts the devices.
pub(super) enum Order {
    /// One of the headlines.
    Headline(&'static Headline),
    /// Any other: those like this one.
    Like(Box<Number>),
}

impl Order {
    /// Finds the number that is asked for, or a usual one that some run has.
    pub(super) fn of(subjects: &[Subject], by: Option<&str>) -> Result<Self, String> {
        let headline = |id: &str| HEADLINES.iter().find(|one| one.id == id);
        let is_known = |one: &&Headline| subjects.iter().any(|subject| one.all(subject).next().is_some());
        let Some(by) = by else {
            let usual = USUAL.into_iter().filter_map(headline).find(is_known);
            return Ok(Self::Headline(usual.or(HEADLINES.iter().find(is_known)).unwrap_or(&HEADLINES[0])));
        };
        let wanted = by.trim().to_lowercase();
        let known: Vec<&Headline> = HEADLINES.iter().filter(is_known).collect();
        if let Some(found) = known.iter().find(|one| one.id == wanted || one.title == wanted) {
            return Ok(Self::Headline(found));
        }
        let mut numbers = subjects.iter().flat_map(|subject| &subject.numbers);
        if let Some(number) = numbers.find(|number| number.named.name.to_lowercase() == wanted) {
            return Ok(Self::Like(Box::new(number.clone())));
        }
        let parts: Vec<&Headline> =
            known.iter().copied().filter(|one| !wanted.is_empty() && one.title.contains(&wanted)).collect();
        if let [only] = parts[..] {
            return Ok(Self::Headline(only));
        }
        let (says, listed) =
            if parts.is_empty() { ("is no number of these runs", &known) } else { ("fits several numbers", &parts) };
        Err(format!("--by {by:?} {says}; it takes: {}, or any name under `quantity` in a cases.csv", list(listed)))
    }

    /// What the number is called.
    pub(super) fn title(&self) -> &str {
        match self {
            Self::Headline(headline) => headline.title,
            Self::Like(number) => &number.named.name,
        }
    }

    /// Returns the number of each run, all on one workload; `None` for a run that does not have it.
    pub(super) fn of_each<'a>(&self, subjects: &'a [Subject]) -> Vec<Option<&'a Number>> {
        let like = |number: &Number, subject: &'a Subject| subject.numbers.iter().find(|one| one.is_like(number));
        match self {
            Self::Headline(headline) => headline.of_each(subjects),
            Self::Like(number) => subjects.iter().map(|subject| like(number, subject)).collect(),
        }
    }

    fn is_ascending(&self) -> bool {
        match self {
            Self::Headline(headline) => headline.ascending,
            Self::Like(number) => {
                LESS.contains(&number.named.unit) != OTHERWISE.iter().any(|word| number.named.name.contains(word))
            }
        }
    }

    /// Returns the places of the runs, the best first; those without the number last.
    pub(super) fn sorted(&self, subjects: &[Subject]) -> Vec<usize> {
        let numbers = self.of_each(subjects);
        let value = |index: usize| {
            let value = numbers[index].map(|number| number.named.value);
            value.map_or(f64::INFINITY, |value| if self.is_ascending() { value } else { -value })
        };
        let mut places: Vec<usize> = (0..subjects.len()).collect();
        places.sort_by(|&one, &other| value(one).total_cmp(&value(other)));
        places
    }
}

/// Lists numbers by their short names, each with what a table calls it if that is another.
fn list(headlines: &[&Headline]) -> String {
    let one = |one: &&Headline| {
        if one.id == one.title { one.id.to_owned() } else { format!("{} ({})", one.id, one.title) }
    };
    headlines.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    /// A share that is serial is better if it is small, a speedup or a share that is used well if it is large.
    #[test]
    fn the_better_run_is_first() {
        let runs = [4.0, 64.0].map(|knee| Subject::read(fixture::run(vec![fixture::fixed_size(knee)])));
        for (by, ascending) in [
            ("speedup", false),
            ("whole-job speedup with enough workers", false),
            ("whole-job used well", false),
            ("whole-job serial share by the timers", true),
        ] {
            assert_eq!(Order::of(&runs, Some(by)).unwrap().is_ascending(), ascending, "{by}");
        }
        let order = Order::of(&runs, Some("speedup")).unwrap();
        assert_eq!(order.sorted(&runs), [1, 0], "the larger device is the faster one");
    }
}
