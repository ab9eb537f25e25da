//! A room with two families, and everything people might do in it.

use crate::features::{answer, earlier_step, feature};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::mark::Readers;
use domain::meeting::{
    Area, Attendance, Command, Context, EarlierStep, Entry, Event, MeetingPart, Member, Owner, Plan, Position,
    Removable, Room, Route, ScaleAnswer, SlotPlan, StepDraft, Surroundings, Turn, Wording, decide,
};
use domain::prose::Prose;
use domain::template::{self, DecisionKind, Discipline, MeetingRules, Part, Scale, Stage, Template};
use domain::viewer::Viewer;
use domain::{DecisionId, FamilyId, MeetingId, PassageId, PersonId, SlotId, StepId, TeamId, WorkerId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub fn id(kind: u128, n: u128) -> Uuid {
    Uuid::from_u128((kind << 64) | n)
}
pub fn worker(n: u8) -> WorkerId {
    WorkerId::new(id(1, u128::from(n)))
}
pub fn slot(n: u8) -> SlotId {
    SlotId::new(id(2, u128::from(n)))
}
pub fn family(n: u8) -> FamilyId {
    FamilyId::new(id(3, u128::from(n)))
}
pub fn child(n: u8) -> PersonId {
    PersonId::new(id(4, u128::from(n)))
}
pub fn decision(n: u8) -> DecisionId {
    DecisionId::new(id(5, u128::from(n)))
}
pub fn step(n: u8) -> StepId {
    StepId::new(id(6, u128::from(n)))
}
pub fn team() -> TeamId {
    TeamId::new(id(7, 1))
}
pub fn start() -> DateTime<Utc> {
    "2026-11-24T09:30:00Z".parse().unwrap()
}

pub const CHAIR: u8 = 0;
pub const TAKER: u8 = 1;
/// 2 works with the first family, 3 with the second, 4 with both, 5 is from outside, 6 manages the team.
pub const GUEST: u8 = 5;
pub const MANAGER: u8 = 6;

pub fn template() -> Template {
    let discipline =
        |key: &str, stance| Discipline { key: key.into(), title: key.into(), stance, manages: false, records: false };
    Template {
        key: "t".into(),
        version: 1,
        title: "T".into(),
        minutes: vec![45],
        days_to_send: 2,
        correction_days: 5,
        meeting: MeetingRules {
            scales: vec![Scale {
                key: "safety".into(),
                question: "How safe?".into(),
                low: "not".into(),
                high: "safe".into(),
                per_child: true,
            }],
            ..MeetingRules::default()
        },
        stages: vec![
            Stage {
                part: Part::Analysis,
                name: "New".into(),
                title: "New".into(),
                prompt: String::new(),
                minutes: Vec::new(),
            },
            Stage {
                part: Part::Decision,
                name: "Decide".into(),
                title: "Decide".into(),
                prompt: String::new(),
                minutes: Vec::new(),
            },
        ],
        kinds: vec![
            DecisionKind { key: "continue".into(), title: "Continue".into(), recommended_to: String::new() },
            DecisionKind { key: "legal".into(), title: "Legal".into(), recommended_to: "legal".into() },
        ],
        disciplines: vec![discipline("social", true), discipline("student", false)],
    }
}

pub fn planned() -> Entry<Event> {
    let slots = [0, 1].map(|n| SlotPlan { slot: slot(n), family: Some(family(n)), minutes: 45 }).to_vec();
    Entry {
        seq: 1,
        at: start(),
        by: worker(CHAIR),
        event: Event::Planned {
            meeting: MeetingId::new(id(8, 1)),
            team: team(),
            chair: worker(CHAIR),
            record_taker: Some(worker(TAKER)),
            plan: Plan {
                held_on: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
                starts: NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
                place: String::new(),
                booked: 120,
                slots,
            },
            template: Box::new(template()),
        },
    }
}

pub fn viewer(n: u8) -> Viewer {
    let families: BTreeSet<FamilyId> = match n {
        2 => [family(0)].into(),
        3 => [family(1)].into(),
        4 => [family(0), family(1)].into(),
        _ => BTreeSet::new(),
    };
    let manages = if n == MANAGER { [team()].into() } else { BTreeSet::new() };
    // 7 is the screen on the wall, opened by the chair; 8 by somebody who works with the second family.
    let who = match n {
        7 => CHAIR,
        8 => 3,
        other => other,
    };
    let today = start().date_naive();
    // 3 has another entry, 4: an extract brought them twice.
    let also = if n == 3 { [worker(4)].into() } else { BTreeSet::new() };
    Viewer { also, families, manages, projector: n >= 7, ..Viewer::without_rights(worker(who), today) }
}

/// The same person, days after the meeting's.
pub fn viewer_after(n: u8, days: u64) -> Viewer {
    Viewer { today: start().date_naive() + Days::new(days), ..viewer(n) }
}

pub fn surroundings() -> Surroundings {
    let member = |discipline: &str| Member { discipline: discipline.into(), brought_in: None };
    let first: BTreeMap<_, _> = [(worker(2), member("social")), (worker(4), member("student"))].into();
    let second: BTreeMap<_, _> = [(worker(3), member("social")), (worker(4), member("social"))].into();
    let last_step = EarlierStep { what: "Ring".into(), children: BTreeSet::new(), owner: None };
    Surroundings {
        domestic_abuse: false,
        signed: false,
        children: [(family(0), [child(0), child(1)].into()), (family(1), [child(2)].into())].into(),
        members: [(family(0), first), (family(1), second)].into(),
        people: [(family(0), ["Maud".to_owned()].into()), (family(1), ["Maud".to_owned()].into())].into(),
        last_steps: [(earlier_step(), last_step)].into(),
        references: BTreeMap::new(),
        sent: Some(Prose::with_pen(77).rewrite("sent beforehand")),
        away: [worker(3)].into(),
        workers: (0..8).map(|n| (worker(n), if n == GUEST { template::GUEST } else { "social" }.to_owned())).collect(),
    }
}

#[derive(Debug, Clone)]
pub struct Step {
    pub by: u8,
    pub what: What,
}

/// A command as a person's intention; revisions and texts are filled in from the room.
#[derive(Debug, Clone)]
pub enum What {
    Open,
    Close,
    TakeOver,
    CallBreak(u32),
    EndBreak,
    Chair(u8),
    Record(Option<u8>),
    Start(u8),
    Pause(u8),
    Resume(u8),
    Stage(u8, usize),
    Everybody(u8),
    Attend(u8, u8, u8),
    BringIn(u8, u8),
    TakeBackBringIn(u8, u8),
    Type(u8, u8, String),
    Meaning(u8, u8, String),
    Mark(u8, u8, u8),
    MarkPart(u8, u8, u8),
    Passage(u8, u8, u8, bool),
    Seal(u8),
    Show(u8),
    Reveal(u8),
    StandOut(u8, bool),
    Word(u8, bool, String, bool),
    Split(u8, u8, u8),
    Join(u8),
    Stand(u8, u8, u8),
    AllAgree(u8),
    Confirm(u8),
    AddStep(u8, u8, u8),
    ChangeStep(u8, u8, u8),
    RemoveStep(u8, u8),
    Replan(u8),
    Life(u8, u8, String),
    Give(u8, u8, u8),
    RevealScales(u8),
    Feature(Command),
    Finish(u8),
    Postpone(u8),
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let s = 0..2_u8;
    let w = 0..7_u8;
    let w2 = w.clone();
    let what = prop_oneof![
        2 => Just(What::Open),
        1 => Just(What::Close),
        1 => Just(What::TakeOver),
        1 => (0..70_u32).prop_map(What::CallBreak),
        1 => Just(What::EndBreak),
        1 => w.clone().prop_map(What::Chair),
        1 => prop::option::of(w.clone()).prop_map(What::Record),
        6 => s.clone().prop_map(What::Start),
        1 => s.clone().prop_map(What::Pause),
        1 => s.clone().prop_map(What::Resume),
        1 => (s.clone(), 0..3_usize).prop_map(|(s, n)| What::Stage(s, n)),
        2 => s.clone().prop_map(What::Everybody),
        3 => (s.clone(), w.clone(), 0..5_u8).prop_map(|(s, w, h)| What::Attend(s, w, h)),
        2 => (s.clone(), w.clone()).prop_map(|(s, w)| What::BringIn(s, w)),
        1 => (s.clone(), w.clone()).prop_map(|(s, w)| What::TakeBackBringIn(s, w)),
        6 => (s.clone(), w.clone(), "[a-d🌱]{0,6}").prop_map(|(s, w, t)| What::Type(s, w, t)),
        2 => (s.clone(), 0..3_u8, "[a-d]{0,6}").prop_map(|(s, c, t)| What::Meaning(s, c, t)),
        3 => (s.clone(), w.clone(), 0..4_u8).prop_map(|(s, w, m)| What::Mark(s, w, m)),
        4 => (s.clone(), 0..6_u8, 0..4_u8).prop_map(|(s, p, m)| What::MarkPart(s, p, m)),
        2 => (s.clone(), w.clone(), 0..5_u8, any::<bool>()).prop_map(|(s, w, c, out)| What::Passage(s, w, c, out)),
        3 => s.clone().prop_map(What::Seal),
        1 => s.clone().prop_map(What::Show),
        2 => s.clone().prop_map(What::Reveal),
        3 => (s.clone(), any::<bool>()).prop_map(|(s, out)| What::StandOut(s, out)),
        4 => (s.clone(), any::<bool>(), "[a-d]{0,4}", any::<bool>()).prop_map(|(s, k, t, stale)| What::Word(s, k, t, stale)),
        4 => (s.clone(), 0..3_u8, 10..14_u8).prop_map(|(s, c, d)| What::Split(s, c, d)),
        3 => s.clone().prop_map(What::Join),
        6 => (s.clone(), w.clone(), 0..3_u8).prop_map(|(s, w, p)| What::Stand(s, w, p)),
        2 => s.clone().prop_map(What::AllAgree),
        3 => s.clone().prop_map(What::Confirm),
        2 => (s.clone(), 0..6_u8, w).prop_map(|(s, n, o)| What::AddStep(s, n, o)),
        1 => (s.clone(), 0..6_u8, 0..7_u8).prop_map(|(s, n, o)| What::ChangeStep(s, n, o)),
        1 => (s.clone(), 0..6_u8).prop_map(|(s, n)| What::RemoveStep(s, n)),
        1 => (0..3_u8).prop_map(What::Replan),
        1 => (s.clone(), 0..3_u8, "[a-d]{0,6}").prop_map(|(s, c, t)| What::Life(s, c, t)),
        3 => (s.clone(), w2.clone(), 0..13_u8).prop_map(|(s, w, n)| What::Give(s, w, n)),
        1 => s.clone().prop_map(What::RevealScales),
        6 => s.clone().prop_flat_map(feature).prop_map(What::Feature),
        1 => s.clone().prop_map(What::Finish),
        1 => s.prop_map(What::Postpone),
    ];
    let by = prop_oneof![5 => Just(CHAIR), 1 => Just(TAKER), 4 => 2..7_u8];
    let opening = [Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(0) }];
    let one = (by, what).prop_map(|(by, what)| vec![Step { by, what }]);
    prop::collection::vec(prop_oneof![9 => one, 1 => written_and_marked()], 1..60)
        .prop_map(move |rest| opening.iter().cloned().chain(rest.into_iter().flatten()).collect())
}

