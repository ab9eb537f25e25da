//! One binary for everything that needs the whole server: store contract on both engines, rights, faults.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

mod absent;
mod accounts;
mod afterwards;
mod agenda;
mod archives;
mod backups;
mod contract;
mod copies;
mod delivery;
mod destruction;
mod dissent;
mod door;
mod factor;
mod features;
mod first_run;
mod forms;
mod hand_made;
mod happened;
mod hidden;
mod http;
mod import;
mod kill;
mod looked;
mod lost_receipt;
mod markup;
mod messages;
mod named;
mod neutral;
mod note;
mod notices;
mod one_press;
mod operation;
mod place;
mod record;
mod reopen;
mod retention;
mod rights;
mod roles;
mod secured;
mod seen;
mod serving;
mod simulation;
mod streams;
mod wall;
