//! Registers good and bad, the shipped template and the illustrative one.

use super::*;
use crate::kpi::testing;
use sim_core::ids::{JunctionId, LinkId};

const HEADER: &str = "name = \"t\"\nas_of = \"2026-09-30\"\nillustrative = false\nsource = \"t\"\n";

fn read(tables: &[(&str, &str)]) -> Result<Register, RegisterError> {
    let header = [("register.toml", HEADER)];
    let given = tables.iter().any(|(name, _)| *name == "register.toml");
    let files = header.iter().filter(|_| !given).chain(tables);
    Register::from_files(&files.map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect())
}

/// The only problem of a register, as a person reads it.
fn problem(tables: &[(&str, &str)]) -> String {
    let error = read(tables).expect_err("a bad register");
    assert_eq!(error.problems().len(), 1, "{error}");
    error.problems()[0].to_string()
}

/// The only problem of a register on the test network.
fn problem_on_map(tables: &[(&str, &str)]) -> String {
    let error = read(tables).expect("good tables").on(&testing::network()).expect_err("refs that are not there");
    assert_eq!(error.problems().len(), 1, "{error}");
    error.problems()[0].to_string()
}

#[test]
fn a_table_filled_in_with_a_spreadsheet_is_read_as_it_is() {
    let saved =
        "\u{feff}id;kind;lat;lon;reach_m;connected;since\r\n# một dòng ghi chú\r\na;camera;10,5;105,25;250;có;30/09/2026\r\n;;;;;;\r\n";
    let register = read(&[("sensors.csv", saved)]).unwrap();
    assert_eq!(register.sensors.len(), 1);
    let sensor = &register.sensors[0];
    assert_eq!(sensor.site, SensorSite::Position(sim_core::geometry::LatLon { lat: 10.5, lon: 105.25 }));
    assert!(sensor.is_connected);
    assert_eq!(sensor.since, chrono::NaiveDate::from_ymd_opt(2026, 9, 30));
    assert_eq!(sensor.line, 3);
}

