//! How children stand and what happened to them: episodes, plans, factors, visits, events, needs.

use super::compare::ChangedRow;
use super::{Import, ServiceError};
use domain::PersonId;
use domain::case_event::CaseEvent;
use domain::status::ChildStatus;
use interchange::ssd::{SsdEvent, SsdPlan};
use store::family::ChildPlan;

impl Import<'_> {
    /// Episodes, plans, factors, visits.
    pub(super) async fn standing(&mut self) -> Result<(), ServiceError> {
        let rows = std::mem::take(&mut self.extract.episodes);
        self.renumbered("episode", &rows, |row| &row.id).await?;
        for row in rows {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(ChangedRow { now, .. }) = self.changed("episode", &row.id.clone(), row).await? {
                let (opened, closed) = (now.opened.value(), now.closed.value());
                self.slices.write(async |tx| tx.keep_episode(&now.id, person, opened, closed).await).await?;
            }
        }
        let rows = std::mem::take(&mut self.extract.plans);
        self.renumbered("plan", &rows, |row| &row.id).await?;
        for row in rows {
            let Some(person_id) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(ChangedRow { now, .. }) = self.changed("plan", &row.id.clone(), row).await? {
                let categories = now.categories.told().unwrap_or_default().join("\n");
                let (starts, ends) = (now.starts.value(), now.ends.value());
                let plan = ChildPlan { person_id, kind: now.kind, starts, ends, categories };
                self.slices.write(async |tx| tx.keep_plan(&now.id, &plan).await).await?;
            }
        }
        self.gone("plan", |import, row: &SsdPlan| {
            let title = ChildStatus::of_plan(row.kind).title();
            row.ends.value().is_none().then(|| format!("the plan ({title}) of {}", import.called(&row.person)))
        });
        for row in std::mem::take(&mut self.extract.factors) {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(ChangedRow { now, .. }) = self.changed("factors", &row.person.clone(), row).await? {
                self.slices.write(async |tx| tx.keep_factors(person, &now.codes, now.assessed_on).await).await?;
            }
        }
        let rows = std::mem::take(&mut self.extract.visits);
        self.renumbered("visit", &rows, |row| &row.id).await?;
        for row in rows {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(ChangedRow { now, .. }) = self.changed("visit", &row.id.clone(), row).await? {
                let (seen, alone) = (now.seen.told().unwrap_or_default(), now.alone.told().unwrap_or_default());
                self.slices.write(async |tx| tx.keep_visit(&now.id, person, now.on, seen, alone).await).await?;
            }
        }
        self.history().await
    }

    /// What happened to children, and what they need.
    async fn history(&mut self) -> Result<(), ServiceError> {
        let rows = std::mem::take(&mut self.extract.events);
        self.renumbered("event", &rows, |row| &row.id).await?;
        for row in rows {
            let Some(child) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(ChangedRow { now, .. }) = self.changed("event", &row.id.clone(), row).await? {
                let key = now.id.clone();
                let event = case_event(child, now);
                self.slices.write(async |tx| tx.keep_case_event(&key, &event).await).await?;
            }
        }
        let rows = std::mem::take(&mut self.extract.needs);
        self.renumbered("need", &rows, |row| &row.id).await?;
        for row in rows {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(ChangedRow { now, .. }) = self.changed("need", &row.id.clone(), row).await? {
                let code = now.code.told().unwrap_or_default();
                self.slices.write(async |tx| tx.keep_need(&now.id, person, &code).await).await?;
            }
        }
        Ok(())
    }
}

fn case_event(child: PersonId, row: SsdEvent) -> CaseEvent {
    CaseEvent {
        child,
        kind: row.kind,
        starts: row.starts.value(),
        ends: row.ends.value(),
        due: row.due.value(),
        about: row.about.told().unwrap_or_default(),
        from: row.from.told().unwrap_or_default(),
        outcomes: row.outcomes.told().unwrap_or_default(),
        ended: row.ended.told().unwrap_or_default(),
    }
}
