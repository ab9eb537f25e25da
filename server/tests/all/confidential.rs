//! Confidential looks: two leads agree, an hour to read, nobody on the family is told, the leads see what was looked at.

use crate::http::{get, send};
use crate::place::{ADDRESS, Place, World, confirmed, on_both_engines, router, token, worker};
use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::policy::{Ground, LookState};
use domain::status::{AccessKind, OpeningKind};
use domain::{OpeningId, WorkerId};
use service::people::keeping::By;
use service::people::role::RoleForm;
use service::workbook::confidential::LookLine;
use service::{Service, ServiceError};

/// The administrator of these tests, who makes the leads.
async fn administrator(world: &World) -> WorkerId {
    let first = worker(&world.service, "7023").await;
    world.service.make_administrator(By::Technician(first)).await.unwrap();
    first
}

async fn made_lead(world: &World, by: WorkerId, who: WorkerId) {
    let service = &world.service;
    let viewer = service.viewer(by).await.unwrap();
    let form = RoleForm { role: "lead".into(), worker: who.to_string(), ..RoleForm::default() };
    let keeper = service.role_keeper(&viewer, &form, ADDRESS).await.unwrap();
    service.give_role(keeper, confirmed(service, by).await, ("", "1/6/2027"), ADDRESS).await.unwrap();
}

async fn ask(world: &World, who: WorkerId) -> Result<(), ServiceError> {
    let service = &world.service;
    let viewer = service.viewer(who).await.unwrap();
    let opener = service.opener(&viewer)?;
    let about = ("FS-3046", "CANARY a worker on it may be the uncle");
    service.ask_for_look(opener, confirmed(service, who).await, about, ADDRESS).await
}

async fn answer(service: &Service, who: WorkerId, id: OpeningId, agrees: bool) -> Result<(), ServiceError> {
    service.answer_look(&service.viewer(who).await.unwrap(), id, (agrees, "CANARY of a lead"), ADDRESS).await
}

async fn open(service: &Service, who: WorkerId, id: OpeningId) -> Result<domain::FamilyId, ServiceError> {
    let viewer = service.viewer(who).await.unwrap();
    service.open_look(service.opener(&viewer)?, confirmed(service, who).await, id, ADDRESS).await
}

async fn mine(service: &Service, who: WorkerId) -> (Vec<LookLine>, Vec<LookLine>) {
    let looks = service.my_looks(&service.viewer(who).await.unwrap()).await.unwrap();
    (looks.asked, looks.to_answer)
}

