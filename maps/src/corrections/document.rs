//! A TOML document read key by key, so that every complaint has a line, a column and, for a misspelt key, the near one.

use super::{CorrectionsError, quantity::Units};
use std::ops::{Range, RangeInclusive};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The file that is read.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl Source<'_> {
    /// An error about the bytes `span`.
    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>) -> CorrectionsError {
        let (line, column) = self.line_and_column(span.start);
        CorrectionsError::At { file: self.file.to_owned(), line, column, message: message.into() }
    }

    /// Line and column of a byte, both from 1.
    pub(super) fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..byte).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }

    /// The one of `known` that `found` is probably a misspelling of.
    pub(super) fn suggestion(found: &str, known: &[&str]) -> String {
        let near = known.iter().map(|k| (strsim::damerau_levenshtein(found, k), k)).min();
        match near {
            Some((distance, name)) if distance <= 1 + found.len() / 4 => format!("; did you mean `{name}`?"),
            _ => format!("; expected one of: {}", known.join(", ")),
        }
    }
}

/// A value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) source: &'a Source<'a>,
    /// The key it belongs to.
    pub(super) key: &'a str,
    pub(super) value: &'a Spanned<DeValue<'a>>,
}

type Read<T> = Result<T, CorrectionsError>;

impl<'a> Value<'a> {
    pub(super) fn error(&self, message: impl std::fmt::Display) -> CorrectionsError {
        self.source.error(self.value.span(), format!("`{}`: {message}", self.key))
    }

    fn wrong(&self, expected: &str) -> CorrectionsError {
        self.error(format_args!("found {}, expected {expected}", with_article(self.value.get_ref().type_str())))
    }

    pub(super) fn text(&self) -> Read<&'a str> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.wrong("a text in quotes")),
        }
    }

    /// A text that is not empty.
    pub(super) fn name(&self) -> Read<&'a str> {
        let text = self.text()?.trim();
        if text.is_empty() { Err(self.error("is empty, expected a name")) } else { Ok(text) }
    }

    pub(super) fn flag(&self) -> Read<bool> {
        self.value.get_ref().as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    pub(super) fn whole(&self, range: RangeInclusive<i64>) -> Read<i64> {
        let DeValue::Integer(number) = self.value.get_ref() else { return Err(self.wrong("a whole number")) };
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(n) if range.contains(&n) => Ok(n),
            _ => Err(self.error(format_args!("is {}, expected {} to {}", number.as_str(), range.start(), range.end()))),
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.value.get_ref().is_integer()
    }

    pub(super) fn number(&self) -> Read<f64> {
        let text = match self.value.get_ref() {
            DeValue::Float(n) => n.as_str(),
            DeValue::Integer(n) if n.radix() == 10 => n.as_str(),
            _ => return Err(self.wrong("a number")),
        };
        text.parse().map_err(|_| self.error(format_args!("found {text}, expected a number")))
    }

    /// A quantity with its unit, in SI.
    pub(super) fn quantity(&self, units: &Units, range: RangeInclusive<f32>, shown: &str) -> Read<f32> {
        let DeValue::String(text) = self.value.get_ref() else {
            return Err(self.wrong(&format!("{} in quotes, with its unit, such as {}", units.what, units.example)));
        };
        let si = units.parse(text.trim()).map_err(|message| self.error(message))?;
        if range.contains(&si) { Ok(si) } else { Err(self.error(format_args!("is {text}, expected {shown}"))) }
    }

    pub(super) fn list(&self) -> Read<Vec<Value<'a>>> {
        let DeValue::Array(items) = self.value.get_ref() else { return Err(self.wrong("a list in [ ]")) };
        Ok(items.iter().map(|value| Value { source: self.source, key: self.key, value }).collect())
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.get_ref().is_array()
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// A table with no keys but these.
    pub(super) fn table(&self, known: &'static [&'static str]) -> Read<Table<'a>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Table::new(self.source, self.key, table, self.value.span(), known),
            _ => Err(self.wrong("a table")),
        }
    }

    /// One of these names.
    pub(super) fn one_of<T: Copy>(&self, names: &[(&str, T)]) -> Read<T> {
        let found = self.text()?;
        names.iter().find(|(name, _)| *name == found).map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
            self.error(format_args!("unknown value `{found}`{}", Source::suggestion(found, &known)))
        })
    }
}

fn with_article(type_: &str) -> String {
    let article = if type_.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {type_}")
}

/// A table, its keys checked.
pub(super) struct Table<'a> {
    source: &'a Source<'a>,
    name: &'a str,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    known: &'static [&'static str],
}

impl<'a> Table<'a> {
    /// A table with no keys but `known`: complains about the first one (in file order) that is not.
    pub(super) fn new(
        source: &'a Source<'a>,
        name: &'a str,
        table: &'a DeTable<'a>,
        span: Range<usize>,
        known: &'static [&'static str],
    ) -> Read<Self> {
        let unknown = table.iter().filter(|(k, _)| !known.contains(&&**k.get_ref())).min_by_key(|(k, _)| k.span().start);
        let Some((key, _)) = unknown else { return Ok(Self { source, name, table, span, known }) };
        let place = if name.is_empty() { String::new() } else { format!(" in `{name}`") };
        let found = key.get_ref();
        Err(source.error(key.span(), format!("unknown key `{found}`{place}{}", Source::suggestion(found, known))))
    }

    /// The line it begins in.
    pub(super) fn line(&self) -> usize {
        self.source.line_and_column(self.span.start).0
    }

    pub(super) fn error(&self, message: impl std::fmt::Display) -> CorrectionsError {
        self.source.error(self.span.clone(), format!("`{}`: {message}", self.name))
    }

    /// The value of `key`, if it is there.
    pub(super) fn get(&self, key: &'static str) -> Option<Value<'a>> {
        debug_assert!(self.known.contains(&key), "{key} is not among the keys of {}", self.name);
        let (key, value) = self.table.iter().find(|(k, _)| k.get_ref() == key)?;
        Some(Value { source: self.source, key: key.get_ref(), value })
    }

    /// The value of `key`.
    pub(super) fn need(&self, key: &'static str) -> Read<Value<'a>> {
        self.get(key).ok_or_else(|| self.error(format_args!("`{key}` is missing")))
    }

    pub(super) fn flag(&self, key: &'static str) -> Read<Option<bool>> {
        self.get(key).map(|v| v.flag()).transpose()
    }

    pub(super) fn name(&self, key: &'static str) -> Read<Option<String>> {
        self.get(key).map(|v| v.name().map(str::to_owned)).transpose()
    }
}
