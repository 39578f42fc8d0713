//! What the user sees of each device that ours plays.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use libtest_mimic::{Completion, Trial};
use serde_json::Value;

use crate::common::adapter::{Claim, demand};
use crate::common::{items, message, number};
use crate::fake::Fake;
use crate::trial;

/// A short run of one experiment.
const RUN: [&str; 8] = ["run", "fixed-size", "--quick", "--workload", "fma", "--sizes", "2^10", "--workers"];

/// A discrete GPU.
const DISCRETE: [(&str, &str); 2] = [("NAME", "Fake GPU 2"), ("TYPE", "2")];

type Scenario = fn(&Fake) -> Claim;

pub(crate) fn trials(fake: &Result<Fake, String>) -> Vec<Trial> {
    let all: [(&str, Scenario); 15] = [
        ("equal_names_are_told_apart_by_number", equal_names),
        ("a_discrete_gpu_beside_a_software_one_is_the_default", discrete_beside_software),
        ("a_tick_of_a_wrong_length_is_found_out", wrong_period),
        ("a_tick_that_takes_no_time_ends_nothing", zero_period),
        ("workgroups_stay_within_256_invocations", few_invocations),
        ("buffers_stay_within_128_mib", small_bindings),
        ("the_least_limits_of_webgpu_are_enough_for_every_experiment", least_limits),
        ("without_subgroups_their_kernels_are_left_out", no_subgroups),
        ("a_memory_that_is_full_in_mid_run_is_called_so", full_memory),
        ("a_case_that_gets_no_memory_leaves_the_others_alone", no_allocation),
        ("a_device_that_is_lost_in_mid_run_leaves_what_was_measured", lost),
        ("a_kernel_that_never_ends_leaves_what_was_measured", stuck),
        ("a_kernel_that_the_driver_cannot_build_is_no_lost_device", no_pipelines),
        ("without_timestamps_the_host_times_the_kernels", no_timestamps),
        ("an_adapter_that_is_not_conformant_is_listed_and_measured_when_asked_for", not_conformant),
    ];
    let completed = |scenario: Scenario| move |fake: &Fake| scenario(fake).map(|()| Completion::Completed);
    all.map(|(name, scenario)| trial(fake, name, completed(scenario))).into()
}

/// What a run says on both streams, and what it saves.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    saved: Value,
}

impl Ran {
    /// Demands that the run succeeded, and returns what it saved about its device.
    fn device(&self) -> Result<&Value, String> {
        demand(self.code == Some(0), || self.stderr.clone())?;
        Ok(&self.saved["device"])
    }

    /// Demands exit code 2 and all of the words.
    fn refused(&self, words: &[&str]) -> Claim {
        demand(self.code == Some(2) && self.stdout.is_empty(), || format!("not refused: {}", self.stderr))?;
        contains(&self.stderr, words)
    }
}

fn contains(text: &str, words: &[&str]) -> Claim {
    // Lines are wrapped anywhere.
    let text = text.split_whitespace().filter(|word| *word != "!").collect::<Vec<_>>().join(" ");
    words.iter().try_for_each(|word| demand(text.contains(word), || format!("{word:?} is not in: {text}")))
}

/// Makes the short run with further arguments.
fn run(fake: &Fake, manifests: &[&PathBuf], says: &[(&str, &str)], arguments: &[&str]) -> Ran {
    ran(fake, manifests, says, &[&RUN[..], &["1..64", "--full"], arguments].concat())
}

fn ran(fake: &Fake, manifests: &[&PathBuf], says: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let output = fake.binary(manifests, says).args(arguments).arg("--out").arg(folder.path()).output().unwrap();
    let runs = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path().join("run.json"));
    let saved = runs.map(|file| serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()).next();
    Ran {
        code: output.status.code(),
        stderr: message(&output),
        stdout: String::from_utf8(output.stdout).unwrap(),
        saved: saved.unwrap_or_default(),
    }
}

