//! What requests answer that went wrong or took too long; needs no database.

use app::trouble::{Trouble, TroubleKind};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use service::{Service, ServiceError};
use std::time::Duration;

/// The longest a page or a form waits for its answer. A database that is away is said after this; what was sent goes on
/// and is done once, also when the page sends it again.
const LONGEST: Duration = Duration::from_millis(4500);

/// What a file or a stream answers that could not be made.
pub fn troubled(error: ServiceError, service: &Service) -> Response {
    let trouble = Trouble::of(error, service);
    let status = match trouble.kind {
        TroubleKind::NotFound => return StatusCode::NOT_FOUND.into_response(),
        TroubleKind::Refused | TroubleKind::Stale => StatusCode::CONFLICT,
        TroubleKind::Busy | TroubleKind::Unavailable | TroubleKind::Fault => trouble.status(),
    };
    (status, trouble.message()).into_response()
}

/// As [`troubled`], as a page for whoever asked for one.
pub fn troubled_page(error: ServiceError, service: &Service, headers: &HeaderMap) -> Response {
    let trouble = Trouble::of(error, service);
    if trouble.kind == TroubleKind::Unavailable {
        unavailable(headers)
    } else {
        (trouble.status(), trouble.message()).into_response()
    }
}

/// Answers for a handler that takes too long. Streams, files and whoever waits for an identity provider are not asked: they
/// take what they take.
pub async fn in_time(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let endless = ["/stream", "/poll", "/archive", "/pdf", "/sign-in/away"].iter().any(|end| path.ends_with(end))
        || path.contains("/files/")
        || path.starts_with("/sign-in/back/");
    if endless {
        return next.run(request).await;
    }
    let (headers, path) = (request.headers().clone(), path.to_owned());
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let cause = "no answer within 4.5 s: the database or what stands before it makes requests wait";
            tracing::warn!(path, cause, "no answer in time");
            unavailable(&headers)
        }
    }
}

/// `GET` of [`app::visit::UNAVAILABLE`], and what everything answers that the database keeps waiting.
pub fn unavailable(headers: &HeaderMap) -> Response {
    let wants_page = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kinds| kinds.contains("text/html"));
    if !wants_page {
        return (StatusCode::SERVICE_UNAVAILABLE, "Nothing can be saved now. Try again in a moment.\n").into_response();
    }
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, Html(PAGE)).into_response();
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en-GB" class="govuk-template"><head><meta charset="utf-8"><title>Try again in a moment – Caseround</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/pkg/caseround.css"></head>
<body class="govuk-template__body"><div class="govuk-width-container"><main class="govuk-main-wrapper">
<h1 class="govuk-heading-l">Try again in a moment</h1>
<p class="govuk-body">Nothing can be saved or shown just now. What was saved is safe.</p>
<p class="govuk-body">If you sent a form, it was not taken: go back in your browser, what you typed is still there, and send it again.</p>
<p class="govuk-body"><a class="govuk-link" href="/meetings">Go to your meetings</a></p>
</main></div></body></html>
"#;
