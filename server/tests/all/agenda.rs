//! The agenda of a meeting: what is moved, what comes first.

use crate::http::{get, send};
use crate::place::{Place, World, allowed, on_both_engines, router, token};
use domain::dates::short_date;
use domain::meeting::{AgendaChange, Command};
use service::meeting::room::Outcome;

on_both_engines!(a_family_is_put_later_or_left_for_another_day_and_who_waits_is_said);
async fn a_family_is_put_later_or_left_for_another_day_and_who_waits_is_said(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let (chair, worker_) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    world.act(world.chair, Command::Open).await;
    let now = service.clock().now();
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let cards = page.room.to_come(now).into_iter().map(|coming| {
        page.room.slot(coming.slot).and_then(|slot| slot.family).and_then(|family| page.agenda.get(&family)).unwrap()
    });
    assert_eq!(cards.clone().map(|card| card.reference.as_str()).collect::<Vec<_>>(), ["FS-3046", "FS-3004"]);
    assert!(cards.clone().next().unwrap().allocated.iter().any(|(_, name)| name == "Julian Yardarm"));
    let theirs = allowed!(service, service.meeting_reader(&worker_, world.meeting).await, meeting_page(None)).unwrap();
    let other = theirs.room.to_come(now)[1].slot;
    assert_eq!(theirs.room.slot(other).unwrap().family, None, "another family stays another family");
    let press = |change, revision| Command::Rearrange { slot: world.slot, revision, change };
    let outcome = world.try_act(world.worker, press(AgendaChange::Later, 1)).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "whoever runs the meeting moves families");
    world.act(world.chair, press(AgendaChange::Later, 1)).await;
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let coming = page.room.to_come(now);
    assert_eq!(coming[1].slot, world.slot, "later by one");
    world.act(world.chair, press(AgendaChange::Postpone, 2)).await;
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let put_off = page.room.slots.iter().find(|slot| slot.id == world.slot).unwrap();
    assert!(
        matches!(put_off.progress, domain::meeting::Progress::Postponed { .. }),
        "not today, and the minutes say so"
    );
    let reader = service.meeting_reader(&chair, world.meeting).await;
    let minutes = allowed!(service, reader, minutes(crate::place::ADDRESS, None, "md")).unwrap();
    let postponed = minutes.families.iter().find(|family| family.reference == "FS-3046").unwrap();
    assert!(postponed.state.contains("Not discussed") && postponed.children.is_empty(), "{postponed:?}");
    let (team, today) = (chair.manages.iter().next().copied().unwrap(), service.clock().today());
    let due = allowed!(service, service.team_staff(&chair, team), due(today)).unwrap();
    let left = due.iter().find(|family| family.id == world.family).unwrap();
    assert_eq!(left.planned, None, "the family stays due");
    // The other family is not reached: both come first next time, and say why.
    world.act(world.chair, Command::Close).await;
    let due = allowed!(service, service.team_staff(&chair, team), due(today)).unwrap();
    let first: Vec<&str> =
        due.iter().take_while(|family| family.postponed).map(|family| family.reference.as_str()).collect();
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(first.contains(&"FS-3046") && first.contains(&"FS-3004"));
    assert!(due.iter().all(|family| family.agreed_for.is_none()));
    let signed = token(service, world.chair).await;
    let (.., plan, _) = send(&router(service), get("/meetings/new", Some(&signed))).await;
    assert_eq!(plan.matches("postponed last time").count(), 2, "the plan's list says why they come first");
    assert_eq!(service::rebuild::differences(service.store()).await.unwrap(), 0);
}

on_both_engines!(a_family_whose_last_meeting_agreed_this_day_comes_first_in_its_plan);
async fn a_family_whose_last_meeting_agreed_this_day_comes_first_in_its_plan(place: Place) {
    let world = World::started(place.service().await).await;
    let (chair, today) = (world.service.viewer(world.chair).await.unwrap(), world.service.clock().today());
    let agreed = today + chrono::TimeDelta::weeks(4);
    world.act(world.chair, Command::AgreeNextDate { slot: world.slot, day: Some(agreed), seen: None }).await;
    crate::record::finish(&world).await;
    world.act(world.chair, Command::Close).await;
    let team = chair.manages.iter().next().copied().unwrap();
    for (day, first) in [(today, false), (agreed, true), (agreed + chrono::TimeDelta::days(2), true)] {
        let due = allowed!(world.service, world.service.team_staff(&chair, team), due(day)).unwrap();
        let at = due.iter().position(|family| family.id == world.family).unwrap();
        assert_eq!(due[at].agreed_for, Some(agreed));
        assert!(!due[at].postponed);
        let service = place.service_after((day - today).num_days()).await;
        let signed = token(&service, world.chair).await;
        let (.., plan, _) = send(&router(&service), get("/meetings/new", Some(&signed))).await;
        let mark =
            if day == agreed { "agreed for today".to_owned() } else { format!("agreed for {}", short_date(agreed)) };
        assert!(plan.contains(&mark), "{mark}");
        // Another family was not reached by this meeting: it is as pressing.
        assert_eq!(due[..at].iter().all(|family| family.postponed), first, "{day}");
    }
}
