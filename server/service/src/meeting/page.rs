//! What people see of meetings: their list and the live page.

use crate::meeting::room::LiveMeeting;
use crate::{Service, ServiceError};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::meeting::{Area, Phase, Room, view};
use domain::page::{AgendaFamily, MeetingPage};
use domain::policy::{MeetingReader, NoteKeeper};
use domain::record::Named;
use domain::status::{MeetingPhase, SlotProgress};
use domain::viewer::Viewer;
use domain::{FamilyId, SlotId, WorkerId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::meeting::{MeetingRow, SlotRow};

/// A meeting on somebody's list.
#[derive(Debug, Clone, PartialEq)]
pub struct MeetingLine {
    /// The meeting.
    pub row: MeetingRow,
    /// The team's name.
    pub team: String,
    /// Who chairs.
    pub chair: String,
    /// The agenda in order: the family's reference where the viewer may see it, and minutes.
    pub agenda: Vec<AgendaLine>,
    /// Whether the viewer runs it or manages the team.
    pub runs: bool,
}

/// One place on an agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaLine {
    /// The slot.
    pub slot: SlotId,
    /// Reference and family, where they may see it.
    pub family: Option<(FamilyId, String)>,
    /// Minutes.
    pub minutes: i64,
    /// Start on the plan, "11:20".
    pub starts: String,
    /// How far the meeting has come with it.
    pub progress: SlotProgress,
    /// Whether the viewer is allocated to the family or brought in for it.
    pub mine: bool,
}

