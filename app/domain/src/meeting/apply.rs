//! The only code that turns a meeting's events into state, on the server and in the browser.

use super::{
    Area, BoxText, Decision, Entry, Event, MeetingRole, Passage, Phase, Plan, Presence, PresenceChange, Progress,
    Reopening, Risk, Room, Slot, Stance, room::Handover,
};
use crate::mark::Marked;
use crate::prose::inserted;
use crate::{SlotId, WorkerId};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

impl Room {
    /// The room that a journal's first event makes; `None` where that is not `Planned`.
    #[must_use]
    pub fn planned(first: &Entry<Event>) -> Option<Self> {
        let Event::Planned { meeting, team, chair, record_taker, plan, template } = &first.event else { return None };
        let mut room = Self {
            id: *meeting,
            team: *team,
            held_on: plan.held_on,
            starts: plan.starts,
            place: plan.place.clone(),
            booked: plan.booked,
            plan_revision: 0,
            chair: *chair,
            record_taker: *record_taker,
            handovers: Vec::new(),
            phase: Phase::Planned,
            template: template.as_ref().clone(),
            slots: Vec::new(),
            current: None,
            on_break: None,
            put_off: BTreeSet::new(),
        };
        room.replan(plan);
        Some(room)
    }

    /// Folds a whole journal; `None` for an empty one.
    #[must_use]
    pub fn fold(entries: &[Entry<Event>]) -> Option<Self> {
        let (first, rest) = entries.split_first()?;
        let mut room = Self::planned(first)?;
        for entry in rest {
            room.apply(entry);
        }
        Some(room)
    }

    /// Takes one event. Events were decided before they were written, so none is refused here;
    /// one about a slot that this viewer's room does not hold changes nothing.
    pub fn apply(&mut self, entry: &Entry<Event>) {
        let (at, by) = (entry.at, entry.by);
        match &entry.event {
            Event::Planned { .. } => {}
            Event::Replanned { plan } => self.replan(plan),
            Event::Opened => self.phase = Phase::Open { since: at },
            Event::BreakCalled { minutes, paused } => self.call_break(at, by, *minutes, *paused),
            Event::BreakEnded => self.on_break = None,
            Event::Closed => {
                self.phase = Phase::Closed { at };
                self.current = None;
            }
            Event::ChairChanged { to, taken } => {
                let (what, from) = (MeetingRole::Chairing, Some(self.chair));
                self.handovers.push(Handover { at, by, what, from, to: Some(*to), taken: *taken });
                self.chair = *to;
                if self.record_taker == Some(*to) {
                    self.record_taker = None;
                }
            }
            Event::RecordTakerChanged { to } => {
                let (what, from) = (MeetingRole::RecordTaking, self.record_taker);
                self.handovers.push(Handover { at, by, what, from, to: *to, taken: false });
                self.record_taker = *to;
            }
            Event::Started { slot, .. } | Event::Reopened { slot } => {
                self.stop_clocks(at, *slot);
                self.current = Some(*slot);
                self.apply_to_slot(*slot, entry);
            }
            Event::Finished { slot } | Event::Postponed { slot } => {
                if self.current == Some(*slot) {
                    self.current = None;
                }
                self.apply_to_slot(*slot, entry);
            }
            event => {
                if let Some(slot) = event.slot() {
                    self.apply_to_slot(slot, entry);
                }
            }
        }
    }

    fn apply_to_slot(&mut self, id: SlotId, entry: &Entry<Event>) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.id == id) {
            slot.apply(entry);
        }
    }

    /// Takes what one event does to one slot, and to nothing else.
    pub(crate) fn apply_to_slot_alone(&mut self, id: SlotId, entry: &Entry<Event>) {
        match entry.event {
            Event::Started { slot, .. } | Event::Reopened { slot } if slot != id => {
                if let Some(slot) = self.slots.iter_mut().find(|slot| slot.id == id) {
                    slot.set_clock(entry.at, false);
                }
            }
            _ if entry.event.slot() == Some(id) => self.apply_to_slot(id, entry),
            _ => {}
        }
    }

    fn replan(&mut self, plan: &Plan) {
        self.plan_revision += 1;
        self.held_on = plan.held_on;
        self.starts = plan.starts;
        self.place.clone_from(&plan.place);
        self.booked = plan.booked;
        let mut old = std::mem::take(&mut self.slots);
        for planned in &plan.slots {
            let Some(family) = planned.family else { continue };
            let previous = old.iter().position(|slot| slot.id == planned.slot).map(|at| old.remove(at));
            let mut slot = previous.unwrap_or_else(|| Slot::planned(planned.slot, family, planned.minutes));
            slot.minutes = planned.minutes;
            self.slots.push(slot);
        }
        if matches!(self.phase, Phase::Open { .. }) {
            self.put_off.extend(old.into_iter().filter_map(|slot| slot.family));
        }
        self.put_off.retain(|family| self.slots.iter().all(|slot| slot.family != Some(*family)));
    }

    /// One family is discussed at a time: starting one stops the others' clocks.
    fn stop_clocks(&mut self, at: DateTime<Utc>, except: SlotId) {
        for slot in self.slots.iter_mut().filter(|slot| slot.id != except) {
            slot.set_clock(at, false);
        }
    }
}

