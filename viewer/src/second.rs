//! The second simulation of a comparison: made ready on a thread of its own while the first goes on, then driven by the first in lock-step.

use crate::{bridge::Word, engine::RunningSimulation, load::Wanted, text};
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
    There(Box<RunningSimulation>),
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
                Ok(()) => State::There(second),
                Err(why) => State::Refused(why),
            },
        };
        true
    }

    /// The simulation, once it is there.
    pub fn there(&mut self) -> Option<&mut RunningSimulation> {
        match &mut self.state {
            State::There(second) => Some(second),
            _ => None,
        }
    }

    /// How far it is.
    pub fn told(&self) -> Compared {
        let (preparing, refused) = match &self.state {
            State::Coming(coming) => (Some(coming.word.part()), None),
            State::There(_) => (None, None),
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

/// Why two scenarios cannot stand side by side: other roads, another beginning, other steps.
///
/// # Errors
/// In words.
fn fit(first: &RunningSimulation, second: &RunningSimulation) -> Result<(), Bilingual> {
    let [a, b] = [first, second].map(|s| &s.session().network);
    let same_roads =
        a.links.len() == b.links.len() && a.links.iter().zip(&b.links).all(|(x, y)| x.ref_ == y.ref_ && x.geometry == y.geometry);
    if !same_roads {
        let [first, second] = [a, b].map(|n| n.links.len());
        return Err(in_both(|lang| text::other_map(lang, first, second)));
    }
    let [a, b] = [first, second].map(|s| s.session().found.scenario.window);
    if a.from_s != b.from_s || a.step_s != b.step_s {
        let [first, second] = [a, b].map(|w| format!("{}, {} s", clock(w.from_s), w.step_s));
        return Err(in_both(|lang| text::other_times(lang, &first, &second)));
    }
    Ok(())
}

/// What the first is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Against {
    /// The same scenario without what was edited.
    Unedited,
    /// Another scenario on the same map.
    Scenario(Box<Wanted>),
}
