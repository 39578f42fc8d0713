//! The facts about the table that was read.

use super::FitReport;
use crate::calculator::timings::Given;
use crate::units;

/// The fewest repetitions r whose range holds the true median with 95 %: its probability is 1 − 2^(1−r).
const LEAST_FOR_95: u64 = 6;

impl FitReport {
    /// Returns what the table held: names with their values.
    pub(super) fn data(&self) -> Vec<(String, String)> {
        let timings = &self.timings;
        let fact = |name: &str, value: String| (name.to_owned(), value);
        let rows = format!(
            "{} rows, {} worker counts{}",
            units::count(timings.rows as u64),
            units::count(timings.worker_counts as u64),
            self.repetitions()
        );
        let column = &timings.column;
        let values = match timings.given {
            Given::Seconds if timings.unit_stated => format!("`{column}`, in {}", timings.unit.unwrap_or("s")),
            Given::Seconds => format!("`{column}`, read as seconds; for another unit give --unit ms"),
            given => {
                format!("`{column}`; the law is fitted to {}, a relative time", given.time_unit().replace('/', " / "))
            }
        };
        let mut facts = vec![fact("rows", rows), fact("values", values)];
        facts.extend(timings.notes.iter().cloned());
        if timings.pooled {
            let text = "more than 100 worker counts: neighbours share a row, which shows their median";
            facts.push(fact("pooled", text.to_owned()));
        }
        if !timings.unread.is_empty() {
            facts.push(fact("not read", timings.unread.join(", ")));
        }
        facts
    }

    fn repetitions(&self) -> String {
        let counts = || self.timings.groups.iter().map(|group| group.seconds.count as u64);
        let (Some(least), Some(most)) = (counts().min(), counts().max()) else { return String::new() };
        if most == 1 {
            return ", one row each: the noise is unknown".to_owned();
        }
        let what = if self.timings.pooled { "rows in each" } else { "repetitions each" };
        let range = if least == most {
            units::count(least)
        } else {
            format!("{} to {}", units::count(least), units::count(most))
        };
        let fewest = counts().filter(|&count| count > 1).min().unwrap_or(2);
        let covers = 1.0 - 0.5_f64.powi(fewest.min(64) as i32 - 1);
        let brackets = match (fewest < LEAST_FOR_95, most < LEAST_FOR_95) {
            (true, true) => format!("the range, which holds the true one with {} or more", units::percent(covers)),
            (true, false) => {
                let from = format!("the 95 % interval (with fewer than {LEAST_FOR_95} repetitions the range");
                format!("{from}, which holds the true one with {} or more)", units::percent(covers))
            }
            (false, _) => "the 95 % interval".to_owned(),
        };
        format!(", {range} {what}; times are medians, (a–b) is {brackets}")
    }

    /// Returns what stands in brackets after a measured time, for the head of a column.
    pub(super) fn interval_head(&self) -> &'static str {
        let most = self.groups().iter().map(|group| group.seconds.count).max().unwrap_or(0) as u64;
        match most {
            0 | 1 => "",
            _ if most < LEAST_FOR_95 => " (range)",
            _ => " (95 %)",
        }
    }
}
