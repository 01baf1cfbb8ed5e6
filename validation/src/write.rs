//! Outcomes for people: lines on the terminal. [`crate::page`] writes the page of the book.

use crate::check::{Check, Outcome};
use std::fmt::Write;

/// One check's outcome as lines for the terminal.
pub fn lines(check: &Check, outcome: &Outcome) -> String {
    let mut text = String::new();
    let verdict = if outcome.is_failure() { "FAILED" } else { "ok" };
    match outcome {
        Outcome::Skipped(why) => {
            let _ = writeln!(text, "skipped  {}: {why}", check.name);
        }
        Outcome::Absent(why) | Outcome::Failed(why) => {
            let _ = writeln!(text, "FAILED   {}: {why}", check.name);
        }
        Outcome::Ran(measures) => {
            let _ = writeln!(text, "{verdict:<8} {}: {}", check.name, check.about);
            for m in measures {
                let mark = if m.holds() { ' ' } else { '!' };
                let _ =
                    writeln!(text, "  {mark} {:<58} {:>12.*}  expected {:<20} {}", m.what, m.decimals, m.measured, m.expected(), m.because);
            }
        }
    }
    text
}

/// The last line: how many ran, were skipped, failed.
pub fn summary(outcomes: &[(Check, Outcome)]) -> String {
    let failed = outcomes.iter().filter(|(_, o)| o.is_failure()).count();
    let skipped = outcomes.iter().filter(|(_, o)| matches!(o, Outcome::Skipped(_))).count();
    format!("{} checks: {} passed, {failed} failed, {skipped} skipped", outcomes.len(), outcomes.len() - failed - skipped)
}
