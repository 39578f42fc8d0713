//! What the name of a column says about it.

mod lists;

pub(super) use lists::holds;
use lists::{
    CONTAINERS, CPU, FILLERS, OUTPUTS, PARALLEL, RATES, REPETITIONS, SIZES, SPREADS, STATISTICS, TIMES, UNITS, VARIANTS,
};

/// What columns may be called in `--columns`, for messages.
pub(super) const NAMES: &str = "workers, work, seconds, ms, us, ns, min, h, time, throughput, speedup and efficiency";

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Unit {
    pub(super) name: &'static str,
    pub(super) seconds: f64,
}

/// What a column of values holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A time, with the unit that its name states.
    Time(Option<Unit>),
    Throughput,
    Speedup,
    Efficiency,
}

impl Kind {
    /// What such a column may be called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Time(_) => "time",
            Self::Throughput => "throughput",
            Self::Speedup => "speedup",
            Self::Efficiency => "efficiency",
        }
    }
}

/// What a number sums up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Statistic {
    Median,
    Mean,
    /// One run, or nobody says what.
    Plain,
    Least,
    Most,
}

/// What workers a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counts {
    /// Called `workers`.
    Workers,
    /// Threads, processes, devices.
    Units,
    /// Nodes, which hold several.
    Containers,
    /// Units in each container: `tasks_per_node`.
    InEach,
}

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    Workers(Counts),
    /// Called `work`.
    Work,
    /// A size of the job.
    Size,
    /// What each worker has of it.
    Share,
    /// Values; `whole` if of the whole job, else of a part or a variant.
    Value {
        kind: Kind,
        statistic: Statistic,
        whole: bool,
    },
    /// A result, or a time of the processor: never a setting, and not what is read.
    Output,
    /// A number of the repetition, a seed, a date.
    Repetition,
    /// Anything else: a setting, perhaps.
    Other,
}

impl Meaning {
    /// Whether a setting of such a name may hold anything.
    pub(super) fn may_be_any(self) -> bool {
        matches!(self, Self::Other | Self::Repetition | Self::Value { .. })
    }
}

/// The unit of that name, in small letters.
pub(super) fn unit(name: &str) -> Option<Unit> {
    let found = UNITS.iter().find(|(_, _, names)| holds(names, name));
    found.map(|&(name, seconds, _)| Unit { name, seconds })
}

/// Whether a name is of workers or of values.
pub(super) fn is_known(name: &str) -> bool {
    matches!(meaning(name), Meaning::Workers(_) | Meaning::Value { .. })
}

/// Whether a text is a number and nothing else.
pub(super) fn is_plain_number(text: &str) -> bool {
    let text = text.trim();
    let number = text.replace(',', ".").parse::<f64>().is_ok_and(f64::is_finite);
    number && text.starts_with(|first: char| first.is_ascii_digit() || "+-.,".contains(first))
}

/// A name that ends in a number: what is before it, and the number. `run2`, `seconds.1`, `core16`, `p=4`, `8`,
/// `4 threads`.
pub(super) fn numbered(name: &str) -> Option<(String, f64)> {
    let name = name.trim().to_lowercase();
    let bare = name.trim_end_matches([')', ']']);
    let digits = |text: &str| -> Option<f64> {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
    };
    let start = bare.len() - bare.bytes().rev().take_while(u8::is_ascii_digit).count();
    if let Some(number) = digits(&bare[start..]) {
        let stem = bare[..start].trim_end_matches(|letter: char| !letter.is_alphanumeric());
        return Some((stem.to_owned(), number));
    }
    let (first, rest) = bare.split_once([' ', '_', '-']).unwrap_or((bare, ""));
    let number = digits(first).filter(|_| !rest.is_empty())?;
    Some((rest.trim().to_owned(), number))
}

/// Whether a name is of the times of processors.
pub(super) fn is_of_processor(name: &str) -> bool {
    any(&words(name).0, CPU)
}

