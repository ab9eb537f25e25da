//! Rights, made from what is stored: each asks `domain::policy`, and what is not the viewer's is not found.

use crate::{Service, ServiceError};
use domain::policy::{
    AccessLogReader, ChildManager, DirectoryKeeper, FamilyAccessLogReader, FamilyLocker, FamilyManager, FamilyReader,
    FamilyStaff, MeetingPlanner, MeetingReader, MeetingRunner, NoteKeeper, Opener, RecordKeeper, RecordManager,
    RecordReader, RoleReader, Staff, TeamStaff, Ties,
};
use domain::status::MeetingPhase;
use domain::viewer::Viewer;
use domain::{DeliveryId, FamilyId, MeetingId, PersonId, RecordId, StepId, TeamId};
use std::collections::BTreeSet;
use store::family::Family;

const NOT_FOUND: ServiceError = ServiceError::NotFound;

impl Service {
    /// The right of somebody who serves at least one team.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer serves none.
    pub fn staff<'v>(&self, viewer: &'v Viewer) -> Result<Staff<'v>, ServiceError> {
        Staff::of(viewer).ok_or(NOT_FOUND)
    }

    /// The right over the directory of workers.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs.
    pub fn directory_keeper<'v>(&self, viewer: &'v Viewer) -> Result<DirectoryKeeper<'v>, ServiceError> {
        DirectoryKeeper::of(viewer).ok_or(NOT_FOUND)
    }

    /// The right to see who holds which role.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs.
    pub fn role_reader<'v>(&self, viewer: &'v Viewer) -> Result<RoleReader<'v>, ServiceError> {
        RoleReader::of(viewer).ok_or(NOT_FOUND)
    }

    /// The right to open a family that one does not work with.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs.
    pub fn opener<'v>(&self, viewer: &'v Viewer) -> Result<Opener<'v>, ServiceError> {
        Opener::of(viewer).ok_or(NOT_FOUND)
    }

    /// The right to read the access log of teams.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs.
    pub fn access_log<'v>(&self, viewer: &'v Viewer) -> Result<AccessLogReader<'v>, ServiceError> {
        AccessLogReader::of(viewer).ok_or(NOT_FOUND)
    }

    /// The families of a team as far as the viewer may know of them.
    pub(crate) async fn families_of_team(&self, viewer: &Viewer, team: TeamId) -> Result<Vec<Family>, ServiceError> {
        let families = self.inner.store.families_in(team.uuid()).await?;
        Ok(families.into_iter().filter(|family| !viewer.locked_out.contains(&family.id)).collect())
    }

    /// The right over a team.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not serve it.
    pub fn team_staff<'v>(&self, viewer: &'v Viewer, team: TeamId) -> Result<TeamStaff<'v>, ServiceError> {
        TeamStaff::of(viewer, Some(team)).ok_or(NOT_FOUND)
    }

    /// The right to read a family's workbook.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not know it exists.
    pub async fn family_reader<'v>(
        &self, viewer: &'v Viewer, family: FamilyId,
    ) -> Result<FamilyReader<'v>, ServiceError> {
        let row = self.inner.store.family(family).await?.ok_or(NOT_FOUND)?;
        let sees = viewer.sees_family(family, row.team());
        let runs_meeting = !sees && self.runs_meeting_on(viewer, family).await?;
        let stands_out = self.closed_to(viewer).await?.contains(&family);
        let opened = match sees || runs_meeting {
            true => None,
            false => self.inner.store.open_now(viewer.worker, family, self.inner.clock.now()).await?,
        };
        let ties = Ties { runs_meeting, stands_out, opened: opened.map(|opening| opening.kind) };
        FamilyReader::of(viewer, family, row.team(), ties).ok_or(NOT_FOUND)
    }

    /// The right to correct a family and its people.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not serve its team.
    pub async fn family_staff<'v>(
        &self, viewer: &'v Viewer, family: FamilyId,
    ) -> Result<FamilyStaff<'v>, ServiceError> {
        let row = self.inner.store.family(family).await?.ok_or(NOT_FOUND)?;
        FamilyStaff::of(viewer, family, row.team()).ok_or(NOT_FOUND)
    }

    /// The right to sign for a family.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not manage its team.
    pub async fn family_manager<'v>(
        &self, viewer: &'v Viewer, family: FamilyId,
    ) -> Result<FamilyManager<'v>, ServiceError> {
        self.family_reader(viewer, family).await?.manager().ok_or(NOT_FOUND)
    }

    /// The right to read who looked at a family.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs.
    pub async fn family_access_log<'v>(
        &self, viewer: &'v Viewer, family: FamilyId,
    ) -> Result<FamilyAccessLogReader<'v>, ServiceError> {
        FamilyAccessLogReader::of(self.family_reader(viewer, family).await?).ok_or(NOT_FOUND)
    }

    /// The right to lock a family.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs.
    pub async fn family_locker<'v>(
        &self, viewer: &'v Viewer, family: FamilyId,
    ) -> Result<FamilyLocker<'v>, ServiceError> {
        self.family_manager(viewer, family).await?.locker().ok_or(NOT_FOUND)
    }

    /// The right to read a child's record.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not know it exists.
    pub async fn record_reader<'v>(
        &self, viewer: &'v Viewer, record: RecordId,
    ) -> Result<RecordReader<'v>, ServiceError> {
        let record = self.inner.store.record(record.uuid()).await?.ok_or(NOT_FOUND)?;
        RecordReader::of(self.family_reader(viewer, record.family).await?, &record).ok_or(NOT_FOUND)
    }

    /// The right to keep a child's record.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not serve the family's team.
    pub async fn record_keeper<'v>(
        &self, viewer: &'v Viewer, record: RecordId,
    ) -> Result<RecordKeeper<'v>, ServiceError> {
        self.record_reader(viewer, record).await?.keeper().ok_or(NOT_FOUND)
    }

    /// The right to answer for a child's record.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not manage the family's team.
    pub async fn record_manager<'v>(
        &self, viewer: &'v Viewer, record: RecordId,
    ) -> Result<RecordManager<'v>, ServiceError> {
        self.record_reader(viewer, record).await?.manager().ok_or(NOT_FOUND)
    }

    /// The right to keep the record that a delivery carries.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not serve the family's team.
    pub async fn delivery_keeper<'v>(
        &self, viewer: &'v Viewer, delivery: DeliveryId,
    ) -> Result<RecordKeeper<'v>, ServiceError> {
        let row = self.inner.store.delivery(delivery).await?.ok_or(NOT_FOUND)?;
        self.record_keeper(viewer, row.record_id).await
    }

    /// The right to end our copy of a child's records.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not manage the teams of all the child's families.
    pub async fn child_manager<'v>(
        &self, viewer: &'v Viewer, child: PersonId,
    ) -> Result<ChildManager<'v>, ServiceError> {
        let records = self.inner.store.records_of_child(child).await?;
        let families: BTreeSet<FamilyId> = records.iter().map(|record| record.family).collect();
        let mut teams = Vec::new();
        for family in families {
            teams.push(self.inner.store.family(family).await?.and_then(|family| family.team()));
        }
        ChildManager::of(viewer, child, &records, &teams).ok_or(NOT_FOUND)
    }

    /// The right to know of a meeting.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to know.
    pub async fn meeting_reader<'v>(
        &self, viewer: &'v Viewer, meeting: MeetingId,
    ) -> Result<MeetingReader<'v>, ServiceError> {
        let live = self.live(meeting).await?.ok_or(NOT_FOUND)?;
        let state = live.look().await;
        MeetingReader::of(&state.room, viewer).ok_or(NOT_FOUND)
    }

    /// The right of whoever chairs or takes the record of a meeting.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where somebody else does.
    pub async fn meeting_runner<'v>(
        &self, viewer: &'v Viewer, meeting: MeetingId,
    ) -> Result<MeetingRunner<'v>, ServiceError> {
        let live = self.live(meeting).await?.ok_or(NOT_FOUND)?;
        let state = live.look().await;
        MeetingRunner::of(&state.room, viewer).ok_or(NOT_FOUND)
    }

    /// The right over one's own running note of a meeting.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for whoever has never run it.
    pub async fn note_keeper<'v>(
        &self, viewer: &'v Viewer, meeting: MeetingId,
    ) -> Result<NoteKeeper<'v>, ServiceError> {
        let live = self.live(meeting).await?.ok_or(NOT_FOUND)?;
        let state = live.look().await;
        NoteKeeper::of(&state.room, viewer).ok_or(NOT_FOUND)
    }

    /// The right over a meeting's plan.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to change.
    pub async fn meeting_planner<'v>(
        &self, viewer: &'v Viewer, meeting: MeetingId,
    ) -> Result<MeetingPlanner<'v>, ServiceError> {
        let live = self.live(meeting).await?.ok_or(NOT_FOUND)?;
        let state = live.look().await;
        MeetingPlanner::of(&state.room, viewer).ok_or(NOT_FOUND)
    }

    /// The right to give a step to somebody else: of who serves its family's team and did not stand out of the discussion
    /// it is from.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs.
    pub async fn step_staff<'v>(&self, viewer: &'v Viewer, step: StepId) -> Result<FamilyStaff<'v>, ServiceError> {
        let step = self.inner.store.step(step).await?.ok_or(NOT_FOUND)?;
        let stood_out = self.inner.store.stood_out(viewer.worker).await?;
        let staff = self.family_staff(viewer, step.family_id).await?;
        if stood_out.contains(&(step.meeting_id, step.family_id)) { Err(NOT_FOUND) } else { Ok(staff) }
    }

    /// The families that are closed to them everywhere: locked for others, or they stand out of the discussion in a meeting
    /// that is open, or planned for today or later.
    pub(crate) async fn closed_to(&self, viewer: &Viewer) -> Result<BTreeSet<FamilyId>, ServiceError> {
        let mut families = viewer.locked_out.clone();
        let today = self.inner.clock.today();
        let meetings = self.inner.store.meetings_since(today - chrono::TimeDelta::days(31)).await?;
        let planned: BTreeSet<MeetingId> = meetings
            .iter()
            .filter(|row| row.phase == MeetingPhase::Planned && row.held_on >= today)
            .map(|row| row.id)
            .collect();
        if !planned.is_empty() {
            let out = self.inner.store.stood_out(viewer.worker).await?;
            families.extend(out.into_iter().filter(|(meeting, _)| planned.contains(meeting)).map(|(_, family)| family));
        }
        for meeting in meetings.into_iter().filter(|row| row.phase == MeetingPhase::Open) {
            let Some(live) = self.live(meeting.id).await? else { continue };
            let state = live.look().await;
            let out = state.room.slots.iter().filter(|slot| !slot.progress.frozen() && slot.is_stood_out_by(viewer));
            families.extend(out.filter_map(|slot| slot.family));
        }
        Ok(families)
    }

    async fn runs_meeting_on(&self, viewer: &Viewer, family: FamilyId) -> Result<bool, ServiceError> {
        // A meeting that nobody closed is over the day after.
        let since = self.inner.clock.today() - chrono::TimeDelta::days(1);
        let meetings = self.inner.store.meetings_since(since).await?;
        let run: BTreeSet<_> = meetings
            .iter()
            .filter(|meeting| meeting.phase != MeetingPhase::Closed)
            .filter(|meeting| meeting.chair == viewer.worker || meeting.record_taker == Some(viewer.worker.uuid()))
            .map(|meeting| meeting.id)
            .collect();
        if run.is_empty() {
            return Ok(false);
        }
        let slots = self.inner.store.slots_since(since).await?;
        Ok(slots.iter().any(|slot| slot.family_id == family && run.contains(&slot.meeting_id)))
    }
}
