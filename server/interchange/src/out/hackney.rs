//! Case notes of the shape of Hackney's social care case viewer: a "child-case-note" of the type "Management
//! oversight", one for all siblings a decision was made for. That interface takes a repetition as a second note, so
//! our mark is looked for first, and what cannot be known is left to a person.

use super::web::{HttpLine, segment};
use super::words::who_thought_otherwise;
use super::{Handed, Parcel, Target};
use domain::dates::plain_date;
use domain::document::attendance_lines;
use serde_json::{Value, json};

/// The form's id.
const FORM: &str = "child-case-note";
/// The form's one step.
const STEP: &str = "case-note";

/// Such a system.
pub struct Hackney {
    name: String,
    url: String,
    email: String,
    line: HttpLine,
}

impl std::fmt::Debug for Hackney {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hackney").field("name", &self.name).field("url", &self.url).finish_non_exhaustive()
    }
}

impl Hackney {
    /// `url` ends before "/api/v1"; `key` is the X-Api-Key; notes are made in the name of `email`.
    #[must_use]
    pub fn new(name: &str, url: &str, key: &str, email: &str) -> Self {
        let headers = vec![("x-api-key", key.to_owned()), ("content-type", "application/json".to_owned())];
        let url = url.trim_end_matches('/').to_owned();
        Self { name: name.to_owned(), url, email: email.to_owned(), line: HttpLine::new(headers) }
    }

    /// Whether our mark stands in one of the child's notes; `Err` where that cannot be known.
    fn there(&self, child: &str, mark: &str) -> Result<bool, String> {
        let address = format!("{}/api/v1/casenotes/person/{}", self.url, segment(child));
        let answer = self.line.ask("GET", &address, None, &[])?;
        if answer.good() { Ok(answer.body.contains(mark)) } else { Err(answer.message()) }
    }

    /// Writes the note; nothing is filed before its last request.
    fn write(&self, parcel: &Parcel, mark: &str) -> Handed {
        let child = &parcel.sealed.child_number;
        let made = json!({ "formId": FORM, "socialCareId": number(child), "createdBy": self.email });
        let first = self.line.ask("POST", &format!("{}/api/v1/submissions", self.url), Some(&made.to_string()), &[]);
        let id = match first {
            Err(error) => return Handed::NotYet(error),
            Ok(answer) if answer.later() => return Handed::NotYet(answer.message()),
            Ok(answer) if !answer.good() => return Handed::Refused(answer.message()),
            Ok(answer) => match serde_json::from_str::<Value>(&answer.body).ok().and_then(|made| submission(&made)) {
                Some(id) => id,
                None => return Handed::Refused(format!("an answer without a submission's id: {}", answer.message())),
            },
        };
        let answers = json!({
            "Type": "Management oversight",
            "Body": body(parcel, mark),
            "Date of event": parcel.sealed.record.held_on,
            "Actions": parcel.sealed.record.steps.iter().map(|step| json!({
                "text": step.what,
                "assignee": step.owner.as_ref().map(|owner| owner.name.clone()),
                "due": step.due,
            })).collect::<Vec<_>>(),
        });
        let step = json!({
            "editedBy": self.email,
            "stepAnswers": answers.to_string(),
            "dateOfEvent": parcel.sealed.record.held_on,
            "title": "Group case supervision",
        });
        let url = format!("{}/api/v1/submissions/{}", self.url, segment(&id));
        match self.line.ask("PATCH", &format!("{url}/steps/{STEP}"), Some(&step.to_string()), &[]) {
            Err(error) => return Handed::NotYet(error),
            Ok(answer) if answer.later() => return Handed::NotYet(answer.message()),
            Ok(answer) if !answer.good() => return Handed::Refused(answer.message()),
            Ok(_) => {}
        }
        let siblings: Vec<Value> =
            parcel.together.iter().filter(|other| *other != child).map(|other| number(other)).collect();
        let done = json!({ "editedBy": self.email, "residents": siblings, "submissionState": "submitted" });
        match self.line.ask("PATCH", &url, Some(&done.to_string()), &[]) {
            // It may have been filed.
            Err(error) => Handed::Unknown(format!("{error}; look for \"{mark}\"")),
            Ok(answer) if answer.good() => Handed::Landed(format!("submission {id}")),
            Ok(answer) if answer.later() => Handed::Unknown(format!("{}; look for \"{mark}\"", answer.message())),
            Ok(answer) => Handed::Refused(answer.message()),
        }
    }

    fn look_then_write(&self, parcel: &Parcel, sent_before: bool) -> Handed {
        let child = parcel.sealed.child_number.as_str();
        if child.is_empty() {
            return Handed::Refused("the child has no number in the case system yet".to_owned());
        }
        // Each of these would ask about another address.
        if child == "." || child == ".." {
            return Handed::Refused(format!("\"{child}\" is no child's number"));
        }
        let mark = mark(parcel);
        match self.there(&parcel.sealed.child_number, &mark) {
            Ok(true) => Handed::Landed(format!("\"{mark}\" is there")),
            Ok(false) => self.write(parcel, &mark),
            // Where nothing was sent yet, waiting is safe.
            Err(error) if !sent_before => Handed::NotYet(error),
            Err(error) => Handed::Unknown(format!("{error}; look for \"{mark}\"")),
        }
    }
}

impl Target for Hackney {
    fn name(&self) -> &str {
        &self.name
    }

    fn hand_over(&self, parcel: &Parcel) -> Handed {
        self.look_then_write(parcel, parcel.attempts > 1)
    }

    fn after_a_break(&self, parcel: &Parcel) -> Handed {
        self.look_then_write(parcel, true)
    }
}

/// What tells the note again: the same for all siblings of one decision.
fn mark(parcel: &Parcel) -> String {
    let first = parcel.together.first().unwrap_or(&parcel.sealed.child_number);
    format!("Caseround {}/{first} version {}", parcel.sealed.record.meeting, parcel.sealed.version)
}

fn body(parcel: &Parcel, mark: &str) -> String {
    let (sealed, record) = (&parcel.sealed, &parcel.sealed.record);
    let mut lines = vec![
        format!("Group case supervision on {}.", plain_date(record.held_on)),
        format!("Took part: {}.", attendance_lines(record).join("; ")),
    ];
    if let Some(decision) = &record.decision {
        lines.push(
            format!("{}. {}. {}", decision.title, decision.route, decision.what)
                .trim_end_matches([' ', '.'])
                .to_owned(),
        );
        lines.push(format!("Why: {}", decision.why.content));
        lines.extend(who_thought_otherwise(decision));
    }
    for step in &record.steps {
        let who = step.owner.as_ref().map_or_else(|| "nobody yet".to_owned(), domain::record::Named::in_words);
        let due = step.due.map_or_else(|| "no date".to_owned(), plain_date);
        lines.push(format!("Action: {} ({who}, by {due})", step.what));
    }
    lines
        .extend(sealed.addenda.iter().map(|added| format!("Added by {}: {}", added.by.in_words(), added.text.content)));
    lines.push(format!("Signed by {}. [{mark}]", sealed.signed_by.in_words()));
    lines.join("\n")
}

fn submission(made: &Value) -> Option<String> {
    let id = made.get("submissionId").or_else(|| made.get("id"))?;
    id.as_str().map(str::to_owned).or_else(|| id.as_i64().map(|id| id.to_string()))
}

/// Their ids are numbers.
fn number(child: &str) -> Value {
    child.parse::<i64>().map_or_else(|_| Value::from(child), Value::from)
}
