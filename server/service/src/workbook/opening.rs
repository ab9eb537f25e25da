//! A family opened for an hour by somebody who does not work with it, and what its manager finds when they review that.

use crate::access::refusals::Month;
use crate::people::confirmation::ConfirmedIdentity;
use crate::security::{SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::policy::{AccessLogReader, FamilyManager, FamilyReader, LONGEST_REASON, OPEN_FOR, Opener};
use domain::record::Named;
use domain::status::OpeningKind;
use domain::viewer::Viewer;
use domain::{FamilyId, OpeningId, TeamId, WorkerId};
use store::family::Family;
pub use store::opening::Opening;

/// So long everybody on the family is told of an opening.
const SHOWN_FOR: TimeDelta = TimeDelta::days(31);

/// An opening as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningLine {
    /// The opening.
    pub opening: Opening,
    /// Who opened it, with discipline and team.
    pub who: String,
    /// The family's reference.
    pub reference: String,
    /// Whose manager reviews it.
    pub team: Option<TeamId>,
    /// Who reviewed it.
    pub reviewed_by: Option<String>,
    /// Whether the review is due before today.
    pub overdue: bool,
}

impl OpeningLine {
    /// Whether the manager of the team still has to look at it.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.opening.kind == OpeningKind::Emergency && self.opening.reviewed_at.is_none()
    }
}

impl Service {
    /// Opens a family by its reference for an hour. It is written into the access log first.
    ///
    /// # Errors
    /// Field by field what cannot be used: a reference of no family, or of one that is locked, is the same.
    pub async fn open_family(
        &self, opener: Opener<'_>, confirmed: ConfirmedIdentity, (reference, reason): (&str, &str), from: &str,
    ) -> Result<FamilyId, ServiceError> {
        let viewer = opener.viewer();
        confirmed.is_of(viewer)?;
        let (family, reason) = self.family_to_open(viewer, (reference, reason), from).await?;
        if self.family_reader(viewer, family.id).await.is_ok() {
            return Ok(family.id);
        }
        let now = self.inner.clock.now();
        let (id, kind) = (OpeningId::new(self.new_uuid()), opener.kind(family.team()));
        let opening = for_an_hour(id, (viewer.worker, family.id), (kind, reason), now);
        self.note_opening(viewer, &opening, from).await?;
        let mut tx = self.inner.store.begin().await?;
        tx.open_family(&opening).await?;
        tx.commit().await?;
        tell(SecurityEvent::FamilyOpened { by: viewer.worker, family: family.id }, from);
        Ok(family.id)
    }

    /// The family that somebody asks to open by its reference, and the reason as it is kept.
    ///
    /// # Errors
    /// Field by field what cannot be used: a reference of no family, or of one that is locked, is the same.
    pub(super) async fn family_to_open(
        &self, viewer: &Viewer, (reference, reason): (&str, &str), from: &str,
    ) -> Result<(Family, String), ServiceError> {
        let mut errors = crate::form::FormErrors::default();
        let reference = errors.text("reference", "The reference", reference, 40, true);
        let reason = errors.text("reason", "The reason", reason, LONGEST_REASON, true);
        errors.done()?;
        let families = self.inner.store.families().await?;
        let closed = self.closed_to(viewer).await?;
        let found = families.into_iter().find(|family| family.reference.eq_ignore_ascii_case(&reference));
        if let Some(family) = found.as_ref().filter(|family| closed.contains(&family.id)) {
            self.note_refusal(viewer, family.id, "opening", from);
        }
        let open = found.filter(|family| !closed.contains(&family.id)).ok_or_else(|| {
            let message = "No family with this reference can be opened. Check it, or ring the duty manager.";
            ServiceError::field("reference", message)
        })?;
        Ok((open, reason))
    }

