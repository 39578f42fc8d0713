//! Tables of the terminal: the first column to the left, numbers to the right.

/// Prints the rows below the heads, each column as wide as its widest cell.
pub(crate) fn print(heads: &[&str], rows: &[Vec<String>]) {
    let wide = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([heads[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(wide).collect();
    print_row(&widths, &heads.iter().map(|&head| head.to_owned()).collect::<Vec<_>>());
    for row in rows {
        print_row(&widths, row);
    }
}

fn print_row(widths: &[usize], cells: &[String]) {
    let numbers = cells.iter().zip(widths).skip(1).map(|(cell, &width)| format!("  {cell:>width$}"));
    println!("  {:<width$}{}", cells[0], numbers.collect::<String>(), width = widths[0]);
}
