//! The workbook summary: a family as the team looks at it.

mod card;

use card::family_page;
pub(crate) use card::{age_words, at_work, step_card};
use domain::policy::FamilyReader;
use domain::status::MeetingPhase;

use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::page::{FamilyCard, FamilyPage};
use domain::record::Record;
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, PersonId, RecordId, TeamId};
use std::collections::{BTreeMap, BTreeSet};
use store::Uuid;
use store::allocation::FamilyAllocation;
use store::family::{Family, LastSeen, LatestSummary, Plan};
use store::late::LateRow;
use store::person::FamilyMember;
use store::step::StepRow;

/// A family on the list of those a worker may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyLine {
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
    /// The team's name.
    pub team: String,
}

/// Everything read of the families in one scope.
struct Read {
    families: Vec<Family>,
    members: Vec<FamilyMember>,
    allocations: Vec<FamilyAllocation>,
    plans: Vec<Plan>,
    factors: Vec<(Uuid, String)>,
    seen: BTreeMap<PersonId, LastSeen>,
    discussed: BTreeMap<FamilyId, NaiveDate>,
    steps: Vec<StepRow>,
    records: Vec<Record>,
    summaries: Vec<LatestSummary>,
    late: Vec<LateRow>,
}

impl Read {
    /// Takes out what comes from a discussion that somebody stood out of.
    fn without(&mut self, stood_out: &[(MeetingId, FamilyId)]) {
        let closed = |meeting: MeetingId, family: FamilyId| stood_out.contains(&(meeting, family));
        self.steps.retain(|step| !closed(step.meeting_id, step.family_id));
        self.records.retain(|record| !closed(record.meeting, record.family));
        self.late.retain(|late| !closed(late.meeting_id, late.family_id));
    }
}

impl Service {
    /// One family, for somebody who may see it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where they may not know it exists.
    pub async fn family(&self, viewer: &Viewer, id: FamilyId) -> Result<FamilyCard, ServiceError> {
        Ok(self.family_page(viewer, id).await?.card)
    }

    /// A family with its workbook.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not see it.
    pub async fn family_page(&self, viewer: &Viewer, id: FamilyId) -> Result<FamilyPage, ServiceError> {
        self.may_see_family(viewer, id).await?;
        self.family_pages(id.uuid(), viewer).await?.remove(&id).ok_or(ServiceError::NotFound)
    }

    /// The family's row, for somebody who may see it: allocated, of its team's managers or record-takers,
    /// or chairing or recording a meeting on it that is not over; not while they stand out of its discussion.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where they may not know it exists.
    pub async fn may_see_family(&self, viewer: &Viewer, id: FamilyId) -> Result<Family, ServiceError> {
        let family = self.inner.store.family(id).await?.ok_or(ServiceError::NotFound)?;
        let theirs = FamilyReader::of(viewer, id, family.team()).is_some() || self.runs_meeting_on(viewer, id).await?;
        if theirs && !self.stands_out_of(viewer).await?.contains(&id) {
            Ok(family)
        } else {
            Err(ServiceError::NotFound)
        }
    }

    /// The families whose discussion they stand out of in a meeting that is open: these are closed to them
    /// everywhere.
    async fn stands_out_of(&self, viewer: &Viewer) -> Result<BTreeSet<FamilyId>, ServiceError> {
        let mut families = BTreeSet::new();
        let since = self.inner.clock.today() - chrono::TimeDelta::days(31);
        for meeting in
            self.inner.store.meetings_since(since).await?.into_iter().filter(|row| row.phase == MeetingPhase::Open)
        {
            let Some(live) = self.live(meeting.id).await? else { continue };
            let state = live.look().await;
            let out = state.room.slots.iter().filter(|slot| !slot.progress.frozen() && slot.stands_out(viewer.worker));
            families.extend(out.filter_map(|slot| slot.family));
        }
        Ok(families)
    }

