//! What a meeting says aloud beside what every live page says.

use domain::meeting::Event;
use domain::{DecisionId, SlotId};
use leptos::prelude::*;

use super::Live;
use crate::live::Notice;
use crate::live::announce::say;

/// Tells a person who is given the chair or the record, or has it no more: they see it and hear it.
pub fn watch_roles(live: Live) {
    Effect::new(move |before: Option<(bool, bool)>| {
        let me = live.me();
        let now = live.page.with(|page| (page.room.chair == me, page.room.record_taker == Some(me)));
        let new = match before {
            Some((false, _)) if now.0 => Some("You chair this meeting now."),
            Some((_, false)) if now.1 => Some("You take the record now."),
            Some((true, _)) if !now.0 => Some("You do not chair this meeting any more."),
            Some((_, true)) if !now.1 => Some("You do not take the record any more."),
            _ => None,
        };
        if let Some(text) = new {
            say(live.state, text);
            live.state.notice.set(Some(Notice { text: text.to_owned(), undo: None }));
        }
        now
    });
}

/// What an event of the family on the page says in one sentence; nothing for what says itself,
/// such as an urgent risk, or is read on request.
pub fn sentence(live: Live, event: &Event, shown: Option<SlotId>) -> Option<String> {
    match event {
        Event::BreakCalled { .. } => return super::break_in_words(live).map(|words| format!("{words}.")),
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
        let decision = page.room.slot(slot).and_then(|slot| slot.decision(decision));
        decision.is_some_and(|decision| decision.stances.contains_key(&me) && !decision.answered(me))
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
        say(live.state, "The numbers are shown.");
    }
    if now.1 < boxes {
        say(live.state, "What was hidden is shown.");
    }
}
