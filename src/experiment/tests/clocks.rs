//! The clocks that every section names.

use crate::experiment::fixture::{fixed_size, launch_overhead, problem_size, run, samples};
use crate::page::block::Block;
use crate::page::clocks::blocks;
use crate::record::{Clock, Measured, Phase};

fn lines(measured: Measured) -> Vec<String> {
    let run = run(vec![measured]);
    blocks(&run, &run.experiments[0])
        .into_iter()
        .map(|block| if let Block::Text(text) = block { text } else { panic!("{block:?}") })
        .collect()
}

#[test]
fn every_phase_has_its_clock_named() {
    let text = &lines(fixed_size(14.0))[0];
    for words in ["GPU timestamps for kernel", "host − GPU for launch", "upload, read-back"] {
        assert!(text.contains(words), "{text}");
    }
    assert!(lines(launch_overhead())[0].contains("launch"));
    let text = &lines(problem_size())[0];
    assert!(text.contains("kernel (8 cases)") && text.contains("kernel (16 cases)"), "{text}");
}

#[test]
fn launches_set_to_zero_are_counted() {
    let mut experiment = fixed_size(14.0);
    experiment.cases[3].clamped_launches = 2;
    assert!(lines(experiment)[1].starts_with("2 launches were set to zero"));
}

#[test]
fn rejected_timestamps_are_counted_and_their_cases_named() {
    let mut experiment = fixed_size(14.0);
    assert_eq!(lines(experiment.clone()).len(), 1, "nothing was rejected");
    let case = &mut experiment.cases[3];
    case.rejected_timestamps = 20;
    case.phases.insert(Phase::Kernel, samples(Clock::HostLessEmpty, 1e-3, 1));
    let text = &lines(experiment.clone())[1];
    assert!(text.starts_with("20 pairs of GPU timestamps could not be true"), "{text}");
    assert!(text.ends_with("n = 1,048,576 with 64 multiply-adds each on 8 invocations."), "{text}");
    for case in &mut experiment.cases {
        case.phases.insert(Phase::Kernel, samples(Clock::HostLessEmpty, 1e-3, 1));
    }
    assert!(lines(experiment)[1].contains("all 21 cases are timed by the host's clock"));
}
