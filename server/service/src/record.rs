//! Records after the meeting: signing, sealing, giving out, delivering, and how long they are held.

pub mod archive;
pub mod copy;
pub mod delivery;
pub mod minutes;
pub mod retention;
pub mod sign;
