//! What a page is made of. A page is built once, as data; each format renders the same blocks.

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
    /// A drawing in characters.
    Drawing(Drawing),
    /// Sentences that say what the numbers mean.
    Findings(Vec<String>),
    /// Several short remarks, after a word that says what they are.
    List {
        /// The word before them.
        lead: String,
        /// The remarks.
        items: Vec<String>,
    },
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

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }

    /// Leaves out the columns in which no row says anything.
    #[must_use]
    pub fn without_empty_columns(self) -> Self {
        let says = |column: usize| self.rows.iter().any(|row| row[column] != crate::units::ABSENT);
        let kept: Vec<usize> = (0..self.heads.len()).filter(|&column| says(column)).collect();
        let select = |cells: &[String]| kept.iter().map(|&column| cells[column].clone()).collect();
        Self {
            heads: select(&self.heads),
            rows: self.rows.iter().map(|row| select(row)).collect(),
            left: (0..kept.len()).filter(|&index| self.left.contains(&kept[index])).collect(),
        }
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
