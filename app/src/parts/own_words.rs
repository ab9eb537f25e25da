//! What somebody of a family gave in their own words, wherever it is shown: apart from what workers say.

use domain::dates;
use domain::own_words::GivenWords;
use domain::page::own_words::OwnWordsCard;
use leptos::prelude::*;

use crate::parts::erased::view;

/// The words, and below them the day, how and to whom; with whose they are where nothing around them says so.
pub fn own_words(card: &OwnWordsCard, named: bool) -> Option<impl IntoView + use<>> {
    let given = card.given.as_ref()?;
    let whose = if named { format!("{}, ", card.name) } else { String::new() };
    let below = format!("{whose}{}", when_and_how(given));
    let words = given.words.clone();
    Some(view! {
        <figure class="cr-own-words">
            <blockquote class="cr-plain">{words}</blockquote>
            <figcaption>{below}</figcaption>
        </figure>
    })
}

/// "3 November 2026, said to Josephine Slipway · importance 8 of 10".
fn when_and_how(given: &GivenWords) -> String {
    let numbers = given.readiness.in_words();
    let numbers = if numbers.is_empty() { numbers } else { format!(" · {numbers}") };
    format!("{}, {}{numbers}", dates::plain_date(given.on), given.how_and_to_whom())
}
