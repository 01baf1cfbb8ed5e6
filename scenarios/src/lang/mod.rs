//! The two languages of everything a person reads: texts, class names, numbers and durations in Vietnamese and English.
//!
//! A text is a variant of [`Text`], a sentence with values a function of [`phrase`]: both are checked when compiling, so no key can be
//! missing when running. Log lines, help texts and the files of a run are English only.

mod class_name;
mod number;
pub mod phrase;
mod text;

pub use class_name::{class_name, class_name_long};
pub use number::{clock, duration, integer, number};
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

    /// The language of the environment: `LC_ALL`, `LC_MESSAGES` or `LANG`, whichever is set first; English unless it is Vietnamese.
    pub fn from_env() -> Self {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    fn from_variables(value_of: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(value_of).find(|v| !v.is_empty());
        match locale {
            Some(l) if l == "vi" || l.starts_with("vi_") || l.starts_with("vi.") || l.starts_with("vi-") => Self::Vi,
            _ => Self::En,
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Lang {
        Lang::from_variables(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn the_environment_decides_in_the_order_of_posix() {
        assert_eq!(with(&[("LANG", "vi_VN.UTF-8")]), Lang::Vi);
        assert_eq!(with(&[("LANG", "vi_VN.UTF-8"), ("LC_ALL", "C")]), Lang::En);
        assert_eq!(with(&[("LANG", "en_GB.UTF-8"), ("LC_MESSAGES", "vi")]), Lang::Vi);
        assert_eq!(with(&[("LC_ALL", ""), ("LANG", "vi_VN")]), Lang::Vi);
        assert_eq!(with(&[("LANG", "view")]), Lang::En);
        assert_eq!(with(&[]), Lang::En);
    }
}
