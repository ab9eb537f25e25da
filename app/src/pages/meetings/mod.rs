//! Meetings: the list, planning, the live page, minutes.

pub mod close;
pub mod guests;
pub mod history;
pub mod list;
pub mod live;
pub mod minutes;
pub mod month;
pub mod notes;
pub mod plan;
pub mod step_out;
mod tasks;
mod told;
