//! Signing, corrections, addenda and seals.

use crate::place::{Place, World, allowed, on_both_engines};
use domain::meeting::{Area, Command, Owner, Position, Route, StepDraft, Wording};
use domain::record::{Completion, Record, RecordPart as Part};
use domain::{DecisionId, StepId, WorkerId};
use service::seal::{SealKey, verify};
use service::{Service, ServiceError};

pub const KEY: [u8; 32] = [7; 32];

/// A family finished with something of everything: decisions, a dissent without its reason, a step without owner.
pub async fn finished(service: Service) -> World {
    let world = World::started(service).await;
    finish(&world).await;
    world
}

/// Decides, dissents, agrees a step and finishes.
pub async fn finish(world: &World) {
    world.act(world.chair, Command::EverybodyHere { slot: world.slot }).await;
    let decision = decision(world).await;
    let wording =
        Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why: String::new() };
    world.act(world.chair, Command::Word { slot: world.slot, decision, revision: 0, wording }).await;
    // Whoever stepped out says nothing.
    let _ = world
        .try_act(
            world.worker,
            Command::Stand {
                slot: world.slot,
                decision,
                revision: 1,
                worker: world.worker,
                position: Position::Disagree,
                reason: String::new(),
            },
        )
        .await;
    world.act(world.chair, Command::Confirm { slot: world.slot, decision, revision: 1, then: None }).await;
    let step = StepDraft {
        what: "Ring the school".into(),
        owner: Owner::Nobody,
        with: String::new(),
        due: None,
        children: Default::default(),
        measure: String::new(),
    };
    world
        .act(
            world.chair,
            Command::AddStep { slot: world.slot, step: StepId::new(world.service.new_uuid()), draft: step },
        )
        .await;
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
}

pub async fn decision(world: &World) -> DecisionId {
    let viewer = world.service.viewer(world.chair).await.unwrap();
    let page = allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, meeting_page(None))
        .unwrap();
    page.room.slot(world.slot).unwrap().decisions[0].id
}

pub async fn records(world: &World) -> Vec<Record> {
    world.service.store().records(world.family.uuid()).await.unwrap()
}

/// Says all that signing asks for.
pub async fn complete(world: &World) {
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let first = records(world).await.remove(0);
    allowed!(
        service,
        service.record_reader(&chair, first.id).await,
        complete(Completion::Why { text: "The plan works.".into() })
    )
    .unwrap();
    let reason = Completion::Reason { worker: world.worker, given: Some("Ivy has not been seen alone.".into()) };
    allowed!(service, service.record_reader(&chair, first.id).await, complete(reason)).unwrap();
    let due = chrono::NaiveDate::from_ymd_opt(2026, 12, 8).unwrap();
    let step = first.steps.iter().find(|step| step.owner.is_none()).unwrap().step;
    let step = service.step_completion(step, world.worker, due).await.unwrap();
    allowed!(service, service.record_reader(&chair, first.id).await, complete(step)).unwrap();
}

pub async fn sign(world: &World, who: WorkerId) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await.unwrap();
    allowed!(world.service, world.service.family_manager(&viewer, world.family).await, sign(world.meeting, None))
}

on_both_engines!(signing_asks_for_what_is_missing_and_then_seals_every_childs_record);
async fn signing_asks_for_what_is_missing_and_then_seals_every_childs_record(place: Place) {
    let world = finished(place.service().await).await;
    let store = world.service.store();
    let text = match sign(&world, world.chair).await {
        Err(ServiceError::Form(errors)) => errors.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n"),
        other => panic!("{other:?}"),
    };
    for asked in ["no reason", "reason is to follow", "no owner and no date"] {
        assert!(text.contains(asked), "{asked}: {text}");
    }
    assert!(matches!(sign(&world, world.worker).await, Err(ServiceError::NotFound)), "only the manager signs");
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    sign(&world, world.chair).await.unwrap();
    let signed = records(&world).await;
    assert!(signed.len() > 1 && signed.iter().all(|record| record.life.versions.len() == 1), "signed once each");
    let check = verify(store, &SealKey::new(KEY), &[]).await.unwrap();
    assert_eq!((check.seals, check.broken), (signed.len(), Vec::new()));
    // The step is in its owner's list now.
    let worker = world.service.viewer(world.worker).await.unwrap();
    let mine = world.service.my_steps(&worker).await.unwrap();
    assert!(mine.iter().any(|step| step.what == "Ring the school" && step.due.is_some()));
    assert_eq!(service::rebuild::differences(store).await.unwrap(), 0);
}

