//! Copies of signed records for somebody: previewed, agreed to where anything is flagged, and noted.

use crate::names::{file_name, first_name_in};
use crate::{Service, ServiceError};
use chrono::{DateTime, Utc};
use domain::document::Document;
use domain::document::copy::{Made, Recipient, make};
use domain::meeting::refusal::short;
use domain::policy::{RecordKeeper, RecordReader, Staff};
use domain::record::{Record, Sealed};
use domain::status::AccessKind;
use domain::{PersonId, RecordId};
use std::collections::BTreeMap;
use store::access::AccessEntry;

/// What a copy can be printed as: name in an address, kind of content.
pub const FORMATS: [(&str, &str); 5] = [
    ("pdf", "application/pdf"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("html", "text/html; charset=utf-8"),
    ("md", "text/markdown; charset=utf-8"),
    ("json", "application/json"),
];

/// Somebody a copy can be made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The word in an address.
    pub word: String,
    /// What people read.
    pub title: String,
}

/// A signed record that went to nobody yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsentRecord {
    /// Which.
    pub record: RecordId,
    /// The family's reference.
    pub reference: String,
    /// The child's first name.
    pub child: String,
    /// Since when.
    pub signed_at: DateTime<Utc>,
}

/// For whom a copy for the child's own file is made.
pub(crate) const CHILD_FILE: &str = "the child’s own file";

impl Service {
    /// For whom copies of a record can be made, by somebody who serves the team: its child's file, an inspector,
    /// each worker who was there.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not serve the team.
    pub async fn copy_choices(&self, keeper: RecordKeeper<'_>) -> Result<Vec<Choice>, ServiceError> {
        let (_, record) = self.record(keeper.reader()).await?;
        let mut choices = vec![
            Choice { word: Recipient::ChildFile.word(), title: "The child’s own file".to_owned() },
            Choice { word: Recipient::Inspector.word(), title: "An inspector".to_owned() },
        ];
        choices.extend(record.attendance.iter().map(|present| Choice {
            word: Recipient::Partner(present.who.worker).word(),
            title: format!("{}, for their own agency", present.who.in_words()),
        }));
        Ok(choices)
    }

    /// A copy as it would be, for those who serve the team; a worker may make the one for their own agency. Looking at
    /// it is written down.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the record is not signed or the copy not theirs to make.
    pub async fn preview_copy(
        &self, reader: RecordReader<'_>, address: &str, recipient: Recipient,
    ) -> Result<Made, ServiceError> {
        let (made, given) = self.copy(reader, address, recipient, (AccessKind::Preview, "page")).await?;
        self.write_accesses(&[given]).await?;
        Ok(made)
    }

    /// A copy, with what is written down once it is given.
    async fn copy(
        &self, reader: RecordReader<'_>, address: &str, recipient: Recipient, (what, format): (AccessKind, &str),
    ) -> Result<(Made, AccessEntry), ServiceError> {
        let (viewer, id) = (reader.viewer(), reader.record());
        let (family, record) = self.record(reader).await?;
        let allowed_by = match recipient {
            _ if reader.keeper().is_some() => "serves the family’s team",
            Recipient::Partner(worker) if worker == viewer.worker && !reader.family().is_confidential() => {
                "for their own agency"
            }
            _ => return Err(ServiceError::NotFound),
        };
        let there = |worker| record.attendance.iter().any(|present| present.who.worker == worker);
        let directory = self.directory().await?;
        let made_for = match recipient {
            Recipient::ChildFile => CHILD_FILE.to_owned(),
            Recipient::Inspector => "an inspector".to_owned(),
            Recipient::Partner(worker) if there(worker) => {
                directory.names.get(&worker).map_or_else(|| "a worker".to_owned(), domain::record::Named::in_words)
            }
            Recipient::Partner(_) | Recipient::CaseSystem => return Err(ServiceError::NotFound),
        };
        let version = record.life.versions.last().ok_or(ServiceError::NotFound)?.number;
        let seal = self.inner.store.seal(id, i64::from(version)).await?.ok_or(ServiceError::NotFound)?;
        // Nobody reads by preparing: what is in it may be read by who prepares it, and by whom it is for.
        let mut sealed = crate::record::sign::read(&seal)?.read_by(viewer.worker);
        if let Recipient::Partner(worker) = recipient {
            sealed = sealed.read_by(worker);
        }
        let names = self.people_of(&sealed).await?;
        let named =
            |person: PersonId| names.get(&person).cloned().unwrap_or_else(|| "somebody of the family".to_owned());
        let mut made = make(&sealed, recipient, &made_for, &self.inner.outside.council, &named);
        let head = self.inner.store.head(sealed.child).await?;
        made.document.colophon = receipt(&sealed, &seal.hash, head.as_ref());
        let given = AccessEntry {
            made_for,
            meeting_id: Some(record.meeting.uuid()),
            record_id: Some(id.uuid()),
            allowed_by: allowed_by.to_owned(),
            ..self.access_entry(viewer, address, family.id, (what, format))
        };
        Ok((made, given))
    }

