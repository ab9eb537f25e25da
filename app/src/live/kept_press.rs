//! Presses are kept on the device until they are answered: without a connection they wait in their order, and a page that is
//! loaded again sends what the page before did not see answered.

use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use wasm_bindgen_futures::spawn_local;

use super::outbox::{came_too_late, drop_from_device, keep_on_device, pause, whole};
use super::request;
use super::unsent::fields_in;
use super::{ActState, Late, Notice, Subject, announce};
use crate::api::act::Acted;

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
    /// When it was pressed, in milliseconds since 1970.
    at: f64,
    /// Where it is kept.
    name: String,
}

/// Some acts are meant at once: so long after it was pressed, in milliseconds, it is not sent any more.
const MEANT_NOW: f64 = 60_000.0;

/// Said of a press that was meant for its moment, and was not answered then.
const TOO_OLD: &str = "A press may not have arrived: there was no connection for more than a minute. Look, and press again if it is still meant.";

/// Sends a press that an earlier page kept.
pub fn resend<S: Subject>(subject: S, press: KeptPress) {
    subject.state().acts.update(|acts| {
        acts.insert(press.key.clone(), ActState::Waiting);
    });
    wait_for(subject, press);
}

/// Whether presses are waiting: a new one then waits behind them.
pub fn any_waits() -> bool {
    WAITING.with_borrow(|waiting| !waiting.is_empty())
}

impl KeptPress {
    /// A press as it was kept under `name` at `at`, in milliseconds since 1970; `None` where the text is of another kind.
    pub fn read(name: &str, text: &str, at: f64) -> Option<Self> {
        let (head, content) = text.split_once('\n')?;
        let (command, key) = head.split_once(' ')?;
        Some(Self {
            key: key.to_owned(),
            content: content.to_owned(),
            command: command.to_owned(),
            at,
            name: name.to_owned(),
        })
    }

    /// Whether it was meant for a moment that is over.
    fn is_over<S: Subject>(&self) -> bool {
        let fields = fields_in(&self.content);
        let of_the_moment = fields.iter().any(|(name, act)| name == "form[act]" && S::is_of_the_moment(act));
        of_the_moment && js_sys::Date::now() - self.at > MEANT_NOW
    }
}

/// Keeps a press until it is answered, so that a page that is loaded again meanwhile sends it under the same id.
pub fn keep<S: Subject>(subject: S, key: String, content: String, command: String) -> KeptPress {
    let number = COUNT.get();
    COUNT.set(number + 1);
    let name = format!("{}/press/{number:06}", subject.id());
    let press = KeptPress { key, content, command, at: js_sys::Date::now(), name: whole(&name) };
    let _ = keep_on_device(&name, &format!("{} {}\n{}", press.command, press.key, press.content), None);
    press
}

/// A press is answered: nothing of it is kept.
pub fn answered(press: &KeptPress) {
    let _ = drop_from_device(&press.name);
}

/// Puts a press behind those that wait, and sends them as soon as that is possible.
pub fn wait_for<S: Subject>(subject: S, press: KeptPress) {
    WAITING.with_borrow_mut(|waiting| waiting.push_back(press));
    subject.state().waiting.set(WAITING.with_borrow(VecDeque::len));
    if !SENDING.replace(true) {
        spawn_local(async move {
            send_presses(subject).await;
            SENDING.set(false);
        });
    }
}

async fn send_presses<S: Subject>(subject: S) {
    let state = subject.state();
    while let Some(press) = WAITING.with_borrow(|waiting| waiting.front().cloned()) {
        let answer = match press.is_over::<S>() {
            true => None,
            false => Some(request::press::<S>(&press.content, &press.command).await),
        };
        let refused = match answer {
            None => {
                announce::say(state, TOO_OLD);
                state.notice.set(Some(Notice { text: TOO_OLD.to_owned(), undo: None }));
                None
            }
            Some(Ok(Acted { refused, .. })) => refused,
            Some(Err(failed)) if failed.is_final() => Some(format!("Not sent. {}", failed.message())),
            Some(Err(_)) => {
                pause(2000).await;
                continue;
            }
        };
        WAITING.with_borrow_mut(|waiting| waiting.pop_front());
        state.waiting.set(WAITING.with_borrow(VecDeque::len));
        state.acts.update(|acts| {
            acts.remove(&press.key);
        });
        match refused {
            None => answered(&press),
            Some(why) => {
                let (words, part) = subject.not_taken(&fields_in(&press.content));
                let part = part.filter(|_| !words.is_empty());
                came_too_late(state, Late { name: press.name, part, words, why });
            }
        }
    }
}

/// Forgets all that wait.
pub fn forget() {
    WAITING.take();
}
