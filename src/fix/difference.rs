//! Two texts as the unified difference that `patch` and reviewers read.

use std::fmt::Write as _;

/// How many unchanged lines stand around a change.
const CONTEXT: usize = 3;
/// Texts whose changed parts have more pairs of lines are not compared line by line.
const MOST_PAIRS: usize = 4_000_000;

/// The difference of one file, with its headers; empty where there is none.
#[must_use]
pub fn unified(path: &str, before: &str, after: &str) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let mut text = String::new();
    for hunk in hunks(&steps(&old, &new)) {
        if text.is_empty() {
            let _ = write!(text, "--- a/{path}\n+++ b/{path}\n");
        }
        write_hunk(&mut text, &hunk, &old, &new);
    }
    text
}

/// One line of a difference: kept, taken away or added, by its index in the old and in the new text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Keep(usize, usize),
    Remove(usize, usize),
    Add(usize, usize),
}

impl Step {
    const fn at(self) -> (usize, usize) {
        match self {
            Self::Keep(old, new) | Self::Remove(old, new) | Self::Add(old, new) => (old, new),
        }
    }
}

/// The steps from one text to the other: the ends that are equal, and a longest common subsequence between them.
fn steps(old: &[&str], new: &[&str]) -> Vec<Step> {
    let head = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(one, other)| one == other).count();
    let (rows, columns) = (old.len() - head - tail, new.len() - head - tail);
    let mut steps: Vec<Step> = (0..head).map(|index| Step::Keep(index, index)).collect();
    let (mut row, mut column) = (0, 0);
    if rows * columns <= MOST_PAIRS {
        let longest = longest(&old[head..head + rows], &new[head..head + columns]);
        let at = |row: usize, column: usize| longest[row * (columns + 1) + column];
        while row < rows && column < columns {
            let (one, other) = (head + row, head + column);
            if old[one] == new[other] {
                steps.push(Step::Keep(one, other));
                (row, column) = (row + 1, column + 1);
            } else if at(row + 1, column) >= at(row, column + 1) {
                steps.push(Step::Remove(one, other));
                row += 1;
            } else {
                steps.push(Step::Add(one, other));
                column += 1;
            }
        }
    }
    steps.extend((row..rows).map(|row| Step::Remove(head + row, head + column)));
    steps.extend((column..columns).map(|column| Step::Add(head + rows, head + column)));
    steps.extend((0..tail).map(|index| Step::Keep(head + rows + index, head + columns + index)));
    steps
}

/// The length of the longest common subsequence of what is left from each pair of lines on.
fn longest(old: &[&str], new: &[&str]) -> Vec<u32> {
    let width = new.len() + 1;
    let mut table = vec![0; (old.len() + 1) * width];
    for (row, one) in old.iter().enumerate().rev() {
        for (column, other) in new.iter().enumerate().rev() {
            table[row * width + column] = if one == other {
                table[(row + 1) * width + column + 1] + 1
            } else {
                table[(row + 1) * width + column].max(table[row * width + column + 1])
            };
        }
    }
    table
}

/// The changes with their context; those whose context touches are one.
fn hunks(steps: &[Step]) -> Vec<Vec<Step>> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        if matches!(step, Step::Keep(..)) {
            continue;
        }
        let (start, end) = (index.saturating_sub(CONTEXT), (index + CONTEXT + 1).min(steps.len()));
        match ranges.last_mut() {
            Some(last) if start <= last.1 => last.1 = end,
            _ => ranges.push((start, end)),
        }
    }
    ranges.into_iter().map(|(start, end)| steps[start..end].to_vec()).collect()
}

fn write_hunk(text: &mut String, hunk: &[Step], old: &[&str], new: &[&str]) {
    let count = |wanted: fn(&Step) -> bool| hunk.iter().filter(|step| wanted(step)).count();
    let removed = count(|step| !matches!(step, Step::Add(..)));
    let added = count(|step| !matches!(step, Step::Remove(..)));
    let (old_start, new_start) = hunk[0].at();
    // An empty range names the line before it.
    let line = |start: usize, count: usize| start + usize::from(count > 0);
    let _ = writeln!(text, "@@ -{},{removed} +{},{added} @@", line(old_start, removed), line(new_start, added));
    for step in hunk {
        let (sign, line) = match *step {
            Step::Keep(at, _) => (' ', old[at]),
            Step::Remove(at, _) => ('-', old[at]),
            Step::Add(_, at) => ('+', new[at]),
        };
        let _ = write!(text, "{sign}{line}");
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}
