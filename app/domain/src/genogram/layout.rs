//! Where everybody of a genogram is drawn: a row for each generation, partners beside each other, children under their
//! parents and eldest first. No two symbols overlap; lines may cross.
//!
//! Written here because layouts for graphs in general keep neither the order of birth nor partners side by side.

use super::{Kin, KinGraph, KinId, ordered};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

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
/// How often rows are moved under and above each other.
const ROUNDS: usize = 12;

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
    pub lines: Vec<Line>,
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
pub struct Line {
    /// What it says.
    pub kind: LineKind,
    /// Its corners.
    pub points: Vec<(i32, i32)>,
}

/// Parents and the children they have together; parents without children, and brothers and sisters whose parents nobody
/// recorded, are such a group too.
#[derive(Debug, Clone, Default)]
struct Union {
    /// None to two, by place among the people.
    parents: Vec<usize>,
    children: Vec<usize>,
    kind: Option<LineKind>,
}

struct Layout<'a> {
    graph: &'a KinGraph,
    unions: Vec<Union>,
    generation: Vec<usize>,
    rows: Vec<Vec<usize>>,
    x: Vec<i32>,
}

impl KinGraph {
    /// The picture; empty where there is nobody.
    #[must_use]
    pub fn drawing(&self) -> Drawing {
        if self.people.is_empty() {
            return Drawing::default();
        }
        let unions = self.unions();
        let generation = generations(self, &unions);
        let mut layout = Layout { graph: self, unions, generation, rows: Vec::new(), x: vec![0; self.people.len()] };
        layout.order();
        layout.spread();
        layout.draw()
    }

    fn place(&self, id: KinId) -> usize {
        self.people.iter().position(|kin| kin.id == id).expect("ties are between people who are there")
    }

    fn unions(&self) -> Vec<Union> {
        let full = groups(
            self.people.len(),
            self.siblings
                .iter()
                .filter(|(_, same)| **same)
                .map(|((one, other), _)| (self.place(*one), self.place(*other))),
        );
        // Whoever has one recorded parent, or none, is alone in a group unless somebody said whose brother or sister it is.
        let mut by_parents: BTreeMap<(Vec<usize>, usize), Vec<usize>> = BTreeMap::new();
        for (child, kin) in self.people.iter().enumerate() {
            let parents: BTreeSet<usize> = self.parents_of(kin.id).map(|parent| self.place(parent)).collect();
            let parents: Vec<usize> = parents.into_iter().collect();
            let group = if parents.len() < 2 { full[child] } else { usize::MAX };
            by_parents.entry((parents, group)).or_default().push(child);
        }
        let named = |(parents, children): (Vec<usize>, Vec<usize>)| {
            let kind = match parents[..] {
                [one, other] => self.partnership(one, other),
                _ => None,
            };
            Union { parents, children, kind }
        };
        let mut unions: Vec<Union> = by_parents
            .into_iter()
            .filter(|((parents, _), children)| !parents.is_empty() || children.len() > 1)
            .map(|((parents, _), children)| named((parents, children)))
            .collect();
        for (one, other) in self.partners.keys() {
            let (one, other) = (self.place(*one), self.place(*other));
            let parents = vec![one.min(other), one.max(other)];
            if unions.iter().all(|union| union.parents != parents) {
                unions.push(named((parents, Vec::new())));
            }
        }
        // What is seen from the parents needs no line of its own.
        let half = self.siblings.iter().filter(|((one, other), same)| {
            !**same && self.parents_of(*one).all(|parent| self.parents_of(*other).all(|other| other != parent))
        });
        for ((one, other), _) in half {
            let children = vec![self.place(*one), self.place(*other)];
            unions.push(Union { parents: Vec::new(), children, kind: Some(LineKind::Half) });
        }
        for union in &mut unions {
            union.children.sort_by_key(|child| self.by_age(*child));
        }
        unions
    }