    async fn people_of(&self, sealed: &Sealed) -> Result<BTreeMap<PersonId, String>, ServiceError> {
        let members = self.inner.store.members(sealed.family.uuid()).await?;
        let named = members.into_iter().map(|member| {
            let relation = if member.relation.is_empty() { String::new() } else { format!(" ({})", member.relation) };
            (member.person.id, format!("{}{relation}", member.person.forename))
        });
        Ok(named.collect())
    }

    /// Prints a copy and notes who made it for whom. `agreed`: a person has read what is flagged and said yes; only
    /// who may sign can.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to make; a form error where a yes is missing.
    pub async fn print_copy(
        &self, reader: RecordReader<'_>, address: &str, recipient: Recipient, format: &str, agreed: bool,
    ) -> Result<(Vec<u8>, &'static str, String), ServiceError> {
        let (_, kind) = FORMATS.into_iter().find(|(name, _)| *name == format).ok_or(ServiceError::NotFound)?;
        let (made, given) = self.copy(reader, address, recipient, (AccessKind::Copy, format)).await?;
        let (family, record) = self.record(reader).await?;
        let asked = !made.questions.is_empty();
        if asked && !(agreed && reader.manager().is_some()) {
            let message = "Some of it is flagged. The team manager reads it and says yes before it is given.";
            return Err(ServiceError::field("agreed", message));
        }
        let name = self.directory().await?.name(reader.viewer().worker).to_owned();
        let bytes = self.print(made.document.clone(), format).await?;
        self.write_accesses(&[AccessEntry { approved_by: if asked { name } else { String::new() }, ..given }]).await?;
        let name = self.copy_name(&family.reference, &record, recipient).await?;
        Ok((bytes, kind, format!("{name}.{format}")))
    }

    /// What a copy is called: the family's reference, the child's first name and for whom it is, so that the wrong paper
    /// does not go to the wrong person; no surname.
    async fn copy_name(&self, reference: &str, record: &Record, recipient: Recipient) -> Result<String, ServiceError> {
        let child = self.inner.store.person(record.child).await?.map(|child| child.forename).unwrap_or_default();
        let whom = match recipient {
            Recipient::ChildFile => "child-file".to_owned(),
            Recipient::Inspector => "inspector".to_owned(),
            Recipient::CaseSystem => "case-system".to_owned(),
            Recipient::Partner(worker) => {
                let directory = self.directory().await?;
                format!("{}s-agency", first_name_in(directory.name(worker)))
            }
        };
        Ok(file_name(&["record", reference, &child, "for", &whom, &record.held_on.to_string()]))
    }

