//! What people see of meetings: their list, the live page, and its stream.

use crate::room::{Connected, Live};
use crate::{Service, ServiceError};
use chrono::{NaiveDate, TimeDelta};
use domain::meeting::{Area, Event, Seen, may_read, project, view};
use domain::page::{FamilyCard, Frame, Here, MeetingPage};
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, SlotId, TeamId, WorkerId};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use store::meeting::{MeetingRow, SlotRow};
use tokio::sync::watch;

/// A reader further behind than this, in bytes, gets a fresh view.
const BEHIND: usize = 256 * 1024;
/// The line is alive at least this often.
const BEAT: Duration = Duration::from_secs(10);

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
    /// "waiting", "in_discussion", "finished", "adjourned".
    pub progress: String,
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
        let guest: BTreeSet<SlotId> = store.guest_slots(viewer.worker).await?.into_iter().collect();
        let references: std::collections::BTreeMap<FamilyId, String> =
            store.families().await?.into_iter().map(|family| (family.id, family.reference)).collect();
        let directory = self.directory().await?;
        let lines = meetings.into_iter().filter_map(|row| {
            let runs = row.chair == viewer.worker || row.record_taker == Some(viewer.worker.uuid());
            let all = runs || viewer.serves(row.team_id);
            let mut at = chrono::NaiveTime::parse_from_str(&row.starts, "%H:%M").unwrap_or_default();
            let agenda: Vec<AgendaLine> = slots
                .iter()
                .filter(|slot| slot.meeting_id == row.id)
                .map(|slot: &SlotRow| {
                    let mine = viewer.families.contains(&slot.family_id) || guest.contains(&slot.id);
                    let reference = references.get(&slot.family_id).cloned().unwrap_or_default();
                    let starts = at.format("%-H:%M").to_string();
                    at += TimeDelta::minutes(slot.minutes);
                    AgendaLine {
                        slot: slot.id,
                        family: (all || mine).then_some((slot.family_id, reference)),
                        minutes: slot.minutes,
                        starts,
                        progress: slot.progress.clone(),
                        mine,
                    }
                })
                .collect();
            (all || agenda.iter().any(|line| line.mine)).then(|| MeetingLine {
                team: directory.team(row.team_id).to_owned(),
                chair: directory.name(row.chair).to_owned(),
                agenda,
                runs: runs || viewer.manages.contains(&row.team_id),
                row,
            })
        });
        Ok(lines.collect())
    }

    /// The live page for one viewer.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn meeting_page(&self, viewer: &Viewer, meeting: MeetingId) -> Result<MeetingPage, ServiceError> {
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        self.page_of(viewer, &live).await
    }

    async fn page_of(&self, viewer: &Viewer, live: &Live) -> Result<MeetingPage, ServiceError> {
        let (room, cursor) = {
            let state = live.look().await;
            if !state.room.known_to(viewer) && !state.room.runs(viewer.worker) && !viewer.serves(state.room.team) {
                return Err(ServiceError::NotFound);
            }
            (view(&state.room, viewer), state.seq)
        };
        let visible: BTreeSet<FamilyId> = room.slots.iter().filter_map(|slot| slot.family).collect();
        let mut families = self.cards(room.id.uuid(), viewer).await?;
        families.retain(|id, _| visible.contains(id));
        if viewer.projector {
            families.values_mut().for_each(|card| card.summaries.clear());
        }
        if matches!(room.phase, domain::meeting::Phase::Closed { .. }) {
            // A closed meeting stays readable as it was held; today's workbook is for those who work with
            // the family today.
            for family in self.inner.store.families_in(room.id.uuid()).await? {
                if !viewer.sees_family(family.id, family.team_id.map(TeamId::new))
                    && let Some(card) = families.get_mut(&family.id)
                {
                    card.reduce();
                }
            }
        }
        let directory = self.directory().await?;
        let mut names = directory.names.clone();
        if viewer.projector || !(room.runs(viewer.worker) || viewer.serves(room.team)) {
            // Only those who hand over and bring people in choose among all workers.
            let mut told = room.people();
            told.extend(families.values().flat_map(FamilyCard::workers));
            told.insert(viewer.worker);
            names.retain(|worker, _| told.contains(worker));
        }
        Ok(MeetingPage {
            cursor,
            now: self.inner.clock.now(),
            me: viewer.worker,
            manages: viewer.manages.contains(&room.team),
            projector: viewer.projector,
            team: directory.team(room.team).to_owned(),
            names,
            families,
            room,
        })
    }

    /// A stream of frames for one viewer's page that stands at `cursor`; `load` is the number the page gave
    /// itself.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn stream(
        &self, token: &str, projector: bool, meeting: MeetingId, cursor: i64, load: &str,
    ) -> Result<Stream, ServiceError> {
        let worker = self.session(token, false).await?.ok_or(ServiceError::NotFound)?;
        let viewer = self.viewer_as(worker, projector).await?;
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let told = told(&self.page_of(&viewer, &live).await?);
        Ok(Stream {
            service: self.clone(),
            token: token.to_owned(),
            worker,
            projector,
            cursor,
            rights: self.inner.rights.generation(),
            day: self.inner.clock.today(),
            moves: live.moves(),
            comings: live.comings(),
            _connected: (!projector).then(|| live.enter(worker, load.chars().take(40).collect())),
            live,
            viewer,
            told,
            greeted: false,
        })
    }

    /// Notes what a page says of its person: hidden behind others, writing in a box. Never stored.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn attend(
        &self, viewer: &Viewer, meeting: MeetingId, load: &str, away: bool, writing: Option<(SlotId, Area)>,
    ) -> Result<(), ServiceError> {
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        if !live.look().await.room.known_to(viewer) {
            return Err(ServiceError::NotFound);
        }
        live.attend(viewer.worker, load, away, writing);
        Ok(())
    }

    /// A worker, or the screen on the wall that a worker opened.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn viewer_as(&self, worker: WorkerId, projector: bool) -> Result<Arc<Viewer>, ServiceError> {
        let viewer = self.viewer(worker).await?;
        Ok(if projector { Arc::new(viewer.as_ref().clone().on_the_wall()) } else { viewer })
    }

    /// Whether a viewer may know of a meeting, and of which team it is.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn meeting_team(&self, viewer: &Viewer, meeting: MeetingId) -> Result<Option<TeamId>, ServiceError> {
        let Some(live) = self.live(meeting).await? else { return Ok(None) };
        let state = live.look().await;
        Ok(state.room.known_to(viewer).then_some(state.room.team))
    }
}

