//! The panel about what was clicked: a vehicle and its trip, a link with its charts, a junction with its signal. Stations and
//! detectors: see [`station`].

use super::{Desk, View, Wish, chart, control, correct, edit, plan, row, station};
use crate::{
    detail::{Detail, Focus, JunctionDetail, LinkDetail, SignalDetail, VehicleDetail},
    live::LinkLive,
    text::{self, Text},
};
use bevy_egui::egui::{self, Color32, Sense, Stroke, pos2, vec2};
use scenarios::lang::{class_name, clock, duration, number};
use sim_core::{
    demand::Purpose,
    frame::Light,
    measure::TripStatus,
    network::{JunctionKind, Link, RoadNetwork},
};

/// The name of a link for people.
pub fn link_name(network: &RoadNetwork, link: u32, view: &View) -> String {
    let l = &network.links[link as usize];
    let name = match (&l.name, &l.road_number) {
        (Some(name), Some(number)) if name != number => format!("{name} ({number})"),
        (Some(name), _) => name.clone(),
        (None, Some(number)) => number.clone(),
        (None, None) => view.say(Text::NamelessRoad).into(),
    };
    match next_name(network, l) {
        Some(next) if l.name.as_deref() != Some(next) => text::road_towards(view.lang, name, next),
        _ => name,
    }
}

/// The name of the first other road where a link ends.
fn next_name<'a>(network: &'a RoadNetwork, link: &Link) -> Option<&'a str> {
    let junction = network.junction(link.to);
    let names = junction.outgoing.iter().filter_map(|l| network.link(*l).name.as_deref());
    names.into_iter().find(|n| link.name.as_deref() != Some(n))
}

/// The panel; nothing where nothing was clicked.
pub fn pick_panel(ui: &mut egui::Ui, view: &View, desk: &mut Desk) -> Option<Wish> {
    let (focus, opened) = (view.selection?, view.opened.clone()?);
    let network = &opened.network;
    let mut wish = None;
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        let title = match focus {
            Focus::Vehicle(_) => view.say(Text::Vehicle),
            Focus::Link(_) => view.say(Text::Road),
            Focus::Junction(_) => view.say(Text::Junction),
            Focus::Station(_) => view.say(Text::Station),
            Focus::Detector(_) => view.say(Text::Detector),
        };
        ui.strong(title);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.button("✖").on_hover_text(view.say(Text::Close)).clicked() {
                wish = Some(Wish::Select(None));
            }
        });
    });
    ui.separator();
    // Each has a place of its own to be scrolled to: what is clicked anew begins at its top.
    egui::ScrollArea::vertical().id_salt(focus).auto_shrink(false).show(ui, |ui| {
        let detail = view.snapshot.detail.as_deref();
        match focus {
            Focus::Vehicle(id) => {
                if let Some(Detail::Vehicle(v)) = detail
                    && v.id == id
                {
                    wish = wish.take().or(vehicle(ui, view, network, v));
                }
            }
            Focus::Link(link) => {
                wish = wish.take().or(link_facts(ui, view, desk, network, link));
                if let Some(Detail::Link(l)) = detail
                    && l.link == link
                {
                    link_charts(ui, view, network, l);
                }
            }
            Focus::Station(index) => wish = wish.take().or(station::station(ui, view, network, index)),
            Focus::Detector(index) => wish = wish.take().or(station::detector(ui, view, network, index)),
            Focus::Junction(index) => {
                if let Some(Detail::Junction(j)) = detail
                    && j.junction == index
                {
                    wish = wish.take().or(junction(ui, view, desk, network, j));
                } else {
                    junction_head(ui, view, network, index);
                }
            }
        }
    });
    wish
}

fn purpose_name(purpose: Purpose) -> Text {
    match purpose {
        Purpose::Personal => Text::PurposePersonal,
        Purpose::Freight => Text::PurposeFreight,
        Purpose::PublicTransport => Text::PurposePublic,
        Purpose::Emergency => Text::PurposeEmergency,
    }
}

