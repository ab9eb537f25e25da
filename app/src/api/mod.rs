//! Server functions: who asks, parse, call the service, answer. One file per noun.

#![allow(missing_docs, reason = "the server macro makes argument structs without docs")]

/// The header by which a live page says whose page it is.
pub const WORKER: &str = "x-caseround-worker";

pub mod account;
pub mod act;
pub mod allocation;
pub mod case_note;
pub mod chapter;
pub mod confidential;
pub mod device;
pub mod direct_work;
pub mod factor;
pub mod family;
pub mod genogram;
pub mod guest;
pub mod here;
pub mod late;
pub mod lock;
pub mod message;
pub mod note;
pub mod opening;
pub mod own_words;
pub mod person;
pub mod plan;
pub mod prose;
pub mod record;
pub mod retention;
pub mod role;
pub mod safety_plan;
pub mod search;
pub mod sign_on;
pub mod step;

pub mod worker;
