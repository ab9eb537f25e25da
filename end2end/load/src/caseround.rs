//! Caseround's people: each with a stream and a connection for what they write, as a page has.

use crate::http::Http;
use crate::ledger::Ledger;
use crate::system::{Seat, System};
use crate::world::Serving;
use anyhow::{Context, Result, bail};
use domain::meeting::{Area, Event};
use domain::page::{Frame, PenCard};
use domain::prose::{Prose, inserted, merged};
use domain::{CommandId, MeetingId, SlotId, WorkerId};
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::Notify;
use yrs::{Doc, OffsetKind, Options, Text, Transact, WriteTxn};

/// What a page waits before it sends again.
const AGAIN: Duration = Duration::from_millis(500);

/// The server with one meeting per room, each with its first family under way.
#[derive(Debug)]
pub struct Caseround<'a> {
    serving: &'a Serving,
    first: usize,
    rooms: Vec<Room>,
}

#[derive(Debug, Clone)]
struct Room {
    path: String,
    meeting: MeetingId,
    slot: SlotId,
}

impl<'a> Caseround<'a> {
    /// Plans, opens and starts so many meetings, from the `first` room on.
    ///
    /// # Errors
    /// Where the server refuses.
    pub async fn opened(serving: &'a Serving, first: usize, rooms: usize, families: usize) -> Result<Self> {
        let mut opened = Vec::new();
        for room in first..first + rooms {
            let path = serving.plan(room, families).await?;
            let meeting: MeetingId = path.trim_start_matches("/meetings/").parse()?;
            let slot = first_view(serving, room, &path).await?.0;
            let mut chair = Http::connect(&serving.host, serving.asker(room, 0)).await?;
            for act in ["open", "start"] {
                let command = command();
                let form = format!("form[meeting]={meeting}&form[slot]={slot}&form[act]={act}&form[command]={command}");
                let answer = chair.form("/api/meeting/act", &form, false).await?;
                if !answer.body.contains("\"refused\":null") {
                    bail!("{act}: {}", answer.body);
                }
            }
            opened.push(Room { path, meeting, slot });
        }
        Ok(Self { serving, first, rooms: opened })
    }

    fn room(&self, number: usize) -> &Room {
        &self.rooms[number - self.first]
    }

    /// One page load as a browser does it: the page, its pens, its stream's first frames.
    ///
    /// # Errors
    /// Where one of them fails.
    pub async fn load_page(&self, room: usize, seat: usize) -> Result<()> {
        let (path, asker) = (&self.room(room).path, self.serving.asker(room, seat));
        let mut http = Http::connect(&self.serving.host, asker).await?;
        let page = http.page(path).await?;
        if page.status != 200 {
            bail!("{path}: {}", page.status);
        }
        let stream = Http::connect(&self.serving.host, asker).await?;
        let form = format!("meeting={}", self.room(room).meeting);
        let pens = http.form("/api/meeting/pens", &form, false);
        let events = async { stream.events(&format!("{path}/stream?after=0&load=j{seat}")).await?.next().await };
        let (pens, event) = futures::join!(pens, events);
        pens?;
        event?;
        Ok(())
    }
}

/// The first slot of a meeting and who is looking, from a stream's first frame.
async fn first_view(serving: &Serving, room: usize, path: &str) -> Result<(SlotId, WorkerId)> {
    let http = Http::connect(&serving.host, serving.asker(room, 0)).await?;
    let mut events = http.events(&format!("{path}/stream?after=0&load=first")).await?;
    loop {
        if let Some(Frame::View { page }) = domain::wire::read(&events.next().await?) {
            return Ok((page.room.slots.first().context("a meeting without a family")?.id, page.me));
        }
    }
}

fn command() -> CommandId {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    CommandId::new(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// One person's page.
pub struct Person {
    seat: usize,
    room: Room,
    ledger: Rc<Ledger>,
    me: Cell<Option<WorkerId>>,
    pen: u64,
    doc: Doc,
    pending: RefCell<Vec<Vec<u8>>>,
    flying: Cell<bool>,
    wrote: Notify,
    cut: Cell<bool>,
    mended: Notify,
    gone: Cell<bool>,
    host: String,
    asker: crate::http::Asker,
    received: RefCell<BTreeMap<Area, Vec<Vec<u8>>>>,
}

impl System for Caseround<'_> {
    type Seat = Rc<Person>;

    fn name(&self) -> &'static str {
        "Caseround"
    }

    fn server(&self) -> &crate::process::Server {
        &self.serving.server
    }

    async fn join(&self, room: usize, seat: usize, ledger: Rc<Ledger>) -> Result<Rc<Person>> {
        let asker = self.serving.asker(room, seat).clone();
        let here = self.room(room).clone();
        let mut http = Http::connect(&self.serving.host, &asker).await?;
        let answer = http.form("/api/meeting/pens", &format!("meeting={}", here.meeting), false).await?;
        let pens: Vec<PenCard> = serde_json::from_str(&answer.body).with_context(|| answer.body.clone())?;
        let pen = pens.iter().find(|card| card.on_behalf_of.is_none()).context("no pen of one's own")?.pen;
        ledger.author(pen, seat);
        let mut options = Options::with_guid_and_client_id("box".into(), yrs::ClientID::new(pen));
        options.offset_kind = OffsetKind::Utf16;
        let person = Rc::new(Person {
            seat,
            room: here,
            ledger,
            me: Cell::new(None),
            pen,
            doc: Doc::with_options(options),
            pending: RefCell::default(),
            flying: Cell::new(false),
            wrote: Notify::new(),
            cut: Cell::new(false),
            mended: Notify::new(),
            gone: Cell::new(false),
            host: self.serving.host.clone(),
            asker,
            received: RefCell::default(),
        });
        let mut stream = person.open().await?;
        while person.me.get().is_none() {
            person.hear(&stream.next().await?);
        }
        tokio::task::spawn_local(Rc::clone(&person).reads(stream));
        tokio::task::spawn_local(Rc::clone(&person).writes(http));
        Ok(person)
    }
}

