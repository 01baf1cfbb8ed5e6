//! From what the user asks to what happens. Needs no renderer.

pub use crate::background::Background;
use crate::{
    bridge::Bridge,
    camera::MapCamera,
    crowd::Crowd,
    detail::Focus,
    draw::{Loaded, Look, MapArea, Running, Shown, SnapshotPlugin},
    export::{Recording, task},
    load::{Opened, Opening, Wanted, make},
    order::Order,
    second::Against,
    ui::{Desk, View, Wish, results::Finished},
};
use bevy::{ecs::system::SystemParam, prelude::*};
use scenarios::lang::Lang;
use std::{path::Path, sync::Arc};

/// A wish of the user's on its way to be granted.
#[derive(Message, Clone, Debug)]
pub struct Asked(pub Wish);

/// What was clicked, and whether the camera goes with it.
#[derive(Resource, Default, Clone, Copy, Debug, PartialEq)]
pub struct Selection {
    /// What was clicked.
    pub focus: Option<Focus>,
    /// Whether the camera goes with it.
    pub is_following: bool,
}

/// What the user is in the middle of.
#[derive(Resource, Default)]
pub struct TheDesk(pub Desk);

/// The language of the window.
#[derive(Resource, Clone, Copy, Debug)]
pub struct Language(pub Lang);

impl Default for Language {
    fn default() -> Self {
        Self(Lang::Vi)
    }
}

/// What is being opened.
#[derive(Resource, Default)]
pub struct TheOpening(pub Option<Opening>);

/// Everything that needs no renderer: the snapshots followed, wishes turned into orders, maps opened.
pub struct LogicPlugin;

impl Plugin for LogicPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((SnapshotPlugin, crate::correct::CorrectPlugin))
            .init_resource::<Loaded>()
            .init_resource::<Look>()
            .init_resource::<MapArea>()
            .init_resource::<MapCamera>()
            .init_resource::<Selection>()
            .init_resource::<TheDesk>()
            .init_resource::<Language>()
            .init_resource::<TheOpening>()
            .init_resource::<Background>()
            .init_resource::<Recording>()
            .add_message::<Asked>()
            .add_systems(Update, (finish_opening, grant).chain());
    }
}

/// Everything that the panels see.
#[derive(SystemParam)]
pub struct Seen<'w> {
    language: Res<'w, Language>,
    /// How the map looks.
    pub look: Res<'w, Look>,
    loaded: Res<'w, Loaded>,
    shown: Res<'w, Shown>,
    running: Res<'w, Running>,
    opening: Res<'w, TheOpening>,
    selection: Res<'w, Selection>,
    background: Res<'w, Background>,
    recording: Res<'w, Recording>,
}

impl Seen<'_> {
    /// The same as a value.
    pub fn view(&self) -> View {
        View {
            lang: self.language.0,
            look: *self.look,
            opened: self.loaded.0.clone(),
            snapshot: Arc::clone(&self.shown.now),
            stage: self.shown.stage(),
            trouble: self.running.0.as_ref().and_then(Bridge::trouble),
            is_playing: self.shown.is_playing(),
            speed_reached: self.shown.speed_reached(),
            opening: self.opening.0.as_ref().map(|o| o.name.clone()),
            selection: self.selection.focus,
            is_following: self.selection.is_following,
            recorded: self.recording.going(),
            has_ffmpeg: crate::film::has_ffmpeg(),
            pictures: Arc::default(),
            task: task(&self.background, self.language.0),
        }
    }
}

