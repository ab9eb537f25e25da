//! Decisions in a room: wordings, stances, who is asked, what outlives a change.

use crate::features;
use crate::world::{CHAIR, MANAGER, Step, TAKER, What, run, slot, start, surroundings, viewer, worker};
use domain::meeting::{
    Command, Context, Entry, Event, Position, Refusal, Removable, Room, Route, Turn, Wording, decide,
};

/// A family's first wording is on the table; then these.
pub fn on_the_table(then: &[Step]) -> Vec<Step> {
    let chair = |what| Step { by: CHAIR, what };
    let word = What::Word(0, false, "one".into(), false);
    [&[chair(What::Open), chair(What::Start(0)), chair(What::Everybody(0)), chair(word)], then].concat()
}

#[test]
fn a_dissent_outlives_the_putting_together_of_two_decisions() {
    let steps = on_the_table(&[
        Step { by: CHAIR, what: What::Split(0, 0, 10) },
        Step { by: 2, what: What::Stand(0, 2, 2) },
        Step { by: CHAIR, what: What::Join(0) },
    ]);
    let (_, room) = run(&steps, |_, _| {});
    let [whole] = room.slot(slot(0)).unwrap().decisions.as_slice() else { panic!("one decision") };
    assert_eq!(whole.stances[&worker(2)].position, Position::Disagree);
    assert!(!whole.answered(worker(2)), "they are asked about the other wording");
}

#[test]
fn what_somebody_objected_stays_beside_what_another_records_for_them() {
    let steps =
        on_the_table(&[Step { by: 2, what: What::Stand(0, 2, 2) }, Step { by: CHAIR, what: What::Stand(0, 2, 0) }]);
    let (_, room) = run(&steps, |_, _| {});
    let decision = &room.slot(slot(0)).unwrap().decisions[0];
    assert_eq!(decision.stances[&worker(2)].position, Position::Agree);
    assert_eq!(decision.said_before[0].1.position, Position::Disagree, "in their own words, beside it");
    let theirs = on_the_table(&[steps[4].clone(), Step { by: 2, what: What::Stand(0, 2, 0) }]);
    let (_, room) = run(&theirs, |_, _| {});
    assert!(room.slot(slot(0)).unwrap().decisions[0].said_before.is_empty(), "they said otherwise themselves");
}

#[test]
fn an_objection_to_a_decision_that_is_joined_stays_where_others_counted_its_author_in() {
    let steps = on_the_table(&[
        Step { by: CHAIR, what: What::AllAgree(0) },
        Step { by: CHAIR, what: What::Split(0, 0, 10) },
        Step { by: 2, what: What::Stand(0, 2, 2) },
        Step { by: CHAIR, what: What::Join(0) },
    ]);
    let (_, room) = run(&steps, |_, _| {});
    let [whole] = room.slot(slot(0)).unwrap().decisions.as_slice() else { panic!("one decision") };
    assert_eq!(whole.said_before[0].1.position, Position::Disagree);
}

#[test]
fn where_people_stood_stays_beside_a_decision_that_is_made_separately_for_one_child() {
    let mut steps =
        on_the_table(&[Step { by: 2, what: What::Stand(0, 2, 2) }, Step { by: CHAIR, what: What::Split(0, 0, 10) }]);
    let (_, room) = run(&steps, |_, _| {});
    let [whole, own] = room.slot(slot(0)).unwrap().decisions.as_slice() else { panic!("two decisions") };
    assert_eq!(own.stances[&worker(2)], whole.stances[&worker(2)]);
    assert!(whole.answered(worker(2)) && !own.answered(worker(2)), "they are asked about this child");
    assert_eq!(own.wording, whole.wording);
    assert_eq!(own.earlier[&whole.revision], whole.wording.clone().unwrap().content);
    steps.push(Step { by: CHAIR, what: What::Join(0) });
    let (_, room) = run(&steps, |_, _| {});
    let [joined] = room.slot(slot(0)).unwrap().decisions.as_slice() else { panic!("one decision") };
    assert_eq!(joined.stances[&worker(2)].position, Position::Disagree);
    assert!(joined.answered(worker(2)));

    let confirmed = on_the_table(&[
        Step { by: 2, what: What::Stand(0, 2, 2) },
        Step { by: CHAIR, what: What::Confirm(0) },
        Step { by: CHAIR, what: What::Split(0, 0, 10) },
    ]);
    let (_, room) = run(&confirmed, |_, _| {});
    let own = &room.slot(slot(0)).unwrap().decisions[1];
    assert!(own.confirmed.is_none(), "a confirmation was of both children");
    assert_eq!(own.confirmed_before[0].objections[0].0, worker(2));
}

