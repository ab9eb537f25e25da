//! Live rooms: one in memory per meeting that somebody looks at or writes to.
//!
//! Under the room's lock: take the commands that wait, decide them in memory, append, commit, apply,
//! publish. What is in memory is never ahead of what is durable for anybody outside the lock.

use crate::writer::{Append, Kept, Row, Write};
use crate::{Service, ServiceError, rights::RIGHTS_CHANGED};
use chrono::{DateTime, Utc};
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::{Command, Context, Entry, Event, Facts, Refusal, Room, decide};
use domain::record::{self, Names};
use domain::viewer::Viewer;
use domain::{CommandId, MeetingId, RecordId, SlotId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::journal::{Kind, Written};
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

/// A command on its way into a room.
pub(crate) struct Job {
    pub viewer: Arc<Viewer>,
    pub id: CommandId,
    pub command: Command,
    pub facts: Facts,
    pub names: Arc<crate::Directory>,
    pub answer: oneshot::Sender<Result<Outcome, ServiceError>>,
}

/// A room in memory.
pub(crate) struct Live {
    id: MeetingId,
    waiting: Mutex<Vec<Job>>,
    state: RwLock<State>,
    moved: watch::Sender<i64>,
    here: Mutex<BTreeMap<u64, WorkerId>>,
    here_moved: watch::Sender<u64>,
}

/// A room, where it stands, and the events that led there.
pub(crate) struct State {
    pub room: Room,
    pub seq: i64,
    pub recent: VecDeque<Arc<Entry<Event>>>,
}

/// All rooms in memory.
#[derive(Default)]
pub(crate) struct Rooms(Mutex<HashMap<MeetingId, Arc<Live>>>);

impl Rooms {
    fn known(&self, id: MeetingId) -> Option<Arc<Live>> {
        self.0.lock().expect("no panic holds it").get(&id).cloned()
    }

    fn all(&self) -> Vec<Arc<Live>> {
        self.0.lock().expect("no panic holds it").values().cloned().collect()
    }
}

impl State {
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
        (first <= cursor + 1).then(|| self.recent.iter().filter(|entry| entry.seq > cursor).cloned().collect())
    }
}

impl Live {
    /// The room as it stands.
    pub async fn look(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().await
    }

    /// Tells when the room has moved.
    pub fn moves(&self) -> watch::Receiver<i64> {
        self.moved.subscribe()
    }

    /// Tells when somebody came or went.
    pub fn comings(&self) -> watch::Receiver<u64> {
        self.here_moved.subscribe()
    }

    /// Who is connected, each once.
    pub fn here(&self) -> Vec<WorkerId> {
        let here = self.here.lock().expect("no panic holds it");
        let mut workers: Vec<WorkerId> = here.values().copied().collect();
        workers.sort();
        workers.dedup();
        workers
    }

    /// Notes a connection until the guard is dropped.
    pub fn enter(self: &Arc<Self>, worker: WorkerId) -> Connected {
        let key = u64::from_le_bytes(crate::ids::random());
        self.here.lock().expect("no panic holds it").insert(key, worker);
        self.here_moved.send_modify(|count| *count += 1);
        Connected { live: Arc::clone(self), key }
    }

    async fn read(&self, service: &Service) -> Result<State, ServiceError> {
        read(service, self.id).await?.ok_or(ServiceError::NotFound)
    }

    /// Reads until it succeeds: nobody may see what is in memory and not durable, so while the database is
    /// away the room waits for it.
    async fn read_again(&self, service: &Service) -> State {
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
        self.moved.send_replace(state.seq);
        Ok(())
    }

    /// Decides and writes everything that waits.
    async fn work(&self, service: &Service) {
        let mut state = self.state.write().await;
        let jobs = std::mem::take(&mut *self.waiting.lock().expect("no panic holds it"));
        if jobs.is_empty() {
            return;
        }
        match self.decide_all(service, &mut state, &jobs).await {
            Ok(outcomes) => {
                self.moved.send_replace(state.seq);
                for (job, outcome) in jobs.into_iter().zip(outcomes) {
                    let _ = job.answer.send(Ok(outcome));
                }
            }
            Err(error) => {
                let told = error.to_string();
                for job in jobs {
                    let _ = job.answer.send(Err(ServiceError::Setup(told.clone())));
                }
            }
        }
    }

    async fn decide_all(
        &self, service: &Service, state: &mut State, jobs: &[Job],
    ) -> Result<Vec<Outcome>, ServiceError> {
        for _ in 0..8 {
            match try_once(service, state, jobs).await {
                Ok(Some(outcomes)) => return Ok(outcomes),
                // Another process was first: hear what it wrote and decide again.
                Ok(None) => *state = self.read_again(service).await,
                Err(error) => {
                    *state = self.read_again(service).await;
                    return Err(error);
                }
            }
        }
        Err(ServiceError::Setup("The database is too busy to take this now. Try again in a moment.".to_owned()))
    }
}

