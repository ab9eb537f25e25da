//! What was typed into a form and not sent: kept on the device while it is typed, handed on as the form leaves the page, and
//! filled in as it comes back.

use domain::PersonId;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeSet;
use wasm_bindgen::JsCast;
use web_sys::{
    CustomEvent, CustomEventInit, Element, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};

use super::Live;
use super::focus::{each, focus, go_on_after};
use super::late_place::LatePlace;
use crate::live::{Unsent, unsent};

/// The field that left the page with the caret in it.
#[derive(Clone)]
struct FieldCaret {
    form: String,
    field: String,
    at: Option<u32>,
}

thread_local! {
    static CARET: RefCell<Option<FieldCaret>> = const { RefCell::new(None) };
}

/// What was `typed` is sent: it is no unsent text any more, but what is typed after it is.
pub fn mark_sent(form: &HtmlFormElement, typed: &str) {
    let _ = form.set_attribute("data-sent", typed);
}

/// Whether what is in the fields now was sent.
pub fn is_sent(form: &HtmlFormElement) -> bool {
    form.get_attribute("data-sent").unwrap_or_default() == all_typed(form)
}

/// Whether the form has left the page.
pub fn is_gone(form: &HtmlFormElement) -> bool {
    form.has_attribute("data-gone")
}

/// Empties a form for what is added next.
pub fn empty(form: &HtmlFormElement) {
    form.reset();
    let _ = form.remove_attribute("data-sent");
}

/// What was sent and refused was not sent: it stays its author's, also where its form has left the page meanwhile.
pub fn not_sent(live: Live, key: &str, form: &HtmlFormElement) {
    let _ = form.remove_attribute("data-sent");
    if is_gone(form) && !form.is_connected() {
        hand_on(live, key, form);
    }
}

/// Keeps on the device the words that are typed into a form; what was sent or taken back is forgotten. A form without words
/// of its author's is not kept: it is chosen again in a moment.
pub fn keep_on_device(live: Live, key: &str, form: &HtmlFormElement) {
    match unsent_in(live, form).filter(|unsent| !unsent.words.is_empty()) {
        Some(unsent) => unsent::keep(live, key, unsent),
        None if is_gone(form) && !form.is_connected() => unsent::forget_sent(live, key, &fields(form)),
        None => unsent::forget(live, key),
    }
}

/// Hands on what was typed into a form that leaves the page, and the focus it holds.
pub fn leave(live: Live, key: &str, form: &HtmlFormElement) {
    super::unasked::send_leaving(form);
    // A browser tells a field that it is left as it goes; nothing listens to the form by then.
    let _ = form.set_attribute("data-gone", "");
    super::send::keep_refusal(live, key);
    hand_on(live, key, form);
    let Some(active) = document().active_element().filter(|active| form.contains(Some(active))) else { return };
    CARET.set(caret_in(key, &active));
    go_on_after(form, || CARET.set(None));
}

/// Fills a form that comes back with what was typed into it before; `base` is the revision that a rewording is based on.
pub fn fill(live: Live, key: &str, form: &HtmlFormElement, base: Option<RwSignal<u32>>) {
    // A view that is drawn anew may keep the form that it had.
    let _ = form.remove_attribute("data-gone");
    // Tracked, so that the form is filled also when an earlier page's words come later.
    if !live.state.unsent.with(|all| all.contains_key(key)) {
        return go_on_in(key, form);
    }
    let Some(unsent) = live.state.unsent.try_update(|all| all.remove(key)).flatten() else { return };
    let words = words_in(form);
    if !words.is_empty() && words != unsent.words {
        // Somebody types there already.
        let key = unsent::earlier(key);
        unsent::keep(live, &key, unsent.clone());
        live.state.unsent.update(|all| drop(all.insert(key, unsent)));
        return;
    }
    if let (Some(base), Some(revision)) = (base, unsent.base) {
        base.set(revision);
    }
    for (name, text) in &unsent.fields {
        let Ok(Some(field)) = form.query_selector(&format!("[name='{name}']:not([type=hidden])")) else { continue };
        set(&field, key, text);
        unfold(&field, unsent.brought_back);
        tell_of_typing(&field);
    }
}

