//! The two languages of everything a person reads: texts, class names, numbers and durations in Vietnamese and English.
//!
//! A text is a variant of [`Text`], a sentence with values a function of [`phrase`]: both are checked when compiling, so no key can be
//! missing when running. Log lines, help texts and the files of a run are English only.

mod class_name;
mod credit;
mod number;
pub mod phrase;
mod sentence;
mod system_name;
mod text;

pub use class_name::{class_name, class_name_long};
pub use credit::credit;
pub use number::{clock, duration, integer, number};
pub use sentence::sentence_in;
pub use system_name::system_name;
pub use text::Text;

use serde::{Deserialize, Serialize};

/// A language to speak to the user in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Vietnamese.
    Vi,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// The code that `--lang` and the files use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The one of two texts that is in this language.
    pub const fn pick<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }
}
