//! A genogram as it is drawn: symbols with their words, and the lines between them.

use super::layout::Layout;
use super::union::Union;
use super::{Kin, KinGraph};

/// From one person of a row to the next, in pixels: a symbol and, to its right, its words.
pub const COLUMN: i32 = 164;
/// The height of a row: symbols, and up to five lines of words.
pub const ROW: i32 = 92;
/// Half the width and height of a symbol.
pub const HALF: i32 = 18;
/// Half the width and height of the mark for a parent whom nobody recorded.
pub const HALF_UNKNOWN: i32 = 10;
/// The longest line of words beside a symbol, in letters; wide letters count twice.
pub const LETTERS: usize = 13;
/// From one line between two rows to the next.
const TRACK: i32 = 24;
/// Around the whole picture, and above and below the lines between rows.
const MARGIN: i32 = 12;

/// A genogram as it is drawn, in pixels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
    /// Everybody.
    pub symbols: Vec<Symbol>,
    /// Lines between them; drawn first.
    pub lines: Vec<GenogramLine>,
    /// The middles of marks for parents whom nobody recorded.
    pub unknown: Vec<(i32, i32)>,
}

/// Somebody as they are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Who.
    pub kin: Kin,
    /// The middle of the symbol.
    pub at: (i32, i32),
    /// Their words, to the right of it: name, age, homes.
    pub words: Vec<String>,
}

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineKind {
    /// Partners.
    Together,
    /// Former partners.
    Parted,
    /// Parents of a child; whether they are partners is not recorded.
    Parents,
    /// From parents to their children, or between brothers and sisters.
    Children,
    /// Between two who have one parent in common whom nobody recorded.
    Half,
}

/// A line, from point to point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenogramLine {
    /// What it says.
    pub kind: LineKind,
    /// Its corners.
    pub points: Vec<(i32, i32)>,
}

impl Layout<'_> {
    /// Where the children of a union hang on the line of their parents.
    fn middle(&self, union: &Union) -> i32 {
        let mean = |of: &[usize]| {
            let count = i32::try_from(of.len()).unwrap_or(1).max(1);
            of.iter().map(|at| self.x[*at]).sum::<i32>() / count
        };
        let under = mean(if union.children.is_empty() { &union.parents } else { &union.children });
        match union.parents[..] {
            [one, other] => under.clamp(self.x[one].min(self.x[other]), self.x[one].max(self.x[other])),
            _ => under,
        }
    }

    /// Which gap a union is drawn in; gap 0 is above the first row.
    fn gap(&self, union: &Union) -> usize {
        let below = union.parents.iter().map(|at| self.generation[*at] + 1).max();
        let above = union.children.iter().map(|at| self.generation[*at]).min();
        below.or(above).unwrap_or(0)
    }

    /// Where a parent's line to a union begins: with several unions, one beside the other.
    fn begins(&self, parent: usize, union: usize) -> i32 {
        let mut theirs: Vec<usize> =
            (0..self.unions.len()).filter(|other| self.unions[*other].parents.contains(&parent)).collect();
        theirs.sort_by_key(|other| (self.middle(&self.unions[*other]), *other));
        let count = i32::try_from(theirs.len()).unwrap_or(1).max(1);
        let at = theirs.iter().position(|other| *other == union).and_then(|at| i32::try_from(at).ok()).unwrap_or(0);
        self.x[parent] + (2 * at - count + 1) * (HALF - 2) / count
    }

    fn hung(&self, at: usize) -> Hung<'_> {
        let union = &self.unions[at];
        let middle = self.middle(union);
        let begins: Vec<i32> = union.parents.iter().map(|parent| self.begins(*parent, at)).collect();
        let unknown = match begins[..] {
            [begins] if middle < begins => Some(middle - 3 * HALF_UNKNOWN),
            [_] => Some(middle + 3 * HALF_UNKNOWN),
            _ => None,
        };
        let ends = begins.iter().copied().chain(unknown);
        let parents = span(ends.chain([middle]).filter(|_| !begins.is_empty()), HALF_UNKNOWN);
        let under = union.children.iter().map(|child| self.x[*child]);
        let hangs = Some(middle).filter(|_| !begins.is_empty() && !union.children.is_empty());
        let children = span(under.chain(hangs), 0);
        Hung { union, gap: self.gap(union), middle, begins, unknown, parents, children }
    }

    pub(super) fn draw(&self) -> Drawing {
        let hung: Vec<Hung<'_>> = (0..self.unions.len()).map(|at| self.hung(at)).collect();
        // Rows and gaps from top to bottom, each as high as it needs to be.
        let mut row_middles = Vec::new();
        let mut levels = vec![(0, 0); hung.len()];
        let mut y = MARGIN;
        for gap in 0..=self.rows.len() {
            let here: Vec<usize> = (0..hung.len()).filter(|at| hung[*at].gap == gap).collect();
            let (parents, above) = tracks(here.iter().map(|at| hung[*at].parents).collect());
            let (children, below) = tracks(here.iter().map(|at| hung[*at].children).collect());
            for (at, (parents, children)) in here.iter().zip(parents.into_iter().zip(children)) {
                levels[*at] = (y + TRACK / 2 + parents * TRACK, y + TRACK / 2 + (above + children) * TRACK);
            }
            let empty = if (1..self.rows.len()).contains(&gap) { 1 } else { 0 };
            y += (above + below).max(empty) * TRACK;
            if gap < self.rows.len() {
                row_middles.push(y + ROW / 2);
                y += ROW;
            }
        }
        let at = |who: usize| (self.x[who], row_middles[self.generation[who]]);
        let lines: Vec<GenogramLine> =
            hung.iter().zip(&levels).flat_map(|(hung, levels)| hung.lines(*levels, &at)).collect();
        let unknown = hung.iter().zip(&levels);
        let unknown: Vec<(i32, i32)> = unknown.filter_map(|(hung, levels)| Some((hung.unknown?, levels.0))).collect();
        let symbol = |(who, kin): (usize, &Kin)| Symbol { kin: kin.clone(), at: at(who), words: self.graph.label(kin) };
        let symbols: Vec<Symbol> = self.graph.people.iter().enumerate().map(symbol).collect();
        let mut drawing = Drawing { width: 0, height: y + MARGIN, symbols, lines, unknown };
        drawing.begin_at_margin();
        drawing
    }
}

