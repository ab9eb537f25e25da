//! One command of one person in one meeting.

use crate::meeting::room::{LiveMeeting, Outcome};
use crate::{Service, ServiceError};
use domain::dates;
use domain::factor::is_domestic_abuse;
use domain::meeting::{
    Area, Attendance, Command, Entry, Event, KnownStep, Member, Owner, Refusal, Room, Slot, Surroundings,
};
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
        if !self.inner.pace.allows(viewer.worker, std::time::Instant::now()) {
            return Err(ServiceError::TooFast);
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
        let command = self.named_owner(viewer, &live, command).await?;
        let surroundings = self.surroundings(viewer, &live, &command).await?;
        let outcome = self.submit(Arc::clone(&live), Arc::clone(viewer), id, command, surroundings).await?;
        if let Outcome::Refused { refusal: Refusal::Text(why) } = &outcome {
            note_refused(viewer, meeting, why);
        }
        Ok(outcome)
    }

    /// "@nadia ring the school" gives the step to Nadia, where one of those is meant who may be given it. Where somebody was
    /// chosen from the list, the step is theirs: their own name is taken out of its words, another's stays.
    async fn named_owner(
        &self, viewer: &Viewer, live: &LiveMeeting, command: Command,
    ) -> Result<Command, ServiceError> {
        let Command::AddStep { slot, step, mut draft } = command else { return Ok(command) };
        let begins_a_word = |(before, _): &(&str, &str)| before.is_empty() || before.ends_with(char::is_whitespace);
        let named = draft.what.split_once('@').filter(begins_a_word);
        let Some((before, named)) = named else { return Ok(Command::AddStep { slot, step, draft }) };
        let directory = self.directory().await?;
        let state = live.look().await;
        // Only those who may read a family's part learn who works with it.
        let discussed = read_slot(&state.room, viewer, slot).ok_or(ServiceError::NotFound)?;
        let words: Vec<&str> = named.split_whitespace().collect();
        let without = |named: usize| {
            let after = words.get(named..).unwrap_or_default();
            [before.trim()].into_iter().chain(after.iter().copied()).collect::<Vec<_>>().join(" ").trim().to_owned()
        };
        let meant_of = |people: Vec<WorkerId>| {
            meant(&words, people.into_iter().map(|worker| (worker, directory.name(worker).to_lowercase())).collect())
        };
        if let Some(chosen) = draft.owner.worker() {
            let (people, named) = meant_of(vec![chosen]);
            if !people.is_empty() {
                draft.what = without(named);
            }
            return Ok(Command::AddStep { slot, step, draft });
        }
        // Those who work with the family before those who only run the meeting.
        let (mut people, mut named) = meant_of(discussed.members.keys().copied().collect());
        if people.is_empty() {
            (people, named) = meant_of(state.room.step_owners(discussed).into_iter().collect());
        }
        let [worker] = people.as_slice() else {
            let name = words.get(..named.max(1)).unwrap_or_default().join(" ");
            let names = people.iter().map(|worker| directory.name(*worker)).collect::<Vec<_>>().join(" or ");
            let message = if names.is_empty() {
                format!("Nobody who works with this family is called \"{name}\". Choose who does it.")
            } else {
                format!("\"@{name}\" may be {names}. Write more of the name, or choose who does it.")
            };
            return Err(ServiceError::field("owner", &message));
        };
        draft.what = without(named);
        draft.owner = Owner::Worker { worker: *worker };
        Ok(Command::AddStep { slot, step, draft })
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
                let agreed = workbook.steps.iter().find(|agreed| agreed.step.step == *step);
                let agreed = &agreed.ok_or(ServiceError::NotFound)?.step;
                let (what, children) = (agreed.what.clone(), agreed.children.clone());
                surroundings.last_steps.insert(*step, KnownStep { what, children });
            }
            Command::AgreeConversation { slot, .. } => {
                let family = self.read_family(viewer, live, *slot).await.ok_or(ServiceError::NotFound)?;
                let members = self.inner.store.members(family.uuid()).await?;
                let names = members.iter().flat_map(|member| {
                    let whole = format!("{} {}", member.person.forename, member.person.surname).trim().to_owned();
                    [whole, member.person.forename.clone()]
                });
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
                let people = directory.workers.values().filter(|worker| directory.is_person(worker.id));
                surroundings.workers = people.map(|worker| (worker.id, worker.discipline.clone())).collect();
            }
            _ => {}
        }
        Ok(surroundings)
    }

    /// The family of a slot that the viewer may read.
    async fn read_family(&self, viewer: &Viewer, live: &LiveMeeting, slot: SlotId) -> Option<FamilyId> {
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
            .filter(|worker| directory.is_person(*worker))
            .map(|worker| {
                let discipline = directory.workers.get(&worker).map(|row| row.discipline.clone());
                (worker, Member { discipline: discipline.unwrap_or_default(), brought_in: None })
            })
            .collect();
        Ok((children.map(|member| member.person.id).collect(), allocated))
    }
}

