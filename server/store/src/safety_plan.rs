//! Families' safety plans.

use crate::row::read_body;
use crate::{Store, StoreError, Tx};
use domain::FamilyId;
use domain::safety_plan::WrittenSafetyPlan;
use uuid::Uuid;

impl Store {
    /// Those of a family, a team's families or a meeting's.
    ///
    /// # Errors
    /// Where the database does not answer or one cannot be read.
    pub async fn safety_plans(&self, scope: Uuid) -> Result<Vec<(FamilyId, WrittenSafetyPlan)>, StoreError> {
        const READ: &str = "SELECT p.family_id, p.body FROM scopes s JOIN safety_plans p ON p.family_id = s.family_id \
             WHERE s.scope_id = $1";
        let rows = fetch_all!(self, (Uuid, String), READ, scope)?;
        rows.into_iter().map(|(family, body)| Ok((FamilyId::new(family), read_body(family, &body)?))).collect()
    }
}

impl Tx {
    /// Keeps one, in the place of what stood there.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_safety_plan(&mut self, family: FamilyId, plan: &WrittenSafetyPlan) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO safety_plans (family_id, body) VALUES ($1, $2) \
             ON CONFLICT (family_id) DO UPDATE SET body = excluded.body";
        let body = serde_json::to_string(plan).expect("safety plans are plain data");
        execute!(self, KEEP, family.uuid(), body.as_str())?;
        Ok(())
    }
}
