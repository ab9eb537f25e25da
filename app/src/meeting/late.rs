//! What one has to know about one's own words: no connection, signed out, came too late.

use domain::meeting::{Slot, Stance};
use domain::{SlotId, WorkerId};
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

use super::Live;
use super::act::with_name;
use super::late_place::LatePlace;
use crate::live::{ActState, EARLIER, Keeping, Late, Leave, Line, Unsent};
use crate::parts::erased::view;
use crate::parts::keyed::keyed;
use crate::parts::text_area::TextArea;

/// Banners at the top; the worst first.
pub fn banners(live: Live) -> impl IntoView {
    let meeting = live.page.with_untracked(|page| page.room.id);
    view! {
        // That the line is lost, or one is signed out, is announced with what else is said then.
        {move || line(live).map(|text| view! { <div class="cr-banner" role=(!matches!(live.state.line.get(), Line::Lost | Line::SignedOut)).then_some("alert")>{text}
            {(live.state.line.get() == Line::SignedOut).then(|| view! { " "<a class="govuk-link" href=format!("/sign-in?next=/meetings/{meeting}")>"Sign in again"</a> })}
        </div> })}
        {move || live.state.leaving.get().then(|| untrack(|| leaving(live)))}
    }
}

fn line(live: Live) -> Option<&'static str> {
    let kept = !matches!(live.state.keeping.get(), Keeping::Never);
    match live.state.line.get() {
        Line::Off | Line::Open => None,
        Line::Lost if kept => Some(
            "No connection. Go on: what you type and press is kept on this device, not yet shared, and sent when the connection is back. Urgent risk: ring. Do not load the page again.",
        ),
        Line::Lost => Some(
            "No connection. What you type stays in this page and is not yet shared. It is sent by itself when the connection is back; do not close the page. Urgent risk: ring.",
        ),
        Line::Ended => Some(
            "You are not allocated to a family of this meeting any more, so its content has been taken off this page. If that is a mistake, ask the team manager.",
        ),
        Line::Old => Some(
            "Caseround was renewed. This page loads itself again as soon as the form you are filling in is sent; your words in boxes are kept.",
        ),
        Line::Leaving => Some(
            "There is no connection to sign out with. The meeting has been taken off this page; leave the page open and you are signed out as soon as the connection is back.",
        ),
        Line::SignedOut if !kept => Some("You are signed out, so the meeting has been taken off this page."),
        Line::SignedOut => Some(
            "You are signed out, so the meeting has been taken off this page. Words not yet shared are kept on this device for you.",
        ),
    }
}

/// Said before the meeting, while there is time to take another device.
fn keeping(keeping: Keeping) -> Option<&'static str> {
    match keeping {
        Keeping::Asking | Keeping::Yes => None,
        Keeping::FirstTime => Some(
            "You have not used this browser here before. In a private window or on a virtual desktop, wait for “Saved” before you close it.",
        ),
        Keeping::Never => Some(
            "This browser cannot keep text. Words are safe once their box says “Saved”; while the connection is gone, do not close the page.",
        ),
    }
}

/// Whether this device keeps what is not yet shared; it can be put away.
pub fn keeping_note(live: Live) -> impl IntoView {
    let away = RwSignal::new(false);
    move || {
        keeping(live.state.keeping.get()).filter(|_| !away.get()).map(|text| view! {
            <p class="cr-note">{text}" "<button type="button" class="cr-link-button" on:click=move |_| away.set(true)>"Hide this message"</button></p>
        })
    }
}

/// Words that the meeting could not take: filed or discarded by their author, never by themselves.
pub fn late_words(live: Live) -> impl IntoView {
    view! {
        // One's words stay as one changes them, whatever comes too late beside them.
        {keyed(move || live.state.late.get(), move |late| one(live, late))}
    }
}

/// A family that is reopened takes words again where they belong.
const AGAIN: &str = "this family is open again. Copy these words to where they belong, then discard them here.";

/// Why words could not be filed.
fn refused(live: Live, key: String) -> impl Fn() -> Option<String> + Send + Sync + 'static {
    move || {
        live.state.acts.with(|acts| match acts.get(&key) {
            Some(ActState::Refused { text, .. }) => Some(text.clone()),
            Some(ActState::Busy | ActState::Waiting) | None => None,
        })
    }
}

