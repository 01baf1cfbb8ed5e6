//! What is kept from one start of the window to the next: its language, day or night, the size of its texts, and the files opened lately.
//!
//! All of it lies in the folder for settings of the system. Where that is impossible it is forgotten: nothing depends on it.

use crate::{
    colour::Theme,
    draw::Look,
    wishes::{Language, TheDesk},
};
use bevy::prelude::*;
use scenarios::lang::Lang;
use serde_json::json;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The smallest and the largest texts, as a share of the usual.
pub const TEXT_SCALES: [f32; 2] = [0.5, 2.0];

const RECENT: &str = "recent.txt";
const SETTINGS: &str = "window.json";

/// What the user has chosen for the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chosen {
    /// The language; `None` as the system says.
    pub lang: Option<Lang>,
    /// By day or by night.
    pub theme: Theme,
    /// Size of the texts, as a share of the usual.
    pub text_scale: f32,
}

impl Default for Chosen {
    fn default() -> Self {
        Self { lang: None, theme: Theme::Light, text_scale: 1.0 }
    }
}

/// The folder for settings of this program.
pub fn folder() -> Option<PathBuf> {
    let home = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let folder = home("XDG_CONFIG_HOME").or_else(|| home("APPDATA")).or_else(|| home("HOME").map(|h| h.join(".config")))?;
    Some(folder.join("agtwin"))
}

/// What was chosen before, as `folder` keeps it; the usual where nothing is kept.
///
/// # Errors
/// The file is damaged: which one, what was expected and that nothing needs to be done.
pub fn chosen_in(folder: &Path) -> Result<Chosen, String> {
    let file = folder.join(SETTINGS);
    let Ok(text) = fs::read_to_string(&file) else { return Ok(Chosen::default()) };
    let wrong = |what: &str| format!("{}: {what}; the window opens as usual and writes the file anew at the next change", file.display());
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| wrong(&error.to_string()))?;
    let lang = match value["language"].as_str() {
        None if value["language"].is_null() => None,
        code => match Lang::ALL.into_iter().find(|lang| Some(lang.code()) == code) {
            None => return Err(wrong(&format!("`language` is {}, expected \"vi\", \"en\" or null", value["language"]))),
            known => known,
        },
    };
    let theme = match value["theme"].as_str() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => return Err(wrong(&format!("`theme` is {}, expected \"light\" or \"dark\"", value["theme"]))),
    };
    let [least, most] = TEXT_SCALES;
    let text_scale = match value["text_scale"].as_f64().map(|scale| scale as f32) {
        Some(scale) if (least..=most).contains(&scale) => scale,
        _ => return Err(wrong(&format!("`text_scale` is {}, expected a number from {least} to {most}", value["text_scale"]))),
    };
    Ok(Chosen { lang, theme, text_scale })
}

/// Keeps what was chosen in `folder`.
///
/// # Errors
/// The file cannot be written.
pub fn keep_in(folder: &Path, chosen: Chosen) -> io::Result<()> {
    let theme = if chosen.theme == Theme::Dark { "dark" } else { "light" };
    let text = json!({ "language": chosen.lang.map(Lang::code), "theme": theme, "text_scale": chosen.text_scale });
    fs::create_dir_all(folder)?;
    fs::write(folder.join(SETTINGS), format!("{text:#}\n"))
}

/// The files opened lately, latest first; those that are gone are left out.
pub fn recent() -> Vec<PathBuf> {
    let text = folder().and_then(|folder| fs::read_to_string(folder.join(RECENT)).ok()).unwrap_or_default();
    text.lines().map(PathBuf::from).filter(|p| p.exists()).collect()
}

/// Keeps the list of files opened lately.
pub(crate) fn keep_recent(paths: &[PathBuf]) {
    let Some(folder) = folder() else { return };
    let lines: Vec<String> = paths.iter().map(|p| fs::canonicalize(p).unwrap_or_else(|_| p.clone()).display().to_string()).collect();
    if fs::create_dir_all(&folder).is_ok() {
        let _ = fs::write(folder.join(RECENT), lines.join("\n") + "\n");
    }
}

/// Keeps what the user chooses while the window is open. What the command line asked for is not a choice: only what changes is kept.
pub struct KeepPlugin {
    /// Where.
    pub folder: PathBuf,
    /// What is kept there already.
    pub kept: Chosen,
}

