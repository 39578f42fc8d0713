//! A field of characters: marks on top, braille dots below.

use crate::page::block::Tone;

/// Dots of a braille character, across and down.
const ACROSS: usize = 2;
const DOWN: usize = 4;

/// The bit of each dot in a braille character's code, by row and column (Unicode 15, chapter 21.1).
const BITS: [[u32; ACROSS]; DOWN] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// The braille character without dots.
const BLANK: u32 = 0x2800;

#[derive(Clone, Copy, Default)]
struct Cell {
    mark: Option<(char, Tone)>,
    dots: u32,
    tone: Tone,
}

/// The field.
pub(super) struct Canvas {
    columns: usize,
    cells: Vec<Cell>,
}

impl Canvas {
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        Self { columns, cells: vec![Cell::default(); columns * rows] }
    }

    /// Characters across.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// Characters down.
    pub(super) fn rows(&self) -> usize {
        self.cells.len() / self.columns
    }

    /// Dots that fit across.
    pub(super) fn dots_across(&self) -> usize {
        self.columns * ACROSS
    }

    /// Dots that fit down.
    pub(super) fn dots_down(&self) -> usize {
        self.rows() * DOWN
    }

    /// Puts a mark into a cell, over whatever is there.
    pub(super) fn put(&mut self, column: usize, row: usize, mark: char, tone: Tone) {
        self.cells[row * self.columns + column].mark = Some((mark, tone));
    }

    /// Returns whether a mark is seen anywhere.
    pub(super) fn shows(&self, mark: char) -> bool {
        self.cells.iter().any(|cell| cell.mark.is_some_and(|(shown, _)| shown == mark))
    }

    /// Sets a dot; the last one to be set colours the cell.
    pub(super) fn dot(&mut self, column: usize, row: usize, tone: Tone) {
        let cell = &mut self.cells[row / DOWN * self.columns + column / ACROSS];
        cell.dots |= BITS[row % DOWN][column % ACROSS];
        cell.tone = tone;
    }

    /// A row as characters.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = (char, Tone)> {
        let cells = &self.cells[row * self.columns..(row + 1) * self.columns];
        cells.iter().map(|cell| match (cell.mark, cell.dots) {
            (Some(mark), _) => mark,
            (None, 0) => (' ', Tone::Plain),
            (None, dots) => (char::from_u32(BLANK + dots).unwrap_or(' '), cell.tone),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_make_braille_and_marks_cover_them() {
        let mut canvas = Canvas::new(3, 2);
        assert_eq!((canvas.dots_across(), canvas.dots_down()), (6, 8));
        canvas.dot(0, 0, Tone::Faint);
        canvas.dot(1, 3, Tone::Faint);
        canvas.dot(2, 0, Tone::Faint);
        canvas.put(1, 0, '●', Tone::Series(0));
        let row: String = canvas.row(0).map(|(letter, _)| letter).collect();
        assert_eq!(row, "\u{2881}● ");
        assert!(canvas.row(1).all(|cell| cell == (' ', Tone::Plain)));
    }
}
