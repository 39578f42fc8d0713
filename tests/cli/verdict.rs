//! What the short answer claims is what was measured: batching, Gustafson's law, ceilings.

use std::fs;

use serde_json::Value;

use crate::common::{amdahl, json, one_line, text};

/// A saved run whose launches of a style have these times each, as far as an experiment has the style.
fn with_launches(run: &Value, experiment: &str, style: &str, each: &[f64]) -> Value {
    let mut run = run.clone();
    let experiments = run["experiments"].as_array_mut().unwrap().iter_mut();
    for case in experiments.filter(|one| one["name"] == experiment).flat_map(|one| one["cases"].as_array_mut().unwrap())
    {
        if case["series"] == style {
            let launches = case["dispatches"].as_f64().unwrap().max(case["slices"].as_f64().unwrap_or(1.0));
            case["phases"]["launch"]["seconds"] = each.iter().map(|seconds| launches * seconds).collect();
        }
    }
    run
}

/// Overlapping intervals are no proof that batching does not pay: a cut job may prove that it does, or nothing is told.
#[test]
fn what_cannot_be_told_is_no_no() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let run =
        ["run", "launch-overhead", "split-work", "--simulate", "h100", "--quick", "--format", "json", "--out", out];
    let run = json(amdahl(&run));
    let file = folder.path().join("run.json");
    let shown = |run: &Value| {
        fs::write(&file, run.to_string()).unwrap();
        one_line(&text(amdahl(&["show", file.to_str().unwrap()])))
    };
    assert!(shown(&run).contains("YES: one pass is"));
    let scattered: Vec<f64> = (1..=9).map(|step| 2e-6 * f64::from(step)).collect();
    let unsure = with_launches(&run, "launch-overhead", "wait-each", &scattered);
    let unsure = with_launches(&unsure, "launch-overhead", "one-pass", &scattered);
    let said = shown(&unsure);
    assert!(said.contains("YES: the fma job cut into 256 pieces takes"), "{said}");
    assert!(said.contains("The empty launches alone cannot tell: the intervals of"), "{said}");
    let neither = with_launches(&unsure, "split-work", "wait-each", &scattered);
    let neither = with_launches(&neither, "split-work", "one-pass", &scattered);
    let said = shown(&neither);
    assert!(
        said.contains("UNSURE: the intervals of") && said.contains("`amdahl run launch-overhead split-work`"),
        "{said}"
    );
    assert!(!said.contains("NO:") && !said.contains("YES:"), "{said}");
    let dearer = with_launches(&run, "launch-overhead", "one-pass", &[90e-6, 91e-6, 92e-6, 93e-6, 94e-6, 95e-6, 96e-6]);
    let said = shown(&dearer);
    assert!(said.contains("NO: a launch costs"), "{said}");
}

/// What a processor alone shows: launches in one pass that cost nothing, and a bigger job that gains nothing.
#[test]
fn a_processor_alone_is_no_rival_of_itself() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/run-llvmpipe.json");
    let mut run: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    run["device"]["kind"] = "cpu".into();
    let experiments = run["experiments"].as_array_mut().unwrap().iter_mut();
    for case in experiments.flat_map(|one| one["cases"].as_array_mut().unwrap()) {
        if case["series"] == "one-pass" {
            case["phases"]["launch"]["seconds"] = [13.9e-6, 14e-6, 14.1e-6, 14e-6, 13.95e-6, 14.05e-6].into();
        }
        if case["workers"].as_u64().unwrap() > 1 {
            let kernel = case["phases"]["kernel"]["seconds"].as_array_mut().into_iter().flatten();
            kernel.for_each(|seconds| *seconds = (1e3 * seconds.as_f64().unwrap()).into());
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.json");
    fs::write(&path, run.to_string()).unwrap();
    let show = |what: &[&str]| one_line(&text(amdahl(&[&["show", path.to_str().unwrap()], what].concat())));
    let said = show(&[]);
    for told in [
        "each: more workers do no more than 1 job in the time of 1.",
        "YES: in one pass another launch costs at most ",
        "all in one pass below ",
        "this CPU with all its threads does not beat one thread: ",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    for nonsense in ["– times", "the CPU:", " 1 workers"] {
        assert!(!said.contains(nonsense), "{nonsense}: {said}");
    }
    assert!(!show(&["numbers"]).contains("times cheaper in one pass"));
}

/// The law holds where it says what was measured, and nowhere else.
#[test]
fn gustafsons_law_is_judged_by_the_measurement() {
    let folder = tempfile::tempdir().unwrap();
    let mut runs = vec![concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/run-llvmpipe.json").to_owned()];
    for model in ["h100", "m2", "llvmpipe", "serial=0.1,knee=64,launch=200us", "knee=1e9,cache=8"] {
        let out = folder.path().join(model);
        let out = out.to_str().unwrap();
        text(amdahl(&["run", "scaled-size", "--quick", "--simulate", model, "--out", out]));
        runs.push(fs::read_dir(out).unwrap().next().unwrap().unwrap().path().to_str().unwrap().to_owned());
    }
    let mut seen = [0, 0];
    for run in &runs {
        let said = one_line(&text(amdahl(&["show", run])));
        let after = |words: &str| -> f64 {
            let rest = said.split_once(words).unwrap_or_else(|| panic!("{words} in {said}")).1;
            rest.split(' ').next().unwrap().replace(',', "").parse().unwrap()
        };
        let (law, measured) = (after("Gustafson's law says "), after("one worker takes "));
        let is_near = (law / measured).ln().abs() < 1.105_f64.ln();
        let holds = said.contains("as measured: the law holds");
        assert_eq!(holds, is_near, "{law} by the law, {measured} measured: {said}");
        assert!(holds || said.contains(", too much") || said.contains(", too little"), "{said}");
        seen[usize::from(holds)] += 1;
        assert!(!said.contains("Gustafson's case"), "{said}");
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

/// A ceiling whose base is several workers, and not one as that of the speedups, names it.
#[test]
fn a_ceiling_over_several_workers_names_them() {
    let run = ["run", "fixed-size", "--quick", "--simulate", "serial=0.001,knee=512,cache=8", "--no-save"];
    let details = one_line(&text(amdahl(&[&run[..], &["--full"]].concat())));
    let short = one_line(&text(amdahl(&run)));
    let said = [details, short].concat();
    assert!(said.matches("itted ceiling").count() >= 4 && said.contains("which count as one"), "{said}");
    for ceiling in said.split("itted ceiling").skip(1) {
        let sentence = ceiling.split([';', '.']).take(4).collect::<Vec<_>>().join(".");
        assert!(sentence.contains(" times over 8 workers"), "{sentence} in {said}");
    }
}