fn vehicle(ui: &mut egui::Ui, view: &View, network: &RoadNetwork, v: &VehicleDetail) -> Option<Wish> {
    let mut wish = None;
    let body = view.snapshot.body(v.id);
    ui.heading(class_name(view.lang, v.class));
    ui.weak(&v.ref_);
    match (body, v.record.status) {
        (Some(body), _) => {
            row(ui, view.say(Text::SpeedNow), format!("{} km/h", number(view.lang, f64::from(body.speed_mps * 3.6), 0)));
            let text = if view.is_following { Text::Unfollow } else { Text::Follow };
            if ui.selectable_label(view.is_following, view.say(text)).clicked() {
                wish = Some(Wish::Follow(!view.is_following));
            }
        }
        (None, TripStatus::Arrived) => drop(ui.label(view.say(Text::HasArrived))),
        (None, _) => drop(ui.label(view.say(Text::NotOnRoad))),
    }
    ui.separator();
    ui.strong(view.say(Text::Trip));
    row(ui, view.say(Text::Purpose), view.say(purpose_name(v.purpose)));
    row(ui, view.say(Text::Departed), clock(v.record.depart_s));
    if let (Some(first), Some(last)) = (v.route.first(), v.route.last()) {
        ui.label(format!("{}: {}", view.say(Text::From), link_name(network, *first, view)));
        ui.label(format!("{}: {}", view.say(Text::To), link_name(network, *last, view)));
    }
    row(ui, view.say(Text::Distance), format!("{} km", number(view.lang, v.record.distance_m / 1000.0, 2)));
    row(ui, view.say(Text::TimeLost), duration(view.lang, v.record.time_loss_s.max(0.0)));
    row(ui, view.say(Text::Stops), v.record.stops.to_string());
    row(ui, view.say(Text::Co2), format!("{} g", number(view.lang, v.record.co2_g, 0)));
    wish
}

fn link_facts(ui: &mut egui::Ui, view: &View, desk: &mut Desk, network: &RoadNetwork, link: u32) -> Option<Wish> {
    let l = &network.links[link as usize];
    ui.heading(link_name(network, link, view));
    row(ui, view.say(Text::Length), format!("{} m", number(view.lang, f64::from(l.length_m), 0)));
    row(ui, view.say(Text::Lanes), format!("{} ({} m)", l.lanes.len(), number(view.lang, f64::from(l.width_m), 1)));
    row(ui, view.say(Text::Limit), format!("{} km/h", number(view.lang, f64::from(l.limits.light_mps * 3.6), 0)));
    if let Some(live) = view.snapshot.sample.link(link) {
        let hours = view.snapshot.sample.hours();
        for layer in [crate::layer::Layer::Speed, crate::layer::Layer::Flow, crate::layer::Layer::Service] {
            if let Some(value) = layer.value(live, hours, l) {
                row(ui, view.say(layer.name()), layer.told(view.lang, value));
            }
        }
    }
    ui.separator();
    let wish = edit::link_edits(ui, view, desk, link, l);
    let wish = correct::link(ui, view, desk, network, link).or(wish);
    ui.separator();
    wish
}

/// The points of a link's charts: speed over time, flow over time, flow over density, queue over time.
pub fn link_series(link: &Link, history: &[(f64, f64, LinkLive)]) -> [Vec<[f64; 2]>; 4] {
    let km = f64::from(link.length_m) / 1000.0;
    let mut series: [Vec<[f64; 2]>; 4] = Default::default();
    for (at_s, hours, live) in history.iter().filter(|(_, hours, _)| *hours > 0.0) {
        let flow = f64::from(live.vehicle_m) / 1000.0 / km / hours;
        let density = f64::from(live.vehicle_s) / 3600.0 / hours / km;
        if live.vehicle_s > 0.0 {
            series[0].push([*at_s, f64::from(live.vehicle_m / live.vehicle_s) * 3.6]);
            series[2].push([density, flow]);
        }
        series[1].push([*at_s, flow]);
        series[3].push([*at_s, f64::from(live.queue_m)]);
    }
    series
}

fn link_charts(ui: &mut egui::Ui, view: &View, network: &RoadNetwork, detail: &LinkDetail) {
    if detail.history.is_empty() {
        ui.weak(view.say(Text::AfterMinute));
        return;
    }
    let [speed, flow, diagram, queue] = link_series(&network.links[detail.link as usize], &detail.history);
    let now_s = view.snapshot.time_s;
    let title = |text: Text, unit: Text| format!("{}, {}", view.say(text), view.say(unit));
    ui.label(title(Text::LayerSpeed, Text::UnitKmh));
    chart::over_time(ui, "speed", "", chart::BLUE, speed, now_s);
    ui.label(title(Text::LayerFlow, Text::UnitPerHour));
    chart::over_time(ui, "flow", "", chart::ORANGE, flow, now_s);
    ui.label(view.say(Text::FundamentalDiagram)).on_hover_text(view.say(Text::FundamentalTip));
    chart::dots(ui, view.lang, "diagram", "", &diagram);
    ui.label(title(Text::QueueLength, Text::UnitMetres));
    chart::over_time(ui, "queue", "", chart::ORANGE, queue, now_s);
}

