//! Names and disciplines of everybody, kept until somebody changes them.

use crate::{Service, ServiceError};
use domain::record::{Named, Names};
use domain::{TeamId, WorkerId};
use std::collections::{BTreeMap, HashMap};
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
        if let Some((known, directory)) = self.inner.directory.0.lock().expect("no panic holds it").as_ref()
            && *known == generation
        {
            return Ok(Arc::clone(directory));
        }
        let workers = self.inner.store.workers().await?;
        let teams = self.inner.store.teams().await?;
        let template = &self.inner.template;
        let named = |worker: &Worker| Named {
            worker: worker.id,
            name: worker.name.clone(),
            discipline: if worker.discipline.is_empty() {
                worker.job_title.clone()
            } else {
                template.discipline_title(&worker.discipline).to_owned()
            },
        };
        // Two people of one name and discipline are told apart by their teams.
        let mut names: Names = workers.iter().map(|worker| (worker.id, named(worker))).collect();
        let known = |worker: &Worker| (worker.name.clone(), names[&worker.id].discipline.clone());
        let mut times: HashMap<(String, String), usize> = HashMap::new();
        workers.iter().for_each(|worker| *times.entry(known(worker)).or_default() += 1);
        let doubled: Vec<WorkerId> =
            workers.iter().filter(|worker| times[&known(worker)] > 1).map(|worker| worker.id).collect();
        for worker in workers.iter().filter(|worker| doubled.contains(&worker.id)) {
            let team = teams.iter().find(|team| Some(team.id.uuid()) == worker.team_id);
            if let (Some(team), Some(named)) = (team, names.get_mut(&worker.id)) {
                named.discipline = format!("{}, {}", named.discipline, team.name);
            }
        }
        let directory = Arc::new(Directory {
            names,
            workers: workers.into_iter().map(|worker| (worker.id, worker)).collect(),
            teams: teams.into_iter().map(|team| (team.id, team)).collect(),
        });
        *self.inner.directory.0.lock().expect("no panic holds it") = Some((generation, Arc::clone(&directory)));
        Ok(directory)
    }
}
