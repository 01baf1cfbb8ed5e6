//! The `agtwin` program.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
