//! Properties of a meeting: any commands by anybody, and what each viewer sees of them.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::meeting::{
    Area, Attendance, Command, Context, Entry, Event, Facts, Mark, Member, Owner, Phase, Plan, Position, Room, Route,
    Seen, SlotPlan, StepDraft, Wording, decide, project, view,
};
use domain::prose::Prose;
use domain::template::{DecisionKind, Discipline, Part, Stage, Template};
use domain::viewer::Viewer;
use domain::{DecisionId, FamilyId, MeetingId, PersonId, SlotId, StepId, TeamId, WorkerId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn id(kind: u128, n: u128) -> Uuid {
    Uuid::from_u128((kind << 64) | n)
}
fn worker(n: u8) -> WorkerId {
    WorkerId::new(id(1, u128::from(n)))
}
fn slot(n: u8) -> SlotId {
    SlotId::new(id(2, u128::from(n)))
}
fn family(n: u8) -> FamilyId {
    FamilyId::new(id(3, u128::from(n)))
}
fn child(n: u8) -> PersonId {
    PersonId::new(id(4, u128::from(n)))
}
fn decision(n: u8) -> DecisionId {
    DecisionId::new(id(5, u128::from(n)))
}
fn step(n: u8) -> StepId {
    StepId::new(id(6, u128::from(n)))
}
fn team() -> TeamId {
    TeamId::new(id(7, 1))
}
fn start() -> DateTime<Utc> {
    "2026-11-24T09:30:00Z".parse().unwrap()
}

const CHAIR: u8 = 0;
const TAKER: u8 = 1;
/// 2 works with the first family, 3 with the second, 4 with both, 5 with none, 6 manages the team.
const MANAGER: u8 = 6;

fn template() -> Template {
    let discipline =
        |key: &str, stance| Discipline { key: key.into(), title: key.into(), stance, manages: false, records: false };
    Template {
        key: "t".into(),
        version: 1,
        title: "T".into(),
        minutes: vec![45],
        days_to_send: 2,
        stages: vec![
            Stage { part: Part::Analysis, title: "New".into(), prompt: String::new() },
            Stage { part: Part::Decide, title: "Decide".into(), prompt: String::new() },
        ],
        kinds: vec![
            DecisionKind { key: "continue".into(), title: "Continue".into(), recommended_to: String::new() },
            DecisionKind { key: "legal".into(), title: "Legal".into(), recommended_to: "legal".into() },
        ],
        disciplines: vec![discipline("social", true), discipline("student", false)],
    }
}

fn planned() -> Entry<Event> {
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

fn viewer(n: u8) -> Viewer {
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
    Viewer { worker: worker(who), families, manages, records: BTreeSet::new(), projector: n >= 7 }
}

fn facts() -> Facts {
    let member = |discipline: &str| Member { discipline: discipline.into(), brought_in: None };
    let first: BTreeMap<_, _> = [(worker(2), member("social")), (worker(4), member("student"))].into();
    let second: BTreeMap<_, _> = [(worker(3), member("social")), (worker(4), member("social"))].into();
    Facts {
        children: [(family(0), [child(0), child(1)].into()), (family(1), [child(2)].into())].into(),
        members: [(family(0), first), (family(1), second)].into(),
        workers: (0..8).map(|n| (worker(n), "social".to_owned())).collect(),
    }
}

#[derive(Debug, Clone)]
struct Step {
    by: u8,
    what: What,
}

/// A command as a person's intention; revisions and texts are filled in from the room.
#[derive(Debug, Clone)]
enum What {
    Open,
    Close,
    TakeOver,
    Chair(u8),
    Record(Option<u8>),
    Start(u8),
    Pause(u8),
    Resume(u8),
    Stage(u8, usize),
    Everybody(u8),
    Attend(u8, u8, u8),
    BringIn(u8, u8),
    Type(u8, u8, String),
    Meaning(u8, u8, String),
    Mark(u8, u8, u8),
    Word(u8, bool, String, bool),
    Split(u8, u8, u8),
    Join(u8),
    Stand(u8, u8, u8),
    AllAgree(u8),
    Confirm(u8),
    AddStep(u8, u8, u8),
    RemoveStep(u8, u8),
    Finish(u8),
    Adjourn(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let s = 0..2_u8;
    let w = 0..7_u8;
    let what = prop_oneof![
        2 => Just(What::Open),
        1 => Just(What::Close),
        1 => Just(What::TakeOver),
        1 => w.clone().prop_map(What::Chair),
        1 => prop::option::of(w.clone()).prop_map(What::Record),
        6 => s.clone().prop_map(What::Start),
        1 => s.clone().prop_map(What::Pause),
        1 => s.clone().prop_map(What::Resume),
        1 => (s.clone(), 0..3_usize).prop_map(|(s, n)| What::Stage(s, n)),
        2 => s.clone().prop_map(What::Everybody),
        3 => (s.clone(), w.clone(), 0..5_u8).prop_map(|(s, w, h)| What::Attend(s, w, h)),
        2 => (s.clone(), w.clone()).prop_map(|(s, w)| What::BringIn(s, w)),
        6 => (s.clone(), w.clone(), "[a-d🌱]{0,6}").prop_map(|(s, w, t)| What::Type(s, w, t)),
        2 => (s.clone(), 0..3_u8, "[a-d]{0,6}").prop_map(|(s, c, t)| What::Meaning(s, c, t)),
        3 => (s.clone(), w.clone(), 0..3_u8).prop_map(|(s, w, m)| What::Mark(s, w, m)),
        4 => (s.clone(), any::<bool>(), "[a-d]{0,4}", any::<bool>()).prop_map(|(s, k, t, stale)| What::Word(s, k, t, stale)),
        2 => (s.clone(), 0..3_u8, 10..14_u8).prop_map(|(s, c, d)| What::Split(s, c, d)),
        1 => s.clone().prop_map(What::Join),
        4 => (s.clone(), w.clone(), 0..3_u8).prop_map(|(s, w, p)| What::Stand(s, w, p)),
        2 => s.clone().prop_map(What::AllAgree),
        3 => s.clone().prop_map(What::Confirm),
        2 => (s.clone(), 0..6_u8, w).prop_map(|(s, n, o)| What::AddStep(s, n, o)),
        1 => (s.clone(), 0..6_u8).prop_map(|(s, n)| What::RemoveStep(s, n)),
        1 => s.clone().prop_map(What::Finish),
        1 => s.prop_map(What::Adjourn),
    ];
    let by = prop_oneof![5 => Just(CHAIR), 1 => Just(TAKER), 4 => 2..7_u8];
    let opening = [Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(0) }];
    prop::collection::vec((by, what).prop_map(|(by, what)| Step { by, what }), 1..60)
        .prop_map(move |rest| opening.iter().cloned().chain(rest).collect())
}

fn first_decision(room: &Room, s: u8) -> (DecisionId, u32) {
    let known = room.slot(slot(s)).and_then(|slot| slot.decisions.last());
    known.map_or((decision(99), 0), |known| (known.id, known.revision))
}

fn typed(room: &Room, s: u8, area: Area, text: &str, pen: u64) -> Command {
    let before =
        room.slot(slot(s)).and_then(|slot| slot.boxes.get(&area)).map(|text| text.prose.clone()).unwrap_or_default();
    Command::Type(slot(s), area, before.written_by(pen).rewrite(text), pen)
}

fn command(room: &Room, step_: &Step, n: usize) -> Command {
    let pen = 1000 + n as u64;
    match step_.what.clone() {
        What::Open => Command::Open,
        What::Close => Command::Close,
        What::TakeOver => Command::TakeOver,
        What::Chair(w) => Command::HandOverChair(worker(w)),
        What::Record(w) => Command::HandOverRecord(w.map(worker)),
        What::Start(s) => Command::Start(slot(s), decision(s)),
        What::Pause(s) => Command::Pause(slot(s)),
        What::Resume(s) => Command::Resume(slot(s)),
        What::Stage(s, n) => Command::Stage(slot(s), n),
        What::Everybody(s) => Command::EverybodyHere(slot(s)),
        What::Attend(s, w, how) => {
            let how = Attendance::chosen(Attendance::CHOICES[usize::from(how)].0, start()).unwrap();
            Command::Attend(slot(s), worker(w), how)
        }
        What::BringIn(s, w) => Command::BringIn(
            slot(s),
            worker(w),
            Member { discipline: String::new(), brought_in: Some("knows them".into()) },
        ),
        What::Type(s, w, text) => typed(room, s, Area::Analysis(worker(w)), &text, pen),
        What::Meaning(s, c, text) => typed(room, s, Area::Meaning(child(c)), &text, pen),
        What::Mark(s, w, m) => {
            let mark = match m {
                0 => Mark::None,
                1 => Mark::OnlyFor { workers: [worker(CHAIR)].into() },
                _ => Mark::NeverFor { people: [child(s * 2)].into() },
            };
            Command::Mark(slot(s), Area::Analysis(worker(w)), mark)
        }
        What::Word(s, legal, why, stale) => {
            let (decision, revision) = first_decision(room, s);
            let kind = if legal { "legal" } else { "continue" };
            let wording = Wording { kind: kind.into(), route: Route::DecidedHere, what: String::new(), why };
            Command::Word(slot(s), decision, if stale { revision + 1 } else { revision }, wording)
        }
        What::Split(s, c, d) => Command::Split(slot(s), child(c), decision(d)),
        What::Join(s) => Command::Join(slot(s), first_decision(room, s).0),
        What::Stand(s, w, p) => {
            let (decision, revision) = first_decision(room, s);
            Command::Stand(slot(s), decision, revision, worker(w), Position::CHOICES[usize::from(p)].0, String::new())
        }
        What::AllAgree(s) => {
            let (decision, revision) = first_decision(room, s);
            Command::AllAgree(slot(s), decision, revision, Vec::new())
        }
        What::Confirm(s) => {
            let (decision, revision) = first_decision(room, s);
            Command::Confirm(slot(s), decision, revision)
        }
        What::AddStep(s, n, o) => {
            let draft = StepDraft {
                what: format!("step {n}"),
                owner: Owner::Worker { worker: worker(o) },
                with: String::new(),
                due: None,
                children: BTreeSet::new(),
                measure: String::new(),
            };
            Command::AddStep(slot(s), step(n), draft)
        }
        What::RemoveStep(s, n) => Command::RemoveStep(slot(s), step(n)),
        What::Finish(s) => Command::Finish(slot(s)),
        What::Adjourn(s) => Command::Adjourn(slot(s)),
    }
}

/// Runs the steps, calling `look` with the room before, what was decided, and the room after each event.
fn run(steps: &[Step], mut look: impl FnMut(&Entry<Event>, &Room)) -> (Vec<Entry<Event>>, Room) {
    let first = planned();
    let mut room = Room::planned(&first).unwrap();
    look(&first, &room);
    let mut journal = vec![first];
    let facts = facts();
    for (n, step_) in steps.iter().enumerate() {
        let viewer = viewer(step_.by);
        let now = start() + TimeDelta::seconds(n as i64 * 10);
        let asked = command(&room, step_, n);
        let before = room.clone();
        match decide(&room, &asked, Context { now, viewer: &viewer, facts: &facts }) {
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Folding what each viewer is sent gives their view of the folded room, at every sequence.
    #[test]
    fn the_law_holds_for_every_viewer_at_every_sequence(steps in steps()) {
        let viewers: Vec<Viewer> = (0..9).map(viewer).collect();
        let mut pages: Vec<Option<Room>> = vec![None; viewers.len()];
        run(&steps, |entry, room| {
            for (viewer, page) in viewers.iter().zip(&mut pages) {
                match project(entry, room, viewer) {
                    None => {}
                    Some(Seen::Reset) => *page = Some(view(room, viewer)),
                    Some(Seen::Entry { entry }) => page.as_mut().unwrap().apply(&entry),
                }
                assert_eq!(page.as_ref().unwrap(), &view(room, viewer), "viewer {:?} after {:?}", viewer.worker, entry.event);
            }
        });
    }

    /// Nothing of a family reaches those who may not see it: not its children, people, texts or decisions.
    #[test]
    fn no_hidden_family_or_marked_text_is_in_what_a_viewer_gets(steps in steps()) {
        run(&steps, |entry, room| {
            for n in [2, 3, 5, 7, 8] {
                let viewer = viewer(n);
                let seen = serde_json::to_string(&(view(room, &viewer), project(entry, room, &viewer))).unwrap();
                for slot in room.slots.iter().filter(|slot| !room.reads(&viewer, slot)) {
                    let family = slot.family.unwrap().to_string();
                    assert!(!seen.contains(&family), "family in {seen}");
                    for child in &slot.children {
                        assert!(!seen.contains(&child.to_string()), "child in {seen}");
                    }
                }
                for slot in room.slots.iter().filter(|slot| room.reads(&viewer, slot)) {
                    let hidden = slot.boxes.iter().filter(|(area, text)| {
                        if viewer.projector { !text.unmarked() } else { !text.readable_by(**area, viewer.worker) }
                    });
                    for (area, _) in hidden {
                        let shown = view(room, &viewer);
                        assert_eq!(shown.slot(slot.id).unwrap().boxes[area].prose.text(), "");
                        let heard = project(entry, room, &viewer);
                        assert!(!matches!(heard, Some(Seen::Entry { entry: Entry { event: Event::Typed { area: of, .. }, .. } }) if of == *area));
                    }
                }
            }
        });
    }

    /// A journal folds into the room that wrote it, also after it was text.
    #[test]
    fn a_journal_is_the_room(steps in steps()) {
        let (journal, room) = run(&steps, |_, _| {});
        prop_assert_eq!(Room::fold(&journal), Some(room.clone()));
        let text = serde_json::to_string(&journal).unwrap();
        let read: Vec<Entry<Event>> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(Room::fold(&read), Some(room.clone()));
        let kept: Room = serde_json::from_str(&serde_json::to_string(&room).unwrap()).unwrap();
        prop_assert_eq!(kept, room);
    }

    /// Silence and absence are never agreement, nobody stands on what they did not see, every child has
    /// one decision, and only the chair of the moment confirms.
    #[test]
    fn decisions_are_honest(steps in steps()) {
        let mut chair = worker(CHAIR);
        run(&steps, |entry, room| {
            match &entry.event {
                Event::Stood { slot, worker, asked_round: true, .. } => {
                    assert!(room.slot(*slot).unwrap().present(*worker), "asked round and absent");
                }
                Event::Confirmed { slot, decision, unanswered } => {
                    assert_eq!(entry.by, chair);
                    let decision = room.slot(*slot).unwrap().decision(*decision).unwrap();
                    assert!(decision.wording.is_some());
                    assert!(unanswered.iter().all(|worker| !decision.answered(*worker)));
                }
                Event::ChairChanged { to, .. } => chair = *to,
                _ => {}
            }
            for slot in &room.slots {
                let covered: Vec<PersonId> = slot.decisions.iter().flat_map(|decision| decision.children.iter().copied()).collect();
                let once: BTreeSet<PersonId> = covered.iter().copied().collect();
                assert_eq!(covered.len(), once.len());
                assert_eq!(once, slot.children);
                if slot.progress.frozen() || matches!(room.phase, Phase::Closed { .. }) {
                    continue;
                }
                assert!(slot.decisions.iter().flat_map(|decision| decision.stances.values()).all(|stance| stance.revision > 0));
            }
        });
    }
}

#[test]
fn a_stance_after_confirmation_is_refused_and_a_changed_wording_asks_again() {
    let steps = [
        Step { by: CHAIR, what: What::Open },
        Step { by: CHAIR, what: What::Start(0) },
        Step { by: CHAIR, what: What::Everybody(0) },
        Step { by: CHAIR, what: What::Word(0, false, "one".into(), false) },
        Step { by: 2, what: What::Stand(0, 2, 2) },
        Step { by: 4, what: What::Stand(0, 4, 0) },
        Step { by: CHAIR, what: What::Confirm(0) },
        Step { by: 2, what: What::Stand(0, 2, 0) },
    ];
    let (journal, room) = run(&steps, |_, _| {});
    let known = &room.slot(slot(0)).unwrap().decisions[0];
    assert!(known.confirmed.is_some());
    assert_eq!(known.stances[&worker(2)].position, Position::Disagree, "the later stance was refused");
    assert!(known.stances[&worker(2)].reason_to_follow());
    assert!(!known.stances.contains_key(&worker(4)), "a student is not asked");
    assert_eq!(journal.last().unwrap().by, worker(CHAIR));

    let again: Vec<Step> =
        steps.into_iter().chain([Step { by: TAKER, what: What::Word(0, true, "two".into(), false) }]).collect();
    let (_, room) = run(&again, |_, _| {});
    let known = &room.slot(slot(0)).unwrap().decisions[0];
    assert!(known.confirmed.is_none());
    assert!(!known.answered(worker(2)), "the stance is on an earlier wording");
}

#[test]
fn text_of_one_author_cannot_be_sent_by_another_and_a_box_keeps_its_limit() {
    let (_, room) = run(&[Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(0) }], |_, _| {});
    let (viewer, facts) = (viewer(2), facts());
    let context = Context { now: start(), viewer: &viewer, facts: &facts };
    let area = Area::Analysis(worker(2));
    let huge = Prose::with_pen(9).rewrite(&"x".repeat(1_000_000));
    assert!(decide(&room, &Command::Type(slot(0), area, huge, 9), context).is_err());
    let forged = Prose::with_pen(8).rewrite("forged");
    assert!(decide(&room, &Command::Type(slot(0), area, forged, 9), context).is_err());
    let others = Area::Analysis(worker(4));
    let fine = Prose::with_pen(9).rewrite("fine");
    assert!(decide(&room, &Command::Type(slot(0), others, fine, 9), context).is_err(), "another's box");
}
