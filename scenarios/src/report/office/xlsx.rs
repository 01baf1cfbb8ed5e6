//! `report.xlsx`: the tables of a report as sheets (Office Open XML, ECMA-376), numbers as numbers.

use super::{xml, zip};
use crate::{
    kpi::{Bilingual, KpiValue, Phase},
    lang::{Lang, Text},
    report::{comparison, model::Report, summary, words::Word},
};
use std::fmt::Write;

enum Cell {
    Text(String),
    Number(f64),
    Head(String),
}

type Sheet = (String, Vec<Vec<Cell>>);

/// The workbook in `lang`.
pub(in crate::report) fn tables(report: &Report, lang: Lang) -> Vec<u8> {
    let mut sheets = vec![indicators(report, lang)];
    for variant in report.sides.iter().skip(1) {
        sheets.push(differences(report, variant, lang));
    }
    sheets.push(links(report, lang));
    sheets.push(sources(report, lang));
    book(&sheets)
}

fn heads(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|t| Cell::Head((*t).to_owned())).collect()
}

fn optional(value: Option<f64>) -> Cell {
    value.map_or_else(|| Cell::Text(String::new()), Cell::Number)
}

fn indicators(report: &Report, lang: Lang) -> Sheet {
    let t = |text: Text| text.get(lang);
    let mut rows = vec![heads(&[
        t(Text::Scenario),
        t(Text::Id),
        t(Text::Indicator),
        t(Text::Value),
        t(Text::HalfWidth),
        t(Text::Unit),
        t(Text::Target2028),
        t(Text::Status2028),
        t(Text::Target2035),
        t(Text::Status2035),
        t(Text::Notes),
    ])];
    for side in &report.sides {
        for row in side.known_rows() {
            let target = |p| row.spec.target(p).map_or("", |x| x.label(lang)).to_owned();
            let why: Option<&Bilingual> = match &row.value {
                KpiValue::NotSupplied { what } => Some(what),
                KpiValue::NotYetEvaluated { needs } => Some(needs),
                KpiValue::NotApplicable { why } => Some(why),
                KpiValue::Number { .. } | KpiValue::ByClass { .. } => None,
            };
            let notes: Vec<&str> = why.into_iter().chain(&row.notes).chain(&row.shortfall).map(|n| n.get(lang)).collect();
            rows.push(vec![
                Cell::Text(side.name.clone()),
                Cell::Text(row.spec.id.to_owned()),
                Cell::Text(row.spec.name(lang).to_owned()),
                optional(row.value.number()),
                optional(row.value.half_width()),
                Cell::Text(row.spec.unit.label(lang).to_owned()),
                Cell::Text(target(Phase::To2028)),
                Cell::Text(row.status(Phase::To2028).label(lang).to_owned()),
                Cell::Text(target(Phase::To2035)),
                Cell::Text(row.status(Phase::To2035).label(lang).to_owned()),
                Cell::Text(notes.join("; ")),
            ]);
        }
    }
    (lang.pick("Chỉ tiêu", "Indicators").to_owned(), rows)
}

fn differences(report: &Report, variant: &crate::report::Side, lang: Lang) -> Sheet {
    let t = |text: Text| text.get(lang);
    let mut rows = vec![heads(&[
        t(Text::Id),
        t(Text::Indicator),
        t(Text::Base),
        t(Text::Variant),
        t(Text::Difference),
        "± 95 %",
        "bootstrap 2.5 %",
        "bootstrap 97.5 %",
        t(Text::Unit),
        t(Text::Verdict),
    ])];
    for row in comparison::pairs(&report.sides[0], variant) {
        let ([base, other], d, [low, high]) = (row.means(), row.difference(), row.bootstrap());
        rows.push(vec![
            Cell::Text(row.spec.id.to_owned()),
            Cell::Text(row.spec.name(lang).to_owned()),
            Cell::Number(base),
            Cell::Number(other),
            Cell::Number(d.mean),
            Cell::Number(d.half_width),
            Cell::Number(low),
            Cell::Number(high),
            Cell::Text(row.spec.unit.label(lang).to_owned()),
            Cell::Text(row.verdict().label(lang).to_owned()),
        ]);
    }
    (variant.name.clone(), rows)
}

fn links(report: &Report, lang: Lang) -> Sheet {
    let w = |word: Word| word.get(lang);
    let mut rows = vec![heads(&[
        w(Word::Scenario),
        "ref",
        w(Word::Street),
        w(Word::LengthM),
        w(Word::VehiclesColumn),
        w(Word::DelayColumn),
        w(Word::SpeedColumn),
        w(Word::QueueColumn),
        "CO₂ (kg)",
        w(Word::MapConflicts),
    ])];
    for side in &report.sides {
        for total in &side.totals {
            let Some(link) = report.links.get(total.link) else { continue };
            let km = f64::from(link.length_m) / 1000.0;
            rows.push(vec![
                Cell::Text(side.name.clone()),
                Cell::Text(link.ref_.clone()),
                Cell::Text(summary::place(report, total, lang)),
                Cell::Number(f64::from(link.length_m)),
                Cell::Number(total.vehicles),
                Cell::Number(total.delay_h),
                optional(summary::link_speed(report, total)),
                Cell::Number(total.queue_m),
                Cell::Number(total.co2_kg),
                Cell::Number(if km > 0.0 { total.conflicts / km } else { 0.0 }),
            ]);
        }
    }
    (lang.pick("Đoạn đường", "Links").to_owned(), rows)
}

