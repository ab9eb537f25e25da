//! The wording, where each stands, the confirmation.

use super::{
    Decided, Decider, DecisionId, Event, Owner, PersonId, Position, Refusal, SlotId, StepDraft, Wording, WorkerId,
    short,
};
use crate::StepId;
use crate::meeting::{Decision, Removable, Route, Slot};
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Decider<'a> {
    pub(super) fn decision(&self, slot: SlotId, id: DecisionId) -> Result<&'a Decision, Refusal> {
        self.live(slot)?.decision(id).ok_or(Refusal::NotFound)
    }

    pub(super) fn word(&self, slot: SlotId, id: DecisionId, base: u32, wording: &Wording) -> Decided {
        let decision = self.decision(slot, id)?;
        self.runner()?;
        let kind = self
            .room
            .template
            .kind(&wording.kind)
            .ok_or_else(|| Refusal::empty("Decision", "Choose what is decided from the list."))?;
        let wording = Wording {
            kind: kind.key.clone(),
            route: match &wording.route {
                Route::DecidedHere => Route::DecidedHere,
                Route::RecommendedTo { whom } => {
                    let whom = short("Recommended to", whom, 120)?;
                    if whom.is_empty() {
                        return Err(Refusal::empty("Recommended to", "Write to whom, or choose \"Decided here\"."));
                    }
                    Route::RecommendedTo { whom }
                }
            },
            what: short("Decision in words", &wording.what, 1000)?,
            why: short("Why", &wording.why, 4000)?,
        };
        let wording = self.route_follows(decision.wording.as_deref(), wording)?;
        if decision.wording.as_deref() == Some(&wording) {
            return Ok(Vec::new());
        }
        if base != decision.revision {
            return Err(Refusal::Stale {
                now: self.read_out(decision),
                yours: format!("{}. {}", kind.title, wording.why),
            });
        }
        let mut events = vec![Event::Worded { slot, decision: id, wording }];
        // What is worded anew is confirmed anew, and so is the step that its confirmation made.
        events.extend(
            self.first_step_untouched(slot, decision).map(|step| Event::Removed { slot, part: Removable::Step(step) }),
        );
        Ok(events)
    }

    /// The route follows the kind of decision: where the kind changes and the route does not, the new kind's usual route
    /// is taken; a route that was chosen by hand for another kind is asked about again.
    fn route_follows(&self, before: Option<&Wording>, wording: Wording) -> Result<Wording, Refusal> {
        let Some(before) = before.filter(|before| before.kind != wording.kind && before.route == wording.route) else {
            return Ok(wording);
        };
        let usual = |kind: &str| match self.room.template.kind(kind).map(|kind| kind.recommended_to.clone()) {
            Some(whom) if !whom.is_empty() => Route::RecommendedTo { whom },
            _ => Route::DecidedHere,
        };
        let (then, now) = (usual(&before.kind), usual(&wording.kind));
        if before.route == then || before.route == now {
            return Ok(Wording { route: now, ..wording });
        }
        Err(Refusal::Unusable(
            "Who decides was chosen by hand for another kind of decision. Choose “As usual for this decision” and propose it; then you can change who decides.".to_owned(),
        ))
    }

    pub(super) fn read_out(&self, decision: &Decision) -> String {
        decision.wording.as_ref().map_or_else(
            || "no decision yet".to_owned(),
            |wording| {
                let kind = self.room.template.kind(&wording.kind).map_or(wording.kind.as_str(), |kind| &kind.title);
                format!("{kind}. {}", wording.why)
            },
        )
    }

    pub(super) fn split(&self, id: SlotId, child: PersonId, decision: DecisionId) -> Decided {
        let slot = self.live(id)?;
        self.runner()?;
        let whole =
            slot.decisions.iter().find(|whole| whole.children.contains(&child)).ok_or(Refusal::NotTheirChild)?;
        if whole.children.len() < 2 || slot.decision(decision).is_some() {
            return Err(Refusal::Already);
        }
        Ok(vec![Event::Split { slot: id, child, decision }])
    }

    pub(super) fn join(&self, id: SlotId, decision: DecisionId) -> Decided {
        let slot = self.live(id)?;
        self.runner()?;
        let apart = slot.decision(decision).ok_or(Refusal::NotFound)?;
        let into = slot.decisions.first().filter(|first| first.id != decision).ok_or(Refusal::Already)?;
        if apart.confirmed.is_some() || into.confirmed.is_some() {
            return Err(Refusal::Confirmed);
        }
        Ok(vec![Event::Joined { slot: id, decision, into: into.id }])
    }

    /// A decision whose wording at `revision` can be answered.
    pub(super) fn answerable(&self, slot: SlotId, id: DecisionId, revision: u32) -> Result<&'a Decision, Refusal> {
        let decision = self.decision(slot, id)?;
        if decision.confirmed.is_some() {
            return Err(Refusal::Confirmed);
        }
        if decision.wording.is_none() {
            return Err(Refusal::NotWorded);
        }
        if decision.revision != revision {
            return Err(Refusal::Reworded { now: self.read_out(decision) });
        }
        Ok(decision)
    }

    pub(super) fn stand(
        &self, id: SlotId, decision: DecisionId, revision: u32, worker: WorkerId, position: Position, reason: &str,
    ) -> Decided {
        let slot = self.live(id)?;
        let current = self.decision(id, decision)?;
        let follows = current.confirmed.is_some()
            && current.revision == revision
            && !reason.trim().is_empty()
            && current.stances.get(&worker).is_some_and(|stance| {
                let completes = stance.reason_to_follow() || (worker == self.me() && stance.completes_reason());
                stance.position == position && completes
            });
        // Whoever had not said it themselves when it was confirmed, or whose answer was on its way, still says where they stand.
        let late = worker == self.me()
            && current.confirmed.is_some()
            && current.revision == revision
            && !current.said_themselves(worker);
        if !follows && !late {
            self.answerable(id, decision, revision)?;
        }
        self.self_or_runner(worker)?;
        if !slot.members.contains_key(&worker) {
            return Err(if worker == self.me() { Refusal::NotAsked } else { Refusal::Stranger });
        }
        if !self.room.asked_for_stance(slot, worker) {
            return Err(Refusal::NotAsked);
        }
        let reason = short("Reason", reason, 2000)?;
        Ok(vec![Event::Stood { slot: id, decision, worker, position, reason, asked_round: false }])
    }

    pub(super) fn all_agree(
        &self, id: SlotId, decision: DecisionId, revision: u32, except: &BTreeMap<WorkerId, (Position, String)>,
        others: bool,
    ) -> Decided {
        let slot = self.live(id)?;
        self.runner()?;
        let current = self.answerable(id, decision, revision)?;
        let mut events = Vec::new();
        for (worker, (position, reason)) in except {
            events.extend(self.stand(id, decision, revision, *worker, *position, reason)?);
        }
        let agreeing = slot.members.keys().filter(|worker| {
            others
                && slot.present(**worker)
                && self.room.asked_for_stance(slot, **worker)
                && !current.answered(**worker)
                && !current.objected(**worker)
                && !except.contains_key(*worker)
        });
        events.extend(agreeing.map(|worker| Event::Stood {
            slot: id,
            decision,
            worker: *worker,
            position: Position::Agree,
            reason: String::new(),
            asked_round: true,
        }));
        let anybody = slot.members.keys().any(|worker| slot.present(*worker));
        if events.is_empty() && !anybody {
            return Err(Refusal::NobodyPresent);
        }
        Ok(events)
    }

    pub(super) fn confirm(&self, id: SlotId, decision: DecisionId, revision: u32) -> Decided {
        let slot = self.live(id)?;
        self.chair()?;
        let current = self.answerable(id, decision, revision)?;
        // A press meant for the wording of a moment ago must not confirm one that nobody has read.
        let unread =
            current.worded.is_some_and(|(at, by)| by != self.me() && (self.context.now - at).num_seconds() < 3);
        if unread {
            return Err(Refusal::Reworded { now: self.read_out(current) });
        }
        let unanswered = slot
            .members
            .keys()
            .copied()
            .filter(|worker| {
                // Whoever is not marked may well be there.
                !slot.marked_absent(*worker) && self.room.asked_for_stance(slot, *worker) && !current.answered(*worker)
            })
            .collect();
        let mut events = vec![Event::Confirmed { slot: id, decision, unanswered }];
        events.extend(self.first_step(slot, current));
        Ok(events)
    }

    /// A decision that recommends something makes its first step: somebody has to take it there.
    fn first_step(&self, slot: &Slot, decision: &Decision) -> Option<Event> {
        let draft = self.first_step_draft(slot, decision, decision.wording.as_deref()?)?;
        let step = decision.first_step();
        let made = slot.steps.iter().any(|existing| existing.id == step);
        (!made).then_some(Event::StepAdded { slot: slot.id, step, draft })
    }

    fn first_step_draft(&self, slot: &Slot, decision: &Decision, wording: &Wording) -> Option<StepDraft> {
        let Route::RecommendedTo { whom } = &wording.route else { return None };
        let all = decision.children == slot.children;
        Some(StepDraft {
            what: format!("Take “{}” to {whom}", wording.title(&self.room.template)),
            owner: Owner::Nobody,
            with: String::new(),
            due: None,
            children: if all { BTreeSet::new() } else { decision.children.clone() },
            measure: String::new(),
        })
    }

    /// The step that a decision's confirmation made, where nobody has changed it since.
    fn first_step_untouched(&self, slot: SlotId, decision: &Decision) -> Option<StepId> {
        decision.confirmed.as_ref()?;
        let slot = self.room.slot(slot)?;
        let step = slot.steps.iter().find(|step| step.id == decision.first_step())?;
        let made = self.first_step_draft(slot, decision, decision.wording.as_deref()?)?;
        (step.draft.content == made && step.draft.mark.is_open()).then_some(step.id)
    }

    /// The step that the confirmation of an earlier wording made, and nobody changed, is not put back beside another wording.
    pub(super) fn refuse_step_of_earlier_wording(&self, slot: &Slot, step: StepId) -> Result<(), Refusal> {
        let made_by = slot.decisions.iter().find(|decision| decision.first_step() == step);
        let removed = slot.removed.steps.iter().find(|removed| removed.id == step);
        let (Some(decision), Some(removed)) = (made_by, removed) else { return Ok(()) };
        // For whom it was made may have changed meanwhile: a child is decided for apart.
        let recommends = |wording: &Wording| {
            let made = self.first_step_draft(slot, decision, wording);
            let made = made.map(|draft| StepDraft { children: removed.draft.children.clone(), ..draft });
            made.is_some_and(|draft| draft == removed.draft.content)
        };
        let now = decision.wording.as_deref().is_some_and(recommends);
        if !now && decision.earlier.values().any(recommends) {
            return Err(Refusal::StepOfEarlierWording);
        }
        Ok(())
    }

    /// All or none: a wording that changed meanwhile is read back anew, with the others.
    pub(super) fn confirm_all(&self, id: SlotId, revisions: &BTreeMap<DecisionId, u32>) -> Decided {
        if revisions.is_empty() {
            return Err(Refusal::NotWorded);
        }
        let confirmed = revisions.iter().map(|(decision, revision)| self.confirm(id, *decision, *revision));
        Ok(confirmed.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}
