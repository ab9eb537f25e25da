//! The only crate that names sqlx: one SQL text on SQLite and PostgreSQL.
//!
//! Statements are constants beside their functions. "Not found" is `Ok(None)`.

#[macro_use]
mod engine;
#[macro_use]
mod row;
pub mod absence;
pub mod access;
pub mod account;
pub mod allocation;
pub mod backup;
pub mod case_event;
pub mod confidential;
pub mod delivery;
pub mod device;
pub mod draft;
mod error;
pub mod factor;
pub mod family;
pub mod identity;
pub mod import;
pub mod journal;
pub mod late;
pub mod meeting;
pub mod month;
pub mod note;
pub mod open;
pub mod opening;
pub mod outcome;
pub mod own_words;
pub mod person;
pub mod refusal;
pub mod retention;
pub mod role;
pub mod safety_plan;
pub mod schema;
pub mod seal;
pub mod session;
pub mod sign_in;
pub mod step;
pub mod worker;

pub use engine::{SqliteTx, Store, Tx};
pub use error::StoreError;
pub use open::{DatabaseHold, OpenMode};
pub use schema::Schema;
pub use uuid::Uuid;

/// A day before everything: "since" it is all there is. As text it sorts before every other.
pub const FIRST_DAY: chrono::NaiveDate =
    chrono::NaiveDate::from_ymd_opt(1, 1, 1).expect("the first day of the calendar");

/// The target under which each statement is logged, at the level "debug", with `rows_returned`.
pub const STATEMENTS_LOGGED: &str = "sqlx::query";