impl Service {
    /// The meetings a viewer may know of, from four months back on, earliest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn meetings(&self, viewer: &Viewer) -> Result<Vec<MeetingLine>, ServiceError> {
        let store = &self.inner.store;
        let since: NaiveDate = self.inner.clock.today() - TimeDelta::days(125);
        let (meetings, slots) = (store.meetings_since(since).await?, store.slots_since(since).await?);
        let brought_in = store.brought_in_for(viewer.worker).await?;
        let brought_in: BTreeSet<SlotId> = brought_in.into_iter().map(|(_, slot)| slot).collect();
        let references: BTreeMap<FamilyId, String> =
            store.families().await?.into_iter().map(|family| (family.id, family.reference)).collect();
        let directory = self.directory().await?;
        let lines = meetings.into_iter().filter_map(|row| {
            let runs = row.chair == viewer.worker || row.record_taker == Some(viewer.worker.uuid());
            // Whoever is there for the day only does not read it afterwards.
            let open = row.phase != MeetingPhase::Closed;
            let all = (runs && open) || viewer.serves(row.team_id);
            let mut at = chrono::NaiveTime::parse_from_str(&row.starts, "%H:%M").unwrap_or_default();
            let agenda: Vec<AgendaLine> = slots
                .iter()
                .filter(|slot| slot.meeting_id == row.id)
                .map(|slot: &SlotRow| {
                    let locked_out = viewer.locked_out.contains(&slot.family_id);
                    let mine = !locked_out
                        && (viewer.families.contains(&slot.family_id) || (open && brought_in.contains(&slot.id)));
                    let reference = references.get(&slot.family_id).cloned().unwrap_or_default();
                    let starts = at.format("%H:%M").to_string();
                    at += TimeDelta::minutes(slot.minutes);
                    AgendaLine {
                        slot: slot.id,
                        family: (!locked_out && (all || mine)).then_some((slot.family_id, reference)),
                        minutes: slot.minutes,
                        starts,
                        progress: slot.progress,
                        mine,
                    }
                })
                .collect();
            (all || agenda.iter().any(|line| line.mine)).then(|| MeetingLine {
                team: directory.team(row.team_id).to_owned(),
                chair: directory.name(row.chair).to_owned(),
                agenda,
                runs: runs || viewer.manages_team(row.team_id),
                row,
            })
        });
        Ok(lines.collect())
    }

    /// When each family of a meeting that is still to come is likely to begin.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn likely_begins(
        &self, reader: MeetingReader<'_>,
    ) -> Result<BTreeMap<SlotId, DateTime<Utc>>, ServiceError> {
        let live = self.live(reader.meeting()).await?.ok_or(ServiceError::NotFound)?;
        let coming = live.look().await.room.to_come(self.inner.clock.now());
        Ok(coming.into_iter().filter_map(|coming| Some((coming.slot, coming.likely?))).collect())
    }

    /// The live page for one viewer, with the discussion asked for whole, or the one the room is at.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn meeting_page(
        &self, reader: MeetingReader<'_>, asked: Option<SlotId>,
    ) -> Result<MeetingPage, ServiceError> {
        let live = self.live(reader.meeting()).await?.ok_or(ServiceError::NotFound)?;
        self.page_of(reader.viewer(), &live, asked).await
    }

    pub(super) async fn page_of(
        &self, viewer: &Viewer, live: &LiveMeeting, asked: Option<SlotId>,
    ) -> Result<MeetingPage, ServiceError> {
        let (room, cursor) = {
            let state = live.look().await;
            MeetingReader::of(&state.room, viewer).ok_or(ServiceError::NotFound)?;
            (view(&state.room, viewer), state.seq)
        };
        let agenda = self.agenda_of(viewer, &room).await?;
        let discussion = match room.shown(asked).filter(|id| room.slot(*id).is_some_and(|slot| slot.family.is_some())) {
            Some(slot) => match self.discussion_in(viewer, &room, cursor, slot).await {
                Ok(discussion) => Some(discussion),
                // The agenda stays readable where a family of it is gone.
                Err(ServiceError::NotFound) => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        let (names, offered) = self.named_and_offered(viewer, &room, &agenda).await?;
        let noted = match NoteKeeper::of(&room, viewer).filter(|_| !viewer.projector) {
            Some(keeper) => self.noted(keeper).await?,
            None => BTreeMap::new(),
        };
        let page = MeetingPage {
            cursor,
            now: self.inner.clock.now(),
            me: viewer.worker,
            manages: viewer.manages_team(room.team),
            projector: viewer.projector,
            team: self.directory().await?.team(room.team).to_owned(),
            names,
            offered,
            agenda,
            whole: BTreeMap::new(),
            noted,
            meanwhile: BTreeMap::new(),
            made_at: 0,
            room,
        };
        Ok(page.with_only(discussion))
    }

    /// Those a page of this room names, and those it offers.
    async fn named_and_offered(
        &self, viewer: &Viewer, room: &Room, agenda: &BTreeMap<FamilyId, AgendaFamily>,
    ) -> Result<(BTreeMap<WorkerId, Named>, Vec<WorkerId>), ServiceError> {
        let directory = self.directory().await?;
        let mut names = directory.names.clone();
        let mut offered = directory.offered(Some(room.team));
        if viewer.projector || !(room.runs(viewer.worker) || viewer.serves(room.team)) {
            // Only those who hand over and bring people in choose among all workers.
            let mut workers = room.people();
            workers
                .extend(agenda.values().flat_map(|family| family.allocated.iter().filter_map(|(worker, _)| *worker)));
            workers.insert(viewer.worker);
            names.retain(|worker, _| workers.contains(worker));
            offered.clear();
        }
        Ok((names, offered))
    }

    /// Those a viewer's page of this meeting names.
    pub(super) async fn named_on_page(
        &self, viewer: &Viewer, live: &LiveMeeting,
    ) -> Result<BTreeSet<WorkerId>, ServiceError> {
        let room = {
            let state = live.look().await;
            MeetingReader::of(&state.room, viewer).ok_or(ServiceError::NotFound)?;
            view(&state.room, viewer)
        };
        let agenda = self.agenda_of(viewer, &room).await?;
        Ok(self.named_and_offered(viewer, &room, &agenda).await?.0.into_keys().collect())
    }

    /// The families of a room that its viewer may see, as the agenda names them.
    async fn agenda_of(&self, viewer: &Viewer, room: &Room) -> Result<BTreeMap<FamilyId, AgendaFamily>, ServiceError> {
        let visible: BTreeSet<FamilyId> = room.slots.iter().filter_map(|slot| slot.family).collect();
        let mut families = self.agenda_families(room.id.uuid()).await?;
        families.retain(|(id, ..)| visible.contains(id));
        Ok(families
            .into_iter()
            .map(|(id, team, mut family)| {
                if room.is_closed() && !viewer.sees_family(id, team) {
                    family.allocated.clear();
                }
                (id, family)
            })
            .collect())
    }

    /// The family of a slot as the agenda names it; none where the reader may not see it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is no such meeting.
    pub async fn family_of_slot(
        &self, reader: MeetingReader<'_>, slot: SlotId,
    ) -> Result<Option<(FamilyId, AgendaFamily)>, ServiceError> {
        let live = self.live(reader.meeting()).await?.ok_or(ServiceError::NotFound)?;
        let room = view(&live.look().await.room, reader.viewer());
        let Some(family) = room.slot(slot).and_then(|slot| slot.family) else { return Ok(None) };
        Ok(self.agenda_of(reader.viewer(), &room).await?.remove_entry(&family))
    }

    /// Notes what a page says of its person: hidden behind others, writing in a box. Never stored. Gives whether they are at the
    /// meeting: it is open, until an hour after its booked end, and its page is in sight.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn attend(
        &self, reader: MeetingReader<'_>, load: &str, away: bool, writing: Option<(SlotId, Area)>,
    ) -> Result<bool, ServiceError> {
        let live = self.live(reader.meeting()).await?.ok_or(ServiceError::NotFound)?;
        live.attend(reader.viewer().worker, load, away, writing);
        let state = live.look().await;
        let end = match state.room.phase {
            Phase::Open { since } => since + TimeDelta::minutes(i64::from(state.room.booked) + 60),
            Phase::Planned | Phase::Closed { .. } => return Ok(false),
        };
        Ok(!away && self.inner.clock.now() < end)
    }

    /// A worker, or the screen on the wall that a worker opened.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn viewer_as(&self, worker: WorkerId, projector: bool) -> Result<Arc<Viewer>, ServiceError> {
        let viewer = self.viewer(worker).await?;
        Ok(if projector { Arc::new(viewer.as_ref().clone().on_the_wall()) } else { viewer })
    }
}
