//! The key with which a browser encrypts what it keeps until it is shared.

use crate::ids::random;
use crate::{Service, ServiceError};
use chrono::TimeDelta;
use domain::viewer::Viewer;
use store::Uuid;

/// A key that was not used for so long is deleted; a device keeps nothing longer.
const UNUSED: TimeDelta = TimeDelta::days(30);

/// A worker's key for one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceKey {
    /// 32 random bytes.
    pub key: Vec<u8>,
    /// Whether this device was here before, so that it does keep things.
    pub seen_before: bool,
}

impl Service {
    /// The viewer's key for a device; made on the first call.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn device_key(&self, viewer: &Viewer, device: Uuid) -> Result<DeviceKey, ServiceError> {
        let store = &self.inner.store;
        let stored = store.device_key(viewer.worker, device).await?;
        let now = self.inner.clock.now();
        let mut tx = store.begin().await?;
        let fresh = stored.clone().unwrap_or_else(|| random::<32>().to_vec());
        tx.keep_device_key(viewer.worker, device, &fresh, now, now - UNUSED).await?;
        tx.commit().await?;
        // Two tabs may have come at once: the first one's key stands.
        let key = store.device_key(viewer.worker, device).await?.ok_or(ServiceError::NotFound)?;
        Ok(DeviceKey { key, seen_before: stored.is_some() })
    }
}
