//! Seals: what is signed is kept as bytes that never change, each with the hash of what stands before it in the
//! child's chain; where a chain ends is kept under a code that only the holder of the seal key can make.

use crate::ServiceError;
use domain::PersonId;
use domain::family::WorkbookEvent;
use domain::record::{Sealed, canonical};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use store::journal::JournalKind;
use store::seal::{Head, Seal};
use store::{Store, Uuid};

/// Seals read at once: memory stays the same however many there are.
const PAGE: i64 = 500;

/// The key of the chains' heads; it is kept outside the database.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey")
    }
}

impl SealKey {
    /// A key as it is.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key.
    #[must_use]
    pub fn random() -> Self {
        Self(crate::ids::random())
    }

    /// As 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// From 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim(), &mut key).ok().map(|()| Self(key))
    }

    /// What names the key without telling it: 16 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(&self.over("caseround.seal-key/1").finalize().into_bytes()[..8])
    }

    /// The code of a chain's end.
    #[must_use]
    pub fn code(&self, child: PersonId, number: i64, hash: &str) -> String {
        hex::encode(self.mac(child, number, hash).finalize().into_bytes())
    }

    /// Whether a head was written with this key.
    pub(crate) fn fits(&self, head: &Head) -> bool {
        // Compared in constant time.
        hex::decode(&head.code)
            .is_ok_and(|code| self.mac(head.child_id, head.number, &head.hash).verify_slice(&code).is_ok())
    }

    /// The code of a destroyed seal's tombstone.
    pub(crate) fn tombstone(&self, seal: &Seal) -> String {
        hex::encode(self.tombstone_mac(seal).finalize().into_bytes())
    }

    /// Whether a seal that is empty has a tombstone made with this key.
    fn has_tombstone(&self, seal: &Seal) -> bool {
        let code = seal.tombstone.as_deref().map(hex::decode);
        code.is_some_and(|code| code.is_ok_and(|code| self.tombstone_mac(seal).verify_slice(&code).is_ok()))
    }

    fn tombstone_mac(&self, seal: &Seal) -> Hmac<Sha256> {
        let Seal { child_id, number, record_id, version, hash, before, .. } = seal;
        self.over(&format!("caseround.tombstone/1\n{child_id}\n{number}\n{record_id}\n{version}\n{hash}\n{before}"))
    }

    /// The code of where a chain of the access log ends.
    pub(crate) fn chain_code(&self, chain: Uuid, number: i64, hash: &str) -> String {
        let mac = self.over(&format!("caseround.access-end/1\n{chain}\n{number}\n{hash}"));
        hex::encode(mac.finalize().into_bytes())
    }

    fn mac(&self, child: PersonId, number: i64, hash: &str) -> Hmac<Sha256> {
        self.over(&format!("caseround.head/1\n{child}\n{number}\n{hash}"))
    }

    fn over(&self, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length is a key");
        mac.update(text.as_bytes());
        mac
    }
}

/// SHA-256 in hex.
#[must_use]
pub fn hash(body: &str) -> String {
    hex::encode(Sha256::digest(body.as_bytes()))
}

/// Puts a signed version into its one form.
pub(crate) fn seal(sealed: &Sealed) -> Seal {
    let body = canonical(&serde_json::to_value(sealed).expect("records are plain data"));
    Seal {
        child_id: sealed.child,
        number: sealed.number,
        record_id: sealed.record.id,
        version: i64::from(sealed.version),
        family_id: sealed.family,
        meeting_id: sealed.record.meeting,
        signed_at: sealed.signed_at,
        hash: hash(&body),
        before: sealed.before.clone().unwrap_or_default(),
        tombstone: None,
        body,
    }
}

/// What a walk along all chains found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainCheck {
    /// Chains, one per child.
    pub chains: usize,
    /// Signed versions.
    pub seals: usize,
    /// Of these, those that retention has destroyed: only their hash is left.
    pub destroyed: usize,
    /// What is broken, the first link of each chain; in words that name child and place.
    pub broken: Vec<String>,
}

