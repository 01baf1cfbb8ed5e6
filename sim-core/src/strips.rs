//! Strips: the carriageway is cut lengthwise into strips of 0.125 m, counted from the kerb. A body covers a run of them, so "do these two
//! overlap sideways" is a comparison of whole numbers and exact. Around one vehicle at most 64 strips matter: they fit a `u64`.

/// Width of a strip, metres.
pub(crate) const STRIP_M: f32 = 0.125;

/// How many strips a body of this width covers.
pub(crate) fn of_width(width_m: f32) -> i16 {
    (width_m / STRIP_M - 1e-3).ceil() as i16
}

/// How many whole strips a carriageway of this width has.
pub(crate) fn of_road(width_m: f32) -> i16 {
    (width_m / STRIP_M + 1e-3).floor() as i16
}

/// The strips `lo..hi` as bits, the strip `base` being bit 0; what lies outside the window is cut off.
#[inline]
pub(crate) fn bits(base: i32, lo: i32, hi: i32) -> u64 {
    let lo = (lo - base).max(0);
    let hi = (hi - base).min(64);
    if hi <= lo {
        return 0;
    }
    (u64::MAX >> (64 - (hi - lo) as u32)) << lo as u32
}

/// Whether two runs of strips share one.
#[inline]
pub(crate) fn overlap(a_lo: i16, a_hi: i16, b_lo: i16, b_hi: i16) -> bool {
    a_lo < b_hi && b_lo < a_hi
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_the_strips_in_the_window() {
        assert_eq!(bits(10, 10, 13), 0b111);
        assert_eq!(bits(10, 8, 12), 0b11);
        assert_eq!(bits(10, 70, 90), 0b1111u64 << 60);
        assert_eq!(bits(10, 0, 200), u64::MAX);
        assert_eq!(bits(10, 3, 10), 0);
    }

    #[test]
    fn a_body_covers_all_its_width() {
        assert_eq!((of_width(0.75), of_width(1.85), of_width(2.5)), (6, 15, 20));
        assert_eq!(of_road(3.5), 28);
    }
}
