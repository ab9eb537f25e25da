//! One press is one command, decided on what its sender saw and written in one commit, or not at all.

use crate::place::{Place, World, allowed, on_both_engines};
use domain::family::WorkbookEvent;
use domain::meeting::{AgendaChange, Became, Command, Entry, Phase, Route, Wording};
use domain::{CommandId, DecisionId};
use service::meeting::Request;
use service::meeting::room::Outcome;

async fn revisions(world: &World) -> Vec<(DecisionId, u32)> {
    let chair = world.service.viewer(world.chair).await.unwrap();
    let page =
        allowed!(world.service, world.service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let decisions = &page.room.slot(world.slot).unwrap().decisions;
    decisions.iter().map(|decision| (decision.id, decision.revision)).collect()
}

async fn confirmed(world: &World) -> usize {
    let chair = world.service.viewer(world.chair).await.unwrap();
    let page =
        allowed!(world.service, world.service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    page.room.slot(world.slot).unwrap().decisions.iter().filter(|decision| decision.confirmed.is_some()).count()
}

async fn word(world: &World, decision: DecisionId, revision: u32, why: &str) {
    let wording = Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why: why.into() };
    world.act(world.chair, Command::Word { slot: world.slot, decision, revision, wording }).await;
}

on_both_engines!(all_that_was_read_back_is_confirmed_or_nothing_is);
async fn all_that_was_read_back_is_confirmed_or_nothing_is(place: Place) {
    let world = World::started(place.service().await).await;
    let first = revisions(&world).await[0].0;
    word(&world, first, 0, "It works").await;
    let chair = world.service.viewer(world.chair).await.unwrap();
    let page =
        allowed!(world.service, world.service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let child = *page.room.slot(world.slot).unwrap().children.last().unwrap();
    let own = DecisionId::new(world.service.new_uuid());
    world.act(world.chair, Command::Split { slot: world.slot, child, decision: own }).await;
    let read = revisions(&world).await;
    assert_eq!(read.len(), 2);
    // Somebody words one of the two anew after it was read back.
    let (_, revision) = *read.iter().find(|(decision, _)| *decision == own).unwrap();
    word(&world, own, revision, "It works for him").await;
    let all = |revisions: Vec<(DecisionId, u32)>| Command::ConfirmAll {
        slot: world.slot,
        revisions: revisions.into_iter().collect(),
    };
    let outcome = world.try_act(world.chair, all(read)).await;
    assert!(matches!(outcome, Outcome::Refused { .. }));
    assert_eq!(confirmed(&world).await, 0, "not half of it");
    let now = revisions(&world).await;
    world.act(world.chair, all(now)).await;
    assert_eq!(confirmed(&world).await, 2);
}

on_both_engines!(an_agenda_changed_by_two_people_tells_the_second_and_shows_both_orders);
async fn an_agenda_changed_by_two_people_tells_the_second_and_shows_both_orders(place: Place) {
    let world = World::planned(place.service().await).await;
    let chair = world.service.viewer(world.chair).await.unwrap();
    let (plan, revision) =
        allowed!(world.service, world.service.meeting_planner(&chair, world.meeting).await, plan_of()).unwrap();
    let later = Command::Rearrange { slot: world.slot, revision, change: AgendaChange::Later };
    world.act(world.record_taker, later.clone()).await;
    // The form and the button of an older page are both refused.
    let error = allowed!(
        world.service,
        world.service.meeting_planner(&chair, world.meeting).await,
        replan_meeting(revision, &plan)
    )
    .unwrap_err();
    let text = format!("{error:?}");
    assert!(text.contains("FS-3004 (35 min), FS-3046 (45 min)"), "as it stands: {text}");
    assert!(text.contains("FS-3046 (45 min), FS-3004 (35 min)"), "as it was sent: {text}");
    assert!(matches!(world.try_act(world.chair, later).await, Outcome::Refused { .. }));
    let (_, now) =
        allowed!(world.service, world.service.meeting_planner(&chair, world.meeting).await, plan_of()).unwrap();
    allowed!(world.service, world.service.meeting_planner(&chair, world.meeting).await, replan_meeting(now, &plan))
        .unwrap();
    let page =
        allowed!(world.service, world.service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    assert_eq!(page.room.slots[0].id, world.slot, "sent again it replaces the other order");
    assert!(matches!(page.room.phase, Phase::Planned));
}

on_both_engines!(a_last_steps_answer_is_in_the_meeting_and_in_the_workbook_or_in_neither);
async fn a_last_steps_answer_is_in_the_meeting_and_in_the_workbook_or_in_neither(place: Place) {
    let world = World::started(place.service().await).await;
    crate::record::finish(&world).await;
    let step = crate::record::records(&world).await[0].steps[0].step;
    let next = World::planned_with(world.service, "light").await;
    next.act(next.chair, Command::Open).await;
    let decision = DecisionId::new(next.service.new_uuid());
    next.act(next.chair, Command::Start { slot: next.slot, seen: None, decision }).await;
    let answer =
        Command::AnswerLastStep { slot: next.slot, step, became: Became::Carried, due: None, word: "Closed".into() };
    let (viewer, id) = (next.service.viewer(next.chair).await.unwrap(), CommandId::new(next.service.new_uuid()));
    let act = || next.service.act(&viewer, next.meeting, id, Request::Command(answer.clone()));
    let cursor = || async {
        allowed!(next.service, next.service.meeting_reader(&viewer, next.meeting).await, meeting_page(None))
            .unwrap()
            .cursor
    };
    let before = cursor().await;
    // The database takes the meeting's line and refuses the workbook's.
    let family: String = next.family.uuid().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let (refuse, take_again) = if place.is_postgres() {
        let rule = format!("CHECK (journal_id <> '{}') NOT VALID", next.family);
        (format!("ALTER TABLE events ADD CONSTRAINT refuse {rule}"), "ALTER TABLE events DROP CONSTRAINT refuse")
    } else {
        let rule = format!("WHEN NEW.journal_id = x'{family}' BEGIN SELECT RAISE(ABORT, 'refused'); END");
        (format!("CREATE TRIGGER refuse BEFORE INSERT ON events {rule}"), "DROP TRIGGER refuse")
    };
    place.past_caseround(&refuse);
    assert!(act().await.is_err());
    assert_eq!(cursor().await, before, "nothing is in the meeting either");
    place.past_caseround(take_again);
    let outcome = act().await.unwrap();
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    assert_eq!(act().await.unwrap(), outcome, "a retry gets the same answer");
    let entries: Vec<Entry<WorkbookEvent>> = next.service.store().entries(next.family.uuid(), 0).await.unwrap();
    let answers = entries.iter().filter(|entry| matches!(entry.event, WorkbookEvent::StepAnswered { .. }));
    assert_eq!(answers.count(), 1, "once");
    let steps = next.service.store().steps_in(next.family.uuid()).await.unwrap();
    assert_eq!(steps.iter().find(|row| row.id == step).unwrap().state, domain::status::StepStatus::Carried);
    next.act(next.chair, Command::TakeBackLastStep { slot: next.slot, step }).await;
    let steps = next.service.store().steps_in(next.family.uuid()).await.unwrap();
    assert_eq!(steps.iter().find(|row| row.id == step).unwrap().state, domain::status::StepStatus::Open, "as before");
}
