//! Live rooms: one in memory per meeting that somebody looks at or writes to.
//!
//! Under the room's lock: take the commands that wait, decide them in memory, append, commit, apply,
//! publish. What is in memory is never ahead of what is durable for anybody outside the lock.

mod done;
mod draft;
mod other_processes;
mod signal;

use done::Done;
use draft::PendingCommands;
pub(crate) use other_processes::{REWRITTEN, listen};
use signal::ChangeSignal;

use crate::meeting::FrameCache;
use crate::people::rights::RIGHTS_CHANGED;
use crate::workbook::WorkbookLock;
use crate::writer::{Row, Write};
use crate::{Service, ServiceError};
use chrono::{DateTime, Utc};
use domain::family::WorkbookEvent;
use domain::meeting::{Area, Command, Context, Entry, Event, Progress, Refusal, Room, Surroundings, decide};
use domain::page::Here;
use domain::record;
use domain::viewer::Viewer;
use domain::{CommandId, FamilyId, MeetingId, RecordId, SlotId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::journal::{Append, JournalKind, Written};
use store::outcome::Kept;
use tokio::sync::{RwLock, RwLockReadGuard, oneshot, watch};

/// Events kept in memory for streams that are a little behind; one further behind gets a fresh view.
const RECENT: usize = 2000;
/// A snapshot is kept every so many events.
const SNAPSHOT_EVERY: i64 = 1000;
/// How often other processes' writes are looked for, should a notification be lost.
const POLL: Duration = Duration::from_secs(1);

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Durable; the journal stands at `seq`.
    Applied {
        /// The last sequence this command wrote, or the one it found where there was nothing to do.
        seq: i64,
    },
    /// Nothing changed.
    Refused {
        /// Why.
        refusal: Refusal,
    },
}

impl Outcome {
    /// As it is kept for a retry.
    fn without_words(&self) -> Self {
        match self {
            Self::Refused { refusal } => Self::Refused { refusal: refusal.without_words() },
            Self::Applied { .. } => self.clone(),
        }
    }
}

/// A command on its way into a room.
pub(crate) struct Job {
    pub viewer: Arc<Viewer>,
    pub id: CommandId,
    pub command: Command,
    pub surroundings: Surroundings,
    pub names: Arc<crate::Directory>,
    pub answer: oneshot::Sender<Result<Outcome, ServiceError>>,
}

/// Commands that wait for a room, and whether somebody is on the way to take them.
#[derive(Default)]
struct Waiting {
    jobs: Vec<Job>,
    called: bool,
}

/// A room in memory.
pub(crate) struct LiveMeeting {
    id: MeetingId,
    waiting: Mutex<Waiting>,
    state: RwLock<RoomState>,
    signal: ChangeSignal,
    frames: FrameCache,
    here: Mutex<BTreeMap<u64, ConnectedPage>>,
    here_moved: watch::Sender<u64>,
}

/// One connected page.
struct ConnectedPage {
    worker: WorkerId,
    /// The number the page gave itself.
    load: String,
    away: bool,
    writing: Option<(SlotId, Area)>,
}

/// A room, where it stands, and the events that led there.
pub(crate) struct RoomState {
    pub room: Room,
    pub seq: i64,
    pub recent: VecDeque<Arc<Entry<Event>>>,
    done: Done,
}

impl RoomState {
    /// Notes an event that the room holds already.
    fn note(&mut self, entry: Entry<Event>) {
        self.seq = entry.seq;
        self.recent.push_back(Arc::new(entry));
        while self.recent.len() > RECENT {
            self.recent.pop_front();
        }
    }

    /// The events after `cursor`, or `None` where memory does not reach back so far.
    pub fn since(&self, cursor: i64) -> Option<Vec<Arc<Entry<Event>>>> {
        if cursor == self.seq {
            return Some(Vec::new());
        }
        let first = self.recent.front()?.seq;
        let offset = usize::try_from(cursor + 1 - first).ok()?;
        Some(self.recent.iter().skip(offset).cloned().collect())
    }
}

