//! What is typed into forms and not sent yet: kept on the device as a box's words are, and back in its form after a reload.

use domain::SlotId;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen_futures::JsFuture;
use web_sys::UrlSearchParams;

use super::browser::new_command;
use super::outbox::{drop_from_device, keep_on_device, meeting, whole};
use super::{EARLIER, Live, Noting, Tab, Unsent};

/// The part of a kept name that says what it is, after worker, page and meeting.
const KIND: &str = "form";
/// The running note beside the scene, which is no form of the room's.
const NOTE: &str = "note";

thread_local! {
    /// What this page keeps, by the keys of its forms.
    static KEPT: RefCell<BTreeMap<String, Unsent>> = const { RefCell::new(BTreeMap::new()) };
}

/// Keeps what stands in a form.
pub fn keep(live: Live, key: &str, unsent: Unsent) {
    let _ = keep_on_device(&name(live, key), &written(key, &unsent), None);
    KEPT.with_borrow_mut(|kept| kept.insert(key.to_owned(), unsent));
}

/// A key for words whose form holds others by now: they are shown by themselves.
pub fn earlier(key: &str) -> String {
    format!("{EARLIER}{}/{key}", new_command())
}

/// Forgets it: it is sent, or its author took it back.
pub fn forget(live: Live, key: &str) {
    KEPT.with_borrow_mut(|kept| kept.remove(key));
    let _ = drop_from_device(&whole(&name(live, key)));
}

/// Forgets what was sent from a form that has left the page; other words typed into its successor stay.
pub fn forget_sent(live: Live, key: &str, fields: &[(String, String)]) {
    if KEPT.with_borrow(|kept| kept.get(key).is_some_and(|unsent| unsent.fields == fields)) {
        forget(live, key);
    }
}

/// Its author puts away what was typed into a form.
pub fn put_away(live: Live, key: &str) {
    forget(live, key);
    live.unsent.update(|all| {
        all.remove(key);
    });
}

/// Keeps what is written into the running note and not noted yet: the field as words, the lines on their way as fields.
pub fn keep_note(live: Live, slot: SlotId, noting: &Noting) {
    let key = note_key(slot);
    if noting.is_empty() {
        forget(live, &key);
    } else {
        let (words, fields) = (noting.field.clone(), noting.sending.clone());
        keep(live, &key, Unsent { slot: Some(slot), words, fields, ..Unsent::default() });
    }
}

fn note_key(slot: SlotId) -> String {
    format!("{NOTE}@{slot}")
}

/// Whether a kept name is of a form.
pub fn is_form(name: &str) -> bool {
    name.split('/').nth(3) == Some(KIND)
}

/// Puts into its form what an earlier page kept under `name` at `at`, in milliseconds; from now on this page keeps it.
/// Where somebody has typed into that form meanwhile, the earlier words are shown by themselves.
pub async fn bring_back(live: Live, name: &str, text: &str, at: f64) {
    let Some((key, mut unsent)) = read(text) else {
        let _ = drop_from_device(name);
        return;
    };
    unsent.brought_back = true;
    let of_note = unsent.slot.filter(|slot| key == note_key(*slot));
    let taken = KEPT.with_borrow(|kept| kept.contains_key(&key));
    let key = if taken { earlier(&key) } else { key };
    if taken && of_note.is_some() {
        let lines = unsent.fields.drain(..).map(|(_, line)| line);
        unsent.words = lines.chain([unsent.words.clone()]).collect::<Vec<_>>().join(" · ");
    }
    KEPT.with_borrow_mut(|kept| kept.insert(key.clone(), unsent.clone()));
    let kept = keep_on_device(&self::name(live, &key), &written(&key, &unsent), Some(at));
    match of_note.filter(|_| !taken) {
        Some(slot) => {
            live.noting.update(|all| {
                all.insert(slot, Noting { field: unsent.words, sending: unsent.fields, busy: false });
            });
            live.tab.set(Tab::Note);
        }
        None => live.unsent.update(|all| {
            all.insert(key, unsent);
        }),
    }
    // The earlier page's copy is the only one until this page's is written.
    if JsFuture::from(kept).await.is_ok_and(|kept| kept.is_truthy()) {
        let _ = drop_from_device(name);
    }
}

fn name(live: Live, key: &str) -> String {
    format!("{}/{KIND}/{key}", meeting(live))
}

/// As text: the form's key, its act, its family, the revision, its fields.
fn written(key: &str, unsent: &Unsent) -> String {
    let Ok(pairs) = UrlSearchParams::new() else { return String::new() };
    pairs.append("key", key);
    pairs.append("act", &unsent.act);
    pairs.append("slot", &unsent.slot.map(|slot| slot.to_string()).unwrap_or_default());
    pairs.append("words", &unsent.words);
    pairs.append("base", &unsent.base.map(|base| base.to_string()).unwrap_or_default());
    unsent.fields.iter().for_each(|(name, text)| pairs.append(&format!("field {name}"), text));
    pairs.to_string().into()
}

/// The key and content of a form from [`written`]; `None` where the text is of another kind.
fn read(text: &str) -> Option<(String, Unsent)> {
    let pairs = UrlSearchParams::new_with_str(text).ok()?;
    let mut fields = Vec::new();
    for pair in pairs.entries() {
        let pair = js_sys::Array::from(&pair.ok()?);
        let (name, text) = (pair.get(0).as_string()?, pair.get(1).as_string()?);
        if let Some(name) = name.strip_prefix("field ") {
            fields.push((name.to_owned(), text));
        }
    }
    let number = |name: &str| pairs.get(name)?.parse().ok();
    let slot = pairs.get("slot")?.parse().ok();
    let (act, words) = (pairs.get("act")?, pairs.get("words")?);
    Some((pairs.get("key")?, Unsent { act, slot, base: number("base"), words, fields, brought_back: false }))
}
