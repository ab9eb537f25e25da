//! The record-taker's running note: who said what, quickly; filed into the workers' boxes afterwards. It is theirs alone
//! and never projected.

use crate::meeting::Request;
use crate::meeting::room::Outcome;
use crate::{Service, ServiceError};
use domain::meeting::refusal::short;
use domain::meeting::{Area, Command};
use domain::page::{AgendaFamily, NoteAct, NoteLine, RunningNote};
use domain::policy::{MeetingRunner, NoteKeeper, RecordManager};
use domain::record::{Named, Record};
use domain::viewer::Viewer;
use domain::{CommandId, MeetingId, SlotId, WorkerId};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Uuid;
use store::note::NoteCount;
pub use store::note::NoteRow;

/// A running note of one family, with who may be meant by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotesPage {
    /// The family that is noted about now.
    pub slot: SlotId,
    /// That family, as the agenda names it.
    pub family: AgendaFamily,
    /// Lines about it, oldest first.
    pub lines: Vec<NoteRow>,
    /// Lines of the whole meeting that are to be checked later.
    pub to_check: Vec<NoteRow>,
    /// Who may be meant: key, worker, name.
    pub speakers: Vec<(String, WorkerId, String)>,
    /// The names of those whom a line is of.
    pub named: BTreeMap<WorkerId, String>,
}

impl Service {
    /// The running note of whoever chairs or takes the record, or did.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the family is none of the meeting.
    pub async fn notes(&self, keeper: NoteKeeper<'_>, slot: Option<SlotId>) -> Result<NotesPage, ServiceError> {
        let (viewer, meeting) = (keeper.viewer(), keeper.meeting());
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let directory = self.directory().await?;
        let all = self.inner.store.notes(meeting, viewer.worker).await?;
        let (slot, family, members) = {
            let state = live.look().await;
            let room = &state.room;
            // Between families, and after the meeting, one of those that lines are noted about.
            let noted = || all.iter().map(|note| note.slot_id).find(|id| room.slot(*id).is_some());
            let chosen = slot.or(room.current).or_else(noted).or_else(|| room.slots.first().map(|slot| slot.id));
            let found = chosen.and_then(|id| room.slot(id)).filter(|slot| room.reads(viewer, slot));
            let found = found.ok_or(ServiceError::NotFound)?;
            (found.id, found.family, found.members.keys().copied().collect::<Vec<_>>())
        };
        let family = family.ok_or(ServiceError::NotFound)?;
        // Before the family is started those who work with it have their keys already.
        let members = if members.is_empty() { self.who_is_who(family).await?.1.into_keys().collect() } else { members };
        let family = self.agenda_families(family.uuid()).await?.pop().map(|(.., family)| family);
        let family = family.ok_or(ServiceError::NotFound)?;
        let mut speakers: Vec<(String, WorkerId, String)> =
            keys(members.iter().map(|worker| (*worker, directory.name(*worker).to_owned())));
        speakers.sort_by(|a, b| a.2.cmp(&b.2));
        let (lines, others): (Vec<NoteRow>, Vec<NoteRow>) = all.into_iter().partition(|note| note.slot_id == slot);
        let mut to_check: Vec<NoteRow> = others.into_iter().chain(lines.clone()).collect();
        to_check.retain(|note| note.check_later);
        let meant = lines.iter().chain(&to_check).filter_map(|note| note.speaker.map(WorkerId::new));
        let named = meant.map(|worker| (worker, directory.name(worker).to_owned())).collect();
        Ok(NotesPage { slot, family, lines, to_check, speakers, named })
    }

