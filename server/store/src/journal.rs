//! Journals: ordered events of one subject, appended only where nobody else was first.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::{WorkerId, meeting::Entry};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// Which kind of subject a journal is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A meeting.
    Meeting,
    /// A family's workbook.
    Workbook,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Meeting => "meeting",
            Self::Workbook => "workbook",
        }
    }
}

#[derive(sqlx::FromRow)]
struct Line {
    seq: i64,
    at: DateTime<Utc>,
    by_worker: Uuid,
    body: String,
}

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

impl Store {
    /// The events after `after`, in order.
    ///
    /// # Errors
    /// Where the database does not answer or a line cannot be read.
    pub async fn entries<E: DeserializeOwned>(&self, journal: Uuid, after: i64) -> Result<Vec<Entry<E>>, StoreError> {
        const READ: &str =
            "SELECT seq, at, by_worker, body FROM events WHERE journal_id = $1 AND seq > $2 ORDER BY seq";
        fetch_all!(self, Line, READ, journal, after)?
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

    /// Every journal of a kind.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn journals(&self, kind: Kind) -> Result<Vec<Uuid>, StoreError> {
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
    /// Appends to a journal that stands at `last`. `false` where another process was first; nothing
    /// is written then.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn append(
        &mut self, kind: Kind, journal: Uuid, last: i64, events: &[Written],
    ) -> Result<bool, StoreError> {
        const CREATE: &str = "INSERT INTO journals (id, kind, last) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
        const ADVANCE: &str = "UPDATE journals SET last = $1 WHERE id = $2 AND last = $3";
        const WRITE: &str = "INSERT INTO events (journal_id, seq, at, by_worker, version, body) \
             VALUES ($1, $2, $3, $4, 1, $5)";
        let Some(new) = events.last().map(|event| event.seq) else { return Ok(true) };
        let moved = if last == 0 {
            execute!(self, CREATE, journal, kind.name(), new)?
        } else {
            execute!(self, ADVANCE, new, journal, last)?
        };
        if moved == 0 {
            return Ok(false);
        }
        for event in events {
            execute!(self, WRITE, journal, event.seq, event.at, event.by.uuid(), event.body.as_str())?;
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
