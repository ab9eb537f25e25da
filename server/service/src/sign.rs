//! Draft, corrections, signed, addenda: what becomes of a child's record after the meeting.

use crate::seal::seal;
use crate::workbook::Decided;
use crate::writer::Row;
use crate::{Directory, Service, ServiceError};
use chrono::{NaiveDate, TimeDelta};
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::Entry;
use domain::meeting::refusal::short;
use domain::prose::BOX_LIMIT;
use domain::record::{
    Addendum, Answer, Completion, Correction, Named, Place, Record, Sealed, SignedAs, Unready, Version,
};
use domain::viewer::Viewer;
use domain::{AddendumId, CorrectionId, DeliveryId, FamilyId, MeetingId, PersonId, RecordId, StepId, TeamId, WorkerId};
use std::sync::Arc;
use store::delivery::DeliveryRow;
use store::family::Family;
use store::person::FamilyMember;
use store::seal::{Head, Seal};

/// What somebody may do with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordRights {
    /// Ask for corrections, and after signing for an addendum.
    pub ask: bool,
    /// Answer, complete steps and reasons.
    pub keep: bool,
    /// Decide what was not decided, and sign.
    pub sign: bool,
}

/// A record that is not signed yet, for the list of those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    /// The meeting.
    pub meeting: MeetingId,
    /// The family.
    pub family: FamilyId,
    /// "FS-3012".
    pub reference: String,
    /// The day of the meeting.
    pub held_on: NaiveDate,
    /// First names, and the record of each.
    pub children: Vec<(String, RecordId)>,
    /// What signing still asks for.
    pub unready: usize,
}

