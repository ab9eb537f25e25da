//! Who reviews the access log of every team.

use crate::http::{get, send};
use crate::place::{ADDRESS, Place, World, allowed, confirmed, on_both_engines, router, token, worker};
use crate::roles::give;
use axum::http::StatusCode;
use domain::status::AccessKind;
use domain::{FamilyId, WorkerId};
use service::people::WorkerForm;
use service::people::account::DEMO_PASSWORD;
use service::people::keeping::By;
use service::people::lock::LockForm;
use service::people::role::RoleForm;
use service::store::family::Family;

/// Somebody who works with a family of another team, and that family. They have looked at nothing yet.
async fn of_another_team(world: &World) -> (WorkerId, FamilyId) {
    let families = world.service.store().families().await.unwrap();
    let own = families.iter().find(|family| family.id == world.family).unwrap().team_id;
    let known = [world.worker, world.stranger, world.service_manager];
    let workers: Vec<WorkerId> = world.service.directory().await.unwrap().workers.keys().copied().collect();
    for worker in workers.into_iter().filter(|worker| !known.contains(worker)) {
        let viewer = world.service.viewer(worker).await.unwrap();
        let theirs = |family: &&Family| family.team_id != own && viewer.families.contains(&family.id);
        if let Some(family) = families.iter().find(theirs) {
            return (worker, family.id);
        }
    }
    panic!("the sample has two teams");
}

