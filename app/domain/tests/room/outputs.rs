//! No output for one reader contains what is kept from them: their view, what their stream carries, the drafts they read,
//! copies they prepare, minutes, and what leaves by itself.

use crate::world::{CHAIR, Step, What, canaries, mark, run, slot, steps, viewer, worker};
use crate::{features, sent};
use domain::document::copy::{Recipient, make};
use domain::document::{Document, of_record};
use domain::meeting::{Entry, Event, MeetingPart, News, Removable, Room, Slot, news, view};
use domain::record::{Life, Named, Names, Record, Sealed, SignedAs, draft};
use domain::viewer::Viewer;
use domain::{RecordId, WorkerId};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

pub fn named(worker: WorkerId) -> Named {
    Named { worker, name: format!("W{}", worker.uuid().as_u128() & 0xff), discipline: "social worker".into() }
}

pub fn names() -> Names {
    (0..8).map(|n| (worker(n), named(worker(n)))).collect()
}

/// Every part of a discussion with its words.
fn parts(slot: &Slot) -> Vec<(MeetingPart, String)> {
    let mut parts = Vec::new();
    parts.extend(slot.boxes.iter().map(|(area, text)| (MeetingPart::Box(*area), text.prose.text())));
    for decision in &slot.decisions {
        let wording =
            decision.wording.iter().map(|wording| (MeetingPart::Reason(decision.id), wording.content.why.clone()));
        let stances = decision.stances.iter();
        parts.extend(wording.chain(
            stances.map(|(worker, stance)| (MeetingPart::Stance(decision.id, *worker), stance.reason.content.clone())),
        ));
    }
    let plans = slot.contingencies.iter();
    let conversations = slot.conversations.iter();
    parts.extend(slot.steps.iter().map(|step| (MeetingPart::Step(step.id), step.draft.what.clone())));
    parts.extend(slot.options.iter().map(|option| (MeetingPart::Option(option.id), option.draft.what.clone())));
    parts.extend(plans.map(|plan| (MeetingPart::Contingency(plan.id), plan.draft.then.clone())));
    parts.extend(conversations.map(|one| (MeetingPart::Conversation(one.id), one.draft.explore.clone())));
    parts.into_iter().map(|(part, words)| (part, words + &reasons(slot, part))).collect()
}

/// Why a part and its passages are kept or shared.
fn reasons(slot: &Slot, part: MeetingPart) -> String {
    let passages =
        if let MeetingPart::Box(area) = part { slot.boxes.get(&area).map(|text| &text.passages) } else { None };
    let of_passages = passages.into_iter().flatten().map(|passage| passage.reason.as_str());
    of_passages.chain(slot.mark_of(part).map(|mark| mark.reason.as_str())).collect()
}

fn all_reasons(slot: &Slot) -> BTreeSet<String> {
    parts(slot).into_iter().flat_map(|(part, _)| canaries(&reasons(slot, part))).collect()
}

/// The canaries that stand in parts of some discussions which are kept, and in none that is not: a decision that is made
/// separately for one child begins with the words of the other.
fn only_in<'a>(slots: impl Iterator<Item = &'a Slot>, kept: impl Fn(&Slot, MeetingPart) -> bool) -> BTreeSet<String> {
    let mut found = [BTreeSet::new(), BTreeSet::new()];
    for slot in slots {
        for (part, words) in parts(slot) {
            found[usize::from(kept(slot, part))].extend(canaries(&words));
        }
    }
    let [open, kept] = found;
    kept.difference(&open).cloned().collect()
}

/// The canaries of parts that this viewer does not read, and of families that are not theirs.
fn kept_from(room: &Room, viewer: &Viewer) -> BTreeSet<String> {
    only_in(room.slots.iter(), |slot, part| {
        let mark = slot.mark_of(part).unwrap();
        let own = slot.own(part, viewer.worker).unwrap_or(domain::mark::Own::No);
        let reads = if viewer.projector { mark.is_open() } else { mark.lets_read(viewer.worker, own) };
        !(reads && room.reads(viewer, slot))
    })
}

pub fn sealed(record: &Record) -> Sealed {
    Sealed {
        schema: Sealed::SCHEMA.into(),
        version: 1,
        replaces: None,
        number: 1,
        before: None,
        child: record.child,
        child_name: "Ivy".into(),
        child_age: "3 years".into(),
        child_number: String::new(),
        family: record.family,
        reference: "FS-1".into(),
        team: None,
        team_name: String::new(),
        signed_at: record.drafted_at,
        signed_by: named(worker(CHAIR)),
        signed_as: SignedAs::Chair,
        record: Record { life: Life::default(), ..record.clone() },
        addenda: Vec::new(),
    }
}

