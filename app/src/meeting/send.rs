//! How [`super::act::Act`] sends its form in the browser; the answer to what it asked comes over the stream.

use domain::SlotId;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, FocusOptions, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement, NodeList, UrlSearchParams,
};

use super::act::{ActState, Outcome, Reaction, Spec, reaction};
use crate::api::act::Acted;
use crate::live::browser::{monotonic, new_command};
use crate::live::request::{Failed, press};
use crate::live::{Live, Notice, Unsent, announce, outbox};

/// Unanswered for this long, a form says that it is not yet shared.
const PATIENCE: Duration = Duration::from_millis(2500);

thread_local! {
    /// What each form was sent with last, by its key.
    static SENT: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
    /// The forms that have asked and heard nothing yet, by their keys.
    static IN_FLIGHT: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    /// What a form is sent with once what it was sent with before is answered.
    static AFTERWARDS: RefCell<BTreeMap<String, (Spec, HtmlFormElement, String)>> = const { RefCell::new(BTreeMap::new()) };
}

/// Sends a form once; while it is busy, the same press again does nothing. Another answer given meanwhile is sent after it.
pub fn send(live: Live, spec: Spec, form: NodeRef<html::Form>, event: &SubmitEvent) {
    event.prevent_default();
    let Some(form) = form.get_untracked() else { return };
    let Some(content) = content(&form, event.submitter()) else { return };
    let on_its_way = spec.later_counts() && IN_FLIGHT.with_borrow(|keys| keys.contains(&spec.key));
    if on_its_way || state_of(live, &spec.key) == Some(ActState::Busy) {
        let same = SENT.with_borrow(|sent| sent.get(&spec.key) == Some(&content));
        AFTERWARDS.with_borrow_mut(|afterwards| {
            if same {
                afterwards.remove(&spec.key);
            } else if spec.later_counts() {
                sent_as_is(&form);
                afterwards.insert(spec.key.clone(), (spec, form, content));
            }
        });
        return;
    }
    SENT.with_borrow_mut(|sent| sent.insert(spec.key.clone(), content.clone()));
    sent_as_is(&form);
    clear_errors(&form);
    if spec.moves() {
        live.heading.set(None);
        // What was done under the heading before is past.
        live.notice.set(None);
    }
    let chosen = send_chosen(Some(&form));
    if !chosen {
        send_content(live, spec, Some(form), content);
        return;
    }
    // What was chosen a moment ago counts before what is pressed now, as when the chair gives a number and reveals.
    set_state(live, &spec.key, Some(ActState::Busy));
    spawn_local(async move {
        let since = monotonic();
        while ON_THEIR_WAY.get() > 0 && monotonic() - since < PATIENCE.as_secs_f64() * 1000.0 {
            outbox::pause(10).await;
        }
        send_content(live, spec, Some(form), content);
    });
}

/// So long somebody stays with a choice before it is sent.
const CHOSEN: Duration = Duration::from_millis(300);

thread_local! {
    /// The form of a choice that waits for its person to stay with it.
    static CHOICE: RefCell<Option<HtmlFormElement>> = const { RefCell::new(None) };
    /// How many forms wait for their answer.
    static ON_THEIR_WAY: Cell<u32> = const { Cell::new(0) };
}

/// Sends the form of a choice once its person stays with it.
pub fn when_chosen(event: &leptos::ev::Event) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some((input, form)) = input.and_then(|input| Some((input.clone(), input.form()?))) else { return };
    send_chosen(Some(&form));
    CHOICE.set(Some(form.clone()));
    set_timeout(
        move || {
            if input.checked() && CHOICE.with_borrow(|choice| choice.as_ref() == Some(&form)) {
                send_chosen(None);
            }
        },
        CHOSEN,
    );
}

/// Whether a choice was made and is not sent yet.
pub fn choice_waits() -> bool {
    CHOICE.with_borrow(Option::is_some)
}

/// So long nobody types in a field before what stands in it is sent.
const QUIET: Duration = Duration::from_millis(1500);

/// Sends the form of a field that was changed and is left.
pub fn when_left(event: &leptos::ev::Event) {
    let Some(target) = event.target() else { return };
    let of_line = target.dyn_ref::<HtmlInputElement>().filter(|field| field.type_() == "text");
    let of_line = of_line.and_then(HtmlInputElement::form);
    if let Some(form) = of_line.or_else(|| target.dyn_ref::<HtmlTextAreaElement>()?.form()) {
        send_words(&form);
    }
}

