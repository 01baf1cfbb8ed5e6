//! The table as a person sees it.

use super::*;
use crate::kpi::{KpiInput, evaluate, testing};
use sim_core::class::ClassTable;

fn rows() -> Vec<KpiRow> {
    let mut network = testing::network();
    network.meta.is_sketch = true;
    let run = testing::run();
    evaluate(&KpiInput {
        network: &network,
        traffic: Some(&run),
        classes: &ClassTable::default(),
        equipment: None,
        has_illustrative_counts: true,
        informed: None,
    })
}

#[test]
fn no_line_is_wider_than_a_terminal_and_no_cell_falls_out_of_its_column() {
    for lang in Lang::ALL {
        for text in [table(&rows(), lang), catalogue_table(lang)] {
            for line in text.lines() {
                assert!(line.width() <= WIDTH, "{} columns: {line}", line.width());
                assert!(!line.ends_with(' '), "{line:?}");
            }
        }
    }
}

#[test]
fn every_indicator_is_in_both_tables_once() {
    for lang in Lang::ALL {
        for text in [table(&rows(), lang), catalogue_table(lang)] {
            for spec in catalogue() {
                assert_eq!(text.lines().filter(|l| l.starts_with(spec.id)).count(), 1, "{}: {text}", spec.id);
            }
        }
    }
}

#[test]
fn a_value_its_unit_and_status_stand_in_one_line() {
    let text = table(&rows(), Lang::Vi);
    let line = text.lines().find(|l| l.starts_with("B05")).unwrap();
    assert!(line.contains("240*†") && line.contains(" m ") && line.ends_with("không đặt mục tiêu"), "{line}");
    let line = text.lines().find(|l| l.starts_with("K03")).unwrap();
    assert!(line.contains("≥ 70 %") && line.contains("chưa được cung cấp"), "{line}");
}

#[test]
fn what_was_made_up_is_said_below() {
    let text = table(&rows(), Lang::Vi);
    assert!(text.contains("* Bản đồ phác thảo") && text.contains("† Số liệu đếm xe"), "{text}");
    assert!(!text.contains('‡'), "no register was given");
    let text = table(&rows(), Lang::En);
    assert!(text.contains("* Sketch map") && text.contains("† The counts are illustrative"), "{text}");
}

#[test]
fn each_class_has_its_line_under_the_total() {
    let text = table(&rows(), Lang::Vi);
    let after = text.split("B11").nth(1).unwrap();
    let lines: Vec<&str> = after.lines().take(3).collect();
    assert!(lines[0].contains("400"), "{lines:?}");
    assert!(lines[1].contains("– ô tô con") && lines[1].contains("200"), "{lines:?}");
    assert!(lines[2].contains("– xe buýt") && lines[2].contains("1.000"), "{lines:?}");
}

#[test]
fn values_have_the_digits_they_deserve() {
    for (value, half, text) in [
        (1234.56, None, "1,235"),
        (12.34, None, "12.3"),
        (1.234, None, "1.23"),
        (0.0123, None, "0.012"),
        (35.0, None, "35"),
        (2.0, None, "2"),
        (100.0, Some(2.26), "100.0 ± 2.3"),
    ] {
        assert_eq!(with_interval(Lang::En, value, half), text);
    }
}

#[test]
fn words_are_wrapped_by_what_they_look_like() {
    assert_eq!(wrap("nút giao chính trong đô thị", 10), ["nút giao", "chính", "trong đô", "thị"]);
    assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    assert_eq!(wrap("", 4), [""]);
    assert_eq!("ộ".width(), 1);
}
