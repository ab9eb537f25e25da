//! One act as a form: it posts without scripts, and is sent by the page with them. [`Act`] owns every form of the meeting's
//! page: it is sent once, says that it is busy, shows what was refused beside the field, waits for the connection, says what
//! was done and how to undo it ([`super::reaction`]), and keeps what was typed when it leaves the page.

use domain::SlotId;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use super::Live;
use super::reaction::{FormKind, NOT_YET};
use crate::live::{ActState, Fields};
use crate::parts::erased::view;

/// A form for one act. `key` tells it from the page's other forms.
#[component]
pub fn Act(
    /// Which act.
    act: &'static str, /// Which slot.
    #[prop(optional, into)]
    at: Option<SlotId>,
    /// Its name among the forms of the family.
    #[prop(into)]
    key: String,
    /// Whether to empty it once applied.
    #[prop(optional)]
    reset: bool,
    /// A block's class.
    #[prop(optional)]
    class: &'static str,
    /// The act and its fields that bring back what stood there before; empty where there is none.
    #[prop(optional, into)]
    undo: Signal<Fields>,
    /// The revision that a rewording is based on; what was typed comes back with the one it was typed on.
    #[prop(optional)]
    base: Option<RwSignal<u32>>,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let live: Live = expect_context();
    let (meeting, seed) =
        live.page.with_untracked(|page| (page.room.id.to_string(), format!("{}/{}", page.cursor, page.now)));
    let form: NodeRef<html::Form> = NodeRef::new();
    let key = key_of(&key, at);
    let keep_typed = keep_unsent(live, act, key.clone(), form, base);
    let of_submit = key.clone();
    let submit = move |event: SubmitEvent| {
        let undo = Some(undo.get_untracked()).filter(|fields| !fields.is_empty());
        sent(live, Spec { key: of_submit.clone(), act, reset, undo, pressed: String::new() }, form, &event);
    };
    let name = format!("form-{key}");
    let refusal = refusal_id(&name);
    let of_state = key.clone();
    let state = Memo::new(move |_| live.state.acts.with(|acts| acts.get(&of_state).cloned()));
    let heading = move || at.and_then(|slot| live.heading.get().or_else(|| live.stage(slot)));
    view! {
        <form class=format!("cr-act {class}") id=name.clone() method="post" action="/api/meeting/act" node_ref=form on:submit=submit on:input=move |_| keep_typed() data-base=base.map(|_| "")
            aria-busy=move || (state.get() == Some(ActState::Busy)).then_some("true")>
            <input type="hidden" name="form[meeting]" value=meeting/>
            <input type="hidden" name="form[command]" value=seed/>
            <input type="hidden" name="form[act]" value=act/>
            // Refused without scripts, the message at the top leads back here.
            <input type="hidden" name="form[form]" value=name.clone()/>
            {at.map(|slot| view! { <input type="hidden" name="form[slot]" value=slot.to_string()/> })}
            {sees_the_room(act).then(|| view! { <input type="hidden" name="form[seen]" value=move || seen(live, act, at)/> })}
            {at.map(|_| view! { <input type="hidden" name="form[heading]" value=move || heading().map(|at| at.to_string()).unwrap_or_default()/> })}
            {children()}
            {move || match state.get() {
                None | Some(ActState::Busy) => None,
                // It is said aloud once for all forms.
                Some(ActState::Waiting) => Some(view! { <p class="cr-refused">{NOT_YET}</p> }),
                Some(ActState::Refused { text, .. }) => Some(view! { <p class="cr-refused" role="alert" id=refusal.clone()>{text}</p> }),
            }}
        </form>
    }
}

/// Whether an act moves the room or a role away from where its sender sees it: somebody may have moved it before.
fn sees_the_room(act: &str) -> bool {
    matches!(act, "stage" | "confirm_and_go" | "start" | "hand_over_record" | "take_over")
}

/// What the page shows of what an act moves: the heading the room is at, the family that is discussed, or who has the role.
fn seen(live: Live, act: &str, at: Option<SlotId>) -> String {
    let shown = match act {
        "start" => live.room(|room| room.current).map(|slot| slot.to_string()),
        "hand_over_record" => live.room(|room| room.record_taker).map(|taker| taker.to_string()),
        "take_over" => Some(live.room(|room| room.chair).to_string()),
        _ => at.and_then(|slot| live.stage(slot)).map(|stage| stage.to_string()),
    };
    shown.unwrap_or_default()
}

/// The id of what a form says where its act is refused.
pub fn refusal_id(form: &str) -> String {
    format!("refused-{form}")
}

/// A form's name on the page: the same form of two families is two forms.
#[must_use]
pub fn key_of(name: &str, slot: Option<SlotId>) -> String {
    slot.map_or_else(|| name.to_owned(), |slot| format!("{name}@{slot}"))
}

/// What [`Act`] knows of its form when it is sent.
#[derive(Debug, Clone)]
pub struct Spec {
    /// The form's name on the page.
    pub key: String,
    /// Which act.
    pub act: &'static str,
    /// Whether it is emptied once applied.
    pub reset: bool,
    /// The act and its fields that bring back what stood there before.
    pub undo: Option<Fields>,
    /// What the button says that was pressed; empty where it says nothing of its own.
    pub pressed: String,
}

