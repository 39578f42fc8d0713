//! The terminal report.
//!
//! Colours say what a thing is, never more than that: series in a drawing, warnings, what is faint. The command layer
//! strips them where they are not wanted.

mod wrap;

use anstyle::{AnsiColor, Style};

use super::block::{Bar, Bars, Block, Drawing, Stack, Table, Tone};
use super::{ascii, clean, table};
pub(crate) use wrap::wrap;

/// How a report looks on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// Whether only ASCII characters can be shown.
    pub ascii: bool,
}

impl Default for Look {
    /// Wide enough for every table of the details.
    fn default() -> Self {
        Self { width: 96, ascii: false }
    }
}

impl Look {
    /// Narrowest and widest page: below it tables fall apart, above it lines are hard to follow.
    const WIDTHS: std::ops::RangeInclusive<usize> = 60..=100;

    /// Returns the look of so many columns, or nearly.
    #[must_use]
    pub fn wide(self, columns: usize) -> Self {
        Self { width: columns.clamp(*Self::WIDTHS.start(), *Self::WIDTHS.end()), ..self }
    }
}

/// Columns of a table beyond those of the text around it.
const TABLE_BEYOND: usize = 4;

/// Rows of points of a plot, in a report that shows everything and in a short one.
const PLOT_ROWS: [usize; 2] = [18, 10];

/// Lines of a screen, which a short report shall not exceed: its plot gives up rows for that, but keeps a few.
const SCREEN: usize = 80;
const FEWEST_ROWS: usize = 5;

/// Columns of space before the text of a short report.
const INDENT: usize = 3;

/// Columns of the longest bar, at the most.
const LONGEST_BAR: usize = 40;
const SHORTEST_BAR: usize = 6;

/// Columns of a bar of parts.
const STACK: usize = 60;

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Colours of the series of a drawing, in their order.
const SERIES: [AnsiColor; 6] =
    [AnsiColor::Cyan, AnsiColor::Yellow, AnsiColor::Green, AnsiColor::Magenta, AnsiColor::Blue, AnsiColor::Red];

/// Returns the blocks as text, a blank line between them.
pub(crate) fn render(blocks: &[Block], look: Look) -> String {
    let page = Page { width: look.width, rows: PLOT_ROWS[0], indent: 0 };
    let mut lines = Vec::new();
    for block in blocks {
        let before = lines.len();
        page.block(block, &mut lines);
        if lines.len() > before {
            lines.push(String::new());
        }
    }
    finished(lines, look)
}

/// Returns the blocks as text without blank lines but before sections and pictures, indented under their section. The
/// last lines stand as they are, after a blank one.
pub(crate) fn dense(blocks: &[Block], last: &[String], look: Look) -> String {
    let written = |rows: usize| {
        let page = Page { width: look.width, rows, indent: INDENT };
        let mut lines: Vec<String> = Vec::new();
        for block in blocks {
            if matches!(block, Block::Section { .. }) && lines.last().is_some_and(|line| !line.is_empty()) {
                lines.push(String::new());
            }
            page.block(block, &mut lines);
        }
        lines
    };
    let lines = written(PLOT_ROWS[1]);
    let room = SCREEN - last.len() - usize::from(!last.is_empty());
    let over = lines.len().saturating_sub(room);
    let mut lines = if over > 0 { written(PLOT_ROWS[1].saturating_sub(over).max(FEWEST_ROWS)) } else { lines };
    // At last the space between the parts goes, from the end.
    while let Some(gap) = lines.iter().rposition(String::is_empty).filter(|_| lines.len() > room) {
        lines.remove(gap);
    }
    let last = last.iter().map(|line| format!("{line}\n"));
    let gap = if last.len() > 0 { "\n" } else { "" };
    finished(lines, look) + gap + &last.collect::<String>()
}

fn finished(mut lines: Vec<String>, look: Look) -> String {
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let text = lines.join("\n") + "\n";
    if look.ascii { ascii::plain(&text) } else { text }
}

/// The measures of a page.
struct Page {
    width: usize,
    /// Rows of points of a plot.
    rows: usize,
    /// Columns of space before whatever stands under a section's title.
    indent: usize,
}

