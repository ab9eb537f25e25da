//! Whom one can be in a demo.

use crate::{Service, ServiceError};
use domain::{TeamId, WorkerId};

/// Somebody of the sample with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// Their name.
    pub name: String,
    /// Their discipline in words.
    pub discipline: String,
    /// Their team's name.
    pub team: String,
    /// With what they sign in.
    pub email: String,
}

impl Service {
    /// Everybody with an account, by team, its managers first; nobody outside a demo.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn demo_people(&self) -> Result<Vec<DemoPerson>, ServiceError> {
        if !self.demo() {
            return Ok(Vec::new());
        }
        let directory = self.directory().await?;
        let mut people: Vec<DemoPerson> = self
            .inner
            .store
            .addresses()
            .await?
            .into_iter()
            .map(|(id, email)| {
                let id = WorkerId::new(id);
                let team = directory.workers.get(&id).and_then(|worker| worker.team_id).map(TeamId::new);
                DemoPerson {
                    name: directory.name(id).to_owned(),
                    discipline: directory.discipline(id).to_owned(),
                    team: team.map_or("", |team| directory.team(team)).to_owned(),
                    email,
                }
            })
            .collect();
        people.sort_by(|a, b| {
            (&a.team, a.discipline != "team manager", &a.name).cmp(&(&b.team, b.discipline != "team manager", &b.name))
        });
        Ok(people)
    }
}
