//! Chapters: written month by month by each worker, merged where two tabs write, read by everybody who works with the
//! family.

use crate::{Service, ServiceError};
use domain::chapter::{ChapterPlace, ChapterText};
use domain::dates;
use domain::family::WorkbookEvent;
use domain::meeting::Entry;
use domain::page::FamilyCard;
use domain::page::chapter::{ChapterTextCard, Chapters};
use domain::policy::FamilyReader;
use domain::prose::{BOX_LIMIT, Prose, clean};
use domain::template::{ChapterSection, Each};
use domain::{FamilyId, WorkerId};
use std::collections::BTreeMap;
use store::person::FamilyMember;

/// What the form of one's own chapter starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterForm {
    /// "2026-11".
    pub month: String,
    /// Its texts, in the template's order; the summary among them.
    pub texts: Vec<ChapterBox>,
}

/// One text of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterBox {
    /// Which text.
    pub place: ChapterPlace,
    /// What its section is called: "Analysis".
    pub section: String,
    /// "Analysis · Ottilie".
    pub title: String,
    /// What is asked.
    pub prompt: String,
    /// What is written so far this month.
    pub text: String,
    /// The revision that is; 0 for none.
    pub revision: i64,
    /// What was written last in an earlier month, to carry on.
    pub before: Option<String>,
}

/// One text as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedText {
    /// Which text.
    pub place: ChapterPlace,
    /// The words.
    pub text: String,
    /// The revision that the form was filled from; 0 for none.
    pub base: i64,
}

