//! Planning: who is due, and what becomes a plan.

use crate::meeting::room::Outcome;
use crate::writer::{Row, Write};
use crate::{Service, ServiceError};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use domain::meeting::{Command, Entry, Event, Plan, Room, SlotPlan, checked_plan};
use domain::policy::{MeetingPlanner, TeamStaff};
use domain::status::{MeetingPhase, SlotProgress};
use domain::viewer::Viewer;
use domain::{CommandId, FamilyId, MeetingId, SlotId, TeamId, WorkerId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::journal::{Append, JournalKind, Written};

/// A family on the list of those due, longest ago first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueFamily {
    /// Which.
    pub id: FamilyId,
    /// "FS-3012".
    pub reference: String,
    /// First names and ages.
    pub children: String,
    /// Plans.
    pub plan: String,
    /// "27 days ago".
    pub discussed: String,
    /// The day itself.
    pub discussed_on: Option<NaiveDate>,
    /// Whether it is later than it should be.
    pub overdue: bool,
    /// Whether its next meeting is near or late.
    pub due: bool,
    /// Who is allocated, by name.
    pub workers: Vec<(WorkerId, String)>,
    /// The meeting it is planned for already.
    pub planned: Option<NaiveDate>,
    /// The next supervision that its last meeting agreed.
    pub agreed_for: Option<NaiveDate>,
    /// Whether its last meeting did not come to it, or put it off.
    pub postponed: bool,
}

impl DueFamily {
    /// Whether it is to be planned: its month is over, or its last meeting agreed this day or did not come to it.
    #[must_use]
    pub fn waits(&self, today: NaiveDate) -> bool {
        self.due || self.promised(today)
    }

    /// Whether its last meeting agreed a day up to this one, or did not come to it.
    fn promised(&self, day: NaiveDate) -> bool {
        self.postponed || self.agreed_for.is_some_and(|agreed| agreed <= day)
    }
}

/// What a family's last meeting left for the next one.
#[derive(Debug, Clone, Copy, Default)]
struct LastMeeting {
    agreed_for: Option<NaiveDate>,
    postponed: bool,
}

/// How far back a family's last meeting is looked for: a quarter, for teams that miss a month or two.
const REMEMBERED: TimeDelta = TimeDelta::days(92);

/// One family with its minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFamily {
    /// Which.
    pub family: FamilyId,
    /// Minutes.
    pub minutes: u32,
}

/// What a plan's form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMeeting {
    /// Whose.
    pub team: TeamId,
    /// The day.
    pub held_on: NaiveDate,
    /// The start in London.
    pub starts: NaiveTime,
    /// Minutes booked.
    pub booked: u32,
    /// Place or link.
    pub place: String,
    /// The template's key; empty for the default. A meeting that is changed keeps its own.
    pub template: String,
    /// Who chairs.
    pub chair: WorkerId,
    /// Who takes the record.
    pub record_taker: Option<WorkerId>,
    /// The families in order.
    pub families: Vec<PlannedFamily>,
}

