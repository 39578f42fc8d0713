//! Promise: the program is right about adapters that nobody here owns: two of one name, broken clocks, small limits.
//!
//! A driver of ours passes everything on to Mesa's software driver and changes what that tells about itself. Where it
//! cannot be built the tests are ignored with the reason; with `AMDAHL_REQUIRE_ADAPTER=1` they fail instead.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../common/mod.rs"]
mod common;
mod fake;
mod lanes;
mod scenarios;

use common::adapter;
use libtest_mimic::{Completion, Failed, Trial};

/// Makes a test of what a test needs, or of the reason why it is not there.
fn trial<T: Clone + Send + 'static>(
    needed: &Result<T, String>,
    name: &str,
    test: impl FnOnce(&T) -> Result<Completion, String> + Send + 'static,
) -> Trial {
    let needed = needed.clone();
    Trial::ignorable_test(name.to_owned(), move || match needed {
        Ok(needed) => Ok(test(&needed)?),
        Err(reason) if std::env::var_os("AMDAHL_REQUIRE_ADAPTER").is_some_and(|value| value == "1") => {
            Err(Failed::from(format!("AMDAHL_REQUIRE_ADAPTER=1, and {reason}")))
        }
        Err(reason) => Ok(Completion::ignored_with(reason)),
    })
}

fn main() {
    let fake = fake::Fake::build();
    let mut trials = scenarios::trials(&fake);
    trials.extend(lanes::trials(&fake::real_manifest()));
    adapter::run(trials)
}
