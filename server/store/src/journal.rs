//! Journals: ordered events of one subject, appended only where nobody else was first.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::{WorkerId, meeting::Entry};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;
use uuid::Uuid;

/// Which kind of subject a journal is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalKind {
    /// A meeting.
    Meeting,
    /// A family's workbook.
    Workbook,
}

impl JournalKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Meeting => "meeting",
            Self::Workbook => "workbook",
        }
    }
}

struct JournalLine {
    seq: i64,
    at: DateTime<Utc>,
    by_worker: Uuid,
    body: String,
}

row!(JournalLine { seq, at, by_worker, body });

/// An event as text, ready to be appended.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Place in the journal.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: WorkerId,
    /// The event as JSON.
    pub body: String,
}

impl Written {
    /// An entry as text.
    #[must_use]
    pub fn of<E: Serialize>(entry: &Entry<E>) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            by: entry.by,
            body: serde_json::to_string(&entry.event).expect("events are plain data"),
        }
    }
}

/// Events for one journal.
#[derive(Debug)]
pub struct Append {
    /// Of which kind the journal is.
    pub kind: JournalKind,
    /// Which journal.
    pub journal: Uuid,
    /// In order, from the line after the journal's last on.
    pub events: Vec<Written>,
}

/// Rows of one statement; SQLite takes 32766 values.
const ROWS: usize = 1000;

impl Store {
    /// The events after `after`, in order.
    ///
    /// # Errors
    /// Where the database does not answer or a line cannot be read.
    pub async fn entries<E: DeserializeOwned>(&self, journal: Uuid, after: i64) -> Result<Vec<Entry<E>>, StoreError> {
        const READ: &str =
            "SELECT seq, at, by_worker, body FROM events WHERE journal_id = $1 AND seq > $2 ORDER BY seq";
        fetch_all!(self, JournalLine, READ, journal, after)?
            .into_iter()
            .map(|line| {
                let event = serde_json::from_str(&line.body).map_err(|error| StoreError::Damaged {
                    journal,
                    seq: line.seq,
                    why: error.to_string(),
                })?;
                Ok(Entry { seq: line.seq, at: line.at, by: WorkerId::new(line.by_worker), event })
            })
            .collect()
    }

    /// The last sequence of a journal; `None` where there is none.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn last(&self, journal: Uuid) -> Result<Option<i64>, StoreError> {
        let row = fetch_optional!(self, (i64,), "SELECT last FROM journals WHERE id = $1", journal)?;
        Ok(row.map(|(last,)| last))
    }

    /// Where several journals stand, in one statement.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn lasts(&self, journals: &[Uuid]) -> Result<HashMap<Uuid, i64>, StoreError> {
        if journals.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Uuid, i64)> = match self {
            Self::Sqlite { read, .. } => {
                let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new("SELECT id, last FROM journals WHERE id IN (");
                journals.iter().fold(&mut query.separated(", "), |list, id| list.push_bind(*id));
                query.push(")").build_query_as().fetch_all(read).await?
            }
            Self::Postgres(pool) => {
                let query = "SELECT id, last FROM journals WHERE id = ANY($1)";
                sqlx::query_as(query).bind(journals).fetch_all(pool).await?
            }
        };
        Ok(rows.into_iter().collect())
    }

    /// Every journal of a kind.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn journals(&self, kind: JournalKind) -> Result<Vec<Uuid>, StoreError> {
        let rows = fetch_all!(self, (Uuid,), "SELECT id FROM journals WHERE kind = $1 ORDER BY id", kind.name())?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// The cached state of a journal, with the sequence it stands at.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn snapshot<S: DeserializeOwned>(&self, journal: Uuid) -> Result<Option<(i64, S)>, StoreError> {
        const READ: &str = "SELECT seq, body FROM snapshots WHERE journal_id = $1";
        let row = fetch_optional!(self, (i64, String), READ, journal)?;
        // A snapshot of another version is no error: it is only a cache.
        Ok(row.and_then(|(seq, body)| Some((seq, serde_json::from_str(&body).ok()?))))
    }
}

impl Tx {
    /// Appends to several journals at once, each named once. `false` where another process was first in one
    /// of them; the transaction must be given up then.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn append(&mut self, appends: &[&Append]) -> Result<bool, StoreError> {
        // The primary key of `events` decides who was first in a journal; this row only answers where a journal stands.
        const ADVANCE: &str = "INSERT INTO journals (id, kind, last) ";
        const ONWARDS: &str =
            " ON CONFLICT (id) DO UPDATE SET last = excluded.last WHERE journals.last < excluded.last";
        const WRITE: &str = "INSERT INTO events (journal_id, seq, at, by_worker, version, body) ";
        const ONCE: &str = " ON CONFLICT (journal_id, seq) DO NOTHING";
        let mut appends: Vec<&Append> = appends.iter().copied().filter(|append| !append.events.is_empty()).collect();
        if appends.is_empty() {
            return Ok(true);
        }
        // In one order, so that two processes never wait for each other.
        appends.sort_by_key(|append| append.journal);
        let journals = appends.iter().map(|append| (append, append.events.last().map_or(0, |event| event.seq)));
        let moved = insert_all!(self, ADVANCE, journals, row => [row.0.journal, row.0.kind.name(), row.1], ONWARDS)?;
        if moved != appends.len() as u64 {
            return Ok(false);
        }
        let lines: Vec<(Uuid, &Written)> =
            appends.iter().flat_map(|append| append.events.iter().map(|event| (append.journal, event))).collect();
        for lines in lines.chunks(ROWS) {
            let rows = lines.iter();
            let written = insert_all!(
                self, WRITE, rows, row => [row.0, row.1.seq, row.1.at, row.1.by.uuid(), 1_i64, row.1.body.as_str()], ONCE
            )?;
            if written != lines.len() as u64 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Keeps a state as a cache.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_snapshot<S: Serialize + Sync>(
        &mut self, journal: Uuid, seq: i64, state: &S,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO snapshots (journal_id, seq, body) VALUES ($1, $2, $3) \
             ON CONFLICT (journal_id) DO UPDATE SET seq = excluded.seq, body = excluded.body";
        let body = serde_json::to_string(state).expect("states are plain data");
        execute!(self, KEEP, journal, seq, body)?;
        Ok(())
    }
}
