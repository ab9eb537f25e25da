//! The workbook summary of one family.

use chrono::{Datelike, Months, NaiveDate};
use domain::page::{EarlierCard, FamilyCard, FamilyPage, LateCard, StepCard};
use domain::retention::Hold;
use domain::status::{DeliveryState, StepStatus};
use domain::{FamilyId, PersonId, RecordId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::markdown::to_html;
use service::people::EndedAllocation;
use service::workbook::summary::SummaryForm;
use std::collections::{BTreeMap, BTreeSet};

use crate::api::allocation::ENDED;
use crate::pages::records::list::state_words;
use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::child::long_not_alone;
use crate::parts::form::{Draft, error_summary};
use crate::parts::text_area::TextArea;
use crate::visit;

/// `/families/:id`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.service.family_reader(&visit.viewer, id).await?;
        let all = visit::query("earlier").as_deref() == Some("all");
        let family = if all {
            visit.service.whole_family_page(reader).await?
        } else {
            visit.service.family_page(reader).await?
        };
        let older = !all && visit.service.has_older_supervisions(reader).await?;
        let form = visit.service.summary_form(reader).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let serves = reader.staff().is_some();
        let manages = reader.manager().is_some();
        let hold = match reader.manager() {
            Some(manager) => visit.service.hold_of(manager).await?,
            None => None,
        };
        let recorded = visit.service.recorded(reader).await?;
        let arrived = visit.service.arrived(reader).await?;
        let saved = visit::query("saved").is_some();
        let title = format!("Family {}", family.card.reference);
        let content = view! {
            {back("/families", "Families")}
            {error_summary(&draft)}
            {ended(id, &draft)}
            {top(&family, serves, manages, &recorded)}
            {saved.then(|| view! { <div class="cr-saved" role="status" id="saved">"Your summary is saved."</div> })}
            {form.map(|form| own_summary(&family.card, &form, &draft))}
            {others(&family)}
            {steps(&family)}
            {earlier(id, family.earlier.clone(), &arrived, older)}
            {late(family.late.clone())}
            {manages.then(|| held(id, hold, &draft))}
        };
        Ok((title, content))
    })
}

/// Says that an allocation was ended, with the way back.
fn ended(family: FamilyId, draft: &Draft) -> Option<impl IntoView + use<>> {
    let ended: EndedAllocation = serde_json::from_str(draft.fields.get(ENDED)?).ok()?;
    let undo = visit::query("draft")?;
    Some(view! {
        <div class="cr-saved" role="status">
            <form action="/api/allocation/restore" method="post" class="cr-inline-form">
                <input type="hidden" name="family" value=family.to_string()/>
                <input type="hidden" name="undo" value=undo/>
                {ended.who}" no longer works with this family. "<button type="submit" class="cr-link-button">"Undo"</button>
            </form>
        </div>
    })
}

