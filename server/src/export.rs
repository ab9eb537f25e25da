//! Minutes and records as files. No name of a family or person is in a file's name.

use crate::state::AppState;
use crate::trouble::troubled;
use app::visit::{self, From, SignedIn};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use domain::document::copy::Recipient;
use domain::document::of_minutes;
use domain::{MeetingId, RecordId};
use futures::SinkExt;
use serde::Deserialize;
use service::record::archive::{Archive, CONTENTS};
use service::record::copy::FORMATS;
use service::record::minutes::file_of;
use service::{Service, ServiceError};
use std::io::{BufWriter, Write};

/// For whom a record's file is made.
#[derive(Debug, Deserialize)]
pub struct For {
    /// "file", "inspector" or a worker's id.
    #[serde(rename = "for", default)]
    who: String,
    /// "yes" once what is flagged was read.
    #[serde(default)]
    agreed: String,
}

/// Which part of a meeting's minutes.
#[derive(Debug, Deserialize)]
pub struct PartOf {
    /// A family's reference; empty for all that the reader may see.
    #[serde(default)]
    family: String,
}

/// `GET /meetings/{id}/files/{format}`: a meeting's minutes, or one family's part of them.
pub async fn minutes(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>, Extension(from): Extension<From>,
    Path((id, format)): Path<(String, String)>, Query(part): Query<PartOf>,
) -> Response {
    let found = FORMATS.into_iter().find(|(name, _)| *name == format);
    let (Ok(meeting), Some((format, kind))) = (id.parse::<MeetingId>(), found) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let made = async {
        let part = Some(part.family.as_str()).filter(|reference| !reference.is_empty());
        let minutes = {
            let reader = shared.service.meeting_reader(&signed.viewer, meeting).await?;
            shared.service.minutes(reader, &from.0, part, format).await?
        };
        let name = format!("{}.{format}", file_of(&minutes, part));
        Ok((shared.service.print(of_minutes(&minutes), format).await?, kind, name))
    };
    answer(made.await, &shared.service)
}

/// `GET /records/{id}/files/{format}`: a signed record, for somebody.
pub async fn record(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>, Extension(from): Extension<From>,
    Path((id, format)): Path<(String, String)>, Query(wanted): Query<For>,
) -> Response {
    copy(&shared, &signed, &from, &id, (&wanted.who, &format, false)).await
}

/// `POST /records/{id}/files/{format}`: the same, by somebody who has read what is flagged and says yes. A link from
/// elsewhere cannot say it for them.
pub async fn agreed_record(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>, Extension(from): Extension<From>,
    Path((id, format)): Path<(String, String)>, Form(wanted): Form<For>,
) -> Response {
    copy(&shared, &signed, &from, &id, (&wanted.who, &format, wanted.agreed == "yes")).await
}

