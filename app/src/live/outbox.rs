//! What is not yet shared: kept on the device, sent again until it is answered, and shown to its author
//! where it was not taken any more.

use domain::CommandId;
use leptos::prelude::*;
use std::cell::RefCell;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;

use super::browser::new_command;
use super::kept_press::{self, KeptPress};
use super::presses::{self, Presses};
use super::request;
use super::{Keeping, Late, Line, Saving, State, Subject, Typed, announce, late, unsent};
use crate::api::act::Acted;

#[wasm_bindgen(module = "/src/live/keep.js")]
extern "C" {
    fn device(worker: &str, load: &str) -> String;
    /// The key is handed over, not lent: while the function waits, the memory it would be lent from may grow and leave it
    /// nothing.
    async fn open_kept(key: Vec<u8>) -> JsValue;
    fn keeps() -> bool;
    /// Whether a text that is to be kept on this device is not written yet.
    pub fn behind() -> bool;
    #[wasm_bindgen(js_name = keep)]
    pub(super) fn keep_on_device(name: &str, text: &str, at: Option<f64>) -> js_sys::Promise;
    #[wasm_bindgen(js_name = drop)]
    pub(super) fn drop_from_device(whole: &str) -> js_sys::Promise;
    pub(super) fn whole(name: &str) -> String;
    async fn left_behind(start: &str) -> JsValue;
    async fn discard_all();
    /// Loads the page again once everything is kept; false while somebody is in the middle of something.
    pub fn renew() -> bool;
    /// After that, focus, caret and scroll are where they were.
    pub fn go_on();
    /// Which build this page is of.
    pub fn build() -> String;
    /// Whether this tab may hold a stream open, of all the tabs that share a browser's connections.
    pub async fn take_line() -> JsValue;
    /// Leaves that to another tab.
    pub fn give_line();
}

/// How often a page looks for words that a closed one left, in milliseconds.
const LOOK_AGAIN: u64 = 10_000;

/// Sends a press, with its content, that waited for another one's answer.
type Later = Box<dyn FnOnce(String)>;

thread_local! {
    /// Forms whose press is on its way.
    static ON_THEIR_WAY: RefCell<Presses<Later>> = RefCell::default();
}

/// What one page has not shared of one box.
pub struct KeptBox<P> {
    /// Where the box is.
    pub place: P,
    /// To be sent in this order.
    pub batches: Vec<Typed>,
    /// The words in them, for their author's eyes.
    pub words: String,
}

impl<P: Copy + Display + FromStr> KeptBox<P> {
    /// As text: a line for each batch, an empty line, the words. Written by hand, since serde's code for it
    /// would cost the browser more than everything else here.
    fn written(&self) -> String {
        let place = self.place;
        let line = |typed: &Typed| {
            let Typed { command, pen, update } = typed;
            format!("{command} {place} {pen} {}\n", domain::prose::as_base64(update))
        };
        let lines: String = self.batches.iter().map(line).collect();
        format!("{lines}\n{}", self.words)
    }

    /// Reads it again; `None` where it is no such text.
    fn read(text: &str) -> Option<Self> {
        let (lines, words) = text.split_once("\n\n")?;
        let mut place = None;
        let batch = |line: &str| {
            let mut parts = line.split(' ');
            let command = parts.next()?.parse().ok()?;
            place = Some(parts.next()?.parse().ok()?);
            let pen = parts.next()?.parse().ok()?;
            Some(Typed { command, pen, update: domain::prose::from_base64(parts.next()?)? })
        };
        let batches = lines.lines().map(batch).collect::<Option<_>>()?;
        Some(Self { place: place?, batches, words: words.to_owned() })
    }
}

/// Whether this device keeps what is typed.
pub fn works() -> bool {
    keeps()
}

