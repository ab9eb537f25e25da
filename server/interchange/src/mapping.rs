//! What a council calls its files, columns, values and jobs, where that is not what the dataset calls them.

mod draft;

use crate::ssd::columns::TABLES;
use serde::Deserialize;
use std::collections::BTreeMap;

pub use draft::draft;

/// A council's own words. Empty where it uses the dataset's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Which file is which table: "ssd_person" = "Persons.csv". A date at the end of the name may differ.
    pub files: BTreeMap<String, String>,
    /// What a column is called in the file: "pers_dob" = "Date of Birth".
    pub columns: BTreeMap<String, String>,
    /// For a column: what is written, and what the dataset writes for it.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// For a job title: the key of the discipline.
    pub disciplines: BTreeMap<String, String>,
    /// For a column of dates: how they are written, where the dates themselves do not tell.
    pub dates: BTreeMap<String, DateOrder>,
}

/// Which of two numbers of a date is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum DateOrder {
    /// 3/4/2026 is in April.
    #[serde(rename = "day first")]
    DayFirst,
    /// 3/4/2026 is in March.
    #[serde(rename = "month first")]
    MonthFirst,
}

impl Mapping {
    /// Reads a mapping from TOML.
    ///
    /// # Errors
    /// What cannot be read, with its line; a table or a column that the dataset has not, or of which nothing is taken; a
    /// discipline that is not known.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mapping: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if let Some(table) = mapping.files.keys().find(|table| TABLES.iter().all(|known| known.name != **table)) {
            return Err(format!("[files] {table}: no table of the dataset that is read."));
        }
        let taken = |column: &str| TABLES.iter().flat_map(|table| table.columns).any(|(name, _)| *name == column);
        let named = mapping.columns.keys().map(|column| ("columns", column));
        let named = named.chain(mapping.values.keys().map(|column| ("values", column)));
        for (part, column) in named.chain(mapping.dates.keys().map(|column| ("dates", column))) {
            if !taken(column) {
                return Err(format!("[{part}] {column}: no column of the dataset that is read."));
            }
        }
        if let Some((title, key)) =
            mapping.disciplines.iter().find(|(_, key)| !crate::discipline::KEYS.contains(&key.as_str()))
        {
            let known = crate::discipline::KEYS.join(", ");
            return Err(format!("[disciplines] {title}: “{key}” is no discipline. There are: {known}."));
        }
        Ok(mapping)
    }

    /// The table that a file is said to be.
    pub(crate) fn table_of(&self, file: &str) -> Option<&str> {
        let is = |name: &String| undated(name) == undated(file);
        self.files.iter().find(|(_, name)| is(name)).map(|(table, _)| table.as_str())
    }

    /// What a column is called in its file.
    pub(crate) fn column<'a>(&'a self, column: &'a str) -> &'a str {
        self.columns.get(column).map_or(column, String::as_str)
    }

    /// What the dataset writes for what a cell says; `None` where that is the same.
    pub(crate) fn value(&self, column: &str, cell: &str) -> Option<&str> {
        self.values.get(column)?.get(crate::value::trim(cell)).map(String::as_str)
    }
}

/// A file's name without its ending, case, and a date or number at its end.
fn undated(name: &str) -> String {
    let lower = name.to_lowercase();
    let stem = lower.rsplit_once('.').map_or(lower.as_str(), |(stem, _)| stem);
    stem.trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '_' | '-' | ' ')).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_dataset_does_not_have_is_refused_by_name() {
        let error = |text: &str| Mapping::parse(text).unwrap_err();
        assert!(error("[files]\nssd_people = \"x.csv\"").contains("ssd_people"));
        assert!(error("[columns]\npers_name = \"Name\"").contains("[columns] pers_name"));
        assert!(error("[dates]\npers_dob = \"whichever\"").contains("line 2"));
        assert!(error("[disciplines]\n\"Practitioner\" = \"wizard\"").contains("childrens_social_worker"));
        assert!(error("[unknown]\na = 1").contains("unknown"));
        assert!(Mapping::parse("").is_ok_and(|mapping| mapping == Mapping::default()));
    }

    #[test]
    fn a_file_is_found_again_tomorrow() {
        let mapping = Mapping::parse("[files]\nssd_person = \"Persons_20261120.csv\"").unwrap();
        assert_eq!(mapping.table_of("persons_20261121.CSV"), Some("ssd_person"));
        assert_eq!(mapping.table_of("persons_old.csv"), None);
    }
}
