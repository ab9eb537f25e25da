//! What a live page knows beside its subject; copies share it.

use chrono::{DateTime, Utc};
use domain::WorkerId;
use domain::page::PenCard;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

/// The state of one page.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// Whose page it is.
    pub me: WorkerId,
    /// The server's time, ticking.
    pub now: RwSignal<DateTime<Utc>>,
    /// The stream.
    pub line: RwSignal<Line>,
    /// Author ids of this page load.
    pub pens: RwSignal<Vec<PenCard>>,
    /// Boxes whose words are not durable yet, and those that just became so, by the words of their place.
    pub saving: RwSignal<BTreeMap<String, Saving>>,
    /// Forms that are not simply ready, by their keys.
    pub acts: RwSignal<BTreeMap<String, ActState>>,
    /// What was typed into forms and not sent, until they are on the page (again), by their keys.
    pub unsent: RwSignal<BTreeMap<String, Unsent>>,
    /// What was done last, with the way to undo it.
    pub notice: RwSignal<Option<Notice>>,
    /// Whether this device keeps what is not yet shared.
    pub keeping: RwSignal<Keeping>,
    /// Presses that wait for the connection.
    pub waiting: RwSignal<usize>,
    /// Words that were not taken any more.
    pub late: RwSignal<Vec<Late>>,
    /// Whether somebody who is signing out is asked about words not yet shared.
    pub leaving: RwSignal<bool>,
    /// What is read out to screen readers.
    pub said: RwSignal<String>,
}

impl State {
    /// The state of a page as it was rendered for `me` at `now`.
    #[must_use]
    pub fn new(me: WorkerId, now: DateTime<Utc>) -> Self {
        Self {
            me,
            now: RwSignal::new(now),
            line: RwSignal::new(Line::Off),
            pens: RwSignal::new(Vec::new()),
            saving: RwSignal::new(BTreeMap::new()),
            acts: RwSignal::new(BTreeMap::new()),
            unsent: RwSignal::new(BTreeMap::new()),
            notice: RwSignal::new(None),
            keeping: RwSignal::new(Keeping::Asking),
            waiting: RwSignal::new(0),
            late: RwSignal::new(Vec::new()),
            leaving: RwSignal::new(false),
            said: RwSignal::new(String::new()),
        }
    }

    /// One word for the whole page: the worst of its boxes. `others_wait` is whether something beside boxes and presses
    /// waits for the connection.
    #[must_use]
    pub fn save_word(self, others_wait: bool) -> &'static str {
        let waiting = self.waiting.get() > 0 || others_wait;
        if matches!(self.line.get(), Line::Off | Line::Ended | Line::SignedOut | Line::Leaving) {
            // Nothing on such a page is known to be saved.
            return "";
        }
        self.saving.with(|saving| {
            if saving.values().any(|saving| matches!(saving, Saving::NotSaved(_))) {
                "Not saved"
            } else if waiting || saving.values().any(|saving| *saving == Saving::Kept) {
                "Kept on this device, not yet shared"
            } else if saving.values().any(|saving| *saving == Saving::Saving) {
                "Saving"
            } else {
                "Saved"
            }
        })
    }
}

/// How far a box's words have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saving {
    /// Durable on the server.
    Saved,
    /// On their way.
    Saving,
    /// On this device, sent by itself when that is possible.
    Kept,
    /// In this page only, and why.
    NotSaved(String),
}

/// Whether this device keeps what is not yet shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Not yet known.
    Asking,
    /// It does.
    Yes,
    /// It can, and has not done so before: it may be a private window.
    FirstTime,
    /// It cannot.
    Never,
}

/// Somebody's words that were not taken any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// Where the device keeps them.
    pub name: String,
    /// The part of the subject that they can be filed for; absent where they cannot.
    pub part: Option<String>,
    /// The words.
    pub words: String,
    /// Why they were not taken.
    pub why: String,
}

/// The same words of the same box are one row of the page, whatever is said of why they were not taken.
impl Hash for Late {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, &self.words).hash(state);
    }
}

impl Late {
    /// The id of the field that holds such words.
    #[must_use]
    pub fn field(name: &str) -> String {
        format!("late-{name}")
    }
}

/// What the stream is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Scripts are not running yet.
    Off,
    /// Changes arrive.
    Open,
    /// They do not, for now.
    Lost,
    /// This worker may not see the subject any more.
    Ended,
    /// The session has ended.
    SignedOut,
    /// The server is of another build: the page loads again by itself.
    Old,
    /// Somebody signs out and there is no connection to do so.
    Leaving,
}

/// Something that was done, said once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// "Step removed."
    pub text: String,
    /// The act that brings back what was there, with its fields; absent where there is none.
    pub undo: Option<Fields>,
}

/// The fields of a form with their values.
pub type Fields = Vec<(String, String)>;

/// What a form is like that is not simply ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActState {
    /// Sent, and not answered yet.
    Busy,
    /// Kept on this device until the connection is back.
    Waiting,
    /// Refused; what was typed is still there.
    Refused {
        /// What is wrong, and the remedy.
        text: String,
        /// The field it is about; empty for the whole form.
        field: String,
    },
}

/// Before the key of a form: words that were typed into it earlier, while it holds others now.
pub const EARLIER: &str = "earlier ";

/// What was typed into a form and not sent, where the form has left the page or an earlier page had it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unsent {
    /// The form's act; empty for the running note.
    pub act: String,
    /// The part of the subject that it was about.
    pub part: Option<String>,
    /// The revision that a rewording was based on.
    pub base: Option<u32>,
    /// What its author wrote, for their eyes; nothing where they only chose.
    pub words: String,
    /// Whether an earlier page had it.
    pub brought_back: bool,
    /// Each field's name and text.
    pub fields: Fields,
}

/// What becomes of words not yet shared when their author signs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// They are sent first.
    Send,
    /// They stay on this device, encrypted.
    Keep,
    /// They go.
    Discard,
}
