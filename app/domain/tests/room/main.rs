//! Properties of a meeting: any commands by anybody, and what each viewer sees of them.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

mod breaks;
mod decisions;
mod drafts;
mod features;
mod golden;
mod outputs;
mod whole;
mod workbook;
mod world;

use chrono::TimeDelta;
use decisions::on_the_table;
use domain::PersonId;
use domain::meeting::{
    Area, Attendance, Command, Context, Entry, Event, News, Phase, Position, Presence, Room, decide, news, view,
};
use domain::prose::Prose;
use domain::viewer::Viewer;
use proptest::prelude::*;
use std::collections::BTreeSet;
use world::*;

/// What this viewer is sent for one event: nothing of it where a fresh view goes out.
pub fn sent(entry: &Entry<Event>, room: &Room, viewer: &Viewer) -> Vec<Entry<Event>> {
    match news(&[entry], room, viewer) {
        News::View => Vec::new(),
        News::AsTheyAre => vec![entry.clone()],
        News::Entries(entries) => entries,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::world::cases(200)))]

    /// Folding what each viewer is sent gives their view of the folded room, at every sequence.
    #[test]
    fn the_law_holds_for_every_viewer_at_every_sequence(steps in steps()) {
        let late = [CHAIR, TAKER, 5].map(|n| viewer_after(n, 2));
        let viewers: Vec<Viewer> = (0..9).map(viewer).chain(late).collect();
        let mut pages: Vec<Option<Room>> = vec![None; viewers.len()];
        run(&steps, |entry, room| {
            for (viewer, page) in viewers.iter().zip(&mut pages) {
                match news(&[entry], room, viewer) {
                    News::View => *page = Some(view(room, viewer)),
                    News::AsTheyAre => page.as_mut().unwrap().apply(entry),
                    News::Entries(entries) => entries.iter().for_each(|entry| page.as_mut().unwrap().apply(entry)),
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
                let seen = serde_json::to_string(&(view(room, &viewer), sent(entry, room, &viewer))).unwrap();
                for slot in room.slots.iter().filter(|slot| !room.reads(&viewer, slot)) {
                    let family = slot.family.unwrap().to_string();
                    assert!(!seen.contains(&family), "family in {seen}");
                    for child in &slot.children {
                        assert!(!seen.contains(&child.to_string()), "child in {seen}");
                    }
                }
                for slot in room.slots.iter().filter(|slot| room.reads(&viewer, slot)) {
                    let hidden = slot.boxes.iter().filter(|(area, text)| {
                        if viewer.projector { !text.mark.is_open() } else { !text.readable_by(**area, viewer.worker) }
                    });
                    for (area, _) in hidden {
                        let shown = view(room, &viewer);
                        assert_eq!(shown.slot(slot.id).unwrap().boxes[area].prose.text(), "");
                        let entries = sent(entry, room, &viewer);
                        assert!(entries.iter().all(|entry| !matches!(entry.event, Event::Typed { slot: there, area: of, .. } if (there, of) == (slot.id, *area))));
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

    /// No number and no reason of a scale reaches anybody but its giver before the chair reveals it, in any byte of a view or
    /// an event; after that it stays as it was given. A step is never dropped without a word.
    #[test]
    fn scales_stay_sealed_until_the_reveal_and_then_as_they_were_given(steps in steps()) {
        let mut revealed: std::collections::BTreeMap<domain::SlotId, Vec<domain::meeting::ScaleAnswer>> = Default::default();
        run(&steps, |entry, room| {
            for n in 0..9 {
                let viewer = viewer(n);
                let seen = serde_json::to_string(&(view(room, &viewer), sent(entry, room, &viewer))).unwrap();
                let hidden = room.slots.iter().filter(|slot| slot.scales.revealed_at.is_none());
                for answer in hidden.flat_map(|slot| &slot.scales.answers) {
                    let own = answer.worker == viewer.worker && !viewer.projector;
                    assert!(own || !seen.contains(&answer.why), "{} told to {:?}", answer.why, viewer.worker);
                }
                for slot in view(room, &viewer).slots.iter().filter(|slot| slot.scales.revealed_at.is_none()) {
                    for answer in &slot.scales.answers {
                        let own = answer.worker == viewer.worker && !viewer.projector;
                        assert!(own || answer.answer == domain::meeting::ScaleValue::Hidden);
                    }
                }
            }
            for slot in &room.slots {
                if slot.scales.revealed_at.is_none() {
                    assert!(slot.scales.spread("safety", Some(child(0))).is_none());
                } else {
                    let kept = revealed.entry(slot.id).or_insert_with(|| slot.scales.answers.clone());
                    assert_eq!(kept, &slot.scales.answers, "a number changed after everybody saw the others'");
                }
                for said in &slot.last_steps {
                    assert!(said.became != domain::meeting::Became::Dropped || !said.word.is_empty());
                }
            }
        });
    }

    /// Who thinks otherwise still does after whatever others do, until they themselves, or the chair who asked them, say
    /// otherwise; the decision they spoke of may be put together with another on which they agree.
    #[test]
    fn no_dissent_is_lost(steps in steps()) {
        let mut previous: BTreeSet<(domain::SlotId, domain::WorkerId)> = BTreeSet::new();
        let mut theirs: BTreeSet<(domain::SlotId, domain::WorkerId)> = BTreeSet::new();
        run(&steps, |entry, room| {
            let mut now = BTreeSet::new();
            let mut said = BTreeSet::new();
            for slot in &room.slots {
                for decision in &slot.decisions {
                    for (worker, stance) in &decision.stances {
                        said.insert((slot.id, *worker));
                        if stance.position != Position::Agree {
                            now.insert((slot.id, *worker));
                        }
                    }
                    now.extend(decision.said_before.iter().map(|(worker, _)| (slot.id, *worker)));
                }
            }
            for lost in previous.difference(&now) {
                let stood = |event: &Event| matches!(event, Event::Stood { slot, worker, .. } if (*slot, *worker) == *lost);
                let recorded = stood(&entry.event) && theirs.contains(lost);
                assert!(!recorded || entry.by == lost.1, "{:?} replaced what its author said", entry.event);
                let themselves = stood(&entry.event);
                let together = matches!(&entry.event, Event::Joined { slot, .. } if *slot == lost.0) && said.contains(lost);
                assert!(themselves || together, "{:?} lost a dissent", entry.event);
            }
            let own = |(slot, worker): &(domain::SlotId, domain::WorkerId)| {
                let decisions = &room.slot(*slot).unwrap().decisions;
                decisions.iter().any(|decision| {
                    let own = |stance: &domain::meeting::Stance| stance.recorded_by.is_none() && stance.position != Position::Agree;
                    decision.stances.get(worker).is_some_and(own) || decision.said_before.iter().any(|(who, _)| who == worker)
                })
            };
            theirs = now.iter().filter(|of| own(of)).copied().collect();
            previous = now;
        });
    }

    /// Words that were sent are read in once, as their sender's, and never over something of theirs that is there.
    #[test]
    fn sent_words_are_their_senders_and_replace_nothing(steps in steps()) {
        let mut before: Option<Room> = None;
        run(&steps, |entry, room| {
            if let Event::ReadIn { slot, worker, .. } = &entry.event {
                let text = |room: &Room| room.slot(*slot).unwrap().boxes.get(&Area::Analysis(*worker)).cloned();
                assert!(text(before.as_ref().unwrap()).is_none_or(|text| text.prose.text().is_empty() && !text.mark.hidden_until_reveal));
                let text = text(room).unwrap();
                assert!(text.writers.values().any(|writer| writer == worker));
                assert_eq!(room.slot(*slot).unwrap().attendance[worker], domain::meeting::Attendance::SentWords);
            }
            before = Some(room.clone());
        });
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
                let stances = slot.decisions.iter().flat_map(|decision| decision.stances.values());
                assert!(stances.clone().all(|stance| stance.revision > 0 || stance.position != Position::Agree));
            }
        });
    }
}

#[test]
fn a_mark_that_is_taken_back_was_a_slip_and_one_that_is_changed_stands_in_the_record() {
    let (journal, _) =
        run(&[Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(0) }], |_, _| {});
    let left = Attendance::Left { at: start() };
    let after = |marks: &[Option<Attendance>]| {
        let mut lines = journal.clone();
        for how in marks {
            let (slot, worker) = (slot(0), worker(2));
            let event = match how {
                Some(how) => Event::Attended { slot, worker, how: *how },
                None => Event::AttendanceTakenBack { slot, worker },
            };
            lines.push(Entry { seq: lines.len() as i64 + 1, at: start(), by: self::worker(CHAIR), event });
        }
        let room = Room::fold(&lines).unwrap();
        let slot = room.slot(slot(0)).unwrap();
        let presence = slot.presence.iter().map(|change| change.what).collect::<Vec<_>>();
        (slot.attendance.get(&worker(2)).copied(), presence)
    };
    let (room, gone) = (Presence::Attends(Attendance::Room), Presence::Attends(left));
    let here = Some(Attendance::Room);
    assert_eq!(after(&[here, Some(left), None]), (here, vec![room]));
    assert_eq!(after(&[here, Some(left), here]), (here, vec![room, gone, room]), "who left and came back");
    assert_eq!(after(&[here, None]), (None, vec![]));
    let mut lines = journal.clone();
    let back = |lines: &[Entry<Event>], before| {
        let (chair, surroundings) = (viewer(CHAIR), surroundings());
        let command = Command::TakeBackAttendance { slot: slot(0), worker: worker(2), before };
        let context = Context { now: start(), viewer: &chair, surroundings: &surroundings };
        decide(&Room::fold(lines).unwrap(), &command, context)
    };
    for how in [Attendance::Room, left] {
        let event = Event::Attended { slot: slot(0), worker: worker(2), how };
        lines.push(Entry { seq: lines.len() as i64 + 1, at: start(), by: worker(CHAIR), event });
    }
    assert!(back(&lines, Attendance::Room).is_ok());
    assert!(back(&lines, Attendance::Call).is_err(), "another mark has come since");
    assert!(back(&journal, Attendance::Room).is_err(), "nothing was marked");
}

#[test]
fn the_family_discussed_last_stays_on_the_page_when_the_meeting_closes() {
    let step = |by, what| Step { by, what };
    let steps = [What::Finish(0), What::Start(1), What::Finish(1), What::Close].map(|what| step(CHAIR, what));
    let (_, room) = run(&on_the_table(&steps), |_, _| {});
    assert!(room.is_closed());
    assert_eq!(room.shown(None), Some(slot(1)));
    assert_eq!(room.shown(Some(slot(0))), Some(slot(0)), "whoever looks at another stays there");
    assert_eq!(room.shown(Some(slot(9))), Some(slot(1)), "a family that was put off is not looked at any more");
    // Whoever works with the first family only stays there while the second is discussed.
    let steps = [What::Finish(0), What::Start(1)].map(|what| step(CHAIR, what));
    let (_, room) = run(&on_the_table(&steps), |_, _| {});
    let theirs = view(&room, &viewer(2));
    assert_eq!((theirs.shown(None), room.shown(None)), (Some(slot(0)), Some(slot(1))));
    // Closing postpones the second family, which nobody has begun.
    let steps = [What::Finish(0), What::Close].map(|what| step(CHAIR, what));
    let (_, room) = run(&on_the_table(&steps), |_, _| {});
    assert_eq!(room.shown(None), Some(slot(0)));
}

#[test]
fn whoever_only_took_words_out_is_none_of_their_authors() {
    let (mut journal, mut room) = run(&on_the_table(&[]), |_, _| {});
    let area = Area::Meaning(child(0));
    let (ada, ben) = (Prose::with_pen(71), Prose::with_pen(72));
    let mut type_in = |by: u8, update: Vec<u8>, room: &mut Room| {
        let seq = journal.len() as i64 + 1;
        let event = Event::Typed { slot: slot(0), area, update };
        let entry = Entry { seq, at: start(), by: worker(by), event };
        room.apply(&entry);
        journal.push(entry);
        room.slot(slot(0)).unwrap().boxes[&area].clone()
    };
    let update = ada.rewrite("Mornings are calm.");
    ben.merge(&update).unwrap();
    assert_eq!(type_in(2, update, &mut room).authors(), [worker(2)].into());
    let update = ben.rewrite("Mornings");
    ada.merge(&update).unwrap();
    assert_eq!(type_in(4, update, &mut room).authors(), [worker(2)].into(), "4 only took words out");
    let update = ben.rewrite("Quiet");
    assert_eq!(type_in(4, update, &mut room).authors(), [worker(4)].into(), "no letter of 2 stands any more");
}

#[test]
fn a_meeting_that_nobody_closes_is_over_after_the_next_day_for_who_was_there_for_the_day() {
    let (_, room) = run(&on_the_table(&[Step { by: CHAIR, what: What::BringIn(0, 3) }]), |_, _| {});
    let slot = room.slot(slot(0)).unwrap();
    // 3 was brought in, 0 chairs without managing the team, 2 works with the family, 6 manages the team.
    for (who, days, reads) in [
        (3, 0, true),
        (3, 1, true),
        (3, 2, false),
        (CHAIR, 1, true),
        (CHAIR, 2, false),
        (2, 9, true),
        (MANAGER, 9, true),
    ] {
        assert_eq!(room.reads(&viewer_after(who, days), slot), reads, "{who} after {days} days");
    }
    assert!(room.keeps_own(&viewer_after(3, 2), slot) && !room.keeps_own(&viewer_after(3, 1), slot));
    let (chair, surroundings) = (viewer_after(CHAIR, 2), surroundings());
    let context = Context { now: start() + TimeDelta::days(2), viewer: &chair, surroundings: &surroundings };
    assert!(decide(&room, &Command::Close, context).is_ok(), "its chair closes it late");
}

#[test]
fn a_guest_from_outside_reads_one_discussion_while_it_lasts() {
    let step = |by, what| Step { by, what };
    let invited = step(MANAGER, What::BringIn(0, GUEST));
    let sees = |steps: &[Step]| {
        let (_, room) = run(steps, |_, _| {});
        let [first, second] = [0, 1].map(|n| room.slot(slot(n)).unwrap());
        let guest = viewer(GUEST);
        assert!(room.visible_to(&guest) && !room.reads(&guest, second));
        let seen = view(&room, &guest);
        assert!(seen.slot(slot(0)).unwrap().is_guest(worker(GUEST)), "they know that they are invited");
        (room.reads(&guest, first), room.keeps_own(&guest, first))
    };
    let before = [invited.clone(), step(CHAIR, What::Open)];
    assert_eq!(sees(&before[..1]), (false, false), "invited before the meeting");
    assert_eq!(sees(&before), (false, false), "open, the family not begun");
    let begun =
        [&before[..], &[step(CHAIR, What::Start(0)), step(GUEST, What::Type(0, GUEST, "saw them".into()))]].concat();
    assert_eq!(sees(&begun), (true, false), "while it is discussed");
    let next = [&begun[..], &[step(CHAIR, What::Start(1))]].concat();
    assert_eq!(sees(&next), (true, false), "put aside for another family, it is not over");
    let finished = [&begun[..], &[step(CHAIR, What::Finish(0))]].concat();
    assert_eq!(sees(&finished), (false, true), "finished: their own words are left");
    let reopened = [&finished[..], &[step(CHAIR, What::Feature(Command::Reopen { slot: slot(0) }))]].concat();
    assert_eq!(sees(&reopened), (true, false), "taken up again");
    assert!(!run(&[step(2, What::BringIn(0, GUEST))], |_, _| {}).1.slot(slot(0)).unwrap().is_guest(worker(GUEST)));
}

#[test]
fn that_somebody_was_brought_in_is_taken_back_before_they_took_part() {
    let step = |by, what| Step { by, what };
    let taken_back = |between: &[Step], by: u8, who: u8| {
        let open = [step(CHAIR, What::Open), step(CHAIR, What::BringIn(0, who)), step(CHAIR, What::Start(0))];
        let end = [step(by, What::TakeBackBringIn(0, who))];
        let (_, room) = run(&[&open[..], between, &end].concat(), |_, _| {});
        !room.slot(slot(0)).unwrap().members.contains_key(&worker(who))
    };
    assert!(taken_back(&[], CHAIR, 3) && taken_back(&[], CHAIR, GUEST) && taken_back(&[], MANAGER, GUEST));
    assert!(!taken_back(&[], MANAGER, 3), "a colleague is the chair's to bring in");
    assert!(!taken_back(&[], 2, GUEST));
    assert!(!taken_back(&[step(3, What::Type(0, 3, "mornings".into()))], CHAIR, 3), "their words stay theirs");
    assert!(!taken_back(&[step(CHAIR, What::Attend(0, 3, 0))], CHAIR, 3), "the record says that they were there");
    let open = [step(CHAIR, What::Open), step(CHAIR, What::Start(0)), step(CHAIR, What::TakeBackBringIn(0, 2))];
    assert!(run(&open, |_, _| {}).1.slot(slot(0)).unwrap().members.contains_key(&worker(2)), "2 works with the family");
}

/// Its words stay: it is postponed. A plan that leaves it out would drop them.
#[test]
fn a_family_that_somebody_wrote_about_is_left_for_another_day_once_the_meeting_is_open() {
    let step = |by, what| Step { by, what };
    let wrote = What::Type(1, 3, "mornings".to_owned());
    let (_, mut room) = run(&[step(CHAIR, What::Open), step(3, wrote)], |_, _| {});
    assert!(!room.slot(slot(1)).unwrap().boxes.is_empty());
    let movable =
        |room: &Room| room.to_come(start()).into_iter().find(|coming| coming.slot == slot(1)).unwrap().movable;
    assert!(movable(&room));
    room.phase = Phase::Planned;
    assert!(!movable(&room));
}

/// The families to come begin after the rest of the one that is discussed, whichever place it has in the agenda.
#[test]
fn families_to_come_are_likely_to_begin_after_the_one_that_is_discussed() {
    let (_, room) = run(&[Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(1) }], |_, _| {});
    let running = room.slot(slot(1)).unwrap();
    let domain::meeting::Progress::InDiscussion { running_since: Some(since), .. } = running.progress else {
        panic!("it runs")
    };
    let now = since + TimeDelta::minutes(5);
    let rest = |minutes: u32| TimeDelta::minutes(i64::from(minutes));
    let likely =
        |n: u8| room.to_come(now).into_iter().find(|coming| coming.slot == slot(n)).and_then(|coming| coming.likely);
    assert_eq!(likely(1), None, "it is discussed");
    let after = now + rest(running.minutes) - TimeDelta::minutes(5);
    assert_eq!(likely(0), Some(after), "the first of the agenda was put off, and comes next");
}

#[test]
fn text_of_one_author_cannot_be_sent_by_another_and_a_box_keeps_its_limit() {
    let (_, room) = run(&[Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(0) }], |_, _| {});
    let (viewer, surroundings) = (viewer(2), surroundings());
    let context = Context { now: start(), viewer: &viewer, surroundings: &surroundings };
    let area = Area::Analysis(worker(2));
    let huge = Prose::with_pen(9).rewrite(&"x".repeat(1_000_000));
    assert!(decide(&room, &Command::Type { slot: slot(0), area, update: huge, pen: 9 }, context).is_err());
    let forged = Prose::with_pen(8).rewrite("forged");
    assert!(decide(&room, &Command::Type { slot: slot(0), area, update: forged, pen: 9 }, context).is_err());
    let others = Area::Analysis(worker(4));
    let fine = Prose::with_pen(9).rewrite("fine");
    assert!(
        decide(&room, &Command::Type { slot: slot(0), area: others, update: fine, pen: 9 }, context).is_err(),
        "another's box"
    );
}

