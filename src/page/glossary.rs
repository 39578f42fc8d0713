//! Every term that a student meets, each in one plain sentence.

use serde::Serialize;

use super::block::{Block, Table};
use super::format::{self, Format};
use super::text::Look;

/// A term with its sentence, for programs.
#[derive(Serialize)]
struct Word {
    term: &'static str,
    meaning: &'static str,
}

/// The terms, sorted, each with its sentence.
pub(crate) static WORDS: &[(&str, &str)] = &[
    ("95 % interval", "The range that holds the true value with 95 % certainty; a narrow range means a precise value."),
    ("Amdahl's law", "For a job of fixed size, p workers give a speedup of 1/(s + (1 − s)/p)."),
    ("atomic", "An operation on memory that no other worker can interrupt; many on one place wait for each other."),
    ("bandwidth", "The number of bytes moved in one second."),
    ("barrier", "A point where all workers of a workgroup wait until the last one has arrived."),
    ("baseline", "The CPU version of a job that the device is compared with."),
    ("batch", "Several launches that are sent together and waited for once."),
    ("binding", "The link between a buffer and the name that a kernel uses for it."),
    ("block", "One round of a measurement, in which every case runs once in shuffled order."),
    ("branch divergence", "Lanes of one subgroup take different branches, so the branches run one after the other."),
    ("buffer", "A piece of device memory that kernels read or write."),
    ("cache", "Small fast memory that keeps data for the next use."),
    ("case", "One job with one number of workers and one set of choices, measured many times."),
    ("ceiling without limits", "The speedup 1/s that endless hardware would reach by Amdahl's law."),
    ("check", "A comparison by which the run tests its own numbers."),
    ("clock", "The timer behind a number: that of the host, or the GPU's own timestamps."),
    ("command buffer", "A list of recorded commands that the host hands to the driver."),
    ("communication", "The overhead of moving data: upload and read-back."),
    ("compile", "Translating a kernel into instructions of the device; done once, before the first launch."),
    ("compute limit", "The highest number of operations in one second that the device reached in this run."),
    ("coordination", "The overhead of telling workers to start and of waiting for them: the launch."),
    ("crossover", "The size from which on the device is faster than the CPU."),
    ("dependency", "A launch that needs the result of the one before and must wait for it."),
    ("device", "The processor that computes: a GPU, a CPU, or a model of one."),
    ("discrete GPU", "A GPU with its own memory, reached over a bus."),
    ("dispatch", "The command that starts a kernel on a number of workgroups."),
    ("distribution", "The overhead of handing out the work before it starts: set-up."),
    ("driver", "The software that turns commands of the host into commands of the device."),
    ("efficiency", "The speedup divided by the number of workers: how well each worker is used."),
    ("encode", "Recording commands on the host before they are submitted."),
    ("enough workers", "The smallest number of workers that is as fast as the best."),
    ("exposed communication", "Communication during which no computation runs, so that everybody waits for it."),
    (
        "fitted ceiling",
        "The highest speedup that this job reaches here: its time on the fewest workers over the curve's shortest.",
    ),
    ("flop", "One multiplication or addition of numbers with a decimal point."),
    ("flop per byte", "The operations of a kernel divided by the bytes it moves; many make it compute-bound."),
    ("fresh", "A transfer method that makes a new staging buffer for each transfer."),
    ("Gustafson's law", "For a job that grows with the workers, p workers give a speedup of p − s(p − 1)."),
    ("Hockney's law", "A transfer or kernel takes a fixed start-up time plus its size divided by a rate."),
    ("host", "The CPU and its memory, which give the device its work."),
    ("integrated GPU", "A GPU that shares its memory with the CPU."),
    ("invocation", "One run of a kernel's code for one index; on most pages a worker is an invocation."),
    (
        "Karp–Flatt",
        "The serial fraction that one measured speedup alone would imply, computed for each number of workers.",
    ),
    ("kernel", "The program that runs on the device, once for each worker."),
    ("knee", "The number of workers at which the hardware is full and the curve bends."),
    ("lane", "One of the places in which the hardware runs workers at the same time; those of a subgroup run in step."),
    ("latency", "The time until something begins to happen, whatever its size."),
    ("launch", "Starting a kernel: recording, submitting and waiting, without the kernel itself."),
    ("launch floor", "The time that even an empty kernel takes by the device's own clock."),
    ("launch style", "How launches are grouped: in one pass, in passes, in submits, or each waited for."),
    ("limit", "The highest rate that the memory or the arithmetic of the device reaches."),
    ("mapped", "A transfer method that writes straight into buffers that host and device share."),
    ("median", "The middle value: half of all measured times are shorter, half are longer."),
    ("memory limit", "The highest number of bytes in one second that the device copied in this run."),
    ("multiply-add", "One multiplication followed by one addition: two flop."),
    ("noise between sections", "How much speed changes from one section of a report to the next."),
    ("one more launch", "The time that one further launch adds to a series of launches."),
    ("order", "How branches lie among neighbouring workers: scattered or sorted."),
    ("overhead", "Time spent on something other than the work itself."),
    ("overlap", "Two parts of a job run at the same time, so the shorter one costs nothing."),
    ("parallel fraction", "The share of the time on one worker that more workers can shorten: 1 − s."),
    ("pass", "A group of launches that the driver receives as one unit."),
    ("peak", "The number of workers beyond which more workers make the job slower."),
    ("problem size", "How many elements the job has."),
    ("rank", "The number of one process or device among all that work on a job together."),
    ("read-back", "Copying the result from the device to the host."),
    ("refused fit", "A law that does not describe the measured times, so its values are not shown."),
    ("ridge", "The flop per byte at which memory limit and compute limit are equally strict."),
    ("roofline", "A picture of the highest rate that memory and arithmetic allow at each flop per byte."),
    ("round trip", "Upload, launch, kernel and read-back, one after the other."),
    ("samples", "The single times that were measured for one case."),
    ("scalar", "One element at a time, without the vector unit."),
    ("serial fraction", "The share s of the time on one worker that more workers cannot shorten."),
    ("set-up", "Preparing buffers and bindings before the data move."),
    ("simulated device", "A model that computes nothing and draws its times from a known law."),
    ("single launch", "One launch on its own, from recording it to the end of the wait."),
    ("software GPU", "A CPU that acts as a GPU through a driver such as llvmpipe."),
    ("span", "The longest chain of operations that wait for each other: the time on endless workers."),
    ("speedup", "The time on one worker divided by the time on more: 4 means four times faster."),
    ("spinning", "Waiting by asking again and again, which reacts fast and keeps a CPU core busy."),
    ("staged", "A transfer method that copies data through a kept buffer that the host can write."),
    ("step", "One round of a job that repeats, such as one batch of a training."),
    ("straggler", "The rank that arrives last at a communication, so that all others wait for it."),
    ("strong scaling", "The job stays the same while workers are added."),
    ("subgroup", "The lanes that run the same instruction together; 8 to 64 on most devices."),
    ("submit", "Handing recorded commands to the device."),
    ("superlinear", "A speedup larger than the number of workers, often because each worker's data fit into a cache."),
    ("test kernel", "A fixed small kernel that runs again and again to show whether the device's speed changes."),
    ("thread", "One sequence of instructions on the CPU; the operating system gives it a core."),
    ("timestamps", "The device's own clock readings before and after a kernel."),
    ("transfer method", "How data move between host and device: staged, fresh, write-buffer or mapped."),
    ("Universal Scalability Law", "Amdahl's law with a cost for each extra worker, so that the speedup has a peak."),
    ("upload", "Copying the inputs from the host to the device."),
    ("variant", "One of several kernels that compute the same result."),
    ("vector unit", "The part of a CPU core that works on several elements with one instruction."),
    ("verdict", "Whether a fitted law may be believed, and if not, why."),
    ("warm-up", "Runs before the measurement, until the device has reached its usual speed."),
    ("wave", "The workgroups that run at the same time; more workgroups need another wave."),
    ("weak scaling", "The job grows with the workers, so each worker keeps the same share."),
    ("whole job", "Set-up, upload, launch, kernel and read-back: what you wait for."),
    ("work", "The time that all operations of a job take on one worker."),
    ("worker", "One of the units that share the work: an invocation, a workgroup or a CPU thread."),
    ("workgroup", "Invocations that start together on one core and can share memory."),
    ("workgroup memory", "Fast memory that only the workers of one workgroup share."),
    ("workgroup size", "The number of invocations in one workgroup."),
    ("workload", "What is computed, such as a vector sum or a matrix product."),
];

