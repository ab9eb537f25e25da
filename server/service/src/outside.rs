//! What is kept and configured outside the database: the seal key, the council's systems and its name.

use crate::Service;
use crate::people::session::SessionLimits;
use crate::seal::SealKey;
use domain::template::TemplateFile;
use interchange::out::Target;
use std::sync::Arc;

/// Set by whoever starts the service.
#[derive(Debug, Clone)]
pub struct Outside {
    /// The key of the chains' heads.
    pub seal_key: SealKey,
    /// Where signed records go.
    pub targets: Vec<Arc<dyn Target>>,
    /// The council's name, for the head of documents; may be empty.
    pub council: String,
    /// The council's logo as SVG, for the head of documents.
    pub logo: Option<String>,
    /// The council's own templates.
    pub templates: Vec<TemplateFile>,
    /// How long sessions last.
    pub sessions: SessionLimits,
    /// Whether everybody who signs in with a password is asked for a second factor.
    pub second_factor: bool,
    /// Where else people sign in.
    pub providers: Vec<Arc<identity::Client>>,
    /// Why nothing at all is destroyed or reduced, where an inquiry asks for that.
    pub hold: Option<String>,
    /// The beginning of the hash over the settings file and its templates: the security log says whether they changed.
    pub settings_hash: [u8; 8],
}

impl Outside {
    /// No systems, no name, a key.
    #[must_use]
    pub fn with_key(seal_key: SealKey) -> Self {
        Self {
            seal_key,
            targets: Vec::new(),
            council: String::new(),
            logo: None,
            templates: Vec::new(),
            sessions: SessionLimits::default(),
            second_factor: false,
            providers: Vec::new(),
            hold: None,
            settings_hash: [0; 8],
        }
    }
}

impl Service {
    /// The beginning of the hash over the settings file and its templates.
    #[must_use]
    pub fn settings_hash(&self) -> [u8; 8] {
        self.inner.outside.settings_hash
    }
}
