//! The data file of the classes: a table of parameters by class with units and sources, and its reader. The shipped one travels in the program.

use super::{CLASS_COUNT, ClassParams, ClassTable, VehicleClass};

/// The shipped parameters with their sources.
pub const CLASS_DATA: &str = include_str!("../../data/classes.csv");

/// Every parameter a table has, and its unit.
pub const PARAMETERS: [(&str, &str); 24] = [
    ("length_m", "m"),
    ("width_m", "m"),
    ("desired_speed_mps", "m/s"),
    ("desired_speed_spread", "share"),
    ("headway_s", "s"),
    ("gap0_m", "m"),
    ("accel_mps2", "m/s²"),
    ("brake_comfort_mps2", "m/s²"),
    ("brake_max_mps2", "m/s²"),
    ("brake_wet_mps2", "m/s²"),
    ("clear0_m", "m"),
    ("clear_s", "s"),
    ("lateral_mps", "m/s"),
    ("keeps_lane", "0 or 1"),
    ("critical_gap_s", "s"),
    ("lets_in_share", "share"),
    ("occupancy", "persons"),
    ("pcu", "PCU"),
    ("runs_red_share", "share"),
    ("speeds_share", "share"),
    ("speeds_factor", "factor"),
    ("any_lane_share", "share"),
    ("electric_share", "share"),
    ("start_co2_g", "g"),
];

/// Why a table of classes was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ClassDataError {
    /// The line, from 1.
    pub line: usize,
    /// What was found and what was expected.
    pub problem: String,
}

