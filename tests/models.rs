//! Real GPUs, modelled: from each model the run must find what the model was made of, or refuse in words.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use amdahl::device::simulated::{Hardware, PRESETS};
use amdahl::record::{DeviceKind, Problem};
use amdahl::workload::{FMA, Number};
use common::{amdahl, items, json, number};
use serde_json::Value;

/// Every effort, as options.
const EFFORTS: [&[&str]; 3] = [&["--quick"], &[], &["--thorough"]];

/// Runs experiments on a model, with what is wrong with it.
fn run(model: &str, options: &[&str]) -> Value {
    json(amdahl(&[&["run", "--no-save", "--format", "json", "--simulate", model], options].concat()))
}

fn strong_scaling(model: &str, effort: &[&str], seed: &str) -> Value {
    run(model, &[&["fixed-size", "--workload", "fma", "--seed", seed], effort].concat())
}

/// The planted ceiling of the problem that a run chose.
fn planted(hardware: &Hardware, experiment: &Value) -> f64 {
    let problem = &experiment["cases"][0]["problem"]["chain"];
    let [n, k] = ["n", "k"].map(|name| problem[name].as_u64().unwrap());
    hardware.ceiling(FMA, Problem::Chain { n, k })
}

/// What a run concludes of the hardware, over what was planted: the ceiling and the lanes, each `None` if refused.
fn conclusion(hardware: &Hardware, run: &Value) -> [Option<f64>; 2] {
    let experiment = &run["experiments"][0];
    let (planted, fit) = (planted(hardware, experiment), &experiment["reading"]["without_floor"]);
    ["attainable_ceiling", "knee"].map(|name| Some(fit[name]["value"].as_f64()? / planted))
}

#[track_caller]
fn within(what: &str, ratio: f64, tolerance: f64) {
    assert!((1.0 / (1.0 + tolerance)..=1.0 + tolerance).contains(&ratio), "{what}: {ratio} of what was planted");
}

/// Ceiling and lanes within a tenth in every effort, and the launch floor within 15 %.
#[test]
fn every_effort_finds_the_planted_hardware() {
    for hardware in &PRESETS {
        let mut found = Vec::new();
        for effort in EFFORTS {
            let run = strong_scaling(hardware.preset, effort, "1");
            let [ceiling, lanes] = conclusion(hardware, &run).map(Option::unwrap);
            within(&format!("{} {effort:?} ceiling", hardware.preset), ceiling, 0.1);
            within(&format!("{} {effort:?} lanes", hardware.preset), lanes, 0.1);
            let floor = number(&run["calibration"]["launch_floor"]["value"]);
            within(&format!("{} {effort:?} floor", hardware.preset), floor / hardware.floor, 0.15);
            found.push(ceiling);
        }
        // Not one effort says something else than another.
        let [least, most] = [f64::min, f64::max].map(|of| found.iter().copied().reduce(of).unwrap());
        assert!(most / least < 1.05, "{}: {found:?}", hardware.preset);
    }
}

/// The same for twenty seeds: `cargo test --release --test models -- --ignored --nocapture` prints the table.
#[test]
#[ignore = "takes a minute or two, in a release build"]
fn every_seed_finds_the_planted_hardware() {
    println!("| model | effort | ceiling over planted | lanes over planted | refused | headline workers |");
    println!("|---|---|---|---|---|---|");
    for hardware in &PRESETS {
        let mut all = std::collections::BTreeSet::new();
        for effort in EFFORTS {
            let (mut ceilings, mut lanes, mut refused) = (Vec::new(), Vec::new(), 0);
            let mut headlines = std::collections::BTreeSet::new();
            for seed in 1..=20 {
                let run = strong_scaling(hardware.preset, effort, &seed.to_string());
                let [ceiling, knee] = conclusion(hardware, &run);
                refused += usize::from(ceiling.is_none());
                ceilings.extend(ceiling);
                lanes.extend(knee);
                headlines.insert(enough(&run));
            }
            assert_eq!(refused, 0, "{} {effort:?}", hardware.preset);
            all.extend(headlines.iter().copied());
            let range = |values: &[f64]| {
                let [least, most] = [f64::min, f64::max].map(|of| values.iter().copied().reduce(of).unwrap());
                within(&format!("{} {effort:?}", hardware.preset), least, 0.1);
                within(&format!("{} {effort:?}", hardware.preset), most, 0.1);
                format!("{least:.3}–{most:.3}")
            };
            println!(
                "| {} | {} | {} | {} | {refused} | {headlines:?} |",
                hardware.preset,
                effort.first().unwrap_or(&"default"),
                range(&ceilings),
                range(&lanes)
            );
        }
        // Where the curve bends slowly, neighbours in the list of counts are as good. None is further than two octaves.
        assert!(all.last().unwrap() / all.first().unwrap() <= 4, "{}: {all:?}", hardware.preset);
    }
}

