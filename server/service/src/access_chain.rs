//! The chains of the access log. Every process has one: each entry's hash is over the entry and the hash before it, the
//! first is over where the other chains end, and where a chain ends is kept under a code of the seal key.

use crate::ids::random;
use crate::seal::{SealKey, hash};
use store::access::{AccessChain, AccessEntry, Chained, SeenEnd};
use store::{Store, StoreError, Tx, Uuid};

/// Entries read at once when chains are checked: memory stays the same however many there are.
const PAGE: i64 = 2000;

/// This process's chain, as it ends now; absent until something is written.
#[derive(Debug)]
pub(crate) struct Log {
    key: SealKey,
    chain: Option<AccessChain>,
}

impl Log {
    pub(crate) const fn new(key: SealKey) -> Self {
        Self { key, chain: None }
    }

    /// Writes entries at the end of the chain, within `tx`; what [`Log::written`] takes once it is committed, if any.
    pub(crate) async fn keep(
        &self, store: &Store, tx: &mut Tx, entries: &[&AccessEntry],
    ) -> Result<Option<AccessChain>, StoreError> {
        let Some(first) = entries.first() else { return Ok(None) };
        let mut chain = match &self.chain {
            Some(chain) => chain.clone(),
            None => {
                let (chain, seen) = begin(store, &self.key, first).await?;
                tx.begin_chain(&chain, &seen).await?;
                chain
            }
        };
        let chained: Vec<Chained> = entries.iter().map(|entry| link(&mut chain, entry)).collect();
        chain.code = self.key.chain_code(chain.id, chain.number, &chain.hash);
        tx.keep_accesses(&chain, &chained).await?;
        Ok(Some(chain))
    }

    /// What was kept is committed. Where nobody knows whether it was, a new chain begins.
    pub(crate) fn written(&mut self, chain: Option<AccessChain>) {
        self.chain = chain;
    }
}

/// A new chain over the ends of the others, with those of them that no chain has seen as they are now.
async fn begin(store: &Store, key: &SealKey, first: &AccessEntry) -> Result<(AccessChain, Vec<SeenEnd>), StoreError> {
    let id = uuid::Builder::from_random_bytes(random()).into_uuid();
    let seen_before = store.seen_ends().await?;
    let ended = store.access_chains().await?.into_iter().map(|other| SeenEnd {
        chain_id: id,
        of_chain: other.id,
        number: other.number,
        hash: other.hash,
    });
    let unseen = |end: &SeenEnd| !seen_before.iter().any(|row| row.of_chain == end.of_chain && row.hash == end.hash);
    let seen: Vec<SeenEnd> = ended.filter(unseen).collect();
    let first_hash = first_hash(id, &seen);
    let chain = AccessChain {
        id,
        began_at: first.at,
        kept_number: 0,
        kept_hash: first_hash.clone(),
        number: 0,
        hash: first_hash.clone(),
        code: key.chain_code(id, 0, &first_hash),
        first_hash,
    };
    Ok((chain, seen))
}

fn first_hash(id: Uuid, seen: &[SeenEnd]) -> String {
    let ends = seen.iter().map(|end| format!("\n{} {} {}", end.of_chain, end.number, end.hash));
    hash(&format!("caseround.access/1\n{id}{}", ends.collect::<String>()))
}

fn link(chain: &mut AccessChain, entry: &AccessEntry) -> Chained {
    chain.number += 1;
    let made_for_salt = if entry.made_for.is_empty() { String::new() } else { hex::encode(random::<16>()) };
    let made_for_code = made_for_code(&made_for_salt, &entry.made_for);
    chain.hash = hash_of(&chain.hash, chain.number, &made_for_code, entry);
    Chained { number: chain.number, made_for_salt, made_for_code, hash: chain.hash.clone(), entry: entry.clone() }
}

/// The code of for whom it was. The words themselves are not in the hash: they go when the child's copy here is destroyed.
fn made_for_code(salt: &str, made_for: &str) -> String {
    if made_for.is_empty() { String::new() } else { hash(&format!("{salt}\n{made_for}")) }
}

