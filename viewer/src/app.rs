//! The window put together: one plugin per feature, and the system that shows the panels.

use crate::{
    camera::MapCamera,
    detail::Focus,
    draw::{DrawPlugin, Look, MapArea, side_by_side},
    export::ExportPlugin,
    files::{FilesPlugin, holds_results},
    font::install_font,
    frame_times::FrameTimesPlugin,
    input::{Hover, InputPlugin},
    kept::{Chosen, KeepPlugin, folder, recent},
    load::{Opening, Wanted},
    screen::{ScreenPlugin, USUAL_SIZE},
    typing::TypingPlugin,
    ui::{self, Desk, PICK_PX, SIDE_PX, Wish, overlay::Pane, results::Finished},
    wishes::{Asked, Language, LogicPlugin, Seen, TheDesk, TheOpening},
};
use bevy::{asset::AssetEventSystems, prelude::*, render::pipelined_rendering::PipelinedRenderingPlugin, window::WindowResolution};
use bevy_egui::{EguiContexts, EguiPlugin, EguiPostUpdateSet, EguiPrimaryContextPass, egui};
use scenarios::{lang::Lang, scenario::source::DEFAULT_EXAMPLE};
use std::path::PathBuf;

/// The window with everything in it.
pub struct WindowPlugins;

impl Plugin for WindowPlugins {
    fn build(&self, app: &mut App) {
        app.add_plugins((LogicPlugin, EguiPlugin::default(), DrawPlugin, InputPlugin, TypingPlugin, FilesPlugin, ExportPlugin))
            // Letters that are drawn for the first time are in the font's picture in the same frame.
            .configure_sets(PostUpdate, EguiPostUpdateSet::PostProcessOutput.before(AssetEventSystems))
            .add_systems(EguiPrimaryContextPass, draw_ui);
    }
}

/// What the interface remembers between frames.
#[derive(Default)]
pub(crate) struct Dressed {
    has_font: bool,
    as_it_is: Option<(Look, f32)>,
    whole: Option<egui::Rect>,
}

/// Shows the panels and gathers what is asked.
pub(crate) fn draw_ui(
    mut contexts: EguiContexts,
    seen: Seen,
    (mut camera, hover): (ResMut<MapCamera>, Res<Hover>),
    mut desk: ResMut<TheDesk>,
    mut area: ResMut<MapArea>,
    mut asked: MessageWriter<Asked>,
    mut dressed: Local<Dressed>,
) -> Result {
    let context = contexts.ctx_mut()?.clone();
    if !dressed.has_font {
        install_font(&context);
        dressed.has_font = true;
        return Ok(()); // fonts hold from the next frame
    }
    let desk = &mut desk.0;
    if dressed.as_it_is != Some((*seen.look, desk.text_scale)) {
        ui::dress(&context, &seen.look, desk.text_scale);
        dressed.as_it_is = Some((*seen.look, desk.text_scale));
    }
    let mut view = seen.view();
    if desk.start {
        view.pictures = crate::picture::pictures();
    }
    let whole = context.viewport_rect();
    let builder = egui::UiBuilder::new().layer_id(egui::LayerId::background()).max_rect(whole);
    let mut root = egui::Ui::new(context.clone(), "root".into(), builder);
    let mut wishes: Vec<Wish> = Vec::new();
    let scale = desk.text_scale;
    egui::Panel::top("top").resizable(false).show(&mut root, |ui| wishes.extend(ui::top::top_bar(ui, &view, desk)));
    egui::Panel::bottom("time").resizable(false).show(&mut root, |ui| wishes.extend(ui::time::time_bar(ui, &view, desk)));
    let side = egui::Panel::left("side").exact_size(SIDE_PX * scale).resizable(false);
    side.show(&mut root, |ui| wishes.extend(ui::side::side_panel(ui, &view, desk)));
    if view.selection.is_some() {
        let pick = egui::Panel::right("pick").exact_size(PICK_PX * scale).resizable(false);
        pick.show(&mut root, |ui| wishes.extend(ui::pick::pick_panel(ui, &view, desk)));
    }
    let free = root.available_rect_before_wrap();
    let now = MapArea(Rect::new(free.left(), free.top(), free.right(), free.bottom()));
    if *area != now {
        // What is under the cursor stays there when a panel opens or closes; a window that changes its size keeps its middle.
        if dressed.whole == Some(whole) {
            camera.centre = camera.to_map(now.0.center() - area.0.center());
        }
        *area = now;
    }
    dressed.whole = Some(whole);
    let parts = side_by_side(area.0, view.snapshot.other.is_some());
    let rects = parts.map(|r| egui::Rect::from_min_max(egui::pos2(r.min.x, r.min.y), egui::pos2(r.max.x, r.max.y)));
    draw_map(&root, &view, &camera, rects, hover.0, &mut wishes);
    ui::new_road::draw(root.painter(), &Pane { rect: rects[0], camera: &camera, view: &view }, &desk.correct);
    wishes.extend(ui::compare::compare(&context, &view, rects));
    wishes.extend(ui::start::start(&context, &view, desk));
    wishes.extend(ui::indicators::indicators(&context, &view, desk));
    wishes.extend(ui::results::results(&context, &view, desk));
    ui::help::help(&context, &view, desk);
    ui::about::about(&context, &view, desk);
    message(&context, desk, rects[0]);
    asked.write_batch(wishes.into_iter().map(Asked));
    Ok(())
}