on_both_engines!(a_correction_is_taken_into_every_record_it_concerns_and_none_after_signing);
async fn a_correction_is_taken_into_every_record_it_concerns_and_none_after_signing(place: Place) {
    let world = finished(place.service().await).await;
    let service = &world.service;
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let id = records(&world).await[0].id;
    let heard = Part::Heard { worker: world.worker };
    let others = Part::Heard { worker: world.chair };
    assert!(
        allowed!(service, service.record_reader(&worker, id).await, ask_correction(others, "x")).is_err(),
        "others' words are theirs"
    );
    allowed!(service, service.record_reader(&worker, id).await, ask_correction(heard, "Ivy settled at nursery."))
        .unwrap();
    allowed!(service, service.record_reader(&worker, id).await, ask_correction(heard, "Ivy settled at nursery."))
        .unwrap();
    let stranger = service.viewer(world.stranger).await.unwrap();
    assert!(matches!(
        allowed!(service, service.record_reader(&stranger, id).await, ask_correction(heard, "x")),
        Err(ServiceError::NotFound)
    ));
    let asked = records(&world).await.into_iter().find(|record| record.id == id).unwrap().life.corrections;
    assert_eq!(asked.len(), 1, "pressed twice is asked once");
    assert!(
        allowed!(service, service.record_keeper(&worker, id).await, answer_correction(asked[0].id, true, "")).is_err(),
        "not one's own answer"
    );
    allowed!(service, service.record_keeper(&chair, id).await, answer_correction(asked[0].id, true, "")).unwrap();
    for record in records(&world).await {
        assert_eq!(record.reads(heard), Some("Ivy settled at nursery."), "the family's part, in each child's record");
    }
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    assert!(allowed!(service, service.record_reader(&worker, id).await, ask_correction(heard, "other")).is_err());
    assert!(
        allowed!(service, service.record_reader(&chair, id).await, complete(Completion::Why { text: "other".into() }))
            .is_err()
    );
}

on_both_engines!(what_was_said_is_not_overwritten_and_nothing_unread_is_signed);
async fn what_was_said_is_not_overwritten_and_nothing_unread_is_signed(place: Place) {
    let world = finished(place.service().await).await;
    let service = &world.service;
    let (chair, taker) =
        (service.viewer(world.chair).await.unwrap(), service.viewer(world.record_taker).await.unwrap());
    let read = || async {
        let drafts =
            allowed!(service, service.family_reader(&chair, world.family).await, drafts_of(world.meeting)).unwrap();
        service::record::sign::digest(&drafts.into_iter().map(|(_, draft)| draft).collect::<Vec<_>>())
    };
    let old = read().await;
    complete(&world).await;
    let id = records(&world).await[0].id;
    // A dissent with its reason, a decision's reason, a step's owner: none of them is taken away again.
    let gone = Completion::Reason { worker: world.worker, given: None };
    assert!(matches!(
        allowed!(service, service.record_reader(&taker, id).await, complete(gone)),
        Err(ServiceError::Form(_))
    ));
    assert!(
        allowed!(service, service.record_reader(&chair, id).await, complete(Completion::Why { text: "other".into() }))
            .is_err()
    );
    let due = chrono::NaiveDate::from_ymd_opt(2026, 12, 9).unwrap();
    let step = records(&world).await[0].steps[0].step;
    let other = service.step_completion(step, world.chair, due).await.unwrap();
    assert!(allowed!(service, service.record_reader(&taker, id).await, complete(other)).is_err());
    let signed = allowed!(service, service.family_manager(&chair, world.family).await, sign(world.meeting, Some(&old)));
    // Whose record is another one than they read is said, not that something is.
    let Err(ServiceError::Form(errors)) = signed else { panic!("something changed while it was read: {signed:?}") };
    assert!(errors[0].1.starts_with("This changed while you read: the record of "), "{errors:?}");
    allowed!(service, service.family_manager(&chair, world.family).await, sign(world.meeting, Some(&read().await)))
        .unwrap();
}

on_both_engines!(whoever_stood_out_to_the_end_reads_and_signs_nothing_of_it);
async fn whoever_stood_out_to_the_end_reads_and_signs_nothing_of_it(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    world.act(world.worker, Command::StandOut { slot: world.slot, out: true }).await;
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    let worker = service.viewer(world.worker).await.unwrap();
    let id = records(&world).await[0].id;
    assert!(matches!(
        allowed!(service, service.record_reader(&worker, id).await, record()),
        Err(ServiceError::NotFound)
    ));
    assert!(allowed!(service, service.record_reader(&worker, id).await, ask_correction(Part::Meaning, "x")).is_err());
    assert!(matches!(
        allowed!(service, service.family_reader(&worker, world.family).await, messages(world.meeting)),
        Err(ServiceError::NotFound)
    ));
    assert!(allowed!(service, service.family_reader(&worker, world.family).await, drafts_of(world.meeting)).is_err());
    let chair = service.viewer(world.chair).await.unwrap();
    assert!(allowed!(service, service.record_reader(&chair, id).await, record()).is_ok());
}

