//! Monthly meetings on one family, one after the other.

use crate::place::{ADDRESS, World, allowed};
use chrono::TimeDelta;
use domain::meeting::{Area, Became, Command, Owner, Route, StepDraft, Wording};
use domain::prose::Prose;
use domain::{CommandId, DecisionId, MeetingId, StepId};
use service::meeting::{NewMeeting, PlannedFamily};

/// A meeting on the family, `months_ago`, with words, a decision and a step, finished and closed.
pub async fn held(world: &mut World, months_ago: i64) -> MeetingId {
    discussed(world, months_ago).await;
    let slot = world.slot;
    world.act(world.chair, Command::Finish { slot }).await;
    world.act(world.chair, Command::Close).await;
    let chair = world.service.viewer(world.chair).await.unwrap();
    let command = CommandId::new(world.service.new_uuid());
    world.file_late(&chair, slot, command, "The school rang afterwards.").await.unwrap();
    world.meeting
}

/// The same meeting before its family is finished.
pub async fn discussed(world: &mut World, months_ago: i64) {
    let service = world.service.clone();
    let chair = service.viewer(world.chair).await.unwrap();
    let team = chair.manages.iter().next().copied().unwrap();
    let new = NewMeeting {
        team,
        held_on: service.clock().today() - TimeDelta::days(30 * months_ago),
        starts: chrono::NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
        booked: 120,
        place: "Room 2".to_owned(),
        template: "light".to_owned(),
        chair: world.chair,
        record_taker: Some(world.record_taker),
        families: vec![PlannedFamily { family: world.family, minutes: 45 }],
    };
    world.meeting = allowed!(service, service.team_staff(&chair, team), plan_meeting(&new)).unwrap();
    let reader = service.meeting_reader(&chair, world.meeting).await.unwrap();
    world.slot = service.meeting_page(reader, None).await.unwrap().room.slots[0].id;
    let (slot, decision) = (world.slot, DecisionId::new(service.new_uuid()));
    world.act(world.chair, Command::Open).await;
    world.act(world.chair, Command::Start { slot, seen: None, decision }).await;
    world.act(world.chair, Command::EverybodyHere { slot }).await;
    let pen = service.pens(reader).await.unwrap()[0].pen;
    let words = format!("Seen: month {months_ago}. {}", "Calm at breakfast, and both were washed and fed. ".repeat(30));
    let update = Prose::with_pen(pen).rewrite(&words);
    world.act(world.chair, Command::Type { slot, area: Area::Analysis(world.chair), update, pen }).await;
    let wording = Wording {
        kind: "continue".into(),
        route: Route::DecidedHere,
        what: String::new(),
        why: "The plan works.".into(),
    };
    world.act(world.chair, Command::Word { slot, decision, revision: 0, wording }).await;
    world.act(world.chair, Command::Confirm { slot, decision, revision: 1, then: None }).await;
    let draft = StepDraft {
        what: format!("Ring the school, month {months_ago}"),
        owner: Owner::Worker { worker: world.worker },
        with: String::new(),
        due: Some(new.held_on + TimeDelta::days(14)),
        children: Default::default(),
        measure: String::new(),
    };
    world.act(world.chair, Command::AddStep { slot, step: step_of(months_ago), draft }).await;
    // What was agreed before is done by now.
    let (own, became) = (step_of(months_ago), Became::Done);
    for row in service.store().steps_in(world.family.uuid()).await.unwrap() {
        let (step, open) = (row.id, !row.state.settled());
        if open && step != own {
            world
                .act(world.chair, Command::AnswerLastStep { slot, step, became, due: None, word: String::new() })
                .await;
        }
    }
}

/// The step that is agreed in the meeting so long ago.
fn step_of(months_ago: i64) -> StepId {
    StepId::new(uuid::Uuid::from_u128(0x57e9_0000 + u128::from(months_ago.unsigned_abs())))
}

/// Signs the records of a meeting's discussion, and notes that they were sent.
pub async fn signed_and_sent(world: &World, meeting: MeetingId) {
    sign(world, meeting).await;
    let chair = world.service.viewer(world.chair).await.unwrap();
    for record in world.service.store().records_of_meeting(meeting).await.unwrap() {
        let keeper = world.service.record_keeper(&chair, record.id).await;
        allowed!(world.service, keeper, note_sent(ADDRESS, "the school")).unwrap();
    }
}

/// Signs the records of a meeting's discussion.
pub async fn sign(world: &World, meeting: MeetingId) {
    let chair = world.service.viewer(world.chair).await.unwrap();
    let right = world.service.family_manager(&chair, world.family).await;
    allowed!(world.service, right, sign(meeting, None)).unwrap();
}
