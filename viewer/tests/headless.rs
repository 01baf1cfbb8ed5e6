//! The window's logic in a Bevy app without a window and without a graphics card.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

use bevy::{ecs::message::Messages, prelude::*};
use scenarios::lang::Lang;
use sim_core::{class::VehicleClass, demand::Purpose};
use std::time::{Duration, Instant};
use viewer::{
    bridge::{Bridge, Engine},
    detail::Focus,
    draw::{Loaded, Look, Running, Shown},
    load::{Opening, Wanted},
    order::Order,
    snapshot::{Body, Snapshot},
    ui::Wish,
    wishes::{Asked, Language, LogicPlugin, Selection, TheDesk, TheOpening},
};

/// One motorcycle that rides east at 10 m/s for an hour.
struct Rider {
    time_s: f64,
}

impl Engine for Rider {
    fn step(&mut self) {
        self.time_s += 0.5;
    }
    fn time_s(&self) -> f64 {
        self.time_s
    }
    fn is_finished(&self) -> bool {
        self.time_s >= 3600.0
    }
    fn snapshot(&mut self) -> Snapshot {
        let body = Body {
            id: 0,
            class: VehicleClass::Motorcycle,
            purpose: Purpose::Personal,
            at: [self.time_s as f32 * 10.0, 0.0],
            heading: 0.0,
            length_m: 1.9,
            width_m: 0.75,
            speed_mps: 10.0,
            lost_s: 0.0,
            co2_g_per_km: 0.0,
        };
        Snapshot { time_s: self.time_s, bodies: vec![body], finished: self.is_finished(), ..Snapshot::default() }
    }
    fn go_near(&mut self, time_s: f64) {
        if time_s < self.time_s {
            self.time_s = 0.0;
        }
    }
}

fn window(playing: bool) -> App {
    let mut app = App::new();
    let bridge = Bridge::start(|_| Ok(Rider { time_s: 0.0 }), 60.0, playing).unwrap();
    app.add_plugins((MinimalPlugins, LogicPlugin)).insert_resource(Running(Some(bridge)));
    app
}

fn ask(app: &mut App, wish: Wish) {
    app.world_mut().resource_mut::<Messages<Asked>>().write(Asked(wish));
}

fn update_until(app: &mut App, what: &str, is_so: impl Fn(&App) -> bool) {
    let begin = Instant::now();
    while !is_so(app) {
        assert!(begin.elapsed() < Duration::from_secs(120), "waited 120 s for {what}");
        app.update();
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn time_s(app: &App) -> f64 {
    app.world().resource::<Shown>().now.time_s
}

#[test]
fn the_window_follows_the_simulation() {
    let mut app = window(true);
    update_until(&mut app, "the clock to go on", |app| time_s(app) > 5.0);
    let shown = app.world().resource::<Shown>();
    assert_eq!(shown.now.count_by_class()[VehicleClass::Motorcycle.index()], 1);
    assert!(shown.is_playing());
}

#[test]
fn a_wish_becomes_an_order_and_is_seen() {
    let mut app = window(false);
    for _ in 0..10 {
        app.update();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(time_s(&app), 0.0, "it stands until told to play");
    ask(&mut app, Wish::Simulation(Order::Speed(600.0)));
    ask(&mut app, Wish::Simulation(Order::Play));
    ask(&mut app, Wish::Language(Lang::En));
    ask(&mut app, Wish::Look(Look { hides_vehicles: true, ..Look::default() }));
    update_until(&mut app, "the clock to go on", |app| time_s(app) > 60.0);
    let world = app.world();
    assert_eq!((world.resource::<TheDesk>().0.speed, world.resource::<Language>().0), (600.0, Lang::En));
    assert!(world.resource::<Look>().hides_vehicles && world.resource::<Shown>().is_playing());
}

#[test]
fn an_example_opens_with_traffic_without_fitting_and_another_takes_its_place() {
    let mut app = App::new();
    // A smaller circle, so that the test takes seconds.
    let settings = vec!["demand.region.radius=4 km".parse().unwrap()];
    let opening = Opening::start(Wanted { settings, ..Wanted::at_once("long-xuyen-morning") }).unwrap();
    app.add_plugins((MinimalPlugins, LogicPlugin)).insert_resource(TheOpening(Some(opening)));
    ask(&mut app, Wish::Simulation(Order::Speed(60.0)));
    update_until(&mut app, "vehicles on the road", |app| app.world().resource::<Shown>().now.bodies.len() > 20);
    let opened = app.world().resource::<Loaded>().0.clone().unwrap();
    assert!(opened.has_counts && !opened.wanted.fitted && opened.title == "long-xuyen-morning");
    assert!(time_s(&app) < 6.6 * 3600.0 + 600.0, "traffic within the first minutes");
    ask(&mut app, Wish::Open(Wanted::at_once("long-xuyen-bridge")));
    update_until(&mut app, "the other map", |app| app.world().resource::<Loaded>().0.as_ref().unwrap().title.contains("bridge"));
    ask(&mut app, Wish::Open(Wanted::at_once("no-such-thing")));
    update_until(&mut app, "a message", |app| app.world().resource::<TheDesk>().0.message.is_some());
    let message = app.world().resource::<TheDesk>().0.message.clone().unwrap().0;
    assert!(message.contains("no-such-thing"), "{message}");
    assert!(app.world().resource::<Loaded>().0.is_some(), "what was open stays open");
}

#[test]
fn a_click_on_the_land_is_a_bend_of_the_road_that_is_drawn_and_else_selects_nothing() {
    let mut app = window(false);
    let junction = Some(Focus::Junction(0));
    ask(&mut app, Wish::Select(junction));
    app.world_mut().resource_mut::<TheDesk>().0.correct.new_from = Some(0);
    for x in [10.0, 20.0] {
        ask(&mut app, Wish::Land([x, 5.0]));
    }
    app.update();
    assert_eq!(app.world().resource::<TheDesk>().0.correct.via, [[10.0, 5.0], [20.0, 5.0]]);
    assert_eq!(app.world().resource::<Selection>().focus, junction, "its panel stays");
    ask(&mut app, Wish::Select(None));
    app.update();
    let draft = &app.world().resource::<TheDesk>().0.correct;
    assert!(draft.new_from.is_none() && draft.via.is_empty(), "whoever closes the panel draws no road any more");
    ask(&mut app, Wish::Select(junction));
    ask(&mut app, Wish::Land([30.0, 5.0]));
    app.update();
    assert!(app.world().resource::<TheDesk>().0.correct.via.is_empty());
    assert_eq!(app.world().resource::<Selection>().focus, None);
}
