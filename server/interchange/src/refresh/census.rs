//! The CIN census (DfE), as XML. <https://www.gov.uk/guidance/children-in-need-census>

use super::{Refreshing, categories, made_key};
use crate::problem::Level;
use crate::ssd::{Episode, Extract, Factors, SsdNeed};
use crate::told::Told;
use crate::value::{key, text, yes};
use chrono::NaiveDate;
use domain::status::{CaseEventKind, PlanKind};
use roxmltree::{Document, Node};

/// Reads a census.
///
/// # Errors
/// Where the file is no well-formed XML, in words.
pub(super) fn read(mut reading: Refreshing<'_>, bytes: &[u8]) -> Result<Extract, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is not in UTF-8, as a census is.".to_owned())?;
    let document = Document::parse(text.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("is cut off or no well-formed XML: {error}."))?;
    // Counted once: asking the document for each line would read it from its beginning each time.
    reading.line_ends = document.input_text().match_indices('\n').map(|(at, _)| at).collect();
    for child in document.descendants().filter(|node| node.has_tag_name("Child")) {
        reading.child(child);
    }
    Ok(reading.done())
}

/// The elements of a name right below a node, whatever their namespace.
fn below<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn words(node: Node<'_, '_>, name: &'static str) -> Option<String> {
    let words = below(node, name).next()?.text().map(text)?;
    Some(words).filter(|words| !words.is_empty())
}

impl Refreshing<'_> {
    fn line_of(&self, node: Node<'_, '_>) -> u64 {
        self.line_ends.partition_point(|end| *end < node.range().start) as u64 + 1
    }

    fn child(&mut self, child: Node<'_, '_>) {
        self.count.rows += 1;
        let line = self.line_of(child);
        let identifiers = below(child, "ChildIdentifiers").next();
        let id = identifiers.and_then(|identifiers| words(identifiers, "LAchildID")).map(|id| key(&id));
        let Some(person) = id.filter(|id| !id.is_empty()) else {
            self.reject((line, "LAchildID"), "", "has no id; the child was left out");
            return;
        };
        if !self.is_known(&person) {
            return;
        }
        for disabilities in below(child, "ChildCharacteristics").flat_map(|of| below(of, "Disabilities")) {
            for disability in below(disabilities, "Disability") {
                let code = disability.text().map(text).unwrap_or_default().to_uppercase();
                if code == "NONE" || domain::need::title(&code).is_none() {
                    continue;
                }
                let id = made_key("disability", &person, &code);
                self.extract.needs.push(SsdNeed { id, person: person.clone(), code: Told::That(code) });
            }
        }
        for details in below(child, "CINdetails") {
            self.details(&person, details);
        }
    }

    /// A day; one that cannot be read or is still to come is listed and tells nothing.
    fn day(&mut self, node: Node<'_, '_>, name: &'static str) -> Option<NaiveDate> {
        self.day_of(below(node, name).next()?)
    }

    fn day_of(&mut self, node: Node<'_, '_>) -> Option<NaiveDate> {
        let line = self.line_of(node);
        let name = node.tag_name().name();
        let typed = node.text().map(text).filter(|typed| !typed.is_empty())?;
        match NaiveDate::parse_from_str(typed.get(..10).unwrap_or(&typed), "%Y-%m-%d") {
            Ok(day) => self.past(Some(day), (line, name)),
            Err(_) => {
                self.note(Level::Warn, (line, name), &typed, "is no date; what was known before stays");
                None
            }
        }
    }

    fn details(&mut self, person: &str, details: Node<'_, '_>) {
        let opened = self.day(details, "CINreferralDate");
        let closed = self.day(details, "CINclosureDate");
        if let Some(opened) = opened {
            self.extract.episodes.push(Episode {
                id: made_key("episode", person, opened),
                person: person.to_owned(),
                opened: Told::That(Some(opened)),
                closed: closed.map(Some).into(),
            });
        }
        let (need, source, reason) =
            (words(details, "PrimaryNeedCode"), words(details, "ReferralSource"), words(details, "ReasonForClosure"));
        let no_further_action = words(details, "ReferralNFA").is_some_and(|answer| yes(&answer));
        if let Some(referral) = self.event(person, CaseEventKind::Referral, opened) {
            referral.ends = closed.map(Some).into();
            referral.about = need.into();
            referral.from = source.into();
            referral.ended = reason.into();
            referral.outcomes = no_further_action.then(|| vec!["NFA".to_owned()]).into();
        }
        for assessment in below(details, "Assessments") {
            let starts = self.day(assessment, "AssessmentActualStartDate");
            let authorised = self.day(assessment, "AssessmentAuthorisationDate");
            if let Some(event) = self.event(person, CaseEventKind::Assessment, starts) {
                event.ends = authorised.map(Some).into();
            }
            self.factors(person, assessment, authorised);
        }
        for dates in below(details, "CINPlanDates") {
            let days = ["CINPlanStartDate", "CINPlanEndDate"].map(|name| self.day(dates, name));
            self.plan(person, PlanKind::InNeed, days, Vec::new());
        }
        let conference = self.day(details, "DateOfInitialCPC");
        let _ = self.event(person, CaseEventKind::Conference, conference);
        for enquiry in below(details, "Section47") {
            let starts = self.day(enquiry, "S47ActualStartDate");
            let _ = self.event(person, CaseEventKind::Enquiry, starts);
            let held = self.day(enquiry, "DateOfInitialCPC").filter(|held| Some(*held) != conference);
            let _ = self.event(person, CaseEventKind::Conference, held);
        }
        for plan in below(details, "ChildProtectionPlans") {
            let days = ["CPPstartDate", "CPPendDate"].map(|name| self.day(plan, name));
            let latest = words(plan, "LatestCategoryOfAbuse").or_else(|| words(plan, "InitialCategoryOfAbuse"));
            self.plan(person, PlanKind::Protection, days, latest.as_deref().map(categories).unwrap_or_default());
            for review in below(plan, "Reviews").flat_map(|reviews| below(reviews, "CPPreviewDate")) {
                let held = self.day_of(review);
                let _ = self.event(person, CaseEventKind::Review, held);
            }
        }
    }

    /// The factors of the latest authorised assessment.
    fn factors(&mut self, person: &str, assessment: Node<'_, '_>, authorised: Option<NaiveDate>) {
        let Some(authorised) = authorised else { return };
        let all = below(assessment, "FactorsIdentifiedAtAssessment").flat_map(|of| below(of, "AssessmentFactors"));
        let codes: Vec<String> = all.filter_map(|code| code.text().map(|code| text(code).to_uppercase())).collect();
        let known: Vec<String> = codes.into_iter().filter(|code| domain::factor::title(code).is_some()).collect();
        if known.is_empty() {
            return;
        }
        let factors = Factors { person: person.to_owned(), codes: known, assessed_on: Some(authorised) };
        match self.extract.factors.iter_mut().find(|stored| stored.person == person) {
            Some(stored) if stored.assessed_on < Some(authorised) => *stored = factors,
            Some(_) => {}
            None => self.extract.factors.push(factors),
        }
    }
}
