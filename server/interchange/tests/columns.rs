//! Every column of the dataset has an answer, and reading does what the answer says.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

use chrono::NaiveDate;
use interchange::ssd::columns::{Answer, NOT_TAKEN, TABLES, as_markdown};
use interchange::{Extract, Mapping, read, sample};
use std::collections::BTreeMap;

type Files = BTreeMap<String, Vec<u8>>;

/// Columns that tell something only where another one is missing, with that one.
const INSTEAD_OF: [(&str, &str); 5] = [
    ("cont_contact_source_desc", "cont_contact_source_code"),
    ("cine_referral_source_desc", "cine_referral_source_code"),
    ("invo_referral_id", "invo_person_id"),
    ("cppv_cp_plan_id", "cppv_person_id"),
    ("cppr_cp_plan_id", "cppr_person_id"),
];

/// Tables to whose rows other tables refer.
const REFERRED_TO: [&str; 5] =
    ["ssd_person", "ssd_professionals", "ssd_cin_episodes", "ssd_cp_plans", "ssd_cin_assessments"];

/// What an extract tells, without how its rows were counted and what was noticed about them.
fn told(files: &Files) -> Result<Extract, String> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let mut extract = read(files, &Mapping::default(), today).map_err(|error| error.to_string())?;
    extract.counts.clear();
    extract.problems.clear();
    Ok(extract)
}

/// The sample with one column of a table changed in each row; `None` leaves the column out.
fn changed(files: &Files, table: &str, column: &str, cell: Option<&str>) -> Files {
    let mut files = files.clone();
    let name = format!("{table}.csv");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&files[&name][..]);
    let header = reader.byte_headers().unwrap().clone();
    let named = |name: &[u8]| String::from_utf8_lossy(name).trim_matches(['\u{feff}', ' ']) == column;
    let at = header.iter().position(named);
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let write = |out: &mut csv::Writer<Vec<u8>>, record: &csv::ByteRecord, new: Option<&[u8]>| {
        let cells = record.iter().enumerate().filter_map(|(place, old)| match new {
            _ if Some(place) != at => Some(old),
            Some(new) => Some(new),
            None => None,
        });
        out.write_record(cells.collect::<Vec<_>>()).unwrap();
    };
    write(&mut out, &header, cell.map(|_| column.as_bytes()));
    for record in reader.byte_records() {
        write(&mut out, &record.unwrap(), cell.map(str::as_bytes));
    }
    files.insert(name, out.into_inner().unwrap());
    files
}

/// A file's header and first rows.
fn first_rows(bytes: &[u8], rows: usize) -> Vec<u8> {
    bytes.split_inclusive(|byte| *byte == b'\n').take(rows + 1).collect::<Vec<_>>().concat()
}

#[test]
fn every_column_of_the_dataset_has_one_answer() {
    let mut reader = csv::Reader::from_reader(&include_bytes!("ssd_columns.csv")[..]);
    for row in reader.records() {
        let row = row.unwrap();
        let (table, column) = (&row[0], &row[1]);
        let answers = TABLES.iter().filter(|one| one.name == table).flat_map(|one| one.columns);
        let of_column = answers.filter(|(name, _)| *name == column).count();
        let of_table = NOT_TAKEN.iter().filter(|(name, _)| *name == table).count();
        assert_eq!(of_column + of_table, 1, "{table}.{column}");
    }
    for (file, bytes) in sample::files() {
        let Some(table) = file.strip_suffix(".csv") else { continue };
        let Some(taken) = TABLES.iter().find(|one| one.name == table) else {
            assert!(NOT_TAKEN.iter().any(|(name, _)| *name == table), "{table}");
            continue;
        };
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        for column in reader.headers().unwrap() {
            let column = column.trim_matches(['\u{feff}', ' ']);
            assert!(taken.columns.iter().any(|(name, _)| *name == column), "{table}.{column}");
        }
    }
}

#[test]
fn a_column_that_is_taken_tells_something_and_one_that_is_not_tells_nothing() {
    let files = sample::files();
    for table in TABLES.iter().filter(|table| files.contains_key(&format!("{}.csv", table.name))) {
        // Beside it only what its rows refer to: the rest costs time and tells nothing of it.
        let sample: Files = files
            .iter()
            .filter(|(file, _)| REFERRED_TO.iter().chain([&table.name]).any(|name| **file == format!("{name}.csv")))
            .map(|(file, bytes)| (file.clone(), first_rows(bytes, if file == "ssd_person.csv" { 300 } else { 40 })))
            .collect();
        let whole = told(&sample);
        for (column, answer) in table.columns {
            let other = INSTEAD_OF.iter().find(|(instead, _)| instead == column).map(|(_, of)| *of);
            // Where it stands in for another column, that one is left out.
            let (files, before) = match other {
                Some(of) => {
                    let files = changed(&sample, table.name, of, None);
                    let before = told(&files);
                    (files, before)
                }
                None => (sample.clone(), whole.clone()),
            };
            let is_taken = !matches!(answer, Answer::NotTaken(_));
            let tried = [Some(""), Some("2026-01-02"), None, Some("Y"), Some("N"), Some("{\"LOCAL_FLAG\": \"Y\"}")];
            let differs = tried[..if is_taken { tried.len() } else { 2 }]
                .iter()
                .any(|cell| told(&changed(&files, table.name, column, *cell)) != before);
            assert_eq!(differs, is_taken, "{}.{column}", table.name);
        }
    }
}

/// `WRITE_GOLDEN=yes` writes the page anew.
#[test]
fn the_page_about_imports_has_the_answers() {
    const MARK: &str = "<!-- made by server/interchange/tests/columns.rs -->\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/import.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (by_hand, made) = page.split_once(MARK).unwrap();
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        std::fs::write(path, format!("{by_hand}{MARK}{}", as_markdown())).unwrap();
    } else {
        assert_eq!(made, as_markdown());
    }
}
