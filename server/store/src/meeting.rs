//! Projections of meetings' journals, for questions across meetings.

use crate::{Store, StoreError, Tx};
use chrono::NaiveDate;
use domain::meeting::Room;
use domain::status::{MeetingPhase, SlotProgress};
use domain::{FamilyId, MeetingId, SlotId, TeamId, WorkerId};
use uuid::Uuid;

/// A meeting on a list.
#[derive(Debug, Clone, PartialEq)]
pub struct MeetingRow {
    /// Its id.
    pub id: MeetingId,
    /// Whose.
    pub team_id: TeamId,
    /// The day, in London.
    pub held_on: NaiveDate,
    /// The start in London, "09:30".
    pub starts: String,
    /// Place or link.
    pub place: String,
    /// Minutes booked.
    pub booked: i64,
    /// Who chairs.
    pub chair: WorkerId,
    /// Who takes the record.
    pub record_taker: Option<Uuid>,
    /// Whether it is still to come.
    pub phase: MeetingPhase,
}

row!(MeetingRow { id, team_id, held_on, starts, place, booked, chair, record_taker, phase });

/// A family's place on a meeting's agenda.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotRow {
    /// Its id.
    pub id: SlotId,
    /// Which meeting.
    pub meeting_id: MeetingId,
    /// Which family.
    pub family_id: FamilyId,
    /// Place in the order, from 0.
    pub position: i64,
    /// Minutes planned.
    pub minutes: i64,
    /// How far it has come.
    pub progress: SlotProgress,
    /// The next supervision that was agreed.
    pub next_on: Option<NaiveDate>,
}

row!(SlotRow { id, meeting_id, family_id, position, minutes, progress, next_on });

/// A family's place on one of its meetings' agendas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilySlot {
    /// Which meeting.
    pub meeting_id: MeetingId,
    /// The meeting's day.
    pub held_on: NaiveDate,
    /// Planned, open or closed.
    pub phase: MeetingPhase,
    /// How far the discussion has come.
    pub progress: SlotProgress,
    /// The next supervision that was agreed in it.
    pub next_on: Option<NaiveDate>,
}

row!(FamilySlot { meeting_id, held_on, phase, progress, next_on });

/// What a room looks like in the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct MeetingRows {
    /// The meeting.
    pub meeting: MeetingRow,
    /// Its agenda, in order.
    pub slots: Vec<SlotRow>,
    /// Who was brought in for which slot.
    pub brought_in: Vec<(SlotId, WorkerId)>,
    /// Who stands out of which slot's discussion.
    pub out: Vec<(SlotId, WorkerId)>,
    /// Families taken off its agenda while it was open.
    pub put_off: Vec<FamilyId>,
}

/// The rows a room has. Pure, so that tests and the rebuild compare with the same rule.
#[must_use]
pub fn rows(room: &Room) -> MeetingRows {
    let slots = room.slots.iter().enumerate().filter_map(|(position, slot)| {
        Some(SlotRow {
            id: slot.id,
            meeting_id: room.id,
            family_id: slot.family?,
            position: i64::try_from(position).expect("a meeting has few families"),
            minutes: i64::from(slot.minutes),
            progress: (&slot.progress).into(),
            next_on: slot.next_date,
        })
    });
    let brought_in = room.slots.iter().flat_map(|slot| {
        let brought = slot.members.iter().filter(|(_, member)| member.brought_in.is_some());
        brought.map(|(worker, _)| (slot.id, *worker))
    });
    let out = room.slots.iter().flat_map(|slot| {
        let out = slot.standing_out.iter().filter(|(_, out)| **out);
        out.map(|(worker, _)| (slot.id, *worker))
    });
    MeetingRows {
        meeting: MeetingRow {
            id: room.id,
            team_id: room.team,
            held_on: room.held_on,
            starts: room.starts.format("%H:%M").to_string(),
            place: room.place.clone(),
            booked: i64::from(room.booked),
            chair: room.chair,
            record_taker: room.record_taker.map(WorkerId::uuid),
            phase: (&room.phase).into(),
        },
        slots: slots.collect(),
        brought_in: brought_in.collect(),
        out: out.collect(),
        put_off: room.put_off.iter().copied().collect(),
    }
}

