//! What identity providers send: people who come back from signing in, and word that somebody signed out.

use crate::state::AppState;
use app::cookies::Holds;
use app::parts::form::Draft;
use app::parts::notice::PageNotice;
use app::trouble::Trouble;
use app::visit::{self, From, SignedIn};
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use domain::sign_in::browser_in_words;
use serde::Deserialize;
use service::ServiceError;
use service::people::session::Caller;
use service::people::sign_on::SignedOn;
use service::people::trip::{Errand, Trip};

/// What a provider's answer says in the address (OpenID Connect Core 1.0, section 3.1.2.5; RFC 9207).
#[derive(Debug, Deserialize)]
pub struct ProviderAnswer {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    error: Option<String>,
    iss: Option<String>,
}

/// `GET /sign-in/back/{provider}`: somebody comes back from an identity provider. Each has an address of its own, so that none
/// is taken for another.
pub async fn back(
    Extension(shared): Extension<AppState>, Extension(from): Extension<From>, signed: Option<Extension<SignedIn>>,
    headers: HeaderMap, Path(provider): Path<String>, Query(answer): Query<ProviderAnswer>,
) -> Response {
    let trip = visit::cookie_in(&headers, shared.cookies.name(Holds::Trip)).and_then(|trip| Trip::of_cookie(&trip));
    let trip = trip.filter(|trip| trip.provider == provider);
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let browser = browser_in_words(agent);
    let caller = Caller { address: &from.0, browser: &browser };
    let signed = signed.map(|Extension(signed)| signed);
    let result = match &trip {
        Some(trip) => arrive(&shared, trip, &answer, caller).await.map(|on| (trip, on)),
        None => Err(begun_elsewhere()),
    };
    // A link from elsewhere ends no trip that is under way.
    let own = trip.as_ref().is_none_or(|trip| trip.away.state == answer.state);
    let taken = own.then(|| (header::SET_COOKIE, shared.cookies.taking(Holds::Trip)));
    match result {
        Ok((trip, on)) => {
            // Whoever had this browser before is signed out.
            if let Some(before) = signed.filter(|before| before.viewer.worker != on.worker) {
                let _ = shared.service.sign_out(&before.token).await;
            }
            let to = welcome(&shared, trip, &on).await;
            let given = (header::SET_COOKIE, shared.cookies.giving(Holds::Session, &on.token));
            (AppendHeaders(taken.into_iter().chain([given])), Redirect::to(&to)).into_response()
        }
        Err(error) => {
            let worker = signed.as_ref().map(|signed| signed.viewer.worker);
            let to = refused(&shared, trip.as_ref(), error, worker).await;
            (AppendHeaders(taken), Redirect::to(&to)).into_response()
        }
    }
}

async fn arrive(
    shared: &AppState, trip: &Trip, answer: &ProviderAnswer, caller: Caller<'_>,
) -> Result<SignedOn, ServiceError> {
    let provider = shared.service.providers().find(|provider| provider.key == trip.provider);
    let provider = provider.ok_or_else(begun_elsewhere)?;
    // An answer that belongs to another trip, or that another provider sent.
    if answer.state != trip.away.state || answer.iss.as_ref().is_some_and(|iss| *iss != provider.issuer) {
        return Err(begun_elsewhere());
    }
    if let Some(error) = &answer.error {
        tracing::info!(provider = provider.key, error = %error.escape_debug(), "An identity provider signed nobody in");
        return Err(ServiceError::SignIn(format!(
            "{} did not sign you in. Try again, or ask who looks after your account there.",
            provider.name
        )));
    }
    shared.service.come_back(trip, &answer.code, &trip.back(&shared.public), caller).await
}

/// Where somebody who is signed in now goes on, with what they should know.
async fn welcome(shared: &AppState, trip: &Trip, on: &SignedOn) -> String {
    let provider = shared.service.providers().find(|provider| provider.key == trip.provider);
    let name = provider.map_or("", |provider| &provider.name);
    let linked = match trip.errand {
        Errand::SignIn | Errand::Confirmation(_) => None,
        Errand::Invitation(_) => Some(format!("You sign in with {name} from now on.")),
    };
    let words: Vec<String> = linked.into_iter().chain(on.notes.iter().cloned()).collect();
    let to = visit::ours(&trip.next);
    if words.is_empty() {
        return to.to_owned();
    }
    let notice = PageNotice { words: words.join(" "), undo: None, once: None };
    with_kept(shared, (to, "notice"), Some(on.worker), serde_json::to_string(&notice)).await
}

/// Where somebody who is not signed in can begin again, with what is wrong.
async fn refused(
    shared: &AppState, trip: Option<&Trip>, error: ServiceError, signed: Option<domain::WorkerId>,
) -> String {
    let to = match trip.map(|trip| &trip.errand) {
        Some(Errand::Invitation(code)) if code.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("/join?code={code}")
        }
        Some(Errand::Confirmation(_)) => {
            visit::confirmation_before(visit::ours(trip.map_or("", |trip| trip.next.as_str())))
        }
        _ => "/sign-in".to_owned(),
    };
    let draft = Draft { errors: Trouble::of(error, &shared.service).errors, ..Draft::default() };
    with_kept(shared, (&to, "draft"), signed, serde_json::to_string(&draft)).await
}

async fn with_kept(
    shared: &AppState, (to, kind): (&str, &str), worker: Option<domain::WorkerId>, body: serde_json::Result<String>,
) -> String {
    let kept = match body {
        Ok(body) => shared.service.keep_draft(worker, &body).await.ok(),
        Err(_) => None,
    };
    let join = if to.contains('?') { '&' } else { '?' };
    kept.map_or_else(|| to.to_owned(), |id| format!("{to}{join}{kind}={id}"))
}

fn begun_elsewhere() -> ServiceError {
    ServiceError::SignIn("Signing in took too long, or was begun in another browser. Try again.".to_owned())
}

/// The body of a provider's word that somebody signed out.
#[derive(Debug, Deserialize)]
pub struct Ended {
    #[serde(default)]
    logout_token: String,
}

/// `POST /sign-in/ended/{provider}`: a provider says that somebody signed out there. It has no session and no page of ours:
/// the token's signature says who speaks.
pub async fn ended(
    Extension(shared): Extension<AppState>, Path(provider): Path<String>, Form(body): Form<Ended>,
) -> Response {
    let status = match shared.service.signed_out_at_provider(&provider, body.logout_token).await {
        Ok(()) => StatusCode::OK,
        Err(ServiceError::NotFound) => StatusCode::NOT_FOUND,
        Err(ServiceError::SignIn(_)) => StatusCode::BAD_REQUEST,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, [(header::CACHE_CONTROL, "no-store")]).into_response()
}
