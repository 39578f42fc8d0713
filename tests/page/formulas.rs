//! The formulas of the script against those of the library, on a grid.

use std::io::Write as _;
use std::process::{Command, Stdio};

use amdahl::law::predict::{Step, predict};
use amdahl::law::speedup::{ceiling, efficiency, gustafson};
use amdahl::law::what_if::{Job, Overhead, Part};
use amdahl::law::{Curve, Knee};
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::common::{self, amdahl, items};
use crate::{node, path, trial};

/// Serial fractions.
const FRACTIONS: [f64; 8] = [0.0, 1e-6, 0.001, 0.02, 0.1, 0.5, 0.9, 1.0];

/// Worker counts.
const WORKERS: [f64; 8] = [1.0, 2.0, 3.0, 8.0, 64.0, 100.0, 1024.0, 1_048_576.0];

/// Costs of each extra worker.
const COSTS: [f64; 3] = [0.0, 1e-6, 1e-3];

/// Hardware: lanes, and how they fill up.
const HARDWARE: [Option<(f64, Option<f64>)>; 5] =
    [None, Some((16.0, None)), Some((2048.0, None)), Some((16.0, Some(1.5))), Some((300.0, Some(4.0)))];

/// Relative difference that rounding explains, and that a search for the top of a curve may leave.
const EXACT: f64 = 1e-12;
const SEARCHED: f64 = 1e-6;

/// Calls the functions, each with its arguments, and prints what they return.
const CALLS: &str = "
    require(process.argv[1]);
    const calls = JSON.parse(require('fs').readFileSync(0, 'utf8'));
    console.log(JSON.stringify(calls.map(([name, ...given]) => globalThis.amdahl[name](...given))));
";

/// A function of the script with its arguments, what the library says, and how far apart they may be.
type Call = (Value, Option<f64>, f64);

/// Makes the calls of one test.
type Grid = fn() -> Vec<Call>;

pub(crate) fn trials() -> Vec<Trial> {
    let grids: [(&str, Grid); 6] = [
        ("the_script_knows_both_laws", both_laws),
        ("the_script_knows_the_hardware", hardware),
        ("the_script_knows_profiles_taken_on_many_workers", profiles),
        ("the_script_says_of_a_profile_what_predict_says", predicted),
        ("the_script_knows_the_effective_curve", effective_curve),
        ("the_script_knows_jobs_without_some_phases", without_phases),
    ];
    grids.map(|(name, grid)| trial(name, node(), move |node| agree(&node, &grid()))).into()
}

