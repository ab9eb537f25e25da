//! What somebody of a family gave in their own words, wherever it is shown: apart from what workers say.

use domain::page::TitledText;
use leptos::prelude::*;

use crate::parts::erased::view;

/// The words, and below them when, how and to whom.
pub fn own_words(heard: &TitledText) -> impl IntoView + use<> {
    let TitledText { title, text } = heard.clone();
    view! {
        <figure class="cr-own-words">
            <blockquote class="cr-plain">{text}</blockquote>
            <figcaption>{title}</figcaption>
        </figure>
    }
}
