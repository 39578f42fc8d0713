//! Watches the bytes of a file before they are read as JSON, so that no file can fill the memory.

use std::io::{self, Read};

/// Most lists and objects that may stand in each other. Traces of PyTorch need 6.
const DEEPEST: usize = 64;

/// Most bytes of one text or number. The longest that profilers write are lists of process groups.
const LONGEST: usize = 16 << 20;

/// A source of JSON that ends with an error, and its place, where texts are too long or lists too deep.
#[derive(Debug)]
pub(super) struct Guard<R> {
    inner: R,
    line: u64,
    column: u64,
    depth: usize,
    /// Bytes of the text or number so far.
    token: usize,
    in_text: bool,
    is_escaped: bool,
}

impl<R: Read> Guard<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, line: 1, column: 0, depth: 0, token: 0, in_text: false, is_escaped: false }
    }

    fn check(&mut self, bytes: &[u8]) -> io::Result<()> {
        for &byte in bytes {
            self.column += 1;
            self.token += 1;
            if self.in_text {
                match byte {
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    b'"' => (self.in_text, self.token) = (false, 0),
                    _ => {}
                }
            } else {
                self.outside(byte);
            }
            if self.depth > DEEPEST {
                return Err(self.fault(&format!("lists and objects stand more than {DEEPEST} deep in each other")));
            }
            if self.token > LONGEST {
                return Err(self.fault(&format!("a text or number is longer than {} MiB", LONGEST >> 20)));
            }
        }
        Ok(())
    }

    fn outside(&mut self, byte: u8) {
        match byte {
            b'"' => (self.in_text, self.token) = (true, 0),
            b'[' | b'{' => (self.depth, self.token) = (self.depth + 1, 0),
            b']' | b'}' => (self.depth, self.token) = (self.depth.saturating_sub(1), 0),
            b'\n' => (self.line, self.column, self.token) = (self.line + 1, 0, 0),
            b',' | b':' | b' ' | b'\t' | b'\r' => self.token = 0,
            _ => {}
        }
    }

    fn fault(&self, what: &str) -> io::Error {
        io::Error::other(format!("line {} column {}: {what}", self.line, self.column))
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.inner.read(buffer) {
            // Compressed data without their end: what was read so far is whole.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
            read => read?,
        };
        self.check(&buffer[..read])?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<usize, String> {
        let mut all = Vec::new();
        Guard::new(text.as_bytes()).read_to_end(&mut all).map_err(|error| error.to_string())
    }

    #[test]
    fn deep_lists_and_long_texts_are_stopped_where_they_are() {
        assert!(read(&"[".repeat(DEEPEST)).is_ok());
        let deep = format!("[\n {}", "[".repeat(DEEPEST));
        assert_eq!(
            read(&deep).unwrap_err(),
            "line 2 column 65: lists and objects stand more than 64 deep in each other"
        );
        assert!(read(&format!("\"{}\"", "[".repeat(1000))).is_ok(), "a text is no list");
        assert!(read(&format!("\"\\\"{}\"", "[".repeat(1000))).is_ok(), "an escaped quote ends no text");
        for long in ["\"", "1"] {
            let fault = read(&format!("{long}{}", "1".repeat(LONGEST + 1))).unwrap_err();
            assert!(fault.ends_with("a text or number is longer than 16 MiB"), "{fault}");
        }
    }
}