#[test]
fn a_line_that_cannot_be_read_closes_one_box_and_the_meeting_goes_on() {
    let (journal, _) =
        run(&[Step { by: CHAIR, what: What::Open }, Step { by: CHAIR, what: What::Start(0) }], |_, _| {});
    let (broken, sound) = (Area::Analysis(worker(2)), Area::Analysis(worker(4)));
    // A value nested deep, a claimed count, letters behind letters that are not there.
    let unreadable = [
        [&[1, 1, 9, 0, 8, 1, 4][..], b"text", &[1], &[117, 1].repeat(6000), &[126, 0]].concat(),
        vec![0x80, 0x80, 0x80, 0x80, 1],
        vec![1, 1, 9, 5, 0x84, 9, 4, 1, b'x', 0],
    ];
    for update in unreadable {
        let mut lines = journal.clone();
        for (area, update) in [(broken, update), (sound, Prose::with_pen(7).rewrite("Ivy laughs"))] {
            let event = Event::Typed { slot: slot(0), area, update };
            lines.push(Entry { seq: lines.len() as i64 + 1, at: start(), by: worker(2), event });
        }
        let room = Room::fold(&lines).unwrap();
        let boxes = &room.slot(slot(0)).unwrap().boxes;
        assert!(boxes[&broken].damaged && !boxes[&sound].damaged);
        assert_eq!(boxes[&sound].prose.text(), "Ivy laughs");
        let (viewer, surroundings) = (viewer(2), surroundings());
        let context = Context { now: start(), viewer: &viewer, surroundings: &surroundings };
        let more = Command::Type { slot: slot(0), area: broken, update: Prose::with_pen(9).rewrite("more"), pen: 9 };
        assert!(decide(&room, &more, context).is_err(), "nothing is added to what may lack words");
    }
}
