//! Random tables, with seeds: nothing panics, nothing is pooled in silence, and no growing job is read as one job.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng as _};

use super::super::*;

fn pick<'a, T>(random: &mut ChaCha8Rng, items: &'a [T]) -> &'a T {
    &items[random.random_range(0..items.len())]
}

/// What is wrong with a cell has its line and its column. Other refusals are of the whole file.
fn is_placed(message: &str) -> bool {
    let of_a_cell =
        ["not a number", "negative", "zero", "not a whole number", "is missing", "unknown unit", "not finite"];
    let whole = ["no row", "--", "every row has", "no column"];
    !of_a_cell.iter().any(|words| message.contains(words))
        || whole.iter().any(|words| message.contains(words))
        || message.contains("line ") && message.contains("column ")
}

fn read_any(bytes: &[u8]) {
    if let Err(ReadError::Said(message)) = read(bytes, &Mapping::default()) {
        assert!(is_placed(&message), "{:?}: {message}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn random_bytes_and_random_tables_do_not_panic() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let letters = b"0123456789.,;:|\t \n\n\r\"'#{}[]()=-+eE%^xsmhNTa\xc3\xbc\xff";
    let words: Vec<&str> =
        "workers~threads~time~time_ms~N~1~2~4~8.5~1,5~1.234,5~NA~~1_seq~0~Total~2^10~1:23.4~8m58.1s~\"a,b\"~\
        \"~run1~run2~min~max~mean~-3~1e400~nan~# x~4 cores~{\"a\": 1}~speedup~50 %~PARAMETER~DATA~é"
            .split('~')
            .collect();
    for _ in 0..3000 {
        let bytes: Vec<u8> = (0..random.random_range(0..80)).map(|_| *pick(&mut random, letters)).collect();
        read_any(&bytes);
        let separator = *pick(&mut random, &[",", ";", "\t", " ", "|", ", "]);
        let width = random.random_range(1..5);
        let mut text = String::new();
        for _ in 0..random.random_range(0..8) {
            let cells: Vec<&str> = (0..width).map(|_| *pick(&mut random, &words)).collect();
            writeln!(text, "{}", cells.join(separator)).unwrap();
        }
        read_any(text.as_bytes());
    }
}

#[test]
fn a_planted_fault_is_named_by_its_line_and_column() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    for _ in 0..300 {
        let separator = *pick(&mut random, &[",", ";", "\t", "  ", " | ", ", "]);
        let times = random.random_range(0..3);
        let mut heads = vec!["note", "threads"];
        heads.insert(times, "time_s");
        let workers = heads.iter().position(|head| *head == "threads").unwrap();
        let mut lines = vec![heads.join(separator)];
        for row in 0..random.random_range(3..9) {
            if random.random_range(0..4) == 0 {
                lines.push(["", "# more"][random.random_range(0..2)].to_owned());
            }
            let mut cells = ["same".to_owned(), (1 << row).to_string()].to_vec();
            cells.insert(times, format!("{:.3}", random.random_range(1.0..9.0)));
            lines.push(cells.join(separator));
        }
        let rows: Vec<usize> =
            (1..lines.len()).filter(|&line| !lines[line].is_empty() && !lines[line].starts_with('#')).collect();
        let line = *pick(&mut random, &rows);
        let (column, fault) = if random.random() {
            (times, *pick(&mut random, &["abc", "-3", "0.0", "inf", "8parsecs", "1e99", "1.2.3"]))
        } else {
            (workers, *pick(&mut random, &["x", "-1", "1.5", "1e30", "2^x"]))
        };
        let mut cells: Vec<&str> = lines[line].split(separator).collect();
        cells[column] = fault;
        lines[line] = cells.join(separator);
        let text = lines.join("\n");
        let message = read(text.as_bytes(), &Mapping::default()).unwrap_err().to_string();
        let place = format!("line {}, column {} ", line + 1, column + 1);
        assert!(message.contains(&place), "{text}\n{place}: {message}");
    }
}

#[test]
fn mutations_of_peoples_files_do_not_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tables");
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for entry in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for _ in 0..40 {
            let mut bytes = bytes.clone();
            for _ in 0..random.random_range(1..4) {
                let at = random.random_range(0..bytes.len());
                match random.random_range(0..3) {
                    0 => bytes[at] = *pick(&mut random, b",;\t \n\"#-.e0x:|{\xff"),
                    1 => drop(bytes.remove(at)),
                    _ => bytes.truncate(at + 1),
                }
                if bytes.is_empty() {
                    break;
                }
            }
            read_any(&bytes);
        }
    }
}

