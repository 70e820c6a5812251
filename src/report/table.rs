//! Columns of text, each as wide as its widest cell.

use std::io::{self, Write};

use super::clean;

/// Where a column's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Writes the rows, each behind `indent`, columns two spaces apart, and no white space at the end of a line.
pub(super) fn write<const N: usize>(
    indent: &str,
    align: [Align; N],
    rows: &[[String; N]],
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows: Vec<[String; N]> = rows.iter().map(|row| row.each_ref().map(|cell| clean::line(cell))).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in &rows {
        let mut line = indent.to_owned();
        for ((cell, width), align) in row.iter().zip(widths).zip(align) {
            match align {
                Align::Left => line.push_str(&format!("{cell:<width$}  ")),
                Align::Right => line.push_str(&format!("{cell:>width$}  ")),
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
