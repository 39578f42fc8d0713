//! Too few worker counts for a law: what Karp and Flatt's fraction still says.

use super::refused::Shown;
use super::sum::{Unit, Working, karp_flatt};
use super::{Part, SOME};
use crate::page::block::Block;

/// Returns the question of the serial fraction that each speedup alone implies; `None` for a single count. The fewest
/// workers count as one.
pub(super) fn part(shown: &[Shown], letter: &str) -> Option<Part> {
    let (first, more) = shown.split_first().filter(|(_, more)| !more.is_empty())?;
    let mut working = Working::default();
    let is_one = first.workers.value == 1.0;
    let mut fractions = Vec::new();
    for Shown { workers, time, .. } in more {
        let count = &workers.shown;
        let q = if is_one {
            workers.named("p")
        } else {
            working.step("q", workers / &first.workers.unnamed(), Unit::Plain)
        };
        let speedup = working.step(&format!("S({count})"), &first.time / time, Unit::Plain);
        fractions.push(working.step(&format!("e({count})"), karp_flatt(&speedup, &q), Unit::Plain));
    }
    let few = &first.workers.shown;
    let (q, of) = if is_one { ("p", "") } else { ("q", " of the time on the fewest workers") };
    let counted = if is_one {
        String::new()
    } else {
        format!("Nothing was measured on one worker, so count {few} workers as one: q = p/{few}. ")
    };
    let asks = format!(
        "{counted}Karp and Flatt turn Amdahl's law around: with S(p) = {letter}({few})/{letter}(p), \
         e = (1/S - 1/{q})/(1 - 1/{q}) is the serial share{of} that one speedup alone implies. Compute it for every \
         other count. What is left to check the law with?"
    );
    let said = match fractions.as_slice() {
        [_] => "Nothing: two times give one speedup, and any speedup gives some e. A law needs counts that could \
                contradict it."
            .to_owned(),
        all => {
            let shown: Vec<&str> = all.iter().map(|one| one.shown.as_str()).collect();
            format!(
                "Only whether e stays the same: {}. So few counts cannot tell a serial part from a cost that grows or \
                 from full hardware.",
                shown.join(", ")
            )
        }
    };
    Some(Part::new(asks, SOME, vec![Block::Lines(working.lines), Block::Text(said)]))
}
