//! Copies for somebody: what they may have of a record. A copy starts from what its preparer and its recipient may both
//! read; what it leaves out and why is said, and what must not go without a person's yes is asked about.
//!
//! There is no copy for a parent: each adult gets a message written for them. Seven bodies were reprimanded in
//! fourteen months because one document went to several people of one family (ICO, September 2023).

use super::attendance::{self, SteppedOut};
use super::parts;
use super::{Document, Section};
use crate::mark::{Mark, Marked, Readers};
use crate::record::{Keep, Record, RecordConversation, RecordPart, Sealed};
use crate::wording::capital;
use crate::{PersonId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    /// One of the council's systems, by itself: nobody is there to say yes, so nothing that is marked goes.
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
enum Give {
    /// It is in the copy.
    Yes,
    /// It is in the copy once a named person has said yes; why they are asked.
    AfterAYes(String),
    /// It is left out; why.
    No(String),
}

/// One part that a person is asked about before a copy goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyQuestion {
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
    pub questions: Vec<CopyQuestion>,
}

/// Says who a person of the family is.
type PersonName<'a> = dyn Fn(PersonId) -> String + 'a;

/// What a mark means for a copy that stays with the council. The only place that decides it.
fn give(mark: &Mark, child: PersonId, recipient: Recipient, names: &PersonName<'_>) -> Give {
    if mark.hidden_until_reveal {
        let why = "hidden by its writer and not revealed; they can still give it";
        return Give::No(why.to_owned());
    }
    if matches!(mark.readers, Readers::Only { .. }) {
        return Give::No("kept by its writer for named workers; its writer can release it".to_owned());
    }
    if mark.not_in_copies_for.is_empty() {
        return Give::Yes;
    }
    if recipient == Recipient::CaseSystem {
        return Give::No("marked by its writer; a person makes a copy with it".to_owned());
    }
    if is_for(child, recipient, &mark.not_in_copies_for) {
        return Give::No(not_for(&mark.not_in_copies_for, names));
    }
    Give::AfterAYes(with_reason(not_for(&mark.not_in_copies_for, names), &mark.reason))
}

/// Why a person is asked, with what its writer said about it: both are read by who prepares the copy, and not in it.
fn with_reason(why: String, reason: &str) -> String {
    if reason.is_empty() { why } else { format!("{why} ({reason})") }
}

/// Whether a copy goes to one of those who are never to have it: a child may read their own file one day.
fn is_for(child: PersonId, recipient: Recipient, people: &BTreeSet<PersonId>) -> bool {
    recipient == Recipient::ChildFile && people.contains(&child)
}

/// Makes a copy of one signed record. `sealed` holds what the preparer may read; `names` gives the words for a person of
/// the family.
#[must_use]
pub fn make(sealed: &Sealed, recipient: Recipient, made_for: &str, council: &str, names: &PersonName<'_>) -> Made {
    let Contents { mut sections, questions, mut left_out } = match recipient {
        Recipient::Partner(worker) => for_partner(sealed, worker),
        Recipient::ChildFile | Recipient::Inspector | Recipient::CaseSystem => for_council(sealed, recipient, names),
    };
    sections.push(parts::signature(sealed, 2));
    left_out.insert(0, ADDRESSES.to_owned());
    left_out.dedup();
    let document = Document {
        schema: Document::SCHEMA.to_owned(),
        title: format!("Group case supervision, {}", crate::dates::long_date(sealed.record.held_on)),
        council: council.to_owned(),
        dated: Some(crate::dates::london(sealed.signed_at).date()),
        status: format!("Signed, version {}", sealed.version),
        reference: sealed.reference.clone(),
        made_for: made_for.to_owned(),
        notice: if recipient == Recipient::ChildFile { FOR_THE_FILE } else { NOTICE }.to_owned(),
        left_out,
        facts: vec![
            format!("Child: {}, {}", sealed.child_name, sealed.child_age),
            format!("Family {}", sealed.reference),
            format!("Team: {}", sealed.team_name),
        ],
        sections,
        colophon: Vec::new(),
    };
    Made { document, questions }
}

/// What a copy consists of.
struct Contents {
    sections: Vec<Section>,
    questions: Vec<CopyQuestion>,
    left_out: Vec<String>,
}

