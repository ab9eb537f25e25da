//! How [`super::act::Act`] sends its form in the browser; the answer to what it asked comes over the stream.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement, UrlSearchParams};

use super::Live;
use super::act::{Spec, is_pressed_once, refusal_id};
use super::focus::{
    each, focus_in, go_on_from, go_on_in_open_row, go_to_scene_from, go_to_scene_if_lost, places_around, show_top_of,
};
use super::open_row;
use super::reaction::{FormOutcome, Goes, NOT_YET, Reaction, Says, reaction};
use super::twice;
use super::typed::{all_typed, empty, is_sent, keep_on_device, mark_sent, not_sent};
use super::unasked::send_chosen;
use crate::api::act::Acted;
use crate::live::browser::{monotonic, new_command};
use crate::live::presses::Press;
use crate::live::request::press;
use crate::live::{ActState, Notice, announce, kept_press, outbox};

/// Unanswered for this long, a form says that it is not yet shared.
const PATIENCE: Duration = Duration::from_millis(2500);
/// So long a refusal stands beside its form before it counts as read, in milliseconds.
const READ_AFTER: f64 = 5_000.0;
/// That something is not yet shared is said aloud once in so long, in milliseconds.
const SAID_AGAIN: f64 = 60_000.0;

thread_local! {
    /// When it was last said that something is not yet shared.
    static SAID: Cell<Option<f64>> = const { Cell::new(None) };
    /// The form that was refused last, and when.
    static REFUSED: Cell<Option<(String, f64)>> = const { Cell::new(None) };
    /// The form that moves the room, until its sender has gone to the new heading.
    static MOVES: Cell<Option<HtmlFormElement>> = const { Cell::new(None) };
    /// The part of the page in which a decision is proposed, until its sender has been shown what they proposed.
    static PROPOSES: Cell<Option<Element>> = const { Cell::new(None) };
}

/// Sends a form. The same press again while it is on its way does nothing; another one is sent after it.
pub fn send(live: Live, spec: Spec, form: NodeRef<html::Form>, event: &SubmitEvent) {
    event.prevent_default();
    let Some(form) = form.get_untracked() else { return };
    let Some(content) = content(&form, event.submitter()) else { return };
    if is_pressed_once(spec.act) && event.submitter().is_some() && twice::is_second(live, &spec.key) {
        return;
    }
    let typed = all_typed(&form);
    let pressed = event.submitter().and_then(|button| button.get_attribute("value")).unwrap_or_default();
    send_form(live, Spec { pressed, ..spec }, form, content, typed);
}

/// Sends what a form says, or lets it wait for the answer to the press before; `typed` is what stood in its fields.
fn send_form(live: Live, spec: Spec, form: HtmlFormElement, content: String, typed: String) {
    mark_sent(&form, &typed);
    // What was chosen a moment ago counts before what is pressed now, as when the chair gives a number and reveals.
    send_chosen(Some(&form));
    let later = {
        let (spec, form) = (spec.clone(), form.clone());
        move |content| send_form(live, spec, form, content, typed)
    };
    let command = match outbox::press(&spec.key, content.clone(), new_command(), spec.urgent(), later) {
        Press::Sent(command) => command,
        Press::AfterThis | Press::OnItsWay => return,
    };
    clear_errors(&form);
    if spec.moves() {
        live.heading.set(None);
        // What was done under the heading before is past.
        live.state.notice.set(None);
        MOVES.set(Some(form.clone()));
    }
    if spec.proposes() {
        PROPOSES.set(places_around(&form).into_iter().next());
    }
    send_content(live, spec, Some(form), content, command);
}

/// Whoever moved the room from this page goes to its new heading as it is drawn: a page that scrolls later, when the press is
/// answered, takes the next button from under the finger.
pub fn go_along() {
    request_animation_frame(|| {
        if let Some(form) = MOVES.take() {
            go_to_scene_from(Some(&form));
        }
    });
}

/// What is proposed now stands above the form that proposed it: whoever proposed it from this page is shown it as it is drawn.
pub fn show_proposed() {
    request_animation_frame(|| show_top_of(PROPOSES.take().as_ref()));
}

/// Sends what a notice offers to undo.
pub fn undo(live: Live, fields: &[(String, String)]) {
    let Ok(pairs) = UrlSearchParams::new() else { return };
    let meeting = live.page.with_untracked(|page| page.room.id.to_string());
    pairs.append("form[meeting]", &meeting);
    fields.iter().for_each(|(name, value)| pairs.append(&format!("form[{name}]"), value));
    live.state.notice.set(None);
    send_chosen(None);
    send_undo(live, pairs.to_string().into());
}