/// The devices as a list, and what is said beside it.
fn devices(fake: &Fake, manifests: &[&PathBuf], says: &[(&str, &str)]) -> (Vec<Value>, String) {
    let output = fake.binary(manifests, says).args(["devices", "--format", "json"]).output().unwrap();
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (items(&listed).to_vec(), message(&output))
}

/// Every kernel is timed by the host, with the reason, which is saved and printed.
fn timed_by_the_host(run: &Ran, reason: &[&str]) -> Claim {
    let device = run.device()?;
    demand(device["timestamps"] == false && device["timestamp_period"].is_null(), || device.to_string())?;
    contains(device["no_timestamps"].as_str().unwrap_or_default(), reason)?;
    contains(&run.stdout, &["This device has no usable timestamps"])?;
    contains(&run.stdout, reason)?;
    let cases = items(&run.saved["experiments"][0]["cases"]);
    for case in cases {
        let clock = &case["phases"]["kernel"]["clock"];
        demand(clock == "host-less-empty" && case["rejected_timestamps"] == 0, || format!("{clock}: {case}"))?;
    }
    demand(cases.len() >= 5, || format!("{} cases", cases.len()))
}

fn equal_names(fake: &Fake) -> Claim {
    let both: Vec<&PathBuf> = fake.copies.iter().collect();
    let says = [("NAME", "Twin GPU"), ("TYPE", "2")];
    let (listed, _) = devices(fake, &both, &says);
    let seen: Vec<(&Value, &Value, &Value)> =
        listed.iter().map(|one| (&one["number"], &one["name"], &one["kind"])).collect();
    demand(listed.len() == 3 && listed[0]["default"] == true, || format!("{seen:?}"))?;
    for (at, number) in [(0, 1), (1, 2)] {
        let right = *seen[at].0 == number && seen[at].1 == "Twin GPU" && seen[at].2 == "discrete";
        demand(right, || format!("{seen:?}"))?;
    }
    let ambiguous = run(fake, &both, &says, &["--device", "twin"]);
    ambiguous.refused(&["fits 2 devices", "1 is Twin GPU, vulkan", "2 is Twin GPU, vulkan"])?;
    let second = run(fake, &both, &says, &["--device", "2"]);
    demand(second.device()?["name"] == "Twin GPU", || second.saved["device"].to_string())?;
    run(fake, &both, &says, &["--device", "twn gpu"]).refused(&["did you mean \"Twin GPU\"?"])
}

fn discrete_beside_software(fake: &Fake) -> Claim {
    let both = [&fake.real, &fake.copies[0]];
    let (listed, notices) = devices(fake, &both, &DISCRETE);
    let kinds: Vec<&Value> = listed.iter().map(|device| &device["kind"]).collect();
    demand(kinds == ["discrete", "software", "cpu"] && listed[0]["default"] == true, || format!("{kinds:?}"))?;
    demand(notices.is_empty(), || notices.clone())?;
    let usual = run(fake, &both, &DISCRETE, &[]);
    demand(usual.device()?["kind"] == "discrete", || usual.saved["device"].to_string())?;
    demand(!usual.stdout.contains("Not a GPU"), || usual.stdout.clone())?;
    // The first one's name ends with the number of the second.
    let second = run(fake, &both, &DISCRETE, &["--device", "2"]);
    demand(second.device()?["kind"] == "software", || second.saved["device"].to_string())
}

fn wrong_period(fake: &Fake) -> Claim {
    for (period, low, high, words) in [
        ("80", 78.0, 82.0, ["the GPU's clock runs", "times faster than the host's"]),
        ("1.05", 1.02, 1.08, ["the GPU's clock runs", "% faster than the host's"]),
    ] {
        let says = [&DISCRETE[..], &[("PERIOD", period)]].concat();
        let run = run(fake, &[&fake.copies[0]], &says, &[]);
        timed_by_the_host(&run, &words)?;
        let rate = &run.saved["calibration"]["kernel_clock_rate"];
        let bounds = [0, 1].map(|end| number(&rate[end]));
        demand(bounds[0] > low && bounds[1] < high, || format!("{period}: {rate}"))?;
    }
    let right = run(fake, &[&fake.copies[0]], &DISCRETE, &[]);
    let device = right.device()?;
    demand(device["timestamps"] == true && device["no_timestamps"].is_null(), || device.to_string())?;
    contains(&right.stdout, &["GPU timestamps, steps of", "of the host's clock"])
}