/// Somebody who works with the family writes a part and marks it: seldom met where each step is chosen by itself.
fn written_and_marked() -> impl Strategy<Value = Vec<Step>> {
    let whose = prop_oneof![(Just(0_u8), prop_oneof![Just(2), Just(4)]), (Just(1_u8), prop_oneof![Just(3), Just(4)])];
    (whose, 0..6_u8, 1..4_u8).prop_map(|((s, by), part, m)| {
        let written = match part {
            0 => What::Word(s, false, "a".into(), false),
            1 => What::Stand(s, by, 2),
            2 => What::AddStep(s, 0, by),
            3 => What::Feature(crate::features::consider(s, "a")),
            4 => What::Feature(crate::features::agree_contingency(s, "a")),
            _ => What::Feature(crate::features::agree_conversation(s, "a")),
        };
        // What is the whole group's is read by all.
        let m = if matches!(part, 0 | 2) { 2 } else { m };
        let worded = (part == 1).then(|| Step { by: CHAIR, what: What::Word(s, true, "b".into(), false) });
        let marked = [written, What::MarkPart(s, part, m)].map(|what| Step { by, what });
        worded.into_iter().chain(marked).collect()
    })
}

/// How many cases a property is tried with: so many, and twenty times as many where volume is asked for.
pub fn cases(usually: u32) -> u32 {
    if std::env::var_os("LONG").is_some() { 20 * usually } else { usually }
}

