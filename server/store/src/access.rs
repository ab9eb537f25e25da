//! Who looked at what of which family, and what was given out: the access log. Its entries are chained: each holds a hash
//! over itself and the one before it in its process's chain.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::status::AccessKind;
use domain::{FamilyId, PersonId, RecordId, TeamId, WorkerId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One look at one family, or one output of it; a sign-in; a change of what somebody may do. What holds several families, as
/// minutes do, is one entry for each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who looked or made it; for a delivery who signed the record.
    pub worker_id: WorkerId,
    /// In whose place, where somebody acts for somebody else.
    pub on_behalf_of: Option<Uuid>,
    /// For whom, or whose rights: a name, a role, a system; empty for the person themselves.
    pub made_for: String,
    /// Which family; absent for what is no family's: a sign-in, a role.
    pub family_id: Option<FamilyId>,
    /// Which meeting's, where it is one meeting's.
    pub meeting_id: Option<Uuid>,
    /// Which record, where it is one record's.
    pub record_id: Option<Uuid>,
    /// What it is.
    pub what: AccessKind,
    /// "page", "pdf", "docx", "html", "md", "json", "zip"; how somebody signed in; which right; empty where Caseround made no
    /// document.
    pub format: String,
    /// Which right allowed it, in words; empty where none did.
    pub allowed_by: String,
    /// Who answered yes to its questions; empty where there were none.
    pub approved_by: String,
    /// The address it was asked for from; empty for what the program does by itself.
    pub address: String,
}

row!(AccessEntry {
    at,
    worker_id,
    on_behalf_of,
    made_for,
    family_id,
    meeting_id,
    record_id,
    what,
    format,
    allowed_by,
    approved_by,
    address,
});

/// An entry in its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chained {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// Random; taken out with `made_for`, so that nobody can try names against the code.
    pub made_for_salt: String,
    /// The hash over salt and `made_for`, which may be taken out later; empty where there was none.
    pub made_for_code: String,
    /// The hash over it and the entry before.
    pub hash: String,
    /// What it says.
    pub entry: AccessEntry,
}

row!(Chained { number, made_for_salt, made_for_code, hash } + entry);

/// One process's chain: where it begins, where what is left of it begins, and where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChain {
    /// Its id.
    pub id: Uuid,
    /// When its process began it.
    pub began_at: DateTime<Utc>,
    /// The hash it begins with, over the ends of other chains that its process saw.
    pub first_hash: String,
    /// The number of the last entry that was destroyed with its month; 0 before.
    pub kept_number: i64,
    /// That entry's hash; the first hash before.
    pub kept_hash: String,
    /// The number of its last entry.
    pub number: i64,
    /// That entry's hash.
    pub hash: String,
    /// The code of its end, which only the holder of the seal key can make.
    pub code: String,
}

row!(AccessChain { id, began_at, first_hash, kept_number, kept_hash, number, hash, code });

/// Where a chain ended when another began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenEnd {
    /// The chain that began.
    pub chain_id: Uuid,
    /// The other one.
    pub of_chain: Uuid,
    /// The number of its last entry then.
    pub number: i64,
    /// That entry's hash.
    pub hash: String,
}

row!(SeenEnd { chain_id, of_chain, number, hash });

/// A question for whole entries.
macro_rules! read {
    ($rest:literal) => {
        concat!(
            "SELECT g.at, g.worker_id, g.on_behalf_of, g.made_for, g.family_id, g.meeting_id, g.record_id, g.what, ",
            "g.format, g.allowed_by, g.approved_by, g.address FROM access_log g ",
            $rest
        )
    };
}

/// The columns of a chain, of its table.
macro_rules! chains {
    ($rest:literal) => {
        concat!(
            "SELECT id, began_at, first_hash, kept_number, kept_hash, number, hash, code FROM access_chains ",
            $rest
        )
    };
}

