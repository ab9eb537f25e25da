//! What was considered beside what is decided, and what is done if something happens.

use domain::{ContingencyId, OptionId, PersonId, WorkerId};
use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::{act, hidden};

/// Options that were considered, where the template wants them.
pub fn options(page: &DiscussionPage) -> Option<impl IntoView + use<>> {
    let known = page.slot.options.clone();
    let live = live(page);
    (page.room.template.practice.options && (live || !known.is_empty())).then(|| {
        let lines = known.iter().map(|option| line(page, Withdraw::Option(option.id), option.by, option.draft.what.clone(), option.draft.child, live)).collect_view();
        view! {
            <h4 class="govuk-heading-s">"Options we considered"</h4>
            <ul class="govuk-list">{lines}</ul>
            {live.then(|| act(page, "options", "consider_option", true, view! {
                <div class="cr-converse">
                    <p class="cr-converse__what"><label for="option-what">"An option, and what speaks for it and against it"</label>
                    <input class="govuk-input" id="option-what" name="form[what]"/></p>
                    {for_whom(page, "option-child")}
                    <button type="submit" class="cr-small-button">"Add this option"</button>
                </div>
            }.into_any()))}
        }
    })
}

/// If something happens, then what; where the template wants it.
pub fn contingency(page: &DiscussionPage) -> Option<impl IntoView + use<>> {
    let known = page.slot.contingencies.clone();
    let live = live(page);
    (page.room.template.practice.contingency && (live || !known.is_empty())).then(|| {
        let lines = known
            .iter()
            .map(|known| {
                line(
                    page,
                    Withdraw::Contingency(known.id),
                    known.by,
                    known.draft.content.to_string(),
                    known.draft.child,
                    live,
                )
            })
            .collect_view();
        view! {
            <h4 class="govuk-heading-s">"If something happens"</h4>
            <ul class="govuk-list">{lines}</ul>
            {live.then(|| act(page, "contingency", "agree_contingency", true, view! {
                <div class="cr-converse">
                    <p class="cr-converse__what"><label for="if-happens">"If"</label>
                    <input class="govuk-input" id="if-happens" name="form[what]"/></p>
                    <p class="cr-converse__what"><label for="if-then">"Then who does what"</label>
                    <input class="govuk-input" id="if-then" name="form[why]"/></p>
                    {for_whom(page, "if-child")}
                    <button type="submit" class="cr-small-button">"Add this"</button>
                </div>
            }.into_any()))}
        }
    })
}

/// What is taken away, each with its own act and id.
#[derive(Clone, Copy)]
enum Withdraw {
    Option(OptionId),
    Contingency(ContingencyId),
}

impl Withdraw {
    const fn act(self) -> &'static str {
        match self {
            Self::Option(_) => "withdraw_option",
            Self::Contingency(_) => "withdraw_contingency",
        }
    }

    fn field(self) -> AnyView {
        match self {
            Self::Option(id) => hidden("option", id),
            Self::Contingency(id) => hidden("contingency", id),
        }
    }
}

fn live(page: &DiscussionPage) -> bool {
    page.writes && page.slot.progress.in_discussion() && page.room.is_open()
}

fn line(
    page: &DiscussionPage, which: Withdraw, by: WorkerId, words: String, child: Option<PersonId>, live: bool,
) -> impl IntoView + use<> {
    let whom = child.map(|child| format!(" ({})", page.family.card.child_name(child))).unwrap_or_default();
    view! {
        <li class="cr-conversation"><p class="govuk-body">{words.clone()}<span class="cr-quiet">{whom}</span></p>
            {(live && page.may_take_away(by)).then(|| act(page, "options", which.act(), false, view! {
                {which.field()}
                <button type="submit" class="cr-link-button">"Remove"<span class="govuk-visually-hidden">": "{words}</span></button>
            }.into_any()))}
        </li>
    }
}

/// For all children, or for one of them.
fn for_whom(page: &DiscussionPage, field: &'static str) -> Option<impl IntoView + use<>> {
    let children = page.family.card.in_order(page.slot.children.iter().copied());
    (children.len() > 1).then(|| {
        let children: Vec<(String, String)> =
            children.iter().map(|child| (child.to_string(), page.family.card.child_name(*child).to_owned())).collect();
        view! {
            <p><label for=field>"For"</label>
            <select class="govuk-select" id=field name="form[child]"><option value="">"all children"</option>{children.into_iter().map(|(id, name)| view! { <option value=id>{name}</option> }).collect_view()}</select></p>
        }
    })
}
