//! From the text of a scenario file to a [`ScenarioFile`], with every error pointing at its line.

use super::{
    error::{ScenarioError, TextPlace, friendly},
    file::ScenarioFile,
};
use serde::Deserialize;
use std::ops::Range;
use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

/// A `--set key=value` of the command line.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    path: Vec<String>,
    value: Value,
    /// How the user wrote it.
    given: String,
}

impl std::str::FromStr for Setting {
    type Err = String;

    /// `demand.fit.iterations=2`; the value is TOML, or else the text as it stands.
    fn from_str(raw: &str) -> Result<Self, String> {
        let Some((key, text)) = raw.split_once('=') else {
            return Err(format!("`{raw}` has no `=`; expected a dotted key and a value, e.g. `time.to=07:30`"));
        };
        let path: Vec<_> = key.split('.').map(|k| k.trim().to_owned()).collect();
        if path.iter().any(String::is_empty) {
            return Err(format!("`{raw}`: the key `{key}` has an empty part; expected e.g. `time.to`"));
        }
        let text = text.trim();
        let value = match toml::from_str::<Table>(&format!("v = {text}")).ok().and_then(|mut t| t.remove("v")) {
            Some(Value::Datetime(_)) | None => Value::String(text.to_owned()),
            Some(value) => value,
        };
        Ok(Self { path, value, given: format!("--set {raw}") })
    }
}

impl Setting {
    /// The same setting, given by an option of its own: messages repeat what the user wrote.
    pub fn given_as(self, option: String) -> Self {
        Self { given: option, ..self }
    }

    /// The key and the value as the user wrote them, e.g. `demand.fit.iterations=2`.
    pub fn written(&self) -> &str {
        self.given.strip_prefix("--set ").unwrap_or(&self.given)
    }

    fn apply(&self, table: &mut Table) -> Result<(), String> {
        let Some((last, way)) = self.path.split_last() else { return Ok(()) };
        let mut here = Place::Table(table);
        for key in way {
            here = here.enter(key).map_err(|why| format!("`{}`: {why}", self.given))?;
        }
        here.put(last, self.value.clone()).map_err(|why| format!("`{}`: {why}", self.given))
    }
}

/// A table or a list on the way down a dotted path.
enum Place<'a> {
    Table(&'a mut Table),
    List(&'a mut Vec<Value>),
}

impl<'a> Place<'a> {
    fn enter(self, key: &str) -> Result<Self, String> {
        let value = match self {
            Self::Table(table) => table.entry(key).or_insert_with(|| Value::Table(Table::new())),
            Self::List(list) => entry(list, key)?,
        };
        match value {
            Value::Table(table) => Ok(Self::Table(table)),
            Value::Array(list) => Ok(Self::List(list)),
            other => Err(format!("`{key}` is a {}, it has nothing inside to set", other.type_str())),
        }
    }

    fn put(self, key: &str, value: Value) -> Result<(), String> {
        match self {
            Self::Table(table) => {
                table.insert(key.to_owned(), value);
            }
            Self::List(list) => *entry(list, key)? = value,
        }
        Ok(())
    }
}

fn entry<'a>(list: &'a mut [Value], key: &str) -> Result<&'a mut Value, String> {
    let length = list.len();
    key.parse::<usize>()
        .ok()
        .and_then(|i| list.get_mut(i))
        .ok_or_else(|| format!("`{key}` is not a position in a list of {length} (counted from 0)"))
}

/// A scenario file as read: what it says, and the text to point into when something in it turns out wrong later.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// What it says, settings applied.
    pub file: ScenarioFile,
    shown: String,
    text: String,
    /// Paths of `file` that stand elsewhere in the text, each with where; of two that fit the first counts.
    moved: Vec<(String, String)>,
}

