//! The question that each month asks once: how many gave which answer.

use crate::{Store, StoreError, Tx};
use domain::TeamId;

impl Store {
    /// Answers of a team's months: month, answer, count.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn opinions(&self, team: TeamId) -> Result<Vec<(String, String, i64)>, StoreError> {
        const READ: &str = "SELECT month, answer, count FROM opinions WHERE team_id = $1 ORDER BY month, answer";
        Ok(fetch_all!(self, (String, String, i64), READ, team.uuid())?)
    }

    /// Whether somebody, identified only by a hash, has answered for a month.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn opinion_given(&self, team: TeamId, month: &str, hash: &str) -> Result<bool, StoreError> {
        const READ: &str = "SELECT month FROM opinions_given WHERE team_id = $1 AND month = $2 AND worker_hash = $3";
        Ok(fetch_optional!(self, (String,), READ, team.uuid(), month, hash)?.is_some())
    }
}

impl Tx {
    /// Counts an answer once; `false` where this hash has answered already.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn count_opinion(
        &mut self, team: TeamId, month: &str, hash: &str, answer: &str,
    ) -> Result<bool, StoreError> {
        const ONCE: &str = "INSERT INTO opinions_given (team_id, month, worker_hash) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING";
        const COUNT: &str = "INSERT INTO opinions (team_id, month, answer, count) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (team_id, month, answer) DO UPDATE SET count = opinions.count + 1";
        if execute!(self, ONCE, team.uuid(), month, hash)? != 1 {
            return Ok(false);
        }
        execute!(self, COUNT, team.uuid(), month, answer)?;
        Ok(true)
    }
}
