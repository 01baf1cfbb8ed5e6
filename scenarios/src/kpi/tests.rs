//! The indicators against sums by hand, and each of them without one of its inputs.

use super::{testing, *};
use crate::register::Register;
use sim_core::class::VehicleClass;
use std::collections::BTreeMap;

fn files(tables: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let header = "name = \"t\"\nas_of = \"2026-09-30\"\nillustrative = true\nsource = \"t\"\n";
    let all = [("register.toml", header)];
    all.iter().chain(tables).map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

fn equipment(tables: &[(&str, &str)]) -> Equipment {
    Register::from_files(&files(tables)).expect("a good register").on(&testing::network()).expect("known refs")
}

fn rows_of(network: &RoadNetwork, traffic: Option<&TrafficSummary>, equipment: Option<&Equipment>) -> Vec<KpiRow> {
    evaluate(&KpiInput { network, traffic, classes: &ClassTable::default(), equipment, has_illustrative_counts: false, informed: None })
}

fn row<'r>(rows: &'r [KpiRow], id: &str) -> &'r KpiRow {
    rows.iter().find(|r| r.id() == id).expect("every indicator has a row")
}

fn value(rows: &[KpiRow], id: &str) -> f64 {
    row(rows, id).value.number().unwrap_or_else(|| panic!("{id}: {:?}", row(rows, id).value))
}

const SENSORS: (&str, &str) = (
    "sensors.csv",
    "id,kind,ref,lat,lon,reach_m,connected\na,camera,gate,,,300,yes\nb,camera,j-main,,,200,yes\nc,camera,j-second,,,500,no\n",
);
const SIGNALS: (&str, &str) = ("adaptive-signals.csv", "junction\nj-main\nc-street\n");
const MONITORED: (&str, &str) = ("monitored-routes.csv", "road,purpose,connected\nCT34,maintenance,yes\n");
const MANAGED: (&str, &str) = ("managed-routes.csv", "road,sensor,control,forecast\nQL91,yes,no,yes\nCT34,yes,no,no\n");
const RADIO: (&str, &str) = ("coverage-roads.csv", "road,technology\nQL91,5g\nCT34,5g\nQL91,fibre\nĐT941,fibre\n");
const TRACKERS: (&str, &str) = ("trackers.csv", "fleet,vehicles,equipped,as_of\na,300,200,2026-09-30\nb,100,40,2026-09-30\n");
const STATIONS: (&str, &str) = (
    "stations-parks.csv",
    "id,kind,name,public,automated,iot,digital_payment,free_space_forecast\n\
     a,bus_station,A,yes,yes,yes,yes,\nb,car_park,B,yes,no,yes,yes,yes\nc,car_park,C,no,yes,yes,yes,\n",
);
const EXTERNAL: (&str, &str) =
    ("external.csv", "indicator,value,as_of,source\nK21,42.5,2026-09-30,Công an tỉnh\nK05,12.5,2026-09-30,Công an tỉnh\n");
const SCALES: (&str, &str) = ("weigh-stations.csv", "site,weighed,overloaded,as_of\na,150,6,2026-09-30\nb,50,2,2026-09-30\n");
const PRICES: (&str, &str) = ("freight-prices.csv", include_str!("../../data/long-xuyen-morning/register/freight-prices.csv"));
const ALL: [(&str, &str); 10] = [SENSORS, SIGNALS, MONITORED, MANAGED, RADIO, TRACKERS, STATIONS, EXTERNAL, SCALES, PRICES];

fn full() -> Equipment {
    equipment(&ALL)
}

#[test]
fn every_indicator_has_exactly_one_row_in_the_order_of_the_catalogue() {
    let rows = rows_of(&testing::network(), None, None);
    let ids: Vec<_> = rows.iter().map(KpiRow::id).collect();
    let expected: Vec<_> = catalogue().iter().map(|s| s.id).collect();
    assert_eq!(ids, expected);
}