/// The words of a name in small letters, and what stands in brackets.
fn words(name: &str) -> (Vec<String>, Option<String>) {
    let open = name.find(['(', '[', '{']);
    let inner = open.map(|at| name[at + 1..].trim_end_matches([')', ']', '}', ' ']).trim().to_lowercase());
    let inner = inner.map(|text| text.split([')', ']', '}']).next().unwrap_or_default().to_owned());
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in name[..open.unwrap_or(name.len())].chars() {
        let starts = !letter.is_alphanumeric() || before.is_lowercase() && letter.is_uppercase();
        if starts {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    (words, inner)
}

/// Whether a text is of weak scaling: `weak_time`, `Weak scaling on 8 nodes`.
pub(super) fn says_weak(text: &str) -> bool {
    let (mut words, inner) = words(text);
    words.extend(inner.iter().flat_map(|inner| self::words(inner).0));
    // Gustafson's speedup counts the work of a growing job.
    let is_scaled = any(&words, "scaled") && any(&words, "speedup efficiency") || any(&words, "gustafson");
    (any(&words, "weak") || is_scaled) && !any(&words, "strong")
}

/// Whether a text says how a job grows: `Weak scaling`, `strong and weak`.
pub(super) fn says_scaling(text: &str) -> bool {
    any(&words(text).0, "weak strong")
}

/// What a column of this name holds.
pub(super) fn meaning(name: &str) -> Meaning {
    let text = name.trim().to_lowercase();
    match text.as_str() {
        "workers" | "worker" => return Meaning::Workers(Counts::Workers),
        "work" => return Meaning::Work,
        "" | "#" | "no" | "no." | "nr" => return Meaning::Repetition,
        // Capital letters of a course beside p and T: speedup and efficiency, but not surely.
        "s" | "e" | "eff" if name.trim() != "s" => return Meaning::Output,
        _ => {}
    }
    let (words, inner) = words(name);
    let has = |list: &str| any(&words, list);
    if let Some(meaning) = ratio(&text, &words) {
        return meaning;
    }
    let is_rate = is_rate(&text, &words, inner.as_deref());
    let amount = amount(&words);
    if let Some(meaning) = time(&words, inner.as_deref()).filter(|_| !is_rate && amount.is_none()) {
        return meaning;
    }
    if is_rate {
        let statistic = statistic(&words).unwrap_or(Statistic::Plain);
        let is_output = has(SPREADS) || is_of_each(&text, &words);
        let value = Meaning::Value { kind: Kind::Throughput, statistic, whole: true };
        return if is_output { Meaning::Output } else { value };
    }
    if let Some(counts) = counts(&words) {
        return Meaning::Workers(counts);
    }
    if let Some(meaning) = amount {
        return meaning;
    }
    if has(OUTPUTS) || has(SPREADS) {
        return Meaning::Output;
    }
    let only = |list: &str| has(list) && words.iter().all(|word| holds(list, word) || holds(FILLERS, word));
    if only(REPETITIONS) || words == ["unnamed", "0"] {
        return Meaning::Repetition;
    }
    if is_of_each(&text, &words) {
        let own = words.iter().filter(|word| !holds(PARALLEL, word) && !holds("local per each batch", word));
        let is_size = own.clone().all(|word| holds(SIZES, word) || holds(FILLERS, word));
        return if is_size && own.count() > 0 || has("batch") { Meaning::Share } else { Meaning::Other };
    }
    let of_total = words.len() == 2 && words[0] == "n" && has("total global");
    if !has("per chunk block tile") && (only(SIZES) || text == "n" || of_total) {
        return Meaning::Size;
    }
    // `config.threads` of JSON.
    name.rsplit_once('.').filter(|(_, last)| !last.is_empty()).map_or(Meaning::Other, |(_, last)| meaning(last))
}

/// Whether a name is of each worker: `elements_per_thread`, `local size`, `points/rank`.
fn is_of_each(text: &str, words: &[String]) -> bool {
    let of_workers = words.windows(2).any(|pair| pair[0] == "per" && holds(PARALLEL, &pair[1]));
    let quotient = text.contains('/') && words.last().is_some_and(|last| holds(PARALLEL, last));
    of_workers || quotient || any(words, "local each")
}

/// Speedup and efficiency.
fn ratio(text: &str, words: &[String]) -> Option<Meaning> {
    let text = text.replace(['_', '-', ' '], "");
    let speedup = ["speedup", "aceleracion", "aceleración", "beschleunigung"].iter().any(|name| text.contains(name));
    let efficiency = ["efficiency", "eficiencia", "effizienz"].iter().any(|name| text.contains(name));
    if any(words, SPREADS) || any(words, "ideal theoretical linear") {
        return (speedup || efficiency).then_some(Meaning::Output);
    }
    let kind = if speedup { Kind::Speedup } else { Kind::Efficiency };
    let left = words.iter().filter(|word| !holds(FILLERS, word) && !is_statistic(word)).count();
    let statistic = statistic(words).unwrap_or(Statistic::Plain);
    (speedup || efficiency).then_some(Meaning::Value {
        kind,
        statistic,
        whole: left <= 1 + usize::from(text == "speedup"),
    })
}

/// Whether a name is of something per time.
fn is_rate(text: &str, words: &[String], inner: Option<&str>) -> bool {
    let per = |text: &str| {
        let text = text.replace(['_', '-'], " ");
        let ends = ["/s", "/sec", "/second", " per s", " per sec", " per second", "/cpu second", "/h", "/hour", "/day"];
        ends.iter().any(|end| text.ends_with(end))
    };
    let is_quotient_of_time = words.len() == 2 && holds(TIMES, &words[0]);
    let named = |inner: &str| per(inner) || holds(RATES, inner);
    any(words, RATES) || inner.is_some_and(named) || per(text) && !is_quotient_of_time
}

fn any(words: &[String], list: &str) -> bool {
    words.iter().any(|word| holds(list, word))
}

fn is_statistic(word: &str) -> bool {
    STATISTICS.iter().any(|(names, _)| holds(names, word))
}

fn statistic(words: &[String]) -> Option<Statistic> {
    words.iter().find_map(|word| STATISTICS.iter().find(|(names, _)| holds(names, word))).map(|(_, found)| *found)
}

/// Times. A unit stands in brackets or at the end; on its own it is `ms`, `us`, `ns` or written out.
fn time(words: &[String], inner: Option<&str>) -> Option<Meaning> {
    let in_brackets = inner.and_then(unit);
    let last = words.last()?;
    let is_time = |word: &String| holds(TIMES, word);
    // `min` is the least, and `h` a height, unless they stand beside a time.
    let may_be_unit =
        last != "min" && (last.len() > 1 || words.len() > 1 && (last == "s" || words.iter().any(is_time)));
    let suffix = unit(last).filter(|_| may_be_unit);
    let stated = in_brackets.or(suffix);
    let name = if suffix.is_some() { &words[..words.len() - 1] } else { words };
    let has_time = stated.is_some() || name.iter().any(is_time) || name.iter().any(|word| word.ends_with("time"));
    let only_statistics = statistic(words).is_some() && name.iter().all(|word| is_statistic(word));
    if !has_time && !only_statistics {
        return None;
    }
    // The processor's seconds, of all threads together; or how far a measurement spreads.
    if any(name, SPREADS) || any(name, CPU) {
        return Some(Meaning::Output);
    }
    if any(name, PARALLEL) && any(name, "per") {
        return None;
    }
    let is_usual = |word: &String| {
        let adds_nothing = holds(FILLERS, word) && !holds(VARIANTS, word);
        holds(TIMES, word) || adds_nothing || is_statistic(word) || unit(word).is_some()
    };
    let statistic = statistic(name).unwrap_or(Statistic::Plain);
    Some(Meaning::Value { kind: Kind::Time(stated), statistic, whole: name.iter().all(is_usual) })
}

/// `time_steps`, `user_count` and `real_size` are no times, though their first words are.
fn amount(words: &[String]) -> Option<Meaning> {
    let (last, first) = words.split_last()?;
    let is_of_time = |word: &String| holds(TIMES, word) || holds(CPU, word);
    if first.is_empty() || !first.iter().all(is_of_time) {
        return None;
    }
    let is_size = holds("steps step size sizes points", last);
    let is_other = holds("limit limits count counts budget", last);
    if is_size { Some(Meaning::Size) } else { is_other.then_some(Meaning::Other) }
}

/// What a name counts: `n_threads`, `nprocs`, `Num MPI ranks`, `tasks_per_node`.
fn counts(words: &[String]) -> Option<Counts> {
    let noun = |word: &str| {
        let of = |word: &str| {
            let container = holds(CONTAINERS, word).then_some(Counts::Containers);
            container.or_else(|| holds(PARALLEL, word).then_some(Counts::Units))
        };
        of(word).or_else(|| of(word.strip_prefix('n')?))
    };
    let nouns: Vec<&str> = words.iter().map(String::as_str).filter(|word| !holds(FILLERS, word)).collect();
    match nouns.as_slice() {
        [one] => noun(one),
        // `MPI processes`, `GPU count`, `CPU cores`.
        [first, second] if noun(first).is_some() => noun(second).filter(|_| *second != "p"),
        [many, "per", each] => noun(many).and(noun(each)).map(|_| Counts::InEach),
        _ => None,
    }
}

/// The name of a value without what it sums up and without its unit: what its fellows share.
pub(super) fn base(name: &str) -> String {
    let (words, _) = words(name);
    let kept = words.iter().filter(|word| !is_statistic(word));
    kept.map(String::as_str).collect::<Vec<_>>().join(" ")
}
