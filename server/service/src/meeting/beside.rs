//! One family's discussion, for the parts of the meeting's page that come as HTML.

use crate::people::absence::Absences;
use crate::workbook::family::Earlier;
use crate::{Service, ServiceError};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::dates;
use domain::meeting::{Progress, Room, Slot, view};
use domain::page::{FamilyCard, FamilyPage};
use domain::policy::MeetingReader;
use domain::record::Names;
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, PersonId, SlotId, TeamId, WorkerId};
use std::collections::BTreeMap;

/// What a part may show.
#[derive(Debug, Clone)]
pub struct DiscussionPage {
    /// The room as the viewer may see it.
    pub room: Room,
    /// The slot as the viewer may see it.
    pub slot: Slot,
    /// The family, with its workbook.
    pub family: FamilyPage,
    /// Everybody's names.
    pub names: Names,
    /// Whom the chair may bring in, the team's own first.
    pub offered: Vec<WorkerId>,
    /// Who looks.
    pub me: WorkerId,
    /// Whether they chair.
    pub chairs: bool,
    /// Whether they chair or take the record.
    pub runs: bool,
    /// Whether they can acknowledge an urgent risk.
    pub acknowledges: bool,
    /// Whether they take part, and it can still be written in.
    pub writes: bool,
    /// The rest of the agenda.
    pub coming: Vec<ToCome>,
    /// Numbers of the last meeting in which the scales were shown, lowest first: by question and child.
    pub last_numbers: BTreeMap<(String, Option<PersonId>), Vec<u8>>,
    /// Who is away when.
    pub absences: Absences,
    /// Where the meeting's journal stands.
    pub seq: i64,
    /// Today.
    pub today: NaiveDate,
}

impl DiscussionPage {
    /// Whether the viewer may take away what `by` wrote down: it is theirs, or they run the meeting.
    #[must_use]
    pub fn may_take_away(&self, by: WorkerId) -> bool {
        self.runs || by == self.me
    }

    /// Whether somebody has said that they are away today.
    #[must_use]
    pub fn away_today(&self, worker: WorkerId) -> bool {
        self.absences.until(worker, self.today).is_some()
    }

    /// A worker's name.
    #[must_use]
    pub fn name(&self, worker: WorkerId) -> &str {
        self.names.get(&worker).map_or("unknown worker", |named| named.name.as_str())
    }
}

/// One family that is still to come, with when it is likely to begin now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCome {
    /// Its slot.
    pub slot: SlotId,
    /// The reference, where the viewer may see it.
    pub reference: Option<String>,
    /// When it was planned to begin.
    pub planned: String,
    /// When it is likely to begin now.
    pub likely: String,
    /// Minutes.
    pub minutes: u32,
    /// Whether it has not begun, and can be moved or left for another day.
    pub movable: bool,
    /// Who waits for it, by name.
    pub waiting: Vec<String>,
}

impl Service {
    /// What was given the last time this family's numbers were shown.
    async fn last_numbers(
        &self, viewer: &Viewer, family: FamilyId, now: MeetingId,
    ) -> Result<BTreeMap<(String, Option<PersonId>), Vec<u8>>, ServiceError> {
        let mut numbers: BTreeMap<(String, Option<PersonId>), Vec<u8>> = BTreeMap::new();
        let parts = self.inner.store.parts_of_family(family).await?;
        for part in parts.into_iter().rev().filter(|part| part.meeting_id != now) {
            let Some(live) = self.live(part.meeting_id).await? else { continue };
            let state = live.look().await;
            let shown = |slot: &&Slot| slot.scales.revealed_at.is_some() && !slot.stands_out(viewer.worker);
            let Some(slot) = state.room.slot(part.slot_id).filter(shown) else {
                continue;
            };
            for given in &slot.scales.answers {
                numbers.entry((given.scale.clone(), given.child)).or_default().extend(given.answer.number());
            }
            break;
        }
        numbers.values_mut().for_each(|answers| answers.sort_unstable());
        Ok(numbers)
    }

    /// One family's discussion.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not read it.
    pub async fn discussion(&self, reader: MeetingReader<'_>, slot: SlotId) -> Result<DiscussionPage, ServiceError> {
        let (viewer, meeting) = (reader.viewer(), reader.meeting());
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let (room, seq) = {
            let state = live.look().await;
            (view(&state.room, viewer), state.seq)
        };
        // Of a part that the viewer may not read, the view holds no family.
        let slot = room.slot(slot).cloned().ok_or(ServiceError::NotFound)?;
        let family = slot.family.ok_or(ServiceError::NotFound)?;
        let mut pages = self.family_pages(meeting.uuid(), viewer, Earlier::LastYear).await?;
        let cards = pages.iter().map(|(id, page)| (*id, page.card.clone())).collect();
        let mut page = pages.remove(&family).ok_or(ServiceError::NotFound)?;
        let row = self.inner.store.family(family).await?.ok_or(ServiceError::NotFound)?;
        let closed = room.is_closed();
        if closed && !viewer.sees_family(family, row.team_id.map(TeamId::new)) {
            page.reduce();
        }
        let last_numbers = match slot.scales.revealed_at {
            Some(_) => self.last_numbers(viewer, family, meeting).await?,
            None => BTreeMap::new(),
        };
        let now = self.inner.clock.now();
        let me = viewer.worker;
        let runs = room.runs(me);
        let directory = self.directory().await?;
        let part = room.takes_part(&slot, me, viewer.families.contains(&family));
        Ok(DiscussionPage {
            chairs: room.chair == me,
            runs,
            acknowledges: runs || viewer.manages.contains(&room.team),
            writes: part && !slot.progress.frozen() && !closed,
            names: directory.names.clone(),
            offered: directory.offered(Some(room.team)),
            coming: to_come(&room, &cards, now),
            last_numbers,
            absences: self.absences().await?,
            seq,
            today: self.inner.clock.today(),
            me,
            family: page,
            slot,
            room,
        })
    }
}

/// The families still to come, with when each is likely to begin now.
fn to_come(room: &Room, cards: &BTreeMap<FamilyId, FamilyCard>, now: DateTime<Utc>) -> Vec<ToCome> {
    let begins = dates::from_london(room.held_on.and_time(room.starts));
    let mut planned = begins;
    let mut likely = now.max(begins);
    let mut coming = Vec::new();
    for slot in &room.slots {
        let at = planned;
        planned += TimeDelta::minutes(i64::from(slot.minutes));
        if slot.progress.frozen() {
            continue;
        }
        let left = (i64::from(slot.minutes) * 60 - slot.progress.spent(now)).max(0);
        let card = slot.family.and_then(|family| cards.get(&family));
        let mut waiting: Vec<String> =
            card.into_iter().flat_map(|card| card.allocated.iter().map(|who| who.name.clone())).collect();
        waiting.sort();
        waiting.dedup();
        coming.push(ToCome {
            slot: slot.id,
            reference: card.map(|card| card.reference.clone()),
            planned: dates::clock(at),
            likely: if slot.progress.in_discussion() { "now".to_owned() } else { dates::clock(likely) },
            minutes: slot.minutes,
            movable: slot.progress == Progress::Waiting && slot.boxes.is_empty(),
            waiting,
        });
        likely += TimeDelta::seconds(left);
    }
    coming
}
