//! From a form's text to a request.

use super::ActForm;
use domain::meeting::practice::{Became, Considered, Contingency, Conversation, Given, LastStep};
use domain::meeting::{Attendance, Command, Mark, Member, Owner, Position, Practised, Route, StepDraft, Wording};
use domain::{CommandId, DecisionId, PersonId, StepId, WorkerId, dates};
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
pub fn command_of_content(form: &ActForm) -> CommandId {
    let text = serde_json::to_string(form).expect("forms are plain data");
    let digest = Sha256::digest(text.as_bytes());
    let bytes: [u8; 16] = digest[..16].try_into().expect("SHA-256 has 32 bytes");
    CommandId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What a form asks for. `usual` is whom this kind of decision is recommended to, by the meeting's template.
pub fn request(form: &ActForm, service: &Service, usual: &str) -> Result<Request, Wrong> {
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
        _ => return in_slot(form, service, usual),
    };
    Ok(Request::Command(command))
}

fn in_slot(form: &ActForm, service: &Service, usual: &str) -> Result<Request, Wrong> {
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
        "word" => {
            Command::Word(slot, id("decision", &form.decision)?, number("base", &form.base)?, wording(form, usual))
        }
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
        "ask_today" | "step_said" | "give" | "reveal_scales" | "spread" | "consider" | "if_then" | "withdraw"
        | "converse" | "next_on" | "risk" | "risk_heard" => Command::Practise(slot, practised(form, service)?),
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
            child: child(form)?,
            worker: id("worker", &form.worker)?,
            number: if form.position == "pass" { None } else { Some(number("position", &form.position)?) },
            why: form.why.clone(),
        }),
        "ask_today" => Practised::Asked(form.what.clone()),
        "reveal_scales" => Practised::Revealed,
        "spread" => Practised::SpreadWorded(form.text.clone()),
        "consider" => Practised::Considered(Considered {
            id: StepId::new(service.new_uuid()),
            child: child(form)?,
            what: form.what.clone(),
            by: None,
        }),
        "if_then" => Practised::Contingent(Contingency {
            id: StepId::new(service.new_uuid()),
            child: child(form)?,
            happens: form.what.clone(),
            then: form.why.clone(),
            by: None,
        }),
        "withdraw" => Practised::Withdrawn(id("step", &form.step)?),
        "converse" => Practised::Conversing(Conversation {
            id: if form.step.is_empty() { StepId::new(service.new_uuid()) } else { id("step", &form.step)? },
            worker: form.worker.parse().map_err(|_| ("worker", "Choose who has the conversation.".to_owned()))?,
            with: form.with.clone(),
            process: form.kind.clone(),
            explore: form.what.clone(),
            own_words: form.text.clone(),
            own_number: form.measure.clone(),
            by: None,
        }),
        "next_on" if form.due.trim().is_empty() => Practised::NextOn(None),
        "next_on" => Practised::NextOn(Some(due(&form.due, today)?)),
        "risk" => Practised::RiskRaised { id: StepId::new(service.new_uuid()), what: form.what.clone() },
        _ => Practised::RiskHeard(id("step", &form.step)?),
    })
}

/// The one child it is about; none where it is about all.
fn child(form: &ActForm) -> Result<Option<PersonId>, Wrong> {
    if form.child.is_empty() { Ok(None) } else { Ok(Some(id("child", &form.child)?)) }
}

fn due(text: &str, today: chrono::NaiveDate) -> Result<chrono::NaiveDate, Wrong> {
    dates::due(text, today).map_err(|error| ("due", error.to_string()))
}

fn mark(form: &ActForm) -> Result<Mark, Wrong> {
    Ok(match form.mark.as_str() {
        "only_for" => Mark::OnlyFor { workers: form.who.iter().map(|who| id("who", who)).collect::<Result<_, _>>()? },
        "never_for" => Mark::NeverFor { people: form.who.iter().map(|who| id("who", who)).collect::<Result<_, _>>()? },
        _ => Mark::None,
    })
}

/// The route follows from the kind unless the room chose otherwise.
fn wording(form: &ActForm, usual: &str) -> Wording {
    let route = match form.route.as_str() {
        "here" => Route::DecidedHere,
        "recommended" => {
            Route::RecommendedTo { whom: if form.to.trim().is_empty() { usual.to_owned() } else { form.to.clone() } }
        }
        _ if usual.is_empty() => Route::DecidedHere,
        _ => Route::RecommendedTo { whom: usual.to_owned() },
    };
    Wording { kind: form.kind.clone(), route, what: form.what.clone(), why: form.why.clone() }
}

fn step(form: &ActForm, service: &Service) -> Result<StepDraft, Wrong> {
    let due = if form.due.trim().is_empty() { None } else { Some(due(&form.due, service.clock().today())?) };
    let owner = if form.owner.is_empty() { Owner::Nobody } else { Owner::Worker { worker: id("owner", &form.owner)? } };
    Ok(StepDraft {
        what: form.what.clone(),
        owner,
        with: form.with.clone(),
        due,
        children: form.children.iter().map(|child| id("children", child)).collect::<Result<_, _>>()?,
        measure: form.measure.clone(),
    })
}
