//! Rows: structs whose fields are columns of the same name, on both engines.
//!
//! Written here rather than derived: sqlx's derive builds SQLite and PostgreSQL's client a second time, for the
//! compiler, which took a fifth of a cold build.

use domain::status::{
    AccessKind, AccountAct, CaseEventKind, DeliveryState, LookAnswer, MeetingPhase, OpeningKind, PlanKind, Role,
    SlotProgress, StepStatus,
};
use domain::{
    AllocationId, DeliveryId, FamilyId, GrantId, MeetingId, OpeningId, PersonId, RecordId, SlotId, StepId, TeamId,
    WorkerId,
};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Error, Postgres, Row, Sqlite, Type};
use uuid::Uuid;

/// What a column can hold on both engines.
pub(crate) trait Stored:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl<T> Stored for T where T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> {}

/// What a field is read from.
pub(crate) trait Column {
    /// As the column holds it.
    type Stored: Stored;
    /// As the field holds it.
    ///
    /// # Errors
    /// Where the column holds what the field cannot.
    fn of(stored: Self::Stored) -> Result<Self, Error>
    where
        Self: Sized;
}

macro_rules! as_stored {
    ($($kind:ty),* $(,)?) => {$(
        impl Column for $kind {
            type Stored = Self;
            fn of(stored: Self) -> Result<Self, Error> {
                Ok(stored)
            }
        }
        impl Column for Option<$kind> {
            type Stored = Self;
            fn of(stored: Self) -> Result<Self, Error> {
                Ok(stored)
            }
        }
    )*};
}

macro_rules! ids {
    ($($id:ident),* $(,)?) => {$(
        impl Column for $id {
            type Stored = Uuid;
            fn of(stored: Uuid) -> Result<Self, Error> {
                Ok(Self::new(stored))
            }
        }
        impl Column for Option<$id> {
            type Stored = Option<Uuid>;
            fn of(stored: Option<Uuid>) -> Result<Self, Error> {
                Ok(stored.map($id::new))
            }
        }
    )*};
}

macro_rules! as_word {
    ($($status:ident),* $(,)?) => {$(
        impl Column for $status {
            type Stored = String;
            fn of(stored: String) -> Result<Self, Error> {
                let unknown = || Error::Decode(format!("no {}: {stored:?}", stringify!($status)).into());
                Self::from_word(&stored).ok_or_else(unknown)
            }
        }
    )*};
}

as_stored!(i64, bool, String, Vec<u8>, Uuid, chrono::NaiveDate, chrono::DateTime<chrono::Utc>);
ids!(
    AllocationId,
    DeliveryId,
    FamilyId,
    GrantId,
    MeetingId,
    OpeningId,
    PersonId,
    RecordId,
    SlotId,
    StepId,
    TeamId,
    WorkerId,
);
as_word!(
    AccountAct,
    CaseEventKind,
    DeliveryState,
    LookAnswer,
    MeetingPhase,
    AccessKind,
    OpeningKind,
    PlanKind,
    Role,
    SlotProgress,
    StepStatus
);

/// A column of SQLite's.
pub(crate) fn of_sqlite<C: Column>(row: &SqliteRow, name: &str) -> Result<C, Error> {
    C::of(row.try_get(name)?)
}

/// A column of PostgreSQL's.
pub(crate) fn of_postgres<C: Column>(row: &PgRow, name: &str) -> Result<C, Error> {
    C::of(row.try_get(name)?)
}

/// `row!(Seal { child_id, number })`: each field is the column of its name. `+ person`: that field is a row itself.
macro_rules! row {
    ($name:ident { $($field:ident),* $(,)? } $(+ $part:ident)?) => {
        impl sqlx::FromRow<'_, sqlx::sqlite::SqliteRow> for $name {
            fn from_row(row: &sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($field: $crate::row::of_sqlite(row, stringify!($field))?,)*
                    $($part: sqlx::FromRow::from_row(row)?,)?
                })
            }
        }

        impl sqlx::FromRow<'_, sqlx::postgres::PgRow> for $name {
            fn from_row(row: &sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($field: $crate::row::of_postgres(row, stringify!($field))?,)*
                    $($part: sqlx::FromRow::from_row(row)?,)?
                })
            }
        }
    };
}

/// What a table keeps as JSON.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn read_body<T: serde::de::DeserializeOwned>(id: uuid::Uuid, body: &str) -> Result<T, crate::StoreError> {
    let damaged = |error: serde_json::Error| crate::StoreError::Damaged { journal: id, seq: 0, why: error.to_string() };
    serde_json::from_str(body).map_err(damaged)
}
