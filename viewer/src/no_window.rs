//! When there can be no window: what to install, and that everything but the window works without. The graphics library has no other way to say so
//! than to panic, so its words are looked at as they come.

use crate::text::Text;
use scenarios::lang::Lang;
use std::panic;

/// The exit code of the program when there can be no window.
pub const EXIT_CODE: i32 = 3;

/// What to tell somebody whose machine lacks what a window needs, from the words of a panic; none for any other panic.
pub fn advice(words: &str, lang: Lang) -> Option<&'static str> {
    let lacks = |what: &[&str]| what.iter().any(|w| words.contains(w));
    if lacks(&["Unable to find a GPU", "No suitable GPU", "Failed to create surface", "create wgpu surface"]) {
        Some(Text::NoGpu.in_lang(lang))
    } else if lacks(&["build event loop", "neither WAYLAND_DISPLAY", "DISPLAY is set"]) {
        Some(Text::NoDisplay.in_lang(lang))
    } else {
        None
    }
}

/// From now on a panic for want of a display or a driver is told in words, and the program ends with [`EXIT_CODE`].
pub fn tell_in_words(lang: Lang) {
    let as_before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let words = info.payload_as_str().unwrap_or_default();
        if let Some(advice) = advice(words, lang) {
            eprintln!("agtwin-viewer: {advice}");
            std::process::exit(EXIT_CODE);
        }
        as_before(info);
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_driver_or_display_names_what_to_install_and_what_works_without() {
        // Bevy's and winit's own words.
        let driver = advice("Unable to find a GPU! Make sure you have installed required drivers!", Lang::En).unwrap();
        assert!(driver.contains("mesa-vulkan-drivers") && driver.contains("agtwin run"), "{driver}");
        let display = advice("Failed to build event loop: Os(OsError { line: 786, file: \"..\" })", Lang::Vi).unwrap();
        assert!(display.contains("DISPLAY") && display.contains("agtwin run"), "{display}");
        assert_eq!(advice("index out of bounds", Lang::En), None);
    }
}
