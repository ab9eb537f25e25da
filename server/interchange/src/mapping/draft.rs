//! The first draft of a mapping, for a person to correct.

use super::Mapping;
use crate::discipline::from_job_title;
use crate::found::FileKind;
use crate::ssd::columns::{Answer, TABLES, TableColumns};
use crate::ssd::{ROLE, file_names, role_code};
use crate::table::{DateStyle, Table, header};
use crate::value::{is_null, text};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// From so much likeness on two names are taken for one, of 1.
const ALIKE: f64 = 0.88;
/// A file is proposed as a table where so many of its columns are like the table's.
const COLUMNS_ALIKE: usize = 3;
/// Values of one column that are listed.
const LISTED: usize = 40;

/// Words that mean the same in names of columns; the dataset's first.
const SAME: [(&str, &str); 10] = [
    ("dob", "dateofbirth"),
    ("dob", "birthdate"),
    ("forename", "firstname"),
    ("forename", "givenname"),
    ("surname", "lastname"),
    ("surname", "familyname"),
    ("deathdate", "dateofdeath"),
    ("professional", "worker"),
    ("person", "child"),
    ("person", "client"),
];

/// Writes a mapping for a folder's files: what is likely as lines that count, what a person must say as lines to fill in.
#[must_use]
pub fn draft(files: &BTreeMap<String, Vec<u8>>) -> String {
    let tables = tables_of(files);
    let mut page = String::from(
        "# What this council calls its files, columns, values and jobs, where the dataset calls them otherwise.\n\
         # Correct what is wrong, fill in what is empty, and load with: caseround import ssd FOLDER --mapping THIS-FILE\n\
         # A line that begins with # does not count.\n",
    );
    page.push_str("\n[files]\n");
    for (table, file) in tables.iter().filter(|(table, file)| FileKind::of(file, &[], &[]) != FileKind::Ssd(table)) {
        if FileKind::of(file, &files[*file], &file_names()) == FileKind::Other {
            let _ = writeln!(page, "{} = {}", table, quoted(file));
        }
    }
    page.push_str("\n# The dataset's column on the left, the file's on the right.\n[columns]\n");
    let nothing = Mapping::default();
    let mut read: BTreeMap<&str, Table<'_>> = BTreeMap::new();
    for table in TABLES {
        let Some(file) = tables.get(table.name) else { continue };
        match Table::read(file, &files[*file], &[], &nothing) {
            Ok(of_file) => {
                columns(&mut page, table, &of_file);
                read.insert(table.name, of_file);
            }
            Err(error) => {
                let _ = writeln!(page, "# {error}");
            }
        }
    }
    values(&mut page, &read);
    page
}

/// Which file is which table: by its name, else by its columns.
fn tables_of(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&'static str, &String> {
    let names = file_names();
    let mut tables: BTreeMap<&'static str, &String> = BTreeMap::new();
    for (file, bytes) in files {
        if let FileKind::Ssd(name) = FileKind::of(file, bytes, &names) {
            tables.insert(name.trim_end_matches(".csv"), file);
        }
    }
    let nothing = Mapping::default();
    for (file, bytes) in files.iter().filter(|(file, bytes)| FileKind::of(file, bytes, &names) == FileKind::Other) {
        let Ok(of_file) = Table::read(file, bytes, &[], &nothing) else { continue };
        let alike = |table: &TableColumns| {
            table.columns.iter().filter(|(column, _)| best(column, of_file.column_names()).is_some()).count()
        };
        let free = TABLES.iter().filter(|table| !tables.contains_key(table.name));
        let likely = free.map(|table| (alike(table), table)).max_by_key(|(alike, _)| *alike);
        if let Some((alike, table)) = likely
            && alike >= COLUMNS_ALIKE
        {
            tables.insert(table.name, file);
        }
    }
    tables
}

/// The columns of a table that its file calls otherwise, or does not have.
fn columns(page: &mut String, table: &TableColumns, file: &Table<'_>) {
    let taken = table.columns.iter().filter(|(_, answer)| !matches!(answer, Answer::NotTaken(_)));
    let missing: Vec<&str> = taken.map(|(column, _)| *column).filter(|column| !file.has(column)).collect();
    if missing.is_empty() {
        return;
    }
    let of_table: BTreeSet<String> = table.columns.iter().map(|(column, _)| header(column)).collect();
    let mut others: Vec<&str> = file.column_names().filter(|name| !of_table.contains(&header(name))).collect();
    let _ = writeln!(page, "# {}, {}", table.name, file.file);
    for column in missing {
        match best(column, others.iter().copied()).map(str::to_owned) {
            Some(name) => {
                others.retain(|other| *other != name);
                let _ = writeln!(page, "{column} = {}", quoted(&name));
            }
            None => {
                let _ = writeln!(page, "# {column} = \"\"");
            }
        }
    }
    if !others.is_empty() {
        let _ = writeln!(page, "#   not used yet: {}", others.join(", "));
    }
}

/// What only somebody who knows the council can say: roles, jobs, dates.
fn values(page: &mut String, read: &BTreeMap<&str, Table<'_>>) {
    page.push_str(
        "\n# The dataset writes CW for a child's own social worker. Where one of these roles is that, fill in CW; how often each \
         is written stands behind it.\n[values.invo_professional_role_id]\n",
    );
    for (role, count) in counted(read.get("ssd_involvements"), ROLE) {
        if role_code(&role) != "CW" {
            let _ = writeln!(page, "# {} = \"\"   # {count}", quoted(&role));
        }
    }
    page.push_str("\n# Jobs that do not tell the discipline, with the number of workers.\n[disciplines]\n");
    for (title, count) in counted(read.get("ssd_professionals"), "prof_professional_job_title") {
        if from_job_title(&title).is_none() {
            let _ = writeln!(page, "# {} = \"\"   # {count}", quoted(&title));
        }
    }
    let _ = writeln!(page, "# There are: {}", crate::discipline::KEYS.join(", "));
    page.push_str("\n# Dates whose day and month cannot be told apart by themselves: \"day first\" or \"month first\".\n[dates]\n");
    for table in read.values() {
        let dates: Vec<&str> =
            table.column_names().filter(|name| header(name).contains("date") || header(name).contains("dob")).collect();
        for (column, style) in table.date_styles(&dates) {
            if style != DateStyle::DayFirst {
                let _ = writeln!(page, "# {} = \"month first\"", header(column));
            }
        }
    }
}

/// What is written in a column, and how often; the most frequent first.
fn counted(table: Option<&Table<'_>>, column: &str) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in table.into_iter().flat_map(Table::rows) {
        let cell = text(row.cell(column));
        if !is_null(&cell) {
            *counts.entry(cell).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    counts.truncate(LISTED);
    counts
}

/// The name that is most like a column's, where one is like it.
fn best<'n>(column: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let likeness = names.map(|name| (likeness(column, name), name));
    let best = likeness.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= ALIKE).then_some(best.1)
}

/// How alike a column's name and a header are, from 0 to 1.
fn likeness(column: &str, name: &str) -> f64 {
    let letters = |name: &str| {
        name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    // The dataset begins each name with four letters for its table.
    let short = letters(column.split_once('_').map_or(column, |(_, rest)| rest));
    let written = letters(name);
    let mut ways = vec![short.clone(), letters(column)];
    for (ours, theirs) in SAME {
        ways.push(short.replace(ours, theirs));
    }
    ways.iter().map(|way| strsim::jaro_winkler(way, &written)).fold(0.0, f64::max)
}

/// Text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
