//! Hocuspocus and y-websocket: Yjs over a WebSocket, one document per room, one text per person.

use crate::http::carried;
use crate::ledger::Ledger;
use crate::process::{Server, free_port};
use crate::system::{Seat, System};
use anyhow::{Result, bail};
use domain::prose::inserted;
use futures::{SinkExt, StreamExt};
use std::cell::{Cell, RefCell};
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message;
use yrs::encoding::read::{Cursor, Read};
use yrs::encoding::write::Write;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{ClientID, Doc, GetString, Options, ReadTxn, StateVector, Text, Transact, Update, WriteTxn};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Messages carry the document's name, and many documents share a connection.
    Hocuspocus,
    /// One connection per document.
    YWebsocket,
}

/// A Yjs server.
#[derive(Debug)]
pub struct Yjs {
    kind: Kind,
    server: Server,
    port: u16,
    _folder: tempfile::TempDir,
}

const SYNC: u32 = 0;
const FIRST: u32 = 0;
const SECOND: u32 = 1;
const UPDATE: u32 = 2;
/// Hocuspocus answers a first step with the same under another name.
const SYNC_REPLY: u32 = 4;

impl Yjs {
    /// Starts one from the folder the peers are installed in, with its durable store.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn start(kind: Kind, peers: &Path, core: Option<usize>) -> Result<Self> {
        let (folder, port) = (tempfile::tempdir()?, free_port()?);
        let mut command = Command::new("node");
        command.current_dir(peers).env("PORT", port.to_string()).env("HOST", "127.0.0.1");
        match kind {
            Kind::Hocuspocus => {
                command.arg("hocuspocus.mjs").env("DATABASE", folder.path().join("hocuspocus.sqlite"));
            }
            Kind::YWebsocket => {
                command.arg("node_modules/y-websocket/bin/server.cjs").env("YPERSISTENCE", folder.path());
            }
        }
        let server = Server::start(command, port, core).await?;
        Ok(Self { kind, server, port, _folder: folder })
    }
}

impl System for Yjs {
    type Seat = Rc<Person>;

