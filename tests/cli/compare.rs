//! Saved runs side by side. The models run on a clock of their own, so their runs are made in no time.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::common::{amdahl, items, json, message, one_line, refused, text};
use crate::snapshot::is_as_before;

/// The models, the fastest at arithmetic first, as their data sheets say.
const MODELS: [&str; 6] = ["h100", "rx7800xt", "rtx4060-laptop", "m2", "iris-xe", "llvmpipe"];

/// Measures something into a folder of its own under `out`, and returns where.
fn measure(out: &Path, name: &str, arguments: &[&str]) -> String {
    let folder = out.join(name);
    let out = folder.to_str().unwrap();
    text(amdahl(&[&["run", "--quick", "--out", out], arguments].concat()));
    let saved = fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    saved.path().to_str().unwrap().to_owned()
}

fn compared(arguments: &[&str]) -> Value {
    json(amdahl(&[&["compare", "--format", "json"], arguments].concat()))
}

/// The share of the times of a quantity that have an answer.
fn share(comparison: &Value, quantity: &str, answer: &str) -> f64 {
    let times = items(&comparison["times"]).iter().filter(|time| time["quantity"] == quantity);
    let all: Vec<&Value> = times.collect();
    all.iter().filter(|time| time["answer"] == answer).count() as f64 / all.len() as f64
}

/// The answer beside a ratio is the answer of that ratio, and it follows the rules as they are printed.
#[test]
fn every_verdict_is_that_of_the_number_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let runs = ["h100", "rx7800xt", "m2", "serial=0.01,noise=0.05", "serial=0.01,noise=0.05,launch=25us"]
        .map(|law| measure(folder.path(), law, &["--simulate", law]));
    let mut seen: Vec<String> = Vec::new();
    for (base, other) in [(0, 1), (1, 0), (1, 2), (3, 4), (0, 3)] {
        let document = compared(&[&runs[base], &runs[other]]);
        let comparison = &document["comparisons"][0];
        let answers = ["headlines", "numbers", "times"].map(|kind| items(&comparison[kind]).iter());
        for one in answers.into_iter().flatten().chain([comparison]).filter(|one| one["ratio"].is_object()) {
            let end = |end: &str| one["ratio"][end].as_f64().unwrap();
            let (low, value, high) = (end("low"), end("value"), end("high"));
            let answer = one["answer"].as_str().unwrap();
            let holds = match answer {
                "FASTER" | "MORE" => low > 1.0 && value > 1.02,
                "SLOWER" | "LESS" => high < 1.0 && value < 1.0 / 1.02,
                "SAME" => low >= 1.0 / 1.1 && high <= 1.1,
                _ => true,
            };
            assert!(holds, "{answer} beside {value} ({low}–{high}): {one}");
            seen.push(answer.to_owned());
        }
        let count = |answer: &str| comparison["counts"][answer].as_f64().unwrap();
        let (faster, slower) = (count("faster"), count("slower"));
        let all = faster + slower + count("same") + count("undecided");
        let ratio = comparison["ratio"]["value"].as_f64().unwrap();
        let other_way = if ratio > 1.0 { slower } else { faster };
        let is_mixed = comparison["answer"] == "MIXED";
        assert!(!is_mixed || faster + slower > 0.05 * all, "{comparison}");
        let is_told = comparison["answer"] == "FASTER" || comparison["answer"] == "SLOWER";
        assert!(!is_told || other_way <= 0.2 * (faster + slower), "{faster} {slower} {ratio}");
    }
    for answer in ["FASTER", "SLOWER", "MORE", "LESS", "SAME", "UNDECIDED", "MIXED"] {
        assert!(seen.iter().any(|one| one == answer), "{answer}");
    }
    let said = one_line(&text(amdahl(&["compare", &runs[0], &runs[1]])));
    for rule in
        ["lies from 0.91 to 1.10", "more than 2 %", "MIXED: more than 5 % of the times", "more than 20 % of these"]
    {
        assert_eq!(said.matches(rule).count(), 1, "{rule} in {said}");
    }
}

