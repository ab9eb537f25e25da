//! What was considered beside what is decided, and what is done if something happens.

use domain::PersonId;
use leptos::prelude::*;
use service::meeting::PracticePage;

use super::{act, hidden};

/// Options that were considered, where the template wants them.
pub fn options(page: &PracticePage) -> Option<impl IntoView + use<>> {
    let known = page.practice.considered.clone();
    let live = live(page);
    (page.room.template.practice.options && (live || !known.is_empty())).then(|| {
        let lines = known.iter().map(|option| line(page, option.id, option.what.clone(), option.child, live)).collect_view();
        view! {
            <h4 class="govuk-heading-s">"Options we considered"</h4>
            <ul class="govuk-list">{lines}</ul>
            {live.then(|| act(page, "options", "consider", true, view! {
                <div class="cr-converse">
                    <p class="cr-converse__what"><label for="option-what">"An option, and what speaks for it and against it"</label>
                    <input class="govuk-input" id="option-what" name="form[what]"/></p>
                    {for_whom(page, "option-child")}
                    <button type="submit" class="cr-small-button">"Add this option"</button>
                </div>
            }.into_any()))}
        }
    })
}

/// If something happens, then what; where the template wants it.
pub fn contingency(page: &PracticePage) -> Option<impl IntoView + use<>> {
    let known = page.practice.contingencies.clone();
    let live = live(page);
    (page.room.template.practice.contingency && (live || !known.is_empty())).then(|| {
        let words = |known: &domain::meeting::practice::Contingency| format!("If {}: {}", known.happens, known.then);
        let lines = known.iter().map(|known| line(page, known.id, words(known), known.child, live)).collect_view();
        view! {
            <h4 class="govuk-heading-s">"If something happens"</h4>
            <ul class="govuk-list">{lines}</ul>
            {live.then(|| act(page, "contingency", "if_then", true, view! {
                <div class="cr-converse">
                    <p class="cr-converse__what"><label for="if-happens">"If"</label>
                    <input class="govuk-input" id="if-happens" name="form[what]"/></p>
                    <p class="cr-converse__what"><label for="if-then">"Then who does what"</label>
                    <input class="govuk-input" id="if-then" name="form[why]"/></p>
                    {for_whom(page, "if-child")}
                    <button type="submit" class="cr-small-button">"Add this"</button>
                </div>
            }.into_any()))}
        }
    })
}

fn live(page: &PracticePage) -> bool {
    page.writes && page.slot.progress.in_discussion() && page.room.is_open()
}

fn line(
    page: &PracticePage, id: domain::StepId, words: String, child: Option<PersonId>, live: bool,
) -> impl IntoView + use<> {
    let whom = child.map(|child| format!(" ({})", page.card.child_name(child))).unwrap_or_default();
    view! {
        <li class="cr-conversation"><p class="govuk-body">{words.clone()}<span class="cr-quiet">{whom}</span></p>
            {(live && page.may_take_away(id)).then(|| act(page, "options", "withdraw", false, view! {
                {hidden("step", id)}
                <button type="submit" class="cr-link-button">"Take it away"<span class="govuk-visually-hidden">": "{words}</span></button>
            }.into_any()))}
        </li>
    }
}

/// For all children, or for one of them.
fn for_whom(page: &PracticePage, field: &'static str) -> Option<impl IntoView + use<>> {
    let children = page.card.in_order(page.slot.children.iter().copied());
    (children.len() > 1).then(|| {
        let children: Vec<(String, String)> =
            children.iter().map(|child| (child.to_string(), page.card.child_name(*child).to_owned())).collect();
        view! {
            <p><label for=field>"For"</label>
            <select class="govuk-select" id=field name="form[child]"><option value="">"all children"</option>{children.into_iter().map(|(id, name)| view! { <option value=id>{name}</option> }).collect_view()}</select></p>
        }
    })
}
