//! Retention: legal holds, reductions, and the destruction of our copy. The only code that changes a journal's lines.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use domain::meeting::Entry;
use domain::record::Record;
use domain::status::PlanKind;
use domain::{FamilyId, MeetingId, PersonId, SlotId, StepId, WorkerId};
use serde::Serialize;
use uuid::Uuid;

use crate::delivery::DeliveryRow;
use crate::journal::Written;
use crate::row::read_body;

/// One family's part of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyPart {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The slot.
    pub slot_id: SlotId,
    /// The family.
    pub family_id: FamilyId,
    /// The day it was held.
    pub held_on: NaiveDate,
}

row!(FamilyPart { meeting_id, slot_id, family_id, held_on });

/// A wish that our copy of a child's records goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiry {
    /// Whose records.
    pub child_id: PersonId,
    /// When it was proposed.
    pub proposed_at: DateTime<Utc>,
    /// By whom.
    pub proposed_by: WorkerId,
    /// The rule it was proposed under, in words.
    pub rule: String,
    /// When somebody else agreed, and it was destroyed.
    pub agreed_at: Option<DateTime<Utc>>,
}

row!(Expiry { child_id, proposed_at, proposed_by, rule, agreed_at });

/// Lines of a journal that take the place of others.
#[derive(Debug)]
pub struct Rewrite {
    /// Which journal.
    pub journal: Uuid,
    /// Where it stood when the lines were made.
    pub last: i64,
    /// The lines, by their place.
    pub lines: Vec<(i64, String)>,
    /// The line that says so, put behind the last: who decided on the old lines is late by it.
    pub note: Written,
}

impl Rewrite {
    /// New events for lines of a journal whose entries are given.
    #[must_use]
    pub fn of<E: Serialize + Clone>(
        journal: Uuid, entries: &[Entry<E>], lines: Vec<(i64, E)>, note: (DateTime<Utc>, WorkerId, E),
    ) -> Self {
        let (at, by, event) = note;
        let last = entries.last().map_or(0, |entry| entry.seq);
        let written = lines.into_iter().map(|(seq, event)| Written::of(&Entry { seq, at, by: nobody(), event }));
        Self {
            journal,
            last,
            lines: written.map(|line| (line.seq, line.body)).collect(),
            note: Written::of(&Entry { seq: last + 1, at, by, event }),
        }
    }
}

fn nobody() -> WorkerId {
    WorkerId::new(Uuid::nil())
}

struct KindRow {
    kind: PlanKind,
}

row!(KindRow { kind });

