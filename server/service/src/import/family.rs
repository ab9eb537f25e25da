//! Families and who belongs to them.

use super::taken_over;
use super::{
    BTreeSet, ChangedRow, Deserialize, Family, FamilyId, HashMap, Import, Level, Membership, Serialize, ServiceError,
    TeamId, Told,
};
use interchange::ssd::{Mother, SsdAllocation};

/// What an extract tells of a family.
#[derive(Serialize, Deserialize)]
struct FamilyRow {
    /// Key of its team, by the allocations of its people.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    team: Told<String>,
}

/// What somebody is to a family.
#[derive(Clone)]
struct Relation {
    relation: String,
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
            let mut reference = format!("FS-{source}");
            if existing.is_none() && self.references.contains(&reference) {
                self.note(Level::Review, &source, format!("a family added by hand is called {reference} already; the extract's is kept beside it as {reference}-x"));
                reference.push_str("-x");
            }
            let row = FamilyRow { team: team.and_then(|team| self.source_of_team(team)).into() };
            let Some(ChangedRow { before, now }) = self.changed("family", &source, row).await? else { continue };
            let team = |row: FamilyRow| row.team.told().and_then(|team| self.teams.get(&team)).map(|team| team.uuid());
            let (before, team) = (before.map(team), team(now));
            let family = Family {
                id: existing.as_ref().map_or_else(|| FamilyId::new(self.service.new_uuid()), |existing| existing.id),
                source_id: Some(source.clone()),
                reference: existing.as_ref().map_or(reference, |existing| existing.reference.clone()),
                team_id: team,
                discussed_on: existing.as_ref().and_then(|existing| existing.discussed_on),
                by_hand: false,
            };
            let (family, kept) = match (before, existing) {
                (Some(before), Some(ours)) => {
                    taken_over!(Family { team_id: before, ..family.clone() }, family, ours; team_id)
                }
                _ => (family, Vec::new()),
            };
            self.kept("family", &source, &kept);
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
            let Some(ChangedRow { before, now }) = self.changed("membership", &key, row).await? else { continue };
            let relation = |row: MemberRow| Relation { relation: row.relation.told().unwrap_or_default() };
            let ours = self.members.get(&(family, person)).cloned();
            let (taken, kept) = match (before, ours) {
                (Some(before), Some(relation_here)) => {
                    taken_over!(relation(before), relation(now), Relation { relation: relation_here }; relation)
                }
                // Whoever was added by hand before the extract knew of it stays what they are called here.
                (None, Some(relation_here)) if !relation_here.is_empty() => {
                    (Relation { relation: relation_here }, Vec::new())
                }
                _ => (relation(now), Vec::new()),
            };
            self.kept("membership", &key, &kept);
            self.slices.write(async |tx| tx.keep_member(family, person, &taken.relation).await).await?;
        }
        self.gone("membership", |_, _: &MemberRow| Some("that somebody belongs to this family".to_owned()));
        self.renumbered("mother", &mothers, |row| &row.id).await?;
        for row in mothers {
            let (Some(mother), Some(child)) = (self.people.get(&row.mother), self.people.get(&row.child)) else {
                continue;
            };
            let (mother, child) = (mother.id, child.id);
            if self.changed("mother", &row.id.clone(), row).await?.is_some() {
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
