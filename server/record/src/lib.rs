//! Minutes as Markdown, HTML and JSON. Three printers of one structure; nothing is decided here.

mod html;
mod markdown;

use domain::meeting::Attendance;
use domain::minutes::{LateMinutes, Minutes};
use domain::record::{Agreed, Decided, Present, Record, Stood};
use service::Printer;

/// The shipped printers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Printers;

impl Printer for Printers {
    fn markdown(&self, minutes: &Minutes) -> String {
        markdown::print(minutes)
    }

    fn html(&self, minutes: &Minutes) -> String {
        html::print(minutes)
    }

    fn json(&self, minutes: &Minutes) -> String {
        serde_json::to_string_pretty(minutes).expect("minutes are plain data")
    }
}

/// "R. Lund, social worker: in the room".
fn present_words(present: &Present) -> String {
    let how = present.how.map_or_else(|| "attendance not marked".to_owned(), Attendance::title);
    let brought = present.brought_in.as_ref().map(|why| format!(" (brought in: {why})")).unwrap_or_default();
    let out = if present.stood_out { ", stood out for a conflict of interest" } else { "" };
    format!("{}: {how}{brought}{out}", named(&present.who.name, &present.who.discipline))
}

/// "R. Lund, social worker: agrees with reservations: …".
fn stance_words(stance: &Stood) -> String {
    let mut words =
        format!("{}: {}", named(&stance.who.name, &stance.who.discipline), stance.position.title().to_lowercase());
    if !stance.reason.is_empty() {
        words.push_str(&format!(". {}", stance.reason));
    } else if stance.position != domain::meeting::Position::Agree {
        words.push_str(" (reason to follow)");
    }
    if stance.asked_round {
        words.push_str(" (asked by the chair round the table)");
    } else if let Some(by) = &stance.recorded_by {
        words.push_str(&format!(" (recorded by {by})"));
    }
    if stance.earlier_wording {
        words.push_str(" (on an earlier wording)");
    }
    words
}

/// What is not in a stance: confirmation, and who did not answer.
fn confirmation_words(decision: &Decided) -> String {
    let confirmed = match decision.confirmed_at {
        Some(at) => format!("Confirmed by the chair at {}.", domain::dates::clock(at)),
        None => "Not confirmed by the chair.".to_owned(),
    };
    if decision.unanswered.is_empty() {
        return confirmed;
    }
    let silent: Vec<&str> = decision.unanswered.iter().map(|who| who.name.as_str()).collect();
    format!("{confirmed} Did not answer: {}.", silent.join(", "))
}

fn step_words(step: &Agreed) -> [String; 4] {
    let owner = step.owner.as_ref().map_or_else(|| "nobody yet".to_owned(), |owner| owner.name.clone());
    let who = if step.with.is_empty() { owner } else { format!("{owner}, with {}", step.with) };
    let due = step.due.map_or_else(|| "no date yet".to_owned(), domain::dates::plain_date);
    [step.what.clone(), who, due, step.measure.clone()]
}

fn named(name: &str, discipline: &str) -> String {
    if discipline.is_empty() { name.to_owned() } else { format!("{name}, {discipline}") }
}

fn heard_heading(record: &Record, at: usize) -> String {
    let heard = &record.heard[at];
    let by = if heard.recorded_by.is_empty() {
        String::new()
    } else {
        format!(", recorded by {}", heard.recorded_by.join(" and "))
    };
    format!("{}{by}", named(&heard.who.name, &heard.who.discipline))
}

/// "R. Lund, social worker, filed on 25 November 2026".
fn late_heading(late: &LateMinutes) -> String {
    format!("{}, filed on {}", late.who, domain::dates::plain_date(domain::dates::london(late.at).date()))
}

fn title(minutes: &Minutes) -> String {
    format!("Group case supervision, {}", domain::dates::long_date(minutes.held_on))
}

fn top_lines(minutes: &Minutes) -> Vec<String> {
    let mut lines = vec![format!("Chair: {}", minutes.chair)];
    lines.extend(minutes.record_taker.iter().map(|taker| format!("Record-taker: {taker}")));
    lines.extend(minutes.handovers.iter().cloned());
    lines
}