fn top(family: &FamilyPage, serves: bool, manages: bool, recorded: &BTreeSet<PersonId>) -> impl IntoView + use<> {
    let (card, id) = (&family.card, family.card.id);
    let edit = move |what: &str| format!("/families/{id}/{what}");
    let everything = |person: PersonId, name: &str| {
        let words = format!("What is held about {name}, for a subject access request");
        view! { <a class="govuk-link" href=edit(&format!("children/{person}/archive"))>{words}</a> }
    };
    view! {
        <div class="cr-heading-row">
            <h1 class="govuk-heading-l">"Family "{card.reference.clone()}</h1>
            {serves.then(|| view! { <a class="govuk-link" href=edit("edit")>"Edit the family’s details"</a> })}
        </div>
        {card.warnings.iter().cloned().map(|warning| view! {
            <div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">"!"</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">"Warning"</span>{warning}</strong></div>
        }).collect_view()}
        <p class="govuk-body">"Last discussed: "{card.discussed.map(dates::plain_date)}" "<span class="cr-quiet">{card.discussed_words.clone()}</span></p>
        <h2 class="govuk-heading-m">"Children"</h2>
        <ul class="cr-cards">
            {card.children.iter().map(|child| view! {
                <li class="cr-card">
                    <strong>{child.name.clone()}</strong>" "{child.age.clone()}
                    <p class="govuk-body-s">{if child.plan.is_empty() { "no open plan".to_owned() } else { child.plan.clone() }}</p>
                    {long_not_alone(child)}
                    <p class="govuk-body-s cr-quiet">{if child.seen.is_empty() { "no visit recorded".to_owned() } else { child.seen.clone() }}</p>
                    {serves.then(|| view! { <a class="govuk-link govuk-body-s" href=edit(&format!("people/{}", child.id))>"Edit "{child.name.clone()}"’s details"</a> })}
                    {manages.then(|| view! { <p class="govuk-body-s">{everything(child.id, &child.name)}</p> })}
                </li>
            }).collect_view()}
        </ul>
        {card.children.is_empty().then(|| view! { <p class="govuk-body">"No child is recorded."</p> })}
        <h2 class="govuk-heading-m">"Adults"</h2>
        <ul class="govuk-list">
            {card.adults.iter().map(|adult| view! {
                <li>{adult.name.clone()}{(!adult.relation.is_empty()).then(|| format!(", {}", adult.relation))}
                    {serves.then(|| view! { " "<a class="govuk-link" href=edit(&format!("people/{}", adult.id))>"Edit"<span class="govuk-visually-hidden">" details of "{adult.name.clone()}</span></a> })}
                    {(manages && recorded.contains(&adult.id)).then(|| view! { " · "{everything(adult.id, &adult.name)} })}</li>
            }).collect_view()}
        </ul>
        {card.adults.iter().all(|adult| adult.relation.to_lowercase().starts_with("mother")).then(|| view! { <p class="govuk-body">{if card.adults.is_empty() { "No adult is recorded." } else { "Only the mother is recorded." }}" Fathers, partners and others who care for the children are often missing in an extract: add them where it is safe to."</p> })}
        {serves.then(|| view! { <p class="govuk-body"><a class="govuk-link" href=edit("people/new")>"Add a child or an adult"</a></p> })}
        <h2 class="govuk-heading-m">"Who works with them"</h2>
        <ul class="govuk-list">
            {card.allocated.iter().map(|who| view! {
                <li class="cr-allocated">
                    <span><strong>{who.name.clone()}</strong>{(!who.discipline.is_empty()).then(|| format!(", {}", who.discipline))}
                    {(!who.with.is_empty()).then(|| format!(" · with {}", who.with))}" "<span class="cr-quiet">"since "{dates::plain_date(who.since)}</span></span>
                    {serves.then(|| view! {
                        <form action="/api/allocation/end" method="post">
                            <input type="hidden" name="family" value=id.to_string()/>
                            <input type="hidden" name="id" value=who.allocation.to_string()/>
                            <button type="submit" class="cr-link-button">"End allocation"<span class="govuk-visually-hidden">": "{who.name.clone()}</span></button>
                        </form>
                    })}
                </li>
            }).collect_view()}
        </ul>
        {card.allocated.is_empty().then(|| view! { <p class="govuk-body">"Nobody is allocated."</p> })}
        {serves.then(|| view! { <p class="govuk-body"><a class="govuk-link" href=edit("allocate")>"Allocate somebody"</a></p> })}
        {(!family.factors.is_empty()).then(|| view! {
            <h2 class="govuk-heading-m">"Factors at the last assessment"</h2>
            <p class="govuk-body">{family.factors.join(" · ")}</p>
        })}
    }
}

