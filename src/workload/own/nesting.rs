//! How deeply a kernel's text nests, found before it is compiled. The compiler and the drivers descend once for each
//! level, and a text that is too deep for their stack would end the process.

/// Most operators in one expression, those of its deepest part included.
const OPERATORS: usize = 500;

/// Most blocks in one another. Each `else if` lies within the one before it.
const BLOCKS: usize = 200;

/// Most declarations, since each may need another that stands behind it.
const DECLARATIONS: usize = 1_000;

/// Most bytes of a kernel's text.
const BYTES: usize = 1 << 20;

/// Returns what in the text is too deep or too long, in which line, and what would be right; `None` if nothing is.
pub(super) fn fault(text: &str) -> Option<String> {
    if text.len() > BYTES {
        return Some(format!("has {} bytes; a kernel may have {BYTES}: leave out what it does not use", text.len()));
    }
    let mut depth = Depth::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, behind) = word(rest);
        if let Some(fault) = depth.add(word) {
            let line = 1 + text[..text.len() - rest.len()].matches('\n').count();
            return Some(format!("line {line}: {fault}"));
        }
        rest = behind;
    }
    None
}

/// Splits off a comment, blanks, a name, a number, or one other character.
fn word(text: &str) -> (&str, &str) {
    let is_inner = |letter: char| letter.is_alphanumeric() || letter == '_';
    let length = |stops: &dyn Fn(char) -> bool| text.find(stops).unwrap_or(text.len());
    let first = text.chars().next().unwrap_or_default();
    let end = match first {
        _ if text.starts_with("//") => length(&|letter| letter == '\n'),
        _ if text.starts_with("/*") => comment(text),
        _ if first.is_ascii_digit() => length(&|letter| !is_inner(letter) && letter != '.'),
        _ if is_inner(first) => length(&|letter| !is_inner(letter)),
        _ if first.is_whitespace() => length(&|letter| !letter.is_whitespace()),
        _ => first.len_utf8(),
    };
    text.split_at(end)
}

/// Returns the length of a comment, in which others may lie.
fn comment(text: &str) -> usize {
    let (mut open, mut end) = (0, 0);
    while let Some(at) = text[end..].find(['/', '*']) {
        let here = &text[end + at..];
        let step = if here.starts_with("/*") {
            open += 1;
            2
        } else if here.starts_with("*/") {
            open -= 1;
            2
        } else {
            1
        };
        end += at + step;
        if open == 0 {
            return end;
        }
    }
    text.len()
}

/// An expression between two brackets, or a whole one.
#[derive(Default)]
struct Part {
    /// Operators so far, up to the last comma back.
    operators: usize,
    /// Operators in the deepest of its brackets, with those.
    inner: usize,
    /// The most of what stands before the last comma.
    before: usize,
}

impl Part {
    fn most(&self) -> usize {
        self.before.max(self.operators + self.inner)
    }
}

/// How deep the text is at some place.
#[derive(Default)]
struct Depth {
    /// The expression, and those in its open brackets.
    expression: Part,
    brackets: Vec<Part>,
    /// For each open block, how many `else` lead to the block that is open in it, or was last.
    blocks: Vec<usize>,
    declarations: usize,
    /// Whether a block has just ended.
    has_ended: bool,
}

impl Depth {
    /// Goes on by a word; returns a fault.
    fn add(&mut self, word: &str) -> Option<String> {
        let first = word.chars().next().unwrap_or_default();
        if first.is_whitespace() || word.starts_with("//") || word.starts_with("/*") {
            return None;
        }
        let has_ended = std::mem::take(&mut self.has_ended);
        if let Some(chain) = self.blocks.last_mut().filter(|_| has_ended) {
            *chain = if word == "else" { *chain + 1 } else { 0 };
        }
        match first {
            '{' => self.blocks.push(0),
            '}' => {
                self.blocks.pop();
                self.has_ended = true;
            }
            '(' | '[' => {
                self.part().operators += 1;
                self.brackets.push(Part::default());
            }
            ')' | ']' => {
                let inner = self.brackets.pop().map_or(0, |part| part.most());
                let part = self.part();
                part.inner = part.inner.max(inner);
            }
            ',' => {
                let part = self.part();
                *part = Part { before: part.most(), ..Part::default() };
            }
            _ if !first.is_alphanumeric() && first != '_' => self.part().operators += 1,
            _ => {}
        }
        if let '{' | '}' | ';' = first {
            self.expression = Part::default();
            self.brackets.clear();
            self.declarations += usize::from(first != '{' && self.blocks.is_empty());
        }
        self.fault()
    }

    fn part(&mut self) -> &mut Part {
        self.brackets.last_mut().unwrap_or(&mut self.expression)
    }

    fn fault(&self) -> Option<String> {
        let last = self.brackets.last().unwrap_or(&self.expression);
        if last.most() > OPERATORS {
            return Some(format!(
                "an expression of more than {OPERATORS} operators; divide it into several, each with a `let`"
            ));
        }
        if self.blocks.len() + self.blocks.iter().sum::<usize>() > BLOCKS {
            return Some(format!(
                "more than {BLOCKS} blocks in one another, or `else if` after one another; write a `switch` or a \
                 function"
            ));
        }
        (self.declarations > DECLARATIONS)
            .then(|| format!("more than {DECLARATIONS} declarations; leave out what the kernel does not use"))
    }
}
