//! Who is here, and what they write in: reported by their pages, never stored.

use leptos::prelude::*;

/// What a page says of its person. `area` is empty where they write in no box.
#[server(prefix = "/api", endpoint = "meeting/here")]
pub async fn attend(
    #[server(default)] meeting: String, #[server(default)] load: String, #[server(default)] away: String,
    #[server(default)] slot: String, #[server(default)] area: String,
) -> Result<(), ServerFnError> {
    let writing = slot.parse().ok().zip(area.parse().ok());
    let result = match (crate::visit::visit(), meeting.parse(), crate::visit::yes(&away)) {
        (Ok(visit), Ok(meeting), Ok(away)) => visit.service.attend(&visit.viewer, meeting, &load, away, writing).await,
        _ => Err(service::ServiceError::NotFound),
    };
    if let Err(error) = result {
        crate::visit::status(crate::trouble::Trouble::of(error, &crate::visit::service()).status());
    }
    Ok(())
}
