//! What is typed into forms and not sent yet: kept on the device as a box's words are, and back in its form after a reload.

use domain::SlotId;
use leptos::prelude::*;
use web_sys::UrlSearchParams;

use super::outbox::{drop, keep as keep_on_device, meeting, whole};
use super::{Live, Unsent};

/// The part of a kept name that says what it is, after worker, page and meeting.
const KIND: &str = "form";
/// The running note beside the scene, which is no form of the room's.
const NOTE: &str = "note";

/// Keeps what stands in a form.
pub fn keep(live: Live, key: &str, unsent: &Unsent) {
    let _ = keep_on_device(&name(live, key), &written(key, unsent));
}

/// Forgets it: it is sent, or its author put it away.
pub fn forget(live: Live, key: &str) {
    let _ = drop(&whole(&name(live, key)));
}

/// Keeps what stands in the field of the running note; forgets it where that is nothing.
pub fn keep_note(live: Live, slot: SlotId, text: &str) {
    let key = format!("{NOTE}@{slot}");
    if text.is_empty() {
        forget(live, &key);
    } else {
        let fields = vec![(NOTE.to_owned(), text.to_owned())];
        keep(live, &key, &Unsent { slot: Some(slot), fields });
    }
}

/// Whether a kept name is of a form.
pub fn is_form(name: &str) -> bool {
    name.split('/').nth(3) == Some(KIND)
}

/// Puts into its form what an earlier page kept under `name`; from now on this page keeps it.
pub fn bring_back(live: Live, name: &str, text: &str) {
    if let Some((key, unsent)) = read(text) {
        keep(live, &key, &unsent);
        match unsent.slot.filter(|slot| key == format!("{NOTE}@{slot}")) {
            Some(slot) => live.noting.update(|all| {
                let text = unsent.fields.into_iter().map(|(_, text)| text).collect::<String>();
                all.entry(slot).or_insert(text);
            }),
            None => live.unsent.update(|all| {
                all.insert(key, unsent);
            }),
        }
    }
    let _ = drop(name);
}

fn name(live: Live, key: &str) -> String {
    format!("{}/{KIND}/{key}", meeting(live))
}

/// As text: the form's key, its family, its fields.
fn written(key: &str, unsent: &Unsent) -> String {
    let Ok(pairs) = UrlSearchParams::new() else { return String::new() };
    pairs.append("key", key);
    pairs.append("slot", &unsent.slot.map(|slot| slot.to_string()).unwrap_or_default());
    unsent.fields.iter().for_each(|(name, text)| pairs.append(&format!("field {name}"), text));
    pairs.to_string().into()
}

/// Reads it again; `None` where it is no such text.
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
    Some((pairs.get("key")?, Unsent { slot: pairs.get("slot")?.parse().ok(), fields }))
}
