//! Messages for adults of a family: written for each, read together where there is domestic abuse, given, noted.

use crate::names::file_name;
use crate::{Service, ServiceError};
use domain::document::{Block, Document, Section};
use domain::factor::is_domestic_abuse;
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::refusal::short;
use domain::message::{self, Checked, GivenMessage, LIMIT, Message};
use domain::policy::FamilyReader;
use domain::status::AccessKind;
use domain::{MeetingId, MessageId, PersonId, WorkerId};
use std::collections::BTreeSet;
use store::access::AccessEntry;
use store::family::Family;

/// Where somebody of this discipline was there, messages are read together.
const VICTIM_PRACTITIONER: &str = "domestic_abuse_victim";

/// The messages after one meeting, as their page shows them.
#[derive(Debug, Clone)]
pub struct Messages {
    /// The family.
    pub family: Family,
    /// Each adult: who, their name and relation, their message where one is written.
    pub adults: Vec<(PersonId, String, Option<Message>)>,
    /// Whether there is domestic abuse in this family.
    pub careful: bool,
    /// Whether the viewer may write.
    pub writes: bool,
    /// Whether the viewer may read them together and say that they may go, where they wrote none of them.
    pub checks: bool,
}

impl Messages {
    /// Whether this worker wrote one of the messages that are not given yet: somebody else reads them.
    #[must_use]
    pub fn wrote(&self, worker: WorkerId) -> bool {
        let mut open = self.adults.iter().filter_map(|(.., message)| message.as_ref());
        open.any(|message| message.given.is_none() && message.writers.contains(&worker))
    }
}

impl Service {
    /// The messages after a meeting on a family.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not see the family.
    pub async fn messages(&self, reader: FamilyReader<'_>, meeting: MeetingId) -> Result<Messages, ServiceError> {
        let (viewer, id) = (reader.viewer(), reader.family());
        let family = self.family_row(reader).await?;
        let workbook = self.workbook(id).await?.clone();
        let of_meeting: Vec<_> = workbook.records.iter().filter(|record| record.meeting == meeting).collect();
        if of_meeting.is_empty() || of_meeting.iter().any(|record| record.closed_to(viewer)) {
            return Err(ServiceError::NotFound);
        }
        let factors = self.inner.store.factors(id.uuid()).await?;
        let directory = self.directory().await?;
        let victim_practitioner =
            |worker| directory.workers.get(&worker).is_some_and(|worker| worker.discipline == VICTIM_PRACTITIONER);
        let present = workbook.records.iter().filter(|record| record.meeting == meeting);
        // As the record has it: what the directory says of somebody today may have been changed since.
        let titles: Vec<&str> = self
            .templates()
            .iter()
            .filter_map(|template| template.discipline(VICTIM_PRACTITIONER))
            .map(|discipline| discipline.title.as_str())
            .collect();
        let concerned = present
            .flat_map(|record| &record.attendance)
            .any(|there| titles.contains(&there.who.discipline.as_str()) || victim_practitioner(there.who.worker));
        // The factors of that time count as much as today's: an import takes the latest assessment's in place of earlier ones.
        let then = of_meeting.iter().any(|record| record.life.domestic_abuse);
        let careful = concerned || then || factors.iter().any(|(_, code)| is_domestic_abuse(code));
        let (manages, allocated) = (reader.manager().is_some(), reader.allocated());
        let members = self.inner.store.members(id.uuid()).await?;
        let adults = members.into_iter().filter(|member| member.person.adult && member.person.died.is_none());
        Ok(Messages {
            adults: adults
                .map(|member| {
                    let relation =
                        if member.relation.is_empty() { String::new() } else { format!(", {}", member.relation) };
                    let mine = message::of_meeting(&workbook.messages, meeting)
                        .find(|message| message.adult == member.person.id);
                    (member.person.id, format!("{}{relation}", member.person.forename), mine.cloned())
                })
                .collect(),
            careful,
            writes: manages || allocated,
            checks: manages || allocated,
            family,
        })
    }

