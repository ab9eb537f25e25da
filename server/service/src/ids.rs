//! Randomness comes in here.

use crate::Service;
use domain::prose::PEN_LIMIT;
use uuid::{NoContext, Timestamp, Uuid};

impl Service {
    /// A new UUIDv7 at the service's clock.
    #[must_use]
    pub fn new_uuid(&self) -> Uuid {
        let now = self.inner.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
    }
}

/// Random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A random author id; 0 belongs to nobody.
pub fn random_pen() -> u64 {
    (u64::from_le_bytes(random()) % (PEN_LIMIT - 1)) + 1
}