impl Service {
    /// What the viewer may do with a record they may see.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn record_rights(
        &self, viewer: &Viewer, family: &Family, record: &Record,
    ) -> Result<RecordRights, ServiceError> {
        let team = family.team_id.map(TeamId::new);
        let manages = team.is_some_and(|team| viewer.manages.contains(&team));
        let serves = team.is_some_and(|team| viewer.serves(team));
        let was_there = record.attendance.iter().any(|present| present.who.worker == viewer.worker);
        let ask = serves || was_there || viewer.families.contains(&record.family);
        Ok(RecordRights { ask, keep: serves, sign: manages })
    }

    pub(crate) fn me(&self, directory: &Directory, viewer: &Viewer) -> Named {
        directory.names.get(&viewer.worker).cloned().unwrap_or_else(|| Named {
            worker: viewer.worker,
            name: "unknown worker".to_owned(),
            discipline: String::new(),
        })
    }

    /// The last day on which a draft can still be corrected.
    #[must_use]
    pub fn corrections_until(&self, record: &Record) -> NaiveDate {
        let drafted = domain::dates::london(record.drafted_at).date();
        drafted + TimeDelta::days(i64::from(self.template().correction_days))
    }

    /// Asks for a part of a draft to read otherwise.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the record is not theirs to know; where it is signed or too late.
    pub async fn ask_correction(
        &self, viewer: &Viewer, id: RecordId, place: Place, text: &str,
    ) -> Result<(), ServiceError> {
        let (family, seen) = self.record(viewer, id).await?;
        if !self.record_rights(viewer, &family, &seen).await?.ask {
            return Err(ServiceError::NotFound);
        }
        let text = text.replace("\r\n", "\n").trim().to_owned();
        if text.is_empty() || text.len() > BOX_LIMIT {
            return Err(ServiceError::field("text", "Write how it should read, in at most 100 KB."));
        }
        if let Place::Heard { worker } | Place::Stance { worker } = place
            && worker != viewer.worker
        {
            let told = "Somebody's own words are theirs to correct. Use \"Something else\" to say what is wrong.";
            return Err(ServiceError::field("text", told));
        }
        if place != Place::Other && seen.reads(place).is_none() {
            return Err(ServiceError::NotFound);
        }
        let sealed = seen.heard.iter().any(|heard| heard.unrevealed() && heard.who.worker == viewer.worker);
        if seen.reads(place) == Some(text.as_str()) && !(sealed && matches!(place, Place::Heard { .. })) {
            return Err(ServiceError::field(
                "text",
                "That is how it reads already. Change what should read otherwise.",
            ));
        }
        let until = self.corrections_until(&seen);
        if self.inner.clock.today() > until {
            let told = format!(
                "Corrections could be asked for until {}. Ask the manager, or add to the record once it is signed.",
                domain::dates::plain_date(until)
            );
            return Err(ServiceError::field("text", told));
        }
        let by = self.me(self.directory().await?.as_ref(), viewer);
        let correction = CorrectionId::new(self.new_uuid());
        let at = self.inner.clock.now();
        let asked = Correction { id: correction, at, by, place, text, answer: None };
        self.write_record(viewer, family.id, |workbook| {
            let record = draft(workbook, id)?;
            let same =
                |known: &&Correction| (&known.by, known.place, &known.text) == (&asked.by, asked.place, &asked.text);
            if record.life.corrections.iter().any(|known| same(&known) && known.answer.is_none()) {
                return Ok(None);
            }
            Ok(Some(WorkbookEvent::CorrectionAsked { record: id, correction: Box::new(asked.clone()) }))
        })
        .await
    }

    /// Takes a correction into the draft, or says why not.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to answer.
    pub async fn answer_correction(
        &self, viewer: &Viewer, id: RecordId, correction: CorrectionId, taken: bool, word: &str,
    ) -> Result<(), ServiceError> {
        let (family, seen) = self.record(viewer, id).await?;
        if !self.record_rights(viewer, &family, &seen).await?.keep {
            return Err(ServiceError::NotFound);
        }
        let answer = self.answer(viewer, taken, word).await?;
        self.write_record(viewer, family.id, |workbook| {
            let known = draft(workbook, id)?.life.corrections.iter().find(|known| known.id == correction);
            match known.ok_or(ServiceError::NotFound)?.answer {
                Some(_) => Ok(None),
                None => Ok(Some(WorkbookEvent::CorrectionAnswered { record: id, correction, answer: answer.clone() })),
            }
        })
        .await
    }

    async fn answer(&self, viewer: &Viewer, taken: bool, word: &str) -> Result<Answer, ServiceError> {
        let word = short("A word on it", word, 500)?;
        let by = self.me(self.directory().await?.as_ref(), viewer);
        Ok(Answer { at: self.inner.clock.now(), by, taken, word })
    }

    /// Adds what signing asks for. Steps and reasons: who serves the team, a reason also whoever gave the stance;
    /// decision and its reason: the manager.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to say.
    pub async fn complete(&self, viewer: &Viewer, id: RecordId, completion: Completion) -> Result<(), ServiceError> {
        let (family, seen) = self.record(viewer, id).await?;
        let rights = self.record_rights(viewer, &family, &seen).await?;
        let allowed = match &completion {
            Completion::Decision { .. } | Completion::Why { .. } => rights.sign,
            Completion::Step { .. } => rights.keep,
            Completion::Reason { worker, given } => rights.keep || (*worker == viewer.worker && given.is_some()),
        };
        if !allowed {
            return Err(ServiceError::NotFound);
        }
        if let Completion::Step { step, due, .. } = &completion
            && *due < seen.held_on
        {
            let told =
                format!("By when: {} is before the meeting. Give a day after it.", domain::dates::plain_date(*due));
            return Err(ServiceError::field(&format!("due-{step}"), told));
        }
        let completion = self.checked(completion)?;
        let by = self.me(self.directory().await?.as_ref(), viewer);
        self.write_record(viewer, family.id, |workbook| {
            // What was said stays said: this only fills in what is missing.
            if !draft(workbook, id)?.lacks(&completion) {
                let told = "That has been said already. Ask for a correction where it is not right.";
                return Err(ServiceError::field("", told));
            }
            let completion = Box::new(completion.clone());
            Ok(Some(WorkbookEvent::Completed { record: id, by: by.clone(), completion }))
        })
        .await
    }

    fn checked(&self, completion: Completion) -> Result<Completion, ServiceError> {
        let words = |field: &str, text: &str| {
            let text = short("The reason", text, 4000)?;
            if text.is_empty() { Err(ServiceError::field(field, "Write the reason.")) } else { Ok(text) }
        };
        Ok(match completion {
            Completion::Decision { kind, why, .. } => {
                let known = self.template().kind(&kind);
                let known =
                    known.ok_or_else(|| ServiceError::field("kind", "Choose what was decided from the list."))?;
                let route = if known.recommended_to.is_empty() {
                    "Decided here".to_owned()
                } else {
                    format!("Recommended to {}", known.recommended_to)
                };
                Completion::Decision { kind, title: known.title.clone(), route, why: words("why", &why)? }
            }
            Completion::Why { text } => Completion::Why { text: words("why", &text)? },
            Completion::Reason { worker, given: Some(text) } => {
                Completion::Reason { worker, given: Some(words("reason", &text)?) }
            }
            other => other,
        })
    }

    /// A step's completion from a form: who and by when.
    ///
    /// # Errors
    /// Where the owner is nobody of the team's directory.
    pub async fn step_completion(
        &self, step: StepId, owner: WorkerId, due: NaiveDate,
    ) -> Result<Completion, ServiceError> {
        let directory = self.directory().await?;
        let owner = directory.names.get(&owner).cloned();
        let owner = owner.ok_or_else(|| ServiceError::field("owner", "Choose who does it."))?;
        Ok(Completion::Step { step, owner, due })
    }

    /// Signs the records of one family's discussion, one for each child, in one act. Signed, a record never changes.
    /// `read` is the [`digest`] of the drafts that the signer looked at: nothing is signed that changed meanwhile.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not manage the team; a form error for each thing that
    /// signing asks for.
    pub async fn sign(
        &self, viewer: &Viewer, meeting: MeetingId, family: FamilyId, read: Option<&str>,
    ) -> Result<(), ServiceError> {
        let row = self.may_see_family(viewer, family).await?;
        if !row.team_id.map(TeamId::new).is_some_and(|team| viewer.manages.contains(&team)) {
            return Err(ServiceError::NotFound);
        }
        let facts = self.facts_to_sign(viewer, row).await?;
        self.seal_and_write(
            viewer,
            family,
            |workbook| {
                let drafts = drafts_of_meeting(&workbook.records, meeting);
                if drafts.iter().any(|record| record.closed_to(viewer.worker)) {
                    return Err(ServiceError::NotFound);
                }
                if read.is_some_and(|read| read != digest(&drafts)) {
                    let told = "Something in these records changed while you read. Read them once more, then sign.";
                    return Err(ServiceError::field("", told));
                }
                let unready: Vec<(String, String)> = drafts
                    .iter()
                    .flat_map(|record| record.unready().into_iter().map(move |unready| (record, unready)))
                    .map(|(record, unready)| {
                        (anchor(record, &unready), format!("{}: {}", facts.name(record.child), unready.words()))
                    })
                    .collect();
                if !unready.is_empty() {
                    return Err(ServiceError::Form(unready));
                }
                Ok((Vec::new(), drafts))
            },
            &facts,
        )
        .await
    }

    /// Asks for something to be added to a signed record.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the record is not theirs to know.
    pub async fn ask_addendum(
        &self, viewer: &Viewer, id: RecordId, reason: &str, text: &str,
    ) -> Result<(), ServiceError> {
        let (family, seen) = self.record(viewer, id).await?;
        if !self.record_rights(viewer, &family, &seen).await?.ask {
            return Err(ServiceError::NotFound);
        }
        let (reason, text) = (short("Why it is added", reason, 500)?, text.replace("\r\n", "\n").trim().to_owned());
        if reason.is_empty() {
            return Err(ServiceError::field("reason", "Write why the record needs it."));
        }
        if text.is_empty() || text.len() > BOX_LIMIT {
            return Err(ServiceError::field("addendum", "Write what is added, in at most 100 KB."));
        }
        let by = self.me(self.directory().await?.as_ref(), viewer);
        let asked = Addendum {
            id: AddendumId::new(self.new_uuid()),
            at: self.inner.clock.now(),
            by,
            reason,
            text,
            answer: None,
        };
        self.write_record(viewer, family.id, |workbook| {
            let record = workbook.record(id).ok_or(ServiceError::NotFound)?;
            if !record.signed() {
                return Err(ServiceError::field("addendum", "It is not signed yet: ask for a correction instead."));
            }
            let same =
                |known: &Addendum| (&known.by, &known.text) == (&asked.by, &asked.text) && known.answer.is_none();
            if record.life.addenda.iter().any(same) {
                return Ok(None);
            }
            Ok(Some(WorkbookEvent::AddendumAsked { record: id, addendum: Box::new(asked.clone()) }))
        })
        .await
    }

    /// Accepts an addendum, which makes a new signed version, or says why not.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not manage the team.
    pub async fn answer_addendum(
        &self, viewer: &Viewer, id: RecordId, addendum: AddendumId, taken: bool, word: &str,
    ) -> Result<(), ServiceError> {
        let (family, seen) = self.record(viewer, id).await?;
        if !self.record_rights(viewer, &family, &seen).await?.sign {
            return Err(ServiceError::NotFound);
        }
        let answer = self.answer(viewer, taken, word).await?;
        let family_id = family.id;
        let facts = self.facts_to_sign(viewer, family).await?;
        self.seal_and_write(
            viewer,
            family_id,
            |workbook| {
                let mut record = workbook.record(id).cloned().ok_or(ServiceError::NotFound)?;
                let known = record.life.addenda.iter_mut().find(|known| known.id == addendum);
                let known = known.ok_or(ServiceError::NotFound)?;
                if known.answer.is_some() {
                    return Ok((Vec::new(), Vec::new()));
                }
                known.answer = Some(answer.clone());
                let event = WorkbookEvent::AddendumAnswered { record: id, addendum, answer: answer.clone() };
                Ok((vec![event], if taken { vec![record] } else { Vec::new() }))
            },
            &facts,
        )
        .await
    }

    /// A signed version as it stands, with where its chain ends now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not know it exists.
    pub async fn version(
        &self, viewer: &Viewer, id: RecordId, version: i64,
    ) -> Result<(Sealed, Seal, Option<Head>), ServiceError> {
        let (_, seen) = self.record(viewer, id).await?;
        let seal = self.inner.store.seal(id, version).await?.ok_or(ServiceError::NotFound)?;
        let mut sealed = read(&seal)?;
        sealed.record.heard.retain(|heard| seen.heard.iter().any(|known| known.who == heard.who));
        Ok((sealed, seal.clone(), self.inner.store.head(seal.child_id).await?))
    }

    /// Records of the viewer's teams that wait for a signature, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn unsigned(&self, viewer: &Viewer) -> Result<Vec<Unsigned>, ServiceError> {
        let mut lines: Vec<Unsigned> = Vec::new();
        for team in viewer.manages.union(&viewer.records) {
            let families = self.inner.store.families_in(team.uuid()).await?;
            let members = self.inner.store.members(team.uuid()).await?;
            let waiting = |record: &Record| !record.signed() && !record.closed_to(viewer.worker);
            for record in self.inner.store.records(team.uuid()).await?.into_iter().filter(waiting) {
                let Some(family) = families.iter().find(|family| family.id == record.family) else { continue };
                let child = (first_name(&members, record.child), record.id);
                let unready = record.unready().len();
                match lines.iter_mut().find(|line| (line.meeting, line.family) == (record.meeting, record.family)) {
                    Some(line) => {
                        line.children.push(child);
                        line.unready += unready;
                    }
                    None => lines.push(Unsigned {
                        meeting: record.meeting,
                        family: record.family,
                        reference: family.reference.clone(),
                        held_on: record.held_on,
                        children: vec![child],
                        unready,
                    }),
                }
            }
        }
        lines.sort_by(|a, b| (a.held_on, &a.reference).cmp(&(b.held_on, &b.reference)));
        Ok(lines)
    }

    /// Signed records of the viewer's teams to which somebody asked to add something, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn to_answer(&self, viewer: &Viewer) -> Result<Vec<(String, Record)>, ServiceError> {
        let mut lines = Vec::new();
        for team in viewer.manages.union(&viewer.records) {
            let families = self.inner.store.families_in(team.uuid()).await?;
            let members = self.inner.store.members(team.uuid()).await?;
            let asked = |record: &Record| record.life.addenda.iter().any(|addendum| addendum.answer.is_none());
            let open = |record: &Record| asked(record) && !record.closed_to(viewer.worker);
            for record in self.inner.store.records(team.uuid()).await?.into_iter().filter(open) {
                let family = families.iter().find(|family| family.id == record.family);
                let reference = family.map(|family| family.reference.as_str()).unwrap_or_default();
                lines.push((format!("{reference} · {}", first_name(&members, record.child)), record));
            }
        }
        lines.sort_by_key(|(_, record)| record.held_on);
        Ok(lines)
    }

    /// The drafts of one family's discussion with the children's first names, in the family's order.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not see the family.
    pub async fn drafts_of(
        &self, viewer: &Viewer, meeting: MeetingId, family: FamilyId,
    ) -> Result<Vec<(String, Record)>, ServiceError> {
        self.may_see_family(viewer, family).await?;
        let members = self.inner.store.members(family.uuid()).await?;
        let place = |record: &Record| members.iter().position(|member| member.person.id == record.child);
        let mut records = drafts_of_meeting(&self.inner.store.records(family.uuid()).await?, meeting);
        if records.iter().any(|record| record.closed_to(viewer.worker)) {
            return Err(ServiceError::NotFound);
        }
        records.sort_by_key(place);
        Ok(records.into_iter().map(|record| (first_name(&members, record.child), record)).collect())
    }

    /// One event on a record, with the rows of all the family's records and steps it may have touched.
    async fn write_record(
        &self, viewer: &Viewer, family: FamilyId,
        mut decide: impl FnMut(&Workbook) -> Result<Option<WorkbookEvent>, ServiceError>,
    ) -> Result<(), ServiceError> {
        let rows = |workbook: &Workbook, entry: &Entry<WorkbookEvent>| rows_of(workbook, family, &entry.event);
        self.write_workbook(viewer, family, None, |workbook, _| decide(workbook), rows).await
    }

    async fn facts_to_sign(&self, viewer: &Viewer, family: Family) -> Result<Facts, ServiceError> {
        let directory = self.directory().await?;
        let members = self.inner.store.members(family.id.uuid()).await?;
        Ok(Facts { signer: self.me(&directory, viewer), directory, members, family })
    }

    /// Decides events and the records that are signed with them, seals these, and writes all in one commit.
    async fn seal_and_write(
        &self, viewer: &Viewer, family: FamilyId,
        mut decide: impl FnMut(&Workbook) -> Result<(Vec<WorkbookEvent>, Vec<Record>), ServiceError>, facts: &Facts,
    ) -> Result<(), ServiceError> {
        for _ in 0..8 {
            let old: Vec<Entry<WorkbookEvent>> = self.inner.store.entries(family.uuid(), 0).await?;
            let (events, records) = decide(&Workbook::fold(&old))?;
            if events.is_empty() && records.is_empty() {
                return Ok(());
            }
            let mut decided = Decided { events, ..Decided::default() };
            for record in records {
                self.sealed(&record, facts, &mut decided).await?;
            }
            let rows = |workbook: &Workbook, entries: &[Entry<WorkbookEvent>]| {
                entries.iter().flat_map(|entry| rows_of(workbook, family, &entry.event)).collect()
            };
            if self.write_decided(viewer, family, &old, decided, Vec::new(), rows).await? {
                self.inner.deliveries.notify_one();
                return Ok(());
            }
        }
        Err(ServiceError::Setup("The database is too busy to save this now. Try again in a moment.".to_owned()))
    }

    async fn sealed(&self, record: &Record, facts: &Facts, decided: &mut Decided) -> Result<(), ServiceError> {
        let at = self.inner.clock.now();
        let head = self.inner.store.head(record.child).await?;
        // A chain that was changed past Caseround is never signed on.
        if let Some(head) = head.as_ref().filter(|head| !self.inner.outside.seal_key.fits(head)) {
            let told = "The chain of this child's signed records was not made with this seal key. Run caseround verify";
            return Err(ServiceError::Setup(format!("{told}; it ends at number {}.", head.number)));
        }
        let number = head.as_ref().map_or(1, |head| head.number + 1);
        let before = record.life.versions.last();
        let version = before.map_or(1, |version| version.number + 1);
        let sealed = facts.sealed(record, version, number, head.map(|head| head.hash), at);
        let seal = seal(&sealed);
        let code = self.inner.outside.seal_key.code(seal.child_id, seal.number, &seal.hash);
        let version = Version { number: version, at, by: facts.signer.clone(), hash: seal.hash.clone() };
        decided.events.push(WorkbookEvent::Signed { record: record.id, version });
        for target in &self.inner.outside.targets {
            decided.rows.push(Row::Delivery(DeliveryRow {
                id: DeliveryId::new(self.new_uuid()),
                child_id: record.child,
                record_id: record.id,
                version: seal.version,
                target: target.name().to_owned(),
                state: "waiting".to_owned(),
                attempts: 0,
                next_at: at,
                told: String::new(),
                queued_at: at,
                changed_at: at,
            }));
        }
        decided.seals.push((seal, code));
        Ok(())
    }
}

