//! The browser's side of a page that several people write on at once: its stream, its text boxes, its presses, and what is
//! not yet shared. It is written for any [`Subject`]: what a page holds and what people look at is the subject's own.

#[cfg(feature = "hydrate")]
pub mod announce;
#[cfg(feature = "hydrate")]
pub mod browser;
#[cfg(feature = "hydrate")]
pub mod kept_press;
#[cfg(feature = "hydrate")]
pub mod late;
#[cfg(feature = "hydrate")]
pub mod outbox;
#[cfg(feature = "hydrate")]
pub mod pad;
#[cfg(feature = "hydrate")]
mod pens;
#[cfg(feature = "hydrate")]
pub mod presence;
#[cfg(any(feature = "hydrate", test))]
pub mod presses;
#[cfg(feature = "hydrate")]
pub mod request;
mod state;
#[cfg(feature = "hydrate")]
pub mod stream;
#[cfg(feature = "hydrate")]
pub mod unsent;

pub use state::{ActState, EARLIER, Fields, Keeping, Late, Leave, Line, Notice, Saving, State, Unsent};

#[cfg(feature = "hydrate")]
use domain::{CommandId, WorkerId, prose::Prose};
#[cfg(feature = "hydrate")]
use std::fmt::Display;
#[cfg(feature = "hydrate")]
use std::str::FromStr;

/// What one page is about: a meeting, a family's workbook. The parts of this folder ask it for what they do not know.
#[cfg(feature = "hydrate")]
pub trait Subject: Copy + Send + Sync + 'static {
    /// Its kind in requests: "meeting" is asked for at "/api/meeting/…" and named so in forms.
    const KIND: &'static str;

    /// Where one of its text boxes is. Its words hold no space.
    type Place: Copy + Eq + Display + FromStr + Send + Sync + 'static;

    /// What is typed into one box, as it is sent.
    type Batch: serde::Serialize;

    /// What its page knows beside it.
    fn state(self) -> State;

    /// Its id.
    fn id(self) -> String;

    /// Where its page is: "/meetings/…".
    fn address(self) -> String;

    /// Which news are asked for, as the query of an address; all of them where the page was emptied.
    fn news_after(self, emptied: bool) -> String;

    /// Whether nobody writes on this page: it is a screen on the wall.
    fn is_screen(self) -> bool;

    /// Takes one piece of news; what cannot be read is left.
    fn receive(self, news: &str);

    /// The connection is back after it was lost.
    fn line_is_back(self);

    /// Takes everything off the page that only who may see it sees.
    fn empty(self);

    /// What the server has of a box.
    fn text(self, place: Self::Place) -> Prose;

    /// Whose box it is, where it is another worker's.
    fn written_for(self, place: Self::Place) -> Option<WorkerId>;

    /// Keystrokes as they are sent.
    fn batch(self, place: Self::Place, typed: Typed) -> Self::Batch;

    /// The fields that say in which box somebody writes.
    fn fields_of(place: Self::Place) -> Fields;

    /// The part of the subject that a box belongs to: what it does not take any more can be filed for that part.
    fn part_of(place: Self::Place) -> String;

    /// What a press that was not taken said in words, and the part that they can be filed for.
    fn not_taken(self, fields: &Fields) -> (String, Option<String>);

    /// Whether an act is meant for the moment in which it is pressed: later it is not sent by itself.
    fn is_of_the_moment(act: &str) -> bool;

    /// Whether something else than boxes and presses waits for the connection. Tracked.
    fn waits(self) -> bool;

    /// Puts what an earlier page had not sent where it belongs, if that is no form of the page; whether it did.
    fn bring_back(self, key: &str, unsent: &mut Unsent) -> bool;
}

/// A batch of keystrokes without its box.
#[cfg(feature = "hydrate")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Made by the browser; a retry carries the same.
    pub command: CommandId,
    /// Whose author id the update carries.
    pub pen: u64,
    /// Yjs update, v1.
    pub update: Vec<u8>,
}
