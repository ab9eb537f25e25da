//! The neutral form: one JSON per child that every case system's own import can be taught to read. Described in
//! docs/deliveries.md.

use super::Parcel;
use domain::meeting::Attendance;
use domain::record::{Named, Record, RecordDecision};
use serde_json::{Value, json};

/// A record in its neutral form. Only what concerns the child: what it means for them, what was decided and agreed;
/// no worker's analysis, no address.
#[must_use]
pub fn neutral(parcel: &Parcel) -> Value {
    let sealed = &parcel.sealed;
    let record = &sealed.record;
    let staff = |who: &Named| {
        let number = parcel.staff.get(&who.worker).map_or("", String::as_str);
        json!({ "worker_id": number, "name": who.name, "discipline": who.discipline })
    };
    // Everybody who was expected, each with how they took part: who only sent words was not in the room.
    let present: Vec<Value> = record
        .attendance
        .iter()
        .map(|present| {
            let mut line = staff(&present.who);
            line["took_part"] = Value::from(present.how.map_or("not_marked", Attendance::word));
            line["roles"] = json!(present.roles);
            line
        })
        .collect();
    let decisions: Vec<Value> = record
        .decision
        .iter()
        .map(|decision| {
            let differing =
                decision.stances.iter().filter(|stance| stance.position != domain::meeting::Position::Agree);
            let dissent: Vec<Value> = differing
                .map(|stance| {
                    json!({
                        "by": staff(&stance.who),
                        "position": stance.position,
                        "reason": stance.reason.content,
                        "on_earlier_wording": stance.earlier_wording,
                    })
                })
                .collect();
            let said = [decision.title.as_str(), decision.route.as_str(), decision.what.as_str()];
            let said: Vec<&str> = said.into_iter().filter(|part| !part.is_empty()).collect();
            json!({
                "id": format!("{}/decision", record.id),
                "kind": decision.kind,
                "text": said.join(". "),
                "rationale": decision.why.content,
                "decided_by": staff(decided_by(record, decision)),
                "thought_otherwise": dissent,
            })
        })
        .collect();
    let actions: Vec<Value> = record
        .steps
        .iter()
        .map(|step| {
            json!({
                "id": step.step,
                "text": step.what,
                "with": step.with,
                "owner": step.owner.as_ref().map(staff),
                "owner_worker_id": step.owner.as_ref().and_then(|owner| parcel.staff.get(&owner.worker)),
                "due": step.due,
                "status": if parcel.done.contains(&step.step) { "completed" } else { "open" },
            })
        })
        .collect();
    let added = |addendum: &domain::record::Addendum| json!({ "at": addendum.at, "by": staff(&addendum.by), "reason": addendum.reason, "text": addendum.text.content });
    let addenda: Vec<Value> = sealed.addenda.iter().map(added).collect();
    json!({
        "schema": "caseround.writeback/1",
        "writeback_id": parcel.delivery,
        "record_id": record.id,
        "version": sealed.version,
        "replaces": sealed.version.checked_sub(1).filter(|before| *before > 0),
        "child_id": sealed.child_number,
        "family_id": parcel.family_number,
        "type": "Management oversight",
        "title": "Group case supervision",
        "date": record.held_on,
        "present": present,
        "summary": record.meaning.text,
        "decisions": decisions,
        "actions": actions,
        "addenda": addenda,
        "approved_by": staff(&sealed.signed_by),
        "approved_at": sealed.signed_at,
        "sha256": parcel.hash,
    })
}

/// Who decided: whoever confirmed, or decided after the meeting.
fn decided_by<'a>(record: &'a Record, decision: &'a RecordDecision) -> &'a Named {
    decision.decided_after.as_ref().or(decision.confirmed_by.as_ref()).unwrap_or(&record.chair)
}
