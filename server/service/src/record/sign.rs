//! Signing: what becomes of a child's record after the meeting. Corrections and completions come before, addenda after.

mod addendum;
mod completion;
mod correction;
mod dissent;
mod lists;
mod mark;

pub use dissent::WaitingDissent;
pub use lists::{Unsigned, WaitingAddition};

use crate::names::first_name;
use crate::seal::seal;
use crate::workbook::WorkbookWrite;
use crate::writer::Row;
use crate::{Directory, Service, ServiceError};
use domain::family::{Workbook, WorkbookEvent};
use domain::policy::{FamilyManager, RecordReader};
use domain::record::{Named, Record, Sealed, SignedAs, Unready, Version};
use domain::status::DeliveryState;
use domain::viewer::Viewer;
use domain::{DeliveryId, FamilyId, MeetingId, PersonId, RecordId, TeamId};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::delivery::DeliveryRow;
use store::family::Family;
use store::person::FamilyMember;
use store::seal::{Head, Seal};
impl Service {
    /// The systems that signed records are sent to, by their names in the settings.
    #[must_use]
    pub fn targets(&self) -> Vec<String> {
        self.inner.outside.targets.iter().map(|target| target.name().to_owned()).collect()
    }

    /// Whoever acts, as they are called today.
    pub(crate) async fn named(&self, viewer: &Viewer) -> Result<Named, ServiceError> {
        Ok(self.me(self.directory().await?.as_ref(), viewer))
    }

    fn me(&self, directory: &Directory, viewer: &Viewer) -> Named {
        directory.names.get(&viewer.worker).cloned().unwrap_or_else(|| Named {
            worker: viewer.worker,
            name: "unknown worker".to_owned(),
            discipline: String::new(),
        })
    }

    /// Signs the records of one family's discussion, one for each child, in one act. Signed, a record never changes.
    /// `read` is the [`digest`] of the drafts that the signer looked at: nothing is signed that changed meanwhile.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the signer stood out of the discussion; a form error for each thing that signing
    /// asks for.
    pub async fn sign(
        &self, manager: FamilyManager<'_>, meeting: MeetingId, read: Option<&str>,
    ) -> Result<(), ServiceError> {
        let signing = self.signing(manager.viewer(), manager.family()).await?;
        self.seal_and_write(
            manager.viewer(),
            manager.family(),
            |workbook| {
                let drafts = drafts_of_meeting(&workbook.records, meeting);
                if drafts.iter().any(|record| record.closed_to(manager.viewer())) {
                    return Err(ServiceError::NotFound);
                }
                let changed = read.map(|read| changed_since(read, &drafts)).unwrap_or_default();
                if !changed.is_empty() {
                    let names = changed.into_iter().map(|child| signing.name(child)).collect::<Vec<_>>().join(", ");
                    let message =
                        format!("This changed while you read: the record of {names}. Read it once more, then sign.");
                    return Err(ServiceError::field("", message));
                }
                let unready = asked_for(&drafts, &|child| signing.name(child));
                if !unready.is_empty() {
                    return Err(ServiceError::Form(unready));
                }
                Ok((Vec::new(), drafts))
            },
            &signing,
        )
        .await
    }

    /// A signed version as it stands, with where its chain ends now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not know it exists.
    pub async fn version(
        &self, reader: RecordReader<'_>, version: i64,
    ) -> Result<(Sealed, Seal, Option<Head>), ServiceError> {
        let seal = self.inner.store.seal(reader.record(), version).await?.ok_or(ServiceError::NotFound)?;
        let sealed = read(&seal)?;
        Ok((sealed.read_by(reader.viewer().worker), seal.clone(), self.inner.store.head(seal.child_id).await?))
    }

    /// One event on a record, with the rows of all the family's records and steps it may have touched.
    async fn write_record(
        &self, viewer: &Viewer, family: FamilyId,
        mut decide: impl FnMut(&Workbook) -> Result<Option<WorkbookEvent>, ServiceError>,
    ) -> Result<(), ServiceError> {
        self.write_workbook(viewer, family, None, &mut decide).await
    }

