//! Who is concerned by a change of demand, that nobody else is, and what contradicts itself.

use super::*;
use crate::scenario::{error::ScenarioError, read::Parsed};
use sim_core::{
    class::VehicleClass,
    ids::LinkId,
    network::town::{Control, grid},
};
use std::sync::Arc;

const HEAD: &str =
    "name = \"x\"\nmap = \"x\"\n[time]\nfrom = \"07:00\"\nto = \"08:00\"\n[demand]\nkind = \"synthetic\"\nflow = \"1 veh/h\"\n";
const DEMAND: &str = "[[interventions]]\nkind = \"demand\"\n";
const DEPARTURES: &str = "[[interventions]]\nkind = \"departures\"\n";

fn network() -> Arc<RoadNetwork> {
    grid(3, 300.0, 1, Control::Priority).unwrap()
}

/// From zone `z1` to `z2` and back, cars and motorcycles, one every second of an hour; all begin on the first link or the last.
fn trips(network: &RoadNetwork) -> Vec<Trip> {
    let (first, last) = (LinkId(0), LinkId::from_index(network.links.len() - 1));
    let trip = |n: usize| {
        let class = if n.is_multiple_of(3) { VehicleClass::Car } else { VehicleClass::Motorcycle };
        let (pair, from, to) = if n.is_multiple_of(2) { ("z1>z2", first, last) } else { ("z2>z1", last, first) };
        Trip {
            ref_: Ref::from(format!("od:{pair}:{class}:28:{n}")),
            class,
            purpose: Purpose::Personal,
            depart_s: 25_200.0 + n as f64,
            origin: LinkPosition { link: from, pos_m: 50.0 },
            destination: LinkPosition { link: to, pos_m: 50.0 },
            route: [from, to].into(),
            halts: Default::default(),
        }
    };
    (0..3_600).map(trip).collect()
}

fn script(more: &str, network: &RoadNetwork) -> Result<(Script, Parsed), ScenarioError> {
    let parsed = Parsed::read("s.toml", &format!("{HEAD}{more}"), &[])?;
    let zones = [(Ref::from("z1"), "Chợ".to_owned()), (Ref::from("z2"), "Cảng".to_owned())];
    let signals = parsed.file.signals.clone();
    let site = Site {
        network,
        source: None,
        signals: &signals,
        loads: &[],
        zones: &zones,
        start_s: 25_200.0,
        end_s: 28_800.0,
        cool_down_s: 0.0,
        step_s: 0.5,
    };
    let script = Script::of(&parsed, &site)?;
    Ok((script, parsed))
}

fn redrawn(more: &str) -> (Vec<Trip>, Vec<Trip>, Vec<Redrawn>) {
    let network = network();
    let before = trips(&network);
    let (script, parsed) = script(more, &network).unwrap();
    script.check_on(&before, &network, &parsed).unwrap();
    let (after, done) = redraw(before.clone(), &script, &network, 7);
    (before, after, done)
}

fn refusal(more: &str) -> String {
    let network = network();
    let said = script(more, &network).and_then(|(script, parsed)| script.check_on(&trips(&network), &network, &parsed));
    said.unwrap_err().to_string()
}

#[test]
fn only_the_trips_of_a_zone_are_scaled_and_all_others_stay_as_they_were() {
    let more = format!("{DEMAND}origin = \"Chợ\"\nfactor = \"150 %\"\nclasses = [\"motorcycle\"]\nat = \"07:15\"\nuntil = \"07:45\"\n");
    let (before, after, done) = redrawn(&more);
    // Even numbers come from z1, those that are no multiples of 3 ride motorcycles: a third of 1 800.
    let [Redrawn { concerned, added, left_out, moved, .. }] = done[..] else { panic!("{done:?}") };
    assert_eq!((concerned, left_out, moved), (600, 0, 0));
    assert!((250..=350).contains(&added), "half of 600: {added}");
    let (copies, kept): (Vec<Trip>, Vec<Trip>) = after.into_iter().partition(|t| t.ref_.as_str().contains('+'));
    assert_eq!(kept, before, "whoever was there is there, as before");
    assert_eq!(copies.len() as u64, added);
    assert!(copies.iter().all(|t| t.ref_.as_str().starts_with("od:z1>z2:motorcycle:") && t.depart_s >= 26_100.0 && t.depart_s < 28_200.0));
}