/// Runs of one device are told apart by their folders, in every form.
#[test]
fn a_numbered_run_names_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let runs =
        ["1", "2", "3"].map(|seed| measure(folder.path(), seed, &["limits", "--simulate", "m2", "--seed", seed]));
    let named: Vec<&str> = runs.iter().map(|run| Path::new(run).file_name().unwrap().to_str().unwrap()).collect();
    for (format, two) in
        ["text", "markdown", "html", "json"].iter().flat_map(|format| [(format, true), (format, false)])
    {
        let some = if two { &runs[..2] } else { &runs[..] };
        let some: Vec<&str> = some.iter().map(String::as_str).collect();
        let said = text(amdahl(&[&["compare", "--format", format][..], &some].concat()));
        // A page wraps names where it likes, and a terminal at dashes.
        let joined: String = said.chars().filter(|c| !c.is_whitespace() && *c != '\u{ad}').collect();
        for (run, name) in some.iter().zip(&named) {
            assert!(joined.contains(name), "{name} of {run} in {format}: {said}");
        }
        assert!(!said.contains(folder.path().to_str().unwrap()), "no path of this machine: {said}");
    }
    let document = compared(&[&runs[0], &runs[1]]);
    assert!(document["runs"][1]["folder"].as_str().unwrap().ends_with(named[1]), "{document}");
    assert_eq!(document["runs"][1]["label"], "Apple M2 10 cores (model) [2]");
}

/// Noise that leaves most times undecided is told once, with its number; steady runs have no such line.
#[test]
fn noise_is_told_once_with_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let run = |law: &str, seed: &str| {
        measure(folder.path(), &format!("{law}{seed}"), &["fixed-size", "limits", "--simulate", law, "--seed", seed])
    };
    let noisy = "serial=0.01,noise=0.1";
    let said = one_line(&text(amdahl(&["compare", &run(noisy, "1"), &run(noisy, "2")])).replace("\n! ", " "));
    assert_eq!(said.matches("Most times are UNDECIDED: from one run to the next").count(), 1, "{said}");
    assert!(said.contains(" %, so a difference below ") && said.contains("without --quick"), "{said}");
    let said = text(amdahl(&["compare", &run("h100,noise=0.001", "1"), &run("h100,noise=0.001", "2")]));
    assert!(!said.contains("Most times are"), "{said}");
}

/// The page answers first: the sentence, then the table with the verdict beside the name, then the plots.
#[test]
fn a_page_answers_before_it_draws() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two, three] = ["h100", "m2", "iris-xe"].map(|law| measure(folder.path(), law, &["--simulate", law]));
    for runs in [&[one.as_str(), &two][..], &[&one, &two, &three]] {
        let page = text(amdahl(&[&["compare", "--format", "html"][..], runs].concat()));
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
        let sentence = if runs.len() == 2 { ") slower. Of " } else { "First by compute limit: NVIDIA H100" };
        assert!(at(sentence).max(at(">verdict</th>")) < at("<figure"), "the answer comes first");
        let heads: Vec<&str> = page[at("<thead")..].split("</th>").take(4).collect();
        assert!(heads[1].ends_with(">run") && heads[2].ends_with(">verdict"), "{heads:?}");
    }
}

#[test]
fn six_models_are_sorted_as_their_data_sheets_say() {
    let folder = tempfile::tempdir().unwrap();
    let exact = |name: &str| measure(folder.path(), name, &["--simulate", &format!("{name},noise=0")]);
    let mut runs: Vec<String> = MODELS.into_iter().map(exact).collect();
    runs.rotate_left(2);
    let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
    let document = compared(&runs);
    assert_eq!(document["schema"], "amdahl-compare/1");
    let mut places: Vec<(u64, &str)> = items(&document["runs"])
        .iter()
        .map(|run| (run["place"].as_u64().unwrap(), run["device"].as_str().unwrap()))
        .collect();
    places.sort_unstable();
    let words = ["H100", "7800", "4060", "M2", "Iris", "llvmpipe"];
    for ((_, device), word) in places.iter().zip(words) {
        assert!(device.contains(word), "{places:?}");
    }
    let short = text(amdahl(&[&["compare"], &runs[..]].concat()));
    assert!(short.lines().count() < 60 && short.lines().all(|line| line.chars().count() <= 80), "{short}");
    is_as_before("compare-six", &short);
    let crossings = one_line(&text(amdahl(&["compare", runs[0], runs[5]])));
    assert!(crossings.contains(" crossover (") || !crossings.contains(" crossover "), "{crossings}");
    is_as_before("compare-two", &text(amdahl(&["compare", runs[0], runs[5]])));
    is_as_before("compare-by", &text(amdahl(&["compare", runs[0], runs[5], runs[1], "--by", "launch"])));
    let full = text(amdahl(&["compare", runs[0], runs[5], "--full"]));
    assert!(full.lines().count() > 300 && full.contains("Same job"), "{full}");
    let csv = text(amdahl(&["compare", runs[0], runs[5], "--format", "csv"]));
    assert!(csv.starts_with("base,run,run_number,experiment,") && csv.lines().count() > 300, "{csv}");
    let file = folder.path().join("page.html");
    let said = text(amdahl(&["compare", runs[0], runs[5], "--format", "html", "--save", file.to_str().unwrap()]));
    let page = fs::read_to_string(said.trim_end()).unwrap();
    assert!(page.contains("<title>Apple M2") || page.contains("<title>NVIDIA"), "{page}");
    assert!(!page.contains("://") && page.contains("Content-Security-Policy"));
}