impl Service {
    /// The families of a team that are worked with, for a meeting on a day: those agreed for it or postponed last time
    /// first, then longest undiscussed first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn due(&self, staff: TeamStaff<'_>, day: NaiveDate) -> Result<Vec<DueFamily>, ServiceError> {
        self.due_of(staff.viewer(), staff.team(), day).await
    }

    /// As above, as far as the viewer may know of the families.
    pub(crate) async fn due_of(
        &self, viewer: &Viewer, team: TeamId, day: NaiveDate,
    ) -> Result<Vec<DueFamily>, ServiceError> {
        let today = self.inner.clock.today();
        let open: BTreeSet<FamilyId> = self.inner.store.open_families(team.uuid()).await?.into_iter().collect();
        let planned = self.planned_days(today).await?;
        let last = self.last_meetings(today).await?;
        let mut due: Vec<DueFamily> = self
            .cards(team.uuid(), viewer)
            .await?
            .into_values()
            .filter(|card| open.contains(&card.id))
            .map(|card| DueFamily {
                id: card.id,
                reference: card.reference.clone(),
                children: card.children_line(),
                plan: card.plan_line(),
                discussed: card.discussed_words.clone(),
                discussed_on: card.discussed,
                overdue: domain::due::days_since(card.discussed, today)
                    .is_none_or(|days| days > domain::due::OVERDUE_DAYS),
                due: domain::due::days_since(card.discussed, today).is_none_or(|days| days >= domain::due::DUE_DAYS),
                workers: {
                    let mut workers: Vec<_> =
                        card.allocated.iter().filter_map(|who| Some((who.worker?, who.name.clone()))).collect();
                    workers.dedup();
                    workers
                },
                planned: planned.get(&card.id).copied(),
                agreed_for: last.get(&card.id).and_then(|last| last.agreed_for),
                postponed: last.get(&card.id).is_some_and(|last| last.postponed),
            })
            .collect();
        due.sort_by(|a, b| {
            let promised = b.promised(day).cmp(&a.promised(day));
            promised.then_with(|| a.discussed_on.cmp(&b.discussed_on)).then_with(|| a.reference.cmp(&b.reference))
        });
        Ok(due)
    }

    /// What the last closed meeting of each family agreed for the next one.
    async fn last_meetings(&self, today: NaiveDate) -> Result<BTreeMap<FamilyId, LastMeeting>, ServiceError> {
        let (store, since) = (&self.inner.store, today - REMEMBERED);
        let meetings = store.meetings_since(since).await?;
        let slots = store.slots_since(since).await?;
        let put_off = store.put_off_since(since).await?;
        let mut last: BTreeMap<FamilyId, LastMeeting> = BTreeMap::new();
        // Earliest first, so that the latest stays.
        for meeting in meetings.iter().filter(|meeting| meeting.phase == MeetingPhase::Closed) {
            for slot in slots.iter().filter(|slot| slot.meeting_id == meeting.id) {
                let latest = last.entry(slot.family_id).or_default();
                latest.postponed = slot.progress != SlotProgress::Finished;
                if let SlotProgress::Finished = slot.progress {
                    latest.agreed_for = slot.next_on;
                }
            }
            for (_, family) in put_off.iter().filter(|(of, _)| *of == meeting.id) {
                last.entry(*family).or_default().postponed = true;
            }
        }
        Ok(last)
    }

    /// The day each family is next planned for.
    async fn planned_days(&self, today: NaiveDate) -> Result<BTreeMap<FamilyId, NaiveDate>, ServiceError> {
        let store = &self.inner.store;
        let days: BTreeMap<MeetingId, NaiveDate> = store
            .meetings_since(today)
            .await?
            .into_iter()
            .filter(|meeting| meeting.phase != MeetingPhase::Closed)
            .map(|meeting| (meeting.id, meeting.held_on))
            .collect();
        let mut planned = BTreeMap::new();
        for slot in store.slots_since(today).await?.iter().filter(|slot| slot.progress == SlotProgress::Waiting) {
            if let Some(day) = days.get(&slot.meeting_id) {
                planned.entry(slot.family_id).or_insert(*day);
            }
        }
        Ok(planned)
    }

    /// Plans a meeting.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is another team's; where something in the plan cannot be used.
    pub async fn plan_meeting(&self, staff: TeamStaff<'_>, new: &NewMeeting) -> Result<MeetingId, ServiceError> {
        if staff.team() != new.team {
            return Err(ServiceError::NotFound);
        }
        let directory = self.directory().await?;
        if !directory.is_colleague(new.chair) {
            return Err(ServiceError::field("chair", "Choose who chairs."));
        }
        if new.record_taker.is_some_and(|taker| !directory.is_colleague(taker)) {
            return Err(ServiceError::field("record_taker", "Choose who takes the record."));
        }
        self.check_team_families(staff.viewer(), new).await?;
        self.check_locks(new).await?;
        let template =
            self.inner.templates.iter().find(|template| template.key == new.template || new.template.is_empty());
        let template = template.ok_or_else(|| ServiceError::field("template", "Choose a template from the list."))?;
        let plan = checked_plan(&self.as_plan(new, None))?;
        let id = MeetingId::new(self.new_uuid());
        let first = Entry {
            seq: 1,
            at: self.inner.clock.now(),
            by: staff.viewer().worker,
            event: Event::Planned {
                meeting: id,
                team: new.team,
                chair: new.chair,
                record_taker: new.record_taker.filter(|taker| *taker != new.chair),
                plan,
                template: Box::new(template.clone()),
            },
        };
        let room = Room::planned(&first).expect("the first event plans");
        let write = Write {
            appends: vec![Append { kind: JournalKind::Meeting, journal: id.uuid(), events: vec![Written::of(&first)] }],
            rows: vec![Row::Meeting(store::meeting::rows(&room))],
            ..Write::default()
        };
        self.inner.writer.write(write).await?;
        Ok(id)
    }

    /// Changes a meeting's date, place or agenda. `revision` is that of the plan its sender saw.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it names another team; where something in the plan cannot be used.
    pub async fn replan_meeting(
        &self, planner: MeetingPlanner<'_>, revision: u32, new: &NewMeeting,
    ) -> Result<(), ServiceError> {
        let (viewer, meeting) = (planner.viewer(), planner.meeting());
        // The form's team is only its own word: a meeting stays its team's.
        if new.team != planner.team() {
            return Err(ServiceError::NotFound);
        }
        let plan = {
            let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
            let state = live.look().await;
            let mut plan = self.as_plan(new, Some(&state.room));
            // Who does not know of a family cannot take it off the agenda.
            let unseen = state.room.plan().slots.into_iter();
            plan.slots
                .extend(unseen.filter(|slot| slot.family.is_some_and(|family| viewer.locked_out.contains(&family))));
            plan
        };
        self.check_team_families(viewer, new).await?;
        self.check_locks(new).await?;
        let command = CommandId::new(self.new_uuid());
        match self
            .act(
                &Arc::new(viewer.clone()),
                meeting,
                command,
                super::Request::Command(Command::Replan { revision, plan }),
            )
            .await?
        {
            Outcome::Applied { .. } => Ok(()),
            Outcome::Refused { refusal } => Err(refusal.into()),
        }
    }

    async fn check_team_families(&self, viewer: &Viewer, new: &NewMeeting) -> Result<(), ServiceError> {
        let families: BTreeSet<FamilyId> =
            self.families_of_team(viewer, new.team).await?.into_iter().map(|family| family.id).collect();
        if new.families.iter().any(|planned| !families.contains(&planned.family)) {
            return Err(ServiceError::field(
                "families",
                "One of the families is not this team's. Reload and choose again.",
            ));
        }
        Ok(())
    }

    /// Whoever chairs and whoever takes the record must be among those a locked family is open to.
    async fn check_locks(&self, new: &NewMeeting) -> Result<(), ServiceError> {
        let directory = self.directory().await?;
        for lock in self.inner.store.locks().await? {
            if !new.families.iter().any(|planned| planned.family == lock.family) {
                continue;
            }
            let runs = [("chair", Some(new.chair)), ("record_taker", new.record_taker)];
            for (field, worker) in runs.into_iter().filter_map(|(field, who)| Some((field, who?))) {
                if !lock.named.contains(&worker) {
                    let name = directory.name(worker);
                    let message = format!(
                        "A family on this agenda is locked, and {name} is not among the people named for it. Choose somebody who is, or plan the family in a meeting of its own."
                    );
                    return Err(ServiceError::field(field, message));
                }
            }
        }
        Ok(())
    }

    fn as_plan(&self, new: &NewMeeting, room: Option<&Room>) -> Plan {
        let slots = new.families.iter().map(|planned| SlotPlan {
            slot: room
                .and_then(|room| room.slot_of(planned.family))
                .map_or_else(|| SlotId::new(self.new_uuid()), |slot| slot.id),
            family: Some(planned.family),
            minutes: planned.minutes,
        });
        Plan {
            held_on: new.held_on,
            starts: new.starts,
            place: new.place.clone(),
            booked: new.booked,
            slots: slots.collect(),
        }
    }

    /// The team's latest meeting, to be copied forward: same start, place and length, its families
    /// that are still worked with, in the same order and minutes.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn copy_forward(&self, staff: TeamStaff<'_>) -> Result<Option<NewMeeting>, ServiceError> {
        let team = staff.team();
        let store = &self.inner.store;
        let since = self.inner.clock.today() - TimeDelta::days(120);
        let Some(last) = store.meetings_since(since).await?.into_iter().rfind(|meeting| {
            meeting.team_id == team
                && (meeting.phase == MeetingPhase::Closed || meeting.held_on < self.inner.clock.today())
        }) else {
            return Ok(None);
        };
        let open: BTreeSet<FamilyId> = store.open_families(team.uuid()).await?.into_iter().collect();
        let slots = store.slots_since(since).await?;
        let families = slots
            .iter()
            .filter(|slot| slot.meeting_id == last.id && open.contains(&slot.family_id))
            .map(|slot| PlannedFamily { family: slot.family_id, minutes: u32::try_from(slot.minutes).unwrap_or(45) })
            .collect();
        Ok(Some(NewMeeting {
            template: String::new(),
            team,
            held_on: last.held_on + TimeDelta::weeks(4),
            starts: NaiveTime::parse_from_str(&last.starts, "%H:%M").unwrap_or_default(),
            booked: u32::try_from(last.booked).unwrap_or(180),
            place: last.place,
            chair: last.chair,
            record_taker: last.record_taker.map(WorkerId::new),
            families,
        }))
    }

    /// A planned meeting as its form shows it, and the revision of its plan.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn plan_of(&self, planner: MeetingPlanner<'_>) -> Result<(NewMeeting, u32), ServiceError> {
        let live = self.live(planner.meeting()).await?.ok_or(ServiceError::NotFound)?;
        let state = live.look().await;
        let room = &state.room;
        let plan = NewMeeting {
            template: String::new(),
            team: room.team,
            held_on: room.held_on,
            starts: room.starts,
            booked: room.booked,
            place: room.place.clone(),
            chair: room.chair,
            record_taker: room.record_taker,
            families: room
                .slots
                .iter()
                .filter_map(|slot| Some(PlannedFamily { family: slot.family?, minutes: slot.minutes }))
                .collect(),
        };
        Ok((plan, room.plan_revision))
    }
}
