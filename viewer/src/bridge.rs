//! The bridge to the simulation: it runs on a thread of its own, hears [`Order`]s and publishes [`Snapshot`]s. The window never waits for
//! it: it takes the latest snapshot there is.

use crate::snapshot::Snapshot;
use bevy::prelude::Resource;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// The most often that a snapshot is published, so that a fast simulation does not spend its time on pictures nobody sees.
const PUBLISH_EVERY: Duration = Duration::from_millis(33);
/// How far the simulation may fall behind the wished speed before it forgets the arrears, in seconds of the wall's clock.
const ARREARS_S: f64 = 0.25;

/// What a user asks of the simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// Stand still.
    Pause,
    /// Go on.
    Play,
    /// Simulated seconds per second, more than 0.
    Speed(f64),
    /// From the beginning.
    Restart,
}

/// A simulation as the bridge sees it.
pub trait Engine: Send {
    /// One step.
    fn step(&mut self);
    /// Seconds after midnight.
    fn time_s(&self) -> f64;
    /// Whether its end is reached.
    fn is_finished(&self) -> bool;
    /// This moment. Its number is set by the bridge.
    fn snapshot(&self) -> Snapshot;
    /// Back to the beginning.
    fn restart(&mut self);
}

/// How far the simulation's thread is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// It gets ready.
    #[default]
    Preparing,
    /// It simulates.
    Running,
    /// It could not get ready: why.
    Failed(String),
}

/// A published snapshot.
#[derive(Clone, Debug)]
pub struct Published {
    /// How far the simulation's thread is.
    pub stage: Stage,
    /// What it shows.
    pub snapshot: Arc<Snapshot>,
    /// When it was published.
    pub at: Instant,
    /// Wall time since the one before it, seconds: how long to take to draw the way between them.
    pub interval_s: f32,
    /// Simulated seconds per second, measured.
    pub speed: f64,
}

/// The window's end of the bridge. Dropping it ends the simulation's thread.
#[derive(Resource)]
pub struct Bridge {
    latest: Arc<Mutex<Published>>,
    orders: Option<Mutex<Sender<Order>>>,
    thread: Option<JoinHandle<()>>,
}

