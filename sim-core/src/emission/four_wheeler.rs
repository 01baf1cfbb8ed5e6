//! Four-wheelers: the polynomials that DLR fitted to HBEFA 3.1 for SUMO, with the idle term corrected.
//!
//! Rate [g/h] = `c0 + c1·a·v + c3·v + c4·v² + c5·v³`, v in m/s, a in m/s² (Krajzewicz, Behrisch, Wagner, Luz & Krumnow: Second
//! generation of pollutant emission models for SUMO, 2015; coefficients as listed in SUMO's source, DLR; data: HBEFA 3.1).
//!
//! The constant `c0` comes out of a fit over whole driving cycles. Read as the rate of a standing engine it gives 2.6 g/s for a petrol
//! car, some four times the real one, and so overstates what fewer stops save. Here the steady part below [`CHORD_MPS`] is replaced
//! by the straight line from a stated idle rate at standstill to the polynomial at [`CHORD_MPS`]; above it the polynomial is unchanged.

/// Below this speed, m/s, the steady part is the chord from the idle rate to the polynomial: 50 km/h, the urban limit (assumed).
const CHORD_MPS: f32 = 50.0 / 3.6;

/// Below this speed, m/s, a slowing engine idles instead of cutting its fuel: about 15 km/h (assumed).
const FUEL_CUT_FROM_MPS: f32 = 4.0;

/// The parameters of one kind of vehicle. The coefficients are those of the source, in g/h.
pub(super) struct FourWheeler {
    /// Rate of a standing engine, mg/s.
    idle_mg_per_s: f32,
    /// Slowing down harder than this, m/s², needs no fuel.
    coast_mps2: f32,
    /// Constant.
    c0: f32,
    /// Of `a·v`.
    c1: f32,
    /// Of `v`.
    c3: f32,
    /// Of `v²`.
    c4: f32,
    /// Of `v³`.
    c5: f32,
}

/// Petrol car, Euro 4 (`PC_G_EU4`): the standard for new cars in Vietnam from 2017 to 2021. Idle 0.6 g/s, about 0.95 l/h (assumed).
pub(super) const CAR: FourWheeler =
    FourWheeler { idle_mg_per_s: 600.0, coast_mps2: 0.5, c0: 9449.0, c1: 938.4, c3: -467.1, c4: 28.26, c5: 0.0 };

/// Diesel van or light truck, Euro 4 (`LDV_D_EU4`). Idle 0.7 g/s, about 0.95 l/h (assumed).
pub(super) const LIGHT_DIESEL: FourWheeler =
    FourWheeler { idle_mg_per_s: 700.0, coast_mps2: 0.5, c0: 3682.0, c1: 915.4, c3: 331.0, c4: 0.0, c5: 0.306 };

/// Urban bus, mean of its fleet (`Bus`). Idle 1.8 g/s, about 2.4 l/h (assumed).
pub(super) const BUS: FourWheeler =
    FourWheeler { idle_mg_per_s: 1800.0, coast_mps2: 0.3, c0: 19030.0, c1: 6475.0, c3: 2073.0, c4: 0.0, c5: 0.0 };

/// Heavy goods vehicle, mean of its fleet (`HDV`); the source tells rigid and articulated ones not apart, so a loaded container truck
/// is understated. Idle 2.0 g/s, about 2.7 l/h (assumed).
pub(super) const HEAVY: FourWheeler =
    FourWheeler { idle_mg_per_s: 2000.0, coast_mps2: 0.3, c0: 26570.0, c1: 7076.0, c3: 1753.0, c4: 0.0, c5: 0.0 };

impl FourWheeler {
    /// The polynomial without its acceleration term, mg/s.
    #[inline]
    fn fitted_mg_per_s(&self, v: f32) -> f32 {
        (self.c0 + v * (self.c3 + v * (self.c4 + v * self.c5))) / 3.6
    }

    /// CO₂, mg/s.
    #[inline]
    pub(super) fn co2_mg_per_s(&self, v: f32, a: f32) -> f32 {
        if v > FUEL_CUT_FROM_MPS && a < -self.coast_mps2 {
            return 0.0;
        }
        let steady = if v < CHORD_MPS {
            self.idle_mg_per_s + (self.fitted_mg_per_s(CHORD_MPS) - self.idle_mg_per_s) * (v / CHORD_MPS)
        } else {
            self.fitted_mg_per_s(v)
        };
        (steady + self.c1 * a * v / 3.6).max(self.idle_mg_per_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_the_chord_it_is_the_published_polynomial() {
        // By hand, in g/h: 9449 + 938.4·0.3·20 − 467.1·20 + 28.26·400 = 17 041.4.
        assert!((CAR.co2_mg_per_s(20.0, 0.3) - 17_041.4 / 3.6).abs() < 0.5);
        // 3682 + 331·20 + 0.306·8000 = 12 750.
        assert!((LIGHT_DIESEL.co2_mg_per_s(20.0, 0.0) - 12_750.0 / 3.6).abs() < 0.5);
        // 19030 + 6475·0.2·16 + 2073·16 = 72 918; 26570 + 7076·0.2·16 + 1753·16 = 77 261.2.
        assert!((BUS.co2_mg_per_s(16.0, 0.2) - 72_918.0 / 3.6).abs() < 1.0);
        assert!((HEAVY.co2_mg_per_s(16.0, 0.2) - 77_261.2 / 3.6).abs() < 1.0);
    }

    #[test]
    fn the_chord_meets_the_polynomial_without_a_step() {
        for kind in [CAR, LIGHT_DIESEL, BUS, HEAVY] {
            let (below, above) = (kind.co2_mg_per_s(CHORD_MPS - 0.001, 0.0), kind.co2_mg_per_s(CHORD_MPS + 0.001, 0.0));
            assert!((below - above).abs() / above < 1e-3, "{below} against {above}");
        }
    }

    #[test]
    fn a_standing_car_emits_a_quarter_of_what_the_fit_would_say() {
        assert!((CAR.fitted_mg_per_s(0.0) - 2625.0).abs() < 1.0);
        assert_eq!(CAR.co2_mg_per_s(0.0, 0.0), 600.0);
    }
}
