//! Read back: every child's decision and every step on one screen, in large type; one press confirms what was read.

use chrono::NaiveDate;
use domain::meeting::{Decision, Position, Slot, Stance, Tally};
use domain::{DecisionId, PersonId, SlotId, WorkerId, dates};
use leptos::prelude::*;

use super::Live;
use super::act::{Act, hidden, nothing};
use super::decision::route_in_words;
use super::stance;
use crate::parts::erased::view;

/// All that is about to be confirmed. While the family is discussed the bar has the press for it.
pub fn read_back(live: Live, id: SlotId) -> impl IntoView {
    let begun = live.memo(id, |_, slot| !slot.decisions.is_empty());
    let apart = Memo::new(move |_| live.room(|room| room.current != Some(id)));
    view! {
        {move || (!begun.get()).then(|| nothing("Shown once the family is started."))}
        <div class="cr-read-back">
            {content(live, id, dates::plain_date)}
            {move || apart.get().then(|| untrack(|| confirm_all(live, id)))}
        </div>
    }
}

/// One press for all that was read back and is not confirmed.
pub fn confirm_all(live: Live, id: SlotId) -> impl IntoView {
    // What is confirmed is what stands here: a wording that changes meanwhile is read back anew.
    let unconfirmed: Memo<Vec<(DecisionId, u32)>> = live.memo(id, |_, slot| {
        let open = slot.decisions.iter().filter(|decision| decision.confirmed.is_none() && decision.wording.is_some());
        open.map(|decision| (decision.id, decision.revision)).collect()
    });
    let may = Memo::new(move |_| live.chairs() && live.discussed(id) && !unconfirmed.with(Vec::is_empty));
    move || {
        may.get().then(|| {
            let open = unconfirmed.get();
            let base = open.iter().map(|(decision, revision)| format!("{decision}:{revision}")).collect::<Vec<_>>();
            let label = if open.len() == 1 { "Confirm what was read back" } else { "Confirm all that was read back" };
            view! {
                <Act act="confirm_all" at=id key="confirm-all">
                    {hidden("base", base.join(" "))}
                    <button type="submit" class="govuk-button">{label}</button>
                </Act>
            }
        })
    }
}

/// Every child's decision with who thinks otherwise, the options considered, steps, what is done if something happens,
/// conversations, the next date: on the page and on the wall, which write a step's date each in their own way.
pub fn content(live: Live, id: SlotId, written: fn(NaiveDate) -> String) -> impl IntoView {
    let slot = live.memo(id, |_, slot| Some(Shown::of(slot)));
    move || {
        let slot = slot.get()?;
        let steps = slot.steps.iter().map(|step| {
            let owner = step.draft.owner.worker().map_or_else(|| "nobody yet".to_owned(), |worker| live.name(worker));
            let due = step.draft.due.map_or_else(|| "no date".to_owned(), written);
            let with = if step.draft.with.is_empty() { String::new() } else { format!(" with {}", step.draft.with) };
            let whom = whom(live, id, step.draft.children.iter().copied());
            let measure = step.draft.measure.trim();
            let measure = if measure.is_empty() { String::new() } else { format!(" · How we will know: {measure}") };
            format!("{} · {owner}{with} · {due}{whom}{measure}", step.draft.what)
        });
        let options =
            slot.options.iter().map(|option| format!("{}{}", option.draft.what, whom(live, id, option.draft.child)));
        let contingencies = slot
            .contingencies
            .iter()
            .map(|contingency| format!("{}{}", contingency.draft.content, whom(live, id, contingency.draft.child)));
        let conversations = slot.conversations.iter().map(|conversation| {
            let draft = &conversation.draft;
            format!("{} with {}: {}", live.name(draft.worker), draft.with, draft.explore)
        });
        let over = live.slot(id, |_, slot| slot.progress.frozen());
        let next = slot.next_date.map_or_else(
            || if over { "No next supervision was agreed." } else { "Next supervision: no date yet" }.to_owned(),
            |day| format!("Next supervision: {}", dates::long_date(day)),
        );
        let no_step = if over { "No step was agreed." } else { "No steps agreed yet." };
        Some(view! {
            {decisions(live, id)}
            {list("Other options we considered", options.collect())}
            {slot.steps.is_empty().then(|| view! { <p>{no_step}</p> })}
            {list("Next steps", steps.collect())}
            {list("If something happens", contingencies.collect())}
            {list("The next conversation", conversations.collect())}
            <p>{next}</p>
        })
    }
}

/// " · for Juno": nothing where it is for all.
fn whom(live: Live, id: SlotId, children: impl IntoIterator<Item = PersonId>) -> String {
    let names = live.children(id, children);
    if names.is_empty() { names } else { format!(" · for {names}") }
}

/// Every child's decision, and where people stand on it until it is confirmed.
pub fn decisions(live: Live, id: SlotId) -> impl IntoView {
    let decisions = live.memo(id, |room, slot| {
        let stand = |decision: &Decision| decision.confirmed.is_none().then(|| decision.tally(room, slot));
        slot.decisions.iter().map(|decision| (decision.clone(), stand(decision))).collect::<Vec<_>>()
    });
    move || decisions.get().iter().map(|(decision, tally)| one(live, id, decision, tally.as_ref())).collect_view()
}

