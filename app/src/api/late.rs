//! Words that came too late for their meeting.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::act::Acted;

/// A late contribution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LateForm {
    /// Which meeting.
    pub meeting: String,
    /// Which slot.
    pub slot: String,
    /// Made by the browser; a retry carries the same.
    pub command: String,
    /// Markdown.
    pub text: String,
}

/// Files it in the family's workbook.
#[server(prefix = "/api", endpoint = "meeting/late")]
pub async fn contribute_late(form: LateForm) -> Result<Acted, ServerFnError> {
    use service::ServiceError;
    let refused = |message: String| Ok(Acted { seq: None, refused: Some(message), field: String::new() });
    let ids = (form.meeting.parse(), form.slot.parse(), form.command.parse());
    let (Ok(visit), (Ok(meeting), Ok(slot), Ok(command))) = (crate::visit::visit(), ids) else {
        crate::visit::status(axum::http::StatusCode::NOT_FOUND);
        return refused(ServiceError::NotFound.to_string());
    };
    match visit.service.contribute_late(&visit.viewer, meeting, slot, command, &form.text).await {
        Ok(()) => Ok(Acted { seq: Some(0), refused: None, field: String::new() }),
        Err(error) => {
            let trouble = crate::trouble::Trouble::of(error, &visit.service);
            crate::visit::status(trouble.status());
            Ok(trouble.acted())
        }
    }
}