/// Delays by hand: 4160 − 4000 − 100 = 60 s; 1800 s; 600 s: 2460 s over three trips.
#[test]
fn congestion_counts_everybody_who_wished_to_leave() {
    let (network, run) = (testing::network(), testing::run());
    let rows = rows_of(&network, Some(&run), None);
    assert!((value(&rows, "K19") - 2460.0 / 3600.0).abs() < 1e-12);
    assert!((value(&rows, "B01") - 820.0).abs() < 1e-9);
    assert!((value(&rows, "B02") - 160.0 / 60.0).abs() < 1e-12);
    assert!((value(&rows, "B03") - 36.0).abs() < 1e-9, "40 km in 4000 s");
    assert_eq!(value(&rows, "B04"), 2.0, "two arrivals in the hour, one of a trip that left before it");
    assert_eq!(value(&rows, "B05"), 240.0);
    assert_eq!(value(&rows, "B06"), 2.0);
    assert!((value(&rows, "B07") - 610.0 / 3600.0).abs() < 1e-12);
    assert_eq!(value(&rows, "B08"), 2.0);
    assert_eq!(value(&rows, "B09"), 4.0, "(3 + 5) ÷ 2: who never entered has no stops to count");
    assert_eq!(value(&rows, "B10"), 40.0);
    assert!((value(&rows, "B14") - 36.0).abs() < 1e-9, "the buses' 10 km in 1000 s");
    let mut with_blue = run.clone();
    if let Some(flows) = &mut with_blue.flows {
        flows[VehicleClass::Emergency.index()] = ClassFlow { vehicle_m: 1500.0, vehicle_s: 100.0, co2_g: 0.0 };
    }
    assert!((value(&rows_of(&network, Some(&with_blue), None), "B13") - 54.0).abs() < 1e-9);
    assert!(row(&rows, "B13").value.number().is_none(), "nobody drove with blue light");
    assert!(row(&rows, "B05").notes[0].vi.contains("Trần Hưng Đạo"));
}

/// 16 kg; 400 g/veh-km; passenger-km: 30 × 1.8 + 10 × 25 = 304.
#[test]
fn co2_by_class_and_per_kilometre() {
    let (network, run) = (testing::network(), testing::run());
    let rows = rows_of(&network, Some(&run), None);
    assert!((value(&rows, "K14") - 0.016).abs() < 1e-12);
    assert!((value(&rows, "B11") - 400.0).abs() < 1e-9);
    assert!((value(&rows, "B12") - 16_000.0 / 304.0).abs() < 1e-4);
    let KpiValue::ByClass { classes, .. } = &row(&rows, "B11").value else { panic!("by class") };
    let found: Vec<_> = classes.iter().map(|c| (c.class, c.value)).collect();
    assert_eq!(found, [(VehicleClass::Car, 200.0), (VehicleClass::Bus, 1000.0)]);
    assert_eq!(row(&rows, "K14").status(Phase::To2028), Status::NoTargetInPhase);
    assert_eq!(row(&rows, "K14").status(Phase::To2035), Status::NotDecidable, "one run is no reduction");
}

/// Freight moves no passengers: a truck's CO₂ is in the tonnes and not in the grams per passenger-kilometre.
#[test]
fn trucks_do_not_count_as_passenger_transport() {
    let (network, mut run) = (testing::network(), testing::run());
    let truck = ClassFlow { vehicle_m: 5000.0, vehicle_s: 500.0, co2_g: 5000.0 };
    run.flows.as_mut().unwrap()[VehicleClass::HeavyTruck.index()] = truck;
    let rows = rows_of(&network, Some(&run), None);
    assert!((value(&rows, "K14") - 0.021).abs() < 1e-12);
    assert!((value(&rows, "B12") - 16_000.0 / 304.0).abs() < 1e-4);
}

/// QL91 is seen over its first 300 m from the gate and its last 200 m from j-main, ĐT.941 over its first 200 m: 700 m of 2000 m. The
/// camera that is connected to nobody sees nothing.
#[test]
fn monitored_roads_are_shares_of_length_within_reach() {
    let network = testing::network();
    let rows = rows_of(&network, None, Some(&full()));
    assert!((value(&rows, "K02") - 35.0).abs() < 1e-6);
    assert_eq!(row(&rows, "K02").status(Phase::To2028), Status::NotMet);
}

#[test]
fn a_border_gate_without_a_camera_keeps_k02_from_being_met() {
    let network = testing::network();
    let all_roads = ("monitored-routes.csv", "road,purpose,connected\nQL91,surveillance,yes\nĐT.941,surveillance,yes\n");
    let blind = rows_of(&network, None, Some(&equipment(&[all_roads])));
    assert_eq!(value(&blind, "K02"), 100.0);
    assert_eq!(row(&blind, "K02").status(Phase::To2028), Status::NotMet);
    assert!(row(&blind, "K02").shortfall.as_ref().unwrap().en.contains("Cửa khẩu"));
    let seen = rows_of(&network, None, Some(&equipment(&[all_roads, SENSORS])));
    assert_eq!(row(&seen, "K02").status(Phase::To2028), Status::Met);
}