/// Grants what concerns map and simulation; what concerns files is granted after it, by others.
pub fn grant(
    mut asked: MessageReader<Asked>,
    (mut running, mut opening): (ResMut<Running>, ResMut<TheOpening>),
    (mut language, mut look, mut selection, mut map): (ResMut<Language>, ResMut<Look>, ResMut<Selection>, ResMut<MapCamera>),
    (mut desk, mut background): (ResMut<TheDesk>, ResMut<Background>),
    (loaded, area): (Res<Loaded>, Res<MapArea>),
) {
    for Asked(wish) in asked.read() {
        match wish {
            Wish::Language(lang) => language.0 = *lang,
            Wish::Look(wanted) => {
                look.set_if_neq(*wanted);
            }
            Wish::Simulation(order) => {
                if let Order::Speed(speed) = order {
                    desk.0.speed = *speed;
                }
                if let Some(bridge) = &running.0 {
                    bridge.order(order.clone());
                }
            }
            Wish::Land(place) if desk.0.correct.new_from.is_some() => desk.0.correct.via.push(*place),
            Wish::Select(_) | Wish::Land(_) => {
                let focus = if let Wish::Select(focus) = wish { *focus } else { None };
                if focus.is_none() {
                    // Without a panel nobody sees any more that a road is being drawn.
                    desk.0.correct.forget_road();
                }
                *selection = Selection { focus, is_following: false };
                if let Some(bridge) = &running.0 {
                    bridge.order(Order::Watch(focus));
                }
            }
            Wish::Follow(follow) => {
                selection.is_following = *follow;
                if *follow && map.metres_per_px > 0.3 {
                    map.metres_per_px = 0.3;
                }
            }
            Wish::GoTo(at, metres_per_px) => {
                selection.is_following = false;
                map.look_at(*at, *metres_per_px);
            }
            Wish::Fit => {
                if let Some(opened) = &loaded.0 {
                    let (least, greatest) = opened.bounds();
                    map.fit(Vec2::from(least), Vec2::from(greatest), area.size());
                }
            }
            Wish::North => map.angle = 0.0,
            Wish::Zoom(notches) => map.zoom(*notches, Vec2::ZERO),
            Wish::Compare(path) => {
                if let (Some(bridge), Some(opened)) = (&running.0, &loaded.0) {
                    bridge.order(compare_with(opened, path));
                }
            }
            Wish::Open(wanted) if crate::files::holds_results(&wanted.scenario) => match Finished::read(&wanted.scenario) {
                Ok(finished) => desk.0.results = Some(finished),
                Err(why) => desk.0.tell(why),
            },
            Wish::Open(wanted) => match Opening::start(wanted.clone()) {
                Ok(started) => opening.0 = Some(started),
                Err(error) => desk.0.tell(format!("{}: {error}", wanted.scenario.display())),
            },
            Wish::Cancel => {
                opening.0 = None;
                background.cancel();
                let is_preparing = running.0.as_ref().is_some_and(|b| matches!(b.latest().stage, crate::bridge::Stage::Preparing(..)));
                if is_preparing {
                    running.0 = None;
                }
            }
            // Files and the clipboard are the window's.
            Wish::Ask(_) | Wish::Export(_) | Wish::Copy(_) | Wish::Correct(_) | Wish::UndoCorrection => {}
        }
    }
}

/// Another scenario beside the one that is open, with the same settings.
fn compare_with(opened: &Opened, path: &Path) -> Order {
    let wanted = Wanted { scenario: path.to_owned(), ..opened.wanted.clone() };
    Order::Compare(Some(Against::Scenario(Box::new(wanted))))
}

/// When a map is open, it takes the place of the one before, and its simulation is made ready.
fn finish_opening(
    mut opening: ResMut<TheOpening>,
    (mut loaded, mut running, mut map): (ResMut<Loaded>, ResMut<Running>, ResMut<MapCamera>),
    (mut selection, mut desk): (ResMut<Selection>, ResMut<TheDesk>),
) {
    let Some(done) = opening.0.as_ref().and_then(Opening::done) else { return };
    opening.0 = None;
    let opened = match done {
        Ok(opened) => Arc::new(*opened),
        Err(why) => {
            desk.0.tell(why);
            return;
        }
    };
    let is_same_map = loaded.0.as_ref().is_some_and(|o| o.wanted.scenario == opened.wanted.scenario);
    if !is_same_map {
        *map = MapCamera::looking_at([0.0, 0.0], opened.extent_m as f32);
        desk.0.bookmarks.clear();
    }
    *selection = Selection::default();
    desk.0.correct.forget_road();
    let path = opened.wanted.scenario.clone();
    if path.exists() {
        desk.0.recent.retain(|p| *p != path);
        desk.0.recent.insert(0, path);
        desk.0.recent.truncate(8);
        crate::kept::keep_recent(&desk.0.recent);
    }
    let (wanted, origin) = (opened.wanted.clone(), opened.origin);
    let network = opened.network.clone();
    let started = match wanted.crowd {
        Some(count) => Bridge::start(move |_| Ok(Crowd::new(network, origin, count)), desk.0.speed, true),
        None => Bridge::start(move |word| make(&wanted, origin, word), desk.0.speed, true),
    };
    match started {
        Ok(bridge) => {
            if desk.0.indicators {
                bridge.order(Order::Indicators(true));
            }
            if let Some(path) = desk.0.against.take() {
                bridge.order(compare_with(&opened, &path));
            }
            running.0 = Some(bridge);
        }
        Err(error) => desk.0.tell(error.to_string()),
    }
    loaded.0 = Some(opened);
}