on_both_engines!(what_was_sealed_and_never_revealed_is_kept_for_its_writer_who_may_still_give_it);
async fn what_was_sealed_and_never_revealed_is_kept_for_its_writer_who_may_still_give_it(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    world.act(world.worker, Command::Hide { slot: world.slot }).await;
    let (worker, chair) = (service.viewer(world.worker).await.unwrap(), service.viewer(world.chair).await.unwrap());
    let pen = allowed!(service, service.meeting_reader(&worker, world.meeting).await, pens()).unwrap()[0].pen;
    let update = domain::prose::Prose::with_pen(pen).rewrite("Whispering");
    world.act(world.worker, Command::Type { slot: world.slot, area: Area::Analysis(world.worker), update, pen }).await;
    let missing = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None))
        .unwrap()
        .room
        .slot(world.slot)
        .unwrap()
        .missing();
    assert!(missing.contains(&domain::meeting::Missing::Hidden { count: 1 }), "the chair hears of it before");
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    let id = records(&world).await[0].id;
    let reads = async |who: &domain::viewer::Viewer| {
        let (_, record) = allowed!(service, service.record_reader(who, id).await, record()).unwrap();
        serde_json::to_string(&record).unwrap().contains("Whispering")
    };
    assert!(reads(&worker).await, "its writer still has it");
    assert!(!reads(&chair).await);
    let mine = Part::Heard { worker: world.worker };
    allowed!(service, service.record_reader(&worker, id).await, ask_correction(mine, "Whispering")).unwrap();
    assert!(reads(&chair).await, "offered, it is read by whoever answers");
    let asked = records(&world).await.into_iter().find(|record| record.id == id).unwrap().life.corrections;
    allowed!(service, service.record_keeper(&chair, id).await, answer_correction(asked[0].id, true, "")).unwrap();
    let (_, record) = allowed!(service, service.record_reader(&chair, id).await, record()).unwrap();
    assert_eq!(record.reads(mine), Some("Whispering"));
    assert!(
        allowed!(service, service.record_reader(&worker, id).await, ask_correction(mine, "Whispering")).is_err(),
        "unchanged is no correction"
    );
}

