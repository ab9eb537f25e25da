//! What the page asks of the server. Written out rather than by the server functions' own client, which
//! would cost the browser more than everything else that sends.

use domain::page::PenCard;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, Request, RequestInit, Response};

use super::Subject;
use crate::api::WORKER;
use crate::api::act::Acted;
use crate::api::device::KeyCard;

thread_local! {
    /// Whose page this is; every request says so, and is not taken in somebody else's name.
    static ME: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Everything is asked in this worker's name.
pub fn ask_as(worker: &str) {
    ME.set(worker.to_owned());
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
    /// Whether the server got it and would answer the same again: sending it again leads nowhere.
    pub fn is_final(&self) -> bool {
        // 408 and 429 ask to try again.
        matches!(self, Self::Status(400..=407 | 409..=428 | 430..=499))
    }

    /// What to tell the person.
    pub fn message(&self) -> String {
        match self {
            Self::Offline => "No connection to the server; try again when it is back.".to_owned(),
            Self::SignedOut => {
                "You are signed out. Sign in again in another tab as the same person; this page goes on.".to_owned()
            }
            Self::Status(status) if self.is_final() => {
                format!(
                    "The server did not take this ({status}). Load the page again; if it happens again, tell whoever looks after Caseround."
                )
            }
            Self::Status(status) => format!("The server answered {status}; try again in a moment."),
        }
    }
}

/// The author ids of this page load.
pub async fn pens<S: Subject>(subject: S) -> Result<Vec<PenCard>, Failed> {
    post(&api::<S>("pens"), FORM, &format!("{}={}", S::KIND, subject.id())).await
}

/// Sends a batch of keystrokes.
pub async fn send<S: Subject>(batch: &S::Batch) -> Result<Acted, Failed> {
    let body = serde_json::to_string(batch).map_err(|_| Failed::Offline)?;
    post(&api::<S>("typed"), JSON, &format!("[{body}]")).await
}

/// Sends what a page has not shared when it is left; the browser goes on sending it when the page is gone.
pub fn send_last_words<S: Subject>(batches: &[S::Batch]) {
    let Ok(body) = serde_json::to_string(batches) else { return };
    let Ok(init) = posting(JSON, &body) else { return };
    let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE);
    if let Ok(request) = Request::new_with_str_and_init(&api::<S>("typed"), &init) {
        let _ = window().fetch_with_request(&request);
    }
}

/// Sends one press of a form.
pub async fn press<S: Subject>(content: &str, command: &str) -> Result<Acted, Failed> {
    post(&api::<S>("act"), FORM, &format!("{content}&{COMMAND}={command}")).await
}

/// The worker's key for what this device keeps.
pub async fn device_key(device: &str) -> Result<KeyCard, Failed> {
    post("/api/device/key", FORM, &format!("device={device}")).await
}

/// Says what this page's person does; nobody waits for the answer.
pub async fn tell_presence<S: Subject>(content: &str) {
    let _: Result<(), Failed> = post(&api::<S>("here"), FORM, content).await;
}

/// Sends a form of the subject's own.
pub async fn post_form<T: DeserializeOwned>(path: &str, fields: &str) -> Result<T, Failed> {
    post(path, FORM, fields).await
}

/// Sends something of the subject's own.
pub async fn post_json<T: DeserializeOwned>(path: &str, content: &impl serde::Serialize) -> Result<T, Failed> {
    let body = serde_json::to_string(content).map_err(|_| Failed::Offline)?;
    post(path, JSON, &body).await
}

fn api<S: Subject>(what: &str) -> String {
    format!("/api/{}/{what}", S::KIND)
}

/// The form's field that holds the command's id.
const COMMAND: &str = "form%5Bcommand%5D";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Reads JSON; fails after 30 seconds.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failed> {
    let init = RequestInit::new();
    init.set_signal(Some(&AbortSignal::timeout_with_u32(30_000)));
    fetched(path, &init).await
}

async fn post<T: DeserializeOwned>(path: &str, kind: &str, body: &str) -> Result<T, Failed> {
    let init = posting(kind, body).map_err(|_| Failed::Offline)?;
    // A line that is dead without saying so would be waited for without end.
    init.set_signal(Some(&AbortSignal::timeout_with_u32(12_000)));
    fetched(path, &init).await
}

fn posting(kind: &str, body: &str) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.set("Content-Type", kind)?;
    headers.set("Accept", "application/json")?;
    headers.set(WORKER, &ME.with_borrow(String::clone))?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(body));
    Ok(init)
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
