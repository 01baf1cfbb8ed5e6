//! Outcomes for people: lines on the terminal, a page of the book.

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
        Outcome::Failed(why) => {
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

/// All outcomes as a page of the book.
pub fn page(outcomes: &[(Check, Outcome)]) -> String {
    let mut text = String::from(
        "# Validation\n\n\
         This page is written by `AGTWIN_DATA=FOLDER cargo run --release -p validation -- --write docs/src/validation.md`. Each check states what it \
         measured, what was expected and why. The outside files (OpenStreetMap extracts, © OpenStreetMap contributors, ODbL) do not travel \
         with the project; without them their checks are skipped.\n",
    );
    let _ = writeln!(text, "\n{}.\n", summary(outcomes));
    for (check, outcome) in outcomes {
        let verdict = match outcome {
            Outcome::Skipped(_) => "skipped",
            _ if outcome.is_failure() => "**failed**",
            _ => "passed",
        };
        let _ = writeln!(text, "## `{}`\n\n{} ({verdict})\n", check.name, check.about);
        match outcome {
            Outcome::Skipped(why) | Outcome::Failed(why) => {
                let _ = writeln!(text, "{why}\n");
            }
            Outcome::Ran(measures) => {
                text.push_str("| what | measured | expected | why | verdict |\n|---|---:|---:|---|---|\n");
                for m in measures {
                    let verdict = if m.holds() { "✓" } else { "✗" };
                    let _ = writeln!(text, "| {} | {:.*} | {} | {} | {verdict} |", m.what, m.decimals, m.measured, m.expected(), m.because);
                }
                text.push('\n');
            }
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Measure;

    #[test]
    fn the_page_shows_every_number_with_its_verdict() {
        let check = |name: &str| Check::new(name, "about it", |_| Ok(vec![]));
        let outcomes = [
            (check("one"), Outcome::Ran(vec![Measure::within("share of length", 0.97, 0.95, 1.0, "issue")])),
            (check("two"), Outcome::Ran(vec![Measure::within("share of length", 0.90, 0.95, f64::INFINITY, "issue")])),
            (check("three"), Outcome::Skipped("AGTWIN_DATA is not set".into())),
        ];
        let page = page(&outcomes);
        assert!(page.contains("| share of length | 0.97 | 0.95 to 1.00 | issue | ✓ |"), "{page}");
        assert!(page.contains("| share of length | 0.90 | ≥ 0.95 | issue | ✗ |"), "{page}");
        assert!(page.contains("3 checks: 1 passed, 1 failed, 1 skipped."), "{page}");
        assert!(page.contains("AGTWIN_DATA is not set"));
        assert!(lines(&outcomes[1].0, &outcomes[1].1).starts_with("FAILED   two"));
    }
}
