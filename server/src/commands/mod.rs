//! Commands beside serving, one file each.

mod account;
mod audit;
mod backup;
mod doctor;
mod import;
mod migrate;
mod retention;
mod seal_key;
mod template;
mod unlock;
mod verify;
mod worker;

pub use account::account;
pub use audit::audit;
pub use backup::{backup, restore};
pub use doctor::doctor;
pub use import::import;
pub use migrate::{migrate, rebuild};
pub use retention::retention;
pub use seal_key::change_seal_key;
pub use template::template;
pub use unlock::unlock;
pub use verify::verify;
pub use worker::worker;
