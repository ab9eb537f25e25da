//! Documents of whole minutes and of one record, for those who may read all that is in them already.

use super::parts::{self, section};
use super::{Block, DRAFT, Document};
use crate::dates;
use crate::minutes::{ChildMinutes, Minutes};
use crate::record::{Record, Sealed};

/// A meeting's minutes.
#[must_use]
pub fn of_minutes(minutes: &Minutes) -> Document {
    let mut facts = vec![format!("Team: {}", minutes.team), format!("Chair: {}", minutes.chair)];
    facts.extend(minutes.record_taker.iter().map(|taker| format!("Record-taker: {taker}")));
    facts.extend(minutes.handovers.iter().cloned());
    let mut sections = Vec::new();
    for family in &minutes.families {
        let state = vec![Block::Text(format!("{}.", family.state.trim_end_matches('.')))];
        sections.push(section(2, format!("Family {}", family.reference), state));
        for child in &family.children {
            sections.extend(one_child(child));
        }
        if !family.late.is_empty() {
            sections.push(section(3, "Late contributions", Vec::new()));
        }
        for late in &family.late {
            let day = dates::plain_date(dates::london(late.at).date());
            let heading = format!("{}, filed on {day}", late.who);
            sections.push(section(4, heading, vec![Block::Prose(late.text.clone())]));
        }
    }
    if minutes.families.is_empty() {
        let told = "None of the families you may see has been discussed in this meeting.";
        sections.push(section(2, "Families", vec![Block::Text(told.to_owned())]));
    }
    Document {
        schema: Document::SCHEMA.to_owned(),
        title: format!("Group case supervision, {}", dates::long_date(minutes.held_on)),
        council: minutes.council.clone(),
        dated: Some(minutes.held_on),
        status: minutes.status.clone(),
        made_for: minutes.made_for.clone(),
        notice: minutes.notice.clone(),
        left_out: minutes.left_out.clone(),
        facts,
        sections,
        colophon: Vec::new(),
    }
}

fn one_child(child: &ChildMinutes) -> Vec<super::Section> {
    let mut sections = vec![section(3, format!("{}, {}", child.name, child.age), Vec::new())];
    sections.extend(parts::record(&child.record, 4));
    sections
}

/// One child's record, whole. `sealed` where it is signed: then the document says what is signed.
#[must_use]
pub fn of_record(record: &Record, child: &str, age: &str, reference: &str, sealed: Option<&Sealed>) -> Document {
    let mut facts =
        vec![format!("Child: {child}, {age}"), format!("Family {reference}"), format!("Chair: {}", record.chair.name)];
    facts.extend(record.record_taker.iter().map(|taker| format!("Record-taker: {}", taker.name)));
    facts.extend(sealed.map(parts::signature));
    let mut sections = parts::record(record, 2);
    sections.extend(parts::addenda(sealed.map(|sealed| sealed.addenda.as_slice()).unwrap_or_default(), 2));
    Document {
        schema: Document::SCHEMA.to_owned(),
        title: format!("Group case supervision, {}", dates::long_date(record.held_on)),
        dated: Some(sealed.map_or(record.held_on, |sealed| dates::london(sealed.signed_at).date())),
        status: sealed.map_or_else(|| DRAFT.to_owned(), |sealed| format!("Signed, version {}", sealed.version)),
        facts,
        sections,
        ..Document::default()
    }
}
