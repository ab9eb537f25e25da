//! One family's workbook: what outlives a meeting.

mod event;
mod hold;
mod step;

pub use event::{Left, SaidInMeeting, VERSION, WorkbookEvent};
pub use hold::Hold;
pub use step::{OpenStep, StepBefore, StepState};

use crate::case_note::CaseNote;
use crate::chapter::{ChapterPlace, ChapterText};
use crate::direct_work::DirectWork;
use crate::genogram::Genogram;
use crate::meeting::{Became, EarlierStep, Entry};
use crate::message::Message;
use crate::own_words::OwnWords;
use crate::prose::Prose;
use crate::record::{Agreed, Completion, Named, Record, RecordPart, WishAnswer};
use crate::safety_plan::WrittenSafetyPlan;
use crate::{CorrectionId, MeetingId, PersonId, RecordId, SlotId, StepId, WorkerId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What a family's journal folds into.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Workbook {
    /// What workers wrote in their chapters, in the order it was begun.
    pub chapters: Vec<ChapterText>,
    /// Steps, in the order they were agreed.
    pub steps: Vec<OpenStep>,
    /// Records of group supervisions, in the order they were drafted.
    pub records: Vec<Record>,
    /// Drafts of families that were reopened and are not finished again. Corrections that were asked for wait in them.
    #[serde(default)]
    pub withdrawn: Vec<Record>,
    /// Steps of such families, with what was said of them.
    #[serde(default)]
    pub withdrawn_steps: Vec<OpenStep>,
    /// Messages for adults, in the order they were begun.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// What people of the family gave in their own words, in the order it was written down.
    #[serde(default)]
    pub own_words: Vec<OwnWords>,
    /// Direct work with people of the family, in the order it was written down.
    #[serde(default)]
    pub direct_work: Vec<DirectWork>,
    /// What workers wrote into the chronology, in the order it was written.
    #[serde(default)]
    pub case_notes: Vec<CaseNote>,
    /// The safety plan, once there is one.
    #[serde(default)]
    pub safety_plan: Option<WrittenSafetyPlan>,
    /// Who is whose parent, partner, brother or sister, and who lives together.
    #[serde(default)]
    pub genogram: Genogram,
    /// The legal hold, while one stands.
    #[serde(default)]
    pub hold: Option<Hold>,
}

impl Workbook {
    /// Folds a whole journal.
    #[must_use]
    pub fn fold(entries: &[Entry<WorkbookEvent>]) -> Self {
        let mut workbook = Self::default();
        for entry in entries {
            workbook.apply(entry);
        }
        workbook
    }