    async fn signing(&self, signer: &Viewer, family: FamilyId) -> Result<Signing, ServiceError> {
        let directory = self.directory().await?;
        let members = self.inner.store.members(family.uuid()).await?;
        let family = self.inner.store.family(family).await?.ok_or(ServiceError::NotFound)?;
        Ok(Signing { signer: self.me(&directory, signer), directory, members, family })
    }

    /// Decides events and the records that are signed with them, seals these, and writes all in one commit.
    async fn seal_and_write(
        &self, signer: &Viewer, family: FamilyId,
        mut decide: impl FnMut(&Workbook) -> Result<(Vec<WorkbookEvent>, Vec<Record>), ServiceError>,
        signing: &Signing,
    ) -> Result<(), ServiceError> {
        for _ in 0..8 {
            let lock = self.lock_workbook(family).await?;
            let (events, records) = decide(lock.workbook())?;
            if events.is_empty() && records.is_empty() {
                return Ok(());
            }
            let mut decided = WorkbookWrite { events, ..WorkbookWrite::default() };
            for record in records {
                self.sealed(&record, signing, &mut decided).await?;
            }
            if self.write_locked(signer, lock, decided, Vec::new()).await? {
                self.deliver_soon();
                return Ok(());
            }
        }
        Err(ServiceError::Unavailable("other processes were first, again and again".to_owned()))
    }

    async fn sealed(
        &self, record: &Record, signing: &Signing, decided: &mut WorkbookWrite,
    ) -> Result<(), ServiceError> {
        let at = self.inner.clock.now();
        let head = self.inner.store.head(record.child).await?;
        // A chain that was changed past Caseround is never signed on.
        if let Some(head) = head.as_ref().filter(|head| !self.inner.outside.seal_key.fits(head)) {
            let message =
                "The chain of this child's signed records was not made with this seal key. Run caseround verify";
            return Err(ServiceError::Setup(format!("{message}; it ends at number {}.", head.number)));
        }
        let number = head.as_ref().map_or(1, |head| head.number + 1);
        let before = record.life.versions.last();
        let version = before.map_or(1, |version| version.number + 1);
        let sealed = signing.sealed(record, version, number, head.map(|head| head.hash), at);
        let seal = seal(&sealed);
        let code = self.inner.outside.seal_key.code(seal.child_id, seal.number, &seal.hash);
        let version = Version { number: version, at, by: signing.signer.clone(), hash: seal.hash.clone() };
        decided.events.push(WorkbookEvent::Signed { record: record.id, version });
        for target in &self.inner.outside.targets {
            decided.rows.push(Row::Delivery(DeliveryRow {
                id: DeliveryId::new(self.new_uuid()),
                child_id: record.child,
                record_id: record.id,
                version: seal.version,
                target: target.name().to_owned(),
                state: DeliveryState::Waiting,
                attempts: 0,
                next_at: at,
                answer: String::new(),
                queued_at: at,
                changed_at: at,
            }));
        }
        decided.rows.push(Row::NotesGone(record.slot));
        decided.seals.push((seal, code));
        Ok(())
    }
}

fn drafts_of_meeting(records: &[Record], meeting: MeetingId) -> Vec<Record> {
    records.iter().filter(|record| record.meeting == meeting && !record.signed()).cloned().collect()
}

/// What somebody read of some drafts, a word for each child: "12:3f9…". It tells afterwards whose draft is another one.
#[must_use]
pub fn digest(drafts: &[Record]) -> String {
    let mut words: Vec<String> = drafts.iter().map(word_of).collect();
    words.sort();
    words.join(",")
}

fn word_of(draft: &Record) -> String {
    let text = serde_json::to_string(draft).expect("records are plain data");
    format!("{}:{}", draft.child, crate::seal::hash(&text))
}

