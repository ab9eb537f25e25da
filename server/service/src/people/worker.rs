//! A worker by hand.

use crate::security::SecurityEvent;
use domain::template::{GUEST, STAND_IN};

use std::collections::{BTreeMap, BTreeSet};

use super::{Service, ServiceError, TeamId, Worker, WorkerId};
use crate::form::FormErrors;
use domain::policy::DirectoryKeeper;
use domain::status::AccountAct;
use store::account::AccountNote;

/// A worker's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkerForm {
    /// Name.
    pub name: String,
    /// Job title; may be empty.
    pub job_title: String,
    /// Key of the discipline.
    pub discipline: String,
    /// Which team.
    pub team: String,
}

impl Service {
    /// A worker's form, to be corrected.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where this keeper does not correct the worker.
    pub async fn worker_form(&self, keeper: DirectoryKeeper<'_>, id: WorkerId) -> Result<WorkerForm, ServiceError> {
        let worker = self.correctable_worker(keeper, id).await?;
        Ok(WorkerForm {
            name: worker.name,
            job_title: worker.job_title,
            discipline: worker.discipline,
            team: worker.team_id.map(|team| team.to_string()).unwrap_or_default(),
        })
    }

    /// Everybody in the directory, and whose details this keeper corrects.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn workers(&self, keeper: DirectoryKeeper<'_>) -> Result<Vec<(Worker, bool)>, ServiceError> {
        let directory = self.directory().await?;
        let mut works_with: BTreeMap<WorkerId, BTreeSet<TeamId>> = BTreeMap::new();
        for (worker, team) in self.inner.store.teams_of_partners(self.inner.clock.today()).await? {
            works_with.entry(worker).or_default().insert(team);
        }
        let none = BTreeSet::new();
        let listed = directory.workers.values().map(|worker| {
            let theirs = works_with.get(&worker.id).unwrap_or(&none);
            (worker.clone(), keeper.corrects(worker.team_id.map(TeamId::new), theirs))
        });
        Ok(listed.collect())
    }

    async fn correctable_worker(&self, keeper: DirectoryKeeper<'_>, id: WorkerId) -> Result<Worker, ServiceError> {
        let listed = self.workers(keeper).await?.into_iter().find(|(worker, _)| worker.id == id);
        listed.and_then(|(worker, correctable)| correctable.then_some(worker)).ok_or(ServiceError::NotFound)
    }

    /// Whether a discipline manages its team or takes its records.
    fn privileged(&self, discipline: &str) -> bool {
        self.inner.template.discipline(discipline).is_some_and(|discipline| discipline.manages || discipline.records)
    }

    /// Adds a worker, or corrects one. Rights come with some disciplines: these are set by a manager within their
    /// own teams or by an administrator, and by nobody for themselves.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn save_worker(
        &self, keeper: DirectoryKeeper<'_>, id: Option<WorkerId>, form: &WorkerForm, from: &str,
    ) -> Result<WorkerId, ServiceError> {
        let old = match id {
            Some(id) => Some(self.correctable_worker(keeper, id).await?),
            None => None,
        };
        let mut errors = FormErrors::default();
        let name = errors.text("name", "The name", &form.name, 120, true);
        let job_title = errors.text("job_title", "The job title", &form.job_title, 200, false);
        let discipline = self.inner.template.discipline(&form.discipline);
        // Whoever holds a guest's code would be the colleague whom a guest became.
        let guest = old.as_ref().is_some_and(|old| old.discipline == GUEST);
        if guest != (form.discipline == GUEST) || (guest && !form.team.is_empty()) {
            let message = "A guest stays a guest. Where they come to work with you, add them as a worker of their own.";
            errors.add("discipline", message);
        } else if discipline.is_none() && form.discipline != STAND_IN && !guest {
            errors.add("discipline", "Choose the discipline.");
        }
        let team = match form.team.as_str() {
            "" => None,
            team => team.parse::<TeamId>().map_err(|_| errors.add("team", "Choose the team.")).ok(),
        };
        let taken = old.as_ref().filter(|old| self.privileged(&old.discipline)).map(|old| old.team_id.map(TeamId::new));
        let given = self.privileged(&form.discipline).then_some(team);
        let theirs = |of: Option<Option<TeamId>>| of.is_none_or(|team| keeper.gives_discipline(id, team));
        let unchanged =
            old.as_ref().is_some_and(|old| old.discipline == form.discipline && old.team_id == team.map(TeamId::uuid));
        let allowed = unchanged || (theirs(taken) && theirs(given));
        let renamed = old.as_ref().is_some_and(|old| old.name != name);
        if renamed && id == Some(keeper.viewer().worker) {
            errors.add("name", "Nobody changes their own name: ask somebody else who may.");
        } else if renamed && !theirs(taken) {
            errors.add(
                "name",
                "The name of a manager or record-taker is changed by a manager of that team or an administrator.",
            );
        }
        if !allowed {
            errors.add("discipline", "Managers and record-takers are added and changed by a manager of that team or an administrator, and by nobody for themselves."
                    );
        }
        let directory = self.directory().await?;
        if team.is_some_and(|team| !directory.teams.contains_key(&team)) {
            errors.add("team", "Choose a team from the list.");
        }
        errors.done()?;
        let worker = Worker {
            id: id.unwrap_or_else(|| WorkerId::new(self.new_uuid())),
            source_id: old.as_ref().and_then(|old| old.source_id.clone()),
            staff_id: old.as_ref().map(|old| old.staff_id.clone()).unwrap_or_default(),
            name,
            job_title,
            discipline: form.discipline.clone(),
            team_id: team.map(TeamId::uuid),
            by_hand: true,
            in_post_since: self.inner.clock.now(),
        };
        let mut tx = self.inner.store.begin().await?;
        tx.keep_worker(&worker).await?;
        if let Some(old) = old.as_ref().filter(|_| renamed) {
            tx.keep_former_name(worker.id, &old.name, self.inner.clock.now(), keeper.viewer().worker).await?;
        }
        if !unchanged && given.is_some() {
            // A link that was made before by somebody who may not keep this account any more.
            tx.end_invitations(worker.id).await?;
        }
        let rights_changed = !unchanged && (taken.is_some() || given.is_some());
        if rights_changed {
            let note = AccountNote {
                at: self.inner.clock.now(),
                by_worker: Some(keeper.viewer().worker.uuid()),
                worker_id: worker.id,
                what: AccountAct::DisciplineChanged,
                address: from.to_owned(),
            };
            tx.note_account(self.new_uuid(), &note).await?;
        }
        tx.commit().await?;
        if renamed {
            let renamed = SecurityEvent::Renamed { by: keeper.viewer().worker, whose: worker.id };
            self.log_change(renamed, from).await;
        }
        if rights_changed {
            let changed = SecurityEvent::Account {
                by: Some(keeper.viewer().worker),
                whose: worker.id,
                what: AccountAct::DisciplineChanged,
            };
            self.rights_changed_by(changed, from).await?;
        } else {
            self.rights_changed().await?;
        }
        Ok(worker.id)
    }
}
