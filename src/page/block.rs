//! What a page is made of. A page is built once, as data; each format renders the same blocks.

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    /// The name of the page.
    Title(String),
    /// The name of a section, and the question that it answers.
    Section { title: String, question: String },
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
    List { lead: String, items: Vec<String> },
}

impl Block {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// A table of text: every cell is written out, with its unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Table {
    /// Column heads; a line break splits a long one.
    pub(crate) heads: Vec<String>,
    /// Rows, as long as the heads.
    pub(crate) rows: Vec<Vec<String>>,
    /// Columns whose text begins at the left; numbers end at the right.
    pub(crate) left: Vec<usize>,
}

impl Table {
    pub(crate) fn new(heads: &[&str]) -> Self {
        Self { heads: heads.iter().map(|&head| head.to_owned()).collect(), ..Self::default() }
    }

    /// The same table, with columns of words.
    pub(crate) fn words(mut self, columns: &[usize]) -> Self {
        self.left = columns.to_vec();
        self
    }

    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }

    /// Leaves out the columns in which no row says anything.
    pub(crate) fn without_empty_columns(self) -> Self {
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
pub(crate) struct Drawing {
    /// The drawing, line by line.
    pub(crate) lines: Vec<Vec<(char, Tone)>>,
}

/// What a character belongs to; a format may show it as a colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Text.
    #[default]
    Plain,
    /// Axes, ideal lines: there to compare with.
    Faint,
    /// A series, by its number. The first is the kernel, the second the job around it.
    Series(usize),
}