    /// Ends what the viewer has open of a family, before the hour is over.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn close_family(&self, reader: FamilyReader<'_>) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        tx.close_openings(reader.viewer().worker, reader.family(), self.inner.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Until when the reader has a family open; `None` where they read it for another reason.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn open_until(&self, reader: FamilyReader<'_>) -> Result<Option<DateTime<Utc>>, ServiceError> {
        if !matches!(reader.ground(), domain::policy::Ground::Opened(_)) {
            return Ok(None);
        }
        let open = self.inner.store.open_now(reader.viewer().worker, reader.family(), self.inner.clock.now()).await?;
        Ok(open.map(|opening| opening.until))
    }

    /// The openings of a family that whoever reads it is told of: the last month's.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn openings_of(&self, reader: FamilyReader<'_>) -> Result<Vec<OpeningLine>, ServiceError> {
        let since = self.inner.clock.now() - SHOWN_FOR;
        let openings = self.inner.store.openings_of_family(reader.family(), since).await?;
        self.opening_lines(openings).await
    }

    /// The openings of the families whose log the reader reads: a month's, and those in an emergency that nobody has reviewed.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn openings(&self, log: AccessLogReader<'_>, month: Month) -> Result<Vec<OpeningLine>, ServiceError> {
        let viewer = log.viewer();
        let mut openings = Vec::new();
        for (team, _) in self.logs_of(log).await? {
            openings.extend(self.inner.store.openings(team.uuid(), month.times()).await?);
        }
        let closed = self.closed_to(viewer).await?;
        openings.retain(|opening| !closed.contains(&opening.family_id) && !viewer.is(opening.worker_id));
        let mut lines = self.opening_lines(openings).await?;
        lines.sort_by_key(|line| (!line.waits(), std::cmp::Reverse(line.opening.opened_at)));
        Ok(lines)
    }

    /// Writes what the manager of the family's team found about an opening.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is another family's, somebody reviewed it, or it is the manager's own.
    pub async fn review_opening(
        &self, manager: FamilyManager<'_>, id: OpeningId, review: &str,
    ) -> Result<(), ServiceError> {
        let mut errors = crate::form::FormErrors::default();
        let review = errors.text("review", "What you found", review, LONGEST_REASON, true);
        errors.done()?;
        let viewer = manager.viewer();
        let opening = self.inner.store.opening(id).await?;
        let theirs = |opening: &Opening| opening.family_id == manager.family() && !viewer.is(opening.worker_id);
        opening.filter(theirs).ok_or(ServiceError::NotFound)?;
        let mut tx = self.inner.store.begin().await?;
        if !tx.review_opening(id, viewer.worker, self.inner.clock.now(), &review).await? {
            return Err(ServiceError::NotFound);
        }
        Ok(tx.commit().await?)
    }

    async fn opening_lines(&self, openings: Vec<Opening>) -> Result<Vec<OpeningLine>, ServiceError> {
        let directory = self.directory().await?;
        let families = self.inner.store.families().await?;
        let due = TimeDelta::days(i64::from(self.inner.rules.review_days));
        let now = self.inner.clock.now();
        let line = |opening: Opening| {
            let family = families.iter().find(|family| family.id == opening.family_id);
            OpeningLine {
                who: directory.names.get(&opening.worker_id).map(Named::in_words).unwrap_or_default(),
                reference: family.map(|family| family.reference.clone()).unwrap_or_default(),
                team: family.and_then(Family::team),
                reviewed_by: opening.reviewed_by.map(|by| directory.name(WorkerId::new(by)).to_owned()),
                overdue: opening.reviewed_at.is_none() && opening.opened_at + due < now,
                opening,
            }
        };
        Ok(openings.into_iter().map(line).collect())
    }
}

/// An opening from now on, for [`OPEN_FOR`], that nobody has reviewed.
pub(super) fn for_an_hour(
    id: OpeningId, (worker_id, family_id): (WorkerId, FamilyId), (kind, reason): (OpeningKind, String),
    now: DateTime<Utc>,
) -> Opening {
    Opening {
        id,
        family_id,
        worker_id,
        kind,
        reason,
        opened_at: now,
        until: now + OPEN_FOR,
        reviewed_by: None,
        reviewed_at: None,
        review: String::new(),
    }
}