impl Store {
    /// The latest that was given out of a team's families, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn given_of_team(&self, team: TeamId, limit: i64) -> Result<Vec<AccessEntry>, StoreError> {
        const READ: &str = read!(
            "JOIN families f ON f.id = g.family_id WHERE f.team_id = $1 \
             AND g.what IN ('preview', 'copy', 'minutes', 'message', 'archive', 'delivery', 'sent') \
             ORDER BY g.at DESC, g.chain_id, g.number LIMIT $2"
        );
        Ok(fetch_all!(self, AccessEntry, READ, team.uuid(), limit)?)
    }

    /// Who asked between two times for something of a team's families and was not shown it, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn refusals_of_team(
        &self, team: TeamId, (from, until): (DateTime<Utc>, DateTime<Utc>), limit: i64,
    ) -> Result<Vec<AccessEntry>, StoreError> {
        const READ: &str = read!(
            "JOIN families f ON f.id = g.family_id WHERE f.team_id = $1 AND g.at >= $2 AND g.at < $3 \
             AND g.what = 'refused' AND g.allowed_by = '' ORDER BY g.at DESC, g.chain_id, g.number LIMIT $4"
        );
        Ok(fetch_all!(self, AccessEntry, READ, team.uuid(), from, until, limit)?)
    }

    /// What was given out of a record, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn given_of_record(&self, record: RecordId) -> Result<Vec<AccessEntry>, StoreError> {
        const READ: &str = read!(
            "WHERE g.record_id = $1 \
             AND g.what IN ('preview', 'copy', 'minutes', 'message', 'archive', 'delivery', 'sent') \
             ORDER BY g.at, g.chain_id, g.number"
        );
        Ok(fetch_all!(self, AccessEntry, READ, record.uuid())?)
    }

    /// Who looked at a family before a time, newest first; without what was allowed by `hidden`.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn accesses_of_family(
        &self, family: FamilyId, before: DateTime<Utc>, limit: i64, hidden: &str,
    ) -> Result<Vec<AccessEntry>, StoreError> {
        const READ: &str =
            read!("WHERE g.family_id = $1 AND g.at < $2 AND g.allowed_by <> $4 ORDER BY g.at DESC LIMIT $3");
        Ok(fetch_all!(self, AccessEntry, READ, family.uuid(), before, limit, hidden)?)
    }

    /// What somebody looked at of one family between two times, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn accesses_in_opening(
        &self, worker: WorkerId, family: FamilyId, (from, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<AccessEntry>, StoreError> {
        const READ: &str = read!(
            "WHERE g.worker_id = $1 AND g.family_id = $2 AND g.at >= $3 AND g.at <= $4 ORDER BY g.at, g.chain_id, g.number"
        );
        Ok(fetch_all!(self, AccessEntry, READ, worker.uuid(), family.uuid(), from, until)?)
    }

    /// What somebody looked at of a team's families before a time, newest first; without what was allowed by `hidden`.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn accesses_of_worker(
        &self, worker: WorkerId, team: TeamId, before: DateTime<Utc>, limit: i64, hidden: &str,
    ) -> Result<Vec<AccessEntry>, StoreError> {
        const READ: &str = read!(
            "WHERE g.worker_id IN (SELECT w.id FROM workers w WHERE w.id = $1 OR w.same_as = $1) AND g.at < $3 \
             AND g.family_id IN (SELECT id FROM families WHERE team_id = $2) \
             AND g.allowed_by <> $5 ORDER BY g.at DESC LIMIT $4"
        );
        Ok(fetch_all!(self, AccessEntry, READ, worker.uuid(), team.uuid(), before, limit, hidden)?)
    }

    /// When somebody signed in, and whose rights they changed, before a time, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sign_ins_and_rights_of(
        &self, worker: WorkerId, before: DateTime<Utc>, limit: i64,
    ) -> Result<Vec<AccessEntry>, StoreError> {
        const READ: &str = read!(
            "WHERE g.worker_id IN (SELECT w.id FROM workers w WHERE w.id = $1 OR w.same_as = $1) AND g.at < $2 \
             AND g.family_id IS NULL AND g.what IN ('signed_in', 'rights') ORDER BY g.at DESC LIMIT $3"
        );
        Ok(fetch_all!(self, AccessEntry, READ, worker.uuid(), before, limit)?)
    }

    /// When and how somebody signed in last, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sign_ins_of(&self, worker: WorkerId, limit: i64) -> Result<Vec<AccessEntry>, StoreError> {
        const READ: &str = read!("WHERE g.worker_id = $1 AND g.what = 'signed_in' ORDER BY g.at DESC LIMIT $2");
        Ok(fetch_all!(self, AccessEntry, READ, worker.uuid(), limit)?)
    }

    /// What was done since a time by no worker (a technician, a group at an identity provider), newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn accesses_by_nobody(&self, since: DateTime<Utc>) -> Result<Vec<AccessEntry>, StoreError> {
        const READ: &str = read!("WHERE g.worker_id = $1 AND g.at >= $2 ORDER BY g.at DESC LIMIT 50");
        Ok(fetch_all!(self, AccessEntry, READ, Uuid::nil(), since)?)
    }

    /// Whether a legal hold stands on any family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn any_hold(&self) -> Result<bool, StoreError> {
        Ok(fetch_optional!(self, (Uuid,), "SELECT family_id FROM holds LIMIT 1")?.is_some())
    }

    /// When somebody last read each record of a meeting.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn records_read(
        &self, worker: WorkerId, meeting: Uuid,
    ) -> Result<BTreeMap<RecordId, DateTime<Utc>>, StoreError> {
        const READ: &str = "SELECT record_id, MAX(at) FROM access_log WHERE worker_id = $1 AND meeting_id = $2 \
             AND what = 'record' AND record_id IS NOT NULL GROUP BY record_id";
        let rows = fetch_all!(self, (Uuid, DateTime<Utc>), READ, worker.uuid(), meeting)?;
        Ok(rows.into_iter().map(|(record, at)| (RecordId::new(record), at)).collect())
    }

    /// All chains, in the order in which they began.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn access_chains(&self) -> Result<Vec<AccessChain>, StoreError> {
        Ok(fetch_all!(self, AccessChain, chains!("ORDER BY began_at, id"))?)
    }

    /// Where chains ended when others began.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn seen_ends(&self) -> Result<Vec<SeenEnd>, StoreError> {
        const READ: &str = "SELECT chain_id, of_chain, number, hash FROM access_ends ORDER BY chain_id, of_chain";
        Ok(fetch_all!(self, SeenEnd, READ)?)
    }

    /// Entries of a chain after a number, in order.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn chained(&self, chain: Uuid, after: i64, limit: i64) -> Result<Vec<Chained>, StoreError> {
        const READ: &str = "SELECT number, made_for_salt, made_for_code, hash, at, worker_id, on_behalf_of, made_for, family_id, \
             meeting_id, record_id, what, format, allowed_by, approved_by, address FROM access_log \
             WHERE chain_id = $1 AND number > $2 ORDER BY number LIMIT $3";
        Ok(fetch_all!(self, Chained, READ, chain, after, limit)?)
    }
}

