//! The window put together: one plugin per feature, and the systems that tie panel, labels and bridge.

use crate::{
    bridge::{Bridge, Order},
    camera::{CameraInputPlugin, CameraPlugin, MapCamera, PANEL_PX},
    draw::{DrawPlugin, Shown, SnapshotPlugin},
    engine::RunningSimulation,
    font::install_font,
    labels::{Label, LabelKind, fitting, network_labels},
    panel::{CLOCK_PX, PanelState, Wish, panel},
    scenery::Scenery,
};
use bevy::{prelude::*, window::WindowResolution};
use bevy_egui::{EguiContexts, EguiPlugin, EguiPrimaryContextPass, egui};
use maps::sketch::Water;
use scenarios::lang::Lang;
use sim_core::{geometry::Point, network::RoadNetwork};
use std::sync::Arc;

/// What the panel shows, kept between frames.
#[derive(Resource, Default)]
pub struct Panel(pub PanelState);

/// The names on the map, most important first.
#[derive(Resource, Default)]
pub struct Labels(pub Vec<Label>);

/// Everything that needs no renderer: the snapshots followed, the panel's figures kept, wishes turned into orders.
pub struct LogicPlugin;

impl Plugin for LogicPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(SnapshotPlugin)
            .init_resource::<Panel>()
            .add_message::<Asked>()
            .add_systems(Update, (grant_wishes, refresh_panel).chain());
    }
}

/// The window with everything in it.
pub struct WindowPlugins;

impl Plugin for WindowPlugins {
    fn build(&self, app: &mut App) {
        app.add_plugins((LogicPlugin, DrawPlugin, CameraPlugin, CameraInputPlugin, EguiPlugin::default()))
            .init_resource::<Labels>()
            .add_systems(Update, press_space)
            .add_systems(EguiPrimaryContextPass, draw_ui);
    }
}

/// A wish of the user's on its way to be granted.
#[derive(Message, Clone, Copy, Debug)]
pub struct Asked(pub Wish);

fn grant_wishes(mut asked: MessageReader<Asked>, bridge: Res<Bridge>, mut panel: ResMut<Panel>) {
    for Asked(wish) in asked.read() {
        match *wish {
            Wish::Language(lang) => panel.0.lang = lang,
            Wish::Simulation(order) => {
                match order {
                    Order::Pause => panel.0.is_playing = false,
                    Order::Play => panel.0.is_playing = true,
                    Order::Speed(speed) => panel.0.speed = speed,
                    Order::Restart => {}
                }
                bridge.order(order);
            }
        }
    }
}

fn refresh_panel(shown: Res<Shown>, bridge: Res<Bridge>, mut panel: ResMut<Panel>) {
    let state = &mut panel.0;
    state.trouble = bridge.trouble();
    state.is_preparing = shown.is_preparing();
    state.speed_reached = shown.speed_reached();
    if shown.is_fresh {
        state.time_s = shown.now.time_s;
        state.on_road = shown.now.count_by_class();
        state.waiting = shown.now.waiting;
        state.arrived = shown.now.arrived;
        state.is_finished = shown.now.finished;
    }
}

fn press_space(keys: Res<ButtonInput<KeyCode>>, panel: Res<Panel>, mut asked: MessageWriter<Asked>) {
    if keys.just_pressed(KeyCode::Space) {
        asked.write(Asked(Wish::Simulation(if panel.0.is_playing { Order::Pause } else { Order::Play })));
    }
}

fn draw_ui(
    mut contexts: EguiContexts,
    state: Res<Panel>,
    camera: Res<MapCamera>,
    labels: Res<Labels>,
    mut asked: MessageWriter<Asked>,
    mut is_dressed: Local<bool>,
) -> Result {
    let context = contexts.ctx_mut()?.clone();
    if !*is_dressed {
        install_font(&context);
        context.set_theme(egui::Theme::Light);
        *is_dressed = true;
        return Ok(()); // fonts hold from the next frame
    }
    warm_digits(&context);
    let whole = context.viewport_rect();
    let builder = egui::UiBuilder::new().layer_id(egui::LayerId::background()).max_rect(whole);
    let mut root = egui::Ui::new(context.clone(), "root".into(), builder);
    draw_labels(&root, whole, &camera, &labels.0);
    egui::Panel::left("side").exact_size(PANEL_PX).resizable(false).show(&mut root, |ui| {
        if let Some(wish) = panel(ui, &state.0) {
            asked.write(Asked(wish));
        }
    });
    Ok(())
}

/// Asks for all digits in the sizes that change from frame to frame, so that none is missing from the font's texture when it first shows.
fn warm_digits(context: &egui::Context) {
    context.fonts_mut(|fonts| {
        for size in [CLOCK_PX, 12.5, 14.0] {
            fonts.layout_no_wrap("0123456789:.,".into(), egui::FontId::proportional(size), egui::Color32::BLACK);
        }
    });
}