fn drafts_of_meeting(records: &[Record], meeting: MeetingId) -> Vec<Record> {
    records.iter().filter(|record| record.meeting == meeting && !record.signed()).cloned().collect()
}

/// Tells whether drafts are still those that somebody read, whatever their order.
#[must_use]
pub fn digest(drafts: &[Record]) -> String {
    let mut texts: Vec<String> =
        drafts.iter().map(|record| serde_json::to_string(record).expect("records are plain data")).collect();
    texts.sort();
    crate::seal::hash(&texts.join("\n"))
}

/// What signing needs beside the workbook.
struct Facts {
    signer: Named,
    directory: Arc<Directory>,
    members: Vec<FamilyMember>,
    family: Family,
}

impl Facts {
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
            child_age: member
                .map(|member| crate::family::age_words(&member.person, record.held_on))
                .unwrap_or_default(),
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
        let told =
            format!("Number {} of a child's signed records is not what was signed. Run caseround verify.", seal.number);
        return Err(ServiceError::Setup(told));
    }
    serde_json::from_str(&seal.body)
        .map_err(|error| ServiceError::Setup(format!("A signed record cannot be read: {error}. Run caseround verify.")))
}

/// Where on a record's page something missing is filled in.
fn anchor(record: &Record, unready: &Unready) -> String {
    match unready {
        Unready::Decision | Unready::Why => format!("why-{}", record.id),
        Unready::Reason(who) => format!("reason-{}", who.worker),
        Unready::Step { step, .. } => format!("step-{step}"),
        Unready::Correction(correction) => format!("correction-{correction}"),
    }
}

