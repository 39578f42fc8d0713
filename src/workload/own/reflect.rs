//! What a kernel takes, read from its text by the compiler that compiles it: arrays that it reads, arrays that it
//! writes, one uniform block with `n`, `workers`, `first`, `end` and constants, and an override for the size of its
//! workgroups.
//!
//! Comments tell what the text cannot: `// elements: n * n` behind an array of another length than n, `// = 2.5` behind
//! a constant of the uniform block, and `// flop: 2 * n` and `// items: n / 4` on lines of their own.

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
use super::reader::Reader;

/// What a kernel may use beyond the core of WGSL, by the name of the extension, on devices that have it.
const EXTENSIONS: [(&str, Capabilities); 2] = [
    ("f16", Capabilities::SHADER_FLOAT16),
    ("subgroups", Capabilities::SUBGROUP.union(Capabilities::SUBGROUP_BARRIER)),
];

/// An array that a kernel takes.
#[derive(Debug, Clone)]
pub(super) struct Array {
    pub(super) name: String,
    pub(super) binding: u32,
    /// How many elements it has.
    pub(super) length: Length,
    /// What an element is.
    pub(super) layout: Layout,
}

impl Array {
    /// Counts its words for a size.
    pub(super) fn words(&self, n: u64) -> u64 {
        self.length.of(n).saturating_mul(self.layout.words)
    }

    /// Counts the values in it for a size.
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
    /// A constant, by its bits.
    Constant(u32),
}

/// The uniform block.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) binding: u32,
    pub(super) words: usize,
    /// The members, each by its word.
    pub(super) members: Vec<(usize, Member)>,
}

/// What a kernel takes.
#[derive(Debug, Clone)]
pub(super) struct Interface {
    pub(super) inputs: Vec<Array>,
    pub(super) outputs: Vec<Array>,
    block: Option<Block>,
    /// The override that sets the size of a workgroup; else that size.
    pub(super) workgroup: Result<&'static str, u32>,
    /// Whether it asks how many workgroups there are, so that they may come in two dimensions.
    pub(super) knows_groups: bool,
    items: Option<Length>,
    pub(super) flop: Option<Length>,
    /// The extensions without which it does not compile.
    pub(super) extensions: Vec<&'static str>,
    compiled: Arc<(Module, ModuleInfo)>,
}

impl Interface {
    /// Reads what the kernel in the text of a file takes.
    ///
    /// # Errors
    /// What is wrong, with its line, and what would be right.
    pub(super) fn of(file: &str, text: &str) -> Result<Self, String> {
        let compiler = |message: String| format!("does not compile:\n{}", message.trim_end());
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
                // What the entry point does not use is not bound.
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

    /// Whether any number of workers can share the job.
    pub(super) fn shares(&self) -> bool {
        self.has(Member::Workers)
    }

    /// Whether it can do a range of the elements alone, each of which is one value of its one output.
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

    /// Counts the items of work: those of its comment, or one for each element of the first output, or for each of n if
    /// that has a fixed length.
    pub(super) fn items(&self, n: u64) -> u64 {
        let output = self.outputs.first().map_or(length::ONE, |output| output.length);
        self.items.unwrap_or(if output.is_fixed() { length::N } else { output }).of(n)
    }

    /// The words of the uniform block, for some of the items.
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

    /// The number of the binding of the uniform block, for 0, and of the arrays, from 1 on.
    pub(super) fn binding(&self, index: usize) -> u32 {
        let arrays = || self.inputs.iter().chain(&self.outputs).map(|array| array.binding);
        match index.checked_sub(1) {
            None => self.block.as_ref().map_or(0, |block| block.binding),
            Some(array) => arrays().nth(array).unwrap_or_default(),
        }
    }

    /// Counts the bytes of its workgroup memory. What cannot be computed fails when it is compiled.
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

/// Validates a module for a device that can do so much.
fn valid(
    module: &Module,
    capabilities: Capabilities,
) -> Result<ModuleInfo, naga::WithSpan<naga::valid::ValidationError>> {
    Validator::new(ValidationFlags::all(), capabilities)
        .subgroup_stages(ShaderStages::COMPUTE)
        .subgroup_operations(SubgroupOperationSet::all())
        .validate(module)
}

/// Whether the kernel writes an array; an error if it also reads it.
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

/// Whether the entry point takes the number of workgroups.
fn knows_groups(module: &Module, entry: &EntryPoint) -> bool {
    let is_number = |binding: Option<&Binding>| binding == Some(&Binding::BuiltIn(BuiltIn::NumWorkGroups));
    entry.function.arguments.iter().any(|argument| match &module.types[argument.ty].inner {
        TypeInner::Struct { members, .. } => members.iter().any(|member| is_number(member.binding.as_ref())),
        _ => is_number(argument.binding.as_ref()),
    })
}
