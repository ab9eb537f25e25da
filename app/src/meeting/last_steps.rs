//! What comes before thinking: last month's decisions and steps, and the workbook.

use domain::dates;
use domain::meeting::Became;
use domain::page::StepCard;
use domain::status::StepStatus;
use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::{act, hidden, no_choice_by_enter};

/// What the chair sees before anything is said, and goes on regardless: the question for today, whose summary is there,
/// what is overdue.
pub fn before(page: &DiscussionPage) -> impl IntoView + use<> {
    let (family, card) = (&page.family, &page.family.card);
    let mut workers: Vec<(domain::WorkerId, String)> =
        card.allocated.iter().filter_map(|who| Some((who.worker?, who.name.clone()))).collect();
    workers.dedup();
    let current =
        |worker: domain::WorkerId| family.summaries.iter().any(|summary| summary.worker == worker && summary.current);
    let (ready, late): (Vec<_>, Vec<_>) = workers.into_iter().partition(|(worker, _)| current(*worker));
    let names = |people: Vec<(domain::WorkerId, String)>| {
        people.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(", ")
    };
    let overdue =
        family.steps.iter().filter(|step| step.due.is_some_and(|due| due < page.today) && !step.state.settled());
    let overdue = overdue.count();
    let away: Vec<&str> = card
        .allocated
        .iter()
        .filter_map(|who| who.worker)
        .filter(|worker| page.away_today(*worker))
        .map(|worker| page.name(worker))
        .collect();
    let away = (!away.is_empty()).then(|| format!(" Away today: {}.", away.join(", ")));
    let question = page.slot.question.clone();
    let (ready, late) = (names(ready), names(late));
    let form = page.writes.then(|| {
        let inner = view! {
            <label class="govuk-visually-hidden" for="ask-today">"The question for today"</label>
            <input class="govuk-input cr-ask-today" id="ask-today" name="form[what]" value=question.clone() placeholder="The one question for today"/>
            <button type="submit" class="cr-small-button">{if question.is_empty() { "Ask it" } else { "Change it" }}</button>
        };
        let form = act(page, "before", "ask_question", false, inner.into_any());
        view! { <details class="cr-fold"><summary>{if question.is_empty() { "Ask one question for today" } else { "Change the question" }}</summary>{form}</details> }
    });
    let shown = page.slot.question.clone();
    view! {
        {(!shown.is_empty()).then(|| view! { <p class="govuk-body"><strong>"Today’s question: "</strong>{shown}</p> })}
        {page.runs.then(|| view! { <p class="govuk-body-s cr-quiet">{if ready.is_empty() { "No summary of this month yet; go on all the same.".to_owned() } else { format!("Summaries of this month: {ready}.{}", if late.is_empty() { String::new() } else { format!(" Still to come: {late}.") }) }}
            {away}{(overdue > 0).then(|| if overdue == 1 { " 1 step is past its day.".to_owned() } else { format!(" {overdue} steps are past their day.") })}</p> })}
        {form}
    }
}

/// The rest of the agenda as it stands now, who waits for which family, and two ways to make room.
pub fn rest(page: &DiscussionPage) -> impl IntoView + use<> {
    let open = page.room.is_open();
    let rows: Vec<_> = page.coming.iter().map(|coming| {
        let name = coming.reference.clone().unwrap_or_else(|| "another family".to_owned());
        let late = open && coming.likely != "now" && coming.likely != coming.planned;
        let ways = (page.runs && coming.movable).then(|| {
            let press = |act_word: &'static str, label: &'static str| act(page, "rest", act_word, false, view! {
                {hidden("to", coming.slot)}{hidden("plan", page.room.plan_revision)}<button type="submit" class="cr-small-button">{label}<span class="govuk-visually-hidden">": "{name.clone()}</span></button>
            }.into_any());
            view! { <span class="cr-ways">{press("later", "One later")}{press("not_today", "Not today")}</span> }
        });
        let more = (page.runs && coming.slot == page.slot.id).then(|| act(page, "rest", "more_time", false, view! {
            {hidden("to", coming.slot)}{hidden("plan", page.room.plan_revision)}<button type="submit" class="cr-small-button">"Ten more minutes"<span class="govuk-visually-hidden">": "{name.clone()}</span></button>
        }.into_any()));
        let likely = if coming.likely == "now" {
            "now".to_owned()
        } else if late {
            format!("planned {}, likely {}", coming.planned, coming.likely)
        } else {
            format!("planned {}", coming.planned)
        };
        let waits = if coming.waiting.is_empty() { String::new() } else { format!(" · {}", coming.waiting.join(", ")) };
        view! {
            <li><strong>{name.clone()}</strong>{format!(" · {likely} · {} min{waits}", coming.minutes)}{ways}{more}</li>
        }
    }).collect();
    view! {
        {rows.is_empty().then(|| super::nothing("Every family of this agenda is done."))}
        {(!rows.is_empty()).then(|| view! { <ol class="govuk-list cr-rest" aria-label="The rest of the agenda">{rows}</ol> })}
        {handovers(page)}
    }
}

