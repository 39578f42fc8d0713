//! Runs a job on threads: in chunks that they take one after another, or in tasks that are far too small.

use std::ops::Range;
use std::time::Instant;

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::clock::now;

/// Fewest elements of one tiny task.
const TINY: usize = 16;

/// Chunks of a job per thread. If a thread is slow or interrupted, the others wait for at most one chunk.
const CHUNKS: u64 = 16;

/// Returns the number of elements of one tiny task: at least [`TINY`], in whole grains (elements that belong together).
pub(super) fn tiny_task(grain: u64) -> u64 {
    (TINY as u64).next_multiple_of(grain.max(1))
}

/// The work on a share of a job: a range of elements, and their part of the output.
pub(super) type Share<'a> = &'a (dyn Fn(Range<usize>, &mut [f32]) + Sync);

/// Runs each chunk several times. If there are threads, each takes the next chunk when it has finished one. Returns
/// start and end of each chunk.
pub(super) fn in_chunks(
    threads: Option<&ThreadPool>,
    chunks: &[Range<usize>],
    parts: Vec<&mut [f32]>,
    repetitions: u32,
    work: Share<'_>,
) -> Vec<(Instant, Instant)> {
    let done = |(elements, part): (&Range<usize>, &mut [f32])| {
        let start = now();
        (0..repetitions).for_each(|_| work(elements.clone(), part));
        (start, now())
    };
    match threads {
        None => chunks.iter().zip(parts).map(done).collect(),
        Some(threads) => threads.install(|| chunks.par_iter().zip(parts).with_max_len(1).map(done).collect()),
    }
}

/// Writes a value everywhere with all threads. This also touches new memory for the first time.
pub(super) fn fill(threads: Option<&ThreadPool>, values: &mut [f32], value: f32) {
    match threads {
        None => values.fill(value),
        Some(threads) => threads.install(|| values.par_iter_mut().for_each(|one| *one = value)),
    }
}

/// Makes the output several times, with one task per `task` elements. Returns the start of the first and the end of the
/// last task.
pub(super) fn tiny_tasks(
    threads: Option<&ThreadPool>,
    task: usize,
    output: &mut [f32],
    repetitions: u32,
    work: Share<'_>,
) -> (Instant, Instant) {
    on(threads, || {
        let start = now();
        (0..repetitions).for_each(|_| halve(0, task, output, work));
        (start, now())
    })
}

/// Halves the output, which begins at element `first`, until each task has its elements.
fn halve(first: usize, task: usize, output: &mut [f32], work: Share<'_>) {
    let tasks = output.len().div_ceil(task);
    if tasks < 2 {
        return work(first..first + output.len(), output);
    }
    let middle = tasks / 2 * task;
    let (left, right) = output.split_at_mut(middle);
    rayon::join(|| halve(first, task, left, work), || halve(first + middle, task, right, work));
}

/// Does the same for a reduction of `items` items, and adds up the partial results of the tasks.
pub(super) fn tiny_sums(
    threads: Option<&ThreadPool>,
    items: usize,
    total: &mut f32,
    repetitions: u32,
    work: Share<'_>,
) -> (Instant, Instant) {
    on(threads, || {
        let start = now();
        (0..repetitions).for_each(|_| *total = sum(0..items, work));
        (start, now())
    })
}

/// Halves the items until each task has [`TINY`], and adds up what the tasks return.
fn sum(items: Range<usize>, work: Share<'_>) -> f32 {
    let tasks = items.len().div_ceil(TINY);
    if tasks < 2 {
        let mut partial = [0.0];
        work(items, &mut partial);
        return partial[0];
    }
    let middle = items.start + tasks / 2 * TINY;
    let (left, right) = rayon::join(|| sum(items.start..middle, work), || sum(middle..items.end, work));
    left + right
}

/// Runs work on the threads, or on the calling thread if there are none.
fn on<R: Send>(threads: Option<&ThreadPool>, work: impl FnOnce() -> R + Send) -> R {
    match threads {
        Some(threads) => threads.install(work),
        None => work(),
    }
}

/// Returns the seconds from the first start to the last end.
pub(super) fn span(spans: &[(Instant, Instant)]) -> f64 {
    let first = spans.iter().map(|(start, _)| start).min();
    let last = spans.iter().map(|(_, end)| end).max();
    first.zip(last).map_or(0.0, |(first, last)| last.duration_since(*first).as_secs_f64())
}

/// Divides the elements into ranges whose lengths differ by at most one grain.
pub(super) fn shares(elements: u64, grain: u64, workers: u64) -> Vec<Range<usize>> {
    let grains = u128::from(elements / grain);
    let bound = |share: u64| (grains * u128::from(share) / u128::from(workers)) as usize * grain as usize;
    (0..workers).map(|share| bound(share)..bound(share + 1)).collect()
}

