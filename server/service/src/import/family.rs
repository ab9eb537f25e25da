//! Families and who belongs to them.

use super::{BTreeSet, Family, FamilyId, Import, Level, Membership, ServiceError, TeamId, Tx};

impl Import<'_> {
    pub(super) async fn families(&mut self, tx: &mut Tx) -> Result<(), ServiceError> {
        let memberships = std::mem::take(&mut self.extract.memberships);
        let sources: BTreeSet<String> = memberships.iter().map(|row| row.family.clone()).collect();
        for source in sources {
            let team = self.team_of_family(&source, &memberships);
            let known = self.families.get(&source).cloned();
            let by_hand = known.as_ref().is_some_and(|known| known.by_hand);
            let mut reference = format!("FS-{source}");
            if known.is_none() && self.references.contains(&reference) {
                self.note(Level::Review, &source, format!("a family added by hand is called {reference} already; the extract's is kept beside it as {reference}-x"));
                reference.push_str("-x");
            }
            let family = Family {
                id: known.as_ref().map_or_else(|| FamilyId::new(self.service.new_uuid()), |known| known.id),
                source_id: Some(source.clone()),
                reference: known.as_ref().map_or(reference, |known| known.reference.clone()),
                team_id: team.map(TeamId::uuid),
                discussed_on: known.and_then(|known| known.discussed_on),
                by_hand: false,
            };
            let content = (source.as_str(), team.and_then(|team| self.source_of_team(team)));
            if self.differs(tx, "family", &source, &content, by_hand).await? {
                tx.keep_family(&family).await?;
                self.families.insert(source, family);
            }
        }
        for row in memberships {
            let (Some(family), Some(person)) = (self.families.get(&row.family), self.people.get(&row.person)) else {
                continue;
            };
            let (family, person) = (family.id, person.id);
            let relation = self.relation(&row);
            let key = format!("{}/{}", row.family, row.person);
            if self.differs(tx, "membership", &key, &(&row.family, &row.person, &relation), false).await? {
                tx.keep_member(family, person, &relation).await?;
            }
        }
        for row in std::mem::take(&mut self.extract.mothers) {
            let (Some(mother), Some(child)) = (self.people.get(&row.mother), self.people.get(&row.child)) else {
                continue;
            };
            let (mother, child) = (mother.id, child.id);
            if self.differs(tx, "mother", &row.id, &row, false).await? {
                tx.keep_mother(child, mother).await?;
            }
        }
        Ok(())
    }

    pub(super) fn source_of_team(&self, team: TeamId) -> Option<String> {
        self.teams.iter().find(|(_, id)| **id == team).map(|(source, _)| source.clone())
    }

    /// "mother of Ivy and Noah": the only relation the dataset knows.
    pub(super) fn relation(&self, row: &Membership) -> String {
        let children = self.extract.mothers.iter().filter(|mother| mother.mother == row.person);
        let names: Vec<&str> = children
            .filter_map(|mother| self.people.get(&mother.child))
            .map(|child| if child.forename.is_empty() { "the unborn child" } else { child.forename.as_str() })
            .collect();
        match names.split_last() {
            None => String::new(),
            Some((only, [])) => format!("mother of {only}"),
            Some((last, others)) => format!("mother of {} and {last}", others.join(", ")),
        }
    }

    /// The team of the latest open social worker allocation, else of the latest allocation.
    pub(super) fn team_of_family(&self, family: &str, memberships: &[Membership]) -> Option<TeamId> {
        let people: BTreeSet<&str> =
            memberships.iter().filter(|row| row.family == family).map(|row| row.person.as_str()).collect();
        let latest = self
            .extract
            .allocations
            .iter()
            .filter(|row| people.contains(row.person.as_str()) && !row.team.is_empty())
            .max_by_key(|row| (row.role == "CW" && row.ends.is_none(), row.role == "CW", row.starts))?;
        self.teams.get(&latest.team).copied()
    }
}
