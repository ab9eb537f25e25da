//! Server functions: who asks, parse, call the service, answer. One file per noun.

#![allow(missing_docs, reason = "the server macro makes argument structs without docs")]

pub mod account;
pub mod act;
pub mod allocation;
pub mod family;
pub mod person;
pub mod plan;
pub mod prose;
pub mod step;
pub mod summary;
pub mod worker;
