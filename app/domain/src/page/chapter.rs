//! The chapters of a family as they are read.

use super::FamilyCard;
use crate::chapter::{ChapterPlace, ChapterText};
use crate::{PersonId, WorkerId};
use std::collections::BTreeMap;

/// All chapters as they stood in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chapters {
    /// The month shown: "2026-11".
    pub month: String,
    /// The months in which something was written, newest first; the month shown is one of them.
    pub months: Vec<String>,
    /// What each worker wrote last in each place, up to that month: workers by name, texts in the template's order.
    pub texts: Vec<ChapterTextCard>,
}

/// One text of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterTextCard {
    /// Whose.
    pub worker: WorkerId,
    /// Their name.
    pub name: String,
    /// Their discipline in words.
    pub discipline: String,
    /// Which text.
    pub place: ChapterPlace,
    /// "Analysis".
    pub title: String,
    /// Where its section stands in the template, from 0; those that it does not name any more come last.
    pub rank: usize,
    /// The month it was written in: "2026-10".
    pub month: String,
    /// Safe HTML.
    pub html: String,
}

impl Chapters {
    /// The chapters up to `month`, from all that was ever written. `order` are the sections' keys in the template's order;
    /// sections that the template does not name any more come last. What is empty is left out.
    #[must_use]
    pub fn of(
        texts: &[ChapterText], month: &str, order: &[&str], family: &FamilyCard,
        card: impl Fn(&ChapterText) -> ChapterTextCard,
    ) -> Self {
        let mut months: Vec<String> = texts.iter().map(|text| text.month.clone()).collect();
        months.push(month.to_owned());
        months.sort_unstable_by(|a, b| b.cmp(a));
        months.dedup();
        let mut latest: BTreeMap<(WorkerId, &ChapterPlace), &ChapterText> = BTreeMap::new();
        for text in texts.iter().filter(|text| text.month.as_str() <= month) {
            let shown = latest.entry((text.worker, &text.place)).or_insert(text);
            if shown.month < text.month {
                *shown = text;
            }
        }
        let written = latest.into_values().filter(|text| !text.prose.text().trim().is_empty());
        let mut texts: Vec<ChapterTextCard> = written.map(card).collect();
        let people: Vec<PersonId> = family.people().map(|(person, _)| person).collect();
        for text in &mut texts {
            text.rank = order.iter().position(|key| *key == text.place.section).unwrap_or(order.len());
        }
        let person_at = |id: PersonId| people.iter().position(|person| *person == id).unwrap_or(people.len());
        texts.sort_by_key(|text| {
            let place = (text.rank, text.place.section.clone(), text.place.person.map(person_at));
            (text.name.clone(), text.worker, place)
        });
        Self { month: month.to_owned(), months, texts }
    }

    /// The texts of each worker, one after the other.
    pub fn by_worker(&self) -> impl Iterator<Item = &[ChapterTextCard]> {
        self.texts.chunk_by(|one, other| one.worker == other.worker)
    }

    /// What concerns one child or adult, section by section: what was written of them, and of the whole family. Each with the
    /// title of its section.
    #[must_use]
    pub fn about(&self, person: PersonId) -> Vec<(&str, Vec<&ChapterTextCard>)> {
        let mut sections: Vec<(&str, Vec<&ChapterTextCard>)> = Vec::new();
        let theirs = |text: &&ChapterTextCard| text.place.person.is_none_or(|of| of == person);
        for text in self.texts.iter().filter(theirs) {
            match sections.iter_mut().find(|(_, texts)| texts[0].place.section == text.place.section) {
                Some((_, texts)) => texts.push(text),
                None => sections.push((text.title.as_str(), vec![text])),
            }
        }
        sections.sort_by_key(|(_, texts)| texts[0].rank);
        sections
    }
}
