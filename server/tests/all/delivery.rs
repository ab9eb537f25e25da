//! Deliveries: to a shelf that gives prepared answers, a folder, and systems over HTTP.

use crate::place::{Place, WatchedPrinter, World, allowed, on_both_engines, outside};
use crate::record::{complete, finished, records, sign};
use chrono::{DateTime, Utc};
use domain::status::DeliveryState;
use interchange::out::{Folder, Handed, Http, Parcel, Target};
use record::Printers;
use service::Service;
use service::clock::Clock;
use std::sync::{Arc, Mutex};
use store::Store;

/// A target that keeps the parcels handed to it and gives the answers that a test has put into it.
#[derive(Debug, Default)]
pub struct Shelf {
    answers: Mutex<Vec<Handed>>,
    pub taken: Mutex<Vec<Parcel>>,
}

impl Target for Shelf {
    fn name(&self) -> &str {
        "shelf"
    }

    fn hand_over(&self, parcel: &Parcel) -> Handed {
        self.taken.lock().unwrap().push(parcel.clone());
        self.answers.lock().unwrap().pop().unwrap_or_else(|| Handed::Landed("here".into()))
    }
}

pub async fn with_shelf(place: &Place, shelf: &Arc<Shelf>) -> Service {
    with_shelf_at(place, shelf, crate::place::now()).await
}

pub async fn with_shelf_at(place: &Place, shelf: &Arc<Shelf>, at: DateTime<Utc>) -> Service {
    let mut outside = outside();
    outside.targets.push(Arc::clone(shelf) as Arc<dyn Target>);
    let clock = Clock::starting_at(at);
    let store = Store::open(&place.address, service::store::OpenMode::Make).await.unwrap();
    let service = Service::start(store, clock, true, Arc::new(Printers::default()), outside).await.unwrap();
    service.keep_going();
    service
}

async fn states(world: &World) -> Vec<String> {
    let rows = world.service.store().deliveries_of_family(world.family).await.unwrap();
    let mut states: Vec<String> =
        rows.into_iter().map(|row| format!("{} v{}", row.state.word(), row.version)).collect();
    states.sort();
    states
}

