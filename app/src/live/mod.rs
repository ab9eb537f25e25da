//! The browser's side of a meeting: what its page holds, its stream, its text boxes, and what is not yet shared. What people
//! look at is in [`crate::meeting`].

#[cfg(feature = "hydrate")]
pub mod announce;
#[cfg(feature = "hydrate")]
pub mod browser;
#[cfg(feature = "hydrate")]
mod discussion;
#[cfg(feature = "hydrate")]
mod follow;
#[cfg(feature = "hydrate")]
pub mod kept_press;
#[cfg(feature = "hydrate")]
pub mod outbox;
#[cfg(feature = "hydrate")]
pub mod pad;
#[cfg(feature = "hydrate")]
mod presence;
#[cfg(any(feature = "hydrate", test))]
pub mod presses;
#[cfg(feature = "hydrate")]
pub mod request;
#[cfg(feature = "hydrate")]
mod stream;
#[cfg(feature = "hydrate")]
pub mod unsent;

use chrono::{DateTime, NaiveDate, Utc};
use domain::meeting::{Area, Phase, Progress, Room, Slot};
use domain::page::{AgendaFamily, Beside, FamilyCard, Here, MeetingPage, PenCard};
use domain::{PersonId, SlotId, WorkerId, dates};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

use crate::meeting::act::{ActState, Fields};
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
    /// For which slot they can be filed as a late contribution; absent where they cannot.
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

/// Something that was done, said once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// "Step removed."
    pub text: String,
    /// The act that brings back what was there, with its fields; absent where there is none.
    pub undo: Option<Fields>,
}

/// Before the key of a form: words that were typed into it earlier, while it holds others now.
pub const EARLIER: &str = "earlier ";

/// What was typed into a form and not sent, where the form has left the page or an earlier page had it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unsent {
    /// The form's act; empty for the running note.
    pub act: String,
    /// The family it was about.
    pub slot: Option<SlotId>,
    /// The revision that a rewording was based on.
    pub base: Option<u32>,
    /// What its author wrote, for their eyes; nothing where they only chose.
    pub words: String,
    /// Whether an earlier page had it.
    pub brought_back: bool,
    /// Each field's name and text.
    pub fields: Vec<(String, String)>,
}

/// What is written into a running note and not noted yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noting {
    /// Lines on their way to the server in their order, each with its id.
    pub sending: Vec<(String, String)>,
    /// Whether they are being sent.
    pub busy: bool,
    /// What stands in the field.
    pub field: String,
}

impl Noting {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sending.is_empty() && self.field.trim().is_empty()
    }

    /// The lines on their way, for their writer's eyes.
    #[must_use]
    pub fn waiting(&self) -> String {
        self.sending.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join(" · ")
    }
}

/// Whether lines of a running note are on their way.
pub fn note_waits(live: Live) -> bool {
    live.noting.with(|all| all.values().any(|noting| !noting.sending.is_empty()))
}

/// What stands beside the scene.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// The workbook in short.
    #[default]
    Workbook,
    /// Last month's decisions.
    LastTime,
    /// The rest of the agenda.
    Agenda,
    /// The running note of whoever chairs or takes the record.
    Note,
}

/// What the page was asked to show by its address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    /// The family.
    pub slot: Option<SlotId>,
    /// The heading, from 0.
    pub heading: Option<usize>,
    /// The quiet view.
    pub quiet: bool,
}

impl Asked {
    /// The heading asked for; absent where the room is at it, since whoever asks for that follows the room.
    fn heading_beside(self, room: &Room) -> Option<usize> {
        let at = room.shown(self.slot).and_then(|slot| room.slot(slot)).map(|slot| &slot.progress);
        self.heading.filter(|heading| !matches!(at, Some(Progress::InDiscussion { stage, .. }) if stage == heading))
    }
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
    /// Forms that are not simply ready, by their keys.
    pub acts: RwSignal<BTreeMap<String, ActState>>,
    /// What was typed into forms and not sent, until they are on the page (again), by their keys.
    pub unsent: RwSignal<BTreeMap<String, Unsent>>,
    /// What was done last, with the way to undo it.
    pub notice: RwSignal<Option<Notice>>,
    /// The heading looked at, where it is not the one the room is at.
    pub heading: RwSignal<Option<usize>>,
    /// Whether a phone shows the way to other headings and families.
    pub around: RwSignal<bool>,
    /// What stands beside the scene.
    pub tab: RwSignal<Tab>,
    /// What is written into the running note of each family and not noted yet.
    pub noting: RwSignal<BTreeMap<SlotId, Noting>>,
    /// Whether the page shows one's own box, the heading and the time only.
    pub quiet: RwSignal<bool>,
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
    /// Whether what is looked at now was pressed, so that "Back" leads to what was looked at before.
    visited: StoredValue<bool>,
    /// A form refused without scripts.
    draft: StoredValue<Draft>,
}

