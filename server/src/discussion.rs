//! One family's discussion, for a page that turns to it.

use crate::state::AppState;
use crate::trouble::troubled;
use app::visit::{From, SignedIn};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::page::Discussion;
use domain::{MeetingId, SlotId};
use service::ServiceError;

/// `GET /meetings/{id}/discussions/{slot}`.
pub async fn discussion(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>, Extension(from): Extension<From>,
    Path((meeting, slot)): Path<(String, String)>,
) -> Response {
    let (Ok(meeting), Ok(slot)) = (meeting.parse(), slot.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match read(&shared, &signed, (meeting, slot), &from.0).await {
        Ok(discussion) => Json(domain::wire::write(&discussion)).into_response(),
        Err(error) => troubled(error, &shared.service),
    }
}

async fn read(
    shared: &AppState, signed: &SignedIn, (meeting, slot): (MeetingId, SlotId), address: &str,
) -> Result<Discussion, ServiceError> {
    let reader = shared.service.meeting_reader(&signed.viewer, meeting).await?;
    let discussion = shared.service.discussion(reader, slot).await?;
    shared.service.note_turn(&signed.viewer, (meeting, reader.team()), &discussion, address).await;
    Ok(discussion)
}