pub async fn until(world: &World, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
    for _ in 0..200 {
        let states = states(world).await;
        if wanted(&states) {
            return states;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{:?}", states(world).await)
}

on_both_engines!(what_is_signed_lands_once_or_says_why_not);
async fn what_is_signed_lands_once_or_says_why_not(place: Place) {
    drop(place.service().await);
    let shelf = Arc::new(Shelf::default());
    let world = finished(with_shelf(&place, &shelf).await).await;
    complete(&world).await;
    let children = records(&world).await.len();
    shelf.answers.lock().unwrap().push(Handed::Unknown("no answer".into()));
    sign(&world, world.chair).await.unwrap();
    let done =
        until(&world, |states| states.iter().all(|state| !state.starts_with("waiting") && !state.starts_with("sent")))
            .await;
    assert_eq!(done.iter().filter(|state| *state == "landed v1").count(), children - 1);
    assert_eq!(done.iter().filter(|state| *state == "unknown v1").count(), 1, "{done:?}");
    world.service.deliver_due().await.unwrap();
    assert_eq!(shelf.taken.lock().unwrap().len(), children, "what is unknown is never sent again by itself");
    let parcels = shelf.taken.lock().unwrap().clone();
    assert!(parcels.iter().all(|parcel| parcel.pdf.as_ref().unwrap().starts_with(b"%PDF")));
    let chair = world.service.viewer(world.chair).await.unwrap();
    let rows = world.service.store().deliveries_in(DeliveryState::Unknown).await.unwrap();
    let stranger = world.service.viewer(world.stranger).await.unwrap();
    assert!(
        allowed!(
            world.service,
            world.service.delivery_keeper(&stranger, rows[0].id).await,
            settle_delivery(rows[0].id, true)
        )
        .is_err()
    );
    allowed!(world.service, world.service.delivery_keeper(&chair, rows[0].id).await, settle_delivery(rows[0].id, true))
        .unwrap();
    assert!(states(&world).await.iter().all(|state| state == "landed v1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_gets_a_file_per_child_and_a_receipt_once() {
    let place = Place::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let (_, shelf) = world_with_landed_records(&place).await;
    let parcels = shelf.taken.lock().unwrap().clone();
    let target = Folder::new("files", folder.path());
    for parcel in parcels.iter().chain(&parcels) {
        assert!(matches!(target.hand_over(parcel), Handed::Landed(_)));
    }
    let receipts = std::fs::read_to_string(folder.path().join("receipts.csv")).unwrap();
    assert_eq!(receipts.lines().count(), 1 + parcels.len());
    for parcel in &parcels {
        let child = folder.path().join(&parcel.sealed.child_number);
        let names: Vec<String> =
            std::fs::read_dir(&child).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(names.iter().all(|name| !name.contains(&parcel.sealed.child_name)));
    }
}

/// Numbers that differ in a sign, in case or at their end, and children entered by hand, who have none.
#[tokio::test(flavor = "multi_thread")]
async fn each_child_has_a_folder_of_their_own_whatever_their_number() {
    let place = Place::sqlite();
    let (world, shelf) = world_with_landed_records(&place).await;
    let parcel = shelf.taken.lock().unwrap()[0].clone();
    let folder = tempfile::tempdir().unwrap();
    let target = Folder::new("files", folder.path());
    let long = "4".repeat(48);
    let longer = format!("{long}4");
    let numbers = ["12-3", "123", "A1", "a1", &long, &longer, "", "", "../12", "1/2"];
    let mut records = Vec::new();
    for number in numbers {
        let mut parcel = parcel.clone();
        parcel.delivery = domain::DeliveryId::new(world.service.new_uuid());
        parcel.sealed.child = domain::PersonId::new(world.service.new_uuid());
        parcel.sealed.child_number = number.to_owned();
        parcel.sealed.record.id = domain::RecordId::new(world.service.new_uuid());
        records.push(parcel.sealed.record.id.to_string());
        assert!(matches!(target.hand_over(&parcel), Handed::Landed(_)), "{number}");
    }
    let mut folders = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        folders.insert(entry.file_name().into_string().unwrap().to_lowercase());
        let files: Vec<_> = std::fs::read_dir(entry.path()).unwrap().map(|file| file.unwrap().path()).collect();
        let json: Vec<_> = files.iter().filter(|file| file.extension().is_some_and(|kind| kind == "json")).collect();
        assert_eq!((files.len(), json.len()), (2, 1), "{files:?}");
        let words = std::fs::read_to_string(json[0]).unwrap();
        let theirs = records.iter().filter(|record| words.contains(record.as_str())).count();
        assert_eq!(theirs, 1, "{}", entry.path().display());
    }
    assert_eq!(folders.len(), numbers.len(), "{folders:?}");
    let receipts = std::fs::read_to_string(folder.path().join("receipts.csv")).unwrap();
    assert_eq!(receipts.lines().count(), 1 + numbers.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_whose_pdf_fails_is_delivered_in_its_other_forms() {
    let place = Place::sqlite();
    let (shelf, folder) = (Arc::new(Shelf::default()), tempfile::tempdir().unwrap());
    drop(place.service().await);
    let mut outside = outside();
    outside.targets.push(Arc::clone(&shelf) as Arc<dyn Target>);
    outside.targets.push(Arc::new(Folder::new("files", folder.path())));
    let clock = Clock::starting_at(crate::place::now());
    let before_pdf = || Err("no room for it".to_owned());
    let printer = Arc::new(WatchedPrinter { printers: Printers::default(), before_pdf });
    let service = Service::start(place.store().await, clock, true, printer, outside).await.unwrap();
    service.keep_going();
    let world = finished(service).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    until(&world, |states| states.iter().all(|state| state == "landed v1")).await;
    let parcels = shelf.taken.lock().unwrap().clone();
    assert!(!parcels.is_empty() && parcels.iter().all(|parcel| parcel.pdf.is_err()));
    for parcel in parcels {
        let files = std::fs::read_dir(folder.path().join(&parcel.sealed.child_number)).unwrap();
        let names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        assert!(names.iter().any(|name| name.ends_with(".json")), "{names:?}");
    }
}

/// Answers each connection with the next of `answers`; an empty one closes the line without a word.
pub fn council(answers: Vec<&'static str>) -> (String, std::thread::JoinHandle<Vec<String>>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/records", listener.local_addr().unwrap());
    let serving = std::thread::spawn(move || {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut line, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            loop {
                let read = line.read(&mut piece).unwrap();
                request.extend_from_slice(&piece[..read]);
                let text = String::from_utf8_lossy(&request);
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head
                    .lines()
                    .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
                if body.len() >= length.unwrap_or(0) {
                    break;
                }
            }
            requests.push(String::from_utf8(request).unwrap());
            let _ = line.write_all(answer.as_bytes());
        }
        requests
    });
    (url, serving)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_over_http_may_refuse_fail_repeat_and_die_in_the_middle() {
    let place = Place::sqlite();
    let (_, shelf) = world_with_landed_records(&place).await;
    let parcel = shelf.taken.lock().unwrap()[0].clone();
    let (url, serving) = council(vec![
        "HTTP/1.1 422 No\r\ncontent-length: 9\r\nconnection: close\r\n\r\nno such id",
        "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "",
        "HTTP/1.1 302 Go\r\nlocation: http://example.com/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 409 There\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 201 Made\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
    ]);
    let requests = tokio::task::spawn_blocking(move || {
        let target = Http::new("case", &url, b"secret", || 1_795_000_000);
        assert!(matches!(target.hand_over(&parcel), Handed::Refused(reason) if reason.starts_with("422")));
        assert!(matches!(target.hand_over(&parcel), Handed::NotYet(reason) if reason.starts_with("503")));
        assert!(matches!(target.hand_over(&parcel), Handed::NotYet(_)), "died in the middle");
        assert!(matches!(target.hand_over(&parcel), Handed::Refused(_)), "a record is not sent elsewhere");
        assert!(matches!(target.hand_over(&parcel), Handed::Landed(_)), "already there is there");
        assert_eq!(target.hand_over(&parcel), Handed::Landed("201 ok".into()));
        let requests = serving.join().unwrap();
        let (head, body) = requests[5].split_once("\r\n\r\n").unwrap();
        let signature = Http::signature(b"secret", 1_795_000_000, &parcel.delivery.to_string(), body);
        assert!(head.contains(&signature), "signed over time, delivery and body");
        requests
    });
    let requests = requests.await.unwrap();
    let ids: std::collections::BTreeSet<&str> = requests
        .iter()
        .filter_map(|request| request.lines().find(|line| line.starts_with("idempotency-key")))
        .collect();
    assert_eq!(ids.len(), 1, "one delivery has one id, however often it is tried");
}

/// A family whose records are signed and have landed on a shelf.
pub async fn world_with_landed_records(place: &Place) -> (World, Arc<Shelf>) {
    drop(place.service().await);
    let shelf = Arc::new(Shelf::default());
    let world = finished(with_shelf(place, &shelf).await).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    until(&world, |states| states.iter().all(|state| state == "landed v1")).await;
    (world, shelf)
}

/// A parcel as it leaves the house.
async fn a_parcel(place: &Place) -> Parcel {
    let (_, shelf) = world_with_landed_records(place).await;
    let mut taken = shelf.taken.lock().unwrap();
    taken.remove(0)
}

pub const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]";
pub const MADE: &str = "HTTP/1.1 201 Made\r\ncontent-length: 22\r\nconnection: close\r\n\r\n{\"submissionId\":\"s-1\"}";
const BUSY: &str = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_case_note_is_filed_once_for_all_siblings_or_left_to_a_person() {
    let place = Place::sqlite();
    let mut parcel = a_parcel(&place).await;
    assert!(parcel.together.len() > 1, "decided for all children together: {:?}", parcel.together);
    parcel.attempts = 1;
    tokio::task::spawn_blocking(move || {
        let target = |url: &str| {
            interchange::out::Hackney::new("viewer", url.trim_end_matches("/records"), "key", "a@b.example")
        };
        let (url, serving) = council(vec![OK, MADE, OK, OK]);
        assert!(matches!(target(&url).hand_over(&parcel), Handed::Landed(_)));
        let requests = serving.join().unwrap();
        assert!(
            requests[0].starts_with(&format!("GET /api/v1/casenotes/person/{}", parcel.sealed.child_number)),
            "looked first"
        );
        assert!(requests.iter().all(|request| request.to_lowercase().contains("x-api-key: key")));
        assert!(requests[2].contains("Management oversight") && requests[2].contains("Ring the school"));
        for said in ["Zara Northlight, team manager: chaired", "in the room", "Disagree. Ivy has not been seen alone."]
        {
            assert!(requests[2].contains(said), "{said}: {}", requests[2]);
        }
        let others = parcel.together.iter().filter(|other| **other != parcel.sealed.child_number);
        for other in others {
            assert!(requests[3].contains(other.as_str()), "one note for several siblings");
        }
        // A sibling's delivery, and a repetition: the mark is there.
        let mark = format!("Caseround {}/{} version 1", parcel.sealed.record.meeting, parcel.together[0]);
        let body = format!("[{{\"note\":\"… [{mark}]\"}}]");
        let found: &'static str = Box::leak(
            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
                .into_boxed_str(),
        );
        let (url, serving) = council(vec![found]);
        assert!(matches!(target(&url).hand_over(&parcel), Handed::Landed(_)));
        assert_eq!(serving.join().unwrap().len(), 1, "nothing is sent again");
        // The last request dies: it may have been filed.
        let (url, _) = council(vec![OK, MADE, OK, ""]);
        assert!(matches!(target(&url).hand_over(&parcel), Handed::Unknown(_)));
        // After a break the look-up decides; where it does not answer, a person does.
        let (url, _) = council(vec![BUSY]);
        assert!(matches!(target(&url).after_a_break(&parcel), Handed::Unknown(_)));
        let (url, _) = council(vec![BUSY]);
        assert!(matches!(target(&url).hand_over(&parcel), Handed::NotYet(_)), "nothing was sent yet");
    })
    .await
    .unwrap();
}

on_both_engines!(a_step_that_is_done_by_then_says_so_in_the_next_version_that_leaves);
async fn a_step_that_is_done_by_then_says_so_in_the_next_version_that_leaves(place: Place) {
    let (world, shelf) = world_with_landed_records(&place).await;
    let service = &world.service;
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let record = records(&world).await.remove(0);
    let step = record.steps[0].step;
    assert!(shelf.taken.lock().unwrap().iter().all(|parcel| parcel.done.is_empty()), "not done when it was signed");
    service.answer_step(&worker, step, true, "The school was glad.").await.unwrap();
    let reader = service.record_reader(&worker, record.id).await;
    allowed!(service, reader, ask_addendum("the school rang", "She is back at school.")).unwrap();
    let added = records(&world).await.into_iter().find(|other| other.id == record.id).unwrap().life.addenda.remove(0);
    let manager = service.record_manager(&chair, record.id).await;
    allowed!(service, manager, answer_addendum(added.id, true, "")).unwrap();
    until(&world, |states| states.iter().any(|state| state == "landed v2")).await;
    let parcel = shelf.taken.lock().unwrap().last().unwrap().clone();
    assert_eq!((parcel.sealed.version, parcel.done.contains(&step)), (2, true));
    let bundle = interchange::out::Fhir::new("trust", "http://127.0.0.1:9", "", "urn:children").bundle(&parcel);
    let tasks = bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]);
    let done: Vec<_> = tasks.filter(|task| task["resourceType"] == "Task").map(|task| &task["status"]).collect();
    assert_eq!(done, ["completed"]);
}

/// What the official JSON schema of FHIR R4 does not allow.
fn not_allowed(bundle: &serde_json::Value) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let tool = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/fhir.mjs");
    let mut node = Command::new("node");
    let mut node = node.arg(tool).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("node is installed");
    node.stdin.take().unwrap().write_all(bundle.to_string().as_bytes()).unwrap();
    let out = node.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.success(), errors.is_empty(), "{errors}");
    errors
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fhir_server_gets_one_transaction_that_may_be_repeated() {
    let place = Place::sqlite();
    let parcel = a_parcel(&place).await;
    let bundle = interchange::out::Fhir::new("trust", "http://127.0.0.1:9", "", "urn:children").bundle(&parcel);
    assert_eq!(not_allowed(&bundle), "", "by the official schema");
    let sections = bundle["entry"][1]["resource"]["section"].to_string();
    for said in ["Who thought otherwise", "Disagree. Ivy has not been seen alone.", "team manager: chaired"] {
        assert!(sections.contains(said), "{said}: {sections}");
    }
    let mut wrong = bundle.clone();
    wrong["entry"][1]["resource"]["status"] = "signed".into();
    assert!(not_allowed(&wrong).contains("status"), "the schema finds what is wrong");
    // A later version changes the task that is there, once its step is done.
    let mut later = parcel.clone();
    let step = later.sealed.record.steps[0].step;
    later.sealed.version = 2;
    later.done.insert(step);
    let second = interchange::out::Fhir::new("trust", "http://127.0.0.1:9", "", "urn:children").bundle(&later);
    assert_eq!(not_allowed(&second), "", "by the official schema");
    let task = &second["entry"][2];
    assert_eq!((&task["resource"]["status"], &task["request"]["method"]), (&"completed".into(), &"PUT".into()));
    let identifier = task["resource"]["identifier"][0]["value"].as_str().unwrap();
    assert!(identifier.starts_with(&step.to_string()) && task["request"]["url"].as_str().unwrap().contains("%2F"));
    assert_eq!(second["entry"][1]["resource"]["status"], "amended");
    tokio::task::spawn_blocking(move || {
        let (url, serving) = council(vec![OK, BUSY]);
        let target = interchange::out::Fhir::new("trust", &url, "token", "urn:children");
        assert!(matches!(target.hand_over(&parcel), Handed::Landed(_)));
        assert!(matches!(target.hand_over(&parcel), Handed::NotYet(_)));
        let requests = serving.join().unwrap();
        assert!(requests[0].to_lowercase().contains("authorization: bearer token"));
        let bundle: serde_json::Value = serde_json::from_str(requests[0].split_once("\r\n\r\n").unwrap().1).unwrap();
        let entries = bundle["entry"].as_array().unwrap();
        let kinds: Vec<&str> =
            entries.iter().map(|entry| entry["resource"]["resourceType"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["CareTeam", "Composition", "Task"]);
        assert!(entries.iter().all(|entry| {
            entry["request"]["ifNoneExist"]
                .as_str()
                .is_some_and(|id| id.contains("urn%3Acaseround") && !id.contains('/') && !id.contains('|'))
        }));
        assert_eq!(entries[1]["resource"]["status"], "final");
        assert_eq!(entries[2]["resource"]["restriction"]["period"]["end"], "2026-12-08");
    })
    .await
    .unwrap();
}

/// A target that answers only once the shelf has everything.
#[derive(Debug)]
struct Hanging(Arc<Shelf>);

impl Target for Hanging {
    fn name(&self) -> &str {
        "hanging"
    }

    fn hand_over(&self, _: &Parcel) -> Handed {
        for _ in 0..200 {
            if self.0.taken.lock().unwrap().len() == 3 {
                return Handed::Landed("here".into());
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Handed::Refused("the other target waited for this one".into())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_does_not_answer_holds_no_other_one_back() {
    let place = Place::sqlite();
    drop(place.service().await);
    let shelf = Arc::new(Shelf::default());
    let mut outside = outside();
    outside.targets = vec![Arc::new(Hanging(Arc::clone(&shelf))), Arc::clone(&shelf) as Arc<dyn Target>];
    let store = Store::open(&place.address, service::store::OpenMode::Make).await.unwrap();
    let clock = Clock::starting_at(crate::place::now());
    let service = Service::start(store, clock, true, Arc::new(Printers::default()), outside).await.unwrap();
    service.keep_going();
    let world = finished(service).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    until(&world, |states| states.len() == 6 && states.iter().all(|state| state == "landed v1")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handing_over_that_was_broken_off_is_taken_up_again() {
    let place = Place::sqlite();
    let (world, _) = world_with_landed_records(&place).await;
    let store = world.service.store();
    let mut row = store.deliveries_in(DeliveryState::Landed).await.unwrap().remove(0);
    // As a power cut leaves it.
    row.state = DeliveryState::Sent;
    row.changed_at -= chrono::TimeDelta::minutes(1);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.move_delivery(&row, (DeliveryState::Landed, row.attempts)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(world.service.deliver_due().await.unwrap(), 0, "another process may still be at it");
    row.changed_at -= chrono::TimeDelta::minutes(5);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.move_delivery(&row, (DeliveryState::Sent, row.attempts)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(world.service.deliver_due().await.unwrap(), 1);
    assert!(states(&world).await.iter().all(|state| state == "landed v1"));
}
