//! The real binary under bad luck: killed while three people type, its database restarted, late or its disk full.
//! What was acknowledged is there.

use crate::place::{Place, World, free_port, token};
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

struct Running(Child, u16);

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
enum How<'a> {
    Plainly,
    OnASmallDisk(u64),
    Traced(&'a Path),
}

fn assets() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("caseround.css"), "").unwrap();
    folder
}

fn start(place: &Place, assets: &Path, port: u16, how: How<'_>) -> Running {
    start_at(place, assets, port, how, "2026-11-24T09:30:00Z", &[])
}

fn start_at(place: &Place, assets: &Path, port: u16, how: How<'_>, clock: &str, more: &[&str]) -> Running {
    let binary = env!("CARGO_BIN_EXE_caseround");
    let mut command = match how {
        How::Plainly => Command::new(binary),
        How::OnASmallDisk(kilobytes) => {
            // A file that may not grow is a disk that is full.
            let mut shell = Command::new("bash");
            let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
            shell.args(["-c", &script, binary]);
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
        .stderr(Stdio::null())
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
fn http(port: u16, method: &str, path: &str, token: &str, body: &str) -> Option<String> {
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
        pens.push(world.service.pens(&viewer, world.meeting).await.unwrap()[0].pen);
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
                if typed(spot, port, &token, pens[0], &update, command).is_none() {
                    refused = Some((update, command));
                    break;
                }
                kept = mine.text();
            }
        }
    }
    let (update, command) = refused.expect("the disk was never full");
    // It goes on answering, with what is there; and with room again what was not taken is taken, once.
    assert!(http(port, "GET", "/readyz", "", "").is_some_and(|answer| answer.contains(" 200 ")));
    assert_eq!(text(&store, spot).await, kept);
    drop(server);
    let _server = start(&place, assets.path(), port, How::Plainly);
    assert_eq!(typed(spot, port, &token, pens[0], &update, command), Some(true));
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

/// One request a council's system heard: method and path, the delivery's id, the body.
type Heard = Vec<(String, String, String)>;

/// A council's system that hears what comes and answers with what `answer` says; nothing while it says nothing, and then
/// the line stays open.
fn council(answer: impl Fn(&Heard) -> Option<String> + Send + 'static) -> (u16, Arc<std::sync::Mutex<Heard>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(std::sync::Mutex::new(Heard::new()));
    let kept = Arc::clone(&heard);
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for line in listener.incoming() {
            let Ok(mut line) = line else { return };
            let (mut request, mut piece) = (Vec::new(), [0; 4096]);
            loop {
                let read = line.read(&mut piece).unwrap_or(0);
                request.extend_from_slice(&piece[..read]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { if read == 0 { break } else { continue } };
                let header = |name: &str| {
                    let found = head.lines().find_map(|line| line.to_lowercase().strip_prefix(name).map(str::to_owned));
                    found.unwrap_or_default().trim().to_owned()
                };
                if read > 0 && body.len() < header("content-length:").parse().unwrap_or(0) {
                    continue;
                }
                let first = head.lines().next().unwrap_or_default().to_owned();
                kept.lock().unwrap().push((first, header("idempotency-key:"), body.to_owned()));
                break;
            }
            let told = answer(&kept.lock().unwrap());
            match told {
                Some(told) => drop(line.write_all(told.as_bytes())),
                None => open.push(line),
            }
        }
    });
    (port, heard)
}

