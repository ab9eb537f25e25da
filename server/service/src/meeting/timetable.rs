//! Who is needed when, what does not fit, who is needed in two places or is away.

use super::NewMeeting;
use crate::{Service, ServiceError};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use domain::policy::TeamStaff;
use domain::status::{MeetingPhase, SlotProgress};
use domain::{MeetingId, WorkerId, dates};
use std::collections::{BTreeMap, BTreeSet};

/// Who is needed when, and what does not fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timetable {
    /// When the agenda ends.
    pub ends: Option<NaiveTime>,
    /// What does not fit, in sentences.
    pub warnings: Vec<String>,
    /// Each person with the times they are needed: "9:30–10:15 FS-3012".
    pub people: Vec<(String, Vec<String>)>,
}

/// One person's day: their name, the times in words, and the times.
type Needed = (String, Vec<String>, Vec<(NaiveTime, NaiveTime)>);

impl Service {
    /// Who is needed when, if this is the plan; `except` is the meeting being changed.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the plan is another team's.
    pub async fn timetable(
        &self, staff: TeamStaff<'_>, plan: &NewMeeting, except: Option<MeetingId>,
    ) -> Result<Timetable, ServiceError> {
        let viewer = staff.viewer();
        if staff.team() != plan.team {
            return Err(ServiceError::NotFound);
        }
        let minutes: u32 = plan.families.iter().map(|family| family.minutes).sum();
        let mut timetable =
            Timetable { ends: Some(plan.starts + TimeDelta::minutes(i64::from(minutes))), ..Timetable::default() };
        if minutes > plan.booked {
            timetable.warnings.push(format!(
                "The families take {minutes} minutes, the meeting has {}: {} too many.",
                plan.booked,
                minutes - plan.booked
            ));
        }
        let cards = self.cards(plan.team.uuid(), viewer).await?;
        let mut people: BTreeMap<WorkerId, Needed> = BTreeMap::new();
        let mut at = plan.starts;
        let whole = (plan.starts, plan.starts + TimeDelta::minutes(i64::from(minutes)));
        let directory = self.directory().await?;
        for (runs, part) in [(Some(plan.chair), "chairs"), (plan.record_taker, "takes the record")] {
            if let Some(worker) = runs {
                let name = directory.name(worker).to_owned();
                people.entry(worker).or_insert_with(|| (name, vec![part.to_owned()], vec![whole]));
            }
        }
        for planned in &plan.families {
            let ends = at + TimeDelta::minutes(i64::from(planned.minutes));
            if let Some(card) = cards.get(&planned.family) {
                let workers: BTreeSet<_> =
                    card.allocated.iter().filter_map(|who| Some((who.worker?, who.name.clone()))).collect();
                for (worker, name) in workers {
                    let entry = people.entry(worker).or_insert_with(|| (name, Vec::new(), Vec::new()));
                    entry.1.push(format!("{}–{} {}", at.format("%H:%M"), ends.format("%H:%M"), card.reference));
                    entry.2.push((at, ends));
                }
            }
            at = ends;
        }
        for (worker, other, starts, ends) in self.elsewhere(plan.held_on, except).await? {
            if let Some((name, _, times)) = people.get(&worker)
                && times.iter().any(|(from, to)| *from < ends && starts < *to)
            {
                timetable.warnings.push(format!(
                    "{name} is needed in two places: here and {other} from {} to {}.",
                    starts.format("%H:%M"),
                    ends.format("%H:%M")
                ));
            }
        }
        let absences = self.absences().await?;
        for (worker, (name, times, _)) in &people {
            if let Some(ends) = absences.until(*worker, plan.held_on) {
                timetable.warnings.push(format!(
                    "{name} is away until {} and is needed: {}. Their summary can be read in.",
                    dates::plain_date(ends),
                    times.join(", ")
                ));
            }
        }
        timetable.warnings.dedup();
        timetable.people = people.into_values().map(|(name, times, _)| (name, times)).collect();
        timetable.people.sort();
        Ok(timetable)
    }

    /// Who is needed in other meetings of that day, and when.
    async fn elsewhere(
        &self, day: NaiveDate, except: Option<MeetingId>,
    ) -> Result<Vec<(WorkerId, String, NaiveTime, NaiveTime)>, ServiceError> {
        let store = &self.inner.store;
        let directory = self.directory().await?;
        let slots = store.slots_since(day).await?;
        let mut needed = Vec::new();
        for meeting in store.meetings_since(day).await? {
            if meeting.held_on != day || meeting.phase == MeetingPhase::Closed || Some(meeting.id) == except {
                continue;
            }
            let Ok(mut at) = NaiveTime::parse_from_str(&meeting.starts, "%H:%M") else { continue };
            let (other, mut begins) = (directory.team(meeting.team_id).to_owned(), None);
            let today = self.inner.clock.today();
            let allocations = store.allocations(meeting.id.uuid()).await?;
            for slot in slots.iter().filter(|slot| slot.meeting_id == meeting.id) {
                let ends = at + TimeDelta::minutes(slot.minutes);
                if matches!(slot.progress, SlotProgress::Finished | SlotProgress::Postponed) {
                    at = ends;
                    continue;
                }
                begins = begins.or(Some(at));
                let mut workers: Vec<WorkerId> = allocations
                    .iter()
                    .filter(|allocation| allocation.to_family == slot.family_id && allocation.current(today))
                    .filter_map(store::allocation::FamilyAllocation::worker)
                    .collect();
                workers.sort();
                workers.dedup();
                needed.extend(workers.into_iter().map(|worker| (worker, other.clone(), at, ends)));
                at = ends;
            }
            let running = [meeting.chair].into_iter().chain(meeting.record_taker.map(WorkerId::new));
            needed.extend(running.filter_map(|worker| Some((worker, other.clone(), begins?, at))));
        }
        Ok(needed)
    }
}
