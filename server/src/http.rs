//! The router: pages, server functions, the stream, minutes as files, assets, health.

use crate::polls::Polls;
use crate::proxies::Proxies;
use crate::state::AppState;
use crate::{auth, discussion, export, notes, poll, sign_on, stream, trouble, typed};
use app::cookies::Cookies;
use app::routes::Pages;
use app::shell::{Build, shell};
use app::visit::PublicUrl;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use service::Service;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeDir;

/// The most a request may carry, in bytes: a full box as a form, percent-encoded.
const BODY: usize = 400 * 1024;

/// The longest `/readyz` waits for the database.
const READY: Duration = Duration::from_secs(3);

/// The whole application.
pub fn router(service: Service, cookies: Cookies, assets: &Path, public: &str, proxies: Proxies) -> Router {
    let shared = AppState {
        service: service.clone(),
        cookies: cookies.clone(),
        public: public.into(),
        proxies,
        polls: Polls::default(),
        build: build(assets).into(),
    };
    let build = Build(Arc::clone(&shared.build));
    let public = PublicUrl(Arc::clone(&shared.public));
    let https = cookies.secure;
    let options = LeptosOptions::builder().output_name("caseround").site_pkg_dir("pkg").build();
    let context = move || {
        provide_context(service.clone());
        provide_context(cookies.clone());
        provide_context(build.clone());
        provide_context(public.clone());
    };
    let functions_context = context.clone();
    let functions = move |request: Request| {
        let context = functions_context.clone();
        async move { leptos_axum::handle_server_fns_with_context(context, request).await.into_response() }
    };
    let not_found = leptos_axum::render_app_async_with_context(context.clone(), shell);
    // Beside the pages and not among them: what those carry along costs every keystroke a little.
    let quick = Router::new()
        .route("/api/meeting/typed", post(typed::typed))
        .route("/meetings/{id}/stream", get(stream::stream));
    Router::new()
        .route("/api/{*function}", any(functions))
        .route("/sign-in/back/{provider}", get(sign_on::back))
        .route("/meetings/{id}/poll", get(poll::poll))
        .route("/meetings/{id}/discussions/{slot}", get(discussion::discussion))
        .route("/meetings/{id}/notes/{slot}", get(notes::read).post(notes::act))
        .route("/meetings/{id}/files/{format}", get(export::minutes))
        .route("/families/{id}/messages/{meeting}/{message}/pdf", get(export::message))
        .route("/families/{id}/children/{child}/archive", get(export::archive))
        .route("/records/{id}/files/{format}", get(export::record).post(export::agreed_record))
        .leptos_routes_with_context(&options, generate_route_list(Pages), context, shell)
        .fallback(not_found)
        .with_state(options)
        .merge(quick)
        .layer(middleware::from_fn_with_state(shared.clone(), auth::door))
        .layer(middleware::from_fn(trouble::in_time))
        .route(app::visit::UNAVAILABLE, get(|headers: HeaderMap| async move { trouble::unavailable(&headers) }))
        .route("/sign-in/ended/{provider}", post(sign_on::ended))
        .nest_service("/pkg", assets_service(assets))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        // In one go: each layer of its own costs every keystroke a little.
        .layer(
            ServiceBuilder::new()
                .layer(middleware::from_fn(move |request, next| safe_headers(https, request, next)))
                .layer(RequestBodyLimitLayer::new(BODY))
                .layer(Extension(shared)),
        )
}

/// What tells one build from another: the version and the browser's program.
fn build(assets: &Path) -> String {
    let program = std::fs::read(assets.join("caseround_bg.wasm")).unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(program);
    hex::encode(&hash.finalize()[..6])
}

/// Set where a page has not set them itself.
const SAFE: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
];

/// Where the address people type is https, browsers ask by nothing else for a year. Other names below it are the council's own.
const ONLY_HTTPS: &str = "max-age=31536000";

/// Pages and answers are nobody's to keep; built files are asked for again each time, and answered with
/// "not modified".
async fn safe_headers(https: bool, request: Request, next: Next) -> Response {
    let asset = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SAFE {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONLY_HTTPS));
    }
    let keeping = if asset { "no-cache" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keeping));
    response
}

fn assets_service(assets: &Path) -> Router {
    Router::new().fallback_service(ServeDir::new(assets).precompressed_br().precompressed_gzip())
}

async fn ready(Extension(shared): Extension<AppState>) -> Response {
    match tokio::time::timeout(READY, shared.service.ready()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "nothing can be written\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}
