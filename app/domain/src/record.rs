//! The record of one meeting for one child: what finishing a family writes to each child's workbook.

mod dissent;
mod kept;
mod life;
mod practice;
mod seal;
mod unready;

pub use dissent::{Dissent, DissentAnswer, Next};
pub use kept::{KEPT_BACK, KeptFrom};
pub use life::{Addendum, Answer, Correction, Life, Place, Version};
pub use practice::{Conversed, IfThen, PracticeRecord, Raised, Said};
pub use seal::{Sealed, SignedAs, canonical};
pub use unready::{Completion, Unready};

use crate::meeting::{Area, Attendance, Mark, Position, Room, Slot};
use crate::template::Part;
use crate::{FamilyId, MeetingId, PersonId, RecordId, SlotId, StepId, WorkerId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A worker as they were called on the day; attribution outlives people leaving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who.
    pub worker: WorkerId,
    /// Their name.
    pub name: String,
    /// Their discipline in words.
    pub discipline: String,
}

impl Named {
    /// "Ada Okafor, social worker", as people choose among.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{}, {}", self.name, self.discipline)
    }
}

/// One person's attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Who.
    #[serde(flatten)]
    pub who: Named,
    /// How; absent where nobody marked it.
    pub how: Option<Attendance>,
    /// Why the chair brought them in, for those not allocated.
    pub brought_in: Option<String>,
    /// Whether they stood out of the discussion, or of part of it, for a conflict of interest.
    #[serde(default)]
    pub stood_out: bool,
    /// Whether they had not come back when the family was finished: the record is closed to them.
    #[serde(default)]
    pub still_out: bool,
}

/// One worker's analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Whose.
    #[serde(flatten)]
    pub who: Named,
    /// Markdown.
    pub text: String,
    /// Who recorded it on their behalf.
    pub recorded_by: Vec<String>,
    /// Whom it is kept from.
    pub mark: Mark,
}

impl Heard {
    /// Whether it was sealed before the meeting and never revealed: only its writer reads it.
    #[must_use]
    pub fn unrevealed(&self) -> bool {
        matches!(&self.mark, Mark::OnlyFor { workers } if workers.is_empty())
    }
}

/// Where one worker stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stood {
    /// Who.
    #[serde(flatten)]
    pub who: Named,
    /// Where.
    pub position: Position,
    /// Why; empty for agreement or where it is to follow.
    pub reason: String,
    /// Whether it was given on an earlier wording.
    pub earlier_wording: bool,
    /// Who recorded it, where they did not give it themselves.
    pub recorded_by: Option<String>,
    /// Whether the chair asked round the table.
    pub asked_round: bool,
    /// Whether the reason was asked for and not given; recorded by whoever signs.
    #[serde(default)]
    pub reason_not_given: bool,
    /// What they said themselves before somebody recorded this for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<SaidBefore>,
}

/// An objection in its author's words, from before another recorded something else for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidBefore {
    /// Where they stood.
    pub position: Position,
    /// Why; may be empty.
    pub reason: String,
}

impl Stood {
    /// Whether somebody thought otherwise and their reason is still awaited. On an earlier wording nothing is
    /// awaited: they were asked again.
    #[must_use]
    pub fn reason_to_follow(&self) -> bool {
        self.position != Position::Agree
            && self.reason.trim().is_empty()
            && !self.reason_not_given
            && !self.earlier_wording
    }
}

/// The decision for this child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Key of the kind.
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// "Decided here" or "Recommended to …".
    pub route: String,
    /// In the room's own words.
    pub what: String,
    /// The reason.
    pub why: String,
    /// When the chair confirmed it; absent where they did not.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Where each stood.
    pub stances: Vec<Stood>,
    /// Present, asked, and silent: not agreement.
    pub unanswered: Vec<Named>,
    /// The children it was decided for together; empty in drafts from before this was kept.
    #[serde(default)]
    pub children: BTreeSet<PersonId>,
    /// Who decided after the meeting, where the meeting did not.
    #[serde(default)]
    pub decided_after: Option<Named>,
}

