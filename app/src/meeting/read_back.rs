//! Read back: every child's decision and every step on one screen, in large type; one press confirms what was read.

use domain::meeting::{Decision, Position, Stance};
use domain::{WorkerId, dates};
use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::{act, hidden, nothing};

/// All that is about to be confirmed, and one press for it.
pub fn read_back(page: &DiscussionPage) -> impl IntoView + use<> {
    let slot = &page.slot;
    let live = page.chairs && slot.progress.in_discussion() && page.room.is_open();
    if slot.decisions.is_empty() {
        return nothing("Shown once the family is started.").into_any();
    }
    // What is confirmed is what stands here: a wording that changes meanwhile is read back anew.
    let open: Vec<String> = slot
        .decisions
        .iter()
        .filter(|decision| decision.confirmed.is_none() && decision.wording.is_some())
        .map(|decision| format!("{}:{}", decision.id, decision.revision))
        .collect();
    view! {
        <div class="cr-read-back">
            {content(page)}
            {(live && !open.is_empty()).then(|| act(page, "read-back", "confirm_all", false, view! {
                {hidden("base", open.join(" "))}
                <button type="submit" class="govuk-button">{if open.len() == 1 { "Read back: confirm the decision" } else { "Read back: confirm all decisions" }}</button>
            }.into_any()))}
        </div>
    }.into_any()
}

/// Every child's decision with who thinks otherwise, steps, what is done if something happens, conversations, the next
/// date: on the page and on the wall.
pub fn content(page: &DiscussionPage) -> impl IntoView + use<> {
    let slot = &page.slot;
    let decisions = slot.decisions.iter().map(|decision| one(page, decision)).collect_view();
    let steps = slot.steps.iter().map(|step| {
        let owner = step.draft.owner.worker().map_or("nobody yet", |worker| page.name(worker)).to_owned();
        let due = step.draft.due.map_or_else(|| "no date".to_owned(), dates::plain_date);
        format!("{} · {owner} · {due}", step.draft.what)
    });
    let contingencies = page.slot.contingencies.iter();
    let contingencies = contingencies.map(|known| known.draft.content.to_string());
    let conversations = page.slot.conversations.iter();
    let conversations = conversations
        .map(|known| format!("{} with {}: {}", page.name(known.draft.worker), known.draft.with, known.draft.explore));
    let next = page.slot.next_date.map_or_else(
        || "Next supervision: no date is kept yet".to_owned(),
        |day| format!("Next supervision: {}", dates::long_date(day)),
    );
    view! {
        {decisions}
        {list("Next steps", steps.collect())}
        {list("If something happens", contingencies.collect())}
        {list("The next conversation", conversations.collect())}
        <p>{next}</p>
    }
}

fn list(title: &'static str, lines: Vec<String>) -> Option<impl IntoView + use<>> {
    (!lines.is_empty()).then(|| {
        view! {
            <section><h4 class="govuk-heading-m">{title}</h4>
                <ul class="govuk-list govuk-list--bullet">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul></section>
        }
    })
}

fn one(page: &DiscussionPage, decision: &Decision) -> impl IntoView + use<> {
    let order = page.family.card.in_order(decision.children.iter().copied());
    let children =
        order.iter().map(|child| page.family.card.child_name(*child).to_owned()).collect::<Vec<_>>().join(", ");
    let Some(wording) = &decision.wording else {
        return view! { <section class="cr-read-back__child"><h4 class="govuk-heading-m">{children}</h4><p>"No decision has been put on the table."</p></section> }.into_any();
    };
    let kind = page.room.template.kind(&wording.kind).map_or_else(|| wording.kind.clone(), |kind| kind.title.clone());
    let why = if wording.why.trim().is_empty() { "no reason yet".to_owned() } else { wording.why.clone() };
    let otherwise = |worker: WorkerId, stance: &Stance| {
        format!("{}: {}", page.name(worker), stance.position.with_reason(&stance.reason))
    };
    let now = decision.stances.iter().filter(|(_, stance)| stance.position != Position::Agree);
    let now = now.map(|(worker, stance)| {
        let earlier = if stance.revision == decision.revision { "" } else { " (on an earlier wording)" };
        format!("{}{earlier}", otherwise(*worker, stance))
    });
    let before = decision.said_before.iter().map(|(worker, stance)| {
        let by = decision.stances.get(worker).and_then(|stance| stance.recorded_by);
        let by = by.map(|by| format!("; {} has recorded since that they agree", page.name(by))).unwrap_or_default();
        format!("{}{by}. Both stand in the record", otherwise(*worker, stance))
    });
    let apart: Vec<String> = now.chain(before).collect();
    view! {
        <section class="cr-read-back__child"><h4 class="govuk-heading-m">{children}</h4>
            <p><strong>{kind}</strong>". "{wording.route.title()}". "{wording.what.clone()}</p>
            <p>"Why: "{why}</p>
            {(!apart.is_empty()).then(|| view! { <p>"With reservations, or otherwise:"</p><ul class="govuk-list govuk-list--bullet">{apart.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> })}
            {decision.confirmed.is_some().then(|| view! { <p class="cr-quiet">"Confirmed."</p> })}
        </section>
    }
    .into_any()
}
