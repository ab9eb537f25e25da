//! From a meeting's form to a command with named fields: every act reads the fields it has, and no others.

use super::fields::{FieldReader, FormFields, Wrong, id, out_of_date};
use domain::mark::Readers;
use domain::meeting::{
    AgendaChange, Attendance, Became, Command, ContingencyDraft, ConversationDraft, MeetingPart, OptionDraft, Owner,
    Position, Process, Removable, Route, ScaleValue, StepDraft, Turn, Wording,
};
use domain::{CommandId, DecisionId, PassageId, PersonId, RiskId, SlotId, StepId, WorkerId};
use service::meeting::Request;
use sha2::{Digest, Sha256};

/// What the server adds to a form: ids for what is made, the moment and the day.
pub struct Making<'a> {
    /// A new id.
    pub new_id: &'a (dyn Fn() -> uuid::Uuid + Sync),
    /// Now.
    pub now: chrono::DateTime<chrono::Utc>,
    /// Today, in London.
    pub today: chrono::NaiveDate,
    /// Whom the chosen kind of decision is usually recommended to, by the meeting's template; empty for nobody.
    pub usual_route: &'a str,
}

impl Making<'_> {
    fn id<T: From<uuid::Uuid>>(&self) -> T {
        T::from((self.new_id)())
    }
}

