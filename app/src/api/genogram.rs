//! The genogram of a family.

#![allow(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use leptos::prelude::*;

/// The page a form came from, and leads back to.
#[cfg(feature = "ssr")]
fn genogram_page(family: &str) -> String {
    match family.parse::<domain::FamilyId>() {
        Ok(family) => format!("/families/{family}/genogram"),
        Err(_) => "/families".to_owned(),
    }
}

/// What one person is to another, as the words of a form say it; "child" is "parent", seen from the other end.
#[cfg(feature = "ssr")]
fn tie_form(
    id: &str, from: domain::genogram::KinId, kind: &str, to: &str,
) -> Result<service::workbook::genogram::TieForm, service::ServiceError> {
    use domain::genogram::{CHILD, TieKind};
    use service::ServiceError;
    let choose = || ServiceError::field("to", "Choose a person.");
    let to = Some(to).filter(|to| !to.is_empty()).ok_or_else(choose)?;
    let to = to.parse().map_err(|()| ServiceError::NotFound)?;
    let id = crate::visit::id(id)?;
    Ok(if kind == CHILD {
        service::workbook::genogram::TieForm { id, from: to, kind: TieKind::Parent, to: from }
    } else {
        let kind = TieKind::from_word(kind).ok_or(ServiceError::NotFound)?;
        service::workbook::genogram::TieForm { id, from, kind, to }
    })
}

/// Writes down what one person is to another.
#[server(prefix = "/api", endpoint = "genogram/tie")]
pub async fn write_tie(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] from: String,
    #[server(default)] kind: String, #[server(default)] to: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    let result = async {
        let visit = visit::visit()?;
        let choose = || ServiceError::field("from", "Choose a person.");
        let one = Some(&from).filter(|from| !from.is_empty()).ok_or_else(choose)?;
        let form = tie_form(&id, one.parse().map_err(|()| ServiceError::NotFound)?, &kind, &to)?;
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.add_tie(reader, &form).await
    };
    let page = genogram_page(&family);
    let fields = [("id", id.as_str()), ("from", &from), ("kind", &kind), ("to", &to)];
    visit::answer(result.await, |()| done("The genogram is changed.", page.clone()), &page, &fields).await
}

/// Adds somebody who is no member of the family, with what they are to whom; or corrects what is known of them.
#[server(prefix = "/api", endpoint = "genogram/relative")]
pub async fn write_relative(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] name: String,
    #[server(default)] sex: String, #[server(default)] life: String, #[server(default)] tie: String,
    #[server(default)] kind: String, #[server(default)] to: String, #[server(default)] base: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use domain::genogram::{KinId, LifeState, RelativeContent, Sex};
    use service::ServiceError;
    use service::workbook::genogram::RelativeForm;
    let result = async {
        let visit = visit::visit()?;
        let content = RelativeContent {
            name: name.clone(),
            sex: Sex::from_word(&sex).ok_or(ServiceError::NotFound)?,
            life: LifeState::from_word(&life).ok_or(ServiceError::NotFound)?,
        };
        let id = visit::id(&id)?;
        let base = visit::id(&base)?;
        let tied = if base > 0 { None } else { Some(tie_form(&tie, KinId::Relative(id), &kind, &to)?) };
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.write_relative(reader, &RelativeForm { id, content, tie: tied, base }).await
    };
    let page = genogram_page(&family);
    let again = if base == "0" { format!("{page}?add=relative") } else { format!("{page}?relative={id}") };
    let fields = [
        ("id", id.as_str()),
        ("base", &base),
        ("relative-name", &name),
        ("sex", &sex),
        ("life", &life),
        ("tie", &tie),
        ("kind", &kind),
        ("to", &to),
    ];
    visit::answer(result.await, |()| done("The genogram is changed.", page.clone()), &again, &fields).await
}

/// Writes down who lives together.
#[server(prefix = "/api", endpoint = "genogram/household")]
pub async fn write_household(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] name: String,
    #[server(default)] people: Vec<String>, #[server(default)] base: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    use service::workbook::genogram::HouseholdForm;
    let result = async {
        let visit = visit::visit()?;
        let people = people.iter().map(|who| who.parse().map_err(|()| ServiceError::NotFound));
        let form = HouseholdForm {
            id: visit::id(&id)?,
            name: name.clone(),
            people: people.collect::<Result<_, _>>()?,
            base: visit::id(&base)?,
        };
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.write_household(reader, &form).await
    };
    let page = genogram_page(&family);
    let again = format!("{page}?household={id}");
    let chosen = people.join(" ");
    let fields = [("household-name", name.as_str()), ("people", &chosen), ("base", &base)];
    visit::answer(result.await, |()| done("The genogram is changed.", page.clone()), &again, &fields).await
}

/// Removes a tie, a relative or a household, or puts it back.
#[server(prefix = "/api", endpoint = "genogram/remove")]
pub async fn remove_from_genogram(
    #[server(default)] family: String, #[server(default)] what: String, #[server(default)] id: String,
    #[server(default)] removed: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    use service::workbook::genogram::GenogramItem;
    let result = async {
        let visit = visit::visit()?;
        let item = match what.as_str() {
            "tie" => GenogramItem::Tie(visit::id(&id)?),
            "relative" => GenogramItem::Relative(visit::id(&id)?),
            "household" => GenogramItem::Household(visit::id(&id)?),
            _ => return Err(ServiceError::NotFound),
        };
        let removed = visit::yes(&removed)?;
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.remove_from_genogram(reader, item, removed).await
    };
    let page = genogram_page(&family);
    let answered = |(): &()| {
        let undo = [("family", family.as_str()), ("what", &what), ("id", &id), ("removed", "no")];
        match removed.as_str() {
            "yes" => done("It is removed.", page.clone()).undone_by("/api/genogram/remove", &undo),
            _ => done("It is there again.", page.clone()),
        }
    };
    visit::answer(result.await, answered, &page, &[]).await
}
