//! How long a run took, phase by phase and rule by rule; for stderr alone, since no two runs say the same.

use std::io::{self, Write};
use std::time::Duration;

use super::table::{self, Align};
use crate::analysis::Report;

/// Writes two tables: the phases in their order, the rules from the slowest on.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut rules = report.timings.rules.clone();
    rules.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    for (name, times) in [("phases", &report.timings.phases), ("rules", &rules)] {
        writeln!(out, "{name}:")?;
        let rows: Vec<[String; 2]> =
            times.iter().map(|(name, time)| [(*name).to_owned(), milliseconds(*time)]).collect();
        table::write("  ", [Align::Left, Align::Right], &rows, out)?;
    }
    Ok(())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
