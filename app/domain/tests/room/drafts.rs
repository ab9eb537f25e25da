//! Drafts of records and what is made of them: corrections, questions of a copy, headings.

use crate::features;
use crate::outputs::{named, names, sealed, text};
use crate::world::{CHAIR, Step, What, run, slot, worker};
use domain::document::copy::{Recipient, make};
use domain::document::of_record;
use domain::mark::Marked;
use domain::meeting::{Area, Attendance, Contingency, ContingencyDraft, Room};
use domain::minutes::{ChildMinutes, FamilyMinutes};
use domain::record::{Correction, Record, RecordPart, WishAnswer, draft};
use domain::{ContingencyId, CorrectionId, RecordId};
use uuid::Uuid;

/// Nobody can tell from a mark whether somebody was late: who knows has it corrected, for all children at once.
#[test]
fn who_was_there_is_corrected_in_every_childs_record() {
    let (_, room) = run(&[What::Open, What::Start(0)].map(|what| Step { by: CHAIR, what }), |_, _| {});
    let slot = room.slot(slot(0)).unwrap();
    let at = crate::world::start();
    let [about, mut other] = [0, 1].map(|child| {
        let id = RecordId::new(Uuid::from_u128(u128::from(child)));
        draft(&room, slot, slot.family.unwrap(), crate::world::child(child), id, at, &names())
    });
    let asked = Correction {
        id: CorrectionId::new(Uuid::from_u128(9)),
        at,
        by: named(worker(2)),
        part: RecordPart::chosen("attendance").unwrap(),
        text: Marked::open("Julian came at 09:43".to_owned()),
        answer: None,
    };
    let taken = WishAnswer { at, by: named(worker(CHAIR)), taken: true, word: String::new() };
    for _ in 0..2 {
        other.correct(&about, &asked, &taken);
    }
    assert_eq!(other.corrected.len(), 1);
    let document = text(&of_record(&other, "Ivy", "3 years", "FS-1", None));
    assert!(document.contains("who was there and how") && document.contains("“Julian came at 09:43”"), "{document}");
}

/// What is kept from somebody does not become everybody's by being taken; nobody takes what they have not read.
#[test]
fn a_correction_that_is_kept_from_some_is_taken_only_where_its_part_can_be_kept_from_them() {
    use domain::mark::{Mark, Readers};
    let said = What::Type(0, 2, "as it was".to_owned());
    let steps =
        [Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(0) }, Step { by: 2, what: said }];
    let (_, room) = run(&steps, |_, _| {});
    let at = crate::world::start();
    let child = crate::world::child(0);
    let mut record = draft(
        &room,
        room.slot(slot(0)).unwrap(),
        room.slot(slot(0)).unwrap().family.unwrap(),
        child,
        RecordId::new(Uuid::from_u128(1)),
        at,
        &names(),
    );
    let only = Mark { readers: Readers::Only { workers: [worker(3)].into() }, ..Mark::default() };
    let never = Mark { not_in_copies_for: [child].into(), ..Mark::default() };
    let asked = |n: u128, part, mark: &Mark| Correction {
        id: CorrectionId::new(Uuid::from_u128(n)),
        at,
        by: named(worker(2)),
        part,
        text: Marked { content: "as it should be".to_owned(), mark: mark.clone() },
        answer: None,
    };
    let own = RecordPart::Heard { worker: worker(2) };
    // Who asks for it, how it is kept, who takes it, and whether they may.
    let cases = [
        (own, &only, 3, true),
        (own, &only, CHAIR, false),
        (RecordPart::Meaning, &never, CHAIR, true),
        (RecordPart::Meaning, &only, 3, false),
        (RecordPart::Attendance, &never, CHAIR, false),
        (RecordPart::Attendance, &Mark::default(), CHAIR, true),
        (RecordPart::Other, &Mark::default(), CHAIR, false),
    ];
    for (n, (part, mark, taker, may)) in cases.into_iter().enumerate() {
        let correction = asked(n as u128, part, mark);
        record.life.corrections.push(correction.clone());
        let why_not = record.why_not_taken(&correction, worker(taker));
        assert_eq!(why_not.is_none(), may, "{part:?} with {mark:?} by {taker}: {why_not:?}");
    }
    let taken = WishAnswer { at, by: named(worker(CHAIR)), taken: true, word: String::new() };
    let about = record.clone();
    for (n, part, mark) in [(10, own, &only), (11, RecordPart::Meaning, &never)] {
        record.correct(&about, &asked(n, part, mark), &taken);
        assert_eq!((record.mark_of(part), record.reads(part)), (Some(mark), Some("as it should be")));
    }
}

