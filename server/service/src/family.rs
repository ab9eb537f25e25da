//! The workbook summary: a family as the team looks at it.

use crate::{Directory, Service, ServiceError};
use chrono::NaiveDate;
use domain::page::{AdultCard, AllocatedCard, ChildCard, EarlierCard, FamilyCard, LateCard, StepCard, SummaryCard};
use domain::record::{Place, Record};
use domain::server_only::ServerOnly;
use domain::viewer::Viewer;
use domain::{FamilyId, PersonId, RecordId, TeamId, WorkerId, dates, due, factor};
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

impl Service {
    /// One family, for somebody who may see it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where they may not know it exists.
    pub async fn family(&self, viewer: &Viewer, id: FamilyId) -> Result<FamilyCard, ServiceError> {
        self.may_see_family(viewer, id).await?;
        self.cards(id.uuid(), viewer).await?.remove(&id).ok_or(ServiceError::NotFound)
    }

    /// The family's row, for somebody who may see it: allocated, of its team's managers or record-takers,
    /// or chairing or recording a meeting on it that is not over; not while they stand out of its discussion.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where they may not know it exists.
    pub async fn may_see_family(&self, viewer: &Viewer, id: FamilyId) -> Result<Family, ServiceError> {
        let family = self.inner.store.family(id).await?.ok_or(ServiceError::NotFound)?;
        let theirs =
            viewer.sees_family(id, family.team_id.map(TeamId::new)) || self.runs_meeting_on(viewer, id).await?;
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
        for meeting in self.inner.store.meetings_since(since).await?.into_iter().filter(|row| row.phase == "open") {
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
        let since = self.inner.clock.today() - chrono::TimeDelta::days(31);
        let meetings = self.inner.store.meetings_since(since).await?;
        let run: BTreeSet<_> = meetings
            .iter()
            .filter(|meeting| meeting.phase != "closed")
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
        let mut cards = BTreeMap::new();
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

    /// The families of a scope (a family, a team or a meeting) as cards. Whoever calls has checked who
    /// may see them; records keep marked text from those it is kept from.
    pub(crate) async fn cards(
        &self, scope: Uuid, viewer: &Viewer,
    ) -> Result<BTreeMap<FamilyId, FamilyCard>, ServiceError> {
        let store = &self.inner.store;
        let read = Read {
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
        let directory = self.directory().await?;
        let today = self.inner.clock.today();
        Ok(read.families.iter().map(|family| (family.id, card(family, &read, &directory, viewer, today))).collect())
    }

    /// A child's draft record, with the text marked for others taken out.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not know it exists.
    pub async fn record(&self, viewer: &Viewer, id: RecordId) -> Result<(Family, Record), ServiceError> {
        let mut record = self.inner.store.record(id.uuid()).await?.ok_or(ServiceError::NotFound)?;
        let family = self.may_see_family(viewer, record.family).await?;
        if record.closed_to(viewer.worker) {
            return Err(ServiceError::NotFound);
        }
        let hidden: Vec<WorkerId> = record
            .heard
            .iter()
            .filter(|heard| !readable(&heard.mark, heard.who.worker, viewer.worker))
            .filter(|heard| !heard.unrevealed())
            .map(|heard| heard.who.worker)
            .collect();
        record.heard.retain(|heard| readable(&heard.mark, heard.who.worker, viewer.worker));
        // How marked words should read is as much kept from others as the words themselves.
        for correction in &mut record.life.corrections {
            if matches!(correction.place, Place::Heard { worker } if hidden.contains(&worker)) {
                "Kept by its writer for named workers.".clone_into(&mut correction.text);
            }
        }
        Ok((family, record))
    }
}

/// Whether marked text of a record may be read by somebody who may read the record.
pub(crate) fn readable(mark: &domain::meeting::Mark, owner: WorkerId, reader: WorkerId) -> bool {
    match mark {
        domain::meeting::Mark::None | domain::meeting::Mark::NeverFor { .. } => true,
        domain::meeting::Mark::OnlyFor { workers } => owner == reader || workers.contains(&reader),
    }
}

fn card(family: &Family, read: &Read, directory: &Directory, viewer: &Viewer, today: NaiveDate) -> FamilyCard {
    let members: Vec<&FamilyMember> = read.members.iter().filter(|member| member.family_id == family.id).collect();
    let children: Vec<ChildCard> =
        members.iter().filter(|member| !member.person.adult).map(|member| child_card(member, read, today)).collect();
    let ids: BTreeSet<PersonId> = members.iter().map(|member| member.person.id).collect();
    let discussed = read.discussed.get(&family.id).copied().max(family.discussed_on);
    let mut factors: Vec<String> = read
        .factors
        .iter()
        .filter(|(person, _)| ids.contains(&PersonId::new(*person)))
        .map(|(_, code)| factor::label(code))
        .collect();
    factors.sort();
    factors.dedup();
    FamilyCard {
        id: family.id,
        reference: family.reference.clone(),
        adults: members.iter().filter(|member| member.person.adult).map(|member| adult_card(member)).collect(),
        allocated: allocated(family.id, &members, read, directory, today),
        factors: ServerOnly(factors),
        discussed,
        discussed_words: due::words(discussed, today),
        steps: ServerOnly(steps(family, read, directory, viewer)),
        summaries: ServerOnly(summaries(family.id, read, directory, today)),
        earlier: ServerOnly(earlier(family.id, &members, read)),
        late: ServerOnly(late(family.id, read, directory)),
        warnings: warnings(family.id, &members, read, today),
        children,
    }
}

/// "3 years", "due 14 February 2027", "died 3 May 2026".
pub(crate) fn age_words(person: &store::person::Person, day: NaiveDate) -> String {
    match (person.born, person.expected, person.died) {
        (.., Some(died)) => format!("died {}", dates::plain_date(died)),
        (Some(born), ..) => dates::age(born, day),
        (None, Some(expected), _) => format!("due {}", dates::plain_date(expected)),
        (None, None, _) => "age not recorded".to_owned(),
    }
}

fn child_card(member: &FamilyMember, read: &Read, today: NaiveDate) -> ChildCard {
    let person = &member.person;
    let age = age_words(person, today);
    let name = if person.forename.is_empty() { "unborn" } else { person.forename.as_str() };
    let open =
        read.plans.iter().filter(|plan| plan.person_id == person.id && plan.ends.is_none_or(|ends| ends > today));
    let plans: Vec<String> = open.map(plan_words).collect();
    ChildCard {
        id: person.id,
        name: name.to_owned(),
        age,
        plan: plans.join("; "),
        seen: read.seen.get(&person.id).map(seen_words).unwrap_or_default(),
    }
}

fn plan_words(plan: &Plan) -> String {
    let kind = match plan.kind.as_str() {
        "cp" => "child protection plan",
        "cin" => "child in need plan",
        "plo" => "pre-proceedings",
        "cla" => "looked after",
        other => other,
    };
    let categories = plan.categories.lines().map(str::to_lowercase).collect::<Vec<_>>().join(" and ");
    let since = plan.starts.map(|starts| format!("since {}", dates::plain_date(starts))).unwrap_or_default();
    [kind.to_owned(), categories, since].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn seen_words(seen: &LastSeen) -> String {
    match (seen.seen_on, seen.alone_on) {
        (None, _) => String::new(),
        (Some(on), Some(alone)) if on == alone => format!("seen {}, alone", dates::short_date(on)),
        (Some(on), Some(alone)) => format!("seen {}, alone {}", dates::short_date(on), dates::short_date(alone)),
        (Some(on), None) => format!("seen {}, not yet alone", dates::short_date(on)),
    }
}

fn adult_card(member: &FamilyMember) -> AdultCard {
    let name = format!("{} {}", member.person.forename, member.person.surname);
    AdultCard { id: member.person.id, name: name.trim().to_owned(), relation: member.relation.clone() }
}

fn allocated(
    family: FamilyId, members: &[&FamilyMember], read: &Read, directory: &Directory, today: NaiveDate,
) -> Vec<AllocatedCard> {
    let mut by_worker: BTreeMap<(Option<WorkerId>, String), AllocatedCard> = BTreeMap::new();
    for allocation in read.allocations.iter().filter(|row| row.to_family == family && row.current(today)) {
        let worker = allocation.worker();
        let row = &allocation.allocation;
        let name = match worker {
            Some(worker) => directory.name(worker).to_owned(),
            None if row.unknown_worker.is_empty() => "allocated to team, no worker".to_owned(),
            None => format!("unknown worker {}", row.unknown_worker),
        };
        let with = row.person_id.map(PersonId::new).and_then(|person| {
            let member = members.iter().find(|member| member.person.id == person)?;
            Some(if member.person.forename.is_empty() { "unborn".to_owned() } else { member.person.forename.clone() })
        });
        let card = by_worker.entry((worker, name.clone())).or_insert_with(|| AllocatedCard {
            allocation: row.id,
            worker,
            name,
            discipline: worker.map_or("", |worker| directory.discipline(worker)).to_owned(),
            since: row.starts,
            with: String::new(),
        });
        card.since = card.since.min(row.starts);
        if let Some(with) = with
            && !card.with.split(" and ").any(|known| known == with)
        {
            card.with = if card.with.is_empty() { with } else { format!("{} and {with}", card.with) };
        }
    }
    let mut cards: Vec<AllocatedCard> = by_worker.into_values().collect();
    cards.sort_by(|a, b| a.discipline.cmp(&b.discipline).then_with(|| a.name.cmp(&b.name)));
    cards
}

fn steps(family: &Family, read: &Read, directory: &Directory, viewer: &Viewer) -> Vec<StepCard> {
    let of_family = read.steps.iter().filter(|step| step.family_id == family.id);
    let last = of_family.clone().map(|step| step.agreed_on).max();
    of_family
        .filter(|step| !matches!(step.state.as_str(), "done" | "dropped") || Some(step.agreed_on) == last)
        .map(|step| step_card(step, family, directory, viewer))
        .collect()
}

pub(crate) fn step_card(step: &StepRow, family: &Family, directory: &Directory, viewer: &Viewer) -> StepCard {
    let owner = step.owner.map(WorkerId::new);
    let manages = family.team_id.map(TeamId::new).is_some_and(|team| viewer.serves(team));
    StepCard {
        id: step.id,
        what: step.what.clone(),
        owner: owner.map_or("nobody yet", |owner| directory.name(owner)).to_owned(),
        mine: owner == Some(viewer.worker) || manages,
        with: step.with_whom.clone(),
        due: step.due,
        agreed_on: step.agreed_on,
        state: step.state.clone(),
        word: step.word.clone(),
        carried: step.carried,
        reference: family.reference.clone(),
        family: family.id,
    }
}

fn summaries(family: FamilyId, read: &Read, directory: &Directory, today: NaiveDate) -> Vec<SummaryCard> {
    let this_month = dates::month(today);
    let of_family = read.summaries.iter().filter(|summary| summary.family_id == family);
    of_family
        .map(|summary| SummaryCard {
            worker: summary.worker_id,
            name: directory.name(summary.worker_id).to_owned(),
            discipline: directory.discipline(summary.worker_id).to_owned(),
            month: dates::month_name(&summary.month),
            current: summary.month == this_month,
            html: crate::markdown::to_html(&summary.text),
        })
        .collect()
}

fn late(family: FamilyId, read: &Read, directory: &Directory) -> Vec<LateCard> {
    let of_family = read.late.iter().filter(|late| late.family_id == family);
    of_family
        .map(|late| LateCard {
            meeting: late.meeting_id,
            held_on: late.held_on,
            name: directory.name(late.worker_id).to_owned(),
            discipline: directory.discipline(late.worker_id).to_owned(),
            at: late.at,
            html: crate::markdown::to_html(&late.text),
        })
        .collect()
}

fn earlier(family: FamilyId, members: &[&FamilyMember], read: &Read) -> Vec<EarlierCard> {
    let of_family = read.records.iter().filter(|record| record.family == family);
    of_family
        .map(|record| {
            let child = members.iter().find(|member| member.person.id == record.child);
            let name = child.map(|member| member.person.forename.clone()).filter(|name| !name.is_empty());
            let decision = record.decision.as_ref();
            let unconfirmed = decision.is_some_and(|decision| decision.confirmed_at.is_none());
            EarlierCard {
                record: record.id,
                meeting: record.meeting,
                held_on: record.held_on,
                child: name.unwrap_or_else(|| if child.is_some() { "unborn" } else { "a child" }.to_owned()),
                decision: decision.map_or_else(
                    || "no decision recorded".to_owned(),
                    |decision| format!("{}{}", decision.title, if unconfirmed { " (not confirmed)" } else { "" }),
                ),
                why: decision.map(|decision| decision.why.clone()).unwrap_or_default(),
            }
        })
        .collect()
}

fn warnings(family: FamilyId, members: &[&FamilyMember], read: &Read, today: NaiveDate) -> Vec<String> {
    let mut warnings = Vec::new();
    for member in members.iter().filter(|member| !member.person.adult) {
        let person = &member.person;
        let name = if person.forename.is_empty() { "The unborn child" } else { person.forename.as_str() };
        if person.born.is_none() && person.expected.is_some_and(|expected| expected < today) {
            warnings.push(format!("{name}: the due date has passed. Born?"));
        }
        let workers: BTreeSet<_> = read
            .allocations
            .iter()
            .filter(|row| row.to_family == family && row.current(today) && row.allocation.role == "CW")
            .filter(|row| row.allocation.person_id == Some(person.id.uuid()))
            .map(|row| row.allocation.worker_id)
            .collect();
        let protected =
            read.plans.iter().any(|plan| plan.person_id == person.id && plan.kind == "cp" && plan.ends.is_none());
        if protected && workers.is_empty() {
            warnings.push(format!("{name} has an open child protection plan and no social worker."));
        }
        if workers.len() > 1 {
            warnings.push(format!("{name} has {} open social worker allocations. Who is it?", workers.len()));
        }
    }
    warnings
}
