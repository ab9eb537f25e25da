//! An extract into the database: what is new or changed is taken, what people corrected stays.

mod compare;
mod family;
mod refresh;
mod report;
mod slices;
mod standing;

pub use report::{Change, Report};

use crate::{Service, ServiceError};
use compare::{Before, ChangedRow, taken_over};
use domain::{AllocationId, FamilyId, PersonId, TeamId, WorkerId, dates};
use interchange::ssd::{Membership, SsdAllocation, SsdPerson, SsdWorker};
use interchange::{Extract, Level, Mapping, Problem, Told};
use serde::{Deserialize, Serialize};
use slices::Slices;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::allocation::Allocation;
use store::family::Family;
use store::person::Person;
use store::worker::{Team, Worker};

/// How a load is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// Everything is tried and nothing kept.
    DryRun,
    /// Taken, unless it changes or ends too much of what is known.
    Checked,
    /// Taken however much it changes.
    Accepted,
}

/// What it means that a row is not in a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    /// It is in the case system no more: the load holds all of it.
    Everything,
    /// Nothing: the load holds a part of it.
    Part,
}

impl Service {
    /// Imports an SSD extract from its files' names and bytes.
    ///
    /// # Errors
    /// A file that cannot be read, by name; a demo that is offered anything but its sample; a load that changes too much, with
    /// what it would change.
    pub async fn import_ssd(&self, files: &BTreeMap<String, Vec<u8>>, load: Load) -> Result<Report, ServiceError> {
        self.import_mapped(files, &Mapping::default(), load).await
    }

    /// The same of files that use a council's own words.
    ///
    /// # Errors
    /// As [`Service::import_ssd`].
    pub async fn import_mapped(
        &self, files: &BTreeMap<String, Vec<u8>>, mapping: &Mapping, load: Load,
    ) -> Result<Report, ServiceError> {
        let dry_run = load == Load::DryRun;
        if self.inner.demo && !interchange::sample::is_sample(files) {
            return Err(ServiceError::Setup(
                "This is a demo of invented families and takes no other extract. Use another --database without --demo for real data.".to_owned(),
            ));
        }
        if !self.inner.demo
            && interchange::sample::is_sample(files)
            && !dry_run
            && !self.inner.store.families().await?.is_empty()
        {
            return Err(ServiceError::Setup(
                "These are the invented families of the sample; they do not belong beside real ones. Use --demo with another --database.".to_owned(),
            ));
        }
        let extract = interchange::read(files, mapping, self.inner.clock.today())
            .map_err(|error| ServiceError::Setup(error.to_string()))?;
        if self.inner.demo && !dry_run {
            let mut tx = self.inner.store.begin().await?;
            tx.set("demo", "yes").await?;
            tx.commit().await?;
        }
        self.load(extract, load, Tells::Everything).await
    }

    /// Takes what an extract tells, unless it would change too much.
    async fn load(&self, extract: Extract, load: Load, tells: Tells) -> Result<Report, ServiceError> {
        if load == Load::DryRun {
            return self.compare_and_take(extract, true, tells).await;
        }
        let first = self.inner.store.families().await?.is_empty();
        let tried = match load {
            Load::Checked if !first => self.compare_and_take(extract.clone(), true, tells).await?,
            _ => Report::default(),
        };
        if !tried.too_much.is_empty() {
            return Err(ServiceError::Setup(format!(
                "This load would change more than a load usually does: {}. Nothing was changed. Look at what it says with --dry-run; \
                 where it is right, load it again with --accept-changes.",
                tried.too_much.join("; ")
            )));
        }
        let report = self.compare_and_take(extract, false, tells).await?;
        self.rights_changed().await?;
        Ok(report)
    }

    async fn compare_and_take(&self, extract: Extract, dry_run: bool, tells: Tells) -> Result<Report, ServiceError> {
        let mut import = Import::begin(self, extract, dry_run, tells).await?;
        import.teams().await?;
        import.workers().await?;
        import.people().await?;
        import.families().await?;
        import.allocations().await?;
        import.take_over_made().await?;
        import.standing().await?;
        import.slices.end().await?;
        Ok(import.finished(dry_run))
    }
}

