//! Urgent risk: at any moment, by anyone. What this does not do is said first.

use domain::dates;
use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::{act, hidden};

/// Risks that were raised, loud until somebody has heard of them, and the way to raise one.
pub fn risk(page: &DiscussionPage) -> impl IntoView + use<> {
    let urgent = page.room.template.practice.urgent.clone();
    let may = !matches!(page.room.phase, domain::meeting::Phase::Closed { .. });
    view! {
        {page.slot.risks.iter().map(|risk| {
            let head = format!("{}, {}: {}", dates::clock(risk.at), page.name(risk.by), risk.what);
            match risk.acknowledged {
                Some((who, at)) => view! { <p class="govuk-body-s">{head}{format!(" · heard by {} at {}", page.name(who), dates::clock(at))}</p> }.into_any(),
                None => view! {
                    <div class="cr-risk" role="alert"><p class="govuk-body"><strong>"Urgent risk: "</strong>{head}</p>
                        <p class="govuk-body-s">{urgent.clone()}</p>
                        {page.acknowledges.then(|| act(page, "risk", "acknowledge_risk", false, view! {
                            {hidden("risk", risk.id)}<button type="submit" class="cr-small-button">"I have heard this and will act on it"</button>
                        }.into_any()))}
                        {(!page.acknowledges).then(|| view! { <p class="govuk-body-s">"The chair has not answered yet. Say it aloud, and ring."</p> })}
                    </div>
                }.into_any(),
            }
        }).collect_view()}
        {may.then(|| view! {
            <details class="cr-fold cr-raise">
                <summary>"Raise urgent risk"</summary>
                <div class="cr-fold__content">
                    <p class="govuk-body"><strong>{page.room.template.practice.urgent.clone()}</strong></p>
                    <p class="cr-not-sent govuk-body"><strong>"NOT sent: there is no connection. Ring now."</strong></p>
                    {act(page, "risk", "raise_risk", true, view! {
                        <label class="govuk-label" for="risk-what">"What is urgent, in one line. It tells the chair and goes into the record with its time."</label>
                        <input class="govuk-input" id="risk-what" name="form[what]"/>
                        <button type="submit" class="cr-small-button">"Tell the chair"</button>
                    }.into_any())}
                </div>
            </details>
        })}
    }
}
