//! The families a worker may see.

use domain::policy::{Opener, Staff};
use leptos::prelude::*;

use crate::pages::page;
use crate::visit;

/// `/families`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let families = visit.service.families(&visit.viewer).await?;
        let serves = Staff::of(&visit.viewer).is_some();
        let oversees = !visit.viewer.oversees.is_empty();
        let may_open = Opener::of(&visit.viewer).is_some();
        let content = view! {
            <div class="cr-heading-row">
                <h1 class="govuk-heading-l">"Families"</h1>
                {serves.then(|| view! { <a href="/families/new" role="button" class="govuk-button govuk-button--secondary">"Add a family"</a> })}
            </div>
            {if families.is_empty() {
                let words = if oversees {
                    "You oversee teams: a family of theirs you open for an hour, with the reason for it."
                } else {
                    "You are not allocated to a family yet. The team manager can allocate you."
                };
                view! { <p class="govuk-body">{words}</p> }.into_any()
            } else {
                view! {
                    <table class="govuk-table cr-families">
                        <caption class="govuk-visually-hidden">"Families you work with"</caption>
                        <thead class="govuk-table__head"><tr class="govuk-table__row">
                            <th scope="col" class="govuk-table__header">"Family"</th>
                            <th scope="col" class="govuk-table__header">"Children"</th>
                            <th scope="col" class="govuk-table__header">"Plan"</th>
                            <th scope="col" class="govuk-table__header">"Last discussed"</th>
                        </tr></thead>
                        <tbody class="govuk-table__body">
                            {families.into_iter().map(|family| view! {
                                <tr class="govuk-table__row">
                                    <th scope="row" class="govuk-table__header"><a class="govuk-link cr-reference" href=format!("/families/{}", family.id)>{family.reference}</a></th>
                                    <td class="govuk-table__cell">{family.children}</td>
                                    <td class="govuk-table__cell">{family.plan}</td>
                                    <td class="govuk-table__cell">{family.discussed}</td>
                                </tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                }.into_any()
            }}
            {may_open.then(|| view! { <p class="govuk-body"><a class="govuk-link" href="/families/open">"Open a family you do not work with"</a></p> })}
        };
        Ok(("Families".to_owned(), content))
    })
}
