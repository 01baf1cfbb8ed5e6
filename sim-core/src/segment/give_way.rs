//! Making way for blue light: everybody ahead of it moves to the nearer side of a corridor, and it drives in the corridor.
//!
//! Where two lanes or more go one way the corridor lies between the innermost lane and the next; on a single lane it is the inner side.

use super::rows::{BLUE, Row};
use crate::plan::Body;

/// Drivers make way this far ahead of blue light, metres (assumed: as far as a siren is understood in a town).
const HEARD_M: f32 = 100.0;
/// Free strips on either side of blue light in its corridor: half a metre, which lets it pass at some 8 m/s.
const ASIDE: i16 = 4;

/// The strips kept free for a body of `width` strips on a road of `road` strips whose innermost lane begins at `inner`.
pub(super) fn corridor(road: i16, inner: i16, width: i16) -> (i16, i16) {
    let wide = (width + 2 * ASIDE).min(road);
    let middle = if inner > 0 { inner } else { road };
    let lo = (middle - wide / 2).clamp(0, road - wide);
    (lo, lo + wide)
}

/// Who drives with blue light on a link: front and the corridor it needs.
pub(super) type Blue = (f32, (i16, i16));

/// All blue lights among `rows`.
pub(super) fn blues(rows: &[Row], road: i16, inner: i16) -> Vec<Blue> {
    rows.iter().filter(|r| r.is(BLUE)).map(|r| (r.s, corridor(road, inner, r.right - r.left))).collect()
}

/// Where a vehicle that hears blue light behind or beside it wants its first strip.
pub(super) fn aside(me: &Row, c: &Body, road: i16, blues: &[Blue]) -> Option<i16> {
    let hears = |s: f32| me.s > s - c.length && me.s < s + HEARD_M;
    let (_, (lo, hi)) = blues.iter().find(|(s, _)| hears(*s))?;
    let is_inner = me.left + me.right >= lo + hi;
    // Beside the corridor, or as far aside as the road goes if that is nearly enough; who is farther aside already stays there.
    if is_inner && hi + c.strips <= road + ASIDE {
        Some(me.left.max((*hi).min(road - c.strips)))
    } else {
        Some(me.left.min((lo - c.strips).max(0)))
    }
}

/// The first strip of a body of blue light in its corridor.
pub(super) fn within(corridor: (i16, i16)) -> i16 {
    corridor.0 + ASIDE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corridor_lies_between_the_inner_lane_and_the_next() {
        assert_eq!(corridor(56, 28, 16), (16, 40));
        assert_eq!(corridor(84, 56, 16), (44, 68));
        // A single lane: at its inner side.
        assert_eq!(corridor(28, 0, 16), (4, 28));
        // Narrower than it needs: all of it.
        assert_eq!(corridor(16, 0, 16), (0, 16));
    }
}
