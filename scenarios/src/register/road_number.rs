//! Road numbers as people write them: `QL91`, `QL.91`, `ql 91`; `ĐT941`, `DT.941`, `TL941` are one road each.

/// The numbers of a link: several are separated by `;`.
pub fn numbers_of(road_number: &str) -> impl Iterator<Item = &str> {
    road_number.split(';').map(str::trim).filter(|n| !n.is_empty())
}

/// Whether two numbers mean the same road.
///
/// ```
/// use scenarios::register::same_road;
/// assert!(same_road("ĐT.941", "TL 941") && same_road("ql91", "QL 91"));
/// assert!(!same_road("QL91", "QL91C"));
/// ```
pub fn same_road(a: &str, b: &str) -> bool {
    normal(a) == normal(b)
}

/// A number without what people write differently.
pub(crate) fn normal(number: &str) -> String {
    let plain: String =
        number.chars().flat_map(char::to_uppercase).filter(|c| c.is_alphanumeric()).map(|c| if c == 'Đ' { 'D' } else { c }).collect();
    match plain.strip_prefix("TL") {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => format!("DT{rest}"),
        _ => plain,
    }
}
