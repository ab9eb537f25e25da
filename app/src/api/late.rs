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
    /// The discussion and the children the words are about, as [`crate::meeting::late_place::LatePlace`] writes them.
    pub place: String,
    /// Made by the browser; a retry carries the same.
    pub command: String,
    /// Markdown.
    pub text: String,
}

/// Files it in the family's workbook.
#[server(prefix = "/api", endpoint = "meeting/late")]
pub async fn contribute_late(form: LateForm) -> Result<Acted, ServerFnError> {
    use crate::meeting::late_place::LatePlace;
    use service::ServiceError;
    use service::workbook::late::LateWords;
    let refused = |message: String| Ok(Acted { seq: None, refused: Some(message), field: String::new() });
    let ids = (form.meeting.parse(), form.place.parse(), form.command.parse());
    let (Ok(visit), (Ok(meeting), Ok(LatePlace { slot, children }), Ok(command))) = (crate::visit::visit(), ids) else {
        crate::visit::status(axum::http::StatusCode::NOT_FOUND);
        return refused(ServiceError::NotFound.to_string());
    };
    let late = LateWords { children, text: form.text };
    let filed = async {
        let author = visit.service.late_author(&visit.viewer, meeting, slot).await?;
        visit.service.contribute_late(author, command, &late).await
    };
    match filed.await {
        Ok(()) => Ok(Acted { seq: Some(0), refused: None, field: String::new() }),
        Err(error) => {
            let trouble = crate::trouble::Trouble::of(error, &visit.service);
            crate::visit::status(trouble.status());
            Ok(trouble.acted())
        }
    }
}
