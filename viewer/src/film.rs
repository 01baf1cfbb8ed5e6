//! Moving pictures: a GIF or a series of PNG files by the program itself, an MP4 through `ffmpeg` where that is installed. Each is written on a
//! thread of its own, picture by picture, and tells what came of it.

use bevy::image::Image;
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

/// The widest that a GIF gets, pixels; wider windows are halved until they fit.
const WIDEST_GIF: usize = 960;
/// The program that makes an MP4.
const FFMPEG: &str = "ffmpeg";

/// Kinds of moving pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One file that every browser and office program shows; 256 colours.
    Gif,
    /// A folder of numbered files, without loss.
    Pictures,
    /// One small file; needs `ffmpeg`.
    Mp4,
}

impl Kind {
    /// Wall time between two pictures: a GIF of more than five a second is too large to send.
    pub const fn every(self) -> Duration {
        match self {
            Self::Gif | Self::Pictures => Duration::from_millis(200),
            Self::Mp4 => Duration::from_millis(100),
        }
    }

    /// What the name of the file or folder ends with.
    pub const fn end(self) -> &'static str {
        match self {
            Self::Gif => ".gif",
            Self::Pictures => "-pictures",
            Self::Mp4 => ".mp4",
        }
    }
}

/// Whether an MP4 can be made here. Looked for once.
pub fn has_ffmpeg() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let run = Command::new(FFMPEG).arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        run.is_ok_and(|status| status.success())
    })
}

/// Four bytes a pixel, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Red, green, blue, opacity.
    pub rgba: Vec<u8>,
}

impl Picture {
    /// Of what the window drew.
    pub fn of(image: Image) -> Option<Self> {
        let rgba = image.try_into_dynamic().ok()?.to_rgba8();
        Some(Self { width: rgba.width() as usize, height: rgba.height() as usize, rgba: rgba.into_raw() })
    }

    /// Halved until it is narrow enough, by the mean of four pixels.
    pub fn at_most(mut self, width: usize) -> Self {
        while self.width > width {
            let (w, h) = (self.width / 2, self.height / 2);
            let mut half = Vec::with_capacity(w * h * 4);
            for y in 0..h {
                for x in 0..w {
                    for k in 0..4 {
                        let at = |dx: usize, dy: usize| u32::from(self.rgba[((2 * y + dy) * self.width + 2 * x + dx) * 4 + k]);
                        half.push(((at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4) as u8);
                    }
                }
            }
            self = Self { width: w, height: h, rgba: half };
        }
        self
    }
}

/// A film that is being written: where pictures go, and what came of it after the last one.
pub struct Film {
    /// The kind.
    pub kind: Kind,
    /// The file or folder.
    pub into: PathBuf,
    pictures: Sender<Image>,
}

impl Film {
    /// Begins one. What is received is the file or folder once it is whole, or why it is not; that comes after this film and all clones of its
    /// [`Film::sink`] are gone.
    ///
    /// # Errors
    /// The file cannot be made, `ffmpeg` does not start, or the system starts no thread.
    pub fn begin(kind: Kind, into: PathBuf) -> io::Result<(Self, Receiver<Result<PathBuf, String>>)> {
        let mut writer: Box<dyn Writer> = match kind {
            Kind::Gif => Box::new(Gif { out: Some(BufWriter::new(File::create(&into)?)), encoder: None }),
            Kind::Pictures => {
                fs::create_dir_all(&into)?;
                Box::new(Pngs { folder: into.clone(), count: 0 })
            }
            Kind::Mp4 => Box::new(Mp4::new(FFMPEG, &into)),
        };
        let (pictures, shown) = channel::<Image>();
        let (tell, told) = channel();
        let path = into.clone();
        std::thread::Builder::new().name("film".into()).spawn(move || {
            let mut write = || {
                for picture in shown.iter().filter_map(Picture::of) {
                    writer.add(picture)?;
                }
                writer.end()
            };
            let written = write();
            drop(writer);
            if written.is_err() {
                forget(kind, &path);
            }
            // Nobody listens when the window is gone.
            let _ = tell.send(written.map(|()| path.clone()).map_err(|error| format!("{}: {error}", path.display())));
        })?;
        Ok((Self { kind, into, pictures }, told))
    }