/// A worker's copy for their own agency: their own words and steps, and what was decided. It reads the same whatever others
/// marked, so that nobody learns from it that something is kept from them.
fn for_partner(sealed: &Sealed, worker: WorkerId) -> Contents {
    let record = &sealed.record;
    let decision = record.decision.clone().map(|mut decision| {
        decision.stances.retain(|stance| stance.who.worker == worker);
        for before in &mut decision.confirmed_before {
            before.objections.retain(|objection| objection.who.worker == worker);
        }
        decision.unanswered.clear();
        decision
    });
    let steps: Vec<_> = record
        .steps
        .iter()
        .filter(|step| step.owner.as_ref().is_some_and(|owner| owner.worker == worker))
        .cloned()
        .collect();
    let own = Record {
        heard: record.heard.iter().filter(|heard| heard.who.worker == worker).cloned().collect(),
        ..record.clone()
    };
    let added: Vec<_> = sealed.addenda.iter().filter(|addendum| addendum.by.worker == worker).cloned().collect();
    let mut sections = vec![parts::decision(decision.as_ref(), 2), parts::steps(&steps, 2)];
    sections.extend(parts::next_supervision(record, 2));
    sections.extend(parts::heard(&own, 2));
    sections.push(attendance::section(record, 2, SteppedOut::NotNamed));
    sections.extend(parts::addenda(&added, 2));
    let left_out = vec![
        "Other workers’ own words, stances, steps and additions: each agency keeps its own.".to_owned(),
        "The group’s thinking about the child, last month’s steps and what is about the adults of the family: these stay in the child’s record."
            .to_owned(),
    ];
    Contents { sections, questions: Vec::new(), left_out }
}

/// A copy that stays with the council or goes to an inspector.
fn for_council(sealed: &Sealed, recipient: Recipient, names: &PersonName<'_>) -> Contents {
    let mut given = sealed.record.clone();
    let (mut questions, mut left_out) = (Vec::new(), Vec::new());
    for part in given.parts() {
        let Some(mark) = given.mark_of(part) else { continue };
        match give(mark, sealed.child, recipient, names) {
            Give::Yes => {}
            Give::AfterAYes(why) => {
                let text = given.reads(part).unwrap_or_default().to_owned();
                questions.push(CopyQuestion { part: part_words(&given, part), why, text });
            }
            Give::No(why) => {
                let line = format!("{}: {why}.", capital(part.title()));
                if !left_out.contains(&line) {
                    left_out.push(line);
                }
            }
        }
        passages(&given, sealed.child, part, recipient, names, &mut questions, &mut left_out);
    }
    let marked = &sealed.record;
    let passage_kept = |part| {
        let passages = marked.words(part).map(|words| words.passages.as_slice()).unwrap_or_default();
        passages.iter().any(|passage| is_for(sealed.child, recipient, &passage.not_in_copies_for))
    };
    given.leave_out(&|part, mark| match give(mark, sealed.child, recipient, names) {
        Give::No(_) => Keep::Nothing,
        _ if recipient == Recipient::CaseSystem || passage_kept(part) => Keep::WithoutPassages,
        _ => Keep::All,
    });
    adults(&mut given, recipient, &mut questions, &mut left_out);
    let mut sections = parts::record(&given, 2, SteppedOut::Named);
    let addenda = added(sealed, recipient, names, &mut questions, &mut left_out);
    sections.extend(addenda);
    Contents { sections, questions, left_out }
}

/// Passages of a part that are marked beside the part itself.
fn passages(
    record: &Record, child: PersonId, part: RecordPart, recipient: Recipient, names: &PersonName<'_>,
    questions: &mut Vec<CopyQuestion>, left_out: &mut Vec<String>,
) {
    let Some(words) = record.words(part) else { return };
    // Where one passage is not for this child, the marked passages of that part stay out together.
    let kept = words.passages.iter().find(|passage| is_for(child, recipient, &passage.not_in_copies_for));
    for passage in &words.passages {
        let line = match kept {
            _ if recipient == Recipient::CaseSystem => {
                Some("Passages that their writers marked: a person makes a copy with them.".to_owned())
            }
            Some(kept) => {
                Some(format!("Passages of {}: {}.", part_words(record, part), not_for(&kept.not_in_copies_for, names)))
            }
            None => None,
        };
        if let Some(line) = line {
            if !left_out.contains(&line) {
                left_out.push(line);
            }
        } else {
            questions.push(CopyQuestion {
                part: format!("A passage of {}", part_words(record, part)),
                why: with_reason(not_for(&passage.not_in_copies_for, names), &passage.reason),
                text: words.of(passage),
            });
        }
    }
}