on_both_engines!(an_addendum_makes_a_new_version_and_the_old_one_stays_as_it_was);
async fn an_addendum_makes_a_new_version_and_the_old_one_stays_as_it_was(place: Place) {
    let world = finished(place.service().await).await;
    let service = &world.service;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let id = records(&world).await[0].id;
    let first = service.store().seal(id, 1).await.unwrap().unwrap();
    allowed!(
        service,
        service.record_reader(&worker, id).await,
        ask_addendum("The school rang", "They saw Ivy on Monday.")
    )
    .unwrap();
    let asked = records(&world).await.into_iter().find(|record| record.id == id).unwrap().life.addenda;
    assert!(matches!(
        allowed!(service, service.record_manager(&worker, id).await, answer_addendum(asked[0].id, true, "")),
        Err(ServiceError::NotFound)
    ));
    allowed!(service, service.record_manager(&chair, id).await, answer_addendum(asked[0].id, true, "")).unwrap();
    allowed!(service, service.record_manager(&chair, id).await, answer_addendum(asked[0].id, true, "")).unwrap();
    // What a manager asks for themselves another one accepts.
    allowed!(service, service.record_reader(&chair, id).await, ask_addendum("The court asked", "It was read."))
        .unwrap();
    let own = records(&world).await.into_iter().find(|record| record.id == id).unwrap().life.addenda.pop().unwrap().id;
    assert!(allowed!(service, service.record_manager(&chair, id).await, answer_addendum(own, true, "")).is_err());
    assert_eq!(service.store().seal(id, 1).await.unwrap().unwrap(), first);
    let (second, seal, head) = allowed!(service, service.record_reader(&worker, id).await, version(2)).unwrap();
    assert_eq!(second.replaces.as_deref(), Some(first.hash.as_str()));
    assert_eq!((seal.number, seal.before), (2, first.hash));
    assert_eq!(second.addenda[0].text.content, "They saw Ivy on Monday.");
    assert_eq!(head.unwrap().hash, seal.hash);
    assert!(service.store().seal(id, 3).await.unwrap().is_none(), "accepted once");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_changed_past_caseround_is_found() {
    let place = Place::postgres();
    let world = finished(place.service().await).await;
    let (service, store) = (&world.service, world.service.store());
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let id = records(&world).await[0].id;
    for text in ["one", "two", "three"] {
        allowed!(service, service.record_reader(&worker, id).await, ask_addendum("why", text)).unwrap();
        let asked = records(&world).await.into_iter().find(|record| record.id == id).unwrap().life.addenda;
        allowed!(
            service,
            service.record_manager(&chair, id).await,
            answer_addendum(asked.last().unwrap().id, true, "")
        )
        .unwrap();
    }
    let child = store.seal(id, 1).await.unwrap().unwrap().child_id;
    let receipt = store.head(child).await.unwrap().unwrap().hash;
    let key = SealKey::new(KEY);
    let broken = async |heads: &[String]| verify(store, &key, heads).await.unwrap().broken;
    assert_eq!(broken(std::slice::from_ref(&receipt)).await, Vec::<String>::new());
    place.past_caseround("CREATE TABLE kept_seals AS TABLE seals; CREATE TABLE kept_heads AS TABLE heads;");
    let of_child = format!("child_id = '{child}'");
    let last = "number = (SELECT max(number) FROM seals WHERE";
    let cases = [
        (
            "one byte of a record",
            format!("UPDATE seals SET body = replace(body, 'why', 'wny') WHERE {of_child} AND number = 2"),
        ),
        ("a row removed", format!("DELETE FROM seals WHERE {of_child} AND number = 2")),
        (
            "two swapped",
            format!(
                "UPDATE seals SET number = number + 100 WHERE {of_child} AND number IN (2, 3); \
                 UPDATE seals SET number = CASE number WHEN 102 THEN 3 ELSE 2 END WHERE {of_child} AND number > 100"
            ),
        ),
        ("the tail cut", format!("DELETE FROM seals WHERE {of_child} AND {last} {of_child})")),
        (
            "the tail cut with its head",
            format!(
                "DELETE FROM seals WHERE {of_child} AND {last} {of_child}); UPDATE heads SET (number, hash) = \
                 (SELECT number, hash FROM seals WHERE {of_child} ORDER BY number DESC LIMIT 1) WHERE {of_child}"
            ),
        ),
        (
            "the chain made anew without the key",
            format!(
                "UPDATE seals SET body = replace(body, 'one', 'ten') WHERE {of_child}; \
                 UPDATE seals SET hash = encode(sha256(convert_to(body, 'UTF8')), 'hex') WHERE {of_child}; \
                 UPDATE seals s SET before = coalesce((SELECT b.hash FROM seals b WHERE b.{of_child} AND b.number = s.number - 1), '') WHERE s.{of_child}; \
                 UPDATE heads SET hash = (SELECT hash FROM seals WHERE {of_child} ORDER BY number DESC LIMIT 1) WHERE {of_child}"
            ),
        ),
        (
            "an old record rewritten, and what follows told to follow it",
            format!(
                "UPDATE seals SET body = replace(body, 'The plan works', 'The plan fails') WHERE {of_child} AND number = 1; \
                 UPDATE seals SET hash = encode(sha256(convert_to(body, 'UTF8')), 'hex') WHERE {of_child} AND number = 1; \
                 UPDATE seals SET before = (SELECT hash FROM seals b WHERE b.{of_child} AND b.number = 1) WHERE {of_child} AND number = 2"
            ),
        ),
        ("all of a child", format!("DELETE FROM seals WHERE {of_child}")),
        (
            "another record in its place",
            format!("UPDATE seals SET child_id = gen_random_uuid() WHERE {of_child} AND number = 1"),
        ),
    ];
    for (what, statement) in cases {
        place.past_caseround(&statement);
        assert!(!broken(&[]).await.is_empty(), "{what} is not found");
        place.past_caseround(
            "TRUNCATE seals, heads; INSERT INTO seals TABLE kept_seals; INSERT INTO heads TABLE kept_heads;",
        );
        assert_eq!(broken(&[]).await, Vec::<String>::new(), "put back after {what}");
    }
    // Who restores an old copy whole, with its old head, is found by a receipt only.
    place.past_caseround(&format!("DELETE FROM seals WHERE {of_child}; DELETE FROM heads WHERE {of_child}"));
    assert!(broken(&[]).await.is_empty());
    let missing = service::seal::verify_journals(store).await.unwrap();
    assert!(missing.len() == 4 && missing[0].contains("it is not there"), "{missing:?}");
    assert!(broken(&[receipt]).await[0].contains("stands nowhere"), "a receipt tells");
}
