//! What a child needs because of a disability, and special educational needs (CIN census, code list of disabilities).

/// Special educational needs: not a code of the census, which has disabilities only.
pub const SEND: &str = "SEND";

/// What a code means; empty for the code that says that there is none, `None` for a code that is not known.
#[must_use]
pub fn title(code: &str) -> Option<&'static str> {
    Some(match code {
        "NONE" => "",
        "MOB" => "mobility",
        "HAND" => "use of the hands",
        "PC" => "personal care",
        "INC" => "incontinence",
        "COMM" => "communication",
        "LD" => "learning disability",
        "HEAR" => "hearing",
        "VIS" => "sight",
        "BEH" => "behaviour",
        "CON" => "consciousness",
        "AUT" => "autism",
        "DDA" => "another disability",
        SEND => "special educational needs",
        _ => return None,
    })
}

/// Codes as words for a child's line: "hearing, special educational needs". A code that is not known stands as it is.
#[must_use]
pub fn in_words(codes: &[String]) -> String {
    let mut words: Vec<&str> = codes.iter().map(|code| title(code).unwrap_or(code)).collect();
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.dedup();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_said_once_and_none_says_nothing() {
        let codes = ["HEAR", "NONE", "SEND", "HEAR", "", "local"].map(str::to_owned);
        assert_eq!(in_words(&codes), "hearing, local, special educational needs");
        assert_eq!(in_words(&["NONE".to_owned()]), "");
    }
}
