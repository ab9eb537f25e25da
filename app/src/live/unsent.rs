//! What is typed into forms and not sent yet: kept on the device as a box's words are, and back in its form after a reload.

use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::UrlSearchParams;

use super::browser::new_command;
use super::outbox::{drop_from_device, keep_on_device, whole};
use super::{EARLIER, Fields, Subject, Unsent};

/// The part of a kept name that says what it is, after worker, page and subject.
const KIND: &str = "form";

thread_local! {
    /// What this page keeps, by the keys of its forms.
    static KEPT: RefCell<BTreeMap<String, Unsent>> = const { RefCell::new(BTreeMap::new()) };
}

/// Keeps what stands in a form.
pub fn keep<S: Subject>(subject: S, key: &str, unsent: Unsent) {
    let _ = keep_on_device(&name(subject, key), &written(key, &unsent), None);
    KEPT.with_borrow_mut(|kept| kept.insert(key.to_owned(), unsent));
}

/// A key for words whose form holds others by now: they are shown by themselves.
pub fn earlier(key: &str) -> String {
    format!("{EARLIER}{}/{key}", new_command())
}

/// Forgets it: it is sent, or its author took it back.
pub fn forget<S: Subject>(subject: S, key: &str) {
    KEPT.with_borrow_mut(|kept| kept.remove(key));
    let _ = drop_from_device(&whole(&name(subject, key)));
}

/// Forgets what was sent from a form that has left the page; other words typed into its successor stay.
pub fn forget_sent<S: Subject>(subject: S, key: &str, fields: &[(String, String)]) {
    if KEPT.with_borrow(|kept| kept.get(key).is_some_and(|unsent| unsent.fields == fields)) {
        forget(subject, key);
    }
}

/// Its author puts away what was typed into a form.
pub fn put_away<S: Subject>(subject: S, key: &str) {
    forget(subject, key);
    subject.state().unsent.update(|all| {
        all.remove(key);
    });
}

/// Whether a kept name is of a form.
pub fn is_form(name: &str) -> bool {
    name.split('/').nth(3) == Some(KIND)
}

/// Puts into its form what an earlier page kept under `name` at `at`, in milliseconds; from now on this page keeps it.
/// Where somebody has typed into that form meanwhile, the earlier words are shown by themselves.
pub async fn bring_back<S: Subject>(subject: S, name: &str, text: &str, at: f64) {
    let Some((key, mut unsent)) = read(text) else {
        let _ = drop_from_device(name);
        return;
    };
    unsent.brought_back = true;
    let taken = KEPT.with_borrow(|kept| kept.contains_key(&key));
    let key = if taken { earlier(&key) } else { key };
    let placed = subject.bring_back(&key, &mut unsent);
    KEPT.with_borrow_mut(|kept| kept.insert(key.clone(), unsent.clone()));
    let kept = keep_on_device(&self::name(subject, &key), &written(&key, &unsent), Some(at));
    if !placed {
        subject.state().unsent.update(|all| {
            all.insert(key, unsent);
        });
    }
    // The earlier page's copy is the only one until this page's is written.
    if JsFuture::from(kept).await.is_ok_and(|kept| kept.is_truthy()) {
        let _ = drop_from_device(name);
    }
}

fn name<S: Subject>(subject: S, key: &str) -> String {
    format!("{}/{KIND}/{key}", subject.id())
}

/// As text: the form's key, its act, its part, the revision, its fields.
fn written(key: &str, unsent: &Unsent) -> String {
    let Ok(pairs) = UrlSearchParams::new() else { return String::new() };
    pairs.append("key", key);
    pairs.append("act", &unsent.act);
    pairs.append("part", unsent.part.as_deref().unwrap_or_default());
    pairs.append("words", &unsent.words);
    pairs.append("base", &unsent.base.map(|base| base.to_string()).unwrap_or_default());
    unsent.fields.iter().for_each(|(name, text)| pairs.append(&format!("field {name}"), text));
    pairs.to_string().into()
}

/// The key and content of a form from [`written`]; `None` where the text is of another kind.
fn read(text: &str) -> Option<(String, Unsent)> {
    let pairs = UrlSearchParams::new_with_str(text).ok()?;
    let fields = fields_in(text).into_iter();
    let fields = fields.filter_map(|(name, text)| Some((name.strip_prefix("field ")?.to_owned(), text))).collect();
    let number = |name: &str| pairs.get(name)?.parse().ok();
    let part = pairs.get("part").filter(|part| !part.is_empty());
    let (act, words) = (pairs.get("act")?, pairs.get("words")?);
    Some((pairs.get("key")?, Unsent { act, part, base: number("base"), words, fields, brought_back: false }))
}

/// The fields of a form as it is sent.
pub fn fields_in(content: &str) -> Fields {
    let Ok(pairs) = UrlSearchParams::new_with_str(content) else { return Fields::new() };
    let pair = |pair: Result<JsValue, JsValue>| {
        let pair = js_sys::Array::from(&pair.ok()?);
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    pairs.entries().into_iter().filter_map(pair).collect()
}