pub fn text(document: &Document) -> String {
    serde_json::to_string(document).unwrap()
}

fn copy(sealed: &Sealed, recipient: Recipient) -> String {
    text(&make(sealed, recipient, "a reader", "", &|_| "somebody".to_owned()).document)
}

/// Everything that `reader`, who may read this record, can get of it, and for whom.
fn outputs(record: &Record, reader: WorkerId) -> Vec<(String, String)> {
    let seen = record.read_by(reader);
    let mut outputs = vec![
        ("the draft".to_owned(), serde_json::to_string(&seen).unwrap()),
        ("its document".to_owned(), text(&of_record(&seen, "Ivy", "3 years", "FS-1", None))),
    ];
    let signed = sealed(record).read_by(reader);
    for recipient in [Recipient::ChildFile, Recipient::Inspector, Recipient::CaseSystem] {
        outputs.push((format!("a copy for {recipient:?}"), copy(&signed, recipient)));
    }
    for n in 0..7 {
        let recipient = Recipient::Partner(worker(n));
        outputs.push((format!("a copy for {n}"), copy(&signed.read_by(worker(n)), recipient)));
    }
    outputs
}

/// Words that were kept from somebody, in one commit with what follows: they are replaced and the person is brought in; or
/// they are taken away and brought back.
#[test]
fn words_replaced_before_they_are_sent_reach_nobody_new() {
    let said = |by, what| Step { by, what };
    let consider = |by, what| Step { by, what: What::Feature(features::consider(0, what)) };
    let removed = features::remove(0, Removable::Option(features::option()));
    let opened = [said(CHAIR, What::Open), said(CHAIR, What::Start(0))];
    let brought_back = features::bring_back(0, Removable::Option(features::option()));
    let replaced = [consider(CHAIR, "one"), consider(CHAIR, "two"), said(CHAIR, What::BringIn(0, 3))];
    let removed_and_back = [
        consider(2, "one"),
        said(2, What::Feature(mark(0, MeetingPart::Option(features::option()), 1, String::new()))),
        consider(2, "one again"),
        said(2, What::Feature(removed)),
        said(2, What::Feature(brought_back)),
    ];
    for (steps, reader) in [(&replaced[..], 3), (&removed_and_back[..], 4)] {
        let steps: Vec<Step> = opened.iter().chain(steps).cloned().collect();
        let (journal, room) = run(&steps, |_, _| {});
        assert_eq!(journal.len(), steps.len() + 1, "every command was taken");
        let sent = match news(&journal[journal.len() - 3..], &room, &viewer(reader)) {
            News::View => Vec::new(),
            News::AsTheyAre => journal.clone(),
            News::Entries(entries) => entries,
        };
        assert!(!serde_json::to_string(&sent).unwrap().contains("one"), "{sent:?}");
    }
}

/// Somebody narrows who may read an option while the chair takes it off the table, and the chair brings it back.
#[test]
fn what_is_brought_back_has_its_mark_and_its_author() {
    let feature = |by, command| Step { by, what: What::Feature(command) };
    let option = Removable::Option(features::option());
    let steps = [
        Step { by: CHAIR, what: What::Open },
        Step { by: CHAIR, what: What::Start(0) },
        feature(2, features::consider(0, "one")),
        feature(CHAIR, features::remove(0, option)),
        feature(2, mark(0, MeetingPart::Option(features::option()), 1, String::new())),
        feature(CHAIR, features::bring_back(0, option)),
        feature(CHAIR, features::bring_back(0, option)),
    ];
    let (journal, room) = run(&steps, |_, _| {});
    assert_eq!(journal.len(), steps.len(), "what stands there is not brought back twice");
    let [option] = &room.slots[0].options[..] else { panic!("{:?}", room.slots[0].options) };
    assert!(option.draft.what.starts_with("one") && option.by == worker(2), "{option:?}");
    assert!(!option.draft.mark.lets_read(worker(4), domain::mark::Own::No));
    assert!(view(&room, &viewer(4)).slots[0].options.is_empty());
    assert_eq!(view(&room, &viewer(2)).slots[0].options.len(), 1);
}

