//! One command of one person in one meeting.

use crate::meeting::pace::Pacing;
use crate::meeting::room::{LiveMeeting, Outcome};
use crate::names::whole_name;
use crate::security::{SecurityEvent, tell};
use crate::{Service, ServiceError};
use domain::dates;
use domain::factor::is_domestic_abuse;
use domain::meeting::{Area, Attendance, Command, Entry, Event, Member, Refusal, Room, Slot, Surroundings};
use domain::policy::MeetingReader;
use domain::prose::{Prose, ProseError, clean};
use domain::viewer::Viewer;
use domain::{CommandId, FamilyId, MeetingId, PersonId, SlotId, WorkerId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a browser may ask for: a command, or words as a whole text for browsers without scripts.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// A command as it is.
    Command(Command),
    /// The box should read `text`, which was written on what the box held at `base`.
    Write {
        /// Which slot.
        slot: SlotId,
        /// Which box.
        area: Area,
        /// The whole text.
        text: String,
        /// The sequence the page was rendered at.
        base: i64,
    },
}

impl Service {
    /// Carries out a request once; a retry with the same id gets the same outcome.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know; a refusal is an outcome.
    pub async fn act(
        &self, viewer: &Arc<Viewer>, meeting: MeetingId, id: CommandId, request: Request,
    ) -> Result<Outcome, ServiceError> {
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        {
            let state = live.look().await;
            MeetingReader::of(&state.room, viewer).ok_or(ServiceError::NotFound)?;
        }
        // Time that nobody sets: this is about the machine and not about the meeting.
        match self.inner.pace.of(viewer.worker, std::time::Instant::now()) {
            Pacing::InTime => {}
            Pacing::TooMany { first } => {
                if first {
                    tell(SecurityEvent::TooManyChanges(viewer.worker), "");
                }
                return Err(ServiceError::TooFast);
            }
        }
        let command = match request {
            Request::Command(Command::Type { slot, area, update, pen }) => {
                if let Some(refusal) = self.pen_is_theirs(viewer, area, pen).await? {
                    note_refused(viewer, meeting, &ProseError::NotYours);
                    return Ok(Outcome::Refused { refusal });
                }
                Command::Type { slot, area, update, pen }
            }
            Request::Command(command) => command,
            Request::Write { slot, area, text, base } => {
                let Some(command) = self.written(viewer, meeting, slot, area, &text, base).await? else {
                    return Ok(Outcome::Applied { seq: live.look().await.seq });
                };
                command
            }
        };
        let command = self.with_named(viewer, &live, command).await?;
        let surroundings = self.surroundings(viewer, &live, &command).await?;
        let outcome = self.submit(Arc::clone(&live), Arc::clone(viewer), id, command, surroundings).await?;
        if let Outcome::Refused { refusal: Refusal::Text(why) } = &outcome {
            note_refused(viewer, meeting, why);
        }
        Ok(outcome)
    }

    /// A pen writes its holder's own box, or the box of the person it was given for.
    async fn pen_is_theirs(&self, viewer: &Viewer, area: Area, pen: u64) -> Result<Option<Refusal>, ServiceError> {
        let stored = self.pen(pen).await?;
        let fits = stored.is_some_and(|stored| {
            stored.worker == viewer.worker
                && match area {
                    Area::Analysis(owner) if owner == viewer.worker => stored.on_behalf_of.is_none(),
                    Area::Analysis(owner) => stored.on_behalf_of == Some(owner),
                    Area::Meaning(_) | Area::Life(_) => stored.on_behalf_of.is_none(),
                }
        });
        Ok((!fits).then_some(Refusal::Text(ProseError::NotYours)))
    }

    /// The difference between what a form's text was based on and what it says now; `None` where
    /// there is none.
    async fn written(
        &self, viewer: &Viewer, meeting: MeetingId, slot: SlotId, area: Area, text: &str, base: i64,
    ) -> Result<Option<Command>, ServiceError> {
        let on_behalf_of = match area {
            Area::Analysis(owner) if owner != viewer.worker => Some(owner),
            Area::Analysis(_) | Area::Meaning(_) | Area::Life(_) => None,
        };
        let before = self.text_at(meeting, slot, area, base).await?;
        if before.text() == clean(text) {
            return Ok(None);
        }
        let pen = self.one_pen(viewer.worker, on_behalf_of).await?;
        let update = before.written_by(pen).rewrite(text);
        Ok(Some(Command::Type { slot, area, update, pen }))
    }

    async fn text_at(&self, meeting: MeetingId, slot: SlotId, area: Area, base: i64) -> Result<Prose, ServiceError> {
        let prose = Prose::new();
        let entries: Vec<Entry<Event>> = self.inner.store.entries(meeting.uuid(), 0).await?;
        for entry in entries.into_iter().filter(|entry| entry.seq <= base) {
            let words = entry.event.words().filter(|(in_slot, in_area, _)| (*in_slot, *in_area) == (slot, area));
            if let Some((.., update)) = words {
                // It was checked before it was written.
                let _ = prose.merge(update);
            }
        }
        Ok(prose)
    }

