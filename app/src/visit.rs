//! Who asks, and how pages and forms answer.

use axum::http::{StatusCode, header::ACCEPT, request::Parts};
use domain::policy::{FamilyReader, RecordReader, Staff};
use domain::status::AccessKind;
use domain::viewer::Viewer;
use domain::{FamilyId, RecordId};
use leptos::prelude::*;
use service::people::confirmation::ConfirmedIdentity;
use service::security::{SecurityEvent, tell};
use service::{Service, ServiceError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::parts::form::Draft;
use crate::parts::notice::FormDone;
use crate::trouble::{Trouble, TroubleKind};

/// Who is signed in; put into each request by the server before anything else sees it.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The worker with their rights of now.
    pub viewer: Arc<Viewer>,
    /// Their name, for the top of every page.
    pub name: Arc<str>,
    /// The session's token, for signing out.
    pub token: String,
}

/// The address a request came from, as far as it can be found out.
#[derive(Debug, Clone)]
pub struct From(pub String);

/// The address people type, without a slash at its end.
#[derive(Debug, Clone)]
pub struct PublicUrl(pub Arc<str>);

/// One request by somebody signed in.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The use cases.
    pub service: Service,
    /// Who asks.
    pub viewer: Arc<Viewer>,
    /// Their name.
    pub name: Arc<str>,
    /// Their token.
    pub token: String,
}

impl Visit {
    /// The right to read a family's workbook, once this look at it is written down.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where whoever asks may not know it exists; where the look cannot be written down.
    pub async fn looks_at_family(&self, family: FamilyId, what: AccessKind) -> Result<FamilyReader<'_>, ServiceError> {
        self.service.looks_at_family(&self.viewer, family, (what, &from())).await
    }

    /// The right to read a child's record, once this look at it is written down.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where whoever asks may not know it exists; where the look cannot be written down.
    pub async fn looks_at_record(&self, record: RecordId, what: AccessKind) -> Result<RecordReader<'_>, ServiceError> {
        self.service.looks_at_record(&self.viewer, record, (what, &from())).await
    }

    /// That whoever asks has lately shown who they are.
    ///
    /// # Errors
    /// [`ServiceError::Unconfirmed`] where that was too long ago: [`answer`] asks them again and brings them back.
    pub async fn confirmed(&self) -> Result<ConfirmedIdentity, ServiceError> {
        self.service.confirmed(&self.viewer, &self.token).await
    }

    /// The teams that whoever asks serves; none for most workers.
    #[must_use]
    pub fn teams(&self) -> Vec<domain::TeamId> {
        Staff::of(&self.viewer).map(|staff| staff.teams().into_iter().collect()).unwrap_or_default()
    }
}

/// The service of this server.
#[must_use]
pub fn service() -> Service {
    expect_context::<Service>()
}

fn parts() -> Parts {
    expect_context::<Parts>()
}

/// Who asks; nobody unsigned gets past the server's door, so this fails only in a route left open.
///
/// # Errors
/// [`ServiceError::NotFound`] without a session.
pub fn visit() -> Result<Visit, ServiceError> {
    let signed = use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<SignedIn>().cloned())
        .ok_or(ServiceError::NotFound)?;
    Ok(Visit { service: service(), viewer: signed.viewer, name: signed.name, token: signed.token })
}

/// Signs out whoever had this browser before, where a session is somebody else's: one's own page in another tab goes on.
pub async fn ends_session_of_another(token: &str) {
    let (Ok(before), Ok(Some(worker))) = (visit(), service().session(token, true).await) else { return };
    if before.viewer.worker != worker {
        // What cannot be ended now ends by itself, and its token is in no browser any more.
        let _ = before.service.sign_out(&before.token).await;
    }
}

/// The address the request came from.
#[must_use]
pub fn from() -> String {
    parts().extensions.get::<From>().map_or_else(|| "unknown".to_owned(), |from| from.0.clone())
}

