//! A ranking for people: a table, a spreadsheet, and the curve of what is saved against how many are equipped.

use super::{Held, Ranking};
use crate::{
    kpi::signed,
    lang::{Lang, integer, number},
    report::escaped,
};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

fn heads(lang: Lang) -> [&'static str; 7] {
    match lang {
        Lang::Vi => {
            ["Thứ tự", "Nút giao", "Chậm trễ tại nút (xe·giờ)", "Lượt xe", "Dự đoán giảm (xe·giờ)", "Giảm so với gốc (xe·giờ)", "%"]
        }
        Lang::En => ["Order", "Junction", "Delay there (veh·h)", "Vehicles", "Promised (veh·h)", "Saved against the base (veh·h)", "%"],
    }
}

fn rows(ranking: &Ranking, lang: Lang) -> Vec<[String; 7]> {
    let of = |(n, step): (usize, &super::Step)| {
        let c = &ranking.candidates[step.candidate];
        [
            (n + 1).to_string(),
            c.name.clone(),
            number(lang, c.delay_h, 1),
            number(lang, c.vehicles, 0),
            signed(lang, step.promised_h, 1),
            format!("{} ± {}", signed(lang, step.saved_h.mean, 1), number(lang, step.saved_h.half_width, 1)),
            number(lang, step.saved_h.mean / ranking.base_delay_h * 100.0, 1),
        ]
    };
    ranking.steps.iter().enumerate().map(of).collect()
}

fn held_name(held: &Held, nth: usize, lang: Lang) -> String {
    let count = held.junctions.len();
    match held.what.as_str() {
        "ranking" => lang.pick("xếp hạng này", "this ranking").to_owned(),
        "busiest" => format!("{count} {}", lang.pick("nút đông xe nhất", "busiest junctions")),
        _ => format!("{count} {} {nth}", lang.pick("nút ngẫu nhiên, lượt", "junctions at random, draw")),
    }
}