/// The worker count of the headline, as the summary says it.
fn enough(run: &Value) -> u64 {
    let findings = run["findings"].to_string();
    let (_, after) = findings.split_once("faster with ").unwrap_or_else(|| panic!("{findings}"));
    let count = after.split(" worker").next().unwrap();
    let power = count.strip_prefix("2^").map(|power| 1 << power.parse::<u32>().unwrap());
    power.unwrap_or_else(|| count.replace(',', "").parse().unwrap())
}

/// A battery's clock slows all kernels alike, and the run says where its power came from.
#[test]
fn a_slow_battery_changes_no_ratio() {
    let hardware = PRESETS.iter().find(|hardware| hardware.preset == "m2").unwrap();
    let run = strong_scaling("m2,battery=0.4", &["--quick"], "1");
    let [ceiling, _] = conclusion(hardware, &run).map(Option::unwrap);
    within("m2 on battery", ceiling, 0.1);
    assert_eq!(run["surroundings"]["begin"]["power"]["value"], "battery");
    let quick = ["run", "fixed-size", "--workload", "fma", "--quick", "--no-save", "--simulate"];
    let told = |model| common::text(amdahl(&[&quick[..], &[model]].concat())).contains("On battery");
    assert!(told("m2,battery=0.4") && !told("m2"));
}

/// Bad pairs of stamps, and a counter that wraps every tenth of a second, are dropped and measured again.
#[test]
fn bad_stamps_and_a_counter_that_wraps_are_harmless() {
    for (model, fault) in [("rtx4060-laptop", "bad-stamps=0.03"), ("iris-xe", "wrap=100ms")] {
        let hardware = PRESETS.iter().find(|hardware| hardware.preset == model).unwrap();
        let run = strong_scaling(&format!("{model},{fault}"), &["--quick"], "1");
        let cases = items(&run["experiments"][0]["cases"]);
        let rejected: f64 = cases.iter().map(|case| number(&case["rejected_timestamps"])).sum();
        assert!(rejected > 0.0, "{model}: nothing was planted");
        assert!(cases.iter().all(|case| case["phases"]["kernel"]["clock"] == "simulated"), "{model}: another clock");
        let [ceiling, _] = conclusion(hardware, &run).map(Option::unwrap);
        within(&format!("{model} with {fault}"), ceiling, 0.1);
    }
}

/// Where all pairs are bad, the host's clock takes over, and the run says so. It finds the hardware all the same.
#[test]
fn stamps_that_are_mostly_bad_are_given_up() {
    for (hardware, effort) in PRESETS.iter().flat_map(|hardware| EFFORTS.map(|effort| (hardware, effort))) {
        let model = format!("{},bad-stamps=1", hardware.preset);
        let run = strong_scaling(&model, effort, "1");
        assert!(run["calibration"]["launch_floor"].is_null(), "{model}: a floor without stamps");
        let experiment = &run["experiments"][0];
        for case in items(&experiment["cases"]) {
            assert_eq!(case["phases"]["kernel"]["clock"], "host-less-empty", "{case}");
        }
        let ceiling = &experiment["reading"]["kernel"]["attainable_ceiling"]["value"];
        if let Some(ceiling) = ceiling.as_f64() {
            within(&format!("{model} {effort:?}"), ceiling / planted(hardware, experiment), 0.1);
        } else {
            let verdict = &experiment["reading"]["kernel"]["verdict"];
            assert!(!verdict.is_null() && verdict != "accepted", "{model} {effort:?}: {verdict}");
        }
    }
    let text = common::text(amdahl(&[
        "run",
        "fixed-size",
        "--workload",
        "fma",
        "--quick",
        "--no-save",
        "--simulate",
        "rtx4060-laptop,bad-stamps=1",
    ]));
    assert!(text.contains("timed by the host's clock"), "{text}");
}

