//! The chair's confirmation of a decision, in the bar: it goes on to the next heading once nothing is left to confirm.

use domain::meeting::{Progress, Tally};
use domain::{DecisionId, SlotId, WorkerId};
use leptos::prelude::*;

use super::Live;
use super::act::{Act, hidden};
use super::decision_row;
use crate::parts::erased::view;

/// The decision whose wording the chair confirms next.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ToConfirm {
    /// Which decision.
    pub decision: DecisionId,
    /// Whom it is for, where the family has several decisions.
    children: Option<String>,
    /// The heading the room goes to: its number and name. Absent where another decision is open, or the chair looks back.
    next: Option<(usize, String)>,
}

impl ToConfirm {
    /// The decision that the chair has open, else the first, of those that are proposed and not confirmed.
    pub fn of(live: Live, id: SlotId) -> Option<Self> {
        let chosen = decision_row::in_row(live, id);
        let (decision, children, next) = live.slot(id, |room, slot| {
            let open = slot.decisions.iter().filter(|decision| decision.confirmed.is_none());
            let last = open.clone().count() == 1;
            let mut proposed = open.filter(|decision| decision.wording.is_some());
            let chosen = proposed.clone().find(|decision| Some(decision.id) == chosen);
            let first = chosen.or_else(|| proposed.next())?;
            let next = match slot.progress {
                Progress::InDiscussion { stage, .. } if last => Some(stage + 1),
                _ => None,
            };
            let next = next.and_then(|at| Some((at, room.template.stages.get(at)?.name.clone())));
            let children = (slot.decisions.len() > 1).then(|| first.children.clone());
            Some((first.id, children, next))
        })?;
        let looks_back = live.heading.get().is_some() || live.room(|room| room.current != Some(id));
        Some(Self {
            decision,
            children: children.map(|children| live.children(id, children)),
            next: next.filter(|_| !looks_back),
        })
    }

    /// What is confirmed and what that does, and the chair's button. It stands out once everybody who is there has answered,
    /// and no other decision is open.
    pub fn button(self, live: Live, id: SlotId) -> impl IntoView + use<> {
        let Self { decision, children, next } = self;
        let revision = live.memo(id, move |_, slot| slot.decision(decision).map(|decision| decision.revision));
        let tally = live.memo(id, move |room, slot| slot.decision(decision).map(|decision| decision.tally(room, slot)));
        let answered =
            Memo::new(move |_| tally.with(|tally| tally.as_ref().is_some_and(|tally| tally.silent.is_empty())));
        let stands_out = Memo::new(move |_| answered.get() && decision_row::here(live, id) == Some(decision));
        let label = match &next {
            Some((_, name)) => format!("Confirm and go to {name}"),
            None => "Confirm this decision".to_owned(),
        };
        // Its card may be out of sight.
        let proposed = live.memo(id, move |room, slot| {
            let wording = slot.decision(decision).and_then(|decision| decision.wording.as_ref());
            wording.map(|wording| wording.title(&room.template)).unwrap_or_default()
        });
        let whom = children.map(|children| format!("For {children}: ")).unwrap_or_default();
        let (what, described) = (format!("confirms-{decision}"), format!("confirms-{decision}"));
        view! {
            <Act act=if next.is_some() { "confirm_and_go" } else { "confirm" } at=id key=format!("confirm-{decision}")>
                {hidden("decision", decision)}
                <input type="hidden" name="form[base]" value=move || revision.get().unwrap_or_default().to_string()/>
                {next.map(|(stage, _)| hidden("stage", stage))}
                <button type="submit" class=move || if stands_out.get() { "govuk-button" } else { "govuk-button govuk-button--secondary" } aria-describedby=described>{label}</button>
            </Act>
            <p class="cr-bar__note" id=what><strong>{whom}{proposed}"."</strong>" "{move || tally.get().map(|tally| note(live, &tally))}</p>
        }
    }
}

/// What confirming does to those who think otherwise and those who have not answered.
fn note(live: Live, tally: &Tally) -> String {
    let said = |who: &[WorkerId], (one, many): (&str, &str)| {
        let says = if who.len() == 1 { one } else { many };
        (!who.is_empty()).then(|| format!("{} {says}", live.names(who.iter().copied())))
    };
    let otherwise = [
        said(&tally.disagree, ("disagrees", "disagree")),
        said(&tally.reservations, ("has reservations", "have reservations")),
    ];
    let otherwise = otherwise.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let otherwise = (!otherwise.is_empty())
        .then(|| format!("{otherwise}: this goes into the record and does not stop the decision."));
    let silent = (!tally.silent.is_empty()).then_some("Whoever has not answered is recorded as not answering.");
    [otherwise.as_deref(), silent].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
