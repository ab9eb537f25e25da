//! What only a browser does: the stream, sending forms, the clock.

use chrono::{TimeDelta, Utc};
use domain::SlotId;
use domain::meeting::Event;
use domain::page::{Frame, MeetingPage, PenCard};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortSignal, Element, EventSource, FocusOptions, FormData, Headers, HtmlElement, HtmlFormElement, MessageEvent,
    Request, RequestInit, Response, UrlSearchParams,
};

use super::late::Leave;
use super::{Line, Live, Saving, outbox, presence};
use crate::api::WORKER;
use crate::api::act::Acted;
use crate::api::device::KeyCard;
use crate::api::prose::Batch;

thread_local! {
    /// Whose page this is; every request says so, and is not taken in somebody else's name.
    static ME: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Silence on the stream after which it is opened again, in milliseconds.
const SILENCE: f64 = 20_000.0;
/// A stream that has brought nothing for this long, in milliseconds, is held back by a proxy.
const GREETING: f64 = 4_000.0;
/// A hidden page closes its stream after this long: a browser has six connections for all tabs.
const HIDDEN: f64 = 30_000.0;

/// Opens the stream, starts the clock, asks for pens.
pub fn start(live: Live) {
    ME.set(live.page.with_untracked(|page| page.me.to_string()));
    clock(live);
    if !live.page.with_untracked(|page| page.projector) {
        take_pens(live);
        outbox::start(live);
        watch_leaving(live);
    }
    Stream::keep(live);
    warn_before_leaving(live);
}

/// Without pens nothing typed can be sent, so they are asked for until they come.
fn take_pens(live: Live) {
    spawn_local(async move {
        let meeting = live.page.with_untracked(|page| page.room.id.to_string());
        match pens(&meeting).await {
            Ok(granted) => live.pens.set(granted),
            Err(_) => set_timeout(move || take_pens(live), Duration::from_secs(2)),
        }
    });
}

/// Milliseconds since the page was loaded; never set back.
pub fn monotonic() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// The server's clock, right even where the device's is wrong by minutes.
fn clock(live: Live) {
    // The page carries the server's time of when it was asked for, which is where this count begins.
    let from = live.now.get_untracked();
    set_interval(
        move || {
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of one page's life fit")]
            let passed = TimeDelta::milliseconds(monotonic() as i64);
            live.now.set((from + passed).with_timezone(&Utc));
        },
        Duration::from_secs(1),
    );
}

fn warn_before_leaving(live: Live) {
    let warn = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        // What is kept on the device is there after the page is loaded again.
        let nowhere = live.saving.with_untracked(|all| all.values().any(|one| matches!(one, Saving::NotSaved(_))));
        if nowhere || (outbox::unshared(live) && !outbox::works()) {
            event.prevent_default();
        }
    });
    let _ = window().add_event_listener_with_callback("beforeunload", warn.as_ref().unchecked_ref());
    warn.forget();
}

/// The stream and what keeps it open.
struct Stream {
    live: Live,
    source: RefCell<Option<EventSource>>,
    heard: Cell<f64>,
    hidden_since: Cell<Option<f64>>,
    retry: Cell<f64>,
    opened: Cell<f64>,
    /// How many streams brought nothing at all.
    deaf: Cell<u32>,
    /// Whether the page asks again and again, since a proxy holds its streams back.
    polling: Cell<bool>,
}

impl Stream {
    fn keep(live: Live) {
        let stream = Rc::new(Self {
            live,
            source: RefCell::new(None),
            heard: Cell::new(monotonic()),
            hidden_since: Cell::new(None),
            retry: Cell::new(500.0),
            opened: Cell::new(0.0),
            deaf: Cell::new(0),
            polling: Cell::new(false),
        });
        stream.open();
        for (event, back) in [("offline", false), ("online", true)] {
            let told = Rc::clone(&stream);
            let hear = Closure::<dyn Fn()>::new(move || if back { told.retry.set(0.0) } else { told.lost() });
            let _ = window().add_event_listener_with_callback(event, hear.as_ref().unchecked_ref());
            hear.forget();
        }
        let watched = Rc::clone(&stream);
        let watch = Closure::<dyn Fn()>::new(move || watched.watch());
        let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(watch.as_ref().unchecked_ref(), 500);
        watch.forget();
    }

