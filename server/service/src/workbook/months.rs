//! The last weeks and months of a family, from visits, supervisions and steps.

use crate::{Service, ServiceError};
use domain::dates::london;
use domain::family::{OpenStep, StepState};
use domain::page::months::{ChildVisit, Happened, StepMoment};
use domain::policy::FamilyReader;
use domain::{MeetingId, PersonId};
use std::collections::BTreeMap;

impl Service {
    /// What happened to a family in the last year, as its reader may know it: nothing of a discussion that they stood out of.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn happened(&self, reader: FamilyReader<'_>) -> Result<Happened, ServiceError> {
        let (family, store) = (reader.family(), &self.inner.store);
        let visits = store.visits_since(family.uuid(), self.a_year_ago()).await?;
        let visits = visits.into_iter().map(|(child, on, alone)| ChildVisit { child: PersonId::new(child), on, alone });
        let stood_out = store.stood_out(reader.viewer().worker).await?;
        let closed = |meeting: MeetingId| stood_out.contains(&(meeting, family));
        let workbook = self.workbook(family).await?;
        let held: BTreeMap<MeetingId, _> =
            workbook.records.iter().map(|record| (record.meeting, record.held_on)).collect();
        let mut steps = Vec::new();
        for step in workbook.steps.iter().filter(|step| !closed(step.meeting)) {
            steps.push((step.on, StepMoment::Agreed));
            steps.extend(done_on(step).map(|on| (on, StepMoment::Done)));
            let carried = step.carried.iter().filter(|said| !closed(said.meeting));
            steps.extend(carried.filter_map(|said| Some((*held.get(&said.meeting)?, StepMoment::Carried))));
        }
        let records = workbook.records.iter().filter(|record| !closed(record.meeting));
        let supervisions = records.map(|record| (record.held_on, record.decision.is_some())).collect();
        Ok(Happened { visits: visits.collect(), supervisions, steps })
    }
}

fn done_on(step: &OpenStep) -> Option<chrono::NaiveDate> {
    match &step.state {
        StepState::Done { at, .. } => Some(london(*at).date()),
        _ => None,
    }
}
