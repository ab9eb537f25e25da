//! A family's card, from the rows that were read of it.

use super::Read;
use crate::Directory;
use crate::names::{age_words, name_in_family};
use crate::workbook::own_words::{newest, own_words_card};
use chrono::{NaiveDate, TimeDelta};
use domain::page::months::LONG_UNSEEN;
use domain::page::safety_plan::SafetyPlanCard;
use domain::page::{
    AdultCard, AgendaFamily, AllocatedCard, ChildCard, EarlierCard, FamilyCard, FamilyPage, LateCard, StepCard,
    SummaryCard,
};
use domain::policy::TeamStaff;
use domain::safety_plan::WrittenSafetyPlan;
use domain::status::PlanKind;
use domain::viewer::Viewer;
use domain::{FamilyId, PersonId, WorkerId, dates, due, factor, need};
use std::collections::{BTreeMap, BTreeSet};
use store::allocation::FamilyAllocation;
use store::family::{ChildPlan, Family, LastSeen};
use store::person::FamilyMember;
use store::step::StepRow;

pub(super) fn family_page(
    family: &Family, read: &Read, directory: &Directory, viewer: &Viewer, (today, meeting): (NaiveDate, &str),
) -> FamilyPage {
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
    let plan = read.safety_plans.get(&family.id);
    let mut card = FamilyCard {
        safe_contact: String::new(),
        id: family.id,
        reference: family.reference.clone(),
        adults: members
            .iter()
            .filter(|member| member.person.adult)
            .map(|member| adult_card(member, &members, plan))
            .collect(),
        allocated: allocated(family.id, &members, read, directory, today),
        discussed,
        discussed_words: due::words(discussed, today),
        warnings: warnings(family.id, &members, read, today),
        children,
    };
    if let Some(plan) = plan {
        let of = |(person, name): (PersonId, &str)| Some(format!("{name}: {}", plan.plan.contact.get(&person)?));
        card.safe_contact = card.people().filter_map(of).collect::<Vec<_>>().join(" · ");
    }
    let own_words = read.own_words.iter().filter(|(of, _)| *of == family.id);
    let own_words = own_words.map(|(_, words)| own_words_card(words, &card, directory, viewer.worker)).collect();
    FamilyPage {
        safety_plan: plan.map(|plan| SafetyPlanCard::of(plan, meeting)),
        genogram: None,
        own_words: newest(own_words, &card),
        card,
        factors,
        steps: steps(family, read, directory, viewer, today),
        summaries: summaries(family.id, read, directory, today),
        earlier: earlier(family.id, &members, read),
        late: late(family.id, read, directory),
        reduced: false,
    }
}

/// A family as the agenda names it.
pub(super) fn agenda_family(family: &Family, read: &Read, directory: &Directory, today: NaiveDate) -> AgendaFamily {
    let members: Vec<&FamilyMember> = read.members.iter().filter(|member| member.family_id == family.id).collect();
    let children = members.iter().filter(|member| !member.person.adult);
    let briefly = |member: &&FamilyMember| {
        let person = &member.person;
        let name = if person.forename.is_empty() { "unborn" } else { person.forename.as_str() };
        match (person.born, person.expected, person.died) {
            (Some(born), _, None) => format!("{name} {}", dates::age_briefly(born, today)),
            (None, Some(expected), None) => format!("{name}, due {}", dates::short_date(expected)),
            _ => name.to_owned(),
        }
    };
    let workers = allocated(family.id, &members, read, directory, today).into_iter().map(|who| (who.name, who.worker));
    AgendaFamily {
        reference: family.reference.clone(),
        children: children.map(briefly).collect::<Vec<_>>().join(" · "),
        allocated: workers.collect::<BTreeSet<_>>().into_iter().map(|(name, worker)| (worker, name)).collect(),
    }
}

