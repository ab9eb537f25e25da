//! Of several decisions one at a time is open; the others are rows that say what is proposed or decided.

use domain::meeting::{Decision, Slot};
use domain::{DecisionId, SlotId};
use leptos::html;
use leptos::prelude::*;

use super::Live;
use super::open_row;
use super::stance::{owed_reason, question};

/// Whether a decision is open: the only one is; of several the one that the viewer opened or is in, else the next.
pub fn opened(live: Live, id: SlotId, decision: DecisionId) -> Memo<bool> {
    Memo::new(move |_| live.slot(id, |_, slot| slot.decisions.len() < 2) || here(live, id) == Some(decision))
}

/// The decision that is open for the viewer, where there are several.
pub fn here(live: Live, id: SlotId) -> Option<DecisionId> {
    in_row(live, id).or_else(|| next(live, id))
}

/// The decision whose row the viewer opened, else the one they are in.
pub fn in_row(live: Live, id: SlotId) -> Option<DecisionId> {
    let is_row = |decision: &DecisionId| open_row::is_open(live, &format!("decision-{decision}"));
    let opened = |slot: &Slot| slot.decisions.iter().map(|decision| decision.id).find(is_row);
    let inside = live.decision.get();
    live.slot(id, |_, slot| opened(slot).or_else(|| inside.filter(|decision| slot.decision(*decision).is_some())))
}

/// The decision that comes next for the viewer: the first that waits for their answer, else the first that is not confirmed.
/// One that is confirmed before they answered still waits for it.
fn next(live: Live, id: SlotId) -> Option<DecisionId> {
    let me = live.me();
    live.slot(id, |room, slot| {
        let asked = room.asked_for_stance(slot, me) && !room.runs(me);
        let waits = |decision: &&Decision| asked && decision.wording.is_some() && !decision.answered(me);
        let open = |decision: &&Decision| decision.confirmed.is_none();
        slot.decisions.iter().find(waits).or_else(|| slot.decisions.iter().find(open)).map(|decision| decision.id)
    })
}

/// What the link that opens a decision's row says; none where nothing is in it.
pub fn way_in(live: Live, id: SlotId, decision: DecisionId, editable: bool) -> Option<&'static str> {
    let decision = live.slot(id, |_, slot| slot.decision(decision).cloned())?;
    let asks = question(live, id, Some(&decision)).is_some_and(|question| question.asked());
    let mine = decision.stances.get(&live.me()).filter(|stance| stance.revision == decision.revision);
    match (&decision.wording, mine) {
        (None, _) => editable.then_some("Propose a decision"),
        (Some(_), None) if asks => Some("Say where you stand"),
        (Some(_), Some(mine)) if asks && mine.reason_to_follow() => Some("Add my reason"),
        _ if owed_reason(live, id, Some(&decision)).is_some() => Some("Add my reason"),
        (Some(_), Some(_)) if asks => Some("Change my answer"),
        _ if editable && decision.confirmed.is_none() => Some("Ask and record"),
        _ => Some("Who said what"),
    }
}

/// The decision that somebody is in stays open for them, whatever comes next.
pub fn keep_open(live: Live, decision: DecisionId) {
    if live.decision.get_untracked() != Some(decision) {
        live.decision.set(Some(decision));
    }
}

/// Confirmed, a decision's row closes and the next opens, unless the viewer is in it or still has a reason to write.
#[cfg(feature = "hydrate")]
pub fn close_once_confirmed(
    live: Live, id: SlotId, decision: Memo<Option<Decision>>, row: String, section: NodeRef<html::Section>,
) {
    let confirmed = Memo::new(move |_| {
        decision.with(|decision| decision.as_ref().is_some_and(|decision| decision.confirmed.is_some()))
    });
    Effect::new(move |before: Option<bool>| {
        let confirmed = confirmed.get();
        let inside = section.get_untracked().is_some_and(|section| super::focus::is_in(&section));
        let done =
            || decision.with_untracked(|decision| untrack(|| owed_reason(live, id, decision.as_ref()).is_none()));
        if before == Some(false) && confirmed && !inside && done() {
            if untrack(|| open_row::is_open(live, &row)) {
                live.row.set(None);
            }
            let this = decision.with_untracked(|decision| decision.as_ref().map(|decision| decision.id));
            if live.decision.get_untracked() == this {
                live.decision.set(None);
            }
        }
        confirmed
    });
}

#[cfg(not(feature = "hydrate"))]
pub fn close_once_confirmed(
    _live: Live, _id: SlotId, _decision: Memo<Option<Decision>>, _row: String, _section: NodeRef<html::Section>,
) {
}