    /// Writes a message for one adult, or changes it; `base` is the revision its writer saw, 0 for none.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to write.
    pub async fn write_message(
        &self, reader: FamilyReader<'_>, meeting: MeetingId, adult: PersonId, text: &str, base: u32,
    ) -> Result<(), ServiceError> {
        let shown = self.messages(reader, meeting).await?;
        let for_whom = shown.adults.iter().find(|(person, ..)| *person == adult);
        let (true, Some((.., before))) = (shown.writes, for_whom) else { return Err(ServiceError::NotFound) };
        let text = short("The message", text, LIMIT)?;
        if text.is_empty() {
            return Err(ServiceError::field(&format!("text-{adult}"), "Write the message."));
        }
        if before.as_ref().is_some_and(|before| before.text == text) {
            return Ok(());
        }
        if before.as_ref().is_some_and(|before| before.given.is_some()) {
            let reason = "This message was given already. What is new goes into the next conversation.";
            return Err(ServiceError::field(&format!("text-{adult}"), reason));
        }
        let (by, at) = (self.named(reader.viewer()).await?, self.inner.clock.now());
        let id_of = MessageId::new(self.new_uuid());
        let written = Message {
            id: id_of,
            meeting,
            adult,
            text,
            by,
            writers: BTreeSet::new(),
            at,
            revision: 0,
            checked: None,
            given: None,
        };
        let decide = |workbook: &Workbook| {
            let now = message::of_meeting(&workbook.messages, meeting).find(|message| message.adult == adult);
            if let Some(now) = now.filter(|now| now.revision != base || now.given.is_some()) {
                let reason = format!(
                    "{} changed this message meanwhile. It now reads: {} Yours is still below.",
                    now.by.name, now.text
                );
                return Err(ServiceError::field(&format!("text-{adult}"), reason));
            }
            Ok(Some(WorkbookEvent::MessageWritten { message: Box::new(written.clone()) }))
        };
        self.write_workbook(reader.viewer(), reader.family(), None, decide).await
    }

    /// Says that the messages after a meeting, read together, may go. `read`: the revisions that were read, so that
    /// nothing goes that changed meanwhile.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to say; where a message changed meanwhile.
    pub async fn check_messages(
        &self, reader: FamilyReader<'_>, meeting: MeetingId, read: &[(MessageId, u32)],
    ) -> Result<(), ServiceError> {
        let shown = self.messages(reader, meeting).await?;
        if !shown.checks {
            return Err(ServiceError::NotFound);
        }
        let another =
            "You wrote one of these. Somebody else who works with the family, or a manager, reads them together.";
        if shown.wrote(reader.viewer().worker) {
            return Err(ServiceError::field("check", another));
        }
        // Messages of adults who have died or left are no longer given, and no longer read.
        let listed: Vec<PersonId> = shown.adults.iter().map(|(adult, ..)| *adult).collect();
        let checked = Checked { by: self.named(reader.viewer()).await?, at: self.inner.clock.now() };
        let decide = |workbook: &Workbook| {
            let now: Vec<(MessageId, u32)> = message::of_meeting(&workbook.messages, meeting)
                .filter(|message| listed.contains(&message.adult))
                .map(|message| (message.id, message.revision))
                .collect();
            if now.iter().any(|current| !read.contains(current)) {
                return Err(ServiceError::field("check", "A message changed while you read. Read them once more."));
            }
            let wrote =
                |message: &&Message| message.given.is_none() && message.writers.contains(&reader.viewer().worker);
            if message::of_meeting(&workbook.messages, meeting).any(|message| wrote(&message)) {
                return Err(ServiceError::field("check", another));
            }
            let messages: Vec<MessageId> = now.into_iter().map(|(id, _)| id).collect();
            if messages.is_empty() {
                return Err(ServiceError::field("check", "There is no message yet."));
            }
            Ok(Some(WorkbookEvent::MessagesChecked { messages, checked: checked.clone() }))
        };
        self.write_workbook(reader.viewer(), reader.family(), None, decide).await
    }

