//! One command in a meeting, from a form: the same with and without scripts.

#[cfg(feature = "ssr")]
pub mod parse;

#[cfg(feature = "ssr")]
use domain::MeetingId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a meeting's form may hold. Everything is text; the server parses it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActForm {
    /// Which meeting.
    pub meeting: String,
    /// Which act: "attend", "word" …
    pub act: String,
    /// Made by the browser for each press; without scripts the page's seed.
    pub command: String,
    /// Which slot.
    pub slot: String,
    /// Which worker.
    pub worker: String,
    /// How somebody attends.
    pub how: String,
    /// Why.
    pub why: String,
    /// To whom.
    pub to: String,
    /// Which box.
    pub area: String,
    /// Which mark.
    pub mark: String,
    /// Whom a mark names.
    pub who: Vec<String>,
    /// Which decision.
    pub decision: String,
    /// The revision it is based on, or the sequence the page stood at.
    pub base: String,
    /// Kind of decision.
    pub kind: String,
    /// Route of a decision.
    pub route: String,
    /// What, in words.
    pub what: String,
    /// A stance.
    pub position: String,
    /// Stances other than agreement, each "worker:position".
    pub except: Vec<String>,
    /// Which step.
    pub step: String,
    /// Owner of a step.
    pub owner: String,
    /// With whom.
    pub with: String,
    /// By when.
    pub due: String,
    /// How we will know.
    pub measure: String,
    /// Which child.
    pub child: String,
    /// For which children.
    pub children: Vec<String>,
    /// Index of a heading.
    pub stage: String,
    /// The whole text of a box.
    pub text: String,
}

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

/// Carries out one act. Without scripts it goes back to the meeting's page, with what was refused.
#[server(prefix = "/api", endpoint = "meeting/act")]
pub async fn act(form: ActForm) -> Result<Acted, ServerFnError> {
    use crate::trouble::{Kind, Trouble};
    use crate::visit;
    let acted = match perform(&form).await {
        Ok(acted) => acted,
        Err(error) => {
            let trouble = Trouble::of(error, &visit::service());
            if !visit::wants_html() {
                visit::status(trouble.status());
            } else if trouble.kind == Kind::NotFound {
                visit::go("/not-found");
                return Ok(trouble.acted());
            }
            trouble.acted()
        }
    };
    if visit::wants_html() {
        let back = format!("/meetings/{}?slot={}", form.meeting, form.slot);
        match &acted.refused {
            None => crate::visit::go(&format!("{back}{}", place_of(&form))),
            Some(message) => match visit::keep(&as_draft(&form, &acted.field, message)).await {
                Some(kept) => visit::go(&format!("{back}&draft={kept}")),
                None => visit::go(visit::UNAVAILABLE),
            },
        }
    }
    Ok(acted)
}

/// Where on the page an act was done, so that a browser without scripts comes back to it, also in a folded heading.
#[cfg(feature = "ssr")]
fn place_of(form: &ActForm) -> String {
    match form.act.as_str() {
        "write" => format!("#text-{}", form.area),
        "word" | "split" | "join" | "stand" | "all_agree" | "confirm" | "consider" => "#part-options".to_owned(),
        "add_step" | "change_step" | "remove_step" => "#next-steps".to_owned(),
        "stage" => format!("#stage-{}", form.stage),
        "step_said" => "#part-last-time".to_owned(),
        "give" | "reveal_scales" | "spread" => "#part-scales".to_owned(),
        "if_then" | "withdraw" => "#part-contingency".to_owned(),
        "converse" => "#part-conversation".to_owned(),
        "next_on" => "#part-follows".to_owned(),
        "confirm_all" => "#part-read-back".to_owned(),
        _ => String::new(),
    }
}

#[cfg(feature = "ssr")]
fn as_draft(form: &ActForm, field: &str, message: &str) -> crate::parts::form::Draft {
    let pairs = [
        ("act", &form.act),
        ("slot", &form.slot),
        ("decision", &form.decision),
        ("kind", &form.kind),
        ("route", &form.route),
        ("to", &form.to),
        ("what", &form.what),
        ("why", &form.why),
        ("step", &form.step),
        ("owner", &form.owner),
        ("with", &form.with),
        ("due", &form.due),
        ("measure", &form.measure),
        ("area", &form.area),
        ("base", &form.base),
        ("text", &form.text),
        ("worker", &form.worker),
    ];
    crate::parts::form::Draft {
        fields: pairs.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect(),
        errors: vec![(field.to_owned(), message.to_owned())],
    }
}

