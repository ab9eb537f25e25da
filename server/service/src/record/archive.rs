//! Everything about one child in one archive, in order, for whoever answers a subject access request: complete, and
//! with a list of what needs a person's decision before it is disclosed. It is not for the person who asks.

use crate::people::confirmation::ConfirmedIdentity;
use crate::spreadsheet::cell;
use crate::workbook::chronology::as_markdown;
use crate::{Service, ServiceError};
use domain::chapter::ChapterText;
use domain::document::{Document, of_record};
use domain::family::{Workbook, WorkbookEvent};
use domain::mark::Readers;
use domain::meeting::Entry;
use domain::page::chronology::{ChronologyEntry, in_order};
use domain::policy::{FamilyManager, FamilyReader};
use domain::record::{Record, RecordPart, Sealed};
use domain::status::AccessKind;
use domain::{FamilyId, PersonId, WorkerId, dates};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use store::access::AccessEntry;
use store::person::FamilyMember;
use tokio::sync::mpsc;

/// Something that needs a person's decision before it is disclosed.
struct ArchiveNote {
    file: String,
    part: String,
    from: String,
    why: String,
}

/// An archive on its way: its files as they are made. Whoever drops it stops the making.
pub struct Archive {
    /// The name of its file.
    pub name: String,
    /// The files, in order. It ends early where one could not be made; the archive is then not whole, and is not ended.
    pub files: mpsc::Receiver<Result<(String, Vec<u8>), ServiceError>>,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The last file of a whole archive; first by name.
pub const CONTENTS: &str = "000-contents.md";

/// Of a part that its writer keeps for others than whoever makes the archive.
const NOT_IN_IT: &str =
    "not in this archive: its writer keeps it for others. It is held, so ask its writer or who reads it";

/// Files that are made ahead of whoever takes them.
const AHEAD: usize = 2;

type Out = mpsc::Sender<Result<(String, Vec<u8>), ServiceError>>;

impl Service {
    /// The archive of one child of a family.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the child is not in the family, or a record of it is closed to the manager.
    pub async fn archive(
        &self, manager: FamilyManager<'_>, confirmed: ConfirmedIdentity, address: &str, child: PersonId,
    ) -> Result<Archive, ServiceError> {
        confirmed.is_of(manager.viewer())?;
        let family = manager.family();
        let row = self.inner.store.family(family).await?.ok_or(ServiceError::NotFound)?;
        let members = self.inner.store.members(family.uuid()).await?;
        let entries: Vec<Entry<WorkbookEvent>> = self.inner.store.entries(family.uuid(), 0).await?;
        let workbook = self.workbook(family).await?.clone();
        // Who was a child then may be grown up now, and ask.
        let recorded = workbook.records.iter().any(|record| record.child == child);
        let in_family = members.iter().any(|member| member.person.id == child && (recorded || !member.person.adult));
        let stood_out = self.inner.store.stood_out(manager.viewer().worker).await?;
        let permitted = in_family && !stood_out.iter().any(|(_, of)| *of == family);
        if !permitted || workbook.records.iter().any(|record| record.closed_to(manager.viewer())) {
            return Err(ServiceError::NotFound);
        }
        let given = AccessEntry {
            made_for: "a subject access request".to_owned(),
            allowed_by: "manages the family’s team".to_owned(),
            ..self.access_entry(manager.viewer(), address, family, (AccessKind::Archive, "zip"))
        };
        self.write_accesses(&[given]).await?;
        let (out, files) = mpsc::channel(AHEAD);
        let reader = manager.viewer().worker;
        let making = ArchiveMaking {
            service: self.clone(),
            reader,
            family,
            child,
            reference: row.reference,
            members,
            entries,
            workbook,
        };
        tokio::spawn(async move {
            // An error is the last message that is sent; `run` also fails where nobody receives any more.
            if let Err(error) = making.run(&out).await {
                let _ = out.send(Err(error)).await;
            }
        });
        let name = format!("child-{}-{}.zip", &child.to_string()[24..], self.inner.clock.today());
        Ok(Archive { name, files })
    }

