//! When somebody is away, as they say themselves: so that no step is given to them for a day on which they are not there.

use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::absence::Absences;
use domain::viewer::Viewer;

impl Service {
    /// Who is away from today on.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn absences(&self) -> Result<Absences, ServiceError> {
        let mut absences = Absences::default();
        for (worker, starts, ends) in self.inner.store.absences(self.inner.clock.today()).await? {
            absences.add(worker, starts, ends);
        }
        Ok(absences)
    }

    /// Says when the viewer is away; without a last day an absence is taken back.
    ///
    /// # Errors
    /// A form error where the last day is before the first, or past.
    pub async fn say_away(
        &self, viewer: &Viewer, starts: NaiveDate, ends: Option<NaiveDate>,
    ) -> Result<(), ServiceError> {
        if ends.is_some_and(|ends| ends < starts || ends < self.inner.clock.today()) {
            return Err(ServiceError::field(
                "ends",
                "The last day is before the first, or past already. Give a later one.",
            ));
        }
        let mut tx = self.inner.store.begin().await?;
        match ends {
            Some(ends) => tx.keep_absence(viewer.worker, starts, ends).await?,
            None => tx.forget_absence(viewer.worker, starts).await?,
        }
        Ok(tx.commit().await?)
    }
}