impl Bridge {
    /// Starts a thread that gets a simulation ready by `make` and drives it, paused or playing at `speed` simulated seconds per second.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn start<E: Engine + 'static>(
        make: impl FnOnce() -> Result<E, String> + Send + 'static,
        speed: f64,
        playing: bool,
    ) -> std::io::Result<Self> {
        let nothing = Published { stage: Stage::Preparing, snapshot: Arc::default(), at: Instant::now(), interval_s: 0.5, speed: 0.0 };
        let latest = Arc::new(Mutex::new(nothing));
        let (orders, heard) = channel();
        let out = Arc::clone(&latest);
        let work = move || match make() {
            Ok(engine) => drive(engine, &heard, &out, speed, playing),
            Err(why) => out.lock().unwrap_or_else(PoisonError::into_inner).stage = Stage::Failed(why),
        };
        let thread = std::thread::Builder::new().name("simulation".into()).spawn(work)?;
        Ok(Self { latest, orders: Some(Mutex::new(orders)), thread: Some(thread) })
    }

    /// The latest snapshot.
    pub fn latest(&self) -> Published {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives an order. Once the simulation's thread has ended nobody hears it.
    pub fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.lock().unwrap_or_else(PoisonError::into_inner).send(order);
        }
    }

    /// Why there is no simulation: it could not get ready, or its thread ended by a panic.
    pub fn trouble(&self) -> Option<String> {
        match self.latest().stage {
            Stage::Failed(why) => Some(why),
            _ if self.thread.as_ref().is_none_or(JoinHandle::is_finished) => Some("the simulation stopped; see the terminal".into()),
            _ => None,
        }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// How fast to go, and how fast it went.
struct Pace {
    playing: bool,
    speed: f64,
    /// Simulated seconds owed.
    owed_s: f64,
    last: Instant,
    measured_from: (Instant, f64),
    measured: f64,
}

impl Pace {
    fn new(speed: f64, playing: bool, time_s: f64) -> Self {
        let now = Instant::now();
        Self { playing, speed, owed_s: 0.0, last: now, measured_from: (now, time_s), measured: 0.0 }
    }

    fn hear(&mut self, order: Order, engine: &mut dyn Engine) {
        match order {
            Order::Pause => self.playing = false,
            Order::Play => self.playing = true,
            Order::Speed(speed) => self.speed = if speed.is_finite() { speed.clamp(0.01, 1e6) } else { self.speed },
            Order::Restart => engine.restart(),
        }
        self.owed_s = 0.0;
        self.measured_from = (Instant::now(), engine.time_s());
    }

    /// Adds what the passing of time owes.
    fn tick(&mut self) {
        let now = Instant::now();
        if self.playing {
            self.owed_s = (self.owed_s + (now - self.last).as_secs_f64() * self.speed).min(self.speed * ARREARS_S + 1.0);
        }
        self.last = now;
    }

    fn measure(&mut self, time_s: f64) -> f64 {
        let wall_s = self.measured_from.0.elapsed().as_secs_f64();
        if wall_s >= 1.0 {
            self.measured = (time_s - self.measured_from.1) / wall_s;
            self.measured_from = (Instant::now(), time_s);
        }
        if self.playing { self.measured } else { 0.0 }
    }
}

fn drive(mut engine: impl Engine, orders: &Receiver<Order>, out: &Mutex<Published>, speed: f64, playing: bool) {
    let mut pace = Pace::new(speed, playing, engine.time_s());
    let (mut number, mut published_at) = (0, Instant::now());
    let mut is_changed = true;
    loop {
        loop {
            match orders.try_recv() {
                Ok(order) => {
                    pace.hear(order, &mut engine);
                    is_changed = true;
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return,
            }
        }
        pace.tick();
        let burst = Instant::now();
        while pace.owed_s > 0.0 && !engine.is_finished() && burst.elapsed() < PUBLISH_EVERY {
            let before_s = engine.time_s();
            engine.step();
            pace.owed_s -= engine.time_s() - before_s;
            is_changed = true;
        }
        if engine.is_finished() {
            pace.owed_s = 0.0;
        }
        if is_changed && published_at.elapsed() >= PUBLISH_EVERY {
            is_changed = false;
            number += 1;
            let mut snapshot = engine.snapshot();
            snapshot.number = number;
            let now = Instant::now();
            let interval_s = (now - published_at).as_secs_f32().min(2.0);
            published_at = now;
            let speed = pace.measure(engine.time_s());
            *out.lock().unwrap_or_else(PoisonError::into_inner) =
                Published { stage: Stage::Running, snapshot: Arc::new(snapshot), at: now, interval_s, speed };
        } else {
            std::thread::sleep(Duration::from_millis(3));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that counts half seconds up to `end_s`.
    struct Clock {
        time_s: f64,
        end_s: f64,
    }

    impl Engine for Clock {
        fn step(&mut self) {
            self.time_s += 0.5;
        }
        fn time_s(&self) -> f64 {
            self.time_s
        }
        fn is_finished(&self) -> bool {
            self.time_s >= self.end_s
        }
        fn snapshot(&self) -> Snapshot {
            Snapshot { time_s: self.time_s, finished: self.is_finished(), ..Snapshot::default() }
        }
        fn restart(&mut self) {
            self.time_s = 0.0;
        }
    }

    fn wait_for(bridge: &Bridge, what: &str, is_so: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let begin = Instant::now();
        loop {
            let snapshot = bridge.latest().snapshot;
            if is_so(&snapshot) {
                return snapshot;
            }
            assert!(begin.elapsed() < Duration::from_secs(30), "waited 30 s for {what}; time is {} s", snapshot.time_s);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn it_plays_to_the_end_and_begins_again_when_told() {
        let bridge = Bridge::start(|| Ok(Clock { time_s: 0.0, end_s: 100.0 }), 10_000.0, true).unwrap();
        let end = wait_for(&bridge, "the end", |s| s.finished);
        assert_eq!(end.time_s, 100.0);
        bridge.order(Order::Pause);
        bridge.order(Order::Restart);
        assert_eq!(wait_for(&bridge, "the beginning", |s| !s.finished).time_s, 0.0);
    }

    #[test]
    fn paused_it_stands_still() {
        let bridge = Bridge::start(|| Ok(Clock { time_s: 0.0, end_s: 1e9 }), 100.0, false).unwrap();
        std::thread::sleep(Duration::from_millis(150));
        assert_eq!(bridge.latest().snapshot.time_s, 0.0);
        bridge.order(Order::Play);
        wait_for(&bridge, "a step", |s| s.time_s > 0.0);
    }

    #[test]
    fn a_simulation_that_cannot_get_ready_says_why() {
        let bridge = Bridge::start(|| Err::<Clock, _>("counts.csv is not there".into()), 1.0, true).unwrap();
        let begin = Instant::now();
        while bridge.trouble().is_none() && begin.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(bridge.trouble(), Some("counts.csv is not there".into()));
    }

    #[test]
    fn a_slow_speed_is_kept() {
        let begin = Instant::now();
        let bridge = Bridge::start(|| Ok(Clock { time_s: 0.0, end_s: 1e9 }), 20.0, true).unwrap();
        wait_for(&bridge, "some steps", |s| s.time_s >= 5.0);
        let time_s = bridge.latest().snapshot.time_s;
        let most_s = begin.elapsed().as_secs_f64() * 20.0 + 1.0;
        assert!(time_s <= most_s, "{time_s} s, at most {most_s} s");
    }
}
