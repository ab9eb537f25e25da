//! Extracts into the database: dry runs, second loads, what people corrected by hand.

use crate::place::{ADDRESS, Place, allowed, family, now, on_both_engines, outside};
use record::Printers;
use service::Service;
use service::clock::Clock;
use service::import::Load;
use service::people::{AllocationForm, FamilyForm, PersonForm, WorkerForm};
use std::collections::BTreeMap;
use std::sync::Arc;

pub fn sample() -> BTreeMap<String, Vec<u8>> {
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
    real_at(place, now()).await
}

async fn real_at(place: &Place, at: chrono::DateTime<chrono::Utc>) -> Service {
    let clock = Clock::starting_at(at);
    Service::start(place.store().await, clock, false, Arc::new(Printers::default()), outside()).await.unwrap()
}

on_both_engines!(a_dry_run_changes_nothing_and_a_second_load_neither);
async fn a_dry_run_changes_nothing_and_a_second_load_neither(place: Place) {
    let service = real(&place).await;
    let files = edited("ssd_person.csv", "Imogen,Otterfold", "Imogen,Otterfield");
    let dry = service.import_ssd(&files, Load::DryRun).await.unwrap();
    assert!(dry.dry_run && !dry.changes_nothing());
    assert!(service.store().people().await.unwrap().is_empty());
    let first = service.import_ssd(&files, Load::Checked).await.unwrap();
    assert_eq!(first.changes, dry.changes);
    assert_eq!(first.changes["person"].new, 251);
    let people = service.store().people().await.unwrap();
    let second = service.import_ssd(&files, Load::Checked).await.unwrap();
    assert!(second.changes_nothing(), "{:?}", second.changes);
    assert_eq!(service.store().people().await.unwrap(), people);
    for (file, count) in &second.files {
        assert_eq!(count.rows, count.kept + count.repeated + count.left_out, "{file}");
    }
}

/// What an import could spoil: people, families with their teams, allocations, plans.
async fn what_is_known(service: &Service) -> String {
    let store = service.store();
    let mut plans = Vec::new();
    for team in store.teams().await.unwrap() {
        plans.extend(store.plans(team.id.uuid()).await.unwrap());
    }
    format!(
        "{:#?} {:#?} {:#?} {plans:#?}",
        store.people().await.unwrap(),
        store.families().await.unwrap(),
        store.all_allocations().await.unwrap()
    )
}

on_both_engines!(nothing_good_is_overwritten_by_what_cannot_be_read_or_is_not_there);
async fn nothing_good_is_overwritten_by_what_cannot_be_read_or_is_not_there(place: Place) {
    let service = real(&place).await;
    service.import_ssd(&edited("ssd_person.csv", "Otterfold", "Otterfield"), Load::Checked).await.unwrap();
    let known = what_is_known(&service).await;
    let with = |file: &str, change: &dyn Fn(&str) -> Option<String>| {
        let mut files = edited("ssd_person.csv", "Otterfold", "Otterfield");
        match change(&String::from_utf8(files[file].clone()).unwrap()) {
            Some(text) => files.insert(file.to_owned(), text.into_bytes()),
            None => files.remove(file),
        };
        files
    };
    let years_alone = |text: &str| -> Option<String> {
        let cell = |cell: &str| {
            if cell.len() >= 10 && cell.starts_with("20") { format!("in {}", &cell[..4]) } else { cell.to_owned() }
        };
        Some(text.lines().map(|line| line.split(',').map(cell).collect::<Vec<_>>().join(",") + "\n").collect())
    };
    for file in sample().into_keys().filter(|file| file != "ssd_person.csv") {
        for change in [&|_: &str| None, &|text: &str| text.lines().next().map(str::to_owned), &years_alone]
            as [&dyn Fn(&str) -> Option<String>; 3]
        {
            let report = service.import_ssd(&with(&file, change), Load::Checked).await.unwrap();
            assert_eq!(what_is_known(&service).await, known, "{file}");
            assert!(report.changes_nothing(), "{file}: {:?}", report.changes);
        }
    }
    service.import_ssd(&with("ssd_person.csv", &years_alone), Load::Checked).await.unwrap();
    assert_eq!(what_is_known(&service).await, known, "birth dates");
    // A file put right gives what a good first load gives.
    let again = service.import_ssd(&edited("ssd_person.csv", "Otterfold", "Otterfield"), Load::Checked).await.unwrap();
    assert!(again.changes_nothing(), "{:?}", again.changes);
}

