//! The name that was meant.

/// The bytes of the longest letter.
const LONGEST_LETTER: usize = 4;

/// The candidate that takes the fewest edits, if it takes no more than half of its characters.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        // More letters than twice as many cannot be near, and a name of a megabyte is not compared at all.
        .filter(|candidate| name.len() <= candidate.len().saturating_mul(2 * LONGEST_LETTER))
        .map(|candidate| (edits(name, candidate), candidate))
        .filter(|(edits, candidate)| edits * 2 <= candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

/// `; did you mean `x`?`, or nothing.
pub fn hint<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |candidate| format!("; did you mean `{candidate}`?"))
}

/// How many letters are to be put in, taken out or replaced to make one text of another: the Levenshtein distance, one row at a time.
pub fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, ch) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (index, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(ch != *other);
            diagonal = row[index + 1];
            row[index + 1] = replaced.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row[to.len()]
}
