//! What every handler of the server is given.

use crate::poll::Polls;
use app::api::account::Cookies;
use service::Service;
use std::net::IpAddr;
use std::sync::Arc;

/// Everything that handlers share.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The use cases.
    pub service: Service,
    /// How the session cookie is named and guarded.
    pub cookies: Cookies,
    /// The address people type, for telling our own pages' requests from others'.
    pub public: Arc<str>,
    /// The proxy in front, where there is one.
    pub proxy: Option<IpAddr>,
    /// Pages that poll.
    pub polls: Polls,
    /// Which build this is.
    pub build: Arc<str>,
}
