//! Who wrote which part of a box, now or at a moment of the past.

use crate::{Service, ServiceError};
use chrono::{DateTime, Utc};
use domain::attribution::{runs, typed, writer};
use domain::meeting::{Area, Entry, Event, may_read};
use domain::policy::MeetingReader;
use domain::{SlotId, dates};

/// A box as it stood, in the order of its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxHistory {
    /// "Ada Okafor's analysis", "What it means for Ivy".
    pub title: String,
    /// Words, who typed them (and for whom), when.
    pub runs: Vec<(String, String, DateTime<Utc>)>,
    /// Moments at which it changed, one for each minute and person: the journal's line, in words.
    pub moments: Vec<(i64, String)>,
    /// The line it is shown at.
    pub at: i64,
}

impl Service {
    /// A box's words by their authors, as it stood after the journal's line `at`, or as it stands.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not read the box today.
    pub async fn box_history(
        &self, reader: MeetingReader<'_>, slot: SlotId, area: Area, at: Option<i64>,
    ) -> Result<BoxHistory, ServiceError> {
        let (viewer, meeting) = (reader.viewer(), reader.meeting());
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let family = {
            let state = live.look().await;
            // What was to be read then is no reason to read it now: today's rights decide.
            if !may_read(&state.room, slot, area, viewer) {
                return Err(ServiceError::NotFound);
            }
            state.room.slot(slot).and_then(|slot| slot.family).ok_or(ServiceError::NotFound)?
        };
        let directory = self.directory().await?;
        let entries: Vec<Entry<Event>> = self.inner.store.entries(meeting.uuid(), 0).await?;
        let last = entries.last().map_or(0, |entry| entry.seq);
        let at = at.unwrap_or(last).min(last);
        let title = match area {
            Area::Analysis(owner) => format!("Analysis: {}", directory.name(owner)),
            Area::Meaning(child) | Area::Life(child) => {
                let card = self.cards(family.uuid(), viewer).await?.remove(&family);
                let what = if matches!(area, Area::Life(_)) { "Life now" } else { "What it means" };
                format!("{what}: {}", card.as_ref().map_or("a child", |card| card.child_name(child)))
            }
        };
        let who = |by| match area {
            Area::Analysis(owner) if owner != by => {
                format!("recorded by {} for {}", directory.name(by), directory.name(owner))
            }
            Area::Analysis(_) | Area::Meaning(_) | Area::Life(_) => directory.name(by).to_owned(),
        };
        let mut moments: Vec<(i64, String)> = Vec::new();
        for (entry, _) in typed(&entries, slot, area) {
            let words = format!("{}, {}", dates::clock(entry.at), who(writer(entry)));
            match moments.last_mut().filter(|(_, previous)| *previous == words) {
                Some(moment) => moment.0 = entry.seq,
                None => moments.push((entry.seq, words)),
            }
        }
        let kept = self.reduced(slot).await?.into_iter().flat_map(|reduction| reduction.boxes);
        let kept = kept.into_iter().find(|reduced| reduced.area == area);
        // Once the template's days are over there are no moments any more, only who wrote what.
        let runs = kept.map_or_else(
            || runs(&entries, slot, area, at),
            |reduced| {
                moments.clear();
                reduced.runs
            },
        );
        let runs = runs.into_iter().map(|run| (run.text, who(run.by), run.at)).collect();
        Ok(BoxHistory { title, runs, moments, at })
    }
}
