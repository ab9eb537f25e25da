//! The people of a family and those who work with them, on the family's page.

use domain::dates;
use domain::page::{FamilyCard, FamilyPage};
use leptos::prelude::*;

use crate::parts::child::long_not_alone;

/// The children, each with what somebody should know first.
pub(super) fn children(card: &FamilyCard, serves: bool) -> impl IntoView + use<> {
    let id = card.id;
    view! {
        <h2 class="govuk-visually-hidden">"Children"</h2>
        <ul class="cr-cards">
            {card.children.iter().map(|child| view! {
                <li class="cr-card">
                    <strong>{child.name.clone()}</strong>" "{child.age.clone()}
                    {long_not_alone(child)}
                    <p class="govuk-body-s">{if child.plan.is_empty() { "no open plan".to_owned() } else { child.plan.clone() }}</p>
                    <p class="govuk-body-s cr-quiet">{if child.seen.is_empty() { "no visit recorded".to_owned() } else { child.seen.clone() }}</p>
                    {(!child.needs.is_empty()).then(|| view! { <p class="govuk-body-s">"Needs: "{child.needs.clone()}</p> })}
                    {serves.then(|| view! { <a class="govuk-link govuk-body-s" href=format!("/families/{id}/people/{}", child.id)>"Edit "{child.name.clone()}"’s details"</a> })}
                </li>
            }).collect_view()}
        </ul>
        {card.children.is_empty().then(|| view! { <p class="govuk-body">"No child is recorded."</p> })}
    }
}

/// The adults, who works with the family, and what the last assessment named.
pub(super) fn people(family: &FamilyPage, serves: bool) -> impl IntoView + use<> {
    let (card, id) = (&family.card, family.card.id);
    view! {
        <h2 class="govuk-heading-m" id="people">"People"</h2>
        <h3 class="govuk-heading-s">"Adults"</h3>
        <ul class="govuk-list">
            {card.adults.iter().map(|adult| view! {
                <li>{adult.name.clone()}{(!adult.relation.is_empty()).then(|| format!(", {}", adult.relation))}
                    {serves.then(|| view! { " "<a class="govuk-link" href=format!("/families/{id}/people/{}", adult.id)>"Edit"<span class="govuk-visually-hidden">" details of "{adult.name.clone()}</span></a> })}</li>
            }).collect_view()}
        </ul>
        {card.adults.iter().all(|adult| adult.relation.to_lowercase().starts_with("mother")).then(|| view! { <p class="govuk-body">{if card.adults.is_empty() { "No adult is recorded." } else { "Only the mother is recorded." }}" Fathers, partners and others who care for the children are often missing in an extract: add them where it is safe to."</p> })}
        <h3 class="govuk-heading-s">"Who works with them"</h3>
        <ul class="govuk-list">
            {card.allocated.iter().map(|who| view! {
                <li class="cr-allocated">
                    <span><strong>{who.name.clone()}</strong>{(!who.discipline.is_empty()).then(|| format!(", {}", who.discipline))}
                    {(!who.with.is_empty()).then(|| format!(" · with {}", who.with))}" "<span class="cr-quiet">"since "{dates::plain_date(who.since)}</span></span>
                    {serves.then(|| view! {
                        <form action="/api/allocation/end" method="post">
                            <input type="hidden" name="family" value=id.to_string()/>
                            <input type="hidden" name="id" value=who.allocation.to_string()/>
                            <button type="submit" class="cr-link-button">"End allocation"<span class="govuk-visually-hidden">": "{who.name.clone()}</span></button>
                        </form>
                    })}
                </li>
            }).collect_view()}
        </ul>
        {card.allocated.is_empty().then(|| view! { <p class="govuk-body">"Nobody is allocated."</p> })}
        {(!family.factors.is_empty()).then(|| view! {
            <h3 class="govuk-heading-s">"Factors at the last assessment"</h3>
            <p class="govuk-body">{family.factors.join(" · ")}</p>
        })}
    }
}