fn child_card(member: &FamilyMember, read: &Read, today: NaiveDate) -> ChildCard {
    let person = &member.person;
    let age = age_words(person, today);
    let name = if person.forename.is_empty() { "unborn" } else { person.forename.as_str() };
    let open =
        read.plans.iter().filter(|plan| plan.person_id == person.id && plan.ends.is_none_or(|ends| ends > today));
    let plans: Vec<String> = open.map(plan_words).collect();
    let seen = read.seen.get(&person.id);
    let long_not_alone = seen.and_then(|seen| long_not_alone(seen, today));
    let needs = read.needs.iter().filter(|(of, _)| *of == person.id.uuid());
    let needs: Vec<String> = needs.map(|(_, code)| code.clone()).collect();
    ChildCard {
        id: person.id,
        name: name.to_owned(),
        age,
        plan: plans.join("; "),
        seen: seen.map(|seen| seen_words(seen, long_not_alone.is_some())).unwrap_or_default(),
        long_not_alone: long_not_alone.unwrap_or_default(),
        needs: need::in_words(&needs),
        has_died: person.died.is_some(),
    }
}

fn plan_words(plan: &ChildPlan) -> String {
    let kind = match plan.kind {
        PlanKind::Protection => "child protection plan",
        PlanKind::InNeed => "child in need plan",
        PlanKind::PreProceedings => "pre-proceedings",
        PlanKind::LookedAfter => "looked after",
    };
    let categories = plan.categories.lines().map(str::to_lowercase).collect::<Vec<_>>().join(" and ");
    let since = plan.starts.map(|starts| format!("since {}", dates::plain_date(starts))).unwrap_or_default();
    [kind.to_owned(), categories, since].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// `apart` where it is said apart how long they have not been met alone.
fn seen_words(seen: &LastSeen, apart: bool) -> String {
    match (seen.seen_on, seen.alone_on) {
        (None, _) => String::new(),
        (Some(on), _) if apart => format!("seen {}", dates::short_date(on)),
        (Some(on), Some(alone)) if on == alone => format!("seen {}, alone", dates::short_date(on)),
        (Some(on), Some(alone)) => format!("seen {}, alone {}", dates::short_date(on), dates::short_date(alone)),
        (Some(on), None) => format!("seen {}; no time alone recorded", dates::short_date(on)),
    }
}

/// From then on it is said that a child was not met alone.
const LONG: TimeDelta = TimeDelta::days(LONG_UNSEEN);

/// A child whom somebody visits and who has not been met without carers for long.
fn long_not_alone(seen: &LastSeen, today: NaiveDate) -> Option<String> {
    let since = seen.alone_on.or(seen.seen_on)?;
    (since + LONG < today).then(|| match seen.alone_on {
        Some(alone) => format!("not seen alone since {}", dates::plain_date(alone)),
        None => "no time alone recorded".to_owned(),
    })
}

/// An adult by first name, as the children are called; with the surname only where two of the family share one.
fn adult_card(member: &FamilyMember, members: &[&FamilyMember], plan: Option<&WrittenSafetyPlan>) -> AdultCard {
    let contact = plan.and_then(|plan| plan.plan.contact.get(&member.person.id)).cloned().unwrap_or_default();
    let name = name_in_family(member, members.iter().copied());
    let died = member.person.died.map(|day| format!("died {}", dates::plain_date(day)));
    let relation = [Some(member.relation.clone()).filter(|relation| !relation.is_empty()), died];
    let relation = relation.into_iter().flatten().collect::<Vec<_>>().join(", ");
    AdultCard { id: member.person.id, name, relation, contact, has_died: member.person.died.is_some() }
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
            && !card.with.split(" and ").any(|forename| forename == with)
        {
            card.with = if card.with.is_empty() { with } else { format!("{} and {with}", card.with) };
        }
    }
    let mut cards: Vec<AllocatedCard> = by_worker.into_values().collect();
    cards.sort_by(|a, b| a.discipline.cmp(&b.discipline).then_with(|| a.name.cmp(&b.name)));
    cards
}

/// The people who work with a family on a day.
pub(crate) fn at_work(
    allocations: &[FamilyAllocation], family: FamilyId, directory: &Directory, day: NaiveDate,
) -> BTreeSet<WorkerId> {
    let current = allocations.iter().filter(|row| row.to_family == family && row.current(day));
    current.filter_map(FamilyAllocation::worker).filter(|worker| directory.is_colleague(*worker)).collect()
}

