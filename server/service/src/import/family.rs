//! Families and who belongs to them.

use super::{
    BTreeSet, Deserialize, Family, FamilyId, HashMap, Import, Level, Membership, Serialize, ServiceError, TeamId, Told,
};
use interchange::ssd::{Mother, SsdAllocation};

/// What an extract tells of a family.
#[derive(Serialize, Deserialize)]
struct FamilyRow {
    /// Key of its team, by the allocations of its people.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    team: Told<String>,
}

/// What an extract tells of one person in one family.
#[derive(Serialize, Deserialize)]
struct MemberRow {
    /// "mother of Ivy and Noah".
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    relation: Told<String>,
}

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
            let row = FamilyRow { team: team.and_then(|team| self.source_of_team(team)).into() };
            let Some(row) = self.changed("family", &source, row, by_hand).await? else { continue };
            let team = row.team.told().and_then(|team| self.teams.get(&team)).map(|team| team.uuid());
            let family = Family {
                id: existing.as_ref().map_or_else(|| FamilyId::new(self.service.new_uuid()), |existing| existing.id),
                source_id: Some(source.clone()),
                reference: existing.as_ref().map_or(reference, |existing| existing.reference.clone()),
                team_id: team.or_else(|| existing.as_ref().and_then(|existing| existing.team_id)),
                discussed_on: existing.and_then(|existing| existing.discussed_on),
                by_hand: false,
            };
            self.slices.write(async |tx| tx.keep_family(&family).await).await?;
            self.families.insert(source, family);
        }
        for row in memberships {
            let (Some(family), Some(person)) = (self.families.get(&row.family), self.people.get(&row.person)) else {
                continue;
            };
            let (family, person) = (family.id, person.id);
            let key = format!("{}/{}", row.family, row.person);
            let row = MemberRow { relation: relations.get(&row.person).cloned().into() };
            if let Some(row) = self.changed("membership", &key, row, false).await? {
                let relation = row.relation.told().unwrap_or_default();
                self.slices.write(async |tx| tx.keep_member(family, person, &relation).await).await?;
            }
        }
        for row in mothers {
            let (Some(mother), Some(child)) = (self.people.get(&row.mother), self.people.get(&row.child)) else {
                continue;
            };
            let (mother, child) = (mother.id, child.id);
            if self.changed("mother", &row.id.clone(), row, false).await?.is_some() {
                self.slices.write(async |tx| tx.keep_mother(child, mother).await).await?;
            }
        }
        Ok(())
    }

    pub(super) fn source_of_team(&self, team: TeamId) -> Option<String> {
        self.teams.iter().find(|(_, id)| **id == team).map(|(source, _)| source.clone())
    }

    /// "mother of Ivy and Noah" by the mother, eldest first: the only relation the dataset knows.
    fn relations(&self, mothers: &[Mother]) -> HashMap<String, String> {
        let mut names: HashMap<&str, Vec<_>> = HashMap::new();
        for row in mothers {
            if let Some(child) = self.people.get(&row.child) {
                let name = if child.forename.is_empty() { "the unborn child" } else { child.forename.as_str() };
                // Whoever has no birth date, or is not born yet, comes last.
                names.entry(&row.mother).or_default().push((child.born.is_none(), child.born, &row.child, name));
            }
        }
        let names = names.into_iter().map(|(mother, mut children)| {
            children.sort();
            children.dedup();
            (mother, children.into_iter().map(|(.., name)| name).collect::<Vec<&str>>())
        });
        let relations = names.filter_map(|(mother, names)| {
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
        let today = self.service.clock().today();
        let team = |row: &SsdAllocation| row.team.as_ref().told().and_then(|team| self.teams.get(team)).copied();
        let rank = |row: &SsdAllocation| {
            let social_worker = row.role.as_ref().map(String::as_str) == Told::That("CW");
            (social_worker && row.ends.value().is_none(), social_worker, row.starts, row.id.clone())
        };
        // One that is planned moves the family on its day.
        for row in self.extract.allocations.iter().filter(|row| team(row).is_some() && row.starts <= today) {
            for family in families.get(row.person.as_str()).into_iter().flatten() {
                let current = latest.entry(family).or_insert(row);
                if rank(row) > rank(current) {
                    *current = row;
                }
            }
        }
        latest.into_iter().filter_map(|(family, row)| Some((family.to_owned(), team(row)?))).collect()
    }
}
