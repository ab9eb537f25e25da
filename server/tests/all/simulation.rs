//! Simulated browsers on a network that loses requests and answers, repeats and delays, with servers that are
//! restarted: at the end everybody sees the server's view of what they may see, and every word is there once.

use crate::place::{Place, World, allowed, outside, token};
use domain::meeting::{Area, Command, Event, Room, view};
use domain::page::Frame;
use domain::prose::{Prose, merged};
use domain::{CommandId, WorkerId};
use record::Printers;
use service::clock::Clock;
use service::meeting::Request;
use service::meeting::room::Outcome;
use service::{Service, ServiceError};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// What a browser holds of one box.
#[derive(Default)]
struct Pad {
    prose: Option<Prose>,
    pending: Vec<Vec<u8>>,
    flight: Option<(CommandId, Vec<u8>, usize)>,
}

struct Browser {
    worker: WorkerId,
    token: String,
    pen: u64,
    room: Room,
    cursor: i64,
    frames: Option<UnboundedReceiver<Frame>>,
    pads: BTreeMap<Area, Pad>,
}

impl Browser {
    async fn opened(service: &Service, world: &World, worker: WorkerId, token: &str) -> Self {
        let viewer = service.viewer(worker).await.unwrap();
        let page = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, meeting_page(None)).unwrap();
        let pen = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
        let (room, cursor) = (page.room, page.cursor);
        Self { worker, token: token.to_owned(), pen, room, cursor, frames: None, pads: BTreeMap::new() }
    }

    async fn connect(&mut self, service: &Service, world: &World) {
        let stream = service.stream(&self.token, false, world.meeting, self.cursor, "sim", "10.0.0.1").await;
        let mut stream = stream.unwrap();
        let (sender, receiver) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok(sent) = stream.next().await {
                if sender.send(sent.frame.clone()).is_err() {
                    return;
                }
            }
        });
        self.frames = Some(receiver);
    }

    /// Takes what has come; nothing that is sealed from this viewer is among it.
    fn receive(&mut self, sealed: &dyn Fn(Area) -> bool) {
        let Some(frames) = &mut self.frames else { return };
        while let Ok(frame) = frames.try_recv() {
            match frame {
                Frame::Entries { entries, cursor } => {
                    for entry in &entries {
                        if let Event::Typed { area, .. } = entry.event {
                            assert!(!sealed(area), "a sealed box's words crossed the wire");
                        }
                        self.room.apply(entry);
                    }
                    self.cursor = cursor;
                }
                Frame::View { page } => (self.room, self.cursor) = (page.room, page.cursor),
                Frame::Here { .. } | Frame::Beside { .. } | Frame::Beat { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Writes a word somewhere into a box, as a page does: on what it has of it.
    fn write(&mut self, world: &World, area: Area, word: &str, dice: &mut Dice) {
        let server = self.room.slot(world.slot).and_then(|slot| slot.boxes.get(&area)).map(|text| text.prose.clone());
        let pad = self.pads.entry(area).or_default();
        let prose = pad.prose.get_or_insert_with(|| Prose::with_pen(self.pen));
        if let Some(server) = server {
            prose.merge(&server.state()).unwrap();
        }
        let text = prose.text();
        // Between words: a word put into another one is a word no longer.
        let places: Vec<usize> = text.match_indices('⟨').map(|(at, _)| at).chain([text.len()]).collect();
        let at = places[dice.roll(places.len())];
        pad.pending.push(prose.rewrite(&format!("{}{word}{}", &text[..at], &text[at..])));
    }

    /// Sends what waits for a box. `asked` and `answered` say how far the network lets it come.
    async fn send(&mut self, service: &Service, world: &World, area: Area, asked: bool, answered: bool) {
        let Some(pad) = self.pads.get_mut(&area).filter(|pad| !pad.pending.is_empty()) else { return };
        let (id, update, count) = pad
            .flight
            .get_or_insert_with(|| {
                let id = CommandId::new(service.new_uuid());
                (id, merged(&pad.pending).unwrap(), pad.pending.len())
            })
            .clone();
        if !asked {
            return;
        }
        let viewer = service.viewer(self.worker).await.unwrap();
        let request = Request::Command(Command::Type { slot: world.slot, area, update, pen: self.pen });
        match service.act(&viewer, world.meeting, id, request).await {
            Ok(Outcome::Applied { .. }) if answered => {
                pad.flight = None;
                pad.pending.drain(..count);
            }
            Ok(Outcome::Applied { .. }) => {}
            Err(ServiceError::TooFast) => tokio::time::sleep(Duration::from_millis(60)).await,
            other => panic!("{other:?}"),
        }
    }
}

/// How many seeds: twenty in every test run, ten thousand in "make test-long".
fn seeds() -> u64 {
    std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(20)
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_bad_network_everybody_ends_with_the_servers_view_and_every_word_once() {
    // Hundreds of open meetings in one database are nobody's, and each start of the server reads them all.
    for first in (1..=seeds()).step_by(25) {
        in_one_database(first..=seeds().min(first + 24)).await;
    }
}

async fn in_one_database(seeds: RangeInclusive<u64>) {
    let place = Place::sqlite();
    let mut service = place.service().await;
    let chair = crate::place::worker(&service, "7001").await;
    let (one, two) = (crate::place::worker(&service, "7002").await, crate::place::worker(&service, "7008").await);
    let mut tokens = Vec::new();
    for who in [chair, one, two] {
        tokens.push((who, token(&service, who).await));
    }
    for seed in seeds {
        // Shown by the test harness where the run fails.
        println!("seed {seed}");
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let world = World::started(service.clone()).await;
        let mut browsers = Vec::new();
        for (who, token) in &tokens {
            browsers.push(Browser::opened(&service, &world, *who, token).await);
        }
        let child = *browsers[0].room.slot(world.slot).unwrap().children.iter().next().unwrap();
        if dice.roll(2) == 0 {
            world.act(one, Command::Hide { slot: world.slot }).await;
        }
        let mut words = Vec::new();
        let sealed_for = |viewer: WorkerId, room: &Room| {
            let sealed = room.slot(world.slot).unwrap().boxes.iter().filter(|(_, text)| text.mark.hidden_until_reveal);
            let areas: Vec<Area> =
                sealed.map(|(area, _)| *area).filter(|area| *area != Area::Analysis(viewer)).collect();
            move |area: Area| areas.contains(&area)
        };
        let room = read(&service, &world).await;
        for step in 0..40 {
            let who = dice.roll(browsers.len());
            let browser = &mut browsers[who];
            let area = if dice.roll(2) == 0 { Area::Meaning(child) } else { Area::Analysis(browser.worker) };
            match dice.roll(9) {
                0..=3 => {
                    let word = format!("⟨{who}.{step}🌱ŵ⟩");
                    browser.write(&world, area, &word, &mut dice);
                    words.push((area, word));
                }
                4 | 5 => browser.send(&service, &world, area, dice.roll(4) > 0, dice.roll(3) > 0).await,
                6 => browser.connect(&service, &world).await,
                7 => browser.frames = None,
                _ if dice.roll(4) == 0 => {
                    // The server is started again; streams break off.
                    browsers.iter_mut().for_each(|browser| browser.frames = None);
                    let clock = Clock::starting_at(crate::place::now());
                    service =
                        Service::start(place.store().await, clock, true, Arc::new(Printers::default()), outside())
                            .await
                            .unwrap();
                }
                _ => browser.receive(&sealed_for(browser.worker, &room)),
            }
        }
        // The network is well again.
        for browser in &mut browsers {
            for area in browser.pads.keys().copied().collect::<Vec<_>>() {
                while !browser.pads[&area].pending.is_empty() {
                    browser.send(&service, &world, area, true, true).await;
                }
            }
        }
        let room = read(&service, &world).await;
        for browser in &mut browsers {
            browser.connect(&service, &world).await;
            let viewer = service.viewer(browser.worker).await.unwrap();
            let wanted = view(&room, &viewer);
            let sealed = sealed_for(browser.worker, &room);
            for _ in 0..200 {
                browser.receive(&sealed);
                if browser.room == wanted {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            assert_eq!(browser.room, wanted, "seed {seed}");
        }
        for (area, word) in words {
            let text = room.slot(world.slot).unwrap().boxes[&area].prose.text();
            assert_eq!(text.matches(&word).count(), 1, "seed {seed}: {word} in {text}");
        }
    }
}

/// The room as its journal tells it.
async fn read(service: &Service, world: &World) -> Room {
    Room::fold(&service.store().entries(world.meeting.uuid(), 0).await.unwrap()).unwrap()
}