on_both_engines!(a_reviewer_reads_who_looked_in_every_team_answers_nothing_and_is_written_down);
async fn a_reviewer_reads_who_looked_in_every_team_answers_nothing_and_is_written_down(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let administrator = worker(service, "7008").await;
    service.make_administrator(By::Technician(administrator)).await.unwrap();
    world.opened_from_above().await;
    let colleague = service.viewer(world.worker).await.unwrap();
    service.looks_at_family(&colleague, world.family, (AccessKind::Family, ADDRESS)).await.unwrap();
    let of = async |family| service.store().family(family).await.unwrap().unwrap();
    let (other_team, theirs) = of_another_team(&world).await;
    assert_ne!(of(theirs).await.team(), of(world.family).await.team());
    let other = service.viewer(other_team).await.unwrap();
    service.looks_at_family(&other, theirs, (AccessKind::Family, ADDRESS)).await.unwrap();

    let (router, signed) = (router(service), token(service, world.stranger).await);
    let page = async |path: &str| {
        let (status, _, body, ..) = send(&router, get(path, Some(&signed))).await;
        (status, body)
    };
    let of_worker = |worker: WorkerId| format!("/access?of={worker}");
    for path in ["/openings".to_owned(), "/access".to_owned(), of_worker(world.worker)] {
        assert_eq!(page(&path).await.0, StatusCode::NOT_FOUND, "{path}, before they have the role");
    }
    let role = RoleForm {
        role: "reviewer".into(),
        worker: world.stranger.to_string(),
        ends: "1/12/2026".into(),
        ..RoleForm::default()
    };
    give(&world, administrator, role).await.unwrap();

    let reference = of(world.family).await.reference;
    let (status, openings) = page("/openings").await;
    assert_eq!(status, StatusCode::OK);
    assert!(openings.contains("I was asked to look") && openings.contains(&reference));
    assert!(!openings.contains("<form action=\"/api/opening"), "its manager answers, not the reviewer");
    let (_, looks) = page(&of_worker(world.worker)).await;
    assert!(looks.contains(&reference) && looks.contains("is allocated to the family"));
    let (_, looks) = page(&of_worker(other_team)).await;
    assert!(looks.contains(&of(theirs).await.reference), "another team's");

    // When somebody signed in and whose rights they changed: of everybody, for a manager of their own team's people.
    let signs_in = async |worker: WorkerId| {
        let email = service.store().account_of(worker).await.unwrap().unwrap().email;
        service.sign_in(&email, DEMO_PASSWORD, ADDRESS).await.unwrap();
    };
    signs_in(other_team).await;
    signs_in(world.worker).await;
    assert!(page(&of_worker(other_team)).await.1.contains("Signed in (password)"));
    let chair = service.viewer(world.chair).await.unwrap();
    let log = service.access_log(&chair).unwrap();
    let lately = crate::place::now() + chrono::TimeDelta::days(1);
    let of_no_family = async |worker| {
        let lines = service.accesses_of_worker(log, worker, lately, ADDRESS).await.unwrap();
        lines.iter().filter(|line| line.given.family_id.is_none()).count()
    };
    assert_eq!((of_no_family(other_team).await, of_no_family(world.worker).await), (0, 1), "their own team's people");

    // Each of these looks is written down, and so is who looked at the family, which they read once they opened it.
    let later = crate::place::now() + chrono::TimeDelta::days(1);
    let log_reads = async || {
        let entries = service.store().accesses_of_family(world.family, later, 200, "nothing").await.unwrap();
        let theirs = entries.into_iter().filter(|entry| entry.worker_id == world.stranger);
        theirs.filter(|entry| entry.what == AccessKind::AccessLog).map(|entry| entry.allowed_by).collect::<Vec<_>>()
    };
    assert_eq!(log_reads().await, ["reviews every team"; 2], "of the month and of the worker");
    let log = format!("/families/{}/access", world.family);
    assert_eq!(page(&log).await.0, StatusCode::NOT_FOUND, "without a reason");
    let reviewer = service.viewer(world.stranger).await.unwrap();
    let opener = service.opener(&reviewer).unwrap();
    let mine = confirmed(service, world.stranger).await;
    service.open_family(opener, mine, (&reference, "a complaint"), ADDRESS).await.unwrap();
    assert!(page(&format!("/families/{}", world.family)).await.1.contains(&log), "the way there");
    let (status, looks) = page(&log).await;
    assert_eq!(status, StatusCode::OK);
    assert!(looks.contains("is allocated to the family"));
    assert_eq!(log_reads().await.len(), 3);

    // Nothing is theirs to answer, and a locked family is in no list of theirs.
    let reviewer = service.viewer(world.stranger).await.unwrap();
    assert!(service.family_manager(&reviewer, world.family).await.is_err());
    let chair = service.viewer(world.chair).await.unwrap();
    let lock = LockForm { why: "a cousin works here".into(), named: Vec::new() };
    allowed!(service, service.family_locker(&chair, world.family).await, lock_family(&lock, ADDRESS)).unwrap();
    for path in ["/openings".to_owned(), of_worker(world.worker)] {
        let (status, body) = page(&path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!body.contains(&reference), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_entry_is_passed_over_between_two_pages_of_what_somebody_looked_at() {
    let place = Place::sqlite();
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let email = service.store().account_of(world.worker).await.unwrap().unwrap().email;
    service.sign_in(&email, DEMO_PASSWORD, ADDRESS).await.unwrap();
    let colleague = service.viewer(world.worker).await.unwrap();
    let full = usize::try_from(service::access::SHOWN).unwrap();
    for _ in 0..=full {
        service.looks_at_family(&colleague, world.family, (AccessKind::Family, ADDRESS)).await.unwrap();
    }
    let chair = service.viewer(world.chair).await.unwrap();
    let log = service.access_log(&chair).unwrap();
    let page = async |before| {
        let lines = service.accesses_of_worker(log, world.worker, before, ADDRESS).await.unwrap();
        (lines.iter().map(|line| line.given.what).collect::<Vec<_>>(), lines.last().unwrap().given.at)
    };
    let (first, until) = page(crate::place::now() + chrono::TimeDelta::days(1)).await;
    assert_eq!(first, vec![AccessKind::Family; full]);
    assert_eq!(page(until).await.0, [AccessKind::Family, AccessKind::SignedIn]);
}

on_both_engines!(a_changed_name_changes_no_entry_and_nobody_changes_their_own);
async fn a_changed_name_changes_no_entry_and_nobody_changes_their_own(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let colleague = service.viewer(world.worker).await.unwrap();
    service.looks_at_family(&colleague, world.family, (AccessKind::Family, ADDRESS)).await.unwrap();
    let support = service.viewer(world.record_taker).await.unwrap();
    let rename = async |worker: WorkerId, name: &str| {
        let keeper = service.directory_keeper(&support).unwrap();
        let form = service.worker_form(keeper, worker).await?;
        service.save_worker(keeper, Some(worker), &WorkerForm { name: name.into(), ..form }, ADDRESS).await
    };
    let refused = format!("{:?}", rename(world.record_taker, "Somebody Else").await.unwrap_err());
    assert!(refused.contains("their own name"), "{refused}");
    let refused = format!("{:?}", rename(world.chair, "Somebody Else").await.unwrap_err());
    assert!(refused.contains("of a manager"), "{refused}");
    rename(world.worker, "Quentin Quayside").await.unwrap();
    let chair = service.viewer(world.chair).await.unwrap();
    let log = service.family_access_log(&chair, world.family).await.unwrap();
    let lines = service.accesses_of_family(log, crate::place::now() + chrono::TimeDelta::days(1)).await.unwrap();
    let line = lines.iter().find(|line| line.given.worker_id == world.worker).unwrap();
    assert_eq!(line.by, "Julian Yardarm (now Quentin Quayside)");
}