    fn name(&self) -> &'static str {
        match self.kind {
            Kind::Hocuspocus => "Hocuspocus",
            Kind::YWebsocket => "y-websocket",
        }
    }

    fn server(&self) -> &Server {
        &self.server
    }

    async fn join(&self, room: usize, seat: usize, ledger: Rc<Ledger>) -> Result<Rc<Person>> {
        let pen = u64::try_from((room + 1) * 1000 + seat)?;
        ledger.author(pen, seat);
        let person = Rc::new(Person {
            kind: self.kind,
            address: format!("ws://127.0.0.1:{}/room{room}", self.port),
            room: format!("room{room}"),
            seat,
            ledger,
            doc: Doc::with_options(Options::with_client_id(ClientID::new(pen))),
            received: RefCell::default(),
            waiting: RefCell::default(),
            wrote: Notify::new(),
            cut: Cell::new(false),
            mended: Notify::new(),
            synced: Cell::new(false),
            gone: Cell::new(false),
        });
        tokio::task::spawn_local(Rc::clone(&person).lives());
        for _ in 0..3000 {
            if person.synced.get() {
                return Ok(person);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("{} did not let seat {seat} of room {room} in", self.name())
    }
}

/// One person's page.
pub struct Person {
    kind: Kind,
    address: String,
    room: String,
    seat: usize,
    ledger: Rc<Ledger>,
    /// What this person wrote themselves; what others wrote is only merged at the end, as it is not this
    /// client's time that is measured.
    doc: Doc,
    received: RefCell<Vec<Vec<u8>>>,
    waiting: RefCell<Vec<Vec<u8>>>,
    wrote: Notify,
    cut: Cell<bool>,
    mended: Notify,
    synced: Cell<bool>,
    gone: Cell<bool>,
}

impl Person {
    async fn lives(self: Rc<Self>) {
        while !self.gone.get() {
            if self.cut.get() {
                self.mended.notified().await;
                continue;
            }
            if self.connected().await.is_err() {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }

    /// One connection, from its opening until it is cut.
    async fn connected(&self) -> Result<()> {
        let (socket, _) = tokio_tungstenite::connect_async_with_config(&self.address, None, true).await?;
        let (mut out, mut inward) = socket.split();
        // All of one's own words are in the document: what a cut held back comes with the second step.
        self.waiting.borrow_mut().clear();
        let state = self.state_vector().encode_v1();
        out.send(self.message(FIRST, &state)).await?;
        loop {
            let pending: Vec<Vec<u8>> = self.waiting.borrow_mut().drain(..).collect();
            for update in pending {
                out.send(self.message(UPDATE, &update)).await?;
            }
            if self.cut.get() || self.gone.get() {
                return Ok(());
            }
            tokio::select! {
                message = inward.next() => match message {
                    Some(Ok(Message::Binary(bytes))) => {
                        carried(bytes.len());
                        if let Some(answer) = self.hear(&bytes)? {
                            out.send(answer).await?;
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error.into()),
                    None => return Ok(()),
                },
                () = self.wrote.notified() => {}
            }
        }
    }

    fn state_vector(&self) -> StateVector {
        let whole = self.whole();
        whole.transact().state_vector()
    }

    /// Everything this person has of the room.
    fn whole(&self) -> Doc {
        let whole = Doc::new();
        let own = self.doc.transact().encode_state_as_update_v1(&StateVector::default());
        let mut txn = whole.transact_mut();
        for update in self.received.borrow().iter().chain([&own]) {
            let update = Update::decode_v1(update).expect("what the server sends can be read");
            txn.apply_update(update).expect("an update");
        }
        drop(txn);
        whole
    }

    fn message(&self, step: u32, body: &[u8]) -> Message {
        let mut bytes = Vec::with_capacity(body.len() + 24);
        if self.kind == Kind::Hocuspocus {
            bytes.write_string(&self.room);
        }
        bytes.write_var(SYNC);
        bytes.write_var(step);
        bytes.write_buf(body);
        carried(bytes.len());
        Message::Binary(bytes.into())
    }

    fn hear(&self, bytes: &[u8]) -> Result<Option<Message>> {
        let mut cursor = Cursor::new(bytes);
        if self.kind == Kind::Hocuspocus {
            cursor.read_string()?;
        }
        let kind: u32 = cursor.read_var()?;
        if kind != SYNC && kind != SYNC_REPLY {
            return Ok(None);
        }
        let step: u32 = cursor.read_var()?;
        let body = cursor.read_buf()?;
        if step == FIRST {
            let theirs = StateVector::decode_v1(body)?;
            let missing = self.doc.transact().encode_state_as_update_v1(&theirs);
            return Ok(Some(self.message(SECOND, &missing)));
        }
        for (author, _, end) in inserted(body) {
            self.ledger.seen(self.seat, author, end as usize);
        }
        self.received.borrow_mut().push(body.to_vec());
        self.synced.set(true);
        Ok(None)
    }

    fn write(&self, words: &str) {
        let update = {
            let mut txn = self.doc.transact_mut();
            let text = txn.get_or_insert_text(format!("text{}", self.seat).as_str());
            let end = text.len(&txn);
            text.insert(&mut txn, end, words);
            txn.encode_update_v1()
        };
        (0..words.len()).for_each(|_| self.ledger.sent(self.seat));
        self.waiting.borrow_mut().push(update);
        self.wrote.notify_one();
    }
}

impl Seat for Rc<Person> {
    fn edit(&self) {
        self.write("x");
    }

    fn paste(&self, words: &str) {
        self.write(words);
    }

    fn cut(&self, cut: bool) {
        self.cut.set(cut);
        self.wrote.notify_one();
        if !cut {
            self.mended.notify_waiters();
        }
    }

    fn unsent(&self) -> bool {
        !self.waiting.borrow().is_empty()
    }

    fn letters(&self) -> Vec<usize> {
        let whole = self.whole();
        let names: Vec<String> = {
            let txn = whole.transact();
            txn.root_refs().map(|(name, _)| name.to_owned()).collect()
        };
        let count = |name: &String| {
            let text = whole.get_or_insert_text(name.as_str());
            text.get_string(&whole.transact()).len()
        };
        names.iter().map(count).collect()
    }

    fn leave(&self) {
        self.gone.set(true);
        self.wrote.notify_one();
        self.mended.notify_waiters();
    }
}
