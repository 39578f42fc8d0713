//! By which number several devices are sorted.

use super::Subject;
use super::figures::Number;
use super::headline::{HEADLINES, Headline};
use crate::page::named::Unit;

/// The numbers that are tried if none is named.
const USUAL: [&str; 4] = ["compute", "copy", "speedup", "launch"];

/// The number that sorts the devices.
pub(super) enum Order {
    /// One of the headlines.
    Headline(&'static Headline),
    /// Any other, by its name.
    Named {
        /// The name.
        name: String,
        /// Whether less is better.
        ascending: bool,
    },
}

impl Order {
    /// Finds the number that is asked for, or a usual one that some run has.
    pub(super) fn of(subjects: &[Subject], by: Option<&str>) -> Result<Self, String> {
        let headline = |id: &str| HEADLINES.iter().find(|one| one.id == id);
        let is_known = |one: &&Headline| subjects.iter().any(|subject| one.find(subject).is_some());
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
            let ascending = number.named.unit == Unit::Seconds;
            return Ok(Self::Named { name: number.named.name.clone(), ascending });
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
            Self::Named { name, .. } => name,
        }
    }

    pub(super) fn find<'a>(&self, subject: &'a Subject) -> Option<&'a Number> {
        match self {
            Self::Headline(headline) => headline.find(subject),
            Self::Named { name, .. } => subject.numbers.iter().find(|number| number.named.name == *name),
        }
    }

    fn is_ascending(&self) -> bool {
        match self {
            Self::Headline(headline) => headline.ascending,
            Self::Named { ascending, .. } => *ascending,
        }
    }

    /// Returns the places of the runs, the best first; those without the number last.
    pub(super) fn sorted(&self, subjects: &[Subject]) -> Vec<usize> {
        let value = |index: usize| {
            let value = self.find(&subjects[index]).map(|number| number.named.value);
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
