//! Tables as text, in the two looks that are wanted.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width, presets};

use super::block::Table;
use super::clean;
use super::markdown::escape;

/// The rule between heads and rows.
const RULE: char = '─';

/// Columns set apart by space alone; long words are wrapped where the table would be wider than that. Returns the
/// heads' lines and the rows' lines.
pub(super) fn plain(table: &Table, width: u16) -> (Vec<String>, Vec<String>) {
    let style = TableStyle::new().header_separator(LineStyle::none().fill(RULE));
    let lines = render(table, style, Some(width));
    let is_rule = |line: &String| line.trim().chars().all(|letter| letter == RULE);
    let (heads, rows) = lines.split_at(lines.iter().position(is_rule).unwrap_or(0));
    let cleaned = |lines: &[String]| lines.iter().map(|line| clean(line)).collect();
    (cleaned(heads), cleaned(rows.get(1..).unwrap_or_default()))
}

/// A table as Markdown knows it.
pub(super) fn markdown(table: &Table) -> Vec<String> {
    let escaped = |text: &String| escape(&one_line(text));
    let escaped = Table {
        heads: table.heads.iter().map(escaped).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(escaped).collect()).collect(),
        left: table.left.clone(),
        spare: Vec::new(),
    };
    let mut lines = render(&escaped, presets::ASCII_MARKDOWN, None);
    if let Some(rule) = lines.get_mut(1) {
        *rule = aligned(rule, &table.left);
    }
    lines
}

/// A head on one line; a word that was broken at a hyphen is whole again.
pub(super) fn one_line(head: &str) -> String {
    head.replace("-\n", "").replace("–\n", "–").replace("/\n", "/").replace('\n', " ")
}

/// A Markdown rule that says which columns end at the right.
fn aligned(rule: &str, left: &[usize]) -> String {
    let columns = rule.trim_matches('|').split('|').enumerate();
    let column = |(index, dashes): (usize, &str)| {
        let right = !left.contains(&index);
        if right { format!("{}:", &dashes[..dashes.len().saturating_sub(1)]) } else { dashes.to_owned() }
    };
    format!("|{}|", columns.map(column).collect::<Vec<_>>().join("|"))
}

/// The longest word that is never broken.
const MOST_WHOLE: u16 = 12;

/// Blanks on both sides of a cell.
const PADDING: u16 = 2;

/// The letters of the longest word of a column.
fn longest_word(table: &Table, index: usize) -> u16 {
    let cells = table.rows.iter().filter_map(|row| row.get(index)).chain(table.heads.get(index));
    let words = cells.flat_map(|cell| cell.split_whitespace()).map(|word| word.chars().count());
    words.max().unwrap_or(0).try_into().unwrap_or(u16::MAX)
}

fn render(table: &Table, style: TableStyle, width: Option<u16>) -> Vec<String> {
    let mut written = comfy_table::Table::new();
    written.load_style(style).set_header(&table.heads).add_rows(&table.rows);
    match width {
        Some(width) => written.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => written.set_content_arrangement(ContentArrangement::Disabled),
    };
    for (index, column) in written.column_iter_mut().enumerate() {
        let left = table.left.contains(&index);
        column.set_cell_alignment(if left { CellAlignment::Left } else { CellAlignment::Right });
        // Words may be wrapped, but hardly ever broken; numbers may not.
        column.set_constraint(if left {
            let longest = longest_word(table, index).min(MOST_WHOLE) + PADDING;
            ColumnConstraint::LowerBoundary(Width::Fixed(longest))
        } else {
            ColumnConstraint::ContentWidth
        });
    }
    written.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["mode", "time\n(95 %)"]).words(&[0]);
        table.push(["a|b".to_owned(), "5.50 µs".to_owned()]);
        table.push(["c".to_owned(), "–".to_owned()]);
        table
    }

    #[test]
    fn plain_columns_are_aligned() {
        let (heads, rows) = plain(&table(), 80);
        assert_eq!(heads, [" mode     time", "        (95 %)"]);
        assert_eq!(rows, [" a|b   5.50 µs", " c           –"]);
    }

    #[test]
    fn a_wide_table_wraps_its_words() {
        let mut table = Table::new(&["what it is"]).words(&[0]);
        table.push(["one two three four five six".to_owned()]);
        let (heads, rows) = plain(&table, 16);
        assert_eq!(heads, [" what it is"]);
        assert_eq!(rows, [" one two three", " four five six"]);
    }

    #[test]
    fn markdown_is_escaped_and_aligned() {
        let lines = markdown(&table());
        assert_eq!(lines[0], "| mode | time (95 %) |");
        assert_eq!(lines[1], "|------|------------:|");
        assert_eq!(lines[2], "| a\\|b |     5.50 µs |");
    }

    #[test]
    fn columns_that_say_nothing_are_left_out() {
        let mut table = Table::new(&["a", "b", "c"]).words(&[2]);
        table.push(["1", "–", "x"].map(str::to_owned));
        table.push(["2", "–", "y"].map(str::to_owned));
        let kept = table.without_empty_columns();
        assert_eq!(kept.heads, ["a", "c"]);
        assert_eq!(kept.left, [1]);
    }
}
