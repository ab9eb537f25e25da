//! Commands decided in memory, not yet written.

use super::{
    Append, Context, DateTime, Done, Entry, Event, FamilyId, Job, JournalKind, Kept, Outcome, Progress, RecordId, Room,
    RoomState, Row, SNAPSHOT_EVERY, Service, ServiceError, Utc, WorkbookEvent, WorkerId, Write, Written, decide,
    record,
};
use crate::workbook::{WorkbookLock, rows_of};
use domain::family::SaidInMeeting;
use domain::meeting::{Became, Command, Slot};

/// Commands decided in memory, not yet written.
pub(super) struct PendingCommands<'a> {
    room: &'a mut Room,
    done: &'a Done,
    /// Whether the database is asked what became of a command: where writing showed that one came twice.
    ask: bool,
    seq: i64,
    now: DateTime<Utc>,
    entries: Vec<Entry<Event>>,
    write: Write,
    touched: bool,
    /// The workbooks these commands may write to.
    workbooks: Vec<WorkbookLock>,
}

impl<'a> PendingCommands<'a> {
    pub(super) fn of(state: &'a mut RoomState, workbooks: Vec<WorkbookLock>, now: DateTime<Utc>, ask: bool) -> Self {
        let RoomState { room, seq, done, .. } = state;
        Self {
            room,
            done,
            ask,
            seq: *seq,
            now,
            entries: Vec::new(),
            write: Write::default(),
            touched: false,
            workbooks,
        }
    }

    pub(super) async fn decide(&mut self, service: &Service, job: &Job) -> Result<Outcome, ServiceError> {
        let worker = job.viewer.worker;
        let waiting = self.write.outcomes.iter().find(|kept| (kept.worker, kept.command) == (worker, job.id));
        if let Some(kept) = waiting {
            return Ok(serde_json::from_str(&kept.body).expect("it was written a moment ago"));
        }
        if let Some(outcome) = self.done.outcome(worker, job.id) {
            return Ok(outcome.clone());
        }
        if self.ask
            && let Some(body) = service.inner.store.outcome(worker, job.id).await?
        {
            let damaged = |error| ServiceError::Setup(format!("A kept outcome cannot be read: {error}"));
            return serde_json::from_str(&body).map_err(damaged);
        }
        let mut surroundings = job.surroundings.clone();
        surroundings.signed = self.signed(&job.command);
        let context = Context { now: self.now, viewer: &job.viewer, surroundings: &surroundings };
        let outcome = match decide(self.room, &job.command, context) {
            Err(refusal) => Outcome::Refused { refusal },
            Ok(events) => {
                for event in events {
                    self.take(service, worker, event, job);
                }
                Outcome::Applied { seq: self.seq }
            }
        };
        self.write.outcomes.push(Kept {
            worker,
            command: job.id,
            at: self.now,
            body: serde_json::to_string(&outcome.without_words()).expect("outcomes are plain data"),
        });
        Ok(outcome)
    }

    /// Whether a record of the family that a command reopens is signed, by the workbook as it stands under its lock.
    fn signed(&self, command: &Command) -> bool {
        let Command::Reopen { slot } = command else { return false };
        let family = self.room.slot(*slot).and_then(|slot| slot.family);
        let lock = self.workbooks.iter().find(|lock| Some(lock.family()) == family);
        lock.is_some_and(|lock| lock.workbook().records.iter().any(|record| record.slot == *slot && record.signed()))
    }

    fn take(&mut self, service: &Service, by: WorkerId, event: Event, job: &Job) {
        self.touched |= !matches!(event, Event::Typed { .. });
        self.seq += 1;
        let entry = Entry { seq: self.seq, at: self.now, by, event };
        self.room.apply(&entry);
        for (family, event) in self.for_workbook(service, &entry.event, job) {
            let lock = self.workbooks.iter_mut().find(|lock| lock.family() == family);
            lock.expect("families of commands that write to workbooks are locked").apply(self.now, by, event);
        }
        self.entries.push(entry);
    }

