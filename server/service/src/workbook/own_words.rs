//! What people of a family gave in their own words: written down, changed and taken back by the worker who heard them.

use crate::form::FormErrors;
use crate::{Directory, Service, ServiceError};
use domain::family::{Workbook, WorkbookEvent};
use domain::mark::{Mark, Marked, Readers};
use domain::meeting::refusal::short;
use domain::own_words::HowGiven;
use domain::own_words::{GivenWords, OwnReadiness, OwnWords};
use domain::page::own_words::OwnWordsCard;
use domain::page::{FamilyCard, TitledText};
use domain::policy::FamilyReader;
use domain::{FamilyId, OwnWordsId, PersonId, WorkerId};
use std::collections::BTreeSet;
use store::person::FamilyMember;

/// The form of one occasion, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWordsForm {
    /// Its id, made with the form: the same form twice is one occasion.
    pub id: OwnWordsId,
    /// Whose words they are.
    pub person: PersonId,
    /// The revision the form was filled from; 0 for a new one.
    pub base: i64,
    /// The day, as typed.
    pub on: String,
    /// How they were given.
    pub how: HowGiven,
    /// To whom.
    pub to: String,
    /// The words.
    pub words: String,
    /// Importance, confidence and readiness, as typed.
    pub numbers: [String; 3],
    /// Who reads them beside the writer; none for everybody who works with the family.
    pub only_for: Option<BTreeSet<WorkerId>>,
}

/// The longest reason for taking words back, in characters.
const LONGEST_WHY: usize = 200;

