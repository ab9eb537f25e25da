//! The record says what happened, read as somebody who was not there would.

use crate::http::{get, send};
use crate::place::{ADDRESS, Place, World, allowed, on_both_engines, router, token};
use crate::record::{complete, decision, finished, records, sign};
use domain::document::copy::Recipient;
use domain::mark::{Mark, Readers};
use domain::meeting::{Area, Attendance, Command, MeetingRole, Position, Presence, Route, Wording};
use domain::record::{Completion, RecordPart, Unready};
use service::ServiceError;

/// What a copy for the child's own file says, as text.
async fn file_of(world: &World, child: usize) -> String {
    let chair = world.service.viewer(world.chair).await.unwrap();
    let id = records(world).await[child].id;
    let made = allowed!(
        world.service,
        world.service.record_reader(&chair, id).await,
        preview_copy(ADDRESS, Recipient::ChildFile)
    )
    .unwrap();
    world.service.printer().markdown(&made.document)
}

on_both_engines!(who_chaired_when_who_confirmed_and_who_left_and_came_back);
async fn who_chaired_when_who_confirmed_and_who_left_and_came_back(place: Place) {
    let world = World::started(place.service().await).await;
    let slot = world.slot;
    world.act(world.chair, Command::EverybodyHere { slot }).await;
    let at = world.service.clock().now();
    for how in [Attendance::Left { at }, Attendance::Room] {
        world.act(world.worker, Command::Attend { slot, worker: world.worker, how }).await;
    }
    let deputy = crate::place::worker(&world.service, "7008").await;
    let decision = decision(&world).await;
    let wording =
        Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why: "It works".into() };
    world.act(world.chair, Command::Word { slot, decision, revision: 0, wording }).await;
    world.act(world.chair, Command::Confirm { slot, decision, revision: 1, then: None }).await;
    world.act(world.chair, Command::HandOverChair { to: deputy }).await;
    world.act(deputy, Command::Finish { slot }).await;
    let record = records(&world).await.remove(0);
    assert_eq!(record.chair.worker, deputy);
    assert_eq!(record.decision.as_ref().unwrap().confirmed_by.as_ref().unwrap().worker, world.chair, "not the second");
    let present = |worker| record.attendance.iter().find(|present| present.who.worker == worker).unwrap();
    assert_eq!(present(world.chair).roles, [MeetingRole::Chairing], "who chaired first is there too");
    assert_eq!(present(deputy).roles, [MeetingRole::Chairing]);
    assert_eq!(present(world.record_taker).roles, [MeetingRole::RecordTaking]);
    let times: Vec<Presence> = present(world.worker).times.iter().map(|time| time.what).collect();
    assert_eq!(
        times,
        [Attendance::Room, Attendance::Left { at }, Attendance::Room].map(Presence::Attends),
        "leaving is recorded"
    );
    assert_eq!(record.handovers.len(), 1);
    sign(&world, world.chair).await.unwrap();
    let file = file_of(&world, 0).await;
    for words in [
        "Confirmed by Zara Northlight, who chaired",
        "chairing went from Zara Northlight to Nadia Quoin",
        "left at",
        "back in the room at",
    ] {
        assert!(file.contains(words), "{words}: {file}");
    }
}

on_both_engines!(a_reason_to_follow_is_asked_for_until_signing_also_after_the_wording_changed);
async fn a_reason_to_follow_is_asked_for_until_signing_also_after_the_wording_changed(place: Place) {
    let world = World::started(place.service().await).await;
    let slot = world.slot;
    world.act(world.chair, Command::EverybodyHere { slot }).await;
    let decision = decision(&world).await;
    let word = |why: &str| Wording {
        kind: "continue".into(),
        route: Route::DecidedHere,
        what: String::new(),
        why: why.into(),
    };
    world.act(world.chair, Command::Word { slot, decision, revision: 0, wording: word("It works") }).await;
    let (worker, position) = (world.worker, Position::Reservations);
    let stand = Command::Stand { slot, decision, revision: 1, worker, position, reason: String::new() };
    world.act(worker, stand).await;
    world.act(world.chair, Command::Word { slot, decision, revision: 1, wording: word("It works so far") }).await;
    world.act(world.chair, Command::Confirm { slot, decision, revision: 2, then: None }).await;
    world.act(world.chair, Command::Finish { slot }).await;
    let record = records(&world).await.remove(0);
    assert!(record.unready().iter().any(|unready| matches!(unready, Unready::Reason(who, _) if who.worker == worker)));
    assert!(matches!(sign(&world, world.chair).await, Err(ServiceError::Form(_))), "it is asked for");
    let viewer = world.service.viewer(worker).await.unwrap();
    let given = Completion::Reason { worker, given: Some("Ivy has not been seen alone.".into()) };
    allowed!(world.service, world.service.record_reader(&viewer, record.id).await, complete(given)).unwrap();
    sign(&world, world.chair).await.unwrap();
    let file = file_of(&world, 0).await;
    assert!(file.contains("Ivy has not been seen alone. (09:"), "when it was given: {file}");
    assert!(file.contains(") (on an earlier wording: Continue"), "{file}");
    assert!(file.contains("It works)") && !file.contains("to follow"), "{file}");
}

