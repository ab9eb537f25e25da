//! A family's genogram: ties written by whoever works with the family, drawn with what the council's system tells.

mod svg;

use crate::form::FormErrors;
use crate::names::age_words;
use crate::{Service, ServiceError};
use domain::family::{Workbook, WorkbookEvent};
use domain::genogram::{
    Genogram, GenogramChange, Kin, KinGraph, KinId, LONGEST_NAME, LifeState, MOST_RELATIVES, Relative, RelativeContent,
    Sex, Tie, TieKind,
};
use domain::page::FamilyCard;
use domain::policy::FamilyReader;
use domain::{FamilyId, HouseholdId, PersonId, RelativeId, TieId};
use std::collections::BTreeSet;
use store::person::FamilyMember;

/// The most households of a genogram: each has a letter.
pub const MOST_HOUSEHOLDS: usize = 26;

/// What one person is to another, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TieForm {
    /// Its id, made with the form: the same form twice is one tie.
    pub id: TieId,
    /// The parent; one of two otherwise.
    pub from: KinId,
    /// What they are.
    pub kind: TieKind,
    /// The child; the other of two otherwise.
    pub to: KinId,
}

/// Somebody who is no member of the family, as they are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelativeForm {
    /// Their id, made with the form.
    pub id: RelativeId,
    /// What is known of them.
    pub content: RelativeContent,
    /// What they are to whom, where they are added.
    pub tie: Option<TieForm>,
    /// The revision the form was filled from; 0 for somebody new.
    pub base: i64,
}

/// Who lives together, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdForm {
    /// Its id, made with the form.
    pub id: HouseholdId,
    /// "Nan’s".
    pub name: String,
    /// Who lives there.
    pub people: BTreeSet<KinId>,
    /// The revision the form was filled from; 0 for a new home.
    pub base: i64,
}

/// Something of a genogram that is removed or put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenogramItem {
    /// A tie.
    Tie(TieId),
    /// A relative, whose ties are not drawn without them.
    Relative(RelativeId),
    /// A household.
    Household(HouseholdId),
}

/// A family's genogram on its page.
#[derive(Debug, Clone)]
pub struct GenogramPage {
    /// The family.
    pub card: FamilyCard,
    /// What people wrote down.
    pub genogram: Genogram,
    /// Everybody with their ties.
    pub graph: KinGraph,
    /// The picture, as safe SVG.
    pub svg: String,
}

