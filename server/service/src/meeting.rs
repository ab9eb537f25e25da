//! Planning a meeting, looking at it, acting in it.

mod act;
mod page;
mod plan;

pub use act::Request;
pub use page::{MeetingLine, Stream};
pub use plan::{DueFamily, NewMeeting, PlannedFamily, Timetable};
