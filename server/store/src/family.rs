//! Families and where they stand: plans, factors, visits, records.

use crate::row::read_body;
use crate::{Store, StoreError, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use domain::status::PlanKind;
use domain::{FamilyId, MeetingId, PersonId, TeamId, WorkerId, record::Record};
use uuid::Uuid;

/// A family.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Its id.
    pub id: FamilyId,
    /// Key in the council's extract.
    pub source_id: Option<String>,
    /// What people call it: "FS-3012".
    pub reference: String,
    /// The team that works with it.
    pub team_id: Option<Uuid>,
    /// The day last discussed, as entered by hand.
    pub discussed_on: Option<NaiveDate>,
    /// Added or corrected by a person.
    pub by_hand: bool,
}

row!(Family { id, source_id, reference, team_id, discussed_on, by_hand });

impl Family {
    /// The team it belongs to.
    #[must_use]
    pub fn team(&self) -> Option<TeamId> {
        self.team_id.map(TeamId::new)
    }
}

/// A plan of one child.
#[derive(Debug, Clone, PartialEq)]
pub struct ChildPlan {
    /// Which child.
    pub person_id: PersonId,
    /// What kind.
    pub kind: PlanKind,
    /// When it began.
    pub starts: Option<NaiveDate>,
    /// When it ended.
    pub ends: Option<NaiveDate>,
    /// Categories, one per line.
    pub categories: String,
}

row!(ChildPlan { person_id, kind, starts, ends, categories });

/// When a child was last seen.
#[derive(Debug, Clone, PartialEq)]
pub struct LastSeen {
    /// Which child.
    pub person_id: PersonId,
    /// Last seen.
    pub seen_on: Option<NaiveDate>,
    /// Last seen alone.
    pub alone_on: Option<NaiveDate>,
}

row!(LastSeen { person_id, seen_on, alone_on });

/// A worker's latest summary of one family.
#[derive(Debug, Clone, PartialEq)]
pub struct LatestSummary {
    /// Which family.
    pub family_id: FamilyId,
    /// Whose.
    pub worker_id: WorkerId,
    /// Which month: "2026-11".
    pub month: String,
    /// Markdown.
    pub text: String,
    /// When.
    pub written_at: DateTime<Utc>,
}

row!(LatestSummary { family_id, worker_id, month, text, written_at });