fn set(field: &Element, key: &str, text: &str) {
    if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        if field.type_() == "checkbox" {
            field.set_checked(field.value() == text);
        } else if field.value() != text {
            field.set_value(text);
            go_on_typing(key, field);
        }
    } else if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
        field.set_value(text);
        go_on_typing(key, field);
    } else if let Some(field) = field.dyn_ref::<HtmlSelectElement>() {
        field.set_value(text);
    }
}

/// Opens what a field is folded into, so that its author sees their words. A menu is opened only for an urgent risk that was
/// begun on an earlier page.
fn unfold(field: &Element, brought_back: bool) {
    let folds = if brought_back {
        "details.cr-fold:not([open]), details.cr-raise:not([open])"
    } else {
        "details.cr-fold:not([open])"
    };
    while let Ok(Some(fold)) = field.closest(folds) {
        let _ = fold.set_attribute("open", "");
    }
}

/// Parts of the page that follow what is typed learn that the page itself has set a field.
fn tell_of_typing(field: &Element) {
    let bubbles = CustomEventInit::new();
    bubbles.set_bubbles(true);
    let _ = CustomEvent::new_with_event_init_dict("input", &bubbles).map(|event| field.dispatch_event(&event));
}

/// Where somebody types in a form that leaves the page.
fn caret_in(key: &str, field: &Element) -> Option<FieldCaret> {
    let at = if let Some(line) = field.dyn_ref::<HtmlInputElement>() {
        line.selection_start()
    } else {
        field.dyn_ref::<HtmlTextAreaElement>()?.selection_start()
    };
    Some(FieldCaret { form: key.to_owned(), field: field.get_attribute("name")?, at: at.ok().flatten() })
}

/// Whoever was in the field of a form that left goes on in the form that takes over, where nothing waits to be sent either.
fn go_on_in(key: &str, form: &HtmlFormElement) {
    let held = CARET.with_borrow(Clone::clone).filter(|caret| caret.form == key);
    let field = held.and_then(|caret| form.query_selector(&format!("[name='{}']", caret.field)).ok().flatten());
    if let Some(field) = field {
        go_on_typing(key, &field);
    }
}

/// Whoever typed in the field that left goes on in the one that takes over.
fn go_on_typing(key: &str, field: &Element) {
    let name = field.get_attribute("name");
    let held = CARET.with_borrow(Clone::clone);
    let Some(caret) = held.filter(|caret| caret.form == key && Some(&caret.field) == name.as_ref()) else { return };
    CARET.set(None);
    focus(field);
    if let Some(line) = field.dyn_ref::<HtmlInputElement>() {
        let _ = line.set_selection_start(caret.at);
        let _ = line.set_selection_end(caret.at);
    } else if let Some(lines) = field.dyn_ref::<HtmlTextAreaElement>() {
        let _ = lines.set_selection_start(caret.at);
        let _ = lines.set_selection_end(caret.at);
    }
}

fn hand_on(live: Live, key: &str, form: &HtmlFormElement) {
    if let Some(unsent) = unsent_in(live, form) {
        live.state.unsent.update(|all| {
            all.insert(key.to_owned(), unsent);
        });
    }
}

/// What was typed into a form and not sent.
fn unsent_in(live: Live, form: &HtmlFormElement) -> Option<Unsent> {
    if typed_into(form).is_empty() || is_sent(form) {
        return None;
    }
    let part = late_place(live, form).map(|place| place.to_string());
    let base = hidden(form, "base").filter(|_| form.has_attribute("data-base"));
    let base = base.and_then(|base| base.parse().ok());
    let act = hidden(form, "act").unwrap_or_default();
    Some(Unsent { act, part, base, words: words_in(form), fields: fields(form), brought_back: false })
}

