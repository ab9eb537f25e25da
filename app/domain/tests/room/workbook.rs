//! The workbooks of released versions still mean what they meant, and nothing in any order of events makes what was
//! signed, held or said vanish.

use crate::golden::folder;
use crate::world::{CHAIR, Step, What, child, run, worker};
use chrono::{DateTime, TimeDelta, Utc};
use domain::case_note::{CaseNote, CaseNoteContent};
use domain::chapter::ChapterPlace;
use domain::direct_work::{DirectWork, DirectWorkContent};
use domain::family::Hold;
use domain::family::{Left, Workbook, WorkbookEvent};
use domain::genogram::{GenogramChange, KinId, Relative, RelativeContent, Tie, TieKind};
use domain::mark::{Mark, Marked};
use domain::meeting::Entry;
use domain::message::{Checked, GivenMessage, Message};
use domain::own_words::HowGiven;
use domain::own_words::{GivenWords, OwnReadiness, OwnWords};
use domain::prose::Prose;
use domain::record::{
    Addendum, Agreed, Completion, Correction, Dissent, DissentAnswer, Named, Names, RecordPart, RecordRisk, Version,
    WishAnswer, draft,
};
use domain::retention::{destroy_in_workbook, reduce_workbook};
use domain::safety_plan::SafetyPlan;
use domain::{
    AddendumId, CaseNoteId, CorrectionId, DirectWorkId, MeetingId, MessageId, OwnWordsId, PersonId, RecordId,
    RelativeId, StepId, TieId, WorkerId,
};
use std::collections::BTreeSet;
use uuid::Uuid;

fn named(n: u8) -> Named {
    Named { worker: worker(n), name: format!("Worker {n}"), discipline: "social worker".into() }
}

