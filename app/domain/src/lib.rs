//! The rules of group case supervision.
//!
//! Pure: no I/O, no clock, no randomness; time and new ids are arguments. The same code runs on the
//! server and in the browser. [`meeting::Room`] is what one meeting's journal folds into,
//! [`family::Workbook`] what one family's does.

pub mod absence;
pub mod attribution;
pub mod calendar;
pub mod case_event;
pub mod case_note;
pub mod chapter;
pub mod dates;
pub mod direct_work;
pub mod document;
pub mod due;
pub mod factor;
pub mod family;
pub mod genogram;
pub mod id;
pub mod mark;
pub mod meeting;
pub mod message;
pub mod minutes;
pub mod need;
pub mod own_words;
pub mod page;
pub mod policy;
pub mod prose;
pub mod record;
pub mod retention;
pub mod safety_plan;
pub mod sign_in;
pub mod sign_on;
pub mod status;
pub mod template;
pub mod viewer;
pub mod wire;
pub mod wording;

pub use id::*;
