//! A line of a sketch source cut into words, quoted texts and `key=value` pairs.

use super::error::SketchProblem;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A bare word.
    Word(String),
    /// A text in quotes, without them.
    Text(String),
    /// `key=value` or `key="value"`.
    Pair(String, String),
}

/// The tokens of `line`, up to a `#` that begins a word.
pub(super) fn tokens(line: &str) -> Result<Vec<Token>, SketchProblem> {
    let mut out = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let stop = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
        let (word, after) = rest.split_at(stop);
        if let Some(quoted) = after.strip_prefix('"') {
            let end = quoted.find('"').ok_or(SketchProblem::OpenQuote)?;
            let text = quoted[..end].to_owned();
            match word.strip_suffix('=') {
                Some(key) => out.push(Token::Pair(key.to_owned(), text)),
                None => {
                    if !word.is_empty() {
                        out.push(Token::Word(word.to_owned()));
                    }
                    out.push(Token::Text(text));
                }
            }
            rest = quoted[end + 1..].trim_start();
        } else {
            out.push(match word.split_once('=') {
                Some((key, value)) => Token::Pair(key.to_owned(), value.to_owned()),
                None => Token::Word(word.to_owned()),
            });
            rest = after.trim_start();
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_texts_pairs_and_comments() {
        let got = tokens(r#"road ql91 "Quốc lộ 91" lanes=2 name="a b" ql91*b # rest "open"#).unwrap();
        let word = |w: &str| Token::Word(w.into());
        let pair = |k: &str, v: &str| Token::Pair(k.into(), v.into());
        assert_eq!(
            got,
            [word("road"), word("ql91"), Token::Text("Quốc lộ 91".into()), pair("lanes", "2"), pair("name", "a b"), word("ql91*b")]
        );
        assert_eq!(tokens(r#"node "x"#), Err(SketchProblem::OpenQuote));
    }
}