impl Store {
    /// Meetings held on or after a day, earliest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn meetings_since(&self, day: NaiveDate) -> Result<Vec<MeetingRow>, StoreError> {
        const READ: &str = "SELECT id, team_id, held_on, starts, place, booked, chair, record_taker, phase \
             FROM meetings WHERE held_on >= $1 ORDER BY held_on, starts, id";
        Ok(fetch_all!(self, MeetingRow, READ, day)?)
    }

    /// Whether any meeting was ever planned.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn has_meetings(&self) -> Result<bool, StoreError> {
        Ok(fetch_optional!(self, (Uuid,), "SELECT id FROM meetings LIMIT 1")?.is_some())
    }

    /// Slots of meetings held on or after a day, in order.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn slots_since(&self, day: NaiveDate) -> Result<Vec<SlotRow>, StoreError> {
        const READ: &str = "SELECT s.id, s.meeting_id, s.family_id, s.position, s.minutes, s.progress, s.next_on \
             FROM slots s JOIN meetings m ON m.id = s.meeting_id WHERE m.held_on >= $1 ORDER BY s.meeting_id, s.position";
        Ok(fetch_all!(self, SlotRow, READ, day)?)
    }

    /// A family's places on agendas of meetings held on or after a day, earliest meeting first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn slots_of_since(&self, family: FamilyId, day: NaiveDate) -> Result<Vec<FamilySlot>, StoreError> {
        const READ: &str = "SELECT s.meeting_id, m.held_on, m.phase, s.progress, s.next_on \
             FROM slots s JOIN meetings m ON m.id = s.meeting_id WHERE s.family_id = $1 AND m.held_on >= $2 \
             ORDER BY m.held_on, m.starts, m.id";
        Ok(fetch_all!(self, FamilySlot, READ, family.uuid(), day)?)
    }

    /// The place in which a family was discussed last to its end.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn last_discussed(&self, family: FamilyId) -> Result<Option<FamilySlot>, StoreError> {
        const READ: &str = "SELECT s.meeting_id, m.held_on, m.phase, s.progress, s.next_on \
             FROM slots s JOIN meetings m ON m.id = s.meeting_id WHERE s.family_id = $1 AND s.progress = 'finished' \
             ORDER BY m.held_on DESC, m.starts DESC, m.id DESC LIMIT 1";
        Ok(fetch_optional!(self, FamilySlot, READ, family.uuid())?)
    }

    /// Families taken off the agendas of meetings held on or after a day, while those were open.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn put_off_since(&self, day: NaiveDate) -> Result<Vec<(MeetingId, FamilyId)>, StoreError> {
        const READ: &str = "SELECT p.meeting_id, p.family_id FROM put_off p JOIN meetings m ON m.id = p.meeting_id \
             WHERE m.held_on >= $1 ORDER BY p.meeting_id, p.family_id";
        let rows = fetch_all!(self, (Uuid, Uuid), READ, day)?;
        Ok(rows.into_iter().map(|(meeting, family)| (MeetingId::new(meeting), FamilyId::new(family))).collect())
    }

    /// The discussions that a worker stood out of, also with another entry of theirs: which meeting's, on which family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn stood_out(&self, worker: WorkerId) -> Result<Vec<(MeetingId, FamilyId)>, StoreError> {
        const READ: &str = "SELECT s.meeting_id, s.family_id FROM slot_out o JOIN slots s ON s.id = o.slot_id \
             WHERE o.worker_id IN (SELECT w.id FROM workers w WHERE w.id = $1 OR w.same_as = $1)";
        let rows = fetch_all!(self, (Uuid, Uuid), READ, worker.uuid())?;
        Ok(rows.into_iter().map(|(meeting, family)| (MeetingId::new(meeting), FamilyId::new(family))).collect())
    }

    /// The discussions that a worker was brought in for: which meeting's, at which place.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn brought_in_for(&self, worker: WorkerId) -> Result<Vec<(MeetingId, SlotId)>, StoreError> {
        const READ: &str =
            "SELECT s.meeting_id, s.id FROM brought_in b JOIN slots s ON s.id = b.slot_id WHERE b.worker_id = $1";
        let rows = fetch_all!(self, (Uuid, Uuid), READ, worker.uuid())?;
        Ok(rows.into_iter().map(|(meeting, slot)| (MeetingId::new(meeting), SlotId::new(slot))).collect())
    }

    /// One meeting's rows as they stand, for comparing with its journal.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn meeting_rows(&self, id: MeetingId) -> Result<Option<MeetingRows>, StoreError> {
        const MEETING: &str = "SELECT id, team_id, held_on, starts, place, booked, chair, record_taker, phase \
             FROM meetings WHERE id = $1";
        const SLOTS: &str = "SELECT id, meeting_id, family_id, position, minutes, progress, next_on FROM slots \
             WHERE meeting_id = $1 ORDER BY position";
        const BROUGHT_IN: &str = "SELECT b.slot_id, b.worker_id FROM brought_in b JOIN slots s ON s.id = b.slot_id \
             WHERE s.meeting_id = $1 ORDER BY s.position, b.worker_id";
        let Some(meeting) = fetch_optional!(self, MeetingRow, MEETING, id.uuid())? else { return Ok(None) };
        let slots = fetch_all!(self, SlotRow, SLOTS, id.uuid())?;
        let brought_in = fetch_all!(self, (Uuid, Uuid), BROUGHT_IN, id.uuid())?;
        let brought_in =
            brought_in.into_iter().map(|(slot, worker)| (SlotId::new(slot), WorkerId::new(worker))).collect();
        const OUT: &str = "SELECT o.slot_id, o.worker_id FROM slot_out o JOIN slots s ON s.id = o.slot_id \
             WHERE s.meeting_id = $1 ORDER BY s.position, o.worker_id";
        let out = fetch_all!(self, (Uuid, Uuid), OUT, id.uuid())?;
        let out = out.into_iter().map(|(slot, worker)| (SlotId::new(slot), WorkerId::new(worker))).collect();
        const PUT_OFF: &str = "SELECT family_id FROM put_off WHERE meeting_id = $1 ORDER BY family_id";
        let put_off = fetch_all!(self, (Uuid,), PUT_OFF, id.uuid())?;
        let put_off = put_off.into_iter().map(|(family,)| FamilyId::new(family)).collect();
        Ok(Some(MeetingRows { meeting, slots, brought_in, out, put_off }))
    }
}

