//! A finished family is reopened: its drafts and steps are nobody's until it is finished again, and nothing that was asked,
//! said or kept from somebody meanwhile is lost.

use crate::place::{Place, World, allowed, on_both_engines};
use crate::record::{complete, finish, records, sign};
use domain::StepId;
use domain::mark::{Mark, Readers};
use domain::meeting::{Area, Command, Owner, Removable, StepDraft};
use domain::record::RecordPart;
use service::meeting::room::Outcome;

fn applied(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Applied { .. })
}

on_both_engines!(a_reopened_family_keeps_ids_corrections_answers_and_what_was_kept_from_somebody);
async fn a_reopened_family_keeps_ids_corrections_answers_and_what_was_kept_from_somebody(place: Place) {
    let world = World::started(place.service().await).await;
    let (service, slot) = (&world.service, world.slot);
    let viewer = async |who| service.viewer(who).await.unwrap();
    let (chair, worker) = (viewer(world.chair).await, viewer(world.worker).await);
    let pen = allowed!(service, service.meeting_reader(&worker, world.meeting).await, pens()).unwrap()[0].pen;
    let update = domain::prose::Prose::with_pen(pen).rewrite("Mornings are calmer.");
    world.act(world.worker, Command::Type { slot, area: Area::Analysis(world.worker), update, pen }).await;
    let step = |what: &str| StepDraft {
        what: what.into(),
        owner: Owner::Worker { worker: world.worker },
        with: String::new(),
        due: chrono::NaiveDate::from_ymd_opt(2026, 12, 1),
        children: Default::default(),
        measure: String::new(),
    };
    let (kept, dropped) = (StepId::new(service.new_uuid()), StepId::new(service.new_uuid()));
    world.act(world.chair, Command::AddStep { slot, step: kept, draft: step("Ask the GP") }).await;
    world.act(world.chair, Command::AddStep { slot, step: dropped, draft: step("Ring the nursery") }).await;
    let risk = domain::RiskId::new(service.new_uuid());
    world.act(world.worker, Command::RaiseRisk { slot, risk, what: "He has a key".into() }).await;
    finish(&world).await;
    let first = records(&world).await;
    let one = first[0].id;
    // Meanwhile somebody asks for a correction, keeps their own words for themselves, and answers a step.
    allowed!(
        service,
        service.record_reader(&worker, one).await,
        ask_correction(RecordPart::Meaning, "Calmer since October.")
    )
    .unwrap();
    let heard = RecordPart::Heard { worker: world.worker };
    let only = Mark { readers: Readers::Only { workers: [world.chair].into() }, ..Mark::default() };
    allowed!(service, service.record_reader(&worker, one).await, mark_part(heard, &only)).unwrap();
    service.answer_step(&worker, kept, true, "Rang her").await.unwrap();

    let refused = world.try_act(world.worker, Command::Reopen { slot }).await;
    assert!(!applied(&refused), "only the chair reopens");
    assert!(applied(&world.try_act(world.chair, Command::Reopen { slot }).await));
    assert!(records(&world).await.is_empty(), "drafts are withdrawn");
    let mine = service.my_steps(&worker).await.unwrap();
    assert!(mine.iter().all(|step| step.id != kept && step.id != dropped), "{mine:?}");
    assert!(service.answer_step(&worker, dropped, true, "").await.is_err(), "a withdrawn step is nobody's");
    assert!(!applied(&world.try_act(world.chair, Command::Reopen { slot }).await), "it is open already");

    world.act(world.chair, Command::Remove { slot, part: Removable::Step(dropped) }).await;
    let stage = {
        let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
        assert_eq!(page.room.current, Some(slot));
        page.room.slot(slot).unwrap().progress.in_discussion()
    };
    assert!(stage);
    assert!(applied(&world.try_act(world.chair, Command::Finish { slot }).await));
    let again = records(&world).await;
    let ids = |records: &[domain::record::Record]| records.iter().map(|record| record.id).collect::<Vec<_>>();
    assert_eq!(ids(&again), ids(&first), "each child's draft keeps its id");
    let record = again.iter().find(|record| record.id == one).unwrap();
    let reopened: Vec<_> = record.reopened.iter().map(|again| again.who.worker).collect();
    assert_eq!(reopened, [world.chair], "the record says that it was taken up again");
    // A risk that nobody said they had heard is listed for who serves the team until the record is signed.
    let unsigned = allowed!(service, service.staff(&chair), unsigned()).unwrap();
    let line = unsigned.iter().find(|line| line.meeting == world.meeting).unwrap();
    assert!(line.unheard.iter().any(|risk| risk.ends_with("Julian Yardarm: He has a key")), "{:?}", line.unheard);
    let order: Vec<&str> = line.children.iter().map(|(name, _)| name.as_str()).collect();
    let drafts = allowed!(service, service.family_reader(&chair, world.family).await, drafts_of(world.meeting));
    let drafts = drafts.unwrap();
    assert_eq!(order, drafts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), "in the family's order");
    assert_eq!(record.life.corrections.len(), 1, "what was asked is shown again");
    assert!(again.iter().all(|record| record.mark_of(heard) == Some(&only)), "kept words stay kept");
    let steps = service.store().steps_in(world.family.uuid()).await.unwrap();
    let state = |id| steps.iter().find(|row| row.id == id).map(|row| row.state);
    assert_eq!(state(kept), Some(domain::status::StepStatus::Done), "an answered step keeps its answer");
    assert_eq!(state(dropped), None, "what was removed is nobody's step");

    complete(&world).await;
    let filled = records(&world).await;
    let filled = filled.iter().find(|record| record.id == one).unwrap();
    assert!(filled.completed.iter().all(|part| part.by.worker == world.chair), "{:?}", filled.completed);
    let what: Vec<&str> = filled.completed.iter().map(|part| part.what.as_str()).collect();
    let expected = ["The reason of the decision", "Why somebody thinks otherwise", "Who does a step, and by when"];
    assert_eq!(what, expected, "what was added later says so, and names no stance that may be kept from its reader");
    let asked = record.life.corrections[0].id;
    let keeper = service.record_keeper(&chair, one).await;
    allowed!(service, keeper, answer_correction(asked, false, "It stays as the room said it.")).unwrap();
    sign(&world, world.chair).await.unwrap();
    let after = world.try_act(world.chair, Command::Reopen { slot }).await;
    let Outcome::Refused { refusal } = after else { panic!("a signed family is not reopened") };
    assert!(refusal.to_string().contains("signed"), "{refusal}");
    // The same room and workbook come from the journals alone.
    assert_eq!(service::rebuild::differences(service.store()).await.unwrap(), 0);
}

on_both_engines!(nothing_is_reopened_once_the_meeting_is_closed);
async fn nothing_is_reopened_once_the_meeting_is_closed(place: Place) {
    let world = World::started(place.service().await).await;
    finish(&world).await;
    world.act(world.chair, Command::Close).await;
    assert!(!applied(&world.try_act(world.chair, Command::Reopen { slot: world.slot }).await));
    assert_eq!(records(&world).await.len(), 3);
}
