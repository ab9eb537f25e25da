//! What every handler of the server is given.

use crate::polls::Polls;
use crate::proxies::Proxies;
use app::cookies::Cookies;
use service::Service;
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
    /// The proxies in front.
    pub proxies: Proxies,
    /// Pages that poll.
    pub polls: Polls,
    /// Which build this is.
    pub build: Arc<str>,
}
