//! A page follows the room from heading to heading, waits for whoever types, and never turns to another family by itself.

use domain::SlotId;
use leptos::prelude::*;

use super::Live;
use super::unasked::choice_waits;
use crate::live::{Subject, announce};

/// Whether somebody is in a field of the scene, of what stands beside it or of an urgent risk.
fn in_field() -> bool {
    document().active_element().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "TEXTAREA" | "INPUT" | "SELECT")
            && element.closest("#scene, #beside, .cr-raise").ok().flatten().is_some()
    })
}

/// Whether somebody is in a field of which something is not sent yet; a number of a scale is sent as it is given.
pub fn types() -> bool {
    let given = document()
        .active_element()
        .is_some_and(|element| element.matches(".cr-numbers input:checked").unwrap_or_default());
    in_field() && (!given || choice_waits())
}

/// The field somebody is in stays where they see it, whatever comes in above it. Several frames can come in before the next
/// one is drawn: where the field stood before the first of them is what counts.
pub fn keep_in_place(live: Live) {
    let Some(field) = document().active_element().filter(|_| in_field()) else { return };
    if live.keeps_place.get_value() {
        return;
    }
    live.keeps_place.set_value(true);
    let top = field.get_bounding_client_rect().top();
    request_animation_frame(move || {
        live.keeps_place.set_value(false);
        let still = document().active_element().is_some_and(|now| now == field);
        let moved = field.get_bounding_client_rect().top() - top;
        if still && moved.abs() >= 1.0 {
            window().scroll_by_with_x_and_y(0.0, moved);
        }
    });
}

/// Following the chair waits while one types: the heading on the page stays.
pub fn stay_at_heading(live: Live) {
    let at = untrack(|| live.shown().and_then(|id| live.stage(id)));
    if types() && live.heading.get_untracked().is_none() {
        live.heading.set(at);
    }
}

/// The family on the page stays, whichever the room turns to, so that nobody writes into another family's boxes: they see
/// where the room is, and go there.
pub fn stay_at_family(live: Live, looked_at: Option<SlotId>) {
    let readable =
        |id: SlotId| live.page.with_untracked(|page| page.room.slot(id).is_some_and(|slot| slot.family.is_some()));
    if !live.is_screen() && looked_at.is_some_and(readable) && untrack(|| live.shown()) != looked_at {
        live.looking.set(looked_at);
    }
}

/// Says which family is discussed now, where it is another one.
pub fn say_family(live: Live, before: Option<SlotId>) {
    let now = live.page.with_untracked(|page| page.room.current);
    if now == before {
        return;
    }
    if live.looking.get_untracked() == now {
        live.looking.set(None);
    }
    let reference = now.map(|id| live.reference(id)).unwrap_or_default();
    let sentence = match (now, reference.is_empty()) {
        (None, _) => "Between families.".to_owned(),
        (Some(_), true) => "Another family is being discussed.".to_owned(),
        (Some(_), false) => format!("Now discussing family {reference}."),
    };
    announce::say(live.state, sentence);
}
