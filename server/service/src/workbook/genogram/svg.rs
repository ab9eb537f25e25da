//! A genogram as SVG. Whatever people typed goes through the writer, which escapes it.

use domain::genogram::drawing::{HALF, HALF_UNKNOWN};
use domain::genogram::{Drawing, GenogramLine, LifeState, LineKind, Sex, Symbol};
use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use std::io;

/// From one line of words to the next, in pixels.
const LINE: i32 = 17;
/// Pixels of an em: the picture grows with the letters of its page.
const EM: i32 = 16;

/// The picture. It says nothing that its words do not say.
pub(super) fn of(drawing: &Drawing) -> String {
    let mut picture = Picture(Writer::new(Vec::new()));
    picture.draw(drawing).expect("a writer into memory does not fail");
    String::from_utf8(picture.0.into_inner()).expect("it was made of text")
}

struct Picture(Writer<Vec<u8>>);

impl Picture {
    fn draw(&mut self, drawing: &Drawing) -> io::Result<()> {
        let (width, height) = (drawing.width, drawing.height);
        let em = |pixels: i32| format!("{:.2}em", f64::from(pixels) / f64::from(EM));
        let mut svg = BytesStart::new("svg");
        svg.extend_attributes([
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("class", "cr-genogram__picture"),
            ("aria-hidden", "true"),
            ("focusable", "false"),
            ("width", &em(width)),
            ("height", &em(height)),
            ("viewBox", &format!("0 0 {width} {height}")),
        ]);
        self.0.write_event(Event::Start(svg))?;
        drawing.lines.iter().try_for_each(|line| self.line(line))?;
        drawing.unknown.iter().try_for_each(|at| self.unknown(*at))?;
        drawing.symbols.iter().try_for_each(|symbol| self.symbol(symbol))?;
        self.0.write_event(Event::End(BytesEnd::new("svg")))
    }

    fn shape(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let mut shape = BytesStart::new(name);
        shape.extend_attributes(attributes.iter().copied());
        self.0.write_event(Event::Empty(shape))
    }

    fn text(&mut self, words: &str, (x, y): (i32, i32), class: &str, anchor: &str) -> io::Result<()> {
        let mut text = BytesStart::new("text");
        let (x, y) = (x.to_string(), y.to_string());
        text.extend_attributes([("x", x.as_str()), ("y", &y), ("class", class), ("text-anchor", anchor)]);
        self.0.write_event(Event::Start(text))?;
        self.0.write_event(Event::Text(BytesText::new(words)))?;
        self.0.write_event(Event::End(BytesEnd::new("text")))
    }

    fn line(&mut self, line: &GenogramLine) -> io::Result<()> {
        let points: Vec<String> = line.points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let class = match line.kind {
            LineKind::Together | LineKind::Parted | LineKind::Children => "cr-genogram__line",
            LineKind::Parents | LineKind::Half => "cr-genogram__line cr-genogram__line--open",
        };
        self.shape(
            "polyline",
            &[("points", &points.join(" ")), ("class", class), ("fill", "none"), ("stroke", "#000")],
        )?;
        // Two strokes through the line of those who have parted.
        let across = line.points.windows(2).find(|part| part[0].1 == part[1].1 && part[0].0 != part[1].0);
        if let (LineKind::Parted, Some(part)) = (line.kind, across) {
            let (x, y) = ((part[0].0 + part[1].0) / 2 - 12, part[0].1);
            for x in [x, x + 6] {
                let points = format!("{},{} {},{}", x - 3, y + 7, x + 3, y - 7);
                self.shape(
                    "polyline",
                    &[("points", &points), ("class", "cr-genogram__line"), ("fill", "none"), ("stroke", "#000")],
                )?;
            }
        }
        Ok(())
    }

    fn unknown(&mut self, (x, y): (i32, i32)) -> io::Result<()> {
        let corner = |at: i32| (at - HALF_UNKNOWN).to_string();
        let size = (2 * HALF_UNKNOWN).to_string();
        let attributes =
            [("x", corner(x)), ("y", corner(y)), ("width", size.clone()), ("height", size), ("rx", "4".to_owned())];
        let mut attributes: Vec<(&str, &str)> =
            attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        attributes.extend([("class", "cr-genogram__shape"), ("fill", "#fff"), ("stroke", "#000")]);
        self.shape("rect", &attributes)?;
        self.text("?", (x, y + 6), "cr-genogram__name", "middle")
    }

    fn symbol(&mut self, symbol: &Symbol) -> io::Result<()> {
        let (x, y) = symbol.at;
        let class =
            if symbol.kin.child { "cr-genogram__shape cr-genogram__shape--child" } else { "cr-genogram__shape" };
        let drawn = [("class", class), ("fill", "#fff"), ("stroke", "#000")];
        let corner = |at: i32| (at - HALF + 1).to_string();
        let points = |points: [(i32, i32); 4]| points.map(|(x, y)| format!("{x},{y}")).join(" ");
        match symbol.kin.sex {
            // Whoever is still to be born is a triangle, whatever the sex.
            _ if symbol.kin.life == LifeState::Unborn => {
                let triangle =
                    format!("{x},{} {},{} {},{}", y - HALF + 2, x + HALF - 2, y + HALF - 3, x - HALF + 2, y + HALF - 3);
                self.shape("polygon", &[&[("points", triangle.as_str())][..], &drawn].concat())?;
            }
            Sex::Female => {
                let (x, y, radius) = (x.to_string(), y.to_string(), (HALF - 1).to_string());
                self.shape("circle", &[&[("cx", x.as_str()), ("cy", &y), ("r", &radius)][..], &drawn].concat())?;
            }
            Sex::Male => {
                let (x, y, size) = (corner(x), corner(y), (2 * HALF - 2).to_string());
                let place = [("x", x.as_str()), ("y", &y), ("width", &size), ("height", &size)];
                self.shape("rect", &[&place[..], &drawn].concat())?;
            }
            Sex::NotRecorded => {
                let diamond = points([(x, y - HALF), (x + HALF, y), (x, y + HALF), (x - HALF, y)]);
                self.shape("polygon", &[&[("points", diamond.as_str())][..], &drawn].concat())?;
            }
        }
        if symbol.kin.life == LifeState::Died {
            for (from, to) in [(-1, 1), (1, -1)] {
                let points = format!("{},{} {},{}", x - 11, y + from * 11, x + 11, y + to * 11);
                self.shape(
                    "polyline",
                    &[("points", &points), ("class", "cr-genogram__line"), ("fill", "none"), ("stroke", "#000")],
                )?;
            }
        }
        let lines = i32::try_from(symbol.words.len()).unwrap_or(0);
        let first = y - lines * LINE / 2 + 13;
        for (line, words) in (0..).zip(&symbol.words) {
            let class = if words.starts_with("home") && line > 0 { "cr-genogram__words" } else { "cr-genogram__name" };
            self.text(words, (x + HALF + 5, first + line * LINE), class, "start")?;
        }
        Ok(())
    }
}
