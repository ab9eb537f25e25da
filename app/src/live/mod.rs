//! The browser's side of a meeting: one island, a function of the room it holds.
//!
//! Everything but prose is a form that posts; with scripts the same form is sent by the page and the
//! answer comes over the stream. Prose goes as batches of keystrokes from a [`pad`].

#![allow(missing_docs, reason = "the island macro makes a props struct without docs")]

mod analysis;
#[cfg(feature = "hydrate")]
mod announce;
mod attendance;
#[cfg(feature = "hydrate")]
mod browser;
mod controls;
mod decision;
mod form;
mod late;
#[cfg(feature = "hydrate")]
mod outbox;
#[cfg(feature = "hydrate")]
mod pad;
pub mod part;
#[cfg(feature = "hydrate")]
mod presence;
#[cfg(feature = "hydrate")]
mod request;
mod slot;
mod steps;
#[cfg(feature = "hydrate")]
mod stream;
mod strip;
#[cfg(feature = "hydrate")]
mod submit;
mod wall;

use chrono::{DateTime, Utc};
use domain::meeting::{Area, Room, Slot};
use domain::page::{FamilyCard, Here, MeetingPage, PenCard};
use domain::{SlotId, WorkerId, dates};
use leptos::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::collections::{BTreeMap, BTreeSet};

use crate::parts::form::Draft;

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

/// Somebody's words that the meeting could not take any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// Where the device keeps them.
    pub name: String,
    /// For which slot they can be filed as a late contribution; absent for a press, which cannot.
    pub slot: Option<SlotId>,
    /// The words.
    pub words: String,
    /// Why they were not taken.
    pub why: String,
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
    /// This worker may not see the meeting any more.
    Ended,
    /// The session has ended.
    SignedOut,
    /// The server is of another build: the page loads again by itself.
    Old,
    /// Somebody signs out and there is no connection to do so.
    Leaving,
}

/// The live page's state; copies share it.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// The room and what is told with it.
    pub page: RwSignal<MeetingPage>,
    /// The family looked at, where it is not the one being discussed.
    pub looking: RwSignal<Option<SlotId>>,
    /// The server's time, ticking.
    pub now: RwSignal<DateTime<Utc>>,
    /// Who is connected.
    pub here: RwSignal<Vec<Here>>,
    /// Who was connected earlier in this page's life.
    pub been: RwSignal<BTreeSet<WorkerId>>,
    /// The stream.
    pub line: RwSignal<Line>,
    /// Author ids of this page load.
    pub pens: RwSignal<Vec<PenCard>>,
    /// Boxes whose words are not durable yet, and those that just became so.
    pub saving: RwSignal<BTreeMap<(SlotId, Area), Saving>>,
    /// What was refused: the form's key and the message.
    pub refused: RwSignal<Option<(String, String)>>,
    /// Whether this device keeps what is not yet shared.
    pub keeping: RwSignal<Keeping>,
    /// Presses that wait for the connection.
    pub waiting: RwSignal<usize>,
    /// Words that the meeting could not take any more.
    pub late: RwSignal<Vec<Late>>,
    /// Whether somebody who is signing out is asked about words not yet shared.
    pub leaving: RwSignal<bool>,
    /// What is read out to screen readers.
    pub said: RwSignal<String>,
    /// A form refused without scripts.
    draft: StoredValue<Draft>,
}

impl Live {
    fn new(page: MeetingPage, looking: Option<SlotId>, draft: Option<Draft>) -> Self {
        let now = page.now;
        Self {
            page: RwSignal::new(page),
            looking: RwSignal::new(looking),
            now: RwSignal::new(now),
            here: RwSignal::new(Vec::new()),
            been: RwSignal::new(BTreeSet::new()),
            line: RwSignal::new(Line::Off),
            pens: RwSignal::new(Vec::new()),
            saving: RwSignal::new(BTreeMap::new()),
            refused: RwSignal::new(None),
            keeping: RwSignal::new(Keeping::Asking),
            waiting: RwSignal::new(0),
            late: RwSignal::new(Vec::new()),
            leaving: RwSignal::new(false),
            said: RwSignal::new(String::new()),
            draft: StoredValue::new(draft.unwrap_or_default()),
        }
    }

    /// Reads the room.
    pub fn room<T>(self, read: impl FnOnce(&Room) -> T) -> T {
        self.page.with(|page| read(&page.room))
    }

    /// Reads one slot; the default where it is gone.
    pub fn slot<T: Default>(self, id: SlotId, read: impl FnOnce(&Room, &Slot) -> T) -> T {
        self.page.with(|page| page.room.slot(id).map(|slot| read(&page.room, slot)).unwrap_or_default())
    }

    /// Reads a slot's family; the default where the viewer may not see it. Not tracked: a family changes
    /// only with a fresh view.
    pub fn family<T: Default>(self, id: SlotId, read: impl FnOnce(&FamilyCard) -> T) -> T {
        self.page
            .with_untracked(|page| {
                let family = page.room.slot(id).and_then(|slot| slot.family)?;
                page.families.get(&family).map(read)
            })
            .unwrap_or_default()
    }

