//! Prints how long documents and chains take. `make bench-record`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a measurement that cannot go on says so")]

use domain::document::{Block, Document, Section};
use domain::record::canonical;
use domain::{FamilyId, MeetingId, PersonId, RecordId};
use record::Printers;
use service::Printer;
use service::seal::{SealKey, hash, verify};
use std::time::{Duration, Instant};
use store::Store;
use store::seal::Seal;

/// Signed versions whose chains are walked.
const SEALS: usize = 100_000;
/// Versions of each child.
const EACH: usize = 10;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let started = Instant::now();
    Printers::default().pdf(&minutes(1), None).unwrap();
    println!("first PDF of a process, fonts read: {:.0} ms", ms(started.elapsed()));
    for (families, what) in [(1, "one family, 3 children"), (6, "a meeting of 6 families")] {
        let document = minutes(families);
        let before = memory("VmRSS");
        let mut took: Vec<Duration> = (0..15)
            .map(|_| {
                let began = Instant::now();
                Printers::default().pdf(&document, None).unwrap();
                began.elapsed()
            })
            .collect();
        took.sort();
        println!(
            "PDF of {what}: min {:.0}, median {:.0}, max {:.0} ms; memory +{} MB at most",
            ms(took[0]),
            ms(took[7]),
            ms(took[14]),
            memory("VmHWM").saturating_sub(before) / 1024
        );
        if let Some(folder) = std::env::args().nth(1) {
            let file = format!("{folder}/{families}.html");
            let html = Printers::default().html(&document);
            std::fs::write(&file, format!("<!DOCTYPE html><html lang=\"en-GB\"><meta charset=\"utf-8\"><title>Minutes</title><body>{html}</body></html>")).unwrap();
            std::fs::write(format!("{folder}/{families}.docx"), Printers::default().docx(&document).unwrap()).unwrap();
        }
    }
    runtime.block_on(chains());
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Of this process, in KB.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_default();
    line.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

/// Minutes as long as real ones: three children a family, six workers with a paragraph or two, five steps.
fn minutes(families: usize) -> Document {
    let words = "Nursery says that mornings are calmer, and that she is collected on time by mum or by grandmother. \
                 **He was seen alone** on Tuesday and spoke of the new baby. What worries is the evening: two visits \
                 found nobody in.\n\n- went to all three sessions\n- asked for the next one herself\n- wants to sleep through";
    let section = |level, heading: String, blocks| Section { level, heading, blocks };
    let mut sections = Vec::new();
    for family in 0..families {
        sections.push(section(2, format!("Family FS-30{family:02}"), vec![Block::Text("Finished.".into())]));
        for child in ["Ivy, 3 years", "Noah, 7 months", "unborn, due 14 February 2027"] {
            sections.push(section(3, child.into(), Vec::new()));
            let there = (0..6).map(|n| format!("Worker {n}, social worker: in the room")).collect();
            sections.push(section(4, "Attendance".into(), vec![Block::List(there)]));
            sections.push(section(4, "What we heard".into(), Vec::new()));
            for worker in 0..6 {
                sections.push(section(5, format!("Worker {worker}, social worker"), vec![Block::Prose(words.into())]));
            }
            sections.push(section(4, "What we think it means".into(), vec![Block::Prose(words.into())]));
            let stances = (0..6).map(|n| format!("Worker {n}, social worker: agree")).collect();
            let decided = vec![Block::Strong("Continue with the plan. Decided here".into()), Block::List(stances)];
            sections.push(section(4, "Decision and why".into(), decided));
            let row = || {
                ["Ring the school and ask about mornings", "Worker 2", "8 December 2026", "She is on time"]
                    .map(str::to_owned)
                    .to_vec()
            };
            let table = Block::Table {
                caption: "Next steps".into(),
                headings: ["What", "Who", "By when", "How we will know"].map(str::to_owned).to_vec(),
                rows: (0..5).map(|_| row()).collect(),
            };
            sections.push(section(4, "Next steps".into(), vec![table]));
        }
    }
    Document {
        title: "Group case supervision, Tuesday 24 November 2026".into(),
        council: "Ashmere Council".into(),
        status: "DRAFT".into(),
        made_for: "Zara Northlight".into(),
        notice: "For the team, not for the family.".into(),
        dated: chrono::NaiveDate::from_ymd_opt(2026, 11, 24),
        sections,
        ..Document::default()
    }
}

async fn chains() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("chains.sqlite").to_str().unwrap(), service::store::OpenMode::Make)
        .await
        .unwrap();
    let key = SealKey::new([1; 32]);
    let words = "a sentence as long as sentences in such records are, more or less. ".repeat(90);
    let uuid = |n: usize| store::Uuid::from_u128(n as u128 + 1);
    let (mut n, mut bytes) = (0, 0);
    while n < SEALS {
        let mut tx = store.begin().await.unwrap();
        for child in (n / EACH..).take(100) {
            let mut before = String::new();
            for number in 1..=EACH as i64 {
                let (child, record) = (PersonId::new(uuid(child)), RecordId::new(uuid(n)));
                let body = canonical(&serde_json::json!({
                    "before": Some(&before).filter(|before| !before.is_empty()), "child": child, "child_age": "3 years",
                    "family": uuid(1), "number": number,
                    "record": { "heard": words, "id": record, "meeting": uuid(2) }, "schema": "caseround.record/1", "version": 1,
                }));
                let hash = hash(&body);
                bytes += body.len();
                let seal = Seal {
                    tombstone: None,
                    child_id: child,
                    number,
                    record_id: record,
                    version: 1,
                    family_id: FamilyId::new(uuid(1)),
                    meeting_id: MeetingId::new(uuid(2)),
                    signed_at: "2026-11-24T11:00:00Z".parse().unwrap(),
                    body,
                    hash: hash.clone(),
                    before: std::mem::replace(&mut before, hash.clone()),
                };
                assert!(tx.keep_seal(&seal, &key.code(child, number, &hash)).await.unwrap());
                n += 1;
            }
        }
        tx.commit().await.unwrap();
    }
    let before = memory("VmRSS");
    let began = Instant::now();
    let check = verify(&store, &key, &[]).await.unwrap();
    println!(
        "verify of {} versions in {} chains, {} KB each: {:.2} s, {} broken; memory {} MB before and {} MB after",
        check.seals,
        check.chains,
        bytes / SEALS / 1024,
        began.elapsed().as_secs_f64(),
        check.broken.len(),
        before / 1024,
        memory("VmRSS") / 1024
    );
}