impl Store {
    /// Why a family is held; `None` where it is not.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn hold(&self, family: FamilyId) -> Result<Option<String>, StoreError> {
        let row = fetch_optional!(self, (String,), "SELECT reason FROM holds WHERE family_id = $1", family.uuid())?;
        Ok(row.map(|(reason,)| reason))
    }

    /// A child's records, in every family.
    ///
    /// # Errors
    /// Where the database does not answer or a record cannot be read.
    pub async fn records_of_child(&self, child: PersonId) -> Result<Vec<Record>, StoreError> {
        const READ: &str = "SELECT id, body FROM records WHERE child_id = $1 ORDER BY held_on, id";
        let rows = fetch_all!(self, (Uuid, String), READ, child.uuid())?;
        rows.into_iter().map(|(id, body)| read_body(id, &body)).collect()
    }

    /// Deliveries of a child's records, but for those a newer version took the place of.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn deliveries_of_child(&self, child: PersonId) -> Result<Vec<DeliveryRow>, StoreError> {
        const READ: &str = "SELECT id, child_id, record_id, version, target, state, attempts, next_at, answer, queued_at, \
             changed_at FROM deliveries WHERE child_id = $1 AND state <> 'withdrawn'";
        Ok(fetch_all!(self, DeliveryRow, READ, child.uuid())?)
    }

    /// Kinds of all plans a child ever had.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn plan_kinds(&self, child: PersonId) -> Result<Vec<PlanKind>, StoreError> {
        let rows = fetch_all!(self, KindRow, "SELECT DISTINCT kind FROM plans WHERE person_id = $1", child.uuid())?;
        Ok(rows.into_iter().map(|row| row.kind).collect())
    }

    /// The parts of meetings that were or will be about a family, earliest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn parts_of_family(&self, family: FamilyId) -> Result<Vec<FamilyPart>, StoreError> {
        const READ: &str = "SELECT s.meeting_id, s.id AS slot_id, s.family_id, m.held_on FROM slots s \
             JOIN meetings m ON m.id = s.meeting_id WHERE s.family_id = $1 ORDER BY m.held_on, s.id";
        Ok(fetch_all!(self, FamilyPart, READ, family.uuid())?)
    }

    /// Finished parts of closed meetings held before a day whose keystrokes are all there still, of families that are not
    /// held.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn parts_to_reduce(&self, before: NaiveDate) -> Result<Vec<FamilyPart>, StoreError> {
        const READ: &str = "SELECT s.meeting_id, s.id AS slot_id, s.family_id, m.held_on FROM slots s \
             JOIN meetings m ON m.id = s.meeting_id LEFT JOIN reductions r ON r.slot_id = s.id \
             LEFT JOIN holds h ON h.family_id = s.family_id WHERE m.phase = 'closed' AND s.progress = 'finished' \
             AND m.held_on < $1 AND r.slot_id IS NULL AND h.family_id IS NULL ORDER BY m.held_on, s.id";
        Ok(fetch_all!(self, FamilyPart, READ, before)?)
    }

    /// What a reduction left of a slot, as JSON; `None` where nothing was reduced.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn reduction(&self, slot: SlotId) -> Result<Option<String>, StoreError> {
        let row = fetch_optional!(self, (String,), "SELECT body FROM reductions WHERE slot_id = $1", slot.uuid())?;
        Ok(row.map(|(body,)| body))
    }

    /// Proposals that wait for a second person.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn proposed_expiries(&self) -> Result<Vec<Expiry>, StoreError> {
        const READ: &str = "SELECT child_id, proposed_at, proposed_by, rule, agreed_at FROM expiries \
             WHERE agreed_at IS NULL ORDER BY proposed_at";
        Ok(fetch_all!(self, Expiry, READ)?)
    }

    /// What was destroyed of a child's records: how many signed versions, and when.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn destroyed(&self, child: PersonId) -> Result<Vec<(i64, DateTime<Utc>)>, StoreError> {
        const READ: &str = "SELECT number, destroyed_at FROM tombstones WHERE child_id = $1 ORDER BY number";
        Ok(fetch_all!(self, (i64, DateTime<Utc>), READ, child.uuid())?)
    }
}

