//! An extract into the database: what is new or changed is taken, what people corrected stays.

mod family;
mod slices;

use crate::{Service, ServiceError};
use domain::{AllocationId, FamilyId, PersonId, TeamId, WorkerId, dates};
use interchange::ssd::{Count, Membership};
use interchange::{Extract, Level, Problem};
use serde::Serialize;
use slices::Slices;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::allocation::Allocation;
use store::family::{ChildPlan, Family};
use store::person::Person;
use store::worker::{Team, Worker};

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// How each file's rows were used.
    pub files: BTreeMap<String, Count>,
    /// What changed, by kind.
    pub changes: BTreeMap<String, Change>,
    /// What somebody should know of.
    pub problems: Vec<Problem>,
}

/// How the rows of one kind compare with what was read before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Not read before.
    pub new: usize,
    /// Read before with other values.
    pub changed: usize,
    /// As read before.
    pub unchanged: usize,
    /// Changed in the extract, but corrected by hand here: ours stays.
    pub kept_by_hand: usize,
}

impl Report {
    /// Whether a second load of the same would do nothing.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.changes.values().all(|change| change.new + change.changed == 0)
    }
}

impl Service {
    /// Imports an SSD extract from its files' names and bytes. With `dry_run` everything is tried and
    /// nothing kept.
    ///
    /// # Errors
    /// A file that cannot be read, by name; a demo that is offered anything but its sample.
    pub async fn import_ssd(&self, files: &BTreeMap<String, Vec<u8>>, dry_run: bool) -> Result<Report, ServiceError> {
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
        let extract = interchange::read(files, self.inner.clock.today())
            .map_err(|error| ServiceError::Setup(error.to_string()))?;
        if self.inner.demo && !dry_run {
            let mut tx = self.inner.store.begin().await?;
            tx.set("demo", "yes").await?;
            tx.commit().await?;
        }
        let mut import = Import::begin(self, extract, dry_run).await?;
        import.teams().await?;
        import.workers().await?;
        import.people().await?;
        import.families().await?;
        import.allocations().await?;
        import.standing().await?;
        import.slices.end().await?;
        import.report.dry_run = dry_run;
        if !dry_run {
            self.rights_changed().await?;
        }
        Ok(import.report)
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
    before: HashMap<(String, String), String>,
    teams: HashMap<String, TeamId>,
    team_names: HashMap<String, TeamId>,
    workers: HashMap<String, Worker>,
    by_hand_workers: Vec<Worker>,
    people: HashMap<String, Person>,
    by_hand_people: Vec<Person>,
    families: HashMap<String, Family>,
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
    async fn begin(service: &'a Service, mut extract: Extract, dry_run: bool) -> Result<Self, ServiceError> {
        let store = &service.inner.store;
        let (workers, by_hand_workers) = keyed(store.workers().await?, |worker| worker.source_id.clone());
        let (people, by_hand_people) = keyed(store.people().await?, |person| person.source_id.clone());
        let all_families = store.families().await?;
        let references = all_families.iter().map(|family| family.reference.clone()).collect();
        let report = Report {
            files: std::mem::take(&mut extract.counts),
            problems: std::mem::take(&mut extract.problems),
            ..Report::default()
        };
        let before = store.import_rows().await?.into_iter().map(|(file, key, content)| ((file, key), content));
        Ok(Self {
            service,
            slices: Slices::new(store, dry_run),
            before: before.collect(),
            teams: store.teams().await?.into_iter().filter_map(|team| Some((team.source_id?, team.id))).collect(),
            team_names: HashMap::new(),
            workers,
            by_hand_workers,
            people,
            by_hand_people,
            families: keyed(all_families, |family| family.source_id.clone()).0,
            references,
            allocations: keyed(store.all_allocations().await?, |allocation| allocation.source_id.clone()).0,
            extract,
            report,
        })
    }

    /// Whether a row is to be written, having compared it with what was read before.
    async fn differs<T: Serialize>(
        &mut self, kind: &str, key: &str, row: &T, by_hand: bool,
    ) -> Result<bool, ServiceError> {
        let content = serde_json::to_string(row).expect("rows are plain data");
        let change = self.report.changes.entry(kind.to_owned()).or_default();
        match self.before.get(&(kind.to_owned(), key.to_owned())) {
            Some(previous) if *previous == content => {
                change.unchanged += 1;
                return Ok(false);
            }
            previous => {
                // A slice begins here and nowhere else: a row and the note that it was read stay together.
                self.slices.next().await?;
                self.slices.write(async |tx| tx.keep_import_row(kind, key, &content).await).await?;
                if by_hand {
                    change.kept_by_hand += 1;
                    let says =
                        format!("{kind} {key} was corrected by hand here; the extract now says {content}; ours stays");
                    self.note(Level::Review, key, says);
                    return Ok(false);
                }
                if previous.is_some() { change.changed += 1 } else { change.new += 1 }
            }
        }
        Ok(true)
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
            self.team_names.insert(row.name.clone(), id);
            if self.differs("team", &row.id, &row, false).await? {
                self.slices
                    .write(async |tx| {
                        tx.keep_team(&Team { id, source_id: Some(row.id), name: row.name, parent: row.parent }).await
                    })
                    .await?;
            }
        }
        Ok(())
    }

