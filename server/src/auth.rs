//! The door: who is signed in, and whether a request that changes something comes from our own pages.

use crate::state::AppState;
use crate::trouble::troubled_page;
use app::api::WORKER;
use app::cookies::Holds;
use app::routes::ROUTES;
use app::visit::{From, SignedIn, cookie_in};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::WorkerId;
use service::security::{SecurityEvent, tell};
use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

/// What may be asked for without being signed in.
const PUBLIC: [&str; 10] = [
    "/sign-in",
    "/sign-in/away",
    "/sign-in/code",
    "/sign-in/set-up",
    "/join",
    "/api/sign-in",
    "/api/sign-in/code",
    "/api/sign-in/with",
    "/api/sign-out",
    "/api/account/join",
];

/// Whether a path may be asked for without being signed in.
fn is_public(path: &str) -> bool {
    PUBLIC.contains(&path) || path.starts_with("/sign-in/back/")
}

/// Lets a request in, with its worker, or answers it here.
pub async fn door(State(shared): State<AppState>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let caller = peer.map(|peer| shared.proxies.caller(peer, request.headers()));
    let from = caller.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string());
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    let foreign =
        if reads { read_by_another_site(request.headers()) } else { !ours(request.headers(), &shared.public) };
    if foreign {
        tell(SecurityEvent::ForeignRequest, &from);
        return (StatusCode::FORBIDDEN, "This request does not come from Caseround's own pages.\n").into_response();
    }
    request.extensions_mut().insert(From(from.clone()));
    let token = cookie_in(request.headers(), shared.cookies.name(Holds::Session));
    let signed = match token {
        Some(token) => {
            // A page that asks by itself is no person: `/api/meeting/here` says whether somebody is at the meeting.
            let active = !(path.ends_with("/stream") || path.ends_with("/poll") || path == "/api/meeting/here");
            match signed_in(&shared, &token, active, request.headers()).await {
                Ok(signed) => signed,
                Err(response) => return *response,
            }
        }
        None => None,
    };
    match signed {
        Some(signed) if meant_for_another(&request, signed.viewer.worker) => {
            tell(SecurityEvent::AnothersPage(signed.viewer.worker), &from);
            return (StatusCode::UNAUTHORIZED, "Somebody else is signed in now.\n").into_response();
        }
        Some(signed) => {
            let viewer = Arc::clone(&signed.viewer);
            request.extensions_mut().insert(signed);
            let answer = next.run(request).await;
            if answer.status() == StatusCode::NOT_FOUND {
                match kind_of_page(&path) {
                    Some(what) => tell(SecurityEvent::NotShown { by: viewer.worker, what }, &from),
                    None => shared.service.note_refused_on(viewer, &path, part_of_page(&path), &from),
                }
            }
            return answer;
        }
        None if is_public(&path) => {}
        None => return to_sign_in(&request, &path),
    }
    next.run(request).await
}

/// The first word of a page's address, for what is refused there; none for families and records, whose refusals are said with
/// their family.
fn kind_of_page(path: &str) -> Option<&'static str> {
    let first = |path: &str| path.split('/').nth(1).map(str::to_owned);
    match first(path).as_deref() {
        Some("families" | "records" | "not-found") => None,
        Some("api") => Some("api"),
        word => {
            let route = ROUTES.iter().find(|route| first(route).as_deref() == word);
            Some(route.and_then(|route| route.split('/').nth(1)).unwrap_or("other"))
        }
    }
}

/// What of a family or a record a page at `path` shows: the first word of ours that follows its id, "page" where none does.
fn part_of_page(path: &str) -> &'static str {
    let asked: Vec<&str> = path.split('/').skip(3).collect();
    let words = ROUTES.iter().flat_map(|route| route.split('/').skip(3)).chain(["files", "archive"]);
    words.filter(|word| !word.starts_with(':')).find(|word| asked.contains(word)).unwrap_or("page")
}

