//! Roles that are given, and families opened with a reason.

use crate::http::{get, send};
use crate::place::{ADDRESS, Place, World, allowed, by, confirmed, on_both_engines, router, token, worker};
use axum::http::StatusCode;
use domain::WorkerId;
use domain::meeting::Command;
use domain::policy::Ground;
use domain::status::{AccessKind, OpeningKind};
use service::ServiceError;
use service::people::keeping::By;
use service::people::lock::LockForm;
use service::people::role::{RoleForm, RoleState};

pub async fn give(world: &World, by: WorkerId, form: RoleForm) -> Result<(), String> {
    let viewer = world.service.viewer(by).await.unwrap();
    let service = &world.service;
    let days = (form.starts.as_str(), form.ends.as_str());
    allowed!(
        service,
        service.role_keeper(&viewer, &form, ADDRESS).await,
        give_role(confirmed(service, by).await, days, ADDRESS)
    )
    .map(drop)
    .map_err(|error| message(&error))
}

async fn end(world: &World, by: &domain::viewer::Viewer, id: domain::GrantId) -> Result<String, ServiceError> {
    allowed!(
        world.service,
        world.service.role_ender(by, id).await,
        end_role(confirmed(&world.service, by.worker).await, ADDRESS)
    )
}

fn message(error: &ServiceError) -> String {
    match error {
        ServiceError::Form(errors) => errors.iter().map(|(_, message)| message.clone()).collect(),
        other => other.to_string(),
    }
}

async fn team(world: &World) -> String {
    world.service.store().family(world.family).await.unwrap().unwrap().team_id.unwrap().to_string()
}

async fn role_of(world: &World, by: WorkerId, held: WorkerId) -> domain::GrantId {
    let viewer = world.service.viewer(by).await.unwrap();
    let roles = world.service.roles(world.service.role_reader(&viewer).unwrap()).await.unwrap();
    roles.iter().find(|role| role.row.worker_id == held && role.state == RoleState::Counts).unwrap().row.id
}

on_both_engines!(cover_opens_a_colleagues_families_until_it_ends_and_the_log_says_in_whose_place);
async fn cover_opens_a_colleagues_families_until_it_ends_and_the_log_says_in_whose_place(place: Place) {
    let world = World::planned(place.service().await).await;
    let cover = |worker: WorkerId, ends: &str, team: String| RoleForm {
        role: "cover".into(),
        worker: worker.to_string(),
        team,
        in_place_of: world.worker.to_string(),
        ends: ends.into(),
        ..RoleForm::default()
    };
    let team = team(&world).await;
    assert!(
        give(&world, world.chair, cover(world.stranger, "", team.clone())).await.unwrap_err().contains("until when")
    );
    assert!(give(&world, world.worker, cover(world.stranger, "1/12/2026", team.clone())).await.is_err(), "no manager");
    assert!(
        give(&world, world.chair, cover(world.worker, "1/12/2026", team.clone())).await.is_err(),
        "in their own place"
    );
    give(&world, world.chair, cover(world.stranger, "1/12/2026", team.clone())).await.unwrap();
    assert!(give(&world, world.chair, cover(world.stranger, "1/12/2026", team)).await.unwrap_err().contains("already"));

    let viewer = world.service.viewer(world.stranger).await.unwrap();
    let reader = world.service.family_reader(&viewer, world.family).await.unwrap();
    assert_eq!(reader.ground(), Ground::Covers);
    assert!(reader.staff().is_none());
    let (router, signed) = (router(&world.service), token(&world.service, world.stranger).await);
    let page = format!("/families/{}", world.family);
    assert_eq!(send(&router, get(&page, Some(&signed))).await.0, StatusCode::OK);
    let later = crate::place::now() + chrono::TimeDelta::days(1);
    let looks = world.service.store().accesses_of_family(world.family, later, 10, "nothing").await.unwrap();
    let look = looks.iter().find(|look| look.worker_id == world.stranger && look.what == AccessKind::Family).unwrap();
    assert_eq!(look.on_behalf_of, Some(world.worker.uuid()));

    let manager = world.service.viewer(world.chair).await.unwrap();
    let id = role_of(&world, world.chair, world.stranger).await;
    assert!(end(&world, &world.service.viewer(world.record_taker).await.unwrap(), id).await.is_err());
    end(&world, &manager, id).await.unwrap();
    assert_eq!(send(&router, get(&page, Some(&signed))).await.0, StatusCode::NOT_FOUND, "ended at once");
}

