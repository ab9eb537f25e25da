//! What refreshes children who are known already: the CIN census and two lists of Ofsted's Annex A. Neither has names,
//! families, adults or workers, so nobody is added by them.
//!
//! Rules: a row is found by child, kind and day, since these files have no keys of the case system; an end that is not there
//! tells nothing, so nothing that has ended opens again.

mod annex_a;
mod census;

use crate::problem::{Level, Problem};
use crate::ssd::{Count, Extract, SsdEvent, SsdPlan};
use crate::table::TableError;
use crate::told::Told;
use chrono::NaiveDate;
use domain::status::{CaseEventKind, PlanKind};
use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::found::FileKind;

/// Says, of a folder that holds no extract, what of it can be loaded in another way.
pub(crate) fn hint(found: &BTreeMap<String, FileKind>) -> &'static str {
    if found.values().any(|kind| matches!(kind, FileKind::CinCensus | FileKind::Workbook)) {
        " A CIN census or an Annex A refreshes children who are known already: \"import refresh FILE\"."
    } else {
        ""
    }
}

/// Begins the key of a row that a refresh made: the case system has not told its own yet.
const MADE: char = '~';

/// The key of a row that has none of the case system.
fn made_key(kind: &str, person: &str, what: impl std::fmt::Display) -> String {
    format!("{kind}:{MADE}{person}-{what}")
}

/// Whether a refresh made a key.
#[must_use]
pub fn is_made(key: &str) -> bool {
    key.split_once(':').is_some_and(|(_, key)| key.starts_with(MADE))
}

/// How many ids of unknown children are listed.
const LISTED: usize = 50;

/// Reads a census or an Annex A. `known` are the ids of children who are known; `today` is the day of the import.
///
/// # Errors
/// Where the file is neither, or cannot be read; nothing is taken then.
pub fn read(name: &str, bytes: &[u8], known: &HashSet<String>, today: NaiveDate) -> Result<Extract, TableError> {
    let reading = Refreshing::new(name, known, today);
    let wrong = |why: String| TableError { file: name.to_owned(), why };
    match FileKind::of(name, bytes, &crate::ssd::file_names()) {
        FileKind::CinCensus => census::read(reading, bytes).map_err(wrong),
        FileKind::Workbook => annex_a::read(reading, bytes).map_err(wrong),
        other => Err(wrong(format!(
            "is {}. Point to a CIN census as XML or to an Annex A as .xlsx; an extract of the SSD is loaded with \"import ssd\".",
            other.in_words()
        ))),
    }
}

/// What is read of one file: its rows, and what somebody should know of.
struct Refreshing<'a> {
    file: &'a str,
    known: &'a HashSet<String>,
    unknown: BTreeSet<String>,
    today: NaiveDate,
    /// Where each line of a census ends, in bytes.
    line_ends: Vec<usize>,
    extract: Extract,
    count: Count,
}

impl<'a> Refreshing<'a> {
    fn new(file: &'a str, known: &'a HashSet<String>, today: NaiveDate) -> Self {
        let (extract, count) = (Extract::default(), Count::default());
        Self { file, known, unknown: BTreeSet::new(), today, line_ends: Vec::new(), extract, count }
    }

    /// Whether a row is of a child who is known; the others are listed together.
    fn is_known(&mut self, child: &str) -> bool {
        let is_known = self.known.contains(child);
        if is_known {
            self.count.kept += 1;
        } else {
            self.count.left_out += 1;
            self.unknown.insert(child.to_owned());
        }
        is_known
    }

    fn note(&mut self, level: Level, (line, column): (u64, &str), value: &str, says: &str) {
        self.extract.problems.push(Problem {
            level,
            file: self.file.to_owned(),
            line,
            column: column.to_owned(),
            value: value.to_owned(),
            says: says.to_owned(),
        });
    }

    /// A row that cannot be used: it is listed and counted.
    fn reject(&mut self, place: (u64, &str), value: &str, says: &str) {
        self.count.left_out += 1;
        self.note(Level::Reject, place, value, says);
    }

    /// Whether a day is one that can have been: later ones are listed and tell nothing.
    fn past(&mut self, day: Option<NaiveDate>, place: (u64, &str)) -> Option<NaiveDate> {
        let future = day.filter(|day| *day > self.today);
        if let Some(future) = future {
            self.note(Level::Warn, place, &future.to_string(), "is in the future; what was known before stays");
        }
        day.filter(|_| future.is_none())
    }

    /// Something that happened on a day; nothing without one.
    fn event(&mut self, person: &str, kind: CaseEventKind, day: Option<NaiveDate>) -> Option<&mut SsdEvent> {
        let day = day?;
        self.extract.events.push(SsdEvent {
            id: made_key(kind.word(), person, day),
            person: person.to_owned(),
            kind,
            starts: Told::That(Some(day)),
            ends: Told::Nothing,
            due: Told::Nothing,
            about: Told::Nothing,
            from: Told::Nothing,
            outcomes: Told::Nothing,
            ended: Told::Nothing,
        });
        self.extract.events.last_mut()
    }

    /// A plan that began on a day; nothing without one.
    fn plan(&mut self, person: &str, kind: PlanKind, [starts, ends]: [Option<NaiveDate>; 2], categories: Vec<String>) {
        let Some(starts) = starts else { return };
        self.extract.plans.push(SsdPlan {
            id: made_key(kind.word(), person, starts),
            person: person.to_owned(),
            kind,
            starts: Told::That(Some(starts)),
            ends: ends.map(Some).into(),
            categories: Some(categories).filter(|categories| !categories.is_empty()).into(),
        });
    }

    fn done(mut self) -> Extract {
        let unknown = std::mem::take(&mut self.unknown);
        if !unknown.is_empty() {
            let ids: Vec<&str> = unknown.iter().take(LISTED).map(String::as_str).collect();
            let more =
                if unknown.len() > LISTED { format!(" and {} more", unknown.len() - LISTED) } else { String::new() };
            let says = "of children who are not known here by these ids; what it says of them was left out. They come with an extract of the SSD, or by hand";
            self.note(Level::Review, (0, ""), &format!("{}{more}", ids.join(", ")), says);
        }
        self.extract.counts.insert(self.file.to_owned(), self.count);
        self.extract
    }
}

/// Words of categories of abuse, of their census codes or as written: "a) Neglect" is Neglect.
fn categories(words: &str) -> Vec<String> {
    let listed = words.split_once(") ").filter(|(letter, _)| letter.chars().count() == 1);
    crate::ssd::categories(listed.map_or(words, |(_, words)| words))
}
