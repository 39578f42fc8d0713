//! How many invocations a software GPU runs at once is known beforehand: its threads, each with a vector unit.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use libtest_mimic::{Completion, Trial};
use serde_json::Value;

use crate::common::adapter::demand;
use crate::common::{binary, number};
use crate::fake::with_drivers;
use crate::trial;

/// Tries, since something else may keep a core busy for a while.
const TRIES: usize = 5;

/// Cores that others may keep busy, on average over a try: more of them take lanes away.
const OTHERS: f64 = 0.1;

/// Ticks of the system's account of processor time in a second.
const TICKS: f64 = 100.0;

pub(crate) fn trials(real: &Result<PathBuf, String>) -> Vec<Trial> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let settings = [(1, 128), (1, 256), (2, 128), (2, 256)];
    let possible = settings.into_iter().filter(|(threads, _)| *threads <= cores);
    let test = |(threads, bits)| {
        let name = format!("{threads}x{bits}_bits_are_found_as_{}_lanes", threads * bits / 32);
        trial(real, &name, move |real| lanes(real, threads, bits))
    };
    possible.map(test).collect()
}

/// Of its vector units a processor may lend a second thread this share only: two threads of one core share them. It is
/// more than half, so that one thread's lanes are not taken for two threads'.
const SHARED: f64 = 0.75;

/// How far an interval may miss, over the number: disturbances of minutes are in no interval of seconds.
const SLACK: f64 = 1.05;

/// An interval of the lanes is narrower than this factor.
const WIDEST: f64 = 1.5;

/// The knee of a run on so many threads with vectors of so many bits is at the lanes that they have together. A try
/// beside others that need the processor tells nothing where it is not.
fn lanes(real: &PathBuf, threads: usize, bits: usize) -> Result<Completion, String> {
    let lanes = (threads * bits / 32) as f64;
    let fewest = if threads > 1 { SHARED * lanes } else { lanes };
    let mut missed = Vec::new();
    for _ in 0..TRIES {
        let (start, before) = (Instant::now(), others());
        let reading = measured(real, threads, bits)?;
        let knee = &reading["knee"];
        // An interval that holds everything finds nothing.
        let meets = |low: f64, high: f64| low / SLACK <= lanes && fewest <= high * SLACK && high < WIDEST * low;
        if knee.is_object() && meets(number(&knee["low"]), number(&knee["high"])) {
            return Ok(Completion::Completed);
        }
        if others() - before <= OTHERS * start.elapsed().as_secs_f64() {
            missed.push(format!("{} {} {knee}", reading["verdict"], reading["reason"]));
        }
    }
    if missed.is_empty() {
        return Ok(Completion::ignored_with("something else kept the processor busy"));
    }
    Err(format!("{lanes} lanes are not in the interval of the knee: {}", missed.join("; ")))
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

/// Seconds of all cores that went to others than this process and its children, since the machine started; 0 where the
/// system does not tell.
fn others() -> f64 {
    let fields = |file: &str, wanted: &[usize]| -> f64 {
        let text = fs::read_to_string(file).unwrap_or_default();
        // The name of a process may hold anything, up to its closing bracket.
        let line = text.lines().next().unwrap_or_default();
        let line = line.rsplit_once(')').map_or(line, |(_, rest)| rest);
        let words: Vec<&str> = line.split_whitespace().collect();
        wanted.iter().filter_map(|&at| words.get(at)?.parse::<f64>().ok()).sum()
    };
    // User, nice, system, both kinds of interrupts, stolen; and user and system of the process and of its children.
    let all = fields("/proc/stat", &[1, 2, 3, 6, 7, 8]);
    let own = fields("/proc/self/stat", &[11, 12, 13, 14]);
    (all - own) / TICKS
}
