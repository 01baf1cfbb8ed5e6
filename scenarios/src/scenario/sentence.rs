//! A sentence of a scenario file, in one language or in both.

use crate::kpi::Bilingual;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A sentence that the results repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Sentence {
    /// As it is written, in every language.
    Plain(String),
    /// In both languages.
    Both(Languages),
}

/// The same sentence twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Languages {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Sentence {
    /// The same for the results.
    pub fn told(&self) -> Bilingual {
        match self {
            Self::Plain(text) => Bilingual::new(text, text),
            Self::Both(both) => Bilingual::new(&both.vi, &both.en),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lang::Lang, scenario::source::EXAMPLES};

    #[derive(Deserialize)]
    struct OfFile {
        #[serde(default)]
        assumptions: Vec<Sentence>,
    }

    #[test]
    fn a_sentence_stands_in_one_language_or_in_both() {
        let read: OfFile = toml::from_str("assumptions = [\"made up\", { vi = \"giả định\", en = \"made up\" }]").unwrap();
        let told: Vec<Bilingual> = read.assumptions.iter().map(Sentence::told).collect();
        assert_eq!((told[0].get(Lang::Vi), told[1].get(Lang::Vi), told[1].get(Lang::En)), ("made up", "giả định", "made up"));
        assert!(toml::from_str::<OfFile>("assumptions = [{ vi = \"giả định\" }]").is_err(), "both or one");
    }

    #[test]
    fn every_assumption_of_every_example_is_said_in_both_languages() {
        let mut said = 0;
        for (example, (name, text)) in EXAMPLES.iter().flat_map(|e| e.files.iter().map(move |f| (e.name, f))) {
            if !name.ends_with(".toml") || name.contains("register") {
                continue;
            }
            let read: OfFile = toml::from_str(text).unwrap();
            for sentence in &read.assumptions {
                assert!(matches!(sentence, Sentence::Both(both) if both.vi != both.en), "{example}/{name}: {sentence:?}");
                said += 1;
            }
        }
        assert!(said > 20, "{said}");
    }
}
