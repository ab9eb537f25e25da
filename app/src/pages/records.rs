//! Records: what waits for a signature, one child's record, its versions, copies for somebody.

pub mod copy;
mod dissent;
mod fix;
pub mod list;
pub mod parts;
pub mod show;
pub mod sign;
pub mod version;