#[test]
fn a_stance_after_confirmation_is_refused_and_a_changed_wording_asks_again() {
    let steps = on_the_table(&[
        Step { by: 2, what: What::Stand(0, 2, 2) },
        Step { by: 4, what: What::Stand(0, 4, 0) },
        Step { by: CHAIR, what: What::Confirm(0) },
        Step { by: 2, what: What::Stand(0, 2, 0) },
    ]);
    let (journal, room) = run(&steps, |_, _| {});
    let current = &room.slot(slot(0)).unwrap().decisions[0];
    assert!(current.confirmed.is_some());
    assert_eq!(current.stances[&worker(2)].position, Position::Disagree, "the later stance was refused");
    assert!(current.stances[&worker(2)].position != Position::Agree);
    assert!(!current.stances.contains_key(&worker(4)), "a student is not asked");
    assert_eq!(journal.last().unwrap().by, worker(CHAIR));

    let again: Vec<Step> =
        steps.into_iter().chain([Step { by: TAKER, what: What::Word(0, true, "two".into(), false) }]).collect();
    let (_, room) = run(&again, |_, _| {});
    let current = &room.slot(slot(0)).unwrap().decisions[0];
    assert!(current.confirmed.is_none());
    assert!(!current.answered(worker(2)), "the stance is on an earlier wording");
}

#[test]
fn whoever_did_not_say_it_themselves_still_does_after_the_confirmation() {
    let recorded = on_the_table(&[
        Step { by: CHAIR, what: What::AllAgree(0) },
        Step { by: CHAIR, what: What::Confirm(0) },
        Step { by: 2, what: What::Stand(0, 2, 2) },
    ]);
    let silent =
        on_the_table(&[Step { by: CHAIR, what: What::Confirm(0) }, Step { by: 2, what: What::Stand(0, 2, 2) }]);
    for steps in [recorded, silent] {
        let (_, room) = run(&steps, |_, _| {});
        let decision = &room.slot(slot(0)).unwrap().decisions[0];
        assert!(decision.confirmed.is_some(), "it holds nothing up");
        assert_eq!(decision.stances[&worker(2)].position, Position::Disagree);
        assert!(decision.said_themselves(worker(2)));
    }
}

#[test]
fn who_objected_ends_their_sentence_after_the_confirmation() {
    let (mut journal, room) = run(&on_the_table(&[]), |_, _| {});
    let (id, revision) = crate::world::first_decision(&room, 0);
    let said = Event::Stood {
        slot: slot(0),
        decision: id,
        worker: worker(2),
        position: Position::Disagree,
        reason: "He is not".into(),
        asked_round: false,
    };
    let confirmed = Event::Confirmed { slot: slot(0), decision: id, unanswered: Default::default() };
    for (by, event) in [(2, said), (CHAIR, confirmed)] {
        journal.push(Entry { seq: journal.len() as i64 + 1, at: start(), by: worker(by), event });
    }
    let room = Room::fold(&journal).unwrap();
    let surroundings = surroundings();
    let stand = |by: u8, position| {
        let reason = "He is not safe yet".to_owned();
        let command = Command::Stand { slot: slot(0), decision: id, revision, worker: worker(2), position, reason };
        decide(&room, &command, Context { now: start(), viewer: &viewer(by), surroundings: &surroundings })
    };
    assert!(stand(2, Position::Disagree).is_ok());
    assert!(stand(2, Position::Agree).is_err(), "where they stand is settled");
    assert!(stand(CHAIR, Position::Disagree).is_err(), "their words are theirs");
}

#[test]
fn whoever_is_asked_stands_in_one_place_of_the_tally() {
    let (_, room) = run(&on_the_table(&[Step { by: 2, what: What::Stand(0, 2, 1) }]), |_, _| {});
    let slot = room.slot(slot(0)).unwrap();
    let tally = slot.decisions[0].tally(&room, slot);
    assert_eq!(tally.reservations, [worker(2)]);
    let placed = [&tally.agree, &tally.reservations, &tally.disagree, &tally.silent, &tally.absent];
    let placed: Vec<_> = placed.into_iter().flatten().copied().collect();
    let asked = slot.members.keys().copied().filter(|who| room.asked_for_stance(slot, *who));
    assert_eq!(placed.len(), asked.clone().count());
    assert!(asked.into_iter().all(|who| placed.contains(&who)));
    assert!(tally.silent.iter().all(|who| slot.present(*who)));
    assert!(!placed.contains(&worker(4)), "a student is not asked");
    let mut reworded = slot.decisions[0].clone();
    reworded.reword(reworded.wording.clone().unwrap().content, start(), worker(CHAIR));
    assert_eq!(reworded.tally(&room, slot).reservations, [], "nobody has answered the new wording");
}