impl Slot {
    fn apply(&mut self, entry: &Entry<Event>) {
        let (at, by) = (entry.at, entry.by);
        match &entry.event {
            Event::Started { children, members, decision, .. } => {
                self.start(at);
                self.begun_at = self.begun_at.or(Some(at));
                for (worker, member) in members {
                    self.members.entry(*worker).or_insert_with(|| member.clone());
                }
                if self.decisions.is_empty() {
                    self.children.clone_from(children);
                    self.decisions.push(Decision::open(*decision, children.clone()));
                }
            }
            Event::Paused { .. } => self.set_clock(at, false),
            Event::Resumed { .. } => self.set_clock(at, true),
            Event::StageReached { stage: reached, .. } => {
                let used = self.progress.spent(at);
                if let Progress::InDiscussion { stage, stage_from, .. } = &mut self.progress {
                    (*stage, *stage_from) = (*reached, used);
                    self.reached.insert(*reached);
                }
            }
            Event::Attended { worker, how, .. } => {
                self.attend(*worker, *how, at);
            }
            Event::AttendanceTakenBack { worker, .. } => self.take_back_attendance(*worker),
            Event::BroughtIn { worker, member, .. } => {
                self.members.insert(*worker, member.clone());
            }
            Event::BringInTakenBack { worker, .. } => {
                self.members.remove(worker);
            }
            Event::Typed { area, update, .. } => self.type_in(*area, update, by),
            Event::ReadIn { worker, update, .. } => self.type_in(Area::Analysis(*worker), update, *worker),
            Event::Marked { part, readers, not_in_copies_for, reason, .. } => {
                if let Some(mark) = self.mark_mut(*part) {
                    mark.readers.clone_from(readers);
                    mark.not_in_copies_for.clone_from(not_in_copies_for);
                    mark.reason.clone_from(reason);
                }
            }
            Event::PassageMarked { area, passage, ranges, not_in_copies_for, reason, .. } => {
                let (id, ranges, not_in_copies_for) = (*passage, ranges.clone(), not_in_copies_for.clone());
                let passage = Passage { id, ranges, not_in_copies_for, reason: reason.clone() };
                self.boxes.entry(*area).or_default().mark_passage(passage);
            }
            Event::Shown { area, .. } => {
                if let Some(text) = self.boxes.get_mut(area) {
                    text.mark.hidden_until_reveal = false;
                }
            }
            Event::Hidden { area, .. } => self.boxes.entry(*area).or_default().mark.hidden_until_reveal = true,
            Event::Revealed { .. } => {
                self.boxes.values_mut().for_each(|text| text.mark.hidden_until_reveal = false);
            }
            Event::StoodOut { worker, out, .. } => {
                self.standing_out.insert(*worker, *out);
                let what = if *out { Presence::SteppedOut } else { Presence::CameBack };
                self.presence.push(PresenceChange { worker: *worker, at, what });
            }
            Event::Worded { decision, wording, .. } => {
                if let Some(decision) = self.decision_mut(*decision) {
                    decision.reword(wording.clone(), at, by);
                }
            }
            Event::Split { child, decision, .. } => {
                if let Some(whole) = self.decisions.iter_mut().find(|whole| whole.children.contains(child)) {
                    let own = whole.apart(*decision, *child, at, by);
                    self.decisions.push(own);
                }
            }
            Event::Joined { decision, into, .. } => {
                if let Some(at) = self.decisions.iter().position(|apart| apart.id == *decision) {
                    let apart = self.decisions.remove(at);
                    if let Some(whole) = self.decision_mut(*into) {
                        whole.join(apart);
                    }
                }
            }
            Event::Stood { decision, worker, position, reason, asked_round, .. } => {
                if let Some(decision) = self.decision_mut(*decision) {
                    // A reason that follows a confirmation changes nothing of when somebody stood where.
                    let stood = decision.stances.get(worker).filter(|_| decision.confirmed.is_some());
                    // A mark is about its writer's words, and stays when they say them otherwise.
                    let mark = decision.stances.get(worker).map(|stance| stance.reason.mark.clone());
                    let stance = Stance {
                        position: *position,
                        reason: Marked { content: reason.clone(), mark: mark.unwrap_or_default() },
                        revision: stood.map_or(decision.revision, |stood| stood.revision),
                        at: stood.map_or(at, |stood| stood.at),
                        recorded_by: (by != *worker).then_some(by),
                        asked_round: *asked_round,
                    };
                    decision.stand(*worker, stance);
                }
            }
            Event::Confirmed { decision, unanswered, .. } => {
                if let Some(decision) = self.decision_mut(*decision) {
                    decision.confirmed = Some(super::decision::Confirmed { by, at, unanswered: unanswered.clone() });
                }
            }
            Event::StepAdded { step, draft, .. } => self.add_step(*step, draft.clone()),
            Event::StepChanged { step, draft, .. } => {
                if let Some(step) = self.steps.iter_mut().find(|existing| existing.id == *step) {
                    step.draft.content = draft.clone();
                    step.revision += 1;
                }
            }
            Event::Removed { part, .. } => self.remove(*part),
            Event::BroughtBack { part, .. } => self.bring_back(*part),
            Event::Finished { .. } => {
                let stage = if let Progress::InDiscussion { stage, .. } = self.progress { stage } else { 0 };
                self.progress = Progress::Finished { at, spent: self.progress.spent(at), stage };
            }
            Event::Reopened { .. } => self.reopen(at, entry.by),
            Event::Postponed { .. } => {
                self.progress = Progress::Postponed { at, spent: self.progress.spent(at) };
                // Nothing is decided by postponing: what was on the table is read back again next time.
                self.decisions.iter_mut().for_each(|decision| decision.confirmed = None);
            }
            Event::QuestionAsked { question, .. } => self.question.clone_from(question),
            Event::LastStepAnswered { answer, .. } => self.answer_last_step(answer),
            Event::LastStepTakenBack { step, .. } => self.last_steps.retain(|answer| answer.step != *step),
            Event::ScaleAnswered { answer, .. } => self.scales.answer(answer),
            Event::ScalesRevealed { .. } => self.scales.revealed_at = Some(at),
            Event::ScalesWorded { words, .. } => self.scales.words.clone_from(words),
            Event::OptionConsidered { option, draft, .. } => {
                self.consider(*option, draft.clone(), by);
            }
            Event::ContingencyAgreed { contingency, draft, .. } => {
                self.agree_contingency(*contingency, draft.clone(), by);
            }
            Event::ConversationAgreed { conversation, draft, .. } => {
                self.agree_conversation(*conversation, draft.clone(), by);
            }
            Event::NextDateAgreed { day, .. } => self.next_date = *day,
            Event::RiskRaised { risk, what, .. } => {
                self.risks.push(Risk { id: *risk, by, at, what: what.clone(), acknowledged: None });
            }
            Event::RiskAcknowledged { risk, .. } => self.acknowledge_risk(*risk, by, at),
            Event::Destroyed { .. }
            | Event::Planned { .. }
            | Event::Replanned { .. }
            | Event::Opened
            | Event::BreakCalled { .. }
            | Event::BreakEnded
            | Event::Closed
            | Event::ChairChanged { .. }
            | Event::RecordTakerChanged { .. } => {}
        }
    }

