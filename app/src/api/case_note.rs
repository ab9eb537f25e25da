//! What workers write into a family's chronology.

#![allow(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use leptos::prelude::*;

#[cfg(feature = "ssr")]
fn chronology_page(family: &str) -> String {
    match family.parse::<domain::FamilyId>() {
        Ok(family) => format!("/families/{family}/chronology"),
        Err(_) => "/families".to_owned(),
    }
}

/// Writes a note, or changes it; `base` is the revision the form was filled from, 0 for a new one.
#[server(prefix = "/api", endpoint = "case-note/write")]
pub async fn write_case_note(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] base: String,
    #[server(default)] happened: String, #[server(default)] text: String, #[server(default)] children: Vec<String>,
    #[server(default)] significant: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::workbook::case_note::CaseNoteForm;
    let result = async {
        let visit = visit::visit()?;
        let form = CaseNoteForm {
            id: visit::id(&id)?,
            base: visit::id(&base)?,
            children: children.iter().map(|child| visit::id(child)).collect::<Result<_, _>>()?,
            happened: happened.clone(),
            text: text.clone(),
            significant: visit::ticked(&significant)?,
        };
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.write_case_note(reader, &form).await
    };
    let page = chronology_page(&family);
    let again = if base == "0" { format!("{page}?write=new") } else { format!("{page}?change={id}") };
    let (chosen, significant) = (children.join(" "), if significant.is_empty() { "no" } else { "yes" });
    let fields = [
        ("id", id.as_str()),
        ("base", &base),
        ("happened", &happened),
        ("text", &text),
        ("children", &chosen),
        ("significant", significant),
    ];
    visit::answer(result.await, |()| done("It stands in the chronology.", page.clone()), &again, &fields).await
}

/// Takes a note out of the chronology, or puts it back.
#[server(prefix = "/api", endpoint = "case-note/remove")]
pub async fn remove_case_note(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] removed: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let removed = visit::yes(&removed)?;
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.remove_case_note(reader, visit::id(&id)?, removed).await
    };
    let page = chronology_page(&family);
    let answered = |(): &()| match removed.as_str() {
        "yes" => done("It is removed.", page.clone())
            .undone_by("/api/case-note/remove", &[("family", family.as_str()), ("id", &id), ("removed", "no")]),
        _ => done("It is there again.", page.clone()),
    };
    visit::answer(result.await, answered, &page, &[]).await
}
