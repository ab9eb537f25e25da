//! Dissents on their way through the template's route.

use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::WorkerId;
use domain::family::WorkbookEvent;
use domain::meeting::refusal::short;
use domain::policy::{RecordManager, RecordReader, Staff};
use domain::record::{Dissent, DissentAnswer, Record};
use domain::template::Escalation;
use std::collections::BTreeSet;

/// A dissent that waits for an answer, as a list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingDissent {
    /// The family's reference.
    pub reference: String,
    /// By when it is to be answered.
    pub until: NaiveDate,
    /// By whom: "the service manager".
    pub to: String,
    /// The record and the dissent; absent for whoever oversees the team: they open the family first.
    pub record: Option<(Record, Dissent)>,
}

impl Service {
    /// Takes a dissent to the next place of the template's route: whoever thought otherwise, or who serves the team.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to take; a form error where it waits or the route is at its end.
    pub async fn take_dissent(&self, reader: RecordReader<'_>, worker: WorkerId) -> Result<(), ServiceError> {
        let (viewer, id) = (reader.viewer(), reader.record());
        if worker != viewer.worker && reader.keeper().is_none() {
            return Err(ServiceError::NotFound);
        }
        let (family, seen) = self.record(reader).await?;
        let (by, at, today) = (self.named(viewer).await?, self.inner.clock.now(), self.inner.clock.today());
        let route = self.route_of(&seen).await?;
        self.write_record(viewer, family.id, |workbook| {
            let record = workbook.record(id).ok_or(ServiceError::NotFound)?;
            let Some(next) = record.next_for(worker, &route, today) else {
                let message = "It waits for an answer, or has been to everybody the council names.";
                return Err(ServiceError::field("", message));
            };
            let dissent = Dissent { worker, to: next.to, at, by: by.clone(), until: next.until, answer: None };
            Ok(Some(WorkbookEvent::DissentTaken { record: id, dissent: Box::new(dissent) }))
        })
        .await
    }

    /// Where a dissent goes: by the template the meeting was held under; by today's where that says nothing.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn route_of(&self, record: &Record) -> Result<Vec<Escalation>, ServiceError> {
        let own = self.template_of(record.meeting).await?.meeting.escalation.clone();
        Ok(if own.is_empty() { self.template().meeting.escalation.clone() } else { own })
    }

    /// Records the answer to a dissent: a manager, and not whoever thought otherwise.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to answer; a form error without words.
    pub async fn answer_dissent(
        &self, manager: RecordManager<'_>, worker: WorkerId, text: &str,
    ) -> Result<(), ServiceError> {
        let (viewer, id) = (manager.viewer(), manager.reader().record());
        let (family, seen) = self.record(manager.reader()).await?;
        // Not whoever dissents, nor whoever confirmed what they dissent from.
        if viewer.is(worker) || viewer.is(seen.chair.worker) {
            return Err(ServiceError::NotFound);
        }
        let text = short("The answer", text, 4000)?;
        if text.is_empty() {
            return Err(ServiceError::field(&format!("dissent-{worker}"), "Write what was answered, and why."));
        }
        let answer = DissentAnswer { at: self.inner.clock.now(), by: self.named(viewer).await?, text };
        self.write_record(viewer, family.id, |workbook| {
            let record = workbook.record(id).ok_or(ServiceError::NotFound)?;
            let waits = record.taken(worker).any(|dissent| dissent.answer.is_none());
            Ok(waits.then(|| WorkbookEvent::DissentAnswered { record: id, worker, answer: answer.clone() }))
        })
        .await
    }

    /// Records of the teams that the viewer serves or oversees with a dissent that waits for an answer, and the one longest
    /// awaited of each.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn dissents_waiting(&self, staff: Staff<'_>) -> Result<Vec<WaitingDissent>, ServiceError> {
        let viewer = staff.viewer();
        let mut lines = Vec::new();
        for team in staff.teams().union(&viewer.oversees).copied() {
            let served = viewer.serves(team);
            let families = self.families_of_team(viewer, team).await?;
            for record in self.inner.store.records_that_wait(team.uuid()).await? {
                let waiting = record.life.dissents.iter().filter(|dissent| dissent.answer.is_none());
                let Some(first) = waiting.min_by_key(|dissent| dissent.until).cloned() else { continue };
                if record.closed_to(viewer) {
                    continue;
                }
                let family = families.iter().find(|family| family.id == record.family);
                let reference = family.map(|family| family.reference.clone()).unwrap_or_default();
                let (until, to) = (first.until, first.to.clone());
                lines.push(WaitingDissent { reference, until, to, record: served.then_some((record, first)) });
            }
        }
        lines.sort_by_key(|line| line.until);
        // Opened once, a family shows the records of all its children.
        let mut listed = BTreeSet::new();
        lines.retain(|line| line.record.is_some() || listed.insert(line.reference.clone()));
        Ok(lines)
    }
}