fn hash_of(before: &str, number: i64, made_for_code: &str, entry: &AccessEntry) -> String {
    let AccessEntry {
        at,
        worker_id,
        on_behalf_of,
        made_for: _,
        family_id,
        meeting_id,
        record_id,
        what,
        format,
        allowed_by,
        approved_by,
        address,
    } = entry;
    let fields = (
        number,
        at.timestamp_micros(),
        worker_id.uuid(),
        on_behalf_of,
        made_for_code,
        family_id.map(|family| family.uuid()),
    );
    let more = (meeting_id, record_id, what.word(), format, allowed_by, approved_by, address);
    let body = serde_json::to_string(&(before, fields, more)).expect("an entry is plain data");
    hash(&body)
}

/// What checking all chains found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LogCheck {
    /// How many chains there are.
    pub chains: usize,
    /// How many entries.
    pub entries: u64,
    /// What does not fit, in words.
    pub broken: Vec<String>,
}

/// Checks every entry of every chain, and where they end.
///
/// # Errors
/// Where the database does not answer.
pub async fn verify(store: &Store, key: &SealKey) -> Result<LogCheck, StoreError> {
    // Others may write meanwhile: ends that were seen are read before the chains, and each chain up to where it ended then.
    let seen = store.seen_ends().await?;
    let chains = store.access_chains().await?;
    let mut check = LogCheck { chains: chains.len(), ..LogCheck::default() };
    // Nobody plans a meeting who has not signed in.
    if chains.is_empty() && store.has_meetings().await? {
        check.broken.push("there is no entry, though meetings were planned: the log was emptied".to_owned());
    }
    for chain in &chains {
        let name = format!("chain {}", chain.id);
        let of_chain: Vec<SeenEnd> = seen.iter().filter(|end| end.chain_id == chain.id).cloned().collect();
        if first_hash(chain.id, &of_chain) != chain.first_hash {
            check.broken.push(format!("{name} does not begin as it was begun"));
        }
        if key.chain_code(chain.id, chain.number, &chain.hash) != chain.code {
            check.broken.push(format!("the note of the end of {name} was not made with this seal key"));
        }
        let (mut number, mut last_hash) = (chain.kept_number, chain.kept_hash.clone());
        if number == 0 && last_hash != chain.first_hash {
            check.broken.push(format!("{name} has lost its beginning"));
        }
        // Where others saw the chain end; it may have grown since.
        let ends: Vec<&SeenEnd> = seen.iter().filter(|end| end.of_chain == chain.id).collect();
        let mut ok = true;
        loop {
            let mut page = store.chained(chain.id, number, PAGE).await?;
            page.retain(|entry| entry.number <= chain.number);
            let last = page.len() < usize::try_from(PAGE).unwrap_or_default();
            for Chained { number: at, made_for_salt: salt, made_for_code: code, hash: kept, entry } in page {
                check.entries += 1;
                let follows = at == number + 1 && hash_of(&last_hash, at, &code, &entry) == kept;
                let for_whom = entry.made_for.is_empty() || made_for_code(&salt, &entry.made_for) == code;
                let as_seen = ends.iter().all(|end| end.number != at || end.hash == kept);
                if ok && !(follows && for_whom && as_seen) {
                    // What follows a broken entry says nothing more.
                    check.broken.push(format!("{name}, entry {at} is not what was written"));
                    ok = false;
                }
                (number, last_hash) = (at, kept);
            }
            if last {
                break;
            }
        }
        if !store.chained(chain.id, chain.number, 1).await?.is_empty() {
            let now = store.access_chains().await?.into_iter().find(|now| now.id == chain.id);
            if now.is_none_or(|now| now.number == chain.number) {
                check.broken.push(format!("{name} has entries past its end"));
            }
        }
        if ok && (number, &last_hash) != (chain.number, &chain.hash) {
            check.broken.push(format!("{name} ends at entry {number} and was noted to end at {}", chain.number));
        }
        if let Some(end) = ends.iter().find(|end| end.number > chain.number) {
            check.broken.push(format!("{name} ends at entry {} and was seen with {}", chain.number, end.number));
        }
    }
    for end in seen.iter().filter(|end| chains.iter().all(|chain| chain.id != end.of_chain)) {
        check.broken.push(format!("chain {} was seen with {} entries and is gone", end.of_chain, end.number));
    }
    Ok(check)
}
