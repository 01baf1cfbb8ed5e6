//! Looking into a JSON file of CityFlow with a name for every place, so that each complaint says where, what was found and what was expected.

use serde_json::Value;

/// What is wrong with a file of CityFlow, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {element}: {problem}")]
pub struct CityflowError {
    /// The file.
    pub file: String,
    /// The element, by its id where it has one, else by its place.
    pub element: String,
    /// What was found, what was expected and what to do.
    pub problem: String,
}

impl CityflowError {
    /// An error in `file`.
    pub fn new(file: &str, element: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { file: file.to_owned(), element: element.into(), problem: problem.into() }
    }
}

/// A place in a file.
#[derive(Clone, Debug)]
pub(super) struct Item<'a> {
    file: &'a str,
    /// Its name in messages.
    pub(super) name: String,
    value: &'a Value,
}

impl<'a> Item<'a> {
    /// The whole file.
    pub(super) fn root(file: &'a str, value: &'a Value) -> Self {
        Self { file, name: "the file".into(), value }
    }

    /// The same with a name that people know it by.
    pub(super) fn called(mut self, name: String) -> Self {
        self.name = name;
        self
    }

    /// An error about it.
    pub(super) fn error(&self, problem: impl Into<String>) -> CityflowError {
        CityflowError::new(self.file, &self.name, problem)
    }

    fn is_not(&self, expected: &str) -> CityflowError {
        let mut found = self.value.to_string();
        if found.chars().count() > 40 {
            found = found.chars().take(40).chain("…".chars()).collect();
        }
        self.error(format!("is `{found}`, expected {expected}"))
    }

    /// What stands under `key`, if anything does.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        Some(Self { file: self.file, name: format!("{}, `{key}`", self.name), value })
    }

    /// What stands under `key`.
    pub(super) fn need(&self, key: &str) -> Result<Self, CityflowError> {
        if !self.value.is_object() {
            return Err(self.is_not("an object with keys and values"));
        }
        self.get(key).ok_or_else(|| self.error(format!("has no `{key}`, which it needs")))
    }

    /// Its members.
    pub(super) fn list(&self) -> Result<Vec<Self>, CityflowError> {
        let Some(list) = self.value.as_array() else { return Err(self.is_not("a list")) };
        let of = |(i, value)| Self { file: self.file, name: format!("{}[{i}]", self.name), value };
        Ok(list.iter().enumerate().map(of).collect())
    }

    /// It as a text.
    pub(super) fn text(&self) -> Result<&'a str, CityflowError> {
        self.value.as_str().ok_or_else(|| self.is_not("a text"))
    }

    /// It as a number within bounds.
    pub(super) fn number(&self, least: f64, most: f64) -> Result<f64, CityflowError> {
        match self.value.as_f64() {
            Some(value) if (least..=most).contains(&value) => Ok(value),
            _ => Err(self.is_not(&format!("a number from {least} to {most}"))),
        }
    }

    /// It as a place in a list of so many.
    pub(super) fn index(&self, count: usize) -> Result<usize, CityflowError> {
        match self.value.as_u64() {
            Some(n) if (n as usize) < count => Ok(n as usize),
            _ => Err(self.is_not(&format!("a whole number below {count}"))),
        }
    }

    /// Whether it is there and true.
    pub(super) fn is_true(&self) -> bool {
        self.value.as_bool() == Some(true)
    }
}