fn zero_period(fake: &Fake) -> Claim {
    let start = Instant::now();
    let run = run(fake, &[&fake.copies[0]], &[&DISCRETE[..], &[("PERIOD", "0")]].concat(), &[]);
    timed_by_the_host(&run, &["a tick takes no time"])?;
    let seconds = start.elapsed().as_secs_f64();
    demand(seconds < 15.0, || format!("it took {seconds} s"))
}

fn few_invocations(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("INVOCATIONS", "256")]].concat();
    let only = [&fake.copies[0]];
    let (listed, _) = devices(fake, &only, &says);
    demand(listed[0]["limits"]["workgroup_size"] == 256, || listed[0].to_string())?;
    let arguments = ["run", "workgroup-size", "--quick", "--sizes", "2^12"];
    ran(fake, &only, &says, &[&arguments[..], &["--workgroup-sizes", "512"]].concat())
        .refused(&["512 is more than Fake GPU 2 allows; give sizes from 1 to 256"])?;
    let run = ran(fake, &only, &says, &arguments);
    run.device()?;
    let sizes = items(&run.saved["experiments"][0]["cases"]).iter().map(|case| number(&case["workgroup_size"]));
    let largest = sizes.fold(0.0, f64::max);
    demand(largest == 256.0, || format!("the largest workgroup has {largest} invocations"))
}

fn small_bindings(fake: &Fake) -> Claim {
    let only = [&fake.copies[0]];
    // What Vulkan promises of every device, and so little that a short kernel is too large for it.
    let says = |bytes| [&DISCRETE[..], &[("BINDING", bytes)]].concat();
    let (listed, _) = devices(fake, &only, &says("134217728"));
    demand(listed[0]["limits"]["binding"] == 128 << 20, || listed[0].to_string())?;
    run(fake, &only, &says("134217728"), &[]).device()?;
    let arguments = ["run", "problem-size", "--quick", "--workload", "scale", "--sizes", "2^10,2^11,2^19"];
    let run = ran(fake, &only, &says("1048576"), &arguments);
    run.device()?;
    contains(&run.saved["experiments"][0]["skipped"].to_string(), &["a buffer of 2 MiB; this device allows 1 MiB"])
}

fn least_limits(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("LEAST", "1")]].concat();
    let only = [&fake.copies[0]];
    let (listed, _) = devices(fake, &only, &says);
    let limits = &listed[0]["limits"];
    let least = limits["workgroup_size"] == 256 && limits["workgroup_memory"] == 16 << 10;
    demand(least && limits["binding"] == 128 << 20, || listed[0].to_string())?;
    let all = "fixed-size scaled-size problem-size workgroup-size launch-overhead split-work transfers divergence \
               intensity safety-cost gains limits";
    all.split_whitespace().try_for_each(|name| {
        let run = ran(fake, &only, &says, &["run", name, "--quick"]);
        if run.stderr.contains("would run") {
            // On a slow machine nothing of it is short enough.
            return Ok(());
        }
        run.device()?;
        let all = items(&run.saved["experiments"]);
        let measured = !all.is_empty() && all.iter().all(|one| !items(&one["cases"]).is_empty());
        demand(measured, || format!("{name}: {}", all[0]["skipped"]))
    })
}

fn no_subgroups(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("SUBGROUPS", "0")]].concat();
    let only = [&fake.copies[0]];
    let (listed, _) = devices(fake, &only, &says);
    demand(listed[0]["subgroups"] == false, || listed[0].to_string())?;
    let arguments = ["run", "problem-size", "--quick", "--sizes", "2^10,2^12,2^14", "--workload"];
    let run = ran(fake, &only, &says, &[&arguments[..], &["dot/subgroup"]].concat());
    run.device()?;
    contains(&run.saved["experiments"][0]["skipped"].to_string(), &["sums of subgroups", "(subgroups)"])?;
    let on_device = |one: &&Value| one["series"] == "device";
    let cases = |run: &Ran| items(&run.saved["experiments"][0]["cases"]).iter().filter(on_device).count();
    let usual = ran(fake, &only, &says, &[&arguments[..], &["dot"]].concat());
    usual.device()?;
    demand((cases(&run), cases(&usual)) == (0, 3), || format!("{} and {}", cases(&run), cases(&usual)))
}