    /// Notes that a message was given, and how.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs; where it may not go yet.
    pub async fn give_message(
        &self, reader: FamilyReader<'_>, meeting: MeetingId, which: MessageId, how: &str,
    ) -> Result<(), ServiceError> {
        let shown = self.messages(reader, meeting).await?;
        let message =
            shown.adults.iter().filter_map(|(.., message)| message.as_ref()).find(|message| message.id == which);
        let (true, Some(message)) = (shown.writes, message) else { return Err(ServiceError::NotFound) };
        if let Some(why) = message::held_back(message, shown.careful) {
            return Err(ServiceError::field(&format!("how-{which}"), why));
        }
        let how = short("How it was given", how, 200)?;
        if how.is_empty() {
            return Err(ServiceError::field(
                &format!("how-{which}"),
                "Write how it was given: on the phone, at a visit.",
            ));
        }
        let given = GivenMessage { by: self.named(reader.viewer()).await?, at: self.inner.clock.now(), how };
        let (revision, careful) = (message.revision, shown.careful);
        let decide = |workbook: &Workbook| {
            let now = workbook.messages.iter().find(|stored| stored.id == which).ok_or(ServiceError::NotFound)?;
            if now.given.is_some() {
                return Ok(None);
            }
            if now.revision != revision || message::held_back(now, careful).is_some() {
                return Err(ServiceError::field(
                    &format!("how-{which}"),
                    "The message changed meanwhile. Read it again.",
                ));
            }
            Ok(Some(WorkbookEvent::MessageGiven { message: which, given: given.clone() }))
        };
        self.write_workbook(reader.viewer(), reader.family(), None, decide).await
    }

    /// A message as a PDF to hand over, and its file's name: nothing in it but its own words. That it was made is
    /// written down.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs; where it may not go yet.
    pub async fn print_message(
        &self, reader: FamilyReader<'_>, address: &str, meeting: MeetingId, which: MessageId,
    ) -> Result<(Vec<u8>, String), ServiceError> {
        let shown = self.messages(reader, meeting).await?;
        let mut messages = shown.adults.iter().filter_map(|(_, name, message)| Some((name, message.as_ref()?)));
        let (adult, message) =
            messages.find(|(_, stored)| stored.id == which).filter(|_| shown.writes).ok_or(ServiceError::NotFound)?;
        if let Some(why) = message::held_back(message, shown.careful) {
            return Err(ServiceError::field("", why));
        }
        let blocks = message.text.split("\n\n").map(|words| Block::Text(words.to_owned())).collect();
        let document = Document {
            schema: Document::SCHEMA.to_owned(),
            title: "A message from your family’s team".to_owned(),
            council: self.inner.outside.council.clone(),
            dated: Some(domain::dates::london(message.at).date()),
            // The first name alone: the paper says whose it is and no more.
            made_for: adult.split(',').next().unwrap_or_default().to_owned(),
            sections: vec![Section {
                level: 2,
                heading: domain::dates::plain_date(domain::dates::london(message.at).date()),
                blocks,
            }],
            ..Document::default()
        };
        // One adult's first name, so that it goes to nobody else.
        let (whom, dated) = (document.made_for.clone(), document.dated.unwrap_or_default().to_string());
        let given = AccessEntry {
            made_for: whom.clone(),
            meeting_id: Some(meeting.uuid()),
            allowed_by: "writes the family’s messages".to_owned(),
            approved_by: message.checked.as_ref().map(|checked| checked.by.name.clone()).unwrap_or_default(),
            ..self.access_entry(reader.viewer(), address, reader.family(), (AccessKind::Message, "pdf"))
        };
        let name = format!("{}.pdf", file_name(&["message", &shown.family.reference, "for", &whom, &dated]));
        let bytes = self.print(document, "pdf").await?;
        self.write_accesses(&[given]).await?;
        Ok((bytes, name))
    }
}
