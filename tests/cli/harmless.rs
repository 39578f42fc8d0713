//! Promise: a name that a reader gives stays text. It neither steers the terminal nor turns the line around, whatever
//! the answer's form.

use crate::common::amdahl;

/// A name that would paint the terminal red, move the cursor, and write the rest from right to left.
const NAME: &str = "a\u{1b}[31m\u{9b}2J\u{202e}\u{200f}b";

/// What would steer a terminal or turn a line around.
fn steers(text: &str) -> Option<usize> {
    text.find(['\u{9b}', '\u{202e}', '\u{200f}']).or_else(|| text.find("\u{1b}[31m"))
}

#[test]
fn names_of_files_columns_and_parts_stay_text() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join(format!("{NAME}.csv"));
    std::fs::write(&table, format!("p,{NAME},time\n1,{NAME},10\n2,{NAME},5\n4,{NAME},3\n8,{NAME},2\n")).unwrap();
    let wrong = folder.path().join(format!("{NAME}.txt"));
    std::fs::write(&wrong, format!("{NAME},{NAME}\n1,{NAME}\n")).unwrap();
    let (table, wrong) = (table.to_str().unwrap(), wrong.to_str().unwrap());
    let serial = format!("{NAME}=1ms");
    let predict = ["predict", "--serial", &serial, "--parallel", "10ms"];
    for (arguments, fits) in [
        (&["fit", table][..], true),
        (&["fit", table, "--by", NAME], true),
        (&["fit", wrong], false),
        (&["fit", table, "--columns", NAME], false),
        (&predict, true),
        (&["trace", wrong], false),
        (&["show", wrong], false),
    ] {
        for form in ["text", "markdown", "html"] {
            let mut arguments = arguments.to_vec();
            if arguments[0] != "show" {
                arguments.extend(["--format", form]);
            }
            let output = amdahl(&[&arguments[..], &["--color", "always"]].concat());
            let shown = [output.stdout, output.stderr].concat();
            let shown = String::from_utf8(shown).unwrap();
            assert_eq!(output.status.success(), fits, "{arguments:?}: {shown}");
            if let Some(place) = steers(&shown) {
                panic!("{arguments:?}, byte {place}: {:?}", &shown[..place]);
            }
        }
    }
}
