//! What went wrong, and what each kind of trouble answers: the one map for pages, forms, files and streams.

use crate::api::act::Acted;
use axum::http::StatusCode;
use domain::meeting::Refusal;
use service::{Service, ServiceError};

/// The kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// Not there, or not theirs to know. Final.
    NotFound,
    /// A rule said no: the value, the rule, the remedy. Final.
    Refused,
    /// Somebody changed it meanwhile: the message shows both values. The person decides.
    Stale,
    /// More than the server takes at once. The page sends it again by itself.
    Busy,
    /// The database takes nothing now. The page sends it again by itself.
    Unavailable,
    /// Something that should not happen. It is logged with its cause under an id that the person can read out.
    Fault,
}

/// One trouble, ready to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Which kind.
    pub kind: TroubleKind,
    /// Field and message; an empty field name is the whole form.
    pub errors: Vec<(String, String)>,
}

impl Trouble {
    /// Reads a service's error; logs it where somebody must look into it.
    #[must_use]
    pub fn of(error: ServiceError, service: &Service) -> Self {
        let whole = |kind, message: String| Self { kind, errors: vec![(String::new(), message)] };
        match error {
            ServiceError::NotFound => whole(TroubleKind::NotFound, error.to_string()),
            ServiceError::Refused(ref refusal @ Refusal::Stale { .. }) => {
                whole(TroubleKind::Stale, refusal.to_string())
            }
            ServiceError::Refused(refusal) => whole(TroubleKind::Refused, refusal.to_string()),
            ServiceError::SignIn(message) => whole(TroubleKind::Refused, message),
            ServiceError::Unconfirmed => whole(TroubleKind::Refused, error.to_string()),
            ServiceError::Form(errors) => Self { kind: TroubleKind::Refused, errors },
            ServiceError::TooFast | ServiceError::TooManyStreams => whole(TroubleKind::Busy, error.to_string()),
            ServiceError::Unavailable(ref cause) => {
                tracing::warn!(cause, "the database cannot be used now");
                whole(TroubleKind::Unavailable, error.to_string())
            }
            ServiceError::Setup(_) | ServiceError::Store(_) => {
                let id = service.new_uuid();
                tracing::error!(%error, fault = %id, "a fault");
                whole(
                    TroubleKind::Fault,
                    format!(
                        "Something went wrong, and nothing was changed. If it stays, read this out to support: {id}"
                    ),
                )
            }
        }
    }

    /// The status to answer with.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self.kind {
            TroubleKind::NotFound => StatusCode::NOT_FOUND,
            TroubleKind::Refused | TroubleKind::Stale => StatusCode::OK,
            TroubleKind::Busy => StatusCode::TOO_MANY_REQUESTS,
            TroubleKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            TroubleKind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The messages of all errors, joined with spaces.
    #[must_use]
    pub fn message(&self) -> String {
        self.errors.iter().map(|(_, message)| message.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// As the answer to an act of the live page.
    #[must_use]
    pub fn acted(self) -> Acted {
        let (field, message) = self.errors.into_iter().next().unwrap_or_default();
        Acted { seq: None, refused: Some(message), field }
    }
}