    /// Takes one event.
    pub fn apply(&mut self, entry: &Entry<WorkbookEvent>) {
        match &entry.event {
            WorkbookEvent::ChapterWritten { month, place, title, update } => {
                let text = self.chapter_text_begun(entry, month, place);
                title.clone_into(&mut text.title);
                // Checked before it was written.
                text.damaged |= text.prose.merge(update).is_err();
                text.at = entry.at;
                text.revision += 1;
            }
            WorkbookEvent::StepAgreed { meeting, on, step } => self.agree_step(*meeting, *on, step),
            WorkbookEvent::StepAnswered { step, done, word, said } => {
                if let Some(open_step) = self.steps.iter_mut().find(|open_step| open_step.step.step == *step) {
                    let (word, at) = (word.clone(), entry.at);
                    let became = said.map(|said| said.became);
                    open_step.remember_before(said.map(|said| said.meeting), entry.by);
                    // Once for each meeting, and not any more where that meeting says otherwise.
                    if let Some(said) = said {
                        open_step.carried.retain(|other| other.meeting != said.meeting);
                        if said.became == Became::Carried {
                            open_step.carried.push(*said);
                        }
                    }
                    open_step.state = match became {
                        Some(Became::Carried) => StepState::Carried { word, at },
                        Some(Became::Dropped) => StepState::Dropped { word, at },
                        _ if *done => StepState::Done { word, at },
                        _ => StepState::NotDone { word, at },
                    };
                }
            }
            WorkbookEvent::StepAnswerTakenBack { step, meeting } => {
                let open_step = self.steps.iter_mut().find(|open_step| open_step.step.step == *step);
                open_step.into_iter().for_each(|open_step| open_step.take_back(*meeting));
            }
            WorkbookEvent::StepHandedOver { step, to } => {
                let open_step = self.steps.iter_mut().find(|open_step| open_step.step.step == *step);
                open_step.into_iter().for_each(|open_step| open_step.step.owner = Some(to.clone()));
            }
            WorkbookEvent::RecordDrafted { record } => {
                self.withdrawn.retain(|withdrawn| withdrawn.id != record.id);
                self.records.push(record.as_ref().clone());
            }
            WorkbookEvent::DraftsWithdrawn { slot, steps } => self.withdraw(*slot, steps),
            // A line of its own beside the record, which it leaves as it was; or none any more.
            WorkbookEvent::ContributedLate { .. } | WorkbookEvent::Reduced { .. } | WorkbookEvent::CopyEnded { .. } => {
            }
            WorkbookEvent::Destroyed { left, .. } => {
                for record in &left.records {
                    let stored = self.records.iter_mut().find(|stored| stored.id == record.id);
                    stored.into_iter().for_each(|stored| stored.clone_from(record));
                }
                for step in &left.steps {
                    let stored = self.steps.iter_mut().find(|stored| stored.step.step == step.step.step);
                    stored.into_iter().for_each(|stored| stored.clone_from(step));
                }
            }
            WorkbookEvent::Marked { record, part, mark } => {
                if let Some(about) = self.record(*record).cloned() {
                    let late = matches!(part, RecordPart::Addendum { .. });
                    for record in self.records.iter_mut().filter(|record| late || !record.signed()) {
                        record.mark(&about, *part, mark);
                    }
                }
            }
            // What was decided for several children together is dissented from together.
            WorkbookEvent::DissentTaken { record: id, dissent } => {
                self.for_all_together(*id, dissent.worker, |record| {
                    record.life.dissents.push(dissent.as_ref().clone())
                });
            }
            WorkbookEvent::DissentAnswered { record: id, worker, answer } => {
                self.for_all_together(*id, *worker, |record| record.answer_dissent(*worker, answer));
            }
            WorkbookEvent::RisksNoted { slot, risks } => {
                let drafts = self.records.iter_mut().filter(|record| record.slot == *slot && !record.signed());
                drafts.for_each(|record| record.risks.clone_from(risks));
            }
            WorkbookEvent::Held { hold } => self.hold = Some(hold.clone()),
            WorkbookEvent::Released { .. } => self.hold = None,
            WorkbookEvent::CorrectionAsked { record, correction } => {
                if let Some(record) = self.record_mut(*record) {
                    record.life.corrections.push(correction.as_ref().clone());
                }
            }
            WorkbookEvent::CorrectionAnswered { record, correction, answer } => {
                self.answer_correction(*record, *correction, answer);
            }
            WorkbookEvent::Completed { record, by, completion } => self.complete(*record, by, completion, entry.at),
            WorkbookEvent::Signed { record, version } => {
                if let Some(record) = self.record_mut(*record) {
                    record.life.versions.push(version.clone());
                }
            }
            WorkbookEvent::AddendumAsked { record, addendum } => {
                if let Some(record) = self.record_mut(*record) {
                    record.life.addenda.push(addendum.as_ref().clone());
                }
            }
            WorkbookEvent::MessageWritten { message } => crate::message::write(&mut self.messages, message),
            WorkbookEvent::OwnWordsWritten { words } => crate::own_words::write(&mut self.own_words, words),
            WorkbookEvent::DirectWorkWritten { work } => crate::direct_work::write(&mut self.direct_work, work),
            WorkbookEvent::CaseNoteWritten { note } => crate::case_note::write(&mut self.case_notes, note),
            WorkbookEvent::GenogramChanged { change } => self.genogram.apply(change),
            WorkbookEvent::OwnWordsTakenBack { words, why } => {
                let stored = self.own_words.iter_mut().find(|stored| stored.id == *words);
                stored.into_iter().for_each(|stored| stored.taken_back = Some(why.clone()));
            }
            WorkbookEvent::SafetyPlanWritten { plan, by } => {
                let revision = self.safety_plan.as_ref().map_or(0, |written| written.revision) + 1;
                let (plan, by, at) = (plan.as_ref().clone(), by.clone(), entry.at);
                self.safety_plan = Some(WrittenSafetyPlan { plan, by, at, revision });
            }
            WorkbookEvent::MessagesChecked { messages, checked } => {
                for message in self.messages.iter_mut().filter(|message| messages.contains(&message.id)) {
                    message.checked = Some(checked.clone());
                }
            }
            WorkbookEvent::MessageGiven { message, given } => {
                if let Some(stored) = self.messages.iter_mut().find(|stored| stored.id == *message) {
                    stored.given = Some(given.clone());
                }
            }
            WorkbookEvent::AddendumAnswered { record, addendum, answer } => {
                let addenda = self.record_mut(*record).map(|record| &mut record.life.addenda);
                if let Some(stored) = addenda.into_iter().flatten().find(|stored| stored.id == *addendum) {
                    stored.answer = Some(answer.clone());
                }
            }
        }
    }