/// A page goes on working for the person it was loaded by: what it sends names them, and is not taken in
/// the name of somebody who signed in meanwhile in another tab.
fn meant_for_another(request: &Request, signed_in: WorkerId) -> bool {
    let header = request.headers().get(WORKER).and_then(|value| value.to_str().ok());
    let query = request.uri().query().unwrap_or_default();
    let query = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "worker").map(|(_, worker)| worker);
    header.map(Cow::from).or(query).is_some_and(|meant| meant != signed_in.to_string())
}

async fn signed_in(
    shared: &AppState, token: &str, active: bool, headers: &HeaderMap,
) -> Result<Option<SignedIn>, Box<Response>> {
    let unwell = |error| Box::new(troubled_page(error, &shared.service, headers));
    let Some(worker) = shared.service.session(token, active).await.map_err(unwell)? else { return Ok(None) };
    let viewer = shared.service.viewer(worker).await.map_err(unwell)?;
    let name = shared.service.directory().await.map_err(unwell)?.name(viewer.worker).into();
    Ok(Some(SignedIn { viewer, name, token: token.to_owned() }))
}

fn to_sign_in(request: &Request, path: &str) -> Response {
    let html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if !html {
        return (StatusCode::UNAUTHORIZED, "Sign in first.\n").into_response();
    }
    if request.method() == Method::GET && path != "/" {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
        Redirect::to(&format!("/sign-in?{query}")).into_response()
    } else {
        Redirect::to("/sign-in").into_response()
    }
}

/// Whether a request comes from a page of ours: browsers say so themselves, and where they do not,
/// its origin must be our public address.
fn ours(headers: &HeaderMap, public: &str) -> bool {
    match named(headers, "sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => named(headers, "origin").is_some_and(|origin| origin == public),
    }
}

/// Whether a page of another site reads from us, as browsers say it: a link there may lead here, but nothing of ours is
/// drawn, framed or fetched by it.
fn read_by_another_site(headers: &HeaderMap) -> bool {
    let leads_here = named(headers, "sec-fetch-mode") == Some("navigate")
        && named(headers, "sec-fetch-dest").is_none_or(|what| what == "document");
    matches!(named(headers, "sec-fetch-site"), Some("cross-site" | "same-site")) && !leads_here
}

fn named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::{ours, read_by_another_site};
    use axum::http::HeaderMap;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_change_anything() {
        let public = "https://caseround.example";
        assert!(ours(&headers(&[("sec-fetch-site", "same-origin")]), public));
        assert!(ours(&headers(&[("origin", public)]), public));
        for other in [
            headers(&[]),
            headers(&[("sec-fetch-site", "cross-site"), ("origin", public)]),
            headers(&[("sec-fetch-site", "same-site")]),
            headers(&[("sec-fetch-site", "none")]),
            headers(&[("origin", "https://evil.example")]),
            headers(&[("origin", "null")]),
        ] {
            assert!(!ours(&other, public), "{other:?}");
        }
    }

    #[test]
    fn another_site_leads_here_and_reads_nothing() {
        let from = |site: &'static str, mode: &'static str, what: &'static str| {
            read_by_another_site(&headers(&[
                ("sec-fetch-site", site),
                ("sec-fetch-mode", mode),
                ("sec-fetch-dest", what),
            ]))
        };
        assert!(!from("cross-site", "navigate", "document"), "a link in a mail");
        assert!(!from("none", "navigate", "document"), "an address that somebody typed");
        assert!(!from("same-origin", "cors", "empty"), "a page of ours");
        assert!(!read_by_another_site(&headers(&[])), "a program, which has no page");
        for what in [("navigate", "iframe"), ("navigate", "object"), ("no-cors", "image"), ("cors", "empty")] {
            assert!(from("cross-site", what.0, what.1), "{what:?}");
            assert!(from("same-site", what.0, what.1), "{what:?}");
        }
    }
}
