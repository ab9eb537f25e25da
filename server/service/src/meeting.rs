//! Planning a meeting, looking at it, acting in it.

mod act;
pub mod attribution;
mod discussion;
mod named;
pub mod note;
pub(crate) mod pace;
mod page;
pub mod pen;
mod plan;
pub mod room;
mod stream;
mod timetable;

pub use act::Request;
pub use page::{AgendaLine, MeetingLine};
pub use plan::{DueFamily, NewMeeting, PlannedFamily};
pub(crate) use stream::FrameCache;
pub use stream::{SentFrame, Stream};
pub use timetable::Timetable;
