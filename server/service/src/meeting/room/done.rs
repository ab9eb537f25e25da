//! What commands came to, as far as this process remembers; the database knows them all.

use super::{CommandId, HashMap, Outcome, VecDeque, WorkerId};

/// Commands remembered: those that are sent again come soon.
const REMEMBERED: usize = 500;

/// The last commands of one room.
#[derive(Default)]
pub(super) struct Done {
    outcomes: HashMap<(WorkerId, CommandId), Outcome>,
    order: VecDeque<(WorkerId, CommandId)>,
}

impl Done {
    pub fn outcome(&self, worker: WorkerId, command: CommandId) -> Option<&Outcome> {
        self.outcomes.get(&(worker, command))
    }

    pub fn note(&mut self, worker: WorkerId, command: CommandId, outcome: &Outcome) {
        if self.outcomes.insert((worker, command), outcome.clone()).is_none() {
            self.order.push_back((worker, command));
        }
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.outcomes.remove(&oldest);
            }
        }
    }
}
