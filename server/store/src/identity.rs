//! Who workers are at identity providers.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::WorkerId;

/// Who a worker is at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRow {
    /// The provider.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
    /// Whose account.
    pub worker_id: WorkerId,
    /// Who linked it: the worker by an invitation, or an administrator.
    pub linked_by: WorkerId,
    /// When.
    pub linked_at: DateTime<Utc>,
}

row!(IdentityRow { issuer, subject, worker_id, linked_by, linked_at });

impl Store {
    /// Whose account an identity is linked to.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<IdentityRow>, StoreError> {
        const READ: &str = "SELECT issuer, subject, worker_id, linked_by, linked_at FROM identities \
             WHERE issuer = $1 AND subject = $2";
        Ok(fetch_optional!(self, IdentityRow, READ, issuer, subject)?)
    }

    /// The identity that a worker's account is linked to.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn identity_of(&self, worker: WorkerId) -> Result<Option<IdentityRow>, StoreError> {
        const READ: &str =
            "SELECT issuer, subject, worker_id, linked_by, linked_at FROM identities WHERE worker_id = $1";
        Ok(fetch_optional!(self, IdentityRow, READ, worker.uuid())?)
    }
}

impl Tx {
    /// Links an account to an identity, in place of the one it had: `false` where the identity is somebody else's.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn link_identity(&mut self, row: &IdentityRow) -> Result<bool, StoreError> {
        const LINK: &str = "INSERT INTO identities (issuer, subject, worker_id, linked_by, linked_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (issuer, subject) DO NOTHING";
        self.unlink_identity(row.worker_id).await?;
        let (issuer, subject) = (row.issuer.as_str(), row.subject.as_str());
        let linked = execute!(self, LINK, issuer, subject, row.worker_id.uuid(), row.linked_by.uuid(), row.linked_at)?;
        Ok(linked == 1)
    }

    /// Takes an account's identity away: whether it had one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn unlink_identity(&mut self, worker: WorkerId) -> Result<bool, StoreError> {
        Ok(execute!(self, "DELETE FROM identities WHERE worker_id = $1", worker.uuid())? == 1)
    }
}
