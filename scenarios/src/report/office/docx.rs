//! `report.docx`: the text and tables of a report for the office's own template (Office Open XML, ECMA-376). Headings are the template's
//! styles `Heading 1` and `Heading 2`; fonts and margins are left to it.

use super::{xml, zip};
use crate::{
    kpi::{Phase, with_interval},
    lang::{Lang, Text},
    report::{
        accidents::accident_lines,
        comparison,
        model::Report,
        moves, summary,
        words::{self, Word},
    },
};
use std::fmt::Write;

/// The document in `lang`.
pub(in crate::report) fn text(report: &Report, lang: Lang) -> Vec<u8> {
    let mut body = String::new();
    heading(&mut body, 1, Word::Report.get(lang));
    let names: Vec<&str> = report.sides.iter().map(|s| s.name.as_str()).collect();
    for (term, fact) in [
        (Word::Scenario, names.join(" · ")),
        (Word::Map, report.map.name.clone()),
        (Word::Measured, report.measured(lang)),
        (Word::Runs, report.seeds.len().to_string()),
    ] {
        paragraph(&mut body, None, &format!("{}: {fact}", term.get(lang)));
    }
    heading(&mut body, 2, Word::Summary.get(lang));
    if report.sides.len() == 1 {
        summary::sentences(report, &report.sides[0], lang).iter().for_each(|s| paragraph(&mut body, Some("ListBullet"), s));
    }
    for variant in report.sides.iter().skip(1) {
        let rows = comparison::pairs(&report.sides[0], variant);
        paragraph(&mut body, Some("Strong"), &words::against(lang, &variant.name, &report.sides[0].name));
        comparison::sentences(&rows, &report.sides[0], variant, lang).iter().for_each(|s| paragraph(&mut body, Some("ListBullet"), s));
        moves::sentences(report, variant, lang).iter().for_each(|s| paragraph(&mut body, Some("ListBullet"), s));
        if let Some(found) = variant.accidents.as_ref().filter(|a| a.conflicts.is_some()) {
            heading(&mut body, 2, &format!("{}: {}", Word::Accidents.get(lang), variant.name));
            accident_lines(found, lang).iter().for_each(|s| paragraph(&mut body, Some("ListBullet"), s));
        }
        heading(&mut body, 2, &format!("{}: {}", Word::Differences.get(lang), variant.name));
        let mut cells = vec![[Text::Id, Text::Indicator, Text::Difference, Text::Unit, Text::Verdict].map(|t| t.get(lang).to_owned())];
        cells.extend(rows.iter().map(|row| {
            let d = row.difference();
            [
                row.spec.id.to_owned(),
                row.spec.name(lang).to_owned(),
                with_interval(lang, d.mean, Some(d.half_width)),
                row.spec.unit.label(lang).to_owned(),
                row.verdict().label(lang).to_owned(),
            ]
        }));
        table(&mut body, &cells);
    }
    heading(&mut body, 2, Word::Indicators.get(lang));
    let mut cells = vec![[Text::Id, Text::Indicator, Text::Value, Text::Unit, Text::Status2028].map(|t| t.get(lang).to_owned())];
    cells.extend(report.sides[0].known_rows().iter().map(|row| {
        [
            row.spec.id.to_owned(),
            row.spec.name(lang).to_owned(),
            row.value.number().map_or_else(|| "–".to_owned(), |v| with_interval(lang, v, row.value.half_width())),
            row.spec.unit.label(lang).to_owned(),
            row.status(Phase::To2028).label(lang).to_owned(),
        ]
    }));
    table(&mut body, &cells);
    heading(&mut body, 2, Word::Assumptions.get(lang));
    let mut told: Vec<&str> = Vec::new();
    for text in report.sides.iter().flat_map(|s| &s.assumptions).map(|a| a.get(lang)) {
        if !told.contains(&text) {
            told.push(text);
            paragraph(&mut body, Some("ListBullet"), text);
        }
    }
    heading(&mut body, 2, Word::Reproduce.get(lang));
    paragraph(&mut body, None, &format!("agtwin {}: {}", report.version, report.command));
    for side in &report.sides {
        side.inputs.iter().for_each(|i| paragraph(&mut body, None, &format!("{}: {} ({})", side.name, i.name, i.xxh3)));
    }
    document(&body)
}

fn paragraph(out: &mut String, style: Option<&str>, text: &str) {
    let style = style.map_or_else(String::new, |s| format!("<w:pPr><w:pStyle w:val=\"{s}\"/></w:pPr>"));
    let _ = write!(out, "<w:p>{style}<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", xml(text));
}

fn heading(out: &mut String, level: u8, text: &str) {
    paragraph(out, Some(&format!("Heading{level}")), text);
}

fn table<const N: usize>(out: &mut String, rows: &[[String; N]]) {
    out.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"0\" w:type=\"auto\"/><w:tblBorders>");
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(out, "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"808080\"/>");
    }
    out.push_str("</w:tblBorders></w:tblPr><w:tblGrid>");
    (0..N).for_each(|_| out.push_str("<w:gridCol/>"));
    out.push_str("</w:tblGrid>");
    for (i, row) in rows.iter().enumerate() {
        let head = if i == 0 { "<w:trPr><w:tblHeader/></w:trPr>" } else { "" };
        let _ = write!(out, "<w:tr>{head}");
        let bold = if i == 0 { "<w:rPr><w:b/></w:rPr>" } else { "" };
        for cell in row {
            let _ = write!(out, "<w:tc><w:p><w:r>{bold}<w:t xml:space=\"preserve\">{}</w:t></w:r></w:p></w:tc>", xml(cell));
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl><w:p/>");
}

fn document(body: &str) -> Vec<u8> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let style = |id: &str, name: &str, kind: &str, rest: &str| {
        format!("<w:style w:type=\"{kind}\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{rest}</w:style>")
    };
    let headings = |size: u8| {
        format!("<w:pPr><w:keepNext/><w:spacing w:before=\"240\" w:after=\"80\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"{size}\"/></w:rPr>")
    };
    let styles = [
        style("Heading1", "heading 1", "paragraph", &headings(34)),
        style("Heading2", "heading 2", "paragraph", &headings(26)),
        style("ListBullet", "List Bullet", "paragraph", "<w:pPr><w:ind w:left=\"360\"/><w:spacing w:after=\"60\"/></w:pPr>"),
        style("Strong", "Strong paragraph", "paragraph", "<w:rPr><w:b/></w:rPr>"),
        style("TableGrid", "Table Grid", "table", ""),
    ]
    .concat();
    // A4, margins of 2 cm.
    let page = "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr>";
    let types = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    zip::archive(&[
        ("[Content_Types].xml", format!("{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"{types}.document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"{types}.styles+xml\"/></Types>").into_bytes()),
        ("_rels/.rels", format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"word/document.xml\"/></Relationships>").into_bytes()),
        ("word/_rels/document.xml.rels", format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/></Relationships>").into_bytes()),
        ("word/styles.xml", format!("{HEAD}<w:styles xmlns:w=\"{MAIN}\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\"/><w:sz w:val=\"24\"/></w:rPr></w:rPrDefault></w:docDefaults>{styles}</w:styles>").into_bytes()),
        ("word/document.xml", format!("{HEAD}<w:document xmlns:w=\"{MAIN}\"><w:body>{body}{page}</w:body></w:document>").into_bytes()),
    ])
}