/// Sends the form of a field once its person pauses: who looks up to listen has not left it.
pub fn when_quiet(event: &leptos::ev::Event) {
    // A word that is still being composed is not written yet; the end of its composing is heard too.
    let composing = js_sys::Reflect::get(event, &"isComposing".into()).is_ok_and(|composing| composing.is_truthy());
    if composing {
        return;
    }
    if let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
        let typed = field.value();
        after_pause(field, typed);
    }
}

fn after_pause(field: HtmlInputElement, typed: String) {
    set_timeout(
        move || {
            let Some(form) = field.form().filter(|_| field.value() == typed && field.is_connected()) else { return };
            // The answer the words go with is still on its way.
            if form.has_attribute("aria-busy") {
                after_pause(field, typed);
            } else {
                send_words(&form);
            }
        },
        QUIET,
    );
}

/// Sends what was written beside a number, once the number is given; what was sent already is not sent again.
fn send_words(form: &HtmlFormElement) {
    let one = |selector: &str| form.query_selector(selector).ok().flatten();
    let no_number = one("input[type=radio]").is_some() && one("input[type=radio]:checked").is_none();
    if !form.has_attribute("data-gone") && !no_number && !is_sent(form) {
        // Where it is refused, the form says so.
        let _ = form.request_submit();
    }
}

/// Sends the form whose choice waits, unless it is `except`, which is being sent; whether there was one.
fn send_chosen(except: Option<&HtmlFormElement>) -> bool {
    let form = CHOICE.take().filter(|form| except != Some(form));
    form.is_some_and(|form| form.request_submit().is_ok())
}

/// Sends what a notice offers to undo.
pub fn undo(live: Live, fields: &[(String, String)]) {
    let Ok(pairs) = UrlSearchParams::new() else { return };
    let meeting = live.page.with_untracked(|page| page.room.id.to_string());
    pairs.append("form[meeting]", &meeting);
    fields.iter().for_each(|(name, value)| pairs.append(&format!("form[{name}]"), value));
    live.notice.set(None);
    let spec = Spec { key: "undo".to_owned(), act: "undo", reset: false, undo: None };
    send_content(live, spec, None, pairs.to_string().into());
}

fn send_content(live: Live, spec: Spec, form: Option<HtmlFormElement>, content: String) {
    let id = new_command();
    if outbox::presses_wait() && !spec.urgent() {
        hear(live, &spec, form.as_ref(), Outcome::Unreachable);
        outbox::wait_with(live, spec.key, content, id);
        return;
    }
    set_state(live, &spec.key, Some(ActState::Busy));
    let place = form.as_ref().map(places_around).unwrap_or_default();
    let answered = Rc::new(Cell::new(false));
    let (waiting, slow) = (Rc::clone(&answered), spec.clone());
    set_timeout(
        move || {
            if !waiting.get() {
                let Reaction { state, .. } = reaction(Outcome::Slow, slow.urgent());
                set_state(live, &slow.key, state);
            }
        },
        PATIENCE,
    );
    ON_THEIR_WAY.set(ON_THEIR_WAY.get() + 1);
    IN_FLIGHT.with_borrow_mut(|keys| keys.insert(spec.key.clone()));
    spawn_local(async move {
        let outcome = match press(&content, &id).await {
            Ok(Acted { refused: None, .. }) => Outcome::Applied,
            Ok(Acted { refused: Some(text), field, .. }) => Outcome::Refused { text, field },
            // The server heard it, and would answer the same again.
            Err(failed @ Failed::Status(400..=428 | 430..=499)) => {
                Outcome::Status(format!("Not sent. {}", failed.message()))
            }
            Err(_) => Outcome::Unreachable,
        };
        answered.set(true);
        ON_THEIR_WAY.set(ON_THEIR_WAY.get() - 1);
        IN_FLIGHT.with_borrow_mut(|keys| keys.remove(&spec.key));
        let moved = spec.moves() && outcome == Outcome::Applied;
        let waits = hear(live, &spec, form.as_ref(), outcome);
        if moved {
            go_to_scene();
        }
        let key = spec.key.clone();
        if waits {
            outbox::wait_with(live, spec.key, content, id);
        }
        if let Some((spec, form, content)) = AFTERWARDS.with_borrow_mut(|afterwards| afterwards.remove(&key)) {
            SENT.with_borrow_mut(|sent| sent.insert(key, content.clone()));
            send_content(live, spec, Some(form), content);
        }
        go_on_from(place);
    });
}

