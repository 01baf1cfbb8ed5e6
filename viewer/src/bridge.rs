//! The bridge to the simulation: it runs on a thread of its own, hears [`Order`]s and publishes [`Snapshot`]s. The window never waits for
//! it: it takes the latest snapshot there is.

use crate::{detail::Focus, order::Order, pace::Pace, snapshot::Snapshot};
use bevy::prelude::Resource;
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// The most often that a snapshot is published, so that a fast simulation does not spend its time on pictures nobody sees.
pub const PUBLISH_EVERY: Duration = Duration::from_millis(33);

/// A simulation as the bridge sees it.
pub trait Engine: Send {
    /// One step.
    fn step(&mut self);
    /// Seconds after midnight.
    fn time_s(&self) -> f64;
    /// Whether its end is reached.
    fn is_finished(&self) -> bool;
    /// This moment. Its number is set by the bridge.
    fn snapshot(&mut self) -> Snapshot;
    /// To the latest moment at or before `time_s` (seconds after midnight) that it can take up again, unless the present is later still and
    /// not after it. The way from there is stepped.
    fn go_near(&mut self, time_s: f64);
    /// Whether something that it drives besides has to catch up before it goes on; does a part of that.
    fn lags_behind(&mut self) -> bool {
        false
    }
    /// Whether there is something to tell though no step was made.
    fn has_news(&mut self) -> bool {
        false
    }
    /// What the snapshots tell more about.
    fn watch(&mut self, _focus: Option<Focus>) {}
    /// Any other order. What was refused is told in the next snapshot.
    fn obey(&mut self, _order: &Order) {}
}

/// How far the simulation's thread is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    /// It gets ready: what it does, and the part done, 0 to 1, where that is known.
    Preparing(String, Option<f32>),
    /// It simulates.
    #[default]
    Running,
    /// It simulates as fast as it can to this time (seconds after midnight), because it was told to jump there.
    Jumping(f64),
    /// It could not get ready: why.
    Failed(String),
    /// The simulation broke down while running: what it said last. It can still go back in time and save.
    Crashed(String),
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
    /// Whether it plays.
    pub is_playing: bool,
}

/// What the simulation's thread tells while it gets ready.
#[derive(Clone, Debug)]
pub struct Word {
    out: Arc<Mutex<Published>>,
    is_wanted: Arc<AtomicBool>,
}

impl Word {
    /// Of something that is made ready with no bridge of its own.
    pub fn alone() -> Self {
        Self { out: Arc::new(Mutex::new(nothing(false))), is_wanted: Arc::new(AtomicBool::new(true)) }
    }

    /// What was told last, and the part done.
    pub fn part(&self) -> (String, Option<f32>) {
        match &lock(&self.out).stage {
            Stage::Preparing(what, part) => (what.clone(), *part),
            _ => (String::new(), None),
        }
    }

    /// Says that nobody waits for it any more.
    pub fn forget(&self) {
        self.is_wanted.store(false, Ordering::Relaxed);
    }

    /// Tells what is being done, and the part done.
    pub fn tell(&self, what: &str, part: Option<f32>) {
        lock(&self.out).stage = Stage::Preparing(what.into(), part);
    }

    /// Whether anybody still waits for it.
    pub fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }
}

/// The window's end of the bridge. Dropping it ends the simulation's thread as soon as that listens.
#[derive(Resource)]
pub struct Bridge {
    latest: Arc<Mutex<Published>>,
    orders: Mutex<Sender<Order>>,
    is_wanted: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Bridge {
    /// Starts a thread that gets a simulation ready by `make` and drives it, paused or playing at `speed` simulated seconds per second.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn start<E: Engine + 'static>(
        make: impl FnOnce(&Word) -> Result<E, String> + Send + 'static,
        speed: f64,
        is_playing: bool,
    ) -> std::io::Result<Self> {
        let latest = Arc::new(Mutex::new(nothing(is_playing)));
        let is_wanted = Arc::new(AtomicBool::new(true));
        let (orders, heard) = channel();
        let word = Word { out: Arc::clone(&latest), is_wanted: Arc::clone(&is_wanted) };
        let work = move || match catch_unwind(AssertUnwindSafe(|| make(&word))) {
            Ok(Ok(engine)) => Driver::new(engine, &word.out, speed, is_playing).run(&heard),
            Ok(Err(why)) => lock(&word.out).stage = Stage::Failed(why),
            Err(panic) => lock(&word.out).stage = Stage::Failed(said(&*panic)),
        };
        let thread = std::thread::Builder::new().name("simulation".into()).spawn(work)?;
        Ok(Self { latest, orders: Mutex::new(orders), is_wanted, thread: Some(thread) })
    }