/// Words that stand in one place only, so that a test can find where they got to.
pub fn canary(n: usize) -> String {
    format!("«{n}»")
}

/// Every canary in some words.
pub fn canaries(words: &str) -> BTreeSet<String> {
    let found = words.split('«').skip(1).filter_map(|rest| rest.split_once('»'));
    found.filter(|(n, _)| n.parse::<usize>().is_ok()).map(|(n, _)| format!("«{n}»")).collect()
}

/// The words of a command with a canary, where they are a part that can be marked.
fn with_canary(mut command: Command, n: usize) -> Command {
    match &mut command {
        Command::Word { wording, .. } => wording.why.push_str(&canary(n)),
        Command::Stand { reason, .. } => reason.push_str(&canary(n)),
        Command::AddStep { draft, .. } | Command::ChangeStep { draft, .. } => draft.what.push_str(&canary(n)),
        Command::ConsiderOption { draft, .. } => draft.what.push_str(&canary(n)),
        Command::AgreeContingency { draft, .. } => draft.then.push_str(&canary(n)),
        Command::AgreeConversation { draft, .. } => draft.explore.push_str(&canary(n)),
        _ => {}
    }
    command
}

/// A command whose sender sees the room as it is.
fn seen_now(room: &Room, mut command: Command) -> Command {
    match &mut command {
        Command::AskQuestion { slot, seen, .. } => {
            *seen = room.slot(*slot).map(|slot| slot.question.clone()).unwrap_or_default();
        }
        Command::AgreeNextDate { slot, seen, .. } => *seen = room.slot(*slot).and_then(|slot| slot.next_date),
        _ => {}
    }
    command
}