async fn copy(
    shared: &AppState, signed: &SignedIn, from: &From, id: &str, (who, format, agreed): (&str, &str, bool),
) -> Response {
    let (Ok(record), Some(recipient)) = (id.parse::<RecordId>(), Recipient::chosen(who)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let made = async {
        let reader = shared.service.record_reader(&signed.viewer, record).await?;
        shared.service.print_copy(reader, &from.0, recipient, format, agreed).await
    };
    answer(made.await, &shared.service)
}

/// `GET /families/{id}/messages/{meeting}/{message}/pdf`: one adult's message, to hand over.
pub async fn message(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>, Extension(from): Extension<From>,
    Path((family, meeting, message)): Path<(String, String, String)>,
) -> Response {
    let (Ok(family), Ok(meeting), Ok(message)) = (family.parse(), meeting.parse(), message.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let made = async {
        let reader = shared.service.family_reader(&signed.viewer, family).await?;
        let (bytes, name) = shared.service.print_message(reader, &from.0, meeting, message).await?;
        Ok((bytes, "application/pdf", name))
    };
    answer(made.await, &shared.service)
}

/// `GET /families/{id}/children/{child}/archive`: everything about one child.
pub async fn archive(
    Extension(shared): Extension<AppState>, Extension(signed): Extension<SignedIn>, Extension(from): Extension<From>,
    Path((family, child)): Path<(String, String)>,
) -> Response {
    let (Ok(family), Ok(child)) = (family.parse(), child.parse()) else { return StatusCode::NOT_FOUND.into_response() };
    let made = async {
        let manager = shared.service.family_manager(&signed.viewer, family).await?;
        let confirmed = shared.service.confirmed(&signed.viewer, &signed.token).await?;
        shared.service.archive(manager, confirmed, &from.0, child).await
    };
    match made.await {
        Ok(archive) => streamed(archive, shared.service.clone()),
        // They come back to the family's page, and press there: an archive that began by itself would take nobody along.
        Err(ServiceError::Unconfirmed) => {
            Redirect::to(&visit::confirmation_before(&format!("/families/{family}"))).into_response()
        }
        Err(error) => troubled(error, &shared.service),
    }
}

/// An archive is sent while it is made: the browser shows how much has come and can stop it, and what is stopped is not
/// made to its end. One that fails is broken off, so that nobody takes a part for the whole.
fn streamed(archive: Archive, service: Service) -> Response {
    let (mut pieces, body) = futures::channel::mpsc::channel::<std::io::Result<Bytes>>(PIECES);
    let name = archive.name;
    let mut files = archive.files;
    tokio::task::spawn_blocking(move || {
        let mut whole = false;
        let mut coming = std::iter::from_fn(|| match files.blocking_recv() {
            Some(Ok(file)) => {
                whole = file.0 == CONTENTS;
                Some(Ok(file))
            }
            Some(Err(error)) => Some(Err(error.to_string())),
            None if whole => None,
            None => Some(Err("its making ended early".to_owned())),
        });
        let mut out = BufWriter::with_capacity(PIECE, Pieces(pieces.clone()));
        let made = service.printer().archive(&mut coming, &mut out);
        let ended = made.and_then(|()| out.flush().map_err(|error| error.to_string()));
        if let Err(error) = ended {
            tracing::warn!(error, "an archive was not made to its end");
            let broken = std::io::Error::other("the archive could not be made to its end");
            let _ = futures::executor::block_on(pieces.send(Err(broken)));
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CONTENT_DISPOSITION, saved_as(&name)),
    ];
    (headers, Body::from_stream(body)).into_response()
}

/// Pieces of an archive that wait for the line.
const PIECES: usize = 4;
/// Bytes of one.
const PIECE: usize = 64 * 1024;

/// Writes into a body; fails once nobody reads it.
struct Pieces(futures::channel::mpsc::Sender<std::io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let piece = Ok(Bytes::copy_from_slice(bytes));
        futures::executor::block_on(self.0.send(piece)).map_err(std::io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn answer(made: Result<(Vec<u8>, &'static str, String), ServiceError>, service: &Service) -> Response {
    match made {
        Ok((bytes, kind, name)) => {
            let mut response = bytes.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            headers.insert(header::CONTENT_DISPOSITION, saved_as(&name));
            response
        }
        Err(error) => troubled(error, service),
    }
}

/// The header that names a file that is saved: where it is not ASCII, in a form for what reads nothing else too (RFC 6266).
fn saved_as(name: &str) -> HeaderValue {
    let plain: String = name.chars().map(|letter| if letter.is_ascii() { letter } else { '_' }).collect();
    let mut words = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        let whole: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
        words.push_str(&format!("; filename*=UTF-8''{whole}"));
    }
    HeaderValue::from_str(&words).expect("letters, digits, hyphens and per cent signs are a header's text")
}

#[cfg(test)]
mod tests {
    use super::saved_as;

    #[test]
    fn a_saved_file_is_named_in_its_own_script() {
        assert_eq!(saved_as("record-Zoe.pdf"), "attachment; filename=\"record-Zoe.pdf\"");
        let named = saved_as("record-孩子.pdf");
        assert_eq!(named, "attachment; filename=\"record-__.pdf\"; filename*=UTF-8''record-%E5%AD%A9%E5%AD%90.pdf");
    }
}
