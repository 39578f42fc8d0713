//! The memory layout of a type's values, in 32-bit words.

use naga::{ArraySize, Handle, Module, Scalar, ScalarKind, Type, TypeInner, VectorSize};

/// The kind of value in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    F32,
    I32,
    U32,
}

/// Most bytes of an element: each of its numbers is listed.
const MOST: u32 = 64 << 20;

/// An element of an array.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// Words from one element to the next.
    pub(super) words: u64,
    /// Its values: the word of each, and its kind. Other words are padding.
    pub(super) leaves: Vec<(u32, Kind)>,
}

impl Layout {
    /// Returns the layout of a type of this size in bytes.
    ///
    /// # Errors
    ///
    /// Says what in the type is not supported.
    pub(super) fn of(module: &Module, ty: Handle<Type>, bytes: u32) -> Result<Self, String> {
        if bytes > MOST {
            return Err(format!("is one value of more than {} MiB; write `array<f32>` without a length", MOST >> 20));
        }
        let mut leaves = Vec::new();
        collect(module, ty, 0, &mut leaves)?;
        Ok(Self { words: u64::from(bytes / 4), leaves })
    }

    /// Returns the kind of each word; `None` for padding.
    pub(super) fn kinds(&self) -> Vec<Option<Kind>> {
        let mut kinds = vec![None; self.words as usize];
        self.leaves.iter().for_each(|(word, kind)| kinds[*word as usize] = Some(*kind));
        kinds
    }

    /// Returns the values of an element. A value that was never written is NaN.
    pub(super) fn values<'a>(&'a self, element: &'a [f32]) -> impl Iterator<Item = f64> + 'a {
        self.leaves.iter().map(move |(word, kind)| {
            let bits = element[*word as usize].to_bits();
            match kind {
                _ if bits == f32::NAN.to_bits() => f64::NAN,
                Kind::F32 => f64::from(f32::from_bits(bits)),
                Kind::I32 => f64::from(bits.cast_signed()),
                Kind::U32 => f64::from(bits),
            }
        })
    }
}

/// Collects the values of a type that begins at this byte.
fn collect(module: &Module, ty: Handle<Type>, byte: u32, leaves: &mut Vec<(u32, Kind)>) -> Result<(), String> {
    match &module.types[ty].inner {
        TypeInner::Scalar(scalar) => leaves.push((byte / 4, kind(*scalar)?)),
        TypeInner::Vector { size, scalar } => lanes(byte, *size, *scalar, leaves)?,
        TypeInner::Matrix { columns, rows, scalar } => {
            let column = if *rows == VectorSize::Bi { 8 } else { 16 };
            (0..*columns as u32).try_for_each(|index| lanes(byte + index * column, *rows, *scalar, leaves))?;
        }
        TypeInner::Array { base, size: ArraySize::Constant(size), stride } => {
            (0..size.get()).try_for_each(|index| collect(module, *base, byte + index * stride, leaves))?;
        }
        TypeInner::Struct { members, .. } => {
            members.iter().try_for_each(|member| collect(module, member.ty, byte + member.offset, leaves))?;
        }
        TypeInner::Array { .. } => {
            return Err("contains an array without a fixed length; bind that array itself".to_owned());
        }
        TypeInner::Atomic(_) => {
            return Err("has atomics: the kernel is launched many times, and they would keep counting; write \
                        one result for each element"
                .to_owned());
        }
        _ => {
            return Err("has values that are not numbers; use f32, i32, u32, or vectors, matrices and structs of them"
                .to_owned());
        }
    }
    Ok(())
}

fn lanes(byte: u32, size: VectorSize, scalar: Scalar, leaves: &mut Vec<(u32, Kind)>) -> Result<(), String> {
    let kind = kind(scalar)?;
    leaves.extend((0..size as u32).map(|lane| (byte / 4 + lane, kind)));
    Ok(())
}

/// Returns the kind of a scalar.
pub(super) fn kind(scalar: Scalar) -> Result<Kind, String> {
    match (scalar.kind, scalar.width) {
        (ScalarKind::Float, 4) => Ok(Kind::F32),
        (ScalarKind::Sint, 4) => Ok(Kind::I32),
        (ScalarKind::Uint, 4) => Ok(Kind::U32),
        (ScalarKind::Bool, _) => Err("has truth values, which lie in no buffer; use u32, with 0 and 1".to_owned()),
        (_, width) => Err(format!("has numbers of {} bits; use f32, i32 or u32", 8 * u32::from(width))),
    }
}