/// A union, with the places of its lines from left to right.
struct Hung<'a> {
    union: &'a Union,
    gap: usize,
    /// Where the children hang.
    middle: i32,
    /// Where each parent's line begins.
    begins: Vec<i32>,
    /// The mark for the parent whom nobody recorded.
    unknown: Option<i32>,
    /// From where to where the parents' line goes; none without parents.
    parents: Option<(i32, i32)>,
    /// From where to where the bar above the children goes; none without children.
    children: Option<(i32, i32)>,
}

impl Hung<'_> {
    /// The lines at these heights: of the parents, of the bar above the children.
    fn lines(&self, (above, below): (i32, i32), at: &impl Fn(usize) -> (i32, i32)) -> Vec<GenogramLine> {
        let mut lines = Vec::new();
        let mut from: Vec<(i32, i32)> =
            self.union.parents.iter().zip(&self.begins).map(|(parent, x)| (*x, at(*parent).1 + HALF)).collect();
        from.sort_unstable();
        let kind = self.union.kind.unwrap_or(LineKind::Parents);
        match (&from[..], self.unknown) {
            ([one], Some(unknown)) => {
                let points = vec![*one, (one.0, above), (unknown, above)];
                lines.push(GenogramLine { kind: LineKind::Children, points });
            }
            ([one, between @ .., other], _) => {
                lines.push(GenogramLine { kind, points: vec![*one, (one.0, above), (other.0, above), *other] });
                // More than two: an extract told a mother beside two parents whom somebody had written down.
                lines.extend(between.iter().map(|at| GenogramLine { kind, points: vec![*at, (at.0, above)] }));
            }
            _ => {}
        }
        let Some((left, right)) = self.children else { return lines };
        let kind = if kind == LineKind::Half { kind } else { LineKind::Children };
        if !from.is_empty() {
            lines.push(GenogramLine { kind, points: vec![(self.middle, above), (self.middle, below)] });
        }
        if left < right {
            lines.push(GenogramLine { kind, points: vec![(left, below), (right, below)] });
        }
        for child in &self.union.children {
            let (x, y) = at(*child);
            lines.push(GenogramLine { kind, points: vec![(x, below), (x, y - HALF)] });
        }
        lines
    }
}

