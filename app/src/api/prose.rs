//! Words as they are typed, and the pens that write them.

use domain::page::PenCard;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::act::Acted;

/// One batch of somebody's keystrokes for one box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Which meeting.
    pub meeting: domain::MeetingId,
    /// Made by the browser; a retry carries the same.
    pub command: domain::CommandId,
    /// Which slot.
    pub slot: domain::SlotId,
    /// Which box.
    pub area: domain::meeting::Area,
    /// Whose author id the update carries.
    pub pen: u64,
    /// Yjs update, v1.
    #[serde(with = "domain::prose::base64_bytes")]
    pub update: Vec<u8>,
}

/// Takes a batch; answers once it is durable.
#[server(prefix = "/api", endpoint = "meeting/typed", input = Json)]
pub async fn typed(batch: Batch) -> Result<Acted, ServerFnError> {
    take(batch).await
}

/// Takes what a page still had when it was left, in its order: there was no time to wait for each answer.
#[server(prefix = "/api", endpoint = "meeting/last-words", input = Json)]
pub async fn last_words(batches: Vec<Batch>) -> Result<(), ServerFnError> {
    for batch in batches {
        take(batch).await?;
    }
    Ok(())
}

#[cfg(feature = "ssr")]
async fn take(batch: Batch) -> Result<Acted, ServerFnError> {
    use domain::meeting::{Command, Refusal};
    use domain::prose::ProseError;
    use service::meeting::Request;
    use service::room::Outcome;
    let refused = |message: String, field: &str| Acted { seq: None, refused: Some(message), field: field.to_owned() };
    if batch.update.len() > domain::prose::COMMAND_LIMIT {
        return Ok(refused("That is more than 64 KB at once. Put the text in piece by piece.".to_owned(), "too_long"));
    }
    let Ok(visit) = crate::visit::visit() else { return Ok(refused("Sign in again to go on.".to_owned(), "")) };
    let command = Command::Type(batch.slot, batch.area, batch.update, batch.pen);
    match visit.service.act(&visit.viewer, batch.meeting, batch.command, Request::Command(command)).await {
        Ok(Outcome::Applied { seq }) => Ok(Acted { seq: Some(seq), refused: None, field: String::new() }),
        Ok(Outcome::Refused { refusal }) => {
            let field = match refusal {
                Refusal::Text(ProseError::Resync | ProseError::NotYours) => "resync",
                Refusal::Text(ProseError::TooLong) => "too_long",
                _ => "",
            };
            Ok(refused(refusal.to_string(), field))
        }
        Err(service::ServiceError::NotFound) => {
            crate::visit::status(axum::http::StatusCode::NOT_FOUND);
            Ok(refused(service::ServiceError::NotFound.to_string(), ""))
        }
        Err(error @ service::ServiceError::TooFast) => {
            crate::visit::status(axum::http::StatusCode::TOO_MANY_REQUESTS);
            Ok(refused(error.to_string(), ""))
        }
        Err(error) => {
            tracing::error!(%error, "words could not be saved");
            Err(ServerFnError::ServerError("The server could not save this now.".to_owned()))
        }
    }
}

/// Gives this page load its author ids.
#[server(prefix = "/api", endpoint = "meeting/pens")]
pub async fn pens(meeting: String) -> Result<Vec<PenCard>, ServerFnError> {
    let gone = || ServerFnError::new("That is not here.");
    let visit = crate::visit::visit().map_err(|_| gone())?;
    let meeting = meeting.parse().map_err(|_| gone())?;
    match visit.service.pens(&visit.viewer, meeting).await {
        Ok(pens) => Ok(pens),
        Err(service::ServiceError::NotFound) => {
            crate::visit::status(axum::http::StatusCode::NOT_FOUND);
            Err(gone())
        }
        Err(error) => {
            tracing::error!(%error, "no pens");
            Err(ServerFnError::new("The server could not answer now."))
        }
    }
}
