//! Copies, messages and archives: who gets what, and what they never get.

use crate::place::{ADDRESS, Place, World, allowed};
use crate::record::{complete, decision, finish, finished, records, sign};
use domain::WorkerId;
use domain::document::Document;
use domain::mark::{Mark, Readers};
use domain::meeting::{Area, Attendance, Command, MeetingPart, Route, Wording};
use domain::status::Output;
use service::ServiceError;
use std::sync::Arc;

/// A word that is in one part only.
const SECRET: &str = "Quincetree";

#[tokio::test(flavor = "multi_thread")]
async fn no_copy_in_any_format_carries_what_its_recipient_may_not_have() {
    use domain::document::copy::Recipient;
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let service = &world.service;
    world.act(world.chair, Command::EverybodyHere { slot: world.slot }).await;
    let others: Vec<WorkerId> = {
        let viewer = service.viewer(world.chair).await.unwrap();
        let page = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, meeting_page(None)).unwrap();
        page.room.slot(world.slot).unwrap().members.keys().copied().filter(|member| *member != world.worker).collect()
    };
    // The worker's own words, kept for one colleague; another's, never for somebody of the family; a third's with a passage
    // that is never for somebody of the family.
    let person = domain::PersonId::new(uuid::Uuid::nil());
    for (who, words, readers, people) in [
        (world.worker, format!("{SECRET}OnlyFor"), Readers::Only { workers: [others[0]].into() }, None),
        (others[0], format!("{SECRET}NeverFor"), Readers::Team, Some(person)),
        (others[1], format!("{SECRET}Plain and {SECRET}Passage."), Readers::Team, None),
    ] {
        let viewer = service.viewer(who).await.unwrap();
        let pen = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
        let update = domain::prose::Prose::with_pen(pen).rewrite(&words);
        let area = Area::Analysis(who);
        world.act(who, Command::Type { slot: world.slot, area, update, pen }).await;
        let not_in_copies_for = people.into_iter().collect();
        let (slot, part) = (world.slot, MeetingPart::Box(area));
        world.act(who, Command::Mark { slot, part, readers, not_in_copies_for }).await;
    }
    let passage = Command::MarkPassage {
        slot: world.slot,
        area: Area::Analysis(others[1]),
        passage: domain::PassageId::new(service.new_uuid()),
        words: format!("{SECRET}Passage"),
        not_in_copies_for: [person].into(),
    };
    let outcome = world.act(others[1], passage).await;
    assert!(matches!(outcome, service::meeting::room::Outcome::Applied { .. }), "{outcome:?}");
    let decision = decision(&world).await;
    let wording =
        Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why: "It works".into() };
    world.act(world.chair, Command::Word { slot: world.slot, decision, revision: 0, wording }).await;
    world.act(world.chair, Command::Confirm { slot: world.slot, decision, revision: 1, stage: None }).await;
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    sign(&world, world.chair).await.unwrap();
    let id = records(&world).await[0].id;
    let chair = service.viewer(world.chair).await.unwrap();
    let members = service.store().members(world.family.uuid()).await.unwrap();
    let surnames: Vec<String> = members.into_iter().map(|member| member.person.surname).collect();
    let (file, inspector) = (Recipient::ChildFile, Recipient::Inspector);
    let all = ["OnlyFor", "NeverFor", "Plain", "Passage"];
    // Who prepares, for whom, what is in it, whether somebody is asked first. Nobody reads by preparing.
    let cases: [(WorkerId, Recipient, &[&str], bool); 6] = [
        (world.chair, file, &["NeverFor", "Plain", "Passage"], true),
        (world.chair, inspector, &["NeverFor", "Plain", "Passage"], true),
        (world.chair, Recipient::Partner(world.worker), &[], false),
        (world.record_taker, Recipient::Partner(world.worker), &[], false),
        (world.worker, Recipient::Partner(world.worker), &["OnlyFor"], false),
        (world.chair, Recipient::Partner(others[1]), &["Plain", "Passage"], false),
    ];
    for (by, recipient, has, asked) in cases {
        let by = service.viewer(by).await.unwrap();
        let made = allowed!(service, service.record_reader(&by, id).await, preview_copy(ADDRESS, recipient)).unwrap();
        assert_eq!(!made.questions.is_empty(), asked, "{recipient:?}");
        for (format, _) in service::record::copy::FORMATS {
            let refused =
                allowed!(service, service.record_reader(&by, id).await, print_copy(ADDRESS, recipient, format, false))
                    .is_err();
            assert_eq!(refused, asked, "{recipient:?} as {format} without a yes");
            let (bytes, _, name) =
                allowed!(service, service.record_reader(&by, id).await, print_copy(ADDRESS, recipient, format, true))
                    .unwrap();
            let text = readable(format, &bytes);
            for word in all {
                let there = text.contains(&format!("{SECRET}{word}"));
                assert_eq!(there, has.contains(&word), "{recipient:?} by {} as {format}: {word}", by.worker);
                assert!(there || !raw(&bytes).contains(&format!("{SECRET}{word}")));
            }
            let role = match recipient {
                Recipient::ChildFile => "for-child-file",
                Recipient::Inspector => "for-inspector",
                Recipient::Partner(_) | Recipient::CaseSystem => "s-agency",
            };
            assert!(name.starts_with("record-FS-3046-") && name.contains(role) && name.is_ascii(), "{name}");
            assert!(surnames.iter().all(|surname| !name.contains(surname.as_str())), "{name}");
        }
    }
    // What leaves by itself carries nothing that is marked: nobody is there to say yes.
    let named = |_| "somebody".to_owned();
    let seal = service.store().seal(id, 1).await.unwrap().unwrap();
    let sealed: domain::record::Sealed = serde_json::from_str(&seal.body).unwrap();
    let by_itself = domain::document::copy::make(&sealed, Recipient::CaseSystem, "the file", "", &named).document;
    for (format, _) in service::record::copy::FORMATS {
        let text = readable(format, &service.print(by_itself.clone(), format).await.unwrap());
        assert!(text.contains(&format!("{SECRET}Plain")));
        for kept in ["OnlyFor", "NeverFor", "Passage"] {
            assert!(!text.contains(&format!("{SECRET}{kept}")), "{kept} leaves by itself as {format}");
        }
    }
    // An archive is made by a manager, who reads no more by making it; what is not in it is named, with whom to ask.
    let mut archive = allowed!(
        service,
        service.family_manager(&chair, world.family).await,
        archive(ADDRESS, records(&world).await[0].child)
    )
    .unwrap();
    let mut whole = String::new();
    while let Some(file) = archive.files.recv().await {
        let (name, bytes) = file.unwrap();
        whole.push_str(&name);
        whole.push_str(&readable(name.rsplit('.').next().unwrap_or_default(), &bytes));
    }
    assert!(!whole.contains(&format!("{SECRET}OnlyFor")), "kept for a colleague of its writer");
    for there in ["NeverFor", "Plain", "Passage"] {
        assert!(whole.contains(&format!("{SECRET}{there}")), "{there} is held");
    }
    assert!(whole.contains("ask its writer or who reads it"), "{whole}");
    let worker = service.viewer(world.worker).await.unwrap();
    assert!(
        allowed!(service, service.record_reader(&worker, id).await, preview_copy(ADDRESS, Recipient::Inspector))
            .is_err(),
        "not a worker's to make"
    );
    assert!(
        allowed!(
            service,
            service.record_reader(&worker, id).await,
            preview_copy(ADDRESS, Recipient::Partner(others[0]))
        )
        .is_err()
    );
    assert!(
        allowed!(
            service,
            service.record_reader(&worker, id).await,
            preview_copy(ADDRESS, Recipient::Partner(world.worker))
        )
        .is_ok(),
        "their own words are theirs"
    );
    let noted = allowed!(service, service.staff(&chair), given_out()).unwrap();
    let of_inspector = |line: &&service::record::given::GivenLine| line.given.made_for.contains("inspector");
    let inspected: Vec<_> = noted.iter().filter(of_inspector).map(|line| &line.given).collect();
    assert!(inspected.iter().any(|given| given.what == Output::Preview && given.format == "page"));
    assert!(inspected.iter().any(|given| given.what == Output::Copy && !given.approved_by.is_empty()));
    for given in inspected {
        assert_eq!((given.worker_id, given.family_id, given.record_id), (chair.worker, world.family, Some(id.uuid())));
        assert_eq!((given.address.as_str(), given.allowed_by.as_str()), (ADDRESS, "serves the family’s team"));
    }
    let own = noted.iter().find(|line| line.given.worker_id == world.worker).expect("their own agency's");
    assert_eq!(own.given.allowed_by, "for their own agency");
}

