//! Views of one type: what each further type of view brings with it costs the browser one to two KB.

/// Leptos' `view!` with the type of what it draws erased, so that all parts of the live page are of one type.
macro_rules! view {
    ($($drawn:tt)*) => {
        ::leptos::prelude::IntoAny::into_any(::leptos::view! { $($drawn)* })
    };
}
pub(crate) use view;
