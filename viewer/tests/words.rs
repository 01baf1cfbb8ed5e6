//! The files of the languages: no key is missing in one, none is unused, variables are the same, no word stands in the code, and the font has
//! every sign that the window can show.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

mod font;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};
use scenarios::lang::Lang;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use viewer::{
    fluent::{FILES, bundle, key},
    text::{self, PHRASES, Text},
};

/// The keys of a file with the variables of each.
fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let variable = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { .. } => None,
        PatternElement::Placeable { expression: Expression::Inline(InlineExpression::VariableReference { id }) } => {
            Some(id.name.to_owned())
        }
        PatternElement::Placeable { expression: Expression::Inline(InlineExpression::StringLiteral { .. }) } => None,
        other => panic!("{other:?}: only variables and literals are looked at by this test"),
    };
    let mut keys = BTreeMap::new();
    for entry in resource.entries() {
        match entry {
            Entry::Message(message) => {
                let value = message.value.as_ref().unwrap();
                keys.insert(message.id.name.to_owned(), value.elements.iter().filter_map(variable).collect());
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            other => panic!("{other:?}"),
        }
    }
    keys
}

/// Every key that the code knows, with its variables.
fn wanted() -> BTreeMap<String, BTreeSet<String>> {
    let texts = Text::NAMES.iter().map(|name| (key(name), BTreeSet::new()));
    let phrases = PHRASES.iter().map(|(name, variables)| (key(name), variables.iter().map(|v| (*v).to_owned()).collect()));
    texts.chain(phrases).collect()
}

/// Every source file of the window, with its text.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                sources.push((path, text));
            }
        }
    }
    sources
}

/// Source text without its comments and its tests.
fn code(source: &str) -> String {
    let until = source.find("#[cfg(test)]").unwrap_or(source.len());
    source[..until].lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_key_of_the_code_is_in_every_language_and_every_key_of_a_file_is_in_the_code() {
    let wanted = wanted();
    assert_eq!(wanted.len(), Text::ALL.len() + PHRASES.len(), "a text and a phrase share a key");
    for (lang, source) in FILES {
        let (_, wrong) = bundle(lang, source);
        assert!(wrong.is_empty(), "{wrong:?}");
        let found = keys(source);
        let missing: Vec<_> = wanted.keys().filter(|key| !found.contains_key(*key)).collect();
        let unknown: Vec<_> = found.keys().filter(|key| !wanted.contains_key(*key)).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "{}.ftl lacks {missing:?}, has in vain {unknown:?}", lang.code());
        for (key, variables) in &wanted {
            assert_eq!(&found[key], variables, "variables of `{key}` in {}.ftl", lang.code());
        }
    }
}

#[test]
fn every_key_is_used_somewhere() {
    let all: String = sources().iter().filter(|(path, _)| !path.ends_with("src/text.rs")).map(|(_, text)| code(text)).collect();
    let inside = code(&sources().iter().find(|(path, _)| path.ends_with("src/text.rs")).unwrap().1);
    let parts = &inside[inside.find("fn part_name").unwrap()..];
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let has = |place: &str, what: &str| place.match_indices(what).any(|(at, _)| ends(&place[at + what.len()..]));
    let is_used = |spelt: String| has(&all, &spelt) || has(parts, &spelt);
    let texts = Text::NAMES.iter().filter(|name| !is_used(format!("Text::{name}")));
    let phrases = PHRASES
        .iter()
        .map(|(name, _)| name)
        .filter(|name| !is_used(format!("{name}(lang")) && !is_used(format!("{name}(view.lang")) && !is_used(format!("{name}(language.0")));
    let unused: Vec<_> = texts.chain(phrases).collect();
    assert!(unused.is_empty(), "used nowhere: {unused:?}");
}

#[test]
fn no_words_of_a_language_stand_in_the_code() {
    for (path, source) in sources() {
        let code = code(&source);
        let word = |c: char| "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ".contains(c.to_lowercase().next().unwrap_or(c));
        let line = code.lines().find(|line| line.chars().any(word) && !line.contains("\"Tiếng Việt\""));
        assert!(path.ends_with("src/fold.rs") || line.is_none(), "{}: {}", path.display(), line.unwrap_or_default());
        assert!(!code.contains("lang.pick("), "{}: a choice of words by language outside the files", path.display());
    }
}

#[test]
fn every_text_says_something_and_numbers_come_in_without_marks() {
    for text in Text::ALL {
        for lang in Lang::ALL {
            let words = text.in_lang(lang);
            assert!(*text == Text::NoUnit || !words.is_empty(), "{text:?}");
            assert!(!words.contains("  ") && words.trim() == words, "{text:?}: `{words}`");
        }
    }
    assert_eq!(Text::CloseRoad.in_lang(Lang::Vi), "Đóng đường");
    assert_eq!(Text::CloseRoad.in_lang(Lang::En), "Close the road");
    assert!(std::ptr::eq(Text::CloseRoad.in_lang(Lang::Vi), Text::CloseRoad.in_lang(Lang::Vi)), "borrowed, not made anew");
    assert_eq!(text::limit_set(Lang::Vi, "30", "Trần Hưng Đạo"), "Tốc độ 30 km/h, Trần Hưng Đạo");
    assert_eq!(text::limit_set(Lang::En, "30", "Trần Hưng Đạo"), "Limit 30 km/h, Trần Hưng Đạo");
}

#[test]
fn the_font_has_every_sign_of_the_files_and_the_code() {
    let letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ0123456789";
    let files: String = FILES.iter().map(|(_, source)| *source).collect();
    let code: String = sources().iter().map(|(_, source)| code(source)).collect();
    let class_names: String = sim_core::class::VehicleClass::ALL
        .into_iter()
        .flat_map(|class| Lang::ALL.map(|lang| scenarios::lang::class_name(lang, class)))
        .collect();
    let indicators: String = scenarios::kpi::catalogue()
        .iter()
        .flat_map(|spec| Lang::ALL.map(|lang| format!("{}{}", spec.name(lang), spec.unit.label(lang))))
        .collect();
    let everything: BTreeSet<char> = format!("{letters}{}{files}{code}{class_names}{indicators}", letters.to_uppercase()).chars().collect();
    let lacking = font::lacking(everything);
    assert!(lacking.is_empty(), "the font lacks `{lacking}`");
}