    /// People of a family of whom there are records, grown up meanwhile or not.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn recorded(&self, reader: FamilyReader<'_>) -> Result<BTreeSet<PersonId>, ServiceError> {
        Ok(self.inner.store.recorded(reader.family()).await?.into_iter().collect())
    }

    fn whole(&self, mut document: Document) -> Document {
        document.council.clone_from(&self.inner.outside.council);
        "whoever answers a subject access request".clone_into(&mut document.made_for);
        "As signed. Decide on what notes.csv lists before any of it is disclosed.".clone_into(&mut document.notice);
        document.left_out = vec![domain::document::copy::ADDRESSES.to_owned()];
        document
    }

    /// Chapters, late contributions and messages of the family, without what is about another child, in their order.
    async fn beside(
        &self, entries: &[Entry<WorkbookEvent>], workbook: &Workbook, members: &[FamilyMember],
        (child, reader): (PersonId, WorkerId),
    ) -> Result<(Vec<(String, String)>, Vec<ArchiveNote>), ServiceError> {
        let directory = self.directory().await?;
        let mut notes = Vec::new();
        let mut chapters = String::from("# Chapters of the family\n");
        let about = |text: &&ChapterText| text.place.person.is_none_or(|of| of == child);
        for text in workbook.chapters.iter().filter(about) {
            let (who, month) = (directory.name(text.worker), dates::month_name(&text.month));
            let _ = writeln!(chapters, "\n## {month}, {}, {who}\n\n{}", text.title, text.prose.text());
            let why = match text.place.person {
                Some(_) => "what a worker thinks: others of the family may be in it",
                None => "about the whole family: other children and adults are in it",
            };
            notes.push(ArchiveNote {
                file: "chapters.md".to_owned(),
                part: format!("{month}, {}", text.title),
                from: who.to_owned(),
                why: why.to_owned(),
            });
        }
        for work in workbook.direct_work.iter().filter(|work| work.with == child) {
            let (content, who) = (&work.content, &work.by.name);
            let state = content.state_in_words();
            let _ = writeln!(chapters, "\n## Direct work, {}, {state}, {who}\n\n{}", content.module, content.finding);
            notes.push(ArchiveNote {
                file: "chapters.md".to_owned(),
                part: format!("Direct work, {}", content.module),
                from: who.clone(),
                why: "what a worker thinks: others of the family may be in it".to_owned(),
            });
        }
        let mut asked = String::from("# Corrections and additions that were asked for\n");
        for record in &workbook.records {
            let theirs = |part| record.lets_read(part, reader);
            for correction in &record.life.corrections {
                let seen = theirs(RecordPart::Correction { correction: correction.id });
                let _ = writeln!(
                    asked,
                    "\n## {}, {}: {}\n\n{}",
                    dates::plain_date(record.held_on),
                    correction.by.name,
                    correction.part.title(),
                    if seen { correction.text.content.as_str() } else { NOT_IN_IT }
                );
            }
            for addendum in &record.life.addenda {
                let seen = theirs(RecordPart::Addendum { addendum: addendum.id });
                let _ = writeln!(
                    asked,
                    "\n## {}, {}: to be added\n\n{}",
                    dates::plain_date(record.held_on),
                    addendum.by.name,
                    if seen { addendum.text.content.as_str() } else { NOT_IN_IT }
                );
            }
        }
        notes.push(ArchiveNote {
            file: "asked.md".to_owned(),
            part: "all of it".to_owned(),
            from: "workers".to_owned(),
            why: "about all children of the family; may hold what its writers keep for some".to_owned(),
        });
        let mut late = String::from("# Late contributions\n");
        for entry in entries {
            if let WorkbookEvent::ContributedLate { held_on, text, .. } = &entry.event {
                let who = directory.name(entry.by);
                let _ = writeln!(late, "\n## For the meeting of {}, {who}\n\n{text}", dates::plain_date(*held_on));
                notes.push(ArchiveNote {
                    file: "late.md".to_owned(),
                    part: dates::plain_date(*held_on),
                    from: who.to_owned(),
                    why: "about the whole family".to_owned(),
                });
            }
        }
        let mut messages = String::from("# Messages for adults\n");
        for message in &workbook.messages {
            let day = dates::plain_date(dates::london(message.at).date());
            let adult = members.iter().find(|member| member.person.id == message.adult);
            let adult = adult.map_or("an adult", |member| member.person.forename.as_str());
            let _ = writeln!(messages, "\n## {day}, for {adult}, by {}\n\n{}", message.by.name, message.text);
            notes.push(ArchiveNote {
                file: "messages.md".to_owned(),
                part: day,
                from: message.by.name.clone(),
                why: "written for one adult of the family".to_owned(),
            });
        }
        let plan = self.safety_plan_as_markdown(workbook, members);
        if workbook.safety_plan.is_some() {
            notes.push(ArchiveNote {
                file: "safety-plan.md".to_owned(),
                part: "all of it".to_owned(),
                from: "workers".to_owned(),
                why: "about the whole family: it says how to reach adults safely".to_owned(),
            });
        }
        let files = [
            ("safety-plan.md", plan),
            ("chapters.md", chapters),
            ("asked.md", asked),
            ("late.md", late),
            ("messages.md", messages),
        ];
        Ok((files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect(), notes))
    }
}