/// Sends an undo as a form is sent: what is pressed after it waits for its answer.
fn send_undo(live: Live, content: String) {
    let spec = Spec { key: "undo".to_owned(), act: "undo", reset: false, undo: None, pressed: String::new() };
    let later = move |content| send_undo(live, content);
    if let Press::Sent(command) = outbox::press(&spec.key, content.clone(), new_command(), spec.urgent(), later) {
        send_content(live, spec, None, content, command);
    }
}

/// Waits until what was pressed before the form `key` is answered, so that the meeting hears presses in their order, as
/// when the chair marks who is here and records that all agree; not longer than a person waits.
async fn answers_before(key: &str) {
    let since = monotonic();
    while outbox::any_before(key) && monotonic() - since < PATIENCE.as_secs_f64() * 1000.0 {
        outbox::pause(10).await;
    }
}

fn send_content(live: Live, spec: Spec, form: Option<HtmlFormElement>, content: String, command: String) {
    // What is urgent never goes by itself: its words stay in their form until the server has taken them.
    let kept = (!spec.urgent()).then(|| kept_press::keep(live, spec.key.clone(), content.clone(), command.clone()));
    if let Some(form) = form.as_ref().filter(|_| kept.is_some() && spec.keeps()) {
        // The press is kept now, not what stands in its form.
        keep_on_device(live, &spec.key, form);
    }
    if let Some(kept) = kept.clone().filter(|_| kept_press::any_waits()) {
        react(live, &spec, form.as_ref(), FormOutcome::Unreachable);
        wait(live, &spec, kept);
        return;
    }
    set_state(live, &spec.key, Some(ActState::Busy));
    let place = form.as_ref().map(|form| places_around(form)).unwrap_or_default();
    let (looked, shown) = (live.looking.get_untracked(), untrack(|| live.shown()));
    let row = form.as_ref().and_then(|form| form.closest("[data-row]").ok().flatten()?.get_attribute("data-row"));
    let answered = Rc::new(Cell::new(false));
    let (waiting, slow) = (Rc::clone(&answered), spec.clone());
    set_timeout(
        move || {
            if !waiting.get() {
                react(live, &slow, None, FormOutcome::Slow);
            }
        },
        PATIENCE,
    );
    spawn_local(async move {
        if !spec.urgent() {
            answers_before(&spec.key).await;
        }
        // What waits for the connection now was pressed before.
        let outcome = if kept.is_some() && kept_press::any_waits() {
            FormOutcome::Unreachable
        } else {
            match press::<Live>(&content, &command).await {
                Ok(Acted { refused: None, .. }) => FormOutcome::Applied,
                Ok(Acted { refused: Some(text), field, .. }) => FormOutcome::Refused { text, field },
                Err(failed) if failed.is_final() => FormOutcome::Status(format!("Not sent. {}", failed.message())),
                Err(_) => FormOutcome::Unreachable,
            }
        };
        answered.set(true);
        twice::answered(&spec.key);
        let applied = outcome == FormOutcome::Applied;
        let applied_in_row = open_row::closes(spec.act) && applied;
        let Reaction { waits, goes, .. } = react(live, &spec, form.as_ref(), outcome);
        let still_here = if spec.moves() { MOVES.take() } else { None };
        let still_to_show = if spec.proposes() { PROPOSES.take() } else { None };
        // Another row that is open, or was opened meanwhile, stays open.
        if applied_in_row && row.is_some() && live.row.get_untracked() == row {
            live.row.set(None);
        }
        if goes == Goes::ToScene {
            // Whoever moves the room to another family goes there too, unless they have turned to another meanwhile.
            let stays = [looked, shown].contains(&live.looking.get_untracked());
            if spec.act == "start" && stays {
                live.looking.set(None);
            }
            match still_here {
                Some(form) => go_to_scene_from(Some(&form)),
                None => go_to_scene_if_lost(),
            }
            // Another family's scene is drawn in a moment.
            if spec.act == "start" {
                request_animation_frame(go_to_scene_if_lost);
            }
        }
        if let Some(part) = still_to_show {
            show_top_of(Some(&part).filter(|_| applied));
        }
        match kept {
            Some(kept) if waits => wait(live, &spec, kept),
            kept => {
                kept.as_ref().map(kept_press::answered);
                outbox::answered(&spec.key);
            }
        }
        if applied_in_row {
            go_on_in_open_row();
        }
        go_on_from(place);
    });
}

/// A press waits until the connection is back, before what was pressed after it.
fn wait(live: Live, spec: &Spec, kept: kept_press::KeptPress) {
    kept_press::wait_for(live, kept);
    outbox::answered(&spec.key);
}

