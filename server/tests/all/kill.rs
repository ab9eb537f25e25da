//! The real binary under bad luck: killed while three people type, its database restarted, late or its disk full.
//! What was acknowledged is there.

use crate::place::{Place, World, allowed, free_port, token};
use domain::meeting::Area;
use domain::prose::Prose;
use domain::{MeetingId, SlotId, WorkerId};
use service::Service;
use service::store::Store;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub struct Running(Child, u16);

impl Running {
    /// The process's id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // strace first ends what it traces.
        let _ = Command::new("pkill").args(["-KILL", "-P", &self.0.id().to_string()]).status();
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One worker's box.
#[derive(Clone, Copy)]
struct Spot {
    meeting: MeetingId,
    slot: SlotId,
    worker: WorkerId,
}

impl Spot {
    fn of(world: &World) -> Self {
        Self { meeting: world.meeting, slot: world.slot, worker: world.worker }
    }
}

/// How a server is started.
#[derive(Clone, Copy)]
pub enum How<'a> {
    Plainly,
    OnASmallDisk(u64),
    Traced(&'a Path),
    /// It may open so many files until it asks for more.
    WithFewFiles(u32),
}

pub fn assets() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("caseround.css"), "").unwrap();
    folder
}

fn start(place: &Place, assets: &Path, port: u16, how: How<'_>) -> Running {
    start_at(place, assets, port, how, "2026-11-24T09:30:00Z", &[])
}

/// The file beside a server's assets that holds what it says of itself.
pub const LOG: &str = "server.log";