/// The same form sent twice is one command; other content is another.
pub fn command_of_content(form: &FormFields) -> CommandId {
    let text = serde_json::to_string(form).expect("forms are plain data");
    let digest = Sha256::digest(text.as_bytes());
    let bytes: [u8; 16] = digest[..16].try_into().expect("SHA-256 has 32 bytes");
    CommandId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What a form asks for.
///
/// # Errors
/// The field that is wrong and what to say of it.
pub fn request(form: &FormFields, making: &Making<'_>) -> Result<Request, Wrong> {
    let mut fields = FieldReader::of(form);
    // Every form of a family's part says which part, also where the act is about the whole meeting.
    let slot = fields.word("slot");
    let request = match form.text("act") {
        "open" => Request::Command(Command::Open),
        "close" => Request::Command(Command::Close),
        "call_break" => Request::Command(Command::CallBreak { minutes: fields.number("minutes")? }),
        "end_break" => Request::Command(Command::EndBreak),
        "take_over" => Request::Command(Command::TakeOver { seen: fields.id("seen")? }),
        "hand_over_chair" => {
            let to = fields.chosen("to", "Choose to whom chairing is handed.")?;
            Request::Command(Command::HandOverChair { to })
        }
        "hand_over_record" => {
            let (seen, to) = (fields.id_or_none("seen")?, fields.id_or_none("to")?);
            Request::Command(Command::HandOverRecord { seen, to })
        }
        act => in_slot(act, id("slot", slot)?, &mut fields, making)?,
    };
    fields.finish()?;
    Ok(request)
}

fn turn(fields: &mut FieldReader<'_>) -> Result<Turn, Wrong> {
    Ok(Turn { seen: fields.number("seen")?, to: fields.number("stage")? })
}

fn in_slot(act: &str, slot: SlotId, fields: &mut FieldReader<'_>, making: &Making<'_>) -> Result<Request, Wrong> {
    Ok(Request::Command(match act {
        "write" => {
            let (area, base) = (fields.id("area")?, fields.number("base")?);
            return Ok(Request::Write { slot, area, text: fields.text("text"), base });
        }
        "start" => Command::Start { slot, seen: fields.id_or_none("seen")?, decision: making.id() },
        "pause" => Command::Pause { slot },
        "resume" => Command::Resume { slot },
        "stage" => Command::Stage { slot, turn: turn(fields)? },
        "finish" => Command::Finish { slot },
        "reopen" => Command::Reopen { slot },
        "postpone" => Command::Postpone { slot },
        "later" | "postpone_waiting" | "more_time" => rearrange(act, fields)?,
        "everybody_here" => Command::EverybodyHere { slot },
        "attend" => {
            let chosen = |word: &str| Attendance::chosen(word, making.now);
            let how = fields.choice("how", chosen, "Choose how they take part.")?;
            Command::Attend { slot, worker: fields.id("worker")?, how }
        }
        "take_back_attendance" => {
            let chosen = |word: &str| Attendance::chosen(word, making.now);
            let before = fields.choice("how", chosen, &out_of_date("").1)?;
            Command::TakeBackAttendance { slot, worker: fields.id("worker")?, before }
        }
        "bring_in" => {
            let worker: WorkerId = fields.chosen("worker", "Choose whom to bring in.")?;
            Command::BringIn { slot, worker, why: fields.text("why") }
        }
        "stand_out" => {
            let out = |word: &str| match word {
                "out" => Some(true),
                "in" => Some(false),
                _ => None,
            };
            Command::StandOut { slot, out: fields.choice("how", out, &out_of_date("").1)? }
        }
        "mark" => Command::Mark {
            slot,
            part: part(fields)?,
            readers: readers(fields)?,
            not_in_copies_for: fields.ids("people")?,
            reason: fields.text("reason"),
        },
        "mark_passage" => Command::MarkPassage {
            slot,
            area: fields.id("area")?,
            passage: making.id(),
            words: fields.text("words"),
            not_in_copies_for: fields.ids("people")?,
            reason: fields.text("reason"),
        },
        "release_passage" => {
            Command::ReleasePassage { slot, area: fields.id("area")?, passage: fields.id::<PassageId>("passage")? }
        }
        "hide" => Command::Hide { slot },
        "show" => Command::Show { slot },
        "reveal" => Command::Reveal { slot },
        "word" | "split" | "join" | "stand" | "all_agree" | "confirm" | "confirm_and_go" | "confirm_all" => {
            decision(act, slot, fields, making)?
        }
        "add_step" => Command::AddStep { slot, step: making.id(), draft: step(fields, making)? },
        "change_step" => {
            let (id, revision) = (fields.id("step")?, fields.number("base")?);
            Command::ChangeStep { slot, step: id, revision, draft: step(fields, making)? }
        }
        "remove_step" | "remove_option" | "remove_contingency" | "remove_conversation" => {
            Command::Remove { slot, part: removable(act, fields)? }
        }
        "bring_back" => {
            let act = fields.text("removed");
            Command::BringBack { slot, part: removable(&act, fields)? }
        }
        _ => feature(act, slot, fields, making)?,
    }))
}

/// One press on the rest of the agenda: about a family that is named beside the one whose part is shown.
fn rearrange(act: &str, fields: &mut FieldReader<'_>) -> Result<Command, Wrong> {
    let change = match act {
        "later" => AgendaChange::Later,
        "postpone_waiting" => AgendaChange::Postpone,
        _ => AgendaChange::MoreTime,
    };
    Ok(Command::Rearrange { slot: fields.id("to")?, revision: fields.number("plan")?, change })
}

fn decision(act: &str, slot: SlotId, fields: &mut FieldReader<'_>, making: &Making<'_>) -> Result<Command, Wrong> {
    if act == "split" {
        return Ok(Command::Split { slot, child: fields.id("child")?, decision: making.id() });
    }
    if act == "confirm_all" {
        let revisions = fields.word("base").split_whitespace().map(|read| {
            let (decision, revision) = read.split_once(':').ok_or_else(|| out_of_date("base"))?;
            Ok((id("base", decision)?, revision.parse().map_err(|_| out_of_date("base"))?))
        });
        return Ok(Command::ConfirmAll { slot, revisions: revisions.collect::<Result<_, Wrong>>()? });
    }
    let decision: DecisionId = fields.id("decision")?;
    if act == "join" {
        return Ok(Command::Join { slot, decision });
    }
    let revision = fields.number("base")?;
    Ok(match act {
        "confirm" => Command::Confirm { slot, decision, revision, then: None },
        "confirm_and_go" => Command::Confirm { slot, decision, revision, then: Some(turn(fields)?) },
        "word" => Command::Word { slot, decision, revision, wording: wording(fields, making)? },
        "stand" => Command::Stand {
            slot,
            decision,
            revision,
            worker: fields.id("worker")?,
            position: fields.choice("position", Position::chosen, "Choose where they stand.")?,
            reason: fields.text("why"),
        },
        _ => {
            let reasons = fields.numbered("why");
            let chosen = fields.numbered("except");
            if reasons.keys().any(|at| !chosen.contains_key(at)) {
                return Err(("except", "Choose where they stand: a reason is written for somebody.".to_owned()));
            }
            let except = chosen.into_iter().map(|(at, line)| {
                let (worker, word) = line.split_once(':').unwrap_or((line, ""));
                let position = Position::chosen(word).ok_or(("except", "Choose where they stand.".to_owned()))?;
                let reason = reasons.get(&at).copied().unwrap_or_default();
                Ok((id("except", worker)?, (position, reason.to_owned())))
            });
            let except = except.collect::<Result<_, Wrong>>()?;
            let others = match fields.word("others") {
                "yes" => true,
                "" => false,
                _ => return Err(out_of_date("others")),
            };
            Command::AllAgree { slot, decision, revision, except, others }
        }
    })
}

fn feature(act: &str, slot: SlotId, fields: &mut FieldReader<'_>, making: &Making<'_>) -> Result<Command, Wrong> {
    Ok(match act {
        "ask_question" => Command::AskQuestion { slot, question: fields.text("what"), seen: fields.text("seen") },
        "answer_last_step" => Command::AnswerLastStep {
            slot,
            step: fields.id::<StepId>("step")?,
            became: fields.choice("how", Became::chosen, "Say what became of it.")?,
            due: fields.due("due", making.today)?,
            word: fields.text("why"),
        },
        "take_back_last_step" => Command::TakeBackLastStep { slot, step: fields.id::<StepId>("step")? },
        "answer_scale" => Command::AnswerScale {
            slot,
            scale: fields.text("scale"),
            child: fields.id_or_none::<PersonId>("child")?,
            worker: fields.id("worker")?,
            answer: if fields.word("number") == "pass" {
                ScaleValue::Passed
            } else {
                ScaleValue::Number(fields.number("number")?)
            },
            why: fields.text("why"),
        },
        "reveal_scales" => Command::RevealScales { slot },
        "word_scales" => Command::WordScales { slot, words: fields.text("text") },
        "consider_option" => Command::ConsiderOption {
            slot,
            option: making.id(),
            draft: OptionDraft { child: fields.id_or_none("child")?, what: fields.text("what") },
        },
        "agree_contingency" => Command::AgreeContingency {
            slot,
            contingency: making.id(),
            draft: ContingencyDraft {
                child: fields.id_or_none("child")?,
                happens: fields.text("what"),
                then: fields.text("why"),
            },
        },
        "agree_conversation" => {
            Command::AgreeConversation { slot, conversation: making.id(), draft: conversation(fields)? }
        }
        "agree_next_date" => Command::AgreeNextDate {
            slot,
            day: fields.due("due", making.today)?,
            seen: fields.due("seen", making.today)?,
        },
        "raise_risk" => Command::RaiseRisk { slot, risk: making.id(), what: fields.text("what") },
        "acknowledge_risk" => Command::AcknowledgeRisk { slot, risk: fields.id::<RiskId>("risk")? },
        _ => return Err(out_of_date("")),
    })
}

fn conversation(fields: &mut FieldReader<'_>) -> Result<ConversationDraft, Wrong> {
    let process = match fields.given("process") {
        None => None,
        Some(_) => Some(fields.choice("process", Process::chosen, "Choose engage, focus, evoke or plan.")?),
    };
    Ok(ConversationDraft {
        worker: fields.chosen("worker", "Choose who has the conversation.")?,
        with: fields.text("with"),
        process,
        explore: fields.text("what"),
        own_words: fields.text("own_words"),
        own_number: fields.text("own_number"),
    })
}

/// Which part is marked, by its kind and its id.
fn part(fields: &mut FieldReader<'_>) -> Result<MeetingPart, Wrong> {
    Ok(match fields.word("part") {
        "box" => MeetingPart::Box(fields.id("area")?),
        "reason" => MeetingPart::Reason(fields.id("decision")?),
        "stance" => MeetingPart::Stance(fields.id("decision")?, fields.id("worker")?),
        "step" => MeetingPart::Step(fields.id("step")?),
        "option" => MeetingPart::Option(fields.id("option")?),
        "contingency" => MeetingPart::Contingency(fields.id("contingency")?),
        "conversation" => MeetingPart::Conversation(fields.id("conversation")?),
        _ => return Err(out_of_date("part")),
    })
}

/// Which part an act takes off the table.
fn removable(act: &str, fields: &mut FieldReader<'_>) -> Result<Removable, Wrong> {
    Ok(match act {
        "remove_step" => Removable::Step(fields.id("step")?),
        "remove_option" => Removable::Option(fields.id("option")?),
        "remove_contingency" => Removable::Contingency(fields.id("contingency")?),
        "remove_conversation" => Removable::Conversation(fields.id("conversation")?),
        _ => return Err(out_of_date("")),
    })
}

fn readers(fields: &mut FieldReader<'_>) -> Result<Readers, Wrong> {
    let workers = fields.ids("who")?;
    Ok(match fields.word("readers") {
        "team" => Readers::Team,
        "only" => Readers::Only { workers },
        // An unknown word would take a protection away.
        _ => return Err(out_of_date("readers")),
    })
}

/// The route follows from the kind unless the room chose otherwise.
fn wording(fields: &mut FieldReader<'_>, making: &Making<'_>) -> Result<Wording, Wrong> {
    let usual = || Route::RecommendedTo { whom: making.usual_route.to_owned() };
    let to = fields.given("to").map(str::to_owned);
    let route = match fields.word("route") {
        "here" => Route::DecidedHere,
        "recommended" => to.map_or_else(usual, |whom| Route::RecommendedTo { whom }),
        "" if making.usual_route.is_empty() => Route::DecidedHere,
        "" => usual(),
        _ => return Err(out_of_date("route")),
    };
    Ok(Wording { kind: fields.text("kind"), route, what: fields.text("what"), why: fields.text("why") })
}

fn step(fields: &mut FieldReader<'_>, making: &Making<'_>) -> Result<StepDraft, Wrong> {
    let owner = fields.id_or_none("owner")?.map_or(Owner::Nobody, |worker| Owner::Worker { worker });
    Ok(StepDraft {
        what: fields.text("what"),
        owner,
        with: fields.text("with"),
        due: fields.due("due", making.today)?,
        children: fields.ids("children")?,
        measure: fields.text("measure"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190a5a0-0000-7000-8000-000000000001";

    fn parsed(form: &FormFields) -> Result<Request, Wrong> {
        let now: chrono::DateTime<chrono::Utc> = "2026-11-24T09:30:00Z".parse().unwrap();
        let today = domain::dates::london(now).date();
        request(form, &Making { new_id: &uuid::Uuid::nil, now, today, usual_route: "" })
    }

    fn form(act: &str, fields: &[(&str, &str)]) -> FormFields {
        let start = FormFields::default().with("meeting", ID).with("command", "").with("act", act).with("slot", ID);
        fields.iter().fold(start, |form, (name, text)| form.with(name, text))
    }

    #[test]
    fn an_unknown_word_is_refused_and_never_taken_for_another() {
        let area = format!("analysis-{ID}");
        let stand = [("decision", ID), ("base", "1"), ("worker", ID), ("why", "")];
        let word = [("decision", ID), ("base", "1"), ("kind", "continue"), ("what", ""), ("why", ""), ("to", "")];
        let scale = [("scale", "safety"), ("child", ID), ("worker", ID), ("why", "")];
        // The act, its other fields, the field with a word, a word it takes.
        type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);
        let cases: [Case<'_>; 7] = [
            ("mark", &[("part", "box"), ("area", &area)], "readers", "team"),
            ("stand_out", &[], "how", "in"),
            ("stand", &stand, "position", "disagree"),
            ("attend", &[("worker", ID)], "how", "room"),
            ("answer_last_step", &[("step", ID), ("due", ""), ("why", "")], "how", "carried"),
            ("answer_scale", &scale, "number", "pass"),
            ("word", &word, "route", "here"),
        ];
        for (act, fields, name, good) in cases {
            let sent = |text: &str| form(act, fields).with(name, text);
            assert!(parsed(&sent(good)).is_ok(), "{act}");
            for word in ["None", "nonsense", "none ", "OUT", " pass"] {
                assert!(parsed(&sent(word)).is_err(), "{act} with {name}={word:?}");
            }
            assert!(parsed(&sent(good).with("act", &format!("{act} "))).is_err(), "{act}, misspelt");
        }
    }

    #[test]
    fn a_field_that_the_act_does_not_have_is_refused() {
        assert!(parsed(&form("hide", &[])).is_ok());
        assert!(parsed(&form("hide", &[("area", "life-x")])).is_err());
        assert!(parsed(&form("open", &[])).is_ok());
        assert!(parsed(&form("open", &[("stage", "1")])).is_err());
    }

    #[test]
    fn all_that_was_read_back_is_one_command() {
        let Ok(Request::Command(Command::ConfirmAll { revisions, .. })) =
            parsed(&form("confirm_all", &[("base", &format!("{ID}:2"))]))
        else {
            panic!("one command")
        };
        assert_eq!(revisions, [(ID.parse().unwrap(), 2)].into());
        for wrong in [ID, "x:1", "0190a5a0-0000-7000-8000-000000000001:x"] {
            assert!(parsed(&form("confirm_all", &[("base", wrong)])).is_err(), "{wrong}");
        }
    }
}
