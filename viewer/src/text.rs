//! The keys of all words of the window. The words stand in `assets/lang/vi.ftl` and `assets/lang/en.ftl`: the key of `CloseRoad` and of
//! `close_road` is `close-road`. Class names, indicators and numbers come from `scenarios`.

use crate::fluent::{phrase, text};
use scenarios::lang::Lang;
use std::fmt::Display;

macro_rules! texts {
    ($($name:ident)+) => {
        /// What the window says without numbers or names in it; the files say what each is, in every language.
        #[allow(missing_docs, reason = "the files of the languages say what each is")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Text { $($name),+ }

        impl Text {
            /// All of them, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name),+];
            /// How each is spelt here, in the same order.
            pub const NAMES: &[&str] = &[$(stringify!($name)),+];
        }
    };
}

impl Text {
    /// The words in `lang`.
    pub fn in_lang(self, lang: Lang) -> &'static str {
        text(lang, self as usize)
    }
}

macro_rules! phrases {
    ($($name:ident($($variable:ident),+);)+) => {
        $(
            #[doc = concat!("The phrase `", stringify!($name), "` of the files, with its variables filled in.")]
            pub fn $name(lang: Lang, $($variable: impl Display),+) -> String {
                phrase(lang, stringify!($name), &[$((stringify!($variable), $variable.to_string())),+])
            }
        )+

        /// Every phrase with the names of its variables.
        pub const PHRASES: &[(&str, &[&str])] = &[$((stringify!($name), &[$(stringify!($variable)),+])),+];
    };
}

texts! {
    // The side panel.
    OnRoad Waiting Arrived Now Vehicles NoMap Sketch SketchShort Data SketchData Unfitted Fitted FitNow FitTip
    // Time.
    Pause Play Step Restart Speed Fastest JumpTo JumpTip Finished Stopped Crashed CrashedHelp BookmarkTip PartMap PartDemand
    PartTrips Cancel Close
    // Layers.
    Layers LayerRoads LayerSpeed LayerFlow LayerDensity LayerDelay LayerQueue LayerService LayerEmissions LayerConflicts LayerSensors
    LayerCounts UnitConflicts UnitSensors UnitPercent SensorLoop SensorCamera SensorRadar Coverage CoverageTip CountedSim CountedReal
    CountsWait NoCounts ConflictsOff ConflictsAre LookForConflicts LookForConflictsTip ShowDifference DifferenceOf DifferenceNeeds
    LayerWait LayerOf WidthIsFlow ServiceFrom NoValue NoUnit UnitKmh UnitPerHour UnitPerKm UnitSecondsPerKm UnitMetres UnitOfLimit UnitCo2
    ColourBy ByClass BySpeed ByDelay ByPurpose ByEmission UnitCo2PerKm HideVehicles PurposePersonal PurposeFreight PurposePublic PurposeEmergency
    // The top bar.
    Open SearchHint NothingFound Indicators Compare Export Help About DayNight Larger Smaller Fit North ZoomIn ZoomOut NorthLetter
    // What was clicked.
    Vehicle Follow Unfollow Trip Purpose From To Departed Distance TimeLost Stops Co2 SpeedNow HasArrived NotOnRoad Road NamelessRoad
    Length Lanes Width Limit Junction NamelessJunction WithSignal WithPriority Roundabout Approaches Controller Cycle
    FundamentalDiagram FundamentalTip QueueLength RingDiagram RingTip LampHistory ThroughTraffic AfterMinute Station Detector Gate ParkedNow AboardNow StandNow ServedNow WaitThere ServedSoFar NextBoat CountedSoFar OccupiedNow
    ShowRoad
    // Edits.
    Edit CloseRoad CloseLane AddAccident SetLimit Retime SwitchTo Switch SwitchTip PlaceDetector PlaceDetectorTip DetectorAtTip
    DemandAndFleet TripsFromNow TripsTip ElectricShare ElectricTip SystemShare SystemTip TrackerShare TrackerTip MotorVehicles CommercialVehicles GuidedShare GuidedTip AllClasses Set Apply Undo UndoThis Minutes ForMinutes
    Edits NoEdits SaveScenario SavedUnfitted Branch BranchTip PlanHelp Green Yellow AllRed Offset
    // Corrections of the map.
    CorrectMap CorrectTip WriteCorrection UndoCorrection BothDirections RemoveRoad RemoveRoadTip Turns BanTurn AllowTurn SignalHere
    NoSignalHere WritePlan MissingRoad NewRoadFrom NewRoadTo NewRoadNext UndoBend
    // Indicators and comparison.
    Indicator Value Target Status Trend OverSeeds OverSeedsTip CopyTable Copied OnlyKnown IndicatorsWait CompareBase CompareEdited
    CompareTip CompareWith CompareOther CompareWhenRunning StopCompare Difference MeanSpeed LostTogether
    // Opening and saving.
    Start StartHelp Examples Recent OpenFile OpenFolder DropHint OpenReport Screenshot RecordGif RecordPng RecordMp4 NeedsFfmpeg
    StopRecording LayerGeoJson HtmlReport
    // Help.
    HelpKeys KeySpace KeyStep FullStop KeyFaster KeyHome KeyFit KeyTurn KeyNorth KeyPan KeyZoom KeySearch KeyOpen KeyUndo KeyLayer KeyVehicle
    KeyEscape KeyHelp KeyShot HelpMouse MouseDrag MouseClick AboutText Licences NoGpu NoDisplay
    // Kinds of places.
    PlaceSettlement PlaceHospital PlaceFireStation PlacePolice PlaceBusStation PlaceBusStop PlaceCarPark PlaceFerryLanding PlaceTollGate
    PlaceWeighStation PlaceBorderGate PlaceCrossing PlaceTouristSite PlaceSchool PlaceMarket PlaceIndustrialPark PlaceAirport
    // Ways to control a signal.
    ControlFixed ControlCoordinated ControlWebster ControlActuated ControlMaxPressure ControlCyclicMaxPressure ControlEfficientMaxPressure
    ControlAdvancedMaxPressure ControlPredictive ControlPredictiveOracle ControlOnnx ControlTrial
    // Classes of roads.
    RoadMotorway RoadTrunk RoadPrimary RoadSecondary RoadTertiary RoadMinor RoadService RoadResidential
    // In lists and units.
    ACamera ALoop ARadar ANamelessRoad UnitSeconds UnitHours
    // Examples on the start page.
    ExampleLongXuyenMorning ExampleLongXuyenBridge ExampleLongXuyenMarket ExampleLongXuyenSignals ExampleLongXuyenQuestions ExampleCt34Av
    ExampleBinhLongShuttles ExampleSpeedAssistance
    // File dialogs.
    DialogOpen DialogSave DialogOverwrite DialogOverwriteAsk DialogReload DialogWorking DialogHidden DialogSystem DialogSelectAll
    DialogPinned DialogPin DialogUnpin DialogRename DialogPlaces DialogDevices DialogRemovable DialogHome DialogDesktop DialogDocuments
    DialogDownloads DialogAudio DialogPictures DialogVideos DialogFolderChosen DialogFileChosen DialogFileName DialogAllFiles
    DialogAnyEnding DialogNoFolderName DialogNoFileName DialogFolderThere DialogFileThere
}

