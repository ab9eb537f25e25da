//! Extracts as they come: what is wrong with a cell or a row costs that cell or row, and nothing that is known.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

use chrono::NaiveDate;
use interchange::{Extract, Level, Mapping, Told, read, sample};
use std::collections::BTreeMap;

type Files = BTreeMap<String, Vec<u8>>;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn extract(files: &Files) -> Extract {
    let extract = read(files, &Mapping::default(), today()).unwrap_or_else(|error| panic!("{error}"));
    for (file, count) in &extract.counts {
        assert_eq!(count.rows, count.kept + count.repeated + count.left_out, "{file}");
        let listed = extract.problems.iter().filter(|problem| problem.file == *file && problem.line > 0).count();
        assert!(listed >= count.left_out + count.repeated, "{file}: no row is left out without a word");
    }
    extract
}

/// The sample with one file's text changed.
fn changed(file: &str, change: impl FnOnce(String) -> String) -> Files {
    let mut files = sample::files();
    let text = String::from_utf8(files[file].clone()).unwrap();
    files.insert(file.to_owned(), change(text).into_bytes());
    files
}

fn says(extract: &Extract, file: &str, line: u64, words: &str) -> bool {
    let at = |problem: &&interchange::Problem| problem.file == file && problem.line == line;
    extract.problems.iter().filter(at).any(|problem| problem.says.contains(words))
}

#[test]
fn one_bad_byte_cell_or_row_costs_itself_alone() {
    let whole = extract(&sample::files());
    for (byte, words) in [(0x0B_u8, "control character"), (0x1F, "control character"), (0x0C, "control character")] {
        // In a column that is read, and in one that nobody reads.
        for cell in ["Otterfold", "pers_upn"] {
            let files = changed("ssd_person.csv", |text| {
                text.replacen(cell, &format!("{}{}{}", &cell[..3], char::from(byte), &cell[3..]), 1)
            });
            let read = extract(&files);
            assert_eq!(read.people.len(), whole.people.len(), "{byte:x} in {cell}");
            if cell == "Otterfold" {
                assert!(read.problems.iter().any(|problem| problem.says.contains(words)), "{byte:x}");
            }
        }
    }
    let files = changed("ssd_person.csv", |text| {
        text.replacen("\r\n", ",one,cell,too,many,for,the,header\r\n", 5).replacen(
            ",one,cell,too,many,for,the,header\r\n",
            "\r\n",
            4,
        )
    });
    let read = extract(&files);
    assert!(says(&read, "ssd_person.csv", 5, "more cells than the header"), "{:?}", read.problems);
    assert_eq!(read.people.len(), whole.people.len() - 1);
    // JSON as SQL Server Management Studio writes it without text qualifiers.
    let files = changed("ssd_assessment_factors.csv", |text| {
        text.lines()
            .map(|line| format!("{}\n", line.replace("\"[", "[").replace("]\"", "]").replace("\"\"", "\"")))
            .collect()
    });
    assert_eq!(extract(&files).factors, whole.factors);
}

#[test]
fn the_whole_file_decides_on_its_encoding() {
    let mut files = sample::files();
    let person = &files["ssd_person.csv"];
    let at = person.windows(9).position(|window| window == b"Otterfold").unwrap();
    let odd = [&person[..at], b"Ott\xE9rfold", &person[at + 9..]].concat();
    files.insert("ssd_person.csv".to_owned(), odd);
    let (read, whole) = (extract(&files), extract(&sample::files()));
    let others = |extract: &Extract| {
        let told = extract.people.iter().map(|person| (person.id.clone(), person.surname.clone()));
        told.filter(|(_, surname)| !surname.clone().told().unwrap().ends_with("rfold")).collect::<Vec<_>>()
    };
    assert_eq!(others(&read), others(&whole), "every accented name is whole");
    assert!(read.people.iter().any(|person| person.surname == Told::That("Ottérfold".to_owned())));
    let listed = read.problems.iter().filter(|problem| problem.says.contains("not of the file’s encoding")).count();
    assert_eq!(listed, 1);
}