on_both_engines!(a_deputy_manages_the_team_and_makes_no_deputies);
async fn a_deputy_manages_the_team_and_makes_no_deputies(place: Place) {
    let world = World::planned(place.service().await).await;
    let team = team(&world).await;
    let deputy = |worker: WorkerId, ends: &str| RoleForm {
        role: "deputy".into(),
        worker: worker.to_string(),
        team: team.clone(),
        ends: ends.into(),
        ..RoleForm::default()
    };
    assert!(give(&world, world.chair, deputy(world.worker, "1/12/2028")).await.unwrap_err().contains("longer"));
    assert!(give(&world, world.chair, deputy(world.chair, "1/12/2026")).await.unwrap_err().contains("themselves"));
    give(&world, world.chair, deputy(world.worker, "1/12/2026")).await.unwrap();
    let viewer = world.service.viewer(world.worker).await.unwrap();
    assert!(world.service.family_manager(&viewer, world.family).await.is_ok());
    assert!(give(&world, world.worker, deputy(world.stranger, "1/12/2026")).await.is_err());
    // Whoever holds a role gives it back.
    end(&world, &viewer, role_of(&world, world.chair, world.worker).await).await.unwrap();
    let viewer = world.service.viewer(world.worker).await.unwrap();
    assert!(world.service.family_manager(&viewer, world.family).await.is_err());
}

on_both_engines!(administrators_keep_people_and_read_no_family_and_two_of_them_stay);
async fn administrators_keep_people_and_read_no_family_and_two_of_them_stay(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let administrator =
        |worker: WorkerId| RoleForm { role: "administrator".into(), worker: worker.to_string(), ..RoleForm::default() };
    assert!(give(&world, world.chair, administrator(world.worker)).await.is_err(), "no manager makes one");
    let (first, second, third) = (world.stranger, worker(service, "7008").await, worker(service, "7023").await);
    service.make_administrator(By::Technician(first)).await.unwrap();
    assert_eq!(service.administrators().await.unwrap().len(), 1);
    assert!(give(&world, first, administrator(first)).await.is_err(), "to themselves");
    give(&world, first, administrator(second)).await.unwrap();
    give(&world, first, administrator(third)).await.unwrap();

    let viewer = service.viewer(first).await.unwrap();
    assert!(service.family_reader(&viewer, world.family).await.is_err());
    assert!(service.account_keeper(&viewer, world.chair).await.is_ok(), "managers' accounts are theirs");
    assert!(service.account_keeper(&viewer, first).await.is_err(), "their own is not");
    let keeper = service.directory_keeper(&viewer).unwrap();
    let mut own = service.worker_form(keeper, first).await.unwrap();
    own.discipline = "team_manager".into();
    own.team = team(&world).await;
    assert!(
        service.save_worker(keeper, Some(first), &own, ADDRESS).await.is_err(),
        "no discipline with rights for themselves"
    );

    // Three, two; and no fewer.
    end(&world, &viewer, role_of(&world, first, third).await).await.unwrap();
    let refused = end(&world, &viewer, role_of(&world, first, second).await).await.unwrap_err();
    assert!(message(&refused).contains("must be 2 administrators"), "{refused:?}");
    assert_eq!(service.administrators().await.unwrap().len(), 2);
}

