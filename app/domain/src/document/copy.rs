//! Copies for somebody: what they may have of a record. A copy starts from nothing and adds what its recipient may
//! have; what it leaves out and why is said, and what must not go without a person's yes is flagged.
//!
//! There is no copy for a parent: each adult gets a message written for them. Seven bodies were reprimanded in
//! fourteen months because one document went to several people of one family (ICO, September 2023).

use super::parts::{self, section};
use super::{Block, Document, Section};
use crate::WorkerId;
use crate::meeting::Mark;
use crate::record::{Heard, IfThen, Place, PracticeRecord, Record, Sealed};
use serde::{Deserialize, Serialize};

/// For whom a copy is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// The child's own file in the council's case system.
    ChildFile,
    /// The worker of a partner agency, for their own agency's records.
    Partner(WorkerId),
    /// An inspector.
    Inspector,
    /// One of the council's systems, by itself: nobody is there to say yes, so what is flagged stays out.
    CaseSystem,
}

impl Recipient {
    /// From an address: "file", "inspector" or a worker's id.
    #[must_use]
    pub fn chosen(word: &str) -> Option<Self> {
        match word {
            "file" => Some(Self::ChildFile),
            "inspector" => Some(Self::Inspector),
            worker => worker.parse().ok().map(Self::Partner),
        }
    }

    /// The word in an address.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::ChildFile => "file".to_owned(),
            Self::Inspector => "inspector".to_owned(),
            Self::CaseSystem => "case-system".to_owned(),
            Self::Partner(worker) => worker.to_string(),
        }
    }
}

/// What a recipient may have of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Give {
    /// It is in the copy.
    Yes,
    /// It is in the copy once a named person has said yes; why they are asked.
    AfterAYes(String),
    /// It is left out; why.
    No(String),
}

/// One part that a person is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Which part: "Analysis of Sadia Iqbal".
    pub part: String,
    /// Why they are asked.
    pub why: String,
    /// What it says, to be read before answering (Markdown).
    pub text: String,
}

/// A copy with what was asked about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The document.
    pub document: Document,
    /// What needs a person's yes.
    pub flags: Vec<Flag>,
}

/// Whether a worker's analysis may be given. `named` says who a person of the family is.
#[must_use]
pub fn give_heard(heard: &Heard, recipient: Recipient, named: &dyn Fn(crate::PersonId) -> String) -> Give {
    if let Recipient::Partner(worker) = recipient {
        return if heard.who.worker == worker { Give::Yes } else { Give::No("other workers' own words".to_owned()) };
    }
    give_marked(&heard.mark, recipient, named)
}

fn give_marked(mark: &Mark, recipient: Recipient, named: &dyn Fn(crate::PersonId) -> String) -> Give {
    match mark {
        Mark::None => Give::Yes,
        Mark::OnlyFor { workers } if workers.is_empty() => {
            Give::No("sealed by its writer before the meeting and not revealed; they can still give it".to_owned())
        }
        Mark::OnlyFor { .. } => Give::No("kept by its writer for named workers; ask the manager".to_owned()),
        Mark::NeverFor { .. } if recipient == Recipient::CaseSystem => {
            Give::No("marked by its writer; a person makes a copy with it".to_owned())
        }
        Mark::NeverFor { people } => {
            let people: Vec<String> = people.iter().map(|person| named(*person)).collect();
            Give::AfterAYes(never_for(&people))
        }
    }
}

