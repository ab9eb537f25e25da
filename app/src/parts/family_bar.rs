//! Whose page this is: the family's reference and the children's names, in sight while the page scrolls.

use domain::page::{AgendaFamily, FamilyCard};
use leptos::prelude::*;

use crate::parts::erased::view;

/// The bar at the top of a page about one family, below the way back. It leads to the family's own page.
pub fn family_bar(card: &FamilyCard) -> impl IntoView + use<> {
    let (address, reference) = (format!("/families/{}", card.id), card.reference.clone());
    let link = view! { <a class="govuk-link cr-family-bar__reference cr-reference" href=address>{reference}</a> };
    view! { {bar(link, card.children_line())}{safe_contact(card)} }
}

/// Where it is safe to reach whom, where somebody has written it: below the bar of every page about the family.
pub fn safe_contact(card: &FamilyCard) -> Option<impl IntoView + use<>> {
    let contact = card.safe_contact.clone();
    (!contact.is_empty()).then(|| view! { <p class="cr-safe-contact"><strong>"Safe contact"</strong>" "{contact}</p> })
}

/// The same beside a meeting, for those who may see the family there and perhaps nowhere else: it leads nowhere.
pub fn family_bar_in_meeting(family: &AgendaFamily) -> impl IntoView + use<> {
    let reference = family.reference.clone();
    let words = view! { <strong class="cr-family-bar__reference cr-reference">{reference}</strong> };
    bar(words, family.children.clone())
}

fn bar(reference: impl IntoView, children: String) -> impl IntoView {
    view! { <p class="cr-family-bar">{reference}" "<span class="cr-family-bar__children">{children}</span></p> }
}