    /// Eldest first; whoever's age nobody recorded last.
    fn by_age(&self, at: usize) -> (bool, Option<NaiveDate>, usize) {
        (self.people[at].born.is_none(), self.people[at].born, at)
    }

    fn partnership(&self, one: usize, other: usize) -> Option<LineKind> {
        let pair = ordered(self.people[one].id, self.people[other].id);
        Some(match self.partners.get(&pair) {
            Some(true) => LineKind::Together,
            Some(false) => LineKind::Parted,
            None => LineKind::Parents,
        })
    }
}

/// Who belongs to whom: for each of `count` the smallest of their group.
fn groups(count: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut group: Vec<usize> = (0..count).collect();
    for (one, other) in pairs {
        let (one, other) = (group[one], group[other]);
        let (small, large) = (one.min(other), one.max(other));
        group.iter_mut().filter(|group| **group == large).for_each(|group| *group = small);
    }
    group
}

/// The generation of everybody, 0 for the eldest. Partners, and brothers and sisters, are of one generation where their
/// parents and children allow it.
fn generations(graph: &KinGraph, unions: &[Union]) -> Vec<usize> {
    let count = graph.people.len();
    let born: Vec<(usize, usize)> =
        graph.parents.iter().map(|(one, other)| (graph.place(*one), graph.place(*other))).collect();
    let of_union = unions.iter().flat_map(|union| [&union.parents, &union.children]);
    let beside = of_union.flat_map(|of_one| of_one.windows(2).map(|pair| (pair[0], pair[1])));
    let half = graph.siblings.keys().map(|(one, other)| (graph.place(*one), graph.place(*other)));
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for pair in beside.chain(half) {
        let group = groups(count, joined.iter().copied().chain([pair]));
        if ranks(count, &group, &born).is_some() {
            joined.push(pair);
        }
    }
    let group = groups(count, joined.into_iter());
    let mut rank = ranks(count, &group, &born).unwrap_or_else(|| vec![0; count]);
    // Somebody without parents stands right above their children, not at the top.
    for at in (0..count).rev() {
        let members: Vec<usize> = (0..count).filter(|other| group[*other] == group[at]).collect();
        let has_parents = born.iter().any(|(_, child)| members.contains(child));
        let below = born.iter().filter(|(parent, _)| members.contains(parent)).map(|(_, child)| rank[*child]).min();
        if let (false, Some(below)) = (has_parents, below) {
            members.into_iter().for_each(|member| rank[member] = below.saturating_sub(1));
        }
    }
    let children = (0..count).filter(|at| graph.people[*at].child).map(|at| rank[at]).max();
    let lowest = children.unwrap_or_else(|| rank.iter().copied().max().unwrap_or(0)).max(1);
    // Whoever has no ties stands with the children, or with the adults right above them.
    let tied = |at: usize| {
        born.iter().any(|(one, other)| *one == at || *other == at)
            || group.iter().filter(|other| **other == group[at]).count() > 1
    };
    for at in (0..count).filter(|at| !tied(*at)) {
        rank[at] = if graph.people[at].child { lowest } else { lowest - 1 };
    }
    let highest = rank.iter().copied().min().unwrap_or(0);
    rank.into_iter().map(|rank| rank - highest).collect()
}

/// How far below the eldest each is, where groups are of one generation; none where that cannot be.
fn ranks(count: usize, group: &[usize], born: &[(usize, usize)]) -> Option<Vec<usize>> {
    let mut rank = vec![0; count];
    for _ in 0..=count {
        let mut moved = false;
        for (parent, child) in born {
            let (above, below) = (rank[group[*parent]], rank[group[*child]]);
            if below <= above {
                rank[group[*child]] = above + 1;
                moved = true;
            }
        }
        if !moved {
            return Some(group.iter().map(|group| rank[*group]).collect());
        }
    }
    None
}