    fn start(&mut self, at: DateTime<Utc>) {
        self.progress = match std::mem::replace(&mut self.progress, Progress::Waiting) {
            Progress::InDiscussion { since, spent, running_since, stage, stage_from } => {
                Progress::InDiscussion { since, spent, running_since: running_since.or(Some(at)), stage, stage_from }
            }
            before => {
                self.reached.insert(0);
                let spent = before.spent(at);
                let running_since = Some(at);
                Progress::InDiscussion { since: at, spent, running_since, stage: 0, stage_from: spent }
            }
        };
    }

    /// Goes on where it was finished: the clock runs on, and the room is at the heading it had come to.
    fn reopen(&mut self, at: DateTime<Utc>, by: WorkerId) {
        let finished_at = self.progress.ended_at().unwrap_or(at);
        self.reopened.push(Reopening { at, finished_at, by });
        if let Progress::Finished { spent, stage, .. } = self.progress {
            let since = self.begun_at.unwrap_or(at);
            self.progress = Progress::InDiscussion { since, spent, running_since: Some(at), stage, stage_from: spent };
        }
    }

    fn set_clock(&mut self, at: DateTime<Utc>, run: bool) {
        let used = self.progress.spent(at);
        if let Progress::InDiscussion { spent, running_since, .. } = &mut self.progress {
            *spent = used;
            *running_since = run.then_some(at);
        }
    }

    fn type_in(&mut self, area: Area, update: &[u8], by: WorkerId) {
        let text: &mut BoxText = self.boxes.entry(area).or_default();
        // Checked before it was written; where a journal holds bytes that cannot be read, this box is closed and the
        // rest of the meeting goes on.
        text.damaged |= text.prose.merge(update).is_err();
        match area {
            Area::Analysis(owner) if owner != by => {
                text.recorded_by.insert(by);
            }
            Area::Analysis(_) | Area::Meaning(_) | Area::Life(_) => {
                text.writers.extend(inserted(update).into_iter().map(|(author, ..)| (author, by)));
            }
        }
    }

    fn decision_mut(&mut self, id: crate::DecisionId) -> Option<&mut Decision> {
        self.decisions.iter_mut().find(|decision| decision.id == id)
    }
}
