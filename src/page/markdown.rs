//! The report as Markdown.

use super::block::Block;
use super::{table, text};

/// Columns and rows of a plot.
const WIDTH: usize = 90;
const ROWS: usize = 18;

/// The blocks as Markdown.
pub(crate) fn render(blocks: &[Block]) -> String {
    let mut parts: Vec<String> = blocks.iter().map(block).collect();
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

fn block(block: &Block) -> String {
    match block {
        Block::Title(title) => format!("# {}", escape(title)),
        Block::Section { title, question } => {
            format!("## {}\n\n{}", escape(title), escape(question)).trim_end().to_owned()
        }
        Block::Banner(text) => format!("> **{}**", escape(text)),
        Block::Facts(facts) => {
            list(facts.iter().map(|(name, value)| format!("**{}**: {}", escape(name), escape(value))))
        }
        Block::Text(text) => escape(text),
        Block::Table(table) => table::markdown(table).join("\n"),
        Block::Plot(plot) => {
            format!("```text\n{}\n```", text::uncoloured(&plot.draw(WIDTH, ROWS)).join("\n"))
        }
        Block::Stack(stack) => escape(&format!("{}: {}", stack.whole, stack.in_words())),
        Block::Bars(bars) => table::markdown(&bars.table()).join("\n"),
        Block::Lines(lines) => format!("```text\n{}\n```", lines.join("\n")),
        Block::Room(lines) => vec!["<br>"; *lines].join("\n"),
        Block::Findings(sentences) => list(sentences.iter().map(|sentence| format!("**{}**", escape(sentence)))),
        Block::List { lead, items } => format!("{}:\n\n{}", escape(lead), list(items.iter().map(|item| escape(item)))),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n")
}

/// Text in which Markdown sees no markup.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '*' | '_' | '`' | '<' | '[' | ']' | '\\' | '#' | '|') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_name_cannot_break_the_page() {
        let banner = Block::Banner("a <b> *c* `d`".to_owned());
        assert_eq!(block(&banner), "> **a \\<b> \\*c\\* \\`d\\`**");
    }

    #[test]
    fn facts_are_a_list() {
        let facts = Block::Facts(vec![("host".to_owned(), "linux".to_owned()), ("seed".to_owned(), "1".to_owned())]);
        assert_eq!(block(&facts), "- **host**: linux\n- **seed**: 1");
    }
}
