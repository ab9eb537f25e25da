//! A meeting's stream: the frames that one page receives, as its viewer may see them.

use super::pace::OpenStream;
use crate::meeting::room::{Connected, LiveMeeting};
use crate::{Service, ServiceError};
use bytes::Bytes;
use chrono::NaiveDate;
use domain::meeting::{Entry, Event, News, may_read, news, view};
use domain::page::{Frame, Here};
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, SlotId, WorkerId};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, Interval, interval_at};

/// A reader further behind than this, in bytes, gets a fresh view.
const BEHIND: usize = 256 * 1024;
/// The line is alive at least this often.
const BEAT: Duration = Duration::from_secs(10);
/// Frames that are kept for other streams of the same room.
const SHARED: usize = 4;

/// A frame, with the bytes it travels as once somebody has written them.
#[derive(Debug)]
pub struct SentFrame {
    /// What is sent.
    pub frame: Frame,
    bytes: OnceLock<Bytes>,
}

impl SentFrame {
    fn new(frame: Frame) -> Arc<Self> {
        Arc::new(Self { frame, bytes: OnceLock::new() })
    }

    /// The bytes on the wire, written once for all streams that send this frame.
    pub fn written(&self, write: impl FnOnce(&Frame) -> Vec<u8>) -> Bytes {
        self.bytes.get_or_init(|| write(&self.frame).into()).clone()
    }

    /// Whether nothing follows.
    #[must_use]
    pub const fn last(&self) -> bool {
        matches!(self.frame, Frame::Ended | Frame::SignedOut)
    }
}

/// The last frames of a room from which nothing was held back: most streams send the same ones.
#[derive(Default)]
pub(crate) struct FrameCache(Mutex<VecDeque<(i64, i64, Arc<SentFrame>)>>);

impl FrameCache {
    fn frame(&self, after: i64, until: i64, entries: &[Arc<Entry<Event>>]) -> Arc<SentFrame> {
        let mut frames = self.0.lock().expect("no panic holds it");
        if let Some((.., frame)) = frames.iter().find(|(from, to, _)| (*from, *to) == (after, until)) {
            return Arc::clone(frame);
        }
        let entries = entries.iter().map(|entry| entry.as_ref().clone()).collect();
        let frame = SentFrame::new(Frame::Entries { entries, cursor: until });
        frames.push_back((after, until, Arc::clone(&frame)));
        while frames.len() > SHARED {
            frames.pop_front();
        }
        frame
    }
}

impl Service {
    /// A stream of frames for one viewer's page that stands at `cursor`; `load` is the number the page gave
    /// itself.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn stream(
        &self, token: &str, projector: bool, meeting: MeetingId, cursor: i64, load: &str, address: &str,
    ) -> Result<Stream, ServiceError> {
        let worker = self.session(token, false).await?.ok_or(ServiceError::NotFound)?;
        let counted = self.inner.streams.open(worker).ok_or(ServiceError::TooManyStreams)?;
        let viewer = self.viewer_as(worker, projector).await?;
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let named = self.named_on_page(&viewer, &live).await?;
        Ok(Stream {
            service: self.clone(),
            token: token.to_owned(),
            worker,
            projector,
            cursor,
            rights: self.inner.rights.generation(),
            changes: self.inner.rights.changes(),
            workbooks: self.inner.workbook_news.listen(),
            beats: interval_at(Instant::now() + BEAT, BEAT),
            day: self.inner.clock.today(),
            moves: live.moves(),
            comings: live.comings(),
            _connected: (!projector).then(|| live.enter(worker, load.chars().take(40).collect())),
            live,
            viewer,
            named,
            greeted: false,
            address: address.to_owned(),
            _counted: counted,
        })
    }
}

