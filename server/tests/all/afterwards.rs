//! What is open to whom when the meeting, the allocation or the day is over.

use crate::place::{ADDRESS, Place, World, allowed, on_both_engines};
use crate::record::{complete, finish, records, sign};
use domain::meeting::{Area, Command, Owner, StepDraft};
use domain::prose::Prose;
use domain::viewer::Viewer;
use domain::{CommandId, StepId, WorkerId};
use service::ServiceError;
use service::meeting::room::Outcome;

async fn viewer(world: &World, who: WorkerId) -> Viewer {
    world.service.viewer(who).await.unwrap().as_ref().clone()
}

/// Types into somebody's own box.
pub async fn write(world: &World, who: WorkerId, text: &str) {
    let own = viewer(world, who).await;
    let pen = allowed!(world.service, world.service.meeting_reader(&own, world.meeting).await, pens()).unwrap()[0].pen;
    let update = Prose::with_pen(pen).rewrite(text);
    world.act(who, Command::Type { slot: world.slot, area: Area::Analysis(who), update, pen }).await;
}

pub async fn add_step(world: &World, what: &str, owner: WorkerId) {
    let draft = StepDraft {
        what: what.into(),
        owner: Owner::Worker { worker: owner },
        with: String::new(),
        due: Some(world.service.clock().today()),
        children: Default::default(),
        measure: String::new(),
    };
    let step = StepId::new(world.service.new_uuid());
    world.act(world.chair, Command::AddStep { slot: world.slot, step, draft }).await;
}

/// Everything of the meeting that somebody gets, as it travels.
async fn all_of_meeting(world: &World, who: WorkerId) -> String {
    let service = &world.service;
    let own = viewer(world, who).await;
    let mut all = serde_json::to_string(
        &allowed!(service, service.meeting_reader(&own, world.meeting).await, meeting_page(Some(world.slot))).unwrap(),
    )
    .unwrap();
    for format in ["md", "json"] {
        let minutes =
            allowed!(service, service.meeting_reader(&own, world.meeting).await, minutes(ADDRESS, None, format))
                .unwrap();
        all += &serde_json::to_string(&minutes).unwrap();
    }
    all
}

