//! The terminal report.
//!
//! Colours say what a thing is, never more than that: series in a drawing, warnings, what is faint. The command layer
//! strips them where they are not wanted.

use anstyle::{AnsiColor, Style};

use super::block::{Block, Drawing, Table, Tone};
use super::table;

/// Columns of the page.
pub(super) const WIDTH: usize = 96;

/// Columns of a table at the most.
const TABLE_WIDTH: u16 = 100;

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Colours of the series of a drawing, in their order.
const SERIES: [AnsiColor; 6] =
    [AnsiColor::Cyan, AnsiColor::Yellow, AnsiColor::Green, AnsiColor::Magenta, AnsiColor::Blue, AnsiColor::Red];

/// The blocks as text for a terminal.
pub(crate) fn render(blocks: &[Block]) -> String {
    let mut lines = Vec::new();
    for block in blocks {
        block_lines(block, &mut lines);
        lines.push(String::new());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n") + "\n"
}

fn block_lines(block: &Block, lines: &mut Vec<String>) {
    match block {
        Block::Title(title) => lines.push(styled(STRONG, title)),
        Block::Section { title, question } => section(title, question, lines),
        Block::Banner(text) => {
            lines.extend(wrap(text, WIDTH - 2).iter().map(|line| styled(WARNING, &format!("! {line}"))));
        }
        Block::Facts(facts) => self::facts(facts, lines),
        Block::Text(text) => lines.extend(wrap(text, WIDTH)),
        Block::Table(table) => self::table(table, lines),
        Block::Drawing(drawing) => lines.extend(drawing.lines.iter().map(|line| coloured(line))),
        Block::Findings(sentences) => {
            for sentence in sentences {
                lines.extend(hang("→ ", "  ", sentence).iter().map(|line| styled(STRONG, line)));
            }
        }
        Block::List { lead, items } => {
            lines.push(format!("{lead}:"));
            for item in items {
                lines.extend(hang("  - ", "    ", item));
            }
        }
    }
}

fn section(title: &str, question: &str, lines: &mut Vec<String>) {
    let rule = "─".repeat(WIDTH.saturating_sub(title.chars().count() + 4));
    lines.push(format!("{} {} {}", styled(FAINT, "──"), styled(STRONG, title), styled(FAINT, &rule)));
    if !question.is_empty() {
        lines.extend(wrap(question, WIDTH));
    }
}

fn facts(facts: &[(String, String)], lines: &mut Vec<String>) {
    let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, value) in facts {
        let padding = " ".repeat(width - name.chars().count());
        let first = format!("  {name}{padding}  ");
        let rest = " ".repeat(width + 4);
        let mut written = hang(&first, &rest, value);
        if let Some(line) = written.first_mut() {
            *line = format!("  {}{}", styled(FAINT, name), &line[2 + name.len()..]);
        }
        lines.append(&mut written);
    }
}

fn table(table: &Table, lines: &mut Vec<String>) {
    let (heads, rows) = table::plain(table, TABLE_WIDTH);
    let width = heads.iter().chain(&rows).map(|line| line.chars().count()).max().unwrap_or(0);
    lines.extend(heads.iter().map(|line| styled(STRONG, line)));
    lines.push(styled(FAINT, &format!(" {}", "─".repeat(width.saturating_sub(1)))));
    lines.extend(rows);
}

/// A line of a drawing; each run of one tone is coloured once.
fn coloured(cells: &[(char, Tone)]) -> String {
    let end = cells.iter().rposition(|(letter, _)| *letter != ' ').map_or(0, |last| last + 1);
    let mut line = String::new();
    for run in cells[..end].chunk_by(|(_, one), (_, other)| one == other) {
        let text: String = run.iter().map(|(letter, _)| letter).collect();
        match run[0].1 {
            Tone::Plain => line.push_str(&text),
            Tone::Faint => line.push_str(&styled(FAINT, &text)),
            Tone::Series(number) => line.push_str(&styled(SERIES[number % SERIES.len()].on_default(), &text)),
        }
    }
    line
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A paragraph that begins with `first` and goes on under it.
fn hang(first: &str, rest: &str, text: &str) -> Vec<String> {
    let width = WIDTH.saturating_sub(rest.chars().count());
    let lines = wrap(text, width).into_iter().enumerate();
    lines.map(|(index, line)| format!("{}{line}", if index == 0 { first } else { rest })).collect()
}

/// Text broken between words into lines of so many characters. A value is not parted from its unit.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in words(text) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(&word);
            used += length;
        }
    }
    lines
}

/// Units that stay with the number before them.
const UNITS: [&str; 24] = [
    "ps", "ns", "µs", "ms", "s", "%", "x", "B", "KiB", "MiB", "GiB", "B/s", "kB/s", "MB/s", "GB/s", "TB/s", "kFLOP/s",
    "MFLOP/s", "GFLOP/s", "TFLOP/s", "flop", "kflop", "Mflop", "Gflop",
];

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_end_matches([',', '.', ';', ':', ')']);
        let after_number = words.last().is_some_and(|last| last.ends_with(|letter: char| letter.is_ascii_digit()));
        match words.last_mut() {
            Some(last) if after_number && UNITS.contains(&bare) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A drawing without its colours.
pub(super) fn uncoloured(drawing: &Drawing) -> Vec<String> {
    let line = |cells: &Vec<(char, Tone)>| cells.iter().map(|(letter, _)| letter).collect::<String>();
    drawing.lines.iter().map(|cells| line(cells).trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_but_not_before_a_unit() {
        assert_eq!(wrap("it takes 5.5 µs in all", 12), ["it takes", "5.5 µs in", "all"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("a-word-that-is-too-long b", 5), ["a-word-that-is-too-long", "b"]);
    }

    #[test]
    fn a_run_of_one_tone_is_coloured_once() {
        let cells = [('●', Tone::Series(0)), ('●', Tone::Series(0)), (' ', Tone::Plain), (' ', Tone::Plain)];
        assert_eq!(coloured(&cells), "\u{1b}[36m●●\u{1b}[0m");
    }

    #[test]
    fn nothing_is_lost_in_the_facts() {
        let mut lines = Vec::new();
        facts(&[("a".to_owned(), "1".to_owned()), ("longer".to_owned(), "2".to_owned())], &mut lines);
        assert!(lines[0].ends_with("a\u{1b}[0m       1"), "{:?}", lines[0]);
        assert!(lines[1].ends_with("longer\u{1b}[0m  2"), "{:?}", lines[1]);
    }
}