    /// Where the news come from: "stream", or "poll" behind a proxy that buffers.
    fn address(&self, way: &str) -> String {
        let (id, cursor, me, projector) =
            self.live.page.with_untracked(|page| (page.room.id, page.cursor, page.me, page.projector));
        let view = if projector { "&view=room" } else { "" };
        // A page that was emptied starts from nothing.
        let cursor = if self.live.line.get_untracked() == Line::SignedOut { 0 } else { cursor };
        format!("/meetings/{id}/{way}?after={cursor}&worker={me}&load={}{view}", presence::load())
    }

    /// Asks again and again; a proxy that buffers lets whole answers through.
    fn poll(self: &Rc<Self>) {
        let stream = Rc::clone(self);
        spawn_local(async move {
            while stream.live.line.get_untracked() != Line::Ended {
                if stream.rests() {
                    outbox::pause(500).await;
                    continue;
                }
                match get::<Vec<String>>(&stream.address("poll")).await {
                    Ok(frames) => frames.iter().for_each(|frame| stream.hear(frame)),
                    Err(_) => {
                        stream.lost();
                        outbox::pause(2000).await;
                    }
                }
            }
        });
    }

    /// Whether the page has been hidden for long and has nothing to send.
    fn rests(&self) -> bool {
        self.hidden_since.get().is_some_and(|since| monotonic() - since > HIDDEN) && !outbox::unsent(self.live)
    }

    fn open(self: &Rc<Self>) {
        if let Some(old) = self.source.borrow_mut().take() {
            old.close();
        }
        let Ok(source) = EventSource::new(&self.address("stream")) else { return };
        let (now, heard) = (monotonic(), Rc::clone(self));
        presence::tell_again();
        self.opened.set(now);
        self.heard.set(now);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                heard.deaf.set(0);
                heard.hear(&text);
            }
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        let failed = Rc::clone(self);
        let on_error = Closure::<dyn Fn()>::new(move || failed.lost());
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        on_error.forget();
        *self.source.borrow_mut() = Some(source);
    }

    fn lost(&self) {
        if let Some(source) = self.source.borrow_mut().take() {
            source.close();
        }
        if self.live.line.get_untracked() == Line::Open {
            self.live.line.set(Line::Lost);
            self.live.said.set("Connection lost. What you type is kept.".to_owned());
            // A stream does not say why it ended; a small question does.
            let live = self.live;
            spawn_local(async move {
                let meeting = live.page.with_untracked(|page| page.room.id.to_string());
                if let Err(Failed::SignedOut) = pens(&meeting).await {
                    signed_out(live);
                }
            });
        }
        self.opened.set(monotonic());
    }

    /// Twice a second: a dead line, a hidden page, a page shown again.
    fn watch(self: &Rc<Self>) {
        if self.live.line.get_untracked() == Line::Ended {
            return;
        }
        let now = monotonic();
        presence::tick(self.live);
        self.hidden_since.set(document().hidden().then(|| self.hidden_since.get().unwrap_or(now)));
        if self.rests() {
            if let Some(source) = self.source.borrow_mut().take() {
                source.close();
            }
            return;
        }
        if self.polling.get() {
            return;
        }
        let open = self.source.borrow().is_some();
        // The server greets each stream at once: one that brings nothing is held back somewhere.
        let deaf = open && now - self.opened.get() > GREETING && self.heard.get() <= self.opened.get();
        if deaf {
            self.deaf.set(self.deaf.get() + 1);
            self.lost();
            if self.deaf.get() > 1 {
                self.polling.set(true);
                self.poll();
            }
        } else if open && now - self.heard.get() > SILENCE {
            self.lost();
        } else if !open && !document().hidden() && now - self.opened.get() > self.retry.get() {
            self.retry.set((self.retry.get() * 2.0).min(10_000.0));
            self.open();
        }
    }

    fn hear(&self, text: &str) {
        self.heard.set(monotonic());
        let Some(frame) = domain::wire::read::<Frame>(text) else { return };
        if self.live.line.get_untracked() != Line::Open {
            if self.live.line.get_untracked() == Line::Lost {
                self.live.said.set("Connection is back.".to_owned());
            }
            self.live.line.set(Line::Open);
            self.retry.set(500.0);
        }
        take(self.live, frame);
    }
}

