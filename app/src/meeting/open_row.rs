//! Of a list's rows one at a time has its form open; the others are lines with the way to it.

use domain::SlotId;
use leptos::prelude::*;

use super::{Live, headings};
use crate::parts::erased::view;

/// Whether the row `key` is the one that was opened.
pub fn is_open(live: Live, key: &str) -> bool {
    live.row.with(|row| row.as_deref() == Some(key))
}

/// The link that opens a row, and closes it again; `called` is what the row says.
pub fn way(live: Live, id: SlotId, key: String, label: &'static str, called: String) -> impl IntoView {
    let meeting = live.page.with_untracked(|page| page.room.id);
    let heading = untrack(|| headings::on_page(live, id)).map(|at| format!("&heading={at}")).unwrap_or_default();
    let address = format!("/meetings/{meeting}?slot={id}{heading}");
    let of_row = key.clone();
    let open = Memo::new(move |_| is_open(live, &of_row));
    // Without scripts the address says which row is open.
    let row = format!("&row={key}");
    view! {
        <a class="govuk-link" href=move || format!("{address}{}#scene", if open.get() { "" } else { row.as_str() }) aria-expanded=move || if open.get() { "true" } else { "false" }
            on:click=move |event| { event.prevent_default(); turn(live, &key); }>
            {move || if open.get() { "Close" } else { label }}<span class="govuk-visually-hidden">": "{called}</span></a>
    }
}

fn turn(live: Live, key: &str) {
    let open = untrack(|| is_open(live, key));
    if open {
        live.row.set(None);
    } else {
        self::open(live, key);
    }
}

/// The row that somebody types in stays open, whatever others do.
pub fn keep_open(live: Live, key: &str) {
    if !untrack(|| is_open(live, key)) {
        live.row.set(Some(key.to_owned()));
    }
}

/// Opens a row; its first field has the focus.
pub fn open(live: Live, key: &str) {
    live.row.set(Some(key.to_owned()));
    #[cfg(feature = "hydrate")]
    super::focus::enter_row(key);
}

/// Whether an act is done with the row it stands in.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn closes(act: &str) -> bool {
    matches!(act, "change_step" | "remove_step" | "answer_last_step" | "later" | "postpone_waiting")
}
