//! The words of the window, read once from Fluent files (<https://projectfluent.org>) that are embedded. What has no variables is looked up by
//! its number and borrowed, so that a panel costs no formatting; tests hold that no key is missing, unused or different between languages.

use crate::text::Text;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use scenarios::lang::Lang;
use std::{borrow::Cow, sync::LazyLock};
use unic_langid::LanguageIdentifier;

/// The file of each language.
pub const FILES: [(Lang, &str); 2] = [(Lang::Vi, include_str!("../assets/lang/vi.ftl")), (Lang::En, include_str!("../assets/lang/en.ftl"))];

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| FILES.map(|(lang, source)| bundle(lang, source).0));
static TEXTS: LazyLock<[Vec<Cow<'static, str>>; 2]> =
    LazyLock::new(|| Lang::ALL.map(|lang| Text::NAMES.iter().map(|name| formatted(lang, &key(name), None)).collect()));

/// A file with what is wrong with it, in words.
pub fn bundle(lang: Lang, source: &str) -> (Bundle, Vec<String>) {
    let (resource, errors) = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    let mut wrong: Vec<String> = errors.iter().map(|e| format!("{}.ftl: {e}", lang.code())).collect();
    let language: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Marks of direction around variables are for languages that are written from right to left.
    bundle.set_use_isolating(false);
    if let Err(twice) = bundle.add_resource(resource) {
        wrong.extend(twice.iter().map(|e| format!("{}.ftl: {e}", lang.code())));
    }
    (bundle, wrong)
}

/// The key of a text or phrase in the files: `CloseRoad` and `close_road` are `close-road`.
pub fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        match c {
            '_' => key.push('-'),
            c if c.is_ascii_uppercase() => {
                if !key.is_empty() {
                    key.push('-');
                }
                key.push(c.to_ascii_lowercase());
            }
            c => key.push(c),
        }
    }
    key
}

/// A message with its variables; its key where there is none, which a test excludes.
fn formatted(lang: Lang, key: &str, variables: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
    let bundle = &BUNDLES[lang as usize];
    match bundle.get_message(key).and_then(|message| message.value()) {
        Some(pattern) => bundle.format_pattern(pattern, variables, &mut Vec::new()),
        None => Cow::Owned(key.to_owned()),
    }
}

/// The words of the `number`-th text.
pub(crate) fn text(lang: Lang, number: usize) -> &'static str {
    &TEXTS[lang as usize][number]
}

/// A phrase with its variables filled in; numbers come as they are written in the language.
pub(crate) fn phrase(lang: Lang, name: &str, variables: &[(&'static str, String)]) -> String {
    let variables: FluentArgs<'_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    formatted(lang, &key(name), Some(&variables)).into_owned()
}
