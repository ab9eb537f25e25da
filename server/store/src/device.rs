//! Keys for what browsers keep on their devices.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::WorkerId;
use uuid::Uuid;

impl Store {
    /// A worker's key for a device, where they have one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn device_key(&self, worker: WorkerId, device: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        const READ: &str = "SELECT key FROM device_keys WHERE worker_id = $1 AND device_id = $2";
        let row = fetch_optional!(self, (Vec<u8>,), READ, worker.uuid(), device)?;
        Ok(row.map(|(key,)| key))
    }
}

impl Tx {
    /// Keeps a key, or notes that it was used; a key that exists is never replaced. Keys unused since
    /// `forget` go: nothing a device keeps lives that long.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_device_key(
        &mut self, worker: WorkerId, device: Uuid, key: &[u8], now: DateTime<Utc>, forget: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO device_keys (worker_id, device_id, key, created_at, used_at) \
             VALUES ($1, $2, $3, $4, $4) ON CONFLICT (worker_id, device_id) DO UPDATE SET used_at = excluded.used_at";
        execute!(self, "DELETE FROM device_keys WHERE used_at < $1", forget)?;
        execute!(self, KEEP, worker.uuid(), device, key, now)?;
        Ok(())
    }
}
