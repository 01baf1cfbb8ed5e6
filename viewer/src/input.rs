//! Mouse and keys on the map. Keys that are typed into a field and a mouse over a panel mean the panel.

use crate::{
    camera::MapCamera,
    detail::Focus,
    draw::{Loaded, Look, MapArea, Running, Shown, side_by_side},
    layer::Layer,
    order::Order,
    pick::{Sees, pick},
    snapshot::Body,
    ui::{Export, Wish, time::SPEEDS},
    wishes::{Asked, Selection, TheDesk},
};
use bevy::{
    input::mouse::{AccumulatedMouseMotion, AccumulatedMouseScroll, MouseScrollUnit},
    prelude::*,
    window::{FileDragAndDrop, PrimaryWindow},
};
use bevy_egui::input::EguiWantsInput;

/// A press that moved less than this is a click, pixels.
const CLICK_PX: f32 = 5.0;

/// What the mouse is over, of the things one can click.
#[derive(Resource, Default, Clone, Copy, Debug, PartialEq)]
pub struct Hover(pub Option<Focus>);

/// Mouse and keys.
pub struct InputPlugin;

impl Plugin for InputPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Hover>().add_systems(Update, (hear_mouse, hear_keys, hear_drops, follow));
    }
}

/// What the mouse is doing on the map.
#[derive(Default)]
struct Drag {
    pressed_at: Option<Vec2>,
    moved_px: f32,
}

#[expect(clippy::too_many_arguments, reason = "a system asks for each thing it uses")]
fn hear_mouse(
    window: Single<&Window, With<PrimaryWindow>>,
    wants: Option<Res<EguiWantsInput>>,
    (buttons, motion, scroll): (Res<ButtonInput<MouseButton>>, Res<AccumulatedMouseMotion>, Res<AccumulatedMouseScroll>),
    (area, loaded, look, shown): (Res<MapArea>, Res<Loaded>, Res<Look>, Res<Shown>),
    mut map: ResMut<MapCamera>,
    mut drag: Local<Drag>,
    mut hover: ResMut<Hover>,
    mut asked: MessageWriter<Asked>,
    mut selection: ResMut<Selection>,
) {
    let cursor = window.cursor_position();
    let is_panel = wants.is_some_and(|w| w.wants_any_pointer_input());
    let Some(cursor) = cursor.filter(|c| !is_panel && area.0.contains(*c)) else {
        hover.set_if_neq(Hover(None));
        if !buttons.any_pressed([MouseButton::Left, MouseButton::Middle, MouseButton::Right]) {
            *drag = Drag::default();
        }
        return;
    };
    let parts = side_by_side(area.0, shown.now.other.is_some());
    let part = if parts[1].contains(cursor) { parts[1] } else { parts[0] };
    let off = cursor - part.center();
    if buttons.just_pressed(MouseButton::Left) || buttons.just_pressed(MouseButton::Middle) || buttons.just_pressed(MouseButton::Right) {
        *drag = Drag { pressed_at: Some(cursor), moved_px: 0.0 };
    }
    if drag.pressed_at.is_some() && motion.delta != Vec2::ZERO {
        drag.moved_px += motion.delta.length();
        if drag.moved_px > CLICK_PX {
            if buttons.pressed(MouseButton::Right) {
                map.turn(motion.delta.x * -0.006);
            } else if buttons.any_pressed([MouseButton::Left, MouseButton::Middle]) {
                selection.is_following = false;
                map.drag(motion.delta);
            }
        }
    }
    if scroll.delta.y != 0.0 {
        let notches = if scroll.unit == MouseScrollUnit::Pixel { scroll.delta.y / 40.0 } else { scroll.delta.y };
        map.zoom(notches, off);
    }
    let Some(opened) = &loaded.0 else { return };
    let is_dragging = drag.pressed_at.is_some() && drag.moved_px > CLICK_PX;
    if !is_dragging && (motion.delta != Vec2::ZERO || scroll.delta.y != 0.0 || buttons.get_just_released().len() > 0) {
        // Only the first simulation's vehicles can be asked about.
        let is_first = part == parts[0];
        let detectors = is_first && matches!(look.layer, Layer::Sensors | Layer::Counts);
        let sees = Sees { vehicles: is_first && !look.hides_vehicles, detectors };
        let focus = pick(opened, &shown.now, map.to_map(off).into(), map.metres_per_px, sees);
        hover.set_if_neq(Hover(focus));
    }
    if buttons.just_released(MouseButton::Left) && drag.pressed_at.is_some() {
        if !is_dragging {
            let place = map.to_map(off).into();
            asked.write(Asked(hover.0.map_or(Wish::Land(place), |focus| Wish::Select(Some(focus)))));
        }
        *drag = Drag::default();
    }
    if buttons.just_released(MouseButton::Right) || buttons.just_released(MouseButton::Middle) {
        *drag = Drag::default();
    }
}

