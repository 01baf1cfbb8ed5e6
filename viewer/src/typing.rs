//! Typing and the clipboard: what the interface library leaves out. Copying, cutting and pasting in fields; letters that a Vietnamese input program
//! such as UniKey sends without a key of their own. What an input method composes (Telex under IBus or Fcitx, Windows' and macOS' own) comes as its own
//! kind of event and needs nothing here.

use bevy::{
    input::keyboard::{Key, KeyboardInput},
    prelude::*,
};
use bevy_egui::{
    EguiOutput, EguiPostUpdateSet, EguiPreUpdateSet, PrimaryEguiContext, egui,
    input::{EguiInputEvent, ModifierKeysState},
};
use std::sync::{Mutex, PoisonError};

/// Typing and the clipboard.
pub struct TypingPlugin;

impl Plugin for TypingPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Board>()
            .add_systems(PreUpdate, hear.after(bevy_egui::EguiInputSet::InitReading).in_set(EguiPreUpdateSet::ProcessInput))
            .add_systems(PostUpdate, keep_copied.after(EguiPostUpdateSet::ProcessOutput));
    }
}

/// The system's clipboard, opened when it is first used.
#[derive(Resource, Default)]
pub struct Board(Mutex<Option<arboard::Clipboard>>);

impl Board {
    fn with<T>(&self, work: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error>) -> Result<T, arboard::Error> {
        let mut board = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if board.is_none() {
            *board = Some(arboard::Clipboard::new()?);
        }
        board.as_mut().map_or(Err(arboard::Error::ClipboardNotSupported), work)
    }

    /// Puts a text on it.
    ///
    /// # Errors
    /// There is none, or another program holds it.
    pub fn set(&self, text: &str) -> Result<(), arboard::Error> {
        self.with(|board| board.set_text(text))
    }

    /// The text on it.
    ///
    /// # Errors
    /// There is none, or no text on it.
    pub fn text(&self) -> Result<String, arboard::Error> {
        self.with(arboard::Clipboard::get_text)
    }
}

/// What a key means for a field besides what the interface library makes of it itself.
pub fn meant(key: &KeyboardInput, is_command: bool, pasted: impl FnOnce() -> Option<String>) -> Option<egui::Event> {
    if !key.state.is_pressed() {
        return None;
    }
    match &key.logical_key {
        Key::Character(letter) if is_command => match letter.to_lowercase().as_str() {
            "c" => Some(egui::Event::Copy),
            "x" => Some(egui::Event::Cut),
            "v" => pasted().map(|text| egui::Event::Paste(text.replace("\r\n", "\n"))),
            _ => None,
        },
        Key::Copy => Some(egui::Event::Copy),
        Key::Cut => Some(egui::Event::Cut),
        Key::Paste => pasted().map(egui::Event::Paste),
        // A letter without a key: it was put in by a program.
        Key::Unidentified(_) if !is_command => {
            let text = key.text.as_ref().filter(|t| !t.is_empty() && !t.chars().any(char::is_control))?;
            Some(egui::Event::Text(text.to_string()))
        }
        _ => None,
    }
}

fn hear(
    mut keys: MessageReader<KeyboardInput>,
    modifiers: Res<ModifierKeysState>,
    board: Res<Board>,
    context: Query<Entity, With<PrimaryEguiContext>>,
    mut events: MessageWriter<EguiInputEvent>,
) {
    let Ok(context) = context.single() else { return };
    let is_command = modifiers.to_egui_modifiers().command;
    for key in keys.read() {
        if let Some(event) = meant(key, is_command, || board.text().ok()) {
            events.write(EguiInputEvent { context, event });
        }
    }
}

fn keep_copied(outputs: Query<&EguiOutput, Changed<EguiOutput>>, board: Res<Board>) {
    for command in outputs.iter().flat_map(|o| &o.platform_output.commands) {
        if let egui::OutputCommand::CopyText(text) = command
            && !text.is_empty()
        {
            // Without a clipboard nothing was promised: the field still has the text.
            let _ = board.set(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::input::{
        ButtonState,
        keyboard::{KeyCode, NativeKey},
    };

    fn key(logical_key: Key, text: Option<&str>) -> KeyboardInput {
        KeyboardInput {
            key_code: KeyCode::KeyV,
            logical_key,
            state: ButtonState::Pressed,
            text: text.map(Into::into),
            repeat: false,
            window: Entity::PLACEHOLDER,
        }
    }

    #[test]
    fn control_with_c_x_v_copies_cuts_and_pastes() {
        let ask = |letter: &str| meant(&key(Key::Character(letter.into()), None), true, || Some("Trần Hưng Đạo\r\n".into()));
        assert_eq!(ask("c"), Some(egui::Event::Copy));
        assert_eq!(ask("X"), Some(egui::Event::Cut));
        assert_eq!(ask("v"), Some(egui::Event::Paste("Trần Hưng Đạo\n".into())));
        assert_eq!(ask("b"), None);
        assert_eq!(meant(&key(Key::Character("v".into()), Some("v")), false, || None), None, "without control it is a letter");
    }

    #[test]
    fn a_letter_that_an_input_program_sends_without_a_key_arrives() {
        let sent = key(Key::Unidentified(NativeKey::Unidentified), Some("ầ"));
        assert_eq!(meant(&sent, false, || None), Some(egui::Event::Text("ầ".into())));
        let released = KeyboardInput { state: ButtonState::Released, ..sent.clone() };
        assert_eq!(meant(&released, false, || None), None);
        let control = key(Key::Unidentified(NativeKey::Unidentified), Some("\u{8}"));
        assert_eq!(meant(&control, false, || None), None);
        assert_eq!(meant(&key(Key::Character("a".into()), Some("a")), false, || None), None, "the library hears it itself");
    }
}
