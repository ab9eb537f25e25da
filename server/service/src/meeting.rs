//! Planning a meeting, looking at it, acting in it.

mod act;
mod page;
mod plan;
mod practice;
mod stream;
mod timetable;

pub use act::Request;
pub use page::MeetingLine;
pub use plan::{DueFamily, NewMeeting, PlannedFamily};
pub use practice::{Change, PracticePage, ToCome};
pub(crate) use stream::Shared;
pub use stream::{Stream, Told};
pub use timetable::Timetable;