fn draft(workbook: &Workbook, id: RecordId) -> Result<&Record, ServiceError> {
    let record = workbook.record(id).ok_or(ServiceError::NotFound)?;
    if record.signed() {
        let told = "This record is signed and does not change any more. Add an addendum instead.";
        return Err(ServiceError::field("", told));
    }
    Ok(record)
}

fn rows_of(workbook: &Workbook, family: FamilyId, event: &WorkbookEvent) -> Vec<Row> {
    let id = match event {
        WorkbookEvent::CorrectionAsked { record, .. }
        | WorkbookEvent::CorrectionAnswered { record, .. }
        | WorkbookEvent::Completed { record, .. }
        | WorkbookEvent::Signed { record, .. }
        | WorkbookEvent::AddendumAsked { record, .. }
        | WorkbookEvent::AddendumAnswered { record, .. } => *record,
        _ => return Vec::new(),
    };
    let Some(meeting) = workbook.record(id).map(|record| record.meeting) else { return Vec::new() };
    let records = workbook.records.iter().filter(|record| record.meeting == meeting);
    let steps = workbook.steps.iter().filter(|step| step.meeting == meeting);
    records
        .map(|record| Row::Record(Box::new(record.clone())))
        .chain(steps.map(|step| Row::Step(store::step::row(family, step))))
        .collect()
}

pub(crate) fn first_name(members: &[FamilyMember], child: PersonId) -> String {
    let member = members.iter().find(|member| member.person.id == child);
    let name = member.map(|member| member.person.forename.clone()).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| if member.is_some() { "unborn".to_owned() } else { "a child".to_owned() })
}
