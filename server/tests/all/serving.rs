//! A server that goes on serving: a full disk, a database that does not answer, a box that cannot be read, rooms released.

use crate::kill::{How, LOG, assets, http, start_at};
use crate::operation::{CLOCK, caseround, output};
use crate::place::{Place, World, allowed, free_port, on_both_engines, token};
use domain::meeting::{Area, Command as Act};
use domain::prose::{Prose, as_base64};
use std::process::Command;
use std::time::{Duration, Instant};

/// A line typed by a worker, as a page sends it.
struct Line {
    token: String,
    body: String,
}

async fn line(world: &World) -> Line {
    let viewer = world.service.viewer(world.worker).await.unwrap();
    let pen =
        allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
    let area = Area::Analysis(world.worker);
    let update = Prose::with_pen(pen).rewrite("kept");
    let batch = serde_json::json!([{
        "meeting": world.meeting, "command": world.service.new_uuid(), "slot": world.slot,
        "area": area, "pen": pen, "update": as_base64(&update),
    }]);
    Line { token: token(&world.service, world.worker).await, body: batch.to_string() }
}

fn send(port: u16, line: &Line) -> (String, Duration) {
    let began = Instant::now();
    let answer = http(port, "POST", "/api/meeting/typed", &line.token, &line.body).unwrap_or_default();
    (answer, began.elapsed())
}