    /// Notes that a signed record was sent to somebody who is no user: a GP, a school.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the record is not signed.
    pub async fn note_sent(&self, keeper: RecordKeeper<'_>, address: &str, to: &str) -> Result<(), ServiceError> {
        let (family, record) = self.record(keeper.reader()).await?;
        if !record.signed() {
            return Err(ServiceError::NotFound);
        }
        let to = short("To whom", to, 200)?;
        if to.is_empty() {
            return Err(ServiceError::field("to", "Write to whom it was sent and how: the GP, by secure e-mail."));
        }
        let given = AccessEntry {
            made_for: to,
            meeting_id: Some(record.meeting.uuid()),
            record_id: Some(record.id.uuid()),
            allowed_by: "serves the family’s team".to_owned(),
            ..self.access_entry(keeper.viewer(), address, family.id, (AccessKind::Sent, ""))
        };
        self.write_accesses(&[given]).await
    }

    /// Signed records of the viewer's teams that went to nobody yet: no copy, nothing landed. Oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn unsent(&self, staff: Staff<'_>) -> Result<Vec<UnsentRecord>, ServiceError> {
        let viewer = staff.viewer();
        let mut lines = Vec::new();
        for team in staff.teams() {
            let families = self.families_of_team(viewer, team).await?;
            let members = self.inner.store.members(team.uuid()).await?;
            for record in self.inner.store.unsent(team.uuid()).await? {
                let family = families.iter().find(|family| family.id == record.family);
                let (Some(version), Some(family)) = (record.life.versions.last(), family) else { continue };
                if record.closed_to(viewer) {
                    continue;
                }
                lines.push(UnsentRecord {
                    record: record.id,
                    reference: family.reference.clone(),
                    child: crate::names::first_name(&members, record.child),
                    signed_at: version.at,
                });
            }
        }
        lines.sort_by_key(|line| line.signed_at);
        Ok(lines)
    }

    /// A document in a format of [`FORMATS`]; PDFs are set on a thread of their own.
    ///
    /// # Errors
    /// Where it cannot be printed.
    pub async fn print(&self, document: Document, format: &str) -> Result<Vec<u8>, ServiceError> {
        let (printer, format) = (std::sync::Arc::clone(&self.inner.printer), format.to_owned());
        let logo = self.inner.outside.logo.clone();
        let printing = tokio::task::spawn_blocking(move || match format.as_str() {
            "pdf" => printer.pdf(&document, logo.as_deref()),
            "docx" => printer.docx(&document),
            "html" => Ok(page_around(&document, &printer.html(&document)).into_bytes()),
            "json" => Ok(printer.json(&document).into_bytes()),
            _ => Ok(printer.markdown(&document).into_bytes()),
        });
        let failed = |error: String| ServiceError::Setup(format!("The document could not be made: {error}"));
        printing.await.map_err(|error| failed(error.to_string()))?.map_err(failed)
    }

    /// The record as the child's file has it, as PDF, to be delivered.
    pub(crate) async fn pdf_of(&self, sealed: &Sealed) -> Result<Vec<u8>, ServiceError> {
        let names = self.people_of(sealed).await?;
        let named =
            |person: PersonId| names.get(&person).cloned().unwrap_or_else(|| "somebody of the family".to_owned());
        let council = &self.inner.outside.council;
        let made = make(sealed, Recipient::CaseSystem, "the child’s own file", council, &named);
        self.print(made.document, "pdf").await
    }
}

/// Printed at the end of a copy: what proves later that nothing was changed.
fn receipt(sealed: &Sealed, hash: &str, head: Option<&store::seal::Head>) -> Vec<String> {
    let mut lines = vec![format!("Number {} of this child’s signed records. SHA-256 {hash}", sealed.number)];
    lines.extend(
        head.map(|head| format!("The chain ends at number {} with {}, code {}", head.number, head.hash, head.code)),
    );
    lines
}

/// A file that can be opened by itself.
fn page_around(document: &Document, html: &str) -> String {
    let title = document.title.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>body{{font:1.05rem/1.5 Arial,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}\
         table{{border-collapse:collapse;width:100%}}th,td{{text-align:left;vertical-align:top;padding:.4rem;border-bottom:1px solid #999}}\
         .govuk-inset-text{{border-left:.4rem solid #888;padding-left:1rem}}.govuk-visually-hidden{{position:absolute;clip-path:inset(50%)}}</style></head><body><main>{html}</main></body></html>"
    )
}
