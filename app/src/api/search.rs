//! Searching: what is asked for may be a name, and stays out of addresses.

use leptos::prelude::*;

/// Keeps what is asked for, and leads to the page that shows what is found.
#[server(prefix = "/api", endpoint = "search")]
pub async fn search(#[server(default)] q: String) -> Result<(), ServerFnError> {
    use crate::visit;
    /// The longest that is looked for, in characters.
    const LONGEST: usize = 100;
    let asked: String = q.trim().chars().take(LONGEST).collect();
    match visit::visit() {
        Ok(_) if asked.is_empty() => visit::go("/search"),
        Ok(_) => match visit::keep_body(&asked).await {
            Some(id) => visit::go(&format!("/search?asked={id}")),
            None => visit::go(visit::UNAVAILABLE),
        },
        Err(_) => visit::go("/not-found"),
    }
    Ok(())
}