/// A table of one job and a hidden second setting, in any order of rows and columns.
fn with_a_second_setting(random: &mut ChaCha8Rng) -> String {
    let name = *pick(
        random,
        &[
            "N",
            "mode",
            "size",
            "library",
            "chunk",
            "precision",
            "matrix_size",
            "flags",
            "nodes_used",
            "x",
            "host",
            "power_limit",
            "memory",
            "error_bound",
        ],
    );
    let values: Vec<String> = if random.random() {
        (0..random.random_range(2..5)).map(|value| (1000 << (2 * value)).to_string()).collect()
    } else {
        ["alpha", "beta", "gamma", "delta"][..random.random_range(2..5)].iter().map(|&word| word.to_owned()).collect()
    };
    let mut rows = Vec::new();
    for workers in [1, 2, 4, 8, 16].into_iter().take(random.random_range(2..6)) {
        for (index, value) in values.iter().enumerate() {
            // Not every pair need be there, but those of the first two counts are.
            if workers > 2 && random.random_range(0..4) == 0 {
                continue;
            }
            for _ in 0..random.random_range(1..3) {
                let seconds =
                    (1.0 + 3.0 * index as f64) * (0.1 + 0.9 / f64::from(workers)) * random.random_range(0.98..1.02);
                rows.push((workers, value.clone(), seconds));
            }
        }
    }
    for at in (1..rows.len()).rev() {
        rows.swap(at, random.random_range(0..=at));
    }
    let first: bool = random.random();
    let mut text = if first { format!("{name},threads,time_s\n") } else { format!("threads,time_s,{name}\n") };
    for (workers, value, seconds) in rows {
        if first {
            writeln!(text, "{value},{workers},{seconds}").unwrap();
        } else {
            writeln!(text, "{workers},{seconds},{value}").unwrap();
        }
    }
    text
}

#[test]
fn a_hidden_second_setting_is_never_pooled() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..200 {
        let text = with_a_second_setting(&mut random);
        match read(text.as_bytes(), &Mapping::default()) {
            Err(ReadError::Ask(question)) => {
                for (_, answer) in question.answers {
                    assert!(read(text.as_bytes(), &answer).is_ok(), "{text}{answer:?}");
                }
            }
            other => panic!("{text}{other:?}"),
        }
    }
}

#[test]
fn weak_scaling_is_never_read_as_strong() {
    let mut random = ChaCha8Rng::seed_from_u64(4);
    for _ in 0..200 {
        let sizes =
            ["N", "n", "size", "problem_size", "elements", "N_total", "work", "matrix size", "particles", "ntot"];
        let shares = ["elements_per_thread", "local size", "points/rank", "batch per gpu"];
        let unknown = ["nx", "side", "load"];
        let name = *pick(&mut random, &[&sizes[..], &shares, &unknown].concat());
        let power = *pick(&mut random, &[1.0, 1.0, 0.5, 1.0 / 3.0]);
        let first = f64::from(random.random_range(100..100_000));
        let value = *pick(&mut random, &["time_s", "elapsed", "ms"]);
        let repetitions = random.random_range(1..4);
        let mut text = format!("cores,{name},{value}\n");
        let counts = random.random_range(3..8);
        for workers in (0..counts).map(|exponent| f64::from(1 << exponent)) {
            let size = if shares.contains(&name) { first } else { (first * workers.powf(power)).round() };
            for _ in 0..repetitions {
                let seconds = (1.0 + 0.02 * workers) * random.random_range(0.97..1.03);
                writeln!(text, "{workers},{size},{seconds}").unwrap();
            }
        }
        match read(text.as_bytes(), &Mapping::default()) {
            Ok(reading) => assert!(reading.parts.iter().all(|(_, timings)| timings.weak.is_some()), "{text}"),
            Err(ReadError::Ask(question)) => assert!(unknown.contains(&name), "{text}{question:?}"),
            Err(fault) => panic!("{text}{fault}"),
        }
    }
}
