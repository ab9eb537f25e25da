//! Minutes as files. No name of a family or person is in a file's name.

use crate::http::Shared;
use app::visit::SignedIn;
use axum::Extension;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::MeetingId;
use domain::minutes::Minutes;
use service::{Printer, ServiceError};

/// `GET /meetings/{id}/minutes.md`.
pub async fn markdown(shared: Extension<Shared>, signed: Extension<SignedIn>, id: Path<String>) -> Response {
    file(shared, signed, id, "md", "text/markdown; charset=utf-8", |printer, minutes| printer.markdown(minutes)).await
}

/// `GET /meetings/{id}/minutes.json`.
pub async fn json(shared: Extension<Shared>, signed: Extension<SignedIn>, id: Path<String>) -> Response {
    file(shared, signed, id, "json", "application/json", |printer, minutes| printer.json(minutes)).await
}

async fn file(
    Extension(shared): Extension<Shared>, Extension(signed): Extension<SignedIn>, Path(id): Path<String>,
    format: &'static str, kind: &'static str, print: fn(&dyn Printer, &Minutes) -> String,
) -> Response {
    let Ok(meeting) = id.parse::<MeetingId>() else { return StatusCode::NOT_FOUND.into_response() };
    match shared.service.minutes(&signed.viewer, meeting, format).await {
        Ok(minutes) => {
            let mut response = print(shared.service.printer(), &minutes).into_response();
            let name = format!("attachment; filename=\"minutes-{}-draft.{format}\"", minutes.held_on);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            headers
                .insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).expect("a date is a header's text"));
            response
        }
        Err(ServiceError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "minutes could not be made");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
