//! The real binary killed after a record was sent and before its receipt came.

use crate::kill::{How, Running, assets, start_at};
use crate::place::{Place, World, allowed, free_port, token};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The requests a council's system received: of each its method and path, the delivery's id, the body.
type Requests = Vec<(String, String, String)>;

/// A council's system that receives what comes and answers with what `answer` says; nothing while it says nothing, and
/// then the line stays open.
fn council(answer: impl Fn(&Requests) -> Option<String> + Send + 'static) -> (u16, Arc<std::sync::Mutex<Requests>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let requests = Arc::new(std::sync::Mutex::new(Requests::new()));
    let kept = Arc::clone(&requests);
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
            let reply = answer(&kept.lock().unwrap());
            match reply {
                Some(reply) => drop(line.write_all(reply.as_bytes())),
                None => open.push(line),
            }
        }
    });
    (port, requests)
}

fn response(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// Signs a family's records on a running server and waits until the council's system receives `wanted`.
async fn sign_and_await(world: &World, port: u16, requests: &Arc<std::sync::Mutex<Requests>>, wanted: &str) {
    let chair = world.service.viewer(world.chair).await.unwrap();
    let drafts =
        allowed!(world.service, world.service.family_reader(&chair, world.family).await, drafts_of(world.meeting))
            .unwrap();
    let read = service::record::sign::digest(&drafts.into_iter().map(|(_, draft)| draft).collect::<Vec<_>>());
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
    assert!(answer.contains("notice="), "{answer}");
    let began = Instant::now();
    while !requests.lock().unwrap().iter().any(|(first, ..)| first.starts_with(wanted)) {
        assert!(began.elapsed() < Duration::from_secs(30), "nothing was sent");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn states(world: &World, until: impl Fn(&str) -> bool) -> Vec<String> {
    let began = Instant::now();
    loop {
        let rows = world.service.store().deliveries_of_family(world.family).await.unwrap();
        if rows.iter().all(|row| until(row.state.word())) {
            return rows.into_iter().map(|row| row.state.word().to_owned()).collect();
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

/// Signs, waits until the system has received one, kills the server, and starts it again after `meanwhile`.
async fn killed_after_sending(
    place: &Place, assets: &Path, target: &str, requests: &Arc<std::sync::Mutex<Requests>>, meanwhile: impl FnOnce(),
) -> (World, (Running, tempfile::TempDir)) {
    let (world, folder) = ready(place, target).await;
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (settings, key) = (path("settings.toml"), path("seal-key"));
    let more = ["--settings", settings.as_str(), "--seal-key", key.as_str()];
    let port = free_port();
    let running = start_at(place, assets, port, How::Plainly, "2026-11-24T09:30:00Z", &more);
    sign_and_await(&world, port, requests, "POST").await;
    meanwhile();
    drop(running);
    let again = start_at(place, assets, free_port(), How::Plainly, "2026-11-24T09:40:00Z", &more);
    (world, (again, folder))
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_send_and_receipt_a_record_lands_once() {
    let (place, assets) = (Place::sqlite(), assets());
    let alive = Arc::new(AtomicBool::new(false));
    let answers = Arc::clone(&alive);
    let (system, requests) = council(move |_| answers.load(Ordering::SeqCst).then(|| response("201 Made", "ok")));
    let target = format!(
        "[[target]]\nkind = \"http\"\nname = \"case\"\nurl = \"http://127.0.0.1:{system}/\"\nkey_file = \"key\"\n"
    );
    let (world, _running) =
        killed_after_sending(&place, assets.path(), &target, &requests, || alive.store(true, Ordering::SeqCst)).await;
    assert!(states(&world, |state| state == "landed").await.len() > 1);
    let requests = requests.lock().unwrap().clone();
    let ids: std::collections::BTreeSet<&str> = requests.iter().map(|(_, id, _)| id.as_str()).collect();
    let again = requests.iter().filter(|(_, id, _)| *id == requests[0].1).count();
    assert_eq!(ids.len(), crate::record::records(&world).await.len(), "one id for each child's record");
    assert_eq!(again, 2, "the one that was broken off comes again under its id, by which the system knows it");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_send_and_receipt_a_case_note_is_not_filed_twice() {
    let (place, assets) = (Place::sqlite(), assets());
    // Looks up nothing, files the first note and dies before it says so; afterwards it is too busy to be asked.
    let (system, requests) = council(|requests| {
        let posted = requests.iter().any(|(first, ..)| first.starts_with("POST"));
        let (first, ..) = requests.last()?;
        match first.starts_with("GET") {
            true if posted => Some(response("503 Busy", "")),
            true => Some(response("200 OK", "[]")),
            false => None,
        }
    });
    let target = format!(
        "[[target]]\nkind = \"hackney\"\nname = \"notes\"\nurl = \"http://127.0.0.1:{system}\"\nkey_file = \"key\"\nemail = \"a@b.example\"\n"
    );
    let (world, _running) = killed_after_sending(&place, assets.path(), &target, &requests, || {}).await;
    let states = states(&world, |state| state != "sent").await;
    assert_eq!(states.iter().filter(|state| *state == "unknown").count(), 1, "{states:?}");
    let posts = requests.lock().unwrap().iter().filter(|(first, ..)| first.starts_with("POST")).count();
    assert_eq!(posts, 1, "what may have been filed is left to a person, and nothing is filed twice");
}