#[test]
fn quick_runs_of_one_device_raise_no_false_alarm() {
    raises_no_false_alarm("h100", &["--quick"], 0.85);
    raises_no_false_alarm("h100,noise=0.03", &["--quick"], 0.55);
    raises_no_false_alarm("serial=0.01,knee=4096,launch=5us,noise=0.05", &["--quick"], 0.35);
    raises_no_false_alarm("serial=0.01,noise=0.05,tail=0.1", &["--quick"], 0.2);
}

#[test]
fn default_runs_of_one_device_raise_no_false_alarm() {
    raises_no_false_alarm("h100", &[], 0.9);
    raises_no_false_alarm("serial=0.01,noise=0.05,tail=0.1", &[], 0.5);
}

/// Where each time is off by a tenth, hardly any can be SAME.
#[test]
fn noisy_runs_of_one_device_raise_no_false_alarm() {
    raises_no_false_alarm("h100,noise=0.1", &[], 0.005);
}

/// Seeds of one device are runs of one device: nothing is told that is not there, and what is steady is told the same.
/// Each law has the least share of times that must be SAME.
fn raises_no_false_alarm(law: &str, effort: &[&str], least: f64) {
    let folder = tempfile::tempdir().unwrap();
    let seeds: Vec<String> = (1..=6).map(|seed: u32| seed.to_string()).collect();
    let run = |seed: &String| {
        let out = folder.path().join(seed);
        text(amdahl(&[&["run", "--simulate", law, "--seed", seed, "--out", out.to_str().unwrap()], effort].concat()));
        out.to_str().unwrap().to_owned()
    };
    let runs: Vec<String> = seeds.iter().map(run).collect();
    let (mut all, mut told, mut same) = (0, 0, 0);
    let (mut heads, mut false_heads, mut same_heads) = (0, 0, 0);
    for pair in runs.chunks(2) {
        let document = compared(&[&pair[0], &pair[1]]);
        let comparison = &document["comparisons"][0];
        // Where each time is off by a tenth, SAME may not be proven.
        let unsure = comparison["answer"] == "UNDECIDED" && law.ends_with("noise=0.1");
        assert!(comparison["answer"] == "SAME" || unsure, "{law}: {}", comparison["answer"]);
        for time in items(&comparison["times"]) {
            all += 1;
            told += usize::from(time["answer"] == "FASTER" || time["answer"] == "SLOWER");
            same += usize::from(time["answer"] == "SAME");
        }
        // A crossover is known no finer than the sizes that were tried.
        let known = |head: &&Value| head["answer"].is_string() && head["id"] != "crossover";
        for head in items(&comparison["headlines"]).iter().filter(known) {
            heads += 1;
            same_heads += usize::from(head["answer"] == "SAME");
            false_heads += usize::from(head["answer"] != "SAME" && head["answer"] != "UNDECIDED");
        }
    }
    assert!(told * 20 <= all, "{law}: {told} of {all} are false alarms");
    assert!(same as f64 >= least * all as f64, "{law}: only {same} of {all} are SAME");
    assert!(false_heads * 20 <= heads, "{law}: {false_heads} of {heads} headlines are false alarms");
    assert!(law != "h100" || same_heads == heads, "{law}: {same_heads} of {heads} headlines are SAME");
}

/// The highest of many rates grows with the noise: that proves nothing.
#[test]
fn noise_alone_proves_no_other_limit() {
    let folder = tempfile::tempdir().unwrap();
    for seed in ["1", "2", "3"] {
        let run = |law: &str| {
            let place = folder.path().join(seed).join(law);
            let place = place.to_str().unwrap();
            text(amdahl(&["run", "limits", "--simulate", law, "--seed", seed, "--out", place]));
            place.to_owned()
        };
        let base = run("h100");
        for law in ["h100,noise=0.1", "h100,noise=0.2"] {
            let document = compared(&[&base, &run(law)]);
            let heads = items(&document["comparisons"][0]["headlines"]);
            let limits: Vec<&Value> =
                heads.iter().filter(|head| head["id"] == "copy" || head["id"] == "compute").collect();
            assert_eq!(limits.len(), 2, "{heads:?}");
            for limit in limits {
                let answer = limit["answer"].as_str().unwrap();
                assert!(["SAME", "UNDECIDED"].contains(&answer), "{law}, seed {seed}: {limit}");
            }
        }
    }
}

