//! The running note beside the scene: who said what, typed without leaving the heading, filed into the speakers' boxes.
//! It is its writer's alone and never on the wall.

use domain::page::{NoteAct, NoteLine, RunningNote};
use domain::{SlotId, dates};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Live;
use super::act::nothing;
use super::state::Noting;
use crate::parts::erased::view;

/// What the pane holds.
#[derive(Clone, Copy)]
struct Pane {
    live: Live,
    slot: SlotId,
    note: RwSignal<Option<RunningNote>>,
    refused: RwSignal<String>,
    /// The line that was removed last, as it would be typed.
    removed: RwSignal<Option<String>>,
}

/// The field, its lines, and the press that files them.
pub fn note(live: Live, id: SlotId) -> impl IntoView {
    let (note, refused) = (RwSignal::new(None), RwSignal::new(String::new()));
    let pane = Pane { live, slot: id, note, refused, removed: RwSignal::new(None) };
    pane.read();
    pane.follow();
    let meeting = live.page.with_untracked(|page| page.room.id);
    let sending = Memo::new(move |_| live.noting.with(|all| all.get(&id).map(Noting::waiting).unwrap_or_default()));
    pane.send_kept();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        pane.submit();
    };
    view! {
        <form action="/api/meeting/note" method="post" on:submit=submit>
            <input type="hidden" name="meeting" value=meeting.to_string()/>
            <input type="hidden" name="slot" value=id.to_string()/>
            <label class="govuk-label" for="note-text">"What was said"</label>
            <input class="govuk-input" id="note-text" name="text" autocomplete="off" aria-describedby="note-hint"
                prop:value=move || live.noting.with(|all| all.get(&id).map(|noting| noting.field.clone()).unwrap_or_default())
                on:input=move |event| pane.typed(event_target_value(&event))/>
            <p class="cr-quiet" id="note-hint">"Begin with the speaker’s initials and a colon. End with ? to check it later. Only you read this; it may have to be shown to a court."</p>
            {move || Some(sending.get()).filter(|lines| !lines.is_empty()).map(|lines| view! { <p class="cr-quiet">{format!("Not noted yet: {lines}")}</p> })}
            {move || Some(pane.refused.get()).filter(|why| !why.is_empty()).map(|why| view! { <p class="cr-refused" role="alert">{why}</p> })}
            <button type="submit" class="cr-small-button">"Note it"</button>
        </form>
        {move || pane.removed.get().map(|_| view! {
            <p class="cr-quiet" role="status">"Line removed. "<button type="button" class="cr-link-button" on:click=move |_| pane.undo()>"Undo"</button></p>
        })}
        {move || pane.note.get().map(|note| untrack(|| lines(pane, note)))}
    }
}

/// Lines that are not filed yet, before the family is finished and after.
pub fn unfiled(live: Live, id: SlotId) -> impl IntoView {
    let count = Memo::new(move |_| live.page.with(|page| page.noted.get(&id).copied().unwrap_or_default()));
    let finished = live.memo(id, |_, slot| slot.progress.frozen());
    let meeting = live.page.with_untracked(|page| page.room.id);
    move || {
        let lines = match count.get() {
            0 => return None,
            1 => "1 line of your running note is".to_owned(),
            count => format!("{count} lines of your running note are"),
        };
        let way = if finished.get() {
            " The chair can reopen the family, so that you can file what belongs in it."
        } else {
            ""
        };
        Some(view! {
            <p class="govuk-body cr-hint">{format!("{lines} not filed in a box.{way} ")}<a class="govuk-link" href=format!("/meetings/{meeting}/notes?family={id}")>"Open your note"</a></p>
        })
    }
}

