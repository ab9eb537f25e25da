//! One's own chapter of a family's workbook.

#![allow(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use leptos::prelude::*;

/// Saves texts of the viewer's chapter of this month, or shows how they will look. `place`, `base` and `text` are lines of
/// one list, one beside the other.
#[server(prefix = "/api", endpoint = "chapter/save")]
pub async fn save_chapter(
    #[server(default)] family: String, #[server(default)] place: Vec<String>, #[server(default)] base: Vec<String>,
    #[server(default)] text: Vec<String>, #[server(default)] preview: String,
) -> Result<(), ServerFnError> {
    use crate::parts::form::Draft;
    use crate::parts::notice::done;
    use crate::visit;
    use domain::chapter::ChapterPlace;
    use service::ServiceError;
    use service::workbook::chapter::{TypedText, field};
    let back = match family.parse::<domain::FamilyId>() {
        Ok(family) => format!("/families/{family}"),
        Err(_) => "/families".to_owned(),
    };
    let mut typed = Vec::new();
    if place.len() == base.len() && place.len() == text.len() {
        for ((place, base), text) in place.iter().zip(&base).zip(&text) {
            let (Ok(place), Ok(base)) = (place.parse::<ChapterPlace>(), base.parse::<i64>()) else { continue };
            typed.push(TypedText { place, text: text.clone(), base });
        }
    }
    let fields: Vec<(String, String)> = typed
        .iter()
        .flat_map(|typed| {
            [(field(&typed.place), typed.text.clone()), (format!("base-{}", typed.place), typed.base.to_string())]
        })
        .collect();
    let writing = format!("{back}/chapter");
    if !preview.is_empty() {
        let fields = fields.into_iter().chain([("preview".to_owned(), preview)]).collect();
        let kept = visit::keep(&Draft { fields, errors: Vec::new() }).await.unwrap_or_default();
        visit::go(&format!("{writing}?draft={kept}"));
        return Ok(());
    }
    let result = async {
        let visit = visit::visit()?;
        if typed.is_empty() || typed.len() != text.len() {
            return Err(ServiceError::NotFound);
        }
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.write_chapter(reader, &typed).await
    };
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visit::answer(result.await, |()| done("Your summary is saved.", back.clone()), &writing, &fields).await
}
