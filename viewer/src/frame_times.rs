//! What a frame costs the processor, apart from making the pixels: for some numbers of vehicles from three heights, in thread time, which a busy
//! machine distorts less than the clock on the wall.
//!
//! While it measures, the window works on one thread, so that nothing is missed: the main world (simulation's news taken up, panels laid out, records
//! of vehicles written), extraction, preparation (buffers, batches, bind groups), and apart from these the encoding and handing over of the
//! commands, in which a software driver already begins to draw.

use crate::{
    bridge::Bridge,
    camera::MapCamera,
    crowd::Crowd,
    draw::{Loaded, MapArea, Running, Shown},
};
use bevy::{
    ecs::schedule::{Schedules, SingleThreadedExecutor},
    prelude::*,
    render::{Render, RenderApp, RenderSystems},
};
use cpu_time::ThreadTime;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The numbers of vehicles that are measured when none is named.
pub const VEHICLES: [u32; 4] = [5_000, 20_000, 50_000, 200_000];
/// Frames that are left out at each station, until everything is made ready.
const WARM_UP: usize = 8;
/// Frames that are measured at each station,
const MEASURED: usize = 100;
/// unless they take longer than this: a software renderer draws a few a second.
const LONGEST: Duration = Duration::from_secs(12);
/// The fewest frames that a mean is taken of.
const FEWEST: usize = 5;
/// Where the camera stands: the whole map, a town, a street (metres per pixel; `None` is the whole map).
const HEIGHTS: [Option<f32>; 3] = [None, Some(4.0), Some(0.3)];

/// Measures frames with each of these numbers of vehicles, prints a table and closes the window.
pub struct FrameTimesPlugin(pub Vec<u32>);

impl Plugin for FrameTimesPlugin {
    fn build(&self, app: &mut App) {
        let marks = Marks::default();
        app.insert_resource(Watch { counts: self.0.clone(), ..Watch::default() })
            .insert_resource(marks.clone())
            .add_systems(First, (station, begin).chain())
            .add_systems(Last, |marks: Res<Marks>| marks.set(Mark::MainEnd));
        let Some(render) = app.get_sub_app_mut(RenderApp) else { return };
        render.insert_resource(marks).add_systems(
            Render,
            (
                (|marks: Res<Marks>| marks.set(Mark::Extracted)).before(RenderSystems::ExtractCommands),
                (|marks: Res<Marks>| marks.set(Mark::Prepared)).after(RenderSystems::Prepare).before(RenderSystems::Render),
                (|marks: Res<Marks>| marks.set(Mark::Submitted)).after(RenderSystems::PostCleanup),
            ),
        );
    }

    fn cleanup(&self, app: &mut App) {
        one_thread(app.world_mut());
        if let Some(render) = app.get_sub_app_mut(RenderApp) {
            one_thread(render.world_mut());
        }
    }
}

fn one_thread(world: &mut World) {
    for (_, schedule) in world.resource_mut::<Schedules>().iter_mut() {
        schedule.set_executor(SingleThreadedExecutor::new());
    }
}

/// The moments of a frame, in the order they come.
#[derive(Clone, Copy)]
enum Mark {
    MainBegin,
    MainEnd,
    Extracted,
    Prepared,
    Submitted,
}

/// When the moments of this frame came, in time of the thread.
#[derive(Resource, Clone, Default)]
struct Marks(Arc<Mutex<[Option<Duration>; 5]>>);

impl Marks {
    fn lock(&self) -> MutexGuard<'_, [Option<Duration>; 5]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, mark: Mark) {
        self.lock()[mark as usize] = Some(ThreadTime::now().as_duration());
    }

    /// The parts of the frame that is over, milliseconds: main world, extraction, preparation, handing over. None unless all of it was drawn.
    fn take(&self) -> Option<[f64; 4]> {
        let times = std::mem::take(&mut *self.lock());
        let mut parts = [0.0; 4];
        for (part, ends) in parts.iter_mut().zip(times.windows(2)) {
            *part = ends[1]?.saturating_sub(ends[0]?).as_secs_f64() * 1000.0;
        }
        Some(parts)
    }
}

#[derive(Resource, Default)]
struct Watch {
    counts: Vec<u32>,
    /// Which of the stations (numbers of vehicles times heights) is measured.
    station: usize,
    placed: bool,
    seen: usize,
    since: Option<Instant>,
    frames: Vec<[f64; 4]>,
    fresh: usize,
    said_head: bool,
}

fn begin(marks: Res<Marks>) {
    marks.set(Mark::MainBegin);
}

