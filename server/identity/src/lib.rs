//! Identity providers: signing in by OpenID Connect's authorization code flow with PKCE, and hearing that somebody signed
//! out there. What a provider says is only given on when its signature, audience, time and nonce are right; what follows from
//! it is decided elsewhere.
//!
//! Requests block: call from a thread where that is allowed.

mod client;
mod line;

pub use client::{Away, Client, Registration, SignedOut};

/// Why a provider's word is not there.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// It does not answer, or not in time.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// What it answers is not what it should be.
    #[error("its answer cannot be trusted: {0}")]
    Untrusted(String),
}