pub fn start_at(place: &Place, assets: &Path, port: u16, how: How<'_>, clock: &str, more: &[&str]) -> Running {
    let binary = env!("CARGO_BIN_EXE_caseround");
    let mut command = match how {
        How::Plainly => Command::new(binary),
        How::OnASmallDisk(kilobytes) => {
            // A file that may not grow is a disk that is full.
            let mut shell = Command::new("bash");
            let script = format!("trap '' XFSZ; ulimit -S -f {kilobytes}; exec \"$0\" \"$@\"");
            shell.args(["-c", &script, binary]);
            shell
        }
        How::WithFewFiles(files) => {
            let mut shell = Command::new("bash");
            shell.args(["-c", &format!("ulimit -S -n {files}; exec \"$0\" \"$@\""), binary]);
            shell
        }
        How::Traced(file) => {
            let mut strace = Command::new("strace");
            strace.args(["-f", "-qq", "-e", "trace=fsync,fdatasync", "-o"]).arg(file).arg(binary);
            strace
        }
    };
    let child = command
        .args([
            "serve",
            "--demo",
            "--clock",
            clock,
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--database",
            &place.address,
        ])
        .arg("--assets")
        .arg(assets)
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(assets.join(LOG)).unwrap())
        .spawn()
        .unwrap();
    let running = Running(child, port);
    let began = Instant::now();
    while http(port, "GET", "/readyz", "", "").is_none_or(|answer| !answer.contains(" 200 ")) {
        assert!(began.elapsed() < Duration::from_secs(60), "the server did not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    running
}

/// One request; `None` where the connection broke off before the answer was whole.
pub fn http(port: u16, method: &str, path: &str, token: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nsec-fetch-site: same-origin\r\naccept: application/json\r\n\
         content-type: application/json\r\ncookie: caseround-local={token}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.contains("\r\n\r\n").then_some(answer)
}

fn typed(spot: Spot, port: u16, token: &str, pen: u64, update: &[u8], command: uuid::Uuid) -> Option<bool> {
    let batch = batch(spot, pen, update, command);
    let answer = http(port, "POST", "/api/meeting/typed", token, &batch)?;
    // Too fast, or the database is away: tried again, as a page does.
    if [" 429 ", " 500 ", " 503 "].iter().any(|status| answer.lines().next().unwrap_or_default().contains(status)) {
        return None;
    }
    Some(answer.contains("\"seq\":") && answer.contains("\"refused\":null"))
}

fn batch(spot: Spot, pen: u64, update: &[u8], command: uuid::Uuid) -> String {
    let batch = app::api::prose::Batch {
        meeting: spot.meeting,
        command: domain::CommandId::new(command),
        slot: spot.slot,
        area: Area::Analysis(spot.worker),
        pen,
        update: update.to_vec(),
    };
    serde_json::json!([batch]).to_string()
}

async fn world(place: &Place) -> (World, String, Vec<u64>) {
    let service: Service = place.service().await;
    let world = World::started(service).await;
    let viewer = world.service.viewer(world.worker).await.unwrap();
    let mut pens = Vec::new();
    for _ in 0..3 {
        pens.push(
            allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen,
        );
    }
    let token = token(&world.service, world.worker).await;
    (world, token, pens)
}

/// How often each engine's server is killed: few times in every test run, often in "make kills".
fn kills() -> usize {
    std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(4)
}

/// Somebody who writes letter after letter, to one server after the other; a batch without an answer is sent
/// again as it was, as a browser does. Gives how many were acknowledged.
fn writes(world: &World, ports: &[u16], token: &str, pen: u64, stop: &AtomicBool) -> usize {
    let (mine, mut acknowledged) = (Prose::with_pen(pen), 0);
    while !stop.load(Ordering::Relaxed) {
        let update = mine.rewrite(&format!("{}{}", mine.text(), "x"));
        let command = world.service.new_uuid();
        for port in ports.iter().cycle().skip(acknowledged % ports.len()) {
            match typed(Spot::of(world), *port, token, pen, &update, command) {
                Some(true) => break,
                Some(false) => panic!("a good batch was refused"),
                None if stop.load(Ordering::Relaxed) => return acknowledged,
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        }
        acknowledged += 1;
    }
    acknowledged
}

async fn text(store: &Store, spot: Spot) -> String {
    let entries = store.entries(spot.meeting.uuid(), 0).await.unwrap();
    let room = domain::meeting::Room::fold(&entries).unwrap();
    room.slot(spot.slot).unwrap().boxes[&Area::Analysis(spot.worker)].prose.text()
}

/// PostgreSQL has two servers, and is restarted itself in the middle.
#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_words_outlive_sigkill_on_both_engines() {
    for (place, processes) in [(Place::sqlite(), 1), (Place::own_postgres(), 2)] {
        let (world, token, pens) = world(&place).await;
        let (assets, ports) = (assets(), (0..processes).map(|_| free_port()).collect::<Vec<u16>>());
        let mut servers: Vec<Running> =
            ports.iter().map(|port| start(&place, assets.path(), *port, How::Plainly)).collect();
        let (world, stop) = (Arc::new(world), Arc::new(AtomicBool::new(false)));
        let writers: Vec<_> = pens
            .into_iter()
            .map(|pen| {
                let (world, token, stop, ports) = (world.clone(), token.clone(), stop.clone(), ports.clone());
                std::thread::spawn(move || writes(&world, &ports, &token, pen, &stop))
            })
            .collect();
        for kill in 0..kills() {
            std::thread::sleep(Duration::from_millis(700));
            if processes > 1 && kill == kills() / 2 {
                place.crash_postgres();
            }
            let which = kill % processes;
            servers[which].0.kill().unwrap();
            servers[which].0.wait().unwrap();
            servers[which] = start(&place, assets.path(), ports[which], How::Plainly);
        }
        std::thread::sleep(Duration::from_millis(500));
        stop.store(true, Ordering::Relaxed);
        let acknowledged: usize = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        drop(servers);
        let text = text(world.service.store(), Spot::of(&world)).await;
        assert!(acknowledged > 10, "only {acknowledged} batches were acknowledged");
        assert!(text.len() >= acknowledged, "{} of {acknowledged} acknowledged letters are left", text.len());
        assert!(text.len() <= acknowledged + 3, "a letter was doubled");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_that_was_acknowledged_and_says_so() {
    let place = Place::sqlite();
    let (world, token, pens) = world(&place).await;
    let (spot, commands) = (Spot::of(&world), (0..400).map(|_| world.service.new_uuid()).collect::<Vec<_>>());
    // Nobody else may make room on this disk.
    drop(world);
    let store = place.store().await;
    store.scrub().await.unwrap();
    let (assets, port) = (assets(), free_port());
    let size = |file: &str| std::fs::metadata(file).map_or(0, |about| about.len() / 1024);
    let room = size(&place.address).max(size(&format!("{}-wal", place.address))) + 1024;
    let server = start(&place, assets.path(), port, How::OnASmallDisk(room));
    let mine = Prose::with_pen(pens[0]);
    // Much that is written and taken out again: the journal keeps it all.
    let long = |n: usize| if n.is_multiple_of(2) { "words ".repeat(6_000) } else { String::new() };
    let (mut kept, mut refused) = (String::new(), None);
    for (n, command) in commands.into_iter().enumerate() {
        let update = mine.rewrite(&long(n));
        match typed(spot, port, &token, pens[0], &update, command) {
            Some(true) => kept = mine.text(),
            Some(false) => panic!("a good batch was refused"),
            // Nobody waits here for the pace: one answer that is no 429 is a full disk.
            None => {
                std::thread::sleep(Duration::from_millis(200));
                let answer =
                    http(port, "POST", "/api/meeting/typed", &token, &batch(spot, pens[0], &update, command)).unwrap();
                if !answer.contains(" 200 ") {
                    assert!(answer.contains(" 503 "), "kept by the page and sent again: {answer}");
                    refused = Some((update, command));
                    break;
                }
                kept = mine.text();
            }
        }
    }
    let (update, command) = refused.expect("the disk was never full");
    assert_eq!(text(&store, spot).await, kept);
    // With room again the same process takes what it could not take, once.
    let freed = ["--pid", &server.0.id().to_string(), "--fsize=unlimited"].map(str::to_owned);
    assert!(Command::new("prlimit").args(freed).status().unwrap().success());
    let began = Instant::now();
    while typed(spot, port, &token, pens[0], &update, command) != Some(true) {
        assert!(began.elapsed() < Duration::from_secs(10), "writes do not work again by themselves");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(http(port, "GET", "/readyz", "", "").is_some_and(|answer| answer.contains(" 200 ")));
    assert_eq!(text(&store, spot).await, mine.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_answers_late_is_waited_for_and_nothing_is_written_twice() {
    let place = Place::postgres();
    let (world, token, pens) = world(&place).await;
    let (assets, port) = (assets(), free_port());
    let _server = start(&place, assets.path(), port, How::Plainly);
    let mut locked = Command::new("/usr/lib/postgresql/15/bin/psql")
        .args([&place.address, "-qc", "BEGIN; LOCK TABLE events; SELECT pg_sleep(3); COMMIT"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(500));
    let (update, command) = (Prose::with_pen(pens[0]).rewrite("once"), world.service.new_uuid());
    let (world, token) = (Arc::new(world), Arc::new(token));
    let sent: Vec<_> = (0..2)
        .map(|_| {
            let (world, token, update, pen) = (world.clone(), token.clone(), update.clone(), pens[0]);
            std::thread::spawn(move || typed(Spot::of(&world), port, &token, pen, &update, command))
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    assert!(sent.iter().all(|sent| !sent.is_finished()), "acknowledged before it was durable");
    assert!(http(port, "GET", "/healthz", "", "").is_some_and(|answer| answer.contains(" 200 ")));
    for sent in sent {
        assert_eq!(sent.join().unwrap(), Some(true));
    }
    assert_eq!(text(world.service.store(), Spot::of(&world)).await, "once");
    locked.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_lies_between_a_write_and_its_acknowledgement() {
    let place = Place::sqlite();
    let (world, token, pens) = world(&place).await;
    let (assets, port) = (assets(), free_port());
    let log = assets.path().join("syncs");
    let server = start(&place, assets.path(), port, How::Traced(&log));
    let mine = Prose::with_pen(pens[0]);
    let syncs =
        || std::fs::read_to_string(&log).unwrap_or_default().lines().filter(|line| line.contains("sync(")).count();
    for n in 1..=5 {
        let before = syncs();
        let update = mine.rewrite(&"x".repeat(n));
        assert_eq!(typed(Spot::of(&world), server.1, &token, pens[0], &update, world.service.new_uuid()), Some(true));
        assert!(syncs() > before, "batch {n} was acknowledged before anything was synced");
    }
}
