//! Keeps a compiler's message short that quotes a long line.

/// Most letters of a line.
const MOST: usize = 160;

/// Letters before the first mark.
const BEFORE: usize = 60;

/// Returns the message with the lines that it quotes cut around its first mark `^`. The column stands in its head.
pub(super) fn cut(message: &str) -> String {
    let is_long = |line: &str| line.chars().nth(MOST).is_some();
    if !message.lines().any(is_long) {
        return message.to_owned();
    }
    let mark = message.lines().find_map(|line| {
        let gutter = gutter(line)?;
        let marked = line.chars().skip(gutter).find(|letter| !letter.is_whitespace()) == Some('^');
        marked.then(|| line.chars().take_while(|letter| *letter != '^').count() - gutter)
    });
    let start = mark.map_or(0, |mark| mark.saturating_sub(BEFORE));
    let cut = |line: &str| {
        let gutter = gutter(line);
        let start = if gutter.is_some() { start } else { 0 };
        let head: String = line.chars().take(gutter.unwrap_or_default()).collect();
        let mut rest = line.chars().skip(gutter.unwrap_or_default() + start);
        let shown: String = rest.by_ref().take(MOST).collect();
        let more = if rest.next().is_some() { "…" } else { "" };
        format!("{head}{}{shown}{more}", if start > 0 && !shown.is_empty() { "…" } else { "" })
    };
    message.lines().map(|line| cut(line).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Returns the letters up to the bar and the blank before a quoted line; `None` if the line quotes nothing.
fn gutter(line: &str) -> Option<usize> {
    let bar = line.chars().take_while(|letter| letter.is_ascii_digit() || *letter == ' ').count();
    (line.chars().nth(bar) == Some('│')).then_some(bar + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marked_part_of_a_long_line_is_shown_with_its_mark() {
        let line = format!("{}wrong{}", "a + ".repeat(100_000), " + b".repeat(100_000));
        let marks = format!("{}^^^^^ of no type", " ".repeat(400_000));
        let message = cut(&format!("error: of no type\n  ┌─ k:1:400001\n  │\n1 │ {line}\n  │ {marks}\n"));
        let lines: Vec<&str> = message.lines().collect();
        let place =
            |line: &str, word: &str| line.chars().collect::<String>().find(word).map(|at| line[..at].chars().count());
        assert!(message.chars().count() < 3 * MOST, "{message}");
        assert_eq!(lines[..3], ["error: of no type", "  ┌─ k:1:400001", "  │"]);
        assert_eq!(place(lines[3], "wrong"), place(lines[4], "^^^^^"), "{message}");
        assert!(lines[3].contains("a + wrong + b"), "{message}");
        assert_eq!(cut("error: short\n  │ a"), "error: short\n  │ a");
        assert!(cut(&"x".repeat(10_000_000)).chars().count() <= MOST + 1);
    }
}