fn lines(pane: Pane, note: RunningNote) -> impl IntoView {
    let keys = note.speakers.iter().map(|(key, name)| format!("{key}: {name}")).collect::<Vec<_>>().join(" · ");
    let fileable = note.fileable;
    view! {
        <p class="cr-quiet">{keys}</p>
        {note.lines.is_empty().then(|| nothing("Nothing is noted yet."))}
        <ul class="govuk-list" aria-label="Noted">{note.lines.into_iter().map(|line| one(pane, typed(&line), line)).collect_view()}</ul>
        {(fileable > 0).then(|| if pane.live.runs() {
            view! { <button type="button" class="cr-small-button" on:click=move |_| pane.act(NoteAct::File, None)>{format!("File {fileable} into the speakers’ boxes")}</button> }
        } else {
            nothing("You do not take the record any more: read your lines to whoever does, then remove them.")
        })}
    }
}

/// A line as it was typed: its speaker's initials, what was said, whether it is to be checked.
fn typed(line: &NoteLine) -> String {
    let key = line.key.as_ref().map(|key| format!("{key}: "));
    format!("{}{}{}", key.unwrap_or_default(), line.text, if line.check_later { "?" } else { "" })
}

fn one(pane: Pane, typed: String, line: NoteLine) -> impl IntoView {
    let NoteLine { id, at, speaker, text, check_later, .. } = line;
    let press = |act: NoteAct, removed: Option<String>, label: &'static str| {
        let called = text.clone();
        let act = move || pane.act(act.clone(), removed.clone());
        view! {
            " "<button type="button" class="cr-link-button" on:click=move |event| if event.detail() < 2 { act() }>{label}<span class="govuk-visually-hidden">": "{called}</span></button>
        }
    };
    let right = check_later.then(|| press(NoteAct::Checked { note: id }, None, "It is right"));
    let remove = press(NoteAct::Forget { note: id }, Some(typed), "Remove");
    view! {
        <li>{dates::clock(at)}" "<strong>{speaker}</strong>": "{text.clone()}{check_later.then_some(" (to check)")}{right}{remove}</li>
    }
}

