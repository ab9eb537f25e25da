//! What went wrong, and what each kind of trouble answers: the one map for pages, forms, files and streams.

use crate::api::act::Acted;
use axum::http::StatusCode;
use domain::meeting::Refusal;
use service::{Service, ServiceError};

/// The kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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
    pub kind: Kind,
    /// Field and message; an empty field name is the whole form.
    pub errors: Vec<(String, String)>,
}

impl Trouble {
    /// Reads a service's error; logs it where somebody must look into it.
    #[must_use]
    pub fn of(error: ServiceError, service: &Service) -> Self {
        let whole = |kind, message: String| Self { kind, errors: vec![(String::new(), message)] };
        match error {
            ServiceError::NotFound => whole(Kind::NotFound, error.to_string()),
            ServiceError::Refused(ref refusal @ Refusal::Stale { .. }) => whole(Kind::Stale, refusal.to_string()),
            ServiceError::Refused(refusal) => whole(Kind::Refused, refusal.to_string()),
            ServiceError::SignIn(message) => whole(Kind::Refused, message),
            ServiceError::Form(errors) => Self { kind: Kind::Refused, errors },
            ServiceError::TooFast | ServiceError::TooManyStreams => whole(Kind::Busy, error.to_string()),
            ServiceError::Unavailable(ref cause) => {
                tracing::warn!(cause, "the database cannot be used now");
                whole(Kind::Unavailable, error.to_string())
            }
            ServiceError::Setup(_) | ServiceError::Store(_) => {
                let id = service.new_uuid();
                tracing::error!(%error, fault = %id, "a fault");
                whole(
                    Kind::Fault,
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
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Refused | Kind::Stale => StatusCode::OK,
            Kind::Busy => StatusCode::TOO_MANY_REQUESTS,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
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
