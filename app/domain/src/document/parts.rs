//! The words of a record's parts, the same in every document.

use super::attendance::{self, SteppedOut};
use super::{Block, Section};
use crate::dates;
use crate::mark::Marked;
use crate::meeting::{Became, Position};
use crate::record::{
    Addendum, Agreed, CompletedPart, Corrected, Heard, Named, Record, RecordConfirmation, RecordContingency,
    RecordConversation, RecordDecision, RecordLastStep, RecordObjection, RecordPart, RecordRisk, RecordStance, Sealed,
    SignedAs, Words,
};

/// The heading of the one question that was asked for the discussion.
pub const QUESTION: &str = "The question we met about";

/// "R. Lund, social worker: agrees with reservations: …".
pub(super) fn stance_words(stance: &RecordStance) -> String {
    let mut words = format!("{}: {}", stance.who.in_words(), stance.position.title().to_lowercase());
    if !stance.reason.is_empty() {
        words.push_str(&format!(". {}", stance.reason.content));
    } else if stance.reason_not_given {
        words.push_str(" (no reason recorded)");
    } else if stance.position != Position::Agree {
        words.push_str(" (reason to follow)");
    }
    let asked = stance.asked_round.then(|| "said when everybody was asked".to_owned());
    let recorded = stance.recorded_by.as_ref().map(|by| format!("recorded by {}", by.name));
    let how: Vec<String> = asked.into_iter().chain(recorded).chain([dates::clock(stance.at)]).collect();
    words.push_str(&format!(" ({})", how.join(", ")));
    if let Some(wording) = &stance.earlier_wording {
        words.push_str(&format!(" (on an earlier wording: {wording})"));
    }
    for said in &stance.before {
        words.push_str(&format!("; before that, in their own words: {}", said.position.with_reason(&said.reason)));
    }
    words
}

/// What is not in a stance: confirmation, and who did not answer.
fn confirmation_words(decision: &RecordDecision) -> String {
    let by = decision.confirmed_by.as_ref().map_or("the chair", |who| who.name.as_str());
    let confirmed = match (&decision.decided_after, decision.confirmed_at) {
        (Some(who), Some(at)) => format!(
            "Decided after the meeting by {}, on {}.",
            who.in_words(),
            dates::plain_date(dates::london(at).date())
        ),
        (None, Some(at)) => format!("Confirmed by {by}, who chaired, at {}.", dates::clock(at)),
        (_, None) => "Not confirmed by the chair.".to_owned(),
    };
    if decision.unanswered.is_empty() {
        return confirmed;
    }
    let silent: Vec<&str> = decision.unanswered.iter().map(|who| who.name.as_str()).collect();
    format!("{confirmed} No answer recorded from {}.", silent.join(", "))
}

/// "Before that it was confirmed at 09:40 by Zara Northlight as “Continue”. Nadia Quoin, then: disagree. Too early."
fn earlier_words(before: &RecordConfirmation) -> String {
    let (at, by) = (dates::clock(before.at), &before.by.name);
    let objection = |said: &RecordObjection| {
        format!(" {}, then: {}.", said.who.in_words(), said.position.with_reason(&said.reason))
    };
    let objections: String = before.objections.iter().map(objection).collect();
    format!("Before that it was confirmed at {at} by {by}, as “{}”.{objections}", before.wording)
}

fn step_words(step: &Marked<Agreed>) -> Vec<String> {
    let owner = step.owner.as_ref().map_or_else(|| "nobody yet".to_owned(), |owner| owner.name.clone());
    let who = if step.with.is_empty() { owner } else { format!("{owner}, with {}", step.with) };
    let due = step.due.map_or_else(|| "no date yet".to_owned(), dates::plain_date);
    vec![step.what.clone(), who, due, step.measure.clone()]
}

/// "R. Lund, social worker, recorded by Ada Okafor".
#[must_use]
pub fn heard_heading(heard: &Heard) -> String {
    let by: Vec<&str> = heard.recorded_by.iter().map(|who| who.name.as_str()).collect();
    let part = if heard.recorded_in_part { "in part " } else { "" };
    let by = if by.is_empty() { String::new() } else { format!(", {part}recorded by {}", by.join(" and ")) };
    format!("{}{by}", heard.who.in_words())
}

pub(super) fn section(level: u8, heading: impl Into<String>, blocks: Vec<Block>) -> Section {
    Section { level, heading: heading.into(), blocks }
}

fn list<'a, T: 'a>(
    level: u8, heading: &str, items: impl IntoIterator<Item = &'a T>, words: impl Fn(&T) -> String,
) -> Option<Section> {
    let lines: Vec<String> = items.into_iter().map(words).collect();
    (!lines.is_empty()).then(|| section(level, heading, vec![Block::List(lines)]))
}