impl Parsed {
    /// Reads the text of a scenario file called `shown` in messages, with settings from the command line applied on top.
    ///
    /// # Errors
    /// Not TOML, an unknown or missing key, a value of the wrong kind or unit: says where and what was expected.
    pub fn read(shown: &str, text: &str, settings: &[Setting]) -> Result<Self, ScenarioError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (shown, text) = if settings.is_empty() {
            (shown.to_owned(), text.to_owned())
        } else {
            let mut table: Table = toml::from_str(text).map_err(|e| located(shown, text, &e))?;
            for setting in settings {
                setting.apply(&mut table).map_err(|message| ScenarioError { file: shown.to_owned(), place: None, message })?;
            }
            let given: Vec<_> = settings.iter().map(|s| s.given.as_str()).collect();
            (format!("{shown} (with {})", given.join(" ")), table.to_string())
        };
        let deserializer = toml::Deserializer::parse(&text).map_err(|e| located(&shown, &text, &e))?;
        let file = ScenarioFile::deserialize(deserializer).map_err(|e| located(&shown, &text, &e))?;
        Ok(Self { file, shown, text, moved: Vec::new() })
    }

    /// An error at the value under a dotted path, e.g. `time.to` or `signals.junctions.0.junction`; at the nearest part of the path that the
    /// file has when it lacks the rest.
    pub fn error_at(&self, path: &str, message: impl Into<String>) -> ScenarioError {
        let written = self.moved.iter().find_map(|(from, to)| {
            let rest = path.strip_prefix(from.as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{to}{rest}"))
        });
        ScenarioError {
            file: self.shown.clone(),
            place: span_of(&self.text, written.as_deref().unwrap_or(path)).map(|s| TextPlace::of(&self.text, s)),
            message: message.into(),
        }
    }

    /// The same file saying `file`, of which some tables stand elsewhere in the text: `moved` are their paths with where they stand, the longer of
    /// two that begin alike first.
    #[must_use]
    pub fn changed(&self, file: ScenarioFile, moved: Vec<(String, String)>) -> Self {
        Self { file, moved, ..self.clone() }
    }

    /// Whether the file has something under a dotted path.
    pub fn has(&self, path: &str) -> bool {
        path.rsplit_once('.').is_none_or(|(above, _)| span_of(&self.text, path) != span_of(&self.text, above))
    }

    /// The file as messages call it.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

fn located(shown: &str, text: &str, error: &toml::de::Error) -> ScenarioError {
    let message = friendly(error.message());
    ScenarioError { file: shown.to_owned(), place: error.span().map(|s| TextPlace::of(text, s)), message }
}

/// The bytes of the value under a dotted path.
fn span_of(text: &str, path: &str) -> Option<Range<usize>> {
    let table = DeTable::parse(text).ok()?;
    let mut keys = path.split('.');
    let first = keys.next()?;
    let mut value = table.get_ref().iter().find(|(k, _)| k.get_ref() == first)?.1;
    let mut found = Some(value.span());
    for key in keys {
        let next = match value.get_ref() {
            DeValue::Table(t) => t.iter().find(|(k, _)| k.get_ref() == key).map(|(_, v)| v),
            DeValue::Array(a) => key.parse::<usize>().ok().and_then(|i| a.get(i)),
            _ => None,
        };
        let Some(next) = next else { break };
        value = next;
        found = Some(value.span());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "name = \"x\"\nmap = \"embedded\"\n[time]\nfrom = \"06:30\"\nto = \"08:30\"\n[demand]\nkind = \"synthetic\"\nflow = \"500 veh/h\"\n[[signals.junctions]]\njunction = \"a\"\nphases = [{ groups = [0], green = \"30 s\" }]\n";

    fn error(text: &str) -> String {
        Parsed::read("s.toml", text, &[]).unwrap_err().to_string()
    }

    fn set(settings: &[&str]) -> Result<ScenarioFile, String> {
        let settings: Vec<Setting> = settings.iter().map(|s| s.parse().unwrap()).collect();
        Parsed::read("s.toml", GOOD, &settings).map(|p| p.file).map_err(|e| e.to_string())
    }

    #[test]
    fn a_good_file_is_read_and_written_back_the_same() {
        let file = Parsed::read("s.toml", GOOD, &[]).unwrap().file;
        let again = toml::to_string(&file).unwrap();
        assert_eq!(Parsed::read("s.toml", &again, &[]).unwrap().file, file, "{again}");
        assert_eq!(file.step.base(), 0.5);
    }

    #[test]
    fn an_unknown_key_points_at_itself_and_suggests_the_near_one() {
        let text = GOOD.replace("from =", "form =");
        let shown = error(&text);
        assert!(shown.starts_with("s.toml:4:1: unknown key `form`; did you mean `from`?"), "{shown}");
        assert!(shown.ends_with("4 | form = \"06:30\"\n  | ^^^^"), "{shown}");
    }

    #[test]
    fn a_wrong_unit_or_a_bare_number_points_at_the_value() {
        let shown = error(&GOOD.replace("500 veh/h", "500 km/h"));
        assert!(shown.starts_with("s.toml:8:8: `500 km/h` is a speed, expected a flow"), "{shown}");
        let shown = error(&GOOD.replace("\"500 veh/h\"", "500"));
        assert!(shown.starts_with("s.toml:8:8: 500 is a bare number; a flow carries its unit"), "{shown}");
        assert!(shown.ends_with("| flow = 500\n  |        ^^^"), "{shown}");
    }

    #[test]
    fn a_missing_key_an_unknown_kind_and_broken_toml_say_so() {
        assert!(error(&GOOD.replace("map = \"embedded\"\n", "")).contains("the key `map` is missing"));
        assert!(error(&GOOD.replace("synthetic", "sinthetic")).contains("did you mean `synthetic`?"));
        assert!(error(&GOOD.replace("[demand]", "[demand")).starts_with("s.toml:6:"));
        assert!(
            error(&GOOD.replace("[[signals.junctions]]", "[classes.motobike]\n[[signals.junctions]]"))
                .contains("did you mean `motorcycle`?")
        );
    }

    #[test]
    fn settings_replace_values_by_dotted_path() {
        let file = set(&["time.to=07:30", "seed=7", "signals.junctions.0.junction=b", "demand.fit.iterations=3", "step=\"1 s\""]).unwrap();
        assert_eq!((file.time.to.to_string(), file.seed, file.step.base()), ("07:30".to_owned(), 7, 1.0));
        assert_eq!(file.signals.junctions[0].junction, "b");
        assert_eq!(file.demand.fit.unwrap().iterations, 3);
    }

    #[test]
    fn a_setting_that_fits_nowhere_is_named() {
        assert!(set(&["time.form=07:30"]).unwrap_err().contains("--set time.form=07:30"));
        assert!(set(&["time.form=07:30"]).unwrap_err().contains("did you mean `from`?"));
        assert!(set(&["name.x=1"]).unwrap_err().contains("nothing inside"));
        assert!(set(&["signals.junctions.3.junction=b"]).unwrap_err().contains("not a position in a list of 1"));
        assert!("seed".parse::<Setting>().unwrap_err().contains("no `=`"));
    }

    #[test]
    fn an_error_found_later_still_points_at_its_line() {
        let parsed = Parsed::read("s.toml", GOOD, &[]).unwrap();
        let shown = parsed.error_at("signals.junctions.0.junction", "no such junction").to_string();
        assert!(shown.starts_with("s.toml:10:12: no such junction"), "{shown}");
        let shown = parsed.error_at("time.warm_up", "too long").to_string();
        assert!(shown.starts_with("s.toml:3:1: too long"), "{shown}");
    }
}