/// What lies over the map, in one pane or two.
fn draw_map(root: &egui::Ui, view: &ui::View, camera: &MapCamera, rects: [egui::Rect; 2], hover: Option<Focus>, wishes: &mut Vec<Wish>) {
    let painter = root.painter();
    let first = Pane { rect: rects[0], camera, view };
    ui::overlay::draw(painter, &first, hover);
    ui::overlay::scale(painter, &first);
    let mut last = first;
    let other;
    if let Some(base) = view.snapshot.other.as_deref() {
        other = ui::View { snapshot: std::sync::Arc::new(base.clone()), ..view.clone() };
        last = Pane { rect: rects[1], camera, view: &other };
        ui::overlay::draw(painter, &last, hover.filter(|h| !matches!(h, Focus::Vehicle(_))));
        painter.vline(rects[0].right() + 1.0, rects[0].y_range(), egui::Stroke::new(2.0, egui::Color32::from_gray(0x30)));
    }
    wishes.extend(ui::overlay::map_buttons(root.ctx(), &Pane { view, ..last }));
    if let Some(text) = hover.and_then(|h| ui::overlay::hover_text(view, h))
        && let Some(at) = root.ctx().pointer_latest_pos()
    {
        let tip = egui::Area::new("map-tip".into()).order(egui::Order::Tooltip).interactable(false);
        tip.fixed_pos(at + egui::vec2(14.0, 16.0)).show(root.ctx(), |ui| {
            egui::Frame::popup(ui.style()).show(ui, |ui| {
                ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
                ui.label(text);
            });
        });
    }
}

/// Words about what was done, for some seconds.
fn message(context: &egui::Context, desk: &mut Desk, rect: egui::Rect) {
    let now = context.input(|i| i.time);
    let Some((text, until)) = &mut desk.message else { return };
    if *until <= 0.0 {
        *until = now + 8.0;
    }
    if now > *until {
        desk.message = None;
        return;
    }
    let area = egui::Area::new("message".into()).order(egui::Order::Foreground).pivot(egui::Align2::CENTER_BOTTOM);
    area.fixed_pos(rect.center_bottom() - egui::vec2(0.0, 18.0)).show(context, |ui| {
        egui::Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_max_width(560.0);
            ui.label(text.as_str());
        });
    });
}

/// How a window opens.
pub struct Settings {
    /// What to open first.
    pub wanted: Wanted,
    /// What to compare it with.
    pub against: Option<PathBuf>,
    /// Its language.
    pub lang: Lang,
    /// Size of its texts, as a share of the usual.
    pub text_scale: f32,
    /// Simulated seconds per second to begin with.
    pub speed: f64,
    /// Whether the start page is open.
    pub start_page: bool,
    /// How it looks.
    pub look: Look,
    /// Width and height, pixels; the usual points if nobody asks.
    pub size: Option<[u32; 2]>,
    /// Pixels a point, instead of what the screen asks for.
    pub scale: Option<f32>,
    /// What is kept from the last start; what the user changes is kept on top of it.
    pub kept: Chosen,
    /// Measure frames with each of these numbers of vehicles, and close.
    pub frame_times: Option<Vec<u32>>,
}

/// A folder of results opens over the first example, for it has no map of its own.
fn open_results(wanted: &mut Wanted, desk: &mut Desk) {
    if holds_results(&wanted.scenario) {
        match Finished::read(&wanted.scenario) {
            Ok(finished) => desk.results = Some(finished),
            Err(why) => desk.tell(why),
        }
        wanted.scenario = DEFAULT_EXAMPLE.into();
    }
}

/// The window, ready to run. It opens at once; the map follows when it is read.
///
/// # Errors
/// When the system starts no thread.
pub fn window(settings: Settings) -> std::io::Result<App> {
    let Settings { mut wanted, against, lang, text_scale, speed, start_page, look, size, scale, kept, frame_times } = settings;
    let mut desk = Desk { speed, start: start_page, recent: recent(), text_scale, against, ..Desk::default() };
    open_results(&mut wanted, &mut desk);
    let opening = Opening::start(wanted)?;
    let [width, height] = size.unwrap_or(USUAL_SIZE);
    let main_window = Window { title: "An Giang Twin".into(), resolution: WindowResolution::new(width, height), ..default() };
    let mut app = App::new();
    let mut plugins = DefaultPlugins.set(WindowPlugin { primary_window: Some(main_window), ..default() });
    if frame_times.is_some() {
        // On one thread, so that all of a frame's work is in one thread's time.
        plugins = plugins.disable::<PipelinedRenderingPlugin>();
    }
    app.add_plugins(plugins)
        .add_plugins(WindowPlugins)
        .insert_resource(TheDesk(desk))
        .insert_resource(Language(lang))
        .insert_resource(look)
        .insert_resource(TheOpening(Some(opening)));
    if let Some(counts) = frame_times {
        app.add_plugins(FrameTimesPlugin(counts));
    } else {
        app.add_plugins(ScreenPlugin { scale, is_sized: size.is_some() });
        if let Some(folder) = folder() {
            app.add_plugins(KeepPlugin { folder, kept });
        }
    }
    Ok(app)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_results_on_the_command_line_opens_over_an_example() {
        let folder = tempfile::tempdir().map(|f| (f.path().to_owned(), f));
        let Ok((path, _folder)) = folder else { panic!("no folder for the test") };
        let (mut wanted, mut desk) = (Wanted::at_once(&path), Desk::default());
        open_results(&mut wanted, &mut desk);
        assert!(wanted.scenario == path && desk.message.is_none(), "a folder without a report is a scenario's");
        std::fs::write(path.join(scenarios::report::REPORT_FILE), "{}").unwrap_or_else(|e| panic!("{e}"));
        open_results(&mut wanted, &mut desk);
        assert_eq!(wanted.scenario.as_os_str(), DEFAULT_EXAMPLE);
        assert!(desk.results.is_some() || desk.message.is_some(), "shown, or told what is wrong with it");
    }
}