/// The shipped sample's files by name.
#[must_use]
pub fn sample() -> BTreeMap<String, Vec<u8>> {
    interchange::sample::files()
}

struct Import<'a> {
    service: &'a Service,
    extract: Extract,
    slices: Slices<'a>,
    tells: Tells,
    before: Before,
    teams: HashMap<String, TeamId>,
    team_names: HashMap<String, TeamId>,
    workers: HashMap<String, Worker>,
    by_hand_workers: Vec<Worker>,
    people: HashMap<String, Person>,
    by_hand_people: Vec<Person>,
    families: HashMap<String, Family>,
    /// What each member of a family is called there.
    members: HashMap<(FamilyId, PersonId), String>,
    references: BTreeSet<String>,
    allocations: HashMap<String, Allocation>,
    report: Report,
}

fn keyed<T>(rows: Vec<T>, key: impl Fn(&T) -> Option<String>) -> (HashMap<String, T>, Vec<T>) {
    let (mut by_source, mut by_hand) = (HashMap::new(), Vec::new());
    for row in rows {
        match key(&row) {
            Some(source) => {
                by_source.insert(source, row);
            }
            None => by_hand.push(row),
        }
    }
    (by_source, by_hand)
}

impl<'a> Import<'a> {
    async fn begin(
        service: &'a Service, mut extract: Extract, dry_run: bool, tells: Tells,
    ) -> Result<Self, ServiceError> {
        let store = &service.inner.store;
        let (workers, by_hand_workers) = keyed(store.workers().await?, |worker| worker.source_id.clone());
        let (people, by_hand_people) = keyed(store.people().await?, |person| person.source_id.clone());
        let (all_families, teams) = (store.families().await?, store.teams().await?);
        let references = all_families.iter().map(|family| family.reference.clone()).collect();
        let report = Report {
            files: std::mem::take(&mut extract.counts),
            problems: std::mem::take(&mut extract.problems),
            ..Report::default()
        };
        Ok(Self {
            service,
            slices: Slices::new(store, dry_run),
            tells,
            before: Before::new(store.import_rows().await?),
            team_names: teams.iter().map(|team| (team.name.clone(), team.id)).collect(),
            teams: teams.into_iter().filter_map(|team| Some((team.source_id?, team.id))).collect(),
            workers,
            by_hand_workers,
            people,
            by_hand_people,
            members: store.relations().await?.into_iter().collect(),
            families: keyed(all_families, |family| family.source_id.clone()).0,
            references,
            allocations: keyed(store.all_allocations().await?, |allocation| allocation.source_id.clone()).0,
            extract,
            report,
        })
    }

    /// The report, with what of it is too much.
    fn finished(mut self, dry_run: bool) -> Report {
        self.report.dry_run = dry_run;
        for (kind, change) in &self.report.changes {
            let before = self.before.count(kind);
            let standing = self.tells == Tells::Part && ["plan", "episode"].contains(&kind.as_str());
            if standing && change.is_much_added(before) {
                let words = format!(
                    "beside {before} rows of the kind “{kind}” {} are new and {} change",
                    change.new, change.changed
                );
                self.report.too_much.push(words);
            } else if change.is_much(before) {
                let (changed, gone) = (change.changed, change.gone_open);
                let words =
                    format!("of {before} rows of the kind “{kind}” {changed} change and {gone} that are open are gone");
                self.report.too_much.push(words);
            }
        }
        self.report
    }

    fn note(&mut self, level: Level, value: &str, says: String) {
        self.report.problems.push(Problem {
            level,
            file: String::new(),
            line: 0,
            column: String::new(),
            value: value.to_owned(),
            says,
        });
    }

    async fn teams(&mut self) -> Result<(), ServiceError> {
        for row in std::mem::take(&mut self.extract.teams) {
            let id = self.teams.get(&row.id).copied().unwrap_or_else(|| TeamId::new(self.service.new_uuid()));
            self.teams.insert(row.id.clone(), id);
            if let Told::That(name) = &row.name {
                self.team_names.insert(name.clone(), id);
            }
            if let Some(ChangedRow { now, .. }) = self.changed("team", &row.id.clone(), row).await? {
                let (name, parent) = (now.name.told().unwrap_or_default(), now.parent.told().unwrap_or_default());
                let team = Team { id, source_id: Some(now.id), name, parent };
                self.slices.write(async |tx| tx.keep_team(&team).await).await?;
            }
        }
        Ok(())
    }