impl Service {
    /// The reader's own chapter of this month; `None` where they are not allocated to the family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn chapter_form(&self, reader: FamilyReader<'_>) -> Result<Option<ChapterForm>, ServiceError> {
        let me = reader.viewer().worker;
        if !reader.allocated() {
            return Ok(None);
        }
        let places = self.chapter_places(reader).await?;
        let workbook = self.workbook(reader.family()).await?;
        let month = dates::month(self.inner.clock.today());
        let before = dates::month_before(&month);
        let text = |(place, title, section): (ChapterPlace, String, &ChapterSection)| {
            let now = workbook.chapter_text(me, &month, &place);
            let earlier = before.as_ref().filter(|_| section.carried);
            let earlier = earlier.and_then(|before| workbook.latest_chapter_text(me, before, &place));
            ChapterBox {
                section: section.title.clone(),
                title,
                prompt: section.prompt.clone(),
                text: now.map(|text| text.prose.text()).unwrap_or_default(),
                revision: now.map_or(0, |text| text.revision),
                before: earlier.map(|text| text.prose.text()).filter(|text| !text.trim().is_empty()),
                place,
            }
        };
        let texts = places.into_iter().map(text).collect();
        Ok(Some(ChapterForm { month, texts }))
    }

    /// Whether the reader has written their summary of this month; `None` where they are not allocated to the family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn has_written_summary(&self, reader: FamilyReader<'_>) -> Result<Option<bool>, ServiceError> {
        if !reader.allocated() {
            return Ok(None);
        }
        let (me, month) = (reader.viewer().worker, dates::month(self.inner.clock.today()));
        let workbook = self.workbook(reader.family()).await?;
        Ok(Some(workbook.chapter_text(me, &month, &ChapterPlace::summary()).is_some()))
    }

    /// Saves texts of the viewer's chapter of this month, together or not at all. What another tab saved since they were
    /// filled is merged.
    ///
    /// # Errors
    /// Form errors by field, "text-" and the place: where one is too long, has no place in the viewer's chapter (any more), or
    /// nothing is written. [`ServiceError::NotFound`] where a place comes twice.
    pub async fn write_chapter(&self, reader: FamilyReader<'_>, typed: &[TypedText]) -> Result<(), ServiceError> {
        let (viewer, family) = (reader.viewer(), reader.family());
        if !reader.allocated() {
            let field = typed.first().map(|typed| field(&typed.place)).unwrap_or_default();
            return Err(ServiceError::field(&field, "Only somebody allocated to this family writes a chapter."));
        }
        let places = self.chapter_places(reader).await?;
        let first = field(&ChapterPlace::summary());
        let month = dates::month(self.inner.clock.today());
        let mut wanted: BTreeMap<&ChapterPlace, Wanted> = BTreeMap::new();
        let mut wrong = Vec::new();
        for typed in typed {
            let of_place = places.iter().find(|(place, ..)| *place == typed.place);
            let Some((_, _, section)) = of_place else {
                // A child has left the family, or the council's template changed, while it was written: it is not lost.
                wrong.push((first.clone(), format!("This has no place in your chapter any more: {}", typed.text)));
                continue;
            };
            if typed.text.len() > BOX_LIMIT {
                let letters = typed.text.chars().count();
                wrong.push((field(&typed.place), format!("{letters} characters are too many; 100 KB fit.")));
            }
            let based_on = self.chapter_text_at(viewer.worker, family, &month, typed).await?;
            let text = clean(&typed.text).into_owned();
            let title = section.title.clone();
            if wanted.insert(&typed.place, Wanted { text, title, based_on, begun: typed.base > 0 }).is_some() {
                return Err(ServiceError::NotFound);
            }
        }
        if !wrong.is_empty() {
            return Err(ServiceError::Form(wrong));
        }
        let pen = self.one_pen(viewer.worker, None).await?;
        self.write_workbook(viewer, family, None, |workbook| {
            let mine = |place: &ChapterPlace| workbook.chapter_text(viewer.worker, &month, place);
            let nothing = wanted.iter().all(|(place, wanted)| is_empty(&wanted.text) && mine(place).is_none());
            let carried = |place: &ChapterPlace| {
                let before = dates::month_before(&month)?;
                Some(workbook.latest_chapter_text(viewer.worker, &before, place)?.prose.text())
            };
            let cleared = wanted.iter().any(|(place, _)| carried(place).is_some_and(|text| !is_empty(&text)));
            if nothing && !cleared {
                let first = typed.first().map(|typed| field(&typed.place)).unwrap_or_default();
                return Err(ServiceError::field(&first, "Nothing is written yet. Write a line first."));
            }
            let event = |(place, wanted): (&&ChapterPlace, &Wanted)| {
                let before = carried(place).unwrap_or_default();
                let unchanged = match mine(place) {
                    Some(now) => {
                        now.prose.text() == wanted.text || (wanted.begun && wanted.based_on.text() == wanted.text)
                    }
                    // A summary that still holds is this month's; another text that was carried on stays its month's.
                    None if place.is_summary() => is_empty(&wanted.text) && is_empty(&before),
                    None => wanted.text == before || (is_empty(&wanted.text) && is_empty(&before)),
                };
                (!unchanged).then(|| WorkbookEvent::ChapterWritten {
                    month: month.clone(),
                    place: (*place).clone(),
                    title: wanted.title.clone(),
                    update: wanted.based_on.written_by(pen).rewrite(&wanted.text),
                })
            };
            Ok(wanted.iter().filter_map(event).collect::<Vec<_>>())
        })
        .await
    }

    /// All chapters of a family as they stood in a month, and the months there are.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the family is gone, or nothing was written in that month.
    pub async fn chapters(
        &self, reader: FamilyReader<'_>, month: Option<&str>,
    ) -> Result<(FamilyCard, Chapters), ServiceError> {
        let page = self.family_page(reader).await?;
        if page.reduced {
            return Ok((page.card, Chapters::default()));
        }
        let workbook = self.workbook(reader.family()).await?;
        let directory = self.directory().await?;
        let card = |text: &ChapterText| ChapterTextCard {
            worker: text.worker,
            name: directory.name(text.worker).to_owned(),
            discipline: directory.discipline(text.worker).to_owned(),
            place: text.place.clone(),
            title: text.title.clone(),
            rank: 0,
            month: text.month.clone(),
            html: crate::markdown::to_html(&text.prose.text()),
        };
        let order: Vec<&str> = self.inner.rules.workbook.sections.iter().map(|section| section.key.as_str()).collect();
        let today = dates::month(self.inner.clock.today());
        let month = month.unwrap_or(&today);
        if month != today && workbook.chapters.iter().all(|text| text.month != month) {
            return Err(ServiceError::NotFound);
        }
        let chapters = Chapters::of(&workbook.chapters, month, &order, &page.card, card);
        Ok((page.card, chapters))
    }

    /// The texts of the viewer's chapter: their places, what they are called, and their sections.
    async fn chapter_places(
        &self, reader: FamilyReader<'_>,
    ) -> Result<Vec<(ChapterPlace, String, &ChapterSection)>, ServiceError> {
        let members = self.inner.store.members(reader.family().uuid()).await?;
        let directory = self.directory().await?;
        let worker = directory.workers.get(&reader.viewer().worker);
        let discipline = worker.map_or("", |worker| worker.discipline.as_str());
        let mut places = Vec::new();
        for section in self.inner.rules.workbook.sections_of(discipline) {
            if section.each == Each::Family {
                places.push((ChapterPlace::whole(&section.key), section.title.clone(), section));
                continue;
            }
            let of_section = |member: &&FamilyMember| member.person.adult == (section.each == Each::Adult);
            for person in members.iter().filter(of_section).map(|member| member.person.id) {
                let place = ChapterPlace { section: section.key.clone(), person: Some(person) };
                let title = format!("{} · {}", section.title, crate::names::first_name(&members, person));
                places.push((place, title, section));
            }
        }
        Ok(places)
    }

    /// A text of the viewer's as the form found it.
    async fn chapter_text_at(
        &self, worker: WorkerId, family: FamilyId, month: &str, typed: &TypedText,
    ) -> Result<Prose, ServiceError> {
        if typed.base == 0 {
            return Ok(Prose::new());
        }
        let now = self.workbook(family).await?.chapter_text(worker, month, &typed.place).cloned();
        match now {
            Some(now) if now.revision == typed.base => Ok(now.prose),
            _ => Ok(text_at(&self.inner.store.entries(family.uuid(), 0).await?, worker, month, typed)),
        }
    }
}

/// What somebody wants a text to read.
struct Wanted {
    text: String,
    title: String,
    based_on: Prose,
    begun: bool,
}

/// The id of a text's field in the form.
#[must_use]
pub fn field(place: &ChapterPlace) -> String {
    format!("text-{place}")
}

fn is_empty(text: &str) -> bool {
    text.trim().is_empty()
}

fn text_at(entries: &[Entry<WorkbookEvent>], worker: WorkerId, month: &str, typed: &TypedText) -> Prose {
    let prose = Prose::new();
    let mine = entries.iter().filter(|entry| entry.by == worker).filter_map(|entry| match &entry.event {
        WorkbookEvent::ChapterWritten { month: of, place, update, .. } if of == month && *place == typed.place => {
            Some(update)
        }
        _ => None,
    });
    for update in mine.take(usize::try_from(typed.base).unwrap_or_default()) {
        // It was checked before it was written.
        let _ = prose.merge(update);
    }
    prose
}
