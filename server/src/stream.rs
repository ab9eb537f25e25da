//! One page's stream as server-sent events.

use crate::http::Shared;
use app::visit::SignedIn;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use domain::MeetingId;
use domain::page::Frame;
use futures::stream;
use serde::Deserialize;
use service::ServiceError;
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
}

/// `GET /meetings/{id}/stream`.
pub async fn stream(
    Extension(shared): Extension<Shared>, Extension(signed): Extension<SignedIn>, Path(id): Path<String>,
    Query(since): Query<Since>, headers: HeaderMap,
) -> Response {
    let Ok(meeting) = id.parse::<MeetingId>() else { return StatusCode::NOT_FOUND.into_response() };
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|value| value.parse().ok());
    let cursor = last.unwrap_or(since.after);
    match shared.service.stream(&signed.token, since.view == "room", meeting, cursor, &since.load).await {
        Ok(frames) => {
            let mut response = Sse::new(events(frames)).into_response();
            // A proxy that buffers would hold the meeting back.
            response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
            response
        }
        Err(ServiceError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a stream could not be opened");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// A reader whose line has taken nothing for this long is cut; it opens a new stream and resumes.
const BEHIND: Duration = Duration::from_secs(10);

fn events(frames: Stream) -> impl stream::Stream<Item = Result<Event, Infallible>> {
    // A frame is only asked for once the one before has gone out: what lies between is the reader's delay.
    stream::unfold((Some(frames), Instant::now()), |(frames, given)| async move {
        let mut frames = frames?;
        if given.elapsed() > BEHIND {
            tracing::info!(worker = %frames.worker(), "a reader is too far behind and is cut");
            return None;
        }
        match frames.next().await {
            Ok(frame) => {
                let event = event(&frame);
                let rest = if matches!(frame, Frame::Ended | Frame::SignedOut) { None } else { Some(frames) };
                Some((Ok(event), (rest, Instant::now())))
            }
            Err(error) => {
                // The page opens a new stream; it stands where its cursor says.
                tracing::warn!(%error, "a stream broke off");
                None
            }
        }
    })
}

fn event(frame: &Frame) -> Event {
    let text = domain::wire::write(frame);
    let cursor = match frame {
        Frame::Entries { cursor, .. } | Frame::Beat { cursor } => Some(*cursor),
        Frame::View { page } => Some(page.cursor),
        Frame::Here { .. } | Frame::Ended | Frame::SignedOut => None,
    };
    let event = Event::default().data(text);
    match cursor {
        Some(cursor) => event.id(cursor.to_string()),
        None => event,
    }
}
