//! Somebody's trip to an identity provider and back.

use crate::ServiceError;
use domain::WorkerId;
pub use identity::Away;
use identity::Client;
use serde::{Deserialize, Serialize};

/// The longest cookie, in bytes: browsers keep 4,096 with its name.
const LONGEST_COOKIE: usize = 3_500;

/// Somebody's way to a provider and back, as their browser keeps it meanwhile. It opens nothing that its holder could not
/// open without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// The provider's key.
    pub provider: String,
    /// What proves that the answer belongs to this trip.
    pub away: Away,
    /// What for.
    pub errand: Errand,
    /// The page that was asked for; may be empty.
    pub next: String,
}

impl Trip {
    /// A trip that begins now.
    #[must_use]
    pub fn to(provider: &str, errand: Errand, next: &str) -> Self {
        Self { provider: provider.to_owned(), away: Client::begin(), errand, next: next.to_owned() }
    }

    /// The address that the provider sends people back to, of a server that people reach at `public`.
    #[must_use]
    pub fn back(&self, public: &str) -> String {
        format!("{public}/sign-in/back/{}", self.provider)
    }

    /// The trip as a cookie holds it: hexadecimal.
    ///
    /// # Errors
    /// Where it is too long for a browser to keep.
    pub fn to_cookie(&self) -> Result<String, ServiceError> {
        let text = serde_json::to_vec(self).map_err(|error| ServiceError::Setup(error.to_string()))?;
        let cookie = hex::encode(text);
        if cookie.len() > LONGEST_COOKIE { Err(ServiceError::NotFound) } else { Ok(cookie) }
    }

    /// The trip that a cookie holds; `None` where it is none.
    #[must_use]
    pub fn of_cookie(cookie: &str) -> Option<Self> {
        serde_json::from_slice(&hex::decode(cookie).ok()?).ok()
    }
}

/// What somebody goes to a provider for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// To sign in.
    SignIn,
    /// Signed in already: to be asked again who they are.
    Confirmation(WorkerId),
    /// To link the account of a one-time link: its code.
    Invitation(String),
}