    /// The latest snapshot.
    pub fn latest(&self) -> Published {
        lock(&self.latest).clone()
    }

    /// Gives an order. Once the simulation's thread has ended nobody hears it.
    pub fn order(&self, order: Order) {
        let _ = lock(&self.orders).send(order);
    }

    /// Why there is no simulation: it could not get ready, or it broke down.
    pub fn trouble(&self) -> Option<String> {
        match self.latest().stage {
            Stage::Failed(why) | Stage::Crashed(why) => Some(why),
            _ if self.thread.as_ref().is_none_or(JoinHandle::is_finished) => Some("the simulation's thread has ended".into()),
            _ => None,
        }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // The thread is not waited for: it may be in the middle of something long, and the window goes on.
        self.is_wanted.store(false, Ordering::Relaxed);
    }
}

/// What is published before there is anything.
fn nothing(is_playing: bool) -> Published {
    let stage = Stage::Preparing(String::new(), None);
    Published { stage, snapshot: Arc::default(), at: Instant::now(), interval_s: 0.5, speed: 0.0, is_playing }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it gave no reason".into())
}

/// Drives an engine: hears orders, steps at the wished pace, publishes.
struct Driver<'a, E> {
    engine: E,
    out: &'a Mutex<Published>,
    pace: Pace,
    jump_to_s: Option<f64>,
    crashed: Option<String>,
    is_catching_up: bool,
    number: u64,
    published_at: Instant,
    is_changed: bool,
}

impl<'a, E: Engine> Driver<'a, E> {
    fn new(engine: E, out: &'a Mutex<Published>, speed: f64, is_playing: bool) -> Self {
        let pace = Pace::new(speed, is_playing, engine.time_s());
        let published_at = Instant::now();
        Self { engine, out, pace, jump_to_s: None, crashed: None, is_catching_up: false, number: 0, published_at, is_changed: true }
    }

