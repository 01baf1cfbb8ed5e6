//! What an indicator is before anybody computed it: names, unit, targets, where the plan asks for it.

use crate::lang::{Lang, Text};
use serde::{Deserialize, Serialize};

/// The same words in Vietnamese and English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Both texts.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.vi, &self.en)
    }
}

/// How an indicator comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Measured inside a run.
    Simulated,
    /// A parameter of a scenario whose effect is measured.
    SimulatedInput,
    /// Computed from the map and the equipment register.
    Inventory,
    /// Both.
    InventoryAndSimulated,
    /// Only the province can know it.
    External,
    /// A traffic basic that the plan does not list.
    Basic,
}

impl Kind {
    /// What it is called.
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Simulated => Text::KindSimulated,
            Self::SimulatedInput => Text::KindSimulatedInput,
            Self::Inventory => Text::KindInventory,
            Self::InventoryAndSimulated => Text::KindInventoryAndSimulated,
            Self::External => Text::KindExternal,
            Self::Basic => Text::KindBasic,
        }
        .get(lang)
    }
}

/// The unit of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Per cent of a whole.
    Percent,
    /// Per cent of change against a base; negative is less.
    PercentChange,
    /// Vehicle-hours.
    VehicleHours,
    /// Seconds per trip.
    SecondsPerTrip,
    /// Minutes.
    Minutes,
    /// Kilometres per hour.
    KilometresPerHour,
    /// Vehicles per hour.
    VehiclesPerHour,
    /// Metres.
    Metres,
    /// How many times.
    Times,
    /// Trips.
    Trips,
    /// Stops per trip.
    StopsPerTrip,
    /// Vehicle-kilometres.
    VehicleKilometres,
    /// Tonnes of CO₂.
    TonnesCo2,
    /// Grams of CO₂ per vehicle-kilometre.
    GramsPerVehicleKilometre,
    /// Grams of CO₂ per passenger-kilometre.
    GramsPerPassengerKilometre,
    /// Conflicts per thousand vehicle-kilometres.
    ConflictsPerThousandVehicleKilometres,
    /// Đồng per tonne-kilometre.
    DongPerTonneKilometre,
    /// A yes (1) or no (0).
    YesNo,
}

impl Unit {
    /// How tables write it.
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Percent | Self::PercentChange => "%",
            Self::VehicleHours => lang.pick("xe·giờ", "veh·h"),
            Self::SecondsPerTrip => lang.pick("giây/chuyến", "s/trip"),
            Self::Minutes => lang.pick("phút", "min"),
            Self::KilometresPerHour => "km/h",
            Self::VehiclesPerHour => lang.pick("xe/giờ", "veh/h"),
            Self::Metres => "m",
            Self::Times => lang.pick("lần", "times"),
            Self::Trips => lang.pick("chuyến", "trips"),
            Self::StopsPerTrip => lang.pick("lần/chuyến", "stops/trip"),
            Self::VehicleKilometres => lang.pick("xe·km", "veh·km"),
            Self::TonnesCo2 => lang.pick("tấn CO₂", "t CO₂"),
            Self::GramsPerVehicleKilometre => lang.pick("g/xe·km", "g/veh·km"),
            Self::GramsPerPassengerKilometre => lang.pick("g/HK·km", "g/pass·km"),
            Self::ConflictsPerThousandVehicleKilometres => lang.pick("lần/1000 xe·km", "per 1000 veh·km"),
            Self::DongPerTonneKilometre => lang.pick("đồng/tấn·km", "VND/t·km"),
            Self::YesNo => lang.pick("có/không", "yes/no"),
        }
    }
}

/// What a value has to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
    /// Changed by this much in per cent against a base or less (−5: at least 5 % fewer).
    ChangeAtMost(f64),
    /// Stated in words, without a number to compare with.
    InWords,
}

/// The target of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Target {
    /// The comparison.
    pub rule: Rule,
    /// How the plan puts it, in Vietnamese.
    pub vi: &'static str,
    /// The same in English.
    pub en: &'static str,
}

impl Target {
    /// How tables write it.
    pub const fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.vi, self.en)
    }
}

/// The two phases of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Phase {
    /// §II.2.a.
    #[serde(rename = "2026-2028")]
    To2028,
    /// §II.2.b.
    #[serde(rename = "2029-2035")]
    To2035,
}

impl Phase {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::To2028, Self::To2035];
}

/// Where a table shows an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Traffic in this run.
    Traffic,
    /// Simulated indicators of the plan.
    Simulated,
    /// From the map and the register.
    Inventory,
    /// Supplied by the province.
    External,
}

impl Group {
    /// All, in the order of the table.
    pub const ALL: [Self; 4] = [Self::Traffic, Self::Simulated, Self::Inventory, Self::External];

    /// Its heading.
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Traffic => Text::GroupTraffic,
            Self::Simulated => Text::GroupSimulated,
            Self::Inventory => Text::GroupInventory,
            Self::External => Text::GroupExternal,
        }
        .get(lang)
    }
}

/// One row of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KpiSpec {
    /// `K01` to `K22` as in the plan's list, `B01` and on for the traffic basics. Never reused.
    pub id: &'static str,
    /// Name in Vietnamese.
    pub name_vi: &'static str,
    /// Name in English.
    pub name_en: &'static str,
    /// How it comes about.
    pub kind: Kind,
    /// Unit of its value.
    pub unit: Unit,
    /// Target of 2026–2028.
    pub to_2028: Option<Target>,
    /// Target of 2029–2035.
    pub to_2035: Option<Target>,
    /// Paragraph of the plan; empty for the basics.
    pub source: &'static str,
}

impl KpiSpec {
    /// Its name.
    pub const fn name(&self, lang: Lang) -> &'static str {
        lang.pick(self.name_vi, self.name_en)
    }

    /// The target of a phase.
    pub const fn target(&self, phase: Phase) -> Option<&Target> {
        match phase {
            Phase::To2028 => self.to_2028.as_ref(),
            Phase::To2035 => self.to_2035.as_ref(),
        }
    }

    /// Where a table shows it.
    pub fn group(&self) -> Group {
        match self.kind {
            Kind::Basic => Group::Traffic,
            Kind::Simulated if self.id == "K19" || self.id == "K14" => Group::Traffic,
            Kind::Simulated | Kind::SimulatedInput => Group::Simulated,
            Kind::Inventory | Kind::InventoryAndSimulated => Group::Inventory,
            Kind::External => Group::External,
        }
    }
}
