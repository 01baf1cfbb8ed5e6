//! A sentence that its author gave in one language or in both.

use super::Lang;

/// The part of `VIETNAMESE / ENGLISH` in a reader's language; a sentence in one language stands as it is.
pub fn sentence_in(lang: Lang, text: &str) -> &str {
    text.split_once(" / ").map_or(text, |(vi, en)| lang.pick(vi, en).trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::source::EXAMPLES;

    #[test]
    fn a_sentence_in_both_languages_is_read_in_ones_own_and_that_in_one_as_it_is() {
        let both = "Xe điện 10 % / Electric fleet 10 %";
        assert_eq!((sentence_in(Lang::Vi, both), sentence_in(Lang::En, both)), ("Xe điện 10 %", "Electric fleet 10 %"));
        assert_eq!(sentence_in(Lang::Vi, "vehicles/h at the gate"), "vehicles/h at the gate");
    }

    #[test]
    fn every_file_of_an_example_says_what_it_shows_in_both_languages() {
        for example in EXAMPLES {
            for (name, text) in example.files.iter().filter(|(name, _)| example.scenarios().any(|s| s == *name)) {
                let line = text.lines().find(|l| l.starts_with("description = ")).unwrap_or_default();
                assert!(line.split(" / ").count() == 2, "{}/{name}: {line}", example.name);
            }
        }
    }
}