    fn run(mut self, orders: &Receiver<Order>) {
        loop {
            loop {
                match orders.try_recv() {
                    Ok(order) => self.guarded(|driver| driver.hear(&order)),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            self.guarded(Self::advance);
            if self.is_changed && self.published_at.elapsed() >= PUBLISH_EVERY {
                self.guarded(Self::publish);
            } else {
                std::thread::sleep(Duration::from_millis(3));
            }
        }
    }

    /// Does it; a panic stops the simulation, not the thread, so that one can still go back and save.
    fn guarded(&mut self, work: impl FnOnce(&mut Self)) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(self))) {
            self.crashed = Some(said(&*panic));
            self.pace.play(false);
            self.jump_to_s = None;
            lock(self.out).stage = self.stage();
        }
    }

    fn hear(&mut self, order: &Order) {
        self.is_changed = true;
        match order {
            Order::Pause => self.pace.play(false),
            Order::Play => self.pace.play(true),
            Order::Speed(speed) => self.pace.set_speed(*speed),
            Order::Step => {
                self.pace.play(false);
                if self.crashed.is_none() && !self.engine.is_finished() {
                    self.engine.step();
                }
            }
            Order::Restart => self.jump(f64::NEG_INFINITY),
            Order::Jump(time_s) => self.jump(*time_s),
            Order::Watch(focus) => self.engine.watch(*focus),
            other => self.engine.obey(other),
        }
        if !matches!(order, Order::Watch(_) | Order::Indicators(_)) {
            self.pace.forget_arrears(self.engine.time_s());
        }
    }

    fn jump(&mut self, time_s: f64) {
        if self.crashed.take().is_some() {
            // What broke down is not taken up again, only what was kept before.
            self.engine.go_near(f64::NEG_INFINITY);
        }
        self.engine.go_near(time_s);
        self.jump_to_s = Some(time_s).filter(|t| t.is_finite());
    }

    fn advance(&mut self) {
        if self.crashed.is_some() {
            return;
        }
        self.is_changed |= self.engine.has_news();
        let burst = Instant::now();
        while self.engine.lags_behind() {
            (self.is_catching_up, self.is_changed) = (true, true);
            if burst.elapsed() >= PUBLISH_EVERY {
                return;
            }
        }
        // That it has caught up is told as well, though nothing else may move.
        self.is_changed |= std::mem::take(&mut self.is_catching_up);
        if let Some(to_s) = self.jump_to_s {
            while self.engine.time_s() < to_s - 1e-6 && !self.engine.is_finished() {
                if burst.elapsed() >= PUBLISH_EVERY {
                    return;
                }
                self.engine.step();
                self.is_changed = true;
            }
            self.jump_to_s = None;
            self.is_changed = true;
            self.pace.forget_arrears(self.engine.time_s());
            return;
        }
        self.pace.tick();
        while self.pace.owes() && !self.engine.is_finished() && burst.elapsed() < PUBLISH_EVERY {
            let before_s = self.engine.time_s();
            self.engine.step();
            self.pace.pay(self.engine.time_s() - before_s);
            self.is_changed = true;
        }
        if self.engine.is_finished() {
            self.pace.forget_arrears(self.engine.time_s());
        }
    }

    fn stage(&self) -> Stage {
        match (&self.crashed, self.jump_to_s) {
            (Some(why), _) => Stage::Crashed(why.clone()),
            (None, Some(to_s)) => Stage::Jumping(to_s),
            (None, None) if self.is_catching_up => Stage::Jumping(self.engine.time_s()),
            (None, None) => Stage::Running,
        }
    }

    fn publish(&mut self) {
        self.is_changed = false;
        self.number += 1;
        let mut snapshot = self.engine.snapshot();
        snapshot.number = self.number;
        let now = Instant::now();
        let interval_s = (now - self.published_at).as_secs_f32().min(2.0);
        self.published_at = now;
        let speed = self.pace.measure(self.engine.time_s());
        let is_playing = self.pace.is_playing();
        *lock(self.out) = Published { stage: self.stage(), snapshot: Arc::new(snapshot), at: now, interval_s, speed, is_playing };
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
        fn snapshot(&mut self) -> Snapshot {
            Snapshot { time_s: self.time_s, finished: self.is_finished(), ..Snapshot::default() }
        }
        fn go_near(&mut self, time_s: f64) {
            // It can take up every tenth second.
            if time_s < self.time_s {
                self.time_s = (time_s / 10.0).floor().max(0.0) * 10.0;
            }
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
        let bridge = Bridge::start(|_| Ok(Clock { time_s: 0.0, end_s: 100.0 }), 10_000.0, true).unwrap();
        let end = wait_for(&bridge, "the end", |s| s.finished);
        assert_eq!(end.time_s, 100.0);
        bridge.order(Order::Pause);
        bridge.order(Order::Restart);
        assert_eq!(wait_for(&bridge, "the beginning", |s| !s.finished).time_s, 0.0);
    }

    #[test]
    fn paused_it_stands_still() {
        let bridge = Bridge::start(|_| Ok(Clock { time_s: 0.0, end_s: 1e9 }), 100.0, false).unwrap();
        std::thread::sleep(Duration::from_millis(150));
        assert_eq!(bridge.latest().snapshot.time_s, 0.0);
        bridge.order(Order::Play);
        wait_for(&bridge, "a step", |s| s.time_s > 0.0);
    }

    #[test]
    fn a_simulation_that_cannot_get_ready_says_why() {
        let bridge = Bridge::start(|_| Err::<Clock, _>("counts.csv is not there".into()), 1.0, true).unwrap();
        let begin = Instant::now();
        while bridge.trouble().is_none() && begin.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(bridge.trouble(), Some("counts.csv is not there".into()));
    }

    #[test]
    fn a_slow_speed_is_kept() {
        let begin = Instant::now();
        let bridge = Bridge::start(|_| Ok(Clock { time_s: 0.0, end_s: 1e9 }), 20.0, true).unwrap();
        wait_for(&bridge, "some steps", |s| s.time_s >= 5.0);
        let time_s = bridge.latest().snapshot.time_s;
        let most_s = begin.elapsed().as_secs_f64() * 20.0 + 1.0;
        assert!(time_s <= most_s, "{time_s} s, at most {most_s} s");
    }

    #[test]
    fn a_single_step_is_one_step_and_stands_again() {
        let bridge = Bridge::start(|_| Ok(Clock { time_s: 0.0, end_s: 1e9 }), 100.0, true).unwrap();
        bridge.order(Order::Pause);
        wait_for(&bridge, "a picture", |s| s.number > 0);
        std::thread::sleep(Duration::from_millis(100));
        let before_s = bridge.latest().snapshot.time_s;
        bridge.order(Order::Step);
        bridge.order(Order::Step);
        assert_eq!(wait_for(&bridge, "two steps", |s| s.time_s > before_s + 0.5).time_s, before_s + 1.0);
    }

    /// A clock that stands, with another beside it that comes from the beginning, a step in ten milliseconds.
    struct Pair {
        clock: Clock,
        other_s: f64,
    }

    impl Engine for Pair {
        fn step(&mut self) {
            self.clock.step();
        }
        fn time_s(&self) -> f64 {
            self.clock.time_s
        }
        fn is_finished(&self) -> bool {
            false
        }
        fn snapshot(&mut self) -> Snapshot {
            let other = Snapshot { time_s: self.other_s, ..Snapshot::default() };
            Snapshot { other: Some(Box::new(other)), ..self.clock.snapshot() }
        }
        fn go_near(&mut self, time_s: f64) {
            self.clock.go_near(time_s);
        }
        fn lags_behind(&mut self) -> bool {
            if self.other_s < self.clock.time_s {
                self.other_s += 0.5;
                std::thread::sleep(Duration::from_millis(10));
            }
            self.other_s < self.clock.time_s
        }
    }

    #[test]
    fn that_the_second_has_caught_up_is_told_though_nothing_plays() {
        let pair = Pair { clock: Clock { time_s: 10.0, end_s: 1e9 }, other_s: 0.0 };
        let bridge = Bridge::start(|_| Ok(pair), 1.0, false).unwrap();
        let level = wait_for(&bridge, "both at the same moment", |s| s.other.as_ref().is_some_and(|o| o.time_s == s.time_s));
        assert_eq!(level.time_s, 10.0);
        assert_eq!(bridge.latest().stage, Stage::Running, "nobody is waited for any more");
    }

    #[test]
    fn a_jump_back_takes_up_what_there_is_and_steps_the_rest() {
        let bridge = Bridge::start(|_| Ok(Clock { time_s: 0.0, end_s: 1e9 }), 1.0, false).unwrap();
        bridge.order(Order::Jump(500.0));
        assert_eq!(wait_for(&bridge, "the jump", |s| s.time_s >= 500.0).time_s, 500.0);
        bridge.order(Order::Jump(123.5));
        assert_eq!(wait_for(&bridge, "the jump back", |s| s.time_s < 200.0 && s.time_s >= 123.5).time_s, 123.5);
    }

    /// One that breaks down at 3 s.
    struct Fragile(Clock);

    impl Engine for Fragile {
        fn step(&mut self) {
            assert!(self.0.time_s < 3.0, "a wheel came off");
            self.0.step();
        }
        fn time_s(&self) -> f64 {
            self.0.time_s
        }
        fn is_finished(&self) -> bool {
            false
        }
        fn snapshot(&mut self) -> Snapshot {
            self.0.snapshot()
        }
        fn go_near(&mut self, time_s: f64) {
            self.0.go_near(time_s);
        }
    }

    #[test]
    fn a_breakdown_is_told_and_one_can_go_back() {
        let bridge = Bridge::start(|_| Ok(Fragile(Clock { time_s: 0.0, end_s: 1e9 })), 1000.0, true).unwrap();
        let begin = Instant::now();
        while bridge.trouble().is_none() && begin.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(bridge.trouble(), Some("a wheel came off".into()));
        bridge.order(Order::Jump(1.0));
        let back = wait_for(&bridge, "the way back", |s| s.time_s == 1.0);
        assert!(back.time_s == 1.0 && bridge.trouble().is_none());
    }

    #[test]
    fn as_fast_as_possible_has_no_arrears_and_does_not_stand_still() {
        let bridge = Bridge::start(|_| Ok(Clock { time_s: 0.0, end_s: 1e6 }), f64::INFINITY, true).unwrap();
        wait_for(&bridge, "far more than real time", |s| s.time_s > 5_000.0);
    }
}