on_both_engines!(what_was_confirmed_before_a_reopening_stands_in_the_record_with_who_disagreed);
async fn what_was_confirmed_before_a_reopening_stands_in_the_record_with_who_disagreed(place: Place) {
    let world = World::started(place.service().await).await;
    let (slot, worker) = (world.slot, world.worker);
    world.act(world.chair, Command::EverybodyHere { slot }).await;
    let decision = decision(&world).await;
    let word = |revision: u32, why: &str| Command::Word {
        slot,
        decision,
        revision,
        wording: Wording {
            kind: "continue".into(),
            route: Route::DecidedHere,
            what: format!("Until visit {revision}"),
            why: why.into(),
        },
    };
    let stand = |revision: u32, position: Position, reason: &str| Command::Stand {
        slot,
        decision,
        revision,
        worker,
        position,
        reason: reason.into(),
    };
    world.act(world.chair, word(0, "It works")).await;
    world.act(worker, stand(1, Position::Disagree, "Nobody asked Nain.")).await;
    world.act(world.chair, Command::Confirm { slot, decision, revision: 1, then: None }).await;
    world.act(world.chair, Command::Finish { slot }).await;
    world.act(world.chair, Command::Reopen { slot }).await;
    world.act(world.chair, word(1, "Nain was asked")).await;
    world.act(worker, stand(2, Position::Agree, "")).await;
    world.act(world.chair, Command::Confirm { slot, decision, revision: 2, then: None }).await;
    world.act(world.chair, Command::Finish { slot }).await;
    let record = records(&world).await[0].id;
    let (router, chair) = (router(&world.service), token(&world.service, world.chair).await);
    let (_, _, file, _) = send(&router, get(&format!("/records/{record}"), Some(&chair))).await;
    let said = [
        "Before that it was confirmed at",
        "Until visit 0”",
        "then: disagree. Nobody asked Nain",
        "had been finished at",
    ];
    for words in said {
        assert!(file.contains(words), "{words}: {file}");
    }
    assert!(file.contains("Julian Yardarm, social worker: agree"), "and where they stand now: {file}");
    // What its writer keeps from somebody is in no copy, nor what they said before.
    let viewer = world.service.viewer(worker).await.unwrap();
    let only = Mark { readers: Readers::Only { workers: [world.chair].into() }, ..Mark::default() };
    let part = RecordPart::Stance { worker };
    allowed!(world.service, world.service.record_reader(&viewer, record).await, mark_part(part, &only)).unwrap();
    sign(&world, world.chair).await.unwrap();
    let file = file_of(&world, 0).await;
    assert!(file.contains("then: disagree") && !file.contains("Nobody asked Nain"), "{file}");
}

on_both_engines!(a_correction_of_who_was_there_stands_beside_it_and_in_no_partners_copy);
async fn a_correction_of_who_was_there_stands_beside_it_and_in_no_partners_copy(place: Place) {
    let world = finished(place.service().await).await;
    let service = &world.service;
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let record = records(&world).await.remove(0).id;
    allowed!(
        service,
        service.record_reader(&worker, record).await,
        ask_correction(RecordPart::Attendance, "On the call until he came in")
    )
    .unwrap();
    let correction = records(&world).await.remove(0).life.corrections[0].id;
    let keeper = service.record_keeper(&chair, record).await.unwrap();
    service.answer_correction(keeper, correction, true, "").await.unwrap();
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let file = file_of(&world, 0).await;
    let beside = file.find("On the call until he came in").expect("the child's file has it");
    assert!(!file[file.find("Attendance").unwrap()..beside].contains("Corrected before signing"), "{file}");
    let copy = allowed!(
        service,
        service.record_reader(&chair, record).await,
        preview_copy(ADDRESS, Recipient::Partner(world.worker))
    )
    .unwrap();
    let words = serde_json::to_string(&copy.document).unwrap();
    assert!(words.contains("Attendance") && !words.contains("until he came in"), "{words}");
}

