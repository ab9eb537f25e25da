//! Forms sent by the page itself; the answer comes over the stream.

use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, FocusOptions, FormData, HtmlElement, HtmlFormElement, UrlSearchParams};

use super::browser::new_command;
use super::request::{Failed, press};
use super::{Live, outbox};
use crate::api::act::Acted;

/// Sends an act's form by itself; the page stays, the answer comes over the stream.
pub fn submit(live: Live, event: &leptos::ev::SubmitEvent) {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
    if !form.class_list().contains("cr-act") {
        return;
    }
    event.prevent_default();
    if form.has_attribute("data-busy") {
        return;
    }
    let Some(content) = content(&form, event.submitter()) else { return };
    let _ = form.set_attribute("data-busy", "yes");
    let place = place_of(&form);
    let key = form.get_attribute("data-key").unwrap_or_default();
    let id = new_command();
    let urgent = form.has_attribute("data-urgent");
    if outbox::presses_wait() && !urgent {
        later(live, &form, key, content, id);
        return;
    }
    let answered = Rc::new(Cell::new(false));
    let (waiting, impatient) = (Rc::clone(&answered), key.clone());
    set_timeout(
        move || {
            if !waiting.get() {
                live.refused.set(Some((impatient, if urgent { NOT_SENT } else { NOT_YET }.to_owned())));
            }
        },
        Duration::from_millis(2500),
    );
    spawn_local(async move {
        let told = press(&content, &id).await;
        answered.set(true);
        let _ = form.remove_attribute("data-busy");
        match told {
            Ok(Acted { refused: None, .. }) => {
                live.refused.update(|refused| {
                    if refused.as_ref().is_some_and(|(of, _)| *of == key) {
                        *refused = None;
                    }
                });
                empty_where_asked(&form);
                stay_near(place);
            }
            Ok(Acted { refused: Some(why), .. }) => live.refused.set(Some((key, why))),
            // The server heard it, and would answer the same again.
            Err(Failed::Status(status @ 400..=428 | status @ 430..=499)) => {
                live.refused.set(Some((key, format!("Not sent. {}", Failed::Status(status).message()))));
            }
            // Nobody waits for what is urgent to be sent by itself.
            Err(_) if urgent => live.refused.set(Some((key, NOT_SENT.to_owned()))),
            Err(_) => later(live, &form, key, content, id),
        }
    });
}

const NOT_SENT: &str = "NOT sent. Ring now.";
const NOT_YET: &str = "Kept on this device, not yet shared; it is sent by itself when the connection is back.";

/// A press that did not arrive waits for the connection, under the same id.
fn later(live: Live, form: &HtmlFormElement, key: String, content: String, id: String) {
    let _ = form.remove_attribute("data-busy");
    empty_where_asked(form);
    live.refused.set(Some((key.clone(), NOT_YET.to_owned())));
    outbox::wait_with(live, key, content, id);
}

fn empty_where_asked(form: &HtmlFormElement) {
    if form.has_attribute("data-reset") {
        form.reset();
        if let Ok(Some(first)) = form.query_selector("input:not([type=hidden]), select") {
            focus(&first);
        }
    }
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

/// The parts of the page around a form, from the inside out.
fn place_of(form: &HtmlFormElement) -> Vec<Element> {
    std::iter::successors(form.parent_element(), |part| part.parent_element())
        .filter(|part| part.has_attribute("aria-label") || part.has_attribute("aria-labelledby"))
        .collect()
}

/// Where the button one pressed has gone with its form, keyboard and screen reader go on from the part
/// of the page it stood in; focus that is anywhere else is left where it is.
fn stay_near(place: Vec<Element>) {
    let check = move || {
        let lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
        if let Some(part) = place.iter().find(|part| part.is_connected()).filter(|_| lost) {
            let _ = part.set_attribute("tabindex", "-1");
            focus(part);
        }
    };
    // The answer and the event it tells of come by two ways, in any order.
    for wait in [50, 400, 1500] {
        set_timeout(check.clone(), Duration::from_millis(wait));
    }
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}