/// Walks all chains. `heads` are hashes from receipts: each must still stand somewhere.
///
/// # Errors
/// Where the database does not answer.
pub async fn verify(store: &Store, key: &SealKey, heads: &[String]) -> Result<ChainCheck, ServiceError> {
    let mut check = ChainCheck::default();
    let mut ends = Ends { store, page: Vec::new().into_iter(), last: None, done: false, held: None };
    let mut at = (PersonId::new(Uuid::nil()), 0);
    let mut chain: Option<Chain> = None;
    loop {
        let page = store.seals_after(at.0, at.1, PAGE).await?;
        let Some(last) = page.last() else { break };
        at = (last.child_id, last.number);
        for seal in page {
            if chain.as_ref().is_none_or(|chain| chain.child != seal.child_id) {
                if let Some(ended) = chain.take() {
                    ended.close(&mut ends, key, &mut check).await?;
                }
                check.chains += 1;
                chain = Some(Chain { child: seal.child_id, number: 0, hash: String::new(), broken: false });
            }
            check.seals += 1;
            if let Some(chain) = &mut chain {
                check.destroyed += usize::from(seal.body.is_empty());
                chain.take(seal, key, &mut check.broken);
            }
        }
    }
    if let Some(ended) = chain {
        ended.close(&mut ends, key, &mut check).await?;
    }
    while let Some(head) = ends.next().await? {
        check
            .broken
            .push(format!("child {}: the chain ended at {} and none of it is left", head.child_id, head.number));
    }
    for head in heads {
        if !store.sealed(head.trim()).await? {
            check.broken.push(format!("the receipt's {} stands nowhere any more", head.trim()));
        }
    }
    Ok(check)
}

/// Seals the ends of all chains, those of the access log too, and the tombstones, under another key, in one transaction. Gives how many chains there
/// are. Nobody may serve meanwhile; the caller has verified the chains under the old key.
///
/// # Errors
/// Where the database does not answer or a head does not fit the old key; nothing is changed then.
pub async fn change_key(store: &Store, old: &SealKey, new: &SealKey) -> Result<usize, ServiceError> {
    let mut tx = store.begin().await?;
    let (mut chains, mut child) = (0, PersonId::new(Uuid::nil()));
    loop {
        let page = store.heads_after(child, PAGE).await?;
        let Some(last) = page.last() else { break };
        child = last.child_id;
        for head in page {
            if !old.fits(&head) {
                return Err(ServiceError::Setup(format!(
                    "the head of child {} does not fit the old key",
                    head.child_id
                )));
            }
            tx.reseal_head(head.child_id, &new.code(head.child_id, head.number, &head.hash)).await?;
            chains += 1;
        }
    }
    let mut at = (PersonId::new(Uuid::nil()), 0);
    loop {
        let page = store.seals_after(at.0, at.1, PAGE).await?;
        let Some(last) = page.last() else { break };
        at = (last.child_id, last.number);
        for seal in page.iter().filter(|seal| old.has_tombstone(seal)) {
            tx.reseal_tombstone(seal.child_id, seal.number, &new.tombstone(seal)).await?;
        }
    }
    for chain in store.access_chains().await? {
        if old.chain_code(chain.id, chain.number, &chain.hash) != chain.code {
            return Err(ServiceError::Setup(format!(
                "the end of the access log’s chain {} does not fit the old key",
                chain.id
            )));
        }
        let code = new.chain_code(chain.id, chain.number, &chain.hash);
        tx.end_chain(&store::access::AccessChain { code, ..chain }).await?;
    }
    tx.set("seal_key", &new.fingerprint()).await?;
    tx.commit().await?;
    Ok(chains)
}

/// Compares what the journals say was signed with the seals: a chain cut off with its head is found by that. Reads
/// every workbook, which takes longer than walking the chains.
///
/// # Errors
/// Where the database does not answer or a journal cannot be read.
pub async fn verify_journals(store: &Store) -> Result<Vec<String>, ServiceError> {
    let mut broken = Vec::new();
    for journal in store.journals(JournalKind::Workbook).await? {
        for entry in store.entries::<WorkbookEvent>(journal, 0).await? {
            let WorkbookEvent::Signed { record, version } = entry.event else { continue };
            let seal = store.seal(record, i64::from(version.number)).await?;
            if seal.is_none_or(|seal| seal.hash != version.hash) {
                broken.push(format!(
                    "record {record}, version {}: the journal says it was signed, and it is not there",
                    version.number
                ));
            }
        }
    }
    Ok(broken)
}

