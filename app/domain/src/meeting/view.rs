//! Who sees what. The law, tested at every sequence for every viewer: folding the projected events
//! gives the viewer's view of the folded room.

use super::{BoxText, Entry, Event, Room, Slot};
use crate::server_only::ServerOnly;
use crate::viewer::Viewer;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a viewer's stream carries for one event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The event, to be applied.
    Entry {
        /// The journal's line.
        entry: Entry<Event>,
    },
    /// What may be seen has changed: a fresh view follows.
    Reset,
}

/// The room as this viewer may see it.
#[must_use]
pub fn view(room: &Room, viewer: &Viewer) -> Room {
    let slots = room
        .slots
        .iter()
        .map(|slot| if room.reads(viewer, slot) { readable(slot, viewer) } else { closed(slot, viewer) })
        .collect();
    Room { slots, ..room.clone() }
}

/// What becomes of one event on its way to a viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is told as it is.
    Passes,
    /// It is not told.
    Held,
    /// What may be seen changes by it: a fresh view follows.
    Resets,
    /// It is not told, and what the page shows as HTML of the practice is asked for anew.
    Nudges,
}

/// What this viewer hears of one event. `room` is the room with the event already applied.
#[must_use]
pub fn project(entry: &Entry<Event>, room: &Room, viewer: &Viewer) -> Option<Seen> {
    match fate(entry, room, viewer) {
        Fate::Passes => Some(Seen::Entry { entry: entry.clone() }),
        Fate::Held | Fate::Nudges => None,
        Fate::Resets => Some(Seen::Reset),
    }
}

/// What becomes of one event for this viewer. `room` is the room with the event already applied.
#[must_use]
pub fn fate(entry: &Entry<Event>, room: &Room, viewer: &Viewer) -> Fate {
    let reads = |slot: &crate::SlotId| room.slot(*slot).filter(|slot| room.reads(viewer, slot));
    match &entry.event {
        Event::Planned { .. }
        | Event::Replanned { .. }
        | Event::ChairChanged { .. }
        | Event::RecordTakerChanged { .. } => Fate::Resets,
        Event::Opened => Fate::Passes,
        // These move what stands on the wall.
        Event::Closed | Event::Finished { .. } | Event::Adjourned { .. } if viewer.projector => Fate::Resets,
        Event::Closed | Event::Finished { .. } | Event::Adjourned { .. } => Fate::Passes,
        Event::Paused { .. } | Event::Resumed { .. } | Event::StageReached { .. } => Fate::Passes,
        Event::Started { slot, .. } if viewer.projector || reads(slot).is_none() => Fate::Resets,
        Event::Started { .. } => Fate::Passes,
        // A page is told the names of those it shows; these bring people it may not know yet.
        Event::StoodOut { worker, .. } if *worker == viewer.worker => Fate::Resets,
        Event::BroughtIn { slot, .. }
        | Event::Marked { slot, .. }
        | Event::Sealed { slot, .. }
        | Event::Revealed { slot } => reads(slot).map_or(Fate::Held, |_| Fate::Resets),
        Event::Typed { slot, area, .. } => {
            let text = reads(slot).and_then(|slot| slot.boxes.get(area));
            if text.is_some_and(|text| shown(text, *area, viewer)) { Fate::Passes } else { Fate::Held }
        }
        Event::ReadIn { slot, .. } => reads(slot).map_or(Fate::Held, |_| Fate::Resets),
        Event::Practised { slot, .. } => reads(slot).map_or(Fate::Held, |_| Fate::Nudges),
        Event::Attended { slot, .. }
        | Event::StoodOut { slot, .. }
        | Event::Worded { slot, .. }
        | Event::Split { slot, .. }
        | Event::Joined { slot, .. }
        | Event::Stood { slot, .. }
        | Event::Confirmed { slot, .. }
        | Event::StepAdded { slot, .. }
        | Event::StepChanged { slot, .. }
        | Event::StepRemoved { slot, .. } => reads(slot).map_or(Fate::Held, |_| Fate::Passes),
    }
}

/// Whether this viewer may read a box, and so may know that somebody writes in it.
#[must_use]
pub fn may_read(room: &Room, slot: crate::SlotId, area: super::Area, viewer: &Viewer) -> bool {
    let slot = room.slot(slot).filter(|slot| room.reads(viewer, slot));
    slot.is_some_and(|slot| slot.boxes.get(&area).is_none_or(|text| shown(text, area, viewer)))
}

/// A family that is not theirs: its place and minutes, nothing else.
fn closed(slot: &Slot, viewer: &Viewer) -> Slot {
    Slot {
        id: slot.id,
        family: None,
        minutes: slot.minutes,
        progress: slot.progress.clone(),
        children: BTreeSet::new(),
        members: BTreeMap::new(),
        attendance: BTreeMap::new(),
        // Only that they themselves stand out, so that they can come back.
        standing_out: slot
            .standing_out
            .iter()
            .filter(|(worker, out)| **worker == viewer.worker && **out)
            .map(|(worker, out)| (*worker, *out))
            .collect(),
        boxes: BTreeMap::new(),
        decisions: Vec::new(),
        steps: Vec::new(),
        practice: ServerOnly::default(),
    }
}

fn readable(slot: &Slot, viewer: &Viewer) -> Slot {
    let boxes = slot
        .boxes
        .iter()
        .map(|(area, text)| {
            let seen = if shown(text, *area, viewer) {
                text.clone()
            } else {
                BoxText { withheld: true, sealed: text.sealed, ..BoxText::default() }
            };
            (*area, seen)
        })
        .collect();
    Slot { boxes, practice: ServerOnly::default(), ..slot.clone() }
}

fn shown(text: &BoxText, area: super::Area, viewer: &Viewer) -> bool {
    if viewer.projector { text.unmarked() } else { text.readable_by(area, viewer.worker) }
}
