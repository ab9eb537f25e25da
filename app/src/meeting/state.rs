//! What a meeting's page holds: the room, what is looked at, and what is written beside it. What every live page has is in
//! [`crate::live`].

use chrono::NaiveDate;
use domain::meeting::{Phase, Progress, Removable, Room, Slot};
use domain::page::{AgendaFamily, Beside, FamilyCard, Here, MeetingPage};
use domain::{DecisionId, PersonId, SlotId, WorkerId, dates};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

use super::place::Place;
use crate::live::{Saving, State};
use crate::parts::form::Draft;

/// The page of a meeting; copies share it.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// What every live page has.
    pub state: State,
    /// The room and what comes with it.
    pub page: RwSignal<MeetingPage>,
    /// The family looked at, where it is not the one being discussed.
    pub looking: RwSignal<Option<SlotId>>,
    /// Who is connected.
    pub here: RwSignal<Vec<Here>>,
    /// Who was connected earlier in this page's life.
    pub been: RwSignal<BTreeSet<WorkerId>>,
    /// The heading looked at, where it is not the one the room is at.
    pub heading: RwSignal<Option<usize>>,
    /// Whether a phone shows the way to other headings and families.
    pub around: RwSignal<bool>,
    /// The row of a list whose form was opened.
    pub row: RwSignal<Option<String>>,
    /// The decision that one is in, which stays open whatever comes next.
    pub decision: RwSignal<Option<DecisionId>>,
    /// What stands beside the scene.
    pub tab: RwSignal<Tab>,
    /// Whether a phone shows it.
    pub beside_open: RwSignal<bool>,
    /// What is written into the running note of each family and not noted yet.
    pub noting: RwSignal<BTreeMap<SlotId, Noting>>,
    /// Whether the page shows one's own box, the heading and the time only.
    pub quiet: RwSignal<bool>,
    /// Whether what is looked at now was pressed, so that "Back" leads to what was looked at before.
    visited: StoredValue<bool>,
    /// Whether the field one is in is put back to its place when the next frame is drawn.
    pub keeps_place: StoredValue<bool>,
    /// A form refused without scripts.
    draft: StoredValue<Draft>,
}

impl Live {
    /// The state of a page as it was rendered.
    #[must_use]
    pub fn new(page: MeetingPage, asked: Asked, draft: Option<Draft>) -> Self {
        let state = State::new(page.me, page.now);
        let heading = asked.heading_beside(&page.room);
        let Asked { slot, quiet, row, .. } = asked;
        Self {
            state,
            page: RwSignal::new(page),
            looking: RwSignal::new(slot),
            here: RwSignal::new(Vec::new()),
            been: RwSignal::new(BTreeSet::new()),
            heading: RwSignal::new(heading),
            around: RwSignal::new(false),
            row: RwSignal::new(row),
            decision: RwSignal::new(None),
            tab: RwSignal::new(Tab::default()),
            beside_open: RwSignal::new(false),
            noting: RwSignal::new(BTreeMap::new()),
            quiet: RwSignal::new(quiet),
            visited: StoredValue::new(false),
            keeps_place: StoredValue::new(false),
            draft: StoredValue::new(draft.unwrap_or_default()),
        }
    }

    /// Somebody goes to another place of the meeting by a press: it becomes a place that "Back" comes back from.
    pub fn visit(self) {
        self.visited.set_value(true);
    }

    /// Whether somebody went there by a press, once.
    pub fn visited(self) -> bool {
        self.visited.try_update_value(std::mem::take).unwrap_or_default()
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

    /// The heading a discussion is at, or was left at while the room is at another family.
    pub fn stage(self, id: SlotId) -> Option<usize> {
        self.slot(id, |_, slot| slot.progress.stage())
    }

    /// The heading the room is at, where it is at this family.
    pub fn room_at(self, id: SlotId) -> Option<usize> {
        self.slot(id, |room, slot| slot.progress.stage().filter(|_| room.current == Some(id)))
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
        self.by_name(workers).into_iter().map(|worker| self.name(worker)).collect::<Vec<_>>().join(", ")
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
        let same = |name: &str| people.iter().filter(|(other, _)| other == name).count() > 1;
        let in_words = |worker| self.page.with(|page| page.names.get(&worker).map(domain::record::Named::in_words));
        let choice = |(name, worker): &(String, WorkerId)| {
            let named = if same(name) { in_words(*worker) } else { None };
            (named.unwrap_or_else(|| name.clone()), *worker)
        };
        people.iter().map(choice).collect()
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

    /// Whether the viewer may take a part off the table.
    pub fn may_remove(self, id: SlotId, part: Removable) -> bool {
        let me = self.me();
        self.slot(id, |room, slot| room.may_remove(slot, part, me))
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
        self.state.me
    }

    /// How far the words of one box have come; absent where nothing was typed.
    pub fn saving(self, place: Place) -> Option<Saving> {
        self.state.saving.with(|saving| saving.get(&place.to_string()).cloned())
    }

    /// One word for the whole page: how far what was typed and pressed has come.
    pub fn save_word(self) -> &'static str {
        self.state.save_word(note_waits(self))
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
            let same = |name: &str, value: &str| draft.fields.get(name).is_some_and(|typed| typed == value);
            let subjects = ["slot", "decision", "step", "area"];
            (same("act", act) && subjects.iter().any(|name| same(name, subject)))
                .then(|| draft.fields.get(field).cloned())
                .flatten()
        })
    }
}

/// People by name, each once.
pub fn by_name(people: impl Iterator<Item = (String, WorkerId)>) -> Vec<(String, WorkerId)> {
    let mut ordered = BTreeSet::new();
    // Collected, a set brings the code of a sort of its own: 1 KB for each type in the browser.
    for person in people {
        ordered.insert(person);
    }
    ordered.into_iter().collect()
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
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    /// The family.
    pub slot: Option<SlotId>,
    /// The heading, from 0.
    pub heading: Option<usize>,
    /// The quiet view.
    pub quiet: bool,
    /// The row of a list whose form is open.
    pub row: Option<String>,
}

impl Asked {
    /// The heading asked for; absent where the room is at it, since whoever asks for that follows the room.
    pub fn heading_beside(&self, room: &Room) -> Option<usize> {
        let at = room.shown(self.slot).and_then(|slot| room.slot(slot)).map(|slot| &slot.progress);
        self.heading.filter(|heading| !matches!(at, Some(Progress::InDiscussion { stage, .. }) if stage == heading))
    }
}
