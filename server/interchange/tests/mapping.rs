//! A council's own names: mapped, its extract tells what the dataset's tells.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

use chrono::NaiveDate;
use interchange::{Extract, Mapping, mapping, read, sample};
use std::collections::BTreeMap;

type Files = BTreeMap<String, Vec<u8>>;

/// The sample as a council would export it that calls everything otherwise.
fn own_words() -> Files {
    let mut files = sample::files();
    let mut rename = |file: &str, to: &str, words: &[(&str, &str)]| {
        let mut text = String::from_utf8(files.remove(file).unwrap()).unwrap();
        for (from, to) in words {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        files.insert(to.to_owned(), text.into_bytes());
    };
    rename(
        "ssd_person.csv",
        "Children and Adults 20261120.csv",
        &[
            ("pers_person_id", "Person ID"),
            ("pers_forename", "First Name"),
            ("pers_surname", "Last Name"),
            ("pers_dob", "Date of Birth"),
            ("pers_death_date", "Date of Death"),
        ],
    );
    rename("ssd_involvements.csv", "dbo.ssd_involvements.txt", &[(",CW,", ",Allocated SW,")]);
    rename("ssd_department.csv", "ssd_department.csv", &[("dept_team_name", "Team")]);
    files
}

fn told(files: &Files, mapping: &Mapping) -> Extract {
    let mut extract = read(files, mapping, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()).unwrap();
    extract.counts.clear();
    extract.problems.clear();
    extract
}

const CORRECTED: &str = r#"
[files]
ssd_person = "Children and Adults 20261101.csv"

[columns]
pers_person_id = "Person ID"
pers_forename = "First Name"
pers_surname = "Last Name"
pers_dob = "Date of Birth"
pers_death_date = "Date of Death"
dept_team_name = "Team"

[values.invo_professional_role_id]
"Allocated SW" = "CW"
"#;

#[test]
fn a_mapped_extract_tells_what_the_datasets_tells() {
    let mapping = Mapping::parse(CORRECTED).unwrap();
    let whole = told(&sample::files(), &Mapping::default());
    assert_eq!(told(&own_words(), &mapping), whole);
    // The dataset's own names go on counting beside it.
    assert_eq!(told(&sample::files(), &Mapping::parse("").unwrap()), whole);
}

#[test]
fn without_a_mapping_it_is_said_what_is_missing_and_how_to_name_it() {
    let mut files = own_words();
    let persons = files.remove("Children and Adults 20261120.csv").unwrap();
    files.insert("ssd_person.csv".to_owned(), persons);
    files.insert("ssd_department.csv".to_owned(), sample::files()["ssd_department.csv"].clone());
    let error = read(&files, &Mapping::default(), NaiveDate::MIN).unwrap_err().to_string();
    assert!(error.contains("pers_person_id") && error.contains("import map"), "{error}");
}

#[test]
fn a_draft_finds_files_and_columns_and_asks_for_what_only_a_person_knows() {
    let draft = mapping::draft(&own_words());
    let mapping = Mapping::parse(&draft).unwrap_or_else(|error| panic!("{error}\n{draft}"));
    assert_eq!(mapping.files["ssd_person"], "Children and Adults 20261120.csv", "{draft}");
    for (column, name) in [
        ("pers_person_id", "Person ID"),
        ("pers_forename", "First Name"),
        ("pers_surname", "Last Name"),
        ("pers_dob", "Date of Birth"),
        ("pers_death_date", "Date of Death"),
    ] {
        assert_eq!(mapping.columns.get(column).map(String::as_str), Some(name), "{draft}");
    }
    assert!(draft.contains("# \"Allocated SW\" = \"\""), "{draft}");
    assert!(draft.contains("# \"FS Adult Practitioner\" = \"\""), "{draft}");
    // Filled in, it loads.
    let filled = draft.replace("# \"Allocated SW\" = \"\"", "\"Allocated SW\" = \"CW\"");
    let filled = filled.replace("# dept_team_name = \"\"", "dept_team_name = \"Team\"");
    assert_eq!(told(&own_words(), &Mapping::parse(&filled).unwrap()), told(&sample::files(), &Mapping::default()));
    // Of the dataset's own files there is nothing to say but jobs.
    let nothing = Mapping::parse(&mapping::draft(&sample::files())).unwrap();
    assert_eq!(nothing, Mapping { values: nothing.values.clone(), ..Mapping::default() });
}

#[test]
fn dates_are_read_as_the_council_says_where_they_do_not_tell() {
    let mut files = sample::files();
    let persons = "pers_person_id,pers_forename,pers_surname,pers_dob\n1,Ada,One,03/04/2015\n2,Ben,Two,05/06/2016\n";
    files.insert("ssd_person.csv".to_owned(), persons.as_bytes().to_vec());
    let born = |mapping: &str| told(&files, &Mapping::parse(mapping).unwrap()).people[0].born.value();
    assert_eq!(born(""), NaiveDate::from_ymd_opt(2015, 4, 3));
    assert_eq!(born("[dates]\npers_dob = \"month first\""), NaiveDate::from_ymd_opt(2015, 3, 4));
}
