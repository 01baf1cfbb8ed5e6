//! What one key of a scenario means for another: times in order, the keys that belong to a kind of demand, parameters in range.

use super::{
    error::ScenarioError,
    file::{CircleTable, ClassOverride, DemandKind, DemandTable, FitTable, RoadSurface},
    read::Parsed,
};
use chrono::NaiveDate;
use sim_core::class::{CLASS_COUNT, ClassParams, ClassTable, VehicleClass};

/// The hours of a run, seconds after local midnight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// First moment of the simulation.
    pub from_s: f64,
    /// From here on indicators count.
    pub measured_from_s: f64,
    /// Last moment at which anybody wishes to leave.
    pub to_s: f64,
    /// At most so long after it the simulation goes on until every trip has ended, seconds.
    pub cool_down_s: f64,
    /// Interval of the measurements per road, seconds.
    pub interval_s: f64,
    /// Length of a step, seconds.
    pub step_s: f32,
}

/// Where demand comes from, with what that kind needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// Recorded counts.
    Counts {
        /// Path of the counts.
        counts: String,
        /// Path of the detectors.
        detectors: String,
        /// Where zones come from.
        zones: Zoning,
        /// The day to rebuild; `None` for the median one.
        day: Option<NaiveDate>,
        /// How the table is fitted.
        fit: FitTable,
    },
    /// An origin-destination table.
    Od {
        /// Path of the table.
        od: String,
        /// Where zones come from.
        zones: Zoning,
        /// Detectors to measure at.
        detectors: Option<String>,
    },
    /// A list of trips, or a route file of SUMO.
    Trips {
        /// Path of the list.
        trips: String,
        /// Detectors to measure at.
        detectors: Option<String>,
    },
    /// Made up.
    Synthetic {
        /// Vehicles an hour; `None` for a moderate load.
        per_hour: Option<f64>,
        /// Share of each class; empty for the shipped mix.
        mix: Vec<(VehicleClass, f64)>,
        /// Detectors to measure at.
        detectors: Option<String>,
    },
}

/// Where zones come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Zoning {
    /// Path of the zone points; `None` for the map's settlements.
    pub file: Option<String>,
    /// Only what lies in here.
    pub region: Option<CircleTable>,
}

/// A scenario that makes sense by itself; what it says about a map is checked when the map is there.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file it came from, for errors found later.
    pub parsed: Parsed,
    /// Its hours.
    pub window: Window,
    /// Its demand.
    pub demand: Demand,
    /// Its vehicle classes.
    pub classes: ClassTable,
}

impl Scenario {
    /// Checks a parsed file.
    ///
    /// # Errors
    /// The first thing that makes no sense, at its line.
    pub fn new(parsed: Parsed) -> Result<Self, ScenarioError> {
        let file = &parsed.file;
        if file.name.trim().is_empty() {
            return Err(parsed.error_at("name", "the name is empty; the result folder is named after it"));
        }
        let window = window(&parsed)?;
        let demand = demand(&parsed)?;
        let classes = classes(&parsed)?;
        Ok(Self { window, demand, classes, parsed })
    }
}

/// Nobody is waited for longer, seconds.
const MOST_COOL_DOWN_S: f64 = 86_400.0;

fn window(parsed: &Parsed) -> Result<Window, ScenarioError> {
    let time = &parsed.file.time;
    let (from_s, to_s) = (time.from.seconds(), time.to.seconds());
    if to_s <= from_s {
        let message = format!("the run ends at {} and begins at {}; expected an end after the beginning", time.to, time.from);
        return Err(parsed.error_at("time.to", message));
    }
    let warm_up_s = time.warm_up.base();
    if !(0.0..to_s - from_s).contains(&warm_up_s) {
        let message = format!("a warm-up of {} leaves nothing to measure between {} and {}", time.warm_up, time.from, time.to);
        return Err(parsed.error_at("time.warm_up", message));
    }
    let cool_down_s = time.cool_down.base();
    if !(0.0..=MOST_COOL_DOWN_S).contains(&cool_down_s) {
        let message = format!("a cool-down of {}, expected 0 s to 24 h", time.cool_down);
        return Err(parsed.error_at("time.cool_down", message));
    }
    let interval_s = time.interval.base();
    if !(60.0..=7200.0).contains(&interval_s) {
        let message = format!("measurement intervals of {}, expected 1 min to 2 h", time.interval);
        return Err(parsed.error_at("time.interval", message));
    }
    let step = parsed.file.step;
    if !(0.1..=1.0).contains(&step.base()) {
        return Err(parsed.error_at("step", format!("a step of {step}, expected 0.1 s to 1 s")));
    }
    Ok(Window { from_s, measured_from_s: from_s + warm_up_s, to_s, cool_down_s, interval_s, step_s: step.base() as f32 })
}