fn one(live: Live, late: Late) -> impl IntoView {
    let box_: NodeRef<html::Textarea> = NodeRef::new();
    let (filed, typed, name) = (late.clone(), late.clone(), late.name.clone());
    let refused = refused(live, late.name.clone());
    let slot = late.part.as_deref().and_then(|place| place.parse().ok()).map(|LatePlace { slot, .. }| slot);
    // Words of an open family came too late for another reason, which stays.
    let over = slot.is_some_and(|slot| untrack(|| live.slot(slot, |_, slot| slot.progress.frozen())));
    let again = Memo::new(move |_| over && slot.is_some_and(|slot| live.writable(slot)));
    let why = late.why.clone();
    view! {
        <section class="cr-late" aria-label="Words that came too late">
            <p class="govuk-body"><strong>"Not in the meeting"{move || slot.filter(|slot| live.shown() != Some(*slot)).map(|slot| about(live, slot))}": "</strong>{move || if again.get() { AGAIN.to_owned() } else { why.clone() }}</p>
            {if slot.is_some() {
                view! {
                    <div on:input=move |_| change(live, &typed, box_)>
                        <TextArea id=Late::field(&late.name) rows=3 value=late.words.clone() element=box_ attr:aria-label="Your words"/>
                    </div>
                    {move || (!again.get()).then(|| {
                        let filed = filed.clone();
                        view! { <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| file(live, filed.clone(), box_)>"File as a late contribution"</button>" " }
                    })}
                }
            } else {
                view! { <p class="govuk-body cr-plain">{late.words.clone()}</p> }
            }}
            {discard(if slot.is_some() { "Discard" } else { "Understood" }, !late.words.is_empty(), move || settle(live, &name))}
            {move || refused().map(|why| view! { <p class="cr-refused" role="alert">{why}</p> })}
        </section>
    }
}

/// What refusals to file a form's words are kept under: what its act was refused for is another matter.
pub fn filing(key: &str) -> String {
    format!("filing {key}")
}

/// Nothing brings discarded words back: where there are any, a first press asks, and the same place pressed again keeps them.
fn discard(label: &'static str, any: bool, done: impl Fn() + Clone + Send + Sync + 'static) -> impl IntoView {
    let asked = RwSignal::new(false);
    let at_once = done.clone();
    let press = move |event: MouseEvent| match (any, event.detail() > 1) {
        (false, _) => at_once(),
        // A double click is one press.
        (true, true) => {}
        (true, false) => asked.update(|asked| *asked = !*asked),
    };
    let for_good = move || {
        let done = done.clone();
        view! { " "<button type="button" class="cr-small-button" on:click=move |_| done()>"Discard these words for good"</button> }
    };
    view! {
        <button type="button" class="cr-small-button" on:click=press>{move || if asked.get() { "Keep them" } else { label }}</button>
        {move || asked.get().then(&for_good)}
    }
}

/// What was typed into a form that does not come back, and was not sent: it stays on this device until its author puts it away
/// or, once the family is finished, files it.
pub fn unsent_words(live: Live) -> impl IntoView {
    let me = live.me();
    let gone = Memo::new(move |_| {
        // A page whose content was taken off it shows nobody's words.
        if matches!(live.state.line.get(), Line::Ended | Line::SignedOut | Line::Leaving) {
            return Vec::new();
        }
        live.state.unsent.with(|all| {
            let shown = live.shown();
            let words = |(key, unsent): (&String, &Unsent)| {
                let gone = |slot| live.room(|room| room.slot(slot).is_none());
                let whole = |slot| live.is_whole(slot);
                let past = |id| live.slot(id, |_, slot| never_comes_back(key, slot, me, whole(id)));
                let place: LatePlace = unsent.part.as_deref()?.parse().ok()?;
                let slot = place.slot;
                if !gone(slot) && !past(slot) {
                    return None;
                }
                let frozen: bool = live.slot(slot, |_, slot| slot.progress.frozen());
                let about = if shown == Some(slot) { String::new() } else { about(live, slot) };
                let sentence = format!("You had written{about}: {}", unsent.words);
                let to_file = with_name(&unsent.act, &unsent.words);
                (!unsent.words.is_empty()).then(|| (key.clone(), frozen.then_some(place), sentence, to_file))
            };
            all.iter().filter_map(words).collect::<Vec<_>>()
        })
    });
    move || {
        gone.get().into_iter().map(|(key, to_file, sentence, words)| view! {
            <div class="cr-left" role="group" aria-label="Words that were not sent">
                <p>{sentence}" "
                {to_file.map(|place| {
                    let (key, words) = (key.clone(), words.clone());
                    let refused = refused(live, filing(&key));
                    view! { {move || refused().map(|why| view! { <span class="cr-refused" role="alert">{why}" "</span> })} <button type="button" class="cr-small-button" on:click=move |_| file_unsent(live, &key, place.clone(), &words)>"File as a late contribution"</button>" " }
                })}
                {discard("Discard", true, move || put_away(live, &key))}</p>
            </div>
        }).collect_view()
    }
}

