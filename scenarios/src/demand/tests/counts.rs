//! Counts files: what survives, what is refused, and how the message reads.

use crate::demand::{Counts, CountsProblem, FileError, detectors::Detector};
use sim_core::{class::VehicleClass, detector::DetectorKind, ids::LinkId, reference::Ref};

const HEAD: &str = "detector,from,to,class,count,mean_speed_kmh\n";

fn row(detector: &str, from: &str, to: &str, rest: &str) -> String {
    format!("{detector},2026-03-10T{from}:00+07:00,2026-03-10T{to}:00+07:00,{rest}\n")
}

fn problems(text: &str) -> Vec<(u64, CountsProblem)> {
    match Counts::parse("counts.csv", text.as_bytes()) {
        Err(FileError::Rows(rows)) => rows.problems,
        other => panic!("expected bad rows, found {other:?}"),
    }
}

fn detector(name: &str) -> Detector {
    Detector::new(name, DetectorKind::Loop, LinkId(0), 0.0, 2.0)
}

#[test]
fn one_file_in_two_habits_reads_the_same() {
    let plain = format!("{HEAD}{}{}", row("A", "06:30", "06:45", "motorcycle,812.5,27.5"), row("A", "06:30", "06:45", "car,64,"));
    let spreadsheet = "\u{feff}detector;from;to;class;count;mean_speed_kmh\r\n\
        A;2026-03-10 06:30+07:00;2026-03-10 06:45+07:00;Motorcycle;812,5;27,5\r\n\
        A;2026-03-10 06:30+07:00;2026-03-10 06:45+07:00;car;64;\r\n";
    let (a, b) = (Counts::parse("counts.csv", plain.as_bytes()).unwrap(), Counts::parse("counts.csv", spreadsheet.as_bytes()).unwrap());
    assert_eq!(a, b);
    assert_eq!((a.rows()[0].count, a.rows()[0].class), (812.5, VehicleClass::Motorcycle));
    assert!((a.rows()[0].mean_speed_mps.unwrap() - 27.5 / 3.6).abs() < 1e-12);
    assert_eq!(a.zone_offset_s(), 7 * 3600);
}

#[test]
fn every_bad_row_is_listed_with_its_line() {
    let text = format!(
        "{HEAD}{}{}{}{}{}{}",
        row("A", "06:30", "06:45", "motorcycle,-3,"),
        row("A", "06:30", "06:45", "motorbicycle,3,"),
        row("A", "06:45", "06:30", "car,3,"),
        row("A", "06:30", "06:45", "car,1.234,"),
        row("A", "06:30", "06:45", "bus,many,"),
        "A,06:30,06:45,car,3,\n",
    );
    let found = problems(&text);
    let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 7], "{found:?}");
    assert_eq!(found[0].1, CountsProblem::Negative { count: -3.0 });
    assert!(matches!(&found[1].1, CountsProblem::BadClass { near: Some("motorcycle"), .. }), "{found:?}");
    assert!(matches!(found[2].1, CountsProblem::BadInterval { length_s: -900.0, .. }));
    assert!(matches!(found[3].1, CountsProblem::Ambiguous { .. }));
    assert!(matches!(found[4].1, CountsProblem::BadNumber { column: "count", .. }));
    assert!(matches!(found[5].1, CountsProblem::BadTime { column: "from", .. }));
    let message = Counts::parse("counts.csv", text.as_bytes()).unwrap_err().to_string();
    assert!(message.starts_with("counts.csv:2: counts -3 vehicles, expected 0 or more"), "{message}");
    assert!(message.contains("counts.csv:3: unknown vehicle class `motorbicycle`, did you mean `motorcycle`?"), "{message}");
    assert!(
        message.contains("counts.csv:5: `count` is `1.234`: a thousands separator or a decimal? write it without separator, like 1234")
    );
}

#[test]
fn overlapping_intervals_are_refused_across_midnight_too() {
    let text = format!("{HEAD}{}{}", row("A", "06:30", "06:45", "car,3,"), row("A", "06:40", "06:55", "car,3,"));
    assert!(matches!(&problems(&text)[..], [(3, CountsProblem::Overlap { other: 2, .. })]));
    let other_class = format!("{HEAD}{}{}", row("A", "06:30", "06:45", "car,3,"), row("A", "06:40", "06:55", "bus,3,"));
    assert!(Counts::parse("counts.csv", other_class.as_bytes()).is_ok());
    let night = format!(
        "{HEAD}A,2026-03-10T23:30:00+07:00,2026-03-11T00:30:00+07:00,car,3,\nA,2026-03-11T00:15:00+07:00,2026-03-11T00:30:00+07:00,car,1,\n"
    );
    assert!(matches!(&problems(&night)[..], [(3, CountsProblem::Overlap { other: 2, .. })]));
}

#[test]
fn two_zones_of_time_in_a_file_are_refused() {
    let text = format!("{HEAD}{}A,2026-03-10T00:00:00Z,2026-03-10T00:15:00Z,car,3,\n", row("A", "06:30", "06:45", "car,3,"));
    let found = problems(&text);
    assert!(matches!(&found[..], [(3, CountsProblem::TwoZones { first_line: 2, .. })]), "{found:?}");
    assert_eq!(found[0].1.to_string(), "is in zone +00:00, but line 2 is in zone +07:00; write all times of a file in one zone");
}

#[test]
fn unknown_detectors_silent_ones_and_gaps_are_reported() {
    let text = format!(
        "{HEAD}{}{}{}",
        row("QL91-Nord", "06:30", "06:45", "car,3,"),
        row("QL91-South", "06:30", "06:45", "car,3,"),
        row("QL91-South", "07:00", "07:15", "car,5,"),
    );
    let counts = Counts::parse("counts.csv", text.as_bytes()).unwrap();
    let report = counts.check(&[detector("QL91-North"), detector("QL91-South")]);
    assert!(!report.is_ok());
    assert_eq!((report.unknown[0].line, report.unknown[0].near.clone()), (2, Some(Ref::from("QL91-North"))));
    assert_eq!(report.silent, [Ref::from("QL91-North")]);
    assert_eq!(report.gaps.len(), 1);
    let message = report.to_string();
    assert!(message.starts_with("counts.csv:2: unknown detector `QL91-Nord` (1 rows); did you mean `QL91-North`?"), "{message}");
    assert!(message.contains("QL91-South recorded nothing on 2026-03-10 from 06:45 to 07:00: taken as unknown, not as zero"), "{message}");
    assert!(counts.check(&[detector("QL91-Nord"), detector("QL91-South")]).is_ok());
}

#[test]
fn of_several_days_the_median_one_is_representative() {
    let day = |d: u8, count: u32| format!("A,2026-03-{d:02}T06:30:00+07:00,2026-03-{d:02}T06:45:00+07:00,car,{count},\n");
    let counts = Counts::parse("counts.csv", format!("{HEAD}{}{}{}", day(9, 900), day(10, 100), day(11, 400)).as_bytes()).unwrap();
    assert_eq!(counts.representative_day().unwrap().to_string(), "2026-03-11");
    assert_eq!(counts.on(counts.days()[0]).rows().len(), 1);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Counts::read(std::path::Path::new("no/such/counts.csv")).unwrap_err().to_string();
    assert!(error.starts_with("no/such/counts.csv: cannot be read:"), "{error}");
}