#[test]
fn dates_are_read_in_every_common_style_and_what_cannot_be_read_tells_nothing() {
    let whole = extract(&sample::files());
    let rewritten = |style: fn(NaiveDate) -> String| {
        changed("ssd_involvements.csv", |text| {
            let iso = |cell: &str| NaiveDate::parse_from_str(cell.split(' ').next()?, "%Y-%m-%d").ok();
            let cell = |cell: &str| iso(cell).map_or_else(|| cell.to_owned(), style);
            text.lines().map(|line| line.split(',').map(cell).collect::<Vec<_>>().join(",") + "\n").collect()
        })
    };
    for style in ["%b %e %Y 12:00AM", "%Y%m%d", "%d.%m.%Y", "%d %B %Y", "%d-%b-%Y", "%d/%m/%Y 00:00:00", "%m/%d/%Y"] {
        let files = match style {
            "%b %e %Y 12:00AM" => rewritten(|day| day.format("%b %e %Y 12:00AM").to_string()),
            "%Y%m%d" => rewritten(|day| day.format("%Y%m%d").to_string()),
            "%d.%m.%Y" => rewritten(|day| day.format("%d.%m.%Y").to_string()),
            "%d %B %Y" => rewritten(|day| day.format("%d %B %Y").to_string()),
            "%d-%b-%Y" => rewritten(|day| day.format("%d-%b-%Y").to_string()),
            "%m/%d/%Y" => rewritten(|day| day.format("%m/%d/%Y").to_string()),
            _ => rewritten(|day| day.format("%d/%m/%Y 00:00:00").to_string()),
        };
        let read = extract(&files);
        assert_eq!(read.allocations, whole.allocations, "{style}");
        let of_column = read.problems.iter().filter(|problem| problem.says.contains("month first")).count();
        assert_eq!(of_column, if style == "%m/%d/%Y" { 2 } else { 0 }, "{style}");
    }
    let read = extract(&rewritten(|day| format!("about {}", day.format("%Y"))));
    assert!(read.allocations.is_empty(), "without a start there is no allocation, and each is listed");
    let files = changed("ssd_person.csv", |text| {
        text.replacen("pers_dob", "pers_dob_of", 1).replacen("pers_sex", "pers_dob", 1)
    });
    let read = extract(&files);
    assert!(read.people.iter().all(|person| person.born.is_nothing() || person.born == Told::That(None)));
}

#[test]
fn a_date_that_stands_for_none_is_none() {
    let files = changed("ssd_person.csv", |text| text.replacen("2020-03-17", "1900-01-01", 1));
    let read = extract(&files);
    let child = read.people.iter().find(|person| person.id == "9000103").unwrap();
    assert_eq!((child.born, child.adult), (Told::That(None), Told::That(false)), "a child stays one");
    assert!(says(&read, "ssd_person.csv", 4, "stands for no date"));
}

#[test]
fn a_child_of_an_open_case_stays_one_at_eighteen() {
    let files = changed("ssd_person.csv", |text| text.replacen("2020-03-17", "2008-03-17", 1));
    let read = extract(&files);
    let child = read.people.iter().find(|person| person.id == "9000103").unwrap();
    assert_eq!(child.adult, Told::That(false));
}

#[test]
fn the_order_of_rows_and_files_and_a_second_header_change_nothing() {
    let sorted = |mut extract: Extract| {
        extract.people.sort_by(|one, other| one.id.cmp(&other.id));
        extract.memberships.sort_by(|one, other| (&one.family, &one.person).cmp(&(&other.family, &other.person)));
        extract.allocations.sort_by(|one, other| one.id.cmp(&other.id));
        extract.visits.sort_by(|one, other| one.id.cmp(&other.id));
        extract.plans.sort_by(|one, other| one.id.cmp(&other.id));
        let memberships: Vec<_> = extract.memberships.into_iter().map(|row| (row.family, row.person)).collect();
        (extract.people, memberships, extract.allocations, extract.visits, extract.plans, extract.factors)
    };
    // Of two rows that contradict each other the first stays.
    let without = |text: &str| text.lines().filter(|line| !line.contains(",9000248,")).collect::<Vec<_>>().join("\n");
    let prepared = |reverse: bool| -> Files {
        let lines = |text: &str| {
            let (header, rows) = text.split_once('\n').unwrap();
            let rows: Vec<&str> = if reverse { rows.lines().rev().collect() } else { rows.lines().collect() };
            let half = rows.len() / 2;
            let again = if reverse { header } else { "" };
            format!("{header}\n{}\n{again}\n{}\n", rows[..half].join("\n"), rows[half..].join("\n"))
        };
        let text =
            |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().trim_start_matches('\u{feff}').replace('\r', "");
        sample::files().into_iter().map(|(file, bytes)| (file, lines(&without(&text(&bytes))).into_bytes())).collect()
    };
    assert_eq!(sorted(extract(&prepared(true))), sorted(extract(&prepared(false))));
}

