//! `check-results FOLDER TABLE`: whether the results of a run, and the table it printed, are whole. Says what is not, and then fails.

use std::{path::Path, process::ExitCode};
use validation::results::problems;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, table] = arguments.as_slice() else {
        eprintln!("usage: check-results FOLDER TABLE");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(table) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{table}: {error}");
            return ExitCode::from(2);
        }
    };
    let problems = problems(Path::new(folder), &text);
    if problems.is_empty() {
        println!("the results in {folder} are whole: every file, every indicator, nobody lost");
        return ExitCode::SUCCESS;
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    ExitCode::FAILURE
}