fn take(live: Live, frame: Frame) {
    let before = live.page.with_untracked(|page| page.room.current);
    match frame {
        Frame::Entries { entries, cursor } => {
            let moves = entries.iter().any(|entry| matches!(entry.event, Event::Started { .. }));
            if moves {
                stay_where_one_types(live);
            }
            live.page.update(|page| {
                for entry in &entries {
                    page.room.apply(entry);
                }
                page.cursor = cursor;
            });
        }
        Frame::View { page } => {
            stay_where_one_types(live);
            live.page.set(*page);
        }
        Frame::Here { people } => {
            live.been.update(|been| {
                people.iter().for_each(|here| {
                    been.insert(here.worker);
                })
            });
            live.here.set(people);
        }
        Frame::Beat { cursor } => live.page.update_untracked(|page| page.cursor = page.cursor.max(cursor)),
        Frame::Ended => {
            live.line.set(Line::Ended);
            live.page.update(empty);
        }
        Frame::SignedOut => signed_out(live),
    }
    say_family(live, before);
}

/// The page keeps asking: when the same person has signed in again it goes on where it was.
fn signed_out(live: Live) {
    if !matches!(live.line.get_untracked(), Line::SignedOut | Line::Ended) {
        live.line.set(Line::SignedOut);
        live.said.set("You are signed out.".to_owned());
        live.page.update(empty);
    }
}

/// Nothing of the families stays on a page that may not see them any more.
fn empty(page: &mut MeetingPage) {
    page.families.clear();
    for slot in &mut page.room.slots {
        slot.family = None;
        slot.boxes.clear();
        slot.decisions.clear();
        slot.steps.clear();
        slot.members.clear();
        slot.children.clear();
    }
}

/// Following the chair waits while one types: the family on the page stays.
fn stay_where_one_types(live: Live) {
    let typing = document()
        .active_element()
        .is_some_and(|element| matches!(element.tag_name().as_str(), "TEXTAREA" | "INPUT" | "SELECT"));
    if typing && live.looking.get_untracked().is_none() {
        let shown = untrack(|| live.shown());
        live.looking.set(shown);
    }
}

fn say_family(live: Live, before: Option<domain::SlotId>) {
    let now = live.page.with_untracked(|page| page.room.current);
    if now == before {
        return;
    }
    if live.looking.get_untracked() == now {
        live.looking.set(None);
    }
    let told = now.map(|id| live.family(id, |family| family.reference.clone())).unwrap_or_default();
    live.said.set(match (now, told.is_empty()) {
        (None, _) => "Between families.".to_owned(),
        (Some(_), true) => "Another family is being discussed.".to_owned(),
        (Some(_), false) => format!("Now discussing family {told}."),
    });
}

/// A fresh id for a command.
pub fn new_command() -> String {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

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
    if outbox::presses_wait() {
        later(live, &form, key, content, id);
        return;
    }
    let answered = Rc::new(Cell::new(false));
    let (waiting, impatient) = (Rc::clone(&answered), key.clone());
    set_timeout(
        move || {
            if !waiting.get() {
                live.refused.set(Some((impatient, NOT_YET.to_owned())));
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
                live.refused.set(Some((key, format!("Not sent. {}", Failed::Status(status).told()))));
            }
            Err(_) => later(live, &form, key, content, id),
        }
    });
}

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

/// Sends one press of a form.
pub async fn press(content: &str, command: &str) -> Result<Acted, Failed> {
    post("/api/meeting/act", FORM, &format!("{content}&{COMMAND}={command}")).await
}

/// The worker's key for what this device keeps.
pub async fn device_key(device: &str) -> Result<KeyCard, Failed> {
    post("/api/device/key", FORM, &format!("device={device}")).await
}

/// Says what this page's person does; nobody waits for the answer.
pub async fn tell_presence(content: &str) {
    let _: Result<(), Failed> = post("/api/meeting/here", FORM, content).await;
}