on_both_engines!(a_worker_who_comes_in_a_later_extract_has_what_named_them_before);
async fn a_worker_who_comes_in_a_later_extract_has_what_named_them_before(place: Place) {
    let service = real(&place).await;
    let good = || edited("ssd_person.csv", "Otterfold", "Otterfield");
    let mut files = good();
    let text = String::from_utf8(files["ssd_professionals.csv"].clone()).unwrap();
    let without = text.lines().filter(|line| !line.starts_with("7023,")).collect::<Vec<_>>().join("\n");
    assert_ne!(without.lines().count(), text.lines().count());
    files.insert("ssd_professionals.csv".to_owned(), without.into_bytes());
    service.import_ssd(&files, Load::Checked).await.unwrap();
    let unnamed = async || {
        let allocations = service.store().all_allocations().await.unwrap();
        allocations.iter().filter(|row| row.unknown_worker == "7023" && row.worker_id.is_none()).count()
    };
    let count = unnamed().await;
    assert!(count > 0);
    let report = service.import_ssd(&good(), Load::Checked).await.unwrap();
    assert_eq!((unnamed().await, report.changes["allocation"].changed), (0, count));
    assert!(service.import_ssd(&good(), Load::Checked).await.unwrap().changes_nothing());
}

on_both_engines!(any_order_of_rows_is_the_same_load);
async fn any_order_of_rows_is_the_same_load(place: Place) {
    let service = real(&place).await;
    // Of two rows that contradict each other the first stays, so these have an order.
    let files = |reverse: bool| {
        let lines = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let mut rows: Vec<&str> = text.lines().filter(|line| !line.contains(",9000248,")).collect();
            if reverse {
                rows[1..].reverse();
            }
            rows.join("\n").into_bytes()
        };
        let files = edited("ssd_person.csv", "Otterfold", "Otterfield");
        files.into_iter().map(|(file, bytes)| (file, lines(&bytes))).collect::<BTreeMap<_, _>>()
    };
    service.import_ssd(&files(false), Load::Checked).await.unwrap();
    let again = service.import_ssd(&files(true), Load::Checked).await.unwrap();
    assert!(again.changes_nothing(), "{:?}", again.changes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_transfer_moves_the_family_on_its_day() {
    let place = Place::sqlite();
    let service = real(&place).await;
    let good = || edited("ssd_person.csv", "Otterfold", "Otterfield");
    service.import_ssd(&good(), Load::Checked).await.unwrap();
    let team = async |service: &Service| {
        let families = service.store().families().await.unwrap();
        families.into_iter().find(|family| family.reference == "FS-3046").unwrap().team_id
    };
    let before = team(&service).await;
    let mut files = good();
    let row = "809999,7014,CW,513,9000296,2026-12-15 00:00:00.000,,TSPROC,650999\n";
    files.get_mut("ssd_involvements.csv").unwrap().extend(row.bytes());
    service.import_ssd(&files, Load::Checked).await.unwrap();
    assert_eq!(team(&service).await, before, "three weeks before");
    let later = real_at(&place, now() + chrono::TimeDelta::days(22)).await;
    later.import_ssd(&files, Load::Checked).await.unwrap();
    assert_ne!(team(&later).await, before, "on its day");
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
    let report = service.import_ssd(&files, Load::Checked).await.unwrap();
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

    let report = service
        .import_ssd(&edited("ssd_person.csv", "Imogen,Otterfold", "Imogen,Otterfield"), Load::Checked)
        .await
        .unwrap();
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
    assert!(demo.import_ssd(&other, Load::Checked).await.is_err(), "a demo takes only its sample");
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
    service.import_ssd(&files, Load::Checked).await.unwrap();
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

on_both_engines!(each_field_follows_the_extract_unless_somebody_corrected_it_here);
async fn each_field_follows_the_extract_unless_somebody_corrected_it_here(place: Place) {
    let service = real(&place).await;
    let good = || edited("ssd_person.csv", "Otterfold", "Otterfield");
    service.import_ssd(&good(), Load::Checked).await.unwrap();
    let manager = service.viewer(crate::place::worker(&service, "7001").await).await.unwrap();
    let id = family(&service, "FS-3046").await;
    let card = async || allowed!(service, service.family_reader(&manager, id).await, family()).unwrap();
    let (child, was) = (card().await.children[0].id, card().await.children[0].name.clone());
    let row = async || {
        let people = service.store().people().await.unwrap();
        people.into_iter().find(|person| person.id == child).unwrap()
    };
    let key = row().await.source_id.unwrap();
    let form = allowed!(service, service.family_staff(&manager, id).await, person_form(child)).unwrap();
    let form = PersonForm { surname: "Corrected".into(), ..form };
    allowed!(service, service.family_staff(&manager, id).await, save_person(Some(child), &form)).unwrap();

    // A death is taken, though the surname was corrected; the surname stays, also when the extract's changes.
    let with = |surname: &str, died: &str| {
        let mut files = good();
        let text = String::from_utf8(files["ssd_person.csv"].clone()).unwrap();
        let line = text.lines().find(|line| line.contains(&format!(",{key},"))).unwrap().trim_end().to_owned();
        let mut cells: Vec<&str> = line.split(',').collect();
        (cells[4], cells[13]) = (surname, died);
        files.insert("ssd_person.csv".into(), text.replacen(&line, &cells.join(","), 1).into_bytes());
        files
    };
    let surname = row().await.surname;
    assert_eq!(surname, "Corrected");
    let before = String::from_utf8(good()["ssd_person.csv"].clone()).unwrap();
    let theirs =
        before.lines().find(|line| line.contains(&format!(",{key},"))).unwrap().split(',').nth(4).unwrap().to_owned();
    let report = service.import_ssd(&with(&theirs, "2026-11-20"), Load::Checked).await.unwrap();
    assert_eq!((row().await.surname, row().await.died.is_some()), ("Corrected".to_owned(), true), "{was}");
    assert_eq!(report.changes["person"].kept_by_hand, 0, "the extract says the same of it as before");
    let report = service.import_ssd(&with("Another", "2026-11-20"), Load::Checked).await.unwrap();
    assert_eq!((row().await.surname, report.changes["person"].kept_by_hand), ("Corrected".to_owned(), 1));
    let says = |words: &str| report.problems.iter().any(|problem| problem.says.contains(words));
    assert!(says("surname was corrected by hand here to \"Corrected\", and the extract now says \"Another\""));
}

on_both_engines!(rows_under_other_keys_are_the_same_rows_and_what_is_gone_is_asked_about);
async fn rows_under_other_keys_are_the_same_rows_and_what_is_gone_is_asked_about(place: Place) {
    let service = real(&place).await;
    let good = || edited("ssd_person.csv", "Otterfold", "Otterfield");
    service.import_ssd(&good(), Load::Checked).await.unwrap();
    let count = async || service.store().all_allocations().await.unwrap().len();
    let before = count().await;
    let mut files = good();
    for (file, first) in [("ssd_involvements.csv", "80"), ("ssd_cp_visits.csv", "72"), ("ssd_cp_plans.csv", "70")] {
        let text = String::from_utf8(files[file].clone()).unwrap();
        let text = text.replace(&format!("\n{first}"), &format!("\n1{first}"));
        files.insert(file.to_owned(), text.into_bytes());
    }
    let report = service.import_ssd(&files, Load::Checked).await.unwrap();
    assert_eq!(count().await, before);
    let allocations = &report.changes["allocation"];
    assert_eq!((allocations.new, allocations.changed, allocations.gone), (0, 0, 0), "{allocations:?}");
    assert_eq!(allocations.renumbered, before);
    assert!(service.import_ssd(&files, Load::Checked).await.unwrap().changes_nothing());

    // One row that is gone is asked about, and ends nothing.
    let open = |line: &&str| line.contains(",CW,") && line.split(',').nth(6) == Some("");
    let text = String::from_utf8(files["ssd_involvements.csv"].clone()).unwrap();
    let line = text.lines().find(open).unwrap().to_owned();
    let mut fewer = files.clone();
    fewer.insert("ssd_involvements.csv".into(), text.replacen(&format!("{line}\n"), "", 1).into_bytes());
    let report = service.import_ssd(&fewer, Load::Checked).await.unwrap();
    assert_eq!((report.changes["allocation"].gone_open, count().await), (1, before));
    assert!(report.problems.iter().any(|problem| problem.says.contains("has it ended?")));

    // Many at once are not taken without being asked for.
    let half: Vec<&str> = text.lines().enumerate().filter(|(n, _)| n % 2 == 0).map(|(_, line)| line).collect();
    fewer.insert("ssd_involvements.csv".into(), (half.join("\n") + "\n").into_bytes());
    let refused = service.import_ssd(&fewer, Load::Checked).await.unwrap_err().to_string();
    assert!(refused.contains("--accept-changes") && refused.contains("allocation"), "{refused}");
    service.import_ssd(&fewer, Load::Accepted).await.unwrap();
}