fn junction_head(ui: &mut egui::Ui, view: &View, network: &RoadNetwork, index: u32) {
    let junction = &network.junctions[index as usize];
    ui.heading(junction.name.clone().unwrap_or_else(|| view.say(Text::NamelessJunction).into()));
    let kind = match junction.kind {
        JunctionKind::Signal(_) => Text::WithSignal,
        JunctionKind::Roundabout => Text::Roundabout,
        _ => Text::WithPriority,
    };
    ui.weak(view.say(kind));
    row(ui, view.say(Text::Approaches), junction.incoming.len().to_string());
}

fn junction(ui: &mut egui::Ui, view: &View, desk: &mut Desk, network: &RoadNetwork, detail: &JunctionDetail) -> Option<Wish> {
    junction_head(ui, view, network, detail.junction);
    let mut wish = None;
    if let Some(signal) = &detail.signal {
        row(ui, view.say(Text::Controller), control::of_engine(signal.method).map_or(signal.method, |m| control::name(m, view.lang)));
        let cycle_s = f64::from(signal.plan.cycle_s());
        row(ui, view.say(Text::Cycle), format!("{} s", number(view.lang, cycle_s, 0)));
        ui.separator();
        ui.label(view.say(Text::RingDiagram)).on_hover_text(view.say(Text::RingTip));
        ring(ui, network, signal, view.snapshot.time_s);
        ui.label(view.say(Text::LampHistory));
        lamp_bands(ui, network, signal, view.snapshot.time_s);
        ui.separator();
        wish = plan::editor(ui, view, desk, network, signal);
        wish = control::chooser(ui, view, desk, signal).or(wish);
        ui.separator();
    }
    wish = correct::junction(ui, view, desk, network, detail.junction).or(wish);
    if detail.flow.is_empty() {
        ui.weak(view.say(Text::AfterMinute));
    } else {
        ui.label(view.say(Text::ThroughTraffic));
        let points = detail.flow.iter().map(|(t, f)| [*t, *f]).collect();
        chart::over_time(ui, "through", "", chart::BLUE, points, view.snapshot.time_s);
    }
    wish
}

const fn lamp_colour(light: Light) -> Color32 {
    match light {
        Light::Green => Color32::from_rgb(0x2b, 0xa8, 0x4a),
        Light::Yellow => Color32::from_rgb(0xf2, 0xb7, 0x05),
        Light::Red => Color32::from_rgb(0xc8, 0x3a, 0x3a),
    }
}

/// What a group shows through one cycle of the plan: light and length of each stretch, from the beginning of the first phase.
pub fn stretches(signal: &SignalDetail, group: u16) -> Vec<(Light, f32)> {
    let phases = signal.plan.phases();
    let mut all: Vec<(Light, f32)> = Vec::new();
    for (i, phase) in phases.iter().enumerate() {
        let next = &phases[(i + 1) % phases.len()];
        let parts = match (phase.groups.contains(&group), next.groups.contains(&group)) {
            (true, true) => vec![(Light::Green, phase.length_s())],
            (true, false) => vec![(Light::Green, phase.green_s), (Light::Yellow, phase.yellow_s), (Light::Red, phase.all_red_s)],
            (false, _) => vec![(Light::Red, phase.length_s())],
        };
        for (light, length_s) in parts.into_iter().filter(|(_, s)| *s > 0.0) {
            match all.last_mut() {
                Some(last) if last.0 == light => last.1 += length_s,
                _ => all.push((light, length_s)),
            }
        }
    }
    all
}