/// What the words of a form can be filed for, should they come too late.
fn late_place(live: Live, form: &HtmlFormElement) -> Option<LatePlace> {
    let slot = hidden(form, "slot")?.parse().ok()?;
    let mut children = BTreeSet::new();
    each_in(form, "input[name^='form[children]']:checked", |field| {
        children.extend(field.dyn_ref::<HtmlInputElement>().and_then(|tick| tick.value().parse::<PersonId>().ok()));
    });
    let field = |name: &str| {
        let chosen = form.query_selector(&format!("select[name='form[{name}]']")).ok().flatten();
        let chosen = chosen.and_then(|field| field.dyn_into::<HtmlSelectElement>().ok()).map(|list| list.value());
        hidden(form, name).or(chosen).filter(|text| !text.is_empty())
    };
    let place =
        live.page.with_untracked(|page| page.room.slot(slot).map(|slot| LatePlace::of_form(slot, field, children)));
    Some(place.unwrap_or(LatePlace { slot, children: BTreeSet::new() }))
}

fn hidden(form: &HtmlFormElement, name: &str) -> Option<String> {
    let field = form.query_selector(&format!("input[type=hidden][name='form[{name}]']")).ok().flatten()?;
    Some(field.dyn_into::<HtmlInputElement>().ok()?.value())
}

/// Everything somebody has typed into a form, in one; a field that was emptied counts.
pub fn all_typed(form: &HtmlFormElement) -> String {
    typed_into(form).iter().map(|(name, text)| format!("{name}={text}\n")).collect()
}

/// What somebody has written into a form, without what they have chosen.
fn words_in(form: &HtmlFormElement) -> String {
    let mut words = Vec::new();
    each_in(form, "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea", |field| {
        words.extend(text(field).filter(|(_, now, before)| now != before).map(|(_, now, _)| now.trim().to_owned()));
    });
    words.retain(|words| !words.is_empty());
    words.join(" · ")
}

/// The fields somebody has typed something into or chosen in, with what stands there.
fn typed_into(form: &HtmlFormElement) -> Vec<(String, String)> {
    let typed = "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea, select";
    let mut fields = Vec::new();
    each_in(form, typed, |field| {
        fields.extend(text(field).filter(|(_, now, before)| now != before).map(|(name, now, _)| (name, now)));
    });
    fields
}

/// The fields somebody has typed something into, and in a form that adds something all choices beside them, also those that
/// nobody touched: words come back with what they were said of.
fn fields(form: &HtmlFormElement) -> Vec<(String, String)> {
    let mut fields = typed_into(form);
    // What is there already may be changed by others meanwhile: only what its author touched is theirs.
    if hidden(form, "base").is_some() {
        return fields;
    }
    each_in(form, "select, input[type=checkbox]", |field| {
        let chosen = match field.dyn_ref::<HtmlInputElement>() {
            Some(tick) => Some((tick.name(), if tick.checked() { tick.value() } else { String::new() })),
            None => text(field).map(|(name, now, _)| (name, now)),
        };
        fields.extend(chosen.filter(|(name, _)| fields.iter().all(|(other, _)| other != name)));
    });
    fields
}

fn each_in(form: &HtmlFormElement, selector: &str, work: impl FnMut(&Element)) {
    if let Ok(found) = form.query_selector_all(selector) {
        each(&found, work);
    }
}

/// A field's name, what stands in it, and what stood in it as it came; nothing of a field without a name.
fn text(field: &Element) -> Option<(String, String, String)> {
    let texts = if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        (field.name(), field.value(), field.default_value())
    } else if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
        (field.name(), field.value(), field.default_value().unwrap_or_default())
    } else {
        let field = field.dyn_ref::<HtmlSelectElement>()?;
        let one = |selector: &str| field.query_selector(selector).ok().flatten();
        let before = one("option[selected]").or_else(|| one("option")).and_then(|option| option.get_attribute("value"));
        (field.name(), field.value(), before.unwrap_or_default())
    };
    Some(texts).filter(|(name, ..)| !name.is_empty())
}