fn steps(family: &Family, read: &Read, directory: &Directory, viewer: &Viewer, today: NaiveDate) -> Vec<StepCard> {
    let of_family = read.steps.iter().filter(|step| step.family_id == family.id);
    let last = of_family.clone().map(|step| step.agreed_on).max();
    let workers = at_work(&read.allocations, family.id, directory, today);
    of_family
        .filter(|step| !step.state.settled() || Some(step.agreed_on) == last)
        .map(|step| step_card(step, family, &workers, directory, viewer))
        .collect()
}

/// A step, as one viewer sees it; `workers` work with its family today.
pub(crate) fn step_card(
    step: &StepRow, family: &Family, workers: &BTreeSet<WorkerId>, directory: &Directory, viewer: &Viewer,
) -> StepCard {
    let owner = step.owner.map(|owner| directory.person(WorkerId::new(owner)));
    let serves = TeamStaff::of(viewer, family.team()).is_some();
    // Managers and record-takers stay with all families of their team.
    let stays = |worker: WorkerId| {
        let team = directory.workers.get(&worker).and_then(|row| row.team_id);
        directory.serving.contains(&worker) && team.is_some() && team == family.team_id
    };
    // A guest never worked with the family: what they took on is theirs.
    let own_of_guest = viewer.guest && owner == Some(viewer.worker);
    let owner_left = owner.is_some_and(|owner| !workers.contains(&owner) && !stays(owner)) && !own_of_guest;
    let heirs = workers.iter().filter(|_| serves && owner_left && !step.state.settled());
    StepCard {
        id: step.id,
        what: step.what.clone(),
        owner: owner.map_or("nobody yet", |owner| directory.name(owner)).to_owned(),
        owner_left,
        heirs: heirs.map(|worker| (*worker, directory.name(*worker).to_owned())).collect(),
        mine: owner == Some(viewer.worker),
        answerable: owner == Some(viewer.worker) || serves,
        with: step.with_whom.clone(),
        due: step.due,
        first_due: step.first_due.filter(|first| Some(*first) != step.due),
        agreed_on: step.agreed_on,
        state: step.state,
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
                of: record.child,
                child: name.unwrap_or_else(|| if child.is_some() { "unborn" } else { "a child" }.to_owned()),
                decision: decision.map_or_else(
                    || "no decision recorded".to_owned(),
                    |decision| {
                        let route =
                            decision.route.strip_prefix("Recommended").map(|whom| format!(", recommended{whom}"));
                        let open = if unconfirmed { " (not confirmed)" } else { "" };
                        format!("{}{}{open}", decision.title, route.unwrap_or_default())
                    },
                ),
                why: decision.map(|decision| decision.why.content.clone()).unwrap_or_default(),
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
            warnings.push(format!(
                "{name}: the due date has passed. Once the baby is born, add the date of birth under People."
            ));
        }
        let workers: BTreeSet<_> = read
            .allocations
            .iter()
            .filter(|row| row.to_family == family && row.current(today) && row.allocation.role == "CW")
            .filter(|row| row.allocation.person_id == Some(person.id.uuid()))
            .map(|row| row.allocation.worker_id)
            .collect();
        let protected = read
            .plans
            .iter()
            .any(|plan| plan.person_id == person.id && plan.kind == PlanKind::Protection && plan.ends.is_none());
        if protected && workers.is_empty() {
            warnings.push(format!("{name} has an open child protection plan and no social worker."));
        }
        if workers.len() > 1 {
            warnings.push(format!(
                "{name} has {} open social worker allocations. End the one that is over under People.",
                workers.len()
            ));
        }
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_not_met_without_carers_for_six_weeks_is_said_first() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
        let warning = |seen_on, alone_on| {
            let seen = LastSeen { seen_on, alone_on, person_id: PersonId::new(store::Uuid::nil()) };
            long_not_alone(&seen, day(11, 24).unwrap())
        };
        assert_eq!(warning(day(10, 18), day(4, 20)).as_deref(), Some("not seen alone since 20 April 2026"));
        assert_eq!(warning(day(9, 1), None).as_deref(), Some("no time alone recorded"));
        assert_eq!(warning(day(11, 20), None), None, "a first visit was days ago");
        assert_eq!(warning(day(11, 20), day(10, 13)), None, "six weeks to the day");
        assert_eq!(warning(None, None), None, "of a child whom nobody has visited other words are said");
    }
}