/// One archive in the making.
struct ArchiveMaking {
    service: Service,
    /// Who makes it. Whoever prepares something for somebody reads no more by that: what is kept from them is named, with
    /// whom to ask.
    reader: WorkerId,
    family: FamilyId,
    child: PersonId,
    reference: String,
    members: Vec<FamilyMember>,
    entries: Vec<Entry<WorkbookEvent>>,
    workbook: Workbook,
}

impl ArchiveMaking {
    async fn run(&self, out: &Out) -> Result<(), ServiceError> {
        let service = &self.service;
        let name = crate::names::first_name(&self.members, self.child);
        let mut notes = Vec::new();
        let mut contents = format!(
            "# What Caseround holds about one child\n\nFamily {}, {name}. Made on {}. Not for the person who asked: \
             notes.csv lists what needs a decision first.\n\nRecords, own words, genogram, chapters, late contributions and messages. Not in \
             it: numbers given on scales, running notes, drafts, and what has become of steps and of disagreements since \
             they were signed; ask the manager.\n\n",
            self.reference,
            dates::plain_date(service.inner.clock.today())
        );
        let mut records: Vec<_> = self.workbook.records.iter().filter(|record| record.child == self.child).collect();
        records.sort_by_key(|record| record.held_on);
        for (place, record) in records.into_iter().enumerate() {
            self.record(out, place + 1, record, &name, &mut contents, &mut notes).await?;
        }
        for (number, at) in service.inner.store.destroyed(self.child).await? {
            let day = dates::plain_date(dates::london(at).date());
            let _ = writeln!(
                contents,
                "- number {number} of the child's signed records was destroyed on {day}: its time was over"
            );
        }
        let told = self.told_by_the_case_system(&name).await?;
        for note in
            self.workbook.case_notes.iter().filter(|note| !note.removed && note.content.children.contains(&self.child))
        {
            notes.push(ArchiveNote {
                file: "case-system.md".to_owned(),
                part: note.content.on.map(dates::plain_date).unwrap_or_default(),
                from: note.by.name.clone(),
                why: "what a worker wrote down: others of the family may be in it".to_owned(),
            });
        }
        let _ = writeln!(contents, "- case-system.md");
        give(out, "case-system.md".to_owned(), told.into_bytes()).await?;
        let (own_words, more) = self.own_words(&name);
        notes.extend(more);
        let _ = writeln!(contents, "- own-words.md");
        give(out, "own-words.md".to_owned(), own_words.into_bytes()).await?;
        let of_child = (self.child, name.as_str());
        let genogram = service.genogram_as_markdown(self.family, &self.workbook.genogram, of_child).await?;
        notes.push(ArchiveNote {
            file: "genogram.md".to_owned(),
            part: "all of it".to_owned(),
            from: "the council’s system and workers".to_owned(),
            why: "names others of the family".to_owned(),
        });
        let _ = writeln!(contents, "- genogram.md");
        give(out, "genogram.md".to_owned(), genogram.into_bytes()).await?;
        let (beside, more) =
            service.beside(&self.entries, &self.workbook, &self.members, (self.child, self.reader)).await?;
        notes.extend(more);
        for (file, text) in beside {
            let _ = writeln!(contents, "- {file}");
            give(out, file, text.into_bytes()).await?;
        }
        give(out, "notes.csv".to_owned(), table(&notes)?).await?;
        let _ = writeln!(contents, "- notes.csv: {} parts that need a decision", notes.len());
        give(out, CONTENTS.to_owned(), contents.into_bytes()).await
    }