fn told(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// Signs a family's records on a running server and waits until the council's system hears `wanted`.
async fn sign_and_hear(world: &World, port: u16, heard: &Arc<std::sync::Mutex<Heard>>, wanted: &str) {
    let chair = world.service.viewer(world.chair).await.unwrap();
    let drafts = world.service.drafts_of(&chair, world.meeting, world.family).await.unwrap();
    let read = service::sign::digest(&drafts.into_iter().map(|(_, draft)| draft).collect::<Vec<_>>());
    let token = token(&world.service, world.chair).await;
    let record = crate::record::records(world).await[0].id;
    let body = format!("meeting={}&family={}&record={record}&read={read}", world.meeting, world.family);
    let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        line,
        "POST /api/record/sign HTTP/1.1\r\nhost: x\r\nconnection: close\r\nsec-fetch-site: same-origin\r\naccept: text/html\r\n\
         content-type: application/x-www-form-urlencoded\r\ncookie: caseround-local={token}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    let _ = line.read_to_string(&mut answer);
    assert!(answer.contains("signed=yes"), "{answer}");
    let began = Instant::now();
    while !heard.lock().unwrap().iter().any(|(first, ..)| first.starts_with(wanted)) {
        assert!(began.elapsed() < Duration::from_secs(30), "nothing was sent");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn states(world: &World, until: impl Fn(&str) -> bool) -> Vec<String> {
    let began = Instant::now();
    loop {
        let rows = world.service.store().deliveries(world.family.uuid()).await.unwrap();
        if rows.iter().all(|row| until(&row.state)) {
            return rows.into_iter().map(|row| row.state).collect();
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{rows:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A family ready to be signed, and a settings file that names one system.
async fn ready(place: &Place, target: &str) -> (World, tempfile::TempDir) {
    let world = crate::record::finished(place.service().await).await;
    crate::record::complete(&world).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "secret").unwrap();
    std::fs::write(folder.path().join("seal-key"), "07".repeat(32)).unwrap();
    std::fs::write(folder.path().join("settings.toml"), target).unwrap();
    (world, folder)
}

fn kill_and_start_again(running: Running, place: &Place, assets: &Path, more: &[&str]) -> Running {
    drop(running);
    start_at(place, assets, free_port(), How::Plainly, "2026-11-24T09:40:00Z", more)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_send_and_receipt_a_record_lands_once() {
    let (place, assets) = (Place::sqlite(), assets());
    let alive = Arc::new(AtomicBool::new(false));
    let answers = Arc::clone(&alive);
    let (system, heard) = council(move |_| answers.load(Ordering::SeqCst).then(|| told("201 Made", "ok")));
    let target = format!(
        "[[target]]\nkind = \"http\"\nname = \"case\"\nurl = \"http://127.0.0.1:{system}/\"\nkey_file = \"key\"\n"
    );
    let (world, folder) = ready(&place, &target).await;
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (settings, key) = (path("settings.toml"), path("seal-key"));
    let more = ["--settings", settings.as_str(), "--seal-key", key.as_str()];
    let port = free_port();
    let running = start_at(&place, assets.path(), port, How::Plainly, "2026-11-24T09:30:00Z", &more);
    sign_and_hear(&world, port, &heard, "POST").await;
    alive.store(true, Ordering::SeqCst);
    let _running = kill_and_start_again(running, &place, assets.path(), &more);
    assert!(states(&world, |state| state == "landed").await.len() > 1);
    let heard = heard.lock().unwrap().clone();
    let ids: std::collections::BTreeSet<&str> = heard.iter().map(|(_, id, _)| id.as_str()).collect();
    let again = heard.iter().filter(|(_, id, _)| *id == heard[0].1).count();
    assert_eq!(ids.len(), crate::record::records(&world).await.len(), "one id for each child's record");
    assert_eq!(again, 2, "the one that was broken off comes again under its id, by which the system knows it");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_send_and_receipt_a_case_note_is_not_filed_twice() {
    let (place, assets) = (Place::sqlite(), assets());
    // Looks up nothing, files the first note and dies before it says so; afterwards it is too busy to be asked.
    let (system, heard) = council(|heard| {
        let posted = heard.iter().any(|(first, ..)| first.starts_with("POST"));
        let (first, ..) = heard.last()?;
        match first.starts_with("GET") {
            true if posted => Some(told("503 Busy", "")),
            true => Some(told("200 OK", "[]")),
            false => None,
        }
    });
    let target = format!(
        "[[target]]\nkind = \"hackney\"\nname = \"notes\"\nurl = \"http://127.0.0.1:{system}\"\nkey_file = \"key\"\nemail = \"a@b.example\"\n"
    );
    let (world, folder) = ready(&place, &target).await;
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (settings, key) = (path("settings.toml"), path("seal-key"));
    let more = ["--settings", settings.as_str(), "--seal-key", key.as_str()];
    let port = free_port();
    let running = start_at(&place, assets.path(), port, How::Plainly, "2026-11-24T09:30:00Z", &more);
    sign_and_hear(&world, port, &heard, "POST").await;
    let _running = kill_and_start_again(running, &place, assets.path(), &more);
    let states = states(&world, |state| state != "sent").await;
    assert_eq!(states.iter().filter(|state| *state == "unknown").count(), 1, "{states:?}");
    let posts = heard.lock().unwrap().iter().filter(|(first, ..)| first.starts_with("POST")).count();
    assert_eq!(posts, 1, "what may have been filed is left to a person, and nothing is filed twice");
}
