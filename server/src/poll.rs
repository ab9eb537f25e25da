//! The same frames as a stream's, for proxies that hold streams back: each answer brings what has come since
//! the one before.

use crate::state::AppState;
use crate::stream::{RENEW, Since};
use crate::trouble::troubled;
use app::visit::{From, SignedIn};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::MeetingId;
use service::meeting::{SentFrame, Stream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// The longest an answer waits for news: shorter than what proxies allow.
const LONGEST: Duration = Duration::from_secs(15);
/// How long an answer waits where many tabs share few connections.
const BRIEF: Duration = Duration::from_millis(100);
/// What comes this soon after the first news travels with it.
const GATHER: Duration = Duration::from_millis(30);
/// Frames that wait for a page.
const WAITING: usize = 64;

/// `GET /meetings/{id}/poll`.
pub async fn poll(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>, Path(id): Path<String>,
    Query(since): Query<Since>, Extension(from): Extension<From>,
) -> Response {
    let Ok(meeting) = id.parse::<MeetingId>() else { return StatusCode::NOT_FOUND.into_response() };
    if since.is_old(&shared) {
        return Json([RENEW]).into_response();
    }
    let page = (meeting, signed.viewer.worker, since.load.clone(), since.view == "room");
    let mut frames = match shared.polls.take(&page) {
        Some(frames) => frames,
        None => match shared.service.stream(&signed.token, page.3, meeting, since.after, &since.load, &from.0).await {
            Ok(stream) => pumped(stream),
            Err(error) => return troubled(error, &shared.service),
        },
    };
    let mut encoded = Vec::new();
    let mut wait = if since.brief.is_empty() { LONGEST } else { BRIEF };
    while let Ok(Some(news)) = tokio::time::timeout(wait, frames.recv()).await {
        encoded.push(domain::wire::write(&news.frame));
        wait = GATHER;
    }
    if !frames.is_closed() {
        shared.polls.keep(page, frames);
    }
    Json(encoded).into_response()
}

/// A stream that goes on while nobody asks: a wait for it may be given up, what it does may not.
fn pumped(mut stream: Stream) -> mpsc::Receiver<Arc<SentFrame>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        loop {
            let result = tokio::select! {
                result = stream.next() => result,
                () = sender.closed() => return,
            };
            let Ok(frame) = result else { return };
            let last = frame.last();
            if sender.send(frame).await.is_err() || last {
                return;
            }
        }
    });
    receiver
}
