//! What the store and the service promise, on SQLite and on PostgreSQL.

use crate::place::{ADDRESS, Place, World, allowed, on_both_engines, summary, worker};
use domain::mark::Readers;
use domain::meeting::{Area, Command, MeetingPart, Owner, Position, Refusal, Route, StepDraft, Wording};
use domain::prose::Prose;
use domain::{CommandId, StepId};
use service::meeting::Request;
use service::meeting::room::Outcome;
use service::rebuild::{differences, rebuild};
use std::collections::BTreeSet;

fn applied(outcome: &Outcome) -> i64 {
    match outcome {
        Outcome::Applied { seq } => *seq,
        Outcome::Refused { refusal } => panic!("refused: {refusal}"),
    }
}

/// One family from start to finish: text, a decision, a stance, a step.
pub async fn hold(world: &World) {
    let (service, slot) = (&world.service, world.slot);
    applied(&world.try_act(world.chair, Command::EverybodyHere { slot }).await);
    let viewer = service.viewer(world.worker).await.unwrap();
    let pen = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
    let update = Prose::with_pen(pen).rewrite("Ivy laughed 🌱 a lot.");
    applied(
        &world.try_act(world.worker, Command::Type { slot, area: Area::Analysis(world.worker), update, pen }).await,
    );
    let room =
        allowed!(service, service.meeting_reader(&viewer, world.meeting).await, meeting_page(None)).unwrap().room;
    let decision = room.slot(slot).unwrap().decisions[0].id;
    let wording =
        Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why: "It helps.".into() };
    applied(&world.try_act(world.chair, Command::Word { slot, decision, revision: 0, wording }).await);
    applied(
        &world
            .try_act(
                world.worker,
                Command::Stand {
                    slot,
                    decision,
                    revision: 1,
                    worker: world.worker,
                    position: Position::Disagree,
                    reason: "Too early".into(),
                },
            )
            .await,
    );
    applied(
        &world
            .try_act(
                world.record_taker,
                Command::AllAgree { slot, decision, revision: 1, except: Default::default(), others: true },
            )
            .await,
    );
    applied(&world.try_act(world.chair, Command::Confirm { slot, decision, revision: 1, then: None }).await);
    let draft = StepDraft {
        what: "Ring the school".into(),
        owner: Owner::Worker { worker: world.worker },
        with: String::new(),
        due: chrono::NaiveDate::from_ymd_opt(2026, 12, 8),
        children: BTreeSet::new(),
        measure: String::new(),
    };
    applied(&world.try_act(world.chair, Command::AddStep { slot, step: StepId::new(service.new_uuid()), draft }).await);
    applied(&world.try_act(world.chair, Command::Finish { slot }).await);
}

on_both_engines!(tables_equal_the_folded_journals_and_can_be_rebuilt);
async fn tables_equal_the_folded_journals_and_can_be_rebuilt(place: Place) {
    let world = World::started(place.service().await).await;
    hold(&world).await;
    applied(&world.try_act(world.chair, Command::Close).await);
    let store = world.service.store();
    assert_eq!(differences(store).await.unwrap(), 0);
    let viewer = world.service.viewer(world.worker).await.unwrap();
    let steps = world.service.my_steps(&viewer).await.unwrap();
    assert_eq!(steps.len(), 1);
    world.service.answer_step(&viewer, steps[0].id, true, "rang").await.unwrap();
    allowed!(
        world.service,
        world.service.family_reader(&viewer, world.family).await,
        write_chapter(&[summary("A good month.", 0)])
    )
    .unwrap();
    assert_eq!(differences(store).await.unwrap(), 0);

    let mut tx = store.begin().await.unwrap();
    tx.forget_projections().await.unwrap();
    tx.commit().await.unwrap();
    assert!(differences(store).await.unwrap() > 0);
    rebuild(store).await.unwrap();
    assert_eq!(differences(store).await.unwrap(), 0);
    assert!(world.service.my_steps(&viewer).await.unwrap().is_empty());
    let card =
        allowed!(world.service, world.service.family_reader(&viewer, world.family).await, family_page()).unwrap();
    assert_eq!(card.summaries[0].html, "<p>A good month.</p>\n");
}