/// Does what the reaction to an outcome says, but for going along with the room.
fn react(live: Live, spec: &Spec, form: Option<&HtmlFormElement>, outcome: FormOutcome) -> Reaction {
    let reaction = reaction(outcome, spec.kind());
    if let (Some(ActState::Refused { field, .. }), Some(form)) = (&reaction.state, form) {
        if reaction.goes == Goes::ToRefused {
            show_error(form, field);
        }
        not_sent(live, &spec.key, form);
    }
    set_state(live, &spec.key, reaction.state.clone());
    // What was typed since it was sent stays.
    if reaction.empties
        && !outbox::waits_behind(&spec.key)
        && let Some(form) = form.filter(|form| is_sent(form))
    {
        empty(form);
        close_fold(form);
        if reaction.goes == Goes::ToFirst
            && let Ok(Some(first)) = form.query_selector("input:not([type=hidden]), select")
        {
            focus_in(form, &first);
        }
    }
    if let Some(form) = form.filter(|_| spec.keeps()) {
        keep_on_device(live, &spec.key, form);
    }
    match reaction.says {
        Says::Done => say_done(live, spec, form),
        Says::NotYet => say_not_yet(live),
        Says::Refusal => say_refused(live, spec, form, reaction.state.as_ref()),
    }
    reaction
}

fn say_done(live: Live, spec: &Spec, form: Option<&HtmlFormElement>) {
    if let Some(form) = form.filter(|_| spec.act == "call_break") {
        close_menu(form);
    }
    if let Some(text) = spec.said_in_words() {
        announce::say(live.state, text);
    }
    if let Some(text) = spec.done_in_words() {
        let undo = spec.undo.clone();
        announce::say(live.state, if undo.is_some() { format!("{text} You can undo it.") } else { text.to_owned() });
        live.state.notice.set(Some(Notice { text: text.to_owned(), undo }));
    }
}

/// An undo has no form, and a form may have gone while its answer was on its way: there is no place beside it.
fn say_refused(live: Live, spec: &Spec, form: Option<&HtmlFormElement>, state: Option<&ActState>) {
    let Some(ActState::Refused { text, .. }) = state else { return };
    if form.is_none_or(|form| !form.is_connected()) {
        announce::say(live.state, text.clone());
        live.state.notice.set(Some(Notice { text: text.clone(), undo: None }));
    } else {
        REFUSED.set(Some((spec.key.clone(), monotonic())));
    }
}

/// What was refused a moment before its form leaves the page, as a number given while the chair reveals them, is said where
/// it can still be read.
pub fn keep_refusal(live: Live, key: &str) {
    let Some((refused, at)) = REFUSED.take() else { return };
    if refused != key || monotonic() - at > READ_AFTER {
        return REFUSED.set(Some((refused, at)));
    }
    let state = live.state.acts.with_untracked(|acts| acts.get(key).cloned());
    if let Some(ActState::Refused { text, .. }) = state {
        live.state.notice.set(Some(Notice { text, undo: None }));
    }
}

/// On a slow line each press is late: that is read on its form, and said aloud now and then.
fn say_not_yet(live: Live) {
    let now = monotonic();
    if SAID.get().is_none_or(|said| now - said > SAID_AGAIN) {
        SAID.set(Some(now));
        announce::say(live.state, NOT_YET);
    }
}

fn set_state(live: Live, key: &str, state: Option<ActState>) {
    live.state.acts.update(|acts| match state {
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
        describe(&field, &refusal_id(&form.id()), true);
        focus_in(form, &field);
    }
}

/// Adds a message to what describes a field, or takes it away.
fn describe(field: &Element, message: &str, add: bool) {
    let now = field.get_attribute("aria-describedby").unwrap_or_default();
    let others = now.split_whitespace().filter(|id| *id != message);
    let ids: Vec<&str> = others.chain(add.then_some(message)).collect();
    let _ = if ids.is_empty() {
        field.remove_attribute("aria-describedby")
    } else {
        field.set_attribute("aria-describedby", &ids.join(" "))
    };
}

fn clear_errors(form: &HtmlFormElement) {
    if let Ok(fields) = form.query_selector_all("[aria-invalid]") {
        each(&fields, |field| {
            let _ = field.remove_attribute("aria-invalid");
            describe(field, &refusal_id(&form.id()), false);
        });
    }
}

/// What was chosen in a menu is done, and nothing stands over the page any more.
fn close_menu(form: &HtmlFormElement) {
    if let Ok(Some(menu)) = form.closest("details.cr-more[open]") {
        if let Ok(Some(opener)) = menu.query_selector("summary") {
            focus_in(form, &opener);
        }
        let _ = menu.remove_attribute("open");
    }
}

/// A disclosure that holds only this form is closed when the form is done.
fn close_fold(form: &HtmlFormElement) {
    if let Ok(Some(fold)) = form.closest("details[data-closes]") {
        let _ = fold.remove_attribute("open");
    }
}
