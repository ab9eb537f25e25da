//! Planning a meeting.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A family's line on the plan's form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanLine {
    /// Which family.
    pub family: String,
    /// "yes" where it is on the agenda.
    pub on: String,
    /// Minutes.
    pub minutes: String,
    /// Place in the order.
    pub order: String,
}

/// The plan's form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    /// The meeting that is changed; empty for a new one.
    pub meeting: String,
    /// The revision of the plan its sender saw; empty for a new one.
    pub revision: String,
    /// Whose.
    pub team: String,
    /// The day.
    pub held_on: String,
    /// The start.
    pub starts: String,
    /// Minutes booked.
    pub booked: String,
    /// Place or link.
    pub place: String,
    /// The template's key; empty for the default.
    pub template: String,
    /// Who chairs.
    pub chair: String,
    /// Who takes the record.
    pub record_taker: String,
    /// The families.
    pub lines: Vec<PlanLine>,
    /// Which button: "save", "check", "up:3", "down:3".
    pub button: String,
}

/// Saves a plan; "check" and moving a family show the form again with what follows from it.
#[server(prefix = "/api", endpoint = "meeting/plan")]
pub async fn save_plan(form: PlanForm) -> Result<(), ServerFnError> {
    use crate::parts::form::Draft;
    use crate::visit;
    let back = if form.meeting.is_empty() {
        format!("/meetings/new?team={}", form.team)
    } else {
        format!("/meetings/{}/plan", form.meeting)
    };
    let kept = |form: &PlanForm| Draft {
        fields: [("plan".to_owned(), serde_json::to_string(form).unwrap_or_default())].into(),
        errors: Vec::new(),
    };
    let Some(button) = Button::read(&form.button) else {
        visit::go("/not-found");
        return Ok(());
    };
    if button != Button::Save {
        let mut form = form;
        let anchor = match reorder(&mut form, button) {
            Some(moved) => format!("on-{moved}"),
            None => "timetable".to_owned(),
        };
        let draft = visit::keep(&kept(&form)).await.unwrap_or_default();
        let join = if back.contains('?') { '&' } else { '?' };
        crate::visit::go(&format!("{back}{join}draft={draft}#{anchor}"));
        return Ok(());
    }
    // Asked before it is saved: afterwards the meeting would stand in its own way.
    let fits = fits(&form).await;
    let result = save(&form).await;
    let plan = serde_json::to_string(&form).unwrap_or_default();
    let next = |id: &domain::MeetingId| {
        if fits { format!("/meetings/{id}") } else { format!("/meetings/{id}/plan?saved=yes") }
    };
    visit::answer(result, next, &back, &[("plan", &plan)]).await
}

/// Whether a plan that can be saved has nothing to warn of.
#[cfg(feature = "ssr")]
async fn fits(form: &PlanForm) -> bool {
    let (Ok(visit), Ok(new)) = (crate::visit::visit(), parsed(form)) else { return true };
    let meeting = form.meeting.parse().ok();
    let Ok(staff) = visit.service.team_staff(&visit.viewer, new.team) else { return true };
    let timetable = visit.service.timetable(staff, &new, meeting).await;
    timetable.is_ok_and(|timetable| timetable.warnings.is_empty())
}

/// A button of the plan's form.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Button {
    Save,
    /// Shows what follows from the plan.
    Check,
    /// Moves the family of a line, counted as the page had them, up or down.
    Move {
        line: usize,
        up: bool,
    },
}

#[cfg(feature = "ssr")]
impl Button {
    fn read(word: &str) -> Option<Self> {
        Some(match word.split_once(':') {
            None if word == "save" => Self::Save,
            None if word == "check" => Self::Check,
            Some(("up", line)) => Self::Move { line: line.parse().ok()?, up: true },
            Some(("down", line)) => Self::Move { line: line.parse().ok()?, up: false },
            _ => return None,
        })
    }
}

/// Puts the families of the agenda first, each part in the order that was typed, and moves one as its button says: among
/// those of the agenda, or among the others. Where the moved one stands then.
#[cfg(feature = "ssr")]
fn reorder(form: &mut PlanForm, button: Button) -> Option<usize> {
    let mut lines: Vec<(usize, PlanLine)> = form.lines.drain(..).enumerate().collect();
    lines.sort_by_key(|(_, line)| (line.on != "yes", line.order.parse::<u32>().unwrap_or(u32::MAX)));
    let moved = if let Button::Move { line, up } = button { move_one(&mut lines, line, up) } else { None };
    let numbered = |(at, (_, line)): (usize, (usize, PlanLine))| PlanLine { order: (at + 1).to_string(), ..line };
    form.lines = lines.into_iter().enumerate().map(numbered).collect();
    if button != Button::Check {
        form.button.clear();
    }
    moved
}

/// Moves the line that stood at `was` on the page; at an end it stays. Where it stands then.
#[cfg(feature = "ssr")]
fn move_one(lines: &mut [(usize, PlanLine)], was: usize, up: bool) -> Option<usize> {
    let at = lines.iter().position(|(place, _)| *place == was)?;
    let other = if up { at.checked_sub(1) } else { Some(at + 1) };
    match other.filter(|other| lines.get(*other).is_some_and(|(_, line)| line.on == lines[at].1.on)) {
        Some(other) => {
            lines.swap(at, other);
            Some(other)
        }
        None => Some(at),
    }
}