phrases! {
    // What is going on.
    jumping(time);
    preparing(part);
    opening(name);
    fitting(run, of);
    assigning(run, of);
    assigning_at_most(run, of);
    speed_reached(speed);
    recording(count);
    report_running(part);
    // What came of it.
    written(path);
    failed(why);
    failed_with(file, why);
    refused(why);
    other_map(first, second);
    more_roads(count);
    other_times(first, second);
    plan_safe(cycle);
    plan_unsafe(why);
    // Roads, junctions, layers.
    road_towards(road, next);
    phase_of(phase, groups);
    merge_with(junction);
    left_out(count);
    split_junction(nodes);
    counts_of(from, to);
    show_layer(layer);
    density_and_flow(density, flow);
    results_of(name);
    seeds(count);
    // Changes that were made.
    closed(place);
    closed_lanes(place, lanes);
    opened(place);
    opened_lanes(place, lanes);
    accident_at(place);
    limit_set(kmh, place);
    control_set(place, method);
    retimed(place);
    demand_set(percent, whom);
    electric_set(percent, whom);
    automation_set(system, percent, whom);
    trackers_set(percent, whom);
    guidance_set(percent);
    detector_set(sensor, place);
    undid(edit);
    lane_use_set(place);
    departures_set(whom);
    vehicle_removed(trip);
    bends(count);
    new_road_set(road);
    bus_line_set(line);
    car_park_set(place);
}

/// The name of a part of the preparation, as [`scenarios::run::progress`] calls it.
pub fn part_name(part: &str, lang: Lang) -> String {
    match part {
        "map" => Text::PartMap.in_lang(lang).into(),
        "demand" => Text::PartDemand.in_lang(lang).into(),
        "trips" => Text::PartTrips.in_lang(lang).into(),
        other => {
            let round = |of: &str| other.strip_prefix(of).and_then(|rest| rest.split_once(" of "));
            match (round("fit to counts, run "), round("assignment, run ")) {
                (Some((run, of)), _) => fitting(lang, run, of),
                (_, Some((run, of))) => match of.strip_prefix("at most ") {
                    Some(most) => assigning_at_most(lang, run, most),
                    None => assigning(lang, run, of),
                },
                _ => other.into(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_preparation_are_told_in_both_languages() {
        assert_eq!(part_name("fit to counts, run 2 of 3", Lang::Vi), "hiệu chỉnh theo số đếm, lần 2 trên 3");
        assert_eq!(part_name("assignment, run 2 of at most 61", Lang::Vi), "chọn lại đường đi, lượt 2 trên tối đa 61");
        assert_eq!(part_name("assignment, run 2 of 9", Lang::En), "choosing ways anew, run 2 of 9");
        assert_eq!(part_name("demand", Lang::En), "working out the demand");
    }
}