impl Page {
    fn block(&self, block: &Block, lines: &mut Vec<String>) {
        let begin = lines.len();
        match block {
            Block::Title(title) if title.chars().count() <= self.width => lines.push(styled(STRONG, title)),
            Block::Title(title) => lines.extend(wrap(title, self.width).iter().map(|line| styled(STRONG, line))),
            Block::Section { title, question } => self.section(title, question, lines),
            Block::Banner(text) => {
                lines.extend(wrap(text, self.width - 2).iter().map(|line| styled(WARNING, &format!("! {line}"))));
            }
            Block::Facts(facts) => self.facts(facts, lines),
            Block::Text(text) => lines.extend(wrap(text, self.inner())),
            Block::Table(table) => self.table(table, lines),
            Block::Plot(plot) => {
                lines.extend(plot.draw(self.inner(), self.rows).lines.iter().map(|line| coloured(line)));
            }
            Block::Bars(bars) => self.bars(bars, lines),
            Block::Stack(stack) => self.stack(stack, lines),
            Block::Findings(sentences) => {
                for sentence in sentences {
                    lines.extend(self.hang("→ ", "  ", sentence).iter().map(|line| styled(STRONG, line)));
                }
            }
            Block::Lines(kept) => lines.extend(kept.iter().map(|line| format!("    {}", clean(line)))),
            // A terminal is no paper.
            Block::Room(_) => {}
            Block::List { lead, items } => {
                lines.push(format!("{lead}:"));
                for item in items {
                    lines.extend(self.hang("  - ", "    ", item));
                }
            }
        }
        if !matches!(block, Block::Title(_) | Block::Section { .. } | Block::Banner(_)) {
            let indent = " ".repeat(self.indent);
            lines[begin..].iter_mut().filter(|line| !line.is_empty()).for_each(|line| line.insert_str(0, &indent));
        }
    }

    /// Columns under the title of a section.
    fn inner(&self) -> usize {
        self.width - self.indent
    }

    fn section(&self, title: &str, question: &str, lines: &mut Vec<String>) {
        if self.indent > 0 {
            let long = title.chars().count() + question.chars().count() + 2 > self.width;
            let beside = if long { "" } else { question };
            lines.push(format!("{}  {beside}", styled(STRONG, &title.to_uppercase())).trim_end().to_owned());
            if long {
                lines.extend(
                    wrap(question, self.inner()).iter().map(|line| format!("{}{line}", " ".repeat(self.indent))),
                );
            }
            return;
        }
        let rule = "─".repeat(self.width.saturating_sub(title.chars().count() + 4));
        lines.push(format!("{} {} {}", styled(FAINT, "──"), styled(STRONG, title), styled(FAINT, &rule)));
        if !question.is_empty() {
            lines.extend(wrap(question, self.width));
        }
    }

    fn facts(&self, facts: &[(String, String)], lines: &mut Vec<String>) {
        let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in facts {
            let padding = " ".repeat(width - name.chars().count());
            let first = format!("  {name}{padding}  ");
            let rest = " ".repeat(width + 4);
            let mut written = self.hang(&first, &rest, value);
            if let Some(line) = written.first_mut() {
                *line = format!("  {}{}", styled(FAINT, name), &line[2 + name.len()..]);
            }
            lines.append(&mut written);
        }
    }

    fn table(&self, table: &Table, lines: &mut Vec<String>) {
        let room = self.inner() + if self.indent == 0 { TABLE_BEYOND } else { 0 };
        let widest = |(heads, rows): &(Vec<String>, Vec<String>)| {
            heads.iter().chain(rows).map(|line| line.chars().count()).max().unwrap_or(0)
        };
        if let Some(narrower) = table.narrower().filter(|_| widest(&table::plain(table, u16::MAX)) >= room) {
            return self.table(&narrower, lines);
        }
        let written = table::plain(table, u16::try_from(room).unwrap_or(u16::MAX));
        let width = widest(&written);
        let (heads, rows) = written;
        lines.extend(heads.iter().map(|line| styled(STRONG, line)));
        if self.indent == 0 {
            lines.push(styled(FAINT, &format!(" {}", "─".repeat(width.saturating_sub(1)))));
        }
        lines.extend(rows);
    }

