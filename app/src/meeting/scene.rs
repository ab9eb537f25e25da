//! One family on the page: heading, clock, the stages as headings, attendance at the side.

use domain::meeting::{Area, Progress, Room};
use domain::page::FamilyCard;
use domain::template::Part;
use domain::{SlotId, dates};
use leptos::prelude::*;

use super::form::fold;
use super::part::{address, parts};
use super::{Live, analysis, attendance, controls, decision, steps};

/// The family shown; another family is a new panel, the same one keeps its boxes.
pub fn panel(live: Live) -> impl IntoView {
    let shown = Memo::new(move |_| live.shown().filter(|id| live.slot(*id, |_, slot| slot.family.is_some())));
    view! {
        <For each=move || shown.get() key=|id| *id let:id>
            {untrack(|| one(live, id))}
        </For>
        {move || shown.get().is_none().then(|| view! { <p class="govuk-body">"None of the families you work with is on this agenda."</p> })}
    }
}

fn one(live: Live, id: SlotId) -> impl IntoView {
    let card = live.page.with_untracked(|page| {
        page.room.slot(id).and_then(|slot| slot.family).and_then(|family| page.families.get(&family)).cloned()
    });
    let Some(card) = card else { return ().into_any() };
    let stages = live.page.with_untracked(|page| page.room.template.stages.clone());
    let at = Memo::new(move |_| {
        live.slot(
            id,
            |_, slot| if let Progress::InDiscussion { stage, .. } = slot.progress { Some(stage) } else { None },
        )
    });
    // More headings than one looks over at once are folded, all but the one the room is at and where everybody writes.
    let folds = stages.len() > LOOKED_OVER;
    let own = |part: Part| stages.iter().any(|stage| stage.part == part);
    let (boxes, steps, before) = (!own(Part::Analysis), !own(Part::Steps), !own(Part::CheckIn));
    view! {
        <div class="cr-slot" data-parts=address(live, id)>
            <div class="cr-slot__main">
                {heading(live, id, &card)}
                {parts(live, id, if before { "before" } else { "" })}
                {stages.into_iter().enumerate().map(|(index, stage)| {
                    let (above, below): (&str, &str) = match stage.part {
                        Part::CheckIn => ("before", ""),
                        Part::LastSteps => ("last-time", ""),
                        Part::Life => ("seen", ""),
                        Part::Round if boxes => ("round tags", ""),
                        Part::Round => ("round", ""),
                        Part::Analysis => ("tags", ""),
                        Part::Scales => ("scales", ""),
                        Part::Meaning => ("", ""),
                        Part::Decision => ("options", if steps { "contingency" } else { "" }),
                        Part::Steps => ("", "contingency conversation"),
                        Part::Conversation => ("conversation", ""),
                        Part::ReadBack => ("read-back", ""),
                    };
                    let writes = stage.part == Part::Analysis || (stage.part == Part::Round && boxes);
                    let typed = match stage.part {
                        _ if writes => analysis::analysis(live, id).into_any(),
                        Part::Meaning => analysis::for_each_child(live, id, Area::Meaning).into_any(),
                        Part::Life => analysis::for_each_child(live, id, Area::Life).into_any(),
                        Part::Decision => view! { {decision::decisions(live, id)} {parts(live, id, "follows")} {steps.then(|| steps::steps(live, id))} }.into_any(),
                        Part::Steps => steps::steps(live, id).into_any(),
                        _ => ().into_any(),
                    };
                    let open = !folds || writes || at.get_untracked() == Some(index);
                    view! {
                        <details class="cr-stage" class:cr-stage--now=move || at.get() == Some(index) id=format!("stage-{index}") open=open>
                            <summary><h3 class="cr-stage__title">{stage.title}{move || (at.get() == Some(index)).then(|| view! { <span class="cr-stage__now">"now"</span> })}</h3></summary>
                            <p class="cr-quiet cr-stage__prompt">{stage.prompt}</p>
                            {parts(live, id, above)}
                            {typed}
                            {parts(live, id, below)}
                        </details>
                    }
                }).collect_view()}
                {fold("Workbook summary", parts(live, id, "workbook"))}
                {fold("Rest of the agenda", parts(live, id, "rest"))}
            </div>
            <aside class="cr-slot__side" aria-label="Time and attendance">
                <div class="cr-bar">
                    {parts(live, id, "risk")}
                    {clock(live, id)}
                    {parts(live, id, "turn")}
                    {controls::slot_controls(live, id)}
                    {parts(live, id, "missing")}
                </div>
                {attendance::attendance(live, id)}
            </aside>
        </div>
    }.into_any()
}

