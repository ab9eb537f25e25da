//! The running note beside the scene: who said what, typed without leaving the heading, filed into the speakers' boxes.
//! It is its writer's alone and never on the wall.

use domain::page::{NoteAct, NoteLine, RunningNote};
use domain::{SlotId, dates};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::act::nothing;
use crate::live::Live;

/// What the pane holds.
#[derive(Clone, Copy)]
struct Pane {
    live: Live,
    slot: SlotId,
    note: RwSignal<Option<RunningNote>>,
    refused: RwSignal<String>,
    /// Lines on their way to the server.
    sending: StoredValue<Vec<String>>,
}

/// The field, its lines, and the press that files them.
pub fn note(live: Live, id: SlotId) -> impl IntoView {
    let (note, refused) = (RwSignal::new(None), RwSignal::new(String::new()));
    let pane = Pane { live, slot: id, note, refused, sending: StoredValue::new(Vec::new()) };
    pane.read();
    let meeting = live.page.with_untracked(|page| page.room.id);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // The field is free for the next line at once.
        let text = live.noting.write().remove(&id).unwrap_or_default();
        if !text.trim().is_empty() {
            pane.act(NoteAct::Note { text });
        }
    };
    view! {
        <form action="/api/meeting/note" method="post" on:submit=submit>
            <input type="hidden" name="meeting" value=meeting.to_string()/>
            <input type="hidden" name="slot" value=id.to_string()/>
            <label class="govuk-label" for="note-text">"What was said"</label>
            <input class="govuk-input" id="note-text" name="text" autocomplete="off" aria-describedby="note-hint"
                prop:value=move || live.noting.with(|all| all.get(&id).cloned().unwrap_or_default())
                on:input=move |event| {
                    let text = event_target_value(&event);
                    pane.keep(&text);
                    live.noting.update(|all| drop(all.insert(id, text)));
                }/>
            <p class="cr-quiet" id="note-hint">"Begin with the speaker’s initials and a colon. End with ? to check it later. Only you read this; it may have to be shown to a court."</p>
            <p class="cr-refused" role="alert">{move || pane.refused.get()}</p>
            <button type="submit" class="cr-small-button">"Note it"</button>
        </form>
        {move || pane.note.get().map(|note| untrack(|| lines(pane, note)))}
    }
}

fn lines(pane: Pane, note: RunningNote) -> impl IntoView {
    let keys = note.speakers.into_iter().map(|(key, name)| format!("{key}: {name}")).collect::<Vec<_>>().join(" · ");
    let known = note.known;
    view! {
        <p class="cr-quiet">{keys}</p>
        {note.lines.is_empty().then(|| nothing("Nothing is noted yet."))}
        <ul class="govuk-list" aria-label="Noted">{note.lines.into_iter().map(|line| one(pane, line)).collect_view()}</ul>
        {(known > 0).then(|| view! {
            <button type="button" class="cr-small-button" on:click=move |_| pane.act(NoteAct::File)>{format!("File {known} into the speakers’ boxes")}</button>
        })}
    }
}

fn one(pane: Pane, line: NoteLine) -> impl IntoView {
    let NoteLine { id, at, speaker, text, check_later } = line;
    let press = |act: NoteAct, label: &'static str| {
        let called = text.clone();
        view! {
            " "<button type="button" class="cr-link-button" on:click=move |event| if event.detail() < 2 { pane.act(act.clone()) }>{label}<span class="govuk-visually-hidden">": "{called}</span></button>
        }
    };
    let right = check_later.then(|| press(NoteAct::Checked { note: id }, "It is right"));
    let remove = press(NoteAct::Forget { note: id }, "Remove");
    view! {
        <li>{dates::clock(at)}" "<strong>{speaker}</strong>": "{text.clone()}{check_later.then_some(" (to check)")}{right}{remove}</li>
    }
}

impl Pane {
    /// What stands in the field, and what is on its way, is on this device until it is noted.
    #[cfg(feature = "hydrate")]
    fn keep(self, field: &str) {
        let mut lines = self.sending.try_get_value().unwrap_or_default();
        lines.push(field.to_owned());
        crate::live::unsent::keep_note(self.live, self.slot, lines.join(" ").trim_end());
    }

    #[cfg(not(feature = "hydrate"))]
    fn keep(self, _field: &str) {
        let _ = self.sending;
    }

    /// Reads the note.
    #[cfg(feature = "hydrate")]
    fn read(self) {
        leptos::task::spawn_local(async move {
            let meeting = self.live.page.with_untracked(|page| page.room.id);
            let path = format!("/meetings/{meeting}/notes/{}?worker={}", self.slot, self.live.me());
            match crate::live::request::get::<RunningNote>(&path).await {
                Ok(note) => drop(self.note.try_set(Some(note))),
                Err(failed) => drop(self.refused.try_set(failed.message())),
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn read(self) {}

    /// Does one thing with the note. A line that was not taken is in the field again.
    #[cfg(feature = "hydrate")]
    fn act(self, act: NoteAct) {
        if let NoteAct::Note { text } = &act {
            self.sending.update_value(|sending| sending.push(text.clone()));
        }
        leptos::task::spawn_local(async move {
            let meeting = self.live.page.with_untracked(|page| page.room.id.to_string());
            let noted = crate::live::request::act_on_notes(&meeting, self.slot, &act).await;
            let (refused, note) = match noted {
                Ok(noted) => (noted.refused, Some(noted.note)),
                Err(failed) => (Some(failed.message()), None),
            };
            if let NoteAct::Note { text } = &act {
                let _ = self.sending.try_update_value(|sending| sending.retain(|known| known != text));
                let field = self.live.noting.try_update(|all| {
                    let field = all.entry(self.slot).or_default();
                    if refused.is_some() {
                        *field = format!("{text} {field}").trim_end().to_owned();
                    }
                    field.clone()
                });
                self.keep(&field.unwrap_or_default());
            }
            if refused.is_none() && act == NoteAct::File {
                crate::live::announce::say(self.live, "Filed into the speakers’ boxes.");
            }
            let _ = self.refused.try_set(refused.unwrap_or_default());
            if note.is_some() {
                let _ = self.note.try_set(note);
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn act(self, _act: NoteAct) {
        let _ = (self.live, self.slot, self.note, self.refused);
    }
}
