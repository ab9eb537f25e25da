//! A meeting's page as a subject: what its boxes, presses and news are.

use domain::WorkerId;
use domain::meeting::{Area, Event, Position};
use domain::page::{Frame, MeetingPage};
use domain::prose::Prose;
use leptos::prelude::*;

use super::act::{is_of_the_moment, with_name};
use super::discussion::{fetch, fetch_beside};
use super::follow::{keep_in_place, say_family, stay_at_family, stay_at_heading, types};
use super::late_place::LatePlace;
use super::place::Place;
use super::send::{go_along, show_proposed};
use super::state::note_waits;
use super::{Live, address, announcements, discussion, filing};
use crate::api::prose::Batch;
use crate::live::announce::{self, say};
use crate::live::browser;
use crate::live::stream::signed_out;
use crate::live::{ActState, Fields, Line, State, Subject, Typed, Unsent};

/// Opens the stream, and keeps the page whole and its address right.
pub fn start(live: Live) {
    browser::start(live);
    if !live.is_screen() {
        announce::watch_saving(live.state, move || live.save_word());
        announcements::watch_roles(live);
        discussion::keep_whole(live);
        address::keep_address(live);
        address::show_heading(live);
    }
}

impl Subject for Live {
    const KIND: &'static str = "meeting";

    type Place = Place;
    type Batch = Batch;

    fn state(self) -> State {
        self.state
    }

    fn id(self) -> String {
        self.page.with_untracked(|page| page.room.id.to_string())
    }

    fn address(self) -> String {
        format!("/meetings/{}", self.id())
    }

    fn news_after(self, emptied: bool) -> String {
        let (cursor, projector) = self.page.with_untracked(|page| (page.cursor, page.projector));
        format!("after={}{}", if emptied { 0 } else { cursor }, if projector { "&view=room" } else { "" })
    }

    fn is_screen(self) -> bool {
        self.page.with_untracked(|page| page.projector)
    }

    fn receive(self, news: &str) {
        if let Some(frame) = domain::wire::read::<Frame>(news) {
            take(self, frame);
        }
    }

    fn line_is_back(self) {
        // An urgent risk is never sent by itself.
        let sentence = "The connection is back. It was NOT sent: ring, or press again.";
        self.state.acts.update(|acts| {
            let risks = acts.iter_mut().filter(|(key, _)| key.starts_with("raise-risk@"));
            for (_, state) in risks {
                if let ActState::Refused { text, .. } = state {
                    sentence.clone_into(text);
                }
            }
        });
    }

    fn empty(self) {
        self.page.update(empty);
    }

    fn text(self, Place { slot, area }: Place) -> Prose {
        self.page.with_untracked(|page| {
            let slot = page.room.slot(slot);
            slot.and_then(|slot| slot.boxes.get(&area)).map(|text| text.prose.clone()).unwrap_or_default()
        })
    }

    fn written_for(self, place: Place) -> Option<WorkerId> {
        match place.area {
            Area::Analysis(owner) if owner != self.me() => Some(owner),
            Area::Analysis(_) | Area::Meaning(_) | Area::Life(_) => None,
        }
    }

    fn batch(self, Place { slot, area }: Place, Typed { command, pen, update }: Typed) -> Batch {
        let meeting = self.page.with_untracked(|page| page.room.id);
        Batch { meeting, command, slot, area, pen, update }
    }

    fn fields_of(Place { slot, area }: Place) -> Fields {
        vec![("slot".to_owned(), slot.to_string()), ("area".to_owned(), area.to_string())]
    }

    fn part_of(place: Place) -> String {
        LatePlace::of_box(place).to_string()
    }

    fn not_taken(self, fields: &Fields) -> (String, Option<String>) {
        let field = |name: &str| {
            let name = format!("form[{name}]");
            fields.iter().find(|(key, _)| *key == name).map(|(_, text)| text.clone()).filter(|text| !text.is_empty())
        };
        let word_fields = ["what", "why", "text", "words", "own_words", "own_number", "with", "to", "due", "measure"];
        let words = word_fields.into_iter().filter_map(field).collect::<Vec<_>>().join(" · ");
        let stance = field("position").and_then(|word| Position::chosen(&word));
        let words = match stance {
            Some(position) => position.with_reason(&words),
            None => words,
        };
        let words = if words.is_empty() { words } else { with_name(&field("act").unwrap_or_default(), &words) };
        let ticked = fields.iter().filter(|(name, _)| name.starts_with("form[children]"));
        let children = ticked.filter_map(|(_, child)| child.parse().ok()).collect();
        // What a family that is not finished did not take can be said there once more.
        let place = field("slot").and_then(|slot| slot.parse().ok()).and_then(|slot| {
            self.page.with_untracked(|page| {
                let slot = page.room.slot(slot).filter(|slot| slot.progress.frozen())?;
                Some(LatePlace::of_form(slot, field, children).to_string())
            })
        });
        (words, place)
    }

