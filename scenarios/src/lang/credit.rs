//! Whom to credit for a map, in the language of the reader where the credit is one of those that maps of this program carry.

use super::Lang;

/// Credits as maps carry them, and in Vietnamese.
const KNOWN: [(&str, &str); 2] = [
    (
        "sketch drawn from public facts; place positions © GeoNames, CC BY 4.0",
        "bản phác thảo vẽ từ các dữ kiện công khai; vị trí địa danh © GeoNames, CC BY 4.0",
    ),
    ("© OpenStreetMap contributors, ODbL", "© những người đóng góp cho OpenStreetMap, ODbL"),
];

/// A map's credit for a reader of `lang`; one that nobody translated stands as it is.
pub fn credit(lang: Lang, attribution: &str) -> &str {
    let known = KNOWN.iter().find(|(en, _)| *en == attribution);
    known.map_or(attribution, |(en, vi)| lang.pick(vi, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_map_is_credited_in_the_readers_language() {
        let attribution = maps::sketch::embedded().unwrap().network.meta.attribution;
        assert_eq!(credit(Lang::En, &attribution), attribution);
        assert!(credit(Lang::Vi, &attribution).contains("bản phác thảo") && credit(Lang::Vi, &attribution).contains("GeoNames"));
        assert_eq!(credit(Lang::Vi, "© Sở Xây dựng"), "© Sở Xây dựng");
    }
}