fn answered(port: u16, line: &Line) {
    let began = Instant::now();
    loop {
        let (answer, _) = send(port, line);
        if answer.contains(" 200 ") {
            assert!(answer.contains("\"refused\":null"), "{answer}");
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it does not work again by itself: {answer}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

async fn text(world: &World, place: &Place) -> String {
    let entries = place.store().await.entries(world.meeting.uuid(), 0).await.unwrap();
    let room = domain::meeting::Room::fold(&entries).unwrap();
    room.slot(world.slot).unwrap().boxes[&Area::Analysis(world.worker)].prose.text()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_without_room_is_said_and_writes_work_again_by_themselves() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let line = line(&world).await;
    let (assets, port) = (assets(), free_port());
    let server = start_at(&place, assets.path(), port, How::Plainly, CLOCK, &[]);
    let mut full = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64,ftruncate,fallocate"])
        .args(["-e", "inject=pwrite64,ftruncate,fallocate:error=ENOSPC", "-p", &server.id().to_string()])
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    for _ in 0..3 {
        let (answer, took) = send(port, &line);
        assert!(answer.contains(" 503 ") && took < Duration::from_secs(6), "{took:?} {answer}");
    }
    assert!(http(port, "GET", "/readyz", "", "").unwrap().contains(" 503 "));
    Command::new("kill").args(["-INT", &full.id().to_string()]).status().unwrap();
    full.wait().unwrap();
    answered(port, &line);
    assert!(http(port, "GET", "/readyz", "", "").unwrap().contains(" 200 "));
    assert_eq!(text(&world, &place).await, "kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_that_does_not_answer_is_said_in_time_and_nothing_is_lost() {
    let place = Place::own_postgres();
    let world = World::started(place.service().await).await;
    let line = line(&world).await;
    let (assets, port) = (assets(), free_port());
    let _server = start_at(&place, assets.path(), port, How::Plainly, CLOCK, &[]);
    place.stop_postgres(true);
    for _ in 0..3 {
        let (answer, took) = send(port, &line);
        assert!(answer.contains(" 503 ") && took < Duration::from_secs(6), "{took:?} {answer}");
    }
    assert!(http(port, "GET", "/readyz", "", "").unwrap().contains(" 503 "));
    place.stop_postgres(false);
    answered(port, &line);
    assert_eq!(text(&world, &place).await, "kept", "once");
}

on_both_engines!(a_fault_has_one_number_on_the_page_and_in_the_log_with_its_cause);
async fn a_fault_has_one_number_on_the_page_and_in_the_log_with_its_cause(place: Place) {
    let world = crate::record::finished(place.service().await).await;
    let (family, meeting) = (world.family, world.meeting);
    let worker = token(&world.service, world.worker).await;
    drop(world);
    place.past_caseround("UPDATE steps SET state = 'half done'");
    let (assets, port) = (assets(), free_port());
    let _server = start_at(&place, assets.path(), port, How::Plainly, CLOCK, &[]);
    for path in [format!("/families/{family}"), format!("/meetings/{meeting}")] {
        let answer = http(port, "GET", &path, &worker, "").unwrap();
        assert!(answer.starts_with("HTTP/1.1 500"), "{path}: {answer}");
        let (_, rest) = answer.split_once("read this out to support: ").unwrap_or_else(|| panic!("{path}: {answer}"));
        let number = &rest[..36];
        let log = std::fs::read_to_string(assets.path().join(LOG)).unwrap();
        let line = log.lines().find(|line| line.contains(number)).unwrap_or_else(|| panic!("{path}: {log}"));
        assert!(line.contains("ERROR") && line.contains("half done"), "with its cause: {line}");
    }
}

on_both_engines!(a_snapshot_that_cannot_be_read_is_passed_over);
async fn a_snapshot_that_cannot_be_read_is_passed_over(place: Place) {
    let world = World::started(place.service().await).await;
    let viewer = world.service.viewer(world.chair).await.unwrap();
    let pens =
        allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
    let update = Prose::with_pen(pens).rewrite("kept");
    world.act(world.chair, Act::Type { slot: world.slot, area: Area::Analysis(world.chair), update, pen: pens }).await;
    let reader = world.service.meeting_reader(&viewer, world.meeting).await;
    let room = allowed!(world.service, reader, meeting_page(None)).unwrap().room;
    let whole = serde_json::to_string(&room).unwrap();
    let state = as_base64(&room.slot(world.slot).unwrap().boxes[&Area::Analysis(world.chair)].prose.state());
    let nested = [&[1, 1, 9, 0, 8, 1, 4][..], b"text", &[1], &[117, 1].repeat(30_000), &[126, 0]].concat();
    let evil = whole.replace(&state, &as_base64(&nested));
    assert_ne!(evil, whole, "a box of the snapshot is one that nobody can read");
    for body in ["no room at all", "{}", &evil] {
        place.past_caseround("DELETE FROM snapshots");
        place.past_caseround(&format!(
            "INSERT INTO snapshots SELECT id, last, '{}' FROM journals WHERE id = (SELECT id FROM meetings)",
            body.replace('\'', "''")
        ));
        let again = place.service_after(0).await;
        let reader = again.meeting_reader(&viewer, world.meeting).await;
        let room = allowed!(again, reader, meeting_page(None)).unwrap().room;
        let text = room.slot(world.slot).unwrap().boxes[&Area::Analysis(world.chair)].prose.text();
        assert_eq!(text, "kept", "{}", &body[..12.min(body.len())]);
    }
}

on_both_engines!(doctor_names_a_box_that_cannot_be_read_and_the_server_starts);
async fn doctor_names_a_box_that_cannot_be_read_and_the_server_starts(place: Place) {
    let world = World::started(place.service().await).await;
    let line = line(&world).await;
    let nested = [&[1, 1, 9, 0, 8, 1, 4][..], b"text", &[1], &[117, 1].repeat(30_000), &[126, 0]].concat();
    let event = domain::meeting::Event::Typed { slot: world.slot, area: Area::Analysis(world.chair), update: nested };
    let body = serde_json::to_string(&event).unwrap();
    let seq = place.store().await.last(world.meeting.uuid()).await.unwrap().unwrap() + 1;
    place.past_caseround(
 &format!(
            "INSERT INTO events SELECT journal_id, {seq}, at, by_worker, version, '{body}' FROM events WHERE journal_id = \
             (SELECT id FROM meetings) ORDER BY seq DESC LIMIT 1; UPDATE journals SET last = {seq} WHERE id = (SELECT id FROM meetings)"
        ),
    );
    let (assets, port) = (assets(), free_port());
    let _server = start_at(&place, assets.path(), port, How::Plainly, CLOCK, &[]);
    answered(port, &line);
    let done = caseround(&place.address, &["doctor"]);
    let named = format!("box analysis-{}", world.chair);
    assert!(!done.status.success() && output(&done).contains(&named), "{}", output(&done));
}

on_both_engines!(rooms_that_nobody_looks_at_are_let_go);
async fn rooms_that_nobody_looks_at_are_let_go(place: Place) {
    let world = World::started(place.service().await).await;
    assert_eq!(world.service.subjects_in_memory().0, 1);
    world.service.let_go_of_subjects(Duration::from_secs(600));
    assert_eq!(world.service.subjects_in_memory().0, 1, "it was just used");
    let watcher = token(&world.service, world.chair).await;
    let stream = world.service.stream(&watcher, false, world.meeting, 0, "", "10.0.0.1").await.unwrap();
    world.service.let_go_of_subjects(Duration::ZERO);
    assert_eq!(world.service.subjects_in_memory().0, 1, "somebody looks at it");
    drop(stream);
    // What it was doing when it was dropped comes to its end.
    for _ in 0..100 {
        world.service.let_go_of_subjects(Duration::ZERO);
        if world.service.subjects_in_memory() == (0, 0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(world.service.subjects_in_memory(), (0, 0), "neither meetings nor workbooks");
    world.act(world.chair, Act::Pause { slot: world.slot }).await;
    assert_eq!(world.service.subjects_in_memory().0, 1, "and is read again when it is used");
}

/// How many transactions a PostgreSQL database has committed.
fn commits(place: &Place) -> i64 {
    let asked = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
    let psql = Command::new("/usr/lib/postgresql/15/bin/psql").args(["-qtA", &place.address, "-c", asked]).output();
    String::from_utf8(psql.unwrap().stdout).unwrap().trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn other_processes_writes_are_asked_for_once_whatever_number_of_meetings_is_open() {
    let place = Place::postgres();
    let mut world = World::started(place.service().await).await;
    world.service.keep_going();
    let in_three_seconds = async || {
        // PostgreSQL reports the commits of an idle connection within ten seconds.
        tokio::time::sleep(Duration::from_secs(12)).await;
        let before = commits(&place);
        tokio::time::sleep(Duration::from_secs(3)).await;
        commits(&place) - before
    };
    let one = in_three_seconds().await;
    for _ in 0..20 {
        world = World::planned(world.service).await;
    }
    assert_eq!(world.service.subjects_in_memory().0, 21);
    let many = in_three_seconds().await;
    assert!(many < one + 20, "{one} with one meeting, {many} with 21");
}