impl ClassTable {
    /// Reads a table: `parameter,unit,` a column for each class in the order of [`VehicleClass::ALL`], `source`; lines that begin with `#`
    /// are remarks.
    ///
    /// # Errors
    /// A column, parameter or unit that is unknown, a value that is no number, a parameter that is missing, has no source or is out of range.
    pub fn parse(text: &str) -> Result<Self, ClassDataError> {
        let mut values = [[f32::NAN; CLASS_COUNT]; PARAMETERS.len()];
        let mut lines = text.lines().enumerate().map(|(i, l)| (i + 1, l.trim())).filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
        let heading = || {
            let classes = VehicleClass::ALL.map(VehicleClass::name).join(",");
            format!("parameter,unit,{classes},source")
        };
        let (line, first) = lines.next().unwrap_or((1, ""));
        if first != heading() {
            return Err(ClassDataError { line, problem: format!("the heading is `{first}`, expected `{}`", heading()) });
        }
        for (line, row) in lines {
            let bad = |problem: String| ClassDataError { line, problem };
            let cells: Vec<&str> = row.splitn(CLASS_COUNT + 3, ',').map(str::trim).collect();
            let [name, unit, numbers @ .., source] = cells.as_slice() else {
                return Err(bad(format!("`{row}` is no row of a parameter")));
            };
            let Some(n) = PARAMETERS.iter().position(|(known, _)| known == name) else {
                let known: Vec<_> = PARAMETERS.iter().map(|(n, _)| *n).collect();
                return Err(bad(format!("no parameter is called `{name}`; expected one of: {}", known.join(", "))));
            };
            if *unit != PARAMETERS[n].1 {
                return Err(bad(format!("the unit of {name} is `{unit}`, expected `{}`", PARAMETERS[n].1)));
            }
            if !values[n][0].is_nan() {
                return Err(bad(format!("{name} stands here for the second time")));
            }
            if numbers.len() != CLASS_COUNT || source.is_empty() {
                return Err(bad(format!("{name} needs {CLASS_COUNT} numbers and their source, the word \"assumed\" where there is none")));
            }
            for (value, (class, text)) in values[n].iter_mut().zip(VehicleClass::ALL.iter().zip(numbers)) {
                *value = text
                    .parse()
                    .ok()
                    .filter(|v: &f32| v.is_finite())
                    .ok_or_else(|| bad(format!("{name} of {class} is `{text}`, expected a number")))?;
            }
        }
        let end = text.lines().count();
        if let Some(n) = values.iter().position(|v| v[0].is_nan()) {
            return Err(ClassDataError { line: end, problem: format!("there is no row for {}", PARAMETERS[n].0) });
        }
        let of = |name: &str, class: usize| PARAMETERS.iter().position(|(n, _)| *n == name).map_or(f32::NAN, |n| values[n][class]);
        let entry = |class: VehicleClass| {
            let get = |name: &str| of(name, class.index());
            ClassParams {
                length_m: get("length_m"),
                width_m: get("width_m"),
                desired_speed_mps: get("desired_speed_mps"),
                desired_speed_spread: get("desired_speed_spread"),
                headway_s: get("headway_s"),
                gap0_m: get("gap0_m"),
                accel_mps2: get("accel_mps2"),
                brake_comfort_mps2: get("brake_comfort_mps2"),
                brake_max_mps2: get("brake_max_mps2"),
                brake_wet_mps2: get("brake_wet_mps2"),
                clear0_m: get("clear0_m"),
                clear_s: get("clear_s"),
                lateral_mps: get("lateral_mps"),
                keeps_lane: get("keeps_lane") != 0.0,
                critical_gap_s: get("critical_gap_s"),
                lets_in_share: get("lets_in_share"),
                occupancy: get("occupancy"),
                pcu: get("pcu"),
                runs_red_share: get("runs_red_share"),
                speeds_share: get("speeds_share"),
                speeds_factor: get("speeds_factor"),
                any_lane_share: get("any_lane_share"),
                electric_share: get("electric_share"),
                start_co2_g: get("start_co2_g"),
            }
        };
        Self::new(VehicleClass::ALL.map(entry)).map_err(|e| ClassDataError { line: end, problem: e.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_read_and_each_row_has_its_source() {
        let table = ClassTable::parse(CLASS_DATA).unwrap();
        assert_eq!(table, ClassTable::default());
        let motorcycle = table.get(VehicleClass::Motorcycle);
        assert_eq!((motorcycle.length_m, motorcycle.keeps_lane, motorcycle.start_co2_g), (1.9, false, 6.96));
        let articulated = table.get(VehicleClass::ArticulatedTruck);
        assert_eq!((articulated.length_m, articulated.brake_max_mps2, articulated.pcu, articulated.keeps_lane), (16.5, 4.5, 4.0, true));
        assert_eq!((table.get(VehicleClass::Bicycle).critical_gap_s, table.get(VehicleClass::Emergency).accel_mps2), (2.0, 1.6));
        assert_eq!((table.get(VehicleClass::Shuttle).electric_share, table.get(VehicleClass::Bus).occupancy), (1.0, 25.0));
    }

    #[test]
    fn a_table_that_makes_no_sense_is_refused_at_its_line() {
        let refused = |from: &str, to: &str, expected: &str| {
            assert!(CLASS_DATA.contains(from), "{from}");
            let error = ClassTable::parse(&CLASS_DATA.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        refused("parameter,unit,motorcycle", "parameter,unit,moto", "line 4: the heading is");
        refused("width_m,m,", "width,m,", "line 6: no parameter is called `width`");
        refused("length_m,m,", "length_m,cm,", "line 5: the unit of length_m is `cm`, expected `m`");
        refused("length_m,m,1.9,", "length_m,m,long,", "line 5: length_m of motorcycle is `long`, expected a number");
        refused("width_m,m,0.75,", "length_m,m,0.75,", "line 6: length_m stands here for the second time");
        refused("as length", "", "line 6: width_m needs 11 numbers and their source");
        refused("brake_max_mps2,m/s²,6.0", "brake_max_mps2,m/s²,9.0", "class motorcycle: brake_max_mps2 is 9");
        let shorter: String = CLASS_DATA.lines().filter(|l| !l.starts_with("pcu,")).map(|l| format!("{l}\n")).collect();
        assert!(ClassTable::parse(&shorter).unwrap_err().to_string().contains("there is no row for pcu"));
    }

    #[test]
    fn every_parameter_of_the_code_stands_in_the_table() {
        let names = format!("{:?}", ClassTable::default().get(VehicleClass::Car));
        for (name, _) in PARAMETERS {
            assert!(names.contains(&format!("{name}: ")), "{name}");
        }
        assert_eq!(names.matches(": ").count(), PARAMETERS.len());
    }

    #[test]
    fn a_wet_road_takes_braking_and_nothing_else() {
        let (dry, wet) = (ClassTable::default(), ClassTable::default().wet());
        for class in VehicleClass::ALL {
            let (d, w) = (dry.get(class), wet.get(class));
            assert!(
                w.brake_max_mps2 == d.brake_wet_mps2 && w.brake_max_mps2 < d.brake_max_mps2 && w.brake_comfort_mps2 <= w.brake_max_mps2
            );
            let back = ClassParams { brake_max_mps2: d.brake_max_mps2, brake_comfort_mps2: d.brake_comfort_mps2, ..w.clone() };
            assert_eq!(back, *d);
        }
    }
}