/// A step as agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Its id.
    pub step: StepId,
    /// What.
    pub what: String,
    /// Who.
    pub owner: Option<Named>,
    /// With whom.
    pub with: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// How we will know.
    pub measure: String,
    /// For which children; empty means all.
    pub children: BTreeSet<PersonId>,
}

/// The draft record of one family's discussion for one child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// Which child.
    pub child: PersonId,
    /// Which family.
    pub family: FamilyId,
    /// Which meeting.
    pub meeting: MeetingId,
    /// Which slot.
    pub slot: SlotId,
    /// The day it was held, in London; not the day it was typed.
    pub held_on: NaiveDate,
    /// When the family was finished.
    pub drafted_at: DateTime<Utc>,
    /// Who chaired when it was finished.
    pub chair: Named,
    /// Who took the record.
    pub record_taker: Option<Named>,
    /// Who was there, and who was not.
    pub attendance: Vec<Present>,
    /// What each worker said.
    pub heard: Vec<Heard>,
    /// What it means for this child (Markdown).
    pub meaning: String,
    /// Whom the meaning is kept from.
    pub meaning_mark: Mark,
    /// The decision; absent where none was worded.
    pub decision: Option<Decided>,
    /// Steps for this child.
    pub steps: Vec<Agreed>,
    /// What else was done of the practice.
    #[serde(default, skip_serializing_if = "PracticeRecord::is_empty")]
    pub practice: PracticeRecord,
    /// Other parts that are kept from somebody of the family: reasons, steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_from: Vec<KeptFrom>,
    /// What became of the draft: corrections, versions, addenda.
    #[serde(default)]
    pub life: Life,
}

/// Names on the day.
pub type Names = BTreeMap<WorkerId, Named>;

/// Drafts the record of a slot for one child. `names` holds everybody the slot mentions; a worker
/// it does not know is written as "unknown worker".
#[must_use]
pub fn draft(
    room: &Room, slot: &Slot, family: FamilyId, child: PersonId, id: RecordId, at: DateTime<Utc>, names: &Names,
) -> Record {
    let named = |worker: WorkerId| name_of(names, worker);
    let mut record = Record {
        id,
        child,
        family,
        meeting: room.id,
        slot: slot.id,
        held_on: room.held_on,
        drafted_at: at,
        chair: named(room.chair),
        record_taker: room.record_taker.map(named),
        attendance: attendance(slot, names),
        heard: heard(slot, names),
        meaning: slot.boxes.get(&Area::Meaning(child)).map(|text| text.prose.text()).unwrap_or_default(),
        meaning_mark: slot.boxes.get(&Area::Meaning(child)).map(|text| text.mark.clone()).unwrap_or_default(),
        decision: decided(room, slot, child, names),
        steps: slot
            .steps
            .iter()
            .filter(|step| step.draft.children.is_empty() || step.draft.children.contains(&child))
            .map(|step| agreed(step, names))
            .collect(),
        practice: PracticeRecord::draft(slot, child, text_of(slot, Area::Life(child)), names),
        kept_from: life_kept(slot, child),
        life: Life::default(),
    };
    record.practice.unused = unused(room, slot, &record);
    record
}

/// A step in the record's words.
#[must_use]
pub fn agreed(step: &crate::meeting::Step, names: &Names) -> Agreed {
    Agreed {
        step: step.id,
        what: step.draft.what.clone(),
        owner: step.draft.owner.worker().map(|worker| name_of(names, worker)),
        with: step.draft.with.clone(),
        due: step.draft.due,
        measure: step.draft.measure.clone(),
        children: step.draft.children.clone(),
    }
}

