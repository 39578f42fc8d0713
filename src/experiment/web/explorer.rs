//! The laws without a run: the table and the picture that the explorer begins with.

use crate::law::speedup::{amdahl, gustafson};
use crate::page::block::{Block, Table};
use crate::page::html::Explorer;
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::stats::Estimate;
use crate::units;

/// Serial fractions of the table.
const FRACTIONS: [f64; 3] = [0.5, 0.1, 0.02];

/// The one that is drawn.
const DRAWN: f64 = 0.1;

/// Most workers that are drawn: on equal steps the bend is seen.
const MOST_DRAWN: f64 = 64.0;

/// Worker counts.
const WORKERS: [u32; 8] = [1, 2, 4, 8, 16, 64, 256, 1024];

const LAW: &str = "A part s of a job does not get shorter with more workers. Amdahl: the same job becomes \
    1/(s + (1 - s)/p) times faster on p workers, never more than 1/s. Gustafson: a job that grows with the workers \
    is done p - s(p - 1) times faster than one worker would do it; there s is the share on p workers.";

/// Returns both laws for a few serial fractions, as a picture and as a table.
pub(super) fn laws() -> Explorer {
    Explorer { law: LAW, picture: plot().map(Block::Plot), numbers: vec![Block::Table(table())] }
}

fn plot() -> Option<Plot> {
    let points = |law: fn(f64, f64) -> f64| {
        let exact = |value| Estimate { value, low: value, high: value };
        let drawn = WORKERS.into_iter().map(f64::from).filter(|workers| *workers <= MOST_DRAWN);
        drawn.map(|workers| (workers, exact(law(DRAWN, workers)))).collect()
    };
    let share = units::percent(DRAWN);
    let series = vec![
        Points { name: format!("same job (Amdahl), s = {share}"), points: points(amdahl) },
        Points { name: "bigger job (Gustafson)".to_owned(), points: points(gustafson) },
    ];
    let range = Some((1.0, MOST_DRAWN));
    let laws = vec![
        Law::of_series(0, "", range, |workers| Some(amdahl(DRAWN, workers))),
        Law::of_series(1, "", range, |workers| Some(gustafson(DRAWN, workers))),
        Law::to_compare(&format!("ceiling 1/s = {}", units::count((1.0 / DRAWN) as u64)), |_| Some(1.0 / DRAWN)),
    ];
    let (x, y) = (Axis::counts("workers").linear(), Axis::counts("times one worker").linear());
    Plot::of(x, y, series, laws)
}

fn table() -> Table {
    let mut table = Table::new(&["workers"]);
    for law in ["same job", "bigger job"] {
        table.heads.extend(FRACTIONS.map(|share| format!("{law}, s = {}", units::percent(share))));
    }
    for workers in WORKERS.map(f64::from) {
        let amdahl = FRACTIONS.map(|share| units::hundredths(amdahl(share, workers)));
        let gustafson = FRACTIONS.map(|share| units::hundredths(gustafson(share, workers)));
        table.push([units::count(workers as u64)].into_iter().chain(amdahl).chain(gustafson));
    }
    table
}
