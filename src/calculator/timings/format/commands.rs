//! Commands as hyperfine saves them, `./solve -j 4`: the whole numbers in them become columns, as their options are
//! called.

use super::super::ReadError;
use super::super::names::{Meaning, meaning};
use super::super::record::Record;
use super::super::table::Table;

/// The column of the commands.
const COMMAND: &str = "command";

/// What stands in a command where a number was.
const NUMBER: &str = "…";

/// Reads the numbers in the commands of a table, unless a column of its own counts the workers.
pub(super) fn read(table: Table<'_>) -> Result<Table<'_>, ReadError> {
    let names = table.names.clone().unwrap_or_default();
    let Some(place) = names.iter().position(|name| name == COMMAND) else { return Ok(table) };
    let mut keys: Vec<String> = Vec::new();
    for (key, _) in table.cells(place).flat_map(|command| parts(command).1) {
        if !keys.contains(&key) && !names.contains(&key) {
            keys.push(key);
        }
    }
    if keys.is_empty() || names.iter().any(|name| matches!(meaning(name), Meaning::Workers(_))) {
        return Ok(table);
    }
    let heads = names.iter().chain(&keys).cloned().collect();
    table.mapped(heads, move |record| {
        let (command, numbers) = parts(record.get(place).unwrap_or_default());
        let mut row = Record::default();
        row.clear(record.line);
        for column in 0..names.len() {
            row.push(if column == place { &command } else { record.get(column).unwrap_or_default() });
        }
        for key in &keys {
            row.push(numbers.iter().find(|(own, _)| own == key).map_or("", |(_, number)| number));
        }
        vec![row]
    })
}

/// A command without its numbers, and these with their names: of `./solve -j 4 N=100 7` they are 4 for `j`, 100 for `N`
/// and 7 for `argument 1`.
pub(super) fn parts(command: &str) -> (String, Vec<(String, String)>) {
    let mut words: Vec<String> = Vec::new();
    let mut numbers: Vec<(String, String)> = Vec::new();
    let mut plain = 0;
    let mut option = "";
    for word in command.split_whitespace() {
        let before = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let number = &word[before.len()..];
        let name = before.trim_end_matches('=').trim_matches('-');
        // `-t4` and `N=4` hold a number, `./solve2` and `-x2.5` do not.
        let is_short = before.starts_with('-') && name.chars().all(char::is_alphabetic);
        if number.is_empty() || !(before.is_empty() || before.ends_with('=') || is_short) {
            words.push(word.to_owned());
        } else {
            let name = if before.is_empty() { option } else { name };
            // `-t` and `-s` are no times and no speedups.
            let is_result = matches!(meaning(name), Meaning::Value { .. } | Meaning::Output | Meaning::Repetition);
            let name = if is_result {
                plain += 1;
                format!("argument {plain}")
            } else {
                name.to_owned()
            };
            numbers.push((name, number.to_owned()));
            words.push(format!("{before}{NUMBER}"));
        }
        option = if word.starts_with('-') && number.is_empty() { name } else { "" };
    }
    (words.join(" "), numbers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn numbers_of_a_command_are_called_like_their_options() {
        let (command, numbers) = parts("OMP_NUM_THREADS=2 ./solve2 -t 4 -j8 --size=100 -x2.5 7 file.csv 9");
        assert_eq!(command, "OMP_NUM_THREADS=… ./solve2 -t … -j… --size=… -x2.5 … file.csv …");
        let names: Vec<&str> = numbers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["OMP_NUM_THREADS", "argument 1", "j", "size", "argument 2", "argument 3"]);
        let values: Vec<&str> = numbers.iter().map(|(_, number)| number.as_str()).collect();
        assert_eq!(values, ["2", "4", "8", "100", "7", "9"]);
        assert_eq!(parts("./solve"), ("./solve".to_owned(), Vec::new()));
    }
}
