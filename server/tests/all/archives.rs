//! Everything about one child in one archive.

use crate::own_words::{form, people, write};
use crate::place::{ADDRESS, Place, WatchedPrinter, allowed, confirmed};
use crate::record::{complete, finished, records, sign};
use service::ServiceError;
use service::workbook::own_words::OwnWordsForm;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread")]
async fn everything_about_a_child_comes_in_order_with_what_needs_a_decision() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let (service, child) = (&world.service, records(&world).await[0].child);
    let (_, adult) = people(&world).await;
    write(&world, world.worker, &form(&world, child, "We were by the sea")).await.unwrap();
    write(&world, world.worker, &form(&world, adult, "Quilladult")).await.unwrap();
    let only_for = Some(Default::default());
    write(&world, world.worker, &OwnWordsForm { only_for, ..form(&world, child, "Quillkept") }).await.unwrap();
    for (with, finding) in [(child, "counts to ten"), (adult, "Quillparent")] {
        crate::direct_work::write(&world, world.worker, &crate::direct_work::form(&world, with, finding))
            .await
            .unwrap();
    }
    let other = records(&world).await[1].child;
    for (of, name) in [(child, "Gareth"), (other, "Quillfather")] {
        let note = crate::case_notes::form(&world, of, &format!("{name} was seen"));
        crate::case_notes::write(&world, world.worker, &note).await.unwrap();
        crate::genogram::add_parent(&world, world.worker, of, name).await.unwrap();
    }
    let of_child = |text, child| crate::chapters::text("analysis", Some(child), text, 0);
    let chapter = [of_child("safer than in May", child), of_child("Quillsibling", other)];
    crate::chapters::write(&world, world.worker, &chapter).await.unwrap();
    let plan = crate::safety_plan::filled_with(&world, "the gate").await;
    crate::safety_plan::write(&world, world.worker, plan, 0).await.unwrap();
    let worker = service.viewer(world.worker).await.unwrap();
    assert!(matches!(
        allowed!(
            service,
            service.family_manager(&worker, world.family).await,
            archive(confirmed(service, world.worker).await, ADDRESS, child)
        ),
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
    assert!(text.contains("## 3 November 2026, drawn for Josephine, written down by") && text.contains("by the sea"));
    assert!(!text.contains("Quillkept") && text.contains("its writer keeps it for others"), "held, and named");
    assert!(text.contains("If the gate: the gate") && text.contains("Abigail: the gate"));
    assert!(text.contains("counts to ten") && !text.contains("Quillparent"), "direct work with this child alone");
    assert!(text.contains("and Gareth\n") && !text.contains("Quillfather"), "this child’s ties alone");
    assert!(text.contains("Significant event; Gareth was seen"), "what workers wrote of this child");
    assert!(text.contains("safer than in May") && !text.contains("Quillsibling"), "analysis of this child alone");
    assert!(!text.contains("Quilladult"), "a parent's own words are not the child's");
    assert!(
        text.contains("5 February 2026") && text.contains("Referral; from the police"),
        "what was imported is held too"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_nobody_waits_for_is_not_made_to_its_end() {
    let place = Place::sqlite();
    drop(place.service().await);
    let printed = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = Arc::clone(&printed);
    let before_pdf = move || {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Ok(())
    };
    let printer = Arc::new(WatchedPrinter { printers: record::Printers::default(), before_pdf });
    let clock = service::clock::Clock::starting_at(crate::place::now());
    let service =
        service::Service::start(place.store().await, clock, true, printer, crate::place::outside()).await.unwrap();
    let world = finished(service).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let service = &world.service;
    let (chair, record) = (service.viewer(world.chair).await.unwrap(), records(&world).await.remove(0));
    let worker = service.viewer(world.worker).await.unwrap();
    for added in 0..12 {
        allowed!(
            service,
            service.record_reader(&worker, record.id).await,
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
    let mut archive = allowed!(
        service,
        service.family_manager(&chair, world.family).await,
        archive(confirmed(service, world.chair).await, ADDRESS, record.child)
    )
    .unwrap();
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
