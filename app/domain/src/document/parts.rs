//! The words of a record's parts, the same in every document.

use super::{Block, Section};
use crate::dates;
use crate::meeting::{Attendance, Became, Position};
use crate::record::{
    Addendum, Agreed, Conversed, Decided, Heard, IfThen, PracticeRecord, Present, Raised, Record, Said, Sealed,
    SignedAs, Stood,
};

/// "R. Lund, social worker: in the room".
pub(super) fn present_words(present: &Present) -> String {
    let how = present.how.map_or_else(|| "attendance not marked".to_owned(), Attendance::title);
    let brought = present.brought_in.as_ref().map(|why| format!(" (brought in: {why})")).unwrap_or_default();
    let out = match (present.stood_out, present.still_out) {
        (true, true) => ", stepped out for a conflict of interest",
        (true, false) => ", stepped out of part of it for a conflict of interest and came back",
        (false, _) => "",
    };
    format!("{}: {how}{brought}{out}", named(&present.who.name, &present.who.discipline))
}

/// "R. Lund, social worker: agrees with reservations: …".
pub(super) fn stance_words(stance: &Stood) -> String {
    let mut words =
        format!("{}: {}", named(&stance.who.name, &stance.who.discipline), stance.position.title().to_lowercase());
    if !stance.reason.is_empty() {
        words.push_str(&format!(". {}", stance.reason));
    } else if stance.reason_not_given {
        words.push_str(" (no reason recorded)");
    } else if stance.position != Position::Agree {
        words.push_str(" (reason to follow)");
    }
    if stance.asked_round {
        words.push_str(" (said when everybody was asked)");
    } else if let Some(by) = &stance.recorded_by {
        words.push_str(&format!(" (recorded by {by})"));
    }
    if stance.earlier_wording {
        words.push_str(" (on an earlier wording)");
    }
    for said in &stance.before {
        words.push_str(&format!("; before that, in their own words: {}", said.position.with_reason(&said.reason)));
    }
    words
}

/// What is not in a stance: confirmation, and who did not answer.
fn confirmation_words(decision: &Decided) -> String {
    let confirmed = match (&decision.decided_after, decision.confirmed_at) {
        (Some(who), Some(at)) => format!(
            "Decided after the meeting by {}, on {}.",
            named(&who.name, &who.discipline),
            dates::plain_date(dates::london(at).date())
        ),
        (None, Some(at)) => format!("Confirmed by the chair at {}.", dates::clock(at)),
        (_, None) => "Not confirmed by the chair.".to_owned(),
    };
    if decision.unanswered.is_empty() {
        return confirmed;
    }
    let silent: Vec<&str> = decision.unanswered.iter().map(|who| who.name.as_str()).collect();
    format!("{confirmed} No view recorded from {}.", silent.join(", "))
}

fn step_words(step: &Agreed) -> Vec<String> {
    let owner = step.owner.as_ref().map_or_else(|| "nobody yet".to_owned(), |owner| owner.name.clone());
    let who = if step.with.is_empty() { owner } else { format!("{owner}, with {}", step.with) };
    let due = step.due.map_or_else(|| "no date yet".to_owned(), dates::plain_date);
    vec![step.what.clone(), who, due, step.measure.clone()]
}

/// "Ada Okafor, social worker".
pub(super) fn named(name: &str, discipline: &str) -> String {
    if discipline.is_empty() { name.to_owned() } else { format!("{name}, {discipline}") }
}

/// "R. Lund, social worker, recorded by Ada Okafor".
#[must_use]
pub fn heard_heading(heard: &Heard) -> String {
    let by = if heard.recorded_by.is_empty() {
        String::new()
    } else {
        format!(", recorded by {}", heard.recorded_by.join(" and "))
    };
    format!("{}{by}", named(&heard.who.name, &heard.who.discipline))
}

pub(super) fn section(level: u8, heading: impl Into<String>, blocks: Vec<Block>) -> Section {
    Section { level, heading: heading.into(), blocks }
}

