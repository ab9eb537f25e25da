//! Words that came too late, as their author changes them: kept on the device at every key, until they are filed or discarded.

use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::UrlSearchParams;

use super::outbox::{came_too_late, command_of, drop_from_device, keep_on_device, whole};
use super::{Late, State, Subject};

/// The part of a kept name that says what it is, after worker, page and subject.
const KIND: &str = "late";

thread_local! {
    /// Where changed words are kept, by the name of what was kept before them.
    static CHANGED: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// Keeps `words` in the place of what came too late.
pub fn change<S: Subject>(subject: S, late: &Late, words: &str) {
    let Ok(pairs) = UrlSearchParams::new() else { return };
    pairs.append("part", late.part.as_deref().unwrap_or_default());
    pairs.append("why", &late.why);
    pairs.append("words", words);
    let name = format!("{}/{KIND}/{}", subject.id(), command_of(&late.name));
    let kept = keep_on_device(&name, &String::from(pairs.to_string()), None);
    let first = CHANGED.with_borrow_mut(|changed| changed.insert(late.name.clone(), whole(&name))).is_none();
    if first {
        let before = late.name.clone();
        spawn_local(async move {
            // What was kept before is the only copy until this one is written.
            if JsFuture::from(kept).await.is_ok_and(|kept| kept.is_truthy()) {
                let _ = drop_from_device(&before);
            }
        });
    }
}

/// Whether a kept name is of such words.
pub fn is_late(name: &str) -> bool {
    name.split('/').nth(3) == Some(KIND)
}

/// Shows what an earlier page kept under `name`.
pub fn bring_back(state: State, name: String, text: &str) {
    let pairs = UrlSearchParams::new_with_str(text).ok();
    let pairs = pairs.and_then(|pairs| Some((pairs.get("part")?, pairs.get("words")?, pairs.get("why")?)));
    let Some((part, words, why)) = pairs else {
        let _ = drop_from_device(&name);
        return;
    };
    came_too_late(state, Late { name, part: Some(part).filter(|part| !part.is_empty()), words, why });
}

/// Forgets them, changed or not.
pub fn forget(name: &str) {
    let _ = drop_from_device(name);
    if let Some(changed) = CHANGED.with_borrow_mut(|changed| changed.remove(name)) {
        let _ = drop_from_device(&changed);
    }
}
