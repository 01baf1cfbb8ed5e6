//! What the window writes out: pictures, moving pictures, the road layer, a report. Files go to the folder the window was started in.

use crate::{
    draw::{Loaded, Shown},
    geojson::road_layer,
    text::{Text, part_name},
    ui::{Export, Wish},
    wishes::{Asked, Background, Language, TheDesk},
};
use bevy::{
    image::Image,
    prelude::*,
    render::view::screenshot::{Screenshot, ScreenshotCaptured},
};
use scenarios::lang::Lang;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        mpsc::{Sender, channel},
    },
    time::Duration,
};

/// Wall time between two pictures of a recording.
const PICTURE_EVERY: Duration = Duration::from_millis(200);
/// The widest that a GIF gets, pixels; wider windows are halved until they fit.
const WIDEST_GIF: usize = 960;

/// Writes out what is asked for.
pub struct ExportPlugin;

impl Plugin for ExportPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Recording>().add_systems(Update, (export, record).after(crate::wishes::grant));
    }
}

/// A recording that is going on.
#[derive(Resource, Default)]
pub struct Recording {
    sink: Option<Mutex<Sender<Image>>>,
    into: PathBuf,
    since: Duration,
    /// Pictures taken so far.
    pub count: usize,
}

impl Recording {
    /// How many pictures were taken, while it goes on.
    pub fn going(&self) -> Option<usize> {
        self.sink.is_some().then_some(self.count)
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
                desk.0.tell(format!("{}: {}", Text::Written.in_lang(lang), path.display()));
                commands.spawn(Screenshot::primary_window()).observe(bevy::render::view::screenshot::save_to_disk(path));
            }
            Export::Gif | Export::Pictures if recording.sink.is_some() => {
                // The writer ends when nobody sends any more.
                recording.sink = None;
                desk.0.tell(format!("{}: {}", Text::Written.in_lang(lang), recording.into.display()));
            }
            Export::Gif | Export::Pictures => {
                let is_gif = *what == Export::Gif;
                let into = free_name(&here, "agtwin", if is_gif { ".gif" } else { "-pictures" });
                let started = if is_gif { write_gif(&into) } else { write_pictures(&into) };
                match started {
                    Ok(sink) => *recording = Recording { sink: Some(Mutex::new(sink)), into, since: time.elapsed(), count: 0 },
                    Err(error) => desk.0.tell(format!("{}: {}: {error}", Text::Failed.in_lang(lang), into.display())),
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
            Ok(page) => format!("{}: {}", Text::Written.in_lang(lang), page.display()),
            Err(why) => format!("{}: {why}", Text::Failed.in_lang(lang)),
        });
    }
}

/// What is done in the background, for the top bar.
pub fn task(background: &Background, lang: Lang) -> Option<(String, Option<f32>)> {
    let (part, done) = background.progress()?;
    Some((format!("{}: {}", Text::ReportRunning.in_lang(lang), part_name(&part, lang)), done))
}

fn told(lang: Lang, path: &Path, written: std::io::Result<()>) -> String {
    match written {
        Ok(()) => format!("{}: {}", Text::Written.in_lang(lang), path.display()),
        Err(error) => format!("{}: {}: {error}", Text::Failed.in_lang(lang), path.display()),
    }
}

fn record(mut commands: Commands, mut recording: ResMut<Recording>, time: Res<Time<Real>>) {
    let Some(sink) = &recording.sink else { return };
    if time.elapsed() < recording.since + PICTURE_EVERY * recording.count as u32 {
        return;
    }
    let sink = sink.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    recording.count += 1;
    commands.spawn(Screenshot::primary_window()).observe(move |captured: On<ScreenshotCaptured>| {
        // Nobody hears it when the writer has failed; the recording's file says so by being short.
        let _ = sink.send(captured.image.clone());
    });
}

fn write_pictures(folder: &Path) -> std::io::Result<Sender<Image>> {
    fs::create_dir_all(folder)?;
    let (sender, receiver) = channel::<Image>();
    let folder = folder.to_owned();
    std::thread::Builder::new().name("pictures".into()).spawn(move || {
        for (number, image) in receiver.iter().enumerate() {
            if let Ok(picture) = image.try_into_dynamic() {
                let _ = picture.to_rgb8().save(folder.join(format!("{number:05}.png")));
            }
        }
    })?;
    Ok(sender)
}

fn write_gif(path: &Path) -> std::io::Result<Sender<Image>> {
    let file = File::create(path)?;
    let (sender, receiver) = channel::<Image>();
    std::thread::Builder::new().name("gif".into()).spawn(move || {
        let mut encoder = None;
        let mut file = Some(std::io::BufWriter::new(file));
        for image in receiver {
            let Ok(picture) = image.try_into_dynamic() else { continue };
            let rgba = picture.to_rgba8();
            let (width, height, mut pixels) = smaller(rgba.width() as usize, rgba.height() as usize, rgba.into_raw());
            let (Ok(w), Ok(h)) = (u16::try_from(width), u16::try_from(height)) else { continue };
            if let Some(out) = file.take() {
                encoder = gif::Encoder::new(out, w, h, &[]).ok();
                if let Some(encoder) = &mut encoder {
                    let _ = encoder.set_repeat(gif::Repeat::Infinite);
                }
            }
            let mut frame = gif::Frame::from_rgba_speed(w, h, &mut pixels, 20);
            frame.delay = (PICTURE_EVERY.as_millis() / 10) as u16;
            if let Some(encoder) = &mut encoder {
                let _ = encoder.write_frame(&frame);
            }
        }
    })?;
    Ok(sender)
}

/// A picture halved until it is narrow enough, four pixels to one.
fn smaller(mut width: usize, mut height: usize, mut rgba: Vec<u8>) -> (usize, usize, Vec<u8>) {
    while width > WIDEST_GIF {
        let (w, h) = (width / 2, height / 2);
        let mut half = Vec::with_capacity(w * h * 4);
        for y in 0..h {
            for x in 0..w {
                for k in 0..4 {
                    let at = |dx: usize, dy: usize| u32::from(rgba[((2 * y + dy) * width + 2 * x + dx) * 4 + k]);
                    half.push(((at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4) as u8);
                }
            }
        }
        (width, height, rgba) = (w, h, half);
    }
    (width, height, rgba)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_picture_is_halved_by_the_mean_of_four_pixels() {
        let (width, height) = (1_000, 2);
        let rgba: Vec<u8> = (0..width * height).flat_map(|i| [if i % 2 == 0 { 100 } else { 200 }, 0, 0, 255]).collect();
        let (w, h, half) = smaller(width, height, rgba);
        assert_eq!((w, h, half.len()), (500, 1, 2_000));
        assert_eq!(half[..4], [150, 0, 0, 255]);
    }

    #[test]
    fn no_file_is_written_over() {
        let here = std::env::temp_dir().join(format!("agtwin-free-name-{}", std::process::id()));
        fs::create_dir_all(&here).unwrap();
        fs::write(here.join("a-1.png"), "").unwrap();
        assert_eq!(free_name(&here, "a", ".png"), here.join("a-2.png"));
        fs::remove_dir_all(&here).unwrap();
    }
}
