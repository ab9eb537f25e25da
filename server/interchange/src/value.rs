//! Single cells: text, keys, flags.

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

/// A cell without what surrounds its words.
pub fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{a0}' | '\u{200b}' | '\u{feff}' | '\u{2060}'))
}

/// Whether a trimmed cell says that there is nothing.
pub fn is_null(cell: &str) -> bool {
    cell.is_empty() || cell.eq_ignore_ascii_case("null") || cell == "PLACEHOLDER_DATA"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_zeros_and_lose_only_what_is_not_theirs() {
        assert_eq!(key("\u{200b} 0070 "), "0070");
        assert_eq!(key("-1"), "");
        assert_eq!(text("  Anne  Marie "), "Anne Marie");
        assert_eq!(text(" Ada\u{fffe}\u{0}  Okafor "), "Ada Okafor");
    }
}
