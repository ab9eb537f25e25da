//! How long things are held: reduction, legal hold, two people's destruction, tombstones.

use crate::delivery::{Shelf, with_shelf_at};
use crate::place::{ADDRESS, Place, World, allowed, confirmed, now, on_both_engines};
use crate::record::{KEY, complete, decision, finished, records, sign};
use chrono::TimeDelta;
use domain::mark::Readers;
use domain::meeting::{Area, Command, Entry, Event, MeetingPart};
use domain::prose::Prose;
use domain::retention::RetentionState;
use domain::status::DeliveryState;
use service::Service;
use service::ServiceError;
use service::seal::{SealKey, verify, verify_journals};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A family's meeting, signed, delivered and closed, with words that were typed and taken out again.
async fn signed(place: &Place, shelf: &Arc<Shelf>) -> World {
    drop(place.service().await);
    let world = World::started(with_shelf_at(place, shelf, now()).await).await;
    let service = &world.service;
    let worker = service.viewer(world.worker).await.unwrap();
    let pen = allowed!(service, service.meeting_reader(&worker, world.meeting).await, pens()).unwrap()[0].pen;
    let prose = Prose::with_pen(pen);
    for text in ["Takenout. Ivy laughs", "Ivy laughs with her nain"] {
        let update = prose.rewrite(text);
        world
            .try_act(world.worker, Command::Type { slot: world.slot, area: Area::Analysis(world.worker), update, pen })
            .await;
    }
    let viewer = service.viewer(world.chair).await.unwrap();
    let page = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, meeting_page(None)).unwrap();
    let child = *page.room.slot(world.slot).unwrap().children.first().unwrap();
    let pen = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
    let update = Prose::with_pen(pen).rewrite("Ottermeaning");
    world.act(world.chair, Command::Type { slot: world.slot, area: Area::Meaning(child), update, pen }).await;
    // Why something is shared goes with what it is about.
    let own = Area::Analysis(world.worker);
    for (by, area, reason) in [(world.chair, Area::Meaning(child), "Otterreason"), (world.worker, own, "Nainreason")] {
        let (slot, part, readers) = (world.slot, MeetingPart::Box(area), Readers::Team);
        let (not_in_copies_for, reason) = (BTreeSet::new(), reason.to_owned());
        world.act(by, Command::Mark { slot, part, readers, not_in_copies_for, reason }).await;
    }
    let world = finished_here(world).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    world.act(world.chair, Command::Close).await;
    wait_until_landed(&world).await;
    world
}