fn own_summary(card: &FamilyCard, form: &SummaryForm, draft: &Draft) -> impl IntoView + use<> {
    let text =
        draft.value("text", if form.text.is_empty() { form.before.as_deref().unwrap_or_default() } else { &form.text });
    let base = draft.value("base", &form.revision.to_string());
    let carried = form.text.is_empty() && form.before.is_some() && !draft.fields.contains_key("text");
    let preview = draft.fields.contains_key("preview").then(|| to_html(&text));
    view! {
        <section id="summary" aria-labelledby="my-summary">
            <h2 class="govuk-heading-m" id="my-summary">"My monthly summary, "{dates::month_name(&form.month)}</h2>
            {carried.then(|| view! { <p class="govuk-inset-text">"This is last month’s, carried on. Change what has changed, then save."</p> })}
            {preview.map(|html| view! { <div class="cr-preview"><h3 class="govuk-heading-s">"Preview, not saved yet"</h3><div class="cr-prose" inner_html=html></div></div> })}
            <form action="/api/summary/save" method="post">
                <input type="hidden" name="family" value=card.id.to_string()/>
                <input type="hidden" name="base" value=base/>
                <div class="govuk-form-group">
                    <label class="govuk-label" for="text">"What is going well, what worries you, what has changed for each child this month"</label>
                    <div class="govuk-hint" id="text-hint">"Everybody who works with this family reads this, and the child may ask to read it one day. **bold**, lists with - and > quotes work. No clinical detail, no addresses."</div>
                    <TextArea id="text" name="text" rows=8 value=text attr:aria-describedby="text-hint"/>
                </div>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button">"Save my summary"</button>
                    <button type="submit" name="preview" value="yes" class="govuk-button govuk-button--secondary">"Preview"</button>
                </div>
            </form>
        </section>
    }
}

fn others(family: &FamilyPage) -> impl IntoView + use<> {
    let summaries = family.summaries.clone();
    view! {
        <h2 class="govuk-heading-m">"Summaries"</h2>
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
        <h2 class="govuk-heading-m">"Steps"</h2>
        {steps.is_empty().then(|| view! { <p class="govuk-body">"No open steps."</p> })}
        <ul class="govuk-list cr-steps">
            {steps.into_iter().map(|step| view! { <li>{step_line(step, format!("/families/{id}"))}</li> }).collect_view()}
        </ul>
    }
}

/// One step with its answer form for those who may give it.
pub(crate) fn step_line(step: StepCard, back: String) -> impl IntoView {
    let state = match step.state {
        StepStatus::Done => "done",
        StepStatus::NotDone => "not done yet",
        StepStatus::Carried => "carried on",
        StepStatus::Dropped => "not needed any more",
        StepStatus::Open => "open",
    };
    let id = step.id.to_string();
    view! {
        <div class="cr-step">
            <p class="govuk-body"><strong>{step.what.clone()}</strong>
                <span class="cr-quiet">" · "{step.owner.clone()}{(!step.with.is_empty()).then(|| format!(", with {}", step.with))}
                    " · "{step.due.map_or_else(|| "no date".to_owned(), |due| format!("by {}", dates::plain_date(due)))}{step.first_due.map(|due| format!(", first by {}", dates::plain_date(due)))}
                    " · agreed "{dates::short_date(step.agreed_on)}</span>
                " "<strong class=if step.state == StepStatus::Done { "govuk-tag govuk-tag--green" } else { "govuk-tag govuk-tag--grey" }>{state}</strong>
                {(!step.word.is_empty()).then(|| format!(" {}", step.word))}</p>
            {step.owner_left.then(|| hand_over(&step, back.clone()))}
            {(step.mine && !step.state.settled()).then(|| view! {
                <form action="/api/step/answer" method="post" class="cr-step__answer">
                    {crate::meeting::act::no_choice_by_enter()}
                    <input type="hidden" name="id" value=id.clone()/>
                    <input type="hidden" name="back" value=back/>
                    <label for=format!("word-{id}")>"A word why"</label>
                    <input class="govuk-input" id=format!("word-{id}") name="word"/>
                    <button type="submit" name="done" value="yes" class="cr-small-button">"Done"<span class="govuk-visually-hidden">": "{step.what.clone()}</span></button>
                    <button type="submit" name="done" value="no" class="cr-small-button">"Not done"<span class="govuk-visually-hidden">": "{step.what.clone()}</span></button>
                </form>
            })}
        </div>
    }
}