/// Returns the list of words in a format.
pub fn glossary(format: Format, look: Look) -> String {
    let words_for_programs: Vec<Word> = WORDS.iter().map(|&(term, meaning)| Word { term, meaning }).collect();
    format::written(format, look, words, &words_for_programs, || words_for_programs.iter().collect())
}

/// Returns the list of words as blocks.
pub(crate) fn words() -> Vec<Block> {
    let mut table = Table::new(&["term", "meaning"]).words(&[0, 1]);
    for (term, sentence) in WORDS {
        table.push([(*term).to_owned(), (*sentence).to_owned()]);
    }
    vec![Block::Title("Words".to_owned()), Block::Table(table)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_sorted_and_unique() {
        for pair in WORDS.windows(2) {
            assert!(pair[0].0.to_lowercase() < pair[1].0.to_lowercase(), "{} stands before {}", pair[0].0, pair[1].0);
        }
    }

    #[test]
    fn every_sentence_is_one_and_short() {
        for (term, sentence) in WORDS {
            let words = sentence.split_whitespace().count();
            assert!((3..=25).contains(&words), "{term}: {words} words");
            assert!(sentence.ends_with('.') && !sentence.contains(". "), "{term}: {sentence}");
            assert!(sentence.starts_with(char::is_uppercase), "{term}: {sentence}");
        }
    }

    #[test]
    fn the_page_has_a_row_for_each_term() {
        let blocks = words();
        let Block::Table(table) = &blocks[1] else { panic!("{blocks:?}") };
        assert_eq!(table.rows.len(), WORDS.len());
        for term in ["worker", "serial fraction", "fitted ceiling", "one more launch", "noise between sections"] {
            assert!(table.rows.iter().any(|row| row[0] == term), "{term}");
        }
    }
}
