//! The team's month: what is planned, open, to sign and overdue, and where families drift. About families, never about
//! workers.

use crate::{Service, ServiceError};
use domain::policy::Staff;
use domain::record::Record;
use domain::status::MeetingPhase;
use domain::viewer::Viewer;
use domain::{FamilyId, PersonId, TeamId, dates};
use std::collections::{BTreeMap, BTreeSet};

/// So many of each child's last records are looked at.
pub const LOOKED_BACK: u16 = 12;
/// A decision repeated for this many months is worth a look.
const REPEATED: usize = 3;
/// A step carried on this often is worth a look.
const CARRIED: i64 = 3;
/// Never fewer answers than these are shown.
const FEWEST: i64 = 5;

/// One team's month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamMonth {
    /// The team.
    pub team: String,
    /// Meetings planned or open.
    pub planned: usize,
    /// Families whose records wait for a signature.
    pub to_sign: usize,
    /// Steps that are open.
    pub open_steps: usize,
    /// Steps past their day.
    pub overdue_steps: usize,
    /// Families not discussed for more than thirty-five days.
    pub undiscussed: usize,
    /// Steps carried on three times or more.
    pub carried_often: usize,
    /// Children with the same decision for months.
    pub same_decision: usize,
    /// Which families these are; absent for whoever oversees the team.
    pub families: Option<DriftingFamilies>,
    /// The team's answers to the month's question; only months with five or more.
    pub opinions: Vec<MonthsOpinion>,
}

/// The families behind a month's figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DriftingFamilies {
    /// Not discussed for more than thirty-five days: which, and since when in words.
    pub overdue: Vec<(FamilyId, String, String)>,
    /// With steps carried on three times or more: the family, what, how often.
    pub carried: Vec<(FamilyId, String, String, i64)>,
    /// With the same decision for months: the family, the child's first name, the decision, how many times in a row.
    pub same_decision: Vec<(FamilyId, String, String, String, usize)>,
}

/// A month's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthsOpinion {
    /// "November 2026".
    pub month: String,
    /// Those who said yes, in percent.
    pub yes: i64,
    /// How many answered.
    pub answers: i64,
}

/// The answers one can give.
pub const ANSWERS: [(&str, &str); 3] = [("yes", "Yes"), ("partly", "For some families"), ("no", "No")];