impl LiveMeeting {
    /// The room as it stands.
    pub async fn look(&self) -> RwLockReadGuard<'_, RoomState> {
        self.state.read().await
    }

    /// Tells when the room has moved.
    pub fn moves(&self) -> watch::Receiver<()> {
        self.signal.listen()
    }

    /// The frames that several streams send.
    pub const fn frames(&self) -> &FrameCache {
        &self.frames
    }

    /// Tells when somebody came or went.
    pub fn comings(&self) -> watch::Receiver<u64> {
        self.here_moved.subscribe()
    }

    /// Who is connected, each once: away where all their pages are.
    pub fn here(&self) -> Vec<Here> {
        let mut people: BTreeMap<WorkerId, Here> = BTreeMap::new();
        for page in self.here.lock().expect("no panic holds it").values() {
            let person = people.entry(page.worker).or_insert(Here { worker: page.worker, away: true, writing: None });
            person.away &= page.away;
            person.writing = person.writing.or(page.writing);
        }
        people.into_values().collect()
    }

    /// Notes a connection until the guard is dropped. `load` is the number the page gave itself.
    pub fn enter(self: &Arc<Self>, worker: WorkerId, load: String) -> Connected {
        let key = u64::from_le_bytes(crate::ids::random());
        let page = ConnectedPage { worker, load, away: false, writing: None };
        self.here.lock().expect("no panic holds it").insert(key, page);
        self.here_moved.send_modify(|count| *count += 1);
        Connected { live: Arc::clone(self), key }
    }

    /// Notes what a page says of its person. Never stored.
    pub fn attend(&self, worker: WorkerId, load: &str, away: bool, writing: Option<(SlotId, Area)>) {
        let mut moved = false;
        for page in self.here.lock().expect("no panic holds it").values_mut() {
            if page.worker == worker && page.load == load && (page.away, page.writing) != (away, writing) {
                (page.away, page.writing) = (away, writing);
                moved = true;
            }
        }
        if moved {
            self.here_moved.send_modify(|count| *count += 1);
        }
    }

    async fn read(&self, service: &Service) -> Result<RoomState, ServiceError> {
        read(service, self.id).await?.ok_or(ServiceError::NotFound)
    }

    /// Reads until it succeeds: nobody may see what is in memory and not durable, so while the database is
    /// away the room waits for it.
    async fn read_again(&self, service: &Service) -> RoomState {
        loop {
            match self.read(service).await {
                Ok(state) => return state,
                Err(error) => tracing::warn!(%error, meeting = %self.id, "cannot read the room again; trying on"),
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn catch_up(&self, service: &Service) -> Result<(), ServiceError> {
        let mut state = self.state.write().await;
        for entry in service.inner.store.entries(self.id.uuid(), state.seq).await? {
            state.room.apply(&entry);
            state.note(entry);
        }
        self.signal.changed(0);
        Ok(())
    }

    /// Decides and writes everything that waits.
    async fn work(&self, service: &Service) {
        let mut state = self.state.write().await;
        let jobs = std::mem::take(&mut *self.waiting.lock().expect("no panic holds it")).jobs;
        match self.decide_all(service, &mut state, &jobs).await {
            Ok(outcomes) => {
                self.signal.changed(jobs.len());
                for (job, outcome) in jobs.into_iter().zip(outcomes) {
                    let _ = job.answer.send(Ok(outcome));
                }
            }
            Err(error) => {
                // The error is sent now, not when the database is back: pages keep what they sent and send it again.
                for job in jobs {
                    let _ = job.answer.send(Err(error.for_each()));
                }
                *state = self.read_again(service).await;
            }
        }
    }

    async fn decide_all(
        &self, service: &Service, state: &mut RoomState, jobs: &[Job],
    ) -> Result<Vec<Outcome>, ServiceError> {
        for ask in [false, true, true, true, true, true, true, true] {
            match try_once(service, state, jobs, ask).await {
                Ok(Some(outcomes)) => return Ok(outcomes),
                // Another process was first, or a command came a second time: read what it wrote and decide again.
                Ok(None) => *state = self.read_again(service).await,
                Err(error) => return Err(error),
            }
        }
        Err(ServiceError::Unavailable("other processes were first, again and again".to_owned()))
    }
}

/// Decides all jobs on the room itself and writes them; `None` where another process was first. Unless
/// it gives outcomes, the room holds what is not durable and must be read again.
async fn try_once(
    service: &Service, state: &mut RoomState, jobs: &[Job], ask: bool,
) -> Result<Option<Vec<Outcome>>, ServiceError> {
    let workbooks = lock_workbooks(service, &state.room, jobs).await?;
    let mut draft = PendingCommands::of(state, workbooks, service.inner.clock.now(), ask);
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        outcomes.push(draft.decide(service, job).await?);
    }
    let (entries, write, workbooks) = draft.into_write();
    // What is taken is checked by writing it; a refusal is only as good as the room it was decided on.
    if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Refused { .. })) && behind(service, state).await? {
        return Ok(None);
    }
    let nothing = entries.is_empty() && write.outcomes.is_empty();
    if !nothing && !service.inner.writer.write(write).await? {
        return Ok(None);
    }
    workbooks.into_iter().for_each(WorkbookLock::durable);
    for entry in entries {
        state.note(entry);
    }
    for (job, outcome) in jobs.iter().zip(&outcomes) {
        state.done.note(job.viewer.worker, job.id, outcome);
    }
    Ok(Some(outcomes))
}