/// The table for a person.
pub fn table(ranking: &Ranking, lang: Lang) -> String {
    let mut out = String::new();
    let (vi, en) = (
        format!(
            "{}: lắp bộ điều khiển {} tại nút nào trước? {} nút có thể lắp, {} hạt giống; chậm trễ của gốc (K19): {} xe·giờ.",
            ranking.scenario,
            ranking.controller,
            ranking.candidates.len(),
            ranking.seeds.len(),
            number(lang, ranking.base_delay_h, 1)
        ),
        format!(
            "{}: where to install {} first? {} junctions can be equipped, {} seeds; delay of the base (K19): {} veh·h.",
            ranking.scenario,
            ranking.controller,
            ranking.candidates.len(),
            ranking.seeds.len(),
            number(lang, ranking.base_delay_h, 1)
        ),
    );
    let _ = writeln!(out, "{}\n", lang.pick(&vi, &en));
    let mut cells = vec![heads(lang).map(str::to_owned)];
    cells.extend(rows(ranking, lang));
    let widths: [usize; 7] = std::array::from_fn(|c| cells.iter().map(|r| r[c].width()).max().unwrap_or(0));
    for row in &cells {
        let mut line = String::new();
        for (c, cell) in row.iter().enumerate() {
            let fill = " ".repeat(widths[c] - cell.width());
            line.push_str(&if c == 1 { format!("{cell}{fill}  ") } else { format!("{fill}{cell}  ") });
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out.push_str(&against(ranking, lang));
    out
}

/// How it does against others under seeds that the search never saw.
fn against(ranking: &Ranking, lang: Lang) -> String {
    if ranking.held.is_empty() {
        return String::new();
    }
    let count = ranking.held_seeds.len();
    let (vi, en) = (
        format!("Kiểm tra với {count} hạt giống mà việc tìm kiếm chưa dùng:"),
        format!("Held against others over {count} seeds that the search never saw:"),
    );
    let mut out = format!("\n{}\n", lang.pick(&vi, &en));
    let mut random = 0;
    for held in &ranking.held {
        random += usize::from(held.what == "random");
        let of = |i: &crate::kpi::Interval| format!("{} ± {}", signed(lang, i.mean, 1), number(lang, i.half_width, 1));
        let saved = of(&held.saved_h);
        let more = of(&held.ranking_saves_more_h);
        let name = held_name(held, random, lang);
        let _ = match (held.what.as_str(), lang) {
            ("ranking", Lang::Vi) => writeln!(out, "  {name}: giảm {saved} xe·giờ"),
            ("ranking", Lang::En) => writeln!(out, "  {name}: saves {saved} veh·h"),
            (_, Lang::Vi) => writeln!(out, "  {name}: giảm {saved} xe·giờ; xếp hạng này giảm nhiều hơn {more}"),
            (_, Lang::En) => writeln!(out, "  {name}: saves {saved} veh·h; this ranking saves {more} more"),
        };
    }
    let _ = writeln!(out, "\n{}", conclusion(ranking, lang));
    out
}

/// What the sets that the search never saw show, in plain words; empty where nothing was held against anything.
fn conclusion(ranking: &Ranking, lang: Lang) -> String {
    let others = |what: &str| ranking.held.iter().filter(|h| h.what == what).collect::<Vec<_>>();
    let is_better = |h: &&Held| h.ranking_saves_more_h.mean > h.ranking_saves_more_h.half_width;
    let is_worse = |h: &&Held| -h.ranking_saves_more_h.mean > h.ranking_saves_more_h.half_width;
    let Some(busiest) = others("busiest").first().copied() else { return String::new() };
    let random = others("random");
    let (beaten, of) = (random.iter().filter(|h| is_better(h)).count(), random.len());
    let count = busiest.junctions.len();
    let same_set = ranking.held.iter().any(|h| h.what == "ranking" && h.junctions == busiest.junctions);
    let against_busiest = if same_set {
        match lang {
            Lang::Vi => format!("Xếp hạng này chính là {count} nút đông xe nhất: chưa tập nút nào được chứng tỏ tốt hơn."),
            Lang::En => format!("This ranking is the {count} busiest junctions themselves: no other set was shown to save more."),
        }
    } else if is_better(&busiest) {
        match lang {
            Lang::Vi => format!("Đã chứng tỏ tốt hơn {count} nút đông xe nhất (tin cậy 95 %)."),
            Lang::En => format!("It is shown to save more than the {count} busiest junctions (95 % confidence)."),
        }
    } else if is_worse(&busiest) {
        match lang {
            Lang::Vi => {
                format!("CHÚ Ý: {count} nút đông xe nhất giảm được NHIỀU HƠN xếp hạng này (tin cậy 95 %); hãy chọn các nút đông xe nhất.")
            }
            Lang::En => format!("NOTE: the {count} busiest junctions save MORE than this ranking (95 % confidence); take the busiest."),
        }
    } else {
        match lang {
            Lang::Vi => format!(
                "CHÚ Ý: CHƯA chứng tỏ tốt hơn {count} nút đông xe nhất; chọn các nút đông xe nhất cũng không kém, hoặc tăng --seeds và --held-seeds."
            ),
            Lang::En => format!(
                "NOTE: it is NOT shown to save more than the {count} busiest junctions; taking the busiest is as good a choice, or search with more --seeds and --held-seeds."
            ),
        }
    };
    if of == 0 {
        return against_busiest;
    }
    match lang {
        Lang::Vi => format!("{against_busiest} Tốt hơn {beaten} trong {of} lượt chọn ngẫu nhiên (tin cậy 95 %)."),
        Lang::En => format!("{against_busiest} Shown to save more than {beaten} of {of} random draws (95 % confidence)."),
    }
}

/// The same for a spreadsheet, UTF-8 with a byte-order mark, as the spreadsheet of the language expects it.
pub fn csv(ranking: &Ranking, lang: Lang) -> String {
    let separator = lang.pick(";", ",");
    let decimal = |v: f64| {
        let text = format!("{v}");
        if lang == Lang::Vi { text.replace('.', ",") } else { text }
    };
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let heads: &[&str] = match lang {
        Lang::Vi => &[
            "Thứ tự",
            "Mã nút",
            "Nút giao",
            "Chậm trễ tại nút (xe·giờ)",
            "Lượt xe",
            "Dự đoán giảm (xe·giờ)",
            "Chậm trễ toàn mạng (xe·giờ)",
            "Giảm so với gốc (xe·giờ)",
            "±",
        ],
        Lang::En => &[
            "Order",
            "Ref",
            "Junction",
            "Delay there (veh·h)",
            "Vehicles",
            "Promised (veh·h)",
            "Delay of all (veh·h)",
            "Saved against the base (veh·h)",
            "±",
        ],
    };
    let mut out = String::from('\u{feff}');
    out.push_str(&heads.iter().map(|h| quoted(h)).collect::<Vec<_>>().join(separator));
    out.push_str("\r\n");
    for (n, step) in ranking.steps.iter().enumerate() {
        let c = &ranking.candidates[step.candidate];
        let cells = [
            (n + 1).to_string(),
            quoted(&c.junction),
            quoted(&c.name),
            decimal(c.delay_h),
            decimal(c.vehicles),
            decimal(step.promised_h),
            decimal(step.delay_h),
            decimal(step.saved_h.mean),
            decimal(step.saved_h.half_width),
        ];
        out.push_str(&cells.join(separator));
        out.push_str("\r\n");
    }
    out
}

/// The curve of what is saved against the number equipped, with its intervals, as an SVG picture.
pub fn curve(ranking: &Ranking, lang: Lang) -> String {
    let (width, height, left, bottom) = (760.0, 420.0, 74.0, 360.0);
    let points: Vec<(f64, f64)> =
        std::iter::once((0.0, 0.0)).chain(ranking.steps.iter().map(|s| (s.saved_h.mean, s.saved_h.half_width))).collect();
    let high = points.iter().map(|p| p.0 + p.1).fold(1e-9, f64::max) * 1.05;
    let low = points.iter().map(|p| p.0 - p.1).fold(0.0, f64::min) * 1.05;
    let x = |n: usize| left + (width - left - 30.0) * n as f64 / (points.len() - 1).max(1) as f64;
    let y = |v: f64| bottom - (bottom - 50.0) * (v - low) / (high - low);
    let title = lang.pick("Chậm trễ giảm được theo số nút được lắp", "Delay saved by the number of junctions equipped");
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"14\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"{left}\" y=\"26\" font-size=\"17\" font-weight=\"700\">{title}</text>\n"
    );
    for i in 0..=4 {
        let v = low + (high - low) * f64::from(i) / 4.0;
        let _ = writeln!(
            out,
            "<path d=\"M{left} {0:.1}H{1}\" stroke=\"#d7dade\"/><text x=\"{2}\" y=\"{3:.1}\" text-anchor=\"end\" fill=\"#444\">{4}</text>",
            y(v),
            width - 20.0,
            left - 8.0,
            y(v) + 5.0,
            number(lang, v, usize::from(high < 20.0))
        );
    }
    let line: String =
        points.iter().enumerate().map(|(n, p)| format!("{}{:.1} {:.1}", if n == 0 { 'M' } else { 'L' }, x(n), y(p.0))).collect();
    let _ = writeln!(out, "<path d=\"{line}\" fill=\"none\" stroke=\"#1b4f9c\" stroke-width=\"2.5\"/>");
    for (n, (mean, half)) in points.iter().enumerate() {
        let name = n.checked_sub(1).map_or("", |i| ranking.candidates[ranking.steps[i].candidate].name.as_str());
        let _ = writeln!(
            out,
            "<g><title>{}</title><path d=\"M{1:.1} {2:.1}V{3:.1}\" stroke=\"#1b4f9c\" stroke-opacity=\"0.45\" stroke-width=\"2\"/><circle cx=\"{1:.1}\" cy=\"{4:.1}\" r=\"4.5\" fill=\"#1b4f9c\"/></g><text x=\"{1:.1}\" y=\"{5}\" text-anchor=\"middle\" fill=\"#444\">{6}</text>",
            escaped(name),
            x(n),
            y(mean - half),
            y(mean + half),
            y(*mean),
            bottom + 20.0,
            integer(lang, n as u64)
        );
    }
    let axis = lang.pick(
        "số nút được lắp; trục đứng: xe·giờ giảm được, với khoảng 95 % trên các hạt giống của việc tìm kiếm",
        "junctions equipped; upright: vehicle-hours saved, with the 95 % interval over the search's seeds",
    );
    let _ = writeln!(out, "<text x=\"{left}\" y=\"{}\" fill=\"#444\">{axis}</text>\n</svg>", bottom + 44.0);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::Interval;

    /// A ranking whose busiest and random sets it beats by these means, each ± 2 vehicle-hours.
    fn held(busiest: f64, random: &[f64], is_the_busiest: bool) -> Ranking {
        let set = |what: &str, junctions: Vec<usize>, more: f64| Held {
            what: what.to_owned(),
            junctions,
            delay_h: 100.0,
            saved_h: Interval { mean: 10.0, half_width: 2.0 },
            ranking_saves_more_h: Interval { mean: more, half_width: 2.0 },
        };
        let mut held = vec![set("ranking", if is_the_busiest { vec![1, 2] } else { vec![0, 1] }, 0.0), set("busiest", vec![1, 2], busiest)];
        held.extend(random.iter().map(|more| set("random", vec![3, 4], *more)));
        Ranking {
            schema_version: super::super::RANK_SCHEMA_VERSION,
            kind: "agtwin-rank".into(),
            version: "0".into(),
            scenario: "x".into(),
            command: "agtwin rank".into(),
            controller: "actuated".into(),
            seeds: vec![1, 2],
            held_seeds: vec![3, 4],
            base_delay_h: 110.0,
            candidates: Vec::new(),
            steps: Vec::new(),
            compared: Vec::new(),
            held,
            simulations: 1,
            assumptions: Vec::new(),
        }
    }

    #[test]
    fn what_is_shown_and_what_is_not_is_said_in_plain_words() {
        let said = |busiest, random: &[f64], same| conclusion(&held(busiest, random, same), Lang::En);
        let shown = said(3.0, &[5.0, 1.0, 4.0], false);
        assert!(
            shown.starts_with("It is shown to save more than the 2 busiest")
                && shown.ends_with("more than 2 of 3 random draws (95 % confidence).")
        );
        assert!(said(1.9, &[], false).starts_with("NOTE: it is NOT shown to save more than the 2 busiest junctions"));
        assert!(said(-1.9, &[], false).contains("NOT shown"), "not shown to be worse either");
        assert!(said(-2.1, &[], false).contains("the 2 busiest junctions save MORE than this ranking"));
        assert!(
            said(0.0, &[3.0], true)
                .starts_with("This ranking is the 2 busiest junctions themselves: no other set was shown to save more. Shown")
        );
        let vi = conclusion(&held(1.0, &[3.0], false), Lang::Vi);
        assert!(
            vi.starts_with("CHÚ Ý: CHƯA chứng tỏ tốt hơn 2 nút đông xe nhất")
                && vi.ends_with("Tốt hơn 1 trong 1 lượt chọn ngẫu nhiên (tin cậy 95 %).")
        );
        assert!(table(&held(1.0, &[], false), Lang::En).contains("NOT shown"), "the table ends with it");
        let nothing = Ranking { held: Vec::new(), ..held(1.0, &[], false) };
        assert_eq!(conclusion(&nothing, Lang::En), "");
    }
}
