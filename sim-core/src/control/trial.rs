//! A controller that wishes at random and fails when told to: shows that the guard and the fall-back hold, in tests and in a scenario.

use super::{ControlError, Controller, Needs, View, Wish};
use crate::draw::{self, Draw};
use serde::{Deserialize, Serialize};

/// Random wishes, most of them unsafe, and what becomes of it after some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// How often it changes its mind, seconds.
    pub every_s: f64,
    /// After so many seconds of the run it fails; `None` for never.
    pub fails_after_s: Option<f64>,
    /// Whether it then panics instead of returning an error.
    pub panics: bool,
    /// Whether it only ever wishes for a phase of the plan, at random.
    pub only_phases: bool,
    began_s: Option<f64>,
}

impl Default for Trial {
    fn default() -> Self {
        Self { every_s: 10.0, fails_after_s: Some(600.0), panics: false, only_phases: true, began_s: None }
    }
}

impl Trial {
    /// One that wishes for any groups at all, every `every_s` seconds.
    pub fn wild(every_s: f64) -> Self {
        Self { every_s, fails_after_s: None, only_phases: false, ..Self::default() }
    }
}

impl Controller for Trial {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        let began_s = *self.began_s.get_or_insert(view.time_s);
        if self.fails_after_s.is_some_and(|s| view.time_s - began_s >= s) {
            assert!(!self.panics, "the trial controller was told to panic");
            return Err(ControlError("the trial controller was told to fail".into()));
        }
        let n = (view.time_s / self.every_s) as u64;
        let at_random = |k: u64| draw::uniform(view.key, Draw::TrialWish, n, k);
        if self.only_phases {
            let p = (at_random(0) * view.plan.phases().len() as f64) as usize;
            return Ok(Wish::phase(view.plan, p, p));
        }
        let groups = (0..=view.groups.len() as u16).filter(|g| at_random(u64::from(*g) + 1) < 0.5).collect();
        let times = [f32::NAN, 0.0, -5.0, 3.0, 1e9];
        let time = |k| times[(at_random(k) * 5.0) as usize];
        Ok(Wish { groups, soon: Vec::new(), yellow_s: time(1000), all_red_s: time(1001) })
    }

    fn needs(&self) -> Needs {
        Needs::Clock
    }

    fn is_central(&self) -> bool {
        true
    }

    fn observes(&self) -> &'static str {
        "nothing: it wishes at random, to try the guard and the fall-back"
    }
}