impl Service {
    /// A family with its genogram.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn genogram(&self, reader: FamilyReader<'_>) -> Result<GenogramPage, ServiceError> {
        let card = self.family(reader).await?;
        let genogram = self.workbook(reader.family()).await?.genogram.clone();
        let graph = self.kin_graph(reader.family(), &genogram).await?;
        let svg = svg::of(&graph.drawing());
        Ok(GenogramPage { card, genogram, graph, svg })
    }

    /// The picture as safe SVG; none where nobody's ties are known.
    pub(crate) async fn genogram_picture(&self, family: FamilyId) -> Result<Option<String>, ServiceError> {
        let genogram = self.workbook(family).await?.genogram.clone();
        let graph = self.kin_graph(family, &genogram).await?;
        Ok(graph.has_ties().then(|| svg::of(&graph.drawing())))
    }

    pub(crate) async fn kin_graph(&self, family: FamilyId, genogram: &Genogram) -> Result<KinGraph, ServiceError> {
        let members = self.inner.store.members(family.uuid()).await?;
        let mothers = self.inner.store.mothers(family.uuid()).await?;
        let today = self.inner.clock.today();
        let kin = members.iter().map(|member| kin(member, &members, today)).collect();
        Ok(KinGraph::of(kin, &mothers, genogram))
    }

    /// Writes down what one person is to another.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the genogram is not the viewer's to change or somebody is not in it; form errors by
    /// field where the tie cannot be.
    pub async fn add_tie(&self, reader: FamilyReader<'_>, form: &TieForm) -> Result<(), ServiceError> {
        self.change_genogram(reader, |genogram, graph, by| Ok(tie(genogram, graph, form, by)?.into_iter().collect()))
            .await
    }

    /// Adds somebody who is no member of the family, or corrects what is known of them.
    ///
    /// # Errors
    /// As [`Service::add_tie`].
    pub async fn write_relative(&self, reader: FamilyReader<'_>, form: &RelativeForm) -> Result<(), ServiceError> {
        let checked = form.content.clone().checked();
        let content = checked.map_err(|refusal| ServiceError::field("relative-name", refusal.to_string()))?;
        self.change_genogram(reader, |genogram, graph, by| {
            let old = genogram.relatives.iter().find(|relative| relative.id == form.id);
            if old.is_none() && genogram.standing_relatives().count() >= MOST_RELATIVES {
                return Err(ServiceError::field("relative-name", "This genogram is full."));
            }
            match old {
                None if form.base > 0 => return Err(ServiceError::NotFound),
                Some(old) if old.content == content && !old.removed => return Ok(Vec::new()),
                Some(old) if old.revision != form.base => return Err(changed_meanwhile("relative-name")),
                _ => {}
            }
            let relative = Relative { id: form.id, content: content.clone(), removed: false, revision: form.base };
            let mut changes = vec![GenogramChange::Relative(relative.clone())];
            if let Some(of) = &form.tie {
                let mut with = genogram.clone();
                changes.iter().for_each(|change| with.apply(change));
                let mut graph = graph.clone();
                graph.people.push(Kin::of_relative(&relative));
                changes.extend(tie(&with, &graph, of, by)?);
            }
            Ok(changes)
        })
        .await
    }

    /// Writes down who lives together.
    ///
    /// # Errors
    /// As [`Service::add_tie`].
    pub async fn write_household(&self, reader: FamilyReader<'_>, form: &HouseholdForm) -> Result<(), ServiceError> {
        let mut errors = FormErrors::default();
        let name = errors.text("household-name", "The name of the home", &form.name, LONGEST_NAME, true);
        if form.people.is_empty() {
            errors.add("people", "Choose who lives there.");
        }
        errors.done()?;
        self.change_genogram(reader, |genogram, graph, _| {
            if form.people.iter().any(|who| graph.people.iter().all(|kin| kin.id != *who)) {
                return Err(ServiceError::NotFound);
            }
            let old = genogram.households.iter().find(|household| household.id == form.id);
            let standing = genogram.households.iter().filter(|household| !household.removed).count();
            if old.is_none() && standing >= MOST_HOUSEHOLDS {
                return Err(ServiceError::field("household-name", "This genogram is full."));
            }
            match old {
                None if form.base > 0 => return Err(ServiceError::NotFound),
                Some(old) if old.name == name && old.people == form.people && !old.removed => return Ok(Vec::new()),
                Some(old) if old.revision != form.base => return Err(changed_meanwhile("household-name")),
                _ => {}
            }
            let mut changes = Vec::new();
            if old.is_none_or(|old| old.removed || old.name != name) {
                changes.push(GenogramChange::Household { id: form.id, name: name.clone(), removed: false });
            }
            let before = old.map(|old| old.people.clone()).unwrap_or_default();
            let lives = |who: &KinId, there| GenogramChange::Lives { household: form.id, who: *who, there };
            changes.extend(form.people.difference(&before).map(|who| lives(who, true)));
            changes.extend(before.difference(&form.people).map(|who| lives(who, false)));
            Ok(changes)
        })
        .await
    }

    /// Removes something from the genogram, or puts back what was removed.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the genogram is not the viewer's to change, or never held it; a form error where it
    /// cannot be put back any more.
    pub async fn remove_from_genogram(
        &self, reader: FamilyReader<'_>, item: GenogramItem, removed: bool,
    ) -> Result<(), ServiceError> {
        self.change_genogram(reader, |genogram, graph, _| {
            let change = match item {
                GenogramItem::Tie(id) => {
                    let tie = genogram.ties.iter().find(|tie| tie.id == id).ok_or(ServiceError::NotFound)?;
                    let changed = GenogramChange::Tie(Tie { removed, ..tie.clone() });
                    if tie.removed == removed {
                        None
                    } else if removed {
                        Some(changed)
                    } else {
                        // What was said since may leave no room for it.
                        let refused =
                            |refusal: domain::meeting::Refusal| ServiceError::field("to", refusal.to_string());
                        let again = Tie { removed: false, ..tie.clone() };
                        let back = genogram.add_tie(graph, again).map_err(refused)?;
                        match &back {
                            Some(GenogramChange::Tie(other)) if other.id != id => {
                                let why = "Something else was said of them meanwhile. Look at it, and change it there.";
                                return Err(ServiceError::field("to", why));
                            }
                            _ => back,
                        }
                    }
                }
                GenogramItem::Relative(id) => {
                    let found = genogram.relatives.iter().find(|relative| relative.id == id);
                    let relative = found.ok_or(ServiceError::NotFound)?;
                    let changed = GenogramChange::Relative(Relative { removed, ..relative.clone() });
                    if relative.removed && !removed {
                        fits_again(genogram, graph, relative)?;
                    }
                    (relative.removed != removed).then_some(changed)
                }
                GenogramItem::Household(id) => {
                    let found = genogram.households.iter().find(|household| household.id == id);
                    let household = found.ok_or(ServiceError::NotFound)?;
                    let name = household.name.clone();
                    (household.removed != removed).then_some(GenogramChange::Household { id, name, removed })
                }
            };
            Ok(change.into_iter().collect())
        })
        .await
    }

    async fn change_genogram(
        &self, reader: FamilyReader<'_>,
        decide: impl Fn(&Genogram, &KinGraph, &domain::record::Named) -> Result<Vec<GenogramChange>, ServiceError>,
    ) -> Result<(), ServiceError> {
        let (viewer, family) = (reader.viewer(), reader.family());
        if !Self::writes_workbook(reader) {
            return Err(ServiceError::NotFound);
        }
        let members = self.inner.store.members(family.uuid()).await?;
        let mothers = self.inner.store.mothers(family.uuid()).await?;
        let by = self.named(viewer).await?;
        let (today, at) = (self.inner.clock.today(), self.inner.clock.now());
        let decide = |workbook: &Workbook| {
            let kin = members.iter().map(|member| kin(member, &members, today)).collect();
            let graph = KinGraph::of(kin, &mothers, &workbook.genogram);
            let changes = decide(&workbook.genogram, &graph, &by)?;
            let dated = |mut change: GenogramChange| {
                // Who takes a tie out or puts it back did not say it.
                let said =
                    |tie: &Tie| workbook.genogram.ties.iter().any(|old| (old.id, old.kind) == (tie.id, tie.kind));
                if let GenogramChange::Tie(tie) = &mut change
                    && !said(tie)
                {
                    (tie.at, tie.by) = (at, by.clone());
                }
                WorkbookEvent::GenogramChanged { change: Box::new(change) }
            };
            Ok(changes.into_iter().map(dated).collect::<Vec<_>>())
        };
        self.write_workbook(viewer, family, None, decide).await
    }

    /// What the genogram says of one child, as a page of Markdown.
    pub(crate) async fn genogram_as_markdown(
        &self, family: FamilyId, genogram: &Genogram, (child, name): (PersonId, &str),
    ) -> Result<String, ServiceError> {
        let words = self.kin_graph(family, genogram).await?.in_words();
        let lines = words.into_iter().find(|kin| kin.id == KinId::Member(child)).map(|kin| kin.lines);
        let lines: Vec<String> = lines.unwrap_or_default().into_iter().map(|line| format!("- {line}\n")).collect();
        Ok(format!("# {name} in the family’s genogram\n\n{}", lines.concat()))
    }
}