fn sources(report: &Report, lang: Lang) -> Sheet {
    let w = |word: Word| word.get(lang);
    let mut rows = vec![vec![Cell::Head(w(Word::Reproduce).to_owned()), Cell::Text(report.command.clone())]];
    rows.push(vec![Cell::Head(w(Word::Version).to_owned()), Cell::Text(format!("agtwin {}", report.version))]);
    let seeds: Vec<String> = report.seeds.iter().map(u64::to_string).collect();
    rows.push(vec![Cell::Head(w(Word::Seeds).to_owned()), Cell::Text(seeds.join(" "))]);
    for side in &report.sides {
        for input in &side.inputs {
            rows.push(vec![Cell::Text(format!("{}: {}", side.name, input.name)), Cell::Text(input.xxh3.clone())]);
        }
    }
    for text in report.sides.iter().flat_map(|s| &s.assumptions) {
        rows.push(vec![Cell::Head(w(Word::Assumptions).to_owned()), Cell::Text(text.get(lang).to_owned())]);
    }
    (w(Word::Data).to_owned(), rows)
}

/// Columns as a spreadsheet names them: A to Z, AA and on.
fn column(mut n: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + (n % 26) as u8));
        n /= 26;
        if n == 0 {
            return name;
        }
        n -= 1;
    }
}

/// A sheet's name as the format allows it: at most 31 characters, some not, none twice.
fn sheet_names(sheets: &[Sheet]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in sheets {
        let plain: String = name.chars().map(|c| if "[]:*?/\\'".contains(c) { '-' } else { c }).collect();
        let cut = |most: usize| plain.chars().take(most).collect::<String>();
        let free = (1..).map(|n| if n == 1 { cut(31) } else { format!("{} ({n})", cut(25)) }).find(|n| !names.contains(n));
        names.push(free.expect("one number is free"));
    }
    names
}

fn book(sheets: &[Sheet]) -> Vec<u8> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let (mut types, mut list, mut relations) = (String::new(), String::new(), String::new());
    for (i, name) in sheet_names(sheets).iter().enumerate() {
        let n = i + 1;
        let _ = write!(
            types,
            "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        );
        let _ = write!(list, "<sheet name=\"{}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>", xml(name));
        let _ = write!(relations, "<Relationship Id=\"rId{n}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>");
    }
    let styles = sheets.len() + 1;
    let _ = write!(relations, "<Relationship Id=\"rId{styles}\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/>");
    let mut files: Vec<(String, String)> = vec![
        (
            "[Content_Types].xml".into(),
            format!(
                "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>{types}</Types>"
            ),
        ),
        (
            "_rels/.rels".into(),
            format!(
                "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        ("xl/workbook.xml".into(), format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{list}</sheets></workbook>")),
        (
            "xl/_rels/workbook.xml.rels".into(),
            format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}</Relationships>"),
        ),
        (
            "xl/styles.xml".into(),
            format!(
                "{HEAD}<styleSheet xmlns=\"{MAIN}\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/><xf numFmtId=\"4\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
            ),
        ),
    ];
    for (i, (_, rows)) in sheets.iter().enumerate() {
        let mut data = String::new();
        for (r, row) in rows.iter().enumerate() {
            let _ = write!(data, "<row r=\"{}\">", r + 1);
            for (c, cell) in row.iter().enumerate() {
                let at = format!("{}{}", column(c), r + 1);
                let _ = match cell {
                    Cell::Number(v) if v.is_finite() => write!(data, "<c r=\"{at}\" s=\"2\"><v>{v}</v></c>"),
                    Cell::Number(_) => Ok(()),
                    Cell::Text(t) => write!(data, "<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", xml(t)),
                    Cell::Head(t) => {
                        write!(data, "<c r=\"{at}\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", xml(t))
                    }
                };
            }
            data.push_str("</row>");
        }
        let columns = "<cols><col min=\"1\" max=\"2\" width=\"24\" customWidth=\"1\"/><col min=\"3\" max=\"3\" width=\"58\" customWidth=\"1\"/><col min=\"4\" max=\"12\" width=\"18\" customWidth=\"1\"/></cols>";
        files.push((
            format!("xl/worksheets/sheet{}.xml", i + 1),
            format!("{HEAD}<worksheet xmlns=\"{MAIN}\">{columns}<sheetData>{data}</sheetData></worksheet>"),
        ));
    }
    zip::archive(&files.iter().map(|(name, text)| (name.as_str(), text.clone().into_bytes())).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_sheets_are_named_as_spreadsheets_do() {
        assert_eq!([column(0), column(25), column(26), column(701), column(702)], ["A", "Z", "AA", "ZZ", "AAA"]);
        let long = "a/very [long] name of a scenario that nobody reads".to_owned();
        let names = sheet_names(&[(long.clone(), vec![]), (long, vec![])]);
        assert_eq!(names, ["a-very -long- name of a scenari", "a-very -long- name of a s (2)"]);
    }
}