/// Of the two main urban signals one is adaptive; the street's adaptive signal is no main one.
#[test]
fn adaptive_signals_are_a_share_of_the_main_ones() {
    let network = testing::network();
    let rows = rows_of(&network, None, Some(&full()));
    assert_eq!(value(&rows, "K03"), 50.0);
    assert!(row(&rows, "K03").notes[1].en.starts_with("1 listed"));
}

#[test]
fn the_other_shares_by_hand() {
    let network = testing::network();
    let rows = rows_of(&network, None, Some(&full()));
    assert_eq!(value(&rows, "K12"), 100.0, "CT34 is the only expressway");
    assert_eq!(value(&rows, "K13"), 25.0, "QL91, 1 of 4 km: sensors alone do not manage CT34");
    assert_eq!(value(&rows, "K18"), 25.0, "5G and fibre meet on QL91 only");
    assert_eq!(value(&rows, "K04"), 60.0);
    assert_eq!(value(&rows, "K07"), 100.0, "one of one public car park");
    assert!((value(&rows, "K15") - 200.0 / 3.0).abs() < 1e-9);
    assert_eq!(value(&rows, "K21"), 42.5);
    assert_eq!(value(&rows, "K05"), 12.5);
    assert_eq!(value(&rows, "K20"), 4.0, "8 of 200");
}

/// Eight conflicts, two of them serious, in 40 km; four cars at 45 and two at 80 km/h; ten heavy-truck kilometres in half an hour with
/// three litres, 5.5 t aboard: (0.5 × 190 000 + 3 × 19 500) ÷ 55; help after 7 min.
#[test]
fn safety_freight_and_emergencies_by_hand() {
    let (network, run) = (testing::network(), testing::run());
    let rows = rows_of(&network, Some(&run), Some(&full()));
    assert_eq!([value(&rows, "B15"), value(&rows, "B16")], [200.0, 50.0]);
    assert_eq!([value(&rows, "B17"), value(&rows, "B18")], [45.0, 80.0]);
    assert!((value(&rows, "K09") - (95_000.0 + 58_500.0) / 55.0).abs() < 1e-9);
    assert!(row(&rows, "K09").notes[0].en.contains("time 1727, fuel 1064, tolls 0"), "{:?}", row(&rows, "K09").notes);
    assert!(row(&rows, "K09").notes[1].en.contains("not yet evaluated"));
    assert_eq!([value(&rows, "K10"), value(&rows, "B19"), value(&rows, "B20"), value(&rows, "B21")], [7.0, 7.0, 7.0, 100.0]);
    assert_eq!(row(&rows, "K10").status(Phase::To2028), Status::Met);
    assert_eq!(row(&rows, "K09").status(Phase::To2028), Status::NotDecidable, "one run is no reduction");
}

/// Tolls are paid and time is lost where a gate of the map stands, by the classes that it serves.
#[test]
fn gates_cost_those_they_serve() {
    use sim_core::{
        class::ClassSet,
        halt::{Gate, Spread},
        ids::LinkId,
        measure::{LinkCell, Measurements},
        network::PlaceKind,
    };
    let mut network = testing::network();
    let gate = |ref_: &str, link: u32| Gate {
        ref_: ref_.into(),
        link: LinkId(link),
        pos_m: 50.0,
        classes: ClassSet::of(&[VehicleClass::HeavyTruck]),
        service_s: 5.0,
        spread: Spread::Fixed,
    };
    let mut toll = network.places[0].clone();
    (toll.ref_, toll.kind) = ("toll".into(), PlaceKind::TollGate);
    network.places.push(toll);
    let cell = |link, class| LinkCell {
        interval: 0,
        link: LinkId(link),
        class,
        entered: 10,
        exited: 10 + link,
        vehicle_m: 1000.0,
        vehicle_s: 7200.0,
        co2_g: 2676.0,
        electric_kwh: 1.5,
        delay_s: 3600.0 * f64::from(link),
    };
    let links = [0, 1].into_iter().flat_map(|l| [cell(l, VehicleClass::HeavyTruck), cell(l, VehicleClass::LightTruck)]).collect();
    let measured = Measurements { interval_s: 900.0, links, ..Measurements::default() };
    let window = Window { from_s: 0.0, until_s: 900.0 };
    let gates = [gate("toll (opposite)", 0), gate("gate", 1)];
    let [light, heavy, _] = TrafficSummary::of(&measured, &network, &gates, window).haulage.unwrap();
    assert_eq!((heavy.tolls, heavy.gate_wait_h), (10.0, 1.0), "ten pass the toll gate; an hour is lost at the border");
    assert_eq!((light.tolls, light.gate_wait_h), (0.0, 0.0), "it drives past");
    assert_eq!((heavy.vehicle_km, heavy.vehicle_h, heavy.electric_kwh), (2.0, 4.0, 3.0));
    assert!((heavy.fuel_l - 2.0).abs() < 1e-9, "2676 g of CO₂ are a litre of diesel");
}

