//! Reads the parts of a kernel's text: its entry point, its bindings, and the comments behind them.

use naga::{AddressSpace, EntryPoint, Expression, GlobalVariable, Handle, Module, ShaderStage, Type, TypeInner};

use super::layout::{self, Kind, Layout};
use super::length::{self, Length};
use super::reflect::{Array, Block, Member};

/// A text and the module that the compiler made from it.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) module: &'a Module,
}

impl<'a> Reader<'a> {
    pub(super) fn entry(&self) -> Result<(usize, &'a EntryPoint), String> {
        let all = self.module.entry_points.iter().enumerate();
        let kernels: Vec<_> = all.filter(|(_, entry)| entry.stage == ShaderStage::Compute).collect();
        match kernels[..] {
            [only] => Ok(only),
            [] => Err("has no entry point; write `@compute @workgroup_size(WG)` before one function".to_owned()),
            _ => {
                let names: Vec<&str> = kernels.iter().map(|(_, entry)| entry.name.as_str()).collect();
                Err(format!("has {} entry points ({}); keep one", names.len(), names.join(", ")))
            }
        }
    }

    /// Returns the override that sets the workgroup size, or a fixed size.
    pub(super) fn workgroup(&self, entry: &EntryPoint) -> Result<Result<&'static str, u32>, String> {
        let by = entry.workgroup_size_overrides.unwrap_or_default();
        let [size, others @ ..] = entry.workgroup_size;
        if by[1].is_some() || by[2].is_some() || others != [1, 1] {
            return Err("has workgroups of several dimensions; write `@workgroup_size(WG)`, and compute row and \
                        column from the place in it"
                .to_owned());
        }
        let set_by = match by[0].map(|expression| &self.module.global_expressions[expression]) {
            None => None,
            Some(Expression::Override(by)) => Some(*by),
            Some(_) => {
                return Err("computes its workgroup size; write `@workgroup_size(WG)` with `override WG: u32 \
                            = 64;`"
                    .to_owned());
            }
        };
        for (handle, other) in self.module.overrides.iter().filter(|(_, one)| one.init.is_none()) {
            if Some(handle) != set_by {
                let name = other.name.as_deref().unwrap_or_default();
                return Err(format!("the override `{name}` has no value; write `override {name} = …;`"));
            }
        }
        Ok(set_by.map_or(Err(size), |by| {
            let by = &self.module.overrides[by];
            // An override with an @id is known by its number.
            let key = by.id.map_or_else(|| by.name.clone().unwrap_or_default(), |id| id.to_string());
            Ok(&*key.leak())
        }))
    }

    /// Returns the binding number of a variable; `None` if it has none.
    pub(super) fn binding(
        &self,
        handle: Handle<GlobalVariable>,
        variable: &GlobalVariable,
    ) -> Result<Option<u32>, String> {
        let Some(binding) = variable.binding else { return Ok(None) };
        let fault = match (variable.space, &self.module.types[variable.ty].inner) {
            (AddressSpace::Storage { .. } | AddressSpace::Uniform, TypeInner::BindingArray { .. }) => {
                "is an array of bindings"
            }
            (AddressSpace::Storage { .. } | AddressSpace::Uniform, _) if binding.group > 0 => {
                return Err(self.at(
                    handle,
                    variable,
                    &format!("is in group {}; put it into @group(0)", binding.group),
                ));
            }
            (AddressSpace::Storage { .. } | AddressSpace::Uniform, _) => return Ok(Some(binding.binding)),
            (_, TypeInner::Image { .. }) => "is a texture",
            (_, TypeInner::Sampler { .. }) => "is a sampler",
            _ => "is not an array",
        };
        Err(self.at(
            handle,
            variable,
            &format!("{fault}, but only arrays can be bound: `var<storage, read> x: array<f32>;`"),
        ))
    }

    /// Returns what is wrong with a binding in clearer words than the compiler's; `None` if nothing is.
    pub(super) fn fault(&self) -> Option<String> {
        let mut seen: Vec<(naga::ResourceBinding, &str)> = Vec::new();
        for (handle, variable) in self.module.global_variables.iter() {
            let Some(binding) = variable.binding else { continue };
            if let Some((_, other)) = seen.iter().find(|(before, _)| *before == binding) {
                let number = binding.binding;
                let fault = format!("has the number of `{other}`, @binding({number}); give each a number of its own");
                return Some(self.at(handle, variable, &fault));
            }
            seen.push((binding, variable.name.as_deref().unwrap_or_default()));
            let is_array = matches!(variable.space, AddressSpace::Storage { .. });
            if let Some(fault) = is_array.then(|| self.array(0, handle, variable).err()).flatten() {
                return Some(self.at(handle, variable, &fault));
            }
        }
        None
    }

    /// Returns the fault of a variable, with its line.
    pub(super) fn at(&self, handle: Handle<GlobalVariable>, variable: &GlobalVariable, fault: &str) -> String {
        let line = self.module.global_variables.get_span(handle).location(self.text).line_number;
        format!("line {line}: `{}` {fault}", variable.name.as_deref().unwrap_or_default())
    }

    pub(super) fn array(
        &self,
        binding: u32,
        handle: Handle<GlobalVariable>,
        variable: &GlobalVariable,
    ) -> Result<Array, String> {
        let inner = &self.module.types[variable.ty].inner;
        let whole = || inner.try_size(self.module.to_ctx()).unwrap_or_default();
        let (element, bytes, length) = match inner {
            TypeInner::Array { base, size: naga::ArraySize::Dynamic, stride } => {
                let start = self.module.global_variables.get_span(handle).to_range().map_or(0, |range| range.start);
                let note = self.text[start..].split_once(';').and_then(|(_, rest)| note(rest, "elements:"));
                let length = note.map_or(Ok(length::N), str::parse);
                (*base, *stride, length.map_err(|fault: String| format!("has a comment on its length: {fault}"))?)
            }
            _ => (variable.ty, whole(), length::ONE),
        };
        let layout = Layout::of(self.module, element, bytes)?;
        Ok(Array { name: variable.name.clone().unwrap_or_default(), binding, length, layout })
    }

    pub(super) fn block(&self, binding: u32, variable: &GlobalVariable) -> Result<Block, String> {
        let ty = &self.module.types[variable.ty];
        let TypeInner::Struct { members, span } = &ty.inner else {
            return Err("is not a struct; write `struct Params { n: u32, workers: u32 }`".to_owned());
        };
        let member = |member: &naga::StructMember| {
            let name = member.name.as_deref().unwrap_or_default();
            let TypeInner::Scalar(scalar) = self.module.types[member.ty].inner else {
                return Err(format!("has a member `{name}` that is not a number; make each number a member"));
            };
            let value = Self::member(self.declaration(variable.ty), name, layout::kind(scalar)?)?;
            Ok((member.offset as usize / 4, value))
        };
        let members = members.iter().map(member).collect::<Result<_, String>>()?;
        Ok(Block { binding, words: *span as usize / 4, members })
    }

    /// Returns the text of a type's declaration, up to the end of its last line.
    fn declaration(&self, ty: Handle<Type>) -> &'a str {
        let range = self.module.types.get_span(ty).to_range().unwrap_or_default();
        let end = self.text[range.end..].find('\n').map_or(self.text.len(), |more| range.end + more);
        &self.text[range.start..end]
    }

    /// Reads a member of the uniform block from its declaration.
    fn member(declaration: &str, name: &str, kind: Kind) -> Result<Member, String> {
        match (name, kind) {
            ("n" | "workers" | "first" | "end", Kind::F32) => {
                return Err(format!("has a member `{name}` of f32, which counts elements; write `{name}: u32`"));
            }
            ("n", Kind::U32 | Kind::I32) => return Ok(Member::N),
            ("workers", Kind::U32 | Kind::I32) => return Ok(Member::Workers),
            ("first", Kind::U32 | Kind::I32) => return Ok(Member::First),
            ("end", Kind::U32 | Kind::I32) => return Ok(Member::End),
            _ => {}
        }
        let line = declaration.lines().find(|line| {
            let declared = line.split("//").next().unwrap_or_default().rsplit_once(':').unwrap_or_default().0;
            declared.split_whitespace().next_back() == Some(name)
        });
        let value = line.and_then(|line| note(line, "="));
        let bits = value.and_then(|value| match kind {
            Kind::F32 => value.parse().ok().map(f32::to_bits),
            Kind::U32 => value.parse().ok(),
            Kind::I32 => value.parse().ok().map(i32::cast_unsigned),
        });
        let type_name = match kind {
            Kind::F32 => "f32, // = 2.5",
            Kind::U32 => "u32, // = 2",
            Kind::I32 => "i32, // = -2",
        };
        let right = format!("write its value in a comment: `{name}: {type_name}`");
        bits.map(Member::Constant).ok_or_else(|| match value {
            None => format!("has a member `{name}` without a value; {right}"),
            Some(value) => format!("has a member `{name}` that cannot be {value:?}; {right}"),
        })
    }

    /// Reads the count from a comment on its own line.
    pub(super) fn count(&self, name: &str) -> Result<Option<Length>, String> {
        let word = format!("{name}:");
        let of = |line: &&'a str| line.trim_start().starts_with("//") && note(line, &word).is_some();
        let found = self.text.lines().zip(1..).find(|(line, _)| of(line));
        found
            .map(|(line, number)| {
                let text = note(line, &word).unwrap_or_default();
                text.parse().map_err(|fault| format!("line {number}: {name}: {fault}"))
            })
            .transpose()
    }
}

/// Returns the text after a word in the comment on the first line.
fn note<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (_, comment) = text.lines().next()?.split_once("//")?;
    Some(comment.trim().strip_prefix(word)?.trim())
}