/// Nothing, for the chair only, not in copies for a child, or both; with why.
pub fn mark(s: u8, part: MeetingPart, m: u8, reason: String) -> Command {
    let readers = if m & 1 == 1 { Readers::Only { workers: [worker(CHAIR)].into() } } else { Readers::Team };
    let not_in_copies_for = if m & 2 == 2 { [child(s * 2)].into() } else { BTreeSet::new() };
    Command::Mark { slot: slot(s), part, readers, not_in_copies_for, reason }
}

/// One of the parts beside the boxes, where there is one.
fn some_part(room: &Room, by: u8, s: u8, part: u8) -> MeetingPart {
    let (decision, _) = first_decision(room, s);
    match part {
        0 => MeetingPart::Reason(decision),
        1 => MeetingPart::Stance(decision, worker(by)),
        2 => MeetingPart::Step(step(0)),
        3 => MeetingPart::Option(crate::features::option()),
        4 => MeetingPart::Contingency(crate::features::contingency()),
        _ => MeetingPart::Conversation(crate::features::conversation()),
    }
}

pub fn first_decision(room: &Room, s: u8) -> (DecisionId, u32) {
    let last = room.slot(slot(s)).and_then(|slot| slot.decisions.last());
    last.map_or((decision(99), 0), |last| (last.id, last.revision))
}