on_both_engines!(a_confidential_look_opens_when_two_leads_agree_and_nobody_on_the_family_is_told);
async fn a_confidential_look_opens_when_two_leads_agree_and_nobody_on_the_family_is_told(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let asker = world.stranger;
    let admin = administrator(&world).await;
    // 7013 and 7037 manage elsewhere; 7002 works with the family.
    let (first, second) = (worker(service, "7013").await, world.service_manager);
    made_lead(&world, admin, first).await;
    made_lead(&world, admin, world.worker).await;
    made_lead(&world, admin, world.chair).await;
    let refused = format!("{:?}", ask(&world, asker).await.unwrap_err());
    assert!(refused.contains("not two leads"), "one works with the family, one manages its team: {refused}");
    made_lead(&world, admin, second).await;
    ask(&world, asker).await.unwrap();
    let refused = format!("{:?}", ask(&world, world.worker).await.unwrap_err());
    assert!(refused.contains("read this family already"), "{refused}");

    let (asked, none) = mine(service, asker).await;
    assert_eq!((asked.len(), none.len(), asked[0].state), (1, 0, LookState::Asked { agreed: 0 }));
    let id = asked[0].look.id;
    assert_eq!(mine(service, first).await.1.len(), 1);
    for who in [world.worker, world.chair] {
        assert!(
            mine(service, who).await.1.is_empty(),
            "a lead who works with it or manages its team learns of nothing"
        );
    }
    let third = worker(service, "7025").await;
    made_lead(&world, admin, third).await;
    for who in [asker, world.worker, world.chair, admin] {
        assert!(matches!(answer(service, who, id, true).await, Err(ServiceError::NotFound)), "{who}");
    }
    answer(service, first, id, true).await.unwrap();
    assert!(matches!(answer(service, first, id, true).await, Err(ServiceError::NotFound)), "one lead is one");
    assert!(matches!(open(service, asker, id).await, Err(ServiceError::NotFound)), "one is not two");
    answer(service, second, id, true).await.unwrap();
    assert!(matches!(open(service, first, id).await, Err(ServiceError::NotFound)), "for whoever asked");
    assert_eq!(open(service, asker, id).await.unwrap(), world.family);
    assert!(matches!(open(service, asker, id).await, Err(ServiceError::NotFound)), "once");

    // They read it, and nobody on it sees that: not on its page, not among what others opened, not in who looked.
    let (router, signed) = (router(service), token(service, asker).await);
    let page = format!("/families/{}", world.family);
    assert_eq!(send(&router, get(&page, Some(&signed))).await.0, StatusCode::OK);
    assert_eq!(send(&router, get(&format!("{page}/edit"), Some(&signed))).await.0, StatusCode::NOT_FOUND);
    let viewer = service.viewer(asker).await.unwrap();
    let reader = service.family_reader(&viewer, world.family).await.unwrap();
    assert_eq!(reader.ground(), Ground::Opened(OpeningKind::Confidential));
    assert!(reader.manager().is_none() && reader.staff().is_none());
    service.close_family(reader).await.unwrap();
    // A page that is loaded again afterwards is refused, which tells the manager nothing either.
    assert_eq!(send(&router, get(&page, Some(&signed))).await.0, StatusCode::NOT_FOUND);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let name = service.directory().await.unwrap().name(asker).to_owned();
    for who in [world.chair, world.record_taker, world.worker, world.service_manager] {
        let theirs = token(service, who).await;
        for path in
            [page.clone(), format!("{page}/access"), "/openings".into(), "/downloads".into(), "/meetings".into()]
        {
            let (_, _, body, _) = send(&router, get(&path, Some(&theirs))).await;
            assert!(!body.contains(&name) && !body.contains("CANARY"), "{path} tells {who}");
        }
        let (_, _, body, _) = send(&router, get(&format!("/access?of={asker}"), Some(&theirs))).await;
        assert!(!body.contains("FS-3046"), "what they looked at tells {who}");
    }

    // The leads see what was looked at, and say what they found, each once.
    let seen = mine(service, first).await.1.remove(0).seen;
    let kinds: Vec<AccessKind> = seen.iter().map(|entry| entry.what).collect();
    assert_eq!(kinds[..2], [AccessKind::Opened, AccessKind::Family]);
    assert!(kinds[2..].iter().all(|kind| *kind == AccessKind::Refused), "what they tried afterwards: {kinds:?}");
    assert!(mine(service, third).await.1.is_empty(), "what was seen is for those who agreed");
    assert!(service.review_look(&service.viewer(third).await.unwrap(), id, "rightly", ADDRESS).await.is_err());
    let review =
        async |who, words: &str| service.review_look(&service.viewer(who).await.unwrap(), id, words, ADDRESS).await;
    assert!(review(first, " ").await.is_err());
    assert_eq!(service.looks_waiting(&service.viewer(first).await.unwrap()).await.unwrap(), 1);
    review(first, "rightly").await.unwrap();
    assert!(matches!(review(first, "again").await, Err(ServiceError::NotFound)));
    review(second, "rightly").await.unwrap();
    assert_eq!(service.looks_waiting(&service.viewer(first).await.unwrap()).await.unwrap(), 0);
    assert_eq!(mine(service, asker).await.0[0].state, LookState::Opened { reviewed: 2 });
    // With our copy of the family's last records go the words about the look.
    let mut tx = service.store().begin().await.unwrap();
    let child = service.store().members(world.family.uuid()).await.unwrap().remove(0).person.id;
    tx.forget_rows(world.family, child, &[], &[], true).await.unwrap();
    tx.commit().await.unwrap();
    let line = mine(service, first).await.1.remove(0);
    assert!(line.look.reason.is_empty() && line.answers.iter().all(|(_, answer)| answer.words.is_empty()));
}

on_both_engines!(no_lead_is_both_of_two_and_none_counts_who_was_named_for_it);
async fn no_lead_is_both_of_two_and_none_counts_who_was_named_for_it(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let admin = administrator(&world).await;
    let (first, second) = (worker(service, "7013").await, world.service_manager);
    made_lead(&world, admin, first).await;
    made_lead(&world, admin, second).await;
    ask(&world, world.stranger).await.unwrap();
    let id = mine(service, world.stranger).await.0[0].look.id;
    // Named after it was asked for, by an hour's clock.
    let later = place.service_after(1).await;
    let late = worker(&later, "7014").await;
    assert_eq!(late, world.stranger, "whoever asked");
    let third = worker(&later, "7025").await;
    let world = World { service: later, ..world };
    made_lead(&world, admin, third).await;
    let refused = format!("{:?}", answer(&world.service, third, id, true).await.unwrap_err());
    assert!(refused.contains("before it was asked for"), "{refused}");
    // The administrator who named the others cannot have them agree to what they ask themselves.
    ask(&world, admin).await.unwrap();
    let own = mine(&world.service, admin).await.0.remove(0).look.id;
    let refused = format!("{:?}", answer(&world.service, first, own, true).await.unwrap_err());
    assert!(refused.contains("did not give"), "{refused}");
    // One no is enough, and what nobody opens in a week lapses.
    answer(&world.service, first, id, false).await.unwrap();
    assert!(matches!(answer(&world.service, second, id, true).await, Err(ServiceError::NotFound)));
    assert_eq!(mine(&world.service, world.stranger).await.0.last().unwrap().state, LookState::Refused);
    let week = place.service_after(9).await;
    assert_eq!(mine(&week, admin).await.0[0].state, LookState::Lapsed);
    assert!(TimeDelta::days(9) > domain::policy::OPENS_WITHIN);
}
