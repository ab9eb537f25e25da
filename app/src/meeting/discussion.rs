//! Which discussions the page holds whole: the one on the page, and the next of the agenda.

use domain::SlotId;
use domain::page::{Discussion, MeetingPage};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;

use super::Live;
use crate::live::request::{Failed, get};
use crate::live::{Line, outbox};

/// How often a discussion is asked for before the page leaves it until the connection is back.
const FETCHES: usize = 20;
/// So long the page has been quiet before the next family is fetched ahead.
const AHEAD: Duration = Duration::from_millis(1500);

/// Fetches one discussion whole; asking again meanwhile does nothing.
pub fn fetch(live: Live, slot: SlotId) {
    // The wall is nobody's page: all that it shows comes by its own stream.
    let asks = |page: &mut MeetingPage| !page.projector && page.ask_for(slot);
    if live.page.try_update_untracked(asks).unwrap_or_default() {
        ask(live, slot, true);
    }
}

/// Fetches what stands beside a discussion that is here whole. Where it does not come, the next turn to the family brings it.
pub fn fetch_beside(live: Live, slot: SlotId) {
    if untrack(|| live.is_whole(slot)) {
        ask(live, slot, false);
    }
}

/// Asks for a discussion, and takes it whole or what stands beside it alone.
fn ask(live: Live, slot: SlotId, whole: bool) {
    spawn_local(async move {
        let meeting = live.page.with_untracked(|page| page.room.id);
        let me = live.me();
        for _ in 0..FETCHES {
            match get::<String>(&format!("/meetings/{meeting}/discussions/{slot}?worker={me}")).await {
                Ok(text) => {
                    let Some(discussion) = domain::wire::read::<Discussion>(&text) else { break };
                    live.page.update(|page| {
                        if whole {
                            page.take(discussion);
                        } else {
                            page.take_beside(discussion);
                        }
                    });
                    // Where the family's scene was awaited, it comes now.
                    if whole && untrack(|| live.shown()) == Some(slot) {
                        request_animation_frame(super::focus::go_to_scene_if_lost);
                    }
                }
                Err(Failed::Status(_)) => break,
                Err(_) => outbox::pause(1000).await,
            }
            // It came, or the page was emptied and asks for nothing any more.
            if !live.page.with_untracked(|page| page.asks_for(slot)) {
                return;
            }
        }
        live.page.update_untracked(|page| page.give_up(slot));
    });
}

/// Keeps the discussion on the page whole, and fetches the next of the agenda ahead, so that the meeting can go on to it
/// without a connection.
pub fn keep_whole(live: Live) {
    let lacking = move |slot: Option<SlotId>| {
        let with_family = slot.filter(|id| live.slot(*id, |_, slot| slot.family.is_some()));
        with_family.filter(|slot| !live.is_whole(*slot))
    };
    // With the line: what was given up is asked for again when the connection is back.
    let shown = Memo::new(move |_| (lacking(live.shown()), live.state.line.get()));
    Effect::new(move |_| {
        if let (Some(slot), _) = shown.get() {
            fetch(live, slot);
        }
    });
    let next = Memo::new(move |_| (lacking(live.room(domain::meeting::Room::comes_next)), live.state.line.get()));
    Effect::new(move |_| {
        let (Some(slot), Line::Open) = next.get() else { return };
        set_timeout(
            move || {
                if next.get_untracked() == (Some(slot), Line::Open) {
                    fetch(live, slot);
                }
            },
            AHEAD,
        );
    });
}
