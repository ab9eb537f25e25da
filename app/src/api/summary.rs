//! Monthly summaries.

use leptos::prelude::*;

/// Saves the viewer's summary of this month, or shows how it will look.
#[server(prefix = "/api", endpoint = "summary/save")]
pub async fn save_summary(
    #[server(default)] family: String, #[server(default)] text: String, #[server(default)] base: String,
    #[server(default)] preview: String,
) -> Result<(), ServerFnError> {
    use crate::parts::form::Draft;
    use crate::parts::notice::done;
    use crate::visit;
    let back = format!("/families/{family}");
    if !preview.is_empty() {
        let fields = [("text".to_owned(), text), ("base".to_owned(), base), ("preview".to_owned(), preview)];
        let kept = visit::keep(&Draft { fields: fields.into(), errors: Vec::new() }).await.unwrap_or_default();
        crate::visit::go(&format!("{back}?draft={kept}&write=yes#text"));
        return Ok(());
    }
    let result = async {
        let visit = visit::visit()?;
        let family = visit::id(&family)?;
        let reader = visit.service.family_reader(&visit.viewer, family).await?;
        let base = visit::id(&base)?;
        visit.service.write_summary(reader, &text, base).await
    };
    let fields = [("text", text.as_str()), ("base", base.as_str())];
    let writing = format!("{back}?write=yes");
    visit::answer(result.await, |()| done("Your summary is saved.", back.clone()), &writing, &fields).await
}
