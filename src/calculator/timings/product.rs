//! A size that is the product of columns: `--work nx*ny` adds the column `nx*ny`.

use super::ReadError;
use super::cell;
use super::columns::find;
use super::record::Record;
use super::table::Table;
use crate::units::Decimal;

/// Adds the product of the columns that are named with `*` between them. Other names are left to be found later.
pub(super) fn with_product<'a>(table: Table<'a>, work: Option<&str>) -> Result<Table<'a>, ReadError> {
    let Some(work) = work.filter(|work| work.contains('*')) else { return Ok(table) };
    let Some(names) = table.names.clone() else { return Ok(table) };
    let sides: Option<Vec<usize>> = work.split('*').map(|name| find(&table, name)).collect();
    let Some(sides) = sides.filter(|_| find(&table, work).is_none()) else { return Ok(table) };
    let width = names.len();
    let heads = [names, vec![work.to_owned()]].concat();
    let block = table.block;
    let mut wider = table.mapped(heads, move |record| {
        let mut row = Record::default();
        row.clear(record.line);
        (0..width).for_each(|column| row.push(record.get(column).unwrap_or_default()));
        let size = |cell: &str| [Decimal::Point, Decimal::Comma].iter().find_map(|mark| cell::size(cell, *mark).ok());
        let product: Option<f64> = sides.iter().map(|&side| size(record.get(side)?)).product();
        row.push(&product.map_or_else(String::new, |product| product.to_string()));
        vec![row]
    })?;
    wider.block = block;
    Ok(wider)
}
