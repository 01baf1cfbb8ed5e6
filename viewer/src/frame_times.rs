//! How long the window's own work takes in each frame: from the first system to the last, without the renderer's thread, which on a machine without
//! a graphics card is where the pixels are made.

use crate::draw::{MapArea, Shown};
use bevy::prelude::*;
use std::time::Instant;

/// Frames that are left out, until everything is made ready.
const WARM_UP: usize = 30;
/// Frames that are measured.
const MEASURED: usize = 120;

/// Measures some frames with vehicles, prints the figures and closes the window.
pub struct FrameTimesPlugin;

impl Plugin for FrameTimesPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Watch>().add_systems(First, begin).add_systems(Last, end);
    }
}

#[derive(Resource, Default)]
struct Watch {
    begun: Option<Instant>,
    frames: usize,
    whole_since: Option<Instant>,
    fresh_ms: Vec<f64>,
    other_ms: Vec<f64>,
}

fn begin(mut watch: ResMut<Watch>) {
    watch.begun = Some(Instant::now());
}

fn end(mut watch: ResMut<Watch>, shown: Res<Shown>, area: Res<MapArea>, mut exit: MessageWriter<AppExit>) {
    let Some(begun) = watch.begun else { return };
    if shown.now.bodies.is_empty() {
        return;
    }
    watch.frames += 1;
    if watch.frames <= WARM_UP {
        watch.whole_since = Some(Instant::now());
        return;
    }
    let ms = begun.elapsed().as_secs_f64() * 1000.0;
    if shown.is_fresh {
        watch.fresh_ms.push(ms)
    } else {
        watch.other_ms.push(ms)
    }
    if watch.frames < WARM_UP + MEASURED {
        return;
    }
    let whole_ms = watch.whole_since.map_or(0.0, |s| s.elapsed().as_secs_f64() * 1000.0 / MEASURED as f64);
    let all: Vec<f64> = watch.fresh_ms.iter().chain(&watch.other_ms).copied().collect();
    println!(
        "{} vehicles, {:.0}x{:.0} px: {} ms of the window's own work a frame (with a new snapshot {}, without {}); {whole_ms:.1} ms from frame to frame",
        shown.now.bodies.len(),
        area.size().x,
        area.size().y,
        summary(&all),
        summary(&watch.fresh_ms),
        summary(&watch.other_ms),
    );
    exit.write(AppExit::Success);
}

/// The median and the worst of twenty.
fn summary(ms: &[f64]) -> String {
    let mut sorted = ms.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted.get(((sorted.len() as f64 - 1.0) * share) as usize);
    match (at(0.5), at(0.95)) {
        (Some(median), Some(high)) => format!("median {median:.2}, 95 % below {high:.2}"),
        _ => "–".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_the_median_and_the_high_end() {
        let ms: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(summary(&ms), "median 50.00, 95 % below 95.00");
        assert_eq!(summary(&[]), "–");
    }
}