/// One page's stream. Rights are asked again before every frame.
pub struct Stream {
    service: Service,
    token: String,
    worker: WorkerId,
    projector: bool,
    cursor: i64,
    rights: u64,
    changes: watch::Receiver<()>,
    workbooks: broadcast::Receiver<FamilyId>,
    beats: Interval,
    day: NaiveDate,
    live: Arc<LiveMeeting>,
    viewer: Arc<Viewer>,
    /// Whom the page knows by name.
    named: BTreeSet<WorkerId>,
    moves: watch::Receiver<()>,
    comings: watch::Receiver<u64>,
    _connected: Option<Connected>,
    greeted: bool,
    /// Where the page asks from.
    address: String,
    _counted: OpenStream,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("worker", &self.worker).field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

impl Stream {
    /// The next frame; waits until there is one. [`Frame::Ended`] or [`Frame::SignedOut`] is the last.
    ///
    /// # Errors
    /// Where the database does not answer; the page opens a new stream then.
    pub async fn next(&mut self) -> Result<Arc<SentFrame>, ServiceError> {
        loop {
            let now = (self.service.inner.rights.generation(), self.service.inner.clock.today());
            if (self.rights, self.day) != now {
                (self.rights, self.day) = now;
                if !self.signed_in().await? {
                    return Ok(SentFrame::new(Frame::SignedOut));
                }
                let before = Arc::clone(&self.viewer);
                self.viewer = self.service.viewer_as(self.worker, self.projector).await?;
                if before != self.viewer {
                    return self.fresh().await;
                }
            }
            if let Some(frame) = self.news().await? {
                return Ok(frame);
            }
            if !self.greeted {
                self.greeted = true;
                self.comings.mark_unchanged();
                return Ok(SentFrame::new(self.here().await));
            }
            tokio::select! {
                _ = self.moves.changed() => {}
                _ = self.comings.changed() => return Ok(SentFrame::new(self.here().await)),
                _ = self.changes.changed() => {}
                Ok(family) = self.workbooks.recv() => {
                    if let Some(slot) = self.beside(family).await {
                        return Ok(SentFrame::new(Frame::Beside { slot }));
                    }
                }
                _ = self.beats.tick() => {
                    let beat = Frame::Beat { cursor: self.cursor };
                    return Ok(SentFrame::new(if self.signed_in().await? { beat } else { Frame::SignedOut }));
                }
            }
        }
    }

    /// Whose stream this is.
    #[must_use]
    pub const fn worker(&self) -> WorkerId {
        self.worker
    }

    /// Who is connected, of those the page knows by name, and what they write in, of what it may read.
    async fn here(&self) -> Frame {
        let state = self.live.look().await;
        let connected = self.live.here().into_iter().filter(|here| self.named.contains(&here.worker));
        let people = connected.map(|here| Here {
            writing: here.writing.filter(|(slot, area)| may_read(&state.room, *slot, *area, &self.viewer)),
            ..here
        });
        Frame::Here { people: people.collect() }
    }

    /// The discussion beside which the page shows a family's workbook.
    async fn beside(&self, family: FamilyId) -> Option<SlotId> {
        let state = self.live.look().await;
        let named = state.room.slots.iter().any(|slot| slot.family == Some(family));
        // On the wall and on a guest's page no workbook stands. Of a part that the viewer may not read, the view holds no family.
        if !named || self.viewer.projector || self.viewer.guest {
            return None;
        }
        let seen = view(&state.room, &self.viewer);
        seen.slots.iter().find(|slot| slot.family == Some(family)).map(|slot| slot.id)
    }

    /// A stream ends with its session, and is no activity of it.
    async fn signed_in(&self) -> Result<bool, ServiceError> {
        Ok(self.service.session(&self.token, false).await? == Some(self.worker))
    }

    /// What happened since the cursor, in this viewer's eyes.
    async fn news(&mut self) -> Result<Option<Arc<SentFrame>>, ServiceError> {
        let (news, since, seq) = {
            let state = self.live.look().await;
            if state.seq == self.cursor {
                return Ok(None);
            }
            if !state.room.visible_to(&self.viewer) {
                return Ok(Some(SentFrame::new(Frame::Ended)));
            }
            // A joiner gets collected text, never the updates that led there: what was pasted and taken
            // out again while they were away is gone.
            let since = if self.greeted { state.since(self.cursor) } else { None };
            // Far behind, the view is shorter than the way there.
            let since = since.filter(|since| since.iter().map(|entry| weight(&entry.event)).sum::<usize>() <= BEHIND);
            let since = since.unwrap_or_default();
            let news = if since.is_empty() { News::View } else { news(&since, &state.room, &self.viewer) };
            (news, since, state.seq)
        };
        let after = self.cursor;
        match news {
            News::View => self.fresh().await.map(Some),
            News::AsTheyAre => {
                self.cursor = seq;
                Ok(Some(self.live.frames().frame(after, seq, &since)))
            }
            News::Entries(entries) => {
                self.cursor = seq;
                Ok((!entries.is_empty()).then(|| SentFrame::new(Frame::Entries { entries, cursor: seq })))
            }
        }
    }

    async fn fresh(&mut self) -> Result<Arc<SentFrame>, ServiceError> {
        match self.service.page_of(&self.viewer, &self.live, None).await {
            Ok(page) => {
                self.cursor = page.cursor;
                self.named = page.names.keys().copied().collect();
                for family in page.whole.keys().filter_map(|slot| page.room.slot(*slot)?.family) {
                    self.service.note_stream(&self.viewer, (page.room.id, page.room.team), family, &self.address).await;
                }
                Ok(SentFrame::new(Frame::View { page: Box::new(page) }))
            }
            Err(ServiceError::NotFound) => Ok(SentFrame::new(Frame::Ended)),
            Err(error) => Err(error),
        }
    }
}

fn weight(event: &Event) -> usize {
    if let Event::Typed { update, .. } = event { update.len() } else { 100 }
}