    /// Where pictures go. Nobody hears them once writing has failed.
    pub fn sink(&self) -> Sender<Image> {
        self.pictures.clone()
    }
}

/// Takes away what is left of a film that was not written to its end; pictures of a series are whole each.
fn forget(kind: Kind, path: &Path) {
    // What is not there, or holds pictures, stays as it is.
    let _ = match kind {
        Kind::Pictures => fs::remove_dir(path),
        Kind::Gif | Kind::Mp4 => fs::remove_file(path),
    };
}

/// Takes pictures of one size; those of another, after the window changed its size, are left out.
trait Writer: Send {
    fn add(&mut self, picture: Picture) -> io::Result<()>;
    fn end(&mut self) -> io::Result<()>;
}

struct Gif {
    out: Option<BufWriter<File>>,
    encoder: Option<(gif::Encoder<BufWriter<File>>, u16, u16)>,
}

impl Writer for Gif {
    fn add(&mut self, picture: Picture) -> io::Result<()> {
        let mut picture = picture.at_most(WIDEST_GIF);
        let (Ok(w), Ok(h)) = (u16::try_from(picture.width), u16::try_from(picture.height)) else { return Ok(()) };
        if let Some(out) = self.out.take() {
            let mut encoder = gif::Encoder::new(out, w, h, &[]).map_err(io::Error::other)?;
            encoder.set_repeat(gif::Repeat::Infinite).map_err(io::Error::other)?;
            self.encoder = Some((encoder, w, h));
        }
        let Some((encoder, width, height)) = &mut self.encoder else { return Ok(()) };
        if (*width, *height) != (w, h) {
            return Ok(());
        }
        let mut frame = gif::Frame::from_rgba_speed(w, h, &mut picture.rgba, 20);
        frame.delay = (Kind::Gif.every().as_millis() / 10) as u16;
        encoder.write_frame(&frame).map_err(io::Error::other)
    }

    fn end(&mut self) -> io::Result<()> {
        match self.encoder.take() {
            Some((encoder, ..)) => encoder.into_inner().map_err(io::Error::other)?.flush(),
            None => Err(io::Error::other("no picture was taken")),
        }
    }
}

struct Pngs {
    folder: PathBuf,
    count: usize,
}

impl Writer for Pngs {
    fn add(&mut self, picture: Picture) -> io::Result<()> {
        let out = BufWriter::new(File::create(self.folder.join(format!("{:05}.png", self.count)))?);
        self.count += 1;
        let (width, height) = (picture.width as u32, picture.height as u32);
        let mut encoder = png::Encoder::new(out, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&rgb(&picture, picture.width, picture.height))?;
        writer.finish()?;
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        if self.count == 0 { Err(io::Error::other("no picture was taken")) } else { Ok(()) }
    }
}

/// The upper left `width` by `height` pixels, three bytes each.
fn rgb(picture: &Picture, width: usize, height: usize) -> Vec<u8> {
    let rows = picture.rgba.chunks_exact(picture.width * 4).take(height);
    rows.flat_map(|row| row.chunks_exact(4).take(width)).flat_map(|p| [p[0], p[1], p[2]]).collect()
}

/// Pictures as they are go into the pipe of `ffmpeg`, which must be told their size, so it starts with the first of them.
struct Mp4 {
    program: PathBuf,
    into: PathBuf,
    going: Option<(Child, usize, usize)>,
}

impl Mp4 {
    fn new(program: impl Into<PathBuf>, into: &Path) -> Self {
        Self { program: program.into(), into: into.to_owned(), going: None }
    }
}

impl Writer for Mp4 {
    fn add(&mut self, picture: Picture) -> io::Result<()> {
        // H.264 with colours at half the width takes even sizes only.
        let (width, height) = (picture.width & !1, picture.height & !1);
        if self.going.is_none() {
            let per_second = (1000 / Kind::Mp4.every().as_millis()).to_string();
            let child = Command::new(&self.program)
                .args(["-y", "-loglevel", "error", "-f", "rawvideo", "-pixel_format", "rgb24"])
                .args(["-video_size", &format!("{width}x{height}"), "-framerate", &per_second, "-i", "-"])
                .args(["-c:v", "libx264", "-crf", "20", "-pix_fmt", "yuv420p", "-movflags", "+faststart"])
                .arg(&self.into)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .map_err(|error| io::Error::other(format!("{}: {error}", self.program.display())))?;
            self.going = Some((child, width, height));
        }
        let Some((child, w, h)) = &mut self.going else { return Ok(()) };
        if (*w, *h) != (width, height) {
            return Ok(());
        }
        let Some(pipe) = &mut child.stdin else { return Ok(()) };
        if pipe.write_all(&rgb(&picture, width, height)).is_err() {
            // It has given up; why stands in what it says at its end.
            return self.end();
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let Some((child, ..)) = self.going.take() else { return Err(io::Error::other("no picture was taken")) };
        // Its input is closed by this.
        let done = child.wait_with_output()?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr);
        Err(io::Error::other(format!("{} ended with {}: {}", self.program.display(), done.status, said.trim())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::{
        asset::RenderAssetUsages,
        render::render_resource::{Extent3d, TextureDimension, TextureFormat},
    };

    fn image(width: u32, height: u32, colour: [u8; 4]) -> Image {
        let size = Extent3d { width, height, depth_or_array_layers: 1 };
        Image::new_fill(size, TextureDimension::D2, &colour, TextureFormat::Rgba8UnormSrgb, RenderAssetUsages::MAIN_WORLD)
    }

    /// Films a red, a green and a blue picture, and one of another size.
    fn film(kind: Kind, into: PathBuf) -> Result<PathBuf, String> {
        let (film, told) = Film::begin(kind, into).unwrap();
        for colour in [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]] {
            film.sink().send(image(8, 6, colour)).unwrap();
        }
        drop(film);
        told.recv().unwrap()
    }

    #[test]
    fn a_wide_picture_is_halved_by_the_mean_of_four_pixels() {
        let (width, height) = (1_000, 2);
        let rgba = (0..width * height).flat_map(|i| [if i % 2 == 0 { 100 } else { 200 }, 0, 0, 255]).collect();
        let half = Picture { width, height, rgba }.at_most(960);
        assert_eq!((half.width, half.height, half.rgba.len()), (500, 1, 2_000));
        assert_eq!(half.rgba[..4], [150, 0, 0, 255]);
    }

    #[test]
    fn a_gif_holds_every_picture_in_its_colours_and_repeats() {
        let folder = tempfile::tempdir().unwrap();
        let path = film(Kind::Gif, folder.path().join("film.gif")).unwrap();
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(File::open(path).unwrap()).unwrap();
        assert_eq!((decoder.width(), decoder.height(), decoder.repeat()), (8, 6, gif::Repeat::Infinite));
        let mut firsts = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            assert_eq!(frame.delay, 20, "hundredths of a second");
            firsts.push([frame.buffer[0], frame.buffer[1], frame.buffer[2]]);
        }
        assert_eq!(firsts, [[255, 0, 0], [0, 255, 0], [0, 0, 255]]);
    }

    #[test]
    fn a_series_is_numbered_and_without_loss() {
        let folder = tempfile::tempdir().unwrap();
        let path = film(Kind::Pictures, folder.path().join("film-pictures")).unwrap();
        for (number, colour) in [[255, 0, 0], [0, 255, 0], [0, 0, 255]].iter().enumerate() {
            let file = io::BufReader::new(File::open(path.join(format!("{number:05}.png"))).unwrap());
            let mut reader = png::Decoder::new(file).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut pixels).unwrap();
            assert_eq!((info.width, info.height), (8, 6));
            assert!(pixels.chunks_exact(3).all(|p| p == colour), "{number}");
        }
    }