impl Service {
    /// The month of the teams a viewer serves, and the figures of those they oversee.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn months(&self, staff: Staff<'_>) -> Result<Vec<TeamMonth>, ServiceError> {
        let viewer = staff.viewer();
        let mut months = Vec::new();
        let directory = self.directory().await?;
        let stood_out = self.inner.store.stood_out(viewer.worker).await?;
        let today = self.inner.clock.today();
        for team in staff.teams().union(&viewer.oversees).copied() {
            let store = &self.inner.store;
            let families = self.families_of_team(viewer, team).await?;
            if families.is_empty() {
                continue;
            }
            let reference = |id: FamilyId| {
                families
                    .iter()
                    .find(|family| family.id == id)
                    .map(|family| family.reference.clone())
                    .unwrap_or_default()
            };
            let mut steps = store.open_steps(team.uuid()).await?;
            steps.retain(|step| !stood_out.contains(&(step.meeting_id, step.family_id)));
            let open = steps.iter();
            let overdue = self.due_of(viewer, team, today).await?.into_iter();
            let overdue: Vec<_> = overdue
                .filter(|family| family.overdue && family.discussed_on.is_some())
                .map(|family| (family.id, family.reference, family.discussed))
                .collect();
            let carried: Vec<_> = open
                .clone()
                .filter(|step| step.carried >= CARRIED)
                .map(|step| (step.family_id, reference(step.family_id), step.what.clone(), step.carried))
                .collect();
            let mut drafts = store.drafts(team.uuid()).await?;
            drafts.retain(|record| !record.closed_to(viewer));
            let to_sign: BTreeSet<_> = drafts.iter().map(|record| (record.meeting, record.family)).collect();
            let meetings = store.meetings_since(today - chrono::TimeDelta::days(31)).await?;
            let members = store.members(team.uuid()).await?;
            let mut records = store.latest_records(team.uuid(), LOOKED_BACK.into()).await?;
            records.retain(|record| !record.closed_to(viewer));
            let same_decision = drifting(&records).into_iter().map(|(family, child, title, times)| {
                (family, reference(family), crate::names::first_name(&members, child), title, times)
            });
            let families = DriftingFamilies { overdue, carried, same_decision: same_decision.collect() };
            months.push(TeamMonth {
                team: directory.team(team).to_owned(),
                planned: meetings.iter().filter(|row| row.team_id == team && row.phase != MeetingPhase::Closed).count(),
                to_sign: to_sign.len(),
                open_steps: open.clone().count(),
                overdue_steps: open.clone().filter(|step| step.due.is_some_and(|due| due < today)).count(),
                undiscussed: families.overdue.len(),
                carried_often: families.carried.len(),
                same_decision: families.same_decision.len(),
                families: Some(families).filter(|_| viewer.serves(team)),
                opinions: self.opinions(team).await?,
            });
        }
        Ok(months)
    }

    async fn opinions(&self, team: TeamId) -> Result<Vec<MonthsOpinion>, ServiceError> {
        let mut months: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for (month, answer, count) in self.inner.store.opinions(team).await? {
            let (yes, all) = months.entry(month).or_default();
            *all += count;
            *yes += if answer == "yes" { count } else { 0 };
        }
        // A month that still runs would tell who just answered.
        let running = dates::month(self.inner.clock.today());
        let shown = months.into_iter().filter(|(month, (_, all))| *month < running && *all >= FEWEST);
        Ok(shown
            .map(|(month, (yes, answers))| MonthsOpinion {
                month: dates::month_name(&month),
                yes: yes * 100 / answers,
                answers,
            })
            .collect())
    }

    /// Teams whose meeting of this month the viewer took part in and has not said anything of; none where the template
    /// does not ask.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn asked_afterwards(&self, viewer: &Viewer) -> Result<Vec<(TeamId, String)>, ServiceError> {
        if !self.inner.template.meeting.asks_afterwards {
            return Ok(Vec::new());
        }
        let today = self.inner.clock.today();
        let month = dates::month(today);
        let directory = self.directory().await?;
        let mut teams: Vec<(TeamId, String)> = Vec::new();
        for meeting in self.inner.store.meetings_since(today - chrono::TimeDelta::days(31)).await? {
            let team = meeting.team_id;
            let counted = meeting.phase == MeetingPhase::Closed && dates::month(meeting.held_on) == month;
            if !counted || teams.iter().any(|(other, _)| *other == team) || !self.took_part(viewer, &meeting).await? {
                continue;
            }
            if !self.inner.store.opinion_given(team, &month, &self.opinion_hash(viewer, team, &month)).await? {
                teams.push((team, directory.team(team).to_owned()));
            }
        }
        Ok(teams)
    }

    async fn took_part(&self, viewer: &Viewer, meeting: &store::meeting::MeetingRow) -> Result<bool, ServiceError> {
        let Some(live) = self.live(meeting.id).await? else { return Ok(false) };
        let state = live.look().await;
        let there = |slot: &domain::meeting::Slot| slot.attendance.get(&viewer.worker).is_some_and(|how| how.present());
        Ok(state.room.runs(viewer.worker) || state.room.slots.iter().any(there))
    }

    /// The hash that says that a viewer has answered; the answers themselves are counted apart from it.
    fn opinion_hash(&self, viewer: &Viewer, team: TeamId, month: &str) -> String {
        let key = self.inner.outside.seal_key.to_hex();
        crate::seal::hash(&format!("caseround.opinion/1\n{key}\n{team}\n{month}\n{}", viewer.worker))
    }

    /// One answer a month, counted without its giver.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer is not asked; a form error for no answer.
    pub async fn say_afterwards(&self, viewer: &Viewer, team: TeamId, answer: &str) -> Result<(), ServiceError> {
        if !self.asked_afterwards(viewer).await?.iter().any(|(asked, _)| *asked == team) {
            return Err(ServiceError::NotFound);
        }
        if !ANSWERS.iter().any(|(word, _)| *word == answer) {
            return Err(ServiceError::field("answer", "Choose one of the answers, or leave it."));
        }
        let month = dates::month(self.inner.clock.today());
        let mut tx = self.inner.store.begin().await?;
        tx.count_opinion(team, &month, &self.opinion_hash(viewer, team, &month), answer).await?;
        Ok(tx.commit().await?)
    }
}

/// Children for whom the last decisions are the same, and how many of these records in a row.
fn drifting(records: &[Record]) -> Vec<(FamilyId, PersonId, String, usize)> {
    let mut by_child: BTreeMap<(FamilyId, PersonId), Vec<&Record>> = BTreeMap::new();
    for record in records {
        by_child.entry((record.family, record.child)).or_default().push(record);
    }
    let mut found = Vec::new();
    for ((family, child), mut records) in by_child {
        records.sort_by_key(|record| std::cmp::Reverse(record.held_on));
        let Some(last) = records.first().and_then(|record| record.decision.as_ref()) else { continue };
        let same = |record: &&&Record| record.decision.as_ref().is_some_and(|decision| decision.kind == last.kind);
        let times = records.iter().take_while(same).count();
        if times >= REPEATED {
            found.push((family, child, last.title.clone(), times));
        }
    }
    found
}