    async fn runs_meeting_on(&self, viewer: &Viewer, family: FamilyId) -> Result<bool, ServiceError> {
        if viewer.projector {
            return Ok(false);
        }
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

    /// The families a viewer works with or serves, by reference.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn families(&self, viewer: &Viewer) -> Result<Vec<FamilyLine>, ServiceError> {
        let directory = self.directory().await?;
        let mut cards: BTreeMap<FamilyId, FamilyCard> = BTreeMap::new();
        let teams: BTreeSet<TeamId> = viewer.manages.union(&viewer.records).copied().collect();
        for team in &teams {
            cards.extend(self.cards(team.uuid(), viewer).await?);
        }
        for family in viewer.families.iter().filter(|id| !cards.contains_key(*id)).copied().collect::<Vec<_>>() {
            cards.extend(self.cards(family.uuid(), viewer).await?);
        }
        let teams: BTreeMap<FamilyId, Option<TeamId>> = self
            .inner
            .store
            .families()
            .await?
            .into_iter()
            .map(|family| (family.id, family.team_id.map(TeamId::new)))
            .collect();
        let out = self.stands_out_of(viewer).await?;
        let mut lines: Vec<FamilyLine> = cards
            .into_values()
            .filter(|card| !out.contains(&card.id))
            .map(|card| FamilyLine {
                id: card.id,
                children: card.children_line(),
                plan: card.plan_line(),
                discussed: card.discussed_words.clone(),
                team: teams.get(&card.id).copied().flatten().map_or("", |team| directory.team(team)).to_owned(),
                reference: card.reference,
            })
            .collect();
        lines.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(lines)
    }

    /// The families of a scope (a family, a team or a meeting) with their workbooks. Whoever calls has checked who
    /// may see them; records keep marked text from those it is kept from.
    pub(crate) async fn family_pages(
        &self, scope: Uuid, viewer: &Viewer,
    ) -> Result<BTreeMap<FamilyId, FamilyPage>, ServiceError> {
        let store = &self.inner.store;
        let mut read = Read {
            families: store.families_in(scope).await?,
            members: store.members(scope).await?,
            allocations: store.allocations(scope).await?,
            plans: store.plans(scope).await?,
            factors: store.factors(scope).await?,
            seen: store.last_seen(scope).await?.into_iter().map(|seen| (seen.person_id, seen)).collect(),
            discussed: store.discussed(scope).await?.into_iter().map(|(id, day)| (FamilyId::new(id), day)).collect(),
            steps: store.steps_in(scope).await?,
            records: store.records(scope).await?,
            summaries: store.latest_summaries(scope).await?,
            late: store.late_contributions(scope).await?,
        };
        read.without(&store.stood_out(viewer.worker).await?);
        let directory = self.directory().await?;
        let today = self.inner.clock.today();
        Ok(read
            .families
            .iter()
            .map(|family| (family.id, family_page(family, &read, &directory, viewer, today)))
            .collect())
    }

    /// The families of a scope as cards, as [`Service::family_pages`].
    pub(crate) async fn cards(
        &self, scope: Uuid, viewer: &Viewer,
    ) -> Result<BTreeMap<FamilyId, FamilyCard>, ServiceError> {
        Ok(self.family_pages(scope, viewer).await?.into_iter().map(|(id, page)| (id, page.card)).collect())
    }

    /// A child's draft record, with the text marked for others taken out.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not know it exists.
    pub async fn record(&self, viewer: &Viewer, id: RecordId) -> Result<(Family, Record), ServiceError> {
        let record = self.inner.store.record(id.uuid()).await?.ok_or(ServiceError::NotFound)?;
        let family = self.may_see_family(viewer, record.family).await?;
        if record.closed_to(viewer.worker) {
            return Err(ServiceError::NotFound);
        }
        let record = record.read_by(viewer.worker);
        Ok((family, record))
    }
}