    async fn workers(&mut self) -> Result<(), ServiceError> {
        for row in std::mem::take(&mut self.extract.workers) {
            let existing = self.workers.get(&row.id).cloned();
            if existing.is_none() {
                self.propose_worker(&row);
            }
            let Some(ChangedRow { before, now }) = self.changed("worker", &row.id.clone(), row).await? else {
                continue;
            };
            let id = existing.as_ref().map_or_else(|| WorkerId::new(self.service.new_uuid()), |existing| existing.id);
            let key = now.id.clone();
            let (before, now) = (before.map(|before| self.worker(id, before)), self.worker(id, now));
            let (worker, kept) = match (before, existing) {
                (Some(before), Some(ours)) => {
                    taken_over!(before, now, ours; staff_id, name, job_title, discipline, team_id)
                }
                _ => (now, Vec::new()),
            };
            self.kept("worker", &key, &kept);
            self.slices.write(async |tx| tx.keep_worker(&worker).await).await?;
            self.workers.insert(key, worker);
        }
        Ok(())
    }

    fn worker(&self, id: WorkerId, row: SsdWorker) -> Worker {
        let department = row.department.told().unwrap_or_default();
        Worker {
            id,
            source_id: Some(row.id),
            staff_id: row.staff_id.told().unwrap_or_default(),
            name: row.name.told().unwrap_or_default(),
            job_title: row.job_title.told().unwrap_or_default(),
            discipline: row.discipline.told().unwrap_or_default(),
            team_id: self.team_names.get(&department).map(|team| team.uuid()),
            by_hand: false,
            // An extract tells no hour: whoever is in it was in post this morning.
            in_post_since: dates::from_london(self.service.clock().today().and_time(chrono::NaiveTime::MIN)),
        }
    }

    /// Somebody added by hand with the same name may be the same worker.
    fn propose_worker(&mut self, row: &SsdWorker) {
        let Told::That(name) = &row.name else { return };
        let same = self.by_hand_workers.iter().filter(|other| other.name.to_lowercase() == name.to_lowercase());
        let names: Vec<String> = same.map(|other| other.name.clone()).collect();
        for name in names {
            let says = format!("{name} was added by hand and may be worker {} of the extract; both are kept", row.id);
            self.note(Level::Review, &row.id, says);
        }
    }

    async fn people(&mut self) -> Result<(), ServiceError> {
        for row in std::mem::take(&mut self.extract.people) {
            let existing = self.people.get(&row.id).cloned();
            let Some(ChangedRow { before, now }) = self.changed("person", &row.id.clone(), row).await? else {
                continue;
            };
            let id = existing.as_ref().map_or_else(|| PersonId::new(self.service.new_uuid()), |existing| existing.id);
            let key = now.id.clone();
            if existing.is_none() {
                self.propose_person(&person(id, now.clone()));
            }
            let (person, kept) = match (before, existing) {
                (Some(before), Some(ours)) => taken_over!(
                    person(id, before), person(id, now), ours; forename, surname, sex, born, expected, died, adult
                ),
                _ => (person(id, now), Vec::new()),
            };
            self.kept("person", &key, &kept);
            self.slices.write(async |tx| tx.keep_person(&person).await).await?;
            self.people.insert(key, person);
        }
        Ok(())
    }

    /// Somebody added by hand with the same name, and no other birth date, may be the same person.
    fn propose_person(&mut self, new: &Person) {
        let name = |person: &Person| format!("{} {}", person.forename, person.surname).to_lowercase();
        let same = self.by_hand_people.iter().filter(|other| name(other) == name(new) && !name(new).trim().is_empty());
        let same = same.filter(|other| other.born.is_none() || new.born.is_none() || other.born == new.born);
        let names: Vec<String> = same.map(|other| format!("{} {}", other.forename, other.surname)).collect();
        let source = new.source_id.clone().unwrap_or_default();
        for name in names {
            self.note(
                Level::Review,
                &source,
                format!("{name} was added by hand and may be person {source} of the extract; both are kept"),
            );
        }
    }