impl Layout<'_> {
    /// Puts everybody into their row, from left to right: parents, then what hangs on them.
    fn order(&mut self) {
        let count = self.graph.people.len();
        let lowest = self.generation.iter().copied().max().unwrap_or(0);
        self.rows = vec![Vec::new(); lowest + 1];
        let mut first: Vec<usize> = (0..count).collect();
        // Whoever has descendants first, the eldest generation first; then in the order of the people.
        first.sort_by_key(|at| {
            let alone = self.unions.iter().all(|union| !union.parents.contains(at) && !union.children.contains(at));
            (alone, self.generation[*at], *at)
        });
        let mut placed = vec![false; count];
        first.into_iter().for_each(|at| self.put(at, &mut placed));
    }

    /// Puts somebody beside their partners, then their brothers and sisters, then their children.
    fn put(&mut self, one: usize, placed: &mut [bool]) {
        if placed[one] {
            return;
        }
        let mut cluster = Vec::new();
        self.beside(one, placed, &mut cluster);
        self.rows[self.generation[one]].extend(&cluster);
        let unions: Vec<Union> = self.unions.clone();
        // Those whose parents nobody recorded stand beside each other.
        for union in unions.iter().filter(|union| union.parents.is_empty() && union.children.contains(&one)) {
            union.children.iter().for_each(|child| self.put(*child, placed));
        }
        for parent in &cluster {
            let theirs = unions.iter().filter(|union| union.parents.contains(parent));
            let mut theirs: Vec<&Union> =
                theirs.filter(|union| union.parents.iter().all(|other| placed[*other])).collect();
            theirs.sort_by_key(|union| union.children.first().map(|child| self.graph.by_age(*child)));
            theirs.iter().flat_map(|union| &union.children).for_each(|child| self.put(*child, placed));
        }
    }

    /// Somebody and their partners in a row: with several, the first to their left and the others to their right.
    fn beside(&self, one: usize, placed: &mut [bool], cluster: &mut Vec<usize>) {
        placed[one] = true;
        let mut partners: Vec<(bool, Option<NaiveDate>, usize)> = self
            .unions
            .iter()
            .filter(|union| union.parents.contains(&one))
            .filter_map(|union| {
                let other = union.parents.iter().copied().find(|other| *other != one)?;
                let eldest = union.children.first().and_then(|child| self.graph.people[*child].born);
                Some((eldest.is_none(), eldest, other))
            })
            .filter(|(_, _, other)| self.generation[*other] == self.generation[one])
            .collect();
        partners.sort();
        let mut partners = partners.into_iter().map(|(_, _, other)| other);
        if let Some(left) = partners.next().filter(|left| !placed[*left]) {
            let mut before = Vec::new();
            self.beside(left, placed, &mut before);
            before.reverse();
            cluster.extend(before);
        }
        cluster.push(one);
        for right in partners {
            if !placed[right] {
                self.beside(right, placed, cluster);
            }
        }
    }

    /// Moves rows so that children stand under their parents, without anybody coming too near.
    fn spread(&mut self) {
        for row in &self.rows {
            (0..).zip(row).for_each(|(place, at)| self.x[*at] = place * COLUMN);
        }
        for round in 0..ROUNDS {
            let rows: Vec<usize> =
                if round % 2 == 0 { (0..self.rows.len()).collect() } else { (0..self.rows.len()).rev().collect() };
            for row in rows {
                let wanted: Vec<i32> = self.rows[row].iter().map(|at| self.wanted(*at, round % 2 == 0)).collect();
                let x = apart(&wanted);
                self.rows[row].clone().into_iter().zip(x).for_each(|(at, x)| self.x[at] = x);
            }
        }
        let left = self.x.iter().copied().min().unwrap_or(0);
        self.x.iter_mut().for_each(|x| *x += MARGIN + HALF - left);
    }

    /// Where somebody would stand best: under their parents, or above their children.
    fn wanted(&self, one: usize, under_parents: bool) -> i32 {
        let mean = |of: &[usize]| -> Option<i32> {
            let count = i32::try_from(of.len()).ok().filter(|count| *count > 0)?;
            Some(of.iter().map(|at| self.x[*at]).sum::<i32>() / count)
        };
        let place = |of: &[usize]| -> i32 {
            let at = of.iter().position(|other| *other == one).unwrap_or(0);
            (2 * i32::try_from(at).unwrap_or(0) - i32::try_from(of.len()).unwrap_or(0) + 1) * COLUMN / 2
        };
        let wishes: Vec<i32> = if under_parents {
            let mine = self.unions.iter().filter(|union| union.children.contains(&one));
            mine.filter_map(|union| Some(mean(&union.parents)? + place(&union.children))).collect()
        } else {
            let mine = self.unions.iter().filter(|union| union.parents.contains(&one));
            let of_union = |union: &Union| {
                let mut beside = union.parents.clone();
                beside.sort_by_key(|at| self.x[*at]);
                // What lies between two who do not stand beside each other is not theirs to close.
                Some(mean(&union.children)? + if beside.len() == 2 { place(&beside) } else { 0 })
            };
            mine.filter_map(of_union).collect()
        };
        match i32::try_from(wishes.len()) {
            Ok(count) if count > 0 => wishes.iter().sum::<i32>() / count,
            _ => self.x[one],
        }
    }

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

    fn draw(&self) -> Drawing {
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
        let lines: Vec<Line> = hung.iter().zip(&levels).flat_map(|(hung, levels)| hung.lines(*levels, &at)).collect();
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
    fn lines(&self, (above, below): (i32, i32), at: &impl Fn(usize) -> (i32, i32)) -> Vec<Line> {
        let mut lines = Vec::new();
        let from: Vec<(i32, i32)> =
            self.union.parents.iter().zip(&self.begins).map(|(parent, x)| (*x, at(*parent).1 + HALF)).collect();
        let kind = self.union.kind.unwrap_or(LineKind::Parents);
        match (&from[..], self.unknown) {
            ([one], Some(unknown)) => {
                let points = vec![*one, (one.0, above), (unknown, above)];
                lines.push(Line { kind: LineKind::Children, points });
            }
            ([one, other], _) => {
                lines.push(Line { kind, points: vec![*one, (one.0, above), (other.0, above), *other] });
            }
            _ => {}
        }
        let Some((left, right)) = self.children else { return lines };
        let kind = if kind == LineKind::Half { kind } else { LineKind::Children };
        if !from.is_empty() {
            lines.push(Line { kind, points: vec![(self.middle, above), (self.middle, below)] });
        }
        if left < right {
            lines.push(Line { kind, points: vec![(left, below), (right, below)] });
        }
        for child in &self.union.children {
            let (x, y) = at(*child);
            lines.push(Line { kind, points: vec![(x, below), (x, y - HALF)] });
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

/// The places nearest to those wanted in which each is a column after the one before: neighbours that would come too near
/// move together.
fn apart(wanted: &[i32]) -> Vec<i32> {
    // Without the columns between them places only have to rise: runs that fall are levelled to their mean.
    let mut levels: Vec<(i64, i64)> = Vec::new();
    for (place, wanted) in (0..).zip(wanted) {
        levels.push((i64::from(*wanted) - i64::from(COLUMN) * place, 1));
        while let [.., (one, count), (other, more)] = levels[..]
            && one * more > other * count
        {
            levels.truncate(levels.len() - 2);
            levels.push((one + other, count + more));
        }
    }
    let level = levels.into_iter().flat_map(|(sum, count)| (0..count).map(move |_| sum.div_euclid(count)));
    (0..)
        .zip(level)
        .map(|(place, level)| i32::try_from(level + i64::from(COLUMN) * place).unwrap_or(i32::MAX))
        .collect()
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