fn at(n: i64) -> DateTime<Utc> {
    crate::world::start() + TimeDelta::minutes(n)
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn answer(taken: bool) -> WishAnswer {
    WishAnswer { at: at(70), by: named(CHAIR), taken, word: "As asked".into() }
}

fn ring_the_school(step: StepId) -> Agreed {
    Agreed {
        step,
        what: "Ring the school".into(),
        owner: None,
        with: String::new(),
        due: None,
        measure: String::new(),
        children: BTreeSet::new(),
    }
}

fn own_words(n: u128, person: PersonId, words: &str) -> WorkbookEvent {
    let readiness = OwnReadiness::default();
    let (on, to) = (at(0).date_naive(), "her teacher".into());
    let given = Marked::open(GivenWords { on, how: HowGiven::Drew, to, words: words.into(), readiness });
    let id = OwnWordsId::new(id(n));
    let words = OwnWords { id, person, by: named(2), at: at(90), given, revision: 1, taken_back: None };
    WorkbookEvent::OwnWordsWritten { words: Box::new(words) }
}

fn worked_with(with: PersonId, number: u128, finding: &str) -> WorkbookEvent {
    let content = DirectWorkContent { module: "Feelings".into(), finding: finding.into(), ..Default::default() };
    let id = DirectWorkId::new(id(number));
    let work = DirectWork { id, with, content, by: named(2), at: at(90), revision: 0 };
    WorkbookEvent::DirectWorkWritten { work: Box::new(work) }
}

fn happened(child: PersonId, number: u128, text: &str) -> WorkbookEvent {
    let content = CaseNoteContent {
        children: [child].into(),
        on: Some(at(0).date_naive()),
        text: text.into(),
        significant: true,
    };
    let id = CaseNoteId::new(id(number));
    let note = CaseNote { id, content, removed: false, by: named(2), at: at(90), revision: 0 };
    WorkbookEvent::CaseNoteWritten { note: Box::new(note) }
}

fn parent_of(child: PersonId, number: u128, name: &str) -> [WorkbookEvent; 2] {
    let relative = RelativeId::new(id(number));
    let content = RelativeContent { name: name.into(), ..Default::default() };
    let tie = Tie {
        id: TieId::new(id(number)),
        from: KinId::Relative(relative),
        to: KinId::Member(child),
        kind: TieKind::Parent,
        removed: false,
        by: named(2),
        at: at(90),
    };
    let relative = GenogramChange::Relative(Relative { id: relative, content, removed: false, revision: 0 });
    [relative, GenogramChange::Tie(tie)].map(|change| WorkbookEvent::GenogramChanged { change: Box::new(change) })
}

/// Something of everything that can happen in a workbook, about two children of one meeting.
fn everything() -> Vec<Entry<WorkbookEvent>> {
    let chair = |what| Step { by: CHAIR, what };
    let steps = [chair(What::Open), chair(What::Start(0)), chair(What::Everybody(0))];
    let (_, room) = run(&steps, |_, _| {});
    let slot = &room.slots[0];
    let names: Names = (0..7).map(|n| (worker(n), named(n))).collect();
    let record = |n: u8| {
        let id = RecordId::new(id(100 + u128::from(n)));
        draft(&room, slot, slot.family.unwrap(), child(n), id, at(60), &names)
    };
    let (first, second) = (record(0), record(1));
    let (one, step) = (first.id, StepId::new(id(200)));
    let (correction, addendum, message) =
        (CorrectionId::new(id(300)), AddendumId::new(id(400)), MessageId::new(id(500)));
    let agreed = ring_the_school(step);
    let drafted = |mut record: domain::record::Record| {
        record.steps.push(Marked::open(agreed.clone()));
        WorkbookEvent::RecordDrafted { record: Box::new(record) }
    };
    let decided = Completion::Decision {
        kind: "continue".into(),
        title: "Continue".into(),
        route: "Decided here".into(),
        why: "It works".into(),
    };
    let completed =
        |completion| WorkbookEvent::Completed { record: one, by: named(CHAIR), completion: Box::new(completion) };
    let signed = |record, number, hash: &str| WorkbookEvent::Signed {
        record,
        version: Version { number, at: at(80), by: named(CHAIR), hash: hash.into() },
    };
    let written = Message {
        writers: BTreeSet::new(),
        id: message,
        meeting: room.id,
        adult: child(1),
        text: "What we agreed".into(),
        at: at(90),
        by: named(2),
        revision: 1,
        checked: None,
        given: None,
    };
    let events = vec![
        WorkbookEvent::ChapterWritten {
            month: "2026-11".into(),
            place: ChapterPlace::summary(),
            title: "Monthly summary".into(),
            update: Prose::with_pen(7).rewrite("Ivy laughs 🌱"),
        },
        WorkbookEvent::ChapterWritten {
            month: "2026-11".into(),
            place: ChapterPlace { section: "analysis".into(), person: Some(child(0)) },
            title: "Analysis".into(),
            update: Prose::with_pen(8).rewrite("Ivy needs sleep"),
        },
        WorkbookEvent::StepAgreed { meeting: room.id, on: room.held_on, step: Box::new(agreed.clone()) },
        drafted(first.clone()),
        drafted(second.clone()),
        WorkbookEvent::DraftsWithdrawn { slot: slot.id, steps: vec![step] },
        WorkbookEvent::StepAgreed { meeting: room.id, on: room.held_on, step: Box::new(agreed.clone()) },
        drafted(first),
        drafted(second.clone()),
        WorkbookEvent::ContributedLate {
            meeting: room.id,
            held_on: room.held_on,
            children: [child(1)].into(),
            text: "Nain rang".into(),
        },
        WorkbookEvent::CorrectionAsked {
            record: one,
            correction: Box::new(Correction {
                id: correction,
                at: at(65),
                by: named(2),
                part: RecordPart::Meaning,
                text: Marked::open("Calmer mornings".into()),
                answer: None,
            }),
        },
        WorkbookEvent::CorrectionAnswered { record: one, correction, answer: answer(true) },
        completed(decided),
        completed(Completion::Step { step, owner: named(2), due: room.held_on }),
        WorkbookEvent::Marked {
            record: one,
            part: RecordPart::Why,
            mark: Mark { not_in_copies_for: [child(1)].into(), ..Mark::default() },
        },
        signed(one, 1, "aa"),
        signed(second.id, 1, "bb"),
        WorkbookEvent::AddendumAsked {
            record: one,
            addendum: Box::new(Addendum {
                id: addendum,
                at: at(85),
                by: named(2),
                reason: "The school rang".into(),
                text: Marked::open("They saw Ivy".into()),
                answer: None,
            }),
        },
        WorkbookEvent::AddendumAnswered { record: one, addendum, answer: answer(true) },
        signed(one, 2, "cc"),
        WorkbookEvent::MessageWritten { message: Box::new(written) },
        WorkbookEvent::MessagesChecked { messages: vec![message], checked: Checked { at: at(95), by: named(4) } },
        WorkbookEvent::MessageGiven {
            message,
            given: GivenMessage { at: at(99), by: named(2), how: "at the visit".into() },
        },
        own_words(600, child(0), "I drew us by the sea"),
        own_words(601, child(1), "It is loud at night"),
        worked_with(child(0), 800, "Ivy counts to ten"),
        worked_with(child(1), 801, "He names it"),
        {
            // Written of both children first, then of the one alone: nothing of it stands again without that child.
            let WorkbookEvent::CaseNoteWritten { mut note } =
                happened(child(1), 950, "Ivy was found at the gate early")
            else {
                unreachable!()
            };
            note.content.children.insert(child(0));
            WorkbookEvent::CaseNoteWritten { note }
        },
        happened(child(0), 950, "Ivy was found at the gate"),
        happened(child(1), 951, "He fell"),
        parent_of(child(0), 900, "Uncle Gareth")[0].clone(),
        parent_of(child(0), 900, "Uncle Gareth")[1].clone(),
        parent_of(child(1), 901, "Dominic")[0].clone(),
        parent_of(child(1), 901, "Dominic")[1].clone(),
        WorkbookEvent::SafetyPlanWritten {
            plan: Box::new(SafetyPlan { worries: "He waits at the gate".into(), ..SafetyPlan::default() }),
            by: named(2),
        },
        WorkbookEvent::OwnWordsTakenBack { words: OwnWordsId::new(id(600)), why: "Her sister drew it".into() },
        WorkbookEvent::StepAnswerTakenBack { step, meeting: Some(room.id) },
        WorkbookEvent::StepAnswered { step, done: true, word: "Rang".into(), said: None },
        WorkbookEvent::StepHandedOver { step: StepId::new(id(200)), to: named(4) },
        WorkbookEvent::Held { hold: Hold { at: at(100), by: named(CHAIR), reason: "Proceedings".into() } },
        WorkbookEvent::Released { by: named(CHAIR), word: "Ended".into() },
        WorkbookEvent::RisksNoted {
            slot: slot.id,
            risks: vec![RecordRisk {
                risk: crate::features::risk(),
                who: named(2),
                at: at(61),
                what: "He is at the door".into(),
                acknowledged: None,
            }],
        },
        WorkbookEvent::DissentTaken {
            record: one,
            dissent: Box::new(Dissent {
                worker: worker(2),
                to: "the service manager".into(),
                at: at(101),
                by: named(2),
                until: room.held_on,
                answer: None,
            }),
        },
        WorkbookEvent::DissentAnswered {
            record: one,
            worker: worker(2),
            answer: DissentAnswer { at: at(102), by: named(6), text: "We looked again".into() },
        },
        WorkbookEvent::Reduced { slot: slot.id },
        WorkbookEvent::CopyEnded { child: child(2) },
        WorkbookEvent::Destroyed { record: None, hash: "dd".into(), left: Left::default() },
    ];
    let who = |n: usize| -> WorkerId { worker(if n == 0 { 2 } else { CHAIR }) };
    events
        .into_iter()
        .enumerate()
        .map(|(n, event)| Entry { seq: n as i64 + 1, at: at(60 + n as i64), by: who(n), event })
        .collect()
}

fn kinds(journal: &[Entry<WorkbookEvent>]) -> BTreeSet<String> {
    let kind = |entry: &Entry<WorkbookEvent>| match serde_json::to_value(&entry.event).unwrap() {
        serde_json::Value::Object(object) => object.keys().next().unwrap().clone(),
        plain => plain.as_str().unwrap().to_owned(),
    };
    journal.iter().map(kind).collect()
}

#[test]
fn workbooks_of_every_release_fold_into_what_they_made() {
    let file = |kind: &str| folder().join(format!("{}.{kind}.json", env!("CARGO_PKG_VERSION")));
    let journal = everything();
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        std::fs::write(file("pages"), serde_json::to_string_pretty(&journal).unwrap()).unwrap();
        std::fs::write(file("workbook"), serde_json::to_string_pretty(&Workbook::fold(&journal)).unwrap()).unwrap();
    }
    let mut releases = 0;
    for path in std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()) {
        let Some(version) = path.file_name().unwrap().to_str().unwrap().strip_suffix(".pages.json") else { continue };
        let pages: Vec<Entry<WorkbookEvent>> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let made = std::fs::read_to_string(folder().join(format!("{version}.workbook.json"))).unwrap();
        assert_eq!(Workbook::fold(&pages), serde_json::from_str(&made).unwrap(), "{version}");
        releases += 1;
    }
    assert!(releases > 0, "no golden workbook; \"make golden\" writes one");
    let written: Vec<Entry<WorkbookEvent>> =
        serde_json::from_str(&std::fs::read_to_string(file("pages")).unwrap()).unwrap();
    assert_eq!(kinds(&written).len(), WorkbookEvent::KINDS, "an event is missing from the scenario");
}

