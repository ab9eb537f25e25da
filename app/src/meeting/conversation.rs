//! The next conversation with the family, in the spirit of Motivational Interviewing: who explores what with whom, and what
//! that person themselves wants and why.

use domain::meeting::{Conversation, Process};
use domain::template::Part;
use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::{act, hidden, nothing};

/// Conversations agreed, and one more.
pub fn conversations(page: &DiscussionPage) -> impl IntoView + use<> {
    let live = page.writes && page.slot.progress.in_discussion() && page.room.is_open();
    let known = page.slot.conversations.clone();
    if known.is_empty() && !live {
        return nothing("Not used.").into_any();
    }
    view! {
        {page.room.template.has(Part::Steps).then(|| view! { <h4 class="govuk-heading-s">"The next conversation"</h4> })}
        <ul class="govuk-list">
            {known.iter().map(|conversation| view! {
                <li class="cr-conversation">{words(page, conversation)}
                    {(live && page.may_take_away(conversation.by)).then(|| act(page, "conversation", "withdraw_conversation", false, view! {
                        {hidden("conversation", conversation.id)}
                        <button type="submit" class="cr-link-button">"Remove"<span class="govuk-visually-hidden">": "{conversation.draft.explore.clone()}</span></button>
                    }.into_any()))}
                </li>
            }).collect_view()}
        </ul>
        {live.then(|| form(page))}
    }.into_any()
}

fn words(page: &DiscussionPage, known: &Conversation) -> impl IntoView + use<> {
    let known = &known.draft;
    let process = known.process.map(|process| format!(" ({})", process.word())).unwrap_or_default();
    view! {
        <p class="govuk-body"><strong>{page.name(known.worker).to_owned()}" with "{known.with.clone()}</strong>{process}": "{known.explore.clone()}
            {(!known.own_words.is_empty()).then(|| format!(" In their own words: “{}”", known.own_words))}
            {(!known.own_number.is_empty()).then(|| format!(" Their own number: {}", known.own_number))}</p>
    }
}

fn form(page: &DiscussionPage) -> impl IntoView + use<> {
    let mut workers: Vec<(domain::WorkerId, String)> =
        page.slot.members.keys().map(|worker| (*worker, page.name(*worker).to_owned())).collect();
    workers.sort_by(|a, b| a.1.cmp(&b.1));
    let me = page.me;
    let member = page.slot.members.contains_key(&me);
    let adults: Vec<String> = page.family.card.adults.iter().map(|adult| adult.name.clone()).collect();
    let children: Vec<String> = page.family.card.children.iter().map(|child| child.name.clone()).collect();
    let inner = view! {
        <div class="cr-converse">
            <p><label for="converse-who">"Who"</label>
            <select class="govuk-select" id="converse-who" name="form[worker]">{(!member).then(|| view! { <option value="">"Choose"</option> })}{workers.into_iter().map(|(worker, name)| view! { <option value=worker.to_string() selected={worker == me}>{name}</option> }).collect_view()}</select></p>
            <p><label for="converse-with">"With whom"</label>
            <select class="govuk-select" id="converse-with" name="form[with]">{adults.into_iter().chain(children).map(|name| view! { <option value=name.clone()>{name.clone()}</option> }).collect_view()}</select></p>
            <p class="cr-converse__what"><label for="converse-what">"What to explore together, in one line"</label>
            <input class="govuk-input" id="converse-what" name="form[what]"/></p>
            <button type="submit" class="cr-small-button">"Add this conversation"</button>
        </div>
        <details class="cr-fold"><summary>"What they want, in their own words"</summary>
            <div class="cr-fold__content">
                <p><label for="converse-own">"What they want and why, as they said it"</label>
                <input class="govuk-input" id="converse-own" name="form[own_words]"/></p>
                <p><label for="converse-number">"Importance, confidence or readiness: only a number they gave themselves, with the day and their words"</label>
                <input class="govuk-input" id="converse-number" name="form[own_number]"/></p>
                <p><label for="converse-kind">"Where the conversation is"</label>
                <select class="govuk-select" id="converse-kind" name="form[process]">
                    <option value="">"Leave it open"</option>
                    {Process::CHOICES.map(|(process, words)| view! { <option value=process.word()>{words}</option> }).collect_view()}
                </select></p>
            </div>
        </details>
    };
    act(page, "conversation", "agree_conversation", true, inner.into_any())
}