/// Makes a copy of one signed record. `names` gives the words for a person of the family.
#[must_use]
pub fn make(
    sealed: &Sealed, recipient: Recipient, made_for: &str, council: &str, names: &dyn Fn(crate::PersonId) -> String,
) -> Made {
    let record = &sealed.record;
    let mut flags = Vec::new();
    let mut left: Vec<String> = Vec::new();
    let heard = heard_sections(record, recipient, names, &mut flags, &mut left);
    let anything_marked = sealed.anything_marked();
    let own = |worker: WorkerId| !matches!(recipient, Recipient::Partner(partner) if partner != worker);
    let mut sections =
        vec![section(2, "Present", vec![Block::List(record.attendance.iter().map(parts::present_words).collect())])];
    let practice = practice_for(record, recipient, names, &mut flags, &mut left);
    sections.extend(parts::before(&practice, 2));
    sections.extend(heard);
    sections.extend(meaning_section(record, recipient, names, &mut flags, &mut left));
    let decision = record.decision.clone().map(|mut decision| {
        let before = decision.stances.len();
        decision.stances.retain(|stance| own(stance.who.worker));
        if decision.stances.len() < before {
            left.push("Where other workers stood.".to_owned());
            decision.unanswered.clear();
        }
        decision
    });
    if let (Recipient::Partner(_), true, Some(decision)) = (recipient, anything_marked, &decision) {
        flags.push(Flag {
            part: "The decision's reason".to_owned(),
            why: "other parts of this record are marked; the reason may repeat them".to_owned(),
            text: decision.why.clone(),
        });
    }
    let mut given = Record { decision, practice: practice.clone(), ..record.clone() };
    hold_back(&mut given, recipient, names, &mut flags, &mut left);
    sections.extend(parts::considered(&given.practice, 2));
    sections.push(parts::decision(given.decision.as_ref(), 2));
    let theirs = |step: &&crate::record::Agreed| {
        let owner = step.owner.as_ref().map(|owner| owner.worker);
        !matches!(recipient, Recipient::Partner(worker) if owner != Some(worker))
    };
    let steps: Vec<_> = given.steps.iter().filter(theirs).cloned().collect();
    if steps.len() < given.steps.len() {
        left.push(format!("{} of others.", count(given.steps.len() - steps.len(), "step", "steps")));
    }
    sections.push(parts::steps(&steps, 2));
    sections.extend(parts::after(&practice, 2));
    let addenda: Vec<_> = sealed.addenda.iter().filter(|addendum| own(addendum.by.worker)).cloned().collect();
    if addenda.len() < sealed.addenda.len() {
        left.push("What others added since it was signed.".to_owned());
    }
    // What was added later may repeat what was marked.
    let addenda = if anything_marked && recipient == Recipient::CaseSystem && !addenda.is_empty() {
        left.push("What was added since it was signed: parts of this record are marked.".to_owned());
        Vec::new()
    } else {
        if anything_marked && !addenda.is_empty() {
            let whom: std::collections::BTreeSet<_> = addenda.iter().flat_map(|added| &added.kept_from).collect();
            let whom: Vec<String> = whom.into_iter().map(|person| names(*person)).collect();
            let why = match whom.as_slice() {
                [] => "other parts of this record are marked; additions may repeat them".to_owned(),
                whom => never_for(whom),
            };
            flags.push(Flag {
                part: "What was added since it was signed".to_owned(),
                why,
                text: addenda.iter().map(|addendum| addendum.text.as_str()).collect::<Vec<_>>().join("\n\n"),
            });
        }
        addenda
    };
    sections.extend(parts::addenda(&addenda, 2));
    left.insert(0, ADDRESSES.to_owned());
    left.dedup();
    let document = Document {
        schema: Document::SCHEMA.to_owned(),
        title: format!("Group case supervision, {}", crate::dates::long_date(record.held_on)),
        council: council.to_owned(),
        dated: Some(crate::dates::london(sealed.signed_at).date()),
        status: format!("Signed, version {}", sealed.version),
        made_for: made_for.to_owned(),
        notice: if recipient == Recipient::ChildFile { FOR_THE_FILE } else { NOTICE }.to_owned(),
        left_out: left,
        facts: vec![
            format!("Child: {}, {}", sealed.child_name, sealed.child_age),
            format!("Family {}", sealed.reference),
            format!("Team: {}", sealed.team_name),
            parts::signature(sealed),
        ],
        sections,
        colophon: Vec::new(),
    };
    Made { document, flags }
}

fn never_for(people: &[String]) -> String {
    format!("its writer says: never in a copy for {}", people.join(" and "))
}

/// Reasons and steps that are marked: flagged for a person's yes, or kept back where nobody is there to say it.
fn hold_back(
    given: &mut Record, recipient: Recipient, names: &dyn Fn(crate::PersonId) -> String, flags: &mut Vec<Flag>,
    left: &mut Vec<String>,
) {
    let mut back = Vec::new();
    for kept in &given.kept_from {
        let Some(text) = given.reads(kept.place).map(str::to_owned) else { continue };
        match give_marked(&given.mark_of(kept.place), recipient, names) {
            Give::Yes => {}
            Give::AfterAYes(why) => flags.push(Flag { part: sentence(kept.place.title()), why, text }),
            Give::No(why) => {
                left.push(format!("{}: {why}.", sentence(kept.place.title())));
                back.push(kept.place);
            }
        }
    }
    given.hold_back(&|place| !back.contains(&place));
}

