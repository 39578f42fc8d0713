//! Opens what a reader gives: a file, or `-` for standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::units;

/// Whether a path stands for standard input.
pub(super) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// Returns what messages call it.
pub(super) fn name(path: &Path) -> String {
    if is_standard(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Most bytes of a file that a reader keeps as a whole: four times the longest saved run.
const MOST: u64 = 64 << 20;

/// Reads all of it.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        let size = units::bytes(MOST as f64);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {size}")));
    }
    Ok(bytes)
}

/// Reads all of it as text, without the mark that some editors put in front.
pub(super) fn text(path: &Path) -> io::Result<String> {
    let mut text = String::from_utf8(bytes(path)?).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        io::Error::new(io::ErrorKind::InvalidData, format!("byte {place} is not UTF-8 text"))
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

/// Opens it.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    Ok(if is_standard(path) { Box::new(io::stdin().lock()) } else { Box::new(File::open(path)?) })
}
