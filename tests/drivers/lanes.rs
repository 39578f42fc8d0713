//! How many invocations a software GPU runs at once is known beforehand: its threads, each with a vector unit.

use std::path::PathBuf;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::common::adapter::{Claim, demand};
use crate::common::{binary, number};
use crate::fake::with_drivers;
use crate::trial;

/// Tries, since something else may keep a core busy for a while.
const TRIES: usize = 3;

pub(crate) fn trials(real: &Result<PathBuf, String>) -> Vec<Trial> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let settings = [(1, 128), (1, 256), (2, 128), (2, 256)];
    let possible = settings.into_iter().filter(|(threads, _)| *threads <= cores);
    let test = |(threads, bits)| {
        let name = format!("{}_lanes_of_{bits}_bits_for_each_thread_are_found", threads * bits / 32);
        trial(real, &name, move |real| lanes(real, threads, bits))
    };
    possible.map(test).collect()
}

/// The knee of a run on so many threads with vectors of so many bits is at the lanes that they have together.
fn lanes(real: &PathBuf, threads: usize, bits: usize) -> Claim {
    let lanes = (threads * bits / 32) as f64;
    let mut seen = Vec::new();
    for _ in 0..TRIES {
        let reading = measured(real, threads, bits)?;
        let knee = &reading["knee"];
        if knee.is_object() && (number(&knee["low"])..=number(&knee["high"])).contains(&lanes) {
            return Ok(());
        }
        seen.push(format!("{} {} {knee}", reading["verdict"], reading["reason"]));
    }
    demand(false, || format!("{lanes} lanes are not in the interval of the knee: {}", seen.join("; ")))
}

/// What a run of `fixed-size` finds about the kernel.
fn measured(real: &PathBuf, threads: usize, bits: usize) -> Result<Value, String> {
    let mut command = binary();
    with_drivers(&mut command, &[real]);
    command.env("LP_NUM_THREADS", threads.to_string()).env("LP_NATIVE_VECTOR_WIDTH", bits.to_string());
    command.args(["run", "fixed-size", "--workload", "fma", "--no-save", "--format", "json"]);
    let output = command.output().map_err(|error| error.to_string())?;
    let run: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    demand(run["device"]["kind"] == "software", || run["device"].to_string())?;
    Ok(run["experiments"][0]["reading"]["kernel"].clone())
}