impl Tx {
    /// Begins a chain, with the ends of others that it saw.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn begin_chain(&mut self, chain: &AccessChain, seen: &[SeenEnd]) -> Result<(), StoreError> {
        const BEGIN: &str = "INSERT INTO access_chains (id, began_at, first_hash, kept_number, kept_hash, number, hash, \
             code) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        const SEEN: &str = "INSERT INTO access_ends (chain_id, of_chain, number, hash) VALUES ($1, $2, $3, $4)";
        execute!(
            self,
            BEGIN,
            chain.id,
            chain.began_at,
            chain.first_hash.as_str(),
            chain.kept_number,
            chain.kept_hash.as_str(),
            chain.number,
            chain.hash.as_str(),
            chain.code.as_str(),
        )?;
        for end in seen {
            execute!(self, SEEN, end.chain_id, end.of_chain, end.number, end.hash.as_str())?;
        }
        Ok(())
    }

    /// Writes entries at the end of a chain, and where it ends then.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_accesses(&mut self, chain: &AccessChain, entries: &[Chained]) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO access_log (chain_id, number, made_for_salt, made_for_code, hash, at, worker_id, on_behalf_of, \
             made_for, family_id, meeting_id, record_id, what, format, allowed_by, approved_by, address) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
        for Chained { number, made_for_salt, made_for_code, hash, entry } in entries {
            execute!(
                self,
                KEEP,
                chain.id,
                *number,
                made_for_salt.as_str(),
                made_for_code.as_str(),
                hash.as_str(),
                entry.at,
                entry.worker_id.uuid(),
                entry.on_behalf_of,
                entry.made_for.as_str(),
                entry.family_id.map(FamilyId::uuid),
                entry.meeting_id,
                entry.record_id,
                entry.what.word(),
                entry.format.as_str(),
                entry.allowed_by.as_str(),
                entry.approved_by.as_str(),
                entry.address.as_str(),
            )?;
        }
        self.end_chain(chain).await
    }

    /// Writes where a chain ends.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_chain(&mut self, chain: &AccessChain) -> Result<(), StoreError> {
        const END: &str = "UPDATE access_chains SET number = $2, hash = $3, code = $4 WHERE id = $1";
        execute!(self, END, chain.id, chain.number, chain.hash.as_str(), chain.code.as_str())?;
        Ok(())
    }

    /// Destroys the entries before a time; the last hash of each chain's stays. Gives how many they were.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn destroy_accesses(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        const LAST: &str = "UPDATE access_chains SET kept_number = (SELECT MAX(number) FROM access_log g \
             WHERE g.chain_id = access_chains.id AND g.at < $1) \
             WHERE EXISTS (SELECT 1 FROM access_log g WHERE g.chain_id = access_chains.id AND g.at < $1)";
        const HASH: &str = "UPDATE access_chains SET kept_hash = (SELECT hash FROM access_log g \
             WHERE g.chain_id = access_chains.id AND g.number = access_chains.kept_number) \
             WHERE EXISTS (SELECT 1 FROM access_log g \
             WHERE g.chain_id = access_chains.id AND g.number = access_chains.kept_number)";
        // By number: a clock that was set back leaves no hole in a chain.
        const GONE: &str = "DELETE FROM access_log WHERE number <= (SELECT kept_number FROM access_chains c \
             WHERE c.id = access_log.chain_id)";
        execute!(self, LAST, before)?;
        execute!(self, HASH)?;
        Ok(execute!(self, GONE)?)
    }

    /// Takes out of what was given out of a child's records for whom it was: those are words about this child.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_given_for(&mut self, child: PersonId) -> Result<(), StoreError> {
        const FORGET: &str = "UPDATE access_log SET made_for = '', made_for_salt = '' WHERE what = 'sent' AND record_id IN \
             (SELECT record_id FROM seals WHERE child_id = $1)";
        execute!(self, FORGET, child.uuid())?;
        Ok(())
    }
}
