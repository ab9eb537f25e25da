//! The way back, on every page below the first level.

use leptos::prelude::*;

use crate::parts::erased::view;

/// A link to the page above this one.
pub fn back(href: impl Into<String>, title: impl Into<String>) -> AnyView {
    let (href, title): (String, String) = (href.into(), title.into());
    view! { <a class="govuk-back-link" href=href>{title}</a> }
}
