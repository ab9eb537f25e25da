//! One page's stream as server-sent events.

use crate::state::AppState;
use crate::trouble::troubled;
use app::visit::{From, SignedIn};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::MeetingId;
use domain::page::Frame;
use futures::stream;
use serde::Deserialize;
use service::meeting::Stream;
use std::convert::Infallible;
use std::time::{Duration, Instant};

/// Where a page stands.
#[derive(Debug, Deserialize)]
pub struct Since {
    /// The cursor of the rendered page.
    #[serde(default)]
    pub(crate) after: i64,
    /// "room" for the screen on the wall.
    #[serde(default)]
    pub(crate) view: String,
    /// The number the page gave itself.
    #[serde(default)]
    pub(crate) load: String,
    /// "yes" from a tab that may not hold a connection: a poll then answers at once.
    #[serde(default)]
    pub(crate) brief: String,
    /// The build the page is of; empty where it does not say.
    #[serde(default)]
    pub(crate) build: String,
}

impl Since {
    /// Whether the page is of another build: it cannot read what this server says, and loads itself again.
    pub(crate) fn is_old(&self, shared: &AppState) -> bool {
        !self.build.is_empty() && *self.build != *shared.build
    }
}

/// What the server sends to a page of another build: that page then loads itself again.
pub(crate) const RENEW: &str = "renew";

/// `GET /meetings/{id}/stream`.
pub async fn stream(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>, Path(id): Path<String>,
    Query(since): Query<Since>, headers: HeaderMap, Extension(from): Extension<From>,
) -> Response {
    let Ok(meeting) = id.parse::<MeetingId>() else { return StatusCode::NOT_FOUND.into_response() };
    if since.is_old(&shared) {
        return ([("content-type", "text/event-stream")], format!("data: {RENEW}\n\n")).into_response();
    }
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|value| value.parse().ok());
    let cursor = last.unwrap_or(since.after);
    match shared.service.stream(&signed.token, since.view == "room", meeting, cursor, &since.load, &from.0).await {
        Ok(frames) => {
            // A proxy that buffers would hold the meeting back.
            let headers = [("content-type", "text/event-stream"), ("x-accel-buffering", "no")];
            (headers, Body::from_stream(events(frames))).into_response()
        }
        Err(error) => troubled(error, &shared.service),
    }
}

/// A reader whose line has taken nothing for this long is cut; it opens a new stream and resumes.
const BEHIND: Duration = Duration::from_secs(10);

/// A long frame goes out in pieces: a connection keeps a buffer as large as the largest it ever sent.
const PIECE: usize = 8 * 1024;

fn events(frames: Stream) -> impl stream::Stream<Item = Result<Bytes, Infallible>> {
    // A frame is only asked for once the one before has gone out: what lies between is the reader's delay.
    stream::unfold((Some(frames), Instant::now(), Bytes::new()), |(frames, given, mut rest)| async move {
        if !rest.is_empty() {
            let piece = rest.split_to(PIECE.min(rest.len()));
            return Some((Ok(piece), (frames, given, rest)));
        }
        let mut frames = frames?;
        if given.elapsed() > BEHIND {
            tracing::info!(worker = %frames.worker(), "a reader is too far behind and is cut");
            return None;
        }
        match frames.next().await {
            Ok(frame) => {
                let more = if frame.last() { None } else { Some(frames) };
                let mut rest = frame.written(event);
                let piece = rest.split_to(PIECE.min(rest.len()));
                Some((Ok(piece), (more, Instant::now(), rest)))
            }
            Err(error) => {
                // The page opens a new stream; it stands where its cursor says.
                tracing::warn!(%error, "a stream broke off");
                None
            }
        }
    })
}

/// A frame as a server-sent event, with the cursor as its id.
fn event(frame: &Frame) -> Vec<u8> {
    let cursor = match frame {
        Frame::Entries { cursor, .. } | Frame::Beat { cursor } => Some(*cursor),
        Frame::View { page } => Some(page.cursor),
        Frame::Here { .. } | Frame::Beside { .. } | Frame::Ended | Frame::SignedOut => None,
    };
    let id = cursor.map(|cursor| format!("id: {cursor}\n")).unwrap_or_default();
    format!("{id}data: {}\n\n", domain::wire::write(frame)).into_bytes()
}