    #[test]
    fn a_film_without_a_picture_is_told_and_not_called_written() {
        let folder = tempfile::tempdir().unwrap();
        for kind in [Kind::Gif, Kind::Mp4, Kind::Pictures] {
            let into = folder.path().join("film");
            let (film, told) = Film::begin(kind, into.clone()).unwrap();
            drop(film);
            assert!(told.recv().unwrap().unwrap_err().contains("no picture"));
            assert!(!into.exists(), "{kind:?}: nothing is left behind");
        }
    }

    /// A stand-in for `ffmpeg` that keeps what it is given, so that the test needs none.
    #[cfg(unix)]
    fn stand_in(folder: &Path, script: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.join("encoder");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[cfg(unix)]
    #[test]
    fn the_encoder_gets_size_and_pixels_of_every_picture_cut_to_even_sides() {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("film.mp4");
        let script = "echo \"$@\" > \"$0.said\"; for last; do :; done; cat > \"$last\"";
        let program = stand_in(folder.path(), script);
        let mut mp4 = Mp4::new(&program, &into);
        for (width, height, red) in [(5, 3, 10), (5, 3, 20), (8, 8, 30)] {
            mp4.add(Picture { width, height, rgba: [red, 1, 2, 255].repeat(width * height) }).unwrap();
        }
        mp4.end().unwrap();
        let expected: Vec<u8> = [[10, 1, 2].repeat(8), [20, 1, 2].repeat(8)].concat();
        assert_eq!(fs::read(&into).unwrap(), expected, "the third has another size");
        let said = fs::read_to_string(folder.path().join("encoder.said")).unwrap();
        assert!(said.contains("-video_size 4x2 -framerate 10 -i -") && said.trim().ends_with("film.mp4"), "{said}");
    }

    #[cfg(unix)]
    #[test]
    fn an_encoder_that_fails_is_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let program = stand_in(folder.path(), "cat > /dev/null; echo 'Unknown encoder libx264' >&2; exit 1");
        let mut mp4 = Mp4::new(program, &folder.path().join("film.mp4"));
        mp4.add(Picture { width: 2, height: 2, rgba: vec![0; 16] }).unwrap();
        let error = mp4.end().unwrap_err().to_string();
        assert!(error.contains("Unknown encoder libx264"), "{error}");
    }
}
