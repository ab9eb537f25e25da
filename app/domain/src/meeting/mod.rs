//! One meeting: what its journal holds, what it folds into, who may do and see what.

pub mod analysis;
mod apply;
pub mod attendance;
pub mod command;
mod decide;
pub mod decision;
pub mod event;
pub mod practice;
pub mod refusal;
pub mod room;
pub mod slot;
pub mod step;
mod view;

pub use analysis::{Area, BoxText, Mark};
pub use attendance::Attendance;
pub use command::{Command, Context, Facts};
pub use decide::{checked_plan, decide};
pub use decision::{Decision, Position, Route, Stance, Wording};
pub use event::{Entry, Event, Plan, SlotPlan};
pub use practice::{Practice, Practised};
pub use refusal::Refusal;
pub use room::{Phase, Room};
pub use slot::{Member, Missing, Progress, Slot};
pub use step::{Owner, Step, StepDraft};
pub use view::{Fate, Seen, fate, may_read, project, view};
