//! Families one may see, by reference and first name.

use leptos::prelude::*;

use crate::pages::page;
use crate::visit;

/// `/search?asked=`: what was asked for is kept apart, since addresses stand in histories and in other programs’ logs.
pub fn search() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let asked = match visit::query("asked") {
            Some(id) => visit::kept_body(&id).await.unwrap_or_default(),
            None => String::new(),
        };
        let found = visit.service.search_families(&visit.viewer, &asked).await?;
        let heading = match (asked.is_empty(), found.len()) {
            (true, _) => "Search families".to_owned(),
            (false, 0) => format!("No family found for “{asked}”"),
            (false, 1) => format!("1 family found for “{asked}”"),
            (false, count) => format!("{count} families found for “{asked}”"),
        };
        let none = !asked.is_empty() && found.is_empty();
        let content = view! {
            <h1 class="govuk-heading-l">{heading}</h1>
            {asked.is_empty().then(|| view! { <p class="govuk-body">"Type a reference or a first name into the box at the top of the page."</p> })}
            {none.then(|| view! { <p class="govuk-body">"Only families you work with, or whose team you serve, can be found. Check the spelling, or use the first letters alone."</p> })}
            <ul class="govuk-list cr-found">{found.into_iter().map(|family| view! {
                <li><a class="govuk-link cr-reference" href=format!("/families/{}", family.id)>{family.reference}</a>" "{family.children}" "
                    <span class="cr-quiet">{family.team}{(!family.discussed.is_empty()).then(|| format!(" · {}", family.discussed))}</span></li>
            }).collect_view()}</ul>
        };
        Ok(("Search families".to_owned(), content))
    })
}
