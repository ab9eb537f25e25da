//! The workbook summary: a family as the team looks at it.

mod card;

use card::{agenda_family, family_page};
pub(crate) use card::{at_work, step_card};

use crate::{Service, ServiceError};
use chrono::{Months, NaiveDate};
use domain::own_words::OwnWords;
use domain::page::{AgendaFamily, FamilyCard, FamilyPage};
use domain::policy::{FamilyReader, RecordReader, Staff};
use domain::record::Record;
use domain::safety_plan::WrittenSafetyPlan;
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, PersonId, TeamId};
use std::collections::BTreeMap;
use store::Uuid;
use store::allocation::FamilyAllocation;
use store::family::{ChildPlan, Family, LastSeen, LatestSummary};
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
    /// First names of children and adults, to be found by.
    pub names: Vec<String>,
    /// Plans.
    pub plan: String,
    /// "27 days ago".
    pub discussed: String,
    /// The team's name.
    pub team: String,
}

/// Which earlier group supervisions are read: each is a whole record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Earlier {
    /// None.
    None,
    /// Those of the last twelve months.
    LastYear,
    /// All of them.
    All,
}

/// Everything read of the families in one scope.
#[derive(Default)]
struct Read {
    families: Vec<Family>,
    members: Vec<FamilyMember>,
    allocations: Vec<FamilyAllocation>,
    plans: Vec<ChildPlan>,
    factors: Vec<(Uuid, String)>,
    needs: Vec<(Uuid, String)>,
    seen: BTreeMap<PersonId, LastSeen>,
    discussed: BTreeMap<FamilyId, NaiveDate>,
    steps: Vec<StepRow>,
    records: Vec<Record>,
    own_words: Vec<(FamilyId, OwnWords)>,
    safety_plans: BTreeMap<FamilyId, WrittenSafetyPlan>,
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
    /// One family, for somebody who reads it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn family(&self, reader: FamilyReader<'_>) -> Result<FamilyCard, ServiceError> {
        Ok(self.family_page_with(reader, Earlier::LastYear).await?.card)
    }

    /// A family with its workbook, and its group supervisions of the last twelve months.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn family_page(&self, reader: FamilyReader<'_>) -> Result<FamilyPage, ServiceError> {
        let mut page = self.family_page_with(reader, Earlier::LastYear).await?;
        page.genogram = self.genogram_picture(reader.family()).await?;
        Ok(page)
    }

    /// A family with its workbook and all its group supervisions.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn whole_family_page(&self, reader: FamilyReader<'_>) -> Result<FamilyPage, ServiceError> {
        let mut page = self.family_page_with(reader, Earlier::All).await?;
        page.genogram = self.genogram_picture(reader.family()).await?;
        Ok(page)
    }

    pub(super) async fn family_page_with(
        &self, reader: FamilyReader<'_>, earlier: Earlier,
    ) -> Result<FamilyPage, ServiceError> {
        let (family, viewer) = (reader.family(), reader.viewer());
        self.family_pages(family.uuid(), viewer, earlier).await?.remove(&family).ok_or(ServiceError::NotFound)
    }

    /// Whether a family has group supervisions that its page does not show.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn has_older_supervisions(&self, reader: FamilyReader<'_>) -> Result<bool, ServiceError> {
        Ok(self.inner.store.recorded_before(reader.family(), self.a_year_ago()).await?)
    }

    pub(crate) fn a_year_ago(&self) -> NaiveDate {
        let today = self.inner.clock.today();
        today.checked_sub_months(Months::new(12)).unwrap_or(today)
    }

    /// A family's row.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn family_row(&self, reader: FamilyReader<'_>) -> Result<Family, ServiceError> {
        self.inner.store.family(reader.family()).await?.ok_or(ServiceError::NotFound)
    }

    /// The families a viewer works with or serves, by reference.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn families(&self, viewer: &Viewer) -> Result<Vec<FamilyLine>, ServiceError> {
        let directory = self.directory().await?;
        let mut cards: BTreeMap<FamilyId, FamilyCard> = BTreeMap::new();
        let teams = Staff::of(viewer).map(Staff::teams).unwrap_or_default();
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
        let out = self.closed_to(viewer).await?;
        let mut lines: Vec<FamilyLine> = cards
            .into_values()
            .filter(|card| !out.contains(&card.id))
            .map(|card| FamilyLine {
                id: card.id,
                children: card.children_line(),
                names: card.first_names(),
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
        &self, scope: Uuid, viewer: &Viewer, earlier: Earlier,
    ) -> Result<BTreeMap<FamilyId, FamilyPage>, ServiceError> {
        let store = &self.inner.store;
        let since = match earlier {
            Earlier::None => None,
            Earlier::LastYear => Some(self.a_year_ago()),
            Earlier::All => Some(store::FIRST_DAY),
        };
        let (records, late) = match since {
            Some(day) => (store.records_since(scope, day).await?, store.late_contributions(scope, day).await?),
            None => (Vec::new(), Vec::new()),
        };
        let not_locked_out = |family: &Family| !viewer.locked_out.contains(&family.id);
        let mut read = Read {
            families: store.families_in(scope).await?.into_iter().filter(not_locked_out).collect(),
            members: store.members(scope).await?,
            allocations: store.allocations(scope).await?,
            plans: store.plans(scope).await?,
            factors: store.factors(scope).await?,
            needs: store.needs(scope).await?,
            seen: store.last_seen(scope).await?.into_iter().map(|seen| (seen.person_id, seen)).collect(),
            discussed: store.discussed(scope).await?.into_iter().map(|(id, day)| (FamilyId::new(id), day)).collect(),
            steps: store.current_steps(scope, viewer.worker).await?,
            records,
            safety_plans: if earlier == Earlier::None {
                BTreeMap::new()
            } else {
                store.safety_plans(scope).await?.into_iter().collect()
            },
            own_words: if earlier == Earlier::None { Vec::new() } else { store.own_words(scope).await? },
            summaries: store.latest_summaries(scope).await?,
            late,
        };
        read.without(&store.stood_out(viewer.worker).await?);
        let directory = self.directory().await?;
        let (today, meeting) = (self.inner.clock.today(), self.inner.rules.workbook.family_meeting.as_str());
        Ok(read
            .families
            .iter()
            .map(|family| (family.id, family_page(family, &read, &directory, viewer, (today, meeting))))
            .collect())
    }

    /// The families of a scope as an agenda names them, with their teams. Whoever calls knows which the viewer may see.
    pub(crate) async fn agenda_families(
        &self, scope: Uuid,
    ) -> Result<Vec<(FamilyId, Option<TeamId>, AgendaFamily)>, ServiceError> {
        let store = &self.inner.store;
        let read = Read {
            families: store.families_in(scope).await?,
            members: store.members(scope).await?,
            allocations: store.allocations(scope).await?,
            ..Read::default()
        };
        let (directory, today) = (self.directory().await?, self.inner.clock.today());
        let families = read.families.iter();
        Ok(families
            .map(|family| {
                let team = family.team_id.map(TeamId::new);
                (family.id, team, agenda_family(family, &read, &directory, today))
            })
            .collect())
    }

    /// The families of a scope as cards, as [`Service::family_pages`].
    pub(crate) async fn cards(
        &self, scope: Uuid, viewer: &Viewer,
    ) -> Result<BTreeMap<FamilyId, FamilyCard>, ServiceError> {
        Ok(self
            .family_pages(scope, viewer, Earlier::None)
            .await?
            .into_iter()
            .map(|(id, page)| (id, page.card))
            .collect())
    }

    /// A child's record and its family, with the text marked for others taken out.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn record(&self, reader: RecordReader<'_>) -> Result<(Family, Record), ServiceError> {
        let record = self.inner.store.record(reader.record().uuid()).await?.ok_or(ServiceError::NotFound)?;
        let family = self.family_row(reader.family()).await?;
        Ok((family, record.read_by(reader.viewer().worker)))
    }
}
