//! A piece of direct work, wherever it is shown.

use domain::direct_work::DirectWork;
use leptos::prelude::*;

use crate::parts::erased::view;

/// What it was, how far it has come, and what it showed.
pub fn direct_work(work: &DirectWork) -> impl IntoView + use<> {
    let content = work.content.clone();
    let (state, finding) = (content.state_in_words(), content.finding);
    view! {
        <p class="govuk-body"><strong>{content.module}</strong>", "{state}</p>
        {(!finding.is_empty()).then(|| view! { <p class="govuk-body cr-plain">{finding}</p> })}
    }
}
