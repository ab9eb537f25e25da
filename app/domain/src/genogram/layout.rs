//! Where everybody of a genogram is drawn: a row for each generation, partners beside each other, children under their
//! parents and eldest first. No two symbols overlap; lines may cross.
//!
//! Written here because layouts for graphs in general keep neither the order of birth nor partners side by side.

use super::drawing::COLUMN;
use super::union::{Union, generations};
use super::{Drawing, KinGraph};
use chrono::NaiveDate;

/// How often rows are moved under and above each other.
const ROUNDS: usize = 12;

pub(super) struct Layout<'a> {
    pub graph: &'a KinGraph,
    pub unions: Vec<Union>,
    pub generation: Vec<usize>,
    pub rows: Vec<Vec<usize>>,
    pub x: Vec<i32>,
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
