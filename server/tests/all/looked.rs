//! Who looked at what: every look is written down before it is answered, and what was written down stays as it was.

use crate::http::{get, post, send};
use crate::place::{ADDRESS, Place, World, allowed, confirmed, now, on_both_engines, router, token};
use crate::record::{KEY, finished, records};
use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::document::copy::Recipient;
use domain::meeting::Command;
use domain::policy::AccessLogReader;
use domain::status::AccessKind;
use domain::viewer::Viewer;
use service::access::{AccessEntry, verify};
use service::people::AllocationForm;
use service::people::account::DEMO_PASSWORD;
use service::people::role::RoleForm;
use service::seal::{SealKey, change_key};

async fn looks(world: &World) -> Vec<AccessEntry> {
    world.service.store().accesses_of_family(world.family, now() + TimeDelta::days(400), 1000, "nothing").await.unwrap()
}

async fn broken(world: &World) -> Vec<String> {
    verify(world.service.store(), &SealKey::new(KEY)).await.unwrap().broken
}

on_both_engines!(a_look_is_written_down_with_why_it_was_allowed_and_from_where);
async fn a_look_is_written_down_with_why_it_was_allowed_and_from_where(place: Place) {
    let world = finished(place.service().await).await;
    let router = router(&world.service);
    let (record, family) = (records(&world).await[0].id, world.family);
    let before = looks(&world).await.len();
    for (who, path, status) in [
        (world.chair, format!("/families/{family}"), StatusCode::OK),
        (world.worker, format!("/records/{record}"), StatusCode::OK),
        (world.stranger, format!("/families/{family}"), StatusCode::NOT_FOUND),
        (world.stranger, format!("/families/{}", uuid::Uuid::nil()), StatusCode::NOT_FOUND),
    ] {
        let signed = token(&world.service, who).await;
        assert_eq!(send(&router, get(&path, Some(&signed))).await.0, status, "{path}");
    }
    // A refusal is written down beside its answer.
    for _ in 0..100 {
        if looks(&world).await.len() == before + 3 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let said: Vec<_> = looks(&world).await.into_iter().collect();
    let found = |who, what| {
        let of = said.iter().find(|entry| entry.worker_id == who && entry.what == what);
        of.map(|entry| (entry.allowed_by.as_str(), entry.record_id.is_some(), !entry.address.is_empty()))
    };
    assert_eq!(said.len(), before + 3);
    assert_eq!(found(world.chair, AccessKind::Family), Some(("manages the family’s team", false, true)));
    assert_eq!(found(world.worker, AccessKind::Record), Some(("is allocated to the family", true, true)));
    assert_eq!(found(world.stranger, AccessKind::Refused), Some(("", false, true)));
    let (viewer, meeting) = (world.service.viewer(world.worker).await.unwrap(), world.meeting);
    assert!(world.service.records_read(&viewer, meeting).await.unwrap().contains_key(&record));
    assert_eq!(broken(&world).await, Vec::<String>::new());
}

on_both_engines!(whoever_asks_for_what_is_not_theirs_is_written_down_however_they_ask);
async fn whoever_asks_for_what_is_not_theirs_is_written_down_however_they_ask(place: Place) {
    let world = finished(place.service().await).await;
    let service = &world.service;
    let router = router(service);
    let (record, family) = (records(&world).await[0].id, world.family);
    let signed = token(service, world.stranger).await;
    let refusals = async || {
        let entries = looks(&world).await.into_iter();
        entries.filter(|entry| entry.worker_id == world.stranger && entry.what == AccessKind::Refused).count()
    };
    let step = format!("record={record}&part=meaning&text=x");
    let archive = format!("/families/{family}/children/{}/archive", uuid::Uuid::nil());
    let mut before = 0;
    let pages = [
        (format!("/families/{family}"), "page"),
        (format!("/families/{family}/edit"), "edit"),
        (format!("/families/{family}/people/new"), "people"),
        (format!("/families/{family}/allocate"), "allocate"),
        (format!("/families/{family}/lock"), "lock"),
        (format!("/families/{family}/access"), "access"),
        (archive, "archive"),
        (format!("/records/{record}"), "page"),
        (format!("/records/{record}/sign"), "sign"),
        (format!("/records/{record}/copy"), "copy"),
        (format!("/records/{record}/files/pdf?for=file"), "files"),
        // What is nowhere is no family's.
        (format!("/records/{}/files/pdf?for=file", uuid::Uuid::nil()), ""),
        (format!("/families/{}/edit", uuid::Uuid::nil()), ""),
    ]
    .map(|(path, part)| (get(&path, Some(&signed)), part));
    let forms = [
        ("/api/record/correct", step, "form"),
        ("/api/chapter/save", format!("family={family}&place[]=summary&text[]=x&base[]=0"), "form"),
        ("/api/family/save", format!("id={family}&reference=x&team=&discussed="), "form"),
        ("/api/chapter/save", format!("family={}&place[]=summary&text[]=x&base[]=0", uuid::Uuid::nil()), ""),
    ]
    .map(|(path, form, part)| (post(path, Some(&signed), &form), part));
    let mut parts = Vec::new();
    for (request, part) in pages.into_iter().chain(forms) {
        let refused = !part.is_empty();
        let asked = request.uri().to_string();
        send(&router, request).await;
        for _ in 0..100 {
            if !refused || refusals().await > before {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let now = refusals().await;
        assert_eq!(now, before + usize::from(refused), "{asked}");
        if refused {
            parts.push(part);
        }
        let written = looks(&world).await.into_iter().filter(|entry| entry.what == AccessKind::Refused);
        let mut written: Vec<String> = written.map(|entry| entry.format).collect();
        written.sort();
        parts.sort_unstable();
        assert_eq!(written, parts, "{asked}");
        before = now;
    }
    // In an emergency a locked family cannot be opened, and whoever tried is known.
    let chair = service.viewer(world.chair).await.unwrap();
    let form = service::people::lock::LockForm { why: "a cousin works here".into(), named: vec![] };
    allowed!(service, service.family_locker(&chair, family).await, lock_family(&form, ADDRESS)).unwrap();
    let viewer = service.viewer(world.stranger).await.unwrap();
    let opener = service.opener(&viewer).unwrap();
    let confirmed = confirmed(service, world.stranger).await;
    service.open_family(opener, confirmed, ("FS-3046", "an ambulance is on its way"), "10.0.0.1").await.unwrap_err();
    for _ in 0..100 {
        if refusals().await > before {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(refusals().await, before + 1);
    // Whoever works with the family and asks for what is there no more is not refused.
    let signed = token(service, world.worker).await;
    send(&router, post("/api/step/take-back", Some(&signed), &format!("id={}", uuid::Uuid::nil()))).await;
    let theirs = looks(&world).await;
    assert!(theirs.iter().all(|entry| entry.worker_id != world.worker || entry.what != AccessKind::Refused));
}

on_both_engines!(what_was_written_down_cannot_be_changed_unseen);
async fn what_was_written_down_cannot_be_changed_unseen(place: Place) {
    let world = finished(place.service().await).await;
    let router = router(&world.service);
    let signed = token(&world.service, world.chair).await;
    let look = async || {
        let page = get(&format!("/families/{}", world.family), Some(&signed));
        assert_eq!(send(&router, page).await.0, StatusCode::OK);
    };
    for _ in 0..4 {
        look().await;
    }
    // Another process sees where this one's chain ends.
    let other = place.service().await;
    let viewer = other.viewer(world.chair).await.unwrap();
    other.looks_at_family(&viewer, world.family, (AccessKind::Family, "10.0.0.2")).await.unwrap();
    look().await;
    assert_eq!(broken(&world).await, Vec::<String>::new());
    let chains = world.service.store().access_chains().await.unwrap();
    let chain = chains.into_iter().max_by_key(|chain| chain.number).unwrap();
    let (first, last) = (chain.id, chain.number);
    let of = |number: i64| format!("chain_id = '{first}' AND number = {number}");
    // On SQLite an id is a blob.
    let of = |number: i64| {
        if place.is_postgres() {
            of(number)
        } else {
            of(number).replace(&format!("'{first}'"), &format!("X'{}'", first.simple()))
        }
    };
    let whole = of(0).split(" AND").next().unwrap().replace("chain_id", "id");
    let copies =
        "CREATE TABLE kept_log AS SELECT * FROM access_log; CREATE TABLE kept_chains AS SELECT * FROM access_chains;";
    let back = "DELETE FROM access_log; INSERT INTO access_log SELECT * FROM kept_log; \
         DELETE FROM access_chains; INSERT INTO access_chains SELECT * FROM kept_chains;";
    place.past_caseround(copies);
    for (case, change) in [
        ("from where", format!("UPDATE access_log SET address = 'x' WHERE {}", of(2))),
        ("who", format!("UPDATE access_log SET worker_id = family_id WHERE {}", of(2))),
        (
            "one entry added",
            format!(
                "CREATE TABLE one AS SELECT * FROM access_log WHERE {}; UPDATE one SET number = {}; \
                 INSERT INTO access_log SELECT * FROM one; DROP TABLE one",
                of(last),
                last + 1
            ),
        ),
        ("one entry removed", format!("DELETE FROM access_log WHERE {}", of(2))),
        ("the last removed", format!("DELETE FROM access_log WHERE {}", of(last))),
        (
            "the end cut, and its note without the key",
            format!(
                "DELETE FROM access_log WHERE {}; UPDATE access_chains SET number = {} WHERE {whole}",
                of(last),
                last - 1
            ),
        ),
        ("a chain removed", format!("DELETE FROM access_log WHERE {}; DELETE FROM access_chains WHERE {whole}", of(1))),
    ] {
        place.past_caseround(&change);
        assert!(!broken(&world).await.is_empty(), "{case} goes unseen");
        place.past_caseround(back);
        assert_eq!(broken(&world).await, Vec::<String>::new(), "{case} is undone");
    }
}

on_both_engines!(old_months_go_and_the_rest_still_follows);
async fn old_months_go_and_the_rest_still_follows(place: Place) {
    let world = finished(place.service().await).await;
    let viewer = world.service.viewer(world.chair).await.unwrap();
    let look = async |service: &service::Service| {
        service.looks_at_family(&viewer, world.family, (AccessKind::Family, "10.0.0.2")).await.unwrap();
    };
    look(&world.service).await;
    assert_eq!(world.service.destroy_old_accesses().await.unwrap(), 0, "its months are not over");
    let later = place.service_after(7 * 366).await;
    look(&later).await;
    assert!(later.destroy_old_accesses().await.unwrap() > 0);
    let [left] = looks_after(&later, &world).await.try_into().unwrap();
    assert!(left.at > now() + TimeDelta::days(366));
    assert_eq!(broken(&world).await, Vec::<String>::new(), "the last hash of what is gone stays");
    look(&later).await;
    let (old, new) = (SealKey::new(KEY), SealKey::new([9; 32]));
    change_key(later.store(), &old, &new).await.unwrap();
    assert_eq!(verify(later.store(), &new).await.unwrap().broken, Vec::<String>::new());
    assert!(!broken(&world).await.is_empty(), "the old key fits no more");
}

async fn looks_after(service: &service::Service, world: &World) -> Vec<AccessEntry> {
    service.store().accesses_of_family(world.family, now() + TimeDelta::days(4000), 1000, "nothing").await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_log_no_page_is_shown_and_an_open_meeting_goes_on() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let router = router(&world.service);
    let signed = token(&world.service, world.chair).await;
    let status = async |path: &str| send(&router, get(path, Some(&signed))).await.0;
    let (family, meeting) = (format!("/families/{}", world.family), format!("/meetings/{}", world.meeting));
    let turn = format!("{meeting}/discussions/{}", world.slot);
    place.past_caseround("ALTER TABLE access_log RENAME TO away");
    assert_ne!(status(&family).await, StatusCode::OK);
    assert_ne!(status(&meeting).await, StatusCode::OK);
    assert_eq!(status(&turn).await, StatusCode::OK, "nothing holds the meeting up");
    place.past_caseround("ALTER TABLE away RENAME TO access_log");
    assert_eq!(status(&family).await, StatusCode::OK);
    let kinds: Vec<_> = looks(&world).await.into_iter().map(|entry| entry.what).collect();
    assert!(kinds.contains(&AccessKind::Stream), "what was held is written: {kinds:?}");
    assert_eq!(broken(&world).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stands_out_reads_nothing_of_who_looked_at_the_family() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let worker = service.viewer(world.worker).await.unwrap();
    service.looks_at_family(&worker, world.family, (AccessKind::Family, "10.0.0.1")).await.unwrap();
    let lines = async || {
        let viewer = service.viewer(world.service_manager).await.unwrap();
        let viewer = Viewer { manages: viewer.oversees.clone(), ..(*viewer).clone() };
        let log = AccessLogReader::of(&viewer).unwrap();
        let before = now() + TimeDelta::days(1);
        service.accesses_of_worker(log, world.worker, before, "10.0.0.2").await.unwrap().len()
    };
    assert!(lines().await > 0);
    let why = "knows the family".to_owned();
    world.act(world.chair, Command::BringIn { slot: world.slot, worker: world.service_manager, why }).await;
    world.act(world.service_manager, Command::StandOut { slot: world.slot, out: true }).await;
    assert_eq!(lines().await, 0);
}

on_both_engines!(whatever_is_given_out_is_written_down_with_for_whom_and_why_and_from_where);
async fn whatever_is_given_out_is_written_down_with_for_whom_and_why_and_from_where(place: Place) {
    let (world, _shelf) = crate::delivery::world_with_landed_records(&place).await;
    let (service, family, meeting) = (&world.service, world.family, world.meeting);
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let record = crate::record::records(&world).await.remove(0);
    let keeper = async || service.record_reader(&chair, record.id).await;
    allowed!(service, keeper().await, preview_copy(ADDRESS, Recipient::Inspector)).unwrap();
    allowed!(service, keeper().await, print_copy(ADDRESS, Recipient::Inspector, "pdf", true)).unwrap();
    allowed!(service, service.record_keeper(&chair, record.id).await, note_sent(ADDRESS, "the school")).unwrap();
    allowed!(service, service.meeting_reader(&worker, meeting).await, minutes(ADDRESS, None, "docx")).unwrap();
    let manager = service.family_manager(&chair, family).await;
    let mut archive = allowed!(
        service,
        manager,
        archive(crate::place::confirmed(service, chair.worker).await, ADDRESS, record.child)
    )
    .unwrap();
    while archive.files.recv().await.is_some() {}
    let reader = async |viewer| service.family_reader(viewer, family).await;
    let adult = allowed!(service, reader(&worker).await, messages(meeting)).unwrap().adults[0].clone();
    allowed!(service, reader(&worker).await, write_message(meeting, adult.0, "Well done.", 0)).unwrap();
    let shown = allowed!(service, reader(&worker).await, messages(meeting)).unwrap();
    let message = shown.adults.into_iter().find_map(|(.., message)| message).unwrap();
    let read = [(message.id, message.revision)];
    allowed!(service, reader(&chair).await, check_messages(meeting, &read)).unwrap();
    allowed!(service, reader(&worker).await, print_message(ADDRESS, meeting, message.id)).unwrap();

    let entries: Vec<_> = allowed!(service, service.staff(&chair), given_out()).unwrap();
    let name = |who| async move { service.directory().await.unwrap().name(who).to_owned() };
    let adult = adult.1.split(',').next().unwrap().to_owned();
    // What, by whom, as what, for whom, of which record, from where; each says why it was allowed.
    let expected = [
        (AccessKind::Preview, world.chair, "page", "an inspector", true, ADDRESS),
        (AccessKind::Copy, world.chair, "pdf", "an inspector", true, ADDRESS),
        (AccessKind::Sent, world.chair, "", "the school", true, ADDRESS),
        (AccessKind::Minutes, world.worker, "docx", &name(world.worker).await, false, ADDRESS),
        (AccessKind::Archive, world.chair, "zip", "a subject access request", false, ADDRESS),
        (AccessKind::Message, world.worker, "pdf", &adult, false, ADDRESS),
        (AccessKind::Delivery, world.chair, "", "shelf", true, ""),
    ];
    for (what, by, format, made_for, of_record, address) in expected {
        let of_kind: Vec<_> = entries.iter().filter(|line| line.given.what == what).collect();
        let given = &of_kind.first().unwrap_or_else(|| panic!("{what:?} is not written down")).given;
        assert_eq!((given.worker_id, given.format.as_str(), given.family_id), (by, format, Some(family)), "{what:?}");
        assert!(given.made_for.contains(made_for), "{what:?} for {}", given.made_for);
        assert_eq!((given.record_id.is_some(), given.address.as_str()), (of_record, address), "{what:?}");
        assert!(!given.allowed_by.is_empty(), "{what:?}: why it was allowed");
    }
}

on_both_engines!(signing_in_and_changes_of_rights_are_entries_too);
async fn signing_in_and_changes_of_rights_are_entries_too(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let team = chair.manages.iter().next().copied().unwrap();
    let confirmed = confirmed(service, world.chair).await;
    let form = RoleForm {
        role: "deputy".into(),
        worker: world.worker.to_string(),
        team: team.to_string(),
        ..RoleForm::default()
    };
    let days = ("", "24/12/2026");
    allowed!(service, service.role_keeper(&chair, &form, ADDRESS).await, give_role(confirmed, days, ADDRESS)).unwrap();
    let form = AllocationForm { worker: world.stranger.to_string(), ..AllocationForm::default() };
    let staff = service.family_staff(&chair, world.family);
    allowed!(service, staff.await, allocate(&form, ADDRESS)).unwrap();
    let rows = service.store().allocations(world.family.uuid()).await.unwrap();
    let row = rows.into_iter().find(|row| row.worker() == Some(world.stranger)).unwrap();
    let staff = service.family_staff(&chair, world.family);
    allowed!(service, staff.await, end_allocation(row.allocation.id, ADDRESS)).unwrap();
    let mut table = Vec::new();
    service.export_access_log(&mut table).await.unwrap();
    let table = String::from_utf8(table).unwrap();
    let directory = service.directory().await.unwrap();
    let (deputy, allocated) = (directory.name(world.worker), directory.name(world.stranger));
    let (family, by) = (world.family, world.chair);
    for line in [
        format!("{by},,,,,signed_in,password,,their own account,,"),
        format!("{by},,,,,rights,gave the role deputy manager,{deputy},manages a team,,{ADDRESS}"),
        format!("{by},,{family},,,rights,allocated,{allocated},manages a team,,{ADDRESS}"),
        format!("{by},,{family},,,rights,ended the allocation of,{allocated},manages a team,,{ADDRESS}"),
    ] {
        assert!(table.contains(&line), "{line} in {table}");
    }
    // And on their own page everybody sees when they signed in.
    let mine = service.my_sign_ins(&chair).await.unwrap();
    assert!(mine.iter().all(|line| line.how == Some(service::security::How::Password)) && !mine.is_empty());
    assert!(service.my_sign_ins(&service.viewer(world.stranger).await.unwrap()).await.unwrap().is_empty());
    // Whoever manages the team reads on the family's page who was let in.
    let told = looks(&world).await.into_iter().filter(|entry| entry.what == AccessKind::Rights).count();
    assert_eq!(told, 2);
    assert_eq!(broken(&world).await, Vec::<String>::new());
}

on_both_engines!(nobody_is_signed_in_where_that_cannot_be_written_down);
async fn nobody_is_signed_in_where_that_cannot_be_written_down(place: Place) {
    let world = World::planned(place.service().await).await;
    let email = crate::accounts::address_of(&world.service, world.worker).await;
    place.past_caseround("ALTER TABLE access_log RENAME TO access_log_away");
    let refused = world.service.sign_in(&email, DEMO_PASSWORD, ADDRESS).await;
    assert!(refused.is_err(), "{refused:?}");
    assert!(world.service.store().sessions_of(world.worker).await.unwrap().is_empty(), "no session is left");
    place.past_caseround("ALTER TABLE access_log_away RENAME TO access_log");
    world.service.sign_in(&email, DEMO_PASSWORD, ADDRESS).await.unwrap().token().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_log_is_missed() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    let worker = world.service.viewer(world.worker).await.unwrap();
    world.service.looks_at_family(&worker, world.family, (AccessKind::Family, "10.0.0.1")).await.unwrap();
    assert_eq!(broken(&world).await, Vec::<String>::new());
    for table in ["access_log", "access_ends", "access_chains"] {
        place.past_caseround(&format!("DELETE FROM {table}"));
    }
    assert!(broken(&world).await.concat().contains("the log was emptied"));
}
