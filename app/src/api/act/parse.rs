//! From a form's text to a request.

use super::ActForm;
use domain::meeting::practice::{Became, Considered, Contingency, Conversation, Given, LastStep};
use domain::meeting::{Attendance, Command, Mark, Member, Owner, Position, Practised, Route, StepDraft, Wording};
use domain::{CommandId, DecisionId, PersonId, StepId, WorkerId, dates};
use service::meeting::Request;
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// A field, and what is wrong with it.
pub type Wrong = (&'static str, String);

/// What the server adds to a form: ids for what is made, the moment and the day.
pub struct Making<'a> {
    /// A new id.
    pub new_id: &'a (dyn Fn() -> uuid::Uuid + Sync),
    /// Now.
    pub now: chrono::DateTime<chrono::Utc>,
    /// Today, in London.
    pub today: chrono::NaiveDate,
}

fn id<T: FromStr>(field: &'static str, text: &str) -> Result<T, Wrong> {
    text.parse().map_err(|_| (field, "That is not here any more. Reload the page and choose again.".to_owned()))
}

fn number<T: FromStr>(field: &'static str, text: &str) -> Result<T, Wrong> {
    text.trim().parse().map_err(|_| out_of_date(field))
}

/// A word that no page of this version sends. It is never taken for another.
fn out_of_date(field: &'static str) -> Wrong {
    (field, "This page is out of date. Reload it and try again.".to_owned())
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

/// What a form asks for, or the field that is wrong and what to say of it. `usual` is whom this kind of decision is recommended to, by the meeting's template.
pub fn request(form: &ActForm, making: &Making<'_>, usual: &str) -> Result<Request, Wrong> {
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
        _ => return in_slot(form, making, usual),
    };
    Ok(Request::Command(command))
}

fn in_slot(form: &ActForm, making: &Making<'_>, usual: &str) -> Result<Request, Wrong> {
    let slot = id("slot", &form.slot)?;
    let command = match form.act.as_str() {
        "start" => Command::Start(slot, DecisionId::new((making.new_id)())),
        "pause" => Command::Pause(slot),
        "resume" => Command::Resume(slot),
        "stage" => Command::Stage(slot, number("stage", &form.stage)?),
        "everybody_here" => Command::EverybodyHere(slot),
        "attend" => {
            let how = Attendance::chosen(&form.how, making.now)
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
        "stand_out" => {
            let out = match form.how.as_str() {
                "out" => true,
                "in" => false,
                _ => return Err(out_of_date("how")),
            };
            Command::StandOut(slot, out)
        }
        "word" => {
            Command::Word(slot, id("decision", &form.decision)?, number("base", &form.base)?, wording(form, usual)?)
        }
        "split" => Command::Split(slot, id("child", &form.child)?, DecisionId::new((making.new_id)())),
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
        "add_step" => Command::AddStep(slot, StepId::new((making.new_id)()), step(form, making)?),
        "change_step" => {
            Command::ChangeStep(slot, id("step", &form.step)?, number("base", &form.base)?, step(form, making)?)
        }
        "remove_step" => Command::RemoveStep(slot, id("step", &form.step)?),
        "ask_today" | "step_said" | "give" | "reveal_scales" | "spread" | "consider" | "if_then" | "withdraw"
        | "converse" | "next_on" | "risk" | "risk_heard" => Command::Practise(slot, practised(form, making)?),
        "finish" => Command::Finish(slot),
        "adjourn" => Command::Adjourn(slot),
        "write" => {
            let (area, base) = (id("area", &form.area)?, number("base", &form.base)?);
            return Ok(Request::Write { slot, area, text: form.text.clone(), base });
        }
        _ => return Err(out_of_date("")),
    };
    Ok(Request::Command(command))
}

fn practised(form: &ActForm, making: &Making<'_>) -> Result<Practised, Wrong> {
    let today = making.today;
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
            id: StepId::new((making.new_id)()),
            child: child(form)?,
            what: form.what.clone(),
            by: None,
        }),
        "if_then" => Practised::Contingent(Contingency {
            id: StepId::new((making.new_id)()),
            child: child(form)?,
            happens: form.what.clone(),
            then: form.why.clone(),
            by: None,
        }),
        "withdraw" => Practised::Withdrawn(id("step", &form.step)?),
        "converse" => Practised::Conversing(Conversation {
            id: if form.step.is_empty() { StepId::new((making.new_id)()) } else { id("step", &form.step)? },
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
        "risk" => Practised::RiskRaised { id: StepId::new((making.new_id)()), what: form.what.clone() },
        "risk_heard" => Practised::RiskHeard(id("step", &form.step)?),
        _ => return Err(out_of_date("")),
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
        "none" => Mark::None,
        // An unknown word would take a protection away.
        _ => return Err(out_of_date("mark")),
    })
}

/// The route follows from the kind unless the room chose otherwise.
fn wording(form: &ActForm, usual: &str) -> Result<Wording, Wrong> {
    let route = match form.route.as_str() {
        "here" => Route::DecidedHere,
        "recommended" => {
            Route::RecommendedTo { whom: if form.to.trim().is_empty() { usual.to_owned() } else { form.to.clone() } }
        }
        "" if usual.is_empty() => Route::DecidedHere,
        "" => Route::RecommendedTo { whom: usual.to_owned() },
        _ => return Err(out_of_date("route")),
    };
    Ok(Wording { kind: form.kind.clone(), route, what: form.what.clone(), why: form.why.clone() })
}

fn step(form: &ActForm, making: &Making<'_>) -> Result<StepDraft, Wrong> {
    let due = if form.due.trim().is_empty() { None } else { Some(due(&form.due, making.today)?) };
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

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190a5a0-0000-7000-8000-000000000001";

    fn parsed(form: ActForm) -> Result<Request, Wrong> {
        let now = "2026-11-24T09:30:00Z".parse().unwrap();
        let making = Making { new_id: &uuid::Uuid::nil, now, today: dates::london(now).date() };
        request(&form, &making, "")
    }

    #[test]
    fn an_unknown_word_is_refused_and_never_taken_for_another() {
        let form = |act: &str| ActForm {
            act: act.into(),
            slot: ID.into(),
            area: format!("analysis-{ID}"),
            worker: ID.into(),
            decision: ID.into(),
            step: ID.into(),
            base: "1".into(),
            ..ActForm::default()
        };
        let known = [
            ActForm { mark: "none".into(), ..form("mark") },
            ActForm { how: "in".into(), ..form("stand_out") },
            ActForm { position: "disagree".into(), ..form("stand") },
            ActForm { how: "room".into(), ..form("attend") },
            ActForm { route: "here".into(), ..form("word") },
            form("risk_heard"),
        ];
        for form in known {
            assert!(parsed(form.clone()).is_ok(), "{form:?}");
            for word in ["", "None", "nonsense", "none ", "OUT"] {
                let spoilt = ActForm {
                    mark: word.into(),
                    how: word.into(),
                    position: word.into(),
                    route: if word.is_empty() { "?".into() } else { word.into() },
                    act: if form.act == "risk_heard" { format!("{}{word}x", form.act) } else { form.act.clone() },
                    ..form.clone()
                };
                assert!(parsed(spoilt.clone()).is_err(), "{spoilt:?}");
            }
        }
        assert!(parsed(form("marc")).is_err());
        assert!(parsed(ActForm { act: "open ".into(), ..form("") }).is_err());
    }
}
