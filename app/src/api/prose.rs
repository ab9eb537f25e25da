//! Words as they are typed, and the pens that write them. Batches have a route of their own in the server: they are
//! most of what a meeting sends, and the server functions around them cost more than taking them in.

use domain::page::PenCard;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One batch of somebody's keystrokes for one box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Which meeting.
    pub meeting: domain::MeetingId,
    /// Made by the browser; a retry carries the same.
    pub command: domain::CommandId,
    /// Which slot.
    pub slot: domain::SlotId,
    /// Which box.
    pub area: domain::meeting::Area,
    /// Whose author id the update carries.
    pub pen: u64,
    /// Yjs update, v1.
    #[serde(with = "domain::prose::base64_bytes")]
    pub update: Vec<u8>,
}

/// Gives this page load its author ids.
#[server(prefix = "/api", endpoint = "meeting/pens")]
pub async fn pens(meeting: String) -> Result<Vec<PenCard>, ServerFnError> {
    use crate::visit;
    let pens = async {
        let visit = visit::visit()?;
        let reader = visit.service.meeting_reader(&visit.viewer, visit::id(&meeting)?).await?;
        visit.service.pens(reader).await
    };
    pens.await.map_err(|error| {
        let trouble = crate::trouble::Trouble::of(error, &visit::service());
        visit::status(trouble.status());
        ServerFnError::new(trouble.message())
    })
}
