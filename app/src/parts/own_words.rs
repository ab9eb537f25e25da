//! What somebody of a family gave in their own words, wherever it is shown: apart from what workers say.

use domain::page::own_words::HeardCard;
use leptos::prelude::*;

use crate::parts::erased::view;

/// The words, and below them when, how and to whom.
pub fn own_words(heard: &HeardCard) -> impl IntoView + use<> {
    let HeardCard { words, below } = heard.clone();
    view! {
        <figure class="cr-own-words">
            <blockquote class="cr-plain">{words}</blockquote>
            <figcaption>{below}</figcaption>
        </figure>
    }
}