impl Service {
    /// A family with what its people gave in their own words, newest day first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn own_words(&self, reader: FamilyReader<'_>) -> Result<(FamilyCard, Vec<OwnWordsCard>), ServiceError> {
        let card = self.family(reader).await?;
        let all = self.inner.store.own_words(reader.family().uuid()).await?;
        let directory = self.directory().await?;
        let me = reader.viewer().worker;
        let cards = all.iter().map(|(_, words)| own_words_card(words, &card, &directory, me)).collect();
        Ok((card, cards))
    }

    /// Writes down what somebody gave, or changes what the viewer wrote down.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the words are not the viewer's to write; form errors by field.
    pub async fn write_own_words(&self, reader: FamilyReader<'_>, form: &OwnWordsForm) -> Result<(), ServiceError> {
        let (viewer, family) = (reader.viewer(), reader.family());
        let members = self.inner.store.members(family.uuid()).await?;
        let of_family = |member: &&FamilyMember| member.family_id == family && member.person.id == form.person;
        let member = members.iter().find(of_family).filter(|_| Self::writes_workbook(reader));
        let adult = member.ok_or(ServiceError::NotFound)?.person.adult;
        let given = self.given(form, adult)?;
        let readers = match &form.only_for {
            Some(workers) => Readers::Only { workers: self.readers_of(family, workers).await? },
            None => Readers::Team,
        };
        let written = OwnWords {
            id: form.id,
            person: form.person,
            by: self.named(viewer).await?,
            at: self.inner.clock.now(),
            given: Marked { content: given, mark: Mark { readers, ..Mark::default() } },
            revision: form.base,
            taken_back: None,
        };
        let decide = |workbook: &Workbook| {
            let before = workbook.own_words.iter().find(|before| before.id == form.id);
            let theirs = before.is_none_or(|before| before.by.worker == viewer.worker && before.person == form.person);
            if !theirs
                || before.is_some_and(|before| before.taken_back.is_some())
                || (before.is_none() && form.base > 0)
            {
                return Err(ServiceError::NotFound);
            }
            match before {
                Some(before) if before.given == written.given => Ok(None),
                Some(before) if before.revision != form.base => {
                    let now = &before.given.words;
                    let why = format!(
                        "You changed this on another page meanwhile. It now reads: {now} Yours is still below."
                    );
                    Err(ServiceError::field("words", why))
                }
                _ => Ok(Some(WorkbookEvent::OwnWordsWritten { words: Box::new(written.clone()) })),
            }
        };
        self.write_workbook(viewer, family, None, decide).await
    }

    /// Takes back words that the viewer wrote down. They are shown to nobody any more; that they were there, and why they went,
    /// is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer did not write them down; a form error where no reason is given.
    pub async fn take_back_own_words(
        &self, reader: FamilyReader<'_>, words: OwnWordsId, why: &str,
    ) -> Result<(), ServiceError> {
        let viewer = reader.viewer();
        let why = short("Why", why, LONGEST_WHY)?;
        if why.is_empty() {
            return Err(ServiceError::field("why", "Write why: it was written for another child, it was misheard."));
        }
        let decide = |workbook: &Workbook| {
            let mut own = workbook.own_words.iter().filter(|stored| stored.by.worker == viewer.worker);
            let stored = own.find(|stored| stored.id == words).ok_or(ServiceError::NotFound)?;
            let event = WorkbookEvent::OwnWordsTakenBack { words, why: why.clone() };
            Ok(stored.taken_back.is_none().then_some(event))
        };
        self.write_workbook(viewer, reader.family(), None, decide).await
    }

    /// What the form says was given.
    fn given(&self, form: &OwnWordsForm, adult: bool) -> Result<GivenWords, ServiceError> {
        let mut errors = FormErrors::default();
        let on = errors.date("on", &form.on);
        if form.on.trim().is_empty() {
            errors.add("on", "The day is empty. Write the day it was given.");
        }
        let mut number = |field: &str, typed: &str| {
            let number = Some(typed.trim()).filter(|typed| !typed.is_empty()).map(str::parse::<u8>).transpose();
            number.map_err(|_| errors.add(field, "Write a number from 0 to 10, or leave it empty.")).unwrap_or_default()
        };
        let [importance, confidence, readiness] = &form.numbers;
        let readiness = OwnReadiness {
            importance: number("importance", importance),
            confidence: number("confidence", confidence),
            readiness: number("readiness", readiness),
        };
        let today = self.inner.clock.today();
        let given = GivenWords {
            on: on.unwrap_or(today),
            how: form.how,
            to: form.to.clone(),
            words: form.words.clone(),
            readiness,
        };
        let checked = given.checked(adult, today);
        let wrong = checked.as_ref().err().into_iter().flatten();
        wrong.for_each(|(field, refusal)| errors.add(field, refusal.to_string()));
        errors.done()?;
        Ok(checked.expect("whatever is wrong was said"))
    }

    /// Those of some workers who work with a family today.
    async fn readers_of(
        &self, family: FamilyId, workers: &BTreeSet<WorkerId>,
    ) -> Result<BTreeSet<WorkerId>, ServiceError> {
        let allocations = self.inner.store.allocations(family.uuid()).await?;
        let (directory, today) = (self.directory().await?, self.inner.clock.today());
        let at_work = super::family::at_work(&allocations, family, &directory, today);
        if workers.is_subset(&at_work) { Ok(workers.clone()) } else { Err(domain::meeting::Refusal::Stranger.into()) }
    }
}

/// The words of one occasion as one worker sees them.
pub(super) fn own_words_card(
    words: &OwnWords, family: &FamilyCard, directory: &Directory, me: WorkerId,
) -> OwnWordsCard {
    let reads = words.lets_read(me) && words.taken_back.is_none();
    let only_for = match &words.given.mark.readers {
        Readers::Only { workers } if reads => {
            Some(workers.iter().map(|worker| (*worker, directory.name(*worker).to_owned())).collect())
        }
        _ => None,
    };
    OwnWordsCard {
        id: words.id,
        person: words.person,
        name: family.name_of(words.person).to_owned(),
        by: words.by.name.clone(),
        given: reads.then(|| words.given.content.clone()),
        only_for,
        taken_back: words.taken_back.clone(),
        mine: words.by.worker == me,
        revision: words.revision,
    }
}

/// The newest words of each person that a worker reads, in the family's order; `all` are newest first.
pub(super) fn newest(all: Vec<OwnWordsCard>, family: &FamilyCard) -> Vec<TitledText> {
    let mut heard = BTreeSet::new();
    let mut newest: Vec<OwnWordsCard> =
        all.into_iter().filter(|card| card.given.is_some() && heard.insert(card.person)).collect();
    let people: Vec<PersonId> = family.people().map(|(person, _)| person).collect();
    newest.sort_by_key(|card| people.iter().position(|person| *person == card.person).unwrap_or(people.len()));
    newest.iter().filter_map(|card| card.heard(true)).collect()
}
