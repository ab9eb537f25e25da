//! One family on the page: heading, clock, the stages as headings, attendance at the side.

use domain::meeting::{Area, Progress, Room};
use domain::page::FamilyCard;
use domain::template::Part;
use domain::{SlotId, dates};
use leptos::prelude::*;

use super::form::fold;
use super::part::part;
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
    let (stages, planned) = live.page.with_untracked(|page| {
        let template = &page.room.template;
        let minutes = page.room.slot(id).map_or(0, |slot| slot.minutes);
        (template.stages.clone(), template.minutes.iter().position(|known| *known == minutes))
    });
    let at = Memo::new(move |_| {
        live.slot(
            id,
            |_, slot| if let Progress::InDiscussion { stage, .. } = slot.progress { Some(stage) } else { None },
        )
    });
    view! {
        <div class="cr-slot">
            <div class="cr-slot__main">
                {heading(live, id, &card)}
                {part(live, id, "risk", "room practice")}
                {part(live, id, "before", "room practice")}
                {stages.into_iter().enumerate().map(|(index, stage)| {
                    let content = match stage.part {
                        Part::Analysis => analysis::analysis(live, id).into_any(),
                        Part::Meaning => analysis::for_each_child(live, id, Area::Meaning).into_any(),
                        Part::Life => view! { {part(live, id, "seen", "room")} {analysis::for_each_child(live, id, Area::Life)} }.into_any(),
                        Part::Decide => view! { {decision::decisions(live, id)} {part(live, id, "follows", "room practice")} {steps::steps(live, id)} }.into_any(),
                        served => part(live, id, served.key(), "room practice").into_any(),
                    };
                    view! {
                        <section class="cr-stage" class:cr-stage--now=move || at.get() == Some(index) aria-labelledby=format!("stage-{index}")>
                            <h3 class="cr-stage__title" id=format!("stage-{index}")>{stage.title}{move || (at.get() == Some(index)).then(|| view! { <span class="cr-stage__now">"now"</span> })}</h3>
                            <p class="cr-quiet cr-stage__prompt">{planned.and_then(|at| stage.minutes.get(at)).map(|minutes| format!("{minutes} min · "))}{stage.prompt}</p>
                            {content}
                        </section>
                    }
                }).collect_view()}
                {fold("Workbook summary", part(live, id, "workbook", ""))}
                {fold("Rest of the agenda", part(live, id, "rest", "room"))}
            </div>
            <aside class="cr-slot__side" aria-label="Time and attendance">
                <div class="cr-bar">
                    {clock(live, id)}
                    {controls::slot_controls(live, id)}
                </div>
                {attendance::attendance(live, id)}
            </aside>
        </div>
    }.into_any()
}

fn heading(live: Live, id: SlotId, card: &FamilyCard) -> impl IntoView + use<> {
    let state = Memo::new(move |_| {
        live.slot(id, |_, slot| match slot.progress {
            Progress::Finished { at, .. } => format!(
                "Finished at {}. The draft record is with each child; steps are with their owners.",
                dates::clock(at)
            ),
            Progress::Adjourned { at, .. } => format!(
                "Adjourned at {}. What was heard is kept; nothing was decided; the family stays due.",
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
        live.slot(id, |_, slot| (slot.progress.spent(now), slot.minutes, slot.progress.in_discussion()))
    });
    let late = Memo::new(move |_| {
        let now = live.now.get();
        live.room(|room| running_late(room, now))
    });
    view! {
        <div class="cr-clock">
            <p class="cr-clock__used"><span class="govuk-visually-hidden">"Time used: "</span>{move || dates::elapsed(used.get().0)}<span class="cr-quiet">{move || format!(" of {} min", used.get().1)}</span></p>
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