/// What is read back of a slot beside its decisions.
#[derive(Clone, PartialEq)]
struct Shown {
    options: Vec<domain::meeting::ConsideredOption>,
    steps: Vec<domain::meeting::Step>,
    contingencies: Vec<domain::meeting::Contingency>,
    conversations: Vec<domain::meeting::Conversation>,
    next_date: Option<chrono::NaiveDate>,
}

impl Shown {
    fn of(slot: &Slot) -> Self {
        Self {
            options: slot.options.clone(),
            steps: slot.steps.clone(),
            contingencies: slot.contingencies.clone(),
            conversations: slot.conversations.clone(),
            next_date: slot.next_date,
        }
    }
}

fn list(title: &'static str, lines: Vec<String>) -> Option<impl IntoView + use<>> {
    (!lines.is_empty()).then(|| {
        view! {
            <section><h3 class="govuk-heading-s">{title}</h3>
                <ul class="govuk-list govuk-list--bullet">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul></section>
        }
    })
}

/// What somebody does, of whom no name is said.
const fn does(position: Position) -> &'static str {
    match position {
        Position::Agree => "agrees",
        Position::Reservations => "has reservations",
        Position::Disagree => "disagrees",
    }
}

fn one(live: Live, id: SlotId, decision: &Decision, tally: Option<&Tally>) -> impl IntoView + use<> {
    let children = live.children(id, decision.children.iter().copied());
    let Some(wording) = &decision.wording else {
        return view! { <section class="cr-read-back__child"><h3 class="govuk-heading-s">{children}</h3><p>"No decision is proposed."</p></section> };
    };
    let kind = live.page.with_untracked(|page| wording.title(&page.room.template));
    // On the wall stands what somebody thinks, and not who: the whole room reads it, and whoever passes.
    let wall = live.page.with_untracked(|page| page.projector);
    let why = match wording.why.trim() {
        "" if wall && !wording.mark.is_open() => "on everybody’s own device",
        "" => "no reason yet",
        why => why,
    };
    let why = why.to_owned();
    let otherwise = |worker: WorkerId, stance: &Stance| {
        let follows = if stance.reason_to_follow() { " (reason to follow)" } else { "" };
        if wall {
            let reason =
                if stance.reason.trim().is_empty() { String::new() } else { format!(": {}", stance.reason.content) };
            return format!("One person {}{reason}{follows}", does(stance.position));
        }
        format!("{}: {}{follows}", live.name(worker), stance.position.with_reason(&stance.reason))
    };
    let now = decision.stances.iter().filter(|(_, stance)| stance.position != Position::Agree);
    let now = now.map(|(worker, stance)| {
        let earlier = if stance.revision == decision.revision { "" } else { " (on an earlier wording)" };
        format!("{}{earlier}", otherwise(*worker, stance))
    });
    let before = decision.said_before.iter().map(|(worker, stance)| {
        let by = decision.stances.get(worker).and_then(|stance| stance.recorded_by);
        let by = by.map(|by| if wall { "another".to_owned() } else { live.name(by) });
        let by = by.map(|by| format!("; {by} has recorded since that they agree")).unwrap_or_default();
        format!("{}{by}. Both stand in the record", otherwise(*worker, stance))
    });
    let apart: Vec<String> = now.chain(before).collect();
    // It is not this wording that they agreed to.
    let agreed_earlier: Vec<WorkerId> = decision
        .stances
        .iter()
        .filter(|(_, stance)| stance.position == Position::Agree && stance.revision != decision.revision)
        .map(|(worker, _)| *worker)
        .collect();
    let confirmed = decision.confirmed.as_ref();
    let route = route_in_words(&wording.route, confirmed.is_some());
    let state = confirmed.map_or_else(
        || "proposed, not yet confirmed".to_owned(),
        |confirmed| format!("decided {}, {}", dates::clock(confirmed.at), live.name(confirmed.by)),
    );
    let of_state = if confirmed.is_some() { "cr-read-back__child--decided" } else { "cr-read-back__child--proposed" };
    view! {
        <section class=format!("cr-read-back__child {of_state}")><h3 class="govuk-heading-s">{children}" "<span class="cr-read-back__state">"· "{state}</span></h3>
            <p><strong class="cr-read-back__kind">{kind}</strong>". "{route.map(|route| format!("{route}. "))}{wording.what.clone()}</p>
            <p>"Why: "{why}</p>
            {tally.map(stance::counted)}
            {(!apart.is_empty()).then(|| view! { <p>"Reservations and other views:"</p><ul class="govuk-list govuk-list--bullet">{apart.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> })}
            {(!agreed_earlier.is_empty()).then(|| view! { <p>"Agreed to an earlier wording: "{live.names(agreed_earlier)}</p> })}
        </section>
    }
}