fn changed_meanwhile(field: &str) -> ServiceError {
    let why = "Somebody changed this meanwhile. Load the genogram again, and look at what stands there now.";
    ServiceError::field(field, why)
}

/// Whether the ties of a relative who was removed still can be, with what was said since.
fn fits_again(genogram: &Genogram, graph: &KinGraph, relative: &Relative) -> Result<(), ServiceError> {
    let who = KinId::Relative(relative.id);
    let mut graph = graph.clone();
    graph.people.push(Kin::of_relative(relative));
    for tie in genogram.ties.iter().filter(|tie| !tie.removed && (tie.from == who || tie.to == who)) {
        let known = [tie.from, tie.to].iter().all(|id| graph.people.iter().any(|kin| kin.id == *id));
        if tie.kind == TieKind::Parent && known {
            // Its own tie is not in its way.
            let mut without = genogram.clone();
            without.ties.retain(|other| other.id != tie.id);
            without.add_tie(&graph, tie.clone()).map_err(|refusal| ServiceError::field("to", refusal.to_string()))?;
            graph.parents.insert((tie.from, tie.to));
        }
    }
    Ok(())
}

fn tie(
    genogram: &Genogram, graph: &KinGraph, form: &TieForm, by: &domain::record::Named,
) -> Result<Option<GenogramChange>, ServiceError> {
    if [form.from, form.to].iter().any(|who| graph.people.iter().all(|kin| kin.id != *who)) {
        return Err(ServiceError::NotFound);
    }
    let (id, from, to, kind) = (form.id, form.from, form.to, form.kind);
    // The same form twice is one tie; a form that comes again with something else is out of date.
    if let Some(old) = genogram.ties.iter().find(|old| old.id == id) {
        let same = (old.from, old.to, old.kind) == (from, to, kind) && !old.removed;
        return if same { Ok(None) } else { Err(changed_meanwhile("to")) };
    }
    let new = Tie { id, from, to, kind, removed: false, by: by.clone(), at: chrono::DateTime::UNIX_EPOCH };
    genogram.add_tie(graph, new).map_err(|refusal| ServiceError::field("to", refusal.to_string()))
}

fn kin(member: &FamilyMember, members: &[FamilyMember], today: chrono::NaiveDate) -> Kin {
    let person = &member.person;
    let name = crate::names::name_in_family(member, members);
    let life = match (person.died, person.born, person.expected) {
        (Some(_), ..) => LifeState::Died,
        (None, None, Some(_)) => LifeState::Unborn,
        _ => LifeState::Living,
    };
    // An adult's age is nobody's business here, unless they have died.
    let age = if person.adult && person.died.is_none() { String::new() } else { age_words(person, today) };
    Kin {
        id: KinId::Member(person.id),
        name: if name.is_empty() { "unborn".to_owned() } else { name },
        age,
        sex: Sex::from_word(&person.sex).unwrap_or_default(),
        life,
        child: !person.adult,
        born: person.born.or(person.expected),
    }
}