/// The words of what was removed are on the pages of those who may bring it back, and on no other.
#[test]
fn what_is_removed_leaves_the_pages_of_all_who_cannot_bring_it_back() {
    let feature = |by, command| Step { by, what: What::Feature(command) };
    let option = Removable::Option(features::option());
    let steps = [
        Step { by: CHAIR, what: What::Open },
        Step { by: CHAIR, what: What::Start(0) },
        feature(2, features::consider(0, "one")),
        feature(2, features::remove(0, option)),
    ];
    let (journal, room) = run(&steps, |_, _| {});
    let held = |n| view(&room, &viewer(n)).slot(slot(0)).unwrap().removed.options.len();
    assert_eq!(
        (held(2), held(CHAIR), held(4), held(7)),
        (1, 1, 0, 0),
        "their writer, the chair, a colleague, the wall"
    );
    assert_eq!(news(&journal[4..], &room, &viewer(4)), News::View);
    assert_eq!(news(&journal[4..], &room, &viewer(2)), News::AsTheyAre);
}

/// What somebody kept for one colleague stays kept from whoever records something else for them.
#[test]
fn recording_a_stance_for_somebody_shows_nothing_that_they_kept() {
    let said = |by, what| Step { by, what };
    let word = || What::Word(0, true, "b".to_owned(), false);
    let objects = What::Stand(0, 2, 2);
    let kept = What::MarkPart(0, 1, 1);
    let steps =
        [said(CHAIR, What::Open), said(CHAIR, What::Start(0)), said(CHAIR, word()), said(2, objects), said(2, kept)];
    let recorded = said(crate::world::TAKER, What::Stand(0, 2, 0));
    // Said before the decision was worded anew, and before somebody recorded something else.
    let anew = [steps.to_vec(), vec![recorded.clone(), said(CHAIR, word()), recorded.clone()]].concat();
    for steps in [[steps.to_vec(), vec![recorded.clone()]].concat(), anew] {
        let (_, room) = run(&steps, |_, _| {});
        assert_eq!(room.slot(slot(0)).unwrap().decisions[0].said_before.len(), 1, "what they said is not forgotten");
        let words = crate::world::canary(3);
        let reads = |n| serde_json::to_string(&view(&room, &viewer(n))).unwrap().contains(&words);
        assert!(reads(2) && reads(CHAIR) && !reads(crate::world::TAKER));
    }
    // Said anew by themselves, what they kept is kept from the recorder's page as well, which had learnt the mark.
    let themselves = [steps.to_vec(), vec![recorded, said(2, What::Stand(0, 2, 2))]].concat();
    let (journal, room) = run(&themselves, |_, _| {});
    let last = journal.last().unwrap();
    assert_eq!(news(&[last], &room, &viewer(crate::world::TAKER)), News::View);
}

/// Whoever may not read why somebody disagrees is not told that the reason is still to follow.
#[test]
fn a_reason_that_a_viewer_may_not_read_is_not_to_follow() {
    let said = |by, what| Step { by, what };
    let word = What::Word(0, true, "b".to_owned(), false);
    let steps =
        [said(CHAIR, What::Open), said(CHAIR, What::Start(0)), said(CHAIR, word), said(2, What::Stand(0, 2, 2))];
    let kept = [steps.to_vec(), vec![said(2, What::MarkPart(0, 1, 1))]].concat();
    let reason = |steps: &[Step], n| {
        let (_, room) = run(steps, |_, _| {});
        let stance = &view(&room, &viewer(n)).slot(slot(0)).unwrap().decisions[0].stances[&worker(2)].clone();
        (stance.reason.is_empty(), stance.reason_to_follow())
    };
    assert_eq!(reason(&steps, 4), (false, false));
    assert_eq!(reason(&kept, 4), (true, false));
    assert_eq!(reason(&kept, CHAIR), (false, false));
}