#[test]
fn less_demand_keeps_a_part_of_the_same_trips() {
    let names = |factor: &str| {
        let (before, after, _) = redrawn(&format!("{DEMAND}destination = \"z2\"\nfactor = \"{factor}\"\n"));
        assert!(after.iter().all(|t| before.contains(t)), "nobody new");
        after.into_iter().map(|t| t.ref_).collect::<Vec<_>>()
    };
    let (half, most) = (names("50 %"), names("80 %"));
    assert!(half.len() < most.len() && half.iter().all(|n| most.contains(n)), "{} {}", half.len(), most.len());
    assert!((2_600..=2_800).contains(&half.len()), "1 800 of the other way and about 900: {}", half.len());
    assert_eq!(names("0 %").len(), 1_800);
}

#[test]
fn shares_that_leave_earlier_and_later_stand_side_by_side() {
    let window = "classes = [\"car\"]\nat = \"07:20\"\nuntil = \"07:40\"\n";
    let more = format!(
        "{DEPARTURES}name = \"early\"\nshare = \"20 %\"\nearlier = \"15 min\"\n{window}{DEPARTURES}share = \"30 %\"\nlater = \"10 min\"\n{window}"
    );
    let (before, after, done) = redrawn(&more);
    assert!(after.is_sorted_by(|a, b| a.depart_s <= b.depart_s));
    assert_eq!((done[0].intervention.as_str(), done[0].concerned, done[1].concerned), ("early", 400, 400));
    let mut moved = [0u64; 2];
    for trip in &before {
        let now = after.iter().find(|t| t.ref_ == trip.ref_).unwrap();
        let by_s = now.depart_s - trip.depart_s;
        assert_eq!(Trip { depart_s: trip.depart_s, ..now.clone() }, *trip, "only its time is another");
        let is_meant = trip.class == VehicleClass::Car && (26_400.0..27_600.0).contains(&trip.depart_s);
        assert!(is_meant || by_s == 0.0, "{}", trip.ref_);
        moved[0] += u64::from(by_s == -900.0);
        moved[1] += u64::from(by_s == 600.0);
        assert!([-900.0, 0.0, 600.0].contains(&by_s));
    }
    assert_eq!(moved, [done[0].moved, done[1].moved]);
    assert!((60..=100).contains(&moved[0]) && (95..=145).contains(&moved[1]), "20 % and 30 % of 400: {moved:?}");
}

#[test]
fn another_seed_moves_others() {
    let network = network();
    let (script, _) = script(&format!("{DEPARTURES}share = \"50 %\"\nlater = \"10 min\"\nuntil = \"07:30\"\n"), &network).unwrap();
    let of = |seed| redraw(trips(&network), &script, &network, seed).0;
    assert_eq!(of(7), of(7));
    assert_ne!(of(7), of(8));
}

#[test]
fn demand_of_everywhere_and_of_a_place_follow_one_rule() {
    // The later one holds where it concerns somebody; before it, and elsewhere, the first.
    let more = format!("{DEMAND}factor = \"0 %\"\n{DEMAND}factor = \"100 %\"\norigin = \"z1\"\nat = \"07:30\"\n");
    let (_, after, done) = redrawn(&more);
    assert_eq!((done[0].left_out, done[1].concerned), (2_700, 900));
    assert!(after.iter().all(|t| t.ref_.as_str().starts_with("od:z1>") && t.depart_s >= 27_000.0) && after.len() == 900);
}

