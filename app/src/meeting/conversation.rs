//! The next conversation with the family, in the spirit of Motivational Interviewing: who explores what with whom, and what
//! that person themselves wants and why.

use domain::meeting::{Conversation, Process, Removable};
use domain::template::Part;
use domain::{ConversationId, SlotId, WorkerId};
use leptos::prelude::*;
use std::collections::BTreeSet;

use super::Live;
use super::act::{Act, fold, nothing, remove};
use super::choices;
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// Conversations agreed, and one more.
pub fn conversations(live: Live, id: SlotId) -> impl IntoView {
    let beside_steps = live.page.with_untracked(|page| page.room.template.has(Part::Steps));
    let ids =
        live.memo(id, |_, slot| slot.conversations.iter().map(|conversation| conversation.id).collect::<Vec<_>>());
    let open = Memo::new(move |_| live.writable(id) && live.discussed(id));
    view! {
        <section class="cr-list" aria-label="The next conversation">
            {beside_steps.then(|| view! { <h3 class="govuk-heading-s">"The next conversation"</h3> })}
            {move || (ids.with(Vec::is_empty) && !open.get()).then(|| nothing("No conversation is agreed."))}
            <ul class="govuk-list">
                {keyed(move || ids.get(), move |conversation| one(live, id, conversation, open))}
            </ul>
            {move || open.get().then(|| untrack(|| add(live, id)))}
        </section>
    }
}

fn one(live: Live, id: SlotId, conversation_id: ConversationId, open: Memo<bool>) -> impl IntoView {
    let conversation = live.memo(id, move |_, slot| {
        slot.conversations.iter().find(|conversation| conversation.id == conversation_id).cloned()
    });
    let may = Memo::new(move |_| open.get() && live.may_remove(id, Removable::Conversation(conversation_id)));
    move || {
        conversation.get().map(|conversation| {
            let explore = conversation.draft.explore.clone();
            let may = may.get();
            view! {
                <li class="cr-conversation">{words(live, &conversation)}
                    {may.then(|| remove("remove_conversation", id, ("conversation", conversation_id), explore))}
                </li>
            }
        })
    }
}

fn words(live: Live, conversation: &Conversation) -> impl IntoView + use<> {
    let draft = &conversation.draft;
    let process = draft.process.map(|process| format!(" ({})", process.word())).unwrap_or_default();
    view! {
        <p class="govuk-body"><strong>{live.name(draft.worker)}" with "{draft.with.clone()}</strong>{process}": "{draft.explore.clone()}
            {(!draft.own_words.is_empty()).then(|| format!(" In their own words: “{}”", draft.own_words))}
            {(!draft.own_number.is_empty()).then(|| format!(" Their own number: {}", draft.own_number))}</p>
    }
}

fn add(live: Live, id: SlotId) -> impl IntoView {
    let members: Vec<WorkerId> = live.slot(id, |_, slot| slot.members.keys().copied().collect());
    let workers = live.to_choose(members.iter().copied());
    let me = live.me();
    let member = members.contains(&me);
    // The conversation keeps the name: two people of one name are one choice.
    let people: Vec<(String, String)> = live.family(id, |family| {
        let adults = family.adults.iter().filter(|adult| !adult.has_died);
        let children = family.children.iter().filter(|child| !child.has_died);
        let adults = adults.map(|adult| (adult.name.clone(), adult.relation.clone()));
        let all = adults.chain(children.map(|child| (child.name.clone(), String::new())));
        let mut names = BTreeSet::new();
        all.filter(|(name, _)| names.insert(name.clone())).collect()
    });
    // Nobody of a family stands there unless somebody chose them: the words are about one person.
    let several = people.len() > 1;
    let called = |name: &str, relation: &str| {
        if relation.is_empty() { name.to_owned() } else { format!("{name}, {relation}") }
    };
    view! {
        <Act act="agree_conversation" at=id key="conversation" reset=true>
            <div class="cr-converse">
                <p><label for="converse-who">"Who"</label>
                <select class="govuk-select" id="converse-who" name="form[worker]">{(!member).then(|| view! { <option value="">"Choose"</option> })}{choices::people(move || workers.clone(), Some(me))}</select></p>
                <p><label for="converse-with">"With whom"</label>
                <select class="govuk-select" id="converse-with" name="form[with]">{several.then(|| view! { <option value="">"Choose"</option> })}{people.into_iter().map(|(name, relation)| view! { <option value=name.clone()>{called(&name, &relation)}</option> }).collect_view()}</select></p>
                <p class="cr-converse__what"><label for="converse-what">"What to explore together, in one line"</label>
                <input class="govuk-input" id="converse-what" name="form[what]" aria-describedby="converse-how" autocomplete="off"/></p>
                <button type="submit" class="cr-small-button">"Add this conversation"</button>
            </div>
            <p class="cr-quiet" id="converse-how">"In the line, @ and a name chooses with whom."</p>
            {fold("What they want, in their own words", view! {
                <p><label for="converse-own">"What they want and why, as they said it"</label>
                <input class="govuk-input" id="converse-own" name="form[own_words]"/></p>
                <p><label for="converse-number">"Importance, confidence or readiness: only a number they gave themselves, with the day and their words"</label>
                <input class="govuk-input" id="converse-number" name="form[own_number]"/></p>
                <p><label for="converse-kind">"Where the conversation is"</label>
                <select class="govuk-select" id="converse-kind" name="form[process]">
                    <option value="">"Leave it open"</option>
                    {Process::CHOICES.map(|(process, words)| view! { <option value=process.word()>{words}</option> }).collect_view()}
                </select></p>
            })}
        </Act>
    }
}
