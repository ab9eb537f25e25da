//! What managers found out about people who asked for a family and were not shown it.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{FamilyId, TeamId, WorkerId};

/// What a manager found out about somebody who asked for a family on a day and was not shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalAnswer {
    /// Which family.
    pub family_id: FamilyId,
    /// Who asked.
    pub worker_id: WorkerId,
    /// On which day, in London.
    pub day: NaiveDate,
    /// Who found it out.
    pub answered_by: WorkerId,
    /// When.
    pub answered_at: DateTime<Utc>,
    /// What they found.
    pub answer: String,
}

row!(RefusalAnswer { family_id, worker_id, day, answered_by, answered_at, answer });

impl Store {
    /// The answers about a team's families for the days from `from` and before `until`.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn refusal_answers(
        &self, team: TeamId, (from, until): (NaiveDate, NaiveDate),
    ) -> Result<Vec<RefusalAnswer>, StoreError> {
        const READ: &str = "SELECT a.family_id, a.worker_id, a.day, a.answered_by, a.answered_at, a.answer \
             FROM refusal_answers a JOIN families f ON f.id = a.family_id \
             WHERE f.team_id = $1 AND a.day >= $2 AND a.day < $3";
        Ok(fetch_all!(self, RefusalAnswer, READ, team.uuid(), from, until)?)
    }
}

impl Tx {
    /// Keeps an answer: `false` where there is one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn answer_refusal(&mut self, answer: &RefusalAnswer) -> Result<bool, StoreError> {
        const KEEP: &str = "INSERT INTO refusal_answers (family_id, worker_id, day, answered_by, answered_at, answer) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (family_id, worker_id, day) DO NOTHING";
        let kept = execute!(
            self,
            KEEP,
            answer.family_id.uuid(),
            answer.worker_id.uuid(),
            answer.day,
            answer.answered_by.uuid(),
            answer.answered_at,
            answer.answer.as_str(),
        )?;
        Ok(kept == 1)
    }

    /// Destroys the answers for the days before one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn destroy_refusal_answers(&mut self, before: NaiveDate) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM refusal_answers WHERE day < $1", before)?;
        Ok(())
    }
}
