//! Minutes as Markdown.

use crate::{
    confirmation_words, heard_heading, late_heading, present_words, stance_words, step_words, title, top_lines,
};
use domain::minutes::{ChildMinutes, Minutes};
use std::fmt::Write as _;

/// One document.
pub(crate) fn print(minutes: &Minutes) -> String {
    let mut out = String::new();
    line(&mut out, &format!("# {}\n", title(minutes)));
    line(&mut out, &format!("**{}** · {} · copy for {}\n", minutes.status, minutes.team, minutes.made_for));
    line(&mut out, &format!("> {}\n", minutes.notice));
    line(&mut out, &format!("Left out: {}\n", minutes.left_out.join(" ")));
    for top in top_lines(minutes) {
        line(&mut out, &format!("- {top}"));
    }
    for family in &minutes.families {
        line(&mut out, &format!("\n## Family {}\n\n{}", plain(&family.reference), family.state));
        for child in &family.children {
            one_child(&mut out, child);
        }
        if !family.late.is_empty() {
            line(&mut out, "\n### Late contributions\n");
        }
        for late in &family.late {
            line(&mut out, &format!("**{}**\n\n{}\n", plain(&late_heading(late)), quoted(&late.text)));
        }
    }
    out
}

fn one_child(out: &mut String, child: &ChildMinutes) {
    let record = &child.record;
    line(out, &format!("\n### {}, {}\n\n#### Present\n", plain(&child.name), child.age));
    for present in &record.attendance {
        line(out, &format!("- {}", plain(&present_words(present))));
    }
    line(out, "\n#### What we heard\n");
    if record.heard.is_empty() {
        line(out, "Nothing was written here.");
    }
    for (at, heard) in record.heard.iter().enumerate() {
        line(out, &format!("**{}**\n\n{}\n", plain(&heard_heading(record, at)), quoted(&heard.text)));
    }
    line(out, "#### What we think it means\n");
    line(
        out,
        &if record.meaning.trim().is_empty() {
            "Nothing was written here.".to_owned()
        } else {
            quoted(&record.meaning)
        },
    );
    line(out, "\n#### Decision and why\n");
    match &record.decision {
        None => line(out, "No decision is recorded."),
        Some(decision) => {
            line(out, &format!("**{}.** {}\n", decision.title, plain(&decision.route)));
            if !decision.what.is_empty() {
                line(out, &format!("{}\n", plain(&decision.what)));
            }
            line(
                out,
                &format!(
                    "Why: {}\n",
                    if decision.why.is_empty() { "to follow".to_owned() } else { plain(&decision.why) }
                ),
            );
            line(out, &format!("{}\n", confirmation_words(decision)));
            for stance in &decision.stances {
                line(out, &format!("- {}", plain(&stance_words(stance))));
            }
        }
    }
    line(out, "\n#### Next steps\n");
    if record.steps.is_empty() {
        line(out, "None.");
        return;
    }
    line(out, "| What | Who | By when | How we will know |\n|---|---|---|---|");
    for step in &record.steps {
        let cells = step_words(step).map(|cell| plain(&cell).replace('|', "\\|").replace('\n', " "));
        line(out, &format!("| {} |", cells.join(" | ")));
    }
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
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
    out
}

/// People's own Markdown, set off so that its headings do not become ours.
fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}