#[tokio::test(flavor = "multi_thread")]
async fn reasons_steps_and_additions_are_kept_back_too_where_somebody_says_so() {
    use domain::document::copy::Recipient;
    use domain::record::RecordPart as Part;
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    complete(&world).await;
    let service = &world.service;
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let record = records(&world).await.remove(0);
    let adult = allowed!(service, service.family_reader(&chair, world.family).await, family()).unwrap().adults[0].id;
    let step = Part::Step { step: record.steps[0].step };
    let own = Part::Stance { worker: world.worker };
    let kept = Mark { not_in_copies_for: [adult].into(), ..Mark::default() };
    assert!(
        allowed!(service, service.record_reader(&worker, record.id).await, mark_part(step, &kept)).is_err(),
        "not a worker's to mark"
    );
    allowed!(service, service.record_reader(&worker, record.id).await, mark_part(own, &kept)).unwrap();
    assert!(
        allowed!(service, service.record_reader(&chair, record.id).await, mark_part(own, &Mark::default())).is_err(),
        "its writer releases it"
    );
    for part in [Part::Why, step, own] {
        allowed!(service, service.record_reader(&chair, record.id).await, mark_part(part, &kept)).unwrap();
    }
    sign(&world, world.chair).await.unwrap();
    assert!(
        allowed!(service, service.record_reader(&chair, record.id).await, mark_part(step, &Mark::default())).is_err(),
        "signed is signed"
    );
    allowed!(service, service.record_reader(&worker, record.id).await, ask_addendum("why", "Rosehip rang")).unwrap();
    let added = records(&world).await.into_iter().find(|found| found.id == record.id).unwrap().life.addenda.remove(0);
    allowed!(
        service,
        service.record_reader(&worker, record.id).await,
        mark_part(Part::Addendum { addendum: added.id }, &kept)
    )
    .unwrap();
    allowed!(service, service.record_manager(&chair, record.id).await, answer_addendum(added.id, true, "")).unwrap();
    let marked = ["The plan works.", "Ivy has not been seen alone.", "Ring the school", "Rosehip rang"];
    let made =
        allowed!(service, service.record_reader(&chair, record.id).await, preview_copy(ADDRESS, Recipient::ChildFile))
            .unwrap();
    for text in marked {
        assert!(
            made.questions.iter().any(|flag| flag.text.contains(text)),
            "{text} is asked about: {:?}",
            made.questions
        );
    }
    // Each child has all of it where it is shared, and nothing of it leaves by itself in any format.
    let named = |_| "somebody".to_owned();
    for record in records(&world).await {
        let version = record.life.versions.last().unwrap().number;
        let seal = service.store().seal(record.id, i64::from(version)).await.unwrap().unwrap();
        let sealed: domain::record::Sealed = serde_json::from_str(&seal.body).unwrap();
        let document = domain::document::copy::make(&sealed, Recipient::CaseSystem, "the file", "", &named).document;
        let mut all = serde_json::to_string(&sealed.unmarked()).unwrap();
        for (format, _) in service::record::copy::FORMATS {
            all.push_str(&readable(format, &service.print(document.clone(), format).await.unwrap()));
        }
        for text in marked {
            assert!(!all.contains(text), "{text} leaves by itself");
        }
        assert!(all.contains(domain::record::KEPT_BACK));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_assessment_without_the_factor_takes_no_second_reader_away() {
    for (codes, careful) in [(vec!["3B".to_owned()], true), (Vec::new(), false)] {
        let place = Place::sqlite();
        let world = World::started(place.service().await).await;
        let (service, meeting, family) = (&world.service, world.meeting, world.family);
        let keep = async |codes: &[String]| {
            let mut tx = service.store().begin().await.unwrap();
            for member in service.store().members(family.uuid()).await.unwrap() {
                tx.keep_factors(member.person.id, codes, None).await.unwrap();
            }
            tx.commit().await.unwrap();
        };
        // Nobody was there whose discipline alone asks for it.
        let practitioner = crate::place::worker(service, "7008").await;
        world
            .act(world.chair, Command::Attend { slot: world.slot, worker: practitioner, how: Attendance::Apologies })
            .await;
        keep(&codes).await;
        finish(&world).await;
        keep(&[]).await;
        let records = records(&world).await;
        assert!(records.iter().all(|record| record.life.domestic_abuse == careful), "{codes:?}");
        let chair = service.viewer(world.chair).await.unwrap();
        let messages = allowed!(service, service.family_reader(&chair, family).await, messages(meeting)).unwrap();
        let there = records.iter().flat_map(|record| &record.attendance).any(|there| there.who.worker == practitioner);
        assert_eq!(messages.careful, careful || there, "{codes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_abuse_no_message_goes_before_all_were_read_together() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    let (service, meeting, family) = (&world.service, world.meeting, world.family);
    let viewer = async |who| service.viewer(who).await.unwrap();
    let (worker, chair) = (viewer(world.worker).await, viewer(world.chair).await);
    let victim_practitioner = viewer(crate::place::worker(service, "7008").await).await;
    let father = service::people::PersonForm {
        forename: "Emrys".into(),
        surname: "Larchwood".into(),
        adult: true,
        relation: "father".into(),
        ..service::people::PersonForm::default()
    };
    allowed!(service, service.family_staff(&chair, family).await, save_person(None, &father)).unwrap();
    let adults: Vec<domain::PersonId> =
        allowed!(service, service.family_reader(&worker, family).await, messages(meeting))
            .unwrap()
            .adults
            .into_iter()
            .map(|(id, ..)| id)
            .collect();
    assert!(adults.len() > 1);
    for (adult, text) in
        adults.iter().zip(["For her: the nursery says well done.", "For him: the next visit is on Monday."])
    {
        allowed!(service, service.family_reader(&worker, family).await, write_message(meeting, *adult, text, 0))
            .unwrap();
    }
    let now = async || {
        let messages = allowed!(service, service.family_reader(&worker, family).await, messages(meeting)).unwrap();
        assert!(messages.careful);
        messages.adults.into_iter().filter_map(|(.., message)| message).collect::<Vec<_>>()
    };
    let first = now().await;
    let read: Vec<_> = first.iter().map(|message| (message.id, message.revision)).collect();
    assert!(
        allowed!(service, service.family_reader(&worker, family).await, give_message(meeting, first[0].id, "phone"))
            .is_err()
    );
    assert!(
        allowed!(service, service.family_reader(&worker, family).await, print_message(ADDRESS, meeting, first[0].id))
            .is_err(),
        "not on paper either"
    );
    assert!(
        allowed!(service, service.family_reader(&worker, family).await, check_messages(meeting, &read)).is_err(),
        "not one's own word"
    );
    // Whoever wrote before somebody else changed it has written it too.
    assert!(now().await.iter().all(|message| message.writers.contains(&worker.worker)));
    let tuesday = "For him: the visit is on Tuesday.";
    assert!(
        allowed!(service, service.family_reader(&worker, family).await, write_message(meeting, adults[1], tuesday, 0))
            .is_err(),
        "on what was seen"
    );
    allowed!(service, service.family_reader(&worker, family).await, write_message(meeting, adults[1], tuesday, 1))
        .unwrap();
    assert!(
        allowed!(service, service.family_reader(&chair, family).await, check_messages(meeting, &read)).is_err(),
        "one changed while it was read"
    );
    let read: Vec<_> = now().await.iter().map(|message| (message.id, message.revision)).collect();
    allowed!(service, service.family_reader(&victim_practitioner, family).await, check_messages(meeting, &read))
        .unwrap();
    let (printed, name) =
        allowed!(service, service.family_reader(&worker, family).await, print_message(ADDRESS, meeting, first[0].id))
            .unwrap();
    let printed = readable("pdf", &printed);
    let forename = service.store().person(adults[0]).await.unwrap().unwrap().forename;
    assert!(printed.contains(&format!("For {forename}")), "the paper says whose it is: {printed}");
    assert!(name.starts_with("message-FS-3046-for-") && name.contains(&forename), "{name}");
    assert!(printed.contains("well done") && !printed.contains("Tuesday") && !printed.contains("FS-3046"), "{printed}");
    allowed!(service, service.family_reader(&worker, family).await, give_message(meeting, first[0].id, "at the visit"))
        .unwrap();
    assert!(
        allowed!(service, service.family_reader(&worker, family).await, write_message(meeting, adults[0], "other", 1))
            .is_err(),
        "given is given"
    );
    let stranger = viewer(world.stranger).await;
    assert!(matches!(
        allowed!(service, service.family_reader(&stranger, family).await, messages(meeting)),
        Err(ServiceError::NotFound)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_about_a_child_comes_in_order_with_what_needs_a_decision() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let (service, child) = (&world.service, records(&world).await[0].child);
    let worker = service.viewer(world.worker).await.unwrap();
    assert!(matches!(
        allowed!(service, service.family_manager(&worker, world.family).await, archive(ADDRESS, child)),
        Err(ServiceError::NotFound)
    ));
    let router = crate::place::router(service);
    let address = format!("/families/{}/children/{child}/archive", world.family);
    let token = crate::place::token(service, world.chair).await;
    let response = tower::ServiceExt::oneshot(router, crate::http::get(&address, Some(&token))).await.unwrap();
    let name = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(name.contains("child-") && name.ends_with(".zip\""), "{name}");
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.zip");
    std::fs::write(&file, bytes).unwrap();
    let unzip = |args: &[&str]| {
        let out = std::process::Command::new("unzip").args(args).arg(&file).output().unwrap();
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    let listed = unzip(&["-Z1"]);
    let names: Vec<&str> = listed.lines().collect();
    assert_eq!(names.last(), Some(&"000-contents.md"), "first by name, written when all is known");
    assert!(names[0].starts_with("001-2026-11-24-v1.pdf") && names[1].ends_with("-v1.json"), "{names:?}");
    let text = unzip(&["-p"]);
    assert!(text.contains("a worker's reason"), "the dissent is flagged");
    assert!(text.contains("caseround.record/1"));
}

/// Prints, and counts what it printed.
struct Counting(record::Printers, Arc<std::sync::atomic::AtomicUsize>);

impl service::Printer for Counting {
    fn markdown(&self, document: &Document) -> String {
        self.0.markdown(document)
    }

    fn html(&self, document: &Document) -> String {
        self.0.html(document)
    }

    fn json(&self, document: &Document) -> String {
        self.0.json(document)
    }

    fn pdf(&self, document: &Document, logo: Option<&str>) -> Result<Vec<u8>, String> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.0.pdf(document, logo)
    }

    fn docx(&self, document: &Document) -> Result<Vec<u8>, String> {
        self.0.docx(document)
    }

    fn archive(
        &self, files: &mut dyn Iterator<Item = Result<(String, Vec<u8>), String>>, out: &mut dyn std::io::Write,
    ) -> Result<(), String> {
        self.0.archive(files, out)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_nobody_waits_for_is_not_made_to_its_end() {
    let place = Place::sqlite();
    drop(place.service().await);
    let printed = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let printer = Arc::new(Counting(record::Printers::default(), Arc::clone(&printed)));
    let clock = service::clock::Clock::starting_at(crate::place::now());
    let service =
        service::Service::start(place.store().await, clock, true, printer, crate::place::outside()).await.unwrap();
    let world = finished(service).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let service = &world.service;
    let (chair, record) = (service.viewer(world.chair).await.unwrap(), records(&world).await.remove(0));
    for added in 0..12 {
        allowed!(
            service,
            service.record_reader(&chair, record.id).await,
            ask_addendum("why", &format!("more {added}"))
        )
        .unwrap();
        let asked = records(&world).await.into_iter().find(|found| found.id == record.id).unwrap().life.addenda;
        allowed!(
            service,
            service.record_manager(&chair, record.id).await,
            answer_addendum(asked.last().unwrap().id, true, "")
        )
        .unwrap();
    }
    printed.store(0, std::sync::atomic::Ordering::SeqCst);
    let mut archive =
        allowed!(service, service.family_manager(&chair, world.family).await, archive(ADDRESS, record.child)).unwrap();
    let (first, bytes) = archive.files.recv().await.unwrap().unwrap();
    assert!(first.ends_with("-v1.pdf") && bytes.starts_with(b"%PDF"));
    drop(archive);
    let made = || printed.load(std::sync::atomic::Ordering::SeqCst);
    let mut before = 0;
    while before != made() {
        before = made();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    assert!((1..6).contains(&before), "{before} of 13 were printed");
}

fn raw(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a reader of the format sees: compressed parts unpacked.
pub fn readable(format: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy");
    std::fs::write(&file, bytes).unwrap();
    let run = |program: &str, args: &[&str]| {
        let out = std::process::Command::new(program).args(args).output().expect("installed by \"make test\"");
        assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    let path = file.to_str().unwrap();
    match format {
        // Its text, its properties, and every object as it stands once unpacked.
        "pdf" => {
            run("pdftotext", &["-raw", path, "-"])
                + &run("pdfinfo", &[path])
                + &run("pdfinfo", &["-meta", path])
                + &run("qpdf", &["--qdf", "--object-streams=disable", path, "-"])
        }
        "docx" => run("unzip", &["-p", path]),
        _ => raw(bytes),
    }
}