impl Live {
    /// The state of a page as it was rendered.
    #[must_use]
    pub fn new(page: MeetingPage, asked: Asked, draft: Option<Draft>) -> Self {
        let now = page.now;
        let heading = asked.heading_beside(&page.room);
        Self {
            page: RwSignal::new(page),
            looking: RwSignal::new(asked.slot),
            now: RwSignal::new(now),
            here: RwSignal::new(Vec::new()),
            been: RwSignal::new(BTreeSet::new()),
            line: RwSignal::new(Line::Off),
            pens: RwSignal::new(Vec::new()),
            saving: RwSignal::new(BTreeMap::new()),
            acts: RwSignal::new(BTreeMap::new()),
            unsent: RwSignal::new(BTreeMap::new()),
            notice: RwSignal::new(None),
            heading: RwSignal::new(heading),
            around: RwSignal::new(false),
            tab: RwSignal::new(Tab::default()),
            noting: RwSignal::new(BTreeMap::new()),
            quiet: RwSignal::new(asked.quiet),
            keeping: RwSignal::new(Keeping::Asking),
            waiting: RwSignal::new(0),
            late: RwSignal::new(Vec::new()),
            leaving: RwSignal::new(false),
            said: RwSignal::new(String::new()),
            visited: StoredValue::new(false),
            draft: StoredValue::new(draft.unwrap_or_default()),
        }
    }

    /// Somebody goes to another place of the meeting by a press: it becomes a place that "Back" comes back from.
    pub fn visit(self) {
        self.visited.set_value(true);
    }

    /// Reads the room.
    pub fn room<T>(self, read: impl FnOnce(&Room) -> T) -> T {
        self.page.with(|page| read(&page.room))
    }

    /// Reads one slot; the default where it is gone.
    pub fn slot<T: Default>(self, id: SlotId, read: impl FnOnce(&Room, &Slot) -> T) -> T {
        self.page.with(|page| page.room.slot(id).map(|slot| read(&page.room, slot)).unwrap_or_default())
    }

    /// Reads a slot's family; the default where its discussion is not here whole. Not tracked: a family changes only with
    /// a fresh view.
    pub fn family<T: Default>(self, id: SlotId, read: impl FnOnce(&FamilyCard) -> T) -> T {
        self.page
            .with_untracked(|page| page.whole.get(&id).map(|whole| read(&whole.beside.family.card)))
            .unwrap_or_default()
    }

    /// Reads a slot's family as the agenda names it; the default where the viewer may not see it. Not tracked either.
    pub fn in_agenda<T: Default>(self, id: SlotId, read: impl FnOnce(&AgendaFamily) -> T) -> T {
        self.page
            .with_untracked(|page| {
                let family = page.room.slot(id).and_then(|slot| slot.family)?;
                page.agenda.get(&family).map(read)
            })
            .unwrap_or_default()
    }

    /// A family's reference; empty where the viewer may not see it.
    pub fn reference(self, id: SlotId) -> String {
        self.in_agenda(id, |family| family.reference.clone())
    }

