//! Copies, messages and archives: who gets what, and what they never get.

use crate::place::{ADDRESS, Place, World, allowed, confirmed, on_both_engines};
use crate::record::{complete, decision, finished, records, sign};
use domain::WorkerId;
use domain::mark::{Mark, Readers};
use domain::meeting::{Area, Command, MeetingPart, Route, Wording};
use domain::status::AccessKind;

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
        world.act(who, Command::Mark { slot, part, readers, not_in_copies_for, reason: String::new() }).await;
    }
    let passage = Command::MarkPassage {
        slot: world.slot,
        area: Area::Analysis(others[1]),
        passage: domain::PassageId::new(service.new_uuid()),
        words: format!("{SECRET}Passage"),
        not_in_copies_for: [person].into(),
        reason: String::new(),
    };
    let outcome = world.try_act(others[1], passage).await;
    assert!(matches!(outcome, service::meeting::room::Outcome::Applied { .. }), "{outcome:?}");
    let decision = decision(&world).await;
    let wording =
        Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why: "It works".into() };
    world.act(world.chair, Command::Word { slot: world.slot, decision, revision: 0, wording }).await;
    world.act(world.chair, Command::Confirm { slot: world.slot, decision, revision: 1, then: None }).await;
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
        archive(confirmed(service, world.chair).await, ADDRESS, records(&world).await[0].child)
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
    let of_inspector = |line: &&service::access::AccessLine| line.given.made_for.contains("inspector");
    let inspected: Vec<_> = noted.iter().filter(of_inspector).map(|line| &line.given).collect();
    assert!(inspected.iter().any(|given| given.what == AccessKind::Preview && given.format == "page"));
    assert!(inspected.iter().any(|given| given.what == AccessKind::Copy && !given.approved_by.is_empty()));
    for given in inspected {
        assert_eq!(
            (given.worker_id, given.family_id, given.record_id),
            (chair.worker, Some(world.family), Some(id.uuid()))
        );
        assert_eq!((given.address.as_str(), given.allowed_by.as_str()), (ADDRESS, "serves the family’s team"));
    }
    let own = noted.iter().find(|line| line.given.worker_id == world.worker).expect("their own agency's");
    assert_eq!(own.given.allowed_by, "for their own agency");
}

on_both_engines!(reasons_steps_and_additions_are_kept_back_too_where_somebody_says_so);
async fn reasons_steps_and_additions_are_kept_back_too_where_somebody_says_so(place: Place) {
    use domain::document::copy::Recipient;
    use domain::record::RecordPart as Part;
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

fn raw(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
