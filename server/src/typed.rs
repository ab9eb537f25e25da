//! Words as they are typed. The one way to write that is no server function: in a busy meeting it is asked for
//! more often than everything else together.

use crate::state::AppState;
use app::api::act::Acted;
use app::api::prose::Batch;
use app::trouble::Trouble;
use app::visit::SignedIn;
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::meeting::{Command, Refusal};
use domain::prose::{COMMAND_LIMIT, ProseError};
use service::meeting::Request;
use service::meeting::room::Outcome;

/// `POST /api/meeting/typed`: takes batches in their order, up to the first that is refused, and answers what the
/// last one came to once it is durable. A page sends one; a page that is being left sends what all its boxes have.
pub async fn typed(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>, Json(batches): Json<Vec<Batch>>,
) -> (StatusCode, Json<Acted>) {
    let mut last = (StatusCode::OK, refused("There are no words in this.".to_owned(), ""));
    for batch in batches {
        last = take(&shared, &signed, batch).await;
        if last.1.seq.is_none() {
            break;
        }
    }
    (last.0, Json(last.1))
}

async fn take(shared: &AppState, signed: &SignedIn, batch: Batch) -> (StatusCode, Acted) {
    if batch.update.len() > COMMAND_LIMIT {
        let message = "That is more than 64 KB at once. Put the text in piece by piece.";
        return (StatusCode::OK, refused(message.to_owned(), "too_long"));
    }
    let command =
        Request::Command(Command::Type { slot: batch.slot, area: batch.area, update: batch.update, pen: batch.pen });
    match shared.service.act(&signed.viewer, batch.meeting, batch.command, command).await {
        Ok(Outcome::Applied { seq }) => (StatusCode::OK, Acted { seq: Some(seq), refused: None, field: String::new() }),
        Ok(Outcome::Refused { refusal }) => {
            let field = match refusal {
                Refusal::Text(ProseError::Resync | ProseError::NotYours) => "resync",
                Refusal::Text(ProseError::TooLong | ProseError::Full) => "too_long",
                Refusal::Text(ProseError::TooMuchAtOnce) => "too_much",
                _ => "",
            };
            (StatusCode::OK, refused(refusal.to_string(), field))
        }
        Err(error) => {
            let trouble = Trouble::of(error, &shared.service);
            (trouble.status(), trouble.acted())
        }
    }
}

fn refused(message: String, field: &str) -> Acted {
    Acted { seq: None, refused: Some(message), field: field.to_owned() }
}