pub fn typed(room: &Room, s: u8, area: Area, text: &str, pen: u64) -> Command {
    let before =
        room.slot(slot(s)).and_then(|slot| slot.boxes.get(&area)).map(|text| text.prose.clone()).unwrap_or_default();
    Command::Type { slot: slot(s), area, update: before.written_by(pen).rewrite(text), pen }
}

pub fn command(room: &Room, step_: &Step, n: usize) -> Command {
    with_canary(without_canary(room, step_, n), n)
}

fn without_canary(room: &Room, step_: &Step, n: usize) -> Command {
    let pen = 1000 + n as u64;
    match step_.what.clone() {
        What::Open => Command::Open,
        What::Close => Command::Close,
        What::TakeOver => Command::TakeOver { seen: room.chair },
        What::CallBreak(minutes) => Command::CallBreak { minutes },
        What::EndBreak => Command::EndBreak,
        What::Chair(w) => Command::HandOverChair { to: worker(w) },
        What::Record(w) => Command::HandOverRecord { seen: room.record_taker, to: w.map(worker) },
        What::Start(s) => Command::Start { slot: slot(s), seen: room.current, decision: decision(s) },
        What::Pause(s) => Command::Pause { slot: slot(s) },
        What::Resume(s) => Command::Resume { slot: slot(s) },
        What::Stage(s, n) => {
            let seen = room.slot(slot(s)).and_then(|slot| slot.progress.stage()).unwrap_or_default();
            Command::Stage { slot: slot(s), turn: Turn { seen, to: n } }
        }
        What::Everybody(s) => Command::EverybodyHere { slot: slot(s) },
        What::Attend(s, w, how) => {
            let how = Attendance::chosen(Attendance::CHOICES[usize::from(how)].0, start()).unwrap();
            Command::Attend { slot: slot(s), worker: worker(w), how }
        }
        What::BringIn(s, w) => Command::BringIn { slot: slot(s), worker: worker(w), why: "knows them".into() },
        What::TakeBackBringIn(s, w) => Command::TakeBackBringIn { slot: slot(s), worker: worker(w) },
        What::Type(s, w, text) => typed(room, s, Area::Analysis(worker(w)), &(text + &canary(n)), pen),
        What::Meaning(s, c, text) => typed(room, s, Area::Meaning(child(c)), &(text + &canary(n)), pen),
        What::Mark(s, w, m) => mark(s, MeetingPart::Box(Area::Analysis(worker(w))), m, canary(n)),
        What::MarkPart(s, part, m) => mark(s, some_part(room, step_.by, s, part), m, canary(n)),
        What::Passage(s, w, c, release) => {
            let area = if c < 3 { Area::Meaning(child(c)) } else { Area::Analysis(worker(w)) };
            let passage = PassageId::new(id(14, u128::from(c)));
            if release {
                Command::ReleasePassage { slot: slot(s), area, passage }
            } else {
                let (slot, words) = (slot(s), "a".to_owned());
                let not_in_copies_for = [child(s * 2)].into();
                Command::MarkPassage { slot, area, passage, words, not_in_copies_for, reason: canary(n) }
            }
        }
        What::Seal(s) => Command::Hide { slot: slot(s) },
        What::Show(s) => Command::Show { slot: slot(s) },
        What::Reveal(s) => Command::Reveal { slot: slot(s) },
        What::StandOut(s, out) => Command::StandOut { slot: slot(s), out },
        What::Word(s, legal, why, stale) => {
            let (decision, revision) = first_decision(room, s);
            let kind = if legal { "legal" } else { "continue" };
            let panel = Route::RecommendedTo { whom: "the legal planning meeting".into() };
            let route = if legal { panel } else { Route::DecidedHere };
            let wording = Wording { kind: kind.into(), route, what: String::new(), why };
            Command::Word { slot: slot(s), decision, revision: if stale { revision + 1 } else { revision }, wording }
        }
        What::Split(s, c, d) => Command::Split { slot: slot(s), child: child(c), decision: decision(d) },
        What::Join(s) => Command::Join { slot: slot(s), decision: first_decision(room, s).0 },
        What::Stand(s, w, p) => {
            let (decision, revision) = first_decision(room, s);
            Command::Stand {
                slot: slot(s),
                decision,
                revision,
                worker: worker(w),
                position: Position::CHOICES[usize::from(p)].0,
                reason: String::new(),
            }
        }
        What::AllAgree(s) => {
            let (decision, revision) = first_decision(room, s);
            Command::AllAgree { slot: slot(s), decision, revision, except: BTreeMap::new(), others: true }
        }
        What::Confirm(s) => {
            let (decision, revision) = first_decision(room, s);
            Command::Confirm { slot: slot(s), decision, revision, then: None }
        }
        What::AddStep(s, n, o) => {
            Command::AddStep { slot: slot(s), step: step(n), draft: draft(format!("step {n}"), o) }
        }
        What::ChangeStep(s, n, o) => {
            let current = room.slot(slot(s)).and_then(|slot| slot.steps.iter().find(|current| current.id == step(n)));
            let revision = current.map_or(1, |current| current.revision);
            Command::ChangeStep {
                slot: slot(s),
                step: step(n),
                revision,
                draft: draft(format!("step {n}, changed"), o),
            }
        }
        What::Replan(minutes) => {
            let slots = room.slots.iter().map(|slot| SlotPlan {
                slot: slot.id,
                family: slot.family,
                minutes: 20 + u32::from(minutes) * 10,
            });
            Command::Replan {
                revision: room.plan_revision,
                plan: Plan {
                    held_on: room.held_on,
                    starts: room.starts,
                    place: "Room 3".into(),
                    booked: room.booked,
                    slots: slots.collect(),
                },
            }
        }
        What::RemoveStep(s, n) => crate::features::remove(s, Removable::Step(step(n))),
        What::Life(s, c, text) => typed(room, s, Area::Life(child(c)), &(text + &canary(n)), pen),
        What::Give(s, w, n) => {
            let ScaleAnswer { scale, child, worker, answer, why } = answer(s, w, n);
            Command::AnswerScale { slot: slot(s), scale, child, worker, answer, why }
        }
        What::RevealScales(s) => Command::RevealScales { slot: slot(s) },
        What::Feature(command) => seen_now(room, command),
        What::Finish(s) => Command::Finish { slot: slot(s) },
        What::Postpone(s) => Command::Postpone { slot: slot(s) },
    }
}

