//! Extracts into the database: dry runs, second loads, what people corrected by hand.

use crate::place::{ADDRESS, Place, allowed, family, now, on_both_engines, outside};
use record::Printers;
use service::Service;
use service::clock::Clock;
use service::people::{AllocationForm, FamilyForm, PersonForm, WorkerForm};
use std::collections::BTreeMap;
use std::sync::Arc;

fn sample() -> BTreeMap<String, Vec<u8>> {
    service::import::sample()
}

fn edited(file: &str, from: &str, to: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = sample();
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(from), "{from}");
    files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    files
}

pub async fn real(place: &Place) -> Service {
    Service::start(place.store().await, Clock::starting_at(now()), false, Arc::new(Printers::default()), outside())
        .await
        .unwrap()
}

on_both_engines!(a_dry_run_changes_nothing_and_a_second_load_neither);
async fn a_dry_run_changes_nothing_and_a_second_load_neither(place: Place) {
    let service = real(&place).await;
    let files = edited("ssd_person.csv", "Imogen,Otterfold", "Imogen,Otterfield");
    let dry = service.import_ssd(&files, true).await.unwrap();
    assert!(dry.dry_run && !dry.changes_nothing());
    assert!(service.store().people().await.unwrap().is_empty());
    let first = service.import_ssd(&files, false).await.unwrap();
    assert_eq!(first.changes, dry.changes);
    assert_eq!(first.changes["person"].new, 251);
    let people = service.store().people().await.unwrap();
    let second = service.import_ssd(&files, false).await.unwrap();
    assert!(second.changes_nothing(), "{:?}", second.changes);
    assert_eq!(service.store().people().await.unwrap(), people);
    for (file, count) in &second.files {
        assert_eq!(count.rows, count.kept + count.repeated + count.left_out, "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hand_corrections_outlive_a_changed_extract_and_matches_are_proposed() {
    let place = Place::sqlite();
    let service = place.service().await;
    let chair = service.viewer(crate::place::worker(&service, "7001").await).await.unwrap();
    let id = family(&service, "FS-3046").await;
    let card = allowed!(service, service.family_reader(&chair, id).await, family()).unwrap();
    let (child, was) = (card.children[0].id, card.children[0].name.clone());
    let form = allowed!(service, service.family_staff(&chair, id).await, person_form(child)).unwrap();
    allowed!(
        service,
        service.family_staff(&chair, id).await,
        save_person(Some(child), &PersonForm { forename: "Corrected".into(), ..form })
    )
    .unwrap();
    // The demo takes only its sample, so the changed extract comes to the same database as a real one would.
    let mut tx = service.store().begin().await.unwrap();
    tx.set("demo", "no").await.unwrap();
    tx.commit().await.unwrap();
    let service = real(&place).await;
    let files = edited("ssd_person.csv", &was, "Changed");
    let report = service.import_ssd(&files, false).await.unwrap();
    assert_eq!(report.changes["person"].kept_by_hand, 1);
    assert!(report.problems.iter().any(|problem| problem.says.contains("corrected by hand here")));
    assert_eq!(
        allowed!(service, service.family_reader(&chair, id).await, family()).unwrap().child_name(child),
        "Corrected"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_added_by_hand_and_a_later_import_proposes_matches() {
    let place = Place::sqlite();
    let service = real(&place).await;
    let team = service::store::worker::Team {
        id: domain::TeamId::new(service.new_uuid()),
        source_id: None,
        name: "North".into(),
        parent: String::new(),
    };
    let manager = domain::WorkerId::new(service.new_uuid());
    let mut tx = service.store().begin().await.unwrap();
    tx.keep_team(&team).await.unwrap();
    tx.keep_worker(&service::store::worker::Worker {
        id: manager,
        source_id: None,
        staff_id: String::new(),
        name: "M. Anager".into(),
        job_title: String::new(),
        discipline: "team_manager".into(),
        team_id: Some(team.id.uuid()),
        by_hand: true,
        in_post_since: chrono::DateTime::UNIX_EPOCH,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    service.rights_changed().await.unwrap();
    let viewer = service.viewer(manager).await.unwrap();
    let form = FamilyForm { reference: "FS-1".into(), team: team.id.to_string(), discussed: "27/10/2026".into() };
    let id = allowed!(service, service.staff(&viewer), save_family(None, &form)).unwrap();
    assert!(
        allowed!(service, service.staff(&viewer), save_family(None, &form)).is_err(),
        "a reference is one family's"
    );
    let father = PersonForm {
        forename: "Kieran".into(),
        surname: "Rookery-Sample".into(),
        adult: true,
        relation: "father of Noah".into(),
        ..PersonForm::default()
    };
    allowed!(service, service.family_staff(&viewer, id).await, save_person(None, &father)).unwrap();
    let unborn = PersonForm { expected: "14/2/2027".into(), ..PersonForm::default() };
    allowed!(service, service.family_staff(&viewer, id).await, save_person(None, &unborn)).unwrap();
    let nurse = WorkerForm { name: "Nadia Quoin".into(), discipline: "mental_health".into(), ..WorkerForm::default() };
    let nurse = allowed!(service, service.directory_keeper(&viewer), save_worker(None, &nurse, ADDRESS)).unwrap();
    allowed!(
        service,
        service.family_staff(&viewer, id).await,
        allocate(&AllocationForm { worker: nurse.to_string(), ..AllocationForm::default() }, ADDRESS)
    )
    .unwrap();
    let seen = allowed!(
        service,
        service.family_reader(&service.viewer(nurse).await.unwrap().as_ref().clone(), id).await,
        family()
    )
    .unwrap();
    assert_eq!(seen.children_line(), "unborn, due 14 February 2027");
    assert_eq!(seen.discussed_words, "28 days ago");
    let due = allowed!(service, service.team_staff(&viewer, team.id), due(service.clock().today())).unwrap();
    assert!(due.iter().any(|family| family.id == id && !family.overdue), "by hand, without any import");

    let report =
        service.import_ssd(&edited("ssd_person.csv", "Imogen,Otterfold", "Imogen,Otterfield"), false).await.unwrap();
    let proposes = |what: &str| report.problems.iter().any(|problem| problem.says.contains(what));
    assert!(proposes("Kieran Rookery-Sample was added by hand and may be person"));
    assert!(proposes("Nadia Quoin was added by hand and may be worker"));
    let after = allowed!(service, service.family_reader(&viewer, id).await, family()).unwrap();
    assert_eq!(after.adults.len(), 1, "nobody was merged");
}

#[tokio::test(flavor = "multi_thread")]
async fn demo_and_real_are_never_mixed() {
    let place = Place::sqlite();
    let demo = place.service().await;
    let other = edited("ssd_person.csv", "Imogen,Otterfold", "Imogen,Otterfield");
    assert!(demo.import_ssd(&other, false).await.is_err(), "a demo takes only its sample");
    let store = place.store().await;
    assert!(
        Service::start(store.clone(), Clock::default(), false, Arc::new(Printers::default()), outside()).await.is_err()
    );
    let mut tx = store.begin().await.unwrap();
    tx.set("demo", "no").await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        Service::start(store, Clock::default(), true, Arc::new(Printers::default()), outside()).await.is_err(),
        "a real one refuses --demo"
    );
}

on_both_engines!(a_stand_in_holds_children_and_nothing_else);
async fn a_stand_in_holds_children_and_nothing_else(place: Place) {
    use domain::meeting::Command;
    use domain::template::STAND_IN;
    use service::meeting::room::Outcome;
    use service::meeting::{NewMeeting, PlannedFamily};
    let service = real(&place).await;
    // The worker 7002 is allocated to FS-3046; here nobody has been found yet.
    let files = edited("ssd_professionals.csv", "Julian Yardarm", "Duty Worker");
    service.import_ssd(&files, false).await.unwrap();
    let stand_in = crate::place::worker(&service, "7002").await;
    let chair = service.viewer(crate::place::worker(&service, "7001").await).await.unwrap();
    let directory = service.directory().await.unwrap();
    assert_eq!(directory.workers[&stand_in].discipline, STAND_IN);
    let id = family(&service, "FS-3046").await;
    let card = allowed!(service, service.family_reader(&chair, id).await, family()).unwrap();
    assert!(card.allocated.iter().any(|who| who.worker == Some(stand_in)), "the children are theirs to hold");

    let team = chair.manages.iter().next().copied().unwrap();
    let offered = directory.offered(Some(team));
    assert!(!offered.contains(&stand_in));
    let own = |worker: &domain::WorkerId| directory.workers[worker].team_id == Some(team.uuid());
    let of_team = offered.iter().take_while(|worker| own(worker)).count();
    assert!(of_team > 0 && !offered[of_team..].iter().any(own), "the team's own first");
    let form = AllocationForm { worker: stand_in.to_string(), ..AllocationForm::default() };
    assert!(allowed!(service, service.family_staff(&chair, id).await, allocate(&form, ADDRESS)).is_err());

    let plan = |chair_: domain::WorkerId, record_taker| NewMeeting {
        team,
        held_on: service.clock().today(),
        starts: chrono::NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
        booked: 180,
        place: String::new(),
        template: String::new(),
        chair: chair_,
        record_taker,
        families: vec![PlannedFamily { family: id, minutes: 45 }],
    };
    assert!(
        allowed!(service, service.team_staff(&chair, plan(stand_in, None).team), plan_meeting(&plan(stand_in, None)))
            .is_err()
    );
    assert!(
        allowed!(
            service,
            service.team_staff(&chair, plan(chair.worker, Some(stand_in)).team),
            plan_meeting(&plan(chair.worker, Some(stand_in)))
        )
        .is_err()
    );
    let meeting = allowed!(
        service,
        service.team_staff(&chair, plan(chair.worker, None).team),
        plan_meeting(&plan(chair.worker, None))
    )
    .unwrap();
    let slot =
        allowed!(service, service.meeting_reader(&chair, meeting).await, meeting_page(None)).unwrap().room.slots[0].id;
    let act = async |command: Command| {
        let id = domain::CommandId::new(service.new_uuid());
        service.act(&chair, meeting, id, service::meeting::Request::Command(command)).await.unwrap()
    };
    act(Command::Open).await;
    act(Command::Start { slot, seen: None, decision: domain::DecisionId::new(service.new_uuid()) }).await;
    let page = allowed!(service, service.meeting_reader(&chair, meeting).await, meeting_page(None)).unwrap();
    assert!(!page.room.slot(slot).unwrap().members.contains_key(&stand_in), "nobody is asked to speak");
    assert!(!page.offered.contains(&stand_in));
    for refused in [
        Command::BringIn { slot, worker: stand_in, why: "x".into() },
        Command::HandOverChair { to: stand_in },
        Command::HandOverRecord { seen: None, to: Some(stand_in) },
    ] {
        assert!(matches!(act(refused).await, Outcome::Refused { .. }));
    }
    assert!(
        !allowed!(service, service.meeting_reader(&chair, meeting).await, meeting_page(None))
            .unwrap()
            .offered
            .contains(&stand_in)
    );
}
