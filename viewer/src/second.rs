//! The second simulation of a comparison: made ready on a thread of its own while the first goes on, then driven by the first in lock-step.

use crate::{
    bridge::{Engine, Word},
    engine::RunningSimulation,
    load::Wanted,
    numbering::Numbering,
    snapshot::Snapshot,
    text,
};
use scenarios::{
    kpi::Bilingual,
    lang::{Lang, clock},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, TryRecvError, channel},
};

/// How far the second of a comparison is.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The scenario that it runs, in short; `None` for the same one without what was edited.
    pub scenario: Option<String>,
    /// What is done to get it ready, and the part done; `None` once it runs.
    pub preparing: Option<(String, Option<f32>)>,
    /// Why there is none.
    pub refused: Option<Bilingual>,
}

/// The second simulation, wherever it is.
pub struct Second {
    scenario: Option<String>,
    state: State,
}

enum State {
    Coming(Coming),
    There(Box<RunningSimulation>, Numbering),
    Refused(Bilingual),
}

/// One that is being made ready. Dropping it tells its thread that nobody waits any more.
struct Coming {
    word: Word,
    made: Receiver<Result<Box<RunningSimulation>, String>>,
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.word.forget();
    }
}

impl Second {
    /// Begins to make one, which is called `scenario`, or is the first without what was edited.
    pub fn start(scenario: Option<String>, make: impl FnOnce(&Word) -> Result<RunningSimulation, String> + Send + 'static) -> Self {
        let word = Word::alone();
        let (sender, made) = channel();
        let told = word.clone();
        let work = move || {
            let done = catch_unwind(AssertUnwindSafe(|| make(&told).map(Box::new)));
            // Nobody listens any more when the comparison was ended meanwhile.
            let _ = sender.send(done.unwrap_or_else(|_| Err("getting it ready broke down; see the terminal".into())));
        };
        let state = match std::thread::Builder::new().name("second".into()).spawn(work) {
            Ok(_) => State::Coming(Coming { word, made }),
            Err(error) => State::Refused(both(error.to_string())),
        };
        Self { scenario, state }
    }

    /// Takes up the second when it is ready, if it fits the first; whether anything is new.
    pub fn look(&mut self, first: &RunningSimulation) -> bool {
        let State::Coming(coming) = &self.state else { return false };
        self.state = match coming.made.try_recv() {
            // How far it is goes on the screen.
            Err(TryRecvError::Empty) => return true,
            Err(TryRecvError::Disconnected) => State::Refused(both("its thread has ended".into())),
            Ok(Err(why)) => State::Refused(both(why)),
            Ok(Ok(second)) => match fit(first, &second) {
                Ok(numbering) => State::There(second, numbering),
                Err(why) => State::Refused(why),
            },
        };
        true
    }

    /// The simulation, once it is there.
    pub fn there(&mut self) -> Option<&mut RunningSimulation> {
        match &mut self.state {
            State::There(second, _) => Some(second),
            _ => None,
        }
    }

    /// What it shows, once it is there, in the numbers of the first's map.
    pub fn snapshot(&mut self) -> Option<Snapshot> {
        let State::There(second, numbering) = &mut self.state else { return None };
        let mut snapshot = second.snapshot();
        numbering.write(&mut snapshot);
        Some(snapshot)
    }

    /// How far it is.
    pub fn told(&self) -> Compared {
        let (preparing, refused) = match &self.state {
            State::Coming(coming) => (Some(coming.word.part()), None),
            State::There(..) => (None, None),
            State::Refused(why) => (None, Some(why.clone())),
        };
        Compared { scenario: self.scenario.clone(), preparing, refused }
    }
}

fn in_both(say: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual { vi: say(Lang::Vi), en: say(Lang::En) }
}

fn both(text: String) -> Bilingual {
    in_both(|_| text.clone())
}

/// How the numbers of the second are written in those of the first, whose map is on the screen.
///
/// # Errors
/// Why the two cannot stand side by side, in words: roads that the first lacks, another beginning, other steps.
fn fit(first: &RunningSimulation, second: &RunningSimulation) -> Result<Numbering, Bilingual> {
    let [a, b] = [first, second].map(|s| s.session().found.scenario.window);
    if a.from_s != b.from_s || a.step_s != b.step_s {
        let [first, second] = [a, b].map(|w| format!("{}, {} s", clock(w.from_s), w.step_s));
        return Err(in_both(|lang| text::other_times(lang, &first, &second)));
    }
    let [a, b] = [first, second].map(|s| &s.session().network);
    Numbering::of(b, a).ok_or_else(|| {
        let more = b.links.len().saturating_sub(a.links.len());
        if Numbering::of(a, b).is_some() {
            in_both(|lang| text::more_roads(lang, more))
        } else {
            let [first, second] = [a, b].map(|n| n.links.len());
            in_both(|lang| text::other_map(lang, first, second))
        }
    })
}

/// What the first is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Against {
    /// The same scenario without what was edited.
    Unedited,
    /// Another scenario on the same map.
    Scenario(Box<Wanted>),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

    use super::*;
    use crate::{load::bridge_beside, order::Order};
    use scenarios::run::{
        progress::Quiet,
        session::{RunSettings, Session},
    };
    use sim_core::geometry::Point;
    use std::{path::Path, sync::Arc, time::Duration};

    /// Runs a scenario of `folder` with another of it beside, for half a minute.
    fn beside(folder: &Path, first: &str, second: &str) -> Snapshot {
        let run = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
        let settings = vec!["time.to=06:50".parse().unwrap()];
        let session = Session::open(&folder.join(first), &settings, run, &Quiet).unwrap();
        let mut running = RunningSimulation::new(Arc::new(session), 1, 1, Point { x: 0.0, y: 0.0 }, &Quiet).unwrap();
        let wanted = Wanted { settings, ..Wanted::at_once(folder.join(second)) };
        running.obey(&Order::Compare(Some(Against::Scenario(Box::new(wanted)))));
        while running.snapshot().compared.is_some_and(|c| c.preparing.is_some()) {
            running.has_news();
            std::thread::sleep(Duration::from_millis(5));
        }
        while running.lags_behind() {}
        (0..60).for_each(|_| running.step());
        running.snapshot()
    }

    #[test]
    fn a_new_road_is_compared_with_the_map_without_it() {
        let folder = tempfile::tempdir().unwrap();
        bridge_beside(folder.path());
        let both = beside(folder.path(), "bridge.toml", "open.toml");
        let other = both.other.as_deref().unwrap();
        assert_eq!((other.time_s, other.lights.len()), (both.time_s, both.lights.len()), "in the numbers of the map with the bridge");
        assert_eq!((both.lacks.len(), other.lacks.len()), (0, 2));
        assert!(!other.bodies.is_empty() && other.lights.iter().any(Option::is_some));
        let the_other_way = beside(folder.path(), "open.toml", "bridge.toml");
        let why = the_other_way.compared.as_ref().unwrap().refused.clone().unwrap();
        assert!(the_other_way.other.is_none() && why.en.contains("2 links that the scenario on the screen does not have"), "{why:?}");
    }
}
