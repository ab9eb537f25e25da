//! One command in a meeting, from a form: the same with and without scripts.

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
    use crate::visit;
    let acted = match perform(&form).await {
        Ok(acted) => acted,
        Err(service::ServiceError::NotFound) => {
            let told = service::ServiceError::NotFound.to_string();
            if visit::wants_html() {
                crate::visit::go("/not-found");
            } else {
                visit::status(axum::http::StatusCode::NOT_FOUND);
            }
            return Ok(Acted { seq: None, refused: Some(told), field: String::new() });
        }
        Err(error) => {
            if matches!(error, service::ServiceError::TooFast) && !visit::wants_html() {
                visit::status(axum::http::StatusCode::TOO_MANY_REQUESTS);
            }
            Acted { seq: None, refused: Some(error.to_string()), field: String::new() }
        }
    };
    if visit::wants_html() {
        let back = format!("/meetings/{}?slot={}", form.meeting, form.slot);
        match &acted.refused {
            None => crate::visit::go(&back),
            Some(message) => {
                let kept = visit::keep(&as_draft(&form, &acted.field, message)).await.unwrap_or_default();
                crate::visit::go(&format!("{back}&draft={kept}"));
            }
        }
    }
    Ok(acted)
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
    let request = match parse::request(form, &visit.service) {
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

#[cfg(feature = "ssr")]
mod parse {
    //! From a form's text to a request.

    use super::ActForm;
    use domain::meeting::practice::{Became, Conversation, Given, LastStep};
    use domain::meeting::{Attendance, Command, Mark, Member, Owner, Position, Practised, Route, StepDraft, Wording};
    use domain::{CommandId, DecisionId, StepId, WorkerId, dates};
    use service::Service;
    use service::meeting::Request;
    use sha2::{Digest, Sha256};
    use std::str::FromStr;

    type Wrong = (&'static str, String);

    fn id<T: FromStr>(field: &'static str, text: &str) -> Result<T, Wrong> {
        text.parse().map_err(|_| (field, "That is not here any more. Reload the page and choose again.".to_owned()))
    }

    fn number<T: FromStr>(field: &'static str, text: &str) -> Result<T, Wrong> {
        text.trim().parse().map_err(|_| (field, "This page is out of date. Reload it and try again.".to_owned()))
    }

    fn position(word: &str) -> Result<Position, Wrong> {
        Position::chosen(word).ok_or_else(|| ("position", "Choose where they stand.".to_owned()))
    }

    /// The same form sent twice is one command; other content is another.
    pub(super) fn command_of_content(form: &ActForm) -> CommandId {
        let text = serde_json::to_string(form).expect("forms are plain data");
        let digest = Sha256::digest(text.as_bytes());
        let bytes: [u8; 16] = digest[..16].try_into().expect("SHA-256 has 32 bytes");
        CommandId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    pub(super) fn request(form: &ActForm, service: &Service) -> Result<Request, Wrong> {
        let command = match form.act.as_str() {
            "open" => Command::Open,
            "close" => Command::Close,
            "take_over" => Command::TakeOver,
            "hand_over_chair" if form.to.is_empty() => {
                return Err(("to", "Choose to whom chairing is handed.".to_owned()));
            }
            "hand_over_chair" => Command::HandOverChair(id("to", &form.to)?),
            "hand_over_record" => {
                Command::HandOverRecord(if form.to.is_empty() { None } else { Some(id("to", &form.to)?) })
            }
            _ => return in_slot(form, service),
        };
        Ok(Request::Command(command))
    }

    fn in_slot(form: &ActForm, service: &Service) -> Result<Request, Wrong> {
        let slot = id("slot", &form.slot)?;
        let command = match form.act.as_str() {
            "start" => Command::Start(slot, DecisionId::new(service.new_uuid())),
            "pause" => Command::Pause(slot),
            "resume" => Command::Resume(slot),
            "stage" => Command::Stage(slot, number("stage", &form.stage)?),
            "everybody_here" => Command::EverybodyHere(slot),
            "attend" => {
                let how = Attendance::chosen(&form.how, service.clock().now())
                    .ok_or_else(|| ("how", "Choose how they take part.".to_owned()))?;
                Command::Attend(slot, id("worker", &form.worker)?, how)
            }
            "bring_in" => {
                let worker: WorkerId =
                    form.worker.parse().map_err(|_| ("worker", "Choose whom to bring in.".to_owned()))?;
                Command::BringIn(slot, worker, Member { discipline: String::new(), brought_in: Some(form.why.clone()) })
            }
            "mark" => Command::Mark(slot, id("area", &form.area)?, mark(form)?),
            "seal" => Command::Seal(slot),
            "reveal" => Command::Reveal(slot),
            "stand_out" => Command::StandOut(slot, form.how == "out"),
            "word" => Command::Word(
                slot,
                id("decision", &form.decision)?,
                number("base", &form.base)?,
                wording(form, service),
            ),
            "split" => Command::Split(slot, id("child", &form.child)?, DecisionId::new(service.new_uuid())),
            "join" => Command::Join(slot, id("decision", &form.decision)?),
            "stand" => Command::Stand(
                slot,
                id("decision", &form.decision)?,
                number("base", &form.base)?,
                id("worker", &form.worker)?,
                position(&form.position)?,
                form.why.clone(),
            ),
            "all_agree" => {
                let except = form.except.iter().filter(|line| !line.is_empty()).map(|line| {
                    let (worker, word) = line.split_once(':').unwrap_or((line, ""));
                    Ok((id("except", worker)?, position(word)?, String::new()))
                });
                let except = except.collect::<Result<Vec<_>, Wrong>>()?;
                Command::AllAgree(slot, id("decision", &form.decision)?, number("base", &form.base)?, except)
            }
            "confirm" => Command::Confirm(slot, id("decision", &form.decision)?, number("base", &form.base)?),
            "add_step" => Command::AddStep(slot, StepId::new(service.new_uuid()), step(form, service)?),
            "change_step" => {
                Command::ChangeStep(slot, id("step", &form.step)?, number("base", &form.base)?, step(form, service)?)
            }
            "remove_step" => Command::RemoveStep(slot, id("step", &form.step)?),
            "ask_today" | "step_said" | "give" | "reveal_scales" | "spread" | "converse" | "drop_conversation"
            | "next_on" | "risk" | "risk_heard" => Command::Practise(slot, practised(form, service)?),
            "finish" => Command::Finish(slot),
            "adjourn" => Command::Adjourn(slot),
            "write" => {
                let (area, base) = (id("area", &form.area)?, number("base", &form.base)?);
                return Ok(Request::Write { slot, area, text: form.text.clone(), base });
            }
            _ => return Err(("", "This page is out of date. Reload it and try again.".to_owned())),
        };
        Ok(Request::Command(command))
    }

    fn practised(form: &ActForm, service: &Service) -> Result<Practised, Wrong> {
        let today = service.clock().today();
        Ok(match form.act.as_str() {
            "step_said" => Practised::StepSaid(LastStep {
                step: id("step", &form.step)?,
                what: form.what.clone(),
                became: Became::chosen(&form.how).ok_or_else(|| ("how", "Say what became of it.".to_owned()))?,
                word: form.why.clone(),
            }),
            "give" => Practised::Given(Given {
                scale: form.kind.clone(),
                child: if form.child.is_empty() { None } else { Some(id("child", &form.child)?) },
                worker: id("worker", &form.worker)?,
                number: if form.position == "pass" { None } else { Some(number("position", &form.position)?) },
                why: form.why.clone(),
            }),
            "ask_today" => Practised::Asked(form.what.clone()),
            "reveal_scales" => Practised::Revealed,
            "spread" => Practised::SpreadWorded(form.text.clone()),
            "converse" => Practised::Conversing(Conversation {
                id: if form.step.is_empty() { StepId::new(service.new_uuid()) } else { id("step", &form.step)? },
                worker: form.worker.parse().map_err(|_| ("worker", "Choose who has the conversation.".to_owned()))?,
                with: form.with.clone(),
                process: form.kind.clone(),
                explore: form.what.clone(),
                own_words: form.text.clone(),
                own_number: form.measure.clone(),
            }),
            "drop_conversation" => Practised::ConversationRemoved(id("step", &form.step)?),
            "next_on" if form.due.trim().is_empty() => Practised::NextOn(None),
            "next_on" => Practised::NextOn(Some(due(&form.due, today)?)),
            "risk" => Practised::RiskRaised { id: StepId::new(service.new_uuid()), what: form.what.clone() },
            _ => Practised::RiskHeard(id("step", &form.step)?),
        })
    }

    fn due(text: &str, today: chrono::NaiveDate) -> Result<chrono::NaiveDate, Wrong> {
        dates::due(text, today).map_err(|error| ("due", error.to_string()))
    }

    fn mark(form: &ActForm) -> Result<Mark, Wrong> {
        Ok(match form.mark.as_str() {
            "only_for" => {
                Mark::OnlyFor { workers: form.who.iter().map(|who| id("who", who)).collect::<Result<_, _>>()? }
            }
            "never_for" => {
                Mark::NeverFor { people: form.who.iter().map(|who| id("who", who)).collect::<Result<_, _>>()? }
            }
            _ => Mark::None,
        })
    }

    /// The route follows from the kind unless the room chose otherwise.
    fn wording(form: &ActForm, service: &Service) -> Wording {
        let by_kind = service.template().kind(&form.kind).map(|kind| kind.recommended_to.clone()).unwrap_or_default();
        let route = match form.route.as_str() {
            "here" => Route::DecidedHere,
            "recommended" => {
                Route::RecommendedTo { whom: if form.to.trim().is_empty() { by_kind } else { form.to.clone() } }
            }
            _ if by_kind.is_empty() => Route::DecidedHere,
            _ => Route::RecommendedTo { whom: by_kind },
        };
        Wording { kind: form.kind.clone(), route, what: form.what.clone(), why: form.why.clone() }
    }

    fn step(form: &ActForm, service: &Service) -> Result<StepDraft, Wrong> {
        let due = if form.due.trim().is_empty() { None } else { Some(due(&form.due, service.clock().today())?) };
        let owner =
            if form.owner.is_empty() { Owner::Nobody } else { Owner::Worker { worker: id("owner", &form.owner)? } };
        Ok(StepDraft {
            what: form.what.clone(),
            owner,
            with: form.with.clone(),
            due,
            children: form.children.iter().map(|child| id("children", child)).collect::<Result<_, _>>()?,
            measure: form.measure.clone(),
        })
    }
}