/// The children whose drafts are not those that were `read`.
fn changed_since(read: &str, drafts: &[Record]) -> Vec<PersonId> {
    let words: BTreeSet<&str> = read.split(',').collect();
    drafts.iter().filter(|draft| !words.contains(word_of(draft).as_str())).map(|draft| draft.child).collect()
}

/// What signing needs beside the workbook.
struct Signing {
    signer: Named,
    directory: Arc<Directory>,
    members: Vec<FamilyMember>,
    family: Family,
}

impl Signing {
    fn name(&self, child: PersonId) -> String {
        first_name(&self.members, child)
    }

    fn sealed(
        &self, record: &Record, version: u32, number: i64, before: Option<String>, at: chrono::DateTime<chrono::Utc>,
    ) -> Sealed {
        let member = self.members.iter().find(|member| member.person.id == record.child);
        let team = self.family.team_id.map(TeamId::new);
        let chaired = record.chair.worker == self.signer.worker;
        let mut content = record.clone();
        content.life = domain::record::Life::default();
        Sealed {
            schema: Sealed::SCHEMA.to_owned(),
            version,
            replaces: record.life.versions.last().map(|version| version.hash.clone()),
            number,
            before,
            child: record.child,
            child_name: self.name(record.child),
            child_age: member.map(|member| crate::names::age_words(&member.person, record.held_on)).unwrap_or_default(),
            child_number: member.and_then(|member| member.person.source_id.clone()).unwrap_or_default(),
            family: self.family.id,
            reference: self.family.reference.clone(),
            team,
            team_name: team.map(|team| self.directory.team(team).to_owned()).unwrap_or_default(),
            signed_at: at,
            signed_by: self.signer.clone(),
            signed_as: if chaired { SignedAs::Chair } else { SignedAs::Manager { chaired_by: record.chair.clone() } },
            addenda: record.life.taken(),
            record: content,
        }
    }
}

/// A seal's content.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn read(seal: &Seal) -> Result<Sealed, ServiceError> {
    if crate::seal::hash(&seal.body) != seal.hash {
        let message =
            format!("Number {} of a child's signed records is not what was signed. Run caseround verify.", seal.number);
        return Err(ServiceError::Setup(message));
    }
    serde_json::from_str(&seal.body)
        .map_err(|error| ServiceError::Setup(format!("A signed record cannot be read: {error}. Run caseround verify.")))
}

/// What signing asks for, each thing once with the children it is about, and where it is filled in.
fn asked_for(drafts: &[Record], name: &dyn Fn(PersonId) -> String) -> Vec<(String, String)> {
    let mut asked: Vec<(String, Vec<String>, String)> = Vec::new();
    for record in drafts {
        for unready in record.unready() {
            let words = unready.words();
            match asked.iter_mut().find(|(.., existing)| *existing == words) {
                Some((_, children, _)) if children.contains(&name(record.child)) => {}
                Some((_, children, _)) => children.push(name(record.child)),
                None => asked.push((anchor(record, &unready), vec![name(record.child)], words)),
            }
        }
    }
    asked.into_iter().map(|(anchor, children, words)| (anchor, format!("{}: {words}", children.join(", ")))).collect()
}

/// Where on a record's page something missing is filled in.
fn anchor(record: &Record, unready: &Unready) -> String {
    match unready {
        Unready::Decision | Unready::Why => format!("why-{}", record.id),
        Unready::Reason(who, _) => format!("reason-{}", who.worker),
        Unready::Step { step, .. } => format!("step-{step}"),
        Unready::Correction(correction) => format!("correction-{correction}"),
        Unready::Attendance => format!("attendance-{}", record.id),
    }
}

fn draft(workbook: &Workbook, id: RecordId) -> Result<&Record, ServiceError> {
    let record = workbook.record(id).ok_or(ServiceError::NotFound)?;
    if record.signed() {
        let message = "This record is signed and does not change any more. Add an addendum instead.";
        return Err(ServiceError::field("", message));
    }
    Ok(record)
}