/// What of the practice a recipient may have. Contingencies, conversations and risks are about the adults of the family:
/// they are for the child's file and an inspector, and leave with nobody else.
fn practice_for(
    record: &Record, recipient: Recipient, names: &dyn Fn(crate::PersonId) -> String, flags: &mut Vec<Flag>,
    left: &mut Vec<String>,
) -> PracticeRecord {
    let mut given = record.practice.clone();
    match recipient {
        Recipient::ChildFile | Recipient::Inspector => {
            if !given.contingencies.is_empty() {
                flags.push(Flag {
                    part: "If something happens".to_owned(),
                    why: "what the adults of the family may do is in it".to_owned(),
                    text: given.contingencies.iter().map(IfThen::to_string).collect::<Vec<_>>().join("\n\n"),
                });
            }
            if !given.conversations.is_empty() {
                flags.push(Flag {
                    part: "Conversations to have".to_owned(),
                    why: "a parent’s own words are in them".to_owned(),
                    text: given
                        .conversations
                        .iter()
                        .map(|known| known.explore.as_str())
                        .collect::<Vec<_>>()
                        .join("\n\n"),
                });
            }
        }
        Recipient::Partner(_) | Recipient::CaseSystem => {
            if !given.conversations.is_empty() || !given.risks.is_empty() || !given.contingencies.is_empty() {
                let what = "What is done if something happens, conversations to have and urgent risks";
                left.push(format!("{what}: they are about the adults of the family."));
            }
            given.contingencies.clear();
            given.conversations.clear();
            given.risks.clear();
        }
    }
    if matches!(recipient, Recipient::Partner(_)) {
        given.unused.clear();
        if given != PracticeRecord::default() {
            left.push("Last month’s steps and the child’s life now.".to_owned());
        }
        return PracticeRecord { next_on: given.next_on, ..PracticeRecord::default() };
    }
    if let Some(back) = record.kept_from.iter().find(|kept| kept.place == Place::Life)
        && matches!(give_marked(&record.mark_of(back.place), recipient, names), Give::No(_))
    {
        crate::record::KEPT_BACK.clone_into(&mut given.life);
    }
    given
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Said of addresses in every copy: what is true of them, and no more.
pub const ADDRESSES: &str =
    "Address fields are not part of it. Typed words were not searched for addresses: read them before it goes.";

/// Said at the top of every copy.
const NOTICE: &str = "Made for the reader named here and for nobody else. Not for family members: each adult gets a \
    message of their own.";

/// Said at the top of the copy for the child's own file, which they may read one day.
const FOR_THE_FILE: &str = "For the child's own file, which they may read one day. Not to be given to other family \
    members: each adult gets a message of their own.";

fn heard_sections(
    record: &Record, recipient: Recipient, names: &dyn Fn(crate::PersonId) -> String, flags: &mut Vec<Flag>,
    left: &mut Vec<String>,
) -> Vec<Section> {
    let mut given = record.clone();
    given.heard.retain(|heard| match give_heard(heard, recipient, names) {
        Give::Yes => true,
        Give::AfterAYes(why) => {
            let part = format!("Analysis of {}", heard.who.name);
            flags.push(Flag { part, why, text: heard.text.clone() });
            true
        }
        Give::No(why) => {
            let sentence = format!("Analysis: {why}.");
            if !left.contains(&sentence) {
                left.push(sentence);
            }
            false
        }
    });
    let all = parts::record(&given, 2);
    let first = all.iter().position(|section| section.heading == "What we heard").unwrap_or(1);
    all.into_iter().skip(first).take(1 + given.heard.len()).collect()
}

fn meaning_section(
    record: &Record, recipient: Recipient, names: &dyn Fn(crate::PersonId) -> String, flags: &mut Vec<Flag>,
    left: &mut Vec<String>,
) -> Option<Section> {
    let give = match recipient {
        Recipient::Partner(_) => {
            Give::No("the group's own thinking about the child stays in the child's record".to_owned())
        }
        _ => give_marked(&record.meaning_mark, recipient, names),
    };
    match give {
        Give::No(why) => {
            left.push(format!("What we think it means: {why}."));
            return None;
        }
        Give::AfterAYes(why) => {
            flags.push(Flag { part: "What we think it means".to_owned(), why, text: record.meaning.clone() });
        }
        Give::Yes => {}
    }
    let blocks =
        if record.meaning.trim().is_empty() { parts::nothing() } else { vec![Block::Prose(record.meaning.clone())] };
    Some(section(2, "What we think it means", blocks))
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
