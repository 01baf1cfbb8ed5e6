//! Which language to speak when the command line does not say.

use crate::lang::Lang;
use std::env;

/// The language of the environment. Vietnamese comes first: it is spoken unless `LC_ALL`, `LC_MESSAGES` or `LANG` (the first that is
/// set) names another language. `C` and `POSIX` name none.
pub fn from_environment() -> Lang {
    from_variables(|name| env::var(name).ok())
}

fn from_variables(value_of: impl Fn(&str) -> Option<String>) -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(value_of).find(|v| !v.is_empty()).unwrap_or_default();
    let language = locale.split(['_', '.', '-', '@']).next().unwrap_or_default();
    match language {
        "" | "C" | "POSIX" | "vi" => Lang::Vi,
        _ => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_unless_the_environment_names_another_language() {
        let lang =
            |pairs: &'static [(&str, &str)]| from_variables(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(lang(&[]), Lang::Vi);
        assert_eq!(lang(&[("LANG", "C.UTF-8")]), Lang::Vi);
        assert_eq!(lang(&[("LANG", "vi_VN.UTF-8")]), Lang::Vi);
        assert_eq!(lang(&[("LANG", "en_US.UTF-8")]), Lang::En);
        assert_eq!(lang(&[("LANG", "de_DE")]), Lang::En);
        assert_eq!(lang(&[("LC_ALL", "vi_VN"), ("LANG", "en_US")]), Lang::Vi);
        assert_eq!(lang(&[("LC_ALL", ""), ("LC_MESSAGES", "en"), ("LANG", "vi_VN")]), Lang::En);
    }
}