on_both_engines!(who_was_there_for_the_day_keeps_their_own_words_and_steps_until_the_record_is_signed);
async fn who_was_there_for_the_day_keeps_their_own_words_and_steps_until_the_record_is_signed(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let guest = world.stranger;
    world.act(world.chair, Command::BringIn { slot: world.slot, worker: guest, why: "knows her".into() }).await;
    write(&world, world.worker, "CANARY of a colleague").await;
    write(&world, guest, "OWN words of the guest").await;
    add_step(&world, "Ring the grandmother", guest).await;
    assert!(all_of_meeting(&world, guest).await.contains("CANARY"), "while the meeting runs they take part");
    finish(&world).await;
    world.act(world.chair, Command::Close).await;

    let own = viewer(&world, guest).await;
    let after = all_of_meeting(&world, guest).await;
    for closed in ["CANARY", "FS-3046", "Ottilie", "OWN words", "grandmother"] {
        assert!(!after.contains(closed), "{closed} after the meeting");
    }
    for area in [world.worker, guest].map(Area::Analysis) {
        let history =
            allowed!(service, service.meeting_reader(&own, world.meeting).await, box_history(world.slot, area, None));
        assert!(matches!(history, Err(ServiceError::NotFound)));
    }
    assert!(allowed!(service, service.meeting_reader(&own, world.meeting).await, discussion(world.slot)).is_err());
    let parts = allowed!(service, service.meeting_reader(&own, world.meeting).await, own_parts()).unwrap();
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].words, "OWN words of the guest");
    assert_eq!(parts[0].steps.len(), 1);
    assert_eq!(service.my_steps(&own).await.unwrap().len(), 1);
    let step = service.my_steps(&own).await.unwrap()[0].id;
    service.answer_step(&own, step, false, "nobody was in").await.unwrap();
    // Those who work with the family, and who serve its team, read on.
    for who in [world.chair, world.worker] {
        assert!(all_of_meeting(&world, who).await.contains("CANARY"));
        assert!(
            allowed!(service, service.meeting_reader(&viewer(&world, who).await, world.meeting).await, own_parts())
                .unwrap()
                .is_empty()
        );
    }

    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    assert!(
        allowed!(service, service.meeting_reader(&own, world.meeting).await, own_parts()).unwrap().is_empty(),
        "then nothing"
    );
    assert!(service.my_steps(&own).await.unwrap().is_empty());
    assert!(matches!(service.answer_step(&own, step, true, "").await, Err(ServiceError::NotFound)));
    // A step whose owner has left is to be handed over: it heads the chair's list of the team's steps.
    let chair = viewer(&world, world.chair).await;
    let team_steps = allowed!(service, service.staff(&chair), team_steps()).unwrap();
    assert!(team_steps[0].owner_left && team_steps[0].id == step);
    assert!(team_steps[0].heirs.iter().any(|(worker, _)| *worker == world.worker));
    assert!(allowed!(service, service.step_staff(&own, step).await, hand_over_step(step, guest)).is_err());
    assert!(
        allowed!(service, service.step_staff(&chair, step).await, hand_over_step(step, guest)).is_err(),
        "to somebody who works with the family"
    );
    allowed!(service, service.step_staff(&chair, step).await, hand_over_step(step, world.worker)).unwrap();
    let theirs = service.my_steps(&viewer(&world, world.worker).await).await.unwrap();
    assert!(theirs.iter().any(|row| row.id == step));
    assert_eq!(service::rebuild::differences(service.store()).await.unwrap(), 0);
}

on_both_engines!(a_discussion_is_closed_to_who_stood_out_of_it_wherever_it_is_shown);
async fn a_discussion_is_closed_to_who_stood_out_of_it_wherever_it_is_shown(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    world.act(world.worker, Command::StandOut { slot: world.slot, out: true }).await;
    let member = {
        let page = allowed!(
            service,
            service.meeting_reader(&viewer(&world, world.chair).await, world.meeting).await,
            meeting_page(None)
        )
        .unwrap();
        let members = page.room.slot(world.slot).unwrap().members.clone();
        members.into_keys().find(|worker| *worker != world.worker).unwrap()
    };
    add_step(&world, "CANARY step", member).await;
    finish(&world).await;
    // Out to its end is out: coming back now would open what was said meanwhile.
    let back = world.try_act(world.worker, Command::StandOut { slot: world.slot, out: false }).await;
    assert!(matches!(back, Outcome::Refused { .. }), "{back:?}");
    let late = CommandId::new(service.new_uuid());
    let colleague = viewer(&world, member).await;
    world.file_late(&colleague, world.slot, late, "CANARY late").await.unwrap();
    world.act(world.chair, Command::Close).await;
    assert_eq!(records(&world).await.len(), 3);

    let seen = async |who: WorkerId| {
        let own = viewer(&world, who).await;
        let page = allowed!(service, service.family_reader(&own, world.family).await, family_page()).unwrap();
        // The lists of a team are its staff's; everybody else has none.
        let steps = (service.my_steps(&own).await.unwrap(), allowed!(service, service.staff(&own), team_steps()).ok());
        let given = allowed!(service, service.staff(&own), given_out()).ok();
        let months = allowed!(service, service.staff(&own), months()).ok();
        let unsent = allowed!(service, service.staff(&own), unsent()).ok();
        format!("{page:?} {steps:?} {given:?} {months:?} {unsent:?}") + &all_of_meeting(&world, who).await
    };
    let theirs = seen(world.worker).await;
    assert!(!theirs.contains("CANARY"), "{theirs}");
    assert!(seen(member).await.contains("CANARY step") && seen(member).await.contains("CANARY late"));
    assert!(world.file_late(&viewer(&world, world.worker).await, world.slot, late, "x").await.is_err());
    assert_eq!(service::rebuild::differences(service.store()).await.unwrap(), 0);
}

