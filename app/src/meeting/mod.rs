//! A meeting's page: one tree, drawn by the server and by the island from the same projected room. One file for each feature,
//! with the same name as in `domain`.

#![allow(missing_docs, reason = "the island macro makes a props struct without docs")]

pub mod act;
#[cfg(feature = "hydrate")]
mod address;
mod agenda;
#[cfg(feature = "hydrate")]
mod announcements;
mod beside;
mod bring_in;
mod check_in;
mod choices;
mod confirm;
mod contingencies;
mod controls;
mod conversation;
mod decision;
mod decision_row;
#[cfg(feature = "hydrate")]
mod discussion;
#[cfg(feature = "hydrate")]
mod filing;
mod finished;
#[cfg(feature = "hydrate")]
mod focus;
#[cfg(feature = "hydrate")]
mod follow;
mod headings;
mod identity;
#[cfg(feature = "hydrate")]
mod in_sight;
mod keys;
mod last_steps;
mod late;
pub mod late_place;
mod mark;
mod menu;
mod missing;
#[cfg(feature = "hydrate")]
mod news;
mod next_date;
mod note;
mod notice;
mod open_row;
mod options;
mod people;
mod place;
mod quiet;
pub mod reaction;
mod read_back;
mod risk;
mod scales;
mod scene;
#[cfg(feature = "hydrate")]
mod send;
mod short_break;
mod stale;
mod stance;
mod state;
mod steps;
mod taken_away;
mod text_box;
#[cfg(feature = "hydrate")]
mod twice;
#[cfg(feature = "hydrate")]
mod typed;
#[cfg(feature = "hydrate")]
mod unasked;
mod views;
mod wall;

use domain::SlotId;
use domain::page::MeetingPage;
use leptos::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub use headings::on_page as heading_on_page;
#[cfg(feature = "hydrate")]
pub use scene::go_on_there as go_on_in_scene;
pub use short_break::in_words as break_in_words;
pub use state::{Asked, Live};

use crate::live::Line;
use crate::parts::erased::view;
use crate::parts::form::Draft;
use crate::parts::keyed::keyed;

/// What the page is rendered with, as it travels.
#[derive(Debug, Clone)]
pub struct Rendered(pub MeetingPage);

impl Serialize for Rendered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&domain::wire::write(&self.0))
    }
}

impl<'de> Deserialize<'de> for Rendered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        domain::wire::read(&text).map(Self).ok_or_else(|| D::Error::custom("a page of another version"))
    }
}

/// One family's discussion: the headings, the heading on the page, and what stands beside it.
fn room(live: Live, id: SlotId) -> impl IntoView {
    view! {
        <div class="cr-room">
            {headings::headings(live, id)}
            {scene::scene(live, id)}
            {beside::beside(live, id)}
        </div>
    }
}

/// Sees a click before the part it hits does.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "only a browser is clicked"))]
fn on_click(event: &leptos::ev::MouseEvent) {
    #[cfg(feature = "hydrate")]
    {
        twice::note(event);
        menu::on_tap(event);
    }
}

/// The live meeting.
#[island]
pub fn LiveMeeting(page: Rendered, asked: Asked, draft: Option<Draft>) -> impl IntoView {
    let live = Live::new(page.0, asked, draft);
    provide_context(live);
    #[cfg(feature = "hydrate")]
    news::start(live);
    if live.page.with_untracked(|page| page.projector) {
        return wall::wall(live).into_any();
    }
    let shown = Memo::new(move |_| live.shown().filter(|id| live.slot(*id, |_, slot| slot.family.is_some())));
    let here = Memo::new(move |_| shown.get().filter(|id| live.is_whole(*id)));
    view! {
        <div class="cr-meeting" class:cr-live=move || live.state.line.get() != Line::Off class:cr-meeting--around=move || live.around.get()
            on:keydown=move |event| { menu::on_key(&event); keys::on_key(&event); } on:click=move |event| menu::on_press(&event) on:pointerdown:capture=move |event| menu::on_pointer(&event) on:click:capture=move |event| on_click(&event)
            on:focusin=move |event| menu::on_focus(&event)>
            <p class="govuk-visually-hidden" role="status" aria-live="polite">{move || live.state.said.get()}</p>
            {identity::identity(live, shown)}
            {move || (!live.quiet.get()).then(|| untrack(|| agenda::line(live)))}
            {late::late_words(live)}
            {late::unsent_words(live)}
            // Another family is a new scene; the same one keeps its fields.
            {keyed(move || here.get(), move |id| move || if live.quiet.get() {
                untrack(|| quiet::quiet(live, id)).into_any()
            } else {
                untrack(|| room(live, id)).into_any()
            })}
            {move || (shown.get().is_some() && here.get().is_none()).then(|| view! {
                <p class="govuk-body cr-coming" role="status">"Loading this family."</p>
            })}
            {move || shown.get().is_none().then(|| untrack(|| scene::without_family(live)))}
            {late::keeping_note(live)}
            // What is said stands over the end of the page, so that nothing moves under a caret when it comes.
            <div class="cr-foot">
                {late::banners(live)}
                {short_break::message(live)}
                {scene::room_is_elsewhere(live)}
                {move || here.get().map(|id| untrack(|| scene::room_is_at(live, id)))}
                {notice::notice(live)}
                {keyed(move || here.get().filter(|_| !live.quiet.get()), move |id| controls::bar(live, id))}
            </div>
        </div>
    }
}