/// Where it is kept, what is kept there, and how things stood when last looked at.
#[derive(Resource)]
struct Keeper {
    folder: PathBuf,
    kept: Chosen,
    seen: Option<Chosen>,
}

impl Plugin for KeepPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(Keeper { folder: self.folder.clone(), kept: self.kept, seen: None }).add_systems(Last, keep);
    }
}

/// What was kept, with that on top which is no longer as it was.
fn with_changes(kept: Chosen, before: Chosen, now: Chosen) -> Chosen {
    Chosen {
        lang: if now.lang == before.lang { kept.lang } else { now.lang },
        theme: if now.theme == before.theme { kept.theme } else { now.theme },
        text_scale: if now.text_scale == before.text_scale { kept.text_scale } else { now.text_scale },
    }
}

fn keep(mut keeper: ResMut<Keeper>, language: Res<Language>, look: Res<Look>, desk: Res<TheDesk>) {
    let now = Chosen { lang: Some(language.0), theme: look.theme, text_scale: desk.0.text_scale };
    let before = keeper.seen.replace(now).unwrap_or(now);
    if before == now {
        return;
    }
    keeper.kept = with_changes(keeper.kept, before, now);
    if let Err(error) = keep_in(&keeper.folder, keeper.kept) {
        warn!("{}: {error}; what is chosen is forgotten when the window closes", keeper.folder.display());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests: a panic is the report")]
mod tests {
    use super::*;

    fn app(folder: &Path) -> App {
        let mut app = App::new();
        let keep = KeepPlugin { folder: folder.into(), kept: chosen_in(folder).unwrap_or_default() };
        app.insert_resource(Language(Lang::Vi)).init_resource::<Look>().init_resource::<TheDesk>().add_plugins(keep);
        app.update();
        app
    }

    #[test]
    fn what_the_command_line_asked_for_is_not_kept_with_a_choice() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let before = Chosen { lang: Some(Lang::En), theme: Theme::Dark, text_scale: 1.1 };
        keep_in(folder, before).unwrap();
        let mut app = app(folder); // opened in Vietnamese, by day, with usual texts, none of which is what is kept
        app.world_mut().resource_mut::<TheDesk>().0.text_scale = 1.3;
        app.update();
        assert_eq!(chosen_in(folder), Ok(Chosen { text_scale: 1.3, ..before }));
        app.world_mut().resource_mut::<Look>().theme = Theme::Dark;
        app.update();
        app.world_mut().resource_mut::<Look>().theme = Theme::Light;
        app.update();
        assert_eq!(chosen_in(folder), Ok(Chosen { text_scale: 1.3, theme: Theme::Light, ..before }), "there and back is a choice");
    }

    #[test]
    fn what_is_chosen_is_there_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("agtwin");
        assert_eq!(chosen_in(&folder), Ok(Chosen::default()));
        let mut app = app(&folder);
        assert!(!folder.exists(), "how the window opened is not a choice");
        app.world_mut().resource_mut::<Language>().0 = Lang::En;
        app.world_mut().resource_mut::<Look>().theme = Theme::Dark;
        app.world_mut().resource_mut::<TheDesk>().0.text_scale = 1.21;
        app.update();
        assert_eq!(chosen_in(&folder), Ok(Chosen { lang: Some(Lang::En), theme: Theme::Dark, text_scale: 1.21 }));
    }

    #[test]
    fn a_damaged_file_is_told_and_the_next_choice_mends_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for (text, expected) in [
            ("{ \"language\": ", "line 1"),
            (r#"{ "language": "fr", "theme": "light", "text_scale": 1 }"#, "`language` is \"fr\""),
            (r#"{ "language": null, "theme": 3, "text_scale": 1 }"#, "`theme` is 3"),
            (r#"{ "language": "vi", "theme": "dark", "text_scale": 40 }"#, "`text_scale` is 40, expected a number from 0.5 to 2"),
        ] {
            fs::write(folder.join(SETTINGS), text).unwrap();
            let error = chosen_in(folder).unwrap_err();
            assert!(error.contains(SETTINGS) && error.contains(expected), "{error}");
        }
        let mut app = app(folder);
        app.world_mut().resource_mut::<TheDesk>().0.text_scale = 0.9;
        app.update();
        assert_eq!(chosen_in(folder).unwrap().text_scale, 0.9);
    }
}
