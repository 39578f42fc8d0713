use super::*;
use crate::record::Case;
use crate::workload::{self, Variant};

#[test]
fn only_kernels_that_need_the_one_before_them_are_dependent() {
    let is_dependent = |workload: &'static dyn workload::Workload, variant: &'static Variant| {
        let case = Case::new(workload.problem(64), 64, 64);
        is_dependent(&Spec { workload, variant, case, inputs: Rc::default() })
    };
    for workload in workload::all() {
        for variant in workload.variants() {
            assert_eq!(is_dependent(*workload, variant), variant.name == "dependent", "{}", workload.name());
        }
    }
    // The shader's name says nothing.
    let dependent = workload::EMPTY.variants().iter().find(|variant| variant.name == "dependent").unwrap();
    let renamed = Box::leak(Box::new(Variant { shaders: &[], ..*dependent }));
    assert!(is_dependent(workload::EMPTY, renamed));
}
