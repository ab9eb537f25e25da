//! A short break of the whole room: called from the chair's bar, said on every page and on the wall.

use domain::dates;
use leptos::prelude::*;

use super::Live;
use super::act::{Act, act_button, hidden};
use crate::parts::erased::view;

/// So long is the break that the bar offers, in minutes.
const MINUTES: u32 = 10;

/// For the chair's bar.
pub fn offer() -> impl IntoView {
    view! {
        <Act act="call_break" key="call-break">
            {hidden("minutes", MINUTES)}
            <button type="submit" class="cr-more__item">{format!("Take a break of {MINUTES} minutes")}</button>
        </Act>
    }
}

/// "Break until 10:42", absent where there is none.
pub fn in_words(live: Live) -> Option<String> {
    live.room(|room| {
        room.on_break.as_ref().map(|short_break| format!("Break until {}", dates::clock(short_break.until)))
    })
}

/// What every page says, and the way on for whoever runs the meeting.
pub fn message(live: Live) -> impl IntoView {
    let words = Memo::new(move |_| in_words(live));
    let runs = Memo::new(move |_| live.runs());
    move || {
        words.get().map(|words| {
            view! {
                <div class="cr-notice" role="group" aria-label="Break">
                    <p><strong>{words}</strong>". You can write meanwhile."</p>
                    {move || runs.get().then(|| act_button("end_break", None, "Go on", "cr-small-button"))}
                </div>
            }
        })
    }
}
