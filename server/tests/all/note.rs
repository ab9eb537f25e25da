//! The running note: its writer's alone, filed for who said it, and never forgotten.

use crate::place::{Place, World, allowed, on_both_engines, worker};
use domain::meeting::Command;

on_both_engines!(a_running_note_is_its_writers_alone_until_it_is_filed_for_who_said_it);
async fn a_running_note_is_its_writers_alone_until_it_is_filed_for_who_said_it(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let taker = service.viewer(world.record_taker).await.unwrap();
    let (chair, worker_) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    assert!(
        allowed!(service, service.note_keeper(&worker_, world.meeting).await, note(world.slot, None, "x")).is_err()
    );
    allowed!(
        service,
        service.note_keeper(&taker, world.meeting).await,
        note(world.slot, None, "NQ: the HV has seen Ivy?")
    )
    .unwrap();
    // A line whose answer was lost is sent again under its id, and is noted once.
    let id = Some(service.new_uuid());
    for _ in 0..2 {
        let runner = service.note_keeper(&taker, world.meeting).await;
        allowed!(service, runner, note(world.slot, id, "somebody rang")).unwrap();
    }
    let notes = allowed!(service, service.note_keeper(&taker, world.meeting).await, notes(Some(world.slot))).unwrap();
    assert_eq!(notes.lines[0].text, "the health visitor has seen Ivy");
    assert_eq!((notes.lines.len(), notes.to_check.len()), (2, 1));
    assert!(
        allowed!(service, service.note_keeper(&chair, world.meeting).await, notes(Some(world.slot)))
            .unwrap()
            .lines
            .is_empty(),
        "not even the chair"
    );
    assert_eq!(
        allowed!(service, service.note_keeper(&taker, world.meeting).await, file_notes(world.slot)).unwrap(),
        0,
        "what is to be checked is no statement"
    );
    allowed!(service, service.note_keeper(&chair, world.meeting).await, checked_note(notes.lines[0].id)).unwrap();
    assert_eq!(
        allowed!(service, service.note_keeper(&taker, world.meeting).await, file_notes(world.slot)).unwrap(),
        0,
        "nor checked by another"
    );
    allowed!(service, service.note_keeper(&taker, world.meeting).await, checked_note(notes.lines[0].id)).unwrap();
    assert_eq!(allowed!(service, service.note_keeper(&taker, world.meeting).await, file_notes(world.slot)).unwrap(), 1);
    assert_eq!(
        allowed!(service, service.note_keeper(&taker, world.meeting).await, file_notes(world.slot)).unwrap(),
        0,
        "once"
    );
    let nadia = worker(service, "7008").await;
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let text = &page.room.slot(world.slot).unwrap().boxes[&domain::meeting::Area::Analysis(nadia)];
    assert_eq!(text.prose.text(), "the health visitor has seen Ivy");
    assert!(text.recorded_by.contains(&world.record_taker), "recorded for her, and it says so");
    assert_eq!(
        allowed!(service, service.note_keeper(&taker, world.meeting).await, notes(Some(world.slot)))
            .unwrap()
            .lines
            .len(),
        1
    );
}

on_both_engines!(whoever_hands_on_the_record_still_has_the_lines_they_have_not_filed);
async fn whoever_hands_on_the_record_still_has_the_lines_they_have_not_filed(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let (taker, chair) = (world.record_taker, service.viewer(world.chair).await.unwrap());
    let taker = service.viewer(taker).await.unwrap();
    let keeper = service.note_keeper(&taker, world.meeting).await;
    allowed!(service, keeper, note(world.slot, None, "NQ: has seen Ivy")).unwrap();
    let noted = |page: domain::page::MeetingPage| page.noted.get(&world.slot).copied();
    let page = allowed!(service, service.meeting_reader(&taker, world.meeting).await, meeting_page(None)).unwrap();
    assert_eq!(noted(page), Some(1));
    let handed = Command::HandOverRecord { seen: Some(world.record_taker), to: Some(world.worker) };
    world.act(world.record_taker, handed).await;
    let keeper = service.note_keeper(&taker, world.meeting).await;
    let notes = allowed!(service, keeper, notes(Some(world.slot))).unwrap();
    assert_eq!(notes.lines.len(), 1, "the lines are still theirs");
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    assert_eq!(noted(page), None, "and nobody else hears of them");
    let runner = service.meeting_runner(&chair, world.meeting).await;
    let unfiled = allowed!(service, runner, unfiled_notes()).unwrap();
    let unfiled: Vec<_> = unfiled.iter().map(|(slot, who, lines)| (*slot, who.worker, *lines)).collect();
    assert_eq!(unfiled, [(world.slot, world.record_taker, 1)], "who closes hears whose and how many, and no word");
    let keeper = service.note_keeper(&taker, world.meeting).await;
    assert!(allowed!(service, keeper, file_notes(world.slot)).is_err(), "only who takes the record files for others");
}