#[test]
fn an_allocated_worker_who_takes_the_record_is_asked_too() {
    let (_, mut room) = run(&on_the_table(&[]), |_, _| {});
    for (taker, chair, asked) in [(2, CHAIR, true), (TAKER, CHAIR, false), (TAKER, 2, false)] {
        (room.record_taker, room.chair) = (Some(worker(taker)), worker(chair));
        let slot = room.slot(slot(0)).unwrap();
        let who = if chair == CHAIR { taker } else { chair };
        assert_eq!(room.asked_for_stance(slot, worker(who)), asked, "{who}, record-taker {taker}, chair {chair}");
    }
}
#[test]
fn confirming_goes_on_to_the_heading_that_is_named_or_does_nothing() {
    let (_, room) = run(&on_the_table(&[]), |_, _| {});
    let (id, revision) = crate::world::first_decision(&room, 0);
    let (chair, surroundings) = (viewer(CHAIR), surroundings());
    let later = start() + chrono::TimeDelta::hours(1);
    let confirm = |to: Option<usize>, seen| {
        let then = to.map(|to| Turn { seen, to });
        let command = Command::Confirm { slot: slot(0), decision: id, revision, then };
        decide(&room, &command, Context { now: later, viewer: &chair, surroundings: &surroundings })
    };
    let events = confirm(Some(1), 0).unwrap();
    assert!(matches!(events.as_slice(), [Event::Confirmed { .. }, Event::StageReached { stage: 1, .. }]));
    assert_eq!(confirm(None, 0).unwrap().len(), 1);
    assert!(confirm(Some(99), 0).is_err(), "a heading that is not there");
    assert_eq!(confirm(Some(1), 1).unwrap().len(), 1, "the room is not where it was seen: it stays");
}

#[test]
fn what_moves_the_room_or_a_role_is_refused_where_somebody_moved_it_meanwhile() {
    let (_, mut room) = run(&on_the_table(&[]), |_, _| {});
    let surroundings = surroundings();
    let later = start() + chrono::TimeDelta::hours(1);
    let asks = |room: &Room, who, command: &Command| {
        decide(room, command, Context { now: later, viewer: &viewer(who), surroundings: &surroundings })
    };
    let meanwhile = |answer: Result<Vec<Event>, Refusal>| matches!(answer, Err(Refusal::Meanwhile(_)));
    let stage = |seen, to| Command::Stage { slot: slot(0), turn: Turn { seen, to } };
    assert!(meanwhile(asks(&room, CHAIR, &stage(1, 1))), "the room is at the first heading");
    assert_eq!(asks(&room, CHAIR, &stage(1, 0)), Err(Refusal::Already));
    assert!(asks(&room, CHAIR, &stage(0, 1)).is_ok());
    let begin = |seen| Command::Start { slot: slot(1), seen, decision: crate::world::decision(1) };
    assert!(meanwhile(asks(&room, CHAIR, &begin(None))));
    assert!(asks(&room, CHAIR, &begin(Some(slot(0)))).is_ok());
    room.record_taker = Some(worker(2));
    let hand =
        |seen: Option<u8>, to: Option<u8>| Command::HandOverRecord { seen: seen.map(worker), to: to.map(worker) };
    assert!(meanwhile(asks(&room, CHAIR, &hand(None, Some(3)))));
    assert!(asks(&room, CHAIR, &hand(Some(2), Some(3))).is_ok());
    room.chair = worker(2);
    assert!(meanwhile(asks(&room, MANAGER, &Command::TakeOver { seen: worker(3) })));
    assert!(asks(&room, MANAGER, &Command::TakeOver { seen: worker(2) }).is_ok());
}