/// The child's own file is a copy for the child: what is never to be in one is not, whoever says yes.
#[test]
fn words_that_are_never_in_a_copy_for_a_child_are_not_in_that_childs_file() {
    let said = What::Type(0, 2, "the secret".to_owned());
    let steps =
        [Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(0) }, Step { by: 2, what: said }];
    let (_, mut room) = run(&steps, |_, _| {});
    let [first, second] = [0, 1].map(crate::world::child);
    let own = room.slots[0].boxes.get_mut(&Area::Analysis(worker(2))).unwrap();
    own.mark.not_in_copies_for = [first].into();
    let slot = room.slot(slot(0)).unwrap();
    let made = |child| {
        let id = RecordId::new(Uuid::from_u128(1));
        let record = draft(&room, slot, slot.family.unwrap(), child, id, crate::world::start(), &names());
        make(&sealed(&record), Recipient::ChildFile, "the file", "", &|_| "Ivy".to_owned())
    };
    let theirs = made(first);
    assert!(!text(&theirs.document).contains("the secret"), "{:?}", theirs.document);
    assert!(theirs.document.left_out.iter().any(|line| line.contains("never in a copy for Ivy")), "it is said");
    assert_eq!(theirs.questions, []);
    let others = made(second);
    assert!(text(&others.document).contains("the secret") && others.questions.len() == 1, "after a yes");
}

/// Who says yes reads all that goes out, and why they are asked is true.
#[test]
fn a_conversation_asks_for_a_yes_by_what_it_holds() {
    let steps = [What::Open, What::Start(0), What::Feature(features::agree_conversation(0, "how mornings go"))];
    let (_, room) = run(&steps.map(|what| Step { by: CHAIR, what }), |_, _| {});
    let slot = room.slot(slot(0)).unwrap();
    let id = RecordId::new(Uuid::from_u128(1));
    let child = crate::world::child(0);
    let record = draft(&room, slot, slot.family.unwrap(), child, id, crate::world::start(), &names());
    let asked = |record: &Record| {
        let made = make(&sealed(record), Recipient::ChildFile, "the file", "", &|_| String::new());
        made.questions.into_iter().find(|question| question.part == "Conversations to have").unwrap()
    };
    let quoted = asked(&record);
    assert!(quoted.why.contains("own words") && quoted.text.contains("how mornings go"), "{quoted:?}");
    assert!(quoted.text.contains("I want mornings without shouting"), "{quoted:?}");
    let mut plain = record;
    plain.conversations[0].content.own_words.clear();
    assert!(!asked(&plain).why.contains("own words"));
}

