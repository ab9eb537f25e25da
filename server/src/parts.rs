//! Parts of a meeting's page that come as HTML.

use crate::state::AppState;
use crate::trouble::troubled;
use app::visit::SignedIn;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

/// Which parts are asked for, their names with commas between them.
#[derive(Debug, Deserialize)]
pub struct Asked {
    names: String,
}

/// `GET /meetings/{id}/parts/{slot}?names=…`.
pub async fn parts(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>,
    Path((meeting, slot)): Path<(String, String)>, Query(asked): Query<Asked>,
) -> Response {
    let (Ok(meeting), Ok(slot)) = (meeting.parse(), slot.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match app::practice::some(&shared.service, &signed.viewer, meeting, slot, &asked.names).await {
        Ok(html) => Html(html).into_response(),
        Err(error) => troubled(error, &shared.service),
    }
}
