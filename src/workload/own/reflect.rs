//! Reads what a kernel takes from its text, with the compiler that also compiles it: arrays to read, arrays to write,
//! one uniform block with `n`, `workers`, `first`, `end` and constants, and an override for the workgroup size.
//!
//! Comments add what the text cannot say: `// elements: n * n` behind an array with a length other than n, `// = 2.5`
//! behind a constant of the uniform block, and `// flop: 2 * n` and `// items: n / 4` on their own lines.

use std::ops::Range;
use std::sync::Arc;

use naga::back::PipelineConstants;
use naga::back::pipeline_constants::process_overrides;
use naga::valid::{
    Capabilities, GlobalUse, ModuleInfo, ShaderStages, SubgroupOperationSet, ValidationFlags, Validator,
};
use naga::{AddressSpace, Binding, BuiltIn, EntryPoint, GlobalVariable, Module, TypeInner};

use super::layout::Layout;
use super::length::{self, Length};
use super::nesting;
use super::quote;
use super::reader::Reader;

/// What a kernel may use beyond core WGSL, with the name of the extension, on devices that have it.
const EXTENSIONS: [(&str, Capabilities); 2] = [
    ("f16", Capabilities::SHADER_FLOAT16),
    ("subgroups", Capabilities::SUBGROUP.union(Capabilities::SUBGROUP_BARRIER)),
];

/// An array that a kernel takes.
#[derive(Debug, Clone)]
pub(super) struct Array {
    pub(super) name: String,
    pub(super) binding: u32,
    /// Number of elements.
    pub(super) length: Length,
    /// Memory layout of an element.
    pub(super) layout: Layout,
}

impl Array {
    /// Returns the number of words for size n.
    pub(super) fn words(&self, n: u64) -> u64 {
        self.length.of(n).saturating_mul(self.layout.words)
    }

    /// Returns the number of values for size n.
    pub(super) fn values(&self, n: u64) -> u64 {
        self.length.of(n).saturating_mul(self.layout.leaves.len() as u64)
    }
}

/// A member of the uniform block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    N,
    Workers,
    First,
    End,
    /// A constant, as its bits.
    Constant(u32),
}

/// The uniform block.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) binding: u32,
    pub(super) words: usize,
    /// The members, each with its word.
    pub(super) members: Vec<(usize, Member)>,
}

/// What a kernel takes.
#[derive(Debug, Clone)]
pub(super) struct Interface {
    pub(super) inputs: Vec<Array>,
    pub(super) outputs: Vec<Array>,
    block: Option<Block>,
    /// Override that sets the workgroup size, or a fixed size.
    pub(super) workgroup: Result<&'static str, u32>,
    /// Whether the kernel reads the number of workgroups, so that they may come in two dimensions.
    pub(super) knows_groups: bool,
    items: Option<Length>,
    pub(super) flop: Option<Length>,
    /// Extensions that it needs to compile.
    pub(super) extensions: Vec<&'static str>,
    compiled: Arc<(Module, ModuleInfo)>,
}

impl Interface {
    /// Reads what the kernel in the text of a file takes.
    ///
    /// # Errors
    ///
    /// Says what is wrong, in which line, and what would be right.
    pub(super) fn of(file: &str, text: &str) -> Result<Self, String> {
        if let Some(fault) = nesting::fault(text) {
            return Err(fault);
        }
        let compiler = |message: String| format!("does not compile:\n{}", quote::cut(message.trim_end()));
        let module =
            naga::front::wgsl::parse_str(text).map_err(|error| compiler(error.emit_to_string_with_path(text, file)))?;
        let reader = Reader { text, module: &module };
        let (index, entry) = reader.entry()?;
        let all = EXTENSIONS.into_iter().fold(Capabilities::empty(), |all, (_, one)| all | one);
        let info = valid(&module, all)
            .map_err(|error| reader.fault().unwrap_or_else(|| compiler(error.emit_to_string_with_path(text, file))))?;
        let is_needed = |(name, one)| valid(&module, all - one).is_err().then_some(name);
        let extensions = EXTENSIONS.into_iter().filter_map(is_needed).collect();
        let workgroup = reader.workgroup(entry)?;
        let (mut inputs, mut outputs, mut block) = (Vec::new(), Vec::new(), None);
        for (handle, variable) in module.global_variables.iter() {
            let used = info.get_entry_point(index)[handle];
            if used.is_empty() {
                // Variables that the entry point does not use are not bound.
                continue;
            }
            let Some(binding) = reader.binding(handle, variable)? else { continue };
            let at = |fault: String| reader.at(handle, variable, &fault);
            match variable.space {
                AddressSpace::Uniform if block.is_some() => {
                    return Err(at("is a second uniform block; put all constants into the first".to_owned()));
                }
                AddressSpace::Uniform => block = Some(reader.block(binding, variable).map_err(at)?),
                _ => {
                    let array = reader.array(binding, handle, variable).map_err(at)?;
                    let writes = writes(used).map_err(at)?;
                    if writes { outputs.push(array) } else { inputs.push(array) }
                }
            }
        }
        if outputs.is_empty() {
            return Err("writes no array; bind one with `var<storage, read_write>`".to_owned());
        }
        inputs.sort_by_key(|array: &Array| array.binding);
        outputs.sort_by_key(|array: &Array| array.binding);
        let (knows_groups, items, flop) = (knows_groups(&module, entry), reader.count("items")?, reader.count("flop")?);
        let compiled = Arc::new((module, info));
        Ok(Self { inputs, outputs, block, workgroup, knows_groups, items, flop, extensions, compiled })
    }