struct Chain {
    child: PersonId,
    number: i64,
    hash: String,
    broken: bool,
}

impl Chain {
    fn take(&mut self, seal: Seal, key: &SealKey, broken: &mut Vec<String>) {
        let place = format!("child {}, number {}", self.child, seal.number);
        let wrong = if seal.number != self.number + 1 {
            Some(format!("{place}: number {} is missing before it", self.number + 1))
        } else if seal.before != self.hash {
            Some(format!("{place}: it does not follow what stands before it"))
        } else if seal.body.is_empty() {
            let reason = "its content is gone, and no tombstone made with this seal key says that it should be";
            (!key.has_tombstone(&seal)).then(|| format!("{place}: {reason}"))
        } else if hash(&seal.body) != seal.hash {
            Some(format!("{place}: its content is not what was signed"))
        } else if !names(&seal) {
            Some(format!("{place}: its content is another record's"))
        } else {
            None
        };
        if let Some(wrong) = wrong.filter(|_| !self.broken) {
            self.broken = true;
            broken.push(wrong);
        }
        (self.number, self.hash) = (seal.number, seal.hash);
    }

    async fn close(self, ends: &mut Ends<'_>, key: &SealKey, check: &mut ChainCheck) -> Result<(), ServiceError> {
        while let Some(earlier) = ends.next_before(self.child).await? {
            let (child, number) = (earlier.child_id, earlier.number);
            check.broken.push(format!("child {child}: the chain ended at {number} and none of it is left"));
        }
        let head = ends.of(self.child).await?;
        let wrong = match head {
            _ if self.broken => None,
            None => Some("its end is not noted".to_owned()),
            Some(head) if !key.fits(&head) => Some("the note of its end was not made with this seal key".to_owned()),
            Some(head) if (head.number, &head.hash) != (self.number, &self.hash) => {
                Some(format!("it ends at {}, and {} were signed", self.number, head.number))
            }
            Some(_) => None,
        };
        check.broken.extend(wrong.map(|wrong| format!("child {}: {wrong}", self.child)));
        Ok(())
    }
}

/// Whether a seal's columns say what its content says. Looked up in the text: reading all of it would take longer
/// than everything else.
fn names(seal: &Seal) -> bool {
    let has = |words: String| seal.body.contains(&words);
    let before = if seal.before.is_empty() { "null".to_owned() } else { format!("\"{}\"", seal.before) };
    has(format!("\"before\":{before},\"child\":\"{}\",\"child_age\"", seal.child_id))
        && has(format!("\"number\":{},\"record\"", seal.number))
        && has(format!("\"family\":\"{}\"", seal.family_id))
        && has(format!("\"id\":\"{}\"", seal.record_id))
        && has(format!("\"meeting\":\"{}\"", seal.meeting_id))
        && has(format!("\"version\":{}}}", seal.version))
}

/// The chains' ends, in the chains' order.
struct Ends<'a> {
    store: &'a Store,
    page: std::vec::IntoIter<Head>,
    last: Option<PersonId>,
    done: bool,
    held: Option<Head>,
}

impl Ends<'_> {
    async fn next(&mut self) -> Result<Option<Head>, ServiceError> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        if self.page.len() == 0 && !self.done {
            let after = self.last.unwrap_or_else(|| PersonId::new(Uuid::nil()));
            let page = self.store.heads_after(after, PAGE).await?;
            self.last = page.last().map(|head| head.child_id).or(self.last);
            self.done = page.is_empty();
            self.page = page.into_iter();
        }
        Ok(self.page.next())
    }

    async fn next_before(&mut self, child: PersonId) -> Result<Option<Head>, ServiceError> {
        let next = self.next().await?;
        match next {
            Some(head) if head.child_id < child => Ok(Some(head)),
            other => {
                self.held = other;
                Ok(None)
            }
        }
    }

    async fn of(&mut self, child: PersonId) -> Result<Option<Head>, ServiceError> {
        let next = self.next().await?;
        match next {
            Some(head) if head.child_id == child => Ok(Some(head)),
            other => {
                self.held = other;
                Ok(None)
            }
        }
    }
}
