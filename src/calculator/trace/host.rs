//! Traces without a device: what the threads of the host did.
//!
//! Operations of a thread contain each other: an outer one is no work while an inner one runs. The one that began last
//! is what the thread does. So a communication that runs in the background of its thread does not hide the computation
//! beside it, and an operation that only waits for a communication inside it is none.

use std::collections::BinaryHeap;
use std::ops::Range;

use super::gather::Busy;
use super::kind::Kind;

/// An operation of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) span: Range<i64>,
    pub(super) kind: Kind,
    /// The number of its name.
    pub(super) name: u32,
}

/// Adds what one thread did to what its process did. `own` is given each time that an operation is the innermost one,
/// in nanoseconds.
///
/// A communication that computation of the same thread runs beside stays communication as a whole: it is hidden there.
pub(super) fn add_thread(mut operations: Vec<Operation>, busy: &mut Busy, mut own: impl FnMut(&Operation, i64)) {
    // Of two that begin together the longer is the outer one.
    operations.sort_by_key(|one| (one.span.start, std::cmp::Reverse(one.span.end)));
    let mut running: BinaryHeap<usize> = BinaryHeap::new();
    let mut time = i64::MIN;
    for index in 0..=operations.len() {
        let until = operations.get(index).map_or(i64::MAX, |next| next.span.start);
        while let Some(&innermost) = running.peek() {
            let operation = &operations[innermost];
            let end = operation.span.end.min(until);
            if time < end && operation.kind != Kind::Communication {
                busy.of(operation.kind).add(time..end);
                own(operation, end - time);
            }
            time = time.max(end);
            if operation.span.end > until {
                break;
            }
            running.pop();
        }
        time = time.max(until);
        running.push(index);
    }
    for operation in operations.into_iter().filter(|one| one.kind == Kind::Communication) {
        busy.communication.add(operation.span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy(operations: &[(Range<i64>, Kind)]) -> (i64, i64, i64) {
        let mut busy = Busy::default();
        add_thread(
            operations.iter().map(|(span, kind)| Operation { span: span.clone(), kind: *kind, name: 0 }).collect(),
            &mut busy,
            |_, _| (),
        );
        let (compute, communication) = (busy.compute.merged(), busy.communication.merged());
        (compute.length(), communication.length(), compute.overlap(&communication))
    }

    #[test]
    fn the_innermost_operation_is_what_a_thread_does() {
        use Kind::{Communication, Compute};
        assert_eq!(busy(&[(0..100, Compute), (20..80, Communication)]), (40, 60, 0), "an operation that waits");
        assert_eq!(busy(&[(0..100, Communication), (10..80, Compute)]), (70, 100, 70), "in the background");
        assert_eq!(busy(&[(0..100, Compute), (0..100, Communication)]), (0, 100, 0), "the last one is inside");
        assert_eq!(busy(&[(0..50, Compute), (10..20, Compute), (30..90, Communication)]), (30, 60, 0), "side by side");
        assert_eq!(busy(&[]), (0, 0, 0));
    }
}