/// The cycle as a ring for each group, the outermost first, with a hand for now.
fn ring(ui: &mut egui::Ui, network: &RoadNetwork, signal: &SignalDetail, time_s: f64) {
    let groups = &network.controllers[signal.controller as usize].groups;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 168.0), Sense::hover());
    let painter = ui.painter();
    let (centre, outer) = (pos2(rect.left() + 84.0, rect.center().y), 80.0);
    let band = (56.0 / groups.len().max(1) as f32).min(16.0);
    let cycle_s = signal.plan.cycle_s();
    let angle = |at_s: f32| at_s / cycle_s * std::f32::consts::TAU - std::f32::consts::FRAC_PI_2;
    let spot = |radius: f32, a: f32| centre + vec2(a.cos(), a.sin()) * radius;
    for g in 0..groups.len() {
        let radius = outer - band * (g as f32 + 0.5);
        let mut at_s = 0.0;
        for (light, length_s) in stretches(signal, g as u16) {
            let pieces = (length_s / cycle_s * 72.0).ceil().max(1.0) as usize;
            let points = (0..=pieces).map(|k| spot(radius, angle(at_s + length_s * k as f32 / pieces as f32))).collect();
            painter.add(egui::Shape::line(points, Stroke::new(band - 2.0, lamp_colour(light))));
            at_s += length_s;
        }
    }
    let into_s = (time_s - f64::from(signal.plan.offset_s())).rem_euclid(f64::from(cycle_s)) as f32;
    if signal.method == "fixed" {
        painter.line_segment([centre, spot(outer + 2.0, angle(into_s))], Stroke::new(2.0, ui.visuals().strong_text_color()));
        painter.circle_filled(centre, 3.0, ui.visuals().strong_text_color());
    }
    let ink = ui.visuals().text_color();
    let font = egui::FontId::proportional(11.0);
    for (g, group) in groups.iter().enumerate().take(11) {
        let y = rect.top() + 8.0 + 14.0 * g as f32;
        let text = format!("{}  {}", g + 1, group.name);
        let galley = ui.painter().layout_no_wrap(text, font.clone(), ink);
        let clip = ui.painter().with_clip_rect(rect);
        clip.galley(pos2(rect.left() + 174.0, y), galley, ink);
    }
    let names: Vec<String> = groups.iter().enumerate().map(|(g, group)| format!("{}  {}", g + 1, group.name)).collect();
    response.on_hover_text(names.join("\n"));
}

/// What each group has shown lately, as bands from left (past) to right (now).
fn lamp_bands(ui: &mut egui::Ui, network: &RoadNetwork, signal: &SignalDetail, now_s: f64) {
    let groups = &network.controllers[signal.controller as usize].groups;
    let height = 9.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height * groups.len() as f32 + 2.0), Sense::hover());
    let from_s = now_s - crate::detail::LAMPS_S;
    let x = |at_s: f64| rect.left() + 16.0 + (rect.width() - 18.0) * ((at_s - from_s) / crate::detail::LAMPS_S).clamp(0.0, 1.0) as f32;
    for (g, shown) in signal.lamps.iter().enumerate() {
        let y = rect.top() + height * g as f32;
        let ink = ui.visuals().text_color();
        ui.painter().text(pos2(rect.left(), y), egui::Align2::LEFT_TOP, (g + 1).to_string(), egui::FontId::proportional(9.0), ink);
        for (i, (since_s, light)) in shown.iter().enumerate() {
            let until_s = shown.get(i + 1).map_or(now_s, |(next_s, _)| *next_s);
            let piece = egui::Rect::from_min_max(pos2(x(*since_s), y + 1.0), pos2(x(until_s), y + height - 1.0));
            ui.painter().rect_filled(piece, 0.0, lamp_colour(*light));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::network::{Phase, SignalPlan};

    #[test]
    fn a_groups_stretches_fill_the_cycle() {
        let phase = |groups: &[u16], green_s| Phase { groups: groups.to_vec(), green_s, yellow_s: 3.0, all_red_s: 2.0 };
        let plan = SignalPlan::new(0.0, vec![phase(&[0, 2], 30.0), phase(&[1, 2], 20.0)]).unwrap();
        let signal = SignalDetail { controller: 0, method: "fixed", plan, lamps: Vec::new() };
        assert_eq!(stretches(&signal, 0), [(Light::Green, 30.0), (Light::Yellow, 3.0), (Light::Red, 27.0)]);
        assert_eq!(stretches(&signal, 2), [(Light::Green, 60.0)]);
        for group in 0..3 {
            assert_eq!(stretches(&signal, group).iter().map(|(_, s)| s).sum::<f32>(), 60.0);
        }
    }

    #[test]
    fn the_charts_of_a_link_hold_flow_is_density_times_speed() {
        let network = maps::sketch::embedded().unwrap().network;
        let link = &network.links[0];
        let live = LinkLive { vehicle_m: 5_000.0, vehicle_s: 600.0, queue_m: 12.0, ..LinkLive::default() };
        let history = [(30.0, 1.0 / 60.0, live), (90.0, 1.0 / 60.0, LinkLive::default())];
        let [speed, flow, diagram, queue] = link_series(link, &history);
        assert_eq!((speed.len(), flow.len(), diagram.len(), queue.len()), (1, 2, 1, 2), "an empty minute has no speed, but a flow of 0");
        assert!((diagram[0][0] * speed[0][1] - diagram[0][1]).abs() < 1e-3 * diagram[0][1], "{diagram:?} {speed:?}");
        assert_eq!(flow[1][1], 0.0);
    }
}