#[test]
fn each_wrong_cell_is_named_with_its_file_and_line() {
    for (file, text, expected) in [
        (
            "trackers.csv",
            "fleet,vehicles,equipped,as_of\nA,10,12,2026-01-01\n",
            "trackers.csv:2: `equipped` is 12, more than the fleet's 10 vehicles",
        ),
        (
            "trackers.csv",
            "fleet,vehicles,equipped,as_of\nA,1.150,980,2026-01-01\n",
            "trackers.csv:2: `vehicles` is `1.150`, expected a whole number from 0, without separators",
        ),
        (
            "trackers.csv",
            "fleet,vehicles,equipped,as_of\nA,10,8,yesterday\n",
            "trackers.csv:2: `as_of` is `yesterday`, expected a day as 2026-09-30 or 30/09/2026",
        ),
        (
            "sensors.csv",
            "id,kind,lat,lon,reach_m,connected\na,camara,10,105,99,yes\n",
            "sensors.csv:2: `kind` is `camara`; did you mean `camera`?; expected one of camera, radar, loop, weigh_in_motion, other",
        ),
        (
            "sensors.csv",
            "id,kind,lat,lon,reach_m,connected\n\n# x\na,camera,10,105,99,maybe\n",
            "sensors.csv:4: `connected` is `maybe`, expected `yes` or `no` (`có`, `không`)",
        ),
        (
            "sensors.csv",
            "id,kind,lat,lon,reach_m,connected\na,camera,105,10,99,yes\n",
            "sensors.csv:2: `lat` is `105`, expected a number from -90 to 90",
        ),
        (
            "sensors.csv",
            "id,kind,ref,lat,lon,reach_m,connected\na,camera,,,,99,yes\n",
            "sensors.csv:2: no place; give `ref`, or `lat` and `lon`",
        ),
        (
            "sensors.csv",
            "id,kind,ref,lat,lon,reach_m,connected\na,camera,x,10,105,99,yes\n",
            "sensors.csv:2: both `ref` and a position; give one of them",
        ),
        ("sensors.csv", "id,kind,ref,reach_m,connected\na,camera,x,,yes\n", "sensors.csv:2: `reach_m` is empty"),
        ("sensors.csv", "id,kind,ref,reach_m,connected\na,camera,x,9,yes\na,camera,x,9,yes\n", "sensors.csv:3: id `a` is used twice"),
        ("managed-routes.csv", "road,sensor,control,forecast\nQL91,yes,,no\n", "managed-routes.csv:2: `control` is empty"),
        ("managed-routes.csv", "road,sensor,control,forecast\nQL91,yes,no,no,no\n", "managed-routes.csv:2: 5 cells, the header has 4"),
        (
            "managed-routes.csv",
            "road,sensors,control,forecast\n",
            "managed-routes.csv:1: column `sensor` is missing; expected `road,sensor,control,forecast,since,note`",
        ),
        ("adaptive-signals.csv", "junction,since,since\n", "adaptive-signals.csv:1: column `since` appears twice"),
        ("adaptive-signals.csv", "", "adaptive-signals.csv: empty; expected the header `junction,since,note`"),
        ("adaptive-signals.csv", "junction\na\na\n", "adaptive-signals.csv:3: junction `a` is listed twice"),
        (
            "external.csv",
            "indicator,value,as_of,source\nK19,1,2026-01-01,x\n",
            "external.csv:2: `K19` is no indicator that the province supplies; expected one of K05, K21",
        ),
        (
            "weigh-stations.csv",
            "site,weighed,overloaded,as_of\nA,10,12,2026-01-01\n",
            "weigh-stations.csv:2: `overloaded` is 12, more than the 10 weighed",
        ),
        (
            "freight-prices.csv",
            "item,class,value,unit,source\ntime,heavy_truck,190000,VND/l,assumed\n",
            "freight-prices.csv:2: `unit` is `VND/l`, expected `VND/h`",
        ),
        (
            "freight-prices.csv",
            "item,class,value,unit,source\ntime,heavy_truck,190000,VND/h,assumed\n",
            "freight-prices.csv: no row `time,light_truck`, a number of VND/h; 0 where there is none",
        ),
        (
            "freight-prices.csv",
            "item,clas,value,unit,source\n",
            "freight-prices.csv:1: unknown column `clas`; did you mean `class`?; expected `item,class,value,unit,source,note`",
        ),
        ("sensor.csv", "id\n", "sensor.csv: no table of the register has this name; did you mean `sensors.csv`?"),
        ("register.toml", "name = \"t\"\n", "register.toml:1: missing field `as_of`"),
        ("coverage.geojson", "{", "coverage.geojson: not GeoJSON"),
        (
            "coverage.geojson",
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"technology":"4g"},"geometry":null}]}"#,
            "coverage.geojson: feature 1: property `technology` is `4g`, expected `5g` or `fibre`",
        ),
    ] {
        let error = read(&[(file, text)]).expect_err("a bad register");
        let found = error.problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(found.contains(expected), "{file}: {text:?}\nfound    {found}\nexpected {expected}");
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let error = read(&[
        ("trackers.csv", "fleet,vehicles,equipped,as_of\nA,10,12,2026-01-01\nB,x,1,2026-01-01\n"),
        ("managed-routes.csv", "road,sensor,control,forecast\nQL91,yes,ja,no\n"),
    ])
    .unwrap_err();
    assert_eq!(error.problems().len(), 3);
    assert!(error.to_string().starts_with("register: 3 problems\n  trackers.csv:2: "), "{error}");
}

#[test]
fn a_file_that_is_not_text_says_where() {
    let files = [("register.toml".to_owned(), HEADER.as_bytes().to_vec()), ("trackers.csv".to_owned(), b"fleet\n\xff\xfe".to_vec())];
    let error = Register::from_files(&files.into()).unwrap_err();
    assert_eq!(error.problems()[0].to_string(), "trackers.csv:2: not UTF-8 text; save the table as `CSV UTF-8`");
}

