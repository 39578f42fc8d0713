use super::super::fixture::{self, Stage};
use super::*;
use crate::record::{Tournament, Tried};

#[test]
fn planted_steps_are_read_and_said() {
    let n = 512;
    let problem = Problem::Matrix { m: n, k: n, n };
    let steps = [("naive", 4e-3), ("tiled", 2e-3), ("blocked-8x8", 0.5e-3), ("shared-64x64", 1e-3)];
    let cases = steps.map(|(name, kernel)| {
        let case = Case { variant: Some(name.try_into().unwrap()), ..fixture::on_device(problem, n * n) };
        let mut case = fixture::case(case, fixture::phases(kernel, 1e-4, 3e-5, 1e-4, 1));
        case.flop = 2.0 * (n * n * n) as f64;
        case
    });
    let run = fixture::run(vec![fixture::measured("climb", "matmul", cases.into())]);
    let measured = &run.experiments[0];
    let reading = Climb.read(&run, measured);
    let ratios = |of: fn(&Step) -> Option<Estimate>| reading.iter().map(move |step| of(step).map(|ratio| ratio.value));
    for (found, planted) in ratios(|step| step.over_first).zip([1.0, 2.0, 8.0, 4.0]) {
        assert!((found.unwrap() / planted - 1.0).abs() < 0.02, "{found:?} {planted}");
    }
    assert!(reading[0].over_before.is_none() && reading[3].over_before.unwrap().value < 0.55);
    let said = Climb.say(View { run: &run, measured, reading: &reading }).join(" ");
    assert!(said.starts_with("blocked-8x8 is 8.0"), "{said}");
    let answer = Climb.answer(&[View { run: &run, measured, reading: &reading }]).join(" ");
    assert!(answer.starts_with("matmul (512 x 512 matrices): blocked-8x8 is 8.0"), "{answer}");
    assert!(said.contains(" faster than naive: 5") && said.contains("GFLOP/s instead of 6"), "{said}");
}

#[test]
fn nothing_is_compared_with_another_base_if_the_first_variant_did_not_run() {
    let problem = Problem::Matrix { m: 512, k: 512, n: 512 };
    let variant = |name: &str| VariantName::from(name).unwrap();
    let cases = [("tiled", 4e-3), ("blocked-8x8", 1e-3)].map(|(name, kernel)| {
        let case = Case { variant: Some(variant(name)), ..fixture::on_device(problem, 1 << 18) };
        let case = fixture::case(case, fixture::phases(kernel, 1e-4, 3e-5, 1e-4, 1));
        Measurement { flop: 2.0 * 512f64.powi(3), ..case }
    });
    let mut run = fixture::run(vec![fixture::measured("climb", "matmul", cases.into())]);
    let tried = ["naive", "tiled", "blocked-8x8"].map(|name| Tried {
        variant: variant(name),
        workers: 1 << 18,
        workgroup_size: 256,
        seconds: (name != "naive").then_some(1e-3),
        reason: (name == "naive").then(|| "it would take an estimated 683 ms".to_owned()),
    });
    let race = Tournament { workload: "matmul".to_owned(), problem, tried: tried.into(), winner: Some(2) };
    run.experiments[0].tournaments.push(race);
    let measured = &run.experiments[0];
    let reading = Climb.read(&run, measured);
    assert!(reading.iter().all(|step| step.over_first.is_none()), "{reading:?}");
    assert!((reading[1].over_before.unwrap().value - 4.0).abs() < 0.1);
    let view = View { run: &run, measured, reading: &reading };
    let said = Climb.say(view).join(" ");
    assert!(said.contains("blocked-8x8 is the fastest of those that ran, with 26"), "{said}");
    assert!(said.ends_with("The first variant, naive, did not run: it would take an estimated 683 ms."), "{said}");
    let (_, line) = Climb.line(&[view]).unwrap();
    assert!(line.contains("matmul blocked-8x8"), "{line}");
}

#[test]
fn every_variant_has_a_case_of_its_own_width() {
    let stage = Stage::of(DeviceKind::Discrete);
    let plans = Climb.plan(&stage.scene("matmul", 1e-12));
    let workers = |name: &str| {
        let case = plans[0].cases.iter().find(|case| case.variant.is_some_and(|one| one.as_str() == name));
        case.unwrap().workers
    };
    assert_eq!(workers("naive"), 2048 * 2048);
    assert_eq!(workers("blocked-8x8"), 2048 * 2048 / 64);
    assert_eq!(workers("shared-128x128"), 16 * 16 * 256);
    let stage = Stage::of(DeviceKind::Simulated);
    assert!(Climb.plan(&stage.scene("matmul", 1e-12))[0].cases.is_empty());
}
