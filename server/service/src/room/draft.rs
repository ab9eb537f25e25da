//! Commands decided in memory, not yet written.

use super::{
    Append, Context, DateTime, Done, Entry, Event, Job, Kept, Kind, Names, Outcome, Progress, RecordId, Room, Row,
    SNAPSHOT_EVERY, Service, ServiceError, SlotId, State, Utc, Workbook, WorkbookEvent, WorkerId, Write, Written,
    decide, record,
};

/// Commands decided in memory, not yet written.
pub(super) struct Draft<'a> {
    room: &'a mut Room,
    done: &'a Done,
    /// Whether the database is asked what became of a command: where writing showed that one came twice.
    ask: bool,
    seq: i64,
    now: DateTime<Utc>,
    entries: Vec<Entry<Event>>,
    write: Write,
    touched: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn of(state: &'a mut State, now: DateTime<Utc>, ask: bool) -> Self {
        let State { room, seq, done, .. } = state;
        Self { room, done, ask, seq: *seq, now, entries: Vec::new(), write: Write::default(), touched: false }
    }

    pub(super) async fn decide(&mut self, service: &Service, job: &Job) -> Result<Outcome, ServiceError> {
        let worker = job.viewer.worker;
        let waiting = self.write.outcomes.iter().find(|kept| (kept.worker, kept.command) == (worker, job.id));
        if let Some(kept) = waiting {
            return Ok(serde_json::from_str(&kept.body).expect("it was written a moment ago"));
        }
        if let Some(known) = self.done.outcome(worker, job.id) {
            return Ok(known.clone());
        }
        if self.ask
            && let Some(known) = service.inner.store.outcome(worker, job.id).await?
        {
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
        let risky = match &event {
            Event::Practised { slot, what } if what.is_risk() => Some(*slot),
            _ => None,
        };
        let entry = Entry { seq: self.seq, at: self.now, by, event };
        self.room.apply(&entry);
        self.entries.push(entry);
        if let Some(slot) = finished {
            self.hand_to_workbook(service, by, slot, names).await?;
        }
        if let Some(slot) = risky {
            self.note_risks(service, by, slot, names).await?;
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
        self.write.appends.push(Append { kind: Kind::Workbook, journal: family.uuid(), events });
        Ok(())
    }

    /// An urgent risk that is raised or heard after a family was finished goes into its draft records.
    async fn note_risks(
        &mut self, service: &Service, by: WorkerId, slot: SlotId, names: &Names,
    ) -> Result<(), ServiceError> {
        let slot = self.room.slot(slot).expect("the event was decided for it");
        if !matches!(slot.progress, Progress::Finished { .. }) {
            return Ok(());
        }
        let family = slot.family.expect("the server's room names every family");
        let risks = record::PracticeRecord::risks(&slot.practice, names);
        let event = WorkbookEvent::RisksNoted { slot: slot.id, risks };
        let mut entries: Vec<Entry<WorkbookEvent>> = service.inner.store.entries(family.uuid(), 0).await?;
        let pending = self.write.appends.iter_mut().find(|append| append.journal == family.uuid());
        for line in pending.iter().flat_map(|append| &append.events) {
            let event = serde_json::from_str(&line.body).expect("it was written a moment ago");
            entries.push(Entry { seq: line.seq, at: line.at, by: line.by, event });
        }
        let seq = entries.last().map_or(0, |entry| entry.seq) + 1;
        entries.push(Entry { seq, at: self.now, by, event });
        let written = Written::of(entries.last().expect("one was just added"));
        match pending {
            Some(append) => append.events.push(written),
            None => {
                let events = vec![written];
                self.write.appends.push(Append { kind: Kind::Workbook, journal: family.uuid(), events });
            }
        }
        let meeting = self.room.id;
        let workbook = Workbook::fold(&entries);
        let records = workbook.records.iter().filter(|record| record.meeting == meeting);
        self.write.rows.extend(records.map(|record| Row::Record(Box::new(record.clone()))));
        Ok(())
    }

    pub(super) fn into_write(mut self) -> (Vec<Entry<Event>>, Write) {
        let journal = self.room.id.uuid();
        let last = self.entries.first().map_or(self.seq, |entry| entry.seq - 1);
        if !self.entries.is_empty() {
            let events = self.entries.iter().map(Written::of).collect();
            self.write.appends.insert(0, Append { kind: Kind::Meeting, journal, events });
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