/// Whether an act moves the room: its page goes along.
#[must_use]
pub fn moves_the_room(act: &str) -> bool {
    matches!(act, "stage" | "start" | "finish" | "postpone" | "reopen" | "confirm_and_go")
}

/// Whether an act is one of those at whose place the next weighty one stands as soon as it is done: a second press there is
/// the first one's.
#[must_use]
pub fn is_pressed_once(act: &str) -> bool {
    matches!(act, "confirm" | "confirm_and_go" | "confirm_all" | "stage" | "finish" | "postpone" | "split" | "join")
}

/// What was written with an act, before its words where they are filed by themselves: "A step: ring the school".
#[must_use]
pub fn with_name(act: &str, words: &str) -> String {
    let name = match act {
        "add_step" | "change_step" => "A step",
        "word" => "A decision",
        "stand" | "all_agree" => "A stance",
        "ask_question" => "A question for the day",
        "answer_last_step" => "What became of a step",
        "answer_scale" => "Why this number",
        "word_scales" => "What the numbers mean",
        "consider_option" => "An option",
        "agree_contingency" => "If something happens",
        "agree_conversation" => "A conversation",
        "raise_risk" => "Urgent risk",
        "bring_in" => "Why somebody was needed",
        _ => return words.to_owned(),
    };
    format!("{name}: {words}")
}

/// Whether a form's words are kept by the form: a text box keeps its own.
fn keeps_words(act: &str) -> bool {
    act != "write"
}

/// Whether an act is meant for the moment in which it is pressed: later the room has gone on without it. What says where its
/// sender saw the room is not: the meeting refuses it itself.
#[must_use]
pub fn is_of_the_moment(act: &str) -> bool {
    matches!(
        act,
        "finish" | "postpone" | "reopen" | "pause" | "resume" | "call_break" | "end_break" | "hand_over_chair"
    )
}

impl Spec {
    /// Whether nobody waits for it to be sent by itself.
    #[must_use]
    pub fn urgent(&self) -> bool {
        self.act == "raise_risk"
    }

    /// Whether the words in it are kept until they are sent.
    #[must_use]
    pub fn keeps(&self) -> bool {
        keeps_words(self.act)
    }

    /// Whether the chair moves the room with it, so that their own page goes along.
    #[must_use]
    pub fn moves(&self) -> bool {
        moves_the_room(self.act)
    }

    /// Whether it proposes a decision, which then stands above it.
    #[must_use]
    pub fn proposes(&self) -> bool {
        self.act == "word"
    }

    /// What its reaction to an outcome depends on.
    #[must_use]
    pub fn kind(&self) -> FormKind {
        FormKind { urgent: self.urgent(), adds: self.reset, moves: self.moves() }
    }

    /// What is said aloud once it was applied, of what the page shows by itself.
    #[must_use]
    pub fn said_in_words(&self) -> Option<&'static str> {
        Some(match self.act {
            "add_step" => "Step added.",
            "change_step" => "Step changed.",
            "everybody_here" => "Everybody is marked as here.",
            "all_agree" => "Where they stand is recorded.",
            "split" => "A decision of their own was made.",
            _ => return None,
        })
    }

    /// What is said and shown once it was applied; absent where the page shows it by itself.
    #[must_use]
    pub fn done_in_words(&self) -> Option<&'static str> {
        Some(match self.act {
            "remove_step" => "Step removed.",
            "remove_option" => "Option removed.",
            "remove_contingency" => "Plan removed.",
            "remove_conversation" => "Conversation removed.",
            "answer_last_step" => match self.pressed.as_str() {
                "done" => "Step marked as done.",
                "not_done" => "Step marked as not done.",
                "carried" => "Step carried on.",
                _ => "Step marked as not needed any more.",
            },
            "ask_question" => "Today’s question is set.",
            "agree_next_date" => "Date kept.",
            "word_scales" => "Words kept.",
            "mark" | "mark_passage" | "release_passage" => "Who can read it is changed.",
            // The first mark says nothing; one that is changed can be undone.
            "attend" if self.undo.is_some() => "Attendance changed.",
            "hand_over_chair" => "Chairing is handed over.",
            "hand_over_record" => "Record-taking is handed over.",
            "bring_in" => "Brought in for this family.",
            "more_time" | "later" | "postpone_waiting" => "The agenda is changed.",
            _ => return None,
        })
    }
}

#[cfg(feature = "hydrate")]
fn sent(live: Live, spec: Spec, form: NodeRef<html::Form>, event: &SubmitEvent) {
    super::send::send(live, spec, form, event);
}

#[cfg(not(feature = "hydrate"))]
fn sent(_live: Live, _spec: Spec, _form: NodeRef<html::Form>, _event: &SubmitEvent) {}