on_both_engines!(late_words_and_steps_end_the_day_after_the_allocation_did);
async fn late_words_and_steps_end_the_day_after_the_allocation_did(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let worker = viewer(&world, world.worker).await;
    let chair = viewer(&world, world.chair).await;
    add_step(&world, "Ring the school", world.worker).await;
    finish(&world).await;
    world.act(world.chair, Command::Close).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let step = service.my_steps(&worker).await.unwrap()[0].id;
    // The allocation ends today.
    let today = service.clock().today();
    let allocations = service.store().allocations(world.family.uuid()).await.unwrap();
    for row in allocations.iter().filter(|row| row.worker() == Some(world.worker) && row.current(today)) {
        allowed!(service, service.family_staff(&chair, world.family).await, end_allocation(row.allocation.id, ADDRESS))
            .unwrap();
    }
    let say = async |text: &str| {
        let left = viewer(&world, world.worker).await;
        let late = CommandId::new(service.new_uuid());
        let filed = world.file_late(&left, world.slot, late, text).await;
        (filed, service.answer_step(&left, step, false, text).await, service.my_steps(&left).await.unwrap().len())
    };
    let (filed, answered, steps) = say("the day it ended").await;
    assert!(filed.is_ok() && answered.is_ok());
    assert!(steps > 0);
    // The same, seen from later days.
    let ended = async |days: i64| {
        let mut tx = service.store().begin().await.unwrap();
        for row in service.store().allocations(world.family.uuid()).await.unwrap() {
            if row.worker() == Some(world.worker) {
                let ends = Some(today - chrono::TimeDelta::days(days));
                tx.keep_allocation(&service::store::allocation::Allocation { ends, ..row.allocation }).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        service.rights_changed().await.unwrap();
    };
    ended(1).await;
    let (filed, answered, _) = say("the day after").await;
    assert!(filed.is_ok() && answered.is_ok());
    ended(2).await;
    let (filed, answered, steps) = say("two days after").await;
    assert!(matches!((filed, answered), (Err(ServiceError::NotFound), Err(ServiceError::NotFound))));
    assert_eq!(steps, 0);
    let team_steps = allowed!(service, service.staff(&viewer(&world, world.chair).await), team_steps()).unwrap();
    assert!(team_steps.iter().any(|row| row.id == step && row.owner_left), "its chair is told");
}

on_both_engines!(a_meeting_that_nobody_closes_is_over_for_its_guest_when_the_next_day_has_passed);
async fn a_meeting_that_nobody_closes_is_over_for_its_guest_when_the_next_day_has_passed(place: Place) {
    let mut world = World::started(place.service().await).await;
    let guest = world.stranger;
    world.act(world.chair, Command::BringIn { slot: world.slot, worker: guest, why: "knows her".into() }).await;
    write(&world, world.worker, "CANARY of a colleague").await;
    write(&world, guest, "OWN words of the guest").await;
    finish(&world).await;
    for (days, reads) in [(0, true), (1, true), (2, false)] {
        world.service = place.service_after(days).await;
        let theirs = all_of_meeting(&world, guest).await;
        for word in ["CANARY", "OWN words", "FS-3046"] {
            assert_eq!(theirs.contains(word), reads, "{word} after {days} days");
        }
        assert!(all_of_meeting(&world, world.worker).await.contains("CANARY"), "who works with the family reads on");
    }
    let own = viewer(&world, guest).await;
    let parts = allowed!(world.service, world.service.meeting_reader(&own, world.meeting).await, own_parts()).unwrap();
    assert_eq!(parts[0].words, "OWN words of the guest");
}
