//! The shipped sample, case by case, as `samples/ssd/expected.json` tells them.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

use chrono::NaiveDate;
use interchange::{Extract, Level, Mapping, Told, read};
use serde_json::Value;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

fn files() -> BTreeMap<String, Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/ssd");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
        .collect()
}

fn json(name: &str) -> Value {
    let path = format!("{}/samples/ssd/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn extract() -> Extract {
    read(&files(), &Mapping::default(), NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()).unwrap()
}

/// Cases whose rows are valid as they stand or put right without a word.
const SILENT: [&str; 13] = ["S03", "S04", "S05", "S07", "S08", "S16", "S17", "S18", "S19", "S20", "S32", "S36", "S37"];
/// A confidential address is not read at all, so there is nothing to list.
const NOT_READ: [&str; 1] = ["S35"];

#[test]
fn every_marked_case_is_listed_and_no_clean_one_is_flagged() {
    let extract = extract();
    for (case, entry) in json("expected.json").as_object().unwrap() {
        if NOT_READ.contains(&case.as_str()) {
            continue;
        }
        let ids: Vec<&str> = entry["marks"].as_array().unwrap().iter().filter_map(|mark| mark["id"].as_str()).collect();
        let lines: Vec<(String, u64)> = entry["marks"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|mark| Some((mark["file"].as_str()?.to_owned(), mark["line"].as_u64()?)))
            .collect();
        let mut listed = extract.problems.iter().filter(|problem| {
            lines.contains(&(problem.file.clone(), problem.line))
                || ids.iter().any(|id| problem.value.contains(id) || problem.says.contains(id))
        });
        if SILENT.contains(&case.as_str()) {
            let flagged = listed.find(|problem| problem.level >= Level::Warn);
            assert!(flagged.is_none(), "{case} is clean but {flagged:?}");
        } else {
            assert!(listed.next().is_some(), "{case} ({}) is listed nowhere", entry["title"]);
        }
    }
}

#[test]
fn rows_in_are_rows_kept_plus_rows_listed() {
    let extract = extract();
    for (file, count) in &extract.counts {
        assert_eq!(count.rows, count.kept + count.repeated + count.left_out, "{file}");
        let listed = extract.problems.iter().filter(|problem| problem.file == *file && problem.line > 0);
        assert!(listed.count() >= count.left_out + count.repeated, "{file}");
    }
    assert_eq!(extract.counts["ssd_person.csv"].kept, 251);
    assert_eq!(extract.counts["ssd_person.csv"].repeated, 1);
}

#[test]
fn the_world_behind_the_data_is_found_again() {
    let extract = extract();
    let truth = json("truth.json");
    let people: BTreeMap<&str, _> = extract.people.iter().map(|person| (person.id.as_str(), person)).collect();
    for expected in truth["people"].as_array().unwrap() {
        let id = expected["id"].as_str().unwrap();
        assert_eq!(people[id].adult, Told::That(expected["adult"].as_bool().unwrap()), "{id}");
        let Some(name) = expected["name"].as_str() else { continue };
        // Shown as written, so one of a family may be composed and the next decomposed.
        let told = |told: &Told<String>| told.clone().told().unwrap();
        let shown = format!("{} {}", told(&people[id].forename), told(&people[id].surname));
        let shown: String = shown.nfc().collect();
        assert_eq!(shown, name.nfc().collect::<String>(), "{id}");
    }
    for expected in truth["workers"].as_array().unwrap() {
        let id = expected["id"].as_str().unwrap();
        let worker = extract.workers.iter().find(|worker| worker.id == id).unwrap();
        if id == "7033" {
            assert_eq!(
                worker.discipline,
                Told::That(String::new()),
                "an \"FS Adult Practitioner\" is asked, not guessed"
            );
        } else {
            let discipline = expected["discipline"].as_str().unwrap().to_owned();
            assert_eq!(worker.discipline, Told::That(discipline), "{id}");
        }
    }
}

#[test]
fn a_missing_file_is_listed_and_a_broken_one_stops_the_import() {
    let mut some = files();
    some.remove("ssd_cp_visits.csv");
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let extract = read(&some, &Mapping::default(), today).unwrap();
    assert!(
        extract.problems.iter().any(|problem| problem.file == "ssd_cp_visits.csv" && problem.says.contains("missing"))
    );
    some.insert("ssd_cp_visits.csv".to_owned(), b"\0\x01".to_vec());
    assert!(read(&some, &Mapping::default(), today).unwrap_err().to_string().starts_with("ssd_cp_visits.csv"));
    some.remove("ssd_person.csv");
    assert!(read(&some, &Mapping::default(), today).is_err());
}

#[test]
fn what_happened_to_children_and_what_they_need_is_read() {
    let extract = extract();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for event in &extract.events {
        *kinds.entry(event.kind.word()).or_default() += 1;
    }
    let expected = [
        ("assessment", 140),
        ("conference", 54),
        ("contact", 140),
        ("early_help", 13),
        ("enquiry", 54),
        ("legal_status", 6),
        ("missing", 7),
        // The decision, the letter and the first meeting of each.
        ("pre_proceedings", 15),
        ("referral", 140),
        ("review", 65),
    ];
    assert_eq!(kinds, BTreeMap::from(expected));
    let of = |id: &str| extract.events.iter().find(|event| event.id == id).unwrap().clone();
    assert_eq!(of("conference:690001").outcomes, Told::That(vec!["CP".to_owned()]));
    assert_eq!(of("enquiry:680001").outcomes, Told::That(vec!["CP_CONFERENCE".to_owned()]));
    let missing = of("missing:790001").outcomes;
    assert_eq!(missing, Told::That(vec!["INTERVIEW_OFFERED".to_owned(), "INTERVIEW_NOT_ACCEPTED".to_owned()]));
    let needs = |code: &str| extract.needs.iter().filter(|need| need.code == Told::That(code.to_owned())).count();
    assert_eq!((needs("AUT"), needs("SEND")), (3, 20));
}