impl Drawing {
    /// Moves everything right until nothing is left of the margin, and says how wide it is.
    fn begin_at_margin(&mut self) {
        let lines = self.lines.iter().flat_map(|line| line.points.iter().map(|(x, _)| *x));
        let marks = self.unknown.iter().map(|(x, _)| *x);
        let far: Vec<i32> = lines.chain(marks).collect();
        let left =
            self.symbols.iter().map(|symbol| symbol.at.0 - HALF).chain(far.iter().map(|x| x - HALF_UNKNOWN)).min();
        let by = MARGIN - left.unwrap_or(MARGIN);
        let right = self.symbols.iter().map(|symbol| symbol.at.0 - HALF + COLUMN);
        self.width = right.chain(far.iter().map(|x| x + HALF_UNKNOWN)).max().unwrap_or(0) + by + MARGIN;
        self.symbols.iter_mut().for_each(|symbol| symbol.at.0 += by);
        self.lines.iter_mut().flat_map(|line| &mut line.points).for_each(|point| point.0 += by);
        self.unknown.iter_mut().for_each(|(x, _)| *x += by);
    }
}

/// From the leftmost to the rightmost place, and so much more on both sides.
fn span(places: impl Iterator<Item = i32>, more: i32) -> Option<(i32, i32)> {
    let places: Vec<i32> = places.collect();
    Some((places.iter().min()? - more, places.iter().max()? + more))
}

/// Which line each span goes on, so that no two meet, and how many lines there are.
fn tracks(spans: Vec<Option<(i32, i32)>>) -> (Vec<i32>, i32) {
    let mut taken: Vec<Vec<(i32, i32)>> = Vec::new();
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|at| spans[*at]);
    let mut found = vec![0; spans.len()];
    for at in order {
        let Some((left, right)) = spans[at] else { continue };
        let free = |of: &Vec<(i32, i32)>| of.iter().all(|(from, to)| right + HALF < *from || to + HALF < left);
        let track = taken.iter().position(free).unwrap_or(taken.len());
        if track == taken.len() {
            taken.push(Vec::new());
        }
        taken[track].push((left, right));
        found[at] = i32::try_from(track).unwrap_or(0);
    }
    (found, i32::try_from(taken.len()).unwrap_or(0))
}

impl KinGraph {
    /// The words beside a symbol: name, age, homes.
    fn label(&self, kin: &Kin) -> Vec<String> {
        let homes = self.households.iter().enumerate().filter(|(_, (_, people))| people.contains(&kin.id));
        let homes: Vec<String> = homes.map(|(at, _)| Self::letter(at).to_string()).collect();
        let home = match homes.len() {
            0 => String::new(),
            1 => format!("home {}", homes[0]),
            _ => format!("homes {}", homes.join(" ")),
        };
        let age = if kin.child { folded(&kin.age, 2) } else { folded(&kin.age, 1) };
        folded(&kin.name, 2).into_iter().chain(age).chain(folded(&home, 1)).collect()
    }
}

/// A text in lines of at most [`LETTERS`], broken between words where that is possible; the last ends with "…" where there
/// is more.
fn folded(text: &str, most: usize) -> Vec<String> {
    let width = |text: &str| -> usize { text.chars().map(|letter| if letter < '\u{1100}' { 1 } else { 2 }).sum() };
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
        while let Some(line) = lines.last().filter(|line| width(line) > LETTERS).cloned() {
            let fits = line.char_indices().map(|(at, _)| at).filter(|at| width(&line[..*at]) <= LETTERS).max();
            let (head, tail) = line.split_at(fits.unwrap_or(0));
            let (head, tail) = (head.to_owned(), tail.to_owned());
            lines.pop();
            lines.extend([head, tail]);
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while width(last) >= LETTERS {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}