impl Pane {
    /// Reads the note.
    #[cfg(feature = "hydrate")]
    fn read(self) {
        leptos::task::spawn_local(async move {
            let meeting = self.live.page.with_untracked(|page| page.room.id);
            let path = format!("/meetings/{meeting}/notes/{}?worker={}", self.slot, self.live.me());
            match crate::live::request::get::<RunningNote>(&path).await {
                Ok(note) => self.show(note),
                Err(failed) => drop(self.refused.try_set(failed.message())),
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn read(self) {}

    /// Adds a line, and the field is free for the next one at once. Lines that cannot be sent wait in their order.
    #[cfg(feature = "hydrate")]
    fn add(self, text: String) {
        self.noting(|noting| noting.sending.push((crate::live::browser::new_command(), text)));
        leptos::task::spawn_local(self.send_lines());
    }

    /// Sends the lines that wait, one after the other, until each is noted or refused.
    #[cfg(feature = "hydrate")]
    async fn send_lines(self) {
        use crate::live::outbox::pause;
        if self.noting(|noting| std::mem::replace(&mut noting.busy, true)) {
            return;
        }
        while let Some((id, text)) = self.noting(|noting| noting.sending.first().cloned()) {
            let answer = self.send(&NoteAct::Note { id: id.parse().ok(), text: text.clone() }).await;
            // Signed out or asked too often, the line is taken later; after a reload it goes on under the same id.
            if answer.as_ref().is_err_and(|failed| !failed.is_final()) {
                pause(2000).await;
                continue;
            }
            let refused = self.show_answer(answer);
            self.noting(|noting| {
                noting.sending.remove(0);
                // A line that was not taken is in the field again.
                if refused {
                    noting.field = format!("{text} {}", noting.field).trim_end().to_owned();
                }
            });
        }
        self.noting(|noting| noting.busy = false);
    }

    /// Goes on with lines that an earlier page or pane has left.
    #[cfg(feature = "hydrate")]
    fn send_kept(self) {
        Effect::new(move |_| {
            let waits =
                self.live.noting.with(|all| all.get(&self.slot).is_some_and(|noting| !noting.sending.is_empty()));
            if waits {
                leptos::task::spawn_local(self.send_lines());
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn send_kept(self) {}

    /// Changes what is not noted yet, which is on this device until it is.
    #[cfg(feature = "hydrate")]
    fn noting<T>(self, change: impl FnOnce(&mut Noting) -> T) -> T {
        let mut noting = self.live.noting.with_untracked(|all| all.get(&self.slot).cloned()).unwrap_or_default();
        let before = noting.clone();
        let done = change(&mut noting);
        if noting != before {
            super::filing::keep_note(self.live, self.slot, &noting);
            self.live.noting.update(|all| drop(all.insert(self.slot, noting)));
        }
        done
    }

    /// Takes what is typed into the field.
    #[cfg(feature = "hydrate")]
    fn typed(self, text: String) {
        self.noting(|noting| noting.field = text);
    }

    /// Adds what stands in the field.
    #[cfg(feature = "hydrate")]
    fn submit(self) {
        let text = self.noting(|noting| std::mem::take(&mut noting.field));
        if !text.trim().is_empty() {
            self.removed.set(None);
            self.add(text);
        }
    }

    /// Notes the line again that was removed last.
    #[cfg(feature = "hydrate")]
    fn undo(self) {
        if let Some(text) = self.removed.try_update(Option::take).flatten() {
            self.add(text);
        }
    }

    #[cfg(feature = "hydrate")]
    async fn send(self, act: &NoteAct) -> Result<domain::page::Noted, crate::live::request::Failed> {
        super::filing::act_on_notes(self.live, self.slot, act).await
    }

    #[cfg(feature = "hydrate")]
    fn show(self, note: RunningNote) {
        let count = note.lines.len();
        let _ = self.note.try_set(Some(note));
        self.live.page.update(|page| {
            page.noted.insert(self.slot, count);
        });
    }

    /// Reads the note again where a pane that has left the page noted lines meanwhile.
    #[cfg(feature = "hydrate")]
    fn follow(self) {
        Effect::new(move |_| {
            let noted = self.live.page.with(|page| page.noted.get(&self.slot).copied());
            let shown = self.note.with_untracked(|note| note.as_ref().map(|note| note.lines.len()));
            if shown.is_some() && noted != shown {
                self.read();
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn follow(self) {}

    /// Shows an answer; whether it refuses. The pane may have left the page meanwhile.
    #[cfg(feature = "hydrate")]
    fn show_answer(self, answer: Result<domain::page::Noted, crate::live::request::Failed>) -> bool {
        let (refused, note) = match answer {
            Ok(noted) => (noted.refused, Some(noted.note)),
            Err(failed) => (Some(failed.message()), None),
        };
        let refuses = refused.is_some();
        let _ = self.refused.try_set(refused.unwrap_or_default());
        if let Some(note) = note {
            self.show(note);
        }
        refuses
    }

    /// Checks, removes or files what is noted; `removed` is the line that is removed, as it would be typed.
    #[cfg(feature = "hydrate")]
    fn act(self, act: NoteAct, removed: Option<String>) {
        leptos::task::spawn_local(async move {
            let refused = self.show_answer(self.send(&act).await);
            let _ = self.removed.try_set(removed.filter(|_| !refused));
            // The line that was pressed at has gone: whoever notes goes on in the field.
            super::focus::go_on_in_if_lost("note-text");
            if !refused && act == NoteAct::File {
                crate::live::announce::say(self.live.state, "Filed into the speakers’ boxes.");
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn typed(self, _text: String) {}

    #[cfg(not(feature = "hydrate"))]
    fn submit(self) {}

    #[cfg(not(feature = "hydrate"))]
    fn undo(self) {}

    #[cfg(not(feature = "hydrate"))]
    fn act(self, _act: NoteAct, _removed: Option<String>) {
        let _ = (self.live, self.slot, self.note, self.refused);
    }
}