/// A cookie of the request.
#[must_use]
pub fn cookie(name: &str) -> Option<String> {
    cookie_in(&parts().headers, name)
}

/// A cookie among headers; none where it is empty.
#[must_use]
pub fn cookie_in(headers: &axum::http::HeaderMap, name: &str) -> Option<String> {
    let sent = headers.get_all(axum::http::header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = sent.flat_map(cookie::Cookie::split_parse).flatten();
    cookies.find(|cookie| cookie.name() == name && !cookie.value().is_empty()).map(|cookie| cookie.value().to_owned())
}

/// The browser that asks, in words.
#[must_use]
pub fn browser() -> String {
    let parts = parts();
    let agent = parts.headers.get(axum::http::header::USER_AGENT).and_then(|value| value.to_str().ok());
    domain::sign_in::browser_in_words(agent.unwrap_or_default())
}

/// The page's path.
#[must_use]
pub fn path() -> String {
    parts().uri.path().to_owned()
}

/// One value of the page's query.
#[must_use]
pub fn query(name: &str) -> Option<String> {
    let parts = parts();
    let mut pairs = form_urlencoded::parse(parts.uri.query()?.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Whether a form was sent by a browser without scripts.
#[must_use]
pub fn wants_html() -> bool {
    let accept = parts().headers.get(ACCEPT).and_then(|value| value.to_str().ok()).map(str::to_owned);
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Sends the browser on. An address that is no plain path of ours becomes the list of meetings.
pub fn go(path: &str) {
    leptos_axum::redirect(ours(path));
}

/// A path of ours: an address that is none becomes the list of meetings.
#[must_use]
pub fn ours(path: &str) -> &str {
    let plain =
        path.starts_with('/') && !path.starts_with("//") && path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if plain { path } else { "/meetings" }
}

/// An id in a form or address.
///
/// # Errors
/// [`ServiceError::NotFound`] where it is none.
pub fn id<T: std::str::FromStr>(id: &str) -> Result<T, ServiceError> {
    id.parse().map_err(|_| ServiceError::NotFound)
}

/// The id a form corrects; `None` for a new one.
///
/// # Errors
/// [`ServiceError::NotFound`] where it is no id at all.
pub fn optional_id<T: std::str::FromStr>(id: &str) -> Result<Option<T>, ServiceError> {
    if id.is_empty() { Ok(None) } else { id.parse().map(Some).map_err(|_| ServiceError::NotFound) }
}

/// "yes" or "no" of a form. Any other word is none that a page of this version sends, and is never taken for one of them.
///
/// # Errors
/// [`ServiceError::NotFound`] for any other word.
pub fn yes(word: &str) -> Result<bool, ServiceError> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(ServiceError::NotFound),
    }
}

/// A tick of a form: "yes" or nothing.
///
/// # Errors
/// [`ServiceError::NotFound`] for any other word.
pub fn ticked(word: &str) -> Result<bool, ServiceError> {
    if word.is_empty() { Ok(false) } else { yes(word) }
}

/// Answers with a status.
pub fn status(status: StatusCode) {
    expect_context::<leptos_axum::ResponseOptions>().set_status(status);
}

/// Answers a form: on to where `to(result)` leads, or back to `back` with what was typed and what is wrong.
///
/// # Errors
/// Never; leptos would put an error's text into the address.
pub async fn answer<T, D: Into<FormDone>>(
    result: Result<T, ServiceError>, to: impl FnOnce(&T) -> D, back: &str, fields: &[(&str, &str)],
) -> Result<(), ServerFnError> {
    match result {
        Ok(result) => crate::visit::go(&to(&result).into().address().await),
        Err(ServiceError::Unconfirmed) => {
            let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let next = match keep(&Draft { fields, errors: Vec::new() }).await {
                Some(draft) => with_query(back, "draft", &draft),
                None => back.to_owned(),
            };
            crate::visit::go(&confirmation_before(&next));
        }
        Err(error) => {
            let trouble = Trouble::of(error, &service());
            let not_found = trouble.kind == TroubleKind::NotFound;
            let typed = fields.iter().filter(|(_, value)| !not_found || is_words(value));
            let fields: BTreeMap<String, String> =
                typed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            if not_found {
                // The child may have left the family meanwhile: whoever wrote has their words back.
                let kept = if fields.is_empty() { None } else { keep(&Draft { fields, errors: Vec::new() }).await };
                note_not_found(back);
                go(&kept.map_or_else(|| NOT_FOUND.to_owned(), |draft| with_query(NOT_FOUND, "draft", &draft)));
                return Ok(());
            }
            match keep(&Draft { fields, errors: trouble.errors }).await {
                Some(draft) => {
                    crate::visit::go(&with_query(back, "draft", &draft));
                }
                // Where not even a draft can be kept, the browser still has what was typed.
                None => crate::visit::go(UNAVAILABLE),
            }
        }
    }
    Ok(())
}

/// Answers a form of the page at `back` that asks for what is not there or not theirs, and writes that down.
pub fn not_found(back: &str) {
    note_not_found(back);
    go(NOT_FOUND);
}

/// The page that says that something is not there.
const NOT_FOUND: &str = "/not-found";

/// Whether somebody wrote this, and did not only choose it.
fn is_words(value: &str) -> bool {
    value.trim().contains(char::is_whitespace) || value.chars().count() > LONGEST_CHOICE
}

/// The longest value that forms choose from is an id, of 36 characters.
const LONGEST_CHOICE: usize = 36;

fn note_not_found(back: &str) {
    if let Ok(visit) = visit() {
        match back.split(['/', '?']).nth(1) {
            Some("families" | "records") => visit.service.note_refused_on(visit.viewer, back, "form", &from()),
            _ => tell(SecurityEvent::NotShown { by: visit.viewer.worker, what: "form" }, &from()),
        }
    }
}

fn with_query(path: &str, name: &str, value: &str) -> String {
    let join = if path.contains('?') { '&' } else { '?' };
    format!("{path}{join}{name}={value}")
}

/// The page on which whoever is signed in shows again who they are, and goes on to `next`.
#[must_use]
pub fn confirmation_before(next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/confirm?next={next}")
}

/// The page that says that nothing can be saved now.
pub const UNAVAILABLE: &str = "/unavailable";

/// Keeps a draft for its sender.
pub async fn keep(draft: &Draft) -> Option<String> {
    keep_body(&serde_json::to_string(draft).ok()?).await
}

/// Keeps something for whoever asks, for a day at least; gives its id.
pub async fn keep_body(body: &str) -> Option<String> {
    let worker = visit().ok().map(|visit| visit.viewer.worker);
    service().keep_draft(worker, body).await.ok().map(|id| id.to_string())
}

/// Whether the page shows a form that was refused: its title then begins with "Error:".
#[derive(Debug, Clone, Default)]
pub struct Refused(Arc<AtomicBool>);

impl Refused {
    /// Whether it does.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The refused form this page was sent back with.
pub async fn draft() -> Option<Draft> {
    let refused = use_context::<Refused>();
    let draft = draft_of(&query("draft")?).await?;
    if let Some(refused) = refused.filter(|_| !draft.errors.is_empty()) {
        refused.0.store(true, Ordering::Relaxed);
    }
    Some(draft)
}

/// A draft of whoever asks, by its id.
pub async fn draft_of(id: &str) -> Option<Draft> {
    serde_json::from_str(&kept_body(id).await?).ok()
}

/// What was kept of whoever asks, by its id.
pub async fn kept_body(id: &str) -> Option<String> {
    let worker = visit().ok().map(|visit| visit.viewer.worker);
    service().draft(id.parse().ok()?, worker).await.ok()?
}