impl Tx {
    /// Projection: takes a meeting's rows as they are now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_meeting(&mut self, rows: &MeetingRows) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO meetings (id, team_id, held_on, starts, place, booked, chair, record_taker, phase) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET held_on = excluded.held_on, \
             starts = excluded.starts, place = excluded.place, booked = excluded.booked, chair = excluded.chair, \
             record_taker = excluded.record_taker, phase = excluded.phase";
        const FORGET_GUESTS: &str =
            "DELETE FROM brought_in WHERE slot_id IN (SELECT id FROM slots WHERE meeting_id = $1)";
        const SLOT: &str = "INSERT INTO slots (id, meeting_id, family_id, position, minutes, progress, next_on) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let meeting = &rows.meeting;
        execute!(
            self,
            KEEP,
            meeting.id.uuid(),
            meeting.team_id.uuid(),
            meeting.held_on,
            meeting.starts.as_str(),
            meeting.place.as_str(),
            meeting.booked,
            meeting.chair.uuid(),
            meeting.record_taker,
            meeting.phase.word(),
        )?;
        const FORGET_OUT: &str = "DELETE FROM slot_out WHERE slot_id IN (SELECT id FROM slots WHERE meeting_id = $1)";
        execute!(self, FORGET_GUESTS, meeting.id.uuid())?;
        execute!(self, FORGET_OUT, meeting.id.uuid())?;
        execute!(self, "DELETE FROM slots WHERE meeting_id = $1", meeting.id.uuid())?;
        execute!(self, "DELETE FROM put_off WHERE meeting_id = $1", meeting.id.uuid())?;
        for slot in &rows.slots {
            execute!(
                self,
                SLOT,
                slot.id.uuid(),
                slot.meeting_id.uuid(),
                slot.family_id.uuid(),
                slot.position,
                slot.minutes,
                slot.progress.word(),
                slot.next_on,
            )?;
        }
        for family in &rows.put_off {
            const PUT_OFF: &str = "INSERT INTO put_off (meeting_id, family_id) VALUES ($1, $2)";
            execute!(self, PUT_OFF, meeting.id.uuid(), family.uuid())?;
        }
        for (slot, worker) in &rows.out {
            const OUT: &str = "INSERT INTO slot_out (slot_id, worker_id) VALUES ($1, $2)";
            execute!(self, OUT, slot.uuid(), worker.uuid())?;
        }
        for (slot, worker) in &rows.brought_in {
            const BROUGHT_IN: &str = "INSERT INTO brought_in (slot_id, worker_id) VALUES ($1, $2)";
            execute!(self, BROUGHT_IN, slot.uuid(), worker.uuid())?;
        }
        Ok(())
    }
}