    /// What was imported about the child: needs, plans, what happened.
    async fn told_by_the_case_system(&self, name: &str) -> Result<String, ServiceError> {
        let store = &self.service.inner.store;
        let scope = self.family.uuid();
        let needs = store.needs(scope).await?.into_iter().filter(|(of, _)| *of == self.child.uuid());
        let needs: Vec<String> = needs.map(|(_, code)| code).collect();
        let entries = self.service.imported(scope).await?;
        let written = self.workbook.case_notes.iter().filter_map(ChronologyEntry::of_note);
        let entries = entries.into_iter().chain(written).filter(|entry| entry.children.contains(&self.child));
        let entries = in_order(entries);
        Ok(as_markdown(name, &domain::need::in_words(&needs), &entries))
    }

    /// What the child gave in their own words, in the order of the days.
    fn own_words(&self, name: &str) -> (String, Vec<ArchiveNote>) {
        let mut page = format!("# In {name}’s own words\n");
        let mut notes = Vec::new();
        let mut all: Vec<_> = self.workbook.own_words.iter().filter(|words| words.person == self.child).collect();
        all.sort_by_key(|words| words.given.on);
        for words in all {
            let (day, reads) = (dates::plain_date(words.given.on), words.lets_read(self.reader));
            let how = words.given.how_and_to_whom();
            let text = if reads { words.given.words.as_str() } else { NOT_IN_IT };
            let _ = write!(page, "\n## {day}, {how}, written down by {}\n\n{text}\n", words.by.name);
            if let Some(why) = &words.taken_back {
                let _ = writeln!(page, "\nTaken back by whoever wrote it down: {why}");
            }
            notes.push(ArchiveNote {
                file: "own-words.md".to_owned(),
                part: day,
                from: words.by.name.clone(),
                why: if reads { "may speak of others in the family".to_owned() } else { NOT_IN_IT.to_owned() },
            });
        }
        (page, notes)
    }

    /// All signed versions of a record, or its draft.
    async fn record(
        &self, out: &Out, place: usize, record: &Record, name: &str, contents: &mut String,
        notes: &mut Vec<ArchiveNote>,
    ) -> Result<(), ServiceError> {
        let service = &self.service;
        let stem = format!("{place:03}-{}", record.held_on);
        let age = self.members.iter().find(|member| member.person.id == self.child);
        let age = age.map(|member| crate::names::age_words(&member.person, record.held_on)).unwrap_or_default();
        if !record.signed() {
            let file = format!("{stem}-draft.pdf");
            let seen = record.read_by(self.reader);
            let document = service.whole(of_record(&seen, name, &age, &self.reference, None));
            notes.extend(notes_on(record, &file, self.reader));
            let _ = writeln!(contents, "- {file}: a draft, not signed");
            return give(out, file, service.print(document, "pdf").await?).await;
        }
        for version in &record.life.versions {
            let seal = service.inner.store.seal(record.id, i64::from(version.number)).await?;
            let Some(seal) = seal else { continue };
            let sealed: Sealed = crate::record::sign::read(&seal)?;
            let (file, json) = (format!("{stem}-v{}.pdf", seal.version), format!("{stem}-v{}.json", seal.version));
            let seen = sealed.read_by(self.reader);
            let document =
                service.whole(of_record(&seen.record, &seen.child_name, &seen.child_age, &seen.reference, Some(&seen)));
            notes.extend(notes_on(&sealed.record, &file, self.reader));
            notes.extend(notes_on(&sealed.record, &json, self.reader));
            let both = [&file, &json];
            let added = sealed.addenda.iter().flat_map(|added| both.map(|file| (added, file)));
            notes.extend(added.map(|(added, file)| ArchiveNote {
                file: file.clone(),
                part: "Added since it was signed".to_owned(),
                from: added.by.name.clone(),
                why: match (seen.addenda.contains(added), added.text.mark.not_in_copies_for.is_empty()) {
                    (false, _) => NOT_IN_IT.to_owned(),
                    (true, true) => "a worker's words".to_owned(),
                    (true, false) => "its writer says: never in a copy for somebody of the family".to_owned(),
                },
            }));
            let _ = writeln!(contents, "- {file}: signed {}", dates::plain_date(dates::london(seal.signed_at).date()));
            give(out, file, service.print(document, "pdf").await?).await?;
            // As signed, byte for byte, so that its hash can be checked; unless something of it is kept from its maker.
            let body =
                if seen == sealed { seal.body } else { serde_json::to_string(&seen).expect("records are plain data") };
            give(out, json, body.into_bytes()).await?;
        }
        Ok(())
    }
}

