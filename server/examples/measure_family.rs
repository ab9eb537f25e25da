//! Prints how long a family with ten years of monthly meetings takes: its page, and signing its latest records.
//! `make bench-family`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a measurement that cannot go on says so")]
#![allow(dead_code, unused_macros, unused_imports, reason = "what tests use of their world is more than this needs")]

#[path = "../tests/all/place.rs"]
mod place;

use axum::body::Body;
use axum::http::{Request, header};
use chrono::TimeDelta;
use domain::meeting::{Area, Command, Owner, Route, StepDraft, Wording};
use domain::prose::Prose;
use domain::{DecisionId, MeetingId, StepId};
use place::{Place, World, allowed, router, token};
use service::meeting::{NewMeeting, PlannedFamily};
use std::time::{Duration, Instant};
use tower::ServiceExt;

/// Ten years of monthly meetings.
const MEETINGS: i64 = 120;
/// Meetings whose records are left to be signed, one for each time it is measured.
const UNSIGNED: i64 = 20;
/// Pages asked for.
const PAGES: usize = 60;

#[tokio::main]
async fn main() {
    let place = Place::sqlite();
    let mut world = World::planned(place.service().await).await;
    let began = Instant::now();
    let mut unsigned = Vec::new();
    for number in 0..MEETINGS {
        let meeting = held(&mut world, number).await;
        if number < MEETINGS - UNSIGNED {
            sign(&world, meeting).await;
        } else {
            unsigned.push(meeting);
        }
    }
    println!(
        "{MEETINGS} meetings held, {} of them signed: {:.0} s",
        MEETINGS - UNSIGNED,
        began.elapsed().as_secs_f64()
    );

    let chair = token(&world.service, world.chair).await;
    let router = router(&world.service);
    let path = format!("/families/{}", world.family);
    let mut pages = Vec::new();
    for _ in 0..PAGES {
        let request = Request::get(&path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, format!("caseround-local={chair}"))
            .body(Body::empty())
            .unwrap();
        let began = Instant::now();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert!(answer.status().is_success());
        let bytes = axum::body::to_bytes(answer.into_body(), 50_000_000).await.unwrap();
        pages.push(began.elapsed());
        assert!(!bytes.is_empty());
    }
    print("family page, request to last byte, without the line", pages);
    let mut signed = Vec::new();
    for meeting in unsigned {
        let began = Instant::now();
        sign(&world, meeting).await;
        signed.push(began.elapsed());
    }
    print("signing the records of one discussion, durable", signed);
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let ms = |at: usize| times[at].as_secs_f64() * 1000.0;
    println!("{what}: median {:.1} ms, longest {:.1} ms of {}", ms(times.len() / 2), ms(times.len() - 1), times.len());
}

/// A meeting on the family with words, a decision and a step for each child, finished and closed.
async fn held(world: &mut World, number: i64) -> MeetingId {
    let service = world.service.clone();
    let chair = service.viewer(world.chair).await.unwrap();
    let team = chair.manages.iter().next().copied().unwrap();
    let new = NewMeeting {
        team,
        held_on: service.clock().today() - TimeDelta::days(30 * (MEETINGS - number)),
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
    let words = format!("Seen: month {number}. {}", "Calm at breakfast, and both were washed and fed. ".repeat(30));
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
        what: format!("Ring the school, month {number}"),
        owner: Owner::Worker { worker: world.worker },
        with: String::new(),
        due: Some(new.held_on + TimeDelta::days(14)),
        children: Default::default(),
        measure: String::new(),
    };
    let step = StepId::new(service.new_uuid());
    world.act(world.chair, Command::AddStep { slot, step, draft }).await;
    world.act(world.chair, Command::Finish { slot }).await;
    world.act(world.chair, Command::Close).await;
    world.meeting
}

async fn sign(world: &World, meeting: MeetingId) {
    let chair = world.service.viewer(world.chair).await.unwrap();
    let right = world.service.family_manager(&chair, world.family).await;
    allowed!(world.service, right, sign(meeting, None)).unwrap();
}
