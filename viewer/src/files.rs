//! File dialogs in the window's own style, result folders, and the clipboard.

use crate::{
    load::Wanted,
    order::Order,
    text::Text,
    typing::Board,
    ui::{Ask, Wish, results::Finished},
    wishes::{Asked, Language, TheDesk},
};
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPrimaryContextPass};
use egui_file_dialog::FileDialog;
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
        Ask::Save => Text::SaveScenario,
    };
    let mut dialog = FileDialog::new()
        .title(title.in_lang(lang))
        .default_size([640.0, 420.0])
        .default_file_name("scenario.toml")
        .add_file_filter_extensions("toml, pbf, osm, gz, twinmap", vec!["toml", "pbf", "osm", "gz", "twinmap"]);
    let labels = dialog.labels_mut();
    labels.cancel = Text::Cancel.in_lang(lang).into();
    if lang == Lang::Vi {
        labels.open_button = "Mở".into();
        labels.save_button = "Lưu".into();
        labels.reload = "Tải lại".into();
        labels.show_hidden = "Hiện tệp ẩn".into();
        labels.heading_places = "Nơi chốn".into();
        labels.heading_devices = "Thiết bị".into();
        labels.home_dir = "Thư mục riêng".into();
        labels.documents_dir = "Tài liệu".into();
        labels.downloads_dir = "Tải xuống".into();
        labels.pictures_dir = "Hình ảnh".into();
        labels.desktop_dir = "Màn hình".into();
        labels.selected_file = "Tệp đã chọn:".into();
        labels.selected_directory = "Thư mục đã chọn:".into();
        labels.file_name = "Tên tệp:".into();
    }
    match ask {
        Ask::File => dialog.pick_file(),
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
            Err(error) => format!("{}: {error}", Text::Failed.in_lang(language.0)),
        });
    }
}
