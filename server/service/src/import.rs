//! An extract into the database: what is new or changed is taken, what people corrected stays.

mod family;
mod slices;

use crate::{Service, ServiceError};
use domain::{AllocationId, FamilyId, PersonId, TeamId, WorkerId, dates};
use interchange::ssd::{Count, Membership, SsdWorker};
use interchange::{Extract, Level, Problem, Told};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
        let (all_families, teams) = (store.families().await?, store.teams().await?);
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
            team_names: teams.iter().map(|team| (team.name.clone(), team.id)).collect(),
            teams: teams.into_iter().filter_map(|team| Some((team.source_id?, team.id))).collect(),
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

    /// A row to be written, having compared it with what was read before; `None` where nothing is to be written. What the row
    /// does not tell stays as it was read before.
    async fn changed<T: Serialize + DeserializeOwned>(
        &mut self, kind: &str, key: &str, row: T, by_hand: bool,
    ) -> Result<Option<T>, ServiceError> {
        let before = self.before.get(&(kind.to_owned(), key.to_owned()));
        let row = match before {
            Some(before) => with_what_was_read(row, before),
            None => row,
        };
        let content = serde_json::to_string(&row).expect("rows are plain data");
        let change = self.report.changes.entry(kind.to_owned()).or_default();
        if before == Some(&content) {
            change.unchanged += 1;
            return Ok(None);
        }
        let is_new = before.is_none();
        // A slice begins here and nowhere else: a row and the note that it was read stay together.
        self.slices.next().await?;
        self.slices.write(async |tx| tx.keep_import_row(kind, key, &content).await).await?;
        if by_hand {
            change.kept_by_hand += 1;
            let says = format!("{kind} {key} was corrected by hand here; the extract now says {content}; ours stays");
            self.note(Level::Review, key, says);
            return Ok(None);
        }
        if is_new { change.new += 1 } else { change.changed += 1 }
        Ok(Some(row))
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
            if let Some(row) = self.changed("team", &row.id.clone(), row, false).await? {
                let (name, parent) = (row.name.told().unwrap_or_default(), row.parent.told().unwrap_or_default());
                let team = Team { id, source_id: Some(row.id), name, parent };
                self.slices.write(async |tx| tx.keep_team(&team).await).await?;
            }
        }
        Ok(())
    }

    async fn workers(&mut self) -> Result<(), ServiceError> {
        for row in std::mem::take(&mut self.extract.workers) {
            let existing = self.workers.get(&row.id).cloned();
            let by_hand = existing.as_ref().is_some_and(|existing| existing.by_hand);
            if existing.is_none() {
                self.propose_worker(&row);
            }
            let Some(row) = self.changed("worker", &row.id.clone(), row, by_hand).await? else { continue };
            let department = row.department.told().unwrap_or_default();
            let worker = Worker {
                id: existing.map_or_else(|| WorkerId::new(self.service.new_uuid()), |existing| existing.id),
                source_id: Some(row.id.clone()),
                staff_id: row.staff_id.told().unwrap_or_default(),
                name: row.name.told().unwrap_or_default(),
                job_title: row.job_title.told().unwrap_or_default(),
                discipline: row.discipline.told().unwrap_or_default(),
                team_id: self.team_names.get(&department).map(|team| team.uuid()),
                by_hand: false,
                // An extract tells no hour: whoever is in it was in post this morning.
                in_post_since: dates::from_london(self.service.clock().today().and_time(chrono::NaiveTime::MIN)),
            };
            self.slices.write(async |tx| tx.keep_worker(&worker).await).await?;
            self.workers.insert(row.id, worker);
        }
        Ok(())
    }

    /// Somebody added by hand with the same name may be the same worker.
    fn propose_worker(&mut self, row: &SsdWorker) {
        let Told::That(name) = &row.name else { return };
        let same = self.by_hand_workers.iter().filter(|other| other.name.to_lowercase() == name.to_lowercase());
        let names: Vec<String> = same.map(|other| other.name.clone()).collect();
        for name in names {
            let says =
                format!("{name} was added by hand and may be worker {} of the extract; both are kept", row.id);
            self.note(Level::Review, &row.id, says);
        }
    }

    async fn people(&mut self) -> Result<(), ServiceError> {
        for row in std::mem::take(&mut self.extract.people) {
            let existing = self.people.get(&row.id).cloned();
            let by_hand = existing.as_ref().is_some_and(|existing| existing.by_hand);
            let Some(row) = self.changed("person", &row.id.clone(), row, by_hand).await? else { continue };
            let is_new = existing.is_none();
            let person = Person {
                id: existing.map_or_else(|| PersonId::new(self.service.new_uuid()), |existing| existing.id),
                source_id: Some(row.id.clone()),
                forename: row.forename.told().unwrap_or_default(),
                surname: row.surname.told().unwrap_or_default(),
                sex: row.sex.told().unwrap_or_default(),
                born: row.born.value(),
                expected: row.expected.value(),
                died: row.died.value(),
                adult: row.adult.told().unwrap_or_default(),
                by_hand: false,
            };
            if is_new {
                self.propose_person(&person);
            }
            self.slices.write(async |tx| tx.keep_person(&person).await).await?;
            self.people.insert(row.id, person);
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
            let (id, by_hand) = (existing.map(|existing| existing.id), existing.is_some_and(|existing| existing.by_hand));
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            let Some(row) = self.changed("allocation", &row.id.clone(), row, by_hand).await? else { continue };
            let (worker, team) = (row.worker.told().unwrap_or_default(), row.team.told().unwrap_or_default());
            let allocation = Allocation {
                id: id.unwrap_or_else(|| AllocationId::new(self.service.new_uuid())),
                source_id: Some(row.id),
                person_id: Some(person.uuid()),
                family_id: None,
                worker_id: self.workers.get(&worker).map(|worker| worker.id.uuid()),
                unknown_worker: row.unknown_worker.told().unwrap_or_default(),
                team_id: self.teams.get(&team).map(|team| team.uuid()),
                role: row.role.told().unwrap_or_default(),
                starts: row.starts,
                ends: row.ends.value(),
                by_hand: false,
            };
            self.slices.write(async |tx| tx.keep_allocation(&allocation).await).await?;
        }
        Ok(())
    }

    /// Episodes, plans, factors, visits.
    async fn standing(&mut self) -> Result<(), ServiceError> {
        for row in std::mem::take(&mut self.extract.episodes) {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(row) = self.changed("episode", &row.id.clone(), row, false).await? {
                let (opened, closed) = (row.opened.value(), row.closed.value());
                self.slices.write(async |tx| tx.keep_episode(&row.id, person, opened, closed).await).await?;
            }
        }
        for row in std::mem::take(&mut self.extract.plans) {
            let Some(person_id) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(row) = self.changed("plan", &row.id.clone(), row, false).await? {
                let categories = row.categories.told().unwrap_or_default().join("\n");
                let (starts, ends) = (row.starts.value(), row.ends.value());
                let plan = ChildPlan { person_id, kind: row.kind, starts, ends, categories };
                self.slices.write(async |tx| tx.keep_plan(&row.id, &plan).await).await?;
            }
        }
        for row in std::mem::take(&mut self.extract.factors) {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(row) = self.changed("factors", &row.person.clone(), row, false).await? {
                self.slices.write(async |tx| tx.keep_factors(person, &row.codes, row.assessed_on).await).await?;
            }
        }
        for row in std::mem::take(&mut self.extract.visits) {
            let Some(person) = self.people.get(&row.person).map(|person| person.id) else { continue };
            if let Some(row) = self.changed("visit", &row.id.clone(), row, false).await? {
                let (seen, alone) = (row.seen.told().unwrap_or_default(), row.alone.told().unwrap_or_default());
                self.slices.write(async |tx| tx.keep_visit(&row.id, person, row.on, seen, alone).await).await?;
            }
        }
        Ok(())
    }
}

/// A row with what it does not tell as it was read before.
fn with_what_was_read<T: Serialize + DeserializeOwned>(row: T, before: &str) -> T {
    let (Ok(Value::Object(mut told)), Ok(Value::Object(before))) = (serde_json::to_value(&row), serde_json::from_str(before))
    else {
        return row;
    };
    for (field, value) in before {
        told.entry(field).or_insert(value);
    }
    serde_json::from_value(Value::Object(told)).unwrap_or(row)
}
