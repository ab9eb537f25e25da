//! A family's safety plan: written by whoever works with the family, part by part.

use crate::{Service, ServiceError};
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::Entry;
use domain::page::safety_plan::SafetyPlanCard;
use domain::page::{FamilyCard, TitledText};
use domain::policy::FamilyReader;
use domain::safety_plan::{SafetyPlan, WrittenSafetyPlan};
use store::person::FamilyMember;

/// The revisions of a plan that a form rests on; 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanRevisions {
    /// The one it was filled from.
    pub filled: i64,
    /// The one its writer has seen: after a refusal that told what somebody else had changed, a later one.
    pub seen: i64,
}

impl Service {
    /// A family with its safety plan; none where nobody has written one.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn safety_plan(
        &self, reader: FamilyReader<'_>,
    ) -> Result<(FamilyCard, Option<WrittenSafetyPlan>), ServiceError> {
        let card = self.family(reader).await?;
        Ok((card, self.inner.store.safety_plans(reader.family().uuid()).await?.pop().map(|(_, plan)| plan)))
    }

    /// Writes the plan, or changes it: what others changed in other parts since the form was filled stays.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the plan is not the viewer's to write; form errors by field, also where somebody else
    /// changed the same part meanwhile.
    pub async fn write_safety_plan(
        &self, reader: FamilyReader<'_>, typed: SafetyPlan, based_on: PlanRevisions,
    ) -> Result<(), ServiceError> {
        let (viewer, family) = (reader.viewer(), reader.family());
        let members = self.inner.store.members(family.uuid()).await?;
        let theirs = typed.contact.keys().all(|person| members.iter().any(|member| member.person.id == *person));
        if !Self::writes_workbook(reader) || !theirs {
            return Err(ServiceError::NotFound);
        }
        let by_field = |(field, refusal): (String, domain::meeting::Refusal)| (field, refusal.to_string());
        let (typed, wrong) = match typed.clone().checked(self.inner.clock.today()) {
            Ok(checked) => (checked, Vec::new()),
            Err(wrong) => (typed, wrong.into_iter().map(by_field).collect()),
        };
        let began_from = self.safety_plan_at(family, based_on.filled).await?;
        let by = self.named(viewer).await?;
        let decide = |workbook: &Workbook| {
            let now = workbook.safety_plan.as_ref();
            let stands = now.map(|now| now.plan.clone()).unwrap_or_default();
            let whose = now.map_or("Somebody", |now| now.by.name.as_str());
            let clash = |(field, now): (String, String)| {
                let now = if now.is_empty() { "It is empty now.".to_owned() } else { format!("It now reads: {now}") };
                (field, format!("{whose} changed this meanwhile. {now} Yours is still below."))
            };
            let over = now.is_some_and(|now| now.revision == based_on.seen);
            let changed = stands.changed(&began_from, &typed, over);
            let both = changed.as_ref().err().into_iter().flatten().cloned().map(clash);
            let errors: Vec<(String, String)> = wrong.iter().cloned().chain(both).collect();
            let (Ok(plan), true) = (changed, errors.is_empty()) else { return Err(ServiceError::Form(errors)) };
            let event = WorkbookEvent::SafetyPlanWritten { plan: Box::new(plan.clone()), by: by.clone() };
            Ok((plan != stands).then_some(event))
        };
        self.write_workbook(viewer, family, None, decide).await
    }

    /// The plan as a page of Markdown.
    pub(crate) fn safety_plan_as_markdown(&self, workbook: &Workbook, members: &[FamilyMember]) -> String {
        let mut page = String::from("# Safety plan of the family\n");
        let Some(written) = &workbook.safety_plan else { return page };
        let name = |person| {
            members
                .iter()
                .find(|member| member.person.id == person)
                .map_or("somebody", |member| &member.person.forename)
        };
        let contact = written.plan.contact.iter().map(|(person, how)| format!("{}: {how}", name(*person)));
        let text = contact.collect::<Vec<_>>().join("\n");
        let contact = TitledText { title: "Safe contact".to_owned(), text };
        let card = SafetyPlanCard::of(written, &self.inner.rules.workbook.family_meeting);
        let parts = Some(contact).filter(|contact| !contact.text.is_empty()).into_iter().chain(card.parts);
        page.push_str(&format!("\n{}.\n", card.by));
        for part in parts {
            page.push_str(&format!("\n## {}\n\n{}\n", part.title, part.text.replace('\n', "\n\n")));
        }
        page
    }

    /// The plan as it stood at a revision; empty for 0.
    async fn safety_plan_at(&self, family: domain::FamilyId, revision: i64) -> Result<SafetyPlan, ServiceError> {
        let now = self.workbook(family).await?.safety_plan.clone();
        match now {
            Some(now) if now.revision == revision => Ok(now.plan),
            _ => Ok(plan_at(&self.inner.store.entries(family.uuid(), 0).await?, revision)),
        }
    }
}

fn plan_at(entries: &[Entry<WorkbookEvent>], revision: i64) -> SafetyPlan {
    let before = usize::try_from(revision - 1).ok();
    let mut written = entries.iter().filter_map(|entry| match &entry.event {
        WorkbookEvent::SafetyPlanWritten { plan, .. } => Some(plan.as_ref()),
        _ => None,
    });
    before.and_then(|before| written.nth(before)).cloned().unwrap_or_default()
}
