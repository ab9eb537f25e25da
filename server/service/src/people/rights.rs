//! Who may see what, now: built from allocations, kept until one of them changes.

use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::policy::{GivenRole, Grant};
use domain::{FamilyId, TeamId, WorkerId, viewer::Viewer};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use store::role::GrantRow;
use tokio::sync::watch;

/// A viewer, with the count and the day it was built at.
type CachedViewer = (u64, NaiveDate, Arc<Viewer>);

/// Rights in memory, with a number that counts their changes.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    generation: AtomicU64,
    changed: watch::Sender<()>,
    viewers: Mutex<HashMap<WorkerId, CachedViewer>>,
}

impl Rights {
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Called after every write to people, workers or allocations.
    pub fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.changed.send_replace(());
    }

    /// Tells of every change.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }
}

/// The payload that tells other processes that rights changed.
pub(crate) const RIGHTS_CHANGED: &str = "rights";

impl Service {
    /// A worker with the rights they hold now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn viewer(&self, worker: WorkerId) -> Result<Arc<Viewer>, ServiceError> {
        let (generation, today) = (self.inner.rights.generation(), self.inner.clock.today());
        if let Some((read_at, day, viewer)) = self.inner.rights.viewers.lock().expect("no panic holds it").get(&worker)
            && (*read_at, *day) == (generation, today)
        {
            return Ok(Arc::clone(viewer));
        }
        let directory = self.directory().await?;
        // Whoever is merged has another entry, which holds their rights.
        if directory.merged.contains_key(&worker) {
            return Ok(Arc::new(Viewer::without_rights(worker, today)));
        }
        let store = &self.inner.store;
        let families = store.families_of_worker(worker, today).await?;
        let mut viewer = Viewer { families: families.into_iter().collect(), ..Viewer::without_rights(worker, today) };
        viewer.guest = directory.is_guest(worker);
        viewer.also = directory.entries_of(worker).collect();
        if let Some(row) = directory.workers.get(&worker)
            && let Some(own) = row.team_id.map(TeamId::new)
            && let Some(discipline) = self.inner.template.discipline(&row.discipline)
        {
            if discipline.manages {
                viewer.manages.insert(own);
                viewer.oversees.extend(teams_below(&directory, own, 8));
            }
            if discipline.records {
                viewer.records.insert(own);
            }
        }
        let given = store.grants().await?;
        let grants: Vec<Grant> =
            given.iter().filter(|row| row.worker_id == worker).filter_map(GrantRow::grant).collect();
        let mut covered: BTreeMap<(WorkerId, TeamId), BTreeSet<FamilyId>> = BTreeMap::new();
        for grant in grants.iter().filter(|grant| grant.counts(today)) {
            if let GivenRole::Cover { of, team } = grant.given {
                let families = store.families_of_worker_in(of, team, today).await?;
                covered.insert((of, team), families.into_iter().collect());
            }
        }
        let families_of = |of, team| covered.get(&(of, team)).cloned().unwrap_or_default();
        let viewer = Arc::new(viewer.with_roles(&grants, families_of).with_locks(&store.locks().await?));
        let kept = (generation, today, Arc::clone(&viewer));
        self.inner.rights.viewers.lock().expect("no panic holds it").insert(worker, kept);
        Ok(viewer)
    }

    /// Forgets cached rights here and in the other processes, which look for it every second.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn rights_changed(&self) -> Result<(), ServiceError> {
        self.inner.rights.forget();
        let mut tx = self.inner.store.begin().await?;
        tx.set(RIGHTS_CHANGED, &self.new_uuid().to_string()).await?;
        tx.notify(RIGHTS_CHANGED).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Teams under a team; `depth` ends what a mistaken extract makes go round in circles.
fn teams_below(directory: &crate::Directory, team: TeamId, depth: u8) -> Vec<TeamId> {
    let Some(key) = directory.teams.get(&team).and_then(|team| team.source_id.clone()) else { return Vec::new() };
    let below = directory.teams.values().filter(|other| depth > 0 && other.parent == key && other.id != team);
    below.flat_map(|other| std::iter::once(other.id).chain(teams_below(directory, other.id, depth - 1))).collect()
}