pub(super) fn nothing() -> Vec<Block> {
    vec![Block::Text("Nothing was written here.".to_owned())]
}

/// Passages that their writer tells apart: what was seen, what was told, what they think.
pub const TAGS: [&str; 3] = ["Seen:", "Told:", "I think:"];

/// A worker's words with their tags standing out.
fn tagged(text: &str) -> String {
    let line = |line: &str| {
        let tag =
            TAGS.into_iter().find(|tag| line.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)));
        tag.map_or_else(|| line.to_owned(), |tag| format!("**{tag}**{}", &line[tag.len()..]))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// A record's parts under headings of `level`; strengths and worries are in each worker's own words.
pub(super) fn record(record: &Record, level: u8) -> Vec<Section> {
    let mut sections =
        vec![section(level, "Present", vec![Block::List(record.attendance.iter().map(present_words).collect())])];
    sections.extend(before(&record.practice, level));
    sections.push(section(level, "What we heard", if record.heard.is_empty() { nothing() } else { Vec::new() }));
    for heard in &record.heard {
        sections.push(section(level + 1, heard_heading(heard), vec![Block::Prose(tagged(&heard.text))]));
    }
    let meaning = if record.meaning.trim().is_empty() { nothing() } else { vec![Block::Prose(record.meaning.clone())] };
    sections.push(section(level, "What we think it means", meaning));
    sections.extend(considered(&record.practice, level));
    sections.push(decision(record.decision.as_ref(), level));
    sections.push(steps(&record.steps, level));
    sections.extend(after(&record.practice, level));
    sections
}

/// What of the practice comes before what was heard: the last steps, the child's life now.
pub(super) fn before(practice: &PracticeRecord, level: u8) -> Vec<Section> {
    let mut sections = Vec::new();
    if !practice.question.is_empty() {
        sections.push(section(level, "The question for that day", vec![Block::Text(practice.question.clone())]));
    }
    if !practice.last_steps.is_empty() {
        let words = |said: &Said| {
            let word = if said.word.is_empty() { String::new() } else { format!(". {}", said.word) };
            format!("{}: {}{word}", said.what, became_words(said.became))
        };
        sections.push(section(
            level,
            "Since last time",
            vec![Block::List(practice.last_steps.iter().map(words).collect())],
        ));
    }
    if !practice.life.trim().is_empty() {
        sections.push(section(level, "The child’s life now", vec![Block::Prose(tagged(&practice.life))]));
    }
    sections
}

/// Options that were considered, before what was decided.
pub(super) fn considered(practice: &PracticeRecord, level: u8) -> Option<Section> {
    (!practice.considered.is_empty())
        .then(|| section(level, "Options we considered", vec![Block::List(practice.considered.clone())]))
}

const fn became_words(became: Became) -> &'static str {
    match became {
        Became::Done => "done",
        Became::NotDone => "not done",
        Became::Carried => "carried forward to next month",
        Became::Dropped => "not needed any more",
    }
}