#[test]
fn a_register_without_its_header_is_refused() {
    let error = Register::from_files(&BTreeMap::new()).unwrap_err();
    assert!(error.problems()[0].to_string().starts_with("register.toml: missing"), "{error}");
    assert!(problem(&[("register.toml", &HEADER.replace("2026-09-30", "30/09/26"))]).starts_with("register.toml: `as_of` is `30/09/26`"));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let error = Register::read(Path::new("no/such/folder")).unwrap_err();
    assert!(error.to_string().contains("no/such/folder"), "{error}");
}

#[test]
fn a_road_is_known_by_any_spelling_of_its_number_and_by_its_ref() {
    let found = |road: &str| {
        let table = format!("road,sensor,control,forecast\n{road},yes,yes,no\n");
        read(&[("managed-routes.csv", &table)]).unwrap().on(&testing::network()).unwrap().managed.unwrap()
    };
    for road in ["ĐT.941", "ĐT941", "DT 941", "TL941", "dt941-a"] {
        assert_eq!(found(road).into_iter().collect::<Vec<_>>(), [LinkId(1)], "{road}");
    }
}

#[test]
fn a_junction_is_known_by_its_own_ref_and_by_its_controllers() {
    for junction in ["j-second", "c-second"] {
        let table = format!("junction\n{junction}\n");
        let equipment = read(&[("adaptive-signals.csv", &table)]).unwrap().on(&testing::network()).unwrap();
        assert_eq!(equipment.adaptive.unwrap().into_iter().collect::<Vec<_>>(), [JunctionId(1)], "{junction}");
    }
}

#[test]
fn unknown_refs_are_refused_with_near_ones() {
    assert_eq!(
        problem_on_map(&[("managed-routes.csv", "road,sensor,control,forecast\nQL91,yes,no,no\nQL92,no,no,no\n")]),
        "managed-routes.csv:3: no road `QL92` on this map; did you mean `QL91`?"
    );
    assert_eq!(
        problem_on_map(&[("adaptive-signals.csv", "junction\nj-mian\n")]),
        "adaptive-signals.csv:2: no junction `j-mian` on this map; did you mean `j-main`, `c-main`?"
    );
    assert_eq!(
        problem_on_map(&[("sensors.csv", "id,kind,ref,reach_m,connected\na,camera,gates,9,no\n")]),
        "sensors.csv:2: no place `gates` on this map; did you mean `gate`?"
    );
    assert_eq!(
        problem_on_map(&[("monitored-routes.csv", "road,purpose,connected\nQL1000,maintenance,no\n")]),
        "monitored-routes.csv:2: no road `QL1000` on this map"
    );
    assert!(problem_on_map(&[("coverage-roads.csv", "road,technology\nCT35,5g\n")]).contains("`CT34`"));
    assert!(problem_on_map(&[("road-categories.csv", "road,category\nCT35,freight\n")]).contains("`CT34`"));
    let station = "id,kind,name,place,public,automated,iot,digital_payment\na,bus_station,A,gaet,yes,no,no,no\n";
    assert!(problem_on_map(&[("stations-parks.csv", station)]).contains("`gate`"));
}

#[test]
fn an_empty_table_is_nothing_supplied_unless_it_is_declared_complete() {
    let empty = ("adaptive-signals.csv", "junction\n");
    let equipment = read(&[empty]).unwrap().on(&testing::network()).unwrap();
    assert_eq!(equipment.adaptive, None);
    let complete = format!("{HEADER}complete = [\"adaptive-signals\"]\n");
    let equipment = read(&[empty, ("register.toml", &complete)]).unwrap().on(&testing::network()).unwrap();
    assert_eq!(equipment.adaptive.map(|a| a.len()), Some(0));
}

#[test]
fn a_hole_in_an_area_is_outside() {
    let ring = |a: f64, b: f64| format!("[[{a},{a}],[{b},{a}],[{b},{b}],[{a},{b}],[{a},{a}]]");
    let feature = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"technology":"fibre"}},"geometry":{{"type":"MultiPolygon","coordinates":[[{},{}]]}}}}]}}"#,
        ring(0.0, 10.0),
        ring(4.0, 6.0)
    );
    let register = read(&[("coverage.geojson", &feature)]).unwrap();
    let inside = |lat, lon| register.zones[0].contains(sim_core::geometry::LatLon { lat, lon });
    assert!(inside(1.0, 1.0) && inside(5.0, 3.9) && !inside(5.0, 5.0) && !inside(11.0, 5.0));
}

