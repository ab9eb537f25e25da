//! Read back: every child's decision and every step on one screen, in large type; one press confirms what was read.

use domain::dates;
use leptos::prelude::*;
use service::meeting::PracticePage;

use super::{act, hidden, nothing};

/// All that is about to be confirmed.
pub fn read_back(page: &PracticePage) -> impl IntoView + use<> {
    let slot = &page.slot;
    let live = page.chairs && slot.progress.in_discussion() && page.room.is_open();
    if slot.decisions.is_empty() {
        return nothing("Shown once the family is started.").into_any();
    }
    let names = |children: &std::collections::BTreeSet<domain::PersonId>| {
        let order = page.card.in_order(children.iter().copied());
        order.iter().map(|child| page.card.child_name(*child).to_owned()).collect::<Vec<_>>().join(", ")
    };
    let decisions = slot.decisions.iter().map(|decision| {
        let children = names(&decision.children);
        let body = match &decision.wording {
            None => view! { <p>"No decision has been put on the table."</p> }.into_any(),
            Some(wording) => {
                let kind = page
                    .room
                    .template
                    .kind(&wording.kind)
                    .map_or_else(|| wording.kind.clone(), |kind| kind.title.clone());
                let why = if wording.why.trim().is_empty() { "no reason yet".to_owned() } else { wording.why.clone() };
                let apart: Vec<String> = decision
                    .stances
                    .iter()
                    .filter(|(_, stance)| {
                        stance.position != domain::meeting::Position::Agree && stance.revision == decision.revision
                    })
                    .map(|(worker, stance)| {
                        let reason =
                            if stance.reason.is_empty() { String::new() } else { format!(": {}", stance.reason) };
                        format!("{} ({}){reason}", page.name(*worker), stance.position.title().to_lowercase())
                    })
                    .collect();
                view! {
                    <p><strong>{kind}</strong>". "{wording.route.title()}". "{wording.what.clone()}</p>
                    <p>"Why: "{why}</p>
                    {(!apart.is_empty()).then(|| view! { <p>"With reservations, or otherwise: "{apart.join("; ")}</p> })}
                    {decision.confirmed.is_some().then(|| view! { <p class="cr-quiet">"Confirmed."</p> })}
                }
                .into_any()
            }
        };
        view! { <section class="cr-read-back__child"><h4 class="govuk-heading-m">{children}</h4>{body}</section> }
    });
    let steps = slot.steps.iter().map(|step| {
        let owner = step.draft.owner.worker().map_or("nobody yet", |worker| page.name(worker)).to_owned();
        let due = step.draft.due.map_or_else(|| "no date".to_owned(), dates::plain_date);
        view! { <li>{step.draft.what.clone()}" · "{owner}" · "{due}</li> }
    });
    // What is confirmed is what stands here: a wording that changes meanwhile is read back anew.
    let open: Vec<String> = slot
        .decisions
        .iter()
        .filter(|decision| decision.confirmed.is_none() && decision.wording.is_some())
        .map(|decision| format!("{}:{}", decision.id, decision.revision))
        .collect();
    view! {
        <div class="cr-read-back">
            {decisions.collect_view()}
            {(!slot.steps.is_empty()).then(|| view! { <h4 class="govuk-heading-m">"Next steps"</h4><ul class="govuk-list govuk-list--bullet">{steps.collect_view()}</ul> })}
            {(!page.practice.contingencies.is_empty()).then(|| view! { <h4 class="govuk-heading-m">"If something happens"</h4><ul class="govuk-list govuk-list--bullet">{page.practice.contingencies.iter().map(|known| view! { <li>{format!("If {}: {}", known.happens, known.then)}</li> }).collect_view()}</ul> })}
            {page.practice.next_on.map(|day| view! { <p>"Next supervision: "{dates::long_date(day)}</p> })}
            {(live && !open.is_empty()).then(|| act(page, "read-back", "confirm_all", false, view! {
                {hidden("base", open.join(" "))}
                <button type="submit" class="govuk-button">{if open.len() == 1 { "Read back: confirm the decision" } else { "Read back: confirm all decisions" }}</button>
            }.into_any()))}
        </div>
    }.into_any()
}
