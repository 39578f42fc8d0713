//! The clocks that every section names.

use crate::experiment::fixture::{fixed_size, launch_overhead, problem_size, run, samples};
use crate::page::block::Block;
use crate::page::clocks::{blocks, named};
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
    let text = named(&run(vec![fixed_size(14.0)])).unwrap();
    for words in ["GPU timestamps for kernel", "host − GPU for launch", "upload, read-back"] {
        assert!(text.contains(words), "{text}");
    }
    assert!(named(&run(vec![launch_overhead()])).unwrap().contains("launch"));
    let text = named(&run(vec![problem_size()])).unwrap();
    assert!(text.contains("kernel (8 cases)") && text.contains("kernel (16 cases)"), "{text}");
}

#[test]
fn launches_set_to_zero_are_counted() {
    let mut experiment = fixed_size(14.0);
    experiment.cases[3].clamped_launches = 2;
    assert!(lines(experiment)[0].starts_with("2 launches were set to zero"));
}

#[test]
fn rejected_timestamps_are_counted_and_their_cases_named() {
    let mut experiment = fixed_size(14.0);
    assert_eq!(lines(experiment.clone()).len(), 0, "nothing was impossible");
    let case = &mut experiment.cases[3];
    case.rejected_timestamps = 20;
    case.phases.insert(Phase::Kernel, samples(Clock::HostLessEmpty, 1e-3, 1));
    let text = &lines(experiment.clone())[0];
    assert!(text.starts_with("20 pairs of GPU timestamps were impossible"), "{text}");
    assert!(text.ends_with("1,048,576 elements, 64 multiply-adds each, on 8 workers."), "{text}");
    for case in &mut experiment.cases {
        case.phases.insert(Phase::Kernel, samples(Clock::HostLessEmpty, 1e-3, 1));
    }
    assert!(lines(experiment)[0].contains("the host's clock, less an empty launch, timed all 21 cases"));
}
