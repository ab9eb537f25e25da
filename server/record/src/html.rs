//! A document as a fragment of HTML, made for print.

use domain::document::{Block, Document, Section};
use service::markdown::to_html;

/// Everything between the page's header and footer.
pub(crate) fn print(document: &Document) -> String {
    let council = if document.council.is_empty() { String::new() } else { format!(" {} ·", text(&document.council)) };
    let mut out = format!(
        "<h1 class=\"govuk-heading-l\">{}</h1><p class=\"govuk-body\"><strong class=\"govuk-tag\">{}</strong>{council} copy for {}</p>",
        text(&document.title),
        text(&document.status),
        text(&document.made_for),
    );
    out += &format!(
        "<div class=\"govuk-inset-text\"><p class=\"govuk-body\"><strong>{}</strong></p><p class=\"govuk-body\">Left out: {}</p></div>",
        text(&document.notice),
        text(&document.left_out.join(" "))
    );
    out += &list(&document.facts);
    let mut open = Vec::new();
    for section in &document.sections {
        while open.last().is_some_and(|level| *level >= section.level) {
            open.pop();
            out += "</section>";
        }
        open.push(section.level);
        out += &heading(section);
        for block in &section.blocks {
            out += &print_block(block);
        }
    }
    out += &"</section>".repeat(open.len());
    for words in &document.colophon {
        out += &format!("<p class=\"govuk-body-s cr-quiet\">{}</p>", text(words));
    }
    out
}

fn heading(section: &Section) -> String {
    let words = text(&section.heading);
    match section.level {
        2 => format!("<section class=\"cr-minutes__family\"><h2 class=\"govuk-heading-m\">{words}</h2>"),
        3 => format!("<section class=\"cr-minutes__child\"><h3 class=\"govuk-heading-m\">{words}</h3>"),
        4 => format!("<section><h4 class=\"govuk-heading-s\">{words}</h4>"),
        _ => format!("<section><h5 class=\"cr-minutes__who\">{words}</h5>"),
    }
}

fn print_block(block: &Block) -> String {
    match block {
        Block::Text(words) => format!("<p class=\"govuk-body\">{}</p>", lines(words)),
        Block::Strong(words) => format!("<p class=\"govuk-body\"><strong>{}</strong></p>", lines(words)),
        Block::Prose(words) => format!("<div class=\"cr-prose\">{}</div>", to_html(words)),
        Block::List(items) => list(items),
        Block::Table { caption, headings, rows } => {
            let head: String = headings
                .iter()
                .map(|heading| format!("<th scope=\"col\" class=\"govuk-table__header\">{}</th>", text(heading)))
                .collect();
            let cells = |row: &Vec<String>| -> String {
                let named = row.iter().zip(headings);
                named
                    .map(|(cell, heading)| {
                        format!("<td class=\"govuk-table__cell\" data-label=\"{}\">{}</td>", text(heading), lines(cell))
                    })
                    .collect()
            };
            let rows: String =
                rows.iter().map(|row| format!("<tr class=\"govuk-table__row\">{}</tr>", cells(row))).collect();
            format!(
                "<table class=\"govuk-table cr-stacked\"><caption class=\"govuk-visually-hidden\">{}</caption><thead class=\"govuk-table__head\"><tr class=\"govuk-table__row\">{head}</tr></thead><tbody class=\"govuk-table__body\">{rows}</tbody></table>",
                text(caption)
            )
        }
    }
}

fn list(items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: String = items.iter().map(|line| format!("<li>{}</li>", lines(line))).collect();
    format!("<ul class=\"govuk-list govuk-list--bullet\">{items}</ul>")
}

fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Words with their line breaks.
fn lines(words: &str) -> String {
    words.split('\n').map(text).collect::<Vec<_>>().join("<br/>")
}