/// Files words as a late contribution.
pub async fn file_late(meeting: &str, slot: SlotId, command: &str, words: &str) -> Result<Acted, Failed> {
    let words = js_sys::encode_uri_component(words);
    let form = format!("form[meeting]={meeting}&form[slot]={slot}&form[command]={command}&form[text]={words}");
    post("/api/meeting/late", FORM, &form).await
}

/// Asks about words not yet shared before signing out.
fn watch_leaving(live: Live) {
    let ask = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        if form.is_some_and(|form| form.action().ends_with(SIGN_OUT)) && outbox::unshared(live) {
            event.prevent_default();
            live.leaving.set(true);
        }
    });
    let _ = document().add_event_listener_with_callback("submit", ask.as_ref().unchecked_ref());
    ask.forget();
}

const SIGN_OUT: &str = "/api/sign-out";

/// Signs out, with what becomes of words not yet shared.
pub fn leave(live: Live, how: Leave) {
    spawn_local(async move {
        match how {
            Leave::Keep => {}
            Leave::Discard => outbox::discard().await,
            Leave::Send => {
                while live.leaving.get_untracked() && outbox::unsent(live) {
                    outbox::pause(300).await;
                }
                if !live.leaving.get_untracked() {
                    return;
                }
            }
        }
        live.saving.update(std::collections::BTreeMap::clear);
        let form = document().query_selector(&format!("form[action='{SIGN_OUT}']")).ok().flatten();
        if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
            let _ = form.submit();
        }
    });
}

/// The form's field that holds the command's id.
const COMMAND: &str = "form%5Bcommand%5D";

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

/// Why a request got no answer that can be used.
pub enum Failed {
    /// Nothing arrived, or nothing came back.
    Offline,
    /// The session has ended.
    SignedOut,
    /// The server answered with another status.
    Status(u16),
}

impl Failed {
    /// What to tell the person.
    pub fn told(&self) -> String {
        match self {
            Self::Offline => "No connection to the server; try again when it is back.".to_owned(),
            Self::SignedOut => {
                "You are signed out. Sign in again in another tab as the same person; this page goes on.".to_owned()
            }
            Self::Status(status) => format!("The server answered {status}; try again in a moment."),
        }
    }
}

/// The author ids of this page load.
pub async fn pens(meeting: &str) -> Result<Vec<PenCard>, Failed> {
    post("/api/meeting/pens", FORM, &format!("meeting={meeting}")).await
}

/// Sends a batch of keystrokes. Written out rather than by the server function's own client, which
/// would cost the browser more than everything else that sends.
pub async fn send(batch: &Batch) -> Result<Acted, Failed> {
    let body = serde_json::to_string(batch).map_err(|_| Failed::Offline)?;
    post("/api/meeting/typed", "application/json", &format!("{{\"batch\":{body}}}")).await
}

const FORM: &str = "application/x-www-form-urlencoded";

async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failed> {
    let init = RequestInit::new();
    init.set_signal(Some(&AbortSignal::timeout_with_u32(30_000)));
    fetched(path, &init).await
}

async fn post<T: DeserializeOwned>(path: &str, kind: &str, body: &str) -> Result<T, Failed> {
    let offline = |_| Failed::Offline;
    let headers = Headers::new().map_err(offline)?;
    headers.set("Content-Type", kind).map_err(offline)?;
    headers.set("Accept", "application/json").map_err(offline)?;
    headers.set(WORKER, &ME.with_borrow(String::clone)).map_err(offline)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(body));
    // A line that is dead without saying so would be waited for without end.
    init.set_signal(Some(&AbortSignal::timeout_with_u32(12_000)));
    fetched(path, &init).await
}

async fn fetched<T: DeserializeOwned>(path: &str, init: &RequestInit) -> Result<T, Failed> {
    let offline = |_| Failed::Offline;
    let request = Request::new_with_str_and_init(path, init).map_err(offline)?;
    let response: Response =
        JsFuture::from(window().fetch_with_request(&request)).await.map_err(offline)?.unchecked_into();
    match response.status() {
        401 => return Err(Failed::SignedOut),
        status if status >= 500 || status == 429 => return Err(Failed::Status(status)),
        _ => {}
    }
    let text = JsFuture::from(response.text().map_err(offline)?).await.map_err(offline)?;
    serde_json::from_str(&text.as_string().unwrap_or_default()).map_err(|_| Failed::Status(response.status()))
}