/// One page's stream. Rights are asked again before every frame.
pub struct Stream {
    service: Service,
    token: String,
    worker: WorkerId,
    projector: bool,
    cursor: i64,
    rights: u64,
    day: NaiveDate,
    live: Arc<Live>,
    viewer: Arc<Viewer>,
    /// Whom the page knows by name.
    told: BTreeSet<WorkerId>,
    moves: watch::Receiver<i64>,
    comings: watch::Receiver<u64>,
    _connected: Option<Connected>,
    greeted: bool,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("worker", &self.worker).field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

impl Stream {
    /// The next frame; waits until there is one. [`Frame::Ended`] or [`Frame::SignedOut`] is the last.
    ///
    /// # Errors
    /// Where the database does not answer; the page opens a new stream then.
    pub async fn next(&mut self) -> Result<Frame, ServiceError> {
        loop {
            let now = (self.service.inner.rights.generation(), self.service.inner.clock.today());
            if (self.rights, self.day) != now {
                (self.rights, self.day) = now;
                if !self.signed_in().await? {
                    return Ok(Frame::SignedOut);
                }
                let before = Arc::clone(&self.viewer);
                self.viewer = self.service.viewer_as(self.worker, self.projector).await?;
                if before != self.viewer {
                    return self.fresh().await;
                }
            }
            if let Some(frame) = self.news().await? {
                return Ok(frame);
            }
            if !self.greeted {
                self.greeted = true;
                self.comings.mark_unchanged();
                return Ok(self.here().await);
            }
            let service = self.service.clone();
            tokio::select! {
                _ = self.moves.changed() => {}
                _ = self.comings.changed() => return Ok(self.here().await),
                () = service.inner.rights.changed() => {}
                () = tokio::time::sleep(BEAT) => {
                    return Ok(if self.signed_in().await? { Frame::Beat { cursor: self.cursor } } else { Frame::SignedOut });
                }
            }
        }
    }

    /// Whose stream this is.
    #[must_use]
    pub const fn worker(&self) -> WorkerId {
        self.worker
    }

    /// Who is connected, of those the page knows by name, and what they write in, of what it may read.
    async fn here(&self) -> Frame {
        let state = self.live.look().await;
        let known = self.live.here().into_iter().filter(|here| self.told.contains(&here.worker));
        let people = known.map(|here| Here {
            writing: here.writing.filter(|(slot, area)| may_read(&state.room, *slot, *area, &self.viewer)),
            ..here
        });
        Frame::Here { people: people.collect() }
    }

    /// A stream ends with its session, and is no activity of it.
    async fn signed_in(&self) -> Result<bool, ServiceError> {
        Ok(self.service.session(&self.token, false).await? == Some(self.worker))
    }

    /// What happened since the cursor, in this viewer's eyes.
    async fn news(&mut self) -> Result<Option<Frame>, ServiceError> {
        let seen = {
            let state = self.live.look().await;
            if state.seq == self.cursor {
                return Ok(None);
            }
            if !state.room.known_to(&self.viewer) {
                return Ok(Some(Frame::Ended));
            }
            // A joiner gets collected text, never the updates that led there: what was pasted and taken
            // out again while they were away is gone.
            let since = if self.greeted { state.since(self.cursor) } else { None };
            // Far behind, the view is shorter than the way there.
            let since = since.filter(|since| since.iter().map(|entry| weight(&entry.event)).sum::<usize>() <= BEHIND);
            let projected = since.map(|since| {
                let seen = since.iter().filter_map(|entry| project(entry, &state.room, &self.viewer));
                seen.collect::<Vec<Seen>>()
            });
            projected.map(|seen| (seen, state.seq))
        };
        let Some((seen, seq)) = seen else { return self.fresh().await.map(Some) };
        let mut entries = Vec::with_capacity(seen.len());
        for seen in seen {
            match seen {
                Seen::Entry { entry } => entries.push(entry),
                Seen::Reset => return self.fresh().await.map(Some),
            }
        }
        self.cursor = seq;
        Ok(if entries.is_empty() { None } else { Some(Frame::Entries { entries, cursor: seq }) })
    }

    async fn fresh(&mut self) -> Result<Frame, ServiceError> {
        match self.service.page_of(&self.viewer, &self.live).await {
            Ok(page) => {
                self.cursor = page.cursor;
                self.told = told(&page);
                Ok(Frame::View { page: Box::new(page) })
            }
            Err(ServiceError::NotFound) => Ok(Frame::Ended),
            Err(error) => Err(error),
        }
    }
}

fn weight(event: &Event) -> usize {
    if let Event::Typed { update, .. } = event { update.len() } else { 100 }
}

fn told(page: &MeetingPage) -> BTreeSet<WorkerId> {
    page.names.keys().copied().collect()
}