    /// A worker's name.
    pub fn name(self, worker: WorkerId) -> String {
        self.page.with_untracked(|page| {
            page.names.get(&worker).map_or_else(|| "unknown worker".to_owned(), |named| named.name.clone())
        })
    }

    /// A worker's discipline in words.
    pub fn discipline(self, worker: WorkerId) -> String {
        self.page
            .with_untracked(|page| page.names.get(&worker).map(|named| named.discipline.clone()).unwrap_or_default())
    }

    /// Who is looking.
    pub fn me(self) -> WorkerId {
        self.page.with_untracked(|page| page.me)
    }

    /// Whether the viewer chairs.
    pub fn chairs(self) -> bool {
        self.page.with(|page| page.room.chair == page.me)
    }

    /// Whether the viewer chairs or takes the record.
    pub fn runs(self) -> bool {
        self.page.with(|page| page.room.runs(page.me))
    }

    /// Whether the viewer takes part in a family's discussion.
    pub fn takes_part(self, id: SlotId) -> bool {
        let me = self.me();
        let allocated = self.family(id, |family| family.allocated.iter().any(|who| who.worker == Some(me)));
        self.slot(id, |room, slot| room.takes_part(slot, me, allocated))
    }

    /// Whether the slot can still be written in.
    pub fn writable(self, id: SlotId) -> bool {
        self.takes_part(id)
            && self.slot(id, |room, slot| {
                !slot.progress.frozen() && !matches!(room.phase, domain::meeting::Phase::Closed { .. })
            })
    }

    /// The slot on the page: the one looked at, else the one discussed, else the first one may see.
    pub fn shown(self) -> Option<SlotId> {
        let looking = self.looking.get();
        self.room(|room| room.shown(looking))
    }

    /// What was typed into a form that was refused without scripts: only for the same act and subject.
    pub fn drafted(self, act: &str, subject: &str, field: &str) -> Option<String> {
        self.draft.with_value(|draft| {
            let same = |name: &str, value: &str| draft.fields.get(name).is_some_and(|known| known == value);
            let subjects = ["slot", "decision", "step", "area"];
            (same("act", act) && subjects.iter().any(|name| same(name, subject)))
                .then(|| draft.fields.get(field).cloned())
                .flatten()
        })
    }
}

/// What the page is rendered with. Only the server writes it down: the island's code asks for that in the
/// browser too, where it would cost as much as everything that sends.
#[derive(Debug, Clone)]
pub struct Rendered(pub MeetingPage);

impl Serialize for Rendered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[cfg(feature = "ssr")]
        return serializer.serialize_str(&domain::wire::write(&self.0));
        #[cfg(not(feature = "ssr"))]
        return serializer.serialize_unit();
    }
}

impl<'de> Deserialize<'de> for Rendered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        domain::wire::read(&text).map(Self).ok_or_else(|| D::Error::custom("a page of another version"))
    }
}

/// The live meeting.
#[island]
pub fn LiveMeeting(page: Rendered, looking: Option<SlotId>, draft: Option<Draft>) -> impl IntoView {
    let live = Live::new(page.0, looking, draft);
    provide_context(live);
    #[cfg(feature = "hydrate")]
    browser::start(live);
    let projector = live.page.with_untracked(|page| page.projector);
    if projector {
        return wall::wall(live).into_any();
    }
    view! {
        <div class="cr-meeting" class:cr-live=move || live.line.get() != Line::Off on:submit=move |event| submit(live, event)>
            <p class="govuk-visually-hidden" role="status" aria-live="polite">{move || live.said.get()}</p>
            {late::banners(live)}
            {late::late_words(live)}
            {strip::strip(live)}
            {controls::meeting_controls(live)}
            {slot::panel(live)}
        </div>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
fn submit(live: Live, event: leptos::ev::SubmitEvent) {
    submit::submit(live, &event);
}

#[cfg(not(feature = "hydrate"))]
fn submit(_live: Live, _event: leptos::ev::SubmitEvent) {}

/// People by name, each once. Inserted one by one: every kind of list that is sorted costs the browser a
/// kilobyte of sorting code of its own.
fn by_name(people: impl Iterator<Item = (String, WorkerId)>) -> Vec<(String, WorkerId)> {
    let mut named = BTreeSet::new();
    people.for_each(|person| {
        named.insert(person);
    });
    named.into_iter().collect()
}

/// One word for the whole page: the worst of its boxes.
fn save_word(live: Live) -> &'static str {
    let waiting = live.waiting.get() > 0;
    live.saving.with(|saving| {
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

/// "Tuesday 24 November 2026".
fn day(live: Live) -> String {
    live.room(|room| dates::long_date(room.held_on))
}