#[test]
fn reduced_and_half_destroyed_a_workbook_keeps_what_was_signed() {
    let mut pages = everything();
    let before = Workbook::fold(&pages);
    let slot = before.records[0].slot;
    let rewrite = |pages: &mut Vec<Entry<WorkbookEvent>>, lines: Vec<(i64, WorkbookEvent)>| {
        for (seq, event) in lines {
            pages[seq as usize - 1].event = event;
        }
    };
    let (lines, left) = reduce_workbook(&pages, slot, "2026-11", &|text| text.len().to_string());
    rewrite(&mut pages, lines);
    let reduced = Workbook::fold(&pages);
    assert_eq!((&reduced.records, &reduced.steps), (&before.records, &before.steps));
    assert_eq!(reduced.chapters[0].prose.text(), before.chapters[0].prose.text());
    assert_eq!(left.len(), 4, "every draft that was made, the withdrawn ones too");
    assert_gone_with_two_children(pages, &before);
}

/// As before, where nothing was reduced yet: what the one child's lines changed in the sibling's record stays there.
#[test]
fn what_came_with_one_childs_record_stays_in_the_siblings() {
    let pages = everything();
    let before = Workbook::fold(&pages);
    assert_gone_with_two_children(pages, &before);
}

fn assert_gone_with_two_children(mut pages: Vec<Entry<WorkbookEvent>>, before: &Workbook) {
    let rewrite = |pages: &mut Vec<Entry<WorkbookEvent>>, lines: Vec<(i64, WorkbookEvent)>| {
        for (seq, event) in lines {
            pages[seq as usize - 1].event = event;
        }
    };
    let lines = destroy_in_workbook(&pages, child(0), false, &|text| text.len().to_string());
    rewrite(&mut pages, lines);
    let half = Workbook::fold(&pages);
    assert_eq!(half.records, before.records[1..], "the sibling's record stays as it was");
    assert_eq!(half.chapters.len(), 1);
    let text = serde_json::to_string(&pages).unwrap();
    assert!(!text.contains("Calmer mornings") && !text.contains("They saw Ivy") && !text.contains("analysis"));
    assert!(!text.contains("by the sea") && !text.contains("Her sister drew it") && text.contains("It is loud"));
    assert_eq!(half.own_words, before.own_words[1..], "the sibling's own words stay");
    assert!(!text.contains("Uncle Gareth") && text.contains("Dominic"), "who was known for the one child’s sake goes");
    assert_eq!(half.genogram.ties, before.genogram.ties[1..]);
    assert_eq!(half.case_notes, before.case_notes[1..], "and what happened to them");
    assert!(!text.contains("at the gate early"), "and no older text of it");
    assert_eq!(half.direct_work, before.direct_work[1..], "and what was done with them");
    let lines = destroy_in_workbook(&pages, child(1), true, &|text| text.len().to_string());
    rewrite(&mut pages, lines);
    assert_eq!(Workbook::fold(&pages), Workbook::default());
    let signed = pages.iter().filter(|entry| matches!(entry.event, WorkbookEvent::Signed { .. })).count();
    assert_eq!(signed, 3, "that something was signed, and its hash, is never rewritten");
}