#[test]
fn what_contradicts_itself_or_concerns_nobody_points_at_its_line() {
    let part = |share: &str| format!("{DEPARTURES}share = \"{share}\"\nlater = \"5 min\"\nuntil = \"07:30\"\n");
    let at = |factor: &str, keys: &str| format!("{DEMAND}factor = \"{factor}\"\n{keys}\n");
    for (more, line, said) in [
        (
            format!("{}{}", at("150 %", "origin = \"z1\""), at("120 %", "destination = \"z2\"")),
            13,
            "contradicts `intervention-1` in line 9",
        ),
        (
            format!("{}{}", at("150 %", "origin = \"z1\"\nuntil = \"07:40\""), at("120 %", "at = \"07:20\"")),
            14,
            "one while the other lasts",
        ),
        (format!("{}{}", part("60 %"), part("50 %")), 14, "110 % of them"),
        (at("150 %", "origin = \"z1\"\ndestination = \"z1\""), 12, "concerns none of the 3600 trips"),
        (at("150 %", "area = { centre = [0.0, 0.0], radius = \"1 km\" }"), 12, "concerns none of the 3600 trips"),
        (format!("{DEPARTURES}share = \"5 %\"\nlater = \"5 min\"\nuntil = \"07:30\"\nclasses = [\"bus\"]\n"), 10, "concerns none"),
        (at("150 %", "origin = \"Cho\""), 12, "did you mean `Chợ`?"),
        (at("150 %", "origin = \"z1\"\narea = \"z2\""), 13, "give it, or `origin` and `destination`"),
        (at("150 %", "origin = \"z1\"\nedit = true"), 13, "known before a run"),
        (at("600 %", "origin = \"z1\""), 11, "expected 0 % to 500 %"),
        (format!("{DEPARTURES}share = \"5 %\"\n"), 10, "needs one of the keys `earlier` and `later`"),
        (format!("{DEPARTURES}later = \"5 min\"\nuntil = \"07:30\"\n"), 10, "needs the key `share`"),
        (format!("{DEPARTURES}share = \"5 %\"\nlater = \"5 min\"\nearlier = \"5 min\"\n"), 12, "give one of `earlier` and `later`"),
        (format!("{DEPARTURES}share = \"0 %\"\nlater = \"5 min\"\nuntil = \"07:30\"\n"), 11, "expected more than 0 %"),
        (format!("{DEPARTURES}share = \"5 %\"\nlater = \"0 min\"\n"), 12, "expected more than 0 min"),
        (
            format!("{DEPARTURES}share = \"5 %\"\nearlier = \"5 min\"\n"),
            12,
            "who would leave at 07:00 would leave before the run begins at 07:00",
        ),
        (format!("{DEPARTURES}share = \"5 %\"\nlater = \"5 min\"\n"), 12, "after the run ends at 08:00"),
        (format!("{DEPARTURES}share = \"5 %\"\nlater = \"5 min\"\nfactor = \"5 %\"\n"), 13, "`factor` has no meaning for a `departures`"),
        (
            format!(
                "{DEPARTURES}name = \"a\"\nshare = \"5 %\"\nlater = \"5 min\"\nuntil = \"07:30\"\n[[interventions]]\nkind = \"undo\"\nof = \"a\"\n"
            ),
            17,
            "say `until` when it holds",
        ),
    ] {
        let message = refusal(&more);
        assert!(message.contains(said) && message.starts_with(&format!("s.toml:{line}:")), "{more}\n{message}");
    }
    // Places or times apart, and the same value twice, are no contradiction.
    for more in [
        format!("{}{}", at("150 %", "origin = \"z1\""), at("120 %", "origin = \"z2\"")),
        format!("{}{}", at("150 %", "origin = \"z1\"\nuntil = \"07:30\""), at("120 %", "at = \"07:30\"")),
        format!("{}{}", at("150 %", "origin = \"z1\""), at("150 %", "destination = \"z2\"")),
        format!("{}{}", part("60 %"), part("40 %")),
    ] {
        redrawn(&more);
    }
}

#[test]
fn a_trip_takes_the_way_it_had_elsewhere_and_a_copy_that_of_the_trip_it_repeats() {
    let network = network();
    let before = trips(&network);
    let mut ways = before.clone();
    for way in &mut ways {
        way.route = [way.origin.link, LinkId(1), way.destination.link].into();
    }
    let copy = Trip { ref_: Ref::from(format!("{}+1", before[0].ref_)), ..before[0].clone() };
    let stranger = Trip { ref_: "another".into(), ..before[0].clone() };
    let elsewhere = Trip { destination: LinkPosition { link: LinkId(2), pos_m: 1.0 }, ..before[1].clone() };
    let found = along(vec![before[2].clone(), copy, stranger.clone(), elsewhere.clone()], &ways, &network);
    assert_eq!((found[0].route.len(), found[1].route.len()), (3, 3));
    assert_eq!((&found[2], &found[3]), (&stranger, &elsewhere));
}

#[test]
fn a_trip_that_turned_at_the_door_elsewhere_turns_here() {
    let mut network = (*network()).clone();
    let last = LinkId::from_index(network.links.len() - 1);
    let ends = |l: LinkId| (network.link(l).from, network.link(l).to);
    let back = (0..network.links.len()).map(LinkId::from_index).find(|l| ends(*l) == (ends(last).1, ends(last).0)).unwrap();
    (network.links[last.index()].opposite, network.links[back.index()].opposite) = (Some(back), Some(last));
    let before = trips(&network);
    let turned = LinkPosition { link: back, pos_m: network.link(back).length_m - 50.0 };
    let way = Trip { origin: turned, route: [back, LinkId(1), LinkId(0)].into(), ..before[1].clone() };
    let farther =
        Trip { origin: LinkPosition { pos_m: turned.pos_m - 20.0, ..turned }, ..Trip { ref_: before[5].ref_.clone(), ..way.clone() } };
    let found = along(vec![before[1].clone(), before[5].clone()], &[way.clone(), farther], &network);
    assert_eq!(found[0], way);
    assert_eq!(found[1], before[5], "another house of the same street");
}