fn prose(level: u8, heading: &str, words: &Words) -> Option<Section> {
    (!words.is_empty()).then(|| {
        let by = words.by.iter().map(Named::in_words).collect::<Vec<_>>().join("; ");
        let by = (!by.is_empty()).then(|| Block::Text(format!("Written by {by}.")));
        section(level, heading, [Block::Prose(tagged(&words.text))].into_iter().chain(by).collect())
    })
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

/// A record under headings of `level`: what was decided and agreed first, then what led there. Headings under which
/// nothing was said are left out and named at the end.
pub(super) fn record(record: &Record, level: u8, stepped_out: SteppedOut) -> Vec<Section> {
    let mut sections = vec![decision(record.decision.as_ref(), level), steps(&record.steps, level)];
    sections.extend(own_thinking(record, level));
    sections.push(attendance::section(record, level, stepped_out));
    sections.extend(shared(record, level));
    sections.extend(since_the_meeting(record, level, stepped_out));
    sections.extend(without_words(record, level));
    sections
}

/// What stands in one child's record alone: the life of that child, what it means for them, options for them.
pub(super) fn own_thinking(record: &Record, level: u8) -> Vec<Section> {
    let mut sections = Vec::new();
    sections.extend(prose(level, "The child’s life now", &record.life_now));
    sections.extend(prose(level, "What we think it means", &record.meaning));
    sections.extend(list(level, "Other options we considered", &record.options, |option| option.what.clone()));
    sections
}

/// What was planned, and what became of last month's steps, for one child alone.
pub(super) fn of_one_child(record: &Record, level: u8) -> Vec<Section> {
    let lists = [
        list(level, "If something happens", &record.contingencies, contingency_words),
        list(level, "Last month’s steps", &record.last_steps, last_step_words),
    ];
    lists.into_iter().flatten().chain(since_the_meeting(record, level, SteppedOut::NotNamed)).collect()
}

/// What is the same for all children of the discussion.
pub(super) fn shared(record: &Record, level: u8) -> Vec<Section> {
    let mut sections = Vec::new();
    sections.extend(list(level, "If something happens", &record.contingencies, contingency_words));
    sections.extend(list(level, "Conversations to have", &record.conversations, conversation_words));
    sections.extend(next_supervision(record, level));
    sections.extend(list(level, "Urgent risk raised", &record.risks, risk_words));
    if !record.question.is_empty() {
        sections.push(section(level, QUESTION, vec![Block::Text(record.question.clone())]));
    }
    sections.extend(list(level, "Last month’s steps", &record.last_steps, last_step_words));
    sections.extend(heard(record, level));
    sections.extend(prose(level, "Safety scores", &Words::plain(record.scales.clone())));
    sections
}

/// What was added and corrected between the meeting and the signature.
pub(super) fn since_the_meeting(record: &Record, level: u8, stepped_out: SteppedOut) -> Vec<Section> {
    let beside = |corrected: &&Corrected| stepped_out == SteppedOut::Named && of_attendance(corrected);
    let completed = |completed: &CompletedPart| completed_words(completed, &record.steps);
    let lists = [
        list(level, "Added after the meeting, before signing", &record.completed, completed),
        list(
            level,
            "Corrected before signing",
            record.corrected.iter().filter(|corrected| !beside(corrected)),
            corrected_words,
        ),
    ];
    lists.into_iter().flatten().collect()
}

/// Every worker's analysis; strengths and worries are in each worker's own words.
pub(super) fn heard(record: &Record, level: u8) -> Vec<Section> {
    if record.heard.is_empty() {
        return Vec::new();
    }
    let mut sections = vec![section(level, "What we heard", Vec::new())];
    for heard in &record.heard {
        sections.push(section(level + 1, heard_heading(heard), vec![Block::Prose(tagged(&heard.text.text))]));
    }
    sections
}

pub(super) fn next_supervision(record: &Record, level: u8) -> Option<Section> {
    let day = record.next_date?;
    let words = format!("The family is discussed again on {}.", dates::long_date(day));
    Some(section(level, "Next supervision", vec![Block::Text(words)]))
}

/// Headings of the meeting under which nothing is recorded.
pub(super) fn without_words(record: &Record, level: u8) -> Vec<Section> {
    let named = |heading: &str, headings: &[String]| {
        let words = format!("{}.", headings.join("; "));
        (!headings.is_empty()).then(|| section(level, heading, vec![Block::Text(words)]))
    };
    let (unused, empty) =
        (named("Headings not used", &record.unused), named("Nothing recorded in the meeting under", &record.empty));
    unused.into_iter().chain(empty).collect()
}

fn last_step_words(said: &RecordLastStep) -> String {
    let became = match (said.became, said.due) {
        (Became::Done, _) => "done".to_owned(),
        (Became::NotDone, _) => "not done".to_owned(),
        (Became::Carried, Some(due)) => format!("carried on, now by {}", dates::plain_date(due)),
        (Became::Carried, None) => "carried on to next month".to_owned(),
        (Became::Dropped, _) => "not needed any more".to_owned(),
    };
    let owner = said.owner.as_ref().map(|owner| format!(" ({})", owner.name)).unwrap_or_default();
    let word = if said.word.is_empty() { String::new() } else { format!(". {}", said.word) };
    format!("{}{owner}: {became}{word} (noted by {})", said.what, said.noted_by.name)
}

pub(super) fn contingency_words(contingency: &Marked<RecordContingency>) -> String {
    format!("If {}: {}", contingency.happens, contingency.then)
}

pub(super) fn conversation_words(conversation: &Marked<RecordConversation>) -> String {
    let process = conversation.process.map(|process| format!(" ({})", process.word())).unwrap_or_default();
    let mut words = format!("{} with {}{process}: {}", conversation.who.name, conversation.with, conversation.explore);
    if !conversation.own_words.is_empty() {
        words.push_str(&format!(". In their own words: “{}”", conversation.own_words));
    }
    if !conversation.own_number.is_empty() {
        words.push_str(&format!(". Their own number: {}", conversation.own_number));
    }
    words
}

fn risk_words(risk: &RecordRisk) -> String {
    let acknowledged = risk.acknowledged.as_ref().map_or_else(
        || "no answer noted in the meeting".to_owned(),
        |(who, at)| format!("heard by {} at {}", who.name, dates::clock(*at)),
    );
    format!("{}, {}: {} ({acknowledged})", dates::clock(risk.at), risk.who.name, risk.what)
}

fn completed_words(completed: &CompletedPart, steps: &[Marked<Agreed>]) -> String {
    let day = dates::plain_date(dates::london(completed.at).date());
    let step = steps.iter().find(|step| Some(step.step) == completed.step);
    let step = step.map(|step| format!(": “{}”", step.what)).unwrap_or_default();
    format!("{}{step}, by {} on {day}", completed.what, completed.by.in_words())
}

pub(super) fn of_attendance(corrected: &Corrected) -> bool {
    corrected.part == RecordPart::Attendance
}

pub(super) fn corrected_words(corrected: &Corrected) -> String {
    let day = dates::plain_date(dates::london(corrected.at).date());
    let from = match (corrected.part, corrected.from.trim()) {
        // What stands there already stays, and this is said beside it.
        (RecordPart::Attendance, _) => String::new(),
        (_, "") => "from nothing to ".to_owned(),
        (_, _) => format!("from “{}” to ", corrected.from),
    };
    format!(
        "{}, {day}: {from}“{}”; asked for by {}, taken by {}",
        corrected.part.title(),
        corrected.to,
        corrected.asked_by.name,
        corrected.taken_by.name
    )
}

pub(super) fn decision(decision: Option<&RecordDecision>, level: u8) -> Section {
    let Some(decision) = decision else {
        return section(level, "Decision and why", vec![Block::Text("No decision is recorded.".to_owned())]);
    };
    let mut blocks = vec![Block::Strong(format!("{}. {}", decision.title, decision.route))];
    if !decision.what.is_empty() {
        blocks.push(Block::Text(decision.what.clone()));
    }
    let why = if decision.why.is_empty() { "to follow" } else { decision.why.as_str() };
    blocks.push(Block::Text(format!("Why: {why}")));
    blocks.push(Block::Text(confirmation_words(decision)));
    blocks.extend(decision.confirmed_before.iter().map(|before| Block::Text(earlier_words(before))));
    if !decision.stances.is_empty() {
        // Whoever thinks otherwise is read first.
        let mut stances: Vec<&RecordStance> = decision.stances.iter().collect();
        stances.sort_by_key(|stance| stance.position == Position::Agree);
        blocks.push(Block::List(stances.into_iter().map(stance_words).collect()));
    }
    section(level, "Decision and why", blocks)
}

pub(super) fn steps(steps: &[Marked<Agreed>], level: u8) -> Section {
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
        let blocks = vec![
            Block::Text(format!("Why it was added: {}", addendum.reason)),
            Block::Prose(addendum.text.content.clone()),
        ];
        sections.push(section(level + 1, format!("{}, {day}", addendum.by.in_words()), blocks));
    }
    sections
}

/// Who signed, when and in whose place; at the end of what was signed.
pub(super) fn signature(sealed: &Sealed, level: u8) -> Section {
    let day = dates::plain_date(dates::london(sealed.signed_at).date());
    let who = sealed.signed_by.in_words();
    let words = match &sealed.signed_as {
        SignedAs::Chair => format!("Signed by {who}, who chaired, on {day}."),
        SignedAs::Manager { chaired_by } => {
            format!("Signed by {who}, as the team's accountable manager, on {day}; {} chaired.", chaired_by.name)
        }
    };
    section(level, "Signature", vec![Block::Text(words)])
}
