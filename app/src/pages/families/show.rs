//! The workbook summary of one family.

use domain::family::Hold;
use domain::page::{EarlierCard, FamilyCard, FamilyPage, LateCard};
use domain::policy::{FamilyAccessLogReader, FamilyManager};
use domain::status::AccessKind;
use domain::status::DeliveryState;
use domain::{FamilyId, PersonId, RecordId, WorkerId, dates};
use leptos::prelude::*;
use service::workbook::next::NextSupervision;
use service::{Service, ServiceError};
use std::collections::{BTreeMap, BTreeSet};

use crate::pages::families::chapter::summary_box;
use crate::pages::families::months::months;
use crate::pages::families::people::{children, people};
use crate::pages::records::list::state_words;
use crate::pages::steps::step_line;
use crate::pages::{openings, page, param};
use crate::parts::back::back;
use crate::parts::family_bar::safe_contact;
use crate::parts::form::{Draft, error_summary};
use crate::parts::own_words::own_words;
use crate::parts::safety_plan::safety_plan;
use crate::visit;

/// `/families/:id`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Family).await?;
        let all = visit::query("earlier").as_deref() == Some("all");
        let family = if all {
            visit.service.whole_family_page(reader).await?
        } else {
            visit.service.family_page(reader).await?
        };
        let older = !all && visit.service.has_older_supervisions(reader).await?;
        let written = visit.service.has_written_summary(reader).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let serves = reader.staff().is_some();
        let manages = reader.manager().is_some();
        let log = FamilyAccessLogReader::of(reader).is_some();
        let locks = reader.manager().and_then(FamilyManager::locker).is_some();
        let hold = match reader.manager() {
            Some(manager) => visit.service.hold_of(manager).await?,
            None => None,
        };
        let recorded = visit.service.recorded(reader).await?;
        let arrived = visit.service.arrived(reader).await?;
        let happened = visit.service.happened(reader).await?;
        let next = visit.service.next_supervision(reader).await?;
        let open_until = visit.service.open_until(reader).await?;
        let opened = visit.service.openings_of(reader).await?;
        let title = format!("Family {}", family.card.reference);
        let content = view! {
            {back("/families", "Families")}
            {error_summary(&draft)}
            {openings::open_until(id, open_until, log)}
            {top(&family.card, next, written, serves.then(|| menu(&family.card, (manages, locks), &recorded)))}
            {warnings(&family.card)}
            {openings::opened_by_others(opened)}
            {parts(&family)}
            {children(&family.card, serves)}
            <div class="cr-pictures">
                {genogram(&family, Service::writes_workbook(reader))}
                {months(&family.card, &happened, visit.service.clock().today())}
            </div>
            {safety(&family)}
            {heard(&family)}
            {summaries(&family)}
            {steps(&family)}
            {earlier(id, family.earlier.clone(), &arrived, older)}
            {late(family.late.clone())}
            {people(&family, serves)}
            {manages.then(|| held(id, hold, visit.viewer.worker, &draft))}
        };
        Ok((title, content))
    })
}

/// Whose page it is, when they were and are discussed, and what one does here first. `written`: whether the viewer has
/// written this month's summary; none where they write none.
fn top(
    card: &FamilyCard, next: Option<NextSupervision>, written: Option<bool>, more: Option<impl IntoView>,
) -> impl IntoView {
    let id = card.id;
    let write = written.map(|written| {
        let (class, words) = if written {
            ("govuk-button govuk-button--secondary", "Change my summary")
        } else {
            ("govuk-button", "Write my summary")
        };
        view! { <a class=class role="button" href=summary_box(id)>{words}</a> }
    });
    view! {
        <h1 class="cr-family-bar"><span class="cr-family-bar__reference cr-reference">{card.reference.clone()}</span>
            " "<span class="cr-family-bar__children">{card.children_line()}</span></h1>
        {safe_contact(card)}
        <div class="cr-heading-row">
            <p class="govuk-body">"Last discussed: "{card.discussed.map(dates::plain_date)}" "<span class="cr-quiet">{card.discussed_words.clone()}</span>{next.map(next_words)}</p>
            <div class="cr-acts">{write}{more}</div>
        </div>
    }
}

fn next_words(next: NextSupervision) -> impl IntoView {
    match next {
        NextSupervision::Planned { meeting, on } => view! {
            " · Next: "<a class="govuk-link" href=format!("/meetings/{meeting}")>{dates::plain_date(on)}</a>
        }
        .into_any(),
        NextSupervision::Agreed { on } => view! {
            " · Next: "{dates::plain_date(on)}<span class="cr-quiet">", agreed, no meeting planned yet"</span>
        }
        .into_any(),
    }
}

