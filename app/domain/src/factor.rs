//! Factors identified at the end of an assessment (CIN census, 2026 code list).

/// Whether a code speaks of domestic abuse (child in need census, 3A to 3C).
#[must_use]
pub fn is_domestic_abuse(code: &str) -> bool {
    matches!(code, "3A" | "3B" | "3C")
}

/// What a code means in the census's words; `None` for a code it does not have.
#[must_use]
pub fn title(code: &str) -> Option<&'static str> {
    let split = code.find(|c: char| !c.is_ascii_digit())?;
    let (number, suffix) = code.split_at(split);
    let meaning = match number {
        "1" => "alcohol",
        "2" => "drugs",
        "3" => "domestic abuse",
        "4" => "mental health",
        "5" => "learning disability",
        "6" => "physical disability or illness",
        "7" => "young carer",
        "8" => "private fostering",
        "9" => "unaccompanied asylum seeking",
        "10" => "missing",
        "11" => "sexual exploitation",
        "12" => "trafficking",
        "13" => "gangs (a concern)",
        "14" => "behaviour that worries others",
        "15" => "self-harm",
        "16" => "neglect",
        "17" => "emotional abuse",
        "18" => "physical abuse",
        "19" => "sexual abuse",
        "20" => "other",
        "21" => "none",
        "22" => "female genital mutilation",
        "23" => "faith or belief",
        "24" => "criminal exploitation",
        _ => return None,
    };
    let valid = match number {
        "1" | "2" | "3" | "4" | "5" | "6" => matches!(suffix, "A" | "B" | "C"),
        "8" => matches!(suffix, "B" | "C" | "D" | "E" | "F"),
        "18" | "19" => matches!(suffix, "A" | "B" | "C"),
        "20" | "21" => matches!(suffix, "" | "A"),
        _ => suffix == "A",
    };
    valid.then_some(meaning)
}

/// A code with its meaning and whom it is about: "alcohol (parent or carer)".
#[must_use]
pub fn label(code: &str) -> String {
    let Some(meaning) = title(code) else { return code.to_owned() };
    let whom = match (code.trim_end_matches(char::is_alphabetic).parse::<u8>(), code.chars().last()) {
        (Ok(3), Some('A')) => ": the child is subjected to it",
        (Ok(3), Some('B')) => ": a parent or carer is subjected to it",
        (Ok(3), Some('C')) => ": somebody else in the household is subjected to it",
        (Ok(1..=6), Some('A')) => " (child)",
        (Ok(1..=6), Some('B')) => " (parent or carer)",
        (Ok(1..=6), Some('C')) => " (other in household)",
        _ => "",
    };
    format!("{meaning}{whom}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_as_the_census_has_them() {
        assert_eq!(label("3B"), "domestic abuse: a parent or carer is subjected to it");
        assert_eq!(label("1B"), "alcohol (parent or carer)");
        assert_eq!(label("16A"), "neglect");
        assert_eq!(title("18A"), Some("physical abuse"));
        assert_eq!(title("99Z"), None);
        assert_eq!(label("99Z"), "99Z");
    }
}
