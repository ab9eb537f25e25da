//! Planning a meeting, looking at it, acting in it.

mod act;
mod discussion;
mod page;
mod plan;
mod stream;
mod timetable;

pub use act::Request;
pub use discussion::{DiscussionPage, ToCome};
pub use page::MeetingLine;
pub use plan::{DueFamily, NewMeeting, PlannedFamily};
pub(crate) use stream::Shared;
pub use stream::{Stream, Told};
pub use timetable::Timetable;