/// The meeting's headings under which nothing was said: what is skipped is shown as not used.
fn unused(room: &Room, slot: &Slot, record: &Record) -> Vec<String> {
    let nothing = |part: Part| match part {
        Part::Open => {
            record.practice.question.is_empty() && record.attendance.iter().all(|present| present.how.is_none())
        }
        Part::LastTime => record.practice.last_steps.is_empty(),
        Part::Life => record.practice.life.trim().is_empty(),
        Part::Analysis | Part::Round => record.heard.iter().all(|heard| heard.text.trim().is_empty()),
        Part::Scales => slot.scales.revealed_at.is_none(),
        Part::Meaning => record.meaning.trim().is_empty(),
        Part::Conversation => record.practice.conversations.is_empty(),
        Part::Steps => record.steps.is_empty(),
        // What is decided is asked for until signing, and what was read back stands as confirmed.
        Part::Decide | Part::ReadBack => false,
    };
    room.template.stages.iter().filter(|stage| nothing(stage.part)).map(|stage| stage.title.clone()).collect()
}

fn name_of(names: &Names, worker: WorkerId) -> Named {
    names.get(&worker).cloned().unwrap_or_else(|| Named {
        worker,
        name: "unknown worker".to_owned(),
        discipline: String::new(),
    })
}

fn text_of(slot: &Slot, area: Area) -> String {
    slot.boxes.get(&area).map(|text| text.prose.text()).unwrap_or_default()
}

/// The mark of a child's own box, as the record keeps it.
fn life_kept(slot: &Slot, child: PersonId) -> Vec<KeptFrom> {
    match slot.boxes.get(&Area::Life(child)).map(|text| &text.mark) {
        Some(Mark::NeverFor { people }) => vec![KeptFrom { place: Place::Life, people: people.clone() }],
        _ => Vec::new(),
    }
}

fn attendance(slot: &Slot, names: &Names) -> Vec<Present> {
    slot.members
        .iter()
        .map(|(worker, member)| Present {
            who: name_of(names, *worker),
            how: slot.attendance.get(worker).copied(),
            brought_in: member.brought_in.clone(),
            stood_out: slot.standing_out.contains_key(worker),
            still_out: slot.stands_out(*worker),
        })
        .collect()
}

fn heard(slot: &Slot, names: &Names) -> Vec<Heard> {
    slot.boxes
        .iter()
        .filter_map(|(area, text)| match area {
            Area::Analysis(worker) => Some((*worker, text)),
            Area::Meaning(_) | Area::Life(_) => None,
        })
        .map(|(worker, text)| Heard {
            who: name_of(names, worker),
            text: text.prose.text(),
            recorded_by: text.recorded_by.iter().map(|by| name_of(names, *by).name).collect(),
            // Sealed and never revealed: nobody's but its writer's, who may still give it to the record.
            mark: if text.sealed { Mark::OnlyFor { workers: BTreeSet::new() } } else { text.mark.clone() },
        })
        .filter(|heard| !heard.text.trim().is_empty())
        .collect()
}

fn decided(room: &Room, slot: &Slot, child: PersonId, names: &Names) -> Option<Decided> {
    let decision = slot.decisions.iter().find(|decision| decision.children.contains(&child))?;
    let wording = decision.wording.as_ref()?;
    Some(Decided {
        kind: wording.kind.clone(),
        title: room.template.kind(&wording.kind).map_or_else(|| wording.kind.clone(), |kind| kind.title.clone()),
        route: wording.route.title(),
        what: wording.what.clone(),
        why: wording.why.clone(),
        confirmed_at: decision.confirmed.as_ref().map(|confirmed| confirmed.at),
        stances: decision
            .stances
            .iter()
            .map(|(worker, stance)| Stood {
                who: name_of(names, *worker),
                position: stance.position,
                reason: stance.reason.clone(),
                earlier_wording: stance.revision != decision.revision,
                recorded_by: stance.recorded_by.map(|by| name_of(names, by).name),
                asked_round: stance.asked_round,
                reason_not_given: false,
                before: decision
                    .said_before
                    .iter()
                    .filter(|(who, _)| who == worker)
                    .map(|(_, said)| SaidBefore { position: said.position, reason: said.reason.clone() })
                    .collect(),
            })
            .collect(),
        unanswered: decision
            .confirmed
            .iter()
            .flat_map(|confirmed| confirmed.unanswered.iter())
            .filter(|worker| !decision.stances.contains_key(worker))
            .map(|worker| name_of(names, *worker))
            .collect(),
        children: decision.children.clone(),
        decided_after: None,
    })
}
