//! The window's logic in a Bevy app without a window and without a graphics card.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

use bevy::{ecs::message::Messages, prelude::*};
use scenarios::lang::Lang;
use sim_core::class::VehicleClass;
use std::time::{Duration, Instant};
use viewer::{
    app::{Asked, LogicPlugin, Panel},
    bridge::{Bridge, Engine, Order},
    panel::Wish,
    snapshot::{Body, Snapshot},
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
    fn snapshot(&self) -> Snapshot {
        let at = [self.time_s as f32 * 10.0, 0.0];
        let body = Body { id: 0, class: VehicleClass::Motorcycle, at, heading: 0.0, length_m: 1.9, width_m: 0.75 };
        Snapshot { time_s: self.time_s, bodies: vec![body], finished: self.is_finished(), ..Snapshot::default() }
    }
    fn restart(&mut self) {
        self.time_s = 0.0;
    }
}

fn window(playing: bool) -> App {
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, LogicPlugin)).insert_resource(Bridge::start(|| Ok(Rider { time_s: 0.0 }), 60.0, playing).unwrap());
    app
}

fn ask(app: &mut App, wish: Wish) {
    app.world_mut().resource_mut::<Messages<Asked>>().write(Asked(wish));
}

fn update_until(app: &mut App, what: &str, is_so: impl Fn(&App) -> bool) {
    let begin = Instant::now();
    while !is_so(app) {
        assert!(begin.elapsed() < Duration::from_secs(30), "waited 30 s for {what}");
        app.update();
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn time_s(app: &App) -> f64 {
    app.world().resource::<Panel>().0.time_s
}

#[test]
fn the_panel_follows_the_simulation() {
    let mut app = window(true);
    update_until(&mut app, "the clock to go on", |app| time_s(app) > 5.0);
    let panel = &app.world().resource::<Panel>().0;
    assert_eq!(panel.on_road[VehicleClass::Motorcycle.index()], 1);
    assert!(panel.trouble.is_none() && !panel.is_preparing && !panel.is_finished);
}

#[test]
fn a_wish_becomes_an_order_and_shows_on_the_panel() {
    let mut app = window(false);
    for _ in 0..10 {
        app.update();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(time_s(&app), 0.0, "it stands until told to play");
    ask(&mut app, Wish::Simulation(Order::Speed(600.0)));
    ask(&mut app, Wish::Simulation(Order::Play));
    ask(&mut app, Wish::Language(Lang::Vi));
    update_until(&mut app, "the clock to go on", |app| time_s(app) > 60.0);
    let panel = &app.world().resource::<Panel>().0;
    assert_eq!((panel.speed, panel.is_playing, panel.lang), (600.0, true, Lang::Vi));
}