/// What is seldom needed, for those who look after the family's details.
fn menu(card: &FamilyCard, (manages, locks): (bool, bool), recorded: &BTreeSet<PersonId>) -> impl IntoView + use<> {
    let id = card.id;
    let here = move |what: &str| format!("/families/{id}/{what}");
    // A child is always asked for; an adult only where something is held about them.
    let children = card.children.iter().map(|child| (child.id, child.name.clone()));
    let adults = card.adults.iter().filter(|adult| recorded.contains(&adult.id));
    let held: Vec<(PersonId, String)> =
        children.chain(adults.map(|adult| (adult.id, adult.name.clone()))).filter(|_| manages).collect();
    view! {
        <details class="cr-menu cr-menu--paper">
            <summary>"More"</summary>
            <div class="cr-menu__content">
                <a href=here("edit")>"Edit the family’s details"</a>
                <a href=here("people/new")>"Add a child or an adult"</a>
                <a href=here("allocate")>"Allocate somebody"</a>
                {held.into_iter().map(|(person, name)| view! {
                    <a href=here(&format!("children/{person}/archive"))>{format!("What is held about {name}, for a subject access request")}</a>
                }).collect_view()}
                {manages.then(|| view! { <a href=here("access")>"Who looked at this family"</a>{locks.then(|| view! { <a href=here("lock")>"Lock this family"</a> })}<a href="#hold">"Legal hold"</a> })}
            </div>
        </details>
    }
}

fn warnings(card: &FamilyCard) -> impl IntoView + use<> {
    card.warnings.iter().cloned().map(|warning| view! {
        <div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">"!"</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">"Warning"</span>{warning}</strong></div>
    }).collect_view()
}

/// The parts of the page, each a press away.
fn parts(family: &FamilyPage) -> impl IntoView + use<> {
    let id = family.card.id;
    let counted = |title: &str, count: usize| if count == 0 { title.to_owned() } else { format!("{title} ({count})") };
    let open = family.steps.iter().filter(|step| !step.state.settled()).count();
    let all = [
        ("summaries", "Summaries".to_owned()),
        ("steps", counted("Steps", open)),
        ("earlier", "Earlier".to_owned()),
        ("late", counted("Late contributions", family.late.len())),
        ("people", "People".to_owned()),
    ];
    let shown = all.into_iter().filter(|(part, _)| *part != "late" || !family.late.is_empty());
    view! {
        <nav class="cr-parts" aria-label="Parts of this page">
            {shown.map(|(part, title)| view! { <a class="govuk-link" href=format!("#{part}")>{title}</a> }).collect_view()}
            <a class="govuk-link" href=format!("/families/{id}/chapters")>"Chapters"</a>
            <a class="govuk-link" href=format!("/families/{id}/safety-plan")>"Safety plan"</a>
            <a class="govuk-link" href=format!("/families/{id}/own-words")>"In their own words"</a>
            <a class="govuk-link" href=format!("/families/{id}/chronology")>"Chronology"</a>
            <a class="govuk-link" href=format!("/families/{id}/tonight")>"One page for tonight"</a>
        </nav>
    }
}

/// The picture; the way to draw one where nobody's ties are known.
fn genogram(family: &FamilyPage, writes: bool) -> impl IntoView + use<> {
    let address = format!("/families/{}/genogram", family.card.id);
    let way = match (&family.genogram, writes) {
        (Some(_), true) => "In words, and to change",
        (Some(_), false) => "In words",
        (None, true) => "Draw the genogram",
        (None, false) => return None,
    };
    let picture = family.genogram.clone().map(|picture| view! { <div class="cr-genogram" tabindex="0" role="region" aria-label="Genogram as a picture" inner_html=picture></div> });
    Some(view! {
        <section aria-labelledby="genogram" class="cr-pictures__genogram">
            <h2 class="govuk-heading-s" id="genogram">"Genogram"</h2>
            {picture}
            <p class="govuk-body-s"><a class="govuk-link" href=address>{way}<span class="govuk-visually-hidden">": genogram"</span></a></p>
        </section>
    })
}

/// The safety plan, for whoever opens the page in a hurry.
fn safety(family: &FamilyPage) -> Option<impl IntoView + use<>> {
    let plan = family.safety_plan.as_ref()?;
    Some(view! {
        <section aria-labelledby="safety">
            <h2 class="govuk-heading-m" id="safety">"Safety plan"</h2>
            {safety_plan(plan, "")}
        </section>
    })
}

/// The newest that each person gave in their own words.
fn heard(family: &FamilyPage) -> Option<impl IntoView + use<>> {
    let id = family.card.id;
    (!family.own_words.is_empty()).then(|| view! {
        <section aria-labelledby="own-words">
            <h2 class="govuk-heading-m" id="own-words">"In their own words"</h2>
            <div class="cr-heard">{family.own_words.iter().map(own_words).collect_view()}</div>
            <p class="govuk-body"><a class="govuk-link" href=format!("/families/{id}/own-words")>"All that was written down"</a></p>
        </section>
    })
}

