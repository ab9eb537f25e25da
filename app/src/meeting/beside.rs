//! What stands beside the scene: the workbook in short, last time, the rest of the agenda.

use domain::SlotId;
use domain::page::{AllocatedCard, FamilyPage};
use leptos::prelude::*;

use super::Live;
use super::act::nothing;
use super::state::Tab;
use super::{agenda, last_steps, note};
use crate::parts::child::long_not_alone;
use crate::parts::erased::view;
use crate::parts::own_words::own_words;
use crate::parts::safety_plan::safety_plan;

/// The pane and its tabs.
pub fn beside(live: Live, id: SlotId) -> impl IntoView {
    // Only who runs the meeting keeps a note. Their lines stay in sight when the record is handed over meanwhile.
    let begun = move || {
        live.noting.with(|all| all.get(&id).is_some_and(|noting| !noting.is_empty()))
            || live.page.with(|page| page.noted.get(&id).is_some_and(|count| *count > 0))
    };
    let notes = Memo::new(move |_| live.runs() || begun());
    let tab =
        Memo::new(move |_| Some(live.tab.get()).filter(|tab| *tab != Tab::Note || notes.get()).unwrap_or_default());
    let button = move |this: Tab, name: &'static str| {
        view! {
            <button type="button" role="tab" aria-selected=move || if tab.get() == this { "true" } else { "false" } aria-controls="beside"
                on:click=move |_| turn_to(live, this)>{name}</button>
        }
    };
    view! {
        <aside class="cr-beside" class:cr-beside--open=move || live.beside_open.get() aria-label="Beside">
            <div class="cr-beside__tabs" role="tablist" aria-label="What stands beside">
                {button(Tab::Workbook, "Workbook")}{button(Tab::LastTime, "Last time")}{button(Tab::Agenda, "Agenda")}
                {move || notes.get().then(|| button(Tab::Note, "Note"))}
            </div>
            <div class="cr-beside__pane" id="beside" role="tabpanel" tabindex="0" aria-label="Beside">
                {move || match tab.get() {
                    Tab::Workbook => untrack(|| workbook(live, id)).into_any(),
                    Tab::LastTime => untrack(|| last_steps::decided(live, id)).into_any(),
                    Tab::Agenda => untrack(|| agenda::rest(live, id)).into_any(),
                    Tab::Note => untrack(|| note::note(live, id)).into_any(),
                }}
            </div>
        </aside>
    }
}

/// On a phone a tab opens what it names, and pressed again closes it.
fn turn_to(live: Live, tab: Tab) {
    live.beside_open.update(|open| *open = !*open || live.tab.get_untracked() != tab);
    live.tab.set(tab);
}

/// Shows the rest of the agenda.
pub fn show_agenda(live: Live, event: &leptos::ev::MouseEvent) {
    event.prevent_default();
    live.tab.set(Tab::Agenda);
    live.beside_open.set(true);
    #[cfg(feature = "hydrate")]
    request_animation_frame(|| {
        if let Some(pane) = document().get_element_by_id("beside") {
            super::focus::focus(&pane);
            super::in_sight::show(&pane);
        }
    });
}

/// The workbook in short.
fn workbook(live: Live, id: SlotId) -> impl IntoView {
    let family = Memo::new(move |_| live.beside(id, |beside| Some(beside.family.clone())));
    move || match family.get() {
        Some(family) if family.reduced => who_they_are(&family).into_any(),
        Some(family) => in_short(&family).into_any(),
        None => nothing("Loading the workbook.").into_any(),
    }
}

/// For whoever does not read the workbook: which children, and that the rest is kept.
fn who_they_are(family: &FamilyPage) -> impl IntoView + use<> {
    view! {
        {family.card.children.iter().map(|child| view! { <p class="govuk-body"><strong>{child.line()}</strong></p> }).collect_view()}
        {nothing(KEPT)}
    }
}

/// Instead of a workbook that is not shown.
pub const KEPT: &str = "The workbook is for those who work with this family. Ask the chair what you need from it.";

fn in_short(family: &FamilyPage) -> impl IntoView + use<> {
    let card = family.card.clone();
    let allocated = |who: AllocatedCard| {
        if who.discipline.is_empty() { who.name } else { format!("{}, {}", who.name, who.discipline) }
    };
    let discussed = match card.discussed {
        Some(_) => format!("Last discussed {}", card.discussed_words),
        None => card.discussed_words.clone(),
    };
    view! {
        {card.children.iter().map(|child| {
            let plan = if child.plan.is_empty() { "no open plan".to_owned() } else { child.plan.clone() };
            view! { <p class="govuk-body"><strong>{child.line()}</strong><br/>{plan}{(!child.seen.is_empty()).then(|| view! { <br/>{child.seen.clone()} })}{(!child.needs.is_empty()).then(|| view! { <br/>"Needs: "{child.needs.clone()} })}{long_not_alone(child)}</p> }
        }).collect_view()}
        {family.safety_plan.as_ref().map(|plan| safety_plan(plan, &card.safe_contact))}
        {family.own_words.iter().map(own_words).collect_view()}
        <p class="govuk-body"><strong>"Adults: "</strong>{card.adults.into_iter().map(|adult| adult.in_words()).collect::<Vec<_>>().join("; ")}</p>
        <p class="govuk-body"><strong>"Allocated: "</strong>{card.allocated.into_iter().map(allocated).collect::<Vec<_>>().join("; ")}</p>
        {(!family.factors.is_empty()).then(|| view! { <p class="govuk-body"><strong>"Factors: "</strong>{family.factors.join(", ")}</p> })}
        {family.genogram.clone().map(|picture| view! { <a class="cr-genogram" href=format!("/families/{}/genogram", card.id) aria-label="Genogram" inner_html=picture></a> })}
        <p class="govuk-body">{discussed}" · "<a class="govuk-link" href=format!("/families/{}", card.id)>"the whole workbook"</a>" · "<a class="govuk-link" href=format!("/families/{}/chapters", card.id)>"all chapters"</a></p>
        {family.summaries.is_empty().then(|| nothing("No summary has been written yet."))}
        {family.summaries.iter().cloned().map(|summary| view! {
            <section class="cr-summary"><h3 class="govuk-heading-s">{summary.name}", "{summary.discipline}" "<span class="cr-quiet">{summary.month}</span></h3><div class="cr-prose" inner_html=summary.html></div></section>
        }).collect_view()}
    }
}
