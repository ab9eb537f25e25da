//! Messages for the adults of a family: who reads them before they go.

use crate::copies::readable;
use crate::place::{ADDRESS, Place, World, allowed, on_both_engines};
use crate::record::{finish, finished, records};
use domain::meeting::Command;
use service::ServiceError;

on_both_engines!(what_the_directory_says_later_takes_no_second_reader_away);
async fn what_the_directory_says_later_takes_no_second_reader_away(place: Place) {
    // The practitioner took part; afterwards somebody changes what the directory says of them.
    let world = World::started(place.service().await).await;
    let (service, meeting, family) = (&world.service, world.meeting, world.family);
    let mut tx = service.store().begin().await.unwrap();
    for member in service.store().members(family.uuid()).await.unwrap() {
        tx.keep_factors(member.person.id, &[], None).await.unwrap();
    }
    tx.commit().await.unwrap();
    finish(&world).await;
    place.past_caseround("UPDATE workers SET discipline = 'education' WHERE source_id = '7008'");
    let later = place.service_after(0).await;
    let practitioner = crate::place::worker(&later, "7008").await;
    let directory = later.directory().await.unwrap();
    assert_eq!(directory.workers[&practitioner].discipline, "education");
    let records = records(&world).await;
    assert!(records.iter().all(|record| !record.life.domestic_abuse), "no factor asks for it");
    assert!(records.iter().flat_map(|record| &record.attendance).any(|there| there.who.worker == practitioner));
    let chair = later.viewer(world.chair).await.unwrap();
    let messages = allowed!(later, later.family_reader(&chair, family).await, messages(meeting)).unwrap();
    assert!(messages.careful, "as the record has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_message_and_the_name_of_minutes_say_for_whom_they_are() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    let (service, meeting, family) = (&world.service, world.meeting, world.family);
    let viewer = async |who| service.viewer(who).await.unwrap();
    let (worker, chair) = (viewer(world.worker).await, viewer(world.chair).await);
    let shown = allowed!(service, service.family_reader(&worker, family).await, messages(meeting)).unwrap();
    let (adult, name, _) = shown.adults[0].clone();
    let long = vec!["Well done, all."; 100].join("\n\n");
    allowed!(service, service.family_reader(&worker, family).await, write_message(meeting, adult, &long, 0)).unwrap();
    let shown = allowed!(service, service.family_reader(&worker, family).await, messages(meeting)).unwrap();
    let message = shown.adults.into_iter().find_map(|(.., message)| message).unwrap();
    let read = [(message.id, message.revision)];
    allowed!(service, service.family_reader(&chair, family).await, check_messages(meeting, &read)).unwrap();
    let reader = service.family_reader(&worker, family).await;
    let (bytes, _) = allowed!(service, reader, print_message(ADDRESS, meeting, message.id)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message.pdf");
    std::fs::write(&file, bytes).unwrap();
    let text = std::process::Command::new("pdftotext").arg(&file).arg("-").output().unwrap().stdout;
    let text = String::from_utf8(text).unwrap();
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    let whom = format!("For {}", name.split(',').next().unwrap());
    assert!(pages.len() > 1 && pages.iter().all(|page| page.contains(&whom)), "{whom}: {text}");
    for (part, expected) in
        [(None, "minutes-2026-11-24-for-Zara-draft"), (Some("FS-3046"), "minutes-FS-3046-2026-11-24-for-Zara-draft")]
    {
        let reader = service.meeting_reader(&chair, meeting).await;
        let minutes = allowed!(service, reader, minutes(ADDRESS, part, "pdf")).unwrap();
        assert_eq!(service::record::minutes::file_of(&minutes, part), expected);
    }
}

on_both_engines!(a_later_assessment_without_the_factor_takes_no_second_reader_away);
async fn a_later_assessment_without_the_factor_takes_no_second_reader_away(place: Place) {
    for (codes, careful) in [(vec!["3B".to_owned()], true), (Vec::new(), false)] {
        let place = if place.is_postgres() { Place::postgres() } else { Place::sqlite() };
        let world = World::planned(place.service().await).await;
        let (service, meeting, family) = (&world.service, world.meeting, world.family);
        let keep = async |codes: &[String]| {
            let mut tx = service.store().begin().await.unwrap();
            for member in service.store().members(family.uuid()).await.unwrap() {
                tx.keep_factors(member.person.id, codes, None).await.unwrap();
            }
            tx.commit().await.unwrap();
        };
        // Nobody works with the family whose discipline alone asks for it.
        let practitioner = crate::place::worker(service, "7008").await;
        let chair = service.viewer(world.chair).await.unwrap();
        let yesterday = service.clock().today() - chrono::TimeDelta::days(1);
        let mut tx = service.store().begin().await.unwrap();
        for row in service.store().allocations(family.uuid()).await.unwrap() {
            if row.worker() == Some(practitioner) {
                let ended = service::store::allocation::Allocation { ends: Some(yesterday), ..row.allocation };
                tx.keep_allocation(&ended).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        service.rights_changed().await.unwrap();
        world.act(world.chair, Command::Open).await;
        world
            .try_act(
                world.chair,
                Command::Start { slot: world.slot, seen: None, decision: domain::DecisionId::new(service.new_uuid()) },
            )
            .await;
        keep(&codes).await;
        finish(&world).await;
        keep(&[]).await;
        let records = records(&world).await;
        assert!(records.iter().all(|record| record.life.domestic_abuse == careful), "{codes:?}");
        let messages = allowed!(service, service.family_reader(&chair, family).await, messages(meeting)).unwrap();
        let there = records.iter().flat_map(|record| &record.attendance).any(|there| there.who.worker == practitioner);
        assert!(!there && messages.careful == careful, "{codes:?}");
    }
}

on_both_engines!(where_there_is_abuse_no_message_goes_before_all_were_read_together);
async fn where_there_is_abuse_no_message_goes_before_all_were_read_together(place: Place) {
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