impl Person {
    async fn open(&self) -> Result<crate::http::Events> {
        let http = Http::connect(&self.host, &self.asker).await?;
        http.events(&format!("{}/stream?after=0&load=s{}", self.room.path, self.seat)).await
    }

    async fn reads(self: Rc<Self>, mut stream: crate::http::Events) {
        while !self.gone.get() {
            let broken = tokio::select! {
                event = stream.next() => match event {
                    Ok(event) => { self.hear(&event); false }
                    Err(_) => true,
                },
                () = self.until_cut() => true,
            };
            if broken {
                drop(stream);
                stream = loop {
                    if self.gone.get() {
                        return;
                    }
                    if self.cut.get() {
                        self.mended.notified().await;
                    }
                    match self.open().await {
                        Ok(stream) => break stream,
                        Err(_) => tokio::time::sleep(AGAIN).await,
                    }
                };
            }
        }
    }

    async fn until_cut(&self) {
        while !self.cut.get() && !self.gone.get() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn hear(&self, text: &str) {
        match domain::wire::read::<Frame>(text) {
            Some(Frame::Entries { entries, .. }) => {
                for entry in entries {
                    if let Event::Typed { area, update, .. } = entry.event {
                        self.take(area, update);
                    }
                }
            }
            Some(Frame::View { page }) => {
                self.me.set(Some(page.me));
                let slot = page.room.slots.iter().find(|slot| slot.id == self.room.slot);
                for (area, text) in slot.into_iter().flat_map(|slot| &slot.boxes) {
                    self.take(*area, text.prose.state());
                }
            }
            _ => {}
        }
    }

    fn take(&self, area: Area, update: Vec<u8>) {
        for (author, _, end) in inserted(&update) {
            self.ledger.seen(self.seat, author, end as usize);
        }
        self.received.borrow_mut().entry(area).or_default().push(update);
    }

    async fn writes(self: Rc<Self>, http: Http) {
        let mut line = Some(http);
        while !self.gone.get() {
            let pending = self.pending.borrow().clone();
            if pending.is_empty() {
                self.wrote.notified().await;
                continue;
            }
            let Some(me) = self.me.get() else { return };
            self.flying.set(true);
            let update = merged(&pending).expect("one author's own words");
            let body = json!([{
                "meeting": self.room.meeting, "command": command(), "slot": self.room.slot,
                "area": Area::Analysis(me), "pen": self.pen, "update": domain::prose::as_base64(&update),
            }])
            .to_string();
            while !self.gone.get() {
                if self.cut.get() {
                    line = None;
                    self.mended.notified().await;
                    continue;
                }
                if line.is_none() {
                    line = Http::connect(&self.host, &self.asker).await.ok();
                }
                let Some(http) = &mut line else {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                };
                let answer = tokio::select! {
                    answer = http.json("/api/meeting/typed", &body) => answer,
                    () = self.until_cut() => { line = None; continue }
                };
                match answer {
                    Ok(answer) if answer.body.contains("\"refused\":null") => break,
                    Ok(answer) if answer.status == 429 || answer.status >= 500 => tokio::time::sleep(AGAIN).await,
                    Ok(answer) => panic!("words were refused: {} {}", answer.status, answer.body),
                    Err(_) => line = None,
                }
            }
            self.pending.borrow_mut().drain(..pending.len());
            self.flying.set(false);
        }
    }
}

impl Seat for Rc<Person> {
    fn edit(&self) {
        let update = {
            let mut txn = self.doc.transact_mut();
            let text = txn.get_or_insert_text("text");
            let end = text.len(&txn);
            text.insert(&mut txn, end, "x");
            txn.encode_update_v1()
        };
        self.ledger.sent(self.seat);
        self.pending.borrow_mut().push(update);
        self.wrote.notify_one();
    }

    fn paste(&self, words: &str) {
        let update = {
            let mut txn = self.doc.transact_mut();
            let text = txn.get_or_insert_text("text");
            let end = text.len(&txn);
            text.insert(&mut txn, end, words);
            txn.encode_update_v1()
        };
        (0..words.len()).for_each(|_| self.ledger.sent(self.seat));
        self.pending.borrow_mut().push(update);
        self.wrote.notify_one();
    }

    fn cut(&self, cut: bool) {
        self.cut.set(cut);
        if !cut {
            // Both directions may wait.
            self.mended.notify_waiters();
        }
    }

    fn unsent(&self) -> bool {
        !self.pending.borrow().is_empty() || self.flying.get()
    }

    fn letters(&self) -> Vec<usize> {
        let received = self.received.borrow();
        let boxes = received.values().map(|updates| {
            let prose = Prose::new();
            for update in updates {
                prose.merge(update).expect("what the server sends can be read");
            }
            prose.text().len()
        });
        boxes.collect()
    }

    fn leave(&self) {
        self.gone.set(true);
        self.wrote.notify_waiters();
        self.wrote.notify_one();
        self.mended.notify_waiters();
    }
}
