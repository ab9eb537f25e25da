//! Single cells: text, keys, dates, flags.

use chrono::NaiveDate;

/// Text that can stand in every document, with single spaces, without no-break and zero-width characters at its ends.
pub fn text(cell: &str) -> String {
    let cell = domain::prose::clean(trim(cell));
    if is_null(&cell) { String::new() } else { cell.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// A key: trimmed, case and zeros kept; empty for the nulls of the dataset, `-1` among them.
pub fn key(cell: &str) -> String {
    let cell = trim(cell);
    if is_null(cell) || cell == "-1" { String::new() } else { cell.to_owned() }
}

/// A yes.
pub fn yes(cell: &str) -> bool {
    matches!(trim(cell).to_lowercase().as_str(), "y" | "yes" | "true" | "1")
}

/// A date, day first: ISO, ISO with a time, `dd/mm/yyyy`, `dd-Mon-yyyy`. `Ok(None)` where empty.
///
/// # Errors
/// The cell, where it is no date.
pub fn date(cell: &str) -> Result<Option<NaiveDate>, String> {
    let cell = trim(cell);
    if is_null(cell) {
        return Ok(None);
    }
    // A time is dropped, never shifted: midnight in one zone is the day before in another.
    let day = cell.split(['T', ' ']).next().unwrap_or_default();
    ["%Y-%m-%d", "%d/%m/%Y", "%d-%b-%Y"]
        .into_iter()
        .find_map(|format| NaiveDate::parse_from_str(day, format).ok())
        .filter(|date| (1880..=2200).contains(&chrono::Datelike::year(date)))
        .map_or_else(|| Err(cell.to_owned()), |date| Ok(Some(date)))
}

fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{a0}' | '\u{200b}' | '\u{feff}' | '\u{2060}'))
}

fn is_null(cell: &str) -> bool {
    cell.is_empty() || cell.eq_ignore_ascii_case("null") || cell == "PLACEHOLDER_DATA"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_day_first_and_never_shifted() {
        let day = NaiveDate::from_ymd_opt(2024, 3, 12);
        for cell in ["2024-03-12", "12/03/2024", "2024-03-12 00:00:00.000", "2024-03-12T00:00:00Z", "12-Mar-2024"] {
            assert_eq!(text(" Ada\u{fffe}\u{0}  Okafor "), "Ada Okafor");
            assert_eq!(date(cell), Ok(day), "{cell}");
        }
        assert_eq!(date(" \u{a0}"), Ok(None));
        assert_eq!(date("PLACEHOLDER_DATA"), Ok(None));
        assert_eq!(date("31/02/2024"), Err("31/02/2024".to_owned()));
        assert_eq!(date("12/31/2024"), Err("12/31/2024".to_owned()));
    }

    #[test]
    fn keys_keep_zeros_and_lose_only_what_is_not_theirs() {
        assert_eq!(key("\u{200b} 0070 "), "0070");
        assert_eq!(key("-1"), "");
        assert_eq!(text("  Anne  Marie "), "Anne Marie");
    }
}
