//! A break of some minutes, and what ends it.

use super::{Decided, Decider, Event, Refusal};
use crate::meeting::{Command, Progress, ShortBreak};

impl Decider<'_> {
    pub(super) fn call_break(&self, minutes: u32) -> Decided {
        self.runner()?;
        self.is_open()?;
        if !ShortBreak::MINUTES.contains(&minutes) {
            return Err(Refusal::Unusable("A break is 1 to 60 minutes long.".to_owned()));
        }
        let running = self.room.current.filter(|id| {
            let progress = self.room.slot(*id).map(|slot| &slot.progress);
            matches!(progress, Some(Progress::InDiscussion { running_since: Some(_), .. }))
        });
        let paused = running.or_else(|| self.room.on_break.as_ref().and_then(|short_break| short_break.paused));
        let stops = running.map(|slot| Event::Paused { slot });
        Ok(stops.into_iter().chain([Event::BreakCalled { minutes, paused }]).collect())
    }

    pub(super) fn end_break(&self) -> Decided {
        self.runner()?;
        // Two people may press "Go on" at the same time; the second finds it done.
        let Some(short_break) = &self.room.on_break else { return Ok(Vec::new()) };
        let goes_on = short_break.paused.filter(|slot| self.room.current == Some(*slot));
        let clock = goes_on.map(|slot| Event::Resumed { slot });
        Ok([Event::BreakEnded].into_iter().chain(clock).collect())
    }

    /// The room goes on by any act that moves it: nobody has to end the break first.
    pub(super) fn ends_break(&self, command: &Command) -> Vec<Event> {
        if self.room.on_break.is_none() {
            return Vec::new();
        }
        match command {
            Command::Stage { .. } => self.end_break().unwrap_or_default(),
            Command::Start { .. }
            | Command::Resume { .. }
            | Command::Finish { .. }
            | Command::Postpone { .. }
            | Command::Reopen { .. }
            | Command::Close => vec![Event::BreakEnded],
            _ => Vec::new(),
        }
    }
}