    /// How many lines of a worker's running note are not filed, by family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn noted(&self, keeper: NoteKeeper<'_>) -> Result<BTreeMap<SlotId, usize>, ServiceError> {
        let mut noted = BTreeMap::new();
        for note in self.inner.store.notes(keeper.meeting(), keeper.viewer().worker).await? {
            *noted.entry(note.slot_id).or_default() += 1;
        }
        Ok(noted)
    }

    /// For whoever closes the meeting: whose running note holds how many lines that are in no box. Only that: the lines are
    /// their writer's.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn unfiled_notes(&self, runner: MeetingRunner<'_>) -> Result<Vec<(SlotId, Named, usize)>, ServiceError> {
        self.unfiled_in(runner.meeting()).await
    }

    /// For whoever signs: as [`Service::unfiled_notes`], of the discussion that the record is of.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the right is over another record.
    pub async fn unfiled_notes_of(
        &self, manager: RecordManager<'_>, record: &Record,
    ) -> Result<Vec<(Named, usize)>, ServiceError> {
        if manager.reader().record() != record.id {
            return Err(ServiceError::NotFound);
        }
        let unfiled = self.unfiled_in(record.meeting).await?;
        Ok(unfiled.into_iter().filter(|(slot, ..)| *slot == record.slot).map(|(_, who, lines)| (who, lines)).collect())
    }

    async fn unfiled_in(&self, meeting: MeetingId) -> Result<Vec<(SlotId, Named, usize)>, ServiceError> {
        let directory = self.directory().await?;
        let rows = self.inner.store.unfiled_notes(meeting).await?;
        let counted = |row: NoteCount| {
            let who = directory.names.get(&row.worker_id)?.clone();
            Some((row.slot_id, who, usize::try_from(row.lines).unwrap_or_default()))
        };
        Ok(rows.into_iter().filter_map(counted).collect())
    }

    /// The running note as the page beside the scene shows it.
    ///
    /// # Errors
    /// As [`Service::notes`].
    pub async fn running_note(&self, keeper: NoteKeeper<'_>, slot: SlotId) -> Result<RunningNote, ServiceError> {
        let page = self.notes(keeper, Some(slot)).await?;
        let name = |speaker: Option<Uuid>| {
            let named = speaker.and_then(|speaker| page.named.get(&WorkerId::new(speaker)));
            named.cloned().unwrap_or_else(|| "somebody".to_owned())
        };
        let key = |speaker: Option<Uuid>| {
            let speaker = WorkerId::new(speaker?);
            page.speakers.iter().find(|(_, worker, _)| *worker == speaker).map(|(key, ..)| key.clone())
        };
        let lines: Vec<NoteLine> = page
            .lines
            .iter()
            .map(|row| NoteLine {
                id: row.id,
                at: row.at,
                key: key(row.speaker),
                speaker: name(row.speaker),
                text: row.text.clone(),
                check_later: row.check_later,
            })
            .collect();
        Ok(RunningNote {
            fileable: page.lines.iter().filter(|row| row.speaker.is_some() && !row.check_later).count(),
            speakers: page.speakers.into_iter().map(|(key, _, name)| (key, name)).collect(),
            lines,
        })
    }

    /// Does one thing with the running note.
    ///
    /// # Errors
    /// As for what is done.
    pub async fn act_on_notes(&self, keeper: NoteKeeper<'_>, slot: SlotId, act: NoteAct) -> Result<(), ServiceError> {
        match act {
            NoteAct::Note { id, text } => self.note(keeper, slot, id, &text).await,
            NoteAct::Checked { note } => self.checked_note(keeper, note).await,
            NoteAct::Forget { note } => self.forget_note(keeper, note).await,
            NoteAct::File => self.file_notes(keeper, slot).await.map(|_| ()),
        }
    }

    /// Notes a line. "nq: has seen Ivy" is said by whose key that is, a "?" at its end is to be checked later, and the
    /// council's abbreviations are written out. A line that is sent again under its `id` is noted once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the family is none of the meeting; a form error without words.
    pub async fn note(
        &self, keeper: NoteKeeper<'_>, slot: SlotId, id: Option<Uuid>, text: &str,
    ) -> Result<(), ServiceError> {
        let (viewer, meeting) = (keeper.viewer(), keeper.meeting());
        let page = self.notes(keeper, Some(slot)).await?;
        let text = short("The note", text, 2000)?;
        let (speaker, said) = match text.split_once(':') {
            Some((key, said)) => {
                let key = key.trim();
                let speaker = page.speakers.iter().find(|(initials, ..)| initials.eq_ignore_ascii_case(key));
                if speaker.is_none() && (2..=3).contains(&key.len()) && key.chars().all(|c| c.is_ascii_lowercase()) {
                    let keys = page.speakers.iter().map(|(key, _, name)| format!("{key}: {name}"));
                    let message =
                        format!("\"{key}\" are nobody's initials here. {}.", keys.collect::<Vec<_>>().join(", "));
                    return Err(ServiceError::field("text", &message));
                }
                speaker.map_or((None, text.as_str()), |(_, worker, _)| (Some(worker.uuid()), said.trim()))
            }
            None => (None, text.as_str()),
        };
        let template = self.template_of(meeting).await?;
        let check_later = said.ends_with('?');
        let said = expanded(said.trim_end_matches('?').trim(), &template.meeting.abbreviations);
        if said.is_empty() {
            return Err(ServiceError::field("text", "Write what was said."));
        }
        let note = NoteRow {
            id: id.unwrap_or_else(|| self.new_uuid()),
            meeting_id: meeting,
            slot_id: slot,
            worker_id: viewer.worker,
            speaker,
            text: said,
            check_later,
            at: self.inner.clock.now(),
        };
        let mut tx = self.inner.store.begin().await?;
        tx.keep_note(&note).await?;
        Ok(tx.commit().await?)
    }

    /// A line was checked, and stands as it is.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn checked_note(&self, keeper: NoteKeeper<'_>, id: Uuid) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        tx.check_note(id, keeper.viewer().worker).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a line away.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_note(&self, keeper: NoteKeeper<'_>, id: Uuid) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        tx.forget_note(id, keeper.viewer().worker).await?;
        Ok(tx.commit().await?)
    }

    /// Files every line whose speaker is known into that worker's box, as recorded for them. What the meeting does not
    /// take any more stays a note.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the family is none of the meeting; a form error with what was not taken.
    pub async fn file_notes(&self, keeper: NoteKeeper<'_>, slot: SlotId) -> Result<usize, ServiceError> {
        let (viewer, meeting) = (Arc::new(keeper.viewer().clone()), keeper.meeting());
        let page = self.notes(keeper, Some(slot)).await?;
        let mut by_speaker: BTreeMap<Uuid, Vec<NoteRow>> = BTreeMap::new();
        for note in page.lines {
            // What is to be checked is no statement yet.
            if let Some(speaker) = note.speaker.filter(|_| !note.check_later) {
                by_speaker.entry(speaker).or_default().push(note);
            }
        }
        let mut filed = 0;
        for (speaker, notes) in by_speaker {
            let worker = WorkerId::new(speaker);
            let words: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
            self.add_to_box(&viewer, meeting, slot, worker, &words.join("\n"), notes[0].id).await?;
            for note in &notes {
                self.forget_note(keeper, note.id).await?;
            }
            filed += notes.len();
        }
        Ok(filed)
    }

    /// Adds words to the end of a worker's box; the id of the first note makes pressing twice one filing.
    async fn add_to_box(
        &self, viewer: &Arc<Viewer>, meeting: MeetingId, slot: SlotId, worker: WorkerId, words: &str, id: Uuid,
    ) -> Result<(), ServiceError> {
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let area = Area::Analysis(worker);
        let before = {
            let state = live.look().await;
            let text = state.room.slot(slot).and_then(|slot| slot.boxes.get(&area));
            text.map(|text| text.prose.clone()).unwrap_or_default()
        };
        let on_behalf_of = (worker != viewer.worker).then_some(worker);
        let pen = self.one_pen(viewer.worker, on_behalf_of).await?;
        let old = before.text();
        let whole = if old.trim().is_empty() { words.to_owned() } else { format!("{}\n{words}", old.trim_end()) };
        let update = before.written_by(pen).rewrite(&whole);
        let command = Command::Type { slot, area, update, pen };
        match self.act(viewer, meeting, CommandId::new(id), Request::Command(command)).await? {
            Outcome::Applied { .. } => Ok(()),
            Outcome::Refused { refusal } => Err(ServiceError::Refused(refusal)),
        }
    }
}

