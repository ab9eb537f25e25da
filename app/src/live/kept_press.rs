//! Presses are kept on the device until they are answered: without a connection they wait in their order, and a page that is
//! loaded again sends what the page before did not see answered.

use domain::SlotId;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use wasm_bindgen_futures::spawn_local;
use web_sys::UrlSearchParams;

use super::outbox::{came_too_late, drop_from_device, keep_on_device, meeting, pause, whole};
use super::request;
use super::{Late, Live};
use crate::api::act::Acted;
use crate::meeting::act::{ActState, is_of_the_moment, with_name};

thread_local! {
    /// Presses that wait for the connection, in their order.
    static WAITING: RefCell<VecDeque<KeptPress>> = RefCell::default();
    static SENDING: Cell<bool> = const { Cell::new(false) };
    /// How many this page has kept.
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

/// One press of a form; kept as its id, a space, its key, a line end, its fields.
#[derive(Clone)]
pub struct KeptPress {
    /// The form's key on the page.
    key: String,
    /// Its fields, without an id.
    content: String,
    /// Its id.
    command: String,
    /// Where it is kept.
    name: String,
}

/// What moves the room is meant at once: so long after it was pressed, in milliseconds, it is not sent any more.
const MEANT_NOW: f64 = 60_000.0;

/// Sends a press that an earlier page kept at `at`, unless it was meant for that moment only.
pub fn resend(live: Live, press: KeptPress, at: f64) {
    let act = UrlSearchParams::new_with_str(&press.content).ok().and_then(|pairs| pairs.get("form[act]"));
    if act.is_some_and(|act| is_of_the_moment(&act)) && js_sys::Date::now() - at > MEANT_NOW {
        answered(&press);
        return;
    }
    live.acts.update(|acts| {
        acts.insert(press.key.clone(), ActState::Waiting);
    });
    wait_for(live, press);
}

/// Whether presses are waiting: a new one then waits behind them.
pub fn any_waits() -> bool {
    WAITING.with_borrow(|waiting| !waiting.is_empty())
}

impl KeptPress {
    /// A press as it was kept under `name`; `None` where the text is of another kind.
    pub fn read(name: &str, text: &str) -> Option<Self> {
        let (head, content) = text.split_once('\n')?;
        let (command, key) = head.split_once(' ')?;
        Some(Self {
            key: key.to_owned(),
            content: content.to_owned(),
            command: command.to_owned(),
            name: name.to_owned(),
        })
    }
}

/// Keeps a press until it is answered, so that a page that is loaded again meanwhile sends it under the same id.
pub fn keep(live: Live, key: String, content: String, command: String) -> KeptPress {
    let number = COUNT.get();
    COUNT.set(number + 1);
    let name = format!("{}/press/{number:06}", meeting(live));
    let press = KeptPress { key, content, command, name: whole(&name) };
    let _ = keep_on_device(&name, &format!("{} {}\n{}", press.command, press.key, press.content), None);
    press
}

/// A press is answered: nothing of it is kept.
pub fn answered(press: &KeptPress) {
    let _ = drop_from_device(&press.name);
}

/// Puts a press behind those that wait, and sends them as soon as that is possible.
pub fn wait_for(live: Live, press: KeptPress) {
    WAITING.with_borrow_mut(|waiting| waiting.push_back(press));
    live.waiting.set(WAITING.with_borrow(VecDeque::len));
    if !SENDING.replace(true) {
        spawn_local(async move {
            send_presses(live).await;
            SENDING.set(false);
        });
    }
}

async fn send_presses(live: Live) {
    while let Some(press) = WAITING.with_borrow(|waiting| waiting.front().cloned()) {
        let refused = match request::press(&press.content, &press.command).await {
            Ok(Acted { refused, .. }) => refused,
            Err(failed) if failed.is_final() => Some(format!("Not sent. {}", failed.message())),
            Err(_) => {
                pause(2000).await;
                continue;
            }
        };
        WAITING.with_borrow_mut(|waiting| waiting.pop_front());
        live.waiting.set(WAITING.with_borrow(VecDeque::len));
        live.acts.update(|acts| {
            acts.remove(&press.key);
        });
        match refused {
            None => answered(&press),
            Some(why) => {
                let words = in_words(&press.content).unwrap_or_default();
                let slot = to_file(live, &press.content).filter(|_| !words.is_empty());
                came_too_late(live, Late { name: press.name, slot, words, why });
            }
        }
    }
}

/// The family of a press, where its words can be filed as a late contribution.
fn to_file(live: Live, content: &str) -> Option<SlotId> {
    let slot = UrlSearchParams::new_with_str(content).ok()?.get("form[slot]")?.parse().ok()?;
    live.page.with_untracked(|page| page.room.slot(slot).is_some_and(|slot| slot.progress.frozen())).then_some(slot)
}

/// What somebody typed into a form, for their eyes; nothing where they only chose.
fn in_words(content: &str) -> Option<String> {
    let told = ["what", "why", "text", "words", "own_words", "own_number", "with", "to", "due", "measure"];
    let pairs = UrlSearchParams::new_with_str(content).ok()?;
    let words = told.iter().filter_map(|field| pairs.get(&format!("form[{field}]"))).filter(|word| !word.is_empty());
    let words = words.collect::<Vec<_>>().join(" · ");
    (!words.is_empty()).then(|| with_name(&pairs.get("form[act]").unwrap_or_default(), &words))
}

/// Forgets all that wait.
pub fn forget() {
    WAITING.take();
}
