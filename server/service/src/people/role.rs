//! Roles: giving and ending them, and who holds which.

use super::confirmation::ConfirmedIdentity;
use super::keeping::{By, TOLD_FOR};
use crate::security::{SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::policy::{ADMINISTRATORS, GivenRole, Grant, RoleEnder, RoleKeeper, RoleReader, may_end_administrator};
use domain::status::{AccountAct, Role};
use domain::viewer::Viewer;
use domain::{GrantId, TeamId, WorkerId, dates};
use std::collections::BTreeSet;
pub use store::role::GrantRow;

/// A role's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleForm {
    /// A word of [`Role`].
    pub role: String,
    /// To whom.
    pub worker: String,
    /// For which team, where the role is for one.
    pub team: String,
    /// In whose place, for cover.
    pub in_place_of: String,
    /// First day; empty means today.
    pub starts: String,
    /// Last day; empty where the role has none.
    pub ends: String,
}

/// A role as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRole {
    /// The role.
    pub row: GrantRow,
    /// What it is: "deputy manager of Ashmere", "cover for Ada Okafor in Ashmere".
    pub what: String,
    /// Who holds it.
    pub who: String,
    /// Who gave it.
    pub given_by: String,
    /// Who ended it before its time.
    pub ended_by: Option<String>,
    /// Whether it is to come, counts, or is over.
    pub state: RoleState,
    /// Whether the viewer may end it.
    pub endable: bool,
}

/// When a role counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleState {
    /// Now.
    Counts,
    /// From a later day.
    ToCome,
    /// No more.
    Over,
}

