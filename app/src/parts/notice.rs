//! What the form did that leads to a page, at the page's top, with the way back where there is one.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::parts::erased::view;
use crate::visit;

/// What was done, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageNotice {
    /// "Marked as done: ring the school."
    pub words: String,
    /// How to take it back.
    pub undo: Option<Undo>,
    /// What the page shows once, for whoever reads it to pass on.
    #[serde(default)]
    pub once: Option<String>,
}

/// The form that takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// Where it is posted to.
    pub action: String,
    /// Its hidden fields.
    pub fields: Vec<(String, String)>,
    /// What was before, as JSON; the server keeps it, the form does not hold it.
    pub before: String,
}

/// Where a form leads that was taken, and what the page there says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDone {
    to: String,
    notice: Option<PageNotice>,
}

impl From<String> for FormDone {
    fn from(to: String) -> Self {
        Self { to, notice: None }
    }
}

/// Leads to `to`, where the page says `words`.
pub fn done(words: impl Into<String>, to: impl Into<String>) -> FormDone {
    FormDone { to: to.into(), notice: Some(PageNotice { words: words.into(), undo: None, once: None }) }
}

impl FormDone {
    /// The page offers "Undo": a form with these fields, posted to `action`.
    #[must_use]
    pub fn undone_by(self, action: &str, fields: &[(&str, &str)]) -> Self {
        self.undone_with(action, fields, String::new())
    }

    /// The page shows this, once: loaded again it does not.
    #[must_use]
    pub fn shown_once(mut self, secret: String) -> Self {
        if let Some(notice) = &mut self.notice {
            notice.once = Some(secret);
        }
        self
    }

    /// The same, with what was before, which the server keeps: [`before`] gives it.
    #[must_use]
    pub fn undone_with(mut self, action: &str, fields: &[(&str, &str)], before: String) -> Self {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if let Some(notice) = &mut self.notice {
            notice.undo = Some(Undo { action: action.to_owned(), fields, before });
        }
        self
    }

    /// The address with the notice's id. Where the notice cannot be kept, the page comes without it.
    pub async fn address(self) -> String {
        let Some(notice) = self.notice else { return self.to };
        let kept = match serde_json::to_string(&notice) {
            Ok(body) => visit::keep_body(&body).await,
            Err(_) => None,
        };
        let Some(id) = kept else { return self.to };
        let (page, part) = self.to.split_once('#').map_or((self.to.as_str(), None), |(page, part)| (page, Some(part)));
        let join = if page.contains('?') { '&' } else { '?' };
        let part = part.map(|part| format!("#{part}")).unwrap_or_default();
        format!("{page}{join}notice={id}{part}")
    }
}

/// What was before the form of notice `id` did its work.
pub async fn before(id: &str) -> Option<String> {
    Some(read(id).await?.undo?.before)
}

/// Forgets a notice once its "Undo" was pressed.
pub async fn forget(id: &str) {
    if let (Ok(id), Ok(visit)) = (id.parse(), visit::visit()) {
        // What cannot be forgotten now is a day later.
        let _ = visit.service.forget_draft(id, visit.viewer.worker).await;
    }
}

async fn read(id: &str) -> Option<PageNotice> {
    serde_json::from_str(&visit::kept_body(id).await?).ok()
}

/// The notice this page was led to with. Focus goes to it, unless the address names a part of the page.
pub async fn shown() -> Option<impl IntoView + use<>> {
    let id = visit::query("notice")?;
    let PageNotice { words, undo, once } = read(&id).await?;
    if once.is_some() {
        forget(&id).await;
    }
    Some(view! {
        <div class="cr-saved" role="status" tabindex="-1" autofocus>
            <p>{words}</p>
            {once.map(|once| view! { <p class="cr-once">{once}</p> })}
            {undo.map(|undo| view! {
                <form action=undo.action method="post" class="cr-inline-form">
                    {undo.fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
                    <input type="hidden" name="notice" value=id/>
                    <button type="submit" class="cr-link-button">"Undo"</button>
                </form>
            })}
        </div>
    })
}
