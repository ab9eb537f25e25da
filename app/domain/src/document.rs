//! A document before it is printed: headings, paragraphs, lists and tables, in reading order. What stands in it is
//! decided where it is made ([`copy`]); printers only print.

mod attendance;
pub mod copy;
mod parts;
mod whole;

pub use attendance::{attendance_lines, handover_words};
pub use parts::{QUESTION, TAGS, heard_heading};
pub use whole::{of_family, of_minutes, of_record};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// "caseround.document/1".
    pub schema: String,
    /// Its title. No name of a person in it: titles end up in lists and windows.
    pub title: String,
    /// The council's name; may be empty.
    pub council: String,
    /// The day it is of: of the meeting, or of the signature.
    pub dated: Option<NaiveDate>,
    /// "DRAFT", or "Signed, version 1".
    pub status: String,
    /// The family's reference, or those of several; may be empty.
    pub reference: String,
    /// For whom this copy was made.
    pub made_for: String,
    /// What its reader should know first.
    pub notice: String,
    /// What it leaves out, in sentences.
    pub left_out: Vec<String>,
    /// Who chaired, who signed and the like, in sentences.
    pub facts: Vec<String>,
    /// Its sections, in reading order.
    pub sections: Vec<Section>,
    /// Small print at the end: hashes, receipts.
    pub colophon: Vec<String>,
}

impl Document {
    /// The schema's name.
    pub const SCHEMA: &'static str = "caseround.document/1";

    /// What stands at the top of every page: the family's reference, the day, whether it is signed, for whom it is.
    #[must_use]
    pub fn header(&self) -> String {
        let whom = if self.made_for.is_empty() { String::new() } else { format!("For {}", self.made_for) };
        let day = self.dated.map(crate::dates::plain_date).unwrap_or_default();
        let parts = [self.council.clone(), self.reference.clone(), day, self.status.clone(), whom];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// Whether it is a draft, which every page says.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.status == DRAFT
    }
}

/// The status of what is not signed.
pub const DRAFT: &str = "DRAFT";

/// A heading with what stands under it, up to the next heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// 2 and more; the title is 1, and no level is left out on the way down.
    pub level: u8,
    /// The heading.
    pub heading: String,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// One block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph; never markup.
    Text(String),
    /// A paragraph that matters most.
    Strong(String),
    /// A list; never markup.
    List(Vec<String>),
    /// Somebody's own words, as Markdown.
    Prose(String),
    /// A table.
    Table {
        /// What it shows, for those who do not see it.
        caption: String,
        /// The head of each column.
        headings: Vec<String>,
        /// Rows of as many cells.
        rows: Vec<Vec<String>>,
    },
}