impl Service {
    /// Who holds which role, as far as the reader sees it: what counts first, then what is to come, then what is over.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn roles(&self, reader: RoleReader<'_>) -> Result<Vec<HeldRole>, ServiceError> {
        let (directory, today) = (self.directory().await?, self.inner.clock.today());
        let viewer = reader.viewer();
        let by = |who: Option<store::Uuid>| match who {
            Some(who) => directory.name(WorkerId::new(who)).to_owned(),
            None => "a technician".to_owned(),
        };
        let mut held: Vec<HeldRole> = Vec::new();
        for row in self.inner.store.grants().await? {
            let Some(grant) = row.grant().filter(|grant| reader.sees(grant.given)) else { continue };
            let what = match grant.given {
                GivenRole::Administrator | GivenRole::Reviewer | GivenRole::Lead => {
                    grant.given.role().title().to_owned()
                }
                GivenRole::Deputy { team } => format!("deputy manager of {}", directory.team(team)),
                GivenRole::Cover { of, team } => {
                    format!("cover for {} in {}", directory.name(of), directory.team(team))
                }
            };
            let state = match () {
                () if grant.over(today) => RoleState::Over,
                () if grant.counts(today) => RoleState::Counts,
                () => RoleState::ToCome,
            };
            held.push(HeldRole {
                what,
                who: directory.name(row.worker_id).to_owned(),
                given_by: match &row.issuer {
                    Some(issuer) => format!("a group at {}", self.provider_name(issuer)),
                    None => by(row.given_by),
                },
                ended_by: row.ended_at.map(|_| by(row.ended_by)),
                endable: state != RoleState::Over && RoleEnder::of(viewer, row.id, &grant).is_some(),
                state,
                row,
            });
        }
        held.sort_by_key(|held| held.state);
        Ok(held)
    }

    /// Which roles and disciplines with rights others gave and took lately, newest first, each in a sentence: administrators are
    /// told of all, a manager of their own team's. Empty for everybody else.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn rights_changed_lately(&self, viewer: &Viewer) -> Result<Vec<(DateTime<Utc>, String)>, ServiceError> {
        let Some(reader) = RoleReader::of(viewer) else { return Ok(Vec::new()) };
        let since = self.inner.clock.now() - TOLD_FOR;
        let by_another = |by: Option<store::Uuid>| by.is_some_and(|by| !viewer.is(WorkerId::new(by)));
        let mut changes = Vec::new();
        for HeldRole { row, what, who, given_by, ended_by, .. } in self.roles(reader).await? {
            if row.given_at >= since && (by_another(row.given_by) || row.issuer.is_some()) {
                changes.push((row.given_at, format!("{given_by} made {who} {what}.")));
            }
            if let (Some(at), Some(ended_by)) = (row.ended_at.filter(|at| *at >= since), ended_by)
                && by_another(row.ended_by)
            {
                changes.push((at, format!("{ended_by} ended that {who} is {what}.")));
            }
        }
        let directory = self.directory().await?;
        for note in self.inner.store.account_notes_since(AccountAct::DisciplineChanged, since).await? {
            let Some(row) = directory.workers.get(&note.worker_id) else { continue };
            let theirs = viewer.administers || row.team_id.is_some_and(|team| viewer.manages_team(TeamId::new(team)));
            if let Some(by) = note.by_worker.filter(|by| theirs && by_another(Some(*by))) {
                let (by, who) = (directory.name(WorkerId::new(by)), directory.name(note.worker_id));
                let team = row.team_id.map(|team| directory.team(TeamId::new(team)).to_owned()).unwrap_or_default();
                let discipline = self.inner.template.discipline(&row.discipline);
                let discipline =
                    discipline.map_or_else(|| row.discipline.clone(), |discipline| discipline.title.clone());
                changes.push((note.at, format!("{by} changed the discipline of {who}: {discipline}, {team}.")));
            }
        }
        changes.sort_by(|one, other| other.cmp(one));
        Ok(changes)
    }

    /// Who administers today, by name.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn administrators(&self) -> Result<Vec<String>, ServiceError> {
        let (directory, today) = (self.directory().await?, self.inner.clock.today());
        let grants = self.inner.store.grants().await?;
        let holds = |row: &&GrantRow| {
            row.grant().is_some_and(|grant| grant.given == GivenRole::Administrator && grant.counts(today))
        };
        let mut names: Vec<String> =
            grants.iter().filter(holds).map(|row| directory.name(row.worker_id).to_owned()).collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// Who leads confidential looks today.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub(crate) async fn leads(&self) -> Result<BTreeSet<WorkerId>, ServiceError> {
        let today = self.inner.clock.today();
        let grants = self.inner.store.grants().await?;
        let leads =
            |row: &&GrantRow| row.grant().is_some_and(|grant| grant.given == GivenRole::Lead && grant.counts(today));
        Ok(grants.iter().filter(leads).map(|row| row.worker_id).collect())
    }

    /// The right to give the role of a form to its worker.
    ///
    /// # Errors
    /// Field by field what cannot be used, and where the viewer may not give this role to this worker: that they tried is a line
    /// of the security log.
    pub async fn role_keeper<'v>(
        &self, viewer: &'v Viewer, form: &RoleForm, from: &str,
    ) -> Result<RoleKeeper<'v>, ServiceError> {
        let directory = self.directory().await?;
        let worker = form.worker.parse::<WorkerId>().ok().filter(|worker| directory.is_colleague(*worker));
        let worker = worker.ok_or_else(|| ServiceError::field("worker", "Choose to whom."))?;
        let given = given_by(form, |worker| directory.is_colleague(worker))?;
        RoleKeeper::of(viewer, worker, given).ok_or_else(|| {
            tell(SecurityEvent::RoleRefused { by: viewer.worker, whose: worker, role: given.role() }, from);
            refused(viewer, worker, given)
        })
    }

    /// Gives a role for the days from `starts` to `ends`, as they were typed.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn give_role(
        &self, keeper: RoleKeeper<'_>, confirmed: ConfirmedIdentity, (starts, ends): (&str, &str), from: &str,
    ) -> Result<HeldUntil, ServiceError> {
        let viewer = keeper.viewer();
        confirmed.is_of(viewer)?;
        self.ends_with_the_deputy(viewer, keeper.given(), ends).await?;
        self.keep_role(keeper.worker(), keeper.given(), (starts, ends), (Some(viewer.worker), from)).await
    }

    /// Makes somebody administrator, for a technician: the first one, or another where nobody is there to do it.
    ///
    /// # Errors
    /// Where they are one already.
    pub async fn make_administrator(&self, by: By<'_>) -> Result<HeldUntil, ServiceError> {
        self.keep_role(by.worker(), GivenRole::Administrator, ("", ""), (None, "")).await
    }

    /// What a deputy gives ends with the deputy's own role.
    async fn ends_with_the_deputy(&self, viewer: &Viewer, given: GivenRole, ends: &str) -> Result<(), ServiceError> {
        let Some(team) = given.team().filter(|team| viewer.deputy.contains(team)) else { return Ok(()) };
        let today = self.inner.clock.today();
        let own = |grant: &Grant| {
            grant.worker == viewer.worker && grant.given == GivenRole::Deputy { team } && grant.counts(today)
        };
        let grants = self.inner.store.grants().await?;
        let until = grants.iter().filter_map(GrantRow::grant).filter(own).filter_map(|grant| grant.ends).max();
        let asked = dates::parse(ends).ok();
        if until.is_some_and(|until| asked.is_some_and(|last| last >= until)) {
            return Err(ServiceError::field("ends", "It cannot last longer than your own role as deputy."));
        }
        Ok(())
    }

    async fn keep_role(
        &self, worker: WorkerId, given: GivenRole, (starts, ends): (&str, &str), (by, from): (Option<WorkerId>, &str),
    ) -> Result<HeldUntil, ServiceError> {
        let today = self.inner.clock.today();
        let mut errors = crate::form::FormErrors::default();
        let starts = errors.date("starts", starts).unwrap_or(today);
        // People say the last day; it is kept as the day from which the role counts no more.
        let ends = errors.date("ends", ends).and_then(|last| last.succ_opt());
        errors.done()?;
        let grant = Grant { worker, given, starts, ends };
        if let Some(wrong) = grant.days_wrong(today) {
            return Err(ServiceError::field("ends", wrong));
        }
        let same = |row: &GrantRow| {
            row.grant().is_some_and(|other| other.worker == worker && other.given == given && !other.over(starts))
        };
        if self.inner.store.grants().await?.iter().any(same) {
            return Err(ServiceError::field(
                "worker",
                "They hold this role already. End it first, or choose a later first day.",
            ));
        }
        let row = GrantRow {
            id: GrantId::new(self.new_uuid()),
            worker_id: worker,
            role: given.role(),
            team_id: given.team().map(TeamId::uuid),
            for_worker: given.in_place_of().map(WorkerId::uuid),
            starts,
            ends,
            given_by: by.map(WorkerId::uuid),
            issuer: None,
            given_at: self.inner.clock.now(),
            ended_by: None,
            ended_at: None,
        };
        let mut tx = self.inner.store.begin().await?;
        tx.give_role(&row).await?;
        if given.role() != Role::Cover {
            // A link that was made before by somebody who may not keep this account any more.
            tx.end_invitations(worker).await?;
        }
        tx.commit().await?;
        self.rights_changed_by(SecurityEvent::RoleGiven { by, whose: worker, role: given.role() }, from).await?;
        let who = self.directory().await?.name(worker).to_owned();
        Ok(HeldUntil { who, starts: (starts > today).then_some(starts), last: ends.and_then(|ends| ends.pred_opt()) })
    }

    /// The right to end a role that somebody holds now or will hold.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to end, or over.
    pub async fn role_ender<'v>(&self, viewer: &'v Viewer, id: GrantId) -> Result<RoleEnder<'v>, ServiceError> {
        let today = self.inner.clock.today();
        let row = self.inner.store.grants().await?.into_iter().find(|row| row.id == id);
        let grant = row.and_then(|row| row.grant()).filter(|grant| !grant.over(today));
        grant.and_then(|grant| RoleEnder::of(viewer, id, &grant)).ok_or(ServiceError::NotFound)
    }

    /// Ends a role today. Whoever holds it may give it back themselves.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to end; a message where too few administrators would be left.
    pub async fn end_role(
        &self, ender: RoleEnder<'_>, confirmed: ConfirmedIdentity, from: &str,
    ) -> Result<String, ServiceError> {
        let (viewer, id, today) = (ender.viewer(), ender.grant(), self.inner.clock.today());
        confirmed.is_of(viewer)?;
        let row = self.inner.store.grants().await?.into_iter().find(|row| row.id == id);
        let row = row.ok_or(ServiceError::NotFound)?;
        let mut tx = self.inner.store.begin().await?;
        // Two who end one at once wait for each other here.
        tx.set("roles", &self.new_uuid().to_string()).await?;
        if row.role == Role::Administrator
            && row.ends.is_none()
            && !may_end_administrator(tx.holders(Role::Administrator, today).await?)
        {
            return Err(ServiceError::field(
                "",
                format!(
                    "There must be {ADMINISTRATORS} administrators, so that one who leaves locks nobody out. Make another one first."
                ),
            ));
        }
        if !tx.end_role(id, today, Some(viewer.worker.uuid()), self.inner.clock.now()).await? {
            return Err(ServiceError::NotFound);
        }
        tx.commit().await?;
        let ended = SecurityEvent::RoleEnded { by: Some(viewer.worker), whose: row.worker_id, role: row.role };
        self.rights_changed_by(ended, from).await?;
        Ok(self.directory().await?.name(row.worker_id).to_owned())
    }
}