    fn is_of_the_moment(act: &str) -> bool {
        is_of_the_moment(act)
    }

    fn waits(self) -> bool {
        note_waits(self)
    }

    fn bring_back(self, key: &str, unsent: &mut Unsent) -> bool {
        filing::bring_back_note(self, key, unsent)
    }
}

fn take(live: Live, frame: Frame) {
    keep_in_place(live);
    let before = live.page.with_untracked(|page| page.room.current);
    match frame {
        Frame::Entries { entries, cursor } => {
            let ends = |event: &Event| matches!(event, Event::Finished { .. } | Event::Postponed { .. });
            let starts = |event: &Event| matches!(event, Event::Started { .. });
            let turns = |event: &Event| matches!(event, Event::StageReached { .. });
            let moves = |event: &Event| ends(event) || starts(event) || turns(event);
            if entries.iter().any(|entry| moves(&entry.event)) {
                stay_at_heading(live);
            }
            let looked_at = untrack(|| live.shown());
            let ended = entries.iter().any(|entry| ends(&entry.event) && entry.event.slot() == looked_at);
            live.page.update(|page| page.apply(&entries, cursor));
            if entries.iter().any(|entry| moves(&entry.event) && entry.by == live.me()) {
                go_along();
            }
            if entries.iter().any(|entry| matches!(entry.event, Event::Worded { .. }) && entry.by == live.me()) {
                show_proposed();
            }
            // Whoever turns the room to another family goes there too.
            if types() || !entries.iter().any(|entry| starts(&entry.event) && entry.by == live.me()) {
                stay_at_family(live, looked_at);
            }
            // Whoever looked at the heading that the room comes to follows it again.
            let at = untrack(|| live.shown().and_then(|id| live.stage(id)));
            if at.is_some() && live.heading.get_untracked() == at {
                live.heading.set(None);
            }
            let shown = untrack(|| live.shown());
            // A heading of one family says nothing of another. Whoever looks ahead as theirs begins stays there.
            if (ended || shown != looked_at) && !types() {
                live.heading.set(None);
            }
            for sentence in
                entries.iter().filter_map(|entry| untrack(|| announcements::sentence(live, &entry.event, shown)))
            {
                say(live.state, sentence);
            }
        }
        Frame::View { page } => {
            stay_at_heading(live);
            let shown = untrack(|| live.shown());
            let before = announcements::hidden(live, shown);
            let lacks = live.page.try_update(|current| current.renew(*page, shown)).unwrap_or_default();
            stay_at_family(live, shown);
            announcements::shown_since(live, shown, before);
            if let Some(slot) = shown.filter(|_| lacks) {
                fetch(live, slot);
            }
        }
        Frame::Here { people } => {
            live.been.update(|been| {
                people.iter().for_each(|here| {
                    been.insert(here.worker);
                })
            });
            live.here.set(people);
        }
        Frame::Beat { cursor } => live.page.update_untracked(|page| page.cursor = page.cursor.max(cursor)),
        Frame::Ended => {
            live.state.line.set(Line::Ended);
            live.page.update(empty);
        }
        Frame::SignedOut => signed_out(live),
        Frame::Beside { slot } => fetch_beside(live, slot),
    }
    say_family(live, before);
}

/// Nothing of the families stays on a page that may not see them any more.
pub fn empty(page: &mut MeetingPage) {
    page.agenda.clear();
    page.whole.clear();
    page.meanwhile.clear();
    for slot in &mut page.room.slots {
        slot.reduce_to_agenda();
        slot.family = None;
        slot.boxes.clear();
        slot.members.clear();
        slot.attendance.clear();
        slot.risks.clear();
    }
}