    async fn workers(&mut self) -> Result<(), ServiceError> {
        for row in std::mem::take(&mut self.extract.workers) {
            let existing = self.workers.get(&row.id).cloned();
            let by_hand = existing.as_ref().is_some_and(|existing| existing.by_hand);
            if existing.is_none() {
                let same: Vec<String> = self
                    .by_hand_workers
                    .iter()
                    .filter(|other| other.name.to_lowercase() == row.name.to_lowercase())
                    .map(|other| other.name.clone())
                    .collect();
                for name in same {
                    self.note(
                        Level::Review,
                        &row.id,
                        format!("{name} was added by hand and may be worker {} of the extract; both are kept", row.id),
                    );
                }
            }
            let worker = Worker {
                id: existing.map_or_else(|| WorkerId::new(self.service.new_uuid()), |existing| existing.id),
                source_id: Some(row.id.clone()),
                staff_id: row.staff_id.clone(),
                name: row.name.clone(),
                job_title: row.job_title.clone(),
                discipline: row.discipline.clone(),
                team_id: self.team_names.get(&row.department).map(|team| team.uuid()),
                by_hand: false,
                // An extract tells no hour: whoever is in it was in post this morning.
                in_post_since: dates::from_london(self.service.clock().today().and_time(chrono::NaiveTime::MIN)),
            };
            if self.differs("worker", &row.id, &row, by_hand).await? {
                self.slices.write(async |tx| tx.keep_worker(&worker).await).await?;
                self.workers.insert(row.id, worker);
            }
        }
        Ok(())
    }

    async fn people(&mut self) -> Result<(), ServiceError> {
        for row in std::mem::take(&mut self.extract.people) {
            let existing = self.people.get(&row.id);
            let by_hand = existing.is_some_and(|existing| existing.by_hand);
            let person = Person {
                id: existing.map_or_else(|| PersonId::new(self.service.new_uuid()), |existing| existing.id),
                source_id: Some(row.id.clone()),
                forename: row.forename.clone(),
                surname: row.surname.clone(),
                sex: row.sex.clone(),
                born: row.born,
                expected: row.expected,
                died: row.died,
                adult: row.adult,
                by_hand: false,
            };
            if existing.is_none() {
                self.propose_person(&person);
            }
            if self.differs("person", &row.id, &row, by_hand).await? {
                self.slices.write(async |tx| tx.keep_person(&person).await).await?;
                self.people.insert(row.id, person);
            }
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
        for row in std::mem::take(&mut self.extract.allocations) {
            let existing = self.allocations.get(&row.id);
            let by_hand = existing.is_some_and(|existing| existing.by_hand);
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            let allocation = Allocation {
                id: existing.map_or_else(|| AllocationId::new(self.service.new_uuid()), |existing| existing.id),
                source_id: Some(row.id.clone()),
                person_id: Some(person.uuid()),
                family_id: None,
                worker_id: self.workers.get(&row.worker).map(|worker| worker.id.uuid()),
                unknown_worker: row.unknown_worker.clone(),
                team_id: self.teams.get(&row.team).map(|team| team.uuid()),
                role: row.role.clone(),
                starts: row.starts,
                ends: row.ends,
                by_hand: false,
            };
            if self.differs("allocation", &row.id, &row, by_hand).await? {
                self.slices.write(async |tx| tx.keep_allocation(&allocation).await).await?;
            }
        }
        Ok(())
    }

    /// Episodes, plans, factors, visits.
    async fn standing(&mut self) -> Result<(), ServiceError> {
        for row in std::mem::take(&mut self.extract.episodes) {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if self.differs("episode", &row.id, &row, false).await? {
                self.slices.write(async |tx| tx.keep_episode(&row.id, person, row.opened, row.closed).await).await?;
            }
        }
        for row in std::mem::take(&mut self.extract.plans) {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if self.differs("plan", &row.id, &row, false).await? {
                let plan = ChildPlan {
                    person_id: person,
                    kind: row.kind,
                    starts: row.starts,
                    ends: row.ends,
                    categories: row.categories.join("\n"),
                };
                self.slices.write(async |tx| tx.keep_plan(&row.id, &plan).await).await?;
            }
        }
        for row in std::mem::take(&mut self.extract.factors) {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if self.differs("factors", &row.person, &row, false).await? {
                self.slices.write(async |tx| tx.keep_factors(person, &row.codes, row.assessed_on).await).await?;
            }
        }
        for row in std::mem::take(&mut self.extract.visits) {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if self.differs("visit", &row.id, &row, false).await? {
                self.slices.write(async |tx| tx.keep_visit(&row.id, person, row.on, row.seen, row.alone).await).await?;
            }
        }
        Ok(())
    }
}
