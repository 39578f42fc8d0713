//! From entries to timings: what belongs together, what was left out, or what must be asked first.

use super::choices::answers;
use super::columns::{Columns, Doubts, theirs};
use super::group;
use super::growth::Growth;
use super::mapping::Mapping;
use super::names::Kind;
use super::parts::{Part, Plan, Trouble, parts, results};
use super::question::View;
use super::rows::Entries;
use super::{ReadError, Reading, Timings, cell, error};
use crate::units::Decimal;

/// Most values of the settings in `by`.
const MOST_PARTS: usize = 100;

/// Values of a setting that a sentence names.
const NAMED: usize = 5;

/// Everything that is known when the file is read.
pub(super) struct Read<'a> {
    pub(super) view: &'a View,
    pub(super) columns: &'a Columns,
    pub(super) entries: &'a Entries,
    pub(super) doubts: &'a Doubts,
}

impl Read<'_> {
    /// Makes timings, or asks.
    pub(super) fn settle(&self) -> Result<Reading, ReadError> {
        if self.entries.list.is_empty() {
            return self.nothing();
        }
        let plan = self.plan();
        let doubts = &self.doubts.sentences;
        match parts(&self.entries.list, &plan) {
            Ok(_) if !doubts.is_empty() => self.ask(doubts.join("; "), self.confirmations()),
            Ok(parts) if parts.len() > MOST_PARTS => {
                error(format!("--by makes {} fits, more than {MOST_PARTS}; keep some values with --where", parts.len()))
            }
            Ok(parts) => self.reading(&parts),
            Err(trouble) => {
                let answers = answers(self, &plan, &trouble);
                let text: Vec<String> = doubts.iter().cloned().chain([self.text(&trouble)]).collect();
                if answers.is_empty() { error(text.join("; ")) } else { self.ask(text.join("; "), answers) }
            }
        }
    }

    fn ask(&self, text: String, answers: Vec<(String, Mapping)>) -> Result<Reading, ReadError> {
        Err(ReadError::Ask(Box::new(self.view.ask(text, self.columns, answers))))
    }

    /// What was taken, and the other meaning of a mark or of the rows.
    fn confirmations(&self) -> Vec<(String, Mapping)> {
        let taken = &self.doubts.taken;
        let mut all = vec![("If that is right".to_owned(), taken.clone())];
        if let Some(rate) = &self.doubts.rate {
            let mut by_rate = taken.clone();
            by_rate.columns.retain(|pair| pair.starts_with("workers="));
            by_rate.columns.push(rate.clone());
            all = vec![
                ("More workers do more work, and the rate counts".to_owned(), by_rate),
                ("Each row is the same job all the same, and the time counts".to_owned(), taken.clone()),
            ];
        }
        let Some(mark) = self.doubts.unsure_mark else { return all };
        let other = if mark == Decimal::Comma { Decimal::Point } else { Decimal::Comma };
        let meanings = [("begins the fraction", mark), ("sets thousands apart", other)];
        let both = all.iter().flat_map(|(what, mapping)| {
            let before = self.doubts.rate.as_ref().map_or(String::new(), |_| format!("{what}. "));
            meanings.map(|(does, decimal)| {
                let what = format!("{before}A {} {does}", mark.name());
                (what, Mapping { decimal: Some(decimal), ..mapping.clone() })
            })
        });
        both.collect()
    }

    /// Says why there is no row.
    fn nothing(&self) -> Result<Reading, ReadError> {
        let left = self.entries.left_out.phrases();
        if self.entries.unwanted > 0 && left.is_empty() {
            return error(format!("no row is wanted by --where; {} rows have other values", self.entries.unwanted));
        }
        if left.is_empty() {
            return error("has a header and no rows; add rows of at least two worker counts");
        }
        error(format!("has no row with a value: {}", left.join(", ")))
    }

    /// The place of a column among an entry's settings.
    fn at(&self, column: usize) -> Option<usize> {
        self.entries.columns.iter().position(|other| *other == column)
    }

    fn plan(&self) -> Plan {
        let places = |columns: &[usize]| columns.iter().filter_map(|&column| self.at(column)).collect();
        Plan {
            by: places(&self.columns.by),
            has_work: self.columns.work.is_some(),
            sizes: places(&self.columns.sizes),
            shares: places(&self.columns.shares),
            unknown: places(&self.columns.unknown),
            says_weak: self.columns.weak.is_some(),
            are_times: matches!(self.columns.kind, Kind::Time(_)),
            mark: self.columns.mark,
            ..Plan::default()
        }
    }

    /// The name of a setting in sentences.
    pub(super) fn name(&self, at: usize) -> &str {
        &self.columns.names[self.entries.columns[at]]
    }

    /// How an option names a setting.
    pub(super) fn theirs(&self, at: usize) -> String {
        theirs(self.view.names.as_deref(), self.view.titles, self.entries.columns[at])
    }

    /// The different values of a setting, in the order of the file.
    pub(super) fn values(&self, at: usize) -> Vec<&str> {
        let mut values: Vec<&str> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for entry in &self.entries.list {
            if seen.insert(&entry.settings[at]) {
                values.push(&entry.settings[at]);
            }
        }
        values
    }

    /// Says what the trouble is, without a full stop.
    fn text(&self, trouble: &Trouble) -> String {
        match trouble {
            Trouble::Differ(settings) => {
                let named: Vec<String> = settings.iter().map(|&at| self.named(at)).collect();
                format!("rows of one worker count differ in {}; they are no repetitions", named.join("; in "))
            }
            Trouble::Changes(at) => {
                format!("{} changes with the workers, but not in proportion: the rows are not one job", self.named(*at))
            }
            Trouble::MayGrow(settings) => {
                let named: Vec<String> = settings.iter().map(|&at| self.named(at)).collect();
                let what = if named.len() > 1 { "the product of " } else { "" };
                format!("{what}{} grows with the workers, as the size of a growing job does", named.join(" and "))
            }
            Trouble::OneCount if self.columns.by.is_empty() => {
                let left = self.entries.left_out.phrases();
                let left = if left.is_empty() { String::new() } else { format!(". Left out: {}", left.join("; ")) };
                let count = self.entries.list[0].workers;
                format!(
                    "every row has the worker count {count}; a speedup needs at least two counts, a law that you \
                     name three, the choice of a law six{left}"
                )
            }
            Trouble::OneCount => {
                let names: Vec<String> =
                    self.columns.by.iter().map(|&by| format!("`{}`", self.columns.names[by])).collect();
                format!("no value of {} has two worker counts", names.join(" and "))
            }
            Trouble::NoTimes => format!(
                "the column `{}` needs a column of times, but `{}` holds none: jobs of different sizes are compared by \
                 time. Add a column seconds, or give one fit for each size with --by",
                self.columns.work.map_or("work", |work| &self.columns.names[work]),
                self.columns.names[self.columns.values[0]]
            ),
            Trouble::NoSize(at, fault) => format!("a cell of `{}` {fault}", self.name(*at)),
        }
    }

    /// A setting with its first values.
    fn named(&self, at: usize) -> String {
        let values = self.values(at);
        format!("`{}` ({})", self.name(at), cell::first(NAMED, values.into_iter().map(cell::short)))
    }

    fn reading(&self, parts: &[Part<'_>]) -> Result<Reading, ReadError> {
        let notes = self.notes();
        let timings =
            |part: &Part<'_>| Ok((part.values.join(", "), Timings { notes: notes.clone(), ..self.timings(part)? }));
        let good = parts.iter().filter(|part| part.counts() > 1);
        let parts_read: Vec<(String, Timings)> = good.map(timings).collect::<Result<_, ReadError>>()?;
        let skipped = parts.iter().filter(|part| part.counts() < 2).map(|part| part.values.join(", ")).collect();
        let by = self.columns.by.iter().map(|&by| self.columns.names[by].clone()).collect();
        Ok(Reading { by, parts: parts_read, skipped })
    }

    fn timings(&self, part: &Part<'_>) -> Result<Timings, ReadError> {
        let columns = self.columns;
        let mut timings = group::timings(part, columns)?;
        let weak = part.weak.map(|(at, growth)| {
            let named = if growth == Growth::Said { columns.weak } else { columns.work };
            let work = named.map_or("work", |work| columns.names[work].as_str());
            let is_title = at.is_some_and(|at| self.view.titles == Some(self.entries.columns[at]));
            super::Weak { column: at.map_or(work, |at| self.name(at)).to_owned(), growth, is_title }
        });
        let used: Vec<&str> = weak.iter().map(|weak| weak.column.as_str()).collect();
        let read = columns.workers.iter().chain(&columns.values).chain(&columns.work).chain(&columns.by);
        let read: Vec<usize> = read.copied().collect();
        let shown = self.view.names.as_ref().map_or(0, Vec::len);
        let product = self.doubts.taken.work.as_deref().unwrap_or_default();
        let is_side = |name: &String| product.split('*').any(|side| side.trim().eq_ignore_ascii_case(name));
        timings.unread = (0..shown)
            .filter(|column| !read.contains(column) && !self.is_untitled_block(*column))
            .map(|column| match columns.names[column].trim() {
                "" => format!("column {}", column + 1),
                name => name.to_owned(),
            })
            .filter(|name| !used.contains(&name.as_str()) && !is_side(name))
            .collect();
        timings.weak = weak;
        timings.left_out = self.entries.left_out.clone();
        Ok(timings)
    }

    /// Whether a column was made of comments, and tells nothing apart.
    fn is_untitled_block(&self, column: usize) -> bool {
        self.view.block == Some(column)
    }

    /// What a reader should know of the reading.
    fn notes(&self) -> Vec<(String, String)> {
        let note = |name: &str, text: String| (name.to_owned(), text);
        let columns = self.columns;
        let mut notes = columns.notes.clone();
        if columns.workers_name() != "workers" && notes.iter().all(|(name, _)| name != "workers") {
            notes.push(note("workers", format!("`{}`", columns.workers_name())));
        }
        let has_errors = |row: &super::record::Record| {
            columns.values.iter().any(|&value| row.get(value).is_some_and(cell::has_error))
        };
        if self.view.rows.iter().any(has_errors) {
            notes.push(note("errors", "what follows ± is not read; single runs give an interval".to_owned()));
        }
        if columns.mark == Decimal::Comma {
            notes.push(note("numbers", "a comma begins the fraction".to_owned()));
        }
        if !columns.only.is_empty() {
            let only: Vec<String> =
                columns.only.iter().map(|only| format!("{} = {}", columns.names[only.column], only.value)).collect();
            notes.push(note("only", format!("{}; {} other rows", only.join(", "), self.entries.unwanted)));
        }
        notes.extend(super::changing::sentences(self).into_iter().map(|text| note(super::NOT_ONE_SETTING, text)));
        let left = self.entries.left_out.phrases();
        if !left.is_empty() {
            notes.push(note("left out", left.join("; ")));
        }
        let differing = results(&self.entries.list).into_iter().filter(|_| self.entries.list.len() > 1);
        let dropped = self.entries.dropped.iter().copied().chain(differing.map(|at| self.entries.columns[at]));
        let constant_group = |column: &usize| !columns.sizes.contains(column) && !columns.by.contains(column);
        let dropped: Vec<String> =
            dropped.filter(constant_group).map(|column| format!("`{}`", columns.names[column])).collect();
        if !dropped.is_empty() && self.entries.list.iter().any(|entry| entry.times.given > 1) {
            notes.push(note("no setting", format!("{}: too many values; taken for results", dropped.join(", "))));
        }
        if self.entries.list.iter().any(|entry| entry.times.given > entry.times.kept.len() as u64) {
            let most = crate::units::count(super::reservoir::MOST as u64);
            notes.push(note("drawn", format!("a random sample of each count with more than {most} timings")));
        }
        notes
    }
}