/// The whole job, on every model, in words that name it a model.
#[test]
fn the_whole_job_of_a_model_is_labelled() {
    for hardware in &PRESETS {
        let run = run(hardware.preset, &["--quick"]);
        assert_eq!(run["device"]["kind"], "simulated");
        // A model knows nothing of a kernel's instructions, so it has no climb.
        let empty = |one: &&Value| items(&one["cases"]).is_empty() && one["name"] != "climb";
        let empty: Vec<&Value> = items(&run["experiments"]).iter().filter(empty).map(|one| &one["name"]).collect();
        assert!(empty.is_empty(), "{}: {empty:?}", hardware.preset);
        let failed: Vec<&Value> =
            items(&run["audit"]["checks"]).iter().filter(|check| check["passed"] == false).collect();
        assert!(failed.is_empty(), "{}: {failed:?}", hardware.preset);
        transfers_are_as_elsewhere(hardware, &run);
    }
    let text = common::text(amdahl(&["run", "--quick", "--no-save", "--simulate", "h100", "launch-overhead"]));
    assert!(text.contains("This is a model; no GPU was measured"), "{text}");
}

/// The data of every experiment take the way that is usual on the kind of device, `transfers` speaks of it, and its
/// times are those of the uploads and read-backs of the others.
fn transfers_are_as_elsewhere(hardware: &Hardware, run: &Value) {
    let integrated = hardware.stands_for == DeviceKind::Integrated;
    let usual = if integrated { "mapped" } else { "staged" };
    for experiment in items(&run["experiments"]).iter().filter(|one| one["name"] != "transfers") {
        let others = items(&experiment["cases"]).iter().filter(|case| !case["transfer"].is_null());
        assert!(others.clone().all(|case| case["transfer"] == usual), "{}: {}", hardware.preset, experiment["name"]);
    }
    let said = run["findings"].to_string();
    assert!(said.contains(&format!("Upload, {usual}: every transfer pays")), "{}: {said}", hardware.preset);
    for name in ["upload", "read-back"] {
        let checked = items(&run["audit"]["checks"])
            .iter()
            .find(|check| check["name"] == format!("{name} in transfers against other experiments"));
        let detail =
            checked.unwrap_or_else(|| panic!("{}: {name} was not compared", hardware.preset))["detail"].as_str();
        assert!(
            detail.unwrap().contains(usual) && !detail.unwrap().contains("because"),
            "{}: {detail:?}",
            hardware.preset
        );
    }
}

/// A GPU with memory of its own has its buffers beyond the bus, where no host maps them.
#[test]
fn only_buffers_in_the_hosts_memory_are_mapped() {
    for hardware in &PRESETS {
        let run = run(hardware.preset, &["transfers", "--quick"]);
        let transfers = &run["experiments"][0];
        let mapped = items(&transfers["cases"]).iter().any(|case| case["series"] == "mapped");
        assert_eq!(mapped, hardware.stands_for != DeviceKind::Discrete, "{}", hardware.preset);
        assert_eq!(items(&transfers["skipped"]).is_empty(), mapped, "{}: {}", hardware.preset, transfers["skipped"]);
    }
}

/// The interval of what enough workers reached lies above that of the fitted ceiling by half a per cent at the most, in
/// every effort, for three seeds: one interval in twenty misses what was planted.
#[test]
fn no_measured_speedup_lies_above_the_ceilings_interval() {
    for hardware in &PRESETS {
        for (effort, seed) in EFFORTS.iter().flat_map(|effort| ["1", "2", "3"].map(|seed| (effort, seed))) {
            let run = strong_scaling(hardware.preset, effort, seed);
            let experiment = &run["experiments"][0];
            for (key, name) in [("kernel", "kernel"), ("whole_job", "whole-job")] {
                let fit = &experiment["reading"][key];
                let ceiling = number(&fit["attainable_ceiling"]["high"]);
                let name = format!("{name} speedup with enough workers");
                let reached = items(&experiment["numbers"]).iter().find(|one| one["name"] == name.as_str()).unwrap();
                let of = format!("{} {effort:?} seed {seed}, {name}", hardware.preset);
                assert!(number(&reached["low"]) <= 1.005 * ceiling, "{of}: {reached} above {ceiling}");
            }
        }
    }
}