/// Initials, with more of the last name where two people share them.
fn keys(people: impl Iterator<Item = (WorkerId, String)>) -> Vec<(String, WorkerId, String)> {
    let mut given: Vec<(String, WorkerId, String)> = Vec::new();
    for (worker, name) in people {
        let words: Vec<&str> = name.split_whitespace().collect();
        let first: String = words.first().and_then(|word| word.chars().next()).into_iter().collect();
        let last: Vec<char> = words.last().map(|word| word.chars().collect()).unwrap_or_default();
        let mut key = String::new();
        for length in 1..=last.len().max(1) {
            key = format!("{first}{}", last.iter().take(length).collect::<String>()).to_lowercase();
            if given.iter().all(|(other, ..)| *other != key) {
                break;
            }
        }
        given.push((key, worker, name));
    }
    given
}

/// Abbreviations written out, whole words only, as they are capitalised in the template.
fn expanded(text: &str, abbreviations: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_alphanumeric() {
            word.push(letter);
            continue;
        }
        out.push_str(abbreviations.get(&word).unwrap_or(&word));
        word.clear();
        out.push(letter);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speakers_have_short_keys_of_their_own_and_abbreviations_are_whole_words() {
        let people =
            ["Nadia Quoin", "Julian Yardarm", "Nora Quill"].map(|name| (WorkerId::new(Uuid::nil()), name.to_owned()));
        let initials: Vec<String> = keys(people.into_iter()).into_iter().map(|(key, ..)| key).collect();
        assert_eq!(initials, ["nq", "jy", "nqu"]);
        let glossary = [("SW".to_owned(), "social worker".to_owned())].into();
        assert_eq!(expanded("SW saw SWAN, the SW's dog", &glossary), "social worker saw SWAN, the social worker's dog");
    }
}