    /// Returns whether any number of workers can share the job.
    pub(super) fn shares(&self) -> bool {
        self.has(Member::Workers)
    }

    /// Returns whether the kernel can compute a range of elements, each of which is one value of its only output.
    pub(super) fn can_be_cut(&self) -> bool {
        let plain = |array: &Array| array.length == length::N && array.layout.words == 1;
        self.has(Member::First)
            && self.has(Member::End)
            && self.items.is_none()
            && matches!(&self.outputs[..], [only] if plain(only))
    }

    fn has(&self, wanted: Member) -> bool {
        self.block.iter().flat_map(|block| &block.members).any(|(_, member)| *member == wanted)
    }

    /// Returns the number of items: that of its comment, or one per element of the first output, or n if that output
    /// has a fixed length.
    pub(super) fn items(&self, n: u64) -> u64 {
        let output = self.outputs.first().map_or(length::ONE, |output| output.length);
        self.items.unwrap_or(if output.is_fixed() { length::N } else { output }).of(n)
    }

    /// Returns the words of the uniform block for a range of items.
    pub(super) fn params(&self, n: u32, workers: u32, items: &Range<u64>) -> Vec<u32> {
        let Some(block) = &self.block else { return Vec::new() };
        let mut words = vec![0; block.words];
        for (word, member) in &block.members {
            words[*word] = match member {
                Member::N => n,
                Member::Workers => workers,
                Member::First => items.start as u32,
                Member::End => items.end as u32,
                Member::Constant(bits) => *bits,
            };
        }
        words
    }

    /// Returns a binding number: index 0 is the uniform block, and from 1 on come the arrays.
    pub(super) fn binding(&self, index: usize) -> u32 {
        let arrays = || self.inputs.iter().chain(&self.outputs).map(|array| array.binding);
        match index.checked_sub(1) {
            None => self.block.as_ref().map_or(0, |block| block.binding),
            Some(array) => arrays().nth(array).unwrap_or_default(),
        }
    }

    /// Returns the bytes of its workgroup memory. A size that cannot be computed fails later, when the kernel is
    /// compiled.
    pub(super) fn workgroup_memory(&self, workgroup_size: u32) -> u64 {
        let (module, info) = &*self.compiled;
        let mut constants = PipelineConstants::default();
        if let Ok(name) = self.workgroup {
            constants.insert(name.to_owned(), workgroup_size.into());
        }
        let Ok((module, _)) = process_overrides(module, info, None, &constants) else { return 0 };
        let shared = module.global_variables.iter().filter(|(_, one)| one.space == AddressSpace::WorkGroup);
        let bytes = |one: &GlobalVariable| module.types[one.ty].inner.try_size(module.to_ctx());
        shared.filter_map(|(_, one)| bytes(one)).map(u64::from).sum()
    }
}

/// Validates a module for a device with these capabilities.
fn valid(
    module: &Module,
    capabilities: Capabilities,
) -> Result<ModuleInfo, Box<naga::WithSpan<naga::valid::ValidationError>>> {
    Validator::new(ValidationFlags::all(), capabilities)
        .subgroup_stages(ShaderStages::COMPUTE)
        .subgroup_operations(SubgroupOperationSet::all())
        .validate(module)
        .map_err(Box::new)
}

/// Returns whether the kernel writes an array; an error if it also reads it.
fn writes(used: GlobalUse) -> Result<bool, String> {
    let (reads, writes) = (used.contains(GlobalUse::READ), used.contains(GlobalUse::WRITE));
    if used.contains(GlobalUse::ATOMIC) || reads && writes {
        return Err(
            "is read and written: the kernel is launched many times, and each launch would compute something else; \
                    read one array and write another"
                .to_owned(),
        );
    }
    Ok(writes)
}

/// Returns whether the entry point reads the number of workgroups.
fn knows_groups(module: &Module, entry: &EntryPoint) -> bool {
    let is_number = |binding: Option<&Binding>| binding == Some(&Binding::BuiltIn(BuiltIn::NumWorkGroups));
    entry.function.arguments.iter().any(|argument| match &module.types[argument.ty].inner {
        TypeInner::Struct { members, .. } => members.iter().any(|member| is_number(member.binding.as_ref())),
        _ => is_number(argument.binding.as_ref()),
    })
}