/// Divides the elements into chunks of whole portions: at most [`CHUNKS`] per worker, and the same number for each
/// worker, so that equal threads finish together. If there are fewer than two portions per worker, each gets one equal
/// share.
pub(super) fn chunks(elements: u64, grain: u64, portion: u64, workers: u64) -> Vec<Range<usize>> {
    let each = (elements / portion / workers).min(CHUNKS);
    if workers == 1 || each < 2 {
        return shares(elements, grain, workers);
    }
    let mut chunks = shares(elements / portion * portion, portion, each * workers);
    if let Some(last) = chunks.last_mut() {
        last.end = elements as usize;
    }
    chunks
}

/// Splits the output into the parts of the shares. The parts are empty if there is no output.
pub(super) fn split<'a>(mut output: &'a mut [f32], shares: &[Range<usize>]) -> Vec<&'a mut [f32]> {
    let part = |share: &Range<usize>| {
        let length = share.len().min(output.len());
        let (part, rest) = std::mem::take(&mut output).split_at_mut(length);
        output = rest;
        part
    };
    shares.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn shares_are_equal_but_for_one() {
        assert_eq!(shares(10, 1, 3), [0..3, 3..6, 6..10]);
        assert_eq!(shares(1, 1, 3), [0..0, 0..0, 0..1]);
        assert_eq!(shares(40, 4, 3), [0..12, 12..24, 24..40]);
        let mut output = [0.0; 10];
        let lengths: Vec<_> = split(&mut output, &shares(10, 1, 3)).iter().map(|part| part.len()).collect();
        assert_eq!(lengths, [3, 3, 4]);
    }

    #[test]
    fn chunks_are_whole_portions_and_as_many_for_each_worker() {
        assert_eq!(chunks(100, 1, 64, 2), shares(100, 1, 2), "one portion is one for nobody");
        assert_eq!(chunks(1 << 20, 1, 64, 1), shares(1 << 20, 1, 1), "one worker has nobody to share with");
        assert_eq!(chunks(260, 1, 64, 2), [0..64, 64..128, 128..192, 192..260]);
        let many = chunks(1_000_003, 1, 64, 3);
        assert_eq!(many.len(), 48);
        assert!(many.windows(2).all(|pair| pair[0].end == pair[1].start && pair[1].start % 64 == 0), "{many:?}");
        assert_eq!((many[0].start, many[47].end), (0, 1_000_003));
        let lengths = many.iter().map(ExactSizeIterator::len);
        assert!(lengths.clone().max().unwrap() <= lengths.min().unwrap() + 128, "{many:?}");
    }

    /// Returns how many elements each of two threads did, if the first one is blocked in its first chunk until the rest
    /// is done.
    fn beside_a_slow_thread(chunks: &[Range<usize>], elements: usize) -> [usize; 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let counts = [const { AtomicUsize::new(0) }; 2];
        let both = Barrier::new(2);
        let work = |share: Range<usize>, _: &mut [f32]| {
            let thread = rayon::current_thread_index().unwrap();
            if counts[thread].fetch_add(share.len(), Ordering::SeqCst) == 0 {
                both.wait();
                let start = now();
                let left = || elements - share.len() > counts[1].load(Ordering::SeqCst);
                while thread == 0 && left() && start.elapsed() < Duration::from_secs(20) {
                    std::thread::yield_now();
                }
            }
        };
        let mut output = vec![0.0; elements];
        in_chunks(Some(&pool), chunks, split(&mut output, chunks), 1, &work);
        counts.map(AtomicUsize::into_inner)
    }

    #[test]
    fn other_threads_take_over_from_a_slow_one() {
        let elements = 1 << 16;
        let [slow, other] = beside_a_slow_thread(&chunks(elements, 1, 64, 2), elements as usize);
        assert_eq!(slow + other, elements as usize);
        assert_eq!(slow as u64, elements / 2 / CHUNKS, "one chunk of the slow thread's share");
    }

    #[test]
    fn a_tiny_task_is_made_of_whole_grains() {
        assert_eq!([0, 1, 3, 16, 64, 100].map(tiny_task), [16, 16, 18, 16, 64, 100]);
    }

    #[test]
    fn tiny_tasks_are_as_small_as_they_are_said_to_be() {
        let tasks = std::sync::Mutex::new(Vec::new());
        let note = |elements: Range<usize>, _: &mut [f32]| tasks.lock().unwrap().push((elements.start, elements.end));
        let task = |grain| tiny_task(grain) as usize;
        tiny_tasks(None, task(1), &mut [0.0; 40], 1, &note);
        tiny_tasks(None, task(64), &mut [0.0; 128], 1, &note);
        tiny_sums(None, 20, &mut 0.0, 1, &note);
        let mut tasks = tasks.into_inner().unwrap();
        tasks.sort_unstable();
        assert_eq!(tasks, [(0, 16), (0, 16), (0, 64), (16, 20), (16, 32), (32, 40), (64, 128)]);
    }
}
