//! Text for a terminal that shows only ASCII characters.

/// Characters with what stands for them. Each stands for one, so that columns stay columns.
const PLAIN: [(&str, char); 16] = [
    ("–—─╌", '-'),
    ("│┤├┌└┐┘┬┴┼", '|'),
    ("→", '>'),
    ("←", '<'),
    ("×", 'x'),
    ("·", '-'),
    ("µ", 'u'),
    ("█▓▒", '#'),
    ("●", '*'),
    ("○", 'o'),
    ("◆", '#'),
    ("◇", '+'),
    ("▲", '^'),
    ("△", '~'),
    ("\u{a0}", ' '),
    ("’‘", '\''),
];

/// Returns the text with a plain character for each other one.
pub(crate) fn plain(text: &str) -> String {
    text.replace('…', "...").chars().map(letter).collect()
}

fn letter(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    // Dots of a curve, in braille.
    if ('\u{2801}'..='\u{28ff}').contains(&letter) {
        return '.';
    }
    PLAIN.iter().find(|(group, _)| group.contains(letter)).map_or('?', |(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_one_that_is_plain() {
        assert_eq!(plain("10 ┤ ●⠤⠤⠤ 5 µs – 3 × 4 →…"), "10 | *... 5 us - 3 x 4 >...");
        assert_eq!(plain("größer"), "gr??er");
    }
}
