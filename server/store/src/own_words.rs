//! What people of a family gave in their own words.

use crate::{Store, StoreError, Tx};
use domain::FamilyId;
use domain::own_words::OwnWords;
use uuid::Uuid;

use crate::row::read_body;

impl Store {
    /// Those of a family, a team's families or a meeting's, with whose family it is, newest day first.
    ///
    /// # Errors
    /// Where the database does not answer or one cannot be read.
    pub async fn own_words(&self, scope: Uuid) -> Result<Vec<(FamilyId, OwnWords)>, StoreError> {
        const READ: &str = "SELECT o.family_id, o.id, o.body FROM scopes s JOIN own_words o ON o.family_id = s.family_id \
             WHERE s.scope_id = $1 ORDER BY o.given_on DESC, o.id DESC";
        let rows = fetch_all!(self, (Uuid, Uuid, String), READ, scope)?;
        let read = |(family, id, body): (Uuid, Uuid, String)| Ok((FamilyId::new(family), read_body(id, &body)?));
        rows.into_iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps some, in the place of what stood there.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_own_words(&mut self, family: FamilyId, words: &OwnWords) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO own_words (family_id, id, person_id, given_on, body) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (family_id, id) DO UPDATE SET person_id = excluded.person_id, given_on = excluded.given_on, body = excluded.body";
        let body = serde_json::to_string(words).expect("own words are plain data");
        let (id, person) = (words.id.uuid(), words.person.uuid());
        execute!(self, KEEP, family.uuid(), id, person, words.given.on, body.as_str())?;
        Ok(())
    }
}
