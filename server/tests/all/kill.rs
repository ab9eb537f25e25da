//! The real binary, killed while three people type: what was acknowledged is there.

use crate::place::{Place, World, free_port, token};
use domain::meeting::Area;
use domain::prose::Prose;
use service::Service;
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

fn assets() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("caseround.css"), "").unwrap();
    folder
}

fn start(place: &Place, assets: &Path, port: u16, traced: Option<&Path>) -> Running {
    let binary = env!("CARGO_BIN_EXE_caseround");
    let mut command = match traced {
        None => Command::new(binary),
        Some(file) => {
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
            "2026-11-24T09:30:00Z",
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--database",
            &place.address,
        ])
        .arg("--assets")
        .arg(assets)
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

fn typed(world: &World, port: u16, token: &str, pen: u64, update: &[u8], command: uuid::Uuid) -> Option<bool> {
    let batch = domain_batch(world, pen, update, command);
    let answer = http(port, "POST", "/api/meeting/typed", token, &batch)?;
    if answer.contains(" 429 ") {
        return None;
    }
    Some(answer.contains("\"seq\":") && answer.contains("\"refused\":null"))
}

fn domain_batch(world: &World, pen: u64, update: &[u8], command: uuid::Uuid) -> String {
    let batch = app::api::prose::Batch {
        meeting: world.meeting,
        command: domain::CommandId::new(command),
        slot: world.slot,
        area: Area::Analysis(world.worker),
        pen,
        update: update.to_vec(),
    };
    serde_json::json!({ "batch": batch }).to_string()
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

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_words_outlive_sigkill_on_both_engines() {
    for place in Place::both() {
        let (world, token, pens) = world(&place).await;
        let (assets, port) = (assets(), free_port());
        let mut server = start(&place, assets.path(), port, None);
        let world = Arc::new(world);
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = pens
            .into_iter()
            .map(|pen| {
                let (world, token, stop) = (world.clone(), token.clone(), stop.clone());
                std::thread::spawn(move || {
                    // Each writes its own letters, one after the other; a batch without an answer is
                    // sent again as it was, as a browser does.
                    let (mine, mut acknowledged) = (Prose::with_pen(pen), 0);
                    while !stop.load(Ordering::Relaxed) {
                        let update = mine.rewrite(&format!("{}{}", mine.text(), "x"));
                        let command = world.service.new_uuid();
                        loop {
                            match typed(&world, port, &token, pen, &update, command) {
                                Some(true) => break,
                                Some(false) => panic!("a good batch was refused"),
                                None if stop.load(Ordering::Relaxed) => return acknowledged,
                                None => std::thread::sleep(Duration::from_millis(20)),
                            }
                        }
                        acknowledged += 1;
                    }
                    acknowledged
                })
            })
            .collect();
        for _ in 0..kills() {
            std::thread::sleep(Duration::from_millis(700));
            server.0.kill().unwrap();
            server.0.wait().unwrap();
            server = start(&place, assets.path(), port, None);
        }
        std::thread::sleep(Duration::from_millis(500));
        stop.store(true, Ordering::Relaxed);
        let acknowledged: usize = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        drop(server);
        let entries = world.service.store().entries(world.meeting.uuid(), 0).await.unwrap();
        let room = domain::meeting::Room::fold(&entries).unwrap();
        let text = room.slot(world.slot).unwrap().boxes[&Area::Analysis(world.worker)].prose.text();
        assert!(acknowledged > 10, "only {acknowledged} batches were acknowledged");
        assert!(text.len() >= acknowledged, "{} of {acknowledged} acknowledged letters are left", text.len());
        assert!(text.len() <= acknowledged + 3, "a letter was doubled");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_lies_between_a_write_and_its_acknowledgement() {
    let place = Place::sqlite();
    let (world, token, pens) = world(&place).await;
    let (assets, port) = (assets(), free_port());
    let log = assets.path().join("syncs");
    let server = start(&place, assets.path(), port, Some(&log));
    let mine = Prose::with_pen(pens[0]);
    let syncs =
        || std::fs::read_to_string(&log).unwrap_or_default().lines().filter(|line| line.contains("sync(")).count();
    for n in 1..=5 {
        let before = syncs();
        let update = mine.rewrite(&"x".repeat(n));
        assert_eq!(typed(&world, server.1, &token, pens[0], &update, world.service.new_uuid()), Some(true));
        assert!(syncs() > before, "batch {n} was acknowledged before anything was synced");
    }
}
