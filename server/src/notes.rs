//! The running note beside the scene: read, and added to, without leaving the heading.

use crate::state::AppState;
use crate::trouble::troubled;
use app::trouble::{Trouble, TroubleKind};
use app::visit::SignedIn;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::page::{NoteAct, Noted, RunningNote};
use domain::{MeetingId, SlotId};
use service::ServiceError;

/// `GET /meetings/{id}/notes/{slot}`.
pub async fn read(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>,
    Path((meeting, slot)): Path<(String, String)>,
) -> Response {
    let (Ok(meeting), Ok(slot)) = (meeting.parse(), slot.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match note(&shared, &signed, meeting, slot, None).await {
        Ok(note) => Json(note).into_response(),
        Err(error) => troubled(error, &shared.service),
    }
}

/// `POST /meetings/{id}/notes/{slot}`: does one thing, and answers with the note as it is then.
pub async fn act(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>,
    Path((meeting, slot)): Path<(String, String)>, Json(act): Json<NoteAct>,
) -> Response {
    let (Ok(meeting), Ok(slot)) = (meeting.parse(), slot.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (refused, note_now) = match note(&shared, &signed, meeting, slot, Some(act)).await {
        Ok(note) => (None, Ok(note)),
        Err(error) => {
            let trouble = Trouble::of(error, &shared.service);
            if trouble.kind == TroubleKind::NotFound {
                return StatusCode::NOT_FOUND.into_response();
            }
            if trouble.kind != TroubleKind::Refused {
                return (trouble.status(), trouble.message()).into_response();
            }
            (Some(trouble.message()), note(&shared, &signed, meeting, slot, None).await)
        }
    };
    match note_now {
        Ok(note) => Json(Noted { refused, note }).into_response(),
        Err(error) => troubled(error, &shared.service),
    }
}

async fn note(
    shared: &AppState, signed: &SignedIn, meeting: MeetingId, slot: SlotId, act: Option<NoteAct>,
) -> Result<RunningNote, ServiceError> {
    let keeper = shared.service.note_keeper(&signed.viewer, meeting).await?;
    if let Some(act) = act {
        shared.service.act_on_notes(keeper, slot, act).await?;
    }
    shared.service.running_note(keeper, slot).await
}