/// The ridge is that of the planted memory, whatever the effort: not that of the size which the effort allows.
#[test]
fn the_ridge_does_not_change_with_the_effort() {
    for hardware in PRESETS.iter().filter(|hardware| hardware.stands_for != DeviceKind::Software) {
        let planted = hardware.compute_rate(Number::F32) / hardware.memory.rate;
        for effort in EFFORTS {
            let run = run(hardware.preset, &[&["limits", "intensity"], effort].concat());
            let experiments = items(&run["experiments"]);
            let intensity = experiments.iter().find(|one| one["name"] == "intensity").unwrap();
            let ridge = items(&intensity["numbers"]).iter().find(|one| one["name"] == "ridge").unwrap();
            within(&format!("{} {effort:?} ridge", hardware.preset), number(&ridge["value"]) / planted, 0.15);
        }
    }
}

/// Both experiments say how many workers fill the hardware; where they differ, one of them is to be believed.
#[test]
fn the_knee_of_the_bigger_job_names_the_one_to_believe() {
    let options = ["--simulate", "rx7800xt", "--workload", "fma", "--no-save", "--full"];
    let text = common::text(amdahl(&[&["run", "fixed-size", "scaled-size"], &options[..]].concat()));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("which is to be believed: scaled-size takes the bend for sharp, and it is gradual"),
        "{text}"
    );
}

/// Nobody waits for simulated time, and what a model has not is said.
#[test]
fn simulated_time_and_a_missing_climb_are_named() {
    let text = common::text(amdahl(&["run", "--quick", "--no-save", "--simulate", "h100"]));
    assert!(text.lines().next().unwrap().ends_with(" s simulated"), "{text}");
    assert!(text.contains(" cases left out, among them all of climb."), "{text}");
    let full = common::text(amdahl(&["run", "--quick", "--no-save", "--simulate", "h100", "--full"]));
    assert!(full.contains("Nothing could be measured here.") && full.contains("a model has no instructions"), "{full}");
    assert!(full.contains("of simulated time"), "{full}");
}

/// What keeps a clock up is no overhead of ours, and is named.
#[test]
fn heating_is_told_from_overhead() {
    let of = |model| run(model, &["fixed-size", "--workload", "fma", "--quick"])["audit"].clone();
    let xe = of("iris-xe");
    let [harness, heating] = ["harness", "heating"].map(|name| number(&xe[name]));
    assert!(harness < 0.05 && heating > 0.1, "{harness} {heating}");
    assert!(of("llvmpipe")["heating"].is_null(), "a software adapter has no clock to lose");
}

/// Wherever a kernel is shown that is short beside the floor, a mark says so.
#[test]
fn kernels_near_the_floor_are_marked_in_every_experiment() {
    for experiment in ["problem-size", "workgroup-size", "safety-cost"] {
        let options = ["--workload", "saxpy", "--sizes", "1024", "--quick", "--no-save", "--full"];
        let text = common::text(amdahl(&[&["run", experiment, "--simulate", "h100"], &options[..]].concat()));
        assert!(text.contains("launch floors") && text.contains(" *"), "{experiment}: {text}");
    }
}

/// The size from which a GPU wins, between two sizes that were measured with noise: the same without noise, on sizes
/// close around it.
#[test]
fn the_size_from_which_a_gpu_wins_is_found() {
    let mut found = 0;
    for hardware in &PRESETS {
        let of = |model: &str, sizes: &[&str]| {
            let run = run(model, &[&["problem-size", "--workload", "fma"], sizes].concat());
            items(&run["experiments"][0]["reading"]["crossovers"]).to_vec()
        };
        for crossover in of(hardware.preset, &[]).iter().filter(|one| !one["between"].is_null()) {
            let between = number(&crossover["between"]);
            let close = [0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3].map(|part| (part * between).round().to_string());
            let true_ones = of(&format!("{},noise=0", hardware.preset), &["--sizes", &close.join(",")]);
            let same = true_ones.iter().find(|one| one["against"] == crossover["against"]).unwrap();
            let what = format!("{} against {}", hardware.preset, crossover["against"]);
            assert!(!same["between"].is_null(), "{what}: {between} found, {same} planted");
            within(&what, between / number(&same["between"]), 0.15);
            found += 1;
        }
    }
    assert!(found >= PRESETS.len(), "{found} crossovers");
}

