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

/// What the command line's own reader quotes.
#[test]
fn words_of_the_command_line_stay_text() {
    let option = format!("--{NAME}");
    let assigned = format!("--format={NAME}");
    let commands: [&[&str]; 6] = [
        &[NAME],
        &["run", &option],
        &["run", "--sizes", NAME],
        &["run", &assigned],
        &["fit", "a.csv", "--model", NAME],
        &["show", NAME, NAME, NAME],
    ];
    for arguments in commands {
        let output = amdahl(arguments);
        let shown = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {shown}");
        assert!(shown.contains("a\\u{1b}[31m\\u{9b}2J\\u{202e}\\u{200f}b") && steers(&shown).is_none(), "{shown:?}");
    }
}

/// A message quotes a few words of an input, however long its lines are.
#[test]
fn messages_do_not_grow_with_the_line_that_they_quote() {
    let folder = tempfile::tempdir().unwrap();
    let long = "x".repeat(3_000_000);
    let kernel = |line: &str| format!("@compute @workgroup_size(1)\nfn main() {{ {line} }}\n");
    let table = format!("p,time\n1,2\n2,{long}\n");
    for (name, content, command) in [
        ("a.csv", table.clone(), &["fit"][..]),
        ("b.csv", format!("{long},time\n1,2\n"), &["fit"]),
        ("c.csv", format!("p,time\n{long},2\n"), &["fit"]),
        ("run.json", format!("{{\"schema\":\"{long}\"}}"), &["show"]),
        ("cut.json", format!("{{\"schema\":\"amdahl-run/2\",\"effort\":\"{long}\"}}"), &["show"]),
        ("a.json", format!("{{\"traceEvents\":[{{\"ph\":\"X\",\"ts\":\"{long}\"}}]}}"), &["trace"]),
        ("b.json", format!("{{\"traceEvents\":\"{long}\"}}"), &["trace"]),
        ("p.json", format!("{{\"{long}\":1}}"), &["predict", "--from"]),
        ("a.wgsl", kernel(&long[..900_000]), &["run", "--no-save", "--wgsl"]),
        ("b.wgsl", kernel(&format!("let y = {};", "1+".repeat(400_000))), &["run", "--no-save", "--wgsl"]),
        ("c.wgsl", kernel(&format!("{}x = 1;", " ".repeat(900_000))), &["run", "--no-save", "--wgsl"]),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        let output = amdahl(&[command, &[file.to_str().unwrap()]].concat());
        let shown = String::from_utf8(output.stderr).unwrap();
        assert!(shown.len() < 12_000, "{name}: {} bytes", shown.len());
        assert!(output.status.code() == Some(2) && shown.contains(name), "{name}: {shown}");
        if name == "c.wgsl" {
            assert!(shown.contains("c.wgsl:2:900013") && shown.contains("x = 1; }") && shown.contains('^'), "{shown}");
        }
    }
}