/// The error comes from the driver as a lost device.
fn full_memory(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("SUBMITS", "400")]].concat();
    let run = run(fake, &[&fake.copies[0]], &says, &[]);
    demand(run.code == Some(1), || run.stderr.clone())?;
    contains(&run.stderr, &["the GPU had no memory left for", "try a smaller problem (--sizes)"])?;
    demand(!run.stderr.contains("went away") && !run.stderr.contains("update the driver"), || run.stderr.clone())
}

/// The large buffers of the search for the memory limit cannot be had; a small case after it has memory enough.
fn no_allocation(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("ALLOCATION", "68000000")]].concat();
    let small = ["run", "problem-size", "--workload", "relu", "--sizes", "2^12", "--full"];
    let run = ran(fake, &[&fake.copies[0]], &says, &small);
    demand(run.code == Some(0), || run.stderr.clone())?;
    contains(&run.stdout, &["problem-size · relu", "4,096"])
}

/// A run that ended early: exit code 1, these words, and a report of what there is.
fn partial(run: &Ran, words: &[&str]) -> Claim {
    demand(run.code == Some(1), || run.stderr.clone())?;
    contains(&run.stderr, words)?;
    contains(&run.stdout, &["This run is partial"])?;
    demand(!items(&run.saved["experiments"]).is_empty(), || format!("nothing is saved: {}", run.stderr))
}

fn lost(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("LOST", "2500")]].concat();
    partial(&run(fake, &[&fake.copies[0]], &says, &[]), &["the GPU went away", "unplugged; run again"])
}

fn stuck(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("STUCK", "2500")]].concat();
    let words = ["waited 20.0 s for", "the GPU may hang", "another device (--device)"];
    partial(&run(fake, &[&fake.copies[0]], &says, &[]), &words)
}

fn no_pipelines(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("PIPELINES", "2")]].concat();
    let run = run(fake, &[&fake.copies[0]], &says, &[]);
    demand(run.code == Some(1) && !run.stderr.contains("went away"), || run.stderr.clone())?;
    contains(&run.stderr, &["the GPU refused a call", "update the driver"])
}

fn no_timestamps(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("STAMP_BITS", "0")]].concat();
    timed_by_the_host(&run(fake, &[&fake.copies[0]], &says, &[]), &["the driver offers none"])
}

fn not_conformant(fake: &Fake) -> Claim {
    let says = [&DISCRETE[..], &[("CONFORMANCE", "0")]].concat();
    let (both, reason) = ([&fake.real, &fake.copies[0]], "has not passed the conformance tests");
    let (listed, notice) = devices(fake, &both, &says);
    let hidden = &listed[1];
    demand(hidden["number"] == 2 && hidden["name"] == "Fake GPU 2", || format!("{listed:?}"))?;
    demand(listed[0]["default"] == true && listed[0]["kind"] == "software", || format!("{listed:?}"))?;
    contains(hidden["hidden"].as_str().unwrap_or_default(), &[reason])?;
    contains(&notice, &["\"Fake GPU 2\" is hidden", reason, "--nonconformant"])?;
    run(fake, &both, &says, &["--device", "fake"]).refused(&["2 is Fake GPU 2", reason, "--nonconformant"])?;
    let chosen = run(fake, &both, &says, &["--device", "fake", "--nonconformant"]);
    contains(chosen.device()?["hidden"].as_str().unwrap_or_default(), &[reason])?;
    contains(&chosen.stdout, &["hidden by default", reason])?;
    let usual = run(fake, &both, &says, &["--nonconformant"]);
    demand(usual.device()?["name"] == "Fake GPU 2", || "a GPU goes before software".to_owned())
}