/// Does what the reaction says; whether the form is to be kept and sent later.
fn hear(live: Live, spec: &Spec, form: Option<&HtmlFormElement>, outcome: Outcome) -> bool {
    let Reaction { state, empties, waits, tells } = reaction(outcome, spec.urgent());
    if let (Some(ActState::Refused { field, .. }), Some(form)) = (&state, form) {
        show_error(form, field);
        not_sent(live, &spec.key, form);
    }
    set_state(live, &spec.key, state);
    if empties
        && spec.reset
        && let Some(form) = form
    {
        form.reset();
        close_fold(form);
        if let Ok(Some(first)) = form.query_selector("input:not([type=hidden]), select") {
            focus(&first);
        }
    }
    if tells && let Some(text) = spec.told() {
        let undo = spec.undo.clone();
        announce::say(live, if undo.is_some() { format!("{text} You can undo it.") } else { text.to_owned() });
        live.notice.set(Some(Notice { text: text.to_owned(), undo }));
    }
    waits
}

fn state_of(live: Live, key: &str) -> Option<ActState> {
    live.acts.with_untracked(|acts| acts.get(key).cloned())
}

fn set_state(live: Live, key: &str, state: Option<ActState>) {
    live.acts.update(|acts| match state {
        Some(state) => {
            acts.insert(key.to_owned(), state);
        }
        None => {
            acts.remove(key);
        }
    });
}

/// What a form says, without an id.
fn content(form: &HtmlFormElement, submitter: Option<HtmlElement>) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    let pairs = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    if let Some(button) = submitter {
        let name = button.get_attribute("name").unwrap_or_default();
        if !name.is_empty() {
            pairs.append(&name, &button.get_attribute("value").unwrap_or_default());
        }
    }
    pairs.delete("form[command]");
    pairs.to_string().as_string()
}

/// Marks the field a refusal is about and goes to it.
fn show_error(form: &HtmlFormElement, field: &str) {
    if field.is_empty() {
        return;
    }
    if let Ok(Some(field)) = form.query_selector(&format!("[name='form[{field}]']:not([type=hidden])")) {
        let _ = field.set_attribute("aria-invalid", "true");
        focus(&field);
    }
}

fn clear_errors(form: &HtmlFormElement) {
    if let Ok(fields) = form.query_selector_all("[aria-invalid]") {
        each(&fields, |field| {
            let _ = field.remove_attribute("aria-invalid");
        });
    }
}

/// A disclosure that holds only this form is closed when the form is done.
fn close_fold(form: &HtmlFormElement) {
    if let Ok(Some(fold)) = form.closest("details[data-closes]") {
        let _ = fold.remove_attribute("open");
    }
}

/// The parts of the page around a form, from the inside out.
fn places_around(form: &HtmlFormElement) -> Vec<Element> {
    std::iter::successors(form.parent_element(), |part| part.parent_element())
        .filter(|part| part.has_attribute("aria-label") || part.has_attribute("aria-labelledby"))
        .collect()
}

thread_local! {
    /// Where keyboard and screen reader go on if what has the focus leaves the page.
    static PLACES: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
    /// The form and field that left the page with the caret in it, and where in it.
    static CARET: RefCell<Option<(String, String, Option<u32>)>> = const { RefCell::new(None) };
}

