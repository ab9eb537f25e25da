//! One meeting: what its journal holds, what it folds into, who may do and see what.

pub mod analysis;
mod apply;
pub mod attendance;
pub mod command;
pub mod contingencies;
pub mod conversation;
mod decide;
pub mod decision;
pub mod event;
pub mod last_steps;
pub mod options;
pub mod refusal;
pub mod risk;
pub mod room;
pub mod scales;
pub mod slot;
pub mod step;
mod view;

pub use analysis::{Area, BoxText, Mark};
pub use attendance::Attendance;
pub use command::{AgendaChange, Command, Context, KnownStep, Surroundings};
pub use contingencies::{Contingency, ContingencyDraft};
pub use conversation::{Conversation, ConversationDraft, Process};
pub use decide::{checked_plan, decide};
pub use decision::{Decision, Position, Route, Stance, Wording};
pub use event::{Entry, Event, Plan, SlotPlan};
pub use last_steps::{Became, LastStep};
pub use options::{ConsideredOption, OptionDraft};
pub use refusal::Refusal;
pub use risk::Risk;
pub use room::{Phase, Room};
pub use scales::{Answer, ScaleAnswer, Scales, Spread};
pub use slot::{Member, Missing, Progress, Slot};
pub use step::{Owner, Step, StepDraft};
pub use view::{Seen, Visibility, may_read, project, view, visibility};
