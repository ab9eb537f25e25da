//! What was typed into a form and not sent: kept while it is typed and as the form leaves the page, and filled in as it
//! comes back.

use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use super::focus::{each, focus, go_on_after};
use crate::live::{Live, Unsent, unsent};

/// The field that says on which revision something was typed.
const BASE: &str = "form[base]";

/// The field that left the page with the caret in it.
#[derive(Clone)]
struct Caret {
    form: String,
    field: String,
    at: Option<u32>,
}

thread_local! {
    static CARET: RefCell<Option<Caret>> = const { RefCell::new(None) };
}

/// What is in the fields now is sent: it is no unsent text any more.
pub fn sent_as_is(form: &HtmlFormElement) {
    let _ = form.set_attribute("data-sent", &all_typed(form));
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

/// Keeps on the device what is typed into a form; what was sent or taken back is forgotten.
pub fn keep(live: Live, key: &str, form: &HtmlFormElement) {
    match unsent_in(form) {
        Some(typed) => unsent::keep(live, key, &typed),
        None => unsent::forget(live, key),
    }
}

/// Hands on what was typed into a form that leaves the page, and the focus it holds.
pub fn leave(live: Live, key: &str, form: &HtmlFormElement) {
    // A browser tells a field that it is left as it goes; nothing hears the form by then.
    let _ = form.set_attribute("data-gone", "");
    hand_on(live, key, form);
    let Some(active) = document().active_element().filter(|active| form.contains(Some(active))) else { return };
    let field = active.dyn_into::<HtmlInputElement>().ok();
    CARET.set(field.map(|field| Caret {
        form: key.to_owned(),
        field: field.name(),
        at: field.selection_start().ok().flatten(),
    }));
    go_on_after(form, || CARET.set(None));
}

/// Fills a form that comes back with what was typed into it before.
pub fn fill(live: Live, key: &str, form: &HtmlFormElement) {
    // A view that is drawn anew may keep the form that it had.
    let _ = form.remove_attribute("data-gone");
    // Read first: an effect that fills a form waits for what an earlier page kept.
    if !live.unsent.with(|all| all.contains_key(key)) {
        return;
    }
    let Some(unsent) = live.unsent.try_update(|all| all.remove(key)).flatten() else { return };
    for (name, text) in unsent.fields {
        if name == BASE {
            hidden(form, "base").inspect(|base| base.set_value(&text));
            continue;
        }
        let Ok(Some(field)) = form.query_selector(&format!("[name='{name}']:not([type=hidden])")) else { continue };
        show(&field);
        if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
            if field.value() != text {
                field.set_value(&text);
                go_on_typing(key, field);
            }
        } else if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
            field.set_value(&text);
        } else if let Some(field) = field.dyn_ref::<HtmlSelectElement>() {
            field.set_value(&text);
        }
        // What goes by typing hears of it as of typing.
        let bubbles = EventInit::new();
        bubbles.set_bubbles(true);
        let _ = Event::new_with_event_init_dict("input", &bubbles).map(|event| field.dispatch_event(&event));
    }
}

/// Whoever typed in the field that left goes on in the one that takes over.
fn go_on_typing(key: &str, field: &HtmlInputElement) {
    let held = CARET.with_borrow(Clone::clone).filter(|caret| caret.form == key && caret.field == field.name());
    if let Some(caret) = held {
        CARET.set(None);
        focus(field);
        let _ = field.set_selection_start(caret.at);
        let _ = field.set_selection_end(caret.at);
    }
}

fn hand_on(live: Live, key: &str, form: &HtmlFormElement) {
    if let Some(unsent) = unsent_in(form) {
        live.unsent.update(|all| {
            all.insert(key.to_owned(), unsent);
        });
    }
}

/// What was typed into a form and not sent, with the revision it was typed on.
fn unsent_in(form: &HtmlFormElement) -> Option<Unsent> {
    let mut fields = typed_into(form);
    if fields.is_empty() || is_sent(form) {
        return None;
    }
    fields.extend(hidden(form, "base").map(|base| (BASE.to_owned(), base.value())));
    let slot = hidden(form, "slot").and_then(|slot| slot.value().parse().ok());
    Some(Unsent { slot, fields })
}

fn hidden(form: &HtmlFormElement, name: &str) -> Option<HtmlInputElement> {
    form.query_selector(&format!("input[type=hidden][name='form[{name}]']")).ok().flatten()?.dyn_into().ok()
}

/// Opens what a field is folded into: words nobody sees are lost to whoever typed them.
fn show(field: &Element) {
    while let Ok(Some(fold)) = field.closest("details:not([open])") {
        let _ = fold.set_attribute("open", "");
    }
}

/// Everything somebody has typed into a form, in one; a field that was emptied counts.
fn all_typed(form: &HtmlFormElement) -> String {
    typed_into(form).iter().map(|(name, text)| format!("{name}={text}\n")).collect()
}

/// The fields somebody has typed something into, with what stands there.
fn typed_into(form: &HtmlFormElement) -> Vec<(String, String)> {
    let mut typed = Vec::new();
    if let Ok(fields) =
        form.query_selector_all("input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea, select")
    {
        each(&fields, |field| {
            if let Some((name, now, _)) = text(field).filter(|(name, now, before)| now != before && !name.is_empty()) {
                typed.push((name, now));
            }
        });
    }
    typed
}

/// A field's name, what stands in it, and what stood in it as it came.
fn text(field: &Element) -> Option<(String, String, String)> {
    if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        return Some((field.name(), field.value(), field.default_value()));
    }
    if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
        return Some((field.name(), field.value(), field.default_value().unwrap_or_default()));
    }
    let field = field.dyn_ref::<HtmlSelectElement>()?;
    let one = |selector: &str| field.query_selector(selector).ok().flatten();
    let before = one("option[selected]").or_else(|| one("option")).and_then(|option| option.get_attribute("value"));
    Some((field.name(), field.value(), before.unwrap_or_default()))
}
