//! Kernels: WGSL files from `shaders/`, joined, with tile sizes as constants in front and small loops unrolled.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Comment that marks a loop to be unrolled.
const UNROLLED: &str = "// unrolled";

/// Beginning of a line that enables an extension. Such lines must come first.
const ENABLE: &str = "enable ";

/// A file from `shaders/`.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Its stem.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Whether marked loops in it are unrolled.
    pub is_marked: bool,
}

/// Returns a file from `shaders/` by its stem.
macro_rules! wgsl {
    ($name:literal) => {
        $crate::workload::File {
            name: $name,
            text: include_str!(concat!("../../shaders/", $name, ".wgsl")),
            is_marked: true,
        }
    };
}
pub(super) use wgsl;

/// A kernel: one file, or several that are joined.
#[derive(Debug, Clone, Copy)]
pub struct Shader {
    /// The files, in order. The last one has the entry point; graphics debuggers show its stem.
    pub files: &'static [File],
    /// Constants in front of the text, such as the sizes of a tile. Only extensions come before them.
    pub constants: &'static [(&'static str, u32)],
    /// Names in its `Params` uniform, all `u32`, in order. Tests compare this list with the text.
    pub params: &'static [&'static str],
}

impl Shader {
    /// Returns a kernel without constants.
    pub(super) const fn new(files: &'static [File], params: &'static [&'static str]) -> Self {
        Self { files, constants: &[], params }
    }

    /// Returns the stem of the file with the entry point.
    pub fn name(&self) -> &'static str {
        self.files.last().map_or("", |file| file.name)
    }

    /// Returns the WGSL extensions that the kernel uses, such as `f16`; not every device has them. The compiler has no
    /// line to enable `subgroups`, so a kernel that uses their functions or built-ins counts.
    pub fn extensions(&self) -> Vec<&'static str> {
        let uses = |word| self.files.iter().any(|file| file.text.contains(word));
        let subgroups = (uses("subgroupAdd(") || uses("(subgroup_id)")).then_some("subgroups");
        self.enabled().chain(subgroups).collect()
    }

    /// Returns the extensions that its files enable.
    fn enabled(&self) -> impl Iterator<Item = &'static str> {
        let lines = self.files.iter().flat_map(|file| file.text.lines());
        lines.filter_map(|line| line.strip_prefix(ENABLE)?.strip_suffix(';'))
    }

    /// Returns the value of a constant in front of the text.
    pub fn constant(&self, name: &str) -> Option<u32> {
        self.constants.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// Returns the whole text for the compiler.
    pub fn text(&self) -> Cow<'static, str> {
        if let ([file], []) = (self.files, self.constants)
            && !(file.is_marked && file.text.contains(UNROLLED))
        {
            return file.text.into();
        }
        let mut text = String::new();
        // Writing to a string does not fail.
        for extension in self.enabled() {
            let _ = writeln!(text, "{ENABLE}{extension};");
        }
        for (name, value) in self.constants {
            let _ = writeln!(text, "const {name} = {value}u;");
        }
        for (index, file) in self.files.iter().enumerate() {
            text.push_str(if index > 0 { "\n" } else { "" });
            unroll(file.text, self.constants, &mut text);
        }
        text.into()
    }
}

/// Unrolls every marked loop, with the number of the round in place of its counter. Not every WGSL compiler does this,
/// and sums indexed by a counter do not stay in registers. Leaves out lines that enable extensions.
fn unroll(text: &str, constants: &[(&str, u32)], out: &mut String) {
    let mut lines = text.lines().filter(|line| !line.starts_with(ENABLE));
    while let Some(line) = lines.next() {
        let Some((counter, rounds)) = counted(line, constants) else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indent}}}");
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
        for round in 0..rounds {
            let _ = writeln!(out, "{indent}{{ // {counter} = {round}");
            unroll(&replaced(&body.join("\n"), counter, &format!("{round}u")), constants, out);
            let _ = writeln!(out, "{end}");
        }
    }
}

/// Returns the counter and the number of rounds of `for (var i = 0u; i < N; i++) { // unrolled`. N is a number or one
/// of the constants.
fn counted<'a>(line: &'a str, constants: &[(&str, u32)]) -> Option<(&'a str, u32)> {
    let head = line.trim_start().strip_suffix(UNROLLED)?.strip_prefix("for (var ")?;
    let (counter, rest) = head.split_once(" = 0u; ")?;
    let (_, most) = rest.split_once(';')?.0.split_once(" < ")?;
    let number = || most.strip_suffix('u')?.parse().ok();
    let named = constants.iter().find(|(name, _)| *name == most).map(|(_, value)| *value);
    Some((counter, named.or_else(number)?))
}

/// Returns the text with each occurrence of a word replaced.
fn replaced(text: &str, word: &str, with: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        out.push_str(before);
        let begins = !out.ends_with(|c| is_part(c) || c == '.');
        out.push_str(if begins && !after.starts_with(is_part) { with } else { word });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unrolled(text: &str, constants: &[(&str, u32)]) -> String {
        let mut out = String::new();
        unroll(text, constants, &mut out);
        out
    }

    #[test]
    fn marked_loops_are_written_out_and_others_stay() {
        let text = "for (var r = 0u; r < ROWS; r++) { // unrolled\n    x[r] = rows.r + r3 + f(r);\n}\nend";
        let expected = "{ // r = 0\n    x[0u] = rows.r + r3 + f(0u);\n}\n\
                        { // r = 1\n    x[1u] = rows.r + r3 + f(1u);\n}\nend\n";
        assert_eq!(unrolled(text, &[("ROWS", 2)]), expected);
        let other = "for (var r = 0u; r < ROWS; r++) {\n    x[r] = r;\n}\n";
        assert_eq!(unrolled(other, &[("ROWS", 2)]), other);
    }

    #[test]
    fn loops_within_loops_are_written_out_too() {
        let text = "for (var r = 0u; r < 2u; r++) { // unrolled\n    for (var f = 0u; f < N; f++) { // unrolled\n\
                    s[r * N + f];\n    }\n}";
        let out = unrolled(text, &[("N", 3)]);
        for (r, f) in [(0, 0), (0, 2), (1, 1)] {
            assert!(out.contains(&format!("s[{r}u * N + {f}u];")), "{out}");
        }
        assert_eq!(out.matches("s[").count(), 6);
    }
}