#[test]
fn a_step_is_where_it_was_before_the_meeting_whose_word_is_taken_back() {
    use domain::family::{SaidInMeeting, StepState};
    use domain::meeting::Became;
    let (first, second) = (MeetingId::new(id(1)), MeetingId::new(id(2)));
    let step = StepId::new(id(200));
    let agreed = ring_the_school(step);
    let said = |meeting, became| WorkbookEvent::StepAnswered {
        step,
        done: became == Became::Done,
        word: String::new(),
        said: Some(SaidInMeeting { meeting, became, due: None }),
    };
    let outside = WorkbookEvent::StepAnswered { step, done: true, word: "Rang".into(), said: None };
    let back = |meeting| WorkbookEvent::StepAnswerTakenBack { step, meeting: Some(meeting) };
    let back_outside = WorkbookEvent::StepAnswerTakenBack { step, meeting: None };
    let state = |events: &[WorkbookEvent]| {
        let agreed =
            WorkbookEvent::StepAgreed { meeting: first, on: at(0).date_naive(), step: Box::new(agreed.clone()) };
        let entries: Vec<_> = [agreed]
            .iter()
            .chain(events)
            .enumerate()
            .map(|(at_, event)| Entry { seq: at_ as i64 + 1, at: at(0), by: worker(2), event: event.clone() })
            .collect();
        let workbook = Workbook::fold(&entries);
        (workbook.steps[0].state.clone(), workbook.steps[0].carried.len())
    };
    assert_eq!(state(&[said(second, Became::Done), back(second)]), (StepState::Open, 0));
    assert_eq!(state(&[said(second, Became::Done), said(second, Became::Carried), back(second)]), (StepState::Open, 0));
    let carried = |events: &[WorkbookEvent]| matches!(state(events), (StepState::Carried { .. }, 1));
    assert!(carried(&[said(first, Became::Carried), said(second, Became::Dropped), back(second)]));
    assert!(carried(&[said(first, Became::Carried), back(second)]), "another meeting's word stays");
    let done = state(&[said(second, Became::Carried), outside.clone(), back(second)]);
    assert!(
        matches!(done, (StepState::Done { .. }, 0)),
        "what was said outside the meeting since stays, and it was not carried"
    );
    assert!(carried(&[said(first, Became::Carried), outside.clone(), back_outside.clone()]));
    assert_eq!(state(&[outside.clone(), outside.clone(), back_outside.clone(), back_outside.clone()]).1, 0);
    let dropped = state(&[outside, said(second, Became::Dropped), back_outside]);
    assert!(matches!(dropped, (StepState::Dropped { .. }, 0)), "a meeting's word is not taken back outside it");
}