/// Paths that meet in a subgroup follow one another: each costs its own chain, whatever is around it.
#[test]
fn a_path_costs_its_own_chain() {
    for hardware in &PRESETS {
        for effort in EFFORTS {
            let run = run(hardware.preset, &[&["divergence"], effort].concat());
            let reading = &run["experiments"][0]["reading"];
            let of = format!("{} {effort:?}", hardware.preset);
            within(&format!("{of} path"), number(&reading["per_path"]["value"]), 0.03);
            assert_eq!(reading["lanes"], hardware.lanes(), "{of}");
        }
    }
}

/// One transfer is one sample, so a job of which only the kernel is asked has enough of them for an interval, too.
#[test]
fn every_case_has_enough_transfers_for_an_interval() {
    for effort in EFFORTS {
        let run = run("rtx4060-laptop", &[&["fixed-size", "scaled-size", "divergence"], effort].concat());
        for case in items(&run["experiments"]).iter().flat_map(|experiment| items(&experiment["cases"])) {
            for phase in ["upload", "read-back"] {
                let transfers = case["phases"][phase]["seconds"].as_array().map_or(6, Vec::len);
                assert!(transfers >= 6, "{effort:?}: {transfers} of {phase} in {case}");
            }
        }
    }
}

/// The counts of workers on a problem of 48 MiB and more are cases of one problem: the base of one worker has room.
#[test]
fn large_problems_keep_their_base_of_one_worker() {
    for hardware in &PRESETS {
        let run = run(hardware.preset, &["fixed-size", "--workload", "saxpy"]);
        let cases = items(&run["experiments"][0]["cases"]);
        assert_eq!(cases[0]["workers"], 1, "{}: {}", hardware.preset, run["experiments"][0]["skipped"]);
        // Its data are partly in the cache, and so are those of a copy of that size.
        let failed: Vec<&Value> =
            items(&run["audit"]["checks"]).iter().filter(|check| check["passed"] == false).collect();
        assert!(failed.is_empty(), "{}: {failed:?}", hardware.preset);
    }
}

/// The memory's rate and the size of the cache within 15 %, also where the clock falls between two
/// short kernels, which is why they are heated.
#[test]
fn cache_and_memory_are_told_apart() {
    for hardware in &PRESETS {
        for effort in EFFORTS {
            let run = run(hardware.preset, &[&["limits", "--workload", "copy"], effort].concat());
            let reading = &run["experiments"][0]["reading"];
            let of = format!("{} {effort:?}", hardware.preset);
            within(&format!("{of} memory"), number(&reading["limit"]) / hardware.memory.rate, 0.15);
            within(&format!("{of} edge"), number(&reading["cache"]["edge"]["value"]) / hardware.memory.cache, 0.15);
            within(&format!("{of} cache"), number(&reading["cache"]["cache_rate"]) / hardware.memory.cache_rate, 0.15);
        }
    }
}

/// The compute limit of each kind of number within a tenth, and no kernel of `intensity` far from it.
#[test]
fn every_kind_of_number_has_its_compute_limit() {
    for hardware in &PRESETS {
        let run = run(hardware.preset, &["limits", "intensity"]);
        for (index, number_kind) in [(1, Number::F32), (2, Number::I32), (3, Number::F16)] {
            let limit = number(&run["experiments"][index]["reading"]["limit"]);
            let of = format!("{} {}", hardware.preset, number_kind.name());
            within(&of, limit / hardware.compute_rate(number_kind), 0.1);
        }
        // The kernel that the limit does not come from nears it, and does not exceed it.
        let reached = number(&run["experiments"][4]["reading"]["reached"][1]);
        assert!((0.85..1.03).contains(&reached), "{}: {reached}", hardware.preset);
    }
}