    /// A step that was agreed already and withdrawn keeps what was said of it.
    fn agree_step(&mut self, meeting: MeetingId, on: NaiveDate, step: &Agreed) {
        let before = self.withdrawn_steps.iter().position(|withdrawn| withdrawn.step.step == step.step);
        let (state, carried) = match before.map(|at| self.withdrawn_steps.remove(at)) {
            Some(before) => (before.state, before.carried),
            None => (StepState::Open, Vec::new()),
        };
        self.steps.push(OpenStep { meeting, on, step: step.clone(), state, carried, before: None });
    }

    fn withdraw(&mut self, slot: SlotId, steps: &[StepId]) {
        let (withdrawn, records) = std::mem::take(&mut self.records)
            .into_iter()
            .partition::<Vec<Record>, _>(|record| record.slot == slot && !record.signed());
        self.records = records;
        self.withdrawn.extend(withdrawn);
        let (withdrawn, left) = std::mem::take(&mut self.steps)
            .into_iter()
            .partition::<Vec<OpenStep>, _>(|step| steps.contains(&step.step.step));
        self.steps = left;
        self.withdrawn_steps.extend(withdrawn);
    }

    /// A record by id, withdrawn or not.
    #[must_use]
    pub fn record_ever(&self, id: RecordId) -> Option<&Record> {
        self.records.iter().chain(&self.withdrawn).find(|record| record.id == id)
    }

    /// All steps, withdrawn or not.
    pub fn steps_ever(&self) -> impl Iterator<Item = &OpenStep> {
        self.steps.iter().chain(&self.withdrawn_steps)
    }

    /// A step as the next meeting speaks of it. In that meeting's record its words stand under no mark of their own: where
    /// they are kept from somebody, they stay in the record of the meeting that agreed it.
    #[must_use]
    pub fn earlier_step(&self, id: StepId) -> Option<EarlierStep> {
        let open = self.steps.iter().find(|open| open.step.step == id)?;
        let mut recorded = self.records.iter().flat_map(|record| &record.steps).filter(|step| step.step == id);
        let what = if recorded.all(|step| step.mark.is_open()) {
            open.step.what.clone()
        } else {
            format!("a step that some copies leave out: see the record of {}", crate::dates::plain_date(open.on))
        };
        let owner = open.step.owner.as_ref().map(|owner| owner.worker);
        Some(EarlierStep { what, children: open.step.children.clone(), owner })
    }

