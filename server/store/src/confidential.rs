//! Confidential looks: asked for, answered by leads, opened for an hour.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::status::LookAnswer;
use domain::{FamilyId, OpeningId, WorkerId};

/// One look that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfidentialLook {
    /// Its identifier; the opening's, once it is opened.
    pub id: OpeningId,
    /// Which family.
    pub family_id: FamilyId,
    /// Who asked.
    pub worker_id: WorkerId,
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When it was opened; absent until then.
    pub opened_at: Option<DateTime<Utc>>,
}

row!(ConfidentialLook { id, family_id, worker_id, reason, asked_at, opened_at });

/// What a lead said of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerToLook {
    /// Of which.
    pub look_id: OpeningId,
    /// Who.
    pub worker_id: WorkerId,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub answer: LookAnswer,
    /// In their words; may be empty.
    pub words: String,
}

row!(AnswerToLook { look_id, worker_id, at, answer, words });

impl Store {
    /// The looks that were asked for since a time, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn confidential_looks(&self, since: DateTime<Utc>) -> Result<Vec<ConfidentialLook>, StoreError> {
        const READ: &str = "SELECT id, family_id, worker_id, reason, asked_at, opened_at FROM confidential_looks \
             WHERE asked_at >= $1 ORDER BY asked_at DESC, id";
        Ok(fetch_all!(self, ConfidentialLook, READ, since)?)
    }

    /// What leads answered to looks that were asked for since a time, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn answers_to_looks(&self, since: DateTime<Utc>) -> Result<Vec<AnswerToLook>, StoreError> {
        const READ: &str = "SELECT a.look_id, a.worker_id, a.at, a.answer, a.words FROM answers_to_looks a \
             JOIN confidential_looks l ON l.id = a.look_id WHERE l.asked_at >= $1 ORDER BY a.at, a.worker_id";
        Ok(fetch_all!(self, AnswerToLook, READ, since)?)
    }
}

impl Tx {
    /// Asks for a look.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn ask_for_look(&mut self, look: &ConfidentialLook) -> Result<(), StoreError> {
        const ASK: &str = "INSERT INTO confidential_looks (id, family_id, worker_id, reason, asked_at) \
             VALUES ($1, $2, $3, $4, $5)";
        let (id, family, worker) = (look.id.uuid(), look.family_id.uuid(), look.worker_id.uuid());
        execute!(self, ASK, id, family, worker, look.reason.as_str(), look.asked_at)?;
        Ok(())
    }

    /// Keeps what a lead answered; `false` where they have answered this.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn answer_look(&mut self, answer: &AnswerToLook) -> Result<bool, StoreError> {
        const KEEP: &str = "INSERT INTO answers_to_looks (look_id, worker_id, at, answer, words, afterwards) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        let afterwards = answer.answer == LookAnswer::Reviewed;
        let (look, worker, word) = (answer.look_id.uuid(), answer.worker_id.uuid(), answer.answer.word());
        Ok(execute!(self, KEEP, look, worker, answer.at, word, answer.words.as_str(), afterwards)? == 1)
    }

    /// Notes that a look was opened; `false` where it was.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn open_look(&mut self, id: OpeningId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        const OPEN: &str = "UPDATE confidential_looks SET opened_at = $2 WHERE id = $1 AND opened_at IS NULL";
        Ok(execute!(self, OPEN, id.uuid(), at)? == 1)
    }
}
