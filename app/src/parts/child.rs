//! What stands beside a child's name wherever a family is shown.

use domain::page::ChildCard;
use leptos::prelude::*;

use crate::parts::erased::view;

/// Strong and first among what is amber: a child who has not been met without carers for long.
pub fn long_not_alone(child: &ChildCard) -> Option<impl IntoView + use<>> {
    let words = child.long_not_alone.clone();
    (!words.is_empty()).then(|| view! { <span class="cr-strong-amber">{words}</span> })
}