fn draft(what: String, owner: u8) -> StepDraft {
    StepDraft {
        what,
        owner: Owner::Worker { worker: worker(owner) },
        with: String::new(),
        due: None,
        children: BTreeSet::new(),
        measure: String::new(),
    }
}

/// Runs the steps, calling `look` with the room before, what was decided, and the room after each event.
pub fn run(steps: &[Step], mut look: impl FnMut(&Entry<Event>, &Room)) -> (Vec<Entry<Event>>, Room) {
    let first = planned();
    let mut room = Room::planned(&first).unwrap();
    look(&first, &room);
    let mut journal = vec![first];
    let surroundings = surroundings();
    for (n, step_) in steps.iter().enumerate() {
        let viewer = viewer(step_.by);
        let now = start() + TimeDelta::seconds(n as i64 * 10);
        let asked = command(&room, step_, n);
        let before = room.clone();
        match decide(&room, &asked, Context { now, viewer: &viewer, surroundings: &surroundings }) {
            Err(_) => assert_eq!(room, before, "a refused command changes nothing"),
            Ok(events) => {
                for event in events {
                    let entry = Entry { seq: journal.len() as i64 + 1, at: now, by: viewer.worker, event };
                    room.apply(&entry);
                    look(&entry, &room);
                    journal.push(entry);
                }
            }
        }
    }
    (journal, room)
}