/// The keys of `[demand]` and whether the table has each.
fn keys(t: &DemandTable) -> [(&'static str, bool); 11] {
    [
        ("counts", t.counts.is_some()),
        ("detectors", t.detectors.is_some()),
        ("zones", t.zones.is_some()),
        ("region", t.region.is_some()),
        ("day", t.day.is_some()),
        ("od", t.od.is_some()),
        ("trips", t.trips.is_some()),
        ("flow", t.flow.is_some()),
        ("mix", !t.mix.is_empty()),
        ("illustrative", t.illustrative),
        ("fit", t.fit.is_some()),
    ]
}

fn demand(parsed: &Parsed) -> Result<Demand, ScenarioError> {
    let t = &parsed.file.demand;
    let (kind, needed, allowed): (_, &[&str], &[&str]) = match t.kind {
        DemandKind::Counts => ("counts", &["counts", "detectors"], &["zones", "region", "day", "illustrative", "fit"]),
        DemandKind::Od => ("od", &["od"], &["zones", "region", "detectors"]),
        DemandKind::Trips => ("trips", &["trips"], &["detectors"]),
        DemandKind::Synthetic => ("synthetic", &[], &["flow", "mix", "detectors"]),
    };
    for (key, is_set) in keys(t) {
        if is_set && !needed.contains(&key) && !allowed.contains(&key) {
            let message = format!("`{key}` has no meaning for demand of kind `{kind}`; remove it or change the kind");
            return Err(parsed.error_at(&format!("demand.{key}"), message));
        }
        if !is_set && needed.contains(&key) {
            return Err(parsed.error_at("demand.kind", format!("demand of kind `{kind}` needs the key `{key}`")));
        }
    }
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    if let Some(circle) = t.region
        && !(circle.centre[0].abs() <= 90.0 && circle.centre[1].abs() <= 180.0 && circle.radius.base() > 0.0)
    {
        let message = "expected a centre of latitude (within ±90) and longitude (within ±180) and a radius above 0 m";
        return Err(parsed.error_at("demand.region", message));
    }
    let zones = Zoning { file: t.zones.clone(), region: t.region };
    Ok(match t.kind {
        DemandKind::Counts => {
            let fit = t.fit.clone().unwrap_or_default();
            if !(1..=20).contains(&fit.iterations) {
                let message = format!("{} iterations, expected 1 to 20", fit.iterations);
                return Err(parsed.error_at("demand.fit.iterations", message));
            }
            if !(0.0..=0.5).contains(&fit.hold_out.base()) {
                let message = format!("{} of the detectors held out, expected 0 % to 50 %", fit.hold_out);
                return Err(parsed.error_at("demand.fit.hold_out", message));
            }
            let day = t.day.as_deref().map(|d| {
                let refuse = |_| parsed.error_at("demand.day", format!("`{d}` is not a day; expected `YYYY-MM-DD`"));
                d.parse::<NaiveDate>().map_err(refuse)
            });
            Demand::Counts { counts: text(&t.counts), detectors: text(&t.detectors), zones, day: day.transpose()?, fit }
        }
        DemandKind::Od => Demand::Od { od: text(&t.od), zones, detectors: t.detectors.clone() },
        DemandKind::Trips => Demand::Trips { trips: text(&t.trips), detectors: t.detectors.clone() },
        DemandKind::Synthetic => {
            let per_hour = t.flow.map(|f| f.base());
            if let (Some(flow), Some(n)) = (t.flow, per_hour)
                && !(0.0..=1e7).contains(&n)
            {
                return Err(parsed.error_at("demand.flow", format!("a flow of {flow}, expected 0 to 10 million veh/h")));
            }
            let mix: Vec<_> = t.mix.iter().map(|(c, s)| (c.0, s.base())).collect();
            let sum: f64 = mix.iter().map(|(_, s)| s).sum();
            if !mix.is_empty() && (mix.iter().any(|(_, s)| *s < 0.0) || (sum - 1.0).abs() > 0.005) {
                let message = format!("the shares add up to {:.1} %, expected 100 % and none below 0", sum * 100.0);
                return Err(parsed.error_at("demand.mix", message));
            }
            Demand::Synthetic { per_hour, mix, detectors: t.detectors.clone() }
        }
    })
}

fn classes(parsed: &Parsed) -> Result<ClassTable, ScenarioError> {
    let shipped = ClassTable::default();
    let entries: [ClassParams; CLASS_COUNT] = VehicleClass::ALL.map(|class| {
        let own = parsed.file.classes.iter().find(|(name, _)| name.0 == class);
        overridden(shipped.get(class).clone(), own.map(|(_, o)| o))
    });
    let table = ClassTable::new(entries).map_err(|e| {
        let message = format!("{e} (in SI units)");
        parsed.error_at(&format!("classes.{}.{}", e.class, key_of(e.parameter)), message)
    })?;
    Ok(match parsed.file.road_surface {
        RoadSurface::Dry => table,
        RoadSurface::Wet => table.wet(),
    })
}

/// The scenario's key for an engine parameter.
fn key_of(parameter: &str) -> &str {
    match parameter {
        "length_m" => "length",
        "width_m" => "width",
        "desired_speed_mps" => "desired_speed",
        "headway_s" => "headway",
        "gap0_m" => "gap",
        "accel_mps2" => "acceleration",
        "brake_comfort_mps2" => "braking",
        "brake_max_mps2" => "hardest_braking",
        "brake_wet_mps2" => "hardest_braking_wet",
        "clear0_m" => "clearance",
        "clear_s" => "clearance_growth",
        "lateral_mps" => "sideways_speed",
        "critical_gap_s" => "critical_gap",
        "lets_in_share" => "lets_in",
        "electric_share" => "electric",
        "start_co2_g" => "cold_start_co2",
        other => other,
    }
}

fn overridden(mut p: ClassParams, own: Option<&ClassOverride>) -> ClassParams {
    let Some(o) = own else { return p };
    let put = |to: &mut f32, value: Option<f64>| {
        if let Some(v) = value {
            *to = v as f32;
        }
    };
    put(&mut p.length_m, o.length.map(|q| q.base()));
    put(&mut p.width_m, o.width.map(|q| q.base()));
    put(&mut p.desired_speed_mps, o.desired_speed.map(|q| q.base()));
    put(&mut p.desired_speed_spread, o.desired_speed_spread.map(|q| q.base()));
    put(&mut p.headway_s, o.headway.map(|q| q.base()));
    put(&mut p.gap0_m, o.gap.map(|q| q.base()));
    put(&mut p.accel_mps2, o.acceleration.map(|q| q.base()));
    put(&mut p.brake_comfort_mps2, o.braking.map(|q| q.base()));
    let dry_mps2 = p.brake_max_mps2;
    put(&mut p.brake_max_mps2, o.hardest_braking.map(|q| q.base()));
    // Who brakes less on a dry road does so on a wet one, unless it is said how much.
    p.brake_wet_mps2 *= (p.brake_max_mps2 / dry_mps2).min(1.0);
    put(&mut p.brake_wet_mps2, o.hardest_braking_wet.map(|q| q.base()));
    put(&mut p.clear0_m, o.clearance.map(|q| q.base()));
    put(&mut p.clear_s, o.clearance_growth.map(|q| q.base()));
    put(&mut p.lateral_mps, o.sideways_speed.map(|q| q.base()));
    put(&mut p.pcu, o.pcu.map(|q| q.base()));
    p.keeps_lane = o.keeps_lane.unwrap_or(p.keeps_lane);
    put(&mut p.critical_gap_s, o.critical_gap.map(|q| q.base()));
    put(&mut p.lets_in_share, o.lets_in.map(|q| q.base()));
    put(&mut p.occupancy, o.occupancy.map(|q| q.base()));
    put(&mut p.electric_share, o.electric.map(|q| q.base()));
    put(&mut p.start_co2_g, o.cold_start_co2.map(|q| q.base()));
    put(&mut p.runs_red_share, o.runs_red_share.map(|q| q.base()));
    put(&mut p.speeds_share, o.speeds_share.map(|q| q.base()));
    put(&mut p.speeds_factor, o.speeds_factor.map(|q| q.base()));
    put(&mut p.any_lane_share, o.any_lane_share.map(|q| q.base()));
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "name = \"x\"\nmap = \"embedded\"\n[time]\nfrom = \"06:30\"\nto = \"08:30\"\nwarm_up = \"30 min\"\n[demand]\nkind = \"synthetic\"\n";

    fn checked(text: &str) -> Result<Scenario, String> {
        Scenario::new(Parsed::read("s.toml", text, &[]).map_err(|e| e.to_string())?).map_err(|e| e.to_string())
    }

    fn refused(text: &str) -> String {
        checked(text).map(|_| ()).unwrap_err()
    }

    #[test]
    fn hours_become_seconds_and_the_warm_up_is_left_out_of_the_measured_part() {
        let w = checked(GOOD).unwrap().window;
        assert_eq!((w.from_s, w.measured_from_s, w.to_s, w.cool_down_s), (23_400.0, 25_200.0, 30_600.0, 7_200.0));
    }

    #[test]
    fn times_out_of_order_point_at_the_culprit() {
        assert!(refused(&GOOD.replace("08:30", "06:30")).starts_with("s.toml:5:6: the run ends at 06:30"));
        assert!(refused(&GOOD.replace("30 min", "2 h")).starts_with("s.toml:6:11: a warm-up of 2 h"));
        assert!(
            refused(&GOOD.replace("[demand]", "cool_down = \"25 h\"\n[demand]"))
                .starts_with("s.toml:7:13: a cool-down of 25 h, expected 0 s to 24 h")
        );
        assert!(refused(&GOOD.replace("map =", "step = \"2 s\"\nmap =")).contains("expected 0.1 s to 1 s"));
    }

    #[test]
    fn each_kind_of_demand_has_its_own_keys() {
        assert!(refused(&GOOD.replace("synthetic", "counts")).contains("needs the key `counts`"));
        assert!(refused(&format!("{GOOD}od = \"od.csv\"\n")).contains("`od` has no meaning for demand of kind `synthetic`"));
        assert!(refused(&format!("{GOOD}mix = {{ car = \"30 %\", motorcycle = \"60 %\" }}\n")).contains("add up to 90.0 %"));
    }

    /// Every key of `[classes.NAME]`, with a value that no class is shipped with.
    const EVERY_KEY: [(&str, &str, f32); 24] = [
        ("length", "\"3.3 m\"", 3.3),
        ("width", "\"1.1 m\"", 1.1),
        ("desired_speed", "\"36 km/h\"", 10.0),
        ("desired_speed_spread", "\"12 %\"", 0.12),
        ("headway", "\"0.9 s\"", 0.9),
        ("gap", "\"70 cm\"", 0.7),
        ("acceleration", "\"1.3 m/s²\"", 1.3),
        ("braking", "\"2.1 m/s2\"", 2.1),
        ("hardest_braking", "\"5.5 m/s²\"", 5.5),
        ("hardest_braking_wet", "\"3.3 m/s²\"", 3.3),
        ("clearance", "\"33 cm\"", 0.33),
        ("clearance_growth", "\"0.04 s\"", 0.04),
        ("sideways_speed", "\"0.7 m/s\"", 0.7),
        ("keeps_lane", "true", 1.0),
        ("critical_gap", "\"1.7 s\"", 1.7),
        ("occupancy", "\"1.6 persons\"", 1.6),
        ("pcu", "\"0.4 PCU\"", 0.4),
        ("runs_red_share", "\"3 %\"", 0.03),
        ("speeds_share", "\"20 %\"", 0.2),
        ("speeds_factor", "\"120 %\"", 1.2),
        ("any_lane_share", "\"5 %\"", 0.05),
        ("lets_in", "\"40 %\"", 0.4),
        ("electric", "\"30 %\"", 0.3),
        ("cold_start_co2", "\"8 g\"", 8.0),
    ];

    #[test]
    fn every_parameter_of_every_class_can_be_replaced_and_nothing_else_changes() {
        use sim_core::class::PARAMETERS;
        for class in VehicleClass::ALL {
            for (parameter, _) in PARAMETERS {
                let (key, text, value) = EVERY_KEY.into_iter().find(|(k, ..)| *k == key_of(parameter)).unwrap();
                // The hardest braking of a class is at least its comfortable one; all else stands alone.
                let scenario = checked(&format!("{GOOD}[classes.{class}]\n{key} = {text}\n")).unwrap();
                let (own, shipped) = (scenario.classes.get(class), ClassTable::default());
                let field = |p: &ClassParams| {
                    let shown = format!("{p:?}").replace("false", "0").replace("true", "1");
                    let (_, rest) = shown.split_once(&format!("{parameter}: ")).unwrap();
                    rest.split([',', ' ', '}']).next().unwrap().parse::<f32>().unwrap()
                };
                assert!((field(own) - value).abs() < 1e-5, "{class}: {key} is {}", field(own));
                for other in VehicleClass::ALL.into_iter().filter(|o| *o != class) {
                    assert_eq!(scenario.classes.get(other), shipped.get(other), "{key} of {class} changes {other}");
                }
            }
        }
        assert_eq!(EVERY_KEY.len(), PARAMETERS.len(), "no key without a parameter");
    }

    #[test]
    fn a_misspelt_key_of_a_class_and_a_wrong_unit_are_told_with_the_right_one() {
        let shown = Parsed::read("s.toml", &format!("{GOOD}[classes.car]\nhedway = \"1 s\"\n"), &[]).unwrap_err().to_string();
        assert!(shown.contains("unknown key `hedway`; did you mean `headway`?"), "{shown}");
        let shown = Parsed::read("s.toml", &format!("{GOOD}[classes.car]\npcu = 2\n"), &[]).unwrap_err().to_string();
        assert!(shown.contains("2 is a bare number; a number of passenger-car units carries its unit"), "{shown}");
        let shown = refused(&format!("{GOOD}[classes.car]\nclearance = \"9 m\"\n"));
        assert!(shown.starts_with("s.toml:10:13: class car: clear0_m is 9, expected 0 to 2 m"), "{shown}");
    }

    #[test]
    fn on_a_wet_road_nobody_brakes_as_hard() {
        let wet = |more: &str| {
            checked(&GOOD.replace("map =", "road_surface = \"wet\"\nmap =").replace("[time]", &format!("{more}[time]"))).unwrap()
        };
        let car = |s: &Scenario| s.classes.get(VehicleClass::Car).brake_max_mps2;
        assert_eq!((car(&checked(GOOD).unwrap()), car(&wet(""))), (6.0, 4.2));
        assert!(
            (car(&wet("[classes.car]\nhardest_braking = \"3 m/s²\"\n")) - 2.1).abs() < 1e-5,
            "half of the dry braking, half of the wet"
        );
        assert!((car(&wet("[classes.car]\nhardest_braking_wet = \"3.5 m/s²\"\n")) - 3.5).abs() < 1e-5);
    }

    #[test]
    fn a_class_parameter_replaces_the_shipped_one_and_is_held_to_its_range() {
        let scenario = checked(&format!("{GOOD}[classes.car]\nlength = \"5 m\"\n")).unwrap();
        assert_eq!(scenario.classes.get(VehicleClass::Car).length_m, 5.0);
        assert_eq!(scenario.classes.get(VehicleClass::Taxi), ClassTable::default().get(VehicleClass::Taxi));
        let scenario = checked(&format!("{GOOD}[classes.motorcycle]\nelectric = \"30 %\"\ncold_start_co2 = \"0.008 kg\"\n")).unwrap();
        let motorcycle = scenario.classes.get(VehicleClass::Motorcycle);
        assert!((motorcycle.electric_share - 0.3).abs() < 1e-6 && (motorcycle.start_co2_g - 8.0).abs() < 1e-5, "{motorcycle:?}");
        let shown = refused(&format!("{GOOD}[classes.car]\nelectric = \"130 %\"\n"));
        assert!(shown.starts_with("s.toml:10:12: class car: electric_share is 1.3, expected 0 to 1"), "{shown}");
        let shown = refused(&format!("{GOOD}[classes.car]\nlength = \"50 m\"\n"));
        assert!(shown.starts_with("s.toml:10:10: class car: length_m is 50, expected 1.0 to 18 m"), "{shown}");
    }
}