#[test]
fn a_planted_difference_is_found_where_it_was_planted() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, law: &str, seed: &str| measure(folder.path(), name, &["--simulate", law, "--seed", seed]);
    let base = run("base", "serial=0.01,knee=4096,launch=5us,noise=0.05", "1");
    let launch = run("launch", "serial=0.01,knee=4096,launch=6us,noise=0.05", "2");
    let serial = run("serial", "serial=0.012,knee=4096,launch=5us,noise=0.05", "3");
    let document = compared(&[&base, &launch]);
    let comparison = &document["comparisons"][0];
    assert_eq!(comparison["answer"], "SAME", "kernels and whole jobs are, on average");
    let said = one_line(&text(amdahl(&["compare", &base, &launch])));
    assert!(said.contains("SAME: on average kernels and whole jobs are between 1.0"), "{said}");
    assert!(said.contains(" SLOWER (launch 2"), "{said}");
    assert!(share(comparison, "launch", "SLOWER") > 0.9, "{}", share(comparison, "launch", "SLOWER"));
    assert!(share(comparison, "kernel", "SLOWER") < 0.05);
    let document = compared(&[&base, &serial]);
    let comparison = &document["comparisons"][0];
    assert_eq!(comparison["answer"], "SLOWER");
    assert!(share(comparison, "kernel", "SLOWER") > 0.65, "{}", share(comparison, "kernel", "SLOWER"));
    assert!(share(comparison, "launch", "SLOWER") < 0.05);
    let failed = amdahl(&["compare", &base, &launch, "--fail-above", "10%"]);
    assert_eq!(failed.status.code(), Some(3));
    let said = message(&failed);
    assert!(said.contains(": launch: 1.2") && said.contains("slower\n") && said.contains("--fail-above"), "{said}");
    text(amdahl(&["compare", &launch, &base, "--fail-above", "10%"]));
    text(amdahl(&["compare", &base, &launch, "--fail-above", "40%"]));
    refused(&["compare", &base, &launch, "--fail-above", "much"], &["--fail-above", "10%"]);
}

#[test]
fn a_run_is_named_by_a_word_a_folder_a_file_or_its_device() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let quick = ["run", "launch-overhead", "--quick", "--out", out, "--simulate"];
    for (model, seed) in [("h100", "1"), ("m2", "1"), ("m2", "2")] {
        text(amdahl(&[&quick[..], &[model, "--seed", seed]].concat()));
    }
    let devices = |arguments: &[&str]| -> Vec<String> {
        let document = compared(&[arguments, &["--out", out]].concat());
        items(&document["runs"]).iter().map(|run| run["label"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(devices(&["h100", "apple"]), ["NVIDIA H100 SXM (model)", "Apple M2 10 cores (model)"]);
    assert_eq!(devices(&[out, "latest"]).len(), 3, "the latest is one of them");
    let mut all = devices(&[out]);
    all.sort_unstable();
    let both = ["Apple M2 10 cores (model) [1]", "Apple M2 10 cores (model) [2]"];
    assert_eq!(all, [&both[..], &["NVIDIA H100 SXM (model)"]].concat());
    let saved = fs::read_dir(out).unwrap().next().unwrap().unwrap().path();
    let (place, file) = (saved.to_str().unwrap(), saved.join("run.json"));
    let again = amdahl(&["compare", out, place, file.to_str().unwrap(), "--format", "json"]);
    assert!(message(&again).contains("is the same run as"), "{}", message(&again));
    assert_eq!(items(&json(again)["runs"]).len(), 3);
    let alone = amdahl(&["compare", place, file.to_str().unwrap()]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(message(&alone).contains("two different runs"), "{}", message(&alone));
    let said = message(&amdahl(&["compare", "h100", "apple", "--out", out]));
    assert!(said.contains("2 runs of Apple M2") && said.contains("the latest is"), "{said}");
    refused(&["compare", "model", "h100", "--out", out], &["fits 2 devices", "Apple M2", "NVIDIA H100"]);
    refused(&["compare", "voodoo", "h100", "--out", out], &["voodoo", "no device", "Apple M2"]);
    refused(&["compare", "latest", "--out", out], &["at least two"]);
    let many = [&["compare"][..], &[place; 41]].concat();
    refused(&many, &["41 runs", "at most 40"]);
    let by = |name| [&["compare", out, "--by"][..], &[name]].concat();
    refused(&by("voodoo"), &["--by", "launch (launch, waited)"]);
    refused(&by("launch,"), &["fits several", "launch, waited", "launch, batched"]);
    assert!(text(amdahl(&by("Waited"))).contains("FASTER"));
}

#[test]
fn several_devices_are_measured_saved_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let run = ["run", "limits", "launch-overhead", "--quick", "--out", out, "--simulate", "m2", "--simulate", "h100"];
    let output = amdahl(&run);
    let said = message(&output);
    assert!(said.contains("Device 2 of 2: NVIDIA H100") && said.matches("Saved in").count() == 2, "{said}");
    let page = text(output);
    assert!(page.contains("amdahl compare") && page.contains("compute limit") && page.contains("FASTER"), "{page}");
    assert_eq!(fs::read_dir(out).unwrap().count(), 2);
    refused(&["run", "--device", "all", "--simulate", "m2"], &["--simulate", "--device"]);
    refused(&["run", "--device", "cpu", "--simulate", "m2", "--simulate", "h100"], &["--simulate", "--device"]);
    let (backend, system) = if cfg!(target_os = "macos") { ("dx12", "Windows") } else { ("metal", "macOS") };
    refused(&["run", "--device", "all", "--backend", backend, "--no-save"], &["--backend", system, "leave it out"]);
}

#[test]
fn a_device_that_became_twice_as_slow_says_so_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let run = |model: &str| text(amdahl(&["run", "limits", "--quick", "--out", out, "--full", "--simulate", model]));
    let words = "twice as long as in the last run";
    assert!(!run("h100").contains(words));
    assert!(!run("h100").contains(words), "nothing changed");
    // A file that cannot be read is none.
    let broken = folder.path().join("2099-01-01T00-00-00-nvidia-h100-sxm-model");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("run.json"), "{").unwrap();
    assert!(run("h100,battery=0.7").contains(words));
    let latest = fs::read_dir(out).unwrap().map(|entry| entry.unwrap().path()).filter(|path| *path != broken).max();
    let page = fs::read_to_string(latest.unwrap().join("report.html")).unwrap();
    assert!(page.contains("twice as long as in the last run"), "the page says it too");
}

