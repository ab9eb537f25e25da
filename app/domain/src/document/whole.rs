//! Documents of whole minutes and of one record, for those who may read all that is in them already.

use super::attendance::{self, SteppedOut};
use super::parts::{self, section};
use super::{Block, DRAFT, Document, Section};
use crate::dates;
use crate::minutes::{FamilyMinutes, Minutes};
use crate::record::{Record, Sealed};

/// A meeting's minutes.
#[must_use]
pub fn of_minutes(minutes: &Minutes) -> Document {
    let mut facts = vec![format!("Team: {}", minutes.team), format!("Chair: {}", minutes.chair)];
    facts.extend(minutes.record_taker.iter().map(|taker| format!("Record-taker: {taker}")));
    facts.extend(minutes.handovers.iter().cloned());
    let mut sections: Vec<Section> = minutes.families.iter().flat_map(of_family).collect();
    if minutes.families.is_empty() {
        let text = "None of the families you may see has been discussed in this meeting.";
        sections.push(section(2, "Families", vec![Block::Text(text.to_owned())]));
    }
    Document {
        schema: Document::SCHEMA.to_owned(),
        title: format!("Group case supervision, {}", dates::long_date(minutes.held_on)),
        council: minutes.council.clone(),
        dated: Some(minutes.held_on),
        status: minutes.status.clone(),
        reference: minutes.families.iter().map(|family| family.reference.as_str()).collect::<Vec<_>>().join(", "),
        made_for: minutes.made_for.clone(),
        notice: minutes.notice.clone(),
        left_out: minutes.left_out.clone(),
        facts,
        sections,
        colophon: Vec::new(),
    }
}

/// One family: decisions and steps first, then once what is the same for all children, then what differs by child.
#[must_use]
pub fn of_family(family: &FamilyMinutes) -> Vec<Section> {
    let state = vec![Block::Text(format!("{}.", family.state.trim_end_matches('.')))];
    let mut sections = vec![section(2, format!("Family {}", family.reference), state)];
    let together = |one: &Record, other: &Record| one.decision == other.decision && one.steps == other.steps;
    let mut written: Vec<&Record> = Vec::new();
    for child in &family.children {
        let heading = |names: &str| section(3, names.to_owned(), Vec::new());
        if written.iter().any(|other| together(other, &child.record)) {
            continue;
        }
        written.push(&child.record);
        let same: Vec<String> = family
            .children
            .iter()
            .filter(|other| together(&other.record, &child.record))
            .map(|other| format!("{}, {}", other.name, other.age))
            .collect();
        sections.push(heading(&same.join("; ")));
        sections.push(parts::decision(child.record.decision.as_ref(), 4));
        sections.push(parts::steps(&child.record.steps, 4));
    }
    if let Some(shared) = of_all(family) {
        sections.push(section(3, "For all children", Vec::new()));
        sections.extend(parts::shared(&shared, 4));
        sections.push(attendance::section(&shared, 4, SteppedOut::NotNamed));
        sections.extend(parts::since_the_meeting(&shared, 4, SteppedOut::NotNamed));
        sections.extend(parts::without_words(&shared, 4));
    }
    for child in &family.children {
        let mut own = parts::own_thinking(&child.record, 4);
        own.extend(parts::of_one_child(&own_alone(family, &child.record), 4));
        if !own.is_empty() {
            sections.push(section(3, format!("For {}", child.name), Vec::new()));
            sections.extend(own);
        }
    }
    if !family.late.is_empty() {
        sections.push(section(3, "Late contributions", Vec::new()));
    }
    for late in &family.late {
        let day = dates::plain_date(dates::london(late.at).date());
        let heading = format!("{}, filed on {day}", late.who);
        sections.push(section(4, heading, vec![Block::Prose(late.text.clone())]));
    }
    sections
}

/// What is the same for all children.
fn of_all(family: &FamilyMinutes) -> Option<Record> {
    let mut all = family.children.first()?.record.clone();
    all.last_steps.retain(|said| is_of_all(family, |record| record.last_steps.iter().any(|one| one.step == said.step)));
    all.contingencies.retain(|plan| is_of_all(family, |record| has_plan(record, plan.contingency)));
    all.unused.retain(|heading| is_of_all(family, |record| record.unused.contains(heading)));
    all.empty.retain(|heading| is_of_all(family, |record| record.empty.contains(heading)));
    all.completed.retain(|completed| is_of_all(family, |record| record.completed.contains(completed)));
    all.corrected.retain(|corrected| is_of_all(family, |record| record.corrected.contains(corrected)));
    Some(all)
}

/// What of a child's record is not that of all children: last month's steps and plans made for some of them, and what was
/// added and corrected for some.
fn own_alone(family: &FamilyMinutes, record: &Record) -> Record {
    let mut own = record.clone();
    own.last_steps
        .retain(|said| !is_of_all(family, |record| record.last_steps.iter().any(|one| one.step == said.step)));
    own.contingencies.retain(|plan| !is_of_all(family, |record| has_plan(record, plan.contingency)));
    own.completed.retain(|completed| !is_of_all(family, |record| record.completed.contains(completed)));
    own.corrected.retain(|corrected| !is_of_all(family, |record| record.corrected.contains(corrected)));
    own
}

fn is_of_all(family: &FamilyMinutes, has: impl Fn(&Record) -> bool) -> bool {
    family.children.iter().all(|child| has(&child.record))
}

fn has_plan(record: &Record, plan: crate::ContingencyId) -> bool {
    record.contingencies.iter().any(|contingency| contingency.contingency == plan)
}

/// One child's record, whole. `sealed` where it is signed: then the document says what is signed.
#[must_use]
pub fn of_record(record: &Record, child: &str, age: &str, reference: &str, sealed: Option<&Sealed>) -> Document {
    let mut facts =
        vec![format!("Child: {child}, {age}"), format!("Family {reference}"), format!("Chair: {}", record.chair.name)];
    facts.extend(record.record_taker.iter().map(|taker| format!("Record-taker: {}", taker.name)));
    let mut sections = parts::record(record, 2, SteppedOut::Named);
    sections.extend(parts::addenda(sealed.map(|sealed| sealed.addenda.as_slice()).unwrap_or_default(), 2));
    sections.extend(sealed.map(|sealed| parts::signature(sealed, 2)));
    Document {
        schema: Document::SCHEMA.to_owned(),
        title: format!("Group case supervision, {}", dates::long_date(record.held_on)),
        dated: Some(sealed.map_or(record.held_on, |sealed| dates::london(sealed.signed_at).date())),
        status: sealed.map_or_else(|| DRAFT.to_owned(), |sealed| format!("Signed, version {}", sealed.version)),
        reference: reference.to_owned(),
        facts,
        sections,
        ..Document::default()
    }
}