on_both_engines!(whoever_keeps_rights_is_told_what_a_colleague_changed_of_them);
async fn whoever_keeps_rights_is_told_what_a_colleague_changed_of_them(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let team = team(&world).await;
    let told = async |worker: WorkerId| -> Vec<String> {
        let viewer = service.viewer(worker).await.unwrap();
        let lines = service.rights_changed_lately(&viewer).await.unwrap();
        lines.into_iter().map(|(_, words)| words).collect()
    };
    let (first, second) = (world.stranger, worker(service, "7008").await);
    for administrator in [first, second] {
        service.make_administrator(By::Technician(administrator)).await.unwrap();
    }
    // A manager who is invented by one administrator is seen by the other, and by the manager who is there.
    let viewer = service.viewer(first).await.unwrap();
    let keeper = service.directory_keeper(&viewer).unwrap();
    let invented = service::people::WorkerForm {
        name: "An Inventor".into(),
        discipline: "team_manager".into(),
        team: team.clone(),
        ..Default::default()
    };
    service.save_worker(keeper, None, &invented, ADDRESS).await.unwrap();
    let form = RoleForm {
        role: "reviewer".into(),
        worker: world.worker.to_string(),
        ends: "1/12/2026".into(),
        ..RoleForm::default()
    };
    give(&world, first, form).await.unwrap();
    let seen = told(second).await;
    assert!(seen.iter().any(|line| line.contains("changed the discipline of An Inventor: team manager")), "{seen:?}");
    assert!(seen.iter().any(|line| line.contains("reviewer")), "{seen:?}");
    let seen = told(world.chair).await;
    assert!(seen.len() == 1 && seen[0].contains("An Inventor"), "their own team's alone: {seen:?}");
    // Nobody is told what they did themselves, and whoever keeps no rights is told nothing.
    assert_eq!(told(first).await, Vec::<String>::new());
    assert_eq!(told(world.worker).await, Vec::<String>::new());
}

on_both_engines!(a_family_opened_in_an_emergency_is_read_for_an_hour_told_and_reviewed);
async fn a_family_opened_in_an_emergency_is_read_for_an_hour_told_and_reviewed(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let stranger = service.viewer(world.stranger).await.unwrap();
    let opener = || service.opener(&stranger).unwrap();
    let reference = service.store().family(world.family).await.unwrap().unwrap().reference;
    let open = async |reference: &str, reason: &str| {
        service
            .open_family(opener(), confirmed(service, world.stranger).await, (reference, reason), "192.0.2.7")
            .await
            .map_err(|error| message(&error))
    };
    assert!(open(&reference, " ").await.unwrap_err().contains("reason"));
    let unknown = open("FS-0000", "the school rang").await.unwrap_err();
    assert_eq!(open(&reference.to_lowercase(), "the school rang").await, Ok(world.family));

    let (router, signed) = (router(service), token(service, world.stranger).await);
    let page = format!("/families/{}", world.family);
    let (status, _, body, ..) = send(&router, get(&page, Some(&signed))).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("You have this family open until"));
    assert_eq!(send(&router, get(&format!("{page}/edit"), Some(&signed))).await.0, StatusCode::NOT_FOUND);
    let reader = service.family_reader(&stranger, world.family).await.unwrap();
    assert_eq!(reader.ground(), Ground::Opened(OpeningKind::Emergency));
    assert!(service.chapter_form(reader).await.unwrap().is_none(), "reads, writes nothing");
    let later = crate::place::now() + chrono::TimeDelta::days(1);
    let looks = service.store().accesses_of_family(world.family, later, 10, "nothing").await.unwrap();
    let theirs: Vec<_> = looks.iter().filter(|look| look.worker_id == world.stranger).map(|look| look.what).collect();
    assert!(theirs.contains(&AccessKind::Opened) && theirs.contains(&AccessKind::Family), "{theirs:?}");
    let opened = looks.iter().find(|look| look.what == AccessKind::Opened).unwrap();
    assert_eq!(opened.made_for, "the school rang", "the reason is in the chain");

    // Everybody on the family is told, and its manager reviews it, once.
    let allocated = token(service, world.worker).await;
    let (_, _, body, ..) = send(&router, get(&page, Some(&allocated))).await;
    assert!(body.contains("the school rang"));
    let chair = service.viewer(world.chair).await.unwrap();
    let (log, month) = (service.access_log(&chair).unwrap(), service.this_month());
    let lines = service.openings(log, month).await.unwrap();
    assert_eq!(lines.iter().filter(|line| line.waits()).count(), 1);
    let id = lines[0].opening.id;
    let review =
        async || allowed!(service, service.family_manager(&chair, world.family).await, review_opening(id, "rightly"));
    review().await.unwrap();
    assert!(review().await.is_err(), "reviewed already");

    allowed!(service, service.family_reader(&stranger, world.family).await, close_family()).unwrap();
    assert_eq!(send(&router, get(&page, Some(&signed))).await.0, StatusCode::NOT_FOUND, "closed");
    // Whoever asks without a reason is written down, and its manager sees that.
    let mut refused = Vec::new();
    for _ in 0..100 {
        refused = service.refusals(log, month).await.unwrap();
        if !refused.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(refused.iter().map(|line| line.worker).collect::<Vec<_>>(), [world.stranger]);
    // What the manager found stays with it; once, and only of somebody who asked.
    let day = refused[0].day();
    let answer = async |who, words: &str| {
        let manager = service.family_manager(&chair, world.family).await;
        allowed!(service, manager, answer_refusal((who, day), words)).map_err(|error| message(&error))
    };
    assert!(answer(world.stranger, " ").await.unwrap_err().contains("What you found"));
    assert!(answer(world.worker, "a wrong link").await.is_err(), "they did not ask");
    answer(world.stranger, "a wrong link").await.unwrap();
    assert!(answer(world.stranger, "something else").await.is_err(), "answered already");
    let refused = service.refusals(log, month).await.unwrap();
    assert_eq!(refused[0].answer, Some(("Zara Northlight".to_owned(), "a wrong link".to_owned())));
    let before = month.before().unwrap();
    assert!(service.refusals(log, before).await.unwrap().is_empty(), "each month has its own");
    assert!(service.openings(log, before).await.unwrap().is_empty());
    // A locked family cannot be told from one that is not there.
    let lock = LockForm { why: "a cousin works here".into(), named: Vec::new() };
    allowed!(service, service.family_locker(&chair, world.family).await, lock_family(&lock, ADDRESS)).unwrap();
    let stranger = service.viewer(world.stranger).await.unwrap();
    let opener = service.opener(&stranger).unwrap();
    let locked = service
        .open_family(opener, confirmed(service, world.stranger).await, (&reference, "the school rang"), "192.0.2.7")
        .await
        .unwrap_err();
    assert_eq!(message(&locked), unknown);
}

