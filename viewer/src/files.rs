//! File dialogs in the window's own style, result folders, and the clipboard.

use crate::{
    load::Wanted,
    order::Order,
    text::{self, Text},
    typing::Board,
    ui::{Ask, Wish, results::Finished},
    wishes::{Asked, Language, TheDesk},
};
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPrimaryContextPass};
use egui_file_dialog::{FileDialog, FileDialogLabels};
use scenarios::{lang::Lang, report};
use std::path::Path;

/// Dialogs and clipboard.
pub struct FilesPlugin;

impl Plugin for FilesPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Dialog>()
            .add_systems(Update, (open_dialog, copy).after(crate::wishes::grant))
            .add_systems(EguiPrimaryContextPass, show_dialog.after(crate::app::draw_ui));
    }
}

/// The file dialog that is open.
#[derive(Resource, Default)]
struct Dialog(Option<(Ask, FileDialog)>);

fn dialog(ask: Ask, lang: Lang) -> FileDialog {
    let title = match ask {
        Ask::File => Text::OpenFile,
        Ask::Folder => Text::OpenFolder,
        Ask::Compare => Text::CompareOther,
        Ask::Save => Text::SaveScenario,
    };
    let mut dialog = FileDialog::new()
        .title(title.in_lang(lang))
        .default_size([640.0, 420.0])
        .default_file_name("scenario.toml")
        .add_file_filter_extensions("toml, agmap, osm, pbf, gz", vec!["toml", "agmap", "osm", "pbf", "gz"]);
    let say = |text: Text| text.in_lang(lang).to_owned();
    *dialog.labels_mut() = FileDialogLabels {
        cancel: say(Text::Cancel),
        cancel_button: say(Text::Cancel),
        overwrite: say(Text::DialogOverwrite),
        reload: say(Text::DialogReload),
        working_directory: say(Text::DialogWorking),
        select_all: say(Text::DialogSelectAll),
        show_hidden: say(Text::DialogHidden),
        show_system_files: say(Text::DialogSystem),
        heading_pinned: say(Text::DialogPinned),
        heading_places: say(Text::DialogPlaces),
        heading_devices: say(Text::DialogDevices),
        heading_removable_devices: say(Text::DialogRemovable),
        home_dir: say(Text::DialogHome),
        desktop_dir: say(Text::DialogDesktop),
        documents_dir: say(Text::DialogDocuments),
        downloads_dir: say(Text::DialogDownloads),
        audio_dir: say(Text::DialogAudio),
        pictures_dir: say(Text::DialogPictures),
        videos_dir: say(Text::DialogVideos),
        pin_folder: say(Text::DialogPin),
        unpin_folder: say(Text::DialogUnpin),
        rename_pinned_folder: say(Text::DialogRename),
        selected_directory: say(Text::DialogFolderChosen),
        selected_file: say(Text::DialogFileChosen),
        file_name: say(Text::DialogFileName),
        file_filter_all_files: say(Text::DialogAllFiles),
        save_extension_any: say(Text::DialogAnyEnding),
        open_button: say(Text::DialogOpen),
        save_button: say(Text::DialogSave),
        overwrite_file_modal_text: say(Text::DialogOverwriteAsk),
        err_empty_folder_name: say(Text::DialogNoFolderName),
        err_empty_file_name: say(Text::DialogNoFileName),
        err_directory_exists: say(Text::DialogFolderThere),
        err_file_exists: say(Text::DialogFileThere),
        // Titles are set, and one thing is chosen at a time.
        ..FileDialogLabels::default()
    };
    match ask {
        Ask::File | Ask::Compare => dialog.pick_file(),
        Ask::Folder => dialog.pick_directory(),
        Ask::Save => dialog.save_file(),
    }
    dialog
}

fn open_dialog(mut asked: MessageReader<Asked>, mut open: ResMut<Dialog>, language: Res<Language>) {
    for Asked(wish) in asked.read() {
        if let Wish::Ask(ask) = wish {
            open.0 = Some((*ask, dialog(*ask, language.0)));
        }
    }
}

fn show_dialog(mut contexts: EguiContexts, mut open: ResMut<Dialog>, mut asked: MessageWriter<Asked>, mut desk: ResMut<TheDesk>) -> Result {
    let Some((ask, dialog)) = &mut open.0 else { return Ok(()) };
    let context = contexts.ctx_mut()?.clone();
    dialog.update(&context);
    if let Some(path) = dialog.take_picked() {
        match ask {
            Ask::File => drop(asked.write(Asked(Wish::Open(Wanted::at_once(path))))),
            Ask::Compare => drop(asked.write(Asked(Wish::Compare(path)))),
            Ask::Save => drop(asked.write(Asked(Wish::Simulation(Order::Save(path))))),
            Ask::Folder => match Finished::read(&path) {
                Ok(finished) => desk.0.results = Some(finished),
                Err(why) => desk.0.tell(why),
            },
        }
        open.0 = None;
    }
    Ok(())
}

/// Whether a folder holds results rather than a scenario.
pub fn holds_results(path: &Path) -> bool {
    path.join(report::REPORT_FILE).is_file()
}

fn copy(mut asked: MessageReader<Asked>, mut desk: ResMut<TheDesk>, language: Res<Language>, board: Res<Board>) {
    for Asked(wish) in asked.read() {
        let Wish::Copy(text) = wish else { continue };
        desk.0.tell(match board.set(text) {
            Ok(()) => Text::Copied.in_lang(language.0).to_owned(),
            Err(error) => text::failed(language.0, error),
        });
    }
}