/// " about FS-3046"; nothing of a family one may not see.
fn about(live: Live, slot: SlotId) -> String {
    let reference = live.reference(slot);
    if reference.is_empty() { reference } else { format!(" about {reference}") }
}

/// Whether the form of this key is past: it holds other words now, the family is finished, the numbers are shown, the step or
/// decision is gone, or the decision is confirmed and waits for no reason of theirs. Of a family that is not here `whole`
/// nobody knows the last ones.
fn never_comes_back(key: &str, slot: &Slot, me: WorkerId, whole: bool) -> bool {
    if key.starts_with(EARLIER) {
        return true;
    }
    let (key, _) = key.split_once('@').unwrap_or((key, ""));
    let about = |kind: &str| key.strip_prefix(kind);
    let no_decision = ["word-", "stand-"]
        .into_iter()
        .filter_map(about)
        .any(|id| id.parse().is_ok_and(|id| slot.decision(id).is_none()));
    let no_step = about("change-").is_some_and(|id| slot.steps.iter().all(|step| step.id.to_string() != id));
    let decision = key.strip_prefix("stand-").and_then(|id| slot.decision(id.parse().ok()?));
    let decided = decision.is_some_and(|decision| {
        let theirs = decision.stances.get(&me);
        decision.confirmed.is_some() && decision.said_themselves(me) && !theirs.is_some_and(Stance::completes_reason)
    });
    let gone = whole && (no_decision || no_step || decided);
    slot.progress.frozen() || gone || (key.starts_with("scale-") && slot.scales.revealed_at.is_some())
}

#[cfg(feature = "hydrate")]
fn file_unsent(live: Live, key: &str, place: LatePlace, words: &str) {
    super::filing::file_unsent(live, key, place, words);
}

#[cfg(not(feature = "hydrate"))]
fn file_unsent(_live: Live, _key: &str, _place: LatePlace, _words: &str) {}

#[cfg(feature = "hydrate")]
fn put_away(live: Live, key: &str) {
    crate::live::unsent::put_away(live, key);
}

#[cfg(not(feature = "hydrate"))]
fn put_away(_live: Live, _key: &str) {}

#[cfg(feature = "hydrate")]
fn file(live: Live, late: Late, words: NodeRef<html::Textarea>) {
    let words = words.get_untracked().map(|words| words.value()).unwrap_or_default();
    super::filing::file_late(live, late, words);
}

#[cfg(feature = "hydrate")]
fn change(live: Live, late: &Late, words: NodeRef<html::Textarea>) {
    let words = words.get_untracked().map(|words| words.value()).unwrap_or_default();
    crate::live::late::change(live, late, &words);
}

#[cfg(not(feature = "hydrate"))]
fn change(_live: Live, _late: &Late, _words: NodeRef<html::Textarea>) {}

#[cfg(feature = "hydrate")]
fn settle(live: Live, name: &str) {
    crate::live::outbox::settle(live.state, name);
}

#[cfg(not(feature = "hydrate"))]
fn file(_live: Live, _late: Late, _words: NodeRef<html::Textarea>) {}

#[cfg(not(feature = "hydrate"))]
fn settle(_live: Live, _name: &str) {}

/// Asked of somebody who signs out while words are not yet shared.
fn leaving(live: Live) -> impl IntoView {
    view! {
        <div class="cr-banner" role="alertdialog" aria-label="Words not yet shared">
            <p class="govuk-body">"Some of what you typed or pressed is not yet shared."</p>
            <button type="button" class="govuk-button" on:click=move |_| leave(live, Leave::Send)>"Send it, then sign out"</button>" "
            <button type="button" class="cr-small-button" on:click=move |_| leave(live, Leave::Keep)>"Keep it here for 14 days and sign out"</button>" "
            <button type="button" class="cr-small-button" on:click=move |_| leave(live, Leave::Discard)>"Discard it and sign out"</button>" "
            <button type="button" class="cr-small-button" on:click=move |_| live.state.leaving.set(false)>"Stay"</button>
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn leave(live: Live, how: Leave) {
    crate::live::browser::leave(live, how);
}

#[cfg(not(feature = "hydrate"))]
fn leave(_live: Live, _how: Leave) {}
