//! Where a list ends in what somebody typed.

/// Text in which a line after a list is a paragraph of its own, as its writer sees it. To Markdown, a line that follows an
/// item without a blank one between them belongs to the item.
#[must_use]
pub fn end_lists(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut fenced = false;
    for line in text.split('\n') {
        let after_item = lines.last().is_some_and(|before| is_item(before));
        let starts_anew = !line.is_empty() && !line.starts_with([' ', '\t']) && !is_item(line);
        if after_item && starts_anew && !fenced {
            lines.push("");
        }
        fenced ^= line.trim_start().starts_with("```");
        lines.push(line);
    }
    lines.join("\n")
}

/// Whether a line begins an item of a list: "- ", "* ", "+ ", "1. ", "1) ".
fn is_item(line: &str) -> bool {
    let line = line.trim_start_matches(' ');
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = match line.len() - number.len() {
        0 => line.strip_prefix(['-', '*', '+']),
        1..=9 => number.strip_prefix(['.', ')']),
        _ => None,
    };
    rest.is_some_and(|rest| rest.starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::end_lists;

    #[test]
    fn a_line_after_a_list_is_a_paragraph() {
        for (typed, read) in [
            ("- a\n- b\nWe wait", "- a\n- b\n\nWe wait"),
            ("1. a\n2) b\nWe wait", "1. a\n2) b\n\nWe wait"),
            ("- a\n  more of a\n- b", "- a\n  more of a\n- b"),
            ("- a\n\nWe wait", "- a\n\nWe wait"),
            ("-a\nb", "-a\nb"),
            ("2026-11-24\nb", "2026-11-24\nb"),
            ("```\n- a\nb\n```", "```\n- a\nb\n```"),
            ("**x**\ny", "**x**\ny"),
        ] {
            assert_eq!(end_lists(typed), read, "{typed}");
        }
    }
}