/// Who handed what to whom in this meeting.
fn handovers(page: &DiscussionPage) -> impl IntoView + use<> {
    let lines: Vec<String> = page
        .room
        .handovers
        .iter()
        .map(|change| {
            let (at, by) = (dates::clock(change.at), page.name(change.by));
            match change.to {
                Some(to) if change.taken => format!("{at}: {} took over {}", page.name(to), change.what.title()),
                Some(to) => format!("{at}: {by} handed {} to {}", change.what.title(), page.name(to)),
                None => format!("{at}: {} back to the chair", change.what.title()),
            }
        })
        .collect();
    view! { <ul class="govuk-list govuk-body-s">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }
}

/// When each child was seen, beside their boxes.
pub fn seen(page: &DiscussionPage) -> impl IntoView + use<> {
    let lines: Vec<String> = page
        .family
        .card
        .children
        .iter()
        .map(|child| {
            let seen = if child.seen.is_empty() { "no visit recorded" } else { child.seen.as_str() };
            format!("{}: {seen}", child.name)
        })
        .collect();
    view! { <p class="govuk-body-s cr-quiet">{lines.join(" · ")}</p> }
}

/// Last month's decisions, and what became of its steps: said with one press each.
pub fn last_time(page: &DiscussionPage) -> impl IntoView + use<> {
    let card = &page.family;
    let last = card.earlier.first().map(|record| record.held_on);
    let decisions: Vec<_> = card.earlier.iter().filter(|record| Some(record.held_on) == last).cloned().collect();
    let (done, total) = (card.steps.iter().filter(|step| step.state == StepStatus::Done).count(), card.steps.len());
    let live = page.writes && page.slot.progress.in_discussion() && page.room.is_open();
    view! {
        {decisions.is_empty().then(|| view! { <p class="govuk-body cr-quiet">"No earlier group supervision is recorded here."</p> })}
        <ul class="govuk-list">
            {decisions.into_iter().map(|record| view! {
                <li><strong>{record.child}</strong>", "{dates::short_date(record.held_on)}": "{record.decision}{(!record.why.is_empty()).then(|| format!(". Why: {}", record.why))}</li>
            }).collect_view()}
        </ul>
        {(total > 0).then(|| view! { <p class="govuk-body">{format!("{done} of {total} steps done")}</p> })}
        <ul class="govuk-list cr-last-steps">
            {card.steps.iter().map(|step| last_step(page, step, live)).collect_view()}
        </ul>
    }
}

