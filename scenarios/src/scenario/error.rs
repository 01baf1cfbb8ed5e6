//! An error in a scenario file: where (file, line, column), the source line with a caret, what is wrong and what to do.

use std::{fmt, ops::Range};
use unicode_width::UnicodeWidthStr;

/// What is wrong in a scenario file, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioError {
    /// The file as the user named it.
    pub file: String,
    /// Where in the file; `None` where the whole file is meant.
    pub place: Option<TextPlace>,
    /// What was found, what was expected, what to do.
    pub message: String,
}

/// A stretch of a line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct TextPlace {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line itself.
    text: String,
    /// Columns before the caret and under it, as wide as a terminal shows them.
    indent: usize,
    carets: usize,
}

impl TextPlace {
    /// The place of `span` (byte positions) in `text`. A span over several lines is cut at the end of its first.
    pub fn of(text: &str, span: Range<usize>) -> Self {
        let start = floor_boundary(text, span.start);
        let begin = text[..start].rfind('\n').map_or(0, |n| n + 1);
        let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
        let stop = floor_boundary(text, span.end.clamp(start, end));
        let shown = text[begin..end].trim_end_matches('\r').replace('\t', " ");
        Self {
            line: text[..begin].matches('\n').count() + 1,
            column: text[begin..start].chars().count() + 1,
            indent: text[begin..start].replace('\t', " ").width(),
            carets: text[start..stop].replace('\t', " ").width().max(1),
            text: shown,
        }
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(place) = &self.place else { return write!(f, "{}: {}", self.file, self.message) };
        let number = place.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{}:{}:{}: {}", self.file, place.line, place.column, self.message)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", place.text)?;
        write!(f, "{margin} | {}{}", " ".repeat(place.indent), "^".repeat(place.carets))
    }
}

impl std::error::Error for ScenarioError {}

/// The candidate a misspelt `word` most likely meant, if one is near.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|c| (strsim::jaro_winkler(&lower, &c.to_lowercase()).max(bigram_floor(&lower, c)), c))
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, c)| c)
}

/// Short words with a letter swapped score low on Jaro–Winkler; one edit apart is near all the same.
fn bigram_floor(lower: &str, candidate: &str) -> f64 {
    if strsim::osa_distance(lower, &candidate.to_lowercase()) == 1 { 0.76 } else { 0.0 }
}

/// Rewrites serde's messages about unknown keys and values into ones that suggest the near one.
pub fn friendly(message: &str) -> String {
    for (prefix, what) in [("unknown field `", "key"), ("unknown variant `", "value")] {
        let Some(rest) = message.strip_prefix(prefix) else { continue };
        let Some((found, rest)) = rest.split_once('`') else { continue };
        let expected: Vec<_> = rest.split('`').skip(1).step_by(2).collect();
        let hint = match nearest(found, expected.iter().copied()) {
            Some(near) => format!("; did you mean `{near}`?"),
            None => String::new(),
        };
        let list = expected.iter().map(|e| format!("`{e}`")).collect::<Vec<_>>().join(", ");
        return format!("unknown {what} `{found}`{hint} (known here: {list})");
    }
    match message.strip_prefix("missing field `").and_then(|r| r.split_once('`')) {
        Some((key, _)) => format!("the key `{key}` is missing"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_fault_also_after_vietnamese_letters() {
        let text = "name = \"Long Xuyên\"\nmap = 'ẵ' # x\n";
        let at = text.find("# x").unwrap();
        let error = ScenarioError { file: "s.toml".into(), place: Some(TextPlace::of(text, at..at + 3)), message: "no".into() };
        assert_eq!(error.to_string(), "s.toml:2:11: no\n  |\n2 | map = 'ẵ' # x\n  |           ^^^");
    }

    #[test]
    fn a_span_past_the_end_is_shown_at_the_end() {
        let place = TextPlace::of("a = ", 4..9);
        assert_eq!((place.line, place.column), (1, 5));
    }

    #[test]
    fn the_near_key_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("form", ["from", "to", "warm_up"]), Some("from"));
        assert_eq!(nearest("warmup", ["from", "to", "warm_up"]), Some("warm_up"));
        assert_eq!(nearest("zebra", ["from", "to", "warm_up"]), None);
        assert!(
            friendly("unknown field `form`, expected one of `from`, `to`")
                .starts_with("unknown key `form`; did you mean `from`? (known here: `from`")
        );
        assert_eq!(friendly("unknown field `zebra`, expected `from`"), "unknown key `zebra` (known here: `from`)");
    }
}