on_both_engines!(finishing_gives_each_child_a_draft_record_with_dissent_and_each_owner_their_steps);
async fn finishing_gives_each_child_a_draft_record_with_dissent_and_each_owner_their_steps(place: Place) {
    let world = World::started(place.service().await).await;
    hold(&world).await;
    let records = world.service.store().records(world.family.uuid()).await.unwrap();
    assert_eq!(records.len(), 3, "one for each child");
    for record in &records {
        assert_eq!(record.held_on.to_string(), "2026-11-24");
        assert_eq!(record.chair.name, "Zara Northlight");
        assert_eq!(record.heard[0].text.text, "Ivy laughed 🌱 a lot.");
        let decision = record.decision.as_ref().unwrap();
        assert!(decision.confirmed_at.is_some());
        let dissent = decision.stances.iter().find(|stance| stance.who.worker == world.worker).unwrap();
        assert_eq!((dissent.position, dissent.reason.as_str()), (Position::Disagree, "Too early"));
        assert_eq!(record.steps.len(), 1);
    }
    let late = Prose::with_pen(5).rewrite("late");
    let refused = world
        .try_act(
            world.chair,
            Command::Type { slot: world.slot, area: Area::Analysis(world.worker), update: late, pen: 5 },
        )
        .await;
    assert!(matches!(refused, Outcome::Refused { .. }), "frozen, and a forged pen besides");
}

on_both_engines!(a_retried_command_gets_the_same_answer_once);
async fn a_retried_command_gets_the_same_answer_once(place: Place) {
    let world = World::started(place.service().await).await;
    let viewer = world.service.viewer(world.chair).await.unwrap();
    let id = CommandId::new(world.service.new_uuid());
    let again = |command: Command| world.service.act(&viewer, world.meeting, id, Request::Command(command));
    let first = again(Command::Pause { slot: world.slot }).await.unwrap();
    let second = again(Command::Resume { slot: world.slot }).await.unwrap();
    assert_eq!(first, second, "the id decides, not the content");
    let room = allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, meeting_page(None))
        .unwrap()
        .room;
    assert!(matches!(
        room.slot(world.slot).unwrap().progress,
        domain::meeting::Progress::InDiscussion { running_since: None, .. }
    ));
    let refused = CommandId::new(world.service.new_uuid());
    let ask = |command: Command| world.service.act(&viewer, world.meeting, refused, Request::Command(command));
    let no = ask(Command::Open).await.unwrap();
    assert_eq!(no, Outcome::Refused { refusal: Refusal::Already });
    assert_eq!(ask(Command::Pause { slot: world.slot }).await.unwrap(), no);
}