    /// What an event of the meeting means for the family's workbook; it is written in the same commit.
    fn for_workbook(&self, service: &Service, event: &Event, job: &Job) -> Vec<(FamilyId, WorkbookEvent)> {
        let Some(slot) = event.slot().and_then(|slot| self.room.slot(slot)) else { return Vec::new() };
        let Some(family) = slot.family else { return Vec::new() };
        let events = match event {
            Event::Finished { .. } => self.records_and_steps(service, slot, family, job),
            Event::Reopened { .. } => vec![WorkbookEvent::DraftsWithdrawn {
                slot: slot.id,
                steps: slot.steps.iter().map(|step| step.id).collect(),
            }],
            Event::LastStepAnswered { answer, .. } => vec![WorkbookEvent::StepAnswered {
                step: answer.step,
                done: answer.became == Became::Done,
                word: answer.word.clone(),
                said: Some(SaidInMeeting { meeting: self.room.id, became: answer.became, due: answer.due }),
            }],
            Event::LastStepTakenBack { step, .. } => {
                vec![WorkbookEvent::StepAnswerTakenBack { step: *step, meeting: Some(self.room.id) }]
            }
            // The drafts of a finished family hold its risks too.
            Event::RiskRaised { .. } | Event::RiskAcknowledged { .. }
                if matches!(slot.progress, Progress::Finished { .. }) =>
            {
                let risks = record::risks(slot, &job.names.names);
                vec![WorkbookEvent::RisksNoted { slot: slot.id, risks }]
            }
            _ => Vec::new(),
        };
        events.into_iter().map(|event| (family, event)).collect()
    }

    /// The draft record of each child, and the steps for their owners.
    fn records_and_steps(&self, service: &Service, slot: &Slot, family: FamilyId, job: &Job) -> Vec<WorkbookEvent> {
        let names = &job.names.names;
        let lock = self.workbooks.iter().find(|lock| lock.family() == family);
        let workbook = lock.map(WorkbookLock::workbook);
        let drafts = slot.children.iter().map(|child| {
            let id = RecordId::new(service.new_uuid());
            let mut record = record::draft(self.room, slot, family, *child, id, self.now, names);
            record.life.domestic_abuse = job.surroundings.domestic_abuse;
            let withdrawn = workbook.and_then(|workbook| workbook.withdrawn_draft(slot.id, *child));
            if let Some(withdrawn) = withdrawn {
                record = record.redrafted(withdrawn);
            }
            WorkbookEvent::RecordDrafted { record: Box::new(record) }
        });
        let steps = slot.steps.iter().map(|step| WorkbookEvent::StepAgreed {
            meeting: self.room.id,
            on: self.room.held_on,
            step: Box::new(record::agreed(step, names)),
        });
        drafts.chain(steps).collect()
    }

    /// What is to be written, and the locks to be kept until it is.
    pub(super) fn into_write(mut self) -> (Vec<Entry<Event>>, Write, Vec<WorkbookLock>) {
        let journal = self.room.id.uuid();
        let last = self.entries.first().map_or(self.seq, |entry| entry.seq - 1);
        if !self.entries.is_empty() {
            let events = self.entries.iter().map(Written::of).collect();
            self.write.appends.insert(0, Append { kind: JournalKind::Meeting, journal, events });
        }
        if self.touched {
            self.write.rows.push(Row::Meeting(store::meeting::rows(self.room)));
        }
        if last / SNAPSHOT_EVERY != self.seq / SNAPSHOT_EVERY {
            self.write.rows.push(Row::Snapshot(self.seq, Box::new(self.room.clone())));
        }
        for lock in &self.workbooks {
            self.write.appends.extend(lock.append());
            self.write.rows.extend(rows_of(lock));
        }
        (self.entries, self.write, self.workbooks)
    }
}