/// Whoever moves the room goes on at its new heading.
fn go_to_scene() {
    if let Some(scene) = document().get_element_by_id("scene") {
        focus(&scene);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// As above, where nothing on the page has the focus any more.
pub fn go_to_scene_if_lost() {
    if document().active_element().is_none_or(|active| active.tag_name() == "BODY") {
        go_to_scene();
    }
}

/// The form that has the focus is about to leave the page: after that, keyboard and screen reader go on from the part it
/// stood in.
fn go_on_from(places: Vec<Element>) {
    let lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    let scene = || document().get_element_by_id("scene");
    if lost && let Some(part) = places.into_iter().find(|part| part.is_connected()).or_else(scene) {
        if !part.has_attribute("tabindex") {
            let _ = part.set_attribute("tabindex", "-1");
        }
        focus(&part);
    }
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// What is in the fields now is sent: it is no unsent text any more.
fn sent_as_is(form: &HtmlFormElement) {
    let _ = form.set_attribute("data-sent", &all_typed(form));
}

/// Whether what is in the fields now was sent.
fn is_sent(form: &HtmlFormElement) -> bool {
    form.get_attribute("data-sent").unwrap_or_default() == all_typed(form)
}

/// Everything somebody has typed into a form, in one; a field that was emptied counts.
fn all_typed(form: &HtmlFormElement) -> String {
    typed_into(form).iter().map(|(name, text)| format!("{name}={text}\n")).collect()
}

/// What was sent and refused was not sent: it stays its author's, also where its form has left the page meanwhile.
fn not_sent(live: Live, key: &str, form: &HtmlFormElement) {
    let _ = form.remove_attribute("data-sent");
    let slot = form.query_selector("input[name='form[slot]']").ok().flatten();
    let slot = slot.and_then(|field| field.get_attribute("value")?.parse().ok());
    if form.has_attribute("data-gone") && !form.is_connected() {
        keep_typed(live, key, slot, form);
    }
}

fn keep_typed(live: Live, key: &str, slot: Option<SlotId>, form: &HtmlFormElement) {
    let typed = typed_into(form);
    if !typed.is_empty() && !is_sent(form) {
        live.unsent.update(|all| {
            all.insert(key.to_owned(), Unsent { slot, fields: typed });
        });
    }
}

/// The fields somebody has typed something into.
fn typed_into(form: &HtmlFormElement) -> Vec<(String, String)> {
    let mut typed = Vec::new();
    if let Ok(fields) =
        form.query_selector_all("input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea, select")
    {
        each(&fields, |field| {
            let (name, value, before) = if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
                (field.name(), field.value(), field.default_value())
            } else if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
                (field.name(), field.value(), field.default_value().unwrap_or_default())
            } else if let Some(field) = field.dyn_ref::<HtmlSelectElement>() {
                let chosen = field.query_selector("option[selected]").ok().flatten();
                let first = || field.query_selector("option").ok().flatten();
                let before = chosen.or_else(first).and_then(|option| option.get_attribute("value"));
                (field.name(), field.value(), before.unwrap_or_default())
            } else {
                return;
            };
            if value != before && !name.is_empty() {
                typed.push((name, value));
            }
        });
    }
    typed
}

/// Hands on what was typed into a form that leaves the page, and the focus it holds.
pub fn leave(live: Live, key: &str, slot: Option<SlotId>, form: &HtmlFormElement) {
    // A browser tells a field that it is left as it goes; nothing hears the form by then.
    let _ = form.set_attribute("data-gone", "");
    keep_typed(live, key, slot, form);
    let active = document().active_element().filter(|active| form.contains(Some(active)));
    if let Some(active) = active {
        let field = active.dyn_into::<HtmlInputElement>().ok();
        CARET.set(field.map(|field| (key.to_owned(), field.name(), field.selection_start().ok().flatten())));
        PLACES.set(places_around(form));
        request_animation_frame(|| {
            CARET.set(None);
            go_on_from(PLACES.take());
        });
    }
}

/// Fills a form that comes back with what was typed into it before.
pub fn fill(live: Live, key: &str, form: &HtmlFormElement) {
    // A view that is drawn anew may keep the form that it had.
    let _ = form.remove_attribute("data-gone");
    let Some(unsent) = live.unsent.try_update(|all| all.remove(key)).flatten() else { return };
    for (name, text) in unsent.fields {
        let Ok(Some(field)) = form.query_selector(&format!("[name='{name}']:not([type=hidden])")) else { continue };
        if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
            if field.value() == text {
                continue;
            }
            field.set_value(&text);
            let held =
                CARET.with_borrow(|caret| caret.clone()).filter(|(of, in_field, _)| of == key && *in_field == name);
            if let Some((.., at)) = held {
                // Whoever types goes on in the form that takes over.
                CARET.set(None);
                focus(field);
                let _ = field.set_selection_start(at);
                let _ = field.set_selection_end(at);
            }
        } else if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
            field.set_value(&text);
        } else if let Some(field) = field.dyn_ref::<HtmlSelectElement>() {
            field.set_value(&text);
        }
    }
}

fn each(nodes: &NodeList, mut work: impl FnMut(&Element)) {
    for at in 0..nodes.length() {
        if let Some(element) = nodes.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
            work(&element);
        }
    }
}
