//! Pens: author ids for one page load, one per person written for.

use crate::ids::random_pen;
use crate::{Service, ServiceError};
use domain::WorkerId;
use domain::page::PenCard;
use domain::policy::MeetingReader;
use std::collections::HashMap;
use std::sync::Mutex;
use store::outcome::Pen;

/// The most people one page writes for.
const MOST: usize = 60;

/// Pens in memory: whose one is never changes.
#[derive(Debug, Default)]
pub(crate) struct Pens(Mutex<HashMap<u64, Pen>>);

/// Pens remembered at most.
const REMEMBERED: usize = 20_000;

impl Pens {
    fn note(&self, pen: Pen) {
        let mut pens = self.0.lock().expect("no panic holds it");
        if pens.len() >= REMEMBERED {
            pens.clear();
        }
        pens.insert(pen.pen, pen);
    }
}

impl Service {
    /// Whose a pen is; `None` where it was never given out.
    pub(crate) async fn pen(&self, pen: u64) -> Result<Option<Pen>, ServiceError> {
        let cached = self.inner.pens.0.lock().expect("no panic holds it").get(&pen).copied();
        if cached.is_some() {
            return Ok(cached);
        }
        let read = self.inner.store.pen(pen).await?;
        read.into_iter().for_each(|pen| self.inner.pens.note(pen));
        Ok(read)
    }

    /// Gives a page fresh author ids: one for its worker, and one for each member of the meeting's
    /// families where the worker runs the meeting.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn pens(&self, reader: MeetingReader<'_>) -> Result<Vec<PenCard>, ServiceError> {
        let (viewer, meeting) = (reader.viewer(), reader.meeting());
        let mut for_whom: Vec<Option<WorkerId>> = vec![None];
        {
            let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
            let state = live.look().await;
            if state.room.runs(viewer.worker) {
                let members = state.room.slots.iter().flat_map(|slot| slot.members.keys().copied());
                let mut members: Vec<_> = members.filter(|member| *member != viewer.worker).collect();
                members.sort();
                members.dedup();
                for_whom.extend(members.into_iter().take(MOST).map(Some));
            }
        }
        let mut granted = Vec::with_capacity(for_whom.len());
        let mut tx = self.inner.store.begin().await?;
        for on_behalf_of in for_whom {
            loop {
                let pen = Pen { pen: random_pen(), worker: viewer.worker, on_behalf_of };
                if tx.grant_pen(pen, self.inner.clock.now()).await? {
                    granted.push(PenCard { pen: pen.pen, on_behalf_of });
                    break;
                }
            }
        }
        tx.commit().await?;
        Ok(granted)
    }

    /// One pen for a form sent without scripts.
    pub(crate) async fn one_pen(&self, worker: WorkerId, on_behalf_of: Option<WorkerId>) -> Result<u64, ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        loop {
            let pen = Pen { pen: random_pen(), worker, on_behalf_of };
            if tx.grant_pen(pen, self.inner.clock.now()).await? {
                tx.commit().await?;
                return Ok(pen.pen);
            }
        }
    }
}