fn draw_labels(ui: &egui::Ui, whole: egui::Rect, camera: &MapCamera, labels: &[Label]) {
    let painter = ui.painter();
    let middle = egui::pos2((whole.left() + PANEL_PX + whole.right()) / 2.0, whole.center().y);
    let free = egui::Rect::from_min_max(egui::pos2(whole.left() + PANEL_PX, whole.top()), whole.max);
    let size_of = |kind: LabelKind| match kind {
        LabelKind::Town => 17.0,
        LabelKind::Road => 12.0,
        LabelKind::Place | LabelKind::Street => 13.0,
    };
    let mut galleys = Vec::new();
    let fits = fitting(labels, camera.metres_per_px, |label| {
        let x = middle.x + (label.at[0] - camera.centre.x) / camera.metres_per_px;
        let y = middle.y - (label.at[1] - camera.centre.y) / camera.metres_per_px;
        if !free.expand(40.0).contains(egui::pos2(x, y)) {
            return None;
        }
        let font = egui::FontId::proportional(size_of(label.kind));
        let galley = painter.layout_no_wrap(label.text.clone(), font, egui::Color32::PLACEHOLDER);
        let half = galley.size() / 2.0;
        galleys.push((label.text.as_ptr(), galley));
        Some([x - half.x - 3.0, y - half.y - 1.0, x + half.x + 3.0, y + half.y + 1.0])
    });
    for (label, [left, top, right, bottom]) in fits {
        let Some((_, galley)) = galleys.iter().find(|(text, _)| *text == label.text.as_ptr()) else { continue };
        let at = egui::pos2(left + 3.0, top + 1.0);
        let ink = match label.kind {
            LabelKind::Town => egui::Color32::from_rgb(0x22, 0x22, 0x22),
            LabelKind::Road => egui::Color32::WHITE,
            LabelKind::Place => egui::Color32::from_rgb(0x7a, 0x1f, 0x5c),
            LabelKind::Street => egui::Color32::from_rgb(0x4a, 0x45, 0x3d),
        };
        if label.kind == LabelKind::Road {
            let plate = egui::Rect::from_min_max(egui::pos2(left, top), egui::pos2(right, bottom));
            painter.rect_filled(plate, 3.0, egui::Color32::from_rgb(0xa0, 0x3a, 0x2e));
        } else {
            let halo = egui::Color32::from_rgba_unmultiplied(0xff, 0xff, 0xff, 0xd0);
            for (dx, dy) in [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, -1.0)] {
                painter.galley(at + egui::vec2(dx, dy) * 1.2, galley.clone(), halo);
            }
        }
        painter.galley(at, galley.clone(), ink);
    }
}

/// What a window opens with.
pub struct Opening {
    /// The map.
    pub network: Arc<RoadNetwork>,
    /// Waters to draw.
    pub waters: Vec<Water>,
    /// Where the map opens: the drawing's origin.
    pub origin: Point,
    /// Metres across the view.
    pub extent_m: f64,
    /// The scenario's or map's name.
    pub title: String,
    /// When the simulation begins, seconds after midnight.
    pub start_s: f64,
    /// The language.
    pub lang: Lang,
    /// Simulated seconds per second.
    pub speed: f64,
}

/// The window, ready to run. `make` gets the simulation ready, on a thread of its own while the map is shown already.
///
/// # Errors
/// When the simulation's thread does not start.
pub fn window(opening: Opening, make: impl FnOnce() -> Result<RunningSimulation, String> + Send + 'static) -> std::io::Result<App> {
    let Opening { network, waters, origin, extent_m, title, start_s, lang, speed } = opening;
    let meta = &network.meta;
    let state = PanelState {
        lang,
        title,
        attribution: meta.attribution.clone(),
        is_sketch: meta.is_sketch,
        time_s: start_s,
        is_playing: true,
        is_preparing: true,
        speed,
        ..PanelState::default()
    };
    let scenery = Scenery::new(&network, &waters, origin);
    let labels = network_labels(&network, origin);
    let bridge = Bridge::start(make, speed, true)?;
    let main_window = Window { title: "An Giang Twin".into(), resolution: WindowResolution::new(1280, 800), ..default() };
    let mut app = App::new();
    app.add_plugins(DefaultPlugins.set(WindowPlugin { primary_window: Some(main_window), ..default() }))
        .insert_resource(scenery)
        .insert_resource(Labels(labels))
        .insert_resource(Panel(state))
        .insert_resource(MapCamera::looking_at([0.0, 0.0], extent_m as f32))
        .insert_resource(bridge)
        .add_plugins(WindowPlugins);
    Ok(app)
}
