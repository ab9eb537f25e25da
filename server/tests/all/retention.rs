//! How long things are held: reduction, legal hold, two people's destruction, tombstones.

use crate::delivery::{Shelf, with_shelf_at};
use crate::place::{ADDRESS, Place, World, allowed, now, on_both_engines};
use crate::record::{KEY, complete, decision, finished, records, sign};
use chrono::TimeDelta;
use domain::meeting::{Area, Command, Entry, Event};
use domain::prose::Prose;
use domain::retention::RetentionState;
use domain::status::DeliveryState;
use service::Service;
use service::ServiceError;
use service::record::seal::{SealKey, verify, verify_journals};
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
            .act(world.worker, Command::Type { slot: world.slot, area: Area::Analysis(world.worker), update, pen })
            .await;
    }
    let viewer = service.viewer(world.chair).await.unwrap();
    let page = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, meeting_page(None)).unwrap();
    let child = *page.room.slot(world.slot).unwrap().children.first().unwrap();
    let pen = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
    let update = Prose::with_pen(pen).rewrite("Ottermeaning");
    world.act(world.chair, Command::Type { slot: world.slot, area: Area::Meaning(child), update, pen }).await;
    let world = finished_here(world).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    world.act(world.chair, Command::Close).await;
    for _ in 0..200 {
        let rows = world.service.store().deliveries(world.family.uuid()).await.unwrap();
        if rows.iter().all(|row| row.state == DeliveryState::Landed) {
            return world;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nothing landed")
}

async fn finished_here(world: World) -> World {
    crate::record::finish(&world).await;
    world
}

async fn later(world: World, place: &Place, shelf: &Arc<Shelf>, days: i64) -> World {
    let service = with_shelf_at(place, shelf, now() + TimeDelta::days(days)).await;
    World { service, ..world }
}

/// Every word of the meeting's and the family's journals, boxes read as text at each line.
async fn all_words(world: &World) -> String {
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
    allowed!(world.service, world.service.family_manager(&chair, world.family).await, release("")).unwrap();
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

async fn destroy(service: &Service, who: domain::WorkerId, child: domain::PersonId) -> Result<(), ServiceError> {
    let viewer = service.viewer(who).await.unwrap();
    allowed!(service, service.child_manager(&viewer, child).await, agree_expiry())
}

on_both_engines!(our_copy_goes_when_two_people_say_so_and_its_tombstone_holds);
async fn our_copy_goes_when_two_people_say_so_and_its_tombstone_holds(place: Place) {
    let shelf = Arc::new(Shelf::default());
    let world = signed(&place, &shelf).await;
    let children: Vec<_> = records(&world).await.iter().map(|record| record.child).collect();
    let chair = world.service.viewer(world.chair).await.unwrap();
    let result = allowed!(world.service, world.service.child_manager(&chair, children[0]).await, propose_expiry());
    assert!(matches!(result, Err(ServiceError::Form(_))), "its time is not over: {result:?}");
    let world = later(world, &place, &shelf, 366 * 4).await;
    let service = &world.service;
    let listed = allowed!(service, service.staff(&chair), retention()).unwrap().children;
    let mine: Vec<_> = listed.iter().filter(|line| children.contains(&line.child)).collect();
    assert!(mine.iter().all(|line| matches!(line.state, RetentionState::Expired(_))), "{mine:?}");
    let worker = service.viewer(world.worker).await.unwrap();
    assert!(matches!(allowed!(service, service.staff(&worker), retention()), Err(ServiceError::NotFound)));
    assert!(matches!(
        allowed!(service, service.child_manager(&worker, children[0]).await, propose_expiry()),
        Err(ServiceError::NotFound)
    ));
    assert!(destroy(service, world.service_manager, children[0]).await.is_err(), "nobody has proposed it");
    allowed!(service, service.child_manager(&chair, children[0]).await, propose_expiry()).unwrap();
    assert!(destroy(service, world.chair, children[0]).await.is_err(), "one person is not two");
    assert!(matches!(destroy(service, world.worker, children[0]).await, Err(ServiceError::NotFound)));
    allowed!(service, service.family_manager(&chair, world.family).await, hold("An inquiry")).unwrap();
    assert!(destroy(service, world.service_manager, children[0]).await.is_err(), "held");
    allowed!(service, service.family_manager(&chair, world.family).await, release("It ended")).unwrap();
    assert!(destroy(service, world.service_manager, children[0]).await.is_err(), "a hold ends what was proposed");
    allowed!(service, service.child_manager(&chair, children[0]).await, propose_expiry()).unwrap();
    assert_eq!(records(&world).await.len(), children.len(), "nothing was destroyed so far");
    // One child's goes; what the others' records need stays.
    destroy(service, world.service_manager, children[0]).await.unwrap();
    assert!(records(&world).await.iter().all(|record| record.child != children[0]));
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
    assert!(all_words(&world).await.contains("Ivy laughs"), "the family's words are the other children's, too");
    let key = SealKey::new(KEY);
    let state = verify(service.store(), &key, &[]).await.unwrap();
    assert_eq!((state.destroyed, state.broken), (1, Vec::new()));
    for child in &children[1..] {
        allowed!(service, service.child_manager(&chair, *child).await, propose_expiry()).unwrap();
        destroy(service, world.service_manager, *child).await.unwrap();
    }
    let words = all_words(&world).await;
    for gone in ["Ivy laughs", "Takenout", "Ottermeaning", "Ring the school", "The plan works", "seen alone"] {
        assert!(!words.contains(gone), "{gone} is still there");
    }
    if !place.is_postgres() {
        for file in ["", "-wal"] {
            let bytes = std::fs::read(format!("{}{file}", place.address)).unwrap();
            for gone in ["Ring the school", "The plan works"] {
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
    allowed!(service, service.record_reader(&chair, record.id).await, ask_addendum("why", "Rosehip rang")).unwrap();
    let added = records(&world).await.into_iter().find(|found| found.id == record.id).unwrap().life.addenda.remove(0);
    let adult = allowed!(service, service.family_reader(&chair, world.family).await, family()).unwrap().adults[0].id;
    let part = domain::record::RecordPart::Addendum { addendum: added.id };
    let kept = domain::mark::Mark { not_in_copies_for: [adult].into(), ..Default::default() };
    allowed!(service, service.record_reader(&chair, record.id).await, mark_part(part, &kept)).unwrap();
    allowed!(service, service.record_manager(&chair, record.id).await, answer_addendum(added.id, true, "")).unwrap();
    for _ in 0..200 {
        let rows = service.store().deliveries(world.family.uuid()).await.unwrap();
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

/// Whether these bytes hold the word, as it is or in base64, at any place of a group of three bytes.
fn holds(bytes: &[u8], word: &str) -> bool {
    use base64::Engine;
    let forms = (0..3).map(|before| {
        let padded = [vec![b' '; before], word.as_bytes().to_vec()].concat();
        let written = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&padded);
        // The first and the last letters also hold bits of what stands around the word.
        let first = [0, 2, 3][before];
        written.as_bytes()[first..written.len() - 2].to_vec()
    });
    forms.chain([word.as_bytes().to_vec()]).any(|form| bytes.windows(form.len()).any(|window| window == form))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_concerns_one_child_alone_is_gone_everywhere_and_what_concerns_several_stays() {
    use domain::meeting::{Answer, ContingencyDraft, OptionDraft, Owner, Position, Route, StepDraft, Wording};
    use domain::{ContingencyId, DecisionId, OptionId, StepId};
    const ALONE: &str = "Quillalone";
    const SEVERAL: &str = "Quillseveral";
    const PAIR: &str = "Quillpair";
    assert!(
        holds(b"x Quillalone y", ALONE) && holds(b"..aWxsYWxvbmU..UXVpbGxhbG9uZQ", ALONE) && !holds(b"Quill", ALONE)
    );
    let place = Place::sqlite();
    let shelf = Arc::new(Shelf::default());
    drop(place.service().await);
    let world = World::started(with_shelf_at(&place, &shelf, now()).await).await;
    let (service, slot) = (&world.service, world.slot);
    let chair = service.viewer(world.chair).await.unwrap();
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let children: Vec<_> = page.room.slot(slot).unwrap().children.iter().copied().collect();
    let pen = allowed!(service, service.meeting_reader(&chair, world.meeting).await, pens()).unwrap()[0].pen;
    let prose = Prose::with_pen(pen);
    for area in [Area::Meaning(children[0]), Area::Life(children[0])] {
        let update = prose.rewrite(&format!("{ALONE} in {area}"));
        world.act(world.chair, Command::Type { slot, area, update, pen }).await;
    }
    let second = allowed!(service, service.meeting_reader(&chair, world.meeting).await, pens()).unwrap()[0].pen;
    let update = Prose::with_pen(second).rewrite(SEVERAL);
    world.act(world.chair, Command::Type { slot, area: Area::Meaning(children[1]), update, pen: second }).await;
    for (word, child) in [(ALONE, Some(children[0])), (SEVERAL, None)] {
        let of: std::collections::BTreeSet<_> = child.into_iter().collect();
        let owner = Owner::Worker { worker: world.worker };
        let what = |feature: &str| format!("{word} {feature}");
        let due = Some(service.clock().today());
        let step =
            StepDraft { what: what("step"), owner, with: String::new(), due, children: of, measure: what("measure") };
        let draft = ContingencyDraft { child, happens: what("if"), then: what("then") };
        let said = [
            Command::AddStep { slot, step: StepId::new(service.new_uuid()), draft: step },
            Command::ConsiderOption {
                slot,
                option: OptionId::new(service.new_uuid()),
                draft: OptionDraft { child, what: what("option") },
            },
            Command::AgreeContingency { slot, contingency: ContingencyId::new(service.new_uuid()), draft },
            Command::AnswerScale {
                slot,
                scale: "safety".into(),
                child: Some(child.unwrap_or(children[1])),
                worker: world.chair,
                answer: Answer::Number(4),
                why: what("scale"),
            },
        ];
        for command in said {
            world.act(world.chair, command).await;
        }
    }
    let of_two = StepDraft {
        what: format!("{PAIR} step"),
        owner: Owner::Worker { worker: world.worker },
        with: String::new(),
        due: Some(service.clock().today()),
        children: children[..2].iter().copied().collect(),
        measure: String::new(),
    };
    world.act(world.chair, Command::AddStep { slot, step: StepId::new(service.new_uuid()), draft: of_two }).await;
    // The first child is decided for apart.
    let apart = DecisionId::new(service.new_uuid());
    world.act(world.chair, Command::Split { slot, child: children[0], decision: apart }).await;
    let wording =
        |why: String| Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why };
    for (decision, word) in [(apart, ALONE), (decision(&world).await, SEVERAL)] {
        let why = format!("{word} reason");
        world.act(world.chair, Command::Word { slot, decision, revision: 0, wording: wording(why) }).await;
        let stand = Command::Stand {
            slot,
            decision,
            revision: 1,
            worker: world.worker,
            position: Position::Disagree,
            reason: format!("{word} dissent"),
        };
        world.act(world.worker, stand).await;
        world.act(world.chair, Command::Confirm { slot, decision, revision: 1, stage: None }).await;
    }
    world.act(world.chair, Command::EverybodyHere { slot }).await;
    world.act(world.chair, Command::Finish { slot }).await;
    let mine = records(&world).await.into_iter().find(|record| record.child == children[0]).unwrap();
    sign(&world, world.chair).await.unwrap();
    allowed!(service, service.record_keeper(&chair, mine.id).await, note_sent(ADDRESS, &format!("{ALONE}'s school")))
        .unwrap();
    world.act(world.chair, Command::Close).await;
    for _ in 0..200 {
        if service
            .store()
            .deliveries(world.family.uuid())
            .await
            .unwrap()
            .iter()
            .all(|row| row.state == DeliveryState::Landed)
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }

    let world = later(world, &place, &shelf, 366 * 4).await;
    let service = &world.service;
    let everywhere = async |word: &str| {
        let mut found = Vec::new();
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("backup.sqlite");
        service.store().backup(&backup).await.unwrap();
        let files = ["", "-wal"].map(|end| std::path::PathBuf::from(format!("{}{end}", place.address)));
        for file in files.into_iter().chain([backup]) {
            if std::fs::read(&file).is_ok_and(|bytes| holds(&bytes, word)) {
                found.push(file.display().to_string());
            }
        }
        let minutes =
            allowed!(service, service.meeting_reader(&chair, world.meeting).await, minutes(ADDRESS, None, "json"))
                .unwrap();
        let outputs = [
            ("minutes", serde_json::to_string(&minutes).unwrap()),
            (
                "family",
                format!(
                    "{:?}",
                    allowed!(service, service.family_reader(&chair, world.family).await, family_page()).unwrap()
                ),
            ),
            (
                "meeting",
                format!(
                    "{:?}",
                    allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap()
                ),
            ),
            ("given", format!("{:?}", allowed!(service, service.staff(&chair), given_out()).unwrap())),
            ("journals", all_words(&world).await),
        ];
        found.extend(outputs.into_iter().filter(|(_, text)| text.contains(word)).map(|(name, _)| name.to_owned()));
        for record in records(&world).await.iter().filter(|record| record.signed()) {
            let file = domain::document::copy::Recipient::ChildFile;
            let (copy, ..) = allowed!(
                service,
                service.record_reader(&chair, record.id).await,
                print_copy(ADDRESS, file, "json", true)
            )
            .unwrap();
            if holds(&copy, word) {
                found.push(format!("copy of {}", record.child));
            }
        }
        found
    };
    assert!(everywhere(ALONE).await.len() > 5, "it was there: {:?}", everywhere(ALONE).await);
    let siblings = everywhere(SEVERAL).await;
    allowed!(service, service.child_manager(&chair, children[0]).await, propose_expiry()).unwrap();
    destroy(service, world.service_manager, children[0]).await.unwrap();
    assert_eq!(everywhere(ALONE).await, Vec::<String>::new(), "gone everywhere");
    let left = everywhere(SEVERAL).await;
    // Files have it too, whether in the log or in the database.
    assert!(left.iter().any(|place| place.starts_with('/')));
    let own = |place: &&String| !place.starts_with('/') && !place.contains(&children[0].to_string());
    for place in siblings.iter().filter(own) {
        assert!(left.contains(place), "what concerns several stays in {place}");
    }
    // What was said about two children stays with the second, and goes with them; the third's record never had it.
    assert!(!everywhere(PAIR).await.is_empty());
    allowed!(service, service.child_manager(&chair, children[1]).await, propose_expiry()).unwrap();
    destroy(service, world.service_manager, children[1]).await.unwrap();
    assert_eq!(everywhere(PAIR).await, Vec::<String>::new());
    assert_eq!(everywhere(ALONE).await, Vec::<String>::new());
    assert!(!everywhere(SEVERAL).await.is_empty());
    assert_eq!(verify_journals(service.store()).await.unwrap(), Vec::<String>::new());
}
