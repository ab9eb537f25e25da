//! What is read out to screen readers. Sentences that come within a second are said together; none is dropped, and the
//! same one is not said twice in a row.

use domain::meeting::Event;
use domain::{DecisionId, SlotId};
use js_sys::{Function, Reflect};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::time::Duration;
use wasm_bindgen::JsCast;

use super::{Live, Notice, save_word};

/// Sentences gather for this long.
const GATHER: Duration = Duration::from_secs(1);
/// "Saved" is said once nothing was typed for this long.
const QUIET: Duration = Duration::from_secs(3);

thread_local! {
    static WAITING: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    /// How often the word for saving has changed, so that a timer knows whether it is the last one.
    static SAVES: Cell<u32> = const { Cell::new(0) };
}

/// Says a sentence, together with what comes within a second.
pub fn say(live: Live, sentence: impl Into<String>) {
    let sentence = sentence.into();
    let first = WAITING.with_borrow_mut(|waiting| {
        if waiting.last() == Some(&sentence) {
            return false;
        }
        waiting.push(sentence);
        waiting.len() == 1
    });
    if first {
        set_timeout(move || flush(live), GATHER);
    }
}

fn flush(live: Live) {
    let sentences = WAITING.take().join(" ");
    if notify(&sentences) {
        return;
    }
    // A region that is given the same text again says nothing: a space makes it another.
    let again = live.said.with_untracked(|said| *said == sentences);
    live.said.set(if again { format!("{sentences}\u{a0}") } else { sentences });
}

/// Has the browser say it, where it can: unlike a region, it is heard while a dialogue or a full screen is open.
fn notify(sentences: &str) -> bool {
    let page = document();
    let known = Reflect::get(&page, &"ariaNotify".into()).ok().and_then(|known| known.dyn_into::<Function>().ok());
    known.is_some_and(|known| known.call1(&page, &sentences.into()).is_ok())
}

/// Says "Saved" once after words were typed and three seconds were quiet.
pub fn watch_saving(live: Live) {
    Effect::new(move |before: Option<&'static str>| {
        let now = save_word(live);
        let number = SAVES.get() + 1;
        SAVES.set(number);
        if now == "Saved" && before.is_some_and(|before| !before.is_empty() && before != "Saved") {
            set_timeout(
                move || {
                    if SAVES.get() == number {
                        say(live, "Saved.");
                    }
                },
                QUIET,
            );
        }
        now
    });
}

/// Tells a person who is given the chair or the record: they see it and hear it.
pub fn watch_roles(live: Live) {
    Effect::new(move |before: Option<(bool, bool)>| {
        let me = live.me();
        let now = live.page.with(|page| (page.room.chair == me, page.room.record_taker == Some(me)));
        let new = match before {
            Some((false, _)) if now.0 => Some("You chair this meeting now."),
            Some((_, false)) if now.1 => Some("You take the record now."),
            _ => None,
        };
        if let Some(text) = new {
            say(live, text);
            live.notice.set(Some(Notice { text: text.to_owned(), undo: None }));
        }
        now
    });
}

/// What an event of the family on the page says in one sentence; nothing for what says itself,
/// such as an urgent risk, or is read on request.
pub fn sentence(live: Live, event: &Event, shown: Option<SlotId>) -> Option<String> {
    match event {
        Event::BreakCalled { .. } => return crate::meeting::break_in_words(live).map(|words| format!("{words}.")),
        Event::BreakEnded => return Some("The break is over.".to_owned()),
        _ if event.slot() != shown => return None,
        _ => {}
    }
    let heading = |stage: usize| {
        live.page.with_untracked(|page| page.room.template.stages.get(stage).map(|stage| stage.title.clone()))
    };
    Some(match event {
        Event::StageReached { stage, .. } => format!("The room is at: {}.", heading(*stage)?),
        Event::Worded { decision, .. } => proposed(live, shown?, *decision).to_owned(),
        Event::Confirmed { .. } => "The decision is confirmed.".to_owned(),
        Event::Finished { .. } => "The family is finished.".to_owned(),
        Event::Reopened { .. } => "The family is reopened.".to_owned(),
        Event::Postponed { .. } => "The family is postponed.".to_owned(),
        _ => return None,
    })
}

/// Whoever has answered an earlier wording is asked again.
fn proposed(live: Live, slot: SlotId, decision: DecisionId) -> &'static str {
    let me = live.me();
    let again = live.page.with_untracked(|page| {
        let known = page.room.slot(slot).and_then(|slot| slot.decision(decision));
        known.is_some_and(|known| known.stances.contains_key(&me) && !known.answered(me))
    });
    if again { "A decision is reworded. You are asked again." } else { "A decision is proposed." }
}

/// What a slot hides: whether its numbers are not shown yet, and how many boxes wait for the reveal.
pub fn hidden(live: Live, shown: Option<SlotId>) -> (bool, usize) {
    let read = |id| {
        live.page.with_untracked(|page| {
            let slot = page.room.slot(id)?;
            let waiting = slot.boxes.values().filter(|text| text.mark.hidden_until_reveal).count();
            Some((slot.scales.revealed_at.is_none(), waiting))
        })
    };
    shown.and_then(read).unwrap_or_default()
}

/// Says what a fresh view shows that was hidden before: a reveal comes as a view and not as an event.
pub fn shown_since(live: Live, shown: Option<SlotId>, (numbers, boxes): (bool, usize)) {
    let now = hidden(live, shown);
    if numbers && !now.0 && shown.is_some() {
        say(live, "The numbers are shown.");
    }
    if now.1 < boxes {
        say(live, "What was hidden is shown.");
    }
}