/// Waits until the family's records are in the council's system.
pub async fn wait_until_landed(world: &World) {
    for _ in 0..200 {
        let rows = world.service.store().deliveries_of_family(world.family).await.unwrap();
        if !rows.is_empty() && rows.iter().all(|row| row.state == DeliveryState::Landed) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nothing landed")
}

async fn finished_here(world: World) -> World {
    crate::record::finish(&world).await;
    world
}

pub async fn later(world: World, place: &Place, shelf: &Arc<Shelf>, days: i64) -> World {
    let service = with_shelf_at(place, shelf, now() + TimeDelta::days(days)).await;
    World { service, ..world }
}

/// Every word of the meeting's and the family's journals, boxes read as text at each line.
pub async fn all_words(world: &World) -> String {
    let store = world.service.store();
    let entries: Vec<Entry<Event>> = store.entries(world.meeting.uuid(), 0).await.unwrap();
    let mut words = serde_json::to_string(&entries).unwrap();
    for entry in &entries {
        if let Some((.., update)) = entry.event.words() {
            words.push_str(&String::from_utf8_lossy(update));
        }
    }
    let pages: Vec<Entry<domain::family::WorkbookEvent>> = store.entries(world.family.uuid(), 0).await.unwrap();
    words + &serde_json::to_string(&pages).unwrap()
}

on_both_engines!(keystrokes_are_reduced_to_who_wrote_what_and_a_hold_stops_that);
async fn keystrokes_are_reduced_to_who_wrote_what_and_a_hold_stops_that(place: Place) {
    let shelf = Arc::new(Shelf::default());
    let world = signed(&place, &shelf).await;
    assert!(all_words(&world).await.contains("Takenout"));
    assert_eq!(world.service.reduce_due().await.unwrap(), 0, "not before the template's days are over");
    let chair = world.service.viewer(world.chair).await.unwrap();
    let before = records(&world).await;
    assert!(
        allowed!(world.service, world.service.family_manager(&chair, world.family).await, hold(" ")).is_err(),
        "a hold has a reason"
    );
    allowed!(world.service, world.service.family_manager(&chair, world.family).await, hold("Proceedings")).unwrap();
    let world = later(world, &place, &shelf, 200).await;
    assert_eq!(world.service.reduce_due().await.unwrap(), 0, "a hold stops it");
    let own = allowed!(world.service, world.service.family_manager(&chair, world.family).await, release(""));
    assert!(own.is_err(), "whoever put a hold there does not end it");
    world.opened_from_above().await;
    let other = world.service.viewer(world.service_manager).await.unwrap();
    allowed!(world.service, world.service.family_manager(&other, world.family).await, release("")).unwrap();
    // Where somebody writes into the journal just then, it waits for the next time.
    let mut reduced = 0;
    for _ in 0..20 {
        reduced += world.service.reduce_due().await.unwrap();
    }
    assert_eq!(reduced, 1);
    assert_eq!(world.service.reduce_due().await.unwrap(), 0, "once");
    let words = all_words(&world).await;
    assert!(!words.contains("Takenout") && words.contains("Ivy laughs with her nain"));
    assert_eq!(records(&world).await, before);
    let area = Area::Analysis(world.worker);
    let history = allowed!(
        world.service,
        world.service.meeting_reader(&chair, world.meeting).await,
        box_history(world.slot, area, None)
    )
    .unwrap();
    let text: String = history.runs.iter().map(|(text, ..)| text.as_str()).collect();
    assert_eq!((text.as_str(), history.moments.len()), ("Ivy laughs with her nain", 0));
    assert_eq!(service::rebuild::differences(world.service.store()).await.unwrap(), 0);
    let page =
        allowed!(world.service, world.service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    assert_eq!(page.room.slot(world.slot).unwrap().boxes[&area].prose.text(), "Ivy laughs with her nain");
}

pub async fn destroy(service: &Service, who: domain::WorkerId, child: domain::PersonId) -> Result<(), ServiceError> {
    let viewer = service.viewer(who).await.unwrap();
    allowed!(service, service.child_manager(&viewer, child).await, agree_expiry(confirmed(service, who).await))
}

on_both_engines!(our_copy_goes_when_two_people_say_so_and_its_tombstone_holds);
async fn our_copy_goes_when_two_people_say_so_and_its_tombstone_holds(place: Place) {
    let shelf = Arc::new(Shelf::default());
    let world = signed(&place, &shelf).await;
    let mut kept = records(&world).await;
    kept.sort_by_key(|record| !record.meaning.text.contains("Ottermeaning"));
    let children: Vec<_> = kept.iter().map(|record| record.child).collect();
    let chair = world.service.viewer(world.chair).await.unwrap();
    let mine = confirmed(&world.service, world.chair).await;
    let result = allowed!(world.service, world.service.child_manager(&chair, children[0]).await, propose_expiry(mine));
    assert!(matches!(result, Err(ServiceError::Form(_))), "its time is not over: {result:?}");
    let world = later(world, &place, &shelf, 366 * 4).await;
    let service = &world.service;
    let listed = allowed!(service, service.staff(&chair), retention()).unwrap().children;
    let mine: Vec<_> = listed.iter().filter(|line| children.contains(&line.child)).collect();
    assert!(mine.iter().all(|line| matches!(line.state, RetentionState::Expired(_))), "{mine:?}");
    let worker = service.viewer(world.worker).await.unwrap();
    assert!(matches!(allowed!(service, service.staff(&worker), retention()), Err(ServiceError::NotFound)));
    assert!(matches!(
        allowed!(
            service,
            service.child_manager(&worker, children[0]).await,
            propose_expiry(confirmed(service, world.worker).await)
        ),
        Err(ServiceError::NotFound)
    ));
    assert!(destroy(service, world.service_manager, children[0]).await.is_err(), "nobody has proposed it");
    allowed!(
        service,
        service.child_manager(&chair, children[0]).await,
        propose_expiry(confirmed(service, world.chair).await)
    )
    .unwrap();
    assert!(destroy(service, world.chair, children[0]).await.is_err(), "one person is not two");
    // Whoever oversees the team finds what waits for a second person, and nothing else of its families.
    let above = service.viewer(world.service_manager).await.unwrap();
    let lines = allowed!(service, service.staff(&above), retention()).unwrap().children;
    assert_eq!(lines.iter().map(|line| (line.child, line.theirs)).collect::<Vec<_>>(), [(children[0], true)]);
    assert!(matches!(destroy(service, world.worker, children[0]).await, Err(ServiceError::NotFound)));
    allowed!(service, service.family_manager(&chair, world.family).await, hold("An inquiry")).unwrap();
    assert!(destroy(service, world.service_manager, children[0]).await.is_err(), "held");
    let other = service.viewer(world.service_manager).await.unwrap();
    assert!(service.family_manager(&other, world.family).await.is_err(), "not without a reason");
    world.opened_from_above().await;
    allowed!(service, service.family_manager(&other, world.family).await, release("It ended")).unwrap();
    assert!(destroy(service, world.service_manager, children[0]).await.is_err(), "a hold ends what was proposed");
    allowed!(
        service,
        service.child_manager(&chair, children[0]).await,
        propose_expiry(confirmed(service, world.chair).await)
    )
    .unwrap();
    // The page before destroying is there for the second person alone.
    let router = crate::place::router(service);
    for (who, there) in [
        (world.chair, false),
        (world.record_taker, false),
        (world.worker, false),
        (world.stranger, false),
        (world.service_manager, true),
    ] {
        let token = crate::place::token(service, who).await;
        let request = crate::http::get(&format!("/retention/{}", children[0]), Some(&token));
        let (status, _, page, _) = crate::http::send(&router, request).await;
        assert_eq!(status.is_success(), there, "{who}");
        assert_eq!(page.contains("This cannot be undone."), there, "{who}");
    }
    assert_eq!(records(&world).await.len(), children.len(), "nothing was destroyed so far");
    // One child's goes; what the others' records need stays.
    destroy(service, world.service_manager, children[0]).await.unwrap();
    assert!(records(&world).await.iter().all(|record| record.child != children[0]));
    let ever = crate::place::now() + chrono::TimeDelta::days(366 * 5);
    let looks = service.store().accesses_of_family(world.family, ever, 1000, "nothing").await.unwrap();
    let opened: Vec<_> = looks.iter().filter(|look| look.what == domain::status::AccessKind::Opened).collect();
    assert!(!opened.is_empty() && opened.iter().all(|look| look.made_for.is_empty()), "reasons may be about the child");
    let minutes =
        allowed!(service, service.meeting_reader(&chair, world.meeting).await, minutes(ADDRESS, None, "md")).unwrap();
    assert_eq!(minutes.families[0].children.len(), children.len() - 1, "what is destroyed is not drafted anew");
    assert!(minutes.left_out.iter().any(|line| line.contains("not held here any more")), "{:?}", minutes.left_out);
    assert!(
        allowed!(service, service.staff(&chair), deliveries())
            .unwrap()
            .iter()
            .all(|line| line.row.child_id != children[0])
    );
    let words = all_words(&world).await;
    assert!(words.contains("Ivy laughs") && words.contains("Nainreason"), "these are the other children's, too");
    assert!(!words.contains("Ottermeaning") && !words.contains("Otterreason"), "these were this child's alone");
    let key = SealKey::new(KEY);
    let state = verify(service.store(), &key, &[]).await.unwrap();
    assert_eq!((state.destroyed, state.broken), (1, Vec::new()));
    for child in &children[1..] {
        allowed!(
            service,
            service.child_manager(&chair, *child).await,
            propose_expiry(confirmed(service, world.chair).await)
        )
        .unwrap();
        destroy(service, world.service_manager, *child).await.unwrap();
    }
    let words = all_words(&world).await;
    for gone in [
        "Ivy laughs",
        "Takenout",
        "Nainreason",
        "Otterreason",
        "Ottermeaning",
        "Ring the school",
        "The plan works",
        "seen alone",
    ] {
        assert!(!words.contains(gone), "{gone} is still there");
    }
    if !place.is_postgres() {
        for file in ["", "-wal"] {
            let bytes = std::fs::read(format!("{}{file}", place.address)).unwrap();
            for gone in ["Ring the school", "The plan works", "Nainreason", "Otterreason"] {
                let found = bytes.windows(gone.len()).any(|window| window == gone.as_bytes());
                assert!(!found, "{gone} is still in the file{file}");
            }
        }
    }
    let state = verify(service.store(), &key, &[]).await.unwrap();
    assert_eq!((state.destroyed, state.seals, state.broken), (children.len(), children.len(), Vec::new()));
    assert_eq!(verify_journals(service.store()).await.unwrap(), Vec::<String>::new());
    assert_eq!(service::rebuild::differences(service.store()).await.unwrap(), 0);
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    assert!(page.room.slot(world.slot).is_some(), "the meeting is still there, without its words");
    assert!(
        allowed!(service, service.family_reader(&chair, world.family).await, family_page()).unwrap().earlier.is_empty()
    );
    if place.is_postgres() {
        // A body emptied past Caseround has no tombstone that this key made.
        place.past_caseround("UPDATE tombstones SET code = repeat('0', 64)");
        let broken = verify(service.store(), &key, &[]).await.unwrap().broken;
        assert!(broken.len() == children.len() && broken[0].contains("no tombstone"), "{broken:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_target_lacks_or_no_copy_holds_stays() {
    let place = Place::sqlite();
    let shelf = Arc::new(Shelf::default());
    let world = signed(&place, &shelf).await;
    let world = later(world, &place, &shelf, 366 * 4).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let record = records(&world).await.remove(0);
    let state = async || {
        let listed = allowed!(service, service.staff(&chair), retention()).unwrap().children;
        listed.into_iter().find(|line| line.child == record.child).unwrap().state
    };
    assert!(matches!(state().await, RetentionState::Expired(_)));
    // A second system that has not taken it yet.
    let mut row = service
        .store()
        .deliveries_in(DeliveryState::Landed)
        .await
        .unwrap()
        .into_iter()
        .find(|row| row.record_id == record.id)
        .unwrap();
    row.id = domain::DeliveryId::new(service.new_uuid());
    (row.target, row.state) = ("other".into(), DeliveryState::Waiting);
    let mut tx = service.store().begin().await.unwrap();
    tx.queue_delivery(&row).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(state().await, RetentionState::Kept(why) if why.contains("not confirmed")));
    let mut there = row.clone();
    there.state = DeliveryState::Landed;
    let mut tx = service.store().begin().await.unwrap();
    assert!(tx.move_delivery(&there, (DeliveryState::Waiting, row.attempts)).await.unwrap());
    tx.commit().await.unwrap();
    assert!(matches!(state().await, RetentionState::Expired(_)));
    // An addition that is kept from somebody leaves by itself to nowhere.
    let asker = service.viewer(world.worker).await.unwrap();
    allowed!(service, service.record_reader(&asker, record.id).await, ask_addendum("why", "Rosehip rang")).unwrap();
    let added = records(&world).await.into_iter().find(|found| found.id == record.id).unwrap().life.addenda.remove(0);
    let adult = allowed!(service, service.family_reader(&chair, world.family).await, family()).unwrap().adults[0].id;
    let part = domain::record::RecordPart::Addendum { addendum: added.id };
    let kept = domain::mark::Mark { not_in_copies_for: [adult].into(), ..Default::default() };
    allowed!(service, service.record_reader(&chair, record.id).await, mark_part(part, &kept)).unwrap();
    allowed!(service, service.record_manager(&chair, record.id).await, answer_addendum(added.id, true, "")).unwrap();
    for _ in 0..200 {
        let rows = service.store().deliveries_of_family(world.family).await.unwrap();
        if rows.iter().all(|row| row.state == DeliveryState::Landed || row.state == DeliveryState::Withdrawn) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let current = state().await;
    assert!(matches!(&current, RetentionState::Kept(why) if why.contains("no other file")), "{current:?}");
    let file = domain::document::copy::Recipient::ChildFile;
    allowed!(service, service.record_reader(&chair, record.id).await, print_copy(ADDRESS, file, "pdf", true)).unwrap();
    let current = state().await;
    assert!(!matches!(&current, RetentionState::Kept(_)), "{current:?}");
    // The minutes carry nothing that is kept from somebody either.
    let minutes =
        allowed!(service, service.meeting_reader(&chair, world.meeting).await, minutes(ADDRESS, None, "md")).unwrap();
    assert!(!format!("{minutes:?}").contains("Rosehip"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_council_has_not_confirmed_stays() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    let _ = decision(&world).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let shelf = Arc::new(Shelf::default());
    let world = later(world, &place, &shelf, 366 * 9).await;
    for line in world.service.retention_of_all().await.unwrap() {
        assert!(matches!(&line.state, RetentionState::Kept(why) if why.contains("not confirmed")), "{line:?}");
    }
}
