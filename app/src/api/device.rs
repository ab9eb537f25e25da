//! The key with which this browser encrypts what it keeps until it is shared.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A worker's key for one device.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyCard {
    /// 32 bytes as base64.
    #[serde(with = "domain::prose::base64_bytes")]
    pub key: Vec<u8>,
    /// Whether this device was here before.
    pub seen_before: bool,
}

/// Gives the signed-in worker their key for this device.
#[server(prefix = "/api", endpoint = "device/key")]
pub async fn device_key(device: String) -> Result<KeyCard, ServerFnError> {
    let wrong = || ServerFnError::new("That is no device.");
    let visit = crate::visit::visit().map_err(|_| wrong())?;
    let device = device.parse().map_err(|_| wrong())?;
    match visit.service.device_key(&visit.viewer, device).await {
        Ok(key) => Ok(KeyCard { key: key.key, seen_before: key.seen_before }),
        Err(error) => {
            let trouble = crate::trouble::Trouble::of(error, &visit.service);
            crate::visit::status(trouble.status());
            Err(ServerFnError::new(trouble.message()))
        }
    }
}