/// Compares the script with the library.
fn agree(node: &str, calls: &[Call]) -> Result<(), Failed> {
    let mut started = Command::new(node)
        .args(["-e", CALLS])
        .arg(path("src/page/html/formulas.js"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let given: Vec<&Value> = calls.iter().map(|(call, ..)| call).collect();
    started.stdin.take().unwrap().write_all(&serde_json::to_vec(&given)?)?;
    let returned: Vec<Value> = serde_json::from_slice(&started.wait_with_output()?.stdout)?;
    assert_eq!(returned.len(), calls.len());
    for (found, (call, expected, tolerance)) in returned.iter().zip(calls) {
        let is_same = match (found.as_f64(), expected) {
            (Some(found), Some(expected)) => (found - expected).abs() <= tolerance * expected.abs(),
            (None, None) => found.is_null(),
            _ => false,
        };
        if !is_same {
            return Err(format!("{call} is {found} in the script, {expected:?} in the library").into());
        }
    }
    Ok(())
}

fn both_laws() -> Vec<Call> {
    let mut calls = Vec::new();
    for s in FRACTIONS {
        let prediction = predict(s, &WORKERS).unwrap();
        for row in &prediction.rows {
            let p = row.workers;
            calls.push((json!(["amdahl", s, p]), Some(row.amdahl), EXACT));
            calls.push((json!(["gustafson", s, p]), Some(row.gustafson), EXACT));
            calls.push((json!(["efficiency", row.amdahl, p]), Some(efficiency(row.amdahl, p)), EXACT));
        }
        calls.push((json!(["ceiling", s]), ceiling(s), EXACT));
        let law = json!({ "s": s, "lanes": null, "shape": null, "cost": 0.0 });
        calls.push((json!(["workersForShare", law, 0.9]), prediction.workers_at_90_percent, EXACT));
    }
    calls
}

fn hardware() -> Vec<Call> {
    let mut calls = Vec::new();
    for (lanes, s, kappa) in
        HARDWARE.into_iter().flat_map(|lanes| FRACTIONS.map(|s| (lanes, s))).flat_map(|(l, s)| COSTS.map(|k| (l, s, k)))
    {
        let knee = lanes.map(|(workers, shape)| Knee { workers, shape });
        let curve = Curve { seconds_at_one: 1.0, serial_fraction: s, knee, kappa, per_doubling: 0.0 };
        let (full, shape) = (lanes.map(|(full, _)| full), lanes.and_then(|(_, shape)| shape));
        let law = json!({ "s": s, "lanes": full, "shape": shape, "cost": kappa });
        for p in WORKERS {
            calls.push((json!(["speedup", law, p]), Some(curve.speedup(p)), EXACT));
            // The grown job: p times the parallel part, which p workers share.
            let time = s + (1.0 - s) * p * curve.parallel_time(p) + kappa * (p - 1.0);
            calls.push((json!(["biggerJob", law, p]), Some(gustafson(s, p) / time), EXACT));
        }
        calls.push((json!(["attainable", law]), curve.attainable_ceiling(), SEARCHED));
        calls.push((json!(["peakWorkers", law]), curve.peak_workers(), 1e-2));
        // A flat top is found to the accuracy of arithmetic, which is that of the root of its workers.
        let tolerance = if kappa > 0.0 { 1e-3 } else { EXACT };
        calls.push((json!(["workersForShare", law, 0.9]), curve.workers_at_share(0.9, 1.0), tolerance));
    }
    calls
}

/// A profile that takes Ts and Tp on K workers takes Ts and K Tp on one: s(1) = Ts/(Ts + K Tp).
fn profiles() -> Vec<Call> {
    let mut calls = Vec::new();
    for (serial, parallel) in [(22.0, 78.0), (0.0, 1.0), (1.0, 0.0), (0.02, 1.8), (60.0, 240.0)] {
        for k in WORKERS {
            let share: f64 = serial / (serial + parallel);
            let fraction = serial / (serial + k * parallel);
            calls.push((json!(["fractionFrom", share, k]), Some(fraction), EXACT));
            calls.push((json!(["shareOn", fraction, k]), Some(share), 1e-9));
            // On K workers both laws say the same of one profile.
            let same = predict(fraction, &[k]).unwrap().rows[0].amdahl;
            calls.push((json!(["gustafson", share, k]), Some(same), 1e-9));
        }
    }
    calls
}

/// `amdahl predict --measured-on K`, over shares and worker counts.
fn predicted() -> Vec<Call> {
    let mut calls = Vec::new();
    for (share, k) in [("0.2", 8), ("0.22", 256), ("0.02", 3), ("0.9", 64), ("1", 5), ("0", 7), ("0.1", 1)] {
        let counts = "1,2,8,32,1000";
        let k_text = k.to_string();
        let asked =
            ["predict", "--serial-fraction", share, "--measured-on", &k_text, "--workers", counts, "--format", "json"];
        let profile = common::json(amdahl(&[&asked[..], &["--effective"]].concat()))["profiles"][0].clone();
        let share: f64 = share.parse().unwrap();
        let s = profile["serial_fraction"].as_f64().unwrap();
        calls.push((json!(["fractionFrom", share, k]), Some(s), EXACT));
        calls.push((json!(["effectivePeak", s]), profile["effective"]["peak_workers"].as_f64(), EXACT));
        for row in items(&profile["rows"]) {
            let p = &row["workers"];
            // For a profile on one worker there is no second reading.
            let misread = row["misread_speedup"].as_f64().or_else(|| row["amdahl"].as_f64().filter(|_| k == 1));
            let says = [
                (json!(["amdahl", s, p]), row["amdahl"].as_f64()),
                (json!(["gustafson", share, p]), row["gustafson"].as_f64()),
                (json!(["effective", s, p]), row["effective_speedup"].as_f64()),
                (json!(["amdahl", share, p]), misread),
            ];
            calls.extend(says.into_iter().map(|(call, said)| (call, said, 1e-9)));
        }
    }
    calls
}

fn effective_curve() -> Vec<Call> {
    let mut calls = Vec::new();
    for s in FRACTIONS {
        let step = Step { compute_seconds: 1.0 - s, communication_seconds: s };
        for p in WORKERS {
            calls.push((json!(["effective", s, p]), Some(step.effective_speedup(p)), EXACT));
        }
        calls.push((json!(["effectivePeak", s]), step.effective_peak(), EXACT));
    }
    calls.push((json!(["effectivePeak", 20.0 / 1820.0]), Some(11.0), EXACT));
    calls
}

fn without_phases() -> Vec<Call> {
    let job = Job { before: 0.02, after: 0.003, kernel_before: 0.018, kernel_after: 0.001 };
    let phases = [("set-up", 4e-4, 3e-4), ("launch", 6e-4, 7e-4), ("read-back", 1e-3, 1e-3)];
    let row = |whole: f64, pick: fn(&(&str, f64, f64)) -> f64| {
        let mut row = json!({ "whole_job": whole, "upload": null });
        for phase in &phases {
            row[phase.0] = json!(pick(phase));
        }
        row
    };
    let (first, last) = (row(job.before, |phase| phase.1), row(job.after, |phase| phase.2));
    let mut calls = Vec::new();
    for chosen in 0..8 {
        let free: Vec<_> = (0..3).filter(|bit| chosen & (1 << bit) != 0).map(|bit| phases[bit]).collect();
        let part = |&(_, before, after): &(&str, f64, f64)| Part { overhead: Overhead::Communication, before, after };
        let expected = job.free(&free.iter().map(part).collect::<Vec<_>>());
        let names: Vec<&str> = free.iter().map(|phase| phase.0).collect();
        calls.push((json!(["secondsWithout", names, last]), Some(expected.seconds), 1e-9));
        calls.push((json!(["speedupWithout", names, first, last]), expected.speedup, 1e-9));
    }
    calls.push((json!(["lost", 1e-4, 3e-4]), Some(0.25), EXACT));
    calls
}
