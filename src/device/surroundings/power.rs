//! Finds the power source: battery or mains.

use std::path::Path;
use std::process::Command;

use super::{entries, text};
use crate::record::{Power, Told};

/// Returns the power source: on Linux from files below `root`, on macOS from `pmset`.
pub(super) fn source(root: &Path) -> Told<Power> {
    if cfg!(target_os = "macos") {
        return Command::new("pmset").args(["-g", "batt"]).output().map_or_else(
            |error| Told::absent(format!("`pmset -g batt` did not run: {error}")),
            |output| said(&String::from_utf8_lossy(&output.stdout)),
        );
    }
    if cfg!(windows) {
        return Told::absent("not asked on Windows");
    }
    let supplies = entries(&root.join("class/power_supply"), "");
    let is = |supply: &Path, file: &str, word: &str| text(&supply.join(file)).is_some_and(|text| text == word);
    let is_battery = |supply: &Path| is(supply, "type", "Battery");
    // Mice and headsets also show their batteries here.
    let mut batteries =
        supplies.iter().filter(|supply| is_battery(supply) && !is(supply, "scope", "Device")).peekable();
    if supplies.iter().any(|supply| !is_battery(supply) && is(supply, "online", "1")) {
        return Told::known(Power::Mains);
    }
    if batteries.peek().is_none() {
        return Told::absent("the system shows neither a battery nor a power adapter");
    }
    let feeds = batteries.any(|battery| is(battery, "status", "Discharging"));
    Told::known(if feeds { Power::Battery } else { Power::Mains })
}

/// Reads the answer of macOS. Its first line names the source.
fn said(answer: &str) -> Told<Power> {
    if answer.contains("'Battery Power'") {
        Told::known(Power::Battery)
    } else if answer.contains("'AC Power'") {
        Told::known(Power::Mains)
    } else {
        Told::absent("`pmset -g batt` names no power source")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_macos_is_read() {
        let battery = "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t87%; discharging; 5:12 remaining";
        assert_eq!(said(battery).value, Some(Power::Battery));
        assert_eq!(said("Now drawing from 'AC Power'\n").value, Some(Power::Mains));
        assert!(said("").reason.is_some());
    }
}
