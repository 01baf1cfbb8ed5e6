//! What vehicle classes are called.

use super::Lang;
use sim_core::class::VehicleClass;

/// A class's short name, for tables.
pub const fn class_name(lang: Lang, class: VehicleClass) -> &'static str {
    match class {
        VehicleClass::Motorcycle => lang.pick("xe máy", "motorcycle"),
        VehicleClass::Bicycle => lang.pick("xe đạp", "bicycle"),
        VehicleClass::Car => lang.pick("ô tô con", "car"),
        VehicleClass::Taxi => lang.pick("xe taxi", "taxi"),
        VehicleClass::Minibus => lang.pick("xe khách nhỏ", "minibus"),
        VehicleClass::Bus => lang.pick("xe buýt, xe khách", "bus, coach"),
        VehicleClass::LightTruck => lang.pick("xe tải nhẹ", "light truck"),
        VehicleClass::HeavyTruck => lang.pick("xe tải nặng", "heavy truck"),
        VehicleClass::ArticulatedTruck => lang.pick("xe đầu kéo", "articulated truck"),
        VehicleClass::Emergency => lang.pick("xe ưu tiên", "emergency vehicle"),
        VehicleClass::Shuttle => lang.pick("xe tự hành", "autonomous shuttle"),
    }
}

/// A class's name with what it covers, for legends.
pub const fn class_name_long(lang: Lang, class: VehicleClass) -> &'static str {
    match class {
        VehicleClass::Motorcycle => lang.pick("xe mô tô, xe gắn máy", "motorcycle or scooter"),
        VehicleClass::Bicycle => lang.pick("xe đạp, xe đạp điện", "bicycle or e-bike"),
        VehicleClass::Car => lang.pick("ô tô con đến 9 chỗ", "private car up to 9 seats"),
        VehicleClass::Taxi => lang.pick("xe taxi", "taxi"),
        VehicleClass::Minibus => lang.pick("xe khách nhỏ 10–30 chỗ", "minibus of 10 to 30 seats"),
        VehicleClass::Bus => lang.pick("xe buýt, xe khách trên 30 chỗ", "bus or coach of more than 30 seats"),
        VehicleClass::LightTruck => lang.pick("xe tải nhẹ đến 3,5 tấn", "truck up to 3.5 t"),
        VehicleClass::HeavyTruck => lang.pick("xe tải nặng trên 3,5 tấn", "rigid truck over 3.5 t"),
        VehicleClass::ArticulatedTruck => lang.pick("xe đầu kéo công-ten-nơ", "articulated container truck"),
        VehicleClass::Emergency => lang.pick("xe ưu tiên (cứu thương, chữa cháy, công an)", "ambulance, fire engine or police car"),
        VehicleClass::Shuttle => lang.pick("xe buýt nhỏ tự hành", "autonomous shuttle"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_class_has_a_name_of_its_own_in_each_language() {
        for lang in Lang::ALL {
            for name in [class_name, class_name_long] {
                let names: BTreeSet<_> = VehicleClass::ALL.into_iter().map(|c| name(lang, c)).collect();
                assert_eq!(names.len(), VehicleClass::ALL.len(), "{lang:?}: {names:?}");
            }
        }
        for class in VehicleClass::ALL {
            assert_ne!(class_name(Lang::Vi, class), class_name(Lang::En, class));
        }
    }
}
