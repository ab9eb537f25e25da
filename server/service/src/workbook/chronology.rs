//! A family's chronology: what the case system tells, plans, and what was decided here.

use super::family::Earlier;
use crate::{Service, ServiceError};
use domain::page::chronology::{ChronologyEntry, ChronologyKind, in_order};
use domain::page::{EarlierCard, FamilyCard};
use domain::policy::FamilyReader;
use domain::{PersonId, dates};
use store::Uuid;
use store::family::ChildPlan;

impl Service {
    /// A family with its chronology, newest first. Adults have none; whoever reads a workbook in part gets none.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn chronology(
        &self, reader: FamilyReader<'_>,
    ) -> Result<(FamilyCard, Vec<ChronologyEntry>), ServiceError> {
        let scope = reader.family().uuid();
        let page = self.family_page_with(reader, Earlier::All).await?;
        if page.reduced {
            return Ok((page.card, Vec::new()));
        }
        let children: Vec<PersonId> = page.card.children.iter().map(|child| child.id).collect();
        let imported = self.imported(scope).await?.into_iter();
        let imported = imported.filter(|entry| entry.children.iter().any(|child| children.contains(child)));
        let here = page.earlier.iter().map(of_supervision);
        let workbook = self.workbook(reader.family()).await?;
        let written = workbook.case_notes.iter().filter_map(ChronologyEntry::of_note);
        let entries = in_order(imported.chain(here).chain(written));
        Ok((page.card, entries))
    }

    /// What the case system tells of a scope's people, a line for each of them. Whoever calls has checked who reads it.
    pub(crate) async fn imported(&self, scope: Uuid) -> Result<Vec<ChronologyEntry>, ServiceError> {
        let (events, plans) = (self.inner.store.case_events(scope).await?, self.inner.store.plans(scope).await?);
        Ok(events.iter().filter_map(ChronologyEntry::of_event).chain(plans.iter().filter_map(of_plan)).collect())
    }
}

fn of_plan(plan: &ChildPlan) -> Option<ChronologyEntry> {
    let categories = plan.categories.lines().map(str::to_lowercase).collect::<Vec<_>>().join(" and ");
    Some(ChronologyEntry {
        day: plan.starts?,
        until: plan.ends,
        kind: ChronologyKind::Plan(plan.kind),
        children: vec![plan.person_id],
        details: Some(categories).filter(|categories| !categories.is_empty()).into_iter().collect(),
        record: None,
        note: None,
    })
}

fn of_supervision(earlier: &EarlierCard) -> ChronologyEntry {
    ChronologyEntry {
        day: earlier.held_on,
        until: None,
        kind: ChronologyKind::Supervision,
        children: vec![earlier.of],
        details: vec![earlier.decision.clone()],
        record: Some(earlier.record),
        note: None,
    }
}

/// A chronology of one child as a page of Markdown.
pub(crate) fn as_markdown(name: &str, needs: &str, entries: &[ChronologyEntry]) -> String {
    let mut page = format!("# What the case system and workers tell of {name}\n");
    if !needs.is_empty() {
        page.push_str(&format!("\nNeeds: {needs}.\n"));
    }
    for entry in entries {
        let until = entry.until.map(|until| format!(" to {}", dates::plain_date(until))).unwrap_or_default();
        let details = entry.details.iter().map(|words| format!("; {words}")).collect::<String>();
        page.push_str(&format!("\n- {}{until}: {}{details}", dates::plain_date(entry.day), entry.kind.title()));
    }
    page.push('\n');
    page
}