/// What copies leave out of one month's record is not in the next month's, under no mark.
#[test]
fn the_words_of_a_marked_step_stay_in_the_record_that_agreed_it() {
    let begun = [What::Open, What::Start(0)].map(|what| Step { by: CHAIR, what });
    let (_, room) = run(&begun, |_, _| {});
    let slot = room.slot(crate::world::slot(0)).unwrap();
    let step = StepId::new(id(200));
    let agreed = ring_the_school(step);
    let what = |mark: Mark| {
        let record = RecordId::new(id(100));
        let mut record = draft(&room, slot, slot.family.unwrap(), child(0), record, at(60), &Default::default());
        record.steps.push(Marked { content: agreed.clone(), mark });
        let events = [
            WorkbookEvent::RecordDrafted { record: Box::new(record) },
            WorkbookEvent::StepAgreed { meeting: room.id, on: room.held_on, step: Box::new(agreed.clone()) },
        ];
        let entries: Vec<_> =
            events.into_iter().map(|event| Entry { seq: 1, at: at(60), by: worker(2), event }).collect();
        Workbook::fold(&entries).earlier_step(step).unwrap().what
    };
    assert_eq!(what(Mark::default()), agreed.what);
    let kept = what(Mark { not_in_copies_for: [child(0)].into(), ..Mark::default() });
    assert!(!kept.contains(&agreed.what) && kept.ends_with("see the record of 24 November 2026"), "{kept}");
}
