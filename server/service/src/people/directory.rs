//! Names and disciplines of everybody, kept until somebody changes them.

use crate::{Service, ServiceError};
use domain::record::{Named, Names};
use domain::template::{GUEST, STAND_IN, STAND_IN_TITLE};
use domain::{TeamId, WorkerId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use store::worker::{Team, Worker};

/// Workers and teams.
#[derive(Debug, Default)]
pub struct Directory {
    /// Workers by id.
    pub workers: BTreeMap<WorkerId, Worker>,
    /// Teams by id.
    pub teams: BTreeMap<TeamId, Team>,
    /// Workers as they are named.
    pub names: Names,
    /// Entries of people who have another one, and which that is.
    pub merged: BTreeMap<WorkerId, WorkerId>,
    /// Workers who manage their team or take its records.
    pub serving: BTreeSet<WorkerId>,
}

#[derive(Debug, Default)]
pub(crate) struct Cache(Mutex<Option<(u64, Arc<Directory>)>>);

impl Directory {
    /// A worker's name; "unknown worker" where there is none.
    #[must_use]
    pub fn name(&self, worker: WorkerId) -> &str {
        self.workers.get(&worker).map_or("unknown worker", |worker| worker.name.as_str())
    }

    /// A worker's discipline in words.
    #[must_use]
    pub fn discipline(&self, worker: WorkerId) -> &str {
        self.names.get(&worker).map_or("", |named| named.discipline.as_str())
    }

    /// Whether this is a colleague, here or in a partner agency: not one of those that case systems invent to hold a child until
    /// a worker is found, no guest, and nobody's second entry.
    #[must_use]
    pub fn is_colleague(&self, worker: WorkerId) -> bool {
        let colleague = |worker: &Worker| ![STAND_IN, GUEST].contains(&worker.discipline.as_str());
        self.workers.get(&worker).is_some_and(colleague) && !self.merged.contains_key(&worker)
    }

    /// The entry with which the person of an entry signs in.
    #[must_use]
    pub fn person(&self, worker: WorkerId) -> WorkerId {
        self.merged.get(&worker).copied().unwrap_or(worker)
    }

    /// The other entries of a person.
    pub fn entries_of(&self, worker: WorkerId) -> impl Iterator<Item = WorkerId> + '_ {
        self.merged.iter().filter(move |(_, into)| **into == worker).map(|(entry, _)| *entry)
    }

    /// Whether somebody is invited from outside for single discussions.
    #[must_use]
    pub fn is_guest(&self, worker: WorkerId) -> bool {
        self.workers.get(&worker).is_some_and(|worker| worker.discipline == GUEST)
    }

    /// The people that lists offer: the team's own first, each by name.
    #[must_use]
    pub fn offered(&self, team: Option<TeamId>) -> Vec<WorkerId> {
        let mut offered: Vec<&Worker> = self.workers.values().filter(|worker| self.is_colleague(worker.id)).collect();
        let of_team = |worker: &Worker| team.is_some() && worker.team_id == team.map(TeamId::uuid);
        offered.sort_by_key(|worker| (!of_team(worker), worker.name.clone()));
        offered.into_iter().map(|worker| worker.id).collect()
    }

    /// A list of [`Self::offered`] to choose from: ids with names and disciplines.
    #[must_use]
    pub fn choices(&self, team: Option<TeamId>) -> Vec<(String, String)> {
        let named = |worker: WorkerId| Some((worker.to_string(), self.names.get(&worker)?.in_words()));
        self.offered(team).into_iter().filter_map(named).collect()
    }

    /// A team's name; empty where there is none.
    #[must_use]
    pub fn team(&self, team: TeamId) -> &str {
        self.teams.get(&team).map_or("", |team| team.name.as_str())
    }
}

impl Service {
    /// Everybody, from memory where nothing changed.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn directory(&self) -> Result<Arc<Directory>, ServiceError> {
        let generation = self.inner.rights.generation();
        if let Some((read_at, directory)) = self.inner.directory.0.lock().expect("no panic holds it").as_ref()
            && *read_at == generation
        {
            return Ok(Arc::clone(directory));
        }
        let workers = self.inner.store.workers().await?;
        let teams = self.inner.store.teams().await?;
        let merged = self.inner.store.merged_workers().await?;
        let merged: BTreeMap<WorkerId, WorkerId> =
            merged.into_iter().map(|(worker, into)| (WorkerId::new(worker), WorkerId::new(into))).collect();
        let template = &self.inner.template;
        let named = |worker: &Worker| Named {
            worker: worker.id,
            name: worker.name.clone(),
            discipline: match worker.discipline.as_str() {
                "" | GUEST => worker.job_title.clone(),
                STAND_IN => STAND_IN_TITLE.to_owned(),
                discipline => template.discipline_title(discipline).to_owned(),
            },
        };
        // Two people of one name and discipline are told apart by their teams.
        let mut names: Names = workers.iter().map(|worker| (worker.id, named(worker))).collect();
        let key = |worker: &Worker| (worker.name.clone(), names[&worker.id].discipline.clone());
        let mut times: HashMap<(String, String), usize> = HashMap::new();
        let of_people = workers.iter().filter(|worker| !merged.contains_key(&worker.id));
        of_people.for_each(|worker| *times.entry(key(worker)).or_default() += 1);
        let doubled: Vec<WorkerId> = workers
            .iter()
            .filter(|worker| times.get(&key(worker)).is_some_and(|times| *times > 1))
            .map(|worker| worker.id)
            .collect();
        for worker in workers.iter().filter(|worker| doubled.contains(&worker.id)) {
            let team = teams.iter().find(|team| Some(team.id.uuid()) == worker.team_id);
            if let (Some(team), Some(named)) = (team, names.get_mut(&worker.id)) {
                named.discipline = format!("{}, {}", named.discipline, team.name);
            }
        }
        let serves = |worker: &&Worker| {
            template.discipline(&worker.discipline).is_some_and(|discipline| discipline.manages || discipline.records)
        };
        let directory = Arc::new(Directory {
            names,
            merged,
            serving: workers.iter().filter(serves).map(|worker| worker.id).collect(),
            workers: workers.into_iter().map(|worker| (worker.id, worker)).collect(),
            teams: teams.into_iter().map(|team| (team.id, team)).collect(),
        });
        *self.inner.directory.0.lock().expect("no panic holds it") = Some((generation, Arc::clone(&directory)));
        Ok(directory)
    }
}