/// On the wall stands what is kept from nobody: of a marked decision what is decided, without its words, those of earlier
/// wordings included; nothing of a marked step.
#[test]
fn the_wall_shows_no_words_of_a_marked_decision_or_step() {
    let said = |what| Step { by: CHAIR, what };
    let word = || said(What::Word(0, true, "b".to_owned(), false));
    let marked = |part| said(What::MarkPart(0, part, 2));
    let wall = 7;
    let steps = [
        vec![said(What::Open), said(What::Start(0)), word(), marked(0), word(), said(What::Split(0, 0, 10)), word()],
        vec![said(What::AddStep(0, 0, 2)), marked(2), said(What::ChangeStep(0, 0, 2))],
    ]
    .concat();
    let (_, room) = run(&steps, |entry, room| {
        let all = serde_json::to_string(&(view(room, &viewer(wall)), sent(entry, room, &viewer(wall)))).unwrap();
        let slot = room.slot(slot(0)).unwrap();
        let kept = only_in([slot].into_iter(), |slot, part| !slot.mark_of(part).unwrap().is_open());
        assert!(kept.iter().all(|kept| !all.contains(kept)), "{kept:?} after {:?}", entry.event);
    });
    let seen = view(&room, &viewer(wall));
    let seen = seen.slot(slot(0)).unwrap();
    assert_eq!((seen.decisions.len(), seen.steps.len()), (2, 0));
    assert!(seen.decisions.iter().all(|decision| decision.wording.as_ref().unwrap().kind == "legal"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::world::cases(150)))]

    #[test]
    fn no_output_for_one_reader_contains_what_is_kept_from_them(steps in steps()) {
        let (_, room) = run(&steps, |entry, room| {
            for n in [2, 3, 4, 5, 6, 7, 8] {
                let viewer = viewer(n);
                let seen = serde_json::to_string(&(view(room, &viewer), sent(entry, room, &viewer))).unwrap();
                for kept in kept_from(room, &viewer) {
                    // Keystrokes are bytes; what was typed elsewhere is in no view.
                    assert!(!seen.contains(&kept), "{kept} told to {n} after {:?}", entry.event);
                }
            }
        });
        for slot in room.slots.iter().filter(|slot| !slot.children.is_empty()) {
            for (at, child) in slot.children.iter().enumerate() {
                let id = RecordId::new(Uuid::from_u128(at as u128));
                let record = draft(&room, slot, slot.family.unwrap(), *child, id, crate::world::start(), &names());
                for n in 0..7 {
                    let viewer = viewer(n);
                    if !room.reads(&viewer, slot) {
                        continue;
                    }
                    for (what, words) in outputs(&record, viewer.worker) {
                        for kept in kept_from(&room, &viewer) {
                            assert!(!words.contains(&kept), "{kept} in {what} that {n} makes");
                        }
                        // Why something is kept or shared is for those who read it here.
                        for why in all_reasons(slot).iter().filter(|_| what.starts_with("a copy")) {
                            assert!(!words.contains(why), "{why} in {what} that {n} makes");
                        }
                    }
                }
                // What leaves by itself holds nothing that is marked for anybody.
                let by_itself = serde_json::to_string(&sealed(&record).unmarked()).unwrap();
                let copied = copy(&sealed(&record), Recipient::CaseSystem);
                for kept in only_in([slot].into_iter(), |slot, part| !slot.mark_of(part).unwrap().is_open()) {
                    assert!(!by_itself.contains(&kept) && !copied.contains(&kept), "{kept} leaves");
                }
                for why in all_reasons(slot) {
                    assert!(!by_itself.contains(&why) && !copied.contains(&why), "{why} leaves");
                }
            }
        }
    }

    /// The form in which pages and streams travel knows no names of fields: what is left out of it shifts all that follows.
    #[test]
    fn what_travels_reads_as_it_was_written(steps in steps()) {
        let (journal, room) = run(&steps, |_, _| {});
        for n in [2, 7, CHAIR] {
            let seen = view(&room, &viewer(n));
            prop_assert_eq!(domain::wire::read::<Room>(&domain::wire::write(&seen)), Some(seen));
        }
        for entry in &journal {
            let entry: &Entry<Event> = entry;
            prop_assert_eq!(domain::wire::read::<Entry<Event>>(&domain::wire::write(entry)), Some(entry.clone()));
        }
    }

    /// Numbers that tell workers apart fall as they may; whoever reads a record finds people by their names.
    #[test]
    fn people_stand_in_the_order_of_their_names(steps in steps()) {
        let (_, room) = run(&steps, |_, _| {});
        let backwards = |n: u8| Named { name: format!("W{}", 9 - n), ..named(worker(n)) };
        let names: Names = (0..8).map(|n| (worker(n), backwards(n))).collect();
        for slot in room.slots.iter().filter(|slot| !slot.children.is_empty()) {
            let id = RecordId::new(Uuid::from_u128(1));
            let record = draft(&room, slot, slot.family.unwrap(), *slot.children.first().unwrap(), id, crate::world::start(), &names);
            let others = record.attendance.iter().filter(|present| present.roles.is_empty());
            prop_assert!(others.map(|present| &present.who.name).is_sorted());
            prop_assert!(record.heard.iter().map(|heard| &heard.who.name).is_sorted());
            if let Some(decision) = &record.decision {
                prop_assert!(decision.stances.iter().map(|stance| &stance.who.name).is_sorted());
                prop_assert!(decision.unanswered.iter().map(|who| &who.name).is_sorted());
            }
        }
    }

    /// A stream sends the events of one commit together, checked against the room as it stands after the last of them:
    /// what was kept when it was said is not sent because it is gone by then, and folding it all still gives the view.
    #[test]
    fn events_sent_together_hold_nothing_that_was_kept(steps in steps(), together in 2usize..6) {
        let viewers: Vec<Viewer> = [2, 3, 4, 5, 6, 7, 8].map(viewer).into();
        let mut pages: Vec<Option<Room>> = vec![None; viewers.len()];
        let mut waiting: Vec<(Entry<Event>, Vec<BTreeSet<String>>)> = Vec::new();
        run(&steps, |entry, room| {
            let kept = viewers.iter().map(|viewer| kept_from(room, viewer)).collect();
            waiting.push((entry.clone(), kept));
            if waiting.len() < together {
                return;
            }
            let entries: Vec<&Entry<Event>> = waiting.iter().map(|(entry, _)| entry).collect();
            for (at, (viewer, page)) in viewers.iter().zip(&mut pages).enumerate() {
                let now = view(room, viewer);
                let words = serde_json::to_string(&now).unwrap();
                let entries = match news(&entries, room, viewer) {
                    News::View => {
                        *page = Some(now.clone());
                        Vec::new()
                    }
                    News::AsTheyAre => entries.iter().map(|entry| (*entry).clone()).collect(),
                    News::Entries(entries) => entries,
                };
                let sent = serde_json::to_string(&entries).unwrap();
                for kept in waiting.iter().flat_map(|(_, kept)| &kept[at]).filter(|kept| !words.contains(*kept)) {
                    assert!(!sent.contains(kept), "{kept} told to {:?} by {entries:?}", viewer.worker);
                }
                if let Some(page) = page.as_mut() {
                    entries.iter().for_each(|entry| page.apply(entry));
                }
                assert_eq!(page.as_ref().unwrap(), &now, "viewer {:?} after {:?}", viewer.worker, waiting);
            }
            waiting.clear();
        });
    }

    /// Two copies of one record differ in nothing by which their readers learn that something is kept from them: a worker's
    /// copy for their own agency is the same whatever others marked.
    #[test]
    fn an_agencys_copy_is_the_same_whatever_others_marked(steps in steps()) {
        let (_, room) = run(&steps, |_, _| {});
        for slot in room.slots.iter().filter(|slot| !slot.children.is_empty()) {
            let child = *slot.children.first().unwrap();
            let id = RecordId::new(Uuid::from_u128(1));
            let record = draft(&room, slot, slot.family.unwrap(), child, id, crate::world::start(), &names());
            let mut open = record.clone();
            for part in open.parts() {
                open.mark(&record, part, &domain::mark::Mark::default());
            }
            for n in 2..5 {
                let own = |record: &Record| copy(&sealed(record).read_by(worker(n)), Recipient::Partner(worker(n)));
                prop_assert_eq!(own(&record), own(&open));
            }
        }
    }
}