#[cfg(feature = "ssr")]
async fn save(form: &PlanForm) -> Result<domain::MeetingId, service::ServiceError> {
    let visit = crate::visit::visit()?;
    let new = parsed(form)?;
    if form.meeting.is_empty() {
        return visit.service.plan_meeting(visit.service.team_staff(&visit.viewer, new.team)?, &new).await;
    }
    let id = form.meeting.parse().map_err(|_| service::ServiceError::NotFound)?;
    let revision = form.revision.parse().map_err(|_| service::ServiceError::NotFound)?;
    let planner = visit.service.meeting_planner(&visit.viewer, id).await?;
    visit.service.replan_meeting(planner, revision, &new).await?;
    Ok(id)
}

/// The form as the service takes it.
///
/// # Errors
/// Field by field what cannot be used.
#[cfg(feature = "ssr")]
pub fn parsed(form: &PlanForm) -> Result<service::meeting::NewMeeting, service::ServiceError> {
    use chrono::NaiveTime;
    let mut errors: Vec<(String, String)> = Vec::new();
    let held_on = domain::dates::parse(&form.held_on)
        .map_err(|error| errors.push(("held_on".to_owned(), error.to_string())))
        .ok();
    let starts = NaiveTime::parse_from_str(&form.starts.trim().replace('.', ":"), "%H:%M")
        .map_err(|_| {
            errors.push(("starts".to_owned(), format!("\"{}\" is not a time. Write it like 9:30.", form.starts)))
        })
        .ok();
    let booked = form
        .booked
        .trim()
        .parse::<u32>()
        .map_err(|_| errors.push(("booked".to_owned(), format!("\"{}\" is not a number of minutes.", form.booked))))
        .ok();
    let chair = form.chair.parse().map_err(|_| errors.push(("chair".to_owned(), "Choose who chairs.".to_owned()))).ok();
    let team = form.team.parse().map_err(|_| errors.push(("team".to_owned(), "Choose the team.".to_owned()))).ok();
    let record_taker = match form.record_taker.as_str() {
        "" => None,
        taker => taker
            .parse()
            .map_err(|_| errors.push(("record_taker".to_owned(), "Choose who takes the record.".to_owned())))
            .ok(),
    };
    let mut lines: Vec<&PlanLine> = form.lines.iter().filter(|line| line.on == "yes").collect();
    lines.sort_by_key(|line| line.order.parse::<u32>().unwrap_or(u32::MAX));
    let mut families = Vec::new();
    for line in lines {
        match (line.family.parse(), line.minutes.trim().parse()) {
            (Ok(family), Ok(minutes)) => families.push(service::meeting::PlannedFamily { family, minutes }),
            (_, Err(_)) => {
                errors.push(("families".to_owned(), format!("\"{}\" is not a number of minutes.", line.minutes)))
            }
            (Err(_), _) => {
                errors.push(("families".to_owned(), "A family is not here any more. Reload the page.".to_owned()))
            }
        }
    }
    if families.is_empty() && errors.is_empty() {
        errors.push(("families".to_owned(), "No family is ticked. Tick at least one.".to_owned()));
    }
    match (held_on, starts, booked, chair, team) {
        (Some(held_on), Some(starts), Some(booked), Some(chair), Some(team)) if errors.is_empty() => {
            Ok(service::meeting::NewMeeting {
                team,
                held_on,
                starts,
                booked,
                place: form.place.clone(),
                template: form.template.clone(),
                chair,
                record_taker,
                families,
            })
        }
        _ => Err(service::ServiceError::Form(errors)),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    /// Lines as a page has them, "*" where a family is on the agenda; after a press, the families in their new order.
    fn pressed(lines: [&str; 4], button: &str) -> (Vec<String>, Option<usize>) {
        let line = |(at, name): (usize, &str)| PlanLine {
            family: name.trim_end_matches('*').to_owned(),
            on: if name.ends_with('*') { "yes".to_owned() } else { String::new() },
            minutes: "45".to_owned(),
            order: (at + 1).to_string(),
        };
        let lines = lines.into_iter().enumerate().map(line).collect();
        let mut form = PlanForm { lines, button: button.to_owned(), ..PlanForm::default() };
        let moved = reorder(&mut form, Button::read(button).expect("a button of the form"));
        (form.lines.into_iter().map(|line| line.family).collect(), moved)
    }

    #[test]
    fn a_button_that_the_form_has_not_is_refused() {
        for word in ["", "up", "up:", "up:x", "left:1", "save:1", "Save"] {
            assert_eq!(Button::read(word), None, "{word}");
        }
    }

    #[test]
    fn a_family_moves_as_its_own_button_says() {
        let table = [
            (["a*", "b*", "c*", "d"], "up:1", "bacd", Some(0)),
            // The third is the second of the agenda: what is ticked comes first.
            (["a", "b*", "c*", "d"], "up:2", "cbad", Some(0)),
            (["a", "b*", "c", "d*"], "down:1", "dbac", Some(1)),
            // At an end it stays: moving puts nothing on the agenda and takes nothing off.
            (["a*", "b*", "c", "d"], "up:0", "abcd", Some(0)),
            (["a*", "b*", "c", "d"], "down:1", "abcd", Some(1)),
            (["a*", "b*", "c", "d"], "up:2", "abcd", Some(2)),
            (["a*", "b*", "c", "d"], "up:3", "abdc", Some(2)),
            (["a", "b*", "c", "d"], "check", "bacd", None),
            (["a", "b*", "c", "d"], "up:9", "bacd", None),
        ];
        for (lines, button, order, moved) in table {
            let (families, at) = pressed(lines, button);
            assert_eq!((families.concat().as_str(), at), (order, moved), "{lines:?} {button}");
        }
    }
}
