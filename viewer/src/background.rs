//! Long work beside the window: a whole run for a report, with progress and a way to cancel it.

use crate::load::Wanted;
use bevy::prelude::Resource;
use chrono::Local;
use scenarios::{
    lang::Lang,
    report::Finished,
    results::folder::Target,
    run::{
        RunError,
        progress::Progress,
        session::{RunSettings, Session},
        write,
    },
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, channel},
    },
};

/// What is being done.
#[derive(Resource, Default)]
pub struct Background(Option<Job>);

/// How far it is: the part, from when to when that simulates, and how much of it is done.
#[derive(Clone, Debug, Default)]
struct Told {
    part: String,
    from_s: f64,
    to_s: f64,
    done: Option<f32>,
}

struct Job {
    told: Arc<Mutex<Told>>,
    is_wanted: Arc<AtomicBool>,
    result: Mutex<Receiver<Result<PathBuf, String>>>,
}

impl Background {
    /// Starts the run of a scenario into a new folder, with its report.
    pub fn start_report(&mut self, wanted: Wanted, folder: PathBuf, lang: Lang) {
        let told = Arc::new(Mutex::new(Told::default()));
        let is_wanted = Arc::new(AtomicBool::new(true));
        let (sender, result) = channel();
        let teller = Teller { told: Arc::clone(&told), is_wanted: Arc::clone(&is_wanted) };
        let work = move || {
            let done = catch_unwind(AssertUnwindSafe(|| report(&wanted, &folder, lang, &teller)));
            let told = match done {
                Ok(Ok(page)) => Ok(page),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("cancelled".into()),
            };
            // The window may be gone.
            let _ = sender.send(told);
        };
        if std::thread::Builder::new().name("report".into()).spawn(work).is_ok() {
            self.0 = Some(Job { told, is_wanted, result: Mutex::new(result) });
        }
    }

    /// The part that is being done, and how much of it.
    pub fn progress(&self) -> Option<(String, Option<f32>)> {
        let told = self.0.as_ref()?.told.lock().unwrap_or_else(PoisonError::into_inner);
        Some((told.part.clone(), told.done))
    }

    /// What came of it, once.
    pub fn finished(&mut self) -> Option<Result<PathBuf, String>> {
        let result = self.0.as_ref()?.result.lock().unwrap_or_else(PoisonError::into_inner).try_recv().ok()?;
        self.0 = None;
        Some(result)
    }

    /// Ends it as soon as it next says how far it is.
    pub fn cancel(&mut self) {
        if let Some(job) = self.0.take() {
            job.is_wanted.store(false, Ordering::Relaxed);
        }
    }
}

fn report(wanted: &Wanted, folder: &Path, lang: Lang, teller: &Teller) -> Result<PathBuf, RunError> {
    let started = Local::now();
    let run = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
    let session = Session::open(&wanted.scenario, &wanted.settings, run, teller)?;
    let seed = wanted.seed.unwrap_or(session.found.scenario.parsed.file.seed);
    let one = session.run_seed(seed, run, teller)?;
    let writing = Target::named(folder, false)?.begin()?;
    write::seed(&writing, "", &session, &one, 1, started)?;
    let name = wanted.scenario.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    write::report(&writing, &session, &[Finished::of(&session, &one)], format!("agtwin run {name} --seed {seed}"), lang)?;
    Ok(writing.finish()?.join("report.html"))
}

struct Teller {
    told: Arc<Mutex<Told>>,
    is_wanted: Arc<AtomicBool>,
}

impl Teller {
    fn set(&self, change: impl FnOnce(&mut Told)) {
        if !self.is_wanted.load(Ordering::Relaxed) {
            // The run has no other way out than by unwinding; the thread's own guard takes it up, and nothing is printed.
            resume_unwind(Box::new("cancelled"));
        }
        change(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Progress for Teller {
    fn begin(&self, part: &str, from_s: f64, to_s: f64) {
        self.set(|told| *told = Told { part: part.to_owned(), from_s, to_s, done: None });
    }
    fn tick(&self, time_s: f64, _: u64) {
        self.set(|told| told.done = (told.to_s > told.from_s).then(|| ((time_s - told.from_s) / (told.to_s - told.from_s)) as f32));
    }
    fn end(&self) {}
}
