//! From a finished discussion to the draft record of each child.

use super::{
    Agreed, Heard, Life, Named, Names, PresenceTime, Present, Record, RecordConfirmation, RecordContingency,
    RecordConversation, RecordDecision, RecordHandover, RecordLastStep, RecordObjection, RecordOption, RecordReopening,
    RecordRisk, RecordStance, SaidBefore, Words,
};
use crate::mark::Marked;
use crate::meeting::{Area, Attendance, ConfirmedBefore, Decision, MeetingRole, Room, Slot, Stance, Step, Wording};
use crate::template::{Part, Stage};
use crate::{FamilyId, PersonId, RecordId, WorkerId};
use chrono::{DateTime, Utc};

/// Drafts the record of a slot for one child. `names` holds everybody the slot mentions; a worker
/// it does not know is written as "unknown worker".
#[must_use]
pub fn draft(
    room: &Room, slot: &Slot, family: FamilyId, child: PersonId, id: RecordId, at: DateTime<Utc>, names: &Names,
) -> Record {
    let named = |worker: WorkerId| name_of(names, worker);
    let theirs = |of: Option<PersonId>| of.is_none_or(|of| of == child);
    let words = |area: Area| {
        let text = slot.boxes.get(&area)?;
        let by = by_name(text.authors(), names).into_iter().map(named).collect();
        Some(Marked { content: Words { by, ..Words::of_box(text) }, mark: text.mark.clone() })
    };
    let mut record = Record {
        id,
        child,
        family,
        meeting: room.id,
        slot: slot.id,
        held_on: room.held_on,
        place: room.place.clone(),
        began_at: slot.begun_at,
        drafted_at: slot.progress.ended_at().unwrap_or(at),
        chair: named(room.chair),
        record_taker: room.record_taker.map(named),
        handovers: handovers(room, slot.begun_at, names),
        reopened: slot
            .reopened
            .iter()
            .map(|again| RecordReopening { at: again.at, who: named(again.by), finished_at: again.finished_at })
            .collect(),
        attendance: attendance(room, slot, at, names),
        question: slot.question.clone(),
        last_steps: slot
            .last_steps
            .iter()
            .filter(|said| said.children.is_empty() || said.children.contains(&child))
            .map(|said| RecordLastStep {
                step: said.step,
                what: said.what.clone(),
                owner: said.owner.map(named),
                became: said.became,
                due: said.due,
                word: said.word.clone(),
                noted_by: named(said.noted_by),
            })
            .collect(),
        life_now: words(Area::Life(child)).unwrap_or_default(),
        heard: heard(slot, names),
        scales: slot.scales.words.clone(),
        meaning: words(Area::Meaning(child)).unwrap_or_default(),
        options: slot
            .options
            .iter()
            .filter(|option| theirs(option.draft.child))
            .map(|option| {
                let to_record = |draft: &crate::meeting::OptionDraft| RecordOption {
                    option: option.id,
                    what: draft.what.clone(),
                    by: named(option.by),
                };
                option.draft.map(to_record)
            })
            .collect(),
        decision: decided(room, slot, child, names),
        steps: slot
            .steps
            .iter()
            .filter(|step| step.draft.children.is_empty() || step.draft.children.contains(&child))
            .map(|step| Marked { content: agreed(step, names), mark: step.draft.mark.clone() })
            .collect(),
        contingencies: slot
            .contingencies
            .iter()
            .filter(|contingency| theirs(contingency.draft.child))
            .map(|contingency| {
                let to_record = |draft: &crate::meeting::ContingencyDraft| RecordContingency {
                    contingency: contingency.id,
                    happens: draft.happens.clone(),
                    then: draft.then.clone(),
                    by: named(contingency.by),
                };
                contingency.draft.map(to_record)
            })
            .collect(),
        conversations: slot
            .conversations
            .iter()
            .map(|conversation| {
                let to_record = |draft: &crate::meeting::ConversationDraft| RecordConversation {
                    conversation: conversation.id,
                    who: named(draft.worker),
                    with: draft.with.clone(),
                    process: draft.process,
                    explore: draft.explore.clone(),
                    own_words: draft.own_words.clone(),
                    own_number: draft.own_number.clone(),
                    by: named(conversation.by),
                };
                conversation.draft.map(to_record)
            })
            .collect(),
        next_date: slot.next_date,
        risks: risks(slot, names),
        unused: Vec::new(),
        empty: Vec::new(),
        completed: Vec::new(),
        corrected: Vec::new(),
        life: Life::default(),
    };
    (record.unused, record.empty) = without_words(room, slot, &record);
    record
}