fn shipped(folder: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(folder)
}

#[test]
fn the_template_is_empty_and_has_every_column_of_the_schema() {
    let register = Register::read(&shipped("register-template")).unwrap();
    assert!(!register.header.illustrative && register.header.complete.is_empty());
    let nothing = register.on(&testing::network()).unwrap();
    assert_eq!((nothing.sensors, nothing.adaptive, nothing.managed, nothing.trackers), (None, None, None, None));
    assert!(nothing.coverage.is_empty() && nothing.external.is_empty());
    for (name, bytes) in template() {
        assert_eq!(fs::read(shipped("register-template").join(name)).unwrap(), bytes, "{name}");
    }
    assert_eq!(fs::read_dir(shipped("register-template")).unwrap().count(), template().len());
    let readme = fs::read_to_string(shipped("register-template").join("README.md")).unwrap();
    for kind in TableKind::ALL {
        let text = fs::read_to_string(shipped("register-template").join(kind.file())).unwrap();
        let columns: Vec<&str> = kind.columns().iter().map(|c| c.name).collect();
        assert_eq!(text.trim_end(), columns.join(","), "{}", kind.file());
        // The README explains them in the same order, marks those that must be filled in, and in both languages.
        let section = readme.split("\n## ").find(|s| s.starts_with(kind.file())).unwrap_or_else(|| panic!("no section on {}", kind.file()));
        let explained: Vec<&str> = section.lines().filter(|l| l.starts_with("| `")).collect();
        assert_eq!(explained.len(), columns.len(), "{}", kind.file());
        for (line, column) in explained.iter().zip(kind.columns()) {
            let mark = if column.is_required { " \\*" } else { "" };
            assert!(line.starts_with(&format!("| `{}`{mark} |", column.name)), "{}: {line}", kind.file());
            let cells: Vec<&str> = line.split(" | ").collect();
            assert!(cells.len() == 3 && cells[1..].iter().all(|c| c.len() > 3), "{}: {line}", kind.file());
        }
    }
}

#[test]
fn the_illustrative_register_says_so_in_every_file() {
    let register = illustrative_long_xuyen().unwrap();
    assert!(register.header.illustrative);
    let folder = shipped("long-xuyen-morning/register");
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("MINH HỌA") && text.contains("ILLUSTRATIVE"), "{}", path.display());
    }
    assert_eq!(Register::read(&folder).unwrap(), register, "the folder and what is built in are the same");
}

/// The book's chapter has every table of the schema.
#[test]
fn the_book_names_every_table() {
    let chapter = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/register.md")).unwrap();
    for file in TableKind::ALL.into_iter().map(TableKind::file).chain([HEADER_FILE, COVERAGE_FILE]) {
        assert!(chapter.contains(&format!("`{file}`")), "{file}");
    }
}

/// The embedded map has every road, junction and place that the illustrative register names, and each of its tables gives a value.
#[test]
fn the_illustrative_register_is_on_the_embedded_map() {
    let network = maps::sketch::embedded().unwrap().network;
    let equipment = illustrative_long_xuyen().unwrap().on(&network).unwrap_or_else(|error| panic!("{error}"));
    let rows = crate::kpi::evaluate(&crate::kpi::KpiInput {
        network: &network,
        traffic: None,
        classes: &sim_core::class::ClassTable::default(),
        equipment: Some(&equipment),
        has_illustrative_counts: true,
        informed: None,
    });
    for id in ["K02", "K03", "K04", "K07", "K12", "K13", "K15", "K18", "K20"] {
        let row = rows.iter().find(|r| r.id() == id).unwrap();
        let value = row.value.number().unwrap_or_else(|| panic!("{id}: {:?}", row.value));
        assert!(value > 0.0 && value <= 100.0, "{id}: {value}");
        assert!(row.caveats.contains(&crate::kpi::Caveat::IllustrativeRegister), "{id}");
    }
}