/// An option that is kept for one worker, worded anew and taken away in one commit: what was removed keeps its mark.
#[test]
fn a_part_that_is_gone_when_its_events_are_sent_goes_to_nobody_it_was_kept_from() {
    use crate::features::{consider, option, remove};
    use crate::world::{Step, What, slot};
    use domain::mark::Readers;
    use domain::meeting::Command;
    let chair = |what| Step { by: CHAIR, what };
    let feature = |command| chair(What::Feature(command));
    let only = Readers::Only { workers: [worker(3)].into() };
    let part = MeetingPart::Option(option());
    let steps = [
        chair(What::Open),
        chair(What::Start(0)),
        feature(consider(0, "a plan")),
        feature(Command::Mark {
            slot: slot(0),
            part,
            readers: only,
            not_in_copies_for: BTreeSet::new(),
            reason: String::new(),
        }),
        feature(consider(0, "kept words")),
        feature(remove(0, Removable::Option(option()))),
    ];
    let mut entries: Vec<Entry<Event>> = Vec::new();
    let (_, room) = run(&steps, |entry, _| entries.push(entry.clone()));
    let said = entries.iter().rfind(|entry| matches!(entry.event, Event::OptionConsidered { .. })).unwrap();
    assert!(serde_json::to_string(said).unwrap().contains("kept words"), "it was taken");
    for n in [2, 4, 8] {
        let sent = serde_json::to_string(&sent(said, &room, &viewer(n))).unwrap();
        assert!(!sent.contains("kept words"), "{n}: {sent}");
    }
}