    /// What deciding a command needs to know beside the room. Nothing is looked up for whoever may not read the family's
    /// part, so that no refusal tells of it.
    async fn surroundings(
        &self, viewer: &Viewer, live: &LiveMeeting, command: &Command,
    ) -> Result<Surroundings, ServiceError> {
        let mut surroundings = Surroundings::default();
        match command {
            Command::Start { slot, .. } => {
                if let Some(family) = self.read_family(viewer, live, *slot).await {
                    let (children, members) = self.who_is_who(family).await?;
                    surroundings.children.insert(family, children);
                    surroundings.members.insert(family, members);
                }
            }
            Command::Finish { slot, .. } => {
                if let Some(family) = self.read_family(viewer, live, *slot).await {
                    let factors = self.inner.store.factors(family.uuid()).await?;
                    surroundings.domestic_abuse = factors.iter().any(|(_, code)| is_domestic_abuse(code));
                }
            }
            Command::AnswerScale { slot, child: Some(_), .. } => {
                let family = self.read_family(viewer, live, *slot).await.ok_or(ServiceError::NotFound)?;
                surroundings.children.insert(family, self.who_is_who(family).await?.0);
            }
            Command::AnswerLastStep { slot, step, .. } => {
                let family = self.read_family(viewer, live, *slot).await.ok_or(ServiceError::NotFound)?;
                let workbook = self.workbook(family).await?;
                let earlier = workbook.earlier_step(*step).ok_or(ServiceError::NotFound)?;
                surroundings.last_steps.insert(*step, earlier);
            }
            Command::AgreeConversation { slot, .. } => {
                let family = self.read_family(viewer, live, *slot).await.ok_or(ServiceError::NotFound)?;
                let members = self.inner.store.members(family.uuid()).await?;
                let names = members.iter().flat_map(|member| [whole_name(member), member.person.forename.clone()]);
                surroundings.people.insert(family, names.filter(|name| !name.is_empty()).collect());
            }
            Command::Attend { slot, worker, how: Attendance::SentWords } => {
                if let Some(family) = self.read_family(viewer, live, *slot).await {
                    surroundings.sent = self.sent_words(viewer, family, *worker).await?;
                }
            }
            Command::EverybodyHere { .. } => {
                surroundings.away = self.absences().await?.on(self.inner.clock.today()).collect();
            }
            Command::Replan { .. } | Command::Rearrange { .. } => {
                let cards = self.cards(live.look().await.room.id.uuid(), viewer).await?;
                let room = &live.look().await.room;
                let read = room.slots.iter().filter(|slot| room.reads(viewer, slot)).filter_map(|slot| slot.family);
                surroundings.references =
                    read.filter_map(|family| Some((family, cards.get(&family)?.reference.clone()))).collect();
            }
            Command::BringIn { .. } | Command::HandOverChair { .. } | Command::HandOverRecord { .. } => {
                let directory = self.directory().await?;
                // A guest is brought in and runs nothing.
                let brings_in = matches!(command, Command::BringIn { .. });
                let people = directory
                    .workers
                    .values()
                    .filter(|worker| directory.is_colleague(worker.id) || (brings_in && directory.is_guest(worker.id)));
                surroundings.workers = people.map(|worker| (worker.id, worker.discipline.clone())).collect();
            }
            _ => {}
        }
        Ok(surroundings)
    }

    /// The family of a slot that the viewer may read.
    pub(super) async fn read_family(&self, viewer: &Viewer, live: &LiveMeeting, slot: SlotId) -> Option<FamilyId> {
        read_slot(&live.look().await.room, viewer, slot).and_then(|slot| slot.family)
    }

    /// This month's summary of somebody who is not there, as an update for their box.
    async fn sent_words(
        &self, viewer: &Viewer, family: FamilyId, worker: WorkerId,
    ) -> Result<Option<Vec<u8>>, ServiceError> {
        let month = dates::month(self.inner.clock.today());
        let summaries = self.inner.store.latest_summaries(family.uuid()).await?;
        let sent = summaries.into_iter().find(|summary| summary.worker_id == worker && summary.month == month);
        let Some(sent) = sent.filter(|sent| !sent.text.trim().is_empty()) else { return Ok(None) };
        let on_behalf_of = (worker != viewer.worker).then_some(worker);
        let pen = self.one_pen(viewer.worker, on_behalf_of).await?;
        Ok(Some(Prose::with_pen(pen).rewrite(sent.text.trim_end())))
    }

    /// A family's children, and who is allocated to it today as what.
    pub(crate) async fn who_is_who(
        &self, family: FamilyId,
    ) -> Result<(BTreeSet<PersonId>, BTreeMap<WorkerId, Member>), ServiceError> {
        let (store, today) = (&self.inner.store, self.inner.clock.today());
        let directory = self.directory().await?;
        let members = store.members(family.uuid()).await?;
        let children = members.iter().filter(|member| !member.person.adult && member.person.died.is_none());
        let allocations = store.allocations(family.uuid()).await?;
        let allocated = allocations
            .iter()
            .filter(|allocation| allocation.current(today))
            .filter_map(store::allocation::FamilyAllocation::worker)
            .filter(|worker| directory.is_colleague(*worker))
            .map(|worker| {
                let discipline = directory.workers.get(&worker).map(|row| row.discipline.clone());
                (worker, Member { discipline: discipline.unwrap_or_default(), brought_in: None })
            })
            .collect();
        Ok((children.map(|member| member.person.id).collect(), allocated))
    }
}

/// A family's part, where the viewer may read it.
pub(super) fn read_slot<'a>(room: &'a Room, viewer: &Viewer, slot: SlotId) -> Option<&'a Slot> {
    room.slot(slot).filter(|slot| room.reads(viewer, slot))
}

/// An update that was not taken is worth a line in the log: a page that fell behind sends some, a forger more.
fn note_refused(viewer: &Viewer, meeting: MeetingId, why: &ProseError) {
    match why {
        ProseError::NotYours | ProseError::Malformed => {
            tracing::warn!(worker = %viewer.worker, %meeting, ?why, "words under a mark that is not theirs were refused");
            tell(SecurityEvent::HandMadeWords(viewer.worker), "");
        }
        ProseError::Resync | ProseError::TooLong | ProseError::Full | ProseError::TooMuchAtOnce => {
            tracing::info!(worker = %viewer.worker, %meeting, ?why, "words were refused");
        }
    }
}
