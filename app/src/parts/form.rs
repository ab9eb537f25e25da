//! Forms: a field with its label, hint and error; the summary of what is wrong.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::parts::erased::view;

/// A refused form: what was typed, and what is wrong with which field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What was typed, by field.
    pub fields: BTreeMap<String, String>,
    /// Field and message; an empty field name is the whole form.
    pub errors: Vec<(String, String)>,
}

impl Draft {
    /// What was typed in a field, or `fallback`.
    #[must_use]
    pub fn value(&self, field: &str, fallback: &str) -> String {
        self.fields.get(field).cloned().unwrap_or_else(|| fallback.to_owned())
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| name == field).map(|(_, message)| message.clone())
    }
}

/// What is wrong, at the top of the page, each linked to its field.
#[must_use]
pub fn error_summary(draft: &Draft) -> Option<impl IntoView + use<>> {
    (!draft.errors.is_empty()).then(|| {
        let errors = draft.errors.clone();
        view! {
            <div class="govuk-error-summary" role="alert" tabindex="-1" autofocus>
                <h2 class="govuk-error-summary__title">"There is a problem"</h2>
                <div class="govuk-error-summary__body">
                    <ul class="govuk-list govuk-error-summary__list">
                        {errors.into_iter().map(|(field, message)| {
                            if field.is_empty() {
                                view! { <li>{message}</li> }
                            } else {
                                view! { <li><a href=format!("#{field}")>{message}</a></li> }
                            }
                        }).collect_view()}
                    </ul>
                </div>
            </div>
        }
    })
}

/// A line of text with its label.
#[component]
pub fn TextField(
    /// Name and id.
    #[prop(into)]
    name: String, /// Label.
    #[prop(into)]
    label: String,
    /// Hint below the label; may be empty.
    #[prop(optional, into)]
    hint: String,
    /// What it holds.
    #[prop(into)]
    value: String,
    /// What is wrong with it.
    #[prop(into)]
    error: Option<String>,
    /// "text", "email", "password".
    #[prop(optional, into)]
    kind: Option<String>,
    /// What a browser may fill in.
    #[prop(optional, into)]
    autocomplete: Option<String>,
) -> impl IntoView {
    let hint_id = (!hint.is_empty()).then(|| format!("{name}-hint"));
    let error_id = error.is_some().then(|| format!("{name}-error"));
    let invalid = error.is_some().then_some("true");
    let group = group_class(error.is_some());
    let described = [hint_id.clone(), error_id.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    view! {
        <div class=group>
            <label class="govuk-label" for=name.clone()>{label}</label>
            {hint_id.map(|id| view! { <div class="govuk-hint" id=id>{hint}</div> })}
            {error.zip(error_id).map(|(message, id)| view! {
                <p class="govuk-error-message" id=id><span class="govuk-visually-hidden">"Error: "</span>{message}</p>
            })}
            <input class="govuk-input" id=name.clone() name=name type=kind.unwrap_or_else(|| "text".to_owned()) value=value
                autocomplete=autocomplete.unwrap_or_else(|| "off".to_owned())
                aria-invalid=invalid aria-describedby=(!described.is_empty()).then_some(described)/>
        </div>
    }
}

/// A choice from a list with its label. `options` are value and title.
#[component]
pub fn SelectField(
    /// Name and id.
    #[prop(into)]
    name: String, /// Label.
    #[prop(into)]
    label: String,
    /// Value and title of each.
    options: Vec<(String, String)>,
    /// The chosen value.
    #[prop(into)]
    value: String,
    /// What is wrong with it.
    #[prop(into)]
    error: Option<String>,
) -> impl IntoView {
    let error_id = error.is_some().then(|| format!("{name}-error"));
    let invalid = error.is_some().then_some("true");
    let group = group_class(error.is_some());
    view! {
        <div class=group>
            <label class="govuk-label" for=name.clone()>{label}</label>
            {error.zip(error_id.clone()).map(|(message, id)| view! {
                <p class="govuk-error-message" id=id><span class="govuk-visually-hidden">"Error: "</span>{message}</p>
            })}
            <select class="govuk-select" id=name.clone() name=name aria-invalid=invalid aria-describedby=error_id>
                {options.into_iter().map(|(key, title)| {
                    let selected = key == value;
                    view! { <option value=key selected=selected>{title}</option> }
                }).collect_view()}
            </select>
        </div>
    }
}

fn group_class(wrong: bool) -> &'static str {
    if wrong { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }
}