/// Silence is no view, and a heading that the room never came to is not used.
#[test]
fn a_record_says_who_gave_no_view_and_whether_it_was_read_back() {
    let begin = [What::Open, What::Start(0)].map(|what| Step { by: CHAIR, what });
    let drafted = |room: &Room| {
        let slot = room.slot(slot(0)).unwrap();
        let id = RecordId::new(Uuid::from_u128(1));
        draft(room, slot, slot.family.unwrap(), crate::world::child(0), id, crate::world::start(), &names())
    };
    let silent = |room: &Room| {
        let attendance = drafted(room).attendance.into_iter().filter(|present| present.no_view);
        attendance.map(|present| present.who.worker).collect::<Vec<_>>()
    };
    // The room begins at the first heading.
    let (_, mut empty) = run(&begin, |_, _| {});
    empty.slots[0].boxes.clear();
    assert_eq!((drafted(&empty).unused, drafted(&empty).empty), (Vec::<String>::new(), vec!["New".to_owned()]));
    let read_back = |room: &mut Room| {
        room.template.stages[1].part = domain::template::Part::ReadBack;
        !drafted(room).unused.contains(&"Decide".to_owned())
    };
    let (_, mut room) = run(&begin, |_, _| {});
    assert!(!read_back(&mut room));
    room.slots[0].boxes.clear();
    // A student is not asked for a view.
    assert_eq!(silent(&room), [worker(2)]);
    let [mut sent_apologies, mut left] = [room.clone(), room.clone()];
    sent_apologies.slots[0].attendance.insert(worker(2), Attendance::Apologies);
    assert_eq!(silent(&sent_apologies), []);
    left.slots[0].attendance.insert(worker(2), Attendance::Left { at: crate::world::start() });
    assert_eq!(silent(&left), [worker(2)]);

    let said = [begin.to_vec(), vec![Step { by: 2, what: What::Type(0, 2, "a".to_owned()) }, stage(1)]].concat();
    let (_, mut room) = run(&said, |_, _| {});
    assert_eq!(silent(&room), []);
    assert!(read_back(&mut room));
}

fn stage(place: usize) -> Step {
    Step { by: CHAIR, what: What::Stage(0, place) }
}

/// Under a heading of steps stand plans, conversations and the next date too; in minutes a plan for one child stands with
/// that child.
#[test]
fn a_heading_is_used_by_all_that_stands_under_it_and_a_plan_stands_with_its_child() {
    let (_, mut room) =
        run(&[Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(0) }], |_, _| {});
    room.template.stages[1].part = domain::template::Part::Steps;
    let plan = |n: u128, child| Contingency {
        id: ContingencyId::new(Uuid::from_u128(n)),
        draft: Marked::open(ContingencyDraft { child, happens: format!("plan {n}"), then: "ring".to_owned() }),
        by: worker(2),
    };
    let [first, second] = [0, 1].map(crate::world::child);
    let unused = |room: &Room, child| {
        let slot = room.slot(slot(0)).unwrap();
        let id = RecordId::new(Uuid::from_u128(1));
        draft(room, slot, slot.family.unwrap(), child, id, crate::world::start(), &names())
    };
    assert!(unused(&room, first).unused.contains(&"Decide".to_owned()), "nothing stands there yet");
    let slot = room.slots.iter_mut().find(|existing| existing.id == slot(0)).unwrap();
    slot.contingencies = vec![plan(1, None), plan(2, Some(first))];
    for child in [first, second] {
        assert!(!unused(&room, child).unused.contains(&"Decide".to_owned()));
    }
    let child = |name: &str, child| ChildMinutes { name: name.into(), age: "9".into(), record: unused(&room, child) };
    let family = FamilyMinutes {
        reference: "FS-1".into(),
        state: "Finished".into(),
        children: vec![child("Ivy", first), child("Noah", second)],
        late: Vec::new(),
    };
    let minutes = domain::document::of_family(&family);
    let under = |heading: &str| {
        let at = minutes.iter().position(|section| section.heading == heading).unwrap_or_else(|| panic!("{heading}"));
        let rest = minutes[at + 1..].iter().take_while(|section| section.level > minutes[at].level);
        format!("{:?}", rest.collect::<Vec<_>>())
    };
    let at = |heading: &str| minutes.iter().position(|section| section.heading == heading);
    assert!(at("For all children") < at("For Ivy"), "what is shared stands before what differs");
    assert!(under("For Ivy").contains("plan 2") && !under("For Ivy").contains("plan 1"));
    assert!(under("For all children").contains("plan 1") && !under("For all children").contains("plan 2"));
}