impl Store {
    /// A family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn family(&self, id: FamilyId) -> Result<Option<Family>, StoreError> {
        const READ: &str =
            "SELECT id, source_id, reference, team_id, discussed_on, by_hand FROM families WHERE id = $1";
        Ok(fetch_optional!(self, Family, READ, id.uuid())?)
    }

    /// Every family, by reference.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn families(&self) -> Result<Vec<Family>, StoreError> {
        const READ: &str =
            "SELECT id, source_id, reference, team_id, discussed_on, by_hand FROM families ORDER BY reference";
        Ok(fetch_all!(self, Family, READ)?)
    }

    /// The families in a scope (a family, a team or a meeting), by reference.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn families_in(&self, scope: Uuid) -> Result<Vec<Family>, StoreError> {
        const READ: &str = "SELECT f.id, f.source_id, f.reference, f.team_id, f.discussed_on, f.by_hand \
             FROM scopes s JOIN families f ON f.id = s.family_id WHERE s.scope_id = $1 ORDER BY f.reference";
        Ok(fetch_all!(self, Family, READ, scope)?)
    }

    /// Plans of a scope's people, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn plans(&self, scope: Uuid) -> Result<Vec<ChildPlan>, StoreError> {
        const READ: &str = "SELECT p.person_id, p.kind, p.starts, p.ends, p.categories FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id JOIN plans p ON p.person_id = m.person_id \
             WHERE s.scope_id = $1 ORDER BY p.starts DESC, p.source_id";
        Ok(fetch_all!(self, ChildPlan, READ, scope)?)
    }

    /// Factors of a scope's people, from the latest authorised assessment.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn factors(&self, scope: Uuid) -> Result<Vec<(Uuid, String)>, StoreError> {
        const READ: &str = "SELECT DISTINCT x.person_id, x.code FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id JOIN factors x ON x.person_id = m.person_id \
             WHERE s.scope_id = $1 ORDER BY x.code";
        Ok(fetch_all!(self, (Uuid, String), READ, scope)?)
    }

    /// When a scope's children were last seen, and last seen alone.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn last_seen(&self, scope: Uuid) -> Result<Vec<LastSeen>, StoreError> {
        const READ: &str = "SELECT v.person_id, MAX(CASE WHEN v.seen THEN v.visited_on END) AS seen_on, \
             MAX(CASE WHEN v.alone THEN v.visited_on END) AS alone_on FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id JOIN visits v ON v.person_id = m.person_id \
             WHERE s.scope_id = $1 GROUP BY v.person_id";
        Ok(fetch_all!(self, LastSeen, READ, scope)?)
    }

    /// Visits at which a scope's children were seen, from a day on: whom, when, and whether alone.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn visits_since(
        &self, scope: Uuid, since: NaiveDate,
    ) -> Result<Vec<(Uuid, NaiveDate, bool)>, StoreError> {
        const READ: &str = "SELECT v.person_id, v.visited_on, v.alone FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id JOIN visits v ON v.person_id = m.person_id \
             WHERE s.scope_id = $1 AND v.visited_on >= $2 AND v.seen";
        Ok(fetch_all!(self, (Uuid, NaiveDate, bool), READ, scope, since)?)
    }

    /// Families of a scope with an open episode or plan: those that are worked with.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn open_families(&self, scope: Uuid) -> Result<Vec<FamilyId>, StoreError> {
        const READ: &str = "SELECT DISTINCT s.family_id FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id WHERE s.scope_id = $1 AND (\
             EXISTS (SELECT 1 FROM episodes e WHERE e.person_id = m.person_id AND e.closed IS NULL) OR \
             EXISTS (SELECT 1 FROM plans p WHERE p.person_id = m.person_id AND p.ends IS NULL)) \
             UNION SELECT f.id FROM scopes s JOIN families f ON f.id = s.family_id \
             WHERE s.scope_id = $1 AND f.source_id IS NULL";
        Ok(fetch_all!(self, (Uuid,), READ, scope)?.into_iter().map(|(id,)| FamilyId::new(id)).collect())
    }

    /// The day each family of a scope was last discussed in a meeting held here.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn discussed(&self, scope: Uuid) -> Result<Vec<(Uuid, NaiveDate)>, StoreError> {
        const READ: &str = "SELECT r.family_id, MAX(r.held_on) FROM scopes s \
             JOIN records r ON r.family_id = s.family_id WHERE s.scope_id = $1 GROUP BY r.family_id";
        Ok(fetch_all!(self, (Uuid, NaiveDate), READ, scope)?)
    }

    /// Records of a scope's children, newest first.
    ///
    /// # Errors
    /// Where the database does not answer or a record cannot be read.
    pub async fn records(&self, scope: Uuid) -> Result<Vec<Record>, StoreError> {
        const READ: &str = "SELECT r.id, r.body FROM scopes s JOIN records r ON r.family_id = s.family_id \
             WHERE s.scope_id = $1 ORDER BY r.held_on DESC, r.id";
        let rows = fetch_all!(self, (Uuid, String), READ, scope)?;
        rows.into_iter().map(|(id, body)| read_body(id, &body)).collect()
    }

    /// Records of a scope's children of meetings held on or after a day, newest first.
    ///
    /// # Errors
    /// Where the database does not answer or a record cannot be read.
    pub async fn records_since(&self, scope: Uuid, since: NaiveDate) -> Result<Vec<Record>, StoreError> {
        const READ: &str = "SELECT r.id, r.body FROM scopes s JOIN records r ON r.family_id = s.family_id \
             WHERE s.scope_id = $1 AND r.held_on >= $2 ORDER BY r.held_on DESC, r.id";
        let rows = fetch_all!(self, (Uuid, String), READ, scope, since)?;
        rows.into_iter().map(|(id, body)| read_body(id, &body)).collect()
    }

    /// The last `each` records of each child in each family of a scope, newest first.
    ///
    /// # Errors
    /// Where the database does not answer or a record cannot be read.
    pub async fn latest_records(&self, scope: Uuid, each: i64) -> Result<Vec<Record>, StoreError> {
        const READ: &str = "SELECT id, body FROM (SELECT r.id, r.body, r.held_on, ROW_NUMBER() OVER \
             (PARTITION BY r.family_id, r.child_id ORDER BY r.held_on DESC, r.id) AS place \
             FROM scopes s JOIN records r ON r.family_id = s.family_id WHERE s.scope_id = $1) AS placed \
             WHERE place <= $2 ORDER BY held_on DESC, id";
        let rows = fetch_all!(self, (Uuid, String), READ, scope, each)?;
        rows.into_iter().map(|(id, body)| read_body(id, &body)).collect()
    }

    /// Records of a meeting's discussions.
    ///
    /// # Errors
    /// Where the database does not answer or a record cannot be read.
    pub async fn records_of_meeting(&self, meeting: MeetingId) -> Result<Vec<Record>, StoreError> {
        const READ: &str = "SELECT id, body FROM records WHERE meeting_id = $1 ORDER BY id";
        let rows = fetch_all!(self, (Uuid, String), READ, meeting.uuid())?;
        rows.into_iter().map(|(id, body)| read_body(id, &body)).collect()
    }

    /// Records of a scope's children that are not signed, newest first.
    ///
    /// # Errors
    /// Where the database does not answer or a record cannot be read.
    pub async fn drafts(&self, scope: Uuid) -> Result<Vec<Record>, StoreError> {
        const READ: &str = "SELECT r.id, r.body FROM scopes s JOIN records r ON r.family_id = s.family_id \
             WHERE s.scope_id = $1 AND NOT r.signed ORDER BY r.held_on DESC, r.id";
        let rows = fetch_all!(self, (Uuid, String), READ, scope)?;
        rows.into_iter().map(|(id, body)| read_body(id, &body)).collect()
    }

    /// Records of a scope's children to which somebody asked to add something, or with a dissent that waits for an answer,
    /// newest first.
    ///
    /// # Errors
    /// Where the database does not answer or a record cannot be read.
    pub async fn records_that_wait(&self, scope: Uuid) -> Result<Vec<Record>, StoreError> {
        const READ: &str = "SELECT r.id, r.body FROM scopes s JOIN records r ON r.family_id = s.family_id \
             WHERE s.scope_id = $1 AND r.waits ORDER BY r.held_on DESC, r.id";
        let rows = fetch_all!(self, (Uuid, String), READ, scope)?;
        rows.into_iter().map(|(id, body)| read_body(id, &body)).collect()
    }

    /// Signed records of a scope's children that went to nobody: nothing of them was given out but previews, and nothing landed.
    /// Newest first.
    ///
    /// # Errors
    /// Where the database does not answer or a record cannot be read.
    pub async fn unsent(&self, scope: Uuid) -> Result<Vec<Record>, StoreError> {
        const READ: &str = "SELECT r.id, r.body FROM scopes s JOIN records r ON r.family_id = s.family_id \
             WHERE s.scope_id = $1 AND r.signed \
             AND NOT EXISTS (SELECT 1 FROM access_log g WHERE g.record_id = r.id \
             AND g.what IN ('copy', 'minutes', 'message', 'archive', 'delivery', 'sent')) \
             AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.record_id = r.id AND d.state = 'landed') \
             ORDER BY r.held_on DESC, r.id";
        let rows = fetch_all!(self, (Uuid, String), READ, scope)?;
        rows.into_iter().map(|(id, body)| read_body(id, &body)).collect()
    }

    /// The people of a family of whom there are records.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn recorded(&self, family: FamilyId) -> Result<Vec<PersonId>, StoreError> {
        const READ: &str = "SELECT DISTINCT child_id FROM records WHERE family_id = $1";
        let rows = fetch_all!(self, (Uuid,), READ, family.uuid())?;
        Ok(rows.into_iter().map(|(child,)| PersonId::new(child)).collect())
    }

    /// Whether a family has records or late contributions of meetings held before a day.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn recorded_before(&self, family: FamilyId, day: NaiveDate) -> Result<bool, StoreError> {
        const READ: &str = "SELECT family_id FROM records WHERE family_id = $1 AND held_on < $2 \
             UNION SELECT family_id FROM late_contributions WHERE family_id = $1 AND held_on < $2";
        Ok(fetch_optional!(self, (Uuid,), READ, family.uuid(), day)?.is_some())
    }

    /// One record.
    ///
    /// # Errors
    /// Where the database does not answer or the record cannot be read.
    pub async fn record(&self, id: Uuid) -> Result<Option<Record>, StoreError> {
        let row = fetch_optional!(self, (Uuid, String), "SELECT id, body FROM records WHERE id = $1", id)?;
        row.map(|(id, body)| read_body(id, &body)).transpose()
    }

    /// Each worker's latest summary of each family in a scope.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn latest_summaries(&self, scope: Uuid) -> Result<Vec<LatestSummary>, StoreError> {
        const READ: &str = "SELECT a.family_id, a.worker_id, a.month, a.text, a.written_at FROM scopes s \
             JOIN summaries a ON a.family_id = s.family_id WHERE s.scope_id = $1 AND a.month = \
             (SELECT MAX(b.month) FROM summaries b WHERE b.family_id = a.family_id AND b.worker_id = a.worker_id) \
             ORDER BY a.family_id, a.worker_id";
        Ok(fetch_all!(self, LatestSummary, READ, scope)?)
    }
}