/// The vehicle that is nearest to a place, two-wheelers first: there are most of them.
pub fn nearest_to(bodies: &[Body], place: [f32; 2]) -> Option<u32> {
    let away_m = |b: &&Body| (b.at[0] - place[0]).hypot(b.at[1] - place[1]) + if b.class.is_two_wheeler() { 0.0 } else { 30.0 };
    bodies.iter().min_by(|a, b| away_m(a).total_cmp(&away_m(b))).map(|b| b.id)
}

/// The next faster (or slower) speed.
pub fn other_speed(speed: f64, is_faster: bool) -> f64 {
    let at = SPEEDS.iter().position(|s| *s >= speed).unwrap_or(SPEEDS.len() - 1);
    SPEEDS[if is_faster { (at + 1).min(SPEEDS.len() - 1) } else { at.saturating_sub(1) }]
}

/// The layer after this one.
pub fn next_layer(layer: Layer) -> Layer {
    let at = Layer::ALL.iter().position(|l| *l == layer).unwrap_or(0);
    Layer::ALL[(at + 1) % Layer::ALL.len()]
}

/// Whether one of these is held in this frame or was until a moment ago: on a slow screen a whole Ctrl+Z fits into one frame.
fn is_held(keys: &ButtonInput<KeyCode>, any: [KeyCode; 2]) -> bool {
    keys.any_pressed(any) || keys.any_just_released(any)
}

fn hear_keys(
    keys: Res<ButtonInput<KeyCode>>,
    wants: Option<Res<EguiWantsInput>>,
    (time, area, look, shown): (Res<Time>, Res<MapArea>, Res<Look>, Res<Shown>),
    (mut map, mut desk, mut selection): (ResMut<MapCamera>, ResMut<TheDesk>, ResMut<Selection>),
    mut asked: MessageWriter<Asked>,
) {
    if keys.just_pressed(KeyCode::F1) {
        desk.0.help = !desk.0.help;
    }
    if keys.just_pressed(KeyCode::F12) {
        asked.write(Asked(Wish::Export(Export::Screenshot)));
    }
    if is_held(&keys, [KeyCode::ControlLeft, KeyCode::ControlRight]) {
        if keys.just_pressed(KeyCode::KeyF) {
            desk.0.wants_search = true;
        }
        if keys.just_pressed(KeyCode::KeyO) {
            desk.0.start = !desk.0.start;
        }
        if keys.just_pressed(KeyCode::KeyZ) {
            asked.write(Asked(Wish::Simulation(Order::Undo)));
        }
        return;
    }
    if wants.is_some_and(|w| w.wants_any_keyboard_input()) {
        return;
    }
    let mut ask = |order: Order| {
        asked.write(Asked(Wish::Simulation(order)));
    };
    if keys.just_pressed(KeyCode::Space) {
        ask(if shown.is_playing() { Order::Pause } else { Order::Play });
    }
    if keys.just_pressed(KeyCode::Period) {
        ask(Order::Step);
    }
    for (key, is_faster) in [(KeyCode::BracketRight, true), (KeyCode::BracketLeft, false)] {
        if keys.just_pressed(key) {
            desk.0.speed = other_speed(desk.0.speed, is_faster);
            ask(Order::Speed(desk.0.speed));
        }
    }
    if keys.just_pressed(KeyCode::KeyF) {
        asked.write(Asked(Wish::Fit));
    }
    if keys.just_pressed(KeyCode::KeyL) {
        asked.write(Asked(Wish::Look(Look { layer: next_layer(look.layer), ..*look })));
    }
    if keys.just_pressed(KeyCode::KeyV)
        && let Some(id) = nearest_to(&shown.now.bodies, map.centre.into())
    {
        asked.write(Asked(Wish::Select(Some(Focus::Vehicle(id)))));
        asked.write(Asked(Wish::Follow(true)));
    }
    if keys.just_pressed(KeyCode::Escape) {
        (desk.0.help, desk.0.about, desk.0.start) = (false, false, false);
        asked.write(Asked(Wish::Select(None)));
    }
    if keys.just_pressed(KeyCode::Home) {
        selection.is_following = false;
        map.go_home();
    }
    if keys.just_pressed(KeyCode::KeyN) {
        map.angle = 0.0;
    }
    let dt = time.delta_secs();
    for (key, sign) in [(KeyCode::KeyQ, 1.0), (KeyCode::KeyE, -1.0)] {
        if keys.pressed(key) {
            map.turn(sign * dt);
        }
    }
    for (key, to) in
        [(KeyCode::ArrowLeft, Vec2::X), (KeyCode::ArrowRight, Vec2::NEG_X), (KeyCode::ArrowUp, Vec2::Y), (KeyCode::ArrowDown, Vec2::NEG_Y)]
    {
        if keys.pressed(key) {
            selection.is_following = false;
            map.drag(to * dt * area.size().min_element() * 0.8);
        }
    }
    for (near, far) in [(KeyCode::Equal, KeyCode::Minus), (KeyCode::NumpadAdd, KeyCode::NumpadSubtract)] {
        let notches = f32::from(u8::from(keys.pressed(near))) - f32::from(u8::from(keys.pressed(far)));
        if notches != 0.0 {
            map.zoom(notches * dt * 10.0, Vec2::ZERO);
        }
    }
}

