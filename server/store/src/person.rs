//! Children and adults, and whose they are.

use crate::{Store, StoreError, Tx};
use chrono::NaiveDate;
use domain::{FamilyId, PersonId};
use uuid::Uuid;

/// A child or an adult.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Key in the council's extract.
    pub source_id: Option<String>,
    /// Given names.
    pub forename: String,
    /// Family name.
    pub surname: String,
    /// "F", "M", "U" or empty.
    pub sex: String,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Expected date of birth of an unborn child.
    pub expected: Option<NaiveDate>,
    /// Date of death.
    pub died: Option<NaiveDate>,
    /// Whether they are an adult of the family.
    pub adult: bool,
    /// Added or corrected by a person: imports leave it alone.
    pub by_hand: bool,
}

row!(Person { id, source_id, forename, surname, sex, born, expected, died, adult, by_hand });

/// A person as a member of one family.
#[derive(Debug, Clone, PartialEq)]
pub struct FamilyMember {
    /// Which family.
    pub family_id: FamilyId,
    /// How they are related, where somebody said: "father of Noah".
    pub relation: String,
    /// The person.
    pub person: Person,
}

row!(FamilyMember { family_id, relation } + person);

impl Store {
    /// A person.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        const READ: &str = "SELECT id, source_id, forename, surname, sex, born, expected, died, adult, by_hand \
             FROM people WHERE id = $1";
        Ok(fetch_optional!(self, Person, READ, id.uuid())?)
    }

    /// Everybody, for imports.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        const READ: &str =
            "SELECT id, source_id, forename, surname, sex, born, expected, died, adult, by_hand FROM people";
        Ok(fetch_all!(self, Person, READ)?)
    }

    /// Members of the families in a scope (a family, a team or a meeting): eldest child first, then adults.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn members(&self, scope: Uuid) -> Result<Vec<FamilyMember>, StoreError> {
        const READ: &str = "SELECT m.family_id, m.relation, p.id, p.source_id, p.forename, p.surname, p.sex, p.born, \
             p.expected, p.died, p.adult, p.by_hand FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id JOIN people p ON p.id = m.person_id \
             WHERE s.scope_id = $1 ORDER BY p.adult, COALESCE(p.born, p.expected), p.forename, p.id";
        Ok(fetch_all!(self, FamilyMember, READ, scope)?)
    }

    /// What everybody is to each family they belong to.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn relations(&self) -> Result<Vec<((FamilyId, PersonId), String)>, StoreError> {
        const READ: &str = "SELECT family_id, person_id, relation FROM family_members";
        let rows = fetch_all!(self, (Uuid, Uuid, String), READ)?;
        Ok(rows
            .into_iter()
            .map(|(family, person, words)| ((FamilyId::new(family), PersonId::new(person)), words))
            .collect())
    }

    /// Mothers and their children, where a child is of a family in a scope (a family, a team or a meeting), as the council's
    /// system tells it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn mothers(&self, scope: Uuid) -> Result<Vec<(PersonId, PersonId)>, StoreError> {
        const READ: &str = "SELECT DISTINCT r.mother_id, r.child_id FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id JOIN mothers r ON r.child_id = m.person_id \
             WHERE s.scope_id = $1 ORDER BY r.mother_id, r.child_id";
        let rows = fetch_all!(self, (Uuid, Uuid), READ, scope)?;
        Ok(rows.into_iter().map(|(mother, child)| (PersonId::new(mother), PersonId::new(child))).collect())
    }

    /// Families that a person belongs to.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn families_of_person(&self, person: PersonId) -> Result<Vec<FamilyId>, StoreError> {
        let rows =
            fetch_all!(self, (Uuid,), "SELECT family_id FROM family_members WHERE person_id = $1", person.uuid())?;
        Ok(rows.into_iter().map(|(id,)| FamilyId::new(id)).collect())
    }
}

impl Tx {
    /// Adds a person or takes their new values.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_person(&mut self, person: &Person) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO people (id, source_id, forename, surname, sex, born, expected, died, adult, by_hand) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET \
             forename = excluded.forename, surname = excluded.surname, sex = excluded.sex, born = excluded.born, \
             expected = excluded.expected, died = excluded.died, adult = excluded.adult, by_hand = excluded.by_hand";
        execute!(
            self,
            KEEP,
            person.id.uuid(),
            person.source_id.as_deref(),
            person.forename.as_str(),
            person.surname.as_str(),
            person.sex.as_str(),
            person.born,
            person.expected,
            person.died,
            person.adult,
            person.by_hand,
        )?;
        Ok(())
    }

    /// Makes a person a member of a family, or changes how they are related.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_member(&mut self, family: FamilyId, person: PersonId, relation: &str) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO family_members (family_id, person_id, relation) VALUES ($1, $2, $3) \
             ON CONFLICT (family_id, person_id) DO UPDATE SET relation = \
             CASE WHEN excluded.relation = '' THEN family_members.relation ELSE excluded.relation END";
        execute!(self, KEEP, family.uuid(), person.uuid(), relation)?;
        Ok(())
    }

    /// Notes who a child's mother is.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_mother(&mut self, child: PersonId, mother: PersonId) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO mothers (child_id, mother_id) VALUES ($1, $2) \
             ON CONFLICT (child_id, mother_id) DO NOTHING";
        execute!(self, KEEP, child.uuid(), mother.uuid())?;
        Ok(())
    }
}