/// Opens what is kept on this device, and sends what earlier pages left.
pub fn start<S: Subject>(subject: S) {
    let state = subject.state();
    let device = device(&state.me.to_string(), &new_command());
    spawn_local(async move {
        if device.is_empty() {
            state.keeping.set(Keeping::Never);
            return;
        }
        let card = loop {
            match request::device_key(&device).await {
                Ok(card) => break card,
                Err(_) => pause(2000).await,
            }
        };
        let opened = open_kept(card.key).await.is_truthy();
        state.keeping.set(match (opened, card.seen_before) {
            (false, _) => Keeping::Never,
            (true, false) => Keeping::FirstTime,
            (true, true) => Keeping::Yes,
        });
        // A page that is closed later leaves its words then, and the browser may tell of a closed one late.
        loop {
            take_over(subject).await;
            pause(LOOK_AGAIN).await;
            while state.line.get_untracked() != Line::Open {
                pause(LOOK_AGAIN).await;
            }
        }
    });
}

/// Takes what closed pages left of this subject: forms are filled, presses and words are sent.
async fn take_over<S: Subject>(subject: S) {
    let state = subject.state();
    let left = js_sys::Array::from(&left_behind(&subject.id()).await);
    let left = left.iter().map(|kept| js_sys::Array::from(&kept));
    let left =
        left.filter_map(|kept| Some((kept.get(0).as_string()?, kept.get(1).as_string()?, kept.get(2).as_f64()?)));
    let (lates, left): (Vec<_>, Vec<_>) = left.partition(|(name, ..)| late::is_late(name));
    let (forms, to_send): (Vec<_>, Vec<_>) = left.into_iter().partition(|(name, ..)| unsent::is_form(name));
    for (name, text, _) in lates {
        late::bring_back(state, name, &text);
    }
    // Whoever comes back sees at once what they had begun to write; the rest waits for the connection.
    for (name, text, at) in forms {
        unsent::bring_back(subject, &name, &text, at).await;
    }
    let mut boxes = Vec::new();
    for (name, text, at) in to_send {
        if let Some(kept) = KeptBox::read(&text) {
            boxes.push((name, kept));
        } else if let Some(press) = KeptPress::read(&name, &text, at) {
            kept_press::resend(subject, press);
        }
    }
    for (name, kept) in boxes {
        deliver(subject, name, kept).await;
    }
}

/// Sends what an earlier page left of a box, until it is answered.
async fn deliver<S: Subject>(subject: S, name: String, kept: KeptBox<S::Place>) {
    let KeptBox { place, batches, words } = kept;
    let (state, shown) = (subject.state(), place.to_string());
    let show = |saving: Option<Saving>| {
        state.saving.update(|all| {
            match saving {
                Some(saving) => all.insert(shown.clone(), saving),
                None => all.remove(&shown),
            };
        });
    };
    show(Some(Saving::Kept));
    for typed in batches {
        let batch = subject.batch(place, typed);
        let refused = loop {
            match request::send::<S>(&batch).await {
                Ok(Acted { seq: Some(_), .. }) => break None,
                Ok(Acted { refused, .. }) => break Some(refused.unwrap_or_default()),
                Err(failed) if failed.is_final() => break Some(format!("Not sent. {}", failed.message())),
                Err(_) => pause(2000).await,
            }
        };
        if let Some(why) = refused {
            show(None);
            came_too_late(state, Late { name, part: Some(S::part_of(place)), words, why });
            return;
        }
    }
    show(Some(Saving::Saved));
    let _ = drop_from_device(&name);
}

/// Keeps what one pad has not shared yet; tells whether that is done.
pub fn keep_box<S: Subject>(subject: S, name: &str, kept: &KeptBox<S::Place>) -> js_sys::Promise {
    keep_on_device(&format!("{}/{name}", subject.id()), &kept.written(), None)
}

/// Forgets it: the server has it.
pub fn drop_box<S: Subject>(subject: S, name: &str) {
    let _ = drop_from_device(&whole(&format!("{}/{name}", subject.id())));
}

