//! The races by which the fastest variant of each problem was chosen, as a table in the section.

use crate::measure;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::{Case, Measured, Tournament};
use crate::units::{self, ABSENT};

/// Races that a table has room for: the largest problems say the most.
const FEW: usize = 4;

/// The races with their winners marked; nothing where none was held.
pub(super) fn blocks(measured: &Measured) -> Vec<Block> {
    let mut races: Vec<&Tournament> = measured.tournaments.iter().collect();
    races.sort_by_key(|race| race.problem.n());
    let races = &races[races.len().saturating_sub(FEW)..];
    let Some(first) = races.first() else { return Vec::new() };
    let mut table = Table::new(&["variant"]).words(&[0]);
    table.heads.extend(races.iter().map(|race| head(race)));
    for (index, tried) in first.tried.iter().enumerate() {
        let mut row = vec![tried.variant.to_string()];
        row.extend(races.iter().map(|race| cell(race, index)));
        table.push(row);
    }
    vec![Block::Table(table), Block::text(explained())]
}

/// The problem, in lines short enough that four stand side by side.
fn head(race: &Tournament) -> String {
    words::amount(race.problem).replace(" x ", " x\n").replacen(" matri", "\nmatri", 1).replacen(" elem", "\nelem", 1)
}

fn explained() -> String {
    format!(
        "The race: every variant ran a few times on each problem, where it takes any workgroup size in a few. › marks \
         the one that computes the cases above: the first that is within {} of the fastest. Only its results were \
         checked. Times are the shortest kernels. No time: it could not run, or was far behind on a smaller problem.",
        units::whole_percent(measure::AS_FAST)
    )
}

fn cell(race: &Tournament, index: usize) -> String {
    let seconds = race.tried.get(index).and_then(|tried| tried.seconds);
    let mark = if race.winner == Some(index) { "› " } else { "" };
    seconds.map_or_else(|| ABSENT.to_owned(), |seconds| format!("{mark}{}", units::seconds(seconds)))
}

/// The variant that computes a case, if its problem had a race.
pub(super) fn variant(case: &Case) -> String {
    case.variant.map_or_else(|| ABSENT.to_owned(), |variant| variant.to_string())
}
