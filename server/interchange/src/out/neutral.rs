//! The neutral form: one JSON per child that every case system's own import can be taught to read. Described in
//! docs/deliveries.md.

use super::Parcel;
use domain::meeting::Attendance;
use domain::record::Named;
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
    let there = |how: Option<Attendance>| how.is_some_and(|how| !matches!(how, Attendance::Apologies));
    let present: Vec<Value> =
        record.attendance.iter().filter(|present| there(present.how)).map(|present| staff(&present.who)).collect();
    let decisions: Vec<Value> = record
        .decision
        .iter()
        .map(|decision| {
            let differing =
                decision.stances.iter().filter(|stance| stance.position != domain::meeting::Position::Agree);
            let dissent: Vec<Value> = differing
                .map(|stance| json!({ "by": staff(&stance.who), "position": stance.position, "reason": stance.reason }))
                .collect();
            let said = [decision.title.as_str(), decision.route.as_str(), decision.what.as_str()];
            let said: Vec<&str> = said.into_iter().filter(|part| !part.is_empty()).collect();
            json!({
                "id": format!("{}/decision", record.id),
                "kind": decision.kind,
                "text": said.join(". "),
                "rationale": decision.why,
                "decided_by": staff(decision.decided_after.as_ref().unwrap_or(&record.chair)),
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
                "status": "open",
            })
        })
        .collect();
    let added = |addendum: &domain::record::Addendum| json!({ "at": addendum.at, "by": staff(&addendum.by), "reason": addendum.reason, "text": addendum.text });
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
        "summary": record.meaning,
        "decisions": decisions,
        "actions": actions,
        "addenda": addenda,
        "approved_by": staff(&sealed.signed_by),
        "approved_at": sealed.signed_at,
        "sha256": parcel.hash,
    })
}