/// What is typed into a form and not sent is on this device; a form that leaves the page hands it on, and one that comes
/// back is filled with it. What is returned is to be called when something was typed.
#[cfg(feature = "hydrate")]
fn keep_unsent(
    live: Live, act: &'static str, key: String, form: NodeRef<html::Form>, base: Option<RwSignal<u32>>,
) -> impl Fn() {
    let keeps = keeps_words(act);
    let (of_mount, of_typing) = (key.clone(), key.clone());
    if keeps {
        Effect::new(move |_| {
            if let Some(form) = form.get() {
                super::typed::fill(live, &of_mount, &form, base);
            }
        });
        on_cleanup(move || {
            if let Some(Some(form)) = form.try_get_untracked() {
                super::typed::leave(live, &key, &form);
            }
        });
    }
    move || {
        if let Some(form) = form.get_untracked().filter(|_| keeps) {
            super::typed::keep_on_device(live, &of_typing, &form);
        }
    }
}

#[cfg(not(feature = "hydrate"))]
fn keep_unsent(
    _live: Live, _act: &'static str, _key: String, _form: NodeRef<html::Form>, _base: Option<RwSignal<u32>>,
) -> impl Fn() {
    || ()
}

/// A form that is one button.
pub fn act_button(
    act: &'static str, slot: Option<SlotId>, label: impl Into<String>, class: &'static str,
) -> impl IntoView {
    let label = label.into();
    match slot {
        Some(slot) => {
            view! { <Act act=act at=slot key=act><button type="submit" class=class>{label}</button></Act> }
        }
        None => view! { <Act act=act key=act><button type="submit" class=class>{label}</button></Act> },
    }
}

/// The act `act` for a slot with its fields, as an undo sends it.
pub fn fields<const N: usize>(act: &str, slot: SlotId, rest: [(&str, String); N]) -> Fields {
    let first = [("act", act.to_owned()), ("slot", slot.to_string())];
    first.into_iter().chain(rest).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The act that puts back what `act` takes off the table.
pub fn brings_back(act: &str, slot: SlotId, (name, id): (&'static str, impl ToString)) -> Fields {
    fields("bring_back", slot, [("removed", act.to_owned()), (name, id.to_string())])
}

/// "Remove", for what somebody wrote down under a heading: `name` is its field, `called` is what it says.
pub fn remove(
    act: &'static str, slot: SlotId, (name, id): (&'static str, impl ToString), called: String,
) -> impl IntoView {
    let id = id.to_string();
    let key = format!("{act}-{id}");
    let undo = brings_back(act, slot, (name, &id));
    view! {
        <Act act=act at=slot key=key undo=undo>
            {hidden(name, id)}
            <button type="submit" class="cr-link-button">"Remove"<span class="govuk-visually-hidden">": "{called}</span></button>
        </Act>
    }
}

/// A hidden field.
pub fn hidden(name: &'static str, value: impl ToString) -> AnyView {
    view! { <input type="hidden" name=format!("form[{name}]") value=value.to_string()/> }
}

/// A choice that is an answer by itself sends its form once the person stays with it for a moment: arrow keys pass others.
#[cfg(feature = "hydrate")]
pub fn send_when_chosen(event: &leptos::ev::Event) {
    super::unasked::when_chosen(event);
}

/// Without scripts a button sends it.
#[cfg(not(feature = "hydrate"))]
pub fn send_when_chosen(_event: &leptos::ev::Event) {}

/// What is written into a field is kept once its person leaves it, so that going on needs no press before.
#[cfg(feature = "hydrate")]
pub fn send_when_left(event: &leptos::ev::Event) {
    super::unasked::when_left(event);
}

/// Without scripts a button sends it.
#[cfg(not(feature = "hydrate"))]
pub fn send_when_left(_event: &leptos::ev::Event) {}

/// What is written into a form that adds something is added once its person leaves the form.
#[cfg(feature = "hydrate")]
pub fn send_when_form_left(event: &leptos::ev::FocusEvent) {
    super::unasked::when_form_left(event);
}

/// Without scripts a button sends it.
#[cfg(not(feature = "hydrate"))]
pub fn send_when_form_left(_event: &leptos::ev::FocusEvent) {}

/// What is written into a line is kept once its person pauses.
#[cfg(feature = "hydrate")]
pub fn send_when_quiet(event: &leptos::ev::Event) {
    super::unasked::when_quiet(event);
}

/// Without scripts a button sends it.
#[cfg(not(feature = "hydrate"))]
pub fn send_when_quiet(_event: &leptos::ev::Event) {}

/// Before several buttons that each say something else: Enter in a field of theirs presses none of them. A browser
/// presses the first button of a form, and this one cannot be pressed.
pub fn no_choice_by_enter() -> AnyView {
    view! { <button type="submit" disabled hidden></button> }
}

/// Words behind a disclosure.
pub fn fold(title: impl Into<String>, content: impl IntoView) -> impl IntoView {
    view! {
        <details class="cr-fold">
            <summary>{title.into()}</summary>
            <div class="cr-fold__content">{content}</div>
        </details>
    }
}

/// What stands under a heading where nothing has been done: one line.
pub fn nothing(words: impl Into<String>) -> AnyView {
    view! { <p class="govuk-body cr-quiet">{words.into()}</p> }
}