/// What of the practice comes after the steps: what is done if something happens, conversations, urgent risks, the next
/// date.
pub(super) fn after(practice: &PracticeRecord, level: u8) -> Vec<Section> {
    let mut sections = Vec::new();
    if !practice.contingencies.is_empty() {
        let lines = practice.contingencies.iter().map(IfThen::to_string).collect();
        sections.push(section(level, "If something happens", vec![Block::List(lines)]));
    }
    if !practice.conversations.is_empty() {
        let words = |known: &Conversed| {
            let mut words = format!("{} with {}", known.who.name, known.with);
            if !known.process.is_empty() {
                words.push_str(&format!(" ({})", known.process));
            }
            words.push_str(&format!(": {}", known.explore));
            if !known.own_words.is_empty() {
                words.push_str(&format!(". In their own words: “{}”", known.own_words));
            }
            if !known.own_number.is_empty() {
                words.push_str(&format!(". Their own number: {}", known.own_number));
            }
            words
        };
        sections.push(section(
            level,
            "Conversations to have",
            vec![Block::List(practice.conversations.iter().map(words).collect())],
        ));
    }
    if !practice.spread.trim().is_empty() {
        sections.push(section(level, "What the scales told", vec![Block::Prose(practice.spread.clone())]));
    }
    if !practice.risks.is_empty() {
        let words = |risk: &Raised| {
            let heard = risk.heard.as_ref().map_or_else(
                || "no answer noted in the meeting".to_owned(),
                |(who, at)| format!("heard by {who} at {}", dates::clock(*at)),
            );
            format!("{}, {}: {} ({heard})", dates::clock(risk.at), risk.who.name, risk.what)
        };
        sections.push(section(
            level,
            "Urgent risk raised",
            vec![Block::List(practice.risks.iter().map(words).collect())],
        ));
    }
    if !practice.unused.is_empty() {
        let words = format!("{}.", practice.unused.join("; "));
        sections.push(section(level, "Headings not used", vec![Block::Text(words)]));
    }
    if let Some(day) = practice.next_on {
        let words = format!("The family is discussed again on {}.", dates::long_date(day));
        sections.push(section(level, "Next supervision", vec![Block::Text(words)]));
    }
    sections
}

pub(super) fn decision(decision: Option<&Decided>, level: u8) -> Section {
    let Some(decision) = decision else {
        return section(level, "Decision and why", vec![Block::Text("No decision is recorded.".to_owned())]);
    };
    let mut blocks = vec![Block::Strong(format!("{}. {}", decision.title, decision.route))];
    if !decision.what.is_empty() {
        blocks.push(Block::Text(decision.what.clone()));
    }
    let why = if decision.why.is_empty() { "to follow" } else { &decision.why };
    blocks.push(Block::Text(format!("Why: {why}")));
    blocks.push(Block::Text(confirmation_words(decision)));
    if !decision.stances.is_empty() {
        blocks.push(Block::List(decision.stances.iter().map(stance_words).collect()));
    }
    section(level, "Decision and why", blocks)
}

pub(super) fn steps(steps: &[Agreed], level: u8) -> Section {
    let blocks = if steps.is_empty() {
        vec![Block::Text("None.".to_owned())]
    } else {
        vec![Block::Table {
            caption: "Next steps: what, who, by when, and how we will know".to_owned(),
            headings: ["What", "Who", "By when", "How we will know"].map(str::to_owned).to_vec(),
            rows: steps.iter().map(step_words).collect(),
        }]
    };
    section(level, "Next steps", blocks)
}

/// What was added since signing, under a heading of `level`; none where nothing was.
pub(super) fn addenda(addenda: &[Addendum], level: u8) -> Vec<Section> {
    if addenda.is_empty() {
        return Vec::new();
    }
    let mut sections = vec![section(level, "Added since it was signed", Vec::new())];
    for addendum in addenda {
        let day = dates::plain_date(dates::london(addendum.at).date());
        let who = named(&addendum.by.name, &addendum.by.discipline);
        let blocks =
            vec![Block::Text(format!("Why it was added: {}", addendum.reason)), Block::Prose(addendum.text.clone())];
        sections.push(section(level + 1, format!("{who}, {day}"), blocks));
    }
    sections
}

/// Who signed, when and in whose place.
pub(super) fn signature(sealed: &Sealed) -> String {
    let day = dates::plain_date(dates::london(sealed.signed_at).date());
    let who = named(&sealed.signed_by.name, &sealed.signed_by.discipline);
    match &sealed.signed_as {
        SignedAs::Chair => format!("Signed by {who}, who chaired, on {day}."),
        SignedAs::Manager { chaired_by } => {
            format!("Signed by {who}, as the team's accountable manager, on {day}; {} chaired.", chaired_by.name)
        }
    }
}