/// Hands a file on; refuses where nobody waits for it any more.
async fn give(out: &Out, name: String, bytes: Vec<u8>) -> Result<(), ServiceError> {
    let gone = |_| ServiceError::Setup("The archive was given up by whoever asked for it.".to_owned());
    out.send(Ok((name, bytes))).await.map_err(gone)
}

fn notes_on(record: &Record, file: &str, reader: WorkerId) -> Vec<ArchiveNote> {
    let mut notes = Vec::new();
    let note = |part: String, from: &str, why: &str| ArchiveNote {
        file: file.to_owned(),
        part,
        from: from.to_owned(),
        why: why.to_owned(),
    };
    for heard in &record.heard {
        let mark = &heard.text.mark;
        let why = match (&mark.readers, mark.not_in_copies_for.is_empty()) {
            _ if !record.lets_read(RecordPart::Heard { worker: heard.who.worker }, reader) => NOT_IN_IT,
            _ if mark.hidden_until_reveal => "hidden by its writer and never revealed",
            (Readers::Only { .. }, _) => "its writer keeps it for named workers",
            (Readers::Team, false) => "its writer says: never in a copy for somebody of the family",
            (Readers::Team, true) => "a worker's words, normally disclosed: look for other people in them",
        };
        notes.push(note(format!("Analysis of {}", heard.who.name), &heard.who.name, why));
    }
    for part in record.parts().into_iter().filter(|part| !matches!(part, RecordPart::Heard { .. })) {
        let Some(mark) = record.mark_of(part) else { continue };
        let why = match (record.lets_read(part, reader), mark.is_open()) {
            (_, true) if mark.reason.is_empty() => continue,
            (false, _) => NOT_IN_IT,
            (true, false) => "marked by who wrote it or serves the team",
            (true, true) => "shared again after it was kept from somebody; the JSON says why",
        };
        notes.push(note(part.title().to_owned(), "", why));
    }
    let marked = |part: &RecordPart| record.words(*part).is_some_and(|words| !words.passages.is_empty());
    for part in record.parts().into_iter().filter(marked) {
        let named = format!("a passage of {}", part.title());
        notes.push(note(named, "", "its writer says: never in a copy for somebody of the family"));
    }
    for stance in
        record.decision.iter().flat_map(|decision| &decision.stances).filter(|stance| !stance.reason.is_empty())
    {
        notes.push(note(
            format!("Reason of {}", stance.who.name),
            &stance.who.name,
            match record.lets_read(RecordPart::Stance { worker: stance.who.worker }, reader) {
                true => "a worker's reason, normally disclosed",
                false => NOT_IN_IT,
            },
        ));
    }
    notes
}

/// Words for a spreadsheet; none of them is ever a formula.
fn table(notes: &[ArchiveNote]) -> Result<Vec<u8>, ServiceError> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| ServiceError::Setup(format!("notes.csv could not be written: {error}"));
    out.write_record(["file", "part", "from", "why", "decision", "decided by"]).map_err(failed)?;
    for note in notes {
        let cells = [&note.file, &note.part, &note.from, &note.why].map(|text| cell(text));
        out.write_record(cells.iter().map(String::as_str).chain(["", ""])).map_err(failed)?;
    }
    out.into_inner().map_err(|error| ServiceError::Setup(format!("notes.csv could not be written: {error}")))
}
