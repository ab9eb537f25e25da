//! One command in a meeting, from a form: the same with and without scripts.

pub mod fields;
#[cfg(feature = "ssr")]
pub mod parse;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What an act came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// The journal's sequence where it was applied.
    pub seq: Option<i64>,
    /// What was refused, and the remedy.
    pub refused: Option<String>,
    /// The field the refusal is about; empty for the whole form.
    pub field: String,
}

/// The field of a refusal that is about what its sender saw: somebody changed it meanwhile.
pub const STALE: &str = "base";

/// Carries out one act. Without scripts it goes back to the meeting's page, with what was refused.
#[server(prefix = "/api", endpoint = "meeting/act")]
pub async fn act(form: fields::FormFields) -> Result<Acted, ServerFnError> {
    use crate::trouble::{Trouble, TroubleKind};
    use crate::visit;
    let acted = match perform(&form).await {
        Ok(acted) => acted,
        Err(error) => {
            let trouble = Trouble::of(error, &visit::service());
            if !visit::wants_html() {
                visit::status(trouble.status());
            } else if trouble.kind == TroubleKind::NotFound {
                visit::not_found("/meetings");
                return Ok(trouble.acted());
            }
            trouble.acted()
        }
    };
    if visit::wants_html() {
        let back = format!("/meetings/{}?slot={}", form.text("meeting"), form.text("slot"));
        match &acted.refused {
            // Closed, the meeting leads to what waits to be signed.
            None if form.text("act") == "close" => {
                crate::visit::go(&format!("/meetings/{}/close", form.text("meeting")));
            }
            None => crate::visit::go(&format!("{back}{}", place_of(&form))),
            Some(message) => match visit::keep(&as_draft(&form, &acted.field, message)).await {
                Some(kept) => {
                    let heading = form.text("heading").parse::<usize>().map(|at| format!("&heading={at}"));
                    visit::go(&format!("{back}&draft={kept}{}{}", heading.unwrap_or_default(), row_of(&form)));
                }
                None => visit::go(visit::UNAVAILABLE),
            },
        }
    }
    Ok(acted)
}

/// Where on the page an act was done, so that a browser without scripts comes back to it: the heading it was pressed under,
/// but for an act that moves the room.
#[cfg(feature = "ssr")]
fn place_of(form: &fields::FormFields) -> String {
    let act = form.text("act");
    let moves = act == "open" || crate::meeting::act::moves_the_room(act);
    match form.text("heading").parse::<usize>() {
        Ok(heading) if !moves => format!("&heading={heading}#scene"),
        _ => "#scene".to_owned(),
    }
}

/// The row of a list in which a form stands, so that a browser without scripts comes back to what was refused in it.
#[cfg(feature = "ssr")]
fn row_of(form: &fields::FormFields) -> String {
    let row = |of: &str| format!("&row={of}-{}", form.text(of));
    match form.text("act") {
        "word" | "stand" | "all_agree" => row("decision"),
        "change_step" | "remove_step" => row("step"),
        _ => String::new(),
    }
}

#[cfg(feature = "ssr")]
fn as_draft(form: &fields::FormFields, field: &str, message: &str) -> crate::parts::form::Draft {
    let form_on_page = form.text("form");
    let target = if form_on_page.is_empty() { field } else { form_on_page };
    crate::parts::form::Draft { fields: form.texts(), errors: vec![(target.to_owned(), message.to_owned())] }
}

#[cfg(feature = "ssr")]
async fn perform(form: &fields::FormFields) -> Result<Acted, service::ServiceError> {
    use domain::meeting::Refusal;
    use domain::{CommandId, MeetingId};
    use service::ServiceError;
    use service::meeting::room::Outcome;
    let visit = crate::visit::visit()?;
    let service = &visit.service;
    let meeting: MeetingId = form.text("meeting").parse().map_err(|_| ServiceError::NotFound)?;
    let usual_route = if form.text("act") == "word" {
        let template = service.template_of(meeting).await?;
        template.kind(form.text("kind")).map(|kind| kind.recommended_to.clone()).unwrap_or_default()
    } else {
        String::new()
    };
    let making = parse::Making {
        new_id: &|| service.new_uuid(),
        now: service.clock().now(),
        today: service.clock().today(),
        usual_route: &usual_route,
    };
    let refused = |field: &str, message: String| Acted { seq: None, refused: Some(message), field: field.to_owned() };
    let request = match parse::request(form, &making) {
        Ok(request) => request,
        Err((field, message)) => return Ok(refused(field, message)),
    };
    // Without scripts the form's content is its id: pressed twice it is one press.
    let command = if crate::visit::wants_html() {
        parse::command_of_content(form)
    } else {
        form.text("command").parse::<CommandId>().map_err(|_| ServiceError::NotFound)?
    };
    Ok(match service.act(&visit.viewer, meeting, command, request).await? {
        Outcome::Applied { seq } => Acted { seq: Some(seq), refused: None, field: String::new() },
        Outcome::Refused { refusal } => {
            let field = if matches!(refusal, Refusal::Stale { .. }) { STALE } else { "" };
            refused(field, refusal.to_string())
        }
    })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_in_a_row_leads_back_to_the_row() {
        let form = |act: &str, field: &str| fields::FormFields::default().with("act", act).with(field, "0190");
        assert_eq!(row_of(&form("stand", "decision")), "&row=decision-0190");
        assert_eq!(row_of(&form("change_step", "step")), "&row=step-0190");
        assert_eq!(row_of(&form("hide", "slot")), "");
    }
}
