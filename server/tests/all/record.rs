//! Signing, corrections, addenda, seals, deliveries and copies.

use crate::place::{Place, World, outside};
use domain::meeting::{Area, Command, Mark, Owner, Position, Route, StepDraft, Wording};
use domain::record::{Completion, Place as Part, Record};
use domain::{DecisionId, StepId, WorkerId};
use interchange::out::{Folder, Handed, Http, Parcel, Target};
use record::Printers;
use service::clock::Clock;
use service::seal::{SealKey, verify};
use service::{Service, ServiceError};
use std::sync::{Arc, Mutex};
use store::Store;

const KEY: [u8; 32] = [7; 32];

/// A family finished with something of everything: decisions, a dissent without its reason, a step without owner.
pub async fn finished(service: Service) -> World {
    let world = World::started(service).await;
    world.act(world.chair, Command::EverybodyHere(world.slot)).await;
    let decision = decision(&world).await;
    let wording =
        Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why: String::new() };
    world.act(world.chair, Command::Word(world.slot, decision, 0, wording)).await;
    world
        .act(world.worker, Command::Stand(world.slot, decision, 1, world.worker, Position::Disagree, String::new()))
        .await;
    world.act(world.chair, Command::Confirm(world.slot, decision, 1)).await;
    let step = StepDraft {
        what: "Ring the school".into(),
        owner: Owner::Nobody,
        with: String::new(),
        due: None,
        children: Default::default(),
        measure: String::new(),
    };
    world.act(world.chair, Command::AddStep(world.slot, StepId::new(world.service.new_uuid()), step)).await;
    world.act(world.chair, Command::Finish(world.slot)).await;
    world
}

async fn decision(world: &World) -> DecisionId {
    let viewer = world.service.viewer(world.chair).await.unwrap();
    let page = world.service.meeting_page(&viewer, world.meeting).await.unwrap();
    page.room.slot(world.slot).unwrap().decisions[0].id
}

pub async fn records(world: &World) -> Vec<Record> {
    world.service.store().records(world.family.uuid()).await.unwrap()
}

/// Says all that signing asks for.
pub async fn complete(world: &World) {
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let first = records(world).await.remove(0);
    service.complete(&chair, first.id, Completion::Why { text: "The plan works.".into() }).await.unwrap();
    let reason = Completion::Reason { worker: world.worker, given: Some("Ivy has not been seen alone.".into()) };
    service.complete(&chair, first.id, reason).await.unwrap();
    let due = chrono::NaiveDate::from_ymd_opt(2026, 12, 8).unwrap();
    let step = service.step_completion(first.steps[0].step, world.worker, due).await.unwrap();
    service.complete(&chair, first.id, step).await.unwrap();
}

