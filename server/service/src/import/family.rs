//! Families and who belongs to them.

use super::{BTreeSet, Family, FamilyId, HashMap, Import, Level, Membership, ServiceError, TeamId};
use interchange::ssd::{Mother, SsdAllocation};

impl Import<'_> {
    pub(super) async fn families(&mut self) -> Result<(), ServiceError> {
        let memberships = std::mem::take(&mut self.extract.memberships);
        let mothers = std::mem::take(&mut self.extract.mothers);
        let sources: BTreeSet<String> = memberships.iter().map(|row| row.family.clone()).collect();
        let mut teams = self.teams_of_families(&memberships);
        let relations = self.relations(&mothers);
        for source in sources {
            let team = teams.remove(&source);
            let existing = self.families.get(&source).cloned();
            let by_hand = existing.as_ref().is_some_and(|existing| existing.by_hand);
            let mut reference = format!("FS-{source}");
            if existing.is_none() && self.references.contains(&reference) {
                self.note(Level::Review, &source, format!("a family added by hand is called {reference} already; the extract's is kept beside it as {reference}-x"));
                reference.push_str("-x");
            }
            let family = Family {
                id: existing.as_ref().map_or_else(|| FamilyId::new(self.service.new_uuid()), |existing| existing.id),
                source_id: Some(source.clone()),
                reference: existing.as_ref().map_or(reference, |existing| existing.reference.clone()),
                team_id: team.map(TeamId::uuid),
                discussed_on: existing.and_then(|existing| existing.discussed_on),
                by_hand: false,
            };
            let content = (source.as_str(), team.and_then(|team| self.source_of_team(team)));
            if self.differs("family", &source, &content, by_hand).await? {
                self.slices.write(async |tx| tx.keep_family(&family).await).await?;
                self.families.insert(source, family);
            }
        }
        for row in memberships {
            let (Some(family), Some(person)) = (self.families.get(&row.family), self.people.get(&row.person)) else {
                continue;
            };
            let (family, person) = (family.id, person.id);
            let relation = relations.get(&row.person).cloned().unwrap_or_default();
            let key = format!("{}/{}", row.family, row.person);
            if self.differs("membership", &key, &(&row.family, &row.person, &relation), false).await? {
                self.slices.write(async |tx| tx.keep_member(family, person, &relation).await).await?;
            }
        }
        for row in mothers {
            let (Some(mother), Some(child)) = (self.people.get(&row.mother), self.people.get(&row.child)) else {
                continue;
            };
            let (mother, child) = (mother.id, child.id);
            if self.differs("mother", &row.id, &row, false).await? {
                self.slices.write(async |tx| tx.keep_mother(child, mother).await).await?;
            }
        }
        Ok(())
    }

    pub(super) fn source_of_team(&self, team: TeamId) -> Option<String> {
        self.teams.iter().find(|(_, id)| **id == team).map(|(source, _)| source.clone())
    }

    /// "mother of Ivy and Noah" by the mother: the only relation the dataset knows.
    fn relations(&self, mothers: &[Mother]) -> HashMap<String, String> {
        let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
        for row in mothers {
            if let Some(child) = self.people.get(&row.child) {
                let name = if child.forename.is_empty() { "the unborn child" } else { child.forename.as_str() };
                names.entry(&row.mother).or_default().push(name);
            }
        }
        let relations = names.into_iter().filter_map(|(mother, names)| {
            let relation = match names.split_last()? {
                (only, []) => format!("mother of {only}"),
                (last, others) => format!("mother of {} and {last}", others.join(", ")),
            };
            Some((mother.to_owned(), relation))
        });
        relations.collect()
    }

    /// Each family's team: that of the latest open social worker allocation, else of the latest allocation.
    fn teams_of_families(&self, memberships: &[Membership]) -> HashMap<String, TeamId> {
        let mut families: HashMap<&str, Vec<&str>> = HashMap::new();
        for row in memberships {
            families.entry(&row.person).or_default().push(&row.family);
        }
        let mut latest: HashMap<&str, &SsdAllocation> = HashMap::new();
        let rank = |row: &SsdAllocation| (row.role == "CW" && row.ends.is_none(), row.role == "CW", row.starts);
        for row in self.extract.allocations.iter().filter(|row| !row.team.is_empty()) {
            for family in families.get(row.person.as_str()).into_iter().flatten() {
                let current = latest.entry(family).or_insert(row);
                if rank(row) >= rank(current) {
                    *current = row;
                }
            }
        }
        let team = |row: &SsdAllocation| self.teams.get(&row.team).copied();
        latest.into_iter().filter_map(|(family, row)| Some((family.to_owned(), team(row)?))).collect()
    }
}
