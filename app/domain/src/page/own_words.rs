//! What people of a family gave in their own words, as a page shows it.

use crate::own_words::GivenWords;
use crate::{OwnWordsId, PersonId, WorkerId};
use serde::{Deserialize, Serialize};

/// The words of one occasion, for one viewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnWordsCard {
    /// Its id.
    pub id: OwnWordsId,
    /// Whose words they are.
    pub person: PersonId,
    /// Their first name.
    pub name: String,
    /// Who wrote them down.
    pub by: String,
    /// What was given; none where it is kept from the viewer or taken back.
    pub given: Option<GivenWords>,
    /// Who reads them beside whoever wrote them down, where not everybody does who works with the family.
    pub only_for: Option<Vec<(WorkerId, String)>>,
    /// Why they were taken back.
    pub taken_back: Option<String>,
    /// Whether the viewer wrote them down.
    pub mine: bool,
    /// Counts the changes, from 1.
    pub revision: i64,
}
