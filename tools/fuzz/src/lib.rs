//! What reads bytes from outside, each as a function that takes any bytes: none may panic, hang or take much memory.
//! `make fuzz` runs each with bytes that look for ways through the code; a test runs each over the committed corpus.

use app::api::act::{Act, parse};
use axum::{body::Body, http::Request};
use domain::page::Frame;
use domain::prose::Prose;
use futures::executor::block_on;
use server_fn::codec::{FromReq, PostUrl};
use server_fn::error::ServerFnError;

/// A reader of bytes.
pub type Reader = fn(&[u8]);

/// All readers, by the name of their corpus.
pub const ALL: [(&str, Reader); 5] =
    [("update", update), ("wire", wire), ("act", act), ("table", table), ("template", template)];

/// A Yjs update: as a command on a box that holds text, as a stored state, and what both leave for a joiner.
pub fn update(bytes: &[u8]) {
    let prose = Prose::with_pen(1);
    let _ = prose.rewrite("one 🌱 two");
    let before = prose.text();
    match prose.accept(bytes, 7) {
        Ok(()) => {}
        Err(_) => assert_eq!(prose.text(), before, "what is refused changes nothing"),
    }
    let joiner = Prose::new();
    joiner.merge(&prose.state()).expect("a box's own state can be read");
    assert_eq!(joiner.text(), prose.text());
    let _ = Prose::new().merge(bytes);
    let _ = domain::prose::inserted(bytes);
}

/// A frame as pages and streams carry it.
pub fn wire(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(frame) = domain::wire::read::<Frame>(text)
    {
        let again = domain::wire::write(&frame);
        assert_eq!(domain::wire::read::<Frame>(&again), Some(frame));
    }
}

/// An act's form, as the body of its request.
pub fn act(bytes: &[u8]) {
    let request = Request::new(Body::from(bytes.to_vec()));
    let read: Result<Act, ServerFnError> = block_on(<Act as FromReq<PostUrl, _, _>>::from_req(request));
    if let Ok(Act { form }) = read {
        let now = chrono::DateTime::from_timestamp(1_795_512_600, 0).expect("November 2026");
        let today = domain::dates::london(now).date();
        let making = parse::Making { new_id: &uuid::Uuid::nil, now, today, usual_route: "" };
        let _ = parse::request(&form, &making);
    }
}

/// A table of an extract.
pub fn table(bytes: &[u8]) {
    let mapping = interchange::Mapping::default();
    let read = interchange::table::Table::read("ssd_person.csv", bytes, &["pers_person_id"], &mapping);
    let Ok(table) = read else { return };
    let _ = table.date_styles(&["pers_dob"]);
    for row in table.rows() {
        let again = table.row_at(row.place());
        assert!(again.is_some_and(|again| again.is_like(&row)), "a row is read twice alike");
        let _ = row.oddities().count();
    }
}

/// A council's template.
pub fn template(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = service::template::read(text);
    }
}
