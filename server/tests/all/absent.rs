//! Who is not there: words they sent, days they are away.

use crate::features::part;
use crate::place::{Place, World, allowed, on_both_engines, summary};
use crate::record::records;
use domain::StepId;
use domain::meeting::{Area, Attendance, Command, Owner, StepDraft};

on_both_engines!(a_step_due_while_its_owner_is_away_is_pointed_out);
async fn a_step_due_while_its_owner_is_away_is_pointed_out(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let worker_ = service.viewer(world.worker).await.unwrap();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    assert!(service.say_away(&worker_, day("2026-12-07"), Some(day("2026-12-01"))).await.is_err());
    service.say_away(&worker_, day("2026-12-07"), Some(day("2026-12-11"))).await.unwrap();
    let draft = StepDraft {
        what: "Ring the school".into(),
        owner: Owner::Worker { worker: world.worker },
        with: String::new(),
        due: Some(day("2026-12-08")),
        children: Default::default(),
        measure: String::new(),
    };
    world.act(world.chair, Command::AddStep { slot: world.slot, step: StepId::new(service.new_uuid()), draft }).await;
    let html = part(&world, world.chair, domain::template::Part::Decision).await;
    assert!(html.contains("Julian Yardarm is away, until 11 December 2026"), "{html}");
    service.say_away(&worker_, day("2026-12-07"), None).await.unwrap();
    assert!(!part(&world, world.chair, domain::template::Part::Decision).await.contains("is away"));
    let today = &service.families_today(&worker_, world.meeting).await.unwrap()[&world.family];
    assert_eq!((today.children.as_str(), today.written, today.workers), ("Ottilie, Juno, Ishaan", 0, 5));
}

on_both_engines!(sent_words_are_read_in_as_their_senders_once_and_over_nothing);
async fn sent_words_are_read_in_as_their_senders_once_and_over_nothing(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let worker = service.viewer(world.worker).await.unwrap();
    allowed!(
        service,
        service.family_reader(&worker, world.family).await,
        write_chapter(&[summary("Ottilie laughs at school.\n", 0)])
    )
    .unwrap();
    world.act(world.chair, Command::Open).await;
    world
        .act(
            world.chair,
            Command::Start { slot: world.slot, seen: None, decision: domain::DecisionId::new(service.new_uuid()) },
        )
        .await;
    let area = Area::Analysis(world.worker);
    let text = || async {
        let chair = service.viewer(world.chair).await.unwrap();
        let room =
            allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap().room;
        room.slot(world.slot).unwrap().boxes.get(&area).cloned().unwrap_or_default()
    };
    for how in [Attendance::Apologies, Attendance::SentWords, Attendance::SentWords] {
        world.act(world.chair, Command::Attend { slot: world.slot, worker: world.worker, how }).await;
    }
    let read_in = text().await;
    assert_eq!(read_in.prose.text(), "Ottilie laughs at school.", "once, although pressed twice");
    assert!(read_in.recorded_by.is_empty() && read_in.authors().contains(&world.worker), "theirs, not the chair's");
    let chair = service.viewer(world.chair).await.unwrap();
    let history =
        allowed!(service, service.meeting_reader(&chair, world.meeting).await, box_history(world.slot, area, None))
            .unwrap();
    assert!(history.runs.iter().all(|(_, who, _)| who == "Julian Yardarm"), "{:?}", history.runs);
    crate::record::finish(&world).await;
    let record = &records(&world).await[0];
    let heard = record.heard.iter().find(|heard| heard.who.worker == world.worker).unwrap();
    assert_eq!((heard.text.text.as_str(), heard.recorded_by.len()), ("Ottilie laughs at school.", 0));
}

on_both_engines!(who_is_away_on_the_day_is_said_when_a_meeting_is_planned);
async fn who_is_away_on_the_day_is_said_when_a_meeting_is_planned(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let (plan, _) = allowed!(service, service.meeting_planner(&chair, world.meeting).await, plan_of()).unwrap();
    let warnings = allowed!(service, service.team_staff(&chair, plan.team), timetable(&plan, Some(world.meeting)))
        .unwrap()
        .warnings;
    assert!(warnings.iter().all(|warning| !warning.contains("away")), "{warnings:?}");
    let worker = service.viewer(world.worker).await.unwrap();
    service.say_away(&worker, plan.held_on, Some(plan.held_on + chrono::TimeDelta::days(3))).await.unwrap();
    let warnings = allowed!(service, service.team_staff(&chair, plan.team), timetable(&plan, Some(world.meeting)))
        .unwrap()
        .warnings;
    let expected = "Julian Yardarm is away until 27 November 2026 and is needed: 09:30–10:15 FS-3046.";
    assert!(warnings.iter().any(|warning| warning.starts_with(expected)), "{warnings:?}");
}
