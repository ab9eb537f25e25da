//! A case system that speaks FHIR R4: one transaction of a Composition, its CareTeam and a Task for each step. Entries
//! are made only where their identifier is not there yet, so that a repetition changes nothing.

use super::web::{HttpLine, segment};
use super::words::who_thought_otherwise;
use super::{Handed, Parcel, Target};
use domain::document::attendance_lines;
use domain::meeting::Attendance;
use domain::record::Named;
use serde_json::{Value, json};

/// Whose identifiers these are.
const SYSTEM: &str = "urn:caseround";

/// Such a server.
pub struct Fhir {
    name: String,
    url: String,
    /// The system of the council's child numbers.
    children: String,
    line: HttpLine,
}

impl std::fmt::Debug for Fhir {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fhir").field("name", &self.name).field("url", &self.url).finish_non_exhaustive()
    }
}

impl Fhir {
    /// `token` is the bearer's; empty for none. `children` is the system of the council's child numbers.
    #[must_use]
    pub fn new(name: &str, url: &str, token: &str, children: &str) -> Self {
        let mut headers =
            vec![("content-type", "application/fhir+json".to_owned()), ("accept", "application/fhir+json".to_owned())];
        if !token.is_empty() {
            headers.push(("authorization", format!("Bearer {token}")));
        }
        let url = url.trim_end_matches('/').to_owned();
        Self { name: name.to_owned(), url, children: children.to_owned(), line: HttpLine::new(headers) }
    }

    /// The transaction's bundle.
    #[must_use]
    pub fn bundle(&self, parcel: &Parcel) -> Value {
        let (sealed, record) = (&parcel.sealed, &parcel.sealed.record);
        let subject = json!({ "identifier": { "system": self.children, "value": sealed.child_number } });
        let staff = |who: &Named| {
            let number = parcel.staff.get(&who.worker).cloned().unwrap_or_else(|| who.worker.to_string());
            json!({ "identifier": { "system": format!("{SYSTEM}:worker"), "value": number }, "display": who.name })
        };
        let identifier = |kind: &str, value: &str| json!({ "system": format!("{SYSTEM}:{kind}"), "value": value });
        let version = format!("{}/{}", record.id, sealed.version);
        let team_id = format!("{}/{}", record.meeting, sealed.child);
        let team_url = format!("urn:uuid:{}", record.slot);
        let there = record.attendance.iter().filter(|present| {
            matches!(
                present.how,
                Some(Attendance::Room | Attendance::Call | Attendance::SentWords | Attendance::Left { .. })
            )
        });
        let team = json!({
            "resourceType": "CareTeam",
            "identifier": [identifier("care-team", &team_id)],
            "status": "active",
            "name": "Group case supervision",
            "subject": subject,
            "participant": there.map(|present| json!({
                "role": [{ "text": present.who.discipline }, { "text": present.how.map(Attendance::title) }], "member": staff(&present.who),
            })).collect::<Vec<_>>(),
        });
        // A narrative without words is not allowed (FHIR R4, txt-2).
        let meaning = Some(&record.meaning.text).filter(|text| !text.trim().is_empty());
        let mut sections: Vec<Value> = meaning.into_iter().map(|text| section("What it means", text)).collect();
        if let Some(decision) = &record.decision {
            let words =
                format!("{}. {}. {}\n\nWhy: {}", decision.title, decision.route, decision.what, decision.why.content);
            sections.push(section("Decision and why", &words));
            let otherwise = who_thought_otherwise(decision);
            sections.extend((!otherwise.is_empty()).then(|| section("Who thought otherwise", &otherwise.join("\n"))));
        }
        sections.push(section("Who took part", &attendance_lines(record).join("\n")));
        sections.extend(
            sealed.addenda.iter().map(|added| section("Added", &format!("{}: {}", added.reason, added.text.content))),
        );
        let mut composition = json!({
            "resourceType": "Composition",
            "identifier": identifier("record", &version),
            "status": if sealed.version == 1 { "final" } else { "amended" },
            "type": { "text": "Group case supervision" },
            "subject": subject,
            "date": sealed.signed_at,
            "author": [staff(&sealed.signed_by)],
            "title": "Group case supervision",
            "attester": [{ "mode": "professional", "time": sealed.signed_at, "party": staff(&sealed.signed_by) }],
            "event": [{ "period": { "start": record.held_on, "end": record.held_on } }],
            "section": sections,
        });
        if sealed.version > 1 {
            let before = format!("{}/{}", record.id, sealed.version - 1);
            composition["relatesTo"] =
                json!([{ "code": "replaces", "targetIdentifier": identifier("record", &before) }]);
        }
        let mut entries = vec![
            entry(&team_url, "CareTeam", &team, &format!("{SYSTEM}:care-team|{team_id}")),
            entry(
                &format!("urn:uuid:{}", record.id),
                "Composition",
                &composition,
                &format!("{SYSTEM}:record|{version}"),
            ),
        ];
        for step in &record.steps {
            let id = format!("{}/{}", step.step, sealed.child);
            let mut task = json!({
                "resourceType": "Task",
                "identifier": [identifier("step", &id)],
                "status": if parcel.done.contains(&step.step) { "completed" } else { "requested" },
                "intent": "plan",
                "description": step.what,
                "for": subject,
                "authoredOn": sealed.signed_at,
                "requester": staff(&sealed.signed_by),
            });
            if let Some(owner) = &step.owner {
                task["owner"] = staff(owner);
            }
            if let Some(due) = step.due {
                task["restriction"] = json!({ "period": { "end": due } });
            }
            let url = format!("urn:uuid:{}", step.step);
            let task_identifier = format!("{SYSTEM}:step|{id}");
            // A task that is there already learns that it is done; one that is open is left as it is there.
            entries.push(match parcel.done.contains(&step.step) {
                true => update(&url, "Task", &task, &task_identifier),
                false => entry(&url, "Task", &task, &task_identifier),
            });
        }
        json!({
            "resourceType": "Bundle",
            "type": "transaction",
            "identifier": identifier("delivery", &parcel.delivery.to_string()),
            "entry": entries,
        })
    }
}

fn entry(url: &str, kind: &str, resource: &Value, identifier: &str) -> Value {
    json!({
        "fullUrl": url,
        "resource": resource,
        "request": { "method": "POST", "url": kind, "ifNoneExist": format!("identifier={}", segment(identifier)) },
    })
}

/// A conditional update: it changes what has the identifier, or makes it.
fn update(url: &str, kind: &str, resource: &Value, identifier: &str) -> Value {
    json!({
        "fullUrl": url,
        "resource": resource,
        "request": { "method": "PUT", "url": format!("{kind}?identifier={}", segment(identifier)) },
    })
}

/// Words of a section as a narrative, which is XHTML.
fn section(title: &str, words: &str) -> Value {
    let safe = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br/>");
    json!({
        "title": title,
        "text": { "status": "additional", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{safe}</div>") },
    })
}

impl Target for Fhir {
    fn name(&self) -> &str {
        &self.name
    }

    fn hand_over(&self, parcel: &Parcel) -> Handed {
        if parcel.sealed.child_number.is_empty() {
            return Handed::Refused("the child has no number in the case system yet".to_owned());
        }
        match self.line.ask("POST", &self.url, Some(&self.bundle(parcel).to_string()), &[]) {
            Err(error) => Handed::NotYet(error),
            Ok(answer) if answer.good() => Handed::Landed(format!("{} transaction taken", answer.status)),
            Ok(answer) if answer.later() => Handed::NotYet(answer.message()),
            Ok(answer) => Handed::Refused(answer.message()),
        }
    }
}