/// Reads the frame before; goes to the next station when this one is measured.
fn station(
    (marks, shown, area, loaded): (Res<Marks>, Res<Shown>, Res<MapArea>, Res<Loaded>),
    (mut watch, mut running, mut camera): (ResMut<Watch>, ResMut<Running>, ResMut<MapCamera>),
    mut exit: MessageWriter<AppExit>,
) {
    let parts = marks.take();
    let Some(opened) = &loaded.0 else { return };
    let Some(count) = watch.counts.get(watch.station / HEIGHTS.len()).copied() else {
        exit.write(AppExit::Success);
        return;
    };
    if !watch.placed {
        if watch.station.is_multiple_of(HEIGHTS.len()) {
            let crowd = Crowd::new(opened.network.clone(), opened.origin, count);
            match Bridge::start(move |_| Ok(crowd), 5.0, true) {
                Ok(bridge) => running.0 = Some(bridge),
                Err(error) => {
                    eprintln!("no thread for the vehicles: {error}");
                    exit.write(AppExit::error());
                }
            }
        }
        match HEIGHTS[watch.station % HEIGHTS.len()] {
            Some(metres_per_px) => camera.look_at([0.0, 0.0], metres_per_px),
            None => {
                let (least, greatest) = opened.bounds();
                camera.fit(least.into(), greatest.into(), area.size());
            }
        }
        (watch.placed, watch.seen, watch.fresh, watch.since) = (true, 0, 0, None);
        watch.frames.clear();
        return;
    }
    if shown.now.bodies.len() != count as usize {
        return;
    }
    watch.seen += 1;
    if watch.seen <= WARM_UP {
        watch.since = Some(Instant::now());
        return;
    }
    watch.frames.extend(parts);
    watch.fresh += usize::from(shown.is_fresh);
    let took = watch.since.map_or(Duration::ZERO, |s| s.elapsed());
    let measured = watch.frames.len();
    if measured < MEASURED && (took < LONGEST || measured < FEWEST) {
        return;
    }
    if !watch.said_head {
        watch.said_head = true;
        println!("{:.0}x{:.0} px of map; milliseconds of processor time a frame, means", area.size().x, area.size().y);
        println!(
            "| vehicles | metres a pixel | main world | extraction | preparation | together | handing over | of the slowest tenth, together | frames | new snapshots | from frame to frame |"
        );
        println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    }
    println!("{}", line(count, camera.metres_per_px, &watch.frames, watch.fresh, took));
    watch.station += 1;
    watch.placed = false;
}

/// A row of the table.
fn line(count: u32, metres_per_px: f32, frames: &[[f64; 4]], fresh: usize, took: Duration) -> String {
    let n = frames.len().max(1) as f64;
    let mean = |k: usize| frames.iter().map(|f| f[k]).sum::<f64>() / n;
    let [main, extract, prepare, submit] = std::array::from_fn(mean);
    let mut whole: Vec<f64> = frames.iter().map(|f| f[0] + f[1] + f[2]).collect();
    whole.sort_by(f64::total_cmp);
    let slow = &whole[whole.len() - whole.len().div_ceil(10)..];
    let slow_ms = slow.iter().sum::<f64>() / slow.len().max(1) as f64;
    let together = main + extract + prepare;
    let frame_ms = took.as_secs_f64() * 1000.0 / n;
    format!(
        "| {count} | {metres_per_px:.1} | {main:.2} | {extract:.2} | {prepare:.2} | {together:.2} | {submit:.2} | {slow_ms:.2} | {} | {fresh} | {frame_ms:.0} |",
        frames.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_the_means_and_the_slowest_tenth() {
        let frames: Vec<[f64; 4]> = (0..20).map(|i| [1.0, 0.5, if i < 2 { 4.5 } else { 0.5 }, 7.0]).collect();
        let row = line(50_000, 4.0, &frames, 12, Duration::from_secs(2));
        assert_eq!(row, "| 50000 | 4.0 | 1.00 | 0.50 | 0.90 | 2.40 | 7.00 | 6.00 | 20 | 12 | 100 |");
    }

    #[test]
    fn a_frame_that_was_not_drawn_whole_counts_for_nothing() {
        let marks = Marks::default();
        for mark in [Mark::MainBegin, Mark::MainEnd, Mark::Extracted, Mark::Prepared] {
            marks.set(mark);
        }
        assert!(marks.take().is_none());
        for mark in [Mark::MainBegin, Mark::MainEnd, Mark::Extracted, Mark::Prepared, Mark::Submitted] {
            marks.set(mark);
        }
        assert!(marks.take().is_some_and(|parts| parts.iter().all(|ms| *ms >= 0.0)));
    }
}