fn summaries(family: &FamilyPage) -> impl IntoView + use<> {
    let summaries = family.summaries.clone();
    view! {
        <h2 class="govuk-heading-m" id="summaries">"Summaries"</h2>
        {summaries.is_empty().then(|| view! { <p class="govuk-body">"Nobody has written a summary yet."</p> })}
        {summaries.into_iter().map(|summary| view! {
            <section class="cr-summary">
                <h3 class="govuk-heading-s">{summary.name}", "{summary.discipline}" "<span class="cr-quiet">{summary.month}</span></h3>
                <div class="cr-prose" inner_html=summary.html></div>
            </section>
        }).collect_view()}
    }
}

fn steps(family: &FamilyPage) -> impl IntoView + use<> {
    let (id, steps) = (family.card.id, family.steps.clone());
    view! {
        <h2 class="govuk-heading-m" id="steps">"Steps"</h2>
        {steps.is_empty().then(|| view! { <p class="govuk-body">"No open steps."</p> })}
        <ul class="govuk-list cr-steps">
            {steps.into_iter().map(|step| view! { <li>{step_line(step, format!("/families/{id}"))}</li> }).collect_view()}
        </ul>
    }
}

fn earlier(
    family: FamilyId, earlier: Vec<EarlierCard>, arrived: &BTreeMap<RecordId, DeliveryState>, older: bool,
) -> impl IntoView + use<> {
    let arrived = arrived.clone();
    view! {
        <h2 class="govuk-heading-m" id="earlier">"Earlier group supervisions"</h2>
        {earlier.is_empty().then(|| view! { <p class="govuk-body">{if older { "None in the last twelve months." } else { "None is recorded here yet." }}</p> })}
        <ul class="govuk-list">
            {earlier.into_iter().map(|record| view! {
                <li><a class="govuk-link" href=format!("/records/{}", record.record)>{dates::plain_date(record.held_on)}", "{record.child}</a>": "{record.decision}
                    {arrived.get(&record.record).map(|state| { let (tag, words) = state_words(*state); view! { " "<strong class=format!("govuk-tag {tag}")>{words}</strong> } })}</li>
            }).collect_view()}
        </ul>
        {older.then(|| view! { <p class="govuk-body"><a class="govuk-link" href=format!("/families/{family}?earlier=all#earlier")>"Show all group supervisions"</a></p> })}
    }
}

/// A legal hold, for whoever manages the team.
fn held(family: FamilyId, hold: Option<Hold>, me: WorkerId, draft: &Draft) -> impl IntoView + use<> {
    let open = draft.fields.contains_key("hold");
    let form = match hold {
        Some(hold) if hold.by.worker == me => view! {
            <p class="govuk-body">{format!("Since {}, by you: {}", dates::plain_date(dates::london(hold.at).date()), hold.reason)}</p>
            <p class="govuk-body cr-quiet">"Somebody else who manages the team ends it."</p>
        }.into_any(),
        Some(hold) => view! {
            <p class="govuk-body">{format!("Since {}, by {}: {}", dates::plain_date(dates::london(hold.at).date()), hold.by.name, hold.reason)}</p>
            <form action="/api/family/hold" method="post" class="cr-step__answer">
                <input type="hidden" name="family" value=family.to_string()/>
                <input type="hidden" name="end" value="yes"/>
                <label for="hold-word">"Why it ends"</label>
                <input class="govuk-input" id="hold-word" name="word" value=draft.value("word", "")/>
                <button type="submit" class="cr-small-button">"End the hold"</button>
            </form>
        }.into_any(),
        None => view! {
            <details class="cr-fold" open=open>
                <summary>"Put a legal hold on this family"</summary>
                <div class="cr-fold__content">
                    <p class="govuk-body">"While it stands nothing of this family is reduced or destroyed: no draft, no keystroke, no record."</p>
                    <form action="/api/family/hold" method="post" class="cr-step__answer">
                        <input type="hidden" name="family" value=family.to_string()/>
                        <label for="hold-reason">"Why: proceedings, an inquiry, a complaint"</label>
                        <input class="govuk-input" id="hold-reason" name="hold" value=draft.value("hold", "")/>
                        <button type="submit" class="cr-small-button">"Hold"</button>
                    </form>
                </div>
            </details>
        }.into_any(),
    };
    view! { <h2 class="govuk-heading-m" id="hold">"Legal hold"</h2>{form}<p class="govuk-body"><a class="govuk-link" href="/retention">"How long records are held here"</a></p> }
}

/// Words that came after a family was finished: beside the records, which they leave as they were.
fn late(late: Vec<LateCard>) -> Option<impl IntoView> {
    (!late.is_empty()).then(|| view! {
        <h2 class="govuk-heading-m" id="late">"Late contributions"</h2>
        {late.into_iter().map(|late| view! {
            <section class="cr-summary">
                <h3 class="govuk-heading-s">{late.name}", "{late.discipline}" "<span class="cr-quiet">{format!("for the meeting of {}, filed {}", dates::plain_date(late.held_on), dates::plain_date(dates::london(late.at).date()))}</span></h3>
                <div class="cr-prose" inner_html=late.html></div>
            </section>
        }).collect_view()}
    })
}
