//! Parts of a meeting's page that come as HTML.

use crate::http::Shared;
use app::visit::SignedIn;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use service::ServiceError;

/// `GET /meetings/{id}/parts/{slot}/{part}`.
pub async fn part(
    Extension(shared): Extension<Shared>, Extension(signed): Extension<SignedIn>,
    Path((meeting, slot, part)): Path<(String, String, String)>,
) -> Response {
    let (Ok(meeting), Ok(slot)) = (meeting.parse(), slot.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match app::practice::part(&shared.service, &signed.viewer, meeting, slot, &part).await {
        Ok(html) => Html(html).into_response(),
        Err(ServiceError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, part, "a part of a meeting could not be shown");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