impl Tx {
    /// Keeps the hold that stands on a family, or that none does.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_hold(&mut self, family: FamilyId, reason: Option<&str>) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO holds (family_id, reason) VALUES ($1, $2) \
             ON CONFLICT (family_id) DO UPDATE SET reason = excluded.reason";
        execute!(self, "DELETE FROM holds WHERE family_id = $1", family.uuid())?;
        if let Some(reason) = reason {
            execute!(self, KEEP, family.uuid(), reason)?;
        }
        Ok(())
    }

    /// Puts other lines in the place of a journal's; `false` where it has moved since they were made, and the
    /// transaction must be given up.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn rewrite(&mut self, rewrite: &Rewrite) -> Result<bool, StoreError> {
        const MOVE: &str = "UPDATE journals SET last = last + 1 WHERE id = $1 AND last = $2";
        const NOTE: &str = "INSERT INTO events (journal_id, seq, at, by_worker, version, body) \
             VALUES ($1, $2, $3, $4, 1, $5)";
        const REWRITE: &str = "UPDATE events SET body = $1 WHERE journal_id = $2 AND seq = $3";
        if execute!(self, MOVE, rewrite.journal, rewrite.last)? != 1 {
            return Ok(false);
        }
        for (seq, body) in &rewrite.lines {
            execute!(self, REWRITE, body.as_str(), rewrite.journal, *seq)?;
        }
        let note = &rewrite.note;
        execute!(self, NOTE, rewrite.journal, note.seq, note.at, note.by.uuid(), note.body.as_str())?;
        execute!(self, "DELETE FROM snapshots WHERE journal_id = $1", rewrite.journal)?;
        Ok(true)
    }

    /// Keeps what a reduction left; `false` where the slot was reduced before.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_reduction(
        &mut self, part: &FamilyPart, at: DateTime<Utc>, body: &str,
    ) -> Result<bool, StoreError> {
        const KEEP: &str = "INSERT INTO reductions (slot_id, meeting_id, family_id, at, body) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let (slot, meeting, family) = (part.slot_id.uuid(), part.meeting_id.uuid(), part.family_id.uuid());
        Ok(execute!(self, KEEP, slot, meeting, family, at, body)? == 1)
    }

    /// Changes what a reduction left.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn change_reduction(&mut self, slot: SlotId, body: &str) -> Result<(), StoreError> {
        execute!(self, "UPDATE reductions SET body = $1 WHERE slot_id = $2", body, slot.uuid())?;
        Ok(())
    }

    /// Notes a proposal; one that waits already stays.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn propose_expiry(&mut self, expiry: &Expiry) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO expiries (child_id, proposed_at, proposed_by, rule) SELECT $1, $2, $3, $4 \
             WHERE NOT EXISTS (SELECT 1 FROM expiries WHERE child_id = $1 AND agreed_at IS NULL)";
        let (child, by) = (expiry.child_id.uuid(), expiry.proposed_by.uuid());
        execute!(self, KEEP, child, expiry.proposed_at, by, expiry.rule.as_str())?;
        Ok(())
    }

    /// Takes a proposal back, or what is left of an old one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn withdraw_expiry(&mut self, child: PersonId) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM expiries WHERE child_id = $1 AND agreed_at IS NULL", child.uuid())?;
        Ok(())
    }

    /// Notes a second person's yes; `false` where nothing waits that somebody else proposed since a moment.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn agree_expiry(
        &mut self, child: PersonId, by: WorkerId, at: DateTime<Utc>, since: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        const AGREE: &str = "UPDATE expiries SET agreed_at = $1, agreed_by = $2 \
             WHERE child_id = $3 AND agreed_at IS NULL AND proposed_by <> $2 AND proposed_at >= $4";
        Ok(execute!(self, AGREE, at, by.uuid(), child.uuid(), since)? == 1)
    }

    /// Empties a seal. Its hash stays, and a tombstone under a code of the seal key says that this was meant.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn mark_destroyed(
        &mut self, child: PersonId, number: i64, at: DateTime<Utc>, code: &str,
    ) -> Result<(), StoreError> {
        const NOTE: &str = "INSERT INTO tombstones (child_id, number, destroyed_at, code) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING";
        execute!(self, "UPDATE seals SET body = '' WHERE child_id = $1 AND number = $2", child.uuid(), number)?;
        execute!(self, NOTE, child.uuid(), number, at, code)?;
        Ok(())
    }

    /// Forgets the rows of a child's records in one family, with the steps, late contributions and own words about or of that child alone; of the whole family where no other child's are left.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_rows(
        &mut self, family: FamilyId, child: PersonId, own_steps: &[StepId], own_late: &[(WorkerId, DateTime<Utc>)],
        last: bool,
    ) -> Result<(), StoreError> {
        const RECORDS: &str = "DELETE FROM records WHERE family_id = $1 AND child_id = $2";
        execute!(self, RECORDS, family.uuid(), child.uuid())?;
        execute!(self, "UPDATE deliveries SET answer = '' WHERE child_id = $1", child.uuid())?;
        // Nobody can tell which child these words are about.
        execute!(self, "UPDATE openings SET reason = '', review = '' WHERE family_id = $1", family.uuid())?;
        const OPENED: &str =
            "UPDATE access_log SET made_for = '', made_for_salt = '' WHERE what = 'opened' AND family_id = $1";
        execute!(self, OPENED, family.uuid())?;
        execute!(self, "UPDATE refusal_answers SET answer = '' WHERE family_id = $1", family.uuid())?;
        execute!(self, "UPDATE confidential_looks SET reason = '' WHERE family_id = $1", family.uuid())?;
        const ANSWERS: &str = "UPDATE answers_to_looks SET words = '' \
             WHERE look_id IN (SELECT id FROM confidential_looks WHERE family_id = $1)";
        execute!(self, ANSWERS, family.uuid())?;
        for step in own_steps {
            execute!(self, "DELETE FROM steps WHERE id = $1", step.uuid())?;
        }
        for (worker, at) in own_late {
            const LATE: &str = "DELETE FROM late_contributions WHERE family_id = $1 AND worker_id = $2 AND at = $3";
            execute!(self, LATE, family.uuid(), worker.uuid(), *at)?;
        }
        execute!(self, "DELETE FROM own_words WHERE family_id = $1 AND person_id = $2", family.uuid(), child.uuid())?;
        if last {
            for statement in [
                "DELETE FROM steps WHERE family_id = $1",
                "DELETE FROM summaries WHERE family_id = $1",
                "DELETE FROM late_contributions WHERE family_id = $1",
                "DELETE FROM own_words WHERE family_id = $1",
                "DELETE FROM safety_plans WHERE family_id = $1",
                "DELETE FROM reductions WHERE family_id = $1",
                "UPDATE access_log SET made_for = '', made_for_salt = '' WHERE what = 'message' AND family_id = $1",
            ] {
                execute!(self, statement, family.uuid())?;
            }
        }
        Ok(())
    }
}
