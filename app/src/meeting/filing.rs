//! What goes beside the meeting: late contributions, and the running note that is not noted yet.

use domain::SlotId;
use domain::page::{NoteAct, Noted};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::Live;
use super::late::filing;
use super::late_place::LatePlace;
use super::state::{Noting, Tab};
use crate::api::act::Acted;
use crate::live::outbox::{command_of, settle};
use crate::live::request::{Failed, post_form, post_json};
use crate::live::{ActState, EARLIER, Late, Notice, Subject, Unsent, announce, unsent};

const FILED: &str = "Filed as a late contribution. It stands beside the record, in the family's workbook.";

/// Files what was typed into a form of a family that is finished.
pub fn file_unsent(live: Live, key: &str, place: LatePlace, words: &str) {
    // The same words of the same form are filed once; other words typed into it later are others.
    let name = format!("{}/{}/{key}/{words}", live.id(), place.slot);
    let (key, words) = (key.to_owned(), words.to_owned());
    spawn_local(async move {
        match file(live, &place, &command_of(&name), &words).await {
            Ok(Acted { refused: None, .. }) => {
                unsent::put_away(live, &key);
                filed(live);
            }
            Ok(Acted { refused: Some(text), .. }) => refuse(live, filing(&key), text),
            Err(why) => refuse(live, filing(&key), why.message()),
        }
    });
}

fn filed(live: Live) {
    announce::say(live.state, FILED);
    live.state.notice.set(Some(Notice { text: FILED.to_owned(), undo: None }));
}

/// Files words as a late contribution.
pub fn file_late(live: Live, late: Late, words: String) {
    let Some(place) = late.part.as_deref().and_then(|place| place.parse().ok()) else { return };
    spawn_local(async move {
        let answer = file(live, &place, &command_of(&late.name), &words).await;
        match answer {
            Ok(Acted { refused: None, .. }) => {
                settle(live.state, &late.name);
                filed(live);
            }
            Ok(Acted { refused: Some(text), .. }) => refuse(live, late.name, text),
            Err(why) => refuse(live, late.name, why.message()),
        }
    });
}

fn refuse(live: Live, key: String, text: String) {
    live.state.acts.update(|acts| {
        acts.insert(key, ActState::Refused { text, field: String::new() });
    });
}

/// Sends words to be filed as a late contribution.
async fn file(live: Live, place: &LatePlace, command: &str, words: &str) -> Result<Acted, Failed> {
    let words = js_sys::encode_uri_component(words);
    let place = js_sys::encode_uri_component(&place.to_string());
    let meeting = live.id();
    let form = format!("form[meeting]={meeting}&form[place]={place}&form[command]={command}&form[text]={words}");
    post_form("/api/meeting/late", &form).await
}

/// Does one thing with the running note, and reads it again.
pub async fn act_on_notes(live: Live, slot: SlotId, act: &NoteAct) -> Result<Noted, Failed> {
    post_json(&format!("{}/notes/{slot}", live.address()), act).await
}

/// The key of a running note that is not noted yet begins so; the slot's id follows.
const NOTE: &str = "note@";

/// Keeps what is written into the running note and not noted yet: the field as words, the lines on their way as fields.
pub fn keep_note(live: Live, slot: SlotId, noting: &Noting) {
    let key = format!("{NOTE}{slot}");
    if noting.is_empty() {
        unsent::forget(live, &key);
    } else {
        let (words, fields) = (noting.field.clone(), noting.sending.clone());
        unsent::keep(live, &key, Unsent { part: Some(slot.to_string()), words, fields, ..Unsent::default() });
    }
}

/// Puts back what an earlier page had in a running note; whether it did. Where this page has written into it already, it
/// does not: the earlier lines, as one text, are shown by themselves.
pub fn bring_back_note(live: Live, key: &str, unsent: &mut Unsent) -> bool {
    let earlier = key.strip_prefix(EARLIER).and_then(|key| key.split_once('/')).map(|(_, key)| key);
    let Some(slot) = earlier.unwrap_or(key).strip_prefix(NOTE).and_then(|slot| slot.parse().ok()) else { return false };
    if earlier.is_some() {
        let lines = unsent.fields.drain(..).map(|(_, line)| line);
        unsent.words = lines.chain([unsent.words.clone()]).collect::<Vec<_>>().join(" · ");
        return false;
    }
    live.noting.update(|all| {
        all.insert(slot, Noting { field: unsent.words.clone(), sending: unsent.fields.clone(), busy: false });
    });
    live.tab.set(Tab::Note);
    live.beside_open.set(true);
    true
}