#[test]
fn the_route_follows_the_kind_and_one_chosen_by_hand_is_asked_about_again() {
    let opened = on_the_table(&[]);
    let (_, room) = run(&opened, |_, _| {});
    let (viewer, surroundings) = (viewer(CHAIR), surroundings());
    let context = Context { now: start(), viewer: &viewer, surroundings: &surroundings };
    let first = room.slot(slot(0)).unwrap().decisions[0].clone();
    let reworded = |kind: &str, route: Route| {
        let wording = Wording { kind: kind.into(), route, what: String::new(), why: "one".into() };
        decide(&room, &Command::Word { slot: slot(0), decision: first.id, revision: first.revision, wording }, context)
    };
    let before = first.wording.clone().unwrap();
    assert_eq!((before.kind.as_str(), &before.route), ("continue", &Route::DecidedHere));
    let events = reworded("legal", Route::DecidedHere).unwrap();
    let [Event::Worded { wording, .. }] = events.as_slice() else { panic!("it is worded anew") };
    assert_eq!(wording.route, Route::RecommendedTo { whom: "legal".into() });
    // By hand: another panel decides on continuing; for another kind that is asked about again.
    let mut journal = run(&opened, |_, _| {}).0;
    let by_hand = Wording { route: Route::RecommendedTo { whom: "panel".into() }, ..before.content };
    let seq = journal.len() as i64 + 1;
    journal.push(Entry {
        seq,
        at: start(),
        by: worker(CHAIR),
        event: Event::Worded { slot: slot(0), decision: first.id, wording: by_hand.clone() },
    });
    let room = Room::fold(&journal).unwrap();
    let first = room.slot(slot(0)).unwrap().decisions[0].clone();
    let word = |route: Route| {
        let wording = Wording { kind: "legal".into(), route, ..by_hand.clone() };
        decide(&room, &Command::Word { slot: slot(0), decision: first.id, revision: first.revision, wording }, context)
    };
    assert!(word(by_hand.route.clone()).is_err());
    assert!(word(Route::DecidedHere).is_ok(), "chosen for this kind");
}

/// Somebody has to take it there: what is recommended makes its first step, once, and takes it back with its confirmation.
#[test]
fn a_confirmed_recommendation_makes_its_first_step() {
    let chair = |what| Step { by: CHAIR, what };
    let word = |legal| chair(What::Word(0, legal, "two".into(), false));
    let confirm = || chair(What::Confirm(0));
    let made = |then: &[Step]| {
        let (_, room) = run(&on_the_table(then), |_, _| {});
        room.slot(slot(0)).unwrap().steps.clone()
    };
    let steps = made(&[word(true), confirm()]);
    let [step] = steps.as_slice() else { panic!("{steps:?}") };
    assert!(step.draft.what.starts_with("Take “") && step.draft.what.ends_with("” to the legal planning meeting"));
    assert!(step.draft.owner.worker().is_none() && step.draft.due.is_none() && step.draft.children.is_empty());
    assert_eq!(made(&[confirm()]), [], "what is decided here needs taking nowhere");
    assert_eq!(made(&[word(true), confirm(), word(false)]), [], "the confirmation is taken back");
    assert_eq!(made(&[word(true), confirm(), word(false), word(true), confirm()]), steps);
    // Of a decision for one child it is that child's step.
    let apart = made(&[word(true), chair(What::Split(0, 0, 10)), confirm()]);
    assert_eq!(apart[0].draft.children, [crate::world::child(0)].into());
}

/// "Undo" of a removal would put the step of an earlier wording beside another one.
#[test]
fn the_first_step_of_an_earlier_wording_is_not_brought_back() {
    let chair = |what| Step { by: CHAIR, what };
    let word = |legal| chair(What::Word(0, legal, "two".into(), false));
    let confirmed = [word(true), chair(What::Confirm(0))];
    let steps = |then: &[Step]| {
        let (_, room) = run(&on_the_table(&[&confirmed[..], then].concat()), |_, _| {});
        room.slot(slot(0)).unwrap().steps.clone()
    };
    let part = Removable::Step(steps(&[])[0].id);
    let remove = || chair(What::Feature(features::remove(0, part)));
    let bring_back = || chair(What::Feature(features::bring_back(0, part)));
    assert_eq!(steps(&[remove(), bring_back()]).len(), 1);
    assert_eq!(steps(&[remove(), word(false), bring_back()]), []);
    let apart = chair(What::Split(0, 0, 10));
    assert_eq!(steps(&[remove(), word(false), apart, bring_back()]), [], "it was made for all");
    assert_eq!(steps(&[remove(), word(false), word(true), bring_back()]).len(), 1, "it is recommended again");
}