on_both_engines!(who_is_not_named_writes_nothing_into_a_locked_family_either);
async fn who_is_not_named_writes_nothing_into_a_locked_family_either(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let draft = domain::meeting::StepDraft {
        what: "Ring the school".into(),
        owner: domain::meeting::Owner::Worker { worker: world.worker },
        with: String::new(),
        due: None,
        children: Default::default(),
        measure: String::new(),
    };
    let step = domain::StepId::new(service.new_uuid());
    world.act(world.chair, Command::AddStep { slot: world.slot, step, draft }).await;
    world.act(world.chair, Command::EverybodyHere { slot: world.slot }).await;
    let chair = service.viewer(world.chair).await.unwrap();
    world.opened_from_above().await;
    let other = service.viewer(world.service_manager).await.unwrap();
    let lock = LockForm { why: "a cousin works here".into(), named: Vec::new() };
    let discussed = allowed!(service, service.family_locker(&other, world.family).await, lock_family(&lock, ADDRESS));
    assert!(message(&discussed.unwrap_err()).contains("is being discussed"), "who chairs could not finish it");
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    let before = service.viewer(world.worker).await.unwrap();
    assert_eq!(service.my_steps(&before).await.unwrap().len(), 1);

    allowed!(service, service.family_locker(&chair, world.family).await, lock_family(&lock, ADDRESS)).unwrap();
    let worker = service.viewer(world.worker).await.unwrap();
    assert!(service.my_steps(&worker).await.unwrap().is_empty());
    let taker = service.viewer(world.record_taker).await.unwrap();
    for who in [&worker, &taker] {
        let answered = service.answer_step(who, step, true, "done").await;
        assert!(matches!(answered, Err(ServiceError::NotFound)), "{answered:?}");
        let command = domain::CommandId::new(service.new_uuid());
        let late = world.file_late(who, world.slot, command, "late words").await;
        assert!(matches!(late, Err(ServiceError::NotFound)), "{late:?}");
    }
    // Nobody opens it through the account of somebody who is named, and a technician unlocks what all named have left.
    let keeps = service.account_keeper(&chair, world.worker).await.is_ok();
    let named = LockForm { named: vec![world.worker.to_string()], ..lock };
    allowed!(service, service.family_locker(&chair, world.family).await, lock_family(&named, ADDRESS)).unwrap();
    let unnamed = service.viewer(world.service_manager).await.unwrap();
    assert!(keeps && service.account_keeper(&unnamed, world.worker).await.is_err());
    service.unlock_for_technician("fs-3046").await.unwrap();
    let taker = service.viewer(world.record_taker).await.unwrap();
    assert!(service.family_reader(&taker, world.family).await.is_ok());
}

