//! What other processes write reaches the rooms of this one.

use super::{Arc, Duration, FamilyId, MeetingId, POLL, RIGHTS_CHANGED, Service};

/// A meeting or workbook that nobody held or used for this long is let go.
const IDLE: Duration = Duration::from_secs(300);
/// Before the ids of meetings and families whose journals were rewritten.
pub(crate) const REWRITTEN: &str = "rewritten ";

/// Hears of other processes' writes: by notification, and by looking, should one be lost.
pub(crate) fn listen(service: &Service) {
    let weak = Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        let mut previous = None;
        while let Some(inner) = weak.upgrade() {
            // Also on SQLite: an import or a new account comes from another process.
            if let Ok(now) = inner.store.setting(RIGHTS_CHANGED).await
                && now != previous
            {
                previous = now;
                inner.rights.forget();
            }
            (Service { inner }).let_go_of_subjects(IDLE);
            tokio::time::sleep(POLL).await;
        }
    });
    if matches!(service.inner.store, store::Store::Sqlite { .. }) {
        return;
    }
    let weak = Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        while let Some(inner) = weak.upgrade() {
            let service = Service { inner };
            poll(&service).await;
            tokio::time::sleep(POLL).await;
        }
    });
    let weak = Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        while let Some(inner) = weak.upgrade() {
            let store = inner.store.clone();
            drop(inner);
            if let Ok(Some(mut listener)) = store.listen().await {
                while let Ok(payload) = listener.next().await {
                    let Some(inner) = weak.upgrade() else { return };
                    receive(&Service { inner }, &payload).await;
                }
            }
            tokio::time::sleep(POLL).await;
        }
    });
}

async fn receive(service: &Service, payload: &str) {
    if payload == RIGHTS_CHANGED {
        service.inner.rights.forget();
        return;
    }
    if let Some(rewritten) = payload.strip_prefix(REWRITTEN) {
        let meetings: Vec<MeetingId> = rewritten.split(' ').filter_map(|word| word.parse().ok()).collect();
        let families: Vec<FamilyId> = rewritten.split(' ').filter_map(|word| word.parse().ok()).collect();
        service.forget_subjects(&meetings, &families);
        return;
    }
    for id in payload.split(' ').filter_map(|word| word.parse::<MeetingId>().ok()) {
        // It may be a workbook's.
        service.inner.workbook_news.tell(FamilyId::new(id.uuid()));
        if let Some(live) = service.inner.rooms.loaded(id)
            && let Err(error) = live.catch_up(service).await
        {
            tracing::warn!(%error, meeting = %id, "could not catch up; trying again in a second");
        }
    }
}

async fn poll(service: &Service) {
    let rooms = service.inner.rooms.all();
    let ids: Vec<_> = rooms.iter().map(|(id, _)| id.uuid()).collect();
    let Ok(lasts) = service.inner.store.lasts(&ids).await else { return };
    for (_, live) in rooms {
        let seq = live.look().await.seq;
        let behind = lasts.get(&live.id.uuid()).is_some_and(|last| *last > seq);
        if behind && let Err(error) = live.catch_up(service).await {
            tracing::warn!(%error, meeting = %live.id, "could not catch up; trying again in a second");
        }
    }
}