/// Locks the workbooks that some commands may write to, in one order, so that two meetings never wait for each other.
async fn lock_workbooks(service: &Service, room: &Room, jobs: &[Job]) -> Result<Vec<WorkbookLock>, ServiceError> {
    let slots = jobs.iter().filter(|job| job.command.writes_to_workbook()).filter_map(|job| job.command.slot());
    let families: BTreeSet<FamilyId> = slots.filter_map(|slot| room.slot(slot)?.family).collect();
    let mut locks = Vec::new();
    for family in families {
        locks.push(service.lock_workbook(family).await?);
    }
    Ok(locks)
}

/// Whether another process has written what this room has not heard of yet. `state` may hold what is decided and
/// not written.
async fn behind(service: &Service, state: &RoomState) -> Result<bool, ServiceError> {
    Ok(service.inner.store.last(state.room.id.uuid()).await?.is_some_and(|last| last > state.seq))
}

/// A connection that counts as being here until it is dropped.
pub(crate) struct Connected {
    live: Arc<LiveMeeting>,
    key: u64,
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.live.here.lock().expect("no panic holds it").remove(&self.key);
        self.live.here_moved.send_modify(|count| *count += 1);
    }
}

impl Service {
    /// A meeting's room, read from its journal where it is not in memory; `None` where there is none.
    pub(crate) async fn live(&self, id: MeetingId) -> Result<Option<Arc<LiveMeeting>>, ServiceError> {
        if let Some(live) = self.inner.rooms.loaded(id) {
            return Ok(Some(live));
        }
        let Some(state) = read(self, id).await? else { return Ok(None) };
        let live = LiveMeeting {
            id,
            waiting: Mutex::default(),
            state: RwLock::new(state),
            signal: ChangeSignal::default(),
            frames: FrameCache::default(),
            here: Mutex::default(),
            here_moved: watch::Sender::new(0),
        };
        Ok(Some(self.inner.rooms.keep(id, live)))
    }

    /// How many meetings and workbooks are in memory.
    #[must_use]
    pub fn subjects_in_memory(&self) -> (usize, usize) {
        (self.inner.rooms.len(), self.inner.workbooks.len())
    }

    /// Lets go of meetings and workbooks that nobody holds, and that were not used for `idle`.
    pub fn let_go_of_subjects(&self, idle: Duration) {
        self.inner.rooms.let_go(idle);
        self.inner.workbooks.let_go(idle);
    }

    /// Forgets meetings and workbooks whose journals were rewritten; whoever looks next reads them again.
    pub(crate) fn forget_subjects(&self, meetings: &[MeetingId], families: &[FamilyId]) {
        self.inner.rooms.forget(meetings);
        self.inner.workbooks.forget(families);
    }

    /// Puts a command into a room and waits until it is durable or refused. The work goes on when the
    /// caller goes away: what is half decided is never dropped.
    pub(crate) async fn submit(
        &self, live: Arc<LiveMeeting>, viewer: Arc<Viewer>, id: CommandId, command: Command, surroundings: Surroundings,
    ) -> Result<Outcome, ServiceError> {
        let (answer, answered) = oneshot::channel();
        let names = self.directory().await?;
        let called = {
            let mut waiting = live.waiting.lock().expect("no panic holds it");
            waiting.jobs.push(Job { viewer, id, command, surroundings, names, answer });
            std::mem::replace(&mut waiting.called, true)
        };
        if !called {
            let service = self.clone();
            tokio::spawn(async move { live.work(&service).await });
        }
        answered.await.map_err(|_| ServiceError::Unavailable("the room stopped before this was saved".to_owned()))?
    }
}

/// Reads a room from its journal, from the snapshot on where there is one.
async fn read(service: &Service, id: MeetingId) -> Result<Option<RoomState>, ServiceError> {
    let store = &service.inner.store;
    let snapshot: Option<(i64, Room)> = store.snapshot(id.uuid()).await?;
    let (mut room, mut seq) = snapshot.map_or((None, 0), |(seq, room)| (Some(room), seq));
    let mut recent = VecDeque::new();
    for entry in store.entries::<Event>(id.uuid(), seq).await? {
        seq = entry.seq;
        match &mut room {
            Some(room) => room.apply(&entry),
            None => room = Room::planned(&entry),
        }
        recent.push_back(Arc::new(entry));
    }
    while recent.len() > RECENT {
        recent.pop_front();
    }
    Ok(room.map(|room| RoomState { room, seq, recent, done: Done::default() }))
}
