//! What the files of a folder are: tables of the SSD under any of the names that councils give them, or something else.

use std::collections::BTreeMap;
use std::fmt::Write;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A table of the SSD, by the name that the dataset gives its file.
    Ssd(&'static str),
    /// The CIN census as XML.
    CinCensus,
    /// A workbook, as Ofsted's Annex A is one.
    Workbook,
    /// The body of the DfE's API for children's social care.
    DfeApi,
    /// A table of the SSDA903 return.
    Ssda903,
    /// Anything else.
    Other,
}

impl FileKind {
    /// "a CIN census".
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Ssd(name) => name,
            Self::CinCensus => "a CIN census",
            Self::Workbook => "an Excel workbook, perhaps Annex A",
            Self::DfeApi => "data for the DfE’s API",
            Self::Ssda903 => "a table of the SSDA903 return",
            Self::Other => "not known",
        }
    }

    /// What a file is, by its name and, where that does not tell, by how it begins. `tables`: the tables of the SSD that are
    /// looked for, as "ssd_person.csv".
    #[must_use]
    pub fn of(name: &str, bytes: &[u8], tables: &[&'static str]) -> Self {
        if let Some(table) = table_of(name, tables) {
            return Self::Ssd(table);
        }
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]);
        let begins = head.trim_start_matches('\u{feff}').trim_start();
        let header = begins.lines().next().unwrap_or_default().to_uppercase();
        match () {
            () if bytes.starts_with(b"PK\x03\x04") && name.to_lowercase().ends_with(".xlsx") => Self::Workbook,
            () if begins.starts_with('<') && head.contains("<Collection>CIN") => Self::CinCensus,
            () if begins.starts_with(['{', '[']) && head.contains("la_child_id") => Self::DfeApi,
            () if header.starts_with("CHILD,") || header.starts_with("\"CHILD\",") => Self::Ssda903,
            () => Self::Other,
        }
    }
}

/// The table whose name a file's name holds: "dbo.ssd_person.txt", "SSD_PERSON_20261120.csv", "ssd_person.csv".
fn table_of(name: &str, tables: &[&'static str]) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let (stem, extension) = lower.rsplit_once('.')?;
    if !["csv", "txt", "tsv", "dat"].contains(&extension) {
        return None;
    }
    let stem = &stem[stem.find("ssd_")?..];
    let stem = stem.trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '_' | '-'));
    tables.iter().copied().find(|table| table.strip_suffix(".csv") == Some(stem))
}

/// What a folder holds that is no extract, in words for whoever pointed to it.
#[must_use]
pub fn in_words(found: &BTreeMap<String, FileKind>) -> String {
    let mut words = String::new();
    for (name, kind) in found.iter().filter(|(_, kind)| **kind != FileKind::Other) {
        let comma = if words.is_empty() { "" } else { ", " };
        let _ = write!(words, "{comma}{name} ({})", kind.in_words());
    }
    if words.is_empty() { "nothing that is known here".to_owned() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: [&str; 2] = ["ssd_person.csv", "ssd_cin_plans.csv"];

    #[test]
    fn a_table_is_known_by_every_name_that_councils_give_it() {
        for name in [
            "ssd_person.csv",
            "dbo.ssd_person.csv",
            "SSD_Person.TXT",
            "dbo.ssd_person_20261120.csv",
            "export ssd_person-3.tsv",
        ] {
            assert_eq!(FileKind::of(name, b"", &TABLES), FileKind::Ssd("ssd_person.csv"), "{name}");
        }
        for name in ["ssd_persons.csv", "ssd_person.xml", "person.csv", "ssd_person", "ssd_cin_plans_old.csv"] {
            assert_eq!(FileKind::of(name, b"", &TABLES), FileKind::Other, "{name}");
        }
    }

    #[test]
    fn what_is_no_extract_is_named() {
        for (name, bytes, kind) in [
            (
                "cin.xml",
                "<Message><Header><CollectionDetails><Collection>CIN</Collection>".as_bytes(),
                FileKind::CinCensus,
            ),
            ("lists.xlsx", b"PK\x03\x04rest", FileKind::Workbook),
            ("body.json", b" [{\"la_child_id\": \"1\"}]", FileKind::DfeApi),
            ("episodes.csv", b"CHILD,DECOM,RNE\n1,2,3\n", FileKind::Ssda903),
            ("notes.txt", b"hello", FileKind::Other),
        ] {
            assert_eq!(FileKind::of(name, bytes, &TABLES), kind, "{name}");
        }
        let found =
            BTreeMap::from([("cin.xml".to_owned(), FileKind::CinCensus), ("notes.txt".to_owned(), FileKind::Other)]);
        assert_eq!(in_words(&found), "cin.xml (a CIN census)");
    }
}