#[test]
fn who_is_told_is_a_share_of_the_scenario() {
    let network = testing::network();
    let rows = |informed| {
        evaluate(&KpiInput {
            network: &network,
            traffic: None,
            classes: &ClassTable::default(),
            equipment: None,
            has_illustrative_counts: false,
            informed,
        })
    };
    assert_eq!(value(&rows(Some(0.3)), "K06"), 30.0);
    assert!(matches!(row(&rows(None), "K06").value, KpiValue::NotYetEvaluated { .. }));
}

/// The rows that no run and no register can fill: live feeds, passengers, and what takes several runs.
#[test]
fn what_needs_a_model_that_does_not_exist_has_no_number() {
    let (network, run) = (testing::network(), testing::run());
    let rows = rows_of(&network, Some(&run), Some(&full()));
    for id in ["K01", "K08", "K11", "K16", "K17", "K22", "B22"] {
        assert!(matches!(row(&rows, id).value, KpiValue::NotYetEvaluated { .. }), "{id}: {:?}", row(&rows, id).value);
    }
    assert!(row(&rows, "K07").notes[1].en.contains("forecast error: not yet evaluated"));
}

#[test]
fn coverage_by_area_is_measured_along_the_road() {
    let network = testing::network();
    // About the western 500 m of QL91: one degree of longitude at 10° north is 109.5 km.
    let half = 500.0 / (111_195.08 * 10.0_f64.to_radians().cos());
    let ring = format!("[[104.9,9.9],[{x},9.9],[{x},10.1],[104.9,10.1],[104.9,9.9]]", x = 105.0 + half);
    let feature = |technology: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"technology":"{technology}"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
        )
    };
    let zones = format!(r#"{{"type":"FeatureCollection","features":[{},{}]}}"#, feature("5g"), feature("fibre"));
    let rows = rows_of(&network, None, Some(&equipment(&[("coverage.geojson", &zones)])));
    assert!((value(&rows, "K18") - 12.5).abs() < 0.01, "500 m of 4 km: {}", value(&rows, "K18"));
}

