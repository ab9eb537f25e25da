//! A document as Markdown.

use domain::document::{Block, Document};
use domain::prose::end_lists;
use pulldown_cmark::{Event, Options, Parser};
use std::fmt::Write as _;

/// The whole document.
pub(crate) fn print(document: &Document) -> String {
    let mut out = String::new();
    line(&mut out, &format!("# {}\n", plain(&document.title)));
    let council = if document.council.is_empty() { String::new() } else { format!("{} · ", plain(&document.council)) };
    line(&mut out, &format!("{council}**{}** · copy for {}\n", document.status, plain(&document.made_for)));
    line(&mut out, &format!("> {}\n", document.notice));
    line(&mut out, &format!("Left out: {}\n", plain(&document.left_out.join(" "))));
    for fact in &document.facts {
        line(&mut out, &format!("- {}", plain(fact)));
    }
    for section in &document.sections {
        line(&mut out, &format!("\n{} {}\n", "#".repeat(usize::from(section.level.min(6))), plain(&section.heading)));
        for block in &section.blocks {
            print_block(&mut out, block);
        }
    }
    for words in &document.colophon {
        line(&mut out, &format!("\n{}", plain(words)));
    }
    out
}

fn print_block(out: &mut String, block: &Block) {
    match block {
        Block::Text(text) => line(out, &format!("{}\n", broken(text))),
        Block::Strong(text) => line(out, &format!("**{}**\n", broken(text))),
        Block::Prose(text) => line(out, &format!("{}\n", quoted(text))),
        Block::List(items) => {
            for item in items {
                line(out, &format!("- {}", broken(item)));
            }
            line(out, "");
        }
        Block::Table { headings, rows, .. } => {
            line(out, &format!("| {} |\n|{}", headings.join(" | "), "---|".repeat(headings.len())));
            for row in rows {
                let cells: Vec<String> =
                    row.iter().map(|cell| plain(cell).replace('|', "\\|").replace('\n', " ")).collect();
                line(out, &format!("| {} |", cells.join(" | ")));
            }
            line(out, "");
        }
    }
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}

/// Text in which "&quot;" stands as it was typed, and not for the sign that it names in HTML.
fn as_typed(text: &str) -> String {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let names_a_sign = part.starts_with(|c: char| c == '#' || c.is_ascii_alphabetic());
        out.push_str(if names_a_sign { "\\&" } else { "&" });
        out.push_str(part);
    }
    out
}

/// Short text that is never markup.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    as_typed(&out)
}

/// Short text with its line breaks, which Markdown marks by a backslash.
fn broken(text: &str) -> String {
    plain(text).replace('\n', "\\\n")
}

/// People's own Markdown, set off so that its headings do not become ours. Of what it says, only what is HTML, or names a
/// sign in it, is written otherwise: code and addresses hold such a name as it is.
fn quoted(text: &str) -> String {
    let mut out = end_lists(text);
    // What stood in a block of HTML is read anew once that is none.
    loop {
        let places = of_html(&out);
        if places.is_empty() {
            break;
        }
        out = escaped(&out, &places);
    }
    out.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}

/// `text` with a backslash at these places, which are in order.
fn escaped(text: &str, places: &[usize]) -> String {
    let mut out = String::with_capacity(text.len() + places.len());
    let mut written = 0;
    for at in places {
        out.push_str(&text[written..*at]);
        out.push('\\');
        written = *at;
    }
    out.push_str(&text[written..]);
    out
}

/// Where Markdown reads HTML, or the name of a sign, as "&quot;", and not what is typed.
fn of_html(text: &str) -> Vec<usize> {
    let events = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).into_offset_iter();
    let places = events.flat_map(|(event, at)| match event {
        Event::Text(words) if text[at.clone()].starts_with('&') && *words != text[at.clone()] => vec![at.start],
        Event::Html(_) | Event::InlineHtml(_) => {
            text[at.clone()].match_indices('<').map(|(inside, _)| at.start + inside).collect()
        }
        _ => Vec::new(),
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::{plain, quoted};

    #[test]
    fn what_names_a_sign_in_html_stands_as_it_was_typed() {
        assert_eq!(plain("&quot; &#39; a & b"), "\\&quot; &\\#39; a & b");
        assert_eq!(quoted("&amp;\nx & y"), "> \\&amp;\n> x & y");
        assert_eq!(quoted("a <b>b</b>"), "> a \\<b>b\\</b>");
        assert_eq!(quoted("<div>\n*a* &amp;"), "> \\<div>\n> *a* \\&amp;");
        for as_it_is in ["`a &amp; b`", "<https://x.example/?a=1&b=2>", "\\&amp;", "    code &amp; more"] {
            assert_eq!(quoted(as_it_is), format!("> {as_it_is}"));
        }
    }
}
