//! Which rank the others wait for.
//!
//! Ranks enter a communication together and leave it together. So the last to arrive waits least in it, and what the
//! others spend there beyond the last one's time is waiting. The clocks of the ranks need not agree.

use serde::Serialize;

use super::rows::Row;

/// Smallest waiting that is told, as a share of a step.
const LEAST: f64 = 0.05;

/// A rank that the others wait for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Straggler {
    pub(super) rank: u64,
    /// Its place among the workers.
    #[serde(skip)]
    pub(super) index: usize,
    /// Steps in which it is the last.
    pub(super) last_in_steps: usize,
    /// Steps that all ranks have; one if no step is marked.
    pub(super) of_steps: usize,
    /// Mean exposed communication of the others beyond its own, in a step.
    pub(super) others_wait_seconds: f64,
}

/// What each worker waits for the last one, on average of the steps, and the straggler if there is one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Waiting {
    pub(super) seconds: Vec<f64>,
    pub(super) straggler: Option<Straggler>,
}

/// Compares the exposed communication of the workers, step by step; `None` of a single one.
///
/// A straggler is the last in more than half the steps, and costs the others at least 5 % of a step.
pub(super) fn waiting(rows: &[Row]) -> Option<Waiting> {
    if rows.len() < 2 {
        return None;
    }
    let rounds = rounds(rows);
    let count = rounds.len().max(1) as f64;
    let mut seconds = vec![0.0; rows.len()];
    let mut last = vec![0; rows.len()];
    for round in &rounds {
        let least = round.iter().copied().fold(f64::INFINITY, f64::min);
        for (sum, exposed) in seconds.iter_mut().zip(round) {
            *sum += (exposed - least) / count;
        }
        if let Some(index) = round.iter().position(|exposed| *exposed == least) {
            last[index] += 1;
        }
    }
    let index = (0..rows.len()).max_by_key(|&index| last[index])?;
    let others = (rows.len() - 1) as f64;
    let beyond = |round: &Vec<f64>| round.iter().map(|exposed| exposed - round[index]).sum::<f64>() / others;
    let others_wait_seconds = rounds.iter().map(beyond).sum::<f64>() / count;
    let step = rows.iter().map(|row| row.step.seconds).sum::<f64>() / rows.len() as f64;
    let is_one = 2 * last[index] > rounds.len() && others_wait_seconds >= LEAST * step;
    let straggler = is_one.then(|| Straggler {
        rank: rows[index].rank,
        index,
        last_in_steps: last[index],
        of_steps: rounds.len(),
        others_wait_seconds,
    });
    Some(Waiting { seconds, straggler })
}

/// Returns the exposed communication of every worker in each step that all have; the whole time if there is none.
fn rounds(rows: &[Row]) -> Vec<Vec<f64>> {
    let exposed = |row: &Row, number| {
        let place = row.steps.binary_search_by_key(&number, |step| step.number).ok()?;
        Some(row.steps[place].times.exposed_seconds)
    };
    let of_step = |number| rows.iter().map(|row| exposed(row, number)).collect::<Option<Vec<f64>>>();
    let steps: Vec<Vec<f64>> = rows[0].steps.iter().filter_map(|step| of_step(step.number)).collect();
    if steps.is_empty() { vec![rows.iter().map(|row| row.whole.exposed_seconds).collect()] } else { steps }
}

#[cfg(test)]
mod tests {
    use super::super::worker::{Step, Times};
    use super::*;

    /// A rank with steps of one second and this exposed communication.
    fn rank(rank: u64, exposed: &[f64]) -> Row {
        let times =
            |exposed_seconds: &f64| Times { seconds: 1.0, exposed_seconds: *exposed_seconds, ..Times::default() };
        let steps = exposed.iter().map(times).zip(0..).map(|(times, number)| Step { number, times }).collect();
        Row { rank, steps, step: times(&exposed[0]), ..Row::default() }
    }

    #[test]
    fn the_last_waits_least_and_the_others_wait_for_it() {
        let rows = [rank(4, &[0.3, 0.3, 0.3]), rank(7, &[0.1, 0.1, 0.3]), rank(9, &[0.2, 0.2, 0.2])];
        let found = waiting(&rows).unwrap();
        let straggler = found.straggler.unwrap();
        assert_eq!((straggler.rank, straggler.last_in_steps, straggler.of_steps), (7, 2, 3));
        // (0.2 + 0.1)/2 twice, then (0 − 0.1)/2.
        assert!((straggler.others_wait_seconds - (0.15 + 0.15 - 0.05) / 3.0).abs() < 1e-12);
        assert!((found.seconds[0] - (0.2 + 0.2 + 0.1) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn small_or_changing_differences_make_no_straggler() {
        assert_eq!(waiting(&[rank(0, &[0.30]), rank(1, &[0.27])]).unwrap().straggler, None);
        let turns = [rank(0, &[0.1, 0.5, 0.1, 0.5]), rank(1, &[0.5, 0.1, 0.5, 0.1])];
        assert_eq!(waiting(&turns).unwrap().straggler, None);
        assert_eq!(waiting(&turns[..1]), None);
    }
}
