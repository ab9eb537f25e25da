//! Minutes as a fragment of HTML, made for print.

use crate::{
    confirmation_words, heard_heading, late_heading, present_words, stance_words, step_words, title, top_lines,
};
use domain::minutes::{ChildMinutes, Minutes};
use service::markdown::to_html;

/// Everything between the page's header and footer.
pub(crate) fn print(minutes: &Minutes) -> String {
    let mut out = format!(
        "<h1 class=\"govuk-heading-l\">{}</h1><p class=\"govuk-body\"><strong class=\"govuk-tag\">{}</strong> {} · copy for {}</p>",
        text(&title(minutes)),
        text(&minutes.status),
        text(&minutes.team),
        text(&minutes.made_for),
    );
    out += &format!(
        "<div class=\"govuk-inset-text\"><p class=\"govuk-body\"><strong>{}</strong></p>",
        text(&minutes.notice)
    );
    out += &format!("<p class=\"govuk-body\">Left out: {}</p></div>", text(&minutes.left_out.join(" ")));
    out += &list(&top_lines(minutes));
    if minutes.families.is_empty() {
        out += "<p class=\"govuk-body\">None of the families you may see has been discussed in this meeting.</p>";
    }
    for family in &minutes.families {
        out += &format!(
            "<section class=\"cr-minutes__family\"><h2 class=\"govuk-heading-m\">Family {}</h2><p class=\"govuk-body\">{}</p>",
            text(&family.reference),
            text(&family.state)
        );
        for child in &family.children {
            out += &one_child(child);
        }
        if !family.late.is_empty() {
            out += "<h3 class=\"govuk-heading-m\">Late contributions</h3>";
        }
        for late in &family.late {
            out += &format!(
                "<h4 class=\"cr-minutes__who\">{}</h4><div class=\"cr-prose\">{}</div>",
                text(&late_heading(late)),
                to_html(&late.text)
            );
        }
        out += "</section>";
    }
    out
}

fn one_child(child: &ChildMinutes) -> String {
    let record = &child.record;
    let mut out = format!(
        "<section class=\"cr-minutes__child\"><h3 class=\"govuk-heading-m\">{}, {}</h3>",
        text(&child.name),
        text(&child.age)
    );
    out += "<h4 class=\"govuk-heading-s\">Present</h4>";
    out += &list(&record.attendance.iter().map(present_words).collect::<Vec<_>>());
    out += "<h4 class=\"govuk-heading-s\">What we heard</h4>";
    if record.heard.is_empty() {
        out += NOTHING;
    }
    for (at, heard) in record.heard.iter().enumerate() {
        out += &format!(
            "<h5 class=\"cr-minutes__who\">{}</h5><div class=\"cr-prose\">{}</div>",
            text(&heard_heading(record, at)),
            to_html(&heard.text)
        );
    }
    out += "<h4 class=\"govuk-heading-s\">What we think it means</h4>";
    out += &if record.meaning.trim().is_empty() {
        NOTHING.to_owned()
    } else {
        format!("<div class=\"cr-prose\">{}</div>", to_html(&record.meaning))
    };
    out += "<h4 class=\"govuk-heading-s\">Decision and why</h4>";
    match &record.decision {
        None => out += "<p class=\"govuk-body\">No decision is recorded.</p>",
        Some(decision) => {
            out += &format!(
                "<p class=\"govuk-body\"><strong>{}.</strong> {}</p>",
                text(&decision.title),
                text(&decision.route)
            );
            if !decision.what.is_empty() {
                out += &format!("<p class=\"govuk-body\">{}</p>", text(&decision.what));
            }
            let why = if decision.why.is_empty() { "to follow" } else { &decision.why };
            out += &format!(
                "<p class=\"govuk-body\">Why: {}</p><p class=\"govuk-body\">{}</p>",
                text(why),
                text(&confirmation_words(decision))
            );
            out += &list(&decision.stances.iter().map(stance_words).collect::<Vec<_>>());
        }
    }
    out += "<h4 class=\"govuk-heading-s\">Next steps</h4>";
    if record.steps.is_empty() {
        out += "<p class=\"govuk-body\">None.</p>";
    } else {
        out += "<table class=\"govuk-table\"><thead class=\"govuk-table__head\"><tr class=\"govuk-table__row\">";
        for heading in ["What", "Who", "By when", "How we will know"] {
            out += &format!("<th scope=\"col\" class=\"govuk-table__header\">{heading}</th>");
        }
        out += "</tr></thead><tbody class=\"govuk-table__body\">";
        for step in &record.steps {
            out += "<tr class=\"govuk-table__row\">";
            for cell in step_words(step) {
                out += &format!("<td class=\"govuk-table__cell\">{}</td>", text(&cell));
            }
            out += "</tr>";
        }
        out += "</tbody></table>";
    }
    out + "</section>"
}

const NOTHING: &str = "<p class=\"govuk-body\">Nothing was written here.</p>";

fn list(lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let items: String = lines.iter().map(|line| format!("<li>{}</li>", text(line))).collect();
    format!("<ul class=\"govuk-list govuk-list--bullet\">{items}</ul>")
}

fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
