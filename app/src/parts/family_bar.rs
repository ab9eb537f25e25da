//! Whose page this is: the family's reference and the children's names, in sight while the page scrolls.

use domain::page::{AgendaFamily, FamilyCard};
use leptos::prelude::*;

/// The bar at the top of a page about one family, below the way back. It leads to the family's own page.
pub fn family_bar(card: &FamilyCard) -> impl IntoView + use<> {
    let reference = card.reference.clone();
    view! {
        <p class="cr-family-bar">
            <a class="cr-family-bar__reference cr-reference" href=format!("/families/{}", card.id)>{reference}</a>
            " "<span class="cr-family-bar__children">{card.children_line()}</span>
        </p>
    }
}

/// The same beside a meeting, for those who may see the family there and perhaps nowhere else: it leads nowhere.
pub fn family_bar_in_meeting(family: &AgendaFamily) -> impl IntoView + use<> {
    let (reference, children) = (family.reference.clone(), family.children.clone());
    view! {
        <p class="cr-family-bar">
            <strong class="cr-family-bar__reference cr-reference">{reference}</strong>
            " "<span class="cr-family-bar__children">{children}</span>
        </p>
    }
}