async fn sign(world: &World, who: WorkerId) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await.unwrap();
    world.service.sign(&viewer, world.meeting, world.family, None).await
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_asks_for_what_is_missing_and_then_seals_every_childs_record() {
    for place in Place::both() {
        let world = finished(place.service().await).await;
        let store = world.service.store();
        let told = match sign(&world, world.chair).await {
            Err(ServiceError::Form(errors)) => errors.into_iter().map(|(_, told)| told).collect::<Vec<_>>().join("\n"),
            other => panic!("{other:?}"),
        };
        for asked in ["no reason", "reason is to follow", "no owner and no date"] {
            assert!(told.contains(asked), "{asked}: {told}");
        }
        assert!(matches!(sign(&world, world.worker).await, Err(ServiceError::NotFound)), "only the manager signs");
        complete(&world).await;
        sign(&world, world.chair).await.unwrap();
        sign(&world, world.chair).await.unwrap();
        let signed = records(&world).await;
        assert!(signed.len() > 1 && signed.iter().all(|record| record.life.versions.len() == 1), "signed once each");
        let verdict = verify(store, &SealKey::new(KEY), &[]).await.unwrap();
        assert_eq!((verdict.seals, verdict.broken), (signed.len(), Vec::new()));
        // The step is in its owner's list now.
        let worker = world.service.viewer(world.worker).await.unwrap();
        let mine = world.service.my_steps(&worker).await.unwrap();
        assert!(mine.iter().any(|step| step.what == "Ring the school" && step.due.is_some()));
        assert_eq!(service::rebuild::differences(store).await.unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_taken_into_every_record_it_concerns_and_none_after_signing() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    let service = &world.service;
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let id = records(&world).await[0].id;
    let heard = Part::Heard { worker: world.worker };
    let others = Part::Heard { worker: world.chair };
    assert!(service.ask_correction(&worker, id, others, "x").await.is_err(), "others' words are theirs");
    service.ask_correction(&worker, id, heard, "Ivy settled at nursery.").await.unwrap();
    service.ask_correction(&worker, id, heard, "Ivy settled at nursery.").await.unwrap();
    let stranger = service.viewer(world.stranger).await.unwrap();
    assert!(matches!(service.ask_correction(&stranger, id, heard, "x").await, Err(ServiceError::NotFound)));
    let asked = records(&world).await.into_iter().find(|record| record.id == id).unwrap().life.corrections;
    assert_eq!(asked.len(), 1, "pressed twice is asked once");
    assert!(service.answer_correction(&worker, id, asked[0].id, true, "").await.is_err(), "not one's own answer");
    service.answer_correction(&chair, id, asked[0].id, true, "").await.unwrap();
    for record in records(&world).await {
        assert_eq!(record.reads(heard), Some("Ivy settled at nursery."), "the family's part, in each child's record");
    }
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    assert!(service.ask_correction(&worker, id, heard, "other").await.is_err());
    assert!(service.complete(&chair, id, Completion::Why { text: "other".into() }).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_not_overwritten_and_nothing_unread_is_signed() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    let service = &world.service;
    let (chair, taker) =
        (service.viewer(world.chair).await.unwrap(), service.viewer(world.record_taker).await.unwrap());
    let read = || async {
        let drafts = service.drafts_of(&chair, world.meeting, world.family).await.unwrap();
        service::sign::digest(&drafts.into_iter().map(|(_, draft)| draft).collect::<Vec<_>>())
    };
    let old = read().await;
    complete(&world).await;
    let id = records(&world).await[0].id;
    // A dissent with its reason, a decision's reason, a step's owner: none of them is taken away again.
    let gone = Completion::Reason { worker: world.worker, given: None };
    assert!(matches!(service.complete(&taker, id, gone).await, Err(ServiceError::Form(_))));
    assert!(service.complete(&chair, id, Completion::Why { text: "other".into() }).await.is_err());
    let due = chrono::NaiveDate::from_ymd_opt(2026, 12, 9).unwrap();
    let step = records(&world).await[0].steps[0].step;
    let other = service.step_completion(step, world.chair, due).await.unwrap();
    assert!(service.complete(&taker, id, other).await.is_err());
    let signed = service.sign(&chair, world.meeting, world.family, Some(&old)).await;
    assert!(matches!(signed, Err(ServiceError::Form(_))), "something changed while it was read");
    service.sign(&chair, world.meeting, world.family, Some(&read().await)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stood_out_to_the_end_reads_and_signs_nothing_of_it() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let service = &world.service;
    world.act(world.worker, Command::StandOut(world.slot, true)).await;
    world.act(world.chair, Command::Finish(world.slot)).await;
    let worker = service.viewer(world.worker).await.unwrap();
    let id = records(&world).await[0].id;
    assert!(matches!(service.record(&worker, id).await, Err(ServiceError::NotFound)));
    assert!(service.ask_correction(&worker, id, Part::Meaning, "x").await.is_err());
    assert!(matches!(service.messages(&worker, world.family, world.meeting).await, Err(ServiceError::NotFound)));
    assert!(service.drafts_of(&worker, world.meeting, world.family).await.is_err());
    let chair = service.viewer(world.chair).await.unwrap();
    assert!(service.record(&chair, id).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_and_never_revealed_is_kept_for_its_writer_who_may_still_give_it() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let service = &world.service;
    world.act(world.worker, Command::Seal(world.slot)).await;
    let (worker, chair) = (service.viewer(world.worker).await.unwrap(), service.viewer(world.chair).await.unwrap());
    let pen = service.pens(&worker, world.meeting).await.unwrap()[0].pen;
    let update = domain::prose::Prose::with_pen(pen).rewrite("Whispering");
    world.act(world.worker, Command::Type(world.slot, Area::Analysis(world.worker), update, pen)).await;
    let missing = service.meeting_page(&chair, world.meeting).await.unwrap().room.slot(world.slot).unwrap().missing();
    assert!(missing.contains(&domain::meeting::Missing::Sealed { count: 1 }), "the chair hears of it before");
    world.act(world.chair, Command::Finish(world.slot)).await;
    let id = records(&world).await[0].id;
    let reads = async |who: &domain::viewer::Viewer| {
        let (_, record) = service.record(who, id).await.unwrap();
        serde_json::to_string(&record).unwrap().contains("Whispering")
    };
    assert!(reads(&worker).await, "its writer still has it");
    assert!(!reads(&chair).await);
    let mine = Part::Heard { worker: world.worker };
    service.ask_correction(&worker, id, mine, "Whispering").await.unwrap();
    assert!(reads(&chair).await, "offered, it is read by whoever answers");
    let asked = records(&world).await.into_iter().find(|record| record.id == id).unwrap().life.corrections;
    service.answer_correction(&chair, id, asked[0].id, true, "").await.unwrap();
    let (_, record) = service.record(&chair, id).await.unwrap();
    assert_eq!(record.reads(mine), Some("Whispering"));
    assert!(service.ask_correction(&worker, id, mine, "Whispering").await.is_err(), "unchanged is no correction");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_addendum_makes_a_new_version_and_the_old_one_stays_as_it_was() {
    for place in Place::both() {
        let world = finished(place.service().await).await;
        let service = &world.service;
        complete(&world).await;
        sign(&world, world.chair).await.unwrap();
        let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
        let id = records(&world).await[0].id;
        let first = service.store().seal(id, 1).await.unwrap().unwrap();
        service.ask_addendum(&worker, id, "The school rang", "They saw Ivy on Monday.").await.unwrap();
        let asked = records(&world).await.into_iter().find(|record| record.id == id).unwrap().life.addenda;
        assert!(matches!(
            service.answer_addendum(&worker, id, asked[0].id, true, "").await,
            Err(ServiceError::NotFound)
        ));
        service.answer_addendum(&chair, id, asked[0].id, true, "").await.unwrap();
        service.answer_addendum(&chair, id, asked[0].id, true, "").await.unwrap();
        assert_eq!(service.store().seal(id, 1).await.unwrap().unwrap(), first);
        let (second, seal, head) = service.version(&worker, id, 2).await.unwrap();
        assert_eq!(second.replaces.as_deref(), Some(first.hash.as_str()));
        assert_eq!((seal.number, seal.before), (2, first.hash));
        assert_eq!(second.addenda[0].text, "They saw Ivy on Monday.");
        assert_eq!(head.unwrap().hash, seal.hash);
        assert!(service.store().seal(id, 3).await.unwrap().is_none(), "accepted once");
    }
}

/// Changes a PostgreSQL database as somebody with its password could, past Caseround.
fn past_caseround(place: &Place, statement: &str) {
    let psql = std::process::Command::new("/usr/lib/postgresql/15/bin/psql")
        .args(["-q", "-v", "ON_ERROR_STOP=1", &place.address, "-c", statement])
        .status();
    assert!(psql.expect("psql comes with PostgreSQL").success(), "{statement}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_changed_past_caseround_is_found() {
    let place = Place::postgres();
    let world = finished(place.service().await).await;
    let (service, store) = (&world.service, world.service.store());
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let id = records(&world).await[0].id;
    for text in ["one", "two", "three"] {
        service.ask_addendum(&worker, id, "why", text).await.unwrap();
        let asked = records(&world).await.into_iter().find(|record| record.id == id).unwrap().life.addenda;
        service.answer_addendum(&chair, id, asked.last().unwrap().id, true, "").await.unwrap();
    }
    let child = store.seal(id, 1).await.unwrap().unwrap().child_id;
    let receipt = store.head(child).await.unwrap().unwrap().hash;
    let key = SealKey::new(KEY);
    let broken = async |heads: &[String]| verify(store, &key, heads).await.unwrap().broken;
    assert_eq!(broken(std::slice::from_ref(&receipt)).await, Vec::<String>::new());
    past_caseround(&place, "CREATE TABLE kept_seals AS TABLE seals; CREATE TABLE kept_heads AS TABLE heads;");
    let of_child = format!("child_id = '{child}'");
    let last = "number = (SELECT max(number) FROM seals WHERE";
    let cases = [
        (
            "one byte of a record",
            format!("UPDATE seals SET body = replace(body, 'why', 'wny') WHERE {of_child} AND number = 2"),
        ),
        ("a row removed", format!("DELETE FROM seals WHERE {of_child} AND number = 2")),
        (
            "two swapped",
            format!(
                "UPDATE seals SET number = number + 100 WHERE {of_child} AND number IN (2, 3); \
                 UPDATE seals SET number = CASE number WHEN 102 THEN 3 ELSE 2 END WHERE {of_child} AND number > 100"
            ),
        ),
        ("the tail cut", format!("DELETE FROM seals WHERE {of_child} AND {last} {of_child})")),
        (
            "the tail cut with its head",
            format!(
                "DELETE FROM seals WHERE {of_child} AND {last} {of_child}); UPDATE heads SET (number, hash) = \
                 (SELECT number, hash FROM seals WHERE {of_child} ORDER BY number DESC LIMIT 1) WHERE {of_child}"
            ),
        ),
        (
            "the chain made anew without the key",
            format!(
                "UPDATE seals SET body = replace(body, 'one', 'ten') WHERE {of_child}; \
                 UPDATE seals SET hash = encode(sha256(convert_to(body, 'UTF8')), 'hex') WHERE {of_child}; \
                 UPDATE seals s SET before = coalesce((SELECT b.hash FROM seals b WHERE b.{of_child} AND b.number = s.number - 1), '') WHERE s.{of_child}; \
                 UPDATE heads SET hash = (SELECT hash FROM seals WHERE {of_child} ORDER BY number DESC LIMIT 1) WHERE {of_child}"
            ),
        ),
        (
            "an old record rewritten, and what follows told to follow it",
            format!(
                "UPDATE seals SET body = replace(body, 'The plan works', 'The plan fails') WHERE {of_child} AND number = 1; \
                 UPDATE seals SET hash = encode(sha256(convert_to(body, 'UTF8')), 'hex') WHERE {of_child} AND number = 1; \
                 UPDATE seals SET before = (SELECT hash FROM seals b WHERE b.{of_child} AND b.number = 1) WHERE {of_child} AND number = 2"
            ),
        ),
        ("all of a child", format!("DELETE FROM seals WHERE {of_child}")),
        (
            "another record in its place",
            format!("UPDATE seals SET child_id = gen_random_uuid() WHERE {of_child} AND number = 1"),
        ),
    ];
    for (what, statement) in cases {
        past_caseround(&place, &statement);
        assert!(!broken(&[]).await.is_empty(), "{what} is not found");
        past_caseround(
            &place,
            "TRUNCATE seals, heads; INSERT INTO seals TABLE kept_seals; INSERT INTO heads TABLE kept_heads;",
        );
        assert_eq!(broken(&[]).await, Vec::<String>::new(), "put back after {what}");
    }
    // Who restores an old copy whole, with its old head, is found by a receipt only.
    past_caseround(&place, &format!("DELETE FROM seals WHERE {of_child}; DELETE FROM heads WHERE {of_child}"));
    assert!(broken(&[]).await.is_empty());
    assert!(broken(&[receipt]).await[0].contains("stands nowhere"), "a receipt tells");
}

/// Takes what it is handed and answers as it was told to.
#[derive(Debug, Default)]
struct Shelf {
    answers: Mutex<Vec<Handed>>,
    taken: Mutex<Vec<Parcel>>,
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

async fn with_shelf(place: &Place, shelf: &Arc<Shelf>) -> Service {
    let mut outside = outside();
    outside.targets.push(Arc::clone(shelf) as Arc<dyn Target>);
    let clock = Clock::starting_at(crate::place::now());
    let store = Store::open(&place.address).await.unwrap();
    Service::start(store, clock, true, Arc::new(Printers), outside).await.unwrap()
}

async fn states(world: &World) -> Vec<String> {
    let rows = world.service.store().deliveries(world.family.uuid()).await.unwrap();
    let mut states: Vec<String> = rows.into_iter().map(|row| format!("{} v{}", row.state, row.version)).collect();
    states.sort();
    states
}

async fn until(world: &World, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
    for _ in 0..200 {
        let states = states(world).await;
        if wanted(&states) {
            return states;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{:?}", states(world).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_lands_once_or_says_why_not() {
    for place in Place::both() {
        drop(place.service().await);
        let shelf = Arc::new(Shelf::default());
        let world = finished(with_shelf(&place, &shelf).await).await;
        complete(&world).await;
        let children = records(&world).await.len();
        shelf.answers.lock().unwrap().push(Handed::Unknown("no answer".into()));
        sign(&world, world.chair).await.unwrap();
        let done = until(&world, |states| {
            states.iter().all(|state| !state.starts_with("waiting") && !state.starts_with("sent"))
        })
        .await;
        assert_eq!(done.iter().filter(|state| *state == "landed v1").count(), children - 1);
        assert_eq!(done.iter().filter(|state| *state == "unknown v1").count(), 1, "{done:?}");
        world.service.deliver_due().await.unwrap();
        assert_eq!(shelf.taken.lock().unwrap().len(), children, "what is unknown is never sent again by itself");
        let parcels = shelf.taken.lock().unwrap().clone();
        assert!(parcels.iter().all(|parcel| parcel.pdf.starts_with(b"%PDF")));
        let chair = world.service.viewer(world.chair).await.unwrap();
        let rows = world.service.store().deliveries_in("unknown").await.unwrap();
        let stranger = world.service.viewer(world.stranger).await.unwrap();
        assert!(world.service.settle_delivery(&stranger, rows[0].id, true).await.is_err());
        world.service.settle_delivery(&chair, rows[0].id, true).await.unwrap();
        assert!(states(&world).await.iter().all(|state| state == "landed v1"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_gets_a_file_per_child_and_a_receipt_once() {
    let place = Place::sqlite();
    let folder = tempfile::tempdir().unwrap();
    drop(place.service().await);
    let shelf = Arc::new(Shelf::default());
    let world = finished(with_shelf(&place, &shelf).await).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    until(&world, |states| states.iter().all(|state| state == "landed v1")).await;
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

/// Answers each connection with the next of `answers`; an empty one closes the line without a word.
fn council(answers: Vec<&'static str>) -> (String, std::thread::JoinHandle<Vec<String>>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/records", listener.local_addr().unwrap());
    let serving = std::thread::spawn(move || {
        let mut heard = Vec::new();
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
            heard.push(String::from_utf8(request).unwrap());
            let _ = line.write_all(answer.as_bytes());
        }
        heard
    });
    (url, serving)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_over_http_may_refuse_fail_repeat_and_die_in_the_middle() {
    let place = Place::sqlite();
    drop(place.service().await);
    let shelf = Arc::new(Shelf::default());
    let world = finished(with_shelf(&place, &shelf).await).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    until(&world, |states| states.iter().all(|state| state == "landed v1")).await;
    let parcel = shelf.taken.lock().unwrap()[0].clone();
    let (url, serving) = council(vec![
        "HTTP/1.1 422 No\r\ncontent-length: 9\r\nconnection: close\r\n\r\nno such id",
        "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "",
        "HTTP/1.1 302 Go\r\nlocation: http://example.com/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 409 There\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 201 Made\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
    ]);
    let heard = tokio::task::spawn_blocking(move || {
        let target = Http::new("case", &url, b"secret", || 1_795_000_000);
        assert!(matches!(target.hand_over(&parcel), Handed::Refused(told) if told.starts_with("422")));
        assert!(matches!(target.hand_over(&parcel), Handed::NotYet(told) if told.starts_with("503")));
        assert!(matches!(target.hand_over(&parcel), Handed::NotYet(_)), "died in the middle");
        assert!(matches!(target.hand_over(&parcel), Handed::Refused(_)), "a record is not sent elsewhere");
        assert!(matches!(target.hand_over(&parcel), Handed::Landed(_)), "already there is there");
        assert_eq!(target.hand_over(&parcel), Handed::Landed("201 ok".into()));
        let heard = serving.join().unwrap();
        let (head, body) = heard[5].split_once("\r\n\r\n").unwrap();
        let signature = Http::signature(b"secret", 1_795_000_000, &parcel.delivery.to_string(), body);
        assert!(head.contains(&signature), "signed over time, delivery and body");
        heard
    });
    let heard = heard.await.unwrap();
    let ids: std::collections::BTreeSet<&str> =
        heard.iter().filter_map(|request| request.lines().find(|line| line.starts_with("idempotency-key"))).collect();
    assert_eq!(ids.len(), 1, "one delivery has one id, however often it is tried");
}

/// A parcel as it leaves the house.
async fn a_parcel(place: &Place) -> Parcel {
    drop(place.service().await);
    let shelf = Arc::new(Shelf::default());
    let world = finished(with_shelf(place, &shelf).await).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    until(&world, |states| states.iter().all(|state| state == "landed v1")).await;
    let mut taken = shelf.taken.lock().unwrap();
    taken.remove(0)
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]";
const MADE: &str = "HTTP/1.1 201 Made\r\ncontent-length: 22\r\nconnection: close\r\n\r\n{\"submissionId\":\"s-1\"}";
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
        let heard = serving.join().unwrap();
        assert!(
            heard[0].starts_with(&format!("GET /api/v1/casenotes/person/{}", parcel.sealed.child_number)),
            "looked first"
        );
        assert!(heard.iter().all(|request| request.to_lowercase().contains("x-api-key: key")));
        assert!(heard[2].contains("Management oversight") && heard[2].contains("Ring the school"));
        let others = parcel.together.iter().filter(|other| **other != parcel.sealed.child_number);
        for other in others {
            assert!(heard[3].contains(other.as_str()), "one note for several siblings");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_fhir_server_gets_one_transaction_that_may_be_repeated() {
    let place = Place::sqlite();
    let parcel = a_parcel(&place).await;
    if let Some(kept) = std::env::var_os("KEEP_FHIR") {
        let bundle = interchange::out::Fhir::new("trust", "http://127.0.0.1:9", "", "urn:children").bundle(&parcel);
        std::fs::write(kept, bundle.to_string()).unwrap();
    }
    tokio::task::spawn_blocking(move || {
        let (url, serving) = council(vec![OK, BUSY]);
        let target = interchange::out::Fhir::new("trust", &url, "token", "urn:children");
        assert!(matches!(target.hand_over(&parcel), Handed::Landed(_)));
        assert!(matches!(target.hand_over(&parcel), Handed::NotYet(_)));
        let heard = serving.join().unwrap();
        assert!(heard[0].to_lowercase().contains("authorization: bearer token"));
        let bundle: serde_json::Value = serde_json::from_str(heard[0].split_once("\r\n\r\n").unwrap().1).unwrap();
        let entries = bundle["entry"].as_array().unwrap();
        let kinds: Vec<&str> =
            entries.iter().map(|entry| entry["resource"]["resourceType"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["CareTeam", "Composition", "Task"]);
        assert!(
            entries
                .iter()
                .all(|entry| entry["request"]["ifNoneExist"].as_str().is_some_and(|id| id.contains("urn:caseround")))
        );
        assert_eq!(entries[1]["resource"]["status"], "final");
        assert_eq!(entries[2]["resource"]["restriction"]["period"]["end"], "2026-12-08");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handing_over_that_was_broken_off_is_taken_up_again() {
    let place = Place::sqlite();
    drop(place.service().await);
    let shelf = Arc::new(Shelf::default());
    let world = finished(with_shelf(&place, &shelf).await).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    until(&world, |states| states.iter().all(|state| state == "landed v1")).await;
    let store = world.service.store();
    let mut row = store.deliveries_in("landed").await.unwrap().remove(0);
    // As a power cut leaves it.
    row.state = "sent".into();
    row.changed_at -= chrono::TimeDelta::minutes(1);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.move_delivery(&row, ("landed", row.attempts)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(world.service.deliver_due().await.unwrap(), 0, "another process may still be at it");
    row.changed_at -= chrono::TimeDelta::minutes(5);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.move_delivery(&row, ("sent", row.attempts)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(world.service.deliver_due().await.unwrap(), 1);
    assert!(states(&world).await.iter().all(|state| state == "landed v1"));
}

/// A word that is in one part only.
const SECRET: &str = "Quincetree";

#[tokio::test(flavor = "multi_thread")]
async fn no_copy_in_any_format_carries_what_its_recipient_may_not_have() {
    use domain::document::copy::Recipient;
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let service = &world.service;
    world.act(world.chair, Command::EverybodyHere(world.slot)).await;
    let others: Vec<WorkerId> = {
        let viewer = service.viewer(world.chair).await.unwrap();
        let page = service.meeting_page(&viewer, world.meeting).await.unwrap();
        page.room.slot(world.slot).unwrap().members.keys().copied().filter(|member| *member != world.worker).collect()
    };
    // The worker's own words, kept for one colleague; another's, never for somebody of the family.
    for (who, words, mark) in [
        (world.worker, format!("{SECRET}OnlyFor"), Mark::OnlyFor { workers: [others[0]].into() }),
        (
            others[0],
            format!("{SECRET}NeverFor"),
            Mark::NeverFor { people: [domain::PersonId::new(uuid::Uuid::nil())].into() },
        ),
        (others[1], format!("{SECRET}Plain"), Mark::None),
    ] {
        let viewer = service.viewer(who).await.unwrap();
        let pen = service.pens(&viewer, world.meeting).await.unwrap()[0].pen;
        let update = domain::prose::Prose::with_pen(pen).rewrite(&words);
        world.act(who, Command::Type(world.slot, Area::Analysis(who), update, pen)).await;
        if mark != Mark::None {
            world.act(who, Command::Mark(world.slot, Area::Analysis(who), mark)).await;
        }
    }
    let decision = decision(&world).await;
    let wording =
        Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why: "It works".into() };
    world.act(world.chair, Command::Word(world.slot, decision, 0, wording)).await;
    world.act(world.chair, Command::Confirm(world.slot, decision, 1)).await;
    world.act(world.chair, Command::Finish(world.slot)).await;
    sign(&world, world.chair).await.unwrap();
    let id = records(&world).await[0].id;
    let chair = service.viewer(world.chair).await.unwrap();
    let cases = [
        (Recipient::ChildFile, ["NeverFor", "Plain"].as_slice(), ["OnlyFor"].as_slice(), true),
        (Recipient::Inspector, &["NeverFor", "Plain"], &["OnlyFor"], true),
        (Recipient::Partner(world.worker), &["OnlyFor"], &["NeverFor", "Plain"], true),
        (Recipient::Partner(others[1]), &["Plain"], &["OnlyFor", "NeverFor"], true),
    ];
    for (recipient, has, lacks, flagged) in cases {
        let made = service.copy(&chair, id, recipient).await.unwrap();
        assert_eq!(!made.flags.is_empty(), flagged, "{recipient:?}");
        for (format, _) in service::copy::FORMATS {
            let refused = service.print_copy(&chair, id, recipient, format, false).await;
            assert!(refused.is_err(), "{recipient:?} as {format} without a yes");
            let (bytes, _, name) = service.print_copy(&chair, id, recipient, format, true).await.unwrap();
            let text = readable(format, &bytes);
            for word in has {
                assert!(text.contains(&format!("{SECRET}{word}")), "{recipient:?} as {format} lacks {word}");
            }
            for word in lacks {
                assert!(!text.contains(&format!("{SECRET}{word}")), "{recipient:?} as {format} has {word}");
                assert!(!raw(&bytes).contains(&format!("{SECRET}{word}")));
            }
            assert!(!name.contains("Ivy") && name.is_ascii());
        }
    }
    // What leaves by itself carries nothing that is marked: nobody is there to say yes.
    let named = |_| "somebody".to_owned();
    let seal = service.store().seal(id, 1).await.unwrap().unwrap();
    let sealed: domain::record::Sealed = serde_json::from_str(&seal.body).unwrap();
    let by_itself = domain::document::copy::make(&sealed, Recipient::CaseSystem, "the file", "", &named).document;
    for (format, _) in service::copy::FORMATS {
        let text = readable(format, &service.print(by_itself.clone(), format).await.unwrap());
        assert!(text.contains(&format!("{SECRET}Plain")));
        assert!(!text.contains("OnlyFor") && !text.contains(&format!("{SECRET}NeverFor")), "{format}");
    }
    let worker = service.viewer(world.worker).await.unwrap();
    assert!(service.copy(&worker, id, Recipient::Inspector).await.is_err(), "not a worker's to make");
    assert!(service.copy(&worker, id, Recipient::Partner(others[0])).await.is_err());
    assert!(service.copy(&worker, id, Recipient::Partner(world.worker)).await.is_ok(), "their own words are theirs");
    let noted = service.exports(&chair).await.unwrap();
    assert!(noted.iter().any(|(_, export)| export.made_for.contains("inspector") && !export.approved_by.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_abuse_no_message_goes_before_all_were_read_together() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    let (service, meeting, family) = (&world.service, world.meeting, world.family);
    let viewer = async |who| service.viewer(who).await.unwrap();
    let (worker, chair) = (viewer(world.worker).await, viewer(world.chair).await);
    let victim_practitioner = viewer(crate::place::worker(service, "7008").await).await;
    let father = service::people::PersonForm {
        forename: "Emrys".into(),
        surname: "Larchwood".into(),
        adult: true,
        relation: "father".into(),
        ..service::people::PersonForm::default()
    };
    service.save_person(&chair, family, None, &father).await.unwrap();
    let adults: Vec<domain::PersonId> =
        service.messages(&worker, family, meeting).await.unwrap().adults.into_iter().map(|(id, ..)| id).collect();
    assert!(adults.len() > 1);
    for (adult, text) in
        adults.iter().zip(["For her: the nursery says well done.", "For him: the next visit is on Monday."])
    {
        service.write_message(&worker, family, meeting, *adult, text, 0).await.unwrap();
    }
    let now = async || {
        let known = service.messages(&worker, family, meeting).await.unwrap();
        assert!(known.careful);
        known.adults.into_iter().filter_map(|(.., message)| message).collect::<Vec<_>>()
    };
    let first = now().await;
    let read: Vec<_> = first.iter().map(|message| (message.id, message.revision)).collect();
    assert!(service.give_message(&worker, family, meeting, first[0].id, "phone").await.is_err());
    assert!(service.message_document(&worker, family, meeting, first[0].id).await.is_err(), "not on paper either");
    assert!(service.check_messages(&worker, family, meeting, &read).await.is_err(), "not one's own word");
    let tuesday = "For him: the visit is on Tuesday.";
    assert!(service.write_message(&worker, family, meeting, adults[1], tuesday, 0).await.is_err(), "on what was seen");
    service.write_message(&worker, family, meeting, adults[1], tuesday, 1).await.unwrap();
    assert!(service.check_messages(&chair, family, meeting, &read).await.is_err(), "one changed while it was read");
    let read: Vec<_> = now().await.iter().map(|message| (message.id, message.revision)).collect();
    service.check_messages(&victim_practitioner, family, meeting, &read).await.unwrap();
    let document = service.message_document(&worker, family, meeting, first[0].id).await.unwrap();
    let printed = readable("pdf", &service.print(document, "pdf").await.unwrap());
    assert!(printed.contains("well done") && !printed.contains("Tuesday") && !printed.contains("FS-3046"), "{printed}");
    service.give_message(&worker, family, meeting, first[0].id, "at the visit").await.unwrap();
    assert!(service.write_message(&worker, family, meeting, adults[0], "other", 1).await.is_err(), "given is given");
    let stranger = viewer(world.stranger).await;
    assert!(matches!(service.messages(&stranger, family, meeting).await, Err(ServiceError::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_about_a_child_comes_in_order_with_what_needs_a_decision() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    let (service, child) = (&world.service, records(&world).await[0].child);
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    assert!(matches!(service.archive(&worker, world.family, child).await, Err(ServiceError::NotFound)));
    let (bytes, name) = service.archive(&chair, world.family, child).await.unwrap();
    assert!(name.is_ascii() && name.ends_with(".zip"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.zip");
    std::fs::write(&file, bytes).unwrap();
    let unzip = |args: &[&str]| {
        let out = std::process::Command::new("unzip").args(args).arg(&file).output().unwrap();
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    let listed = unzip(&["-Z1"]);
    let names: Vec<&str> = listed.lines().collect();
    assert_eq!(names[0], "000-contents.md");
    assert!(names[1].starts_with("001-2026-11-24-v1.pdf") && names[2].ends_with("-v1.json"), "{names:?}");
    let text = unzip(&["-p"]);
    assert!(
        text.contains("a worker's disagreement") || text.contains("a worker’s disagreement"),
        "the dissent is flagged"
    );
    assert!(text.contains("caseround.record/1"));
}

fn raw(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a reader of the format sees: compressed parts unpacked.
fn readable(format: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy");
    std::fs::write(&file, bytes).unwrap();
    let run = |program: &str, args: &[&str]| {
        let out = std::process::Command::new(program).args(args).output().expect("installed by \"make test\"");
        assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    let path = file.to_str().unwrap();
    match format {
        "pdf" => run("pdftotext", &["-layout", path, "-"]),
        "docx" => run("unzip", &["-p", path]),
        _ => raw(bytes),
    }
}