/// A step whose owner does not work with the family any more.
fn hand_over(step: &StepCard, back: String) -> impl IntoView + use<> {
    let (field, owner) = (format!("to-{}", step.id), step.owner.clone());
    let (id, what, heirs) = (step.id.to_string(), step.what.clone(), step.heirs.clone());
    view! {
        <p class="govuk-body cr-hint">{owner}" does not work with this family any more."</p>
        {(!heirs.is_empty()).then(|| view! {
            <form action="/api/step/hand-over" method="post" class="cr-step__answer">
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="back" value=back/>
                <label for=field.clone()>"Who takes it"<span class="govuk-visually-hidden">": "{what}</span></label>
                <select class="govuk-select" id=field name="to">
                    <option value="">"Choose"</option>
                    {heirs.into_iter().map(|(worker, name)| view! { <option value=worker.to_string()>{name}</option> }).collect_view()}
                </select>
                <button type="submit" class="cr-small-button">"Hand over"</button>
            </form>
        })}
    }
}

fn earlier(
    family: FamilyId, earlier: Vec<EarlierCard>, arrived: &BTreeMap<RecordId, DeliveryState>, older: bool,
) -> impl IntoView + use<> {
    let arrived = arrived.clone();
    view! {
        <h2 class="govuk-heading-m" id="earlier">"Earlier group supervisions"</h2>
        {earlier.is_empty().then(|| view! { <p class="govuk-body">{if older { "None in the last twelve months." } else { "None is recorded here yet." }}</p> })}
        {months(&earlier)}
        <ul class="govuk-list">
            {earlier.into_iter().map(|record| view! {
                <li><a class="govuk-link" href=format!("/records/{}", record.record)>{dates::plain_date(record.held_on)}", "{record.child}</a>": "{record.decision}
                    {arrived.get(&record.record).map(|state| { let (tag, words) = state_words(*state); view! { " "<strong class=format!("govuk-tag {tag}")>{words}</strong> } })}</li>
            }).collect_view()}
        </ul>
        {older.then(|| view! { <p class="govuk-body"><a class="govuk-link" href=format!("/families/{family}?earlier=all#earlier")>"Show all group supervisions"</a></p> })}
    }
}

/// The months of a family as a picture: when it was discussed; the list below says what was decided.
fn months(earlier: &[EarlierCard]) -> Option<impl IntoView + use<>> {
    let last = earlier.first()?.held_on;
    let first_day = |date: NaiveDate| date.with_day(1).unwrap_or(date);
    let shown: Vec<(NaiveDate, bool)> = (0..12)
        .rev()
        .filter_map(|back| first_day(last).checked_sub_months(Months::new(back)))
        .map(|month| (month, earlier.iter().any(|record| first_day(record.held_on) == month)))
        .collect();
    Some(view! {
        <svg viewBox="0 0 600 44" class="cr-agenda" aria-hidden="true" focusable="false">
            {shown.into_iter().enumerate().map(|(at, (month, discussed))| {
                let x = 25 + at * 50;
                view! {
                    <circle cx=x.to_string() cy="14" r="8" class=if discussed { "cr-agenda__now" } else { "cr-agenda__to-come" }/>
                    <text x=x.to_string() y="40" text-anchor="middle">{dates::short_date(month).split(' ').nth(1).unwrap_or_default().to_owned()}</text>
                }
            }).collect_view()}
        </svg>
    })
}

/// A legal hold, for whoever manages the team.
fn held(family: FamilyId, hold: Option<Hold>, draft: &Draft) -> impl IntoView + use<> {
    let open = draft.fields.contains_key("hold");
    let form = match hold {
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
        <h2 class="govuk-heading-m">"Late contributions"</h2>
        {late.into_iter().map(|late| view! {
            <section class="cr-summary">
                <h3 class="govuk-heading-s">{late.name}", "{late.discipline}" "<span class="cr-quiet">{format!("for the meeting of {}, filed {}", dates::plain_date(late.held_on), dates::plain_date(dates::london(late.at).date()))}</span></h3>
                <div class="cr-prose" inner_html=late.html></div>
            </section>
        }).collect_view()}
    })
}