/// What is about the adults of the family is for the child's file and an inspector, after a yes, and leaves with nobody
/// else.
fn adults(given: &mut Record, recipient: Recipient, questions: &mut Vec<CopyQuestion>, left_out: &mut Vec<String>) {
    if recipient == Recipient::CaseSystem {
        if !given.conversations.is_empty() || !given.risks.is_empty() || !given.contingencies.is_empty() {
            let what = "What is done if something happens, conversations to have and urgent risks";
            left_out.push(format!("{what}: they are about the adults of the family."));
        }
        given.contingencies.clear();
        given.conversations.clear();
        given.risks.clear();
        return;
    }
    if !given.contingencies.is_empty() {
        let lines: Vec<String> = given.contingencies.iter().map(parts::contingency_words).collect();
        questions.push(CopyQuestion {
            part: "If something happens".to_owned(),
            why: "what the adults of the family may do is in it".to_owned(),
            text: lines.join("\n\n"),
        });
    }
    if !given.conversations.is_empty() {
        let lines: Vec<String> = given.conversations.iter().map(parts::conversation_words).collect();
        let quoted = |conversation: &Marked<RecordConversation>| {
            !conversation.own_words.is_empty() || !conversation.own_number.is_empty()
        };
        let why = match given.conversations.iter().any(quoted) {
            true => "a parent’s own words are in them",
            false => "what is to be talked about with an adult of the family is in them",
        };
        questions.push(CopyQuestion {
            part: "Conversations to have".to_owned(),
            why: why.to_owned(),
            text: lines.join("\n\n"),
        });
    }
}

/// What was added later may repeat what is marked.
fn added(
    sealed: &Sealed, recipient: Recipient, names: &PersonName<'_>, questions: &mut Vec<CopyQuestion>,
    left_out: &mut Vec<String>,
) -> Vec<Section> {
    if sealed.addenda.is_empty() || !sealed.anything_marked() {
        return parts::addenda(&sealed.addenda, 2);
    }
    if recipient == Recipient::CaseSystem {
        left_out.push("What was added since it was signed: parts of this record are marked.".to_owned());
        return Vec::new();
    }
    let (kept, given): (Vec<_>, Vec<_>) = sealed
        .addenda
        .iter()
        .cloned()
        .partition(|added| is_for(sealed.child, recipient, &added.text.mark.not_in_copies_for));
    left_out.extend(kept.first().map(|added| {
        format!("What was added since it was signed: {}.", not_for(&added.text.mark.not_in_copies_for, names))
    }));
    if given.is_empty() {
        return Vec::new();
    }
    let whom: BTreeSet<PersonId> = given.iter().flat_map(|added| added.text.mark.not_in_copies_for.clone()).collect();
    let why = match whom.is_empty() {
        true => "other parts of this record are marked; additions may repeat them".to_owned(),
        false => not_for(&whom, names),
    };
    questions.push(CopyQuestion {
        part: "What was added since it was signed".to_owned(),
        why,
        text: given.iter().map(|addendum| addendum.text.as_str()).collect::<Vec<_>>().join("\n\n"),
    });
    parts::addenda(&given, 2)
}

fn not_for(people: &BTreeSet<PersonId>, names: &PersonName<'_>) -> String {
    let people: Vec<String> = people.iter().map(|person| names(*person)).collect();
    format!("its writer says: never in a copy for {}", people.join(" and "))
}

/// "Analysis of Sadia Iqbal", "What it means".
fn part_words(record: &Record, part: RecordPart) -> String {
    if let RecordPart::Heard { worker } = part
        && let Some(heard) = record.heard.iter().find(|heard| heard.who.worker == worker)
    {
        return format!("Analysis of {}", heard.who.name);
    }
    capital(part.title())
}

/// Said of addresses in every copy: what is true of them, and no more.
pub const ADDRESSES: &str = "Address fields are not part of it. Typed words were not searched for addresses.";

/// Said at the top of every copy.
const NOTICE: &str = "Made for the reader named here and for nobody else. Not for family members: each adult gets a \
    message of their own.";

/// Said at the top of the copy for the child's own file, which they may read one day.
const FOR_THE_FILE: &str = "For the child's own file, which they may read one day. Not to be given to other family \
    members: each adult gets a message of their own.";
