//! `agtwin map import … --flow flow.json`: the demand of a CityFlow network becomes a scenario beside the compiled map.

use super::exit::Failure;
use crate::results::folder::write_file;
use maps::cityflow::{Flow, read_flow};
use sim_core::{
    class::{ClassTable, VehicleClass},
    network::RoadNetwork,
};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// Demand that was read, and where it goes.
pub(super) struct FlowPlan {
    bytes: Vec<u8>,
    flow: Flow,
    list: PathBuf,
    scenario: PathBuf,
    text: String,
}

impl FlowPlan {
    /// Reads the flow that belongs to `network`, whose compiled map is `map`; nothing is written yet.
    ///
    /// # Errors
    /// The file is not there or is refused; something else has a name that is needed.
    pub(super) fn read(file: &Path, network: &RoadNetwork, map: &Path) -> Result<Self, Failure> {
        let shown = file.display().to_string();
        let bytes = fs::read(file).map_err(|e| Failure::Input(format!("{shown}: cannot be read: {e}")))?;
        let flow = read_flow(&shown, &bytes, network).map_err(Failure::input)?;
        let (list, scenario) = (map.with_extension("flow.json"), map.with_extension("toml"));
        let text = scenario_text(network, &flow, map, &list);
        for (path, content) in [(&list, bytes.as_slice()), (&scenario, text.as_bytes())] {
            if fs::read(path).is_ok_and(|there| there != content) {
                let path = path.display();
                return Err(Failure::Output(format!(
                    "{path} exists and holds something else; it is left alone: choose another name for the map"
                )));
            }
        }
        Ok(Self { bytes, flow, list, scenario, text })
    }

    /// Writes the flow and the scenario; what to tell the user.
    ///
    /// # Errors
    /// They cannot be written.
    pub(super) fn write(&self) -> Result<String, Failure> {
        write_file(&self.list, &self.bytes)?;
        write_file(&self.scenario, self.text.as_bytes())?;
        let mut told = format!("{} trips; scenario written to {}", self.flow.trips.len(), self.scenario.display());
        if !self.flow.unreachable.is_empty() {
            let (name, ..) = &self.flow.unreachable[0];
            let _ = write!(told, "; {} without a way, e.g. {name}", self.flow.unreachable.len());
        }
        if self.flow.others > 0 {
            let _ = write!(told, "; {} of another kind than most are taken for the same", self.flow.others);
        }
        Ok(told)
    }

    /// Where the scenario goes.
    pub(super) fn scenario(&self) -> &Path {
        &self.scenario
    }
}

fn scenario_text(network: &RoadNetwork, flow: &Flow, map: &Path, list: &Path) -> String {
    let name_of = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let quoted = |text: &str| toml_quoted(text);
    let shipped = ClassTable::default();
    let car = flow.kind.class_params(shipped.get(VehicleClass::Car));
    let hours = ((flow.last_s + 1.0) / 3600.0).ceil().clamp(1.0, 24.0) as u32;
    let mut text = String::new();
    let _ = writeln!(text, "name = {}", quoted(&network.meta.name));
    let _ = writeln!(text, "description = \"Network and demand of CityFlow.\"");
    let _ = writeln!(text, "map = {}", quoted(&name_of(map)));
    let _ = writeln!(
        text,
        "assumptions = [{{ vi = \"Tham số bám xe lấy từ tệp lưu lượng, đổi sang mô hình của chương trình.\", en = \"Car-following parameters are those of the flow file, made ours.\" }}]\n"
    );
    let _ = writeln!(text, "[time]\nfrom = \"00:00\"\nto = \"{hours:02}:00\"\nwarm_up = \"0 s\"\n");
    let _ = writeln!(text, "[demand]\nkind = \"trips\"\ntrips = {}\n", quoted(&name_of(list)));
    let _ = writeln!(
        text,
        "# CityFlow keeps a gap of speed times headwayTime; ours adds the gap to a standing leader, so the headway is shorter."
    );
    let _ = writeln!(text, "[classes.car]");
    for (key, value, unit) in [
        ("length", car.length_m, "m"),
        ("width", car.width_m, "m"),
        ("desired_speed", car.desired_speed_mps, "m/s"),
        ("desired_speed_spread", 100.0 * car.desired_speed_spread, "%"),
        ("headway", car.headway_s, "s"),
        ("gap", car.gap0_m, "m"),
        ("acceleration", car.accel_mps2, "m/s²"),
        ("braking", car.brake_comfort_mps2, "m/s²"),
        ("hardest_braking", car.brake_max_mps2, "m/s²"),
    ] {
        let _ = writeln!(text, "{key} = \"{value} {unit}\"");
    }
    text
}

/// A text as TOML writes it.
fn toml_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
