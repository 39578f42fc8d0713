//! What an event is: computation, communication or a copy, by its category and its name.

use regex_lite::Regex;
use serde::Serialize;

/// What a time of a device, or of a processor, was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Compute,
    Communication,
    /// Memory copied or set.
    Copy,
}

/// Where an event took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On the device.
    Device,
    /// On the host.
    Host,
    /// Nowhere: it marks or sums up other events.
    Nowhere,
}

/// Begins of names of communication, in small letters: NCCL and RCCL (`ncclDevKernel_AllReduce…`, `nccl:all_reduce`),
/// other vendors' collectives, MPI, gloo, and PyTorch's own operations.
const COMMUNICATION: [&str; 15] = [
    "nccl",
    "rccl",
    "oneccl",
    "hccl",
    "nvshmem",
    "mpi_",
    "pmpi_",
    "mpi:",
    "ucc:",
    "gloo:",
    "c10d::",
    "_c10d_functional::",
    "record_param_comms",
    "cross_device_reduce",
    "memcpy ptop",
];

/// Categories of events that mark or sum up others, or ask the device for them: counted, they would hide what they
/// stand for.
const MARKS: [&str; 11] = [
    "user_annotation",
    "gpu_user_annotation",
    "python_function",
    "trace",
    "overhead",
    "cuda_runtime",
    "cuda_driver",
    "runtime",
    "ac2g",
    "cpu_instant_event",
    "profilerstep",
];

/// Which names are communication.
#[derive(Debug, Default)]
pub struct Naming {
    /// What the reader adds.
    also: Option<Regex>,
}

impl Naming {
    /// Takes the known names, and those that match a regular expression.
    ///
    /// # Errors
    /// Says what is wrong in the expression.
    pub fn new(also: Option<&str>) -> Result<Self, String> {
        let wrong = |text: &str, error: &regex_lite::Error| {
            format!(
                "--communication {text:?} is no regular expression: {error}; write one such as \"allreduce|halo_.*\""
            )
        };
        let also = also.map(|text| Regex::new(text).map_err(|error| wrong(text, &error))).transpose()?;
        Ok(Self { also })
    }

    fn is_communication(&self, name: &str) -> bool {
        let small = name.to_ascii_lowercase();
        let begins = |word: &str| {
            let before = |at: usize| small[..at].chars().next_back();
            let is_begin = |at: usize| before(at).is_none_or(|letter| !letter.is_alphanumeric() && letter != '_');
            small.match_indices(word).any(|(at, _)| is_begin(at))
        };
        COMMUNICATION.iter().any(|word| begins(word)) || self.also.as_ref().is_some_and(|also| also.is_match(name))
    }

    /// Returns what an event was for.
    pub(super) fn kind(&self, category: &str, name: &str) -> Kind {
        if self.is_communication(name) {
            Kind::Communication
        } else if is_copy(category) {
            Kind::Copy
        } else {
            Kind::Compute
        }
    }

    /// Returns where it took place. A mark of communication counts as an operation of the host: gloo has no other.
    pub(super) fn place(&self, category: &str, name: &str) -> Place {
        let is = |word: &str| category.eq_ignore_ascii_case(word);
        if is("kernel") || is_copy(category) {
            return Place::Device;
        }
        let is_mark = MARKS.iter().any(|word| is(word));
        let is_work = !is_mark || (is("user_annotation") && self.is_communication(name));
        if is_work { Place::Host } else { Place::Nowhere }
    }
}

fn is_copy(category: &str) -> bool {
    ["gpu_memcpy", "gpu_memset", "memcpy", "memset"].iter().any(|word| category.eq_ignore_ascii_case(word))
}

/// Returns N of a mark `ProfilerStep#N`.
pub(super) fn step(name: &str) -> Option<u64> {
    name.strip_prefix("ProfilerStep#")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communication_is_known_by_name() {
        let naming = Naming::default();
        for name in [
            "ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevKernelArgsStorage<4096ul>)",
            "ncclKernel_AllGather_RING_LL_Sum_int8_t(ncclWorkElem)",
            "void rcclKernel<1>()",
            "nccl:all_reduce",
            "MPI_Allreduce",
            "PMPI_Wait",
            "gloo:all_reduce",
            "c10d::allreduce_",
            "_c10d_functional::all_gather_into_tensor",
            "void vllm::cross_device_reduce_1stage<__half, 2>",
            "Memcpy PtoP (Device -> Device)",
        ] {
            assert_eq!(naming.kind("kernel", name), Kind::Communication, "{name}");
        }
        for name in ["sgemm_128x64", "void reduce_kernel<512>", "empirical_", "compiled_mpi_like", "my_gloo:x"] {
            assert_eq!(naming.kind("kernel", name), Kind::Compute, "{name}");
        }
        assert_eq!(naming.kind("gpu_memcpy", "Memcpy DtoH (Device -> Pageable)"), Kind::Copy);
        let named = Naming::new(Some("^halo_.*")).unwrap();
        assert_eq!(named.kind("kernel", "halo_x"), Kind::Communication);
        assert_eq!(named.kind("kernel", "x_halo_"), Kind::Compute);
        assert!(Naming::new(Some("(")).unwrap_err().contains("--communication \"(\" is no regular expression"));
    }

    #[test]
    fn marks_are_no_work_but_of_communication() {
        let naming = Naming::default();
        let place = |category, name| naming.place(category, name);
        assert_eq!([place("kernel", "a"), place("Kernel", "a"), place("gpu_memset", "a")], [Place::Device; 3]);
        assert_eq!(
            [place("cpu_op", "aten::add"), place("", "solve"), place("user_annotation", "gloo:send")],
            [Place::Host; 3]
        );
        let marks = [place("python_function", "nn.Linear"), place("user_annotation", "forward"), place("Trace", "x")];
        assert_eq!(marks, [Place::Nowhere; 3]);
        assert_eq!(place("gpu_user_annotation", "nccl:all_reduce"), Place::Nowhere);
    }

    #[test]
    fn steps_have_numbers() {
        assert_eq!(
            ["ProfilerStep#12", "ProfilerStep#", "ProfilerStep*", "step 3"].map(step),
            [Some(12), None, None, None]
        );
    }
}