    async fn allocations(&mut self) -> Result<(), ServiceError> {
        let rows = std::mem::take(&mut self.extract.allocations);
        for (old, new) in self.renumbered("allocation", &rows, |row| &row.id).await? {
            if let Some(allocation) = self.allocations.remove(&old) {
                self.allocations.insert(new.clone(), Allocation { source_id: Some(new), ..allocation });
            }
        }
        for row in rows {
            let existing = self.allocations.get(&row.id).cloned();
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            // A worker who was in no extract when the row was read first.
            let named_since = existing.as_ref().and_then(|ours| self.named_since(ours));
            let existing = named_since.clone().or(existing);
            let Some(ChangedRow { before, now }) = self.changed("allocation", &row.id.clone(), row).await? else {
                if let Some(allocation) = named_since {
                    self.slices.next().await?;
                    self.slices.write(async |tx| tx.keep_allocation(&allocation).await).await?;
                    let change = self.report.changes.entry("allocation".to_owned()).or_default();
                    (change.changed, change.unchanged) = (change.changed + 1, change.unchanged - 1);
                }
                continue;
            };
            let id =
                existing.as_ref().map_or_else(|| AllocationId::new(self.service.new_uuid()), |existing| existing.id);
            let key = now.id.clone();
            let before = before.map(|before| self.allocation(id, person, before));
            let now = self.allocation(id, person, now);
            let (allocation, kept) = match (before, existing) {
                (Some(before), Some(ours)) => {
                    taken_over!(before, now, ours; worker_id, unknown_worker, team_id, role, starts, ends)
                }
                _ => (now, Vec::new()),
            };
            self.kept("allocation", &key, &kept);
            self.slices.write(async |tx| tx.keep_allocation(&allocation).await).await?;
        }
        self.gone("allocation", |import, row: &SsdAllocation| {
            let worker = row.worker.clone().told().and_then(|worker| import.workers.get(&worker));
            let (worker, person) = (worker.map_or("a worker", |worker| &worker.name), import.called(&row.person));
            row.ends.value().is_none().then(|| format!("the allocation of {worker} to {person}"))
        });
        Ok(())
    }

    fn allocation(&self, id: AllocationId, person: PersonId, row: SsdAllocation) -> Allocation {
        let (key, team) = (row.worker.told().unwrap_or_default(), row.team.told().unwrap_or_default());
        let worker = self.workers.get(&key);
        Allocation {
            id,
            source_id: Some(row.id),
            person_id: Some(person.uuid()),
            family_id: None,
            worker_id: worker.map(|worker| worker.id.uuid()),
            unknown_worker: if worker.is_some() { String::new() } else { key },
            team_id: self.teams.get(&team).map(|team| team.uuid()),
            role: row.role.told().unwrap_or_default(),
            starts: row.starts,
            ends: row.ends.value(),
            by_hand: false,
        }
    }

    /// An allocation with the worker whom it names and who was not known when it was written; `None` where nothing is new.
    fn named_since(&self, ours: &Allocation) -> Option<Allocation> {
        let worker = self.workers.get(&ours.unknown_worker).filter(|_| ours.worker_id.is_none())?;
        Some(Allocation { worker_id: Some(worker.id.uuid()), unknown_worker: String::new(), ..ours.clone() })
    }

    /// "Imogen Otterfold (9000101)".
    fn called(&self, person: &str) -> String {
        let name = self.people.get(person).map(|person| format!("{} {} ", person.forename, person.surname));
        format!("{}({person})", name.unwrap_or_default())
    }
}

fn person(id: PersonId, row: SsdPerson) -> Person {
    Person {
        id,
        source_id: Some(row.id),
        forename: row.forename.told().unwrap_or_default(),
        surname: row.surname.told().unwrap_or_default(),
        sex: row.sex.told().unwrap_or_default(),
        born: row.born.value(),
        expected: row.expected.value(),
        died: row.died.value(),
        adult: row.adult.told().unwrap_or(row.adult_if_new),
        by_hand: false,
    }
}
