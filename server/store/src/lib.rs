//! The only crate that names sqlx: one SQL text on SQLite and PostgreSQL.
//!
//! Statements are constants beside their functions. "Not found" is `Ok(None)`.

#[macro_use]
mod engine;
pub mod account;
pub mod allocation;
pub mod delivery;
pub mod device;
pub mod draft;
pub mod export;
pub mod family;
pub mod import;
pub mod journal;
pub mod late;
pub mod meeting;
pub mod outcome;
pub mod person;
pub mod practice;
pub mod retention;
pub mod seal;
pub mod step;
pub mod worker;

pub use engine::{Store, StoreError, Tx};
pub use uuid::Uuid;