/// Decides all jobs on the room itself and writes them; `None` where another process was first. Unless
/// it gives outcomes, the room holds what is not durable and must be read again.
async fn try_once(service: &Service, state: &mut State, jobs: &[Job]) -> Result<Option<Vec<Outcome>>, ServiceError> {
    let last = state.seq;
    let mut draft = Draft::of(state, service.inner.clock.now());
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        outcomes.push(draft.decide(service, job).await?);
    }
    let (entries, write) = draft.into_write(last);
    let nothing = entries.is_empty() && write.outcomes.is_empty();
    if !nothing && !service.inner.writer.write(write).await? {
        return Ok(None);
    }
    for entry in entries {
        state.note(entry);
    }
    Ok(Some(outcomes))
}

/// Commands decided in memory, not yet written.
struct Draft<'a> {
    room: &'a mut Room,
    seq: i64,
    now: DateTime<Utc>,
    entries: Vec<Entry<Event>>,
    write: Write,
    touched: bool,
}

impl<'a> Draft<'a> {
    fn of(state: &'a mut State, now: DateTime<Utc>) -> Self {
        let seq = state.seq;
        Self { room: &mut state.room, seq, now, entries: Vec::new(), write: Write::default(), touched: false }
    }

    async fn decide(&mut self, service: &Service, job: &Job) -> Result<Outcome, ServiceError> {
        let worker = job.viewer.worker;
        let waiting = self.write.outcomes.iter().find(|kept| (kept.worker, kept.command) == (worker, job.id));
        if let Some(kept) = waiting {
            return Ok(serde_json::from_str(&kept.body).expect("it was written a moment ago"));
        }
        if let Some(known) = service.inner.store.outcome(worker, job.id).await? {
            let damaged = |error| ServiceError::Setup(format!("A kept outcome cannot be read: {error}"));
            return serde_json::from_str(&known).map_err(damaged);
        }
        let context = Context { now: self.now, viewer: &job.viewer, facts: &job.facts };
        let outcome = match decide(self.room, &job.command, context) {
            Err(refusal) => Outcome::Refused { refusal },
            Ok(events) => {
                for event in events {
                    self.take(service, worker, event, &job.names.names).await?;
                }
                Outcome::Applied { seq: self.seq }
            }
        };
        self.write.outcomes.push(Kept {
            worker,
            command: job.id,
            at: self.now,
            body: serde_json::to_string(&outcome).expect("outcomes are plain data"),
        });
        Ok(outcome)
    }

    async fn take(&mut self, service: &Service, by: WorkerId, event: Event, names: &Names) -> Result<(), ServiceError> {
        self.touched |= !matches!(event, Event::Typed { .. });
        self.seq += 1;
        let finished = if let Event::Finished { slot } = event { Some(slot) } else { None };
        let entry = Entry { seq: self.seq, at: self.now, by, event };
        self.room.apply(&entry);
        self.entries.push(entry);
        if let Some(slot) = finished {
            self.hand_to_workbook(service, by, slot, names).await?;
        }
        Ok(())
    }

    /// Finishing a family: the draft record to each child's workbook and the steps to their owners,
    /// in the same commit.
    async fn hand_to_workbook(
        &mut self, service: &Service, by: WorkerId, slot: SlotId, names: &Names,
    ) -> Result<(), ServiceError> {
        let slot = self.room.slot(slot).expect("the slot was just finished");
        let family = slot.family.expect("the server's room names every family");
        let old: Vec<Entry<WorkbookEvent>> = service.inner.store.entries(family.uuid(), 0).await?;
        let mut workbook = Workbook::fold(&old);
        let last = old.last().map_or(0, |entry| entry.seq);
        let drafts = slot.children.iter().map(|child| {
            let id = RecordId::new(service.new_uuid());
            let record = record::draft(self.room, slot, family, *child, id, self.now, names);
            WorkbookEvent::RecordDrafted { record: Box::new(record) }
        });
        let steps = slot.steps.iter().map(|step| WorkbookEvent::StepAgreed {
            meeting: self.room.id,
            on: self.room.held_on,
            step: Box::new(record::agreed(step, names)),
        });
        let mut events = Vec::new();
        for (event, seq) in drafts.chain(steps).zip(last + 1..) {
            let entry = Entry { seq, at: self.now, by, event };
            workbook.apply(&entry);
            events.push(Written::of(&entry));
        }
        let meeting = self.room.id;
        let records = workbook.records.iter().filter(|record| record.meeting == meeting);
        self.write.rows.extend(records.map(|record| Row::Record(Box::new(record.clone()))));
        let steps = workbook.steps.iter().filter(|step| step.meeting == meeting);
        self.write.rows.extend(steps.map(|step| Row::Step(store::step::row(family, step))));
        self.write.appends.push(Append { kind: Kind::Workbook, journal: family.uuid(), last, events });
        Ok(())
    }

