//! Projections rebuilt from the journals: what the tables say is what the journals say.

use crate::ServiceError;
use crate::workbook::late::late_row;
use domain::FamilyId;
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::{Entry, Event, Room};
use store::journal::JournalKind;
use store::{Store, StoreError};

/// Empties every projection and fills it again, in one transaction. Gives how many journals were read.
///
/// # Errors
/// Where the database does not answer or a journal cannot be read; nothing is changed then.
pub async fn rebuild(store: &Store) -> Result<usize, ServiceError> {
    let mut rooms = Vec::new();
    for journal in store.journals(JournalKind::Meeting).await? {
        rooms.extend(Room::fold(&store.entries::<Event>(journal, 0).await?));
    }
    let mut workbooks = Vec::new();
    for journal in store.journals(JournalKind::Workbook).await? {
        let entries: Vec<Entry<WorkbookEvent>> = store.entries(journal, 0).await?;
        let family = FamilyId::new(journal);
        let late: Vec<_> = entries.iter().filter_map(|entry| late_row(family, entry)).collect();
        workbooks.push((family, Workbook::fold(&entries), late));
    }
    let mut tx = store.begin().await?;
    tx.forget_projections().await?;
    for room in &rooms {
        tx.keep_meeting(&store::meeting::rows(room)).await?;
    }
    for (family, workbook, late) in &workbooks {
        for late in late {
            tx.keep_late_contribution(late).await?;
        }
        for step in &workbook.steps {
            tx.keep_step(&store::step::row(*family, step)).await?;
        }
        for record in &workbook.records {
            tx.keep_record(record).await?;
        }
        for words in &workbook.own_words {
            tx.keep_own_words(*family, words).await?;
        }
        if let Some(plan) = &workbook.safety_plan {
            tx.keep_safety_plan(*family, plan).await?;
        }
        tx.keep_hold(*family, workbook.hold.as_ref().map(|hold| hold.reason.as_str())).await?;
        for summary in workbook.chapters.iter().filter(|text| text.place.is_summary()) {
            tx.keep_summary(&crate::workbook::summary::row(*family, summary)).await?;
        }
    }
    tx.commit().await?;
    Ok(rooms.len() + workbooks.len())
}

/// How many meetings' and families' rows differ from what their journals say.
///
/// # Errors
/// Where the database does not answer or a journal cannot be read.
pub async fn differences(store: &Store) -> Result<usize, ServiceError> {
    let mut differing = 0;
    for journal in store.journals(JournalKind::Meeting).await? {
        let expected = Room::fold(&store.entries::<Event>(journal, 0).await?).map(|room| store::meeting::rows(&room));
        let kept = store.meeting_rows(domain::MeetingId::new(journal)).await?;
        differing += usize::from(expected != kept);
    }
    for journal in store.journals(JournalKind::Workbook).await? {
        let entries: Vec<Entry<WorkbookEvent>> = store.entries(journal, 0).await?;
        let workbook = Workbook::fold(&entries);
        let family = FamilyId::new(journal);
        let mut expected: Vec<_> = workbook.steps.iter().map(|step| store::step::row(family, step)).collect();
        let mut kept = store.steps_in(journal).await?;
        expected.sort_by_key(|step| step.id);
        kept.sort_by_key(|step| step.id);
        let mut expected_records = workbook.records.clone();
        let mut kept_records = store.records(journal).await?;
        expected_records.sort_by_key(|record| record.id);
        kept_records.sort_by_key(|record| record.id);
        let expected_late: Vec<_> = entries.iter().filter_map(|entry| late_row(family, entry)).collect();
        let kept_late = store.late_contributions(journal, store::FIRST_DAY).await?;
        let mut expected_own_words = workbook.own_words.clone();
        let mut kept_own_words: Vec<_> = store.own_words(journal).await?.into_iter().map(|(_, words)| words).collect();
        expected_own_words.sort_by_key(|words| words.id);
        kept_own_words.sort_by_key(|words| words.id);
        let kept_plan = store.safety_plans(journal).await?.pop().map(|(_, plan)| plan);
        let expected_hold = workbook.hold.as_ref().map(|hold| hold.reason.clone());
        let held = expected_hold == store.hold(family).await?;
        let beside = expected_late != kept_late
            || expected_own_words != kept_own_words
            || workbook.safety_plan != kept_plan
            || !held;
        differing += usize::from(expected != kept || expected_records != kept_records || beside);
    }
    Ok(differing)
}

/// What of the journals cannot be read: lines, and boxes and texts of chapters that lack words because of one; each in words that
/// name it.
///
/// # Errors
/// Where the database does not answer.
pub async fn unreadable_words(store: &Store) -> Result<Vec<String>, ServiceError> {
    let mut found = Vec::new();
    for journal in store.journals(JournalKind::Meeting).await? {
        match store.entries::<Event>(journal, 0).await {
            Ok(entries) => {
                let slots = Room::fold(&entries).into_iter().flat_map(|room| room.slots);
                for slot in slots {
                    let damaged = slot.boxes.iter().filter(|(_, text)| text.damaged);
                    found.extend(
                        damaged.map(|(area, _)| format!("meeting {journal}, family's part {}, box {area}", slot.id)),
                    );
                }
            }
            Err(error @ StoreError::Damaged { .. }) => found.push(error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    for journal in store.journals(JournalKind::Workbook).await? {
        match store.entries::<WorkbookEvent>(journal, 0).await {
            Ok(entries) => {
                let chapters = Workbook::fold(&entries).chapters;
                let damaged = chapters.iter().filter(|text| text.damaged);
                found.extend(
                    damaged.map(|text| {
                        format!("workbook {journal}, {} of {} for {}", text.place, text.worker, text.month)
                    }),
                );
            }
            Err(error @ StoreError::Damaged { .. }) => found.push(error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}
