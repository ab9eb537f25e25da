//! A family's safety plan: who writes it, and what becomes of it where two write.

use crate::http::{get, send};
use crate::place::{Place, World, allowed, on_both_engines};
use crate::record::finished;
use domain::WorkerId;
use domain::safety_plan::{FamilyMeeting, FamilyMeetingState, Helper, IfThen, SafetyPlan, WrittenSafetyPlan};
use domain::status::AccessKind;
use service::ServiceError;
use service::workbook::own_words::OwnWordsForm;
use service::workbook::safety_plan::PlanRevisions;

/// A plan with the same words in every part.
pub async fn filled_with(world: &World, words: &str) -> SafetyPlan {
    let (_, adult) = crate::own_words::people(world).await;
    let text = words.to_owned();
    SafetyPlan {
        contact: [(adult, text.clone())].into(),
        worries: text.clone(),
        helps: text.clone(),
        if_then: vec![IfThen { happens: text.clone(), then: text.clone() }],
        network: vec![Helper { name: text.clone(), does: text.clone() }],
        family_meeting: FamilyMeeting { state: FamilyMeetingState::Offered, on: None, why: text },
    }
}

/// Writes it, from a form that was filled from revision `base`.
pub async fn write(world: &World, who: WorkerId, plan: SafetyPlan, base: i64) -> Result<(), ServiceError> {
    write_over(world, who, plan, PlanRevisions { filled: base, seen: base }).await
}

async fn write_over(
    world: &World, who: WorkerId, plan: SafetyPlan, based_on: PlanRevisions,
) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    let reader = world.service.family_reader(&viewer, world.family).await;
    allowed!(world.service, reader, write_safety_plan(plan, based_on))
}

async fn read(world: &World) -> Option<WrittenSafetyPlan> {
    let viewer = world.service.viewer(world.chair).await.unwrap();
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, safety_plan()).unwrap().1
}

on_both_engines!(two_who_write_different_parts_both_have_it_and_one_part_is_nobodys_to_write_over);
async fn two_who_write_different_parts_both_have_it_and_one_part_is_nobodys_to_write_over(place: Place) {
    let world = finished(place.service().await).await;
    let first = filled_with(&world, "first").await;
    write(&world, world.worker, first.clone(), 0).await.unwrap();
    write(&world, world.worker, first.clone(), 0).await.unwrap();
    assert_eq!(read(&world).await.unwrap().revision, 1, "the same form twice is one change");
    // Both began from the first.
    let worries = SafetyPlan { worries: "the gate".into(), ..first.clone() };
    write(&world, world.chair, worries, 1).await.unwrap();
    let helps = SafetyPlan { helps: "Nan".into(), if_then: Vec::new(), ..first.clone() };
    write(&world, world.worker, helps, 1).await.unwrap();
    let now = read(&world).await.unwrap();
    assert_eq!((now.plan.worries.as_str(), now.plan.helps.as_str(), now.revision), ("the gate", "Nan", 3));
    assert!(now.plan.if_then.is_empty(), "what is taken out is out");
    let door = SafetyPlan { worries: "the door".into(), ..first };
    let clash = write(&world, world.worker, door.clone(), 1).await;
    let Err(ServiceError::Form(fields)) = clash else { panic!("{clash:?}") };
    assert_eq!(fields[0].0, "worries");
    assert!(fields[0].1.contains("It now reads: the gate Yours is still below."), "{}", fields[0].1);
    // What is wrong beside it does not hide that somebody else changed the part.
    let half = vec![IfThen { happens: "x".into(), then: String::new() }];
    let Err(ServiceError::Form(fields)) =
        write(&world, world.worker, SafetyPlan { if_then: half, ..door.clone() }, 1).await
    else {
        panic!("half a line")
    };
    let fields: Vec<&str> = fields.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["then-0", "worries", "happens-0"]);
    // Whoever has seen it may still mean theirs.
    write_over(&world, world.worker, door, PlanRevisions { filled: 1, seen: 3 }).await.unwrap();
    let now = read(&world).await.unwrap();
    assert_eq!((now.plan.worries.as_str(), now.plan.helps.as_str()), ("the door", "Nan"), "only that part");
    let mut elsewhere = now.plan.clone();
    elsewhere.contact.insert(domain::PersonId::new(world.service.new_uuid()), "x".to_owned());
    assert!(matches!(write(&world, world.worker, elsewhere, 4).await, Err(ServiceError::NotFound)));

    assert_eq!(service::rebuild::differences(world.service.store()).await.unwrap(), 0);
    service::rebuild::rebuild(world.service.store()).await.unwrap();
    assert_eq!(read(&world).await.unwrap(), now);

    let router = crate::place::router(&world.service);
    let token = crate::place::token(&world.service, world.worker).await;
    let meeting = format!("/families/{}/messages/{}", world.family, world.meeting);
    for address in [format!("/families/{}", world.family), format!("/families/{}/own-words", world.family), meeting] {
        let (status, _, body, _) = send(&router, get(&address, Some(&token))).await;
        assert!(status == 200 && body.contains("Safe contact") && body.contains("Abigail: first"), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_the_night_is_one_readers_and_noted() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    let service = &world.service;
    let router = crate::place::router(service);
    let address = format!("/families/{}/tonight", world.family);
    let page = async |who: WorkerId| {
        let token = crate::place::token(service, who).await;
        let (status, _, body, _) = send(&router, get(&address, Some(&token))).await;
        assert_eq!(status, 200);
        body
    };
    assert!(page(world.worker).await.contains("Nobody has written a safety plan"));
    let plan = filled_with(&world, "ring the neighbour").await;
    write(&world, world.worker, plan, 0).await.unwrap();
    let (child, _) = crate::own_words::people(&world).await;
    let kept =
        OwnWordsForm { only_for: Some(Default::default()), ..crate::own_words::form(&world, child, "Quillkept") };
    crate::own_words::write(&world, world.worker, &kept).await.unwrap();
    let (mine, chairs) = (page(world.worker).await, page(world.chair).await);
    for (page, name) in [(&mine, "Julian Yardarm"), (&chairs, "Zara Northlight")] {
        assert!(page.contains(&format!("For {name}, for the night of 24 November 2026")), "{name}");
        assert!(
            page.contains("Abigail: ring the neighbour") && page.contains("If ring the neighbour: ring the neighbour")
        );
    }
    assert!(mine.contains("Quillkept") && !chairs.contains("Quillkept"), "what is kept from them is not on it");
    let noted = service
        .store()
        .accesses_of_family(world.family, crate::place::now() + chrono::TimeDelta::days(400), 100, "nothing")
        .await
        .unwrap();
    assert!(noted.iter().filter(|entry| entry.what == AccessKind::Tonight).count() >= 2, "{noted:?}");
}
