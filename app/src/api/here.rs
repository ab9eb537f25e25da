//! Who is here, and what they write in: reported by their pages, never stored.

use leptos::prelude::*;

/// What a page says of its person. `area` is empty where they write in no box.
#[server(prefix = "/api", endpoint = "meeting/here")]
pub async fn attend(
    #[server(default)] meeting: String, #[server(default)] load: String, #[server(default)] away: String,
    #[server(default)] slot: String, #[server(default)] area: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    let result = async {
        let writing = match (slot.as_str(), area.as_str()) {
            ("", "") => None,
            (slot, area) => Some((visit::id(slot)?, area.parse().map_err(|_| service::ServiceError::NotFound)?)),
        };
        let visit = visit::visit()?;
        let reader = visit.service.meeting_reader(&visit.viewer, visit::id(&meeting)?).await?;
        if visit.service.attend(reader, &load, visit::yes(&away)?, writing).await? {
            // Whoever listens is not idle.
            visit.service.session(&visit.token, true).await?;
        }
        Ok::<_, service::ServiceError>(())
    };
    if let Err(error) = result.await {
        visit::status(crate::trouble::Trouble::of(error, &visit::service()).status());
    }
    Ok(())
}