/// Takes each input away and demands that exactly the rows that need it lose their value.
#[test]
fn no_number_without_its_input() {
    let network = testing::network();
    let run = testing::run();
    let with_everything = rows_of(&network, Some(&run), Some(&full()));
    let lost = |traffic: Option<&TrafficSummary>, tables: &[(&str, &str)]| -> Vec<&str> {
        let rows = rows_of(&network, traffic, Some(&equipment(tables)));
        let is_lost = |r: &&KpiRow| r.value.number().is_none() && row(&with_everything, r.id()).value.number().is_some();
        rows.iter().filter(is_lost).map(KpiRow::id).collect()
    };
    let all = ALL;
    let without = |gone: &str| -> Vec<_> { all.into_iter().filter(|(name, _)| *name != gone).collect() };
    for (gone, ids) in [
        ("sensors.csv", vec!["K02"]),
        ("adaptive-signals.csv", vec!["K03"]),
        ("monitored-routes.csv", vec!["K12"]),
        ("managed-routes.csv", vec!["K13"]),
        ("coverage-roads.csv", vec!["K18"]),
        ("trackers.csv", vec!["K04"]),
        ("stations-parks.csv", vec!["K07", "K15"]),
        ("external.csv", vec!["K05", "K21"]),
        ("weigh-stations.csv", vec!["K20"]),
        ("freight-prices.csv", vec!["K09"]),
    ] {
        assert_eq!(lost(Some(&run), &without(gone)), ids, "without {gone}");
    }
    let trips = ["K19", "B01", "B02", "B04", "B07", "B08", "B09"];
    let flows = ["K14", "B03", "B10", "B11", "B12", "B14", "B15", "B16"];
    let queues = ["B05", "B06"];
    let needs = |traffic: &TrafficSummary| lost(Some(traffic), &all);
    assert_eq!(needs(&TrafficSummary { trips: None, ..run.clone() }), trips);
    assert_eq!(needs(&TrafficSummary { flows: None, ..run.clone() }), flows);
    assert_eq!(needs(&TrafficSummary { queues: None, ..run.clone() }), queues);
    let (haulage, conflicts, speeds, calls) = (["K09"], ["B15", "B16"], ["B17", "B18"], ["K10", "B19", "B20", "B21"]);
    assert_eq!(needs(&TrafficSummary { haulage: None, ..run.clone() }), haulage);
    assert_eq!(needs(&TrafficSummary { conflicts: None, ..run.clone() }), conflicts);
    assert_eq!(needs(&TrafficSummary { mid_block: None, ..run.clone() }), speeds);
    assert_eq!(needs(&TrafficSummary { responses: None, ..run.clone() }), calls);
    let mut of_a_run = [trips.as_slice(), &flows, &queues, &haulage, &speeds, &calls].concat();
    let mut found = lost(None, &all);
    of_a_run.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, of_a_run);
    // With everything given, these and no others have a number.
    let numbers: Vec<_> = with_everything.iter().filter(|r| r.value.number().is_some()).map(KpiRow::id).collect();
    assert_eq!(numbers.len(), of_a_run.len() + 11, "{numbers:?}");
}

/// A run in which nobody wished to leave has no delay, not a delay of zero.
#[test]
fn an_empty_run_has_no_means() {
    let network = testing::network();
    let empty = TrafficSummary {
        trips: Some(Vec::new()),
        flows: Some([ClassFlow::default(); sim_core::class::CLASS_COUNT]),
        haulage: Some(Default::default()),
        mid_block: Some(Vec::new()),
        responses: Some(Vec::new()),
        ..testing::run()
    };
    let rows = rows_of(&network, Some(&empty), Some(&full()));
    for id in ["K19", "B01", "B02", "B03", "B07", "B08", "B09", "K14", "B11", "B12", "B13", "B14", "B15", "B17", "K09", "K10", "B21"] {
        assert!(matches!(row(&rows, id).value, KpiValue::NotYetEvaluated { .. }), "{id}: {:?}", row(&rows, id).value);
    }
    assert_eq!(value(&rows, "B04"), 0.0, "nobody arrived: that is known");
}

#[test]
fn without_a_register_the_province_is_named_as_the_one_to_supply_it() {
    let rows = rows_of(&testing::network(), None, None);
    for id in ["K02", "K03", "K04", "K07", "K12", "K13", "K15", "K18", "K20", "K21", "K05"] {
        assert_eq!(row(&rows, id).status(Phase::To2028), Status::NotSupplied, "{id}");
    }
}

#[test]
fn what_was_made_up_is_said_of_each_value_it_went_into() {
    let mut network = testing::network();
    network.meta.is_sketch = true;
    let run = testing::run();
    let rows = evaluate(&KpiInput {
        network: &network,
        traffic: Some(&run),
        classes: &ClassTable::default(),
        equipment: Some(&full()),
        has_illustrative_counts: true,
        informed: None,
    });
    assert_eq!(row(&rows, "K19").caveats, [Caveat::SketchMap, Caveat::IllustrativeCounts]);
    assert_eq!(row(&rows, "K02").caveats, [Caveat::SketchMap, Caveat::IllustrativeRegister]);
    assert_eq!(row(&rows, "K04").caveats, [Caveat::IllustrativeRegister]);
    assert!(row(&rows, "K01").caveats.is_empty(), "nothing to excuse where there is no value");
}

