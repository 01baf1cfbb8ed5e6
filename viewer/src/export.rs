//! What the window writes out: pictures, moving pictures, the road layer, a report. Files go to the folder the window was started in.

use crate::{
    draw::{Loaded, Shown},
    film::Film,
    geojson::road_layer,
    text::{self, part_name},
    ui::{Export, Wish},
    wishes::{Asked, Background, Language, TheDesk},
};
use bevy::{
    prelude::*,
    render::view::screenshot::{Screenshot, ScreenshotCaptured},
};
use scenarios::lang::Lang;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, mpsc::Receiver},
    time::Duration,
};

/// Writes out what is asked for.
pub struct ExportPlugin;

impl Plugin for ExportPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Recording>().add_systems(Update, (export, record, tell_recorded).after(crate::wishes::grant));
    }
}

/// The recording that is going on, and those that are still being written.
#[derive(Resource, Default)]
pub struct Recording {
    film: Option<Mutex<Film>>,
    since: Duration,
    /// Pictures taken so far.
    count: usize,
    told: Vec<Mutex<Receiver<Result<PathBuf, String>>>>,
}

impl Recording {
    /// How many pictures were taken, while it goes on.
    pub fn going(&self) -> Option<usize> {
        self.film.is_some().then_some(self.count)
    }
}

/// The first of `stem-1.end`, `stem-2.end` … that is not there.
pub fn free_name(folder: &Path, stem: &str, end: &str) -> PathBuf {
    (1..).map(|n| folder.join(format!("{stem}-{n}{end}"))).find(|p| !p.exists()).expect("there are more numbers than files")
}

fn export(
    mut commands: Commands,
    mut asked: MessageReader<Asked>,
    (loaded, shown, language): (Res<Loaded>, Res<Shown>, Res<Language>),
    (mut desk, mut recording, mut background): (ResMut<TheDesk>, ResMut<Recording>, ResMut<Background>),
    time: Res<Time<Real>>,
) {
    let here = PathBuf::from(".");
    let lang = language.0;
    for Asked(wish) in asked.read() {
        let Wish::Export(what) = wish else { continue };
        match what {
            Export::Screenshot => {
                let path = free_name(&here, "agtwin", ".png");
                desk.0.tell(text::written(lang, path.display()));
                commands.spawn(Screenshot::primary_window()).observe(bevy::render::view::screenshot::save_to_disk(path));
            }
            Export::Record(_) if recording.film.is_some() => recording.film = None,
            Export::Record(kind) => {
                let into = free_name(&here, "agtwin", kind.end());
                match Film::begin(*kind, into.clone()) {
                    Ok((film, told)) => {
                        recording.film = Some(Mutex::new(film));
                        recording.told.push(Mutex::new(told));
                        (recording.since, recording.count) = (time.elapsed(), 0);
                    }
                    Err(error) => desk.0.tell(text::failed_with(lang, into.display(), error)),
                }
            }
            Export::GeoJson => {
                let Some(opened) = &loaded.0 else { continue };
                let path = free_name(&here, "agtwin-roads", ".geojson");
                let written = fs::write(&path, road_layer(&opened.network, &shown.now.sample));
                desk.0.tell(told(lang, &path, written));
            }
            Export::Report => {
                let Some(opened) = &loaded.0 else { continue };
                let folder = free_name(&here, "agtwin-report", "");
                background.start_report(opened.wanted.clone(), folder, lang);
            }
        }
    }
    if let Some(done) = background.finished() {
        desk.0.tell(match done {
            Ok(page) => text::written(lang, page.display()),
            Err(why) => text::failed(lang, why),
        });
    }
}

/// What is done in the background, for the top bar.
pub fn task(background: &Background, lang: Lang) -> Option<(String, Option<f32>)> {
    let (part, done) = background.progress()?;
    Some((text::report_running(lang, part_name(&part, lang)), done))
}

fn told(lang: Lang, path: &Path, written: std::io::Result<()>) -> String {
    match written {
        Ok(()) => text::written(lang, path.display()),
        Err(error) => text::failed_with(lang, path.display(), error),
    }
}

fn record(mut commands: Commands, mut recording: ResMut<Recording>, time: Res<Time<Real>>) {
    let Some(film) = &recording.film else { return };
    let film = film.lock().unwrap_or_else(PoisonError::into_inner);
    let (sink, every) = (film.sink(), film.kind.every());
    drop(film);
    if time.elapsed() < recording.since + every * recording.count as u32 {
        return;
    }
    recording.count += 1;
    commands.spawn(Screenshot::primary_window()).observe(move |captured: On<ScreenshotCaptured>| {
        // Nobody hears it when the writer has failed, which is told.
        let _ = sink.send(captured.image.clone());
    });
}

/// Tells of films that are whole or have failed; a failure ends the recording it belongs to.
fn tell_recorded(mut recording: ResMut<Recording>, mut desk: ResMut<TheDesk>, language: Res<Language>) {
    let Recording { film, told, .. } = &mut *recording.bypass_change_detection();
    told.retain(|told| {
        let Ok(done) = told.lock().unwrap_or_else(PoisonError::into_inner).try_recv() else { return true };
        desk.0.tell(match done {
            Ok(path) => text::written(language.0, path.display()),
            Err(why) => {
                *film = None;
                text::failed(language.0, why)
            }
        });
        false
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_written_over() {
        let here = std::env::temp_dir().join(format!("agtwin-free-name-{}", std::process::id()));
        fs::create_dir_all(&here).unwrap();
        fs::write(here.join("a-1.png"), "").unwrap();
        assert_eq!(free_name(&here, "a", ".png"), here.join("a-2.png"));
        fs::remove_dir_all(&here).unwrap();
    }
}