/// To whom a role was given, and for which days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldUntil {
    /// To whom, by name.
    pub who: String,
    /// Its first day, where that is still to come.
    pub starts: Option<NaiveDate>,
    /// Its last day.
    pub last: Option<NaiveDate>,
}

impl HeldUntil {
    /// ", from 1 December 2026 until 5 December 2026".
    #[must_use]
    pub fn days(&self) -> String {
        let from = self.starts.map(|day| format!(", from {}", dates::plain_date(day)));
        let until = self.last.map(|day| format!(", until {}", dates::plain_date(day)));
        format!("{}{}", from.unwrap_or_default(), until.unwrap_or_default())
    }
}

fn given_by(form: &RoleForm, is_colleague: impl Fn(WorkerId) -> bool) -> Result<GivenRole, ServiceError> {
    let role = Role::from_word(&form.role).ok_or_else(|| ServiceError::field("role", "Choose the role."))?;
    let team = || form.team.parse::<TeamId>().map_err(|_| ServiceError::field("team", "Choose the team."));
    let of = || form.in_place_of.parse::<WorkerId>().ok().filter(|worker| is_colleague(*worker));
    let missing = || ServiceError::field("in_place_of", "Choose in whose place.");
    Ok(match role {
        Role::Administrator => GivenRole::Administrator,
        Role::Reviewer => GivenRole::Reviewer,
        Role::Lead => GivenRole::Lead,
        Role::Deputy => GivenRole::Deputy { team: team()? },
        Role::Cover => GivenRole::Cover { of: of().ok_or_else(missing)?, team: team()? },
    })
}

/// Why a role cannot be given, beside the field that is to be changed.
fn refused(viewer: &Viewer, worker: WorkerId, given: GivenRole) -> ServiceError {
    match given {
        _ if worker == viewer.worker => {
            ServiceError::field("worker", "Nobody gives a role to themselves. Ask a colleague who may.")
        }
        GivenRole::Cover { of, .. } if of == worker => {
            ServiceError::field("in_place_of", "Choose somebody else’s place.")
        }
        GivenRole::Administrator | GivenRole::Reviewer | GivenRole::Lead => {
            ServiceError::field("role", "Administrators give this role.")
        }
        GivenRole::Deputy { .. } | GivenRole::Cover { .. } => {
            ServiceError::field("team", "The manager of this team gives this role.")
        }
    }
}