on_both_engines!(many_at_once_lose_nothing_and_double_nothing);
async fn many_at_once_lose_nothing_and_double_nothing(place: Place) {
    let world = std::sync::Arc::new(World::started(place.service().await).await);
    let viewer = world.service.viewer(world.worker).await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let (world, viewer) = (world.clone(), viewer.clone());
        tasks.push(tokio::spawn(async move {
            let pen = allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, pens())
                .unwrap()[0]
                .pen;
            let mine = Prose::with_pen(pen);
            for n in 0..20 {
                let update = mine.rewrite(&"x".repeat(n + 1));
                applied(
                    &world
                        .try_act(
                            world.worker,
                            Command::Type { slot: world.slot, area: Area::Analysis(world.worker), update, pen },
                        )
                        .await,
                );
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let page = allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, meeting_page(None))
        .unwrap();
    let text = page.room.slot(world.slot).unwrap().boxes[&Area::Analysis(world.worker)].prose.text();
    assert_eq!(text.len(), 80);
    let entries = world.service.store().entries::<domain::meeting::Event>(world.meeting.uuid(), 0).await.unwrap();
    assert_eq!(page.cursor, entries.last().unwrap().seq);
    assert!(entries.iter().zip(1..).all(|(entry, seq)| entry.seq == seq));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_postgresql_hold_one_room() {
    let place = Place::postgres();
    let world = World::started(place.service().await).await;
    let other = place.service().await;
    let viewer = other.viewer(world.worker).await.unwrap();
    let here = allowed!(other, other.meeting_reader(&viewer, world.meeting).await, meeting_page(None)).unwrap();
    let pen = allowed!(other, other.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
    let token = crate::place::token(&other, world.worker).await;
    let mut stream = other.stream(&token, false, world.meeting, here.cursor, "", "10.0.0.1").await.unwrap();

    applied(&world.try_act(world.chair, Command::Pause { slot: world.slot }).await);
    let received = tokio::time::timeout(std::time::Duration::from_secs(10), async {
        loop {
            match stream.next().await.unwrap().frame.clone() {
                domain::page::Frame::Entries { cursor, .. } => return cursor,
                domain::page::Frame::View { page } => return page.cursor,
                _ => {}
            }
        }
    });
    assert!(received.await.expect("the other process hears of it") > here.cursor);

    // Both write at the same moment; one is second, catches up and decides again.
    let update = Prose::with_pen(pen).rewrite("from the other process");
    let typed = Command::Type { slot: world.slot, area: Area::Analysis(world.worker), update, pen };
    let id = CommandId::new(other.new_uuid());
    let (first, second) = tokio::join!(
        other.act(&viewer, world.meeting, id, Request::Command(typed)),
        world.try_act(world.chair, Command::Resume { slot: world.slot }),
    );
    assert_ne!(applied(&first.unwrap()), applied(&second));
    let entries = world.service.store().entries::<domain::meeting::Event>(world.meeting.uuid(), 0).await.unwrap();
    assert!(entries.iter().zip(1..).all(|(entry, seq)| entry.seq == seq));
    assert_eq!(differences(world.service.store()).await.unwrap(), 0);
}

on_both_engines!(two_forms_without_scripts_merge_and_a_summary_in_two_tabs_too);
async fn two_forms_without_scripts_merge_and_a_summary_in_two_tabs_too(place: Place) {
    let world = World::started(place.service().await).await;
    let area = Area::Analysis(world.worker);
    let viewer = world.service.viewer(world.worker).await.unwrap();
    let chair = world.service.viewer(world.chair).await.unwrap();
    let write = async |who: &std::sync::Arc<domain::viewer::Viewer>, text: &str, base: i64| {
        let request = Request::Write { slot: world.slot, area, text: text.to_owned(), base };
        applied(
            &world.service.act(who, world.meeting, CommandId::new(world.service.new_uuid()), request).await.unwrap(),
        )
    };
    let base = write(&viewer, "Ivy is well.\r\nNoah sleeps.", 0).await;
    write(&viewer, "Ivy is very well.\r\nNoah sleeps.", base).await;
    write(&chair, "Ivy is well.\nNoah sleeps better.", base).await;
    let page =
        allowed!(world.service, world.service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let text = &page.room.slot(world.slot).unwrap().boxes[&area];
    assert_eq!(text.prose.text(), "Ivy is very well.\nNoah sleeps better.");
    assert!(text.recorded_by.contains(&world.chair));

    allowed!(
        world.service,
        world.service.family_reader(&viewer, world.family).await,
        write_chapter(&[summary("one two", 0)])
    )
    .unwrap();
    allowed!(
        world.service,
        world.service.family_reader(&viewer, world.family).await,
        write_chapter(&[summary("one two three", 1)])
    )
    .unwrap();
    allowed!(
        world.service,
        world.service.family_reader(&viewer, world.family).await,
        write_chapter(&[summary("zero one two", 1)])
    )
    .unwrap();
    let form = allowed!(world.service, world.service.family_reader(&viewer, world.family).await, chapter_form())
        .unwrap()
        .unwrap();
    assert_eq!((form.texts[0].text.as_str(), form.texts[0].revision), ("zero one two three", 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn marked_text_is_not_in_others_pages_minutes_or_on_the_wall() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let viewer = world.service.viewer(world.worker).await.unwrap();
    let pen =
        allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
    let area = Area::Analysis(world.worker);
    let update = Prose::with_pen(pen).rewrite("The address is Whispering Lane.");
    applied(&world.try_act(world.worker, Command::Type { slot: world.slot, area, update, pen }).await);
    applied(
        &world
            .try_act(
                world.worker,
                Command::Mark {
                    slot: world.slot,
                    part: MeetingPart::Box(area),
                    readers: Readers::Only { workers: [world.chair].into() },
                    not_in_copies_for: Default::default(),
                    reason: String::new(),
                },
            )
            .await,
    );
    let colleague = world.service.viewer(worker(&world.service, "7008").await).await.unwrap();
    let wall = world.service.viewer_as(world.chair, true).await.unwrap();
    for who in [colleague.as_ref(), wall.as_ref()] {
        let page = serde_json::to_string(
            &allowed!(world.service, world.service.meeting_reader(who, world.meeting).await, meeting_page(None))
                .unwrap(),
        )
        .unwrap();
        assert!(!page.contains("Whispering"));
        assert!(page.contains("\"withheld\":true"));
    }
    applied(&world.try_act(world.chair, Command::Finish { slot: world.slot }).await);
    for who in [&viewer, &colleague, &world.service.viewer(world.chair).await.unwrap()] {
        let minutes = domain::document::of_minutes(
            &allowed!(
                world.service,
                world.service.meeting_reader(who, world.meeting).await,
                minutes(ADDRESS, None, "md")
            )
            .unwrap(),
        );
        let printer = world.service.printer();
        for printed in [printer.markdown(&minutes), printer.html(&minutes), printer.json(&minutes)] {
            assert!(!printed.contains("Whispering"));
            assert!(printed.contains("DRAFT"));
        }
    }
    let record = world.service.store().records(world.family.uuid()).await.unwrap().remove(0);
    let (_, kept) = allowed!(world.service, world.service.record_reader(&viewer, record.id).await, record()).unwrap();
    assert_eq!(kept.heard.len(), 1, "its writer still reads it");
    let (_, seen) =
        allowed!(world.service, world.service.record_reader(&colleague, record.id).await, record()).unwrap();
    let [theirs] = seen.heard.as_slice() else { panic!("that something is kept is said") };
    assert_eq!(theirs.text.text, "Kept by its writer for named workers; ask them.");
}

on_both_engines!(who_stands_out_of_a_discussion_reads_nothing_of_the_family_anywhere_until_they_are_back);
async fn who_stands_out_of_a_discussion_reads_nothing_of_the_family_anywhere_until_they_are_back(place: Place) {
    stands_out(World::planned(place.service().await).await).await;
    stands_out(World::started(place.service().await).await).await;
}

async fn stands_out(world: World) {
    let viewer = world.service.viewer(world.worker).await.unwrap();
    let reads =
        async || allowed!(world.service, world.service.family_reader(&viewer, world.family).await, family()).is_ok();
    assert!(reads().await);
    world.act(world.worker, Command::StandOut { slot: world.slot, out: true }).await;
    assert!(!reads().await);
    let chair = world.service.viewer(world.chair).await.unwrap();
    assert!(
        allowed!(world.service, world.service.family_reader(&chair, world.family).await, family()).is_ok(),
        "for others nothing changes"
    );
    world.act(world.worker, Command::StandOut { slot: world.slot, out: false }).await;
    assert!(reads().await);
}