fn hear_drops(mut drops: MessageReader<FileDragAndDrop>, mut asked: MessageWriter<Asked>) {
    for drop in drops.read() {
        if let FileDragAndDrop::DroppedFile { path_buf, .. } = drop {
            asked.write(Asked(Wish::Open(crate::load::Wanted::at_once(path_buf))));
        }
    }
}

/// The camera goes with the vehicle that is followed, on the way between two snapshots as it is drawn.
fn follow(running: Res<Running>, shown: Res<Shown>, mut selection: ResMut<Selection>, mut map: ResMut<MapCamera>) {
    let (true, Some(Focus::Vehicle(id)), true) = (selection.is_following, selection.focus, running.0.is_some()) else { return };
    let Some(now) = shown.now.body(id) else {
        if shown.now.number > 0 {
            selection.is_following = false;
        }
        return;
    };
    let before = shown.before.body(id).unwrap_or(now);
    let at = Vec2::from(before.at).lerp(Vec2::from(now.at), shown.alpha);
    if map.centre != at {
        map.centre = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::ecs::message::Messages;

    #[test]
    fn speeds_go_up_and_down_the_list_and_stay_on_it() {
        assert_eq!((other_speed(5.0, true), other_speed(5.0, false)), (20.0, 2.0));
        assert_eq!((other_speed(f64::INFINITY, true), other_speed(0.25, false)), (f64::INFINITY, 0.25));
    }

    #[test]
    fn the_layers_are_a_round() {
        let round = Layer::ALL.iter().fold(Layer::Roads, |l, _| next_layer(l));
        assert_eq!(round, Layer::Roads);
    }

    #[test]
    fn a_whole_control_z_within_a_frame_is_heard() {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, crate::wishes::LogicPlugin)).init_resource::<ButtonInput<KeyCode>>().add_systems(Last, hear_keys);
        let mut keys = app.world_mut().resource_mut::<ButtonInput<KeyCode>>();
        for key in [KeyCode::ControlLeft, KeyCode::KeyZ] {
            keys.press(key);
        }
        for key in [KeyCode::KeyZ, KeyCode::ControlLeft] {
            keys.release(key);
        }
        app.update();
        let asked: Vec<_> = app.world_mut().resource_mut::<Messages<Asked>>().drain().collect();
        assert!(matches!(asked[..], [Asked(Wish::Simulation(Order::Undo))]), "{asked:?}");
    }
}