/// A run whose speed changed proves nothing, so it is no base unless the reader says so.
#[test]
fn a_folder_of_runs_has_a_quiet_base() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    for law in ["h100,drift=0.5", "h100"] {
        text(amdahl(&["run", "--simulate", law, "--quick", "--out", out]));
    }
    let drifts = |run: &Value| run["drift"].as_array().is_some_and(|drift| !drift.is_empty());
    let mut saved: Vec<String> =
        fs::read_dir(out).unwrap().map(|one| one.unwrap().path().to_str().unwrap().to_owned()).collect();
    saved.sort();
    let first = |arguments: &[&str]| {
        let compared = amdahl(arguments);
        let said = message(&compared);
        let base = json(compared)["runs"][0]["folder"].as_str().unwrap().to_owned();
        (base, said)
    };
    let read = |path: &String| {
        serde_json::from_str::<Value>(&fs::read_to_string(Path::new(path).join("run.json")).unwrap()).unwrap()
    };
    assert!(drifts(&read(&saved[0])) && !drifts(&read(&saved[1])));
    let (base, said) = first(&["compare", out, "--format", "json"]);
    assert!(saved[1].ends_with(&base) && said.contains("the base is the first run without drift"), "{base} {said}");
    let (base, said) = first(&["compare", &saved[0], &saved[1], "--format", "json"]);
    assert!(saved[0].ends_with(&base) && !said.contains("the base is"), "{base} {said}");
}

/// Thirty laptops hand in thirty folders, of which several may have one name.
#[test]
fn folders_of_one_name_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let places: Vec<_> = ["ada", "grace"].map(|name| folder.path().join(name).join("run")).into();
    for (seed, place) in ["1", "2"].into_iter().zip(&places) {
        let out = folder.path().join(seed);
        let made = ["run", "fixed-size", "--simulate", "h100", "--seed", seed, "--out", out.to_str().unwrap()];
        text(amdahl(&made));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::rename(fs::read_dir(&out).unwrap().next().unwrap().unwrap().path(), place).unwrap();
    }
    let said = text(amdahl(&["compare", places[0].to_str().unwrap(), places[1].to_str().unwrap()]));
    assert!(said.contains("ada/run") && said.contains("grace/run"), "{said}");
}

/// 10 could be ten per cent or ten times.
#[test]
fn a_share_without_its_unit_is_asked_about() {
    refused(&["compare", "latest", "--fail-above", "10"], &["10% for per cent"]);
}