    /// The draft of one child that was withdrawn when a family was reopened.
    #[must_use]
    pub fn withdrawn_draft(&self, slot: SlotId, child: PersonId) -> Option<&Record> {
        self.withdrawn.iter().find(|record| (record.slot, record.child) == (slot, child))
    }

    /// A record by id.
    #[must_use]
    pub fn record(&self, id: RecordId) -> Option<&Record> {
        self.records.iter().find(|record| record.id == id)
    }

    fn record_mut(&mut self, id: RecordId) -> Option<&mut Record> {
        self.records.iter_mut().find(|record| record.id == id)
    }

    fn for_all_together(&mut self, id: RecordId, worker: WorkerId, mut change: impl FnMut(&mut Record)) {
        let Some(about) = self.record(id).cloned() else { return };
        let part = RecordPart::Stance { worker };
        self.records.iter_mut().filter(|record| record.shares(&about, part)).for_each(&mut change);
    }

    fn answer_correction(&mut self, id: RecordId, correction: CorrectionId, answer: &WishAnswer) {
        let Some(about) = self.record(id).cloned() else { return };
        let Some(asked) = about.life.corrections.iter().find(|asked| asked.id == correction) else { return };
        for record in self.records.iter_mut().filter(|record| answer.taken && !record.signed()) {
            record.correct(&about, asked, answer);
        }
        let kept = self.record_mut(id).map(|record| &mut record.life.corrections);
        if let Some(kept) = kept.into_iter().flatten().find(|kept| kept.id == correction) {
            kept.answer = Some(answer.clone());
        }
        if let (true, RecordPart::Step { step }) = (answer.taken, asked.part)
            && let Some(open_step) = self.steps.iter_mut().find(|open_step| open_step.step.step == step)
        {
            open_step.step.what.clone_from(&asked.text.content);
        }
    }

    fn complete(&mut self, id: RecordId, by: &Named, completion: &Completion, at: DateTime<Utc>) {
        let Some(about) = self.record(id).cloned() else { return };
        for record in self.records.iter_mut().filter(|record| !record.signed()) {
            record.complete(&about, completion, by, at);
        }
        if let Completion::Step { step, owner, due } = completion
            && let Some(open_step) = self.steps.iter_mut().find(|open_step| open_step.step.step == *step)
        {
            open_step.step.owner = Some(owner.clone());
            open_step.step.due = Some(*due);
        }
    }

    /// A text of the writer's chapter; a new one where there is none yet.
    fn chapter_text_begun(
        &mut self, entry: &Entry<WorkbookEvent>, month: &str, place: &ChapterPlace,
    ) -> &mut ChapterText {
        let of = |text: &ChapterText| text.worker == entry.by && text.month == month && text.place == *place;
        let at = self.chapters.iter().position(of).unwrap_or_else(|| {
            self.chapters.push(ChapterText {
                worker: entry.by,
                month: month.to_owned(),
                place: place.clone(),
                title: String::new(),
                prose: Prose::new(),
                at: entry.at,
                revision: 0,
                damaged: false,
            });
            self.chapters.len() - 1
        });
        &mut self.chapters[at]
    }

    /// What a worker wrote in a place in a month.
    #[must_use]
    pub fn chapter_text(&self, worker: WorkerId, month: &str, place: &ChapterPlace) -> Option<&ChapterText> {
        self.chapters.iter().find(|text| text.worker == worker && text.month == month && text.place == *place)
    }

    /// What a worker wrote last in a place, up to and including `month`.
    #[must_use]
    pub fn latest_chapter_text(&self, worker: WorkerId, month: &str, place: &ChapterPlace) -> Option<&ChapterText> {
        self.chapters
            .iter()
            .filter(|text| text.worker == worker && text.place == *place && text.month.as_str() <= month)
            .max_by(|a, b| a.month.cmp(&b.month))
    }
}
