//! Etherpad: one pad per room, changesets over socket.io.

use crate::http::carried;
use crate::ledger::Ledger;
use crate::process::{Server, free_port};
use crate::system::{Seat, System};
use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message;

/// An Etherpad server with its default store, a file of its own format.
#[derive(Debug)]
pub struct Etherpad {
    server: Server,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Etherpad {
    /// Starts it from the folder the peers are installed in.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn start(peers: &Path, core: Option<usize>) -> Result<Self> {
        let (folder, port) = (tempfile::tempdir()?, free_port()?);
        let settings = json!({
            "ip": "127.0.0.1", "port": port, "dbType": "dirty",
            "dbSettings": { "filename": folder.path().join("pads.db") },
            // Its limit counts per address, and all clients share one here.
            "commitRateLimiting": { "duration": 1, "points": 1_000_000 },
            "loglevel": "ERROR", "defaultPadText": "", "suppressErrorsInPadText": true,
        });
        let file = folder.path().join("settings.json");
        std::fs::write(&file, settings.to_string())?;
        let mut command = Command::new("node");
        command.current_dir(peers.join("etherpad")).env("NODE_ENV", "production");
        command.args(["src/node/server.js", "--settings"]).arg(&file);
        let server = Server::start(command, port, core).await?;
        Ok(Self { server, port, _folder: folder })
    }
}

impl System for Etherpad {
    type Seat = Rc<Person>;