    /// Something of one slot, that changes only when it does.
    pub fn memo<T: Default + PartialEq + Send + Sync + 'static>(
        self, id: SlotId, read: impl Fn(&Room, &Slot) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.slot(id, &read))
    }

    /// Reads what stands beside a slot; the default where it has not come yet.
    pub fn beside<T: Default>(self, id: SlotId, read: impl FnOnce(&Beside) -> T) -> T {
        self.page.with(|page| page.whole.get(&id).map(|whole| read(&whole.beside))).unwrap_or_default()
    }

    /// Whether a discussion is here whole.
    pub fn is_whole(self, id: SlotId) -> bool {
        self.page.with(|page| page.is_whole(id))
    }

    /// The heading the room is at, of the families whose discussion has begun.
    pub fn stage(self, id: SlotId) -> Option<usize> {
        self.slot(
            id,
            |_, slot| if let Progress::InDiscussion { stage, .. } = slot.progress { Some(stage) } else { None },
        )
    }

    /// Whether a family is being discussed in a meeting that is under way.
    pub fn discussed(self, id: SlotId) -> bool {
        self.slot(id, |room, slot| room.is_open() && slot.progress.in_discussion())
    }

    /// A child's first name.
    pub fn child(self, id: SlotId, child: PersonId) -> String {
        self.family(id, |family| family.child_name(child).to_owned())
    }

    /// First names of children, in the family's order, with commas between them.
    pub fn children(self, id: SlotId, children: impl IntoIterator<Item = PersonId>) -> String {
        self.family(id, |family| {
            let ordered = family.in_order(children);
            ordered.iter().map(|child| family.child_name(*child)).collect::<Vec<_>>().join(", ")
        })
    }

    /// Names in their order, with commas between them.
    pub fn names(self, workers: impl IntoIterator<Item = WorkerId>) -> String {
        let mut names = workers.into_iter().map(|worker| self.name(worker)).collect::<Vec<_>>();
        names.sort();
        names.join(", ")
    }

    /// These workers in the order of their names.
    pub fn by_name(self, workers: impl IntoIterator<Item = WorkerId>) -> Vec<WorkerId> {
        by_name(workers.into_iter().map(|worker| (self.name(worker), worker)))
            .into_iter()
            .map(|(_, worker)| worker)
            .collect()
    }

    /// These workers to choose from, in the order of their names; where two have the same, with their disciplines.
    pub fn to_choose(self, workers: impl IntoIterator<Item = WorkerId>) -> Vec<(String, WorkerId)> {
        let people = by_name(workers.into_iter().map(|worker| (self.name(worker), worker)));
        let same = |name: &str| people.iter().filter(|(known, _)| known == name).count() > 1;
        let in_words = |worker| self.page.with(|page| page.names.get(&worker).map(domain::record::Named::in_words));
        let told = |(name, worker): &(String, WorkerId)| {
            let named = if same(name) { in_words(*worker) } else { None };
            (named.unwrap_or_else(|| name.clone()), *worker)
        };
        people.iter().map(told).collect()
    }

    /// Today, in London.
    pub fn today(self) -> NaiveDate {
        self.page.with_untracked(|page| dates::london(page.now).date())
    }

    /// Whether somebody has said that they are away today.
    pub fn away_today(self, id: SlotId, worker: WorkerId) -> bool {
        let today = self.today();
        self.beside(id, |beside| beside.absences.until(worker, today).is_some())
    }

    /// Whether the viewer may remove what `by` wrote down: it is theirs, or they run the meeting.
    pub fn may_remove(self, by: WorkerId) -> bool {
        self.runs() || by == self.me()
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
        let allocated = self.in_agenda(id, |family| family.allocated.iter().any(|(worker, _)| *worker == Some(me)));
        self.slot(id, |room, slot| room.takes_part(slot, me, allocated))
    }

    /// Whether the slot can still be written in.
    pub fn writable(self, id: SlotId) -> bool {
        self.takes_part(id)
            && self.slot(id, |room, slot| !slot.progress.frozen() && !matches!(room.phase, Phase::Closed { .. }))
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

/// People by name, each once.
pub fn by_name(people: impl Iterator<Item = (String, WorkerId)>) -> Vec<(String, WorkerId)> {
    people.collect::<BTreeSet<_>>().into_iter().collect()
}

/// One word for the whole page: the worst of its boxes.
pub fn save_word(live: Live) -> &'static str {
    let waiting = live.waiting.get() > 0 || note_waits(live);
    if matches!(live.line.get(), Line::Off | Line::Ended | Line::SignedOut | Line::Leaving) {
        // Nothing on such a page is known to be saved.
        return "";
    }
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
