//! What a page is made of. A page is built once, as data; each format renders the same blocks.

use super::plot::Plot;
use crate::units;

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// The name of the page.
    Title(String),
    /// The name of a section, and the question that it answers.
    Section {
        /// Its name.
        title: String,
        /// The question.
        question: String,
    },
    /// What a reader must know before any number.
    Banner(String),
    /// Names with their values.
    Facts(Vec<(String, String)>),
    /// A paragraph.
    Text(String),
    /// A table.
    Table(Table),
    /// A plot of measured points and laws.
    Plot(Plot),
    /// Bars: values side by side.
    Bars(Bars),
    /// One bar of parts: what a whole consists of.
    Stack(Stack),
    /// Sentences that say what the numbers mean.
    Findings(Vec<String>),
    /// Several short remarks, after a word that says what they are.
    List {
        /// The word before them.
        lead: String,
        /// The remarks.
        items: Vec<String>,
    },
    /// Lines that are not wrapped: commands, and sums by hand.
    Lines(Vec<String>),
    /// Room to write by hand, in lines.
    Room(usize),
}

impl Block {
    /// Returns a paragraph.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns the laws of a section under a lead, or that there are none.
    pub fn laws(lead: &str, items: Vec<String>) -> Self {
        if items.is_empty() {
            return Self::text(format!("{lead}: no law was fitted."));
        }
        Self::List { lead: lead.to_owned(), items }
    }
}

/// A table of text: every cell is written out, with its unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Column heads; a line break splits a long one.
    pub heads: Vec<String>,
    /// Rows, as long as the heads.
    pub rows: Vec<Vec<String>>,
    /// Columns whose text begins at the left; numbers end at the right.
    pub left: Vec<usize>,
    /// Columns that a narrow screen can do without, the first to go first.
    pub spare: Vec<usize>,
}

impl Table {
    /// Returns a table without rows.
    pub fn new(heads: &[&str]) -> Self {
        Self { heads: heads.iter().map(|&head| head.to_owned()).collect(), ..Self::default() }
    }

    /// The same table, with columns of words.
    #[must_use]
    pub fn words(mut self, columns: &[usize]) -> Self {
        self.left = columns.to_vec();
        self
    }

    /// The same table, with columns that a narrow screen can do without: the first to go first.
    #[must_use]
    pub fn spare(mut self, columns: &[usize]) -> Self {
        self.spare = columns.to_vec();
        self
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }

    /// Leaves out the columns in which no row says anything.
    #[must_use]
    pub fn without_empty_columns(self) -> Self {
        let says = |column: usize| self.rows.iter().any(|row| row[column] != units::ABSENT);
        let kept: Vec<usize> = (0..self.heads.len()).filter(|&column| says(column)).collect();
        self.only(&kept)
    }

    /// The same table with these columns only.
    fn only(&self, kept: &[usize]) -> Self {
        let select = |cells: &[String]| kept.iter().map(|&column| cells[column].clone()).collect();
        Self {
            heads: select(&self.heads),
            rows: self.rows.iter().map(|row| select(row)).collect(),
            left: (0..kept.len()).filter(|&index| self.left.contains(&kept[index])).collect(),
            spare: self.spare.iter().filter_map(|spare| kept.iter().position(|column| column == spare)).collect(),
        }
    }

    /// The same table without the first of the columns that a narrow screen can do without; `None` if there are none.
    pub(crate) fn narrower(&self) -> Option<Self> {
        let gone = self.spare.first()?;
        Some(self.only(&(0..self.heads.len()).filter(|column| column != gone).collect::<Vec<_>>()))
    }
}

/// Values side by side, as bars.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bars {
    /// The bars, from the top.
    pub bars: Vec<Bar>,
    /// Whether lengths are logarithms, for values that are far apart.
    pub log: bool,
    /// What a longer bar means, in a sentence.
    pub caption: &'static str,
    /// What the solid and the hatched part of the bars are; `None` if they have no parts.
    pub halves: Option<[&'static str; 2]>,
}

impl Bars {
    /// Returns the names and cells as a table without heads.
    pub(crate) fn table(&self) -> Table {
        let columns = self.bars.iter().map(|bar| bar.cells.len()).max().unwrap_or(0);
        let mut table = Table::new(&vec![""; columns + 2]).words(&[0, columns + 1]);
        for bar in &self.bars {
            let missing = vec![String::new(); columns - bar.cells.len()];
            let name = std::iter::once(bar.name.clone());
            table.push(name.chain(bar.cells.clone()).chain(missing).chain([bar.remark.clone()]));
        }
        table
    }

    /// Returns each bar with its length as a share of the longest.
    pub(crate) fn shares(&self) -> impl Iterator<Item = (&Bar, f64)> {
        let values = || self.bars.iter().map(|bar| bar.value).filter(|value| *value > 0.0 && value.is_finite());
        let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
        let log = self.log;
        self.bars.iter().map(move |bar| {
            let share =
                if log { 1.0 + (bar.value / most).ln() / (1.0 + (most / least).ln()) } else { bar.value / most };
            (bar, if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 })
        })
    }
}

/// A value with its name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bar {
    /// Its name.
    pub name: String,
    /// Columns of text beside the name, each with its unit.
    pub cells: Vec<String>,
    /// The value that its length shows.
    pub value: f64,
    /// The colour: that of a series.
    pub series: usize,
    /// Share of its length that is solid, if the rest is hatched.
    pub solid: Option<f64>,
    /// A remark after it.
    pub remark: String,
}

/// Smallest share that is told of a part.
const SMALLEST: f64 = 0.01;

/// A whole and its parts, as one bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stack {
    /// The whole, with its unit.
    pub whole: String,
    /// The parts, in any unit, in their order.
    pub parts: Vec<(String, f64)>,
}

impl Stack {
    /// Returns each part with its share of all of them.
    pub(crate) fn shares(&self) -> impl Iterator<Item = (&str, f64)> {
        let all: f64 = self.parts.iter().map(|(_, part)| part.max(0.0)).sum();
        self.parts.iter().map(move |(name, part)| (name.as_str(), if all > 0.0 { part.max(0.0) / all } else { 0.0 }))
    }

    /// Returns the parts with their shares in words: `kernel 75 %, launch 14 %`.
    pub(crate) fn in_words(&self) -> String {
        let part = |(name, share): (&str, f64)| format!("{name} {}", Self::part(share));
        self.shares().map(part).collect::<Vec<_>>().join(", ")
    }

    /// Returns the share of a part, no finer than a bar shows.
    pub(crate) fn part(share: f64) -> String {
        let is_small = share > 0.0 && share < SMALLEST / 2.0;
        if is_small { format!("under {}", units::whole_percent(SMALLEST)) } else { units::whole_percent(share) }
    }
}

/// Rows of characters, each with what it belongs to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    /// The drawing, line by line.
    pub lines: Vec<Vec<(char, Tone)>>,
}

/// What a character belongs to; a format may show it as a colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Text.
    #[default]
    Plain,
    /// Axes, ideal lines: there to compare with.
    Faint,
    /// A series, by its number. The first is the kernel, the second the job around it.
    Series(usize),
}