    fn name(&self) -> &'static str {
        "Etherpad"
    }

    fn server(&self) -> &Server {
        &self.server
    }

    async fn join(&self, room: usize, seat: usize, ledger: Rc<Ledger>) -> Result<Rc<Person>> {
        let person = Rc::new(Person {
            address: format!("ws://127.0.0.1:{}/socket.io/?EIO=3&transport=websocket", self.port),
            pad: format!("room{room}"),
            token: format!("t.room{room}seat{seat}"),
            seat,
            ledger,
            pending: Cell::new(0),
            flying: Cell::new(0),
            base: RefCell::default(),
            counts: RefCell::default(),
            wrote: Notify::new(),
            gone: Cell::new(false),
        });
        tokio::task::spawn_local(Rc::clone(&person).lives());
        for _ in 0..3000 {
            if !person.base.borrow().author.is_empty() {
                return Ok(person);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("Etherpad did not let seat {seat} of room {room} in")
    }
}

/// Where the pad stands in somebody's eyes.
#[derive(Debug, Default)]
struct Base {
    author: String,
    revision: u64,
    length: usize,
}

/// One person's page.
pub struct Person {
    address: String,
    pad: String,
    token: String,
    seat: usize,
    ledger: Rc<Ledger>,
    /// Letters not yet sent, and letters sent and not yet accepted: Etherpad takes one change at a time.
    pending: Cell<usize>,
    flying: Cell<usize>,
    base: RefCell<Base>,
    /// How many letters have come from each author.
    counts: RefCell<HashMap<u64, usize>>,
    wrote: Notify,
    gone: Cell<bool>,
}

impl Person {
    async fn lives(self: Rc<Self>) {
        if let Err(error) = self.connected().await {
            eprintln!("Etherpad, seat {}: {error}", self.seat);
        }
    }

    async fn connected(&self) -> Result<()> {
        let (socket, _) = tokio_tungstenite::connect_async_with_config(&self.address, None, true).await?;
        let (mut out, mut inward) = socket.split();
        let mut pings = tokio::time::interval(Duration::from_secs(20));
        while !self.gone.get() {
            if self.flying.get() == 0 && self.pending.get() > 0 {
                let text = format!("42[\"message\",{}]", self.change());
                carried(text.len());
                out.send(Message::text(text)).await?;
            }
            tokio::select! {
                message = inward.next() => match message {
                    Some(message) => {
                        let message = message?;
                        if let Ok(text) = message.to_text() {
                            carried(text.len());
                            if text == "40" {
                                out.send(Message::text(format!("42[\"message\",{}]", self.hello()))).await?;
                            } else if let Some(event) = text.strip_prefix("42") {
                                self.hear(serde_json::from_str(event)?)?;
                            }
                        }
                    }
                    None => return Ok(()),
                },
                () = self.wrote.notified() => {}
                _ = pings.tick() => out.send(Message::text("2")).await?,
            }
        }
        Ok(())
    }

    fn hello(&self) -> Value {
        json!({ "component": "pad", "type": "CLIENT_READY", "padId": self.pad, "sessionID": null, "token": self.token,
            "protocolVersion": 2 })
    }

    /// All letters that wait as one insertion at the pad's beginning.
    fn change(&self) -> Value {
        let count = self.pending.replace(0);
        self.flying.set(count);
        let base = self.base.borrow();
        let (length, letters) = (base36(base.length), base36(count));
        let changeset = format!("Z:{length}>{letters}*0+{letters}${}", "x".repeat(count));
        json!({ "type": "COLLABROOM", "component": "pad", "data": { "type": "USER_CHANGES", "baseRev": base.revision,
            "changeset": changeset, "apool": { "numToAttrib": { "0": ["author", base.author] }, "nextNum": 1 } } })
    }

    fn hear(&self, event: Value) -> Result<()> {
        let message = &event[1];
        if !message["disconnect"].is_null() {
            bail!("disconnected: {}", message["disconnect"]);
        }
        let data = &message["data"];
        let mut base = self.base.borrow_mut();
        if message["type"] == "CLIENT_VARS" {
            let pad = &data["collab_client_vars"];
            let text = pad["initialAttributedText"]["text"].as_str().unwrap_or_default();
            *base = Base {
                author: data["userId"].as_str().context("no author")?.to_owned(),
                revision: pad["rev"].as_u64().unwrap_or_default(),
                length: text.encode_utf16().count(),
            };
            self.ledger.author(hash(&base.author), self.seat);
            return Ok(());
        }
        let author = match data["type"].as_str() {
            Some("ACCEPT_COMMIT") => {
                base.length += self.flying.replace(0);
                base.revision = data["newRev"].as_u64().context("no revision")?;
                return Ok(());
            }
            Some("NEW_CHANGES") => hash(data["author"].as_str().unwrap_or_default()),
            _ => return Ok(()),
        };
        let grown = grown(data["changeset"].as_str().unwrap_or_default()).context("no changeset")?;
        base.length += grown;
        base.revision = data["newRev"].as_u64().context("no revision")?;
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(author).or_default();
        *count += grown;
        self.ledger.seen(self.seat, author, *count);
        Ok(())
    }

    fn write(&self, letters: usize) {
        (0..letters).for_each(|_| self.ledger.sent(self.seat));
        self.pending.set(self.pending.get() + letters);
        self.wrote.notify_one();
    }
}

fn hash(author: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    author.hash(&mut hasher);
    hasher.finish()
}

/// By how much a changeset, "Z:old>more…", makes a pad longer.
fn grown(changeset: &str) -> Option<usize> {
    let (_, rest) = changeset.strip_prefix("Z:")?.split_once('>')?;
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
    usize::from_str_radix(&rest[..end], 36).ok()
}

fn base36(mut number: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    loop {
        digits.push(char::from(DIGITS[number % 36]));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

impl Seat for Rc<Person> {
    fn edit(&self) {
        self.write(1);
    }

    fn paste(&self, words: &str) {
        self.write(words.len());
    }

    /// Its client gives up when the line is cut; it is not part of that workload.
    fn cut(&self, _cut: bool) {}

    fn unsent(&self) -> bool {
        self.pending.get() > 0 || self.flying.get() > 0
    }

    fn letters(&self) -> Vec<usize> {
        // One's own letters come back as an acceptance only.
        let own = self.ledger.written_by(self.seat) - self.pending.get() - self.flying.get();
        self.counts.borrow().values().copied().chain([own]).collect()
    }

    fn leave(&self) {
        self.gone.set(true);
        self.wrote.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::{base36, grown};

    #[test]
    fn changesets_are_read_and_written_in_base_36() {
        assert_eq!((base36(0).as_str(), base36(35).as_str(), base36(36).as_str()), ("0", "z", "10"));
        assert_eq!(grown("Z:1a>z*0+z$xxx"), Some(35));
        assert_eq!(grown("Z:1a<1-1$"), None);
    }
}