#[test]
fn what_contradicts_itself_is_listed() {
    let mothers = |row: &str| changed("ssd_mother.csv", |text| format!("{text}{row}\n"));
    let read = extract(&mothers("999001,9000101,9000101,"));
    assert!(read.problems.iter().any(|problem| problem.says.contains("their own mother")));
    let line = String::from_utf8(sample::files()["ssd_mother.csv"].clone()).unwrap().lines().nth(1).unwrap().to_owned();
    let cells: Vec<&str> = line.split(',').collect();
    let read = extract(&mothers(&format!("999002,{},{},", cells[2], cells[1])));
    assert!(read.problems.iter().any(|problem| problem.says.contains("own mother’s mother")), "{line}");
    let teams = changed("ssd_department.csv", |text| format!("{text}901,Team A,902,Team B\n902,Team B,901,Team A\n"));
    assert!(extract(&teams).problems.iter().any(|problem| problem.says.contains("own department above")));
    let cut = changed("ssd_cp_visits.csv", |text| {
        let end = text.trim_end().rfind(',').unwrap();
        text[..end].to_owned()
    });
    let read = extract(&cut);
    assert!(read.problems.iter().any(|problem| problem.says.contains("breaks off") && problem.level == Level::Reject));
}

#[test]
fn a_folder_of_something_else_says_what_it_holds() {
    let error = |files: &[(&str, &[u8])]| {
        let files: Files = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
        read(&files, &Mapping::default(), today()).unwrap_err().to_string()
    };
    let census: &[u8] = b"<Message><Header><Collection>CIN</Collection></Header></Message>";
    assert!(error(&[("cin.xml", census)]).contains("It holds cin.xml (a CIN census)"));
    assert!(error(&[]).contains("nothing that is known here"));
    let person = sample::files()["ssd_person.csv"].clone();
    assert!(error(&[("ssd_person.csv", &person), ("dbo.ssd_person.txt", &person)]).contains("the same table"));
    let whole = extract(&sample::files());
    let renamed: Files = sample::files()
        .into_iter()
        .map(|(name, bytes)| (format!("dbo.{}", name.replace(".csv", "_2026.txt")), bytes))
        .collect();
    assert_eq!(extract(&renamed).people, whole.people);
}

#[test]
fn files_without_a_person_are_read_through_what_they_refer_to_as_mosaics_are() {
    let without = |files: &Files, file: &str, column: &str| {
        let text = String::from_utf8(files[file].clone()).unwrap();
        let at = text.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
        let cut = |line: &str| {
            let cells = line.split(',').enumerate().filter(|(n, _)| *n != at).map(|(_, cell)| cell);
            cells.collect::<Vec<_>>().join(",") + "\n"
        };
        text.lines().map(cut).collect::<String>().into_bytes()
    };
    let whole = extract(&sample::files());
    let mut files = sample::files();
    for (file, column) in [
        ("ssd_involvements.csv", "invo_person_id"),
        ("ssd_cp_visits.csv", "cppv_person_id"),
        ("ssd_cin_visits.csv", "cinv_person_id"),
    ] {
        let cut = without(&files, file, column);
        files.insert(file.to_owned(), cut);
    }
    files.remove("ssd_family.csv");
    let read = extract(&files);
    // Without the column an adult's worker is read as working with the child whose referral it is: with the same family.
    let mut whose = (0, 0);
    for one in &read.allocations {
        let mut told = whole.allocations.iter().find(|told| told.id == one.id).unwrap().clone();
        whose = if told.person == one.person { (whose.0 + 1, whose.1) } else { (whose.0, whose.1 + 1) };
        told.person.clone_from(&one.person);
        assert_eq!(told, *one);
    }
    assert!(whose.0 > 200 && whose.1 > 0, "{whose:?}");
    let visits: Vec<_> = whole.visits.iter().filter(|visit| visit.id.starts_with("cp:")).cloned().collect();
    assert_eq!(read.visits, visits, "visits to children in need tell nobody");
    assert!(
        read.problems
            .iter()
            .any(|problem| problem.file == "ssd_cin_visits.csv" && problem.says.contains("whose its rows are"))
    );
}

#[test]
fn outcomes_that_cannot_be_read_tell_nothing_and_the_event_is_kept() {
    let files = changed("ssd_s47_enquiry.csv", |text| text.replacen("{\"\"NFA_FLAG", "{\"\"NFA_FLAG\"\" \"\"", 1));
    let read = extract(&files);
    let spoilt = read.events.iter().find(|event| event.id == "enquiry:680001").unwrap();
    assert!(says(&read, "ssd_s47_enquiry.csv", 2, "is no list of outcomes"));
    // The column beside it says that there was further action.
    assert_eq!((spoilt.starts.value().is_some(), &spoilt.outcomes), (true, &Told::That(Vec::new())));
    // Without it nothing is told.
    let files = changed("ssd_initial_cp_conference.csv", |text| {
        let header = text.lines().next().unwrap().to_owned();
        let unknown = header.replace("icpc_icpc_outcome_cp_flag", "x").replace("icpc_icpc_transfer_in", "y");
        text.replacen(&header, &unknown.replace("icpc_icpc_outcome_json", "z"), 1)
    });
    assert!(extract(&files).events.iter().any(|event| event.id == "conference:690001" && event.outcomes.is_nothing()));
}
