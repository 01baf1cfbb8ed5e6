//! What driving systems are called.

use super::{Lang, Text};
use sim_core::driving::System;

/// A system's name, with its abbreviation.
pub fn system_name(lang: Lang, system: System) -> &'static str {
    let name = match system {
        System::Acc => Text::Acc,
        System::Cacc => Text::Cacc,
        System::Autonomous => Text::Autonomous,
    };
    name.get(lang)
}