#[test]
fn the_facts_of_a_run_are_taken_from_what_the_engine_measured() {
    use sim_core::{
        ids::LinkId,
        measure::{LinkCell, LinkState, Measurements, TripRecord, TripStatus},
    };
    let cell = |interval, co2_g| LinkCell {
        interval,
        link: LinkId(0),
        class: VehicleClass::Motorcycle,
        entered: 1,
        exited: 1,
        vehicle_m: 1000.0,
        vehicle_s: 100.0,
        co2_g,
        electric_kwh: 0.0,
        delay_s: 5.0,
    };
    let state = |interval, link, queue_max_m, spilled_back| LinkState { interval, link: LinkId(link), queue_max_m, spilled_back };
    let measured = Measurements {
        start_s: 0.0,
        interval_s: 900.0,
        trips: vec![
            TripRecord { status: TripStatus::NotYet, depart_s: 9000.0, ..TripRecord::default() },
            TripRecord {
                status: TripStatus::OnRoad,
                depart_s: 1000.0,
                entered_s: Some(1010.0),
                time_loss_s: 30.0,
                origin_wait_s: 10.0,
                stops: 2,
                ..TripRecord::default()
            },
        ],
        links: vec![cell(0, 70.0), cell(1, 80.0), cell(2, 90.0)],
        link_states: vec![state(0, 0, 500.0, true), state(1, 0, 40.0, false), state(1, 1, 60.0, true)],
        ..Measurements::default()
    };
    let window = Window { from_s: 900.0, until_s: 2700.0 };
    let summary = TrafficSummary::of(&measured, &testing::network(), &[], window);
    let flows = summary.flows.unwrap();
    assert_eq!(flows[VehicleClass::Motorcycle.index()], ClassFlow { vehicle_m: 2000.0, vehicle_s: 200.0, co2_g: 170.0 });
    assert_eq!(flows[VehicleClass::Car.index()], ClassFlow::default());
    let queues = summary.queues.unwrap();
    assert_eq!((queues.longest_m, queues.spill_backs), (60.0, 1), "the warm-up's queue is not the window's");
    assert_eq!(queues.longest_at.as_deref(), Some("ĐT.941 (dt941-a)"));
    let trips = summary.trips.unwrap();
    assert_eq!(trips.len(), 1, "whose time has not come has not wished");
    assert_eq!((trips[0].delay_s(), trips[0].wait_s, trips[0].stops, trips[0].has_entered), (30.0, 10.0, 2, true));
}

#[test]
fn the_file_is_the_same_twice_and_says_its_version_and_every_id() {
    let (network, run) = (testing::network(), testing::run());
    let json = || {
        let rows = rows_of(&network, Some(&run), Some(&full()));
        serde_json::to_string_pretty(&KpiDocument::new(&rows, run.window, &[1])).unwrap()
    };
    assert_eq!(json(), json());
    let document: serde_json::Value = serde_json::from_str(&json()).unwrap();
    assert_eq!(document["schema_version"], SCHEMA_VERSION);
    assert_eq!(document["window_s"], serde_json::json!([3600.0, 7200.0]));
    let indicators = document["indicators"].as_array().unwrap();
    assert_eq!(indicators.len(), catalogue().len());
    let k03 = indicators.iter().find(|i| i["id"] == "K03").unwrap();
    assert_eq!(k03["value"], serde_json::json!({"state": "number", "value": 50.0, "unit": "percent"}));
    assert_eq!(k03["phases"][0]["status"], "not_met");
    assert_eq!(k03["phases"][0]["target"]["rule"]["at_least"], 70.0);
    assert_eq!(k03["phases"][1]["status"], "no_target_in_phase");
    assert_eq!(k03["caveats"], serde_json::json!(["illustrative_register"]));
    let k01 = indicators.iter().find(|i| i["id"] == "K01").unwrap();
    assert_eq!(k01["value"]["state"], "not_yet_evaluated");
}

/// The book's table of formulas has the indicators that can be computed, no more and no fewer.
#[test]
fn the_book_lists_what_is_computed() {
    let chapter = include_str!("../../../docs/src/indicators.md");
    let mut listed: Vec<&str> =
        chapter.lines().filter_map(|l| l.strip_prefix("| ")?.split(' ').next()).filter(|id| id.starts_with(['K', 'B'])).collect();
    let mut run = testing::run();
    if let Some(flows) = &mut run.flows {
        flows[VehicleClass::Emergency.index()] = ClassFlow { vehicle_m: 1500.0, vehicle_s: 100.0, co2_g: 0.0 };
    }
    let rows = rows_of(&testing::network(), Some(&run), Some(&full()));
    let mut computed: Vec<&str> = rows.iter().filter(|r| r.value.number().is_some()).map(KpiRow::id).collect();
    // Of a scenario, of several runs, of a comparison and of a year.
    computed.extend(["K06", "K08", "K11", "K22", "B22"]);
    listed.sort_unstable();
    computed.sort_unstable();
    assert_eq!(listed, computed);
}