/// How many headings one looks over at once.
const LOOKED_OVER: usize = 5;

fn heading(live: Live, id: SlotId, card: &FamilyCard) -> impl IntoView + use<> {
    let state = Memo::new(move |_| {
        live.slot(id, |_, slot| match slot.progress {
            Progress::Finished { at, .. } => format!(
                "Finished at {}. The draft record is with each child; steps are with their owners. The chair can reopen it until the meeting is closed or a record is signed.",
                dates::clock(at)
            ),
            Progress::Postponed { at, .. } => format!(
                "Postponed at {}. What was heard is kept; nothing was decided; the family stays due.",
                dates::clock(at)
            ),
            Progress::Waiting | Progress::InDiscussion { .. } => String::new(),
        })
    });
    view! {
        <div class="cr-slot__heading">
            <h2 class="govuk-heading-l">{card.reference.clone()}" "<span class="cr-slot__children">{card.children_line()}</span></h2>
            <p class="govuk-body">{[card.plan_line(), if card.discussed.is_some() { format!("last discussed {}", card.discussed_words) } else { card.discussed_words.clone() }].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")}
                " · "<a class="govuk-link" href=format!("/families/{}", card.id)>"the whole workbook"</a></p>
            {card.warnings.iter().map(|warning| view! { <p class="govuk-body-s cr-overdue">{warning.clone()}</p> }).collect_view()}
            {move || Some(state.get()).filter(|state| !state.is_empty()).map(|state| view! { <p class="govuk-inset-text">{state}</p> })}
        </div>
    }
}

/// Time used: shown, never cutting anybody off.
fn clock(live: Live, id: SlotId) -> impl IntoView {
    let used = Memo::new(move |_| {
        let now = live.now.get();
        live.slot(id, |_, slot| (slot.progress.spent(now), slot.minutes, slot.progress.at_stage(now)))
    });
    let late = Memo::new(move |_| {
        let now = live.now.get();
        live.room(|room| running_late(room, now))
    });
    view! {
        <div class="cr-clock">
            <p class="cr-clock__used"><span class="govuk-visually-hidden">"Time used: "</span>{move || dates::elapsed(used.get().0)}<span class="cr-quiet">{move || format!(" of {} min", used.get().1)}{move || Some(used.get().2).filter(|here| *here > 0).map(|here| format!(", {} at this heading", dates::elapsed(here)))}</span></p>
            {move || Some(late.get()).filter(|minutes| *minutes > 1).map(|minutes| view! { <p class="cr-quiet">{format!("The agenda is running {minutes} minutes late")}</p> })}
        </div>
    }
}

/// Minutes the rest of the agenda is behind its plan.
fn running_late(room: &Room, now: chrono::DateTime<chrono::Utc>) -> i64 {
    if !room.is_open() {
        return 0;
    }
    let planned_end = dates::from_london(room.held_on.and_time(room.starts))
        + chrono::TimeDelta::minutes(i64::from(room.planned_minutes()));
    let left: i64 = room
        .slots
        .iter()
        .filter(|slot| !slot.progress.frozen())
        .map(|slot| (i64::from(slot.minutes) * 60 - slot.progress.spent(now)).max(0))
        .sum();
    (now + chrono::TimeDelta::seconds(left) - planned_end).num_minutes()
}