    fn into_write(mut self, last: i64) -> (Vec<Entry<Event>>, Write) {
        let journal = self.room.id.uuid();
        if !self.entries.is_empty() {
            let events = self.entries.iter().map(Written::of).collect();
            self.write.appends.insert(0, Append { kind: Kind::Meeting, journal, last, events });
        }
        if self.touched {
            self.write.rows.push(Row::Meeting(store::meeting::rows(self.room)));
        }
        if last / SNAPSHOT_EVERY != self.seq / SNAPSHOT_EVERY {
            self.write.rows.push(Row::Snapshot(self.seq, Box::new(self.room.clone())));
        }
        (self.entries, self.write)
    }
}

/// A connection that counts as being here until it is dropped.
pub(crate) struct Connected {
    live: Arc<Live>,
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
    pub(crate) async fn live(&self, id: MeetingId) -> Result<Option<Arc<Live>>, ServiceError> {
        if let Some(known) = self.inner.rooms.known(id) {
            return Ok(Some(known));
        }
        let Some(state) = read(self, id).await? else { return Ok(None) };
        let seq = state.seq;
        let live = Arc::new(Live {
            id,
            waiting: Mutex::default(),
            state: RwLock::new(state),
            moved: watch::Sender::new(seq),
            here: Mutex::default(),
            here_moved: watch::Sender::new(0),
        });
        let mut rooms = self.inner.rooms.0.lock().expect("no panic holds it");
        Ok(Some(Arc::clone(rooms.entry(id).or_insert(live))))
    }

    /// Puts a command into a room and waits until it is durable or refused. The work goes on when the
    /// caller goes away: what is half decided is never dropped.
    pub(crate) async fn submit(
        &self, live: Arc<Live>, viewer: Arc<Viewer>, id: CommandId, command: Command, facts: Facts,
    ) -> Result<Outcome, ServiceError> {
        let (answer, answered) = oneshot::channel();
        let names = self.directory().await?;
        live.waiting.lock().expect("no panic holds it").push(Job { viewer, id, command, facts, names, answer });
        let service = self.clone();
        tokio::spawn(async move { live.work(&service).await });
        answered
            .await
            .map_err(|_| ServiceError::Setup("The server stopped before this was saved. Try again.".to_owned()))?
    }
}

/// Reads a room from its journal, from the snapshot on where there is one.
async fn read(service: &Service, id: MeetingId) -> Result<Option<State>, ServiceError> {
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
    Ok(room.map(|room| State { room, seq, recent }))
}

/// Hears of other processes' writes: by notification, and by looking, should one be lost.
pub(crate) fn listen(service: &Service) {
    let weak = Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        let mut known = None;
        while let Some(inner) = weak.upgrade() {
            // Also on SQLite: an import or a new account comes from another process.
            if let Ok(now) = inner.store.setting(RIGHTS_CHANGED).await
                && now != known
            {
                known = now;
                inner.rights.forget();
            }
            drop(inner);
            tokio::time::sleep(POLL).await;
        }
    });
    if matches!(service.inner.store, store::Store::Sqlite { .. }) {
        return;
    }
    let weak = Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        while let Some(inner) = weak.upgrade() {
            let service = Service { inner };
            poll(&service).await;
            tokio::time::sleep(POLL).await;
        }
    });
    let weak = Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        while let Some(inner) = weak.upgrade() {
            let store = inner.store.clone();
            drop(inner);
            if let Ok(Some(mut listener)) = store.listen().await {
                while let Ok(payload) = listener.next().await {
                    let Some(inner) = weak.upgrade() else { return };
                    hear(&Service { inner }, &payload).await;
                }
            }
            tokio::time::sleep(POLL).await;
        }
    });
}

async fn hear(service: &Service, payload: &str) {
    if payload == RIGHTS_CHANGED {
        service.inner.rights.forget();
        return;
    }
    for id in payload.split(' ').filter_map(|word| word.parse::<MeetingId>().ok()) {
        if let Some(live) = service.inner.rooms.known(id)
            && let Err(error) = live.catch_up(service).await
        {
            tracing::warn!(%error, meeting = %id, "could not catch up; trying again in a second");
        }
    }
}

async fn poll(service: &Service) {
    for live in service.inner.rooms.all() {
        let known = live.look().await.seq;
        let behind = matches!(service.inner.store.last(live.id.uuid()).await, Ok(Some(last)) if last > known);
        if behind && let Err(error) = live.catch_up(service).await {
            tracing::warn!(%error, meeting = %live.id, "could not catch up; trying again in a second");
        }
    }
}