/// A step in the record's words.
#[must_use]
pub fn agreed(step: &Step, names: &Names) -> Agreed {
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

/// Urgent risks in the record's words.
#[must_use]
pub fn risks(slot: &Slot, names: &Names) -> Vec<RecordRisk> {
    let raised = |risk: &crate::meeting::Risk| RecordRisk {
        risk: risk.id,
        who: name_of(names, risk.by),
        at: risk.at,
        what: risk.what.clone(),
        acknowledged: risk.acknowledged.map(|(who, at)| (name_of(names, who), at)),
    };
    slot.risks.iter().map(raised).collect()
}

/// The meeting's headings under which nothing is recorded: those that the room never came to, and those it came to.
fn without_words(room: &Room, slot: &Slot, record: &Record) -> (Vec<String>, Vec<String>) {
    let nothing = |place: usize, part: Part| match part {
        Part::CheckIn => record.question.is_empty() && record.attendance.iter().all(|present| present.how.is_none()),
        Part::LastSteps => record.last_steps.is_empty(),
        Part::Life => record.life_now.is_empty(),
        Part::Analysis | Part::Round => record.heard.iter().all(|heard| heard.text.is_empty()),
        Part::Scales => slot.scales.revealed_at.is_none(),
        Part::Meaning => record.meaning.is_empty(),
        Part::Conversation => record.conversations.is_empty(),
        Part::Steps => {
            let plans = record.contingencies.is_empty() && record.conversations.is_empty();
            record.steps.is_empty() && plans && record.next_date.is_none()
        }
        Part::ReadBack => {
            let confirmed = record.decision.as_ref().is_some_and(|decision| decision.confirmed_at.is_some());
            !slot.reached.contains(&place) && !confirmed
        }
        // What is decided is asked for until signing.
        Part::Decision => false,
    };
    let stages = room.template.stages.iter().enumerate().filter(|(place, stage)| nothing(*place, stage.part));
    let (empty, unused): (Vec<_>, Vec<_>) = stages.partition(|(place, _)| slot.reached.contains(place));
    let titles = |stages: Vec<(usize, &Stage)>| stages.into_iter().map(|(_, stage)| stage.title.clone()).collect();
    (titles(unused), titles(empty))
}

fn name_of(names: &Names, worker: WorkerId) -> Named {
    names.get(&worker).cloned().unwrap_or_else(|| Named {
        worker,
        name: "unknown worker".to_owned(),
        discipline: String::new(),
    })
}

/// Who handed what to whom since `from`, in the record's words.
#[must_use]
pub fn handovers(room: &Room, from: Option<DateTime<Utc>>, names: &Names) -> Vec<RecordHandover> {
    let line = |change: &crate::meeting::Handover| RecordHandover {
        at: change.at,
        what: change.what,
        from: change.from.map(|worker| name_of(names, worker)),
        to: change.to.map(|worker| name_of(names, worker)),
        taken: change.taken,
    };
    room.handovers.iter().filter(|change| from.is_none_or(|from| change.at >= from)).map(line).collect()
}

/// Those who ran the meeting while it lasted, then everybody else who belongs to the discussion, by name.
fn attendance(room: &Room, slot: &Slot, at: DateTime<Utc>, names: &Names) -> Vec<Present> {
    let began = slot.begun_at.unwrap_or(at);
    let held = |role: MeetingRole| room.held_between(role, began, at);
    let running = [MeetingRole::Chairing, MeetingRole::RecordTaking].map(|role| (role, held(role)));
    let no_view = |worker: WorkerId| {
        let away = slot.stands_out(worker) || slot.attendance.get(&worker) == Some(&Attendance::Apologies);
        room.asked_for_stance(slot, worker) && !away && !slot.has_words_of(worker)
    };
    let line = |worker: WorkerId| Present {
        who: name_of(names, worker),
        how: slot.attendance.get(&worker).copied(),
        roles: running.iter().filter(|(_, held)| held.contains(&worker)).map(|(role, _)| *role).collect(),
        times: slot
            .presence
            .iter()
            .filter(|change| change.worker == worker)
            .map(|change| PresenceTime { at: change.at, what: change.what })
            .collect(),
        brought_in: slot.members.get(&worker).and_then(|member| member.brought_in.clone()),
        no_view: no_view(worker),
        still_out: slot.stands_out(worker),
    };
    // Who stood out before it began, or came to the family later and stood out, is named too: it is closed to them.
    let stood_out = slot.standing_out.iter().filter(|(_, out)| **out).map(|(worker, _)| *worker);
    let others = by_name(slot.members.keys().copied().chain(stood_out), names);
    let mut seen = std::collections::BTreeSet::new();
    let people = running.iter().flat_map(|(_, held)| held.iter().copied()).chain(others);
    people.filter(|worker| seen.insert(*worker)).map(line).collect()
}

/// In the order of their names: numbers that tell people apart say nothing to who reads.
fn by_name(workers: impl IntoIterator<Item = WorkerId>, names: &Names) -> Vec<WorkerId> {
    let mut workers: Vec<WorkerId> = workers.into_iter().collect();
    workers.sort_by_cached_key(|worker| name_of(names, *worker).name);
    workers
}

fn heard(slot: &Slot, names: &Names) -> Vec<Heard> {
    let owners = slot.boxes.keys().filter_map(|area| match area {
        Area::Analysis(worker) => Some(*worker),
        Area::Meaning(_) | Area::Life(_) => None,
    });
    by_name(owners, names)
        .into_iter()
        .filter_map(|worker| Some((worker, slot.boxes.get(&Area::Analysis(worker))?)))
        .map(|(worker, text)| Heard {
            who: name_of(names, worker),
            text: Marked { content: Words::of_box(text), mark: text.mark.clone() },
            recorded_by: text.recorded_by.iter().map(|by| name_of(names, *by)).collect(),
            recorded_in_part: !text.recorded_by.is_empty() && !text.writers.is_empty(),
        })
        .filter(|heard| !heard.text.is_empty())
        .collect()
}

fn decided(room: &Room, slot: &Slot, child: PersonId, names: &Names) -> Option<RecordDecision> {
    let decision = slot.decisions.iter().find(|decision| decision.children.contains(&child))?;
    let wording = decision.wording.as_ref()?;
    let asked = decision.confirmed.iter().flat_map(|confirmed| confirmed.unanswered.iter().copied());
    let unanswered = asked.filter(|worker| !decision.stances.contains_key(worker));
    Some(RecordDecision {
        kind: wording.kind.clone(),
        title: wording.title(&room.template),
        route: wording.route.title(),
        what: wording.what.clone(),
        why: wording.map(|wording| wording.why.clone()),
        confirmed_at: decision.confirmed.as_ref().map(|confirmed| confirmed.at),
        confirmed_by: decision.confirmed.as_ref().map(|confirmed| name_of(names, confirmed.by)),
        stances: by_name(decision.stances.keys().copied(), names)
            .into_iter()
            .filter_map(|worker| Some(stance(room, decision, worker, decision.stances.get(&worker)?, names)))
            .collect(),
        unanswered: by_name(unanswered, names).into_iter().map(|worker| name_of(names, worker)).collect(),
        children: decision.children.clone(),
        decided_after: None,
        confirmed_before: decision
            .confirmed_before
            .iter()
            .map(|before| confirmation(room, decision, before, names))
            .collect(),
    })
}

fn confirmation(room: &Room, decision: &Decision, before: &ConfirmedBefore, names: &Names) -> RecordConfirmation {
    let worded = decision.earlier.get(&before.revision).cloned().unwrap_or_default();
    let objection = |(worker, stance): &(WorkerId, Stance)| RecordObjection {
        who: name_of(names, *worker),
        position: stance.position,
        reason: open_reason(stance),
    };
    RecordConfirmation {
        at: before.at,
        by: name_of(names, before.by),
        // The reason is under the decision's mark, and that is of the wording recorded.
        wording: Wording { why: String::new(), ..worded }.in_words(&room.template),
        objections: before.objections.iter().map(objection).collect(),
    }
}

/// A reason that stands in the record under no mark of its own: left out where its writer kept it from somebody.
fn open_reason(stance: &Stance) -> String {
    if stance.reason.mark.is_open() { stance.reason.content.clone() } else { String::new() }
}

fn stance(room: &Room, decision: &Decision, worker: WorkerId, stance: &Stance, names: &Names) -> RecordStance {
    let earlier = (stance.revision != decision.revision).then(|| {
        decision.earlier.get(&stance.revision).map_or_else(
            || "another decision, which was put together with this one".to_owned(),
            |wording| wording.in_words(&room.template),
        )
    });
    let before = decision.said_before.iter().filter(|(who, _)| *who == worker);
    RecordStance {
        who: name_of(names, worker),
        position: stance.position,
        reason: stance.reason.clone(),
        at: stance.at,
        earlier_wording: earlier,
        recorded_by: stance.recorded_by.map(|by| name_of(names, by)),
        asked_round: stance.asked_round,
        reason_not_given: false,
        before: before.map(|(_, said)| SaidBefore { position: said.position, reason: open_reason(said) }).collect(),
    }
}