#[cfg(feature = "ssr")]
async fn perform(form: &ActForm) -> Result<Acted, service::ServiceError> {
    use domain::CommandId;
    use service::ServiceError;
    use service::meeting::Change;
    use service::room::Outcome;
    let visit = crate::visit::visit()?;
    let meeting: MeetingId = form.meeting.parse().map_err(|_| ServiceError::NotFound)?;
    let change = match form.act.as_str() {
        "later" => Some(Change::Later),
        "not_today" => Some(Change::NotToday),
        "more_time" => Some(Change::MoreTime),
        _ => None,
    };
    if let Some(change) = change {
        return change_agenda(&visit, meeting, form, change).await;
    }
    if form.act == "confirm_all" {
        return confirm_all(&visit, meeting, form).await;
    }
    let usual = if form.act == "word" {
        let template = visit.service.template_of(meeting).await?;
        template.kind(&form.kind).map(|kind| kind.recommended_to.clone()).unwrap_or_default()
    } else {
        String::new()
    };
    let service = &visit.service;
    let making =
        parse::Making { new_id: &|| service.new_uuid(), now: service.clock().now(), today: service.clock().today() };
    let request = match parse::request(form, &making, &usual) {
        Ok(request) => request,
        Err((field, message)) => return Ok(Acted { seq: None, refused: Some(message), field: field.to_owned() }),
    };
    let command = if crate::visit::wants_html() {
        parse::command_of_content(form)
    } else {
        form.command.parse::<CommandId>().map_err(|_| ServiceError::NotFound)?
    };
    Ok(match visit.service.act(&visit.viewer, meeting, command, request).await? {
        Outcome::Applied { seq } => Acted { seq: Some(seq), refused: None, field: String::new() },
        Outcome::Refused { refusal } => Acted { seq: None, refused: Some(refusal.to_string()), field: String::new() },
    })
}

/// One action that changes the rest of the agenda.
#[cfg(feature = "ssr")]
async fn change_agenda(
    visit: &crate::visit::Visit, meeting: MeetingId, form: &ActForm, change: service::meeting::Change,
) -> Result<Acted, service::ServiceError> {
    use domain::CommandId;
    use domain::meeting::Command;
    use service::ServiceError;
    use service::meeting::Request;
    use service::room::Outcome;
    let slot = form.to.parse().map_err(|_| ServiceError::NotFound)?;
    let plan = visit.service.changed_plan(&visit.viewer, meeting, slot, change).await?;
    // Without scripts the form's content is its id: pressed twice it is one press.
    let id: CommandId = form.command.parse().unwrap_or_else(|_| parse::command_of_content(form));
    Ok(match visit.service.act(&visit.viewer, meeting, id, Request::Command(Command::Replan(plan))).await? {
        Outcome::Applied { seq } => Acted { seq: Some(seq), refused: None, field: String::new() },
        Outcome::Refused { refusal } => Acted { seq: None, refused: Some(refusal.to_string()), field: String::new() },
    })
}

/// One press for what was read back: each wording as it stood on the page, and none that changed meanwhile.
#[cfg(feature = "ssr")]
async fn confirm_all(
    visit: &crate::visit::Visit, meeting: MeetingId, form: &ActForm,
) -> Result<Acted, service::ServiceError> {
    use domain::CommandId;
    use domain::meeting::Command;
    use service::ServiceError;
    use service::meeting::Request;
    use service::room::Outcome;
    let slot = form.slot.parse().map_err(|_| ServiceError::NotFound)?;
    let mut seq = None;
    for read in form.base.split(' ').filter(|read| !read.is_empty()) {
        let (decision, revision) = read.split_once(':').ok_or(ServiceError::NotFound)?;
        let decision = decision.parse().map_err(|_| ServiceError::NotFound)?;
        let revision = revision.parse().map_err(|_| ServiceError::NotFound)?;
        let request = Request::Command(Command::Confirm(slot, decision, revision));
        let one = ActForm { decision: read.to_owned(), ..form.clone() };
        let id: CommandId = parse::command_of_content(&one);
        match visit.service.act(&visit.viewer, meeting, id, request).await? {
            Outcome::Applied { seq: at } => seq = Some(at),
            Outcome::Refused { refusal } => {
                return Ok(Acted { seq: None, refused: Some(refusal.to_string()), field: String::new() });
            }
        }
    }
    Ok(Acted { seq, refused: None, field: String::new() })
}
