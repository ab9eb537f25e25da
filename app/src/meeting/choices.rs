//! People to choose from in a list.

use domain::WorkerId;
use leptos::prelude::*;

use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// An option for each. Who is chosen stays chosen while others come and go.
pub fn people(
    people: impl Fn() -> Vec<(String, WorkerId)> + Send + Sync + 'static, chosen: Option<WorkerId>,
) -> impl IntoView {
    keyed(
        people,
        move |(name, worker)| view! { <option value=worker.to_string() selected=chosen == Some(worker)>{name}</option> },
    )
}