impl Tx {
    /// Adds a family or takes its new values.
    ///
    /// # Errors
    /// Where the reference belongs to another family or the database does not answer.
    pub async fn keep_family(&mut self, family: &Family) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO families (id, source_id, reference, team_id, discussed_on, by_hand) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, \
             team_id = excluded.team_id, discussed_on = excluded.discussed_on, by_hand = excluded.by_hand";
        let (source, reference) = (family.source_id.as_deref(), family.reference.as_str());
        execute!(self, KEEP, family.id.uuid(), source, reference, family.team_id, family.discussed_on, family.by_hand)?;
        Ok(())
    }

    /// Projection: a drafted record.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_record(&mut self, record: &Record) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO records (id, family_id, child_id, meeting_id, held_on, signed, waits, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET \
             signed = excluded.signed, waits = excluded.waits, body = excluded.body";
        let body = serde_json::to_string(record).expect("records are plain data");
        let (family, child, meeting) = (record.family.uuid(), record.child.uuid(), record.meeting.uuid());
        let (signed, waits) = (record.signed(), record.waits());
        execute!(self, KEEP, record.id.uuid(), family, child, meeting, record.held_on, signed, waits, body)?;
        Ok(())
    }

    /// Projection: a summary.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_summary(&mut self, summary: &LatestSummary) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO summaries (family_id, worker_id, month, text, written_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (family_id, worker_id, month) \
             DO UPDATE SET text = excluded.text, written_at = excluded.written_at";
        let (family, worker) = (summary.family_id.uuid(), summary.worker_id.uuid());
        execute!(self, KEEP, family, worker, summary.month.as_str(), summary.text.as_str(), summary.written_at)?;
        Ok(())
    }
}