/// Shows its author what was not taken, until they file or discard it.
pub fn came_too_late(state: State, late: Late) {
    if state.late.with_untracked(|lates| lates.iter().all(|earlier| earlier.name != late.name)) {
        announce::say(state, "Some of your words came too late. They are at the top of the page.");
    }
    state.late.update(|lates| match lates.iter_mut().find(|earlier| earlier.name == late.name) {
        Some(earlier) => *earlier = late,
        None => lates.push(late),
    });
}

/// Whoever typed the words goes on in the field that holds them now.
pub fn go_on_in_late(name: String) {
    request_animation_frame(move || {
        let field = document().get_element_by_id(&Late::field(&name));
        let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) else { return };
        field.scroll_into_view();
        let _ = field.focus();
        let end = field.text_length();
        let _ = field.set_selection_range(end, end);
    });
}

/// The name a box's words that came too late are kept under.
pub fn late_name<S: Subject>(subject: S, name: &str) -> String {
    whole(&format!("{}/{name}", subject.id()))
}

/// Its author has filed or discarded it.
pub fn settle(state: State, name: &str) {
    late::forget(name);
    state.late.update(|lates| lates.retain(|late| late.name != name));
}

/// One id for one kept text, so that filing it twice files it once.
pub fn command_of(name: &str) -> String {
    CommandId::new(uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes())).to_string()
}

/// Whether anything here is not with the server yet.
pub fn unshared<S: Subject>(subject: S) -> bool {
    let state = subject.state();
    kept_press::any_waits()
        || any_on_its_way()
        || untrack(|| subject.waits())
        || state.late.with_untracked(|late| !late.is_empty())
        || state.saving.with_untracked(|saving| saving.values().any(|saving| *saving != Saving::Saved))
}

/// Whether anything could still be sent by itself.
pub fn has_to_send<S: Subject>(subject: S) -> bool {
    kept_press::any_waits()
        || any_on_its_way()
        || untrack(|| subject.waits())
        || subject
            .state()
            .saving
            .with_untracked(|saving| saving.values().any(|saving| matches!(saving, Saving::Saving | Saving::Kept)))
}

/// Forgets everything of this worker on this device.
pub async fn discard() {
    kept_press::forget();
    discard_all().await;
}

/// Takes a press of a form, and says what becomes of it. `later` sends it with its content once the one before it is
/// answered.
pub fn press(
    key: &str, content: String, command: String, urgent: bool, later: impl FnOnce(String) + 'static,
) -> presses::Press {
    ON_THEIR_WAY.with_borrow_mut(|all| all.press(key, content, command, urgent, Box::new(later)))
}

/// A press is answered, or waits for the connection: what was pressed after it is sent.
pub fn answered(key: &str) {
    if let Some((content, send)) = ON_THEIR_WAY.with_borrow_mut(|all| all.answered(key)) {
        send(content);
    }
}

/// Whether another press of the same form waits for this one's answer.
pub fn waits_behind(key: &str) -> bool {
    ON_THEIR_WAY.with_borrow(|all| all.waits_behind(key))
}

/// Whether a press of any form is on its way.
pub fn any_on_its_way() -> bool {
    ON_THEIR_WAY.with_borrow(Presses::any)
}

/// Whether a press before that of the form `key` is on its way.
pub fn any_before(key: &str) -> bool {
    ON_THEIR_WAY.with_borrow(|all| all.any_before(key))
}

/// Waits.
pub async fn pause(milliseconds: u64) {
    let (send, wait) = futures_channel();
    set_timeout(send, Duration::from_millis(milliseconds));
    let _ = wasm_bindgen_futures::JsFuture::from(wait).await;
}

/// A promise, and what fulfils it.
fn futures_channel() -> (impl FnOnce() + 'static, js_sys::Promise) {
    let mut resolve = None;
    let promise = js_sys::Promise::new(&mut |fulfil, _| resolve = Some(fulfil));
    let resolve = resolve.expect("a promise runs its function at once");
    (
        move || {
            let _ = resolve.call0(&JsValue::NULL);
        },
        promise,
    )
}