on_both_engines!(a_correction_names_what_it_changes_and_says_from_what_to_what);
async fn a_correction_names_what_it_changes_and_says_from_what_to_what(place: Place) {
    let world = finished(place.service().await).await;
    let service = &world.service;
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let record = records(&world).await.remove(0);
    let step = RecordPart::Step { step: record.steps[0].step };
    allowed!(service, service.record_reader(&worker, record.id).await, ask_correction(step, "Ring the nursery"))
        .unwrap();
    allowed!(
        service,
        service.record_reader(&worker, record.id).await,
        ask_correction(RecordPart::Other, "Ivy is four")
    )
    .unwrap();
    let asked = || async {
        let all = records(&world).await;
        all.into_iter().find(|found| found.id == record.id).unwrap().life.corrections
    };
    let other = asked().await.into_iter().find(|correction| correction.part == RecordPart::Other).unwrap();
    let result =
        allowed!(service, service.record_keeper(&chair, record.id).await, answer_correction(other.id, true, ""));
    assert!(matches!(result, Err(ServiceError::Form(_))), "what changes nothing cannot be taken: {result:?}");
    allowed!(
        service,
        service.record_keeper(&chair, record.id).await,
        answer_correction(other.id, false, "Her age is the case system’s")
    )
    .unwrap();
    let of_step = asked().await.into_iter().find(|correction| correction.part == step).unwrap();
    allowed!(service, service.record_keeper(&chair, record.id).await, answer_correction(of_step.id, true, "")).unwrap();
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    for (at, record) in records(&world).await.iter().enumerate() {
        assert_eq!(record.steps[0].what, "Ring the nursery", "for all children");
        let file = file_of(&world, at).await;
        assert!(file.contains("from “Ring the school” to “Ring the nursery”; asked for by"), "{file}");
    }
}

on_both_engines!(nobodys_attendance_is_named_before_signing_and_said_in_one_press);
async fn nobodys_attendance_is_named_before_signing_and_said_in_one_press(place: Place) {
    let world = World::started(place.service().await).await;
    let slot = world.slot;
    let decision = decision(&world).await;
    let wording =
        Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why: "It works".into() };
    world.act(world.chair, Command::Word { slot, decision, revision: 0, wording }).await;
    world.act(world.chair, Command::Confirm { slot, decision, revision: 1, then: None }).await;
    world.act(world.chair, Command::Finish { slot }).await;
    let refusal = match sign(&world, world.chair).await {
        Err(ServiceError::Form(errors)) => format!("{errors:?}"),
        other => panic!("{other:?}"),
    };
    assert!(refusal.contains("Nobody is marked as present"), "{refusal}");
    let chair = world.service.viewer(world.chair).await.unwrap();
    let record = records(&world).await.remove(0);
    assert_eq!(record.left_empty(), ["What it means for this child"]);
    let present = [world.worker].into();
    allowed!(
        world.service,
        world.service.record_reader(&chair, record.id).await,
        complete(Completion::Attendance { present })
    )
    .unwrap();
    let again = Completion::Attendance { present: [world.chair].into() };
    assert!(
        allowed!(world.service, world.service.record_reader(&chair, record.id).await, complete(again)).is_err(),
        "what was said stays said"
    );
    sign(&world, world.chair).await.unwrap();
    for record in records(&world).await {
        let there = record.attendance.iter().filter(|present| present.how == Some(Attendance::Room)).count();
        assert_eq!(there, 1, "in every child’s record");
    }
}

on_both_engines!(who_stepped_out_is_named_in_the_childs_file_and_to_no_reader_who_does_not_need_it);
async fn who_stepped_out_is_named_in_the_childs_file_and_to_no_reader_who_does_not_need_it(place: Place) {
    let world = World::started(place.service().await).await;
    let (service, slot) = (&world.service, world.slot);
    for out in [true, false] {
        world.act(world.worker, Command::StandOut { slot, out }).await;
    }
    crate::record::finish(&world).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    assert!(file_of(&world, 0).await.contains("for a conflict of interest"));
    let (chair, id) = (service.viewer(world.chair).await.unwrap(), records(&world).await[0].id);
    let partner = allowed!(
        service,
        service.record_reader(&chair, id).await,
        preview_copy(ADDRESS, Recipient::Partner(crate::place::worker(service, "7008").await))
    )
    .unwrap();
    let minutes =
        allowed!(service, service.meeting_reader(&chair, world.meeting).await, minutes(ADDRESS, None, "md")).unwrap();
    for document in [partner.document, domain::document::of_minutes(&minutes)] {
        let text = service.printer().markdown(&document);
        assert!(text.contains("Julian Yardarm"), "as somebody who was there: {text}");
        assert!(!text.contains("conflict") && !text.contains("stepped out"), "{text}");
    }
}

on_both_engines!(who_wrote_of_a_child_is_in_the_childs_file);
async fn who_wrote_of_a_child_is_in_the_childs_file(place: Place) {
    let world = World::started(place.service().await).await;
    let child = crate::markup::child(&world).await;
    for (who, text) in [(world.chair, "Mornings are calm. "), (world.worker, "Ivy laughs. ")] {
        crate::markup::type_in(&world, who, Area::Meaning(child), text).await;
    }
    crate::record::finish(&world).await;
    let all = records(&world).await;
    let at = all.iter().position(|record| record.child == child).unwrap();
    assert_eq!(all[at].meaning.by.len(), 2);
    assert!(all.iter().all(|record| record.child == child || record.meaning.by.is_empty()));
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let file = file_of(&world, at).await;
    assert!(file.contains("Written by Julian Yardarm, social worker; Zara Northlight, team manager."), "{file}");
}