    /// Names, cells in columns, and bars as long as their values.
    fn bars(&self, bars: &Bars, lines: &mut Vec<String>) {
        let columns = bars.bars.iter().map(|bar| bar.cells.len()).max().unwrap_or(0);
        let widest = |texts: &mut dyn Iterator<Item = &String>| texts.map(|it| it.chars().count()).max().unwrap_or(0);
        let name = widest(&mut bars.bars.iter().map(|bar| &bar.name));
        let cells: Vec<usize> =
            (0..columns).map(|column| widest(&mut bars.bars.iter().filter_map(|bar| bar.cells.get(column)))).collect();
        let row = |bar: &Bar| {
            let cell = |(column, width): (usize, &usize)| {
                format!("  {:>width$}", bar.cells.get(column).map_or("", String::as_str))
            };
            let cells: String = cells.iter().enumerate().map(cell).collect();
            clean(&format!("{:<name$}{cells}", bar.name))
        };
        let used = name + cells.iter().map(|width| width + 2).sum::<usize>();
        // Bars that would be too short to compare are left out.
        let remarks = bars.bars.iter().map(|bar| bar.remark.chars().count()).max().unwrap_or(0);
        let room = self.inner().saturating_sub(used + remarks + 4).min(LONGEST_BAR);
        let room = if room < SHORTEST_BAR { 0 } else { room };
        for (bar, share) in bars.shares() {
            let length = ((share * room as f64).round() as usize).max(usize::from(share > 0.0 && room > 0));
            let drawn = match length {
                0 => String::new(),
                _ => styled(SERIES[bar.series % SERIES.len()].on_default(), &"█".repeat(length)),
            };
            let line = format!("{}  {drawn} {}", row(bar), clean(&bar.remark));
            let fits = used + 3 + length + bar.remark.chars().count() <= self.inner();
            // A remark without room for it makes its line bold.
            lines.push(if fits { line.trim_end().to_owned() } else { styled(STRONG, &row(bar)) });
        }
    }

    /// A bar of letters: the first of each part's name, capital for the first part.
    fn stack(&self, stack: &Stack, lines: &mut Vec<String>) {
        let room = self.inner().saturating_sub(stack.whole.chars().count() + 2).min(STACK);
        let mut bar = String::new();
        let mut end = 0.0;
        for (number, (name, share)) in stack.shares().enumerate() {
            let letter = name.chars().next().unwrap_or('?');
            let letter = if number == 0 { letter.to_ascii_uppercase() } else { letter };
            end += share;
            let length = ((end * room as f64).round() as usize).saturating_sub(bar.chars().count());
            bar.extend(std::iter::repeat_n(letter, length));
        }
        lines.push(format!("{}  {bar}", stack.whole));
        lines.extend(wrap(&stack.in_words(), self.inner()));
    }

    /// A paragraph that begins with `first` and goes on under it.
    fn hang(&self, first: &str, rest: &str, text: &str) -> Vec<String> {
        let width = self.inner().saturating_sub(rest.chars().count());
        let lines = wrap(text, width).into_iter().enumerate();
        lines.map(|(index, line)| format!("{}{line}", if index == 0 { first } else { rest })).collect()
    }
}

/// A line of a drawing; each run of one tone is coloured once.
fn coloured(cells: &[(char, Tone)]) -> String {
    let end = cells.iter().rposition(|(letter, _)| *letter != ' ').map_or(0, |last| last + 1);
    let mut line = String::new();
    for run in cells[..end].chunk_by(|(_, one), (_, other)| one == other) {
        let text: String = run.iter().map(|(letter, _)| letter).collect();
        match run[0].1 {
            Tone::Plain => line.push_str(&clean(&text)),
            Tone::Faint => line.push_str(&styled(FAINT, &text)),
            Tone::Series(number) => line.push_str(&styled(SERIES[number % SERIES.len()].on_default(), &text)),
        }
    }
    line
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{}{style:#}", clean(text))
}

/// A drawing without its colours.
pub(crate) fn uncoloured(drawing: &Drawing) -> Vec<String> {
    let line = |cells: &Vec<(char, Tone)>| cells.iter().map(|(letter, _)| letter).collect::<String>();
    drawing.lines.iter().map(|cells| line(cells).trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_one_tone_is_coloured_once() {
        let cells = [('●', Tone::Series(0)), ('●', Tone::Series(0)), (' ', Tone::Plain), (' ', Tone::Plain)];
        assert_eq!(coloured(&cells), "\u{1b}[36m●●\u{1b}[0m");
    }

    #[test]
    fn nothing_is_lost_in_the_facts() {
        let mut lines = Vec::new();
        let page = Page { width: 80, rows: 1, indent: 0 };
        page.facts(&[("a".to_owned(), "1".to_owned()), ("longer".to_owned(), "2".to_owned())], &mut lines);
        assert!(lines[0].ends_with("a\u{1b}[0m       1"), "{:?}", lines[0]);
        assert!(lines[1].ends_with("longer\u{1b}[0m  2"), "{:?}", lines[1]);
    }
}