/// A family's part, where the viewer may read it.
fn read_slot<'a>(room: &'a Room, viewer: &Viewer, slot: SlotId) -> Option<&'a Slot> {
    room.slot(slot).filter(|slot| room.reads(viewer, slot))
}

/// An update that was not taken is worth a line in the log: a page that fell behind sends some, a forger more.
fn note_refused(viewer: &Viewer, meeting: MeetingId, why: &ProseError) {
    match why {
        ProseError::NotYours | ProseError::Malformed => {
            tracing::warn!(worker = %viewer.worker, %meeting, ?why, "words under a mark that is not theirs were refused");
        }
        ProseError::Resync | ProseError::TooLong | ProseError::Full | ProseError::TooMuchAtOnce => {
            tracing::info!(worker = %viewer.worker, %meeting, ?why, "words were refused");
        }
    }
}

/// Who of `people`, with their names in small letters, the first of these words mean, and how many of the words name them:
/// "julian yard ring" names Julian Yardarm with two. Further words name somebody where they stand in a name, or tell those
/// apart who are meant by the words before.
fn meant(words: &[&str], people: Vec<(WorkerId, String)>) -> (Vec<WorkerId>, usize) {
    let mut meant = people;
    let mut named = 0;
    for word in words {
        let word = word.to_lowercase();
        let fits = |name: &str, whole: bool| {
            name.split(' ')
                .any(|known| if whole { known == word } else { word.chars().count() > 1 && known.starts_with(&word) })
        };
        let whole = named > 0 && meant.len() == 1;
        let those: Vec<_> = meant.iter().filter(|(_, name)| fits(name, whole)).cloned().collect();
        if those.is_empty() {
            break;
        }
        meant = those;
        named += 1;
    }
    (if named == 0 { Vec::new() } else { meant.into_iter().map(|(worker, _)| worker).collect() }, named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_as_many_words_as_it_takes() {
        let [yardarm, eskdale, quoin] = [1, 2, 3].map(|n| WorkerId::new(uuid::Uuid::from_u128(n)));
        let people = || {
            vec![
                (yardarm, "julian yardarm".to_owned()),
                (eskdale, "julian eskdale-demo".to_owned()),
                (quoin, "nadia quoin".to_owned()),
            ]
        };
        let of = |words: &str| meant(&words.split(' ').collect::<Vec<_>>(), people());
        assert_eq!(of("nadia ring the school"), (vec![quoin], 1));
        assert_eq!(of("Nadia Quoin ring the school"), (vec![quoin], 2));
        assert_eq!(of("julian yard ring the school"), (vec![yardarm], 2));
        assert_eq!(of("julian ring the school"), (vec![yardarm, eskdale], 1));
        assert_eq!(of("n ring the school"), (vec![], 0));
        assert_eq!(of("maud"), (vec![], 0));
        // What is to be done is no name, also where it begins like one.
        assert_eq!(of("nadia quo vadis"), (vec![quoin], 1));
    }
}
