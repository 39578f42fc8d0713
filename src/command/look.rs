//! How the report may look here: the width of the terminal, and whether it shows more than ASCII.

use std::env;

use crate::page::Look;

/// Columns of the short answer where nobody says how wide the terminal is.
const SHORT: usize = 80;

/// Columns of the details at the least: their tables fall apart below.
const TABLES: usize = 68;

/// Returns the look of the short answer.
pub(super) fn short(ascii: bool) -> Look {
    details(ascii).wide(width().unwrap_or(SHORT).min(SHORT))
}

/// Returns the look of the details.
pub(super) fn details(ascii: bool) -> Look {
    let look = Look { ascii: ascii || only_ascii(|name| env::var(name).ok()), ..Look::default() };
    width().map_or(look, |columns| look.wide(columns.max(TABLES)))
}

/// Columns: those of the variable `COLUMNS`, or of the terminal; `None` if the output goes elsewhere.
fn width() -> Option<usize> {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    asked.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0.into()))
}

/// Whether the environment says that only ASCII can be shown: a dumb terminal, or a locale without UTF-8.
fn only_ascii(variable: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| variable(name).filter(|it| !it.is_empty()));
    let has_utf_8 = |locale: &str| locale.to_ascii_uppercase().replace('-', "").contains("UTF8");
    variable("TERM").is_some_and(|terminal| terminal == "dumb") || locale.is_some_and(|locale| !has_utf_8(&locale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_without_utf_8_and_a_dumb_terminal_get_ascii() {
        let with = |pairs: &'static [(&str, &str)]| {
            only_ascii(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        assert!(
            with(&[("LANG", "C")]) && with(&[("TERM", "dumb")]) && with(&[("LC_ALL", "POSIX"), ("LANG", "C.UTF-8")])
        );
        assert!(!with(&[]) && !with(&[("LANG", "en_GB.UTF-8")]) && !with(&[("LANG", "C.utf8"), ("TERM", "xterm")]));
    }
}