on_both_engines!(no_sequence_of_acts_gives_oneself_rights);
async fn no_sequence_of_acts_gives_oneself_rights(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let team = team(&world).await;
    let chair = service.viewer(world.chair).await.unwrap();
    // A link made before a promotion is of no use after it.
    let colleague = worker(service, "7008").await;
    let keeper = service.account_keeper(&chair, colleague).await.unwrap();
    let link = service.new_link(by(service, keeper).await, "192.0.2.7".into()).await.unwrap();
    let first = worker(service, "7023").await;
    service.make_administrator(By::Technician(first)).await.unwrap();
    let administrator = RoleForm { role: "administrator".into(), worker: colleague.to_string(), ..RoleForm::default() };
    let for_a_day = RoleForm { ends: "30/11/2026".into(), ..administrator.clone() };
    assert!(give(&world, first, for_a_day).await.unwrap_err().contains("no last day"));
    give(&world, first, administrator).await.unwrap();
    assert!(service.choose_password(&link.code, "three quiet words", "192.0.2.7".into()).await.is_err());

    // A deputy locks nothing, takes nothing along, and gives nothing that lasts longer.
    let deputy = RoleForm {
        role: "deputy".into(),
        worker: world.worker.to_string(),
        team: team.clone(),
        ends: "1/12/2026".into(),
        ..RoleForm::default()
    };
    let far = RoleForm { starts: "1/6/2027".into(), ends: "1/9/2027".into(), ..deputy.clone() };
    assert!(give(&world, world.chair, far).await.unwrap_err().contains("three months"));
    give(&world, world.chair, deputy).await.unwrap();
    let viewer = service.viewer(world.worker).await.unwrap();
    assert!(service.family_manager(&viewer, world.family).await.is_ok());
    assert!(service.family_locker(&viewer, world.family).await.is_err());
    let cover = RoleForm {
        role: "cover".into(),
        worker: world.stranger.to_string(),
        team,
        in_place_of: colleague.to_string(),
        ends: "2/12/2026".into(),
        ..RoleForm::default()
    };
    assert!(give(&world, world.worker, cover).await.unwrap_err().contains("longer than your own"));
    for who in [world.worker, world.record_taker] {
        let viewer = service.viewer(who).await.unwrap();
        let own = service::people::AllocationForm { worker: who.to_string(), ..Default::default() };
        let refused =
            allowed!(service, service.family_staff(&viewer, world.family).await, allocate(&own, ADDRESS)).unwrap_err();
        assert!(message(&refused).contains("Nobody allocates themselves"), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reviewer_has_open_closes_with_the_role() {
    let place = Place::sqlite();
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let first = worker(service, "7023").await;
    service.make_administrator(By::Technician(first)).await.unwrap();
    let reviewer = RoleForm {
        role: "reviewer".into(),
        worker: world.stranger.to_string(),
        ends: "1/12/2026".into(),
        ..RoleForm::default()
    };
    give(&world, first, reviewer).await.unwrap();
    let viewer = service.viewer(world.stranger).await.unwrap();
    let reference = service.store().family(world.family).await.unwrap().unwrap().reference;
    let confirmed = confirmed(service, world.stranger).await;
    service
        .open_family(service.opener(&viewer).unwrap(), confirmed, (&reference, "inspection"), "192.0.2.7")
        .await
        .unwrap();
    assert!(service.family_reader(&viewer, world.family).await.is_ok());
    let id = role_of(&world, first, world.stranger).await;
    end(&world, &service.viewer(first).await.unwrap(), id).await.unwrap();
    let viewer = service.viewer(world.stranger).await.unwrap();
    assert!(service.family_reader(&viewer, world.family).await.is_err());
}