fn last_step(page: &DiscussionPage, step: &StepCard, live: bool) -> impl IntoView + use<> {
    let said = page.slot.last_steps.iter().find(|said| said.step == step.id);
    let state = match step.state {
        StepStatus::Done => "✓ done".to_owned(),
        StepStatus::NotDone => "○ not done".to_owned(),
        StepStatus::Carried => format!("→ carried on, {}", times(step.carried)),
        StepStatus::Dropped => "– not needed any more".to_owned(),
        StepStatus::Open => "○ open".to_owned(),
    };
    let overdue = step.due.is_some_and(|due| due < page.today) && !step.state.settled();
    let details = format!(
        " · {}{}{}{}",
        step.owner,
        step.due.map(|due| format!(" · by {}", dates::short_date(due))).unwrap_or_default(),
        step.first_due.map(|due| format!(", first by {}", dates::short_date(due))).unwrap_or_default(),
        if overdue { ", passed" } else { "" }
    );
    let word = said.map_or(step.word.clone(), |said| said.word.clone());
    // Said in this meeting already it can still be said otherwise, behind a fold.
    let answer = live.then(|| {
        let form = answer(page, step);
        if said.is_some() || step.state.settled() {
            view! { <details class="cr-fold"><summary>"Say otherwise"<span class="govuk-visually-hidden">": "{step.what.clone()}</span></summary>{form}</details> }.into_any()
        } else {
            form.into_any()
        }
    });
    view! {
        <li><span>{state}" · "{step.what.clone()}<span class="cr-quiet">{details}</span>{(!word.is_empty()).then(|| format!(" · {word}"))}</span>{answer}</li>
    }
}

fn times(count: i64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

fn answer(page: &DiscussionPage, step: &StepCard) -> impl IntoView + use<> {
    let what = step.what.clone();
    let (field, due) = (format!("said-{}", step.id), format!("due-{}", step.id));
    // The next supervision, agreed or usual.
    let next = page.slot.next_date.unwrap_or_else(|| super::decide::next_supervision(page));
    let inner = view! {
        {no_choice_by_enter()}
        {hidden("step", step.id)}
        <label class="govuk-visually-hidden" for=field.clone()>"A word why: "{what.clone()}</label>
        <input class="govuk-input cr-word" id=field.clone() name="form[why]" placeholder="a word why"/>
        <label class="govuk-visually-hidden" for=due.clone()>"If it is carried on, by when: "{what.clone()}</label>
        <input class="govuk-input cr-date" id=due name="form[due]" value=dates::typed(next) autocomplete="off"/>
        {Became::ALL.into_iter().map(|became| view! {
            <button type="submit" class="cr-tap" name="form[how]" value=became.word()>{became.title()}<span class="govuk-visually-hidden">": "{what.clone()}</span></button>
        }).collect_view()}
    };
    act(page, "last-time", "answer_last_step", true, inner.into_any())
}

/// The workbook in short.
pub fn workbook(page: &DiscussionPage) -> impl IntoView + use<> {
    let card = page.family.card.clone();
    let children = card.children.iter().map(|child| {
        let plan = if child.plan.is_empty() { "no open plan" } else { &child.plan };
        let seen = if child.seen.is_empty() { String::new() } else { format!(", {}", child.seen) };
        format!("{} ({plan}{seen})", child.line())
    });
    let children = children.collect::<Vec<_>>().join("; ");
    let adult = |adult: domain::page::AdultCard| {
        if adult.relation.is_empty() { adult.name } else { format!("{}, {}", adult.name, adult.relation) }
    };
    let adults = card.adults.into_iter().map(adult).collect::<Vec<_>>().join("; ");
    let allocated = card.allocated.into_iter().map(|who| format!("{}, {}", who.name, who.discipline));
    let allocated = allocated.collect::<Vec<_>>().join("; ");
    view! {
        <p class="govuk-body-s"><strong>"Children: "</strong>{children}</p>
        <p class="govuk-body-s"><strong>"Adults: "</strong>{adults}</p>
        <p class="govuk-body-s"><strong>"Allocated: "</strong>{allocated}</p>
        {(!page.family.factors.is_empty()).then(|| view! { <p class="govuk-body-s"><strong>"Factors: "</strong>{page.family.factors.join(", ")}</p> })}
        {page.family.summaries.is_empty().then(|| view! { <p class="govuk-body-s">"No summary has been written yet."</p> })}
        {page.family.summaries.iter().cloned().map(|summary| view! {
            <section class="cr-summary"><h4 class="govuk-heading-s">{summary.name}", "{summary.discipline}" "<span class="cr-quiet">{summary.month}</span></h4><div class="cr-prose" inner_html=summary.html></div></section>
        }).collect_view()}
    }
}
