//! Reads a trace event by event: a file of any size in little memory.
//!
//! Both forms are read: a list of events, whose closing bracket may be missing, and an object with such a list under
//! `traceEvents`. The list may end early, because programs are stopped while they write.

use std::fmt;
use std::io::{self, BufReader, Read};

use flate2::read::MultiGzDecoder;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::event::{Event, Scalar};
use super::gather::Gathered;
use super::guard::Guard;
use super::kind::Naming;

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 16;

/// First bytes of files that are no JSON, with what to do about them.
const FOREIGN: [(&[u8], &str); 6] = [
    (b"\x28\xb5\x2f\xfd", "it is compressed by zstd: unpack it first (zstd -d)"),
    (b"PK\x03\x04", "it is a zip archive: unpack it first (unzip)"),
    (b"BZh", "it is compressed by bzip2: unpack it first (bunzip2)"),
    (b"\xfd7zXZ", "it is compressed by xz: unpack it first (xz -d)"),
    (b"SQLite format 3", "it is a database: export it as JSON first"),
    (b"\x0a", "it may be a trace of Perfetto: convert it first (traceconv json)"),
];

/// What to give, as error messages say it.
const WANTED: &str = "give a Chrome trace: JSON, as torch.profiler writes it by export_chrome_trace";

/// Where the training of a process stood, as PyTorch writes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Distributed {
    pub(super) rank: Option<u64>,
    pub(super) world_size: Option<u64>,
}

/// What was read of a file.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) gathered: Gathered,
    pub(super) distributed: Distributed,
    /// Whether the file ends before its list or object does.
    pub(super) cut: bool,
    /// Whether there is a list of events.
    has_list: bool,
    /// Other members of the object, for an error message.
    members: Vec<String>,
}

/// Reads a trace.
///
/// # Errors
/// Says what is wrong, and in which line and column.
pub(super) fn read(mut input: impl Read, naming: &Naming) -> Result<Contents, String> {
    let head = head(&mut input)?;
    let is_packed = head.starts_with(b"\x1f\x8b");
    let mut bytes = io::Cursor::new(head).chain(input);
    if is_packed { read_json(&mut MultiGzDecoder::new(bytes), naming) } else { read_json(&mut bytes, naming) }
}

/// Takes the first bytes off a source: enough to see what it is.
fn head(input: &mut dyn Read) -> Result<Vec<u8>, String> {
    let mut head = Vec::new();
    input.take(16).read_to_end(&mut head).map_err(|error| unread(&error))?;
    Ok(head)
}

/// One function for both kinds of source, so that it is compiled once.
fn read_json(input: &mut dyn Read, naming: &Naming) -> Result<Contents, String> {
    let head = head(input)?;
    let head = head.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(head);
    foreign(&head)?;
    let guarded = Guard::new(io::Cursor::new(head).chain(input));
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(CHUNK, guarded));
    let mut contents = Contents::default();
    let read = Top { contents: &mut contents, naming }.deserialize(&mut json).and_then(|()| json.end());
    match read {
        Ok(()) => {}
        Err(error) if error.is_eof() && contents.has_list => contents.cut = true,
        Err(error) if error.is_io() => return Err(unread(&error)),
        Err(error) => return Err(format!("{error}; {WANTED}")),
    }
    if !contents.has_list {
        let members = contents.members.join(", ");
        let members = if members.is_empty() { "none".to_owned() } else { members };
        return Err(format!("no list `traceEvents` (its members: {members}); {WANTED}"));
    }
    contents.gathered.close();
    Ok(contents)
}

fn unread(error: &dyn fmt::Display) -> String {
    let error = error.to_string();
    // The library names its format, not the file's.
    if error.contains("deflate") || error.contains("gzip") {
        format!("the gzip data are damaged ({error})")
    } else {
        error
    }
}

/// Refuses what is no JSON at first sight.
fn foreign(head: &[u8]) -> Result<(), String> {
    if let Some((_, advice)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic) && !is_blank_json(head)) {
        return Err(format!("no JSON; {advice}"));
    }
    match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Err(format!("the file is empty; {WANTED}")),
        Some(b'[' | b'{') => Ok(()),
        Some(&byte) => {
            let begin = String::from_utf8_lossy(head);
            let begin: String = begin.trim_start().chars().take(8).flat_map(char::escape_default).collect();
            let hint = if byte.is_ascii_graphic() { " (a table of timings is for `amdahl fit`)" } else { "" };
            Err(format!("line 1 column 1: no JSON, it begins with \"{begin}\"{hint}; {WANTED}"))
        }
    }
}

/// JSON may begin with an empty line, as a trace of Perfetto begins with its first tag.
fn is_blank_json(head: &[u8]) -> bool {
    head.iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|byte| matches!(byte, b'[' | b'{'))
}

/// The whole file.
struct Top<'a> {
    contents: &'a mut Contents,
    naming: &'a Naming,
}

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events, or an object with such a list under `traceEvents`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        Events { contents: self.contents, naming: self.naming }.visit_seq(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Self { contents, naming } = self;
        while let Some(key) = members.next_key::<String>()? {
            match key.as_str() {
                "traceEvents" => members.next_value_seed(Events { contents: &mut *contents, naming })?,
                "distributedInfo" => members.next_value_seed(Info(&mut contents.distributed))?,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                    if contents.members.len() < 8 {
                        contents.members.push(key.chars().take(40).collect());
                    }
                }
            }
        }
        Ok(())
    }
}

/// The list of events.
struct Events<'a> {
    contents: &'a mut Contents,
    naming: &'a Naming,
}

impl<'de> DeserializeSeed<'de> for Events<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Events<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.contents.has_list = true;
        while let Some(event) = items.next_element::<Event>()? {
            self.contents.gathered.take(event, self.naming).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// Rank and world size; anything else there is passed over.
struct Info<'a>(&'a mut Distributed);

impl<'de> DeserializeSeed<'de> for Info<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Info<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `rank` and `world_size`")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            match key.as_str() {
                "rank" => self.0.rank = members.next_value::<Scalar>()?.count(),
                "world_size" => self.0.world_size = members.next_value::<Scalar>()?.count(),
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}
