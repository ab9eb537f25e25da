//! What a use case can come to, other than its result.

use domain::meeting::Refusal;
use store::StoreError;

/// Why a use case gave no result.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Not there, or not theirs to know.
    #[error("Page not found. If you should have access, ask your team manager.")]
    NotFound,
    /// A rule said no; the message is for people.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// Fields of a form that cannot be used: name and message each.
    #[error("Some of what was typed cannot be used.")]
    Form(Vec<(String, String)>),
    /// Signing in failed or must wait.
    #[error("{0}")]
    SignIn(String),
    /// Whoever asks is to show first that it is still them.
    #[error("Confirm that it is you.")]
    Unconfirmed,
    /// More commands than a person can mean.
    #[error("That is faster than 20 changes a second. Nothing is lost: wait a moment and send it again.")]
    TooFast,
    /// More pages of meetings than a person can look at.
    #[error("You have very many pages of meetings open. Close some of them: this one then goes on by itself.")]
    TooManyStreams,
    /// The database takes nothing now. What was sent is not lost: the same may be sent again, and is done once.
    #[error("The server cannot save this now. Nothing is lost: it is sent again by itself.")]
    Unavailable(String),
    /// Something that an operator must put right.
    #[error("{0}")]
    Setup(String),
    /// The database holds or did something that it should not.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => Self::Unavailable(cause),
            other => Self::Store(other),
        }
    }
}

impl ServiceError {
    /// The same for everybody who waited for one write.
    pub(crate) fn for_each(&self) -> Self {
        match self {
            Self::Unavailable(cause) => Self::Unavailable(cause.clone()),
            other => Self::Setup(other.to_string()),
        }
    }

    /// One field of a form.
    #[must_use]
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        Self::Form(vec![(name.to_owned(), message.into())])
    }
}
