//! The practice: each of it is asked for by the template, none of it holds the room up.

use super::{Asked, Decided, Refusal, short};
use crate::meeting::practice::{Became, Considered, Contingency, Conversation, Given, LastStep, Practised};
use crate::meeting::{Attendance, Event, Phase, Slot};
use crate::{PersonId, SlotId};

impl Asked<'_> {
    pub(super) fn practise(&self, id: SlotId, what: &Practised) -> Decided {
        let slot = match what {
            // At any moment, by anyone who may know of the family.
            Practised::RiskRaised { .. } | Practised::RiskHeard(_) => {
                if let Phase::Closed { .. } = self.room.phase {
                    return Err(Refusal::Closed);
                }
                self.slot(id)?
            }
            // Before the meeting as well as in it.
            Practised::Given(_) | Practised::Asked(_) => self.given_in(id)?,
            _ => self.live(id)?,
        };
        let what = match what {
            Practised::StepSaid(said) => Practised::StepSaid(step_said(said)?),
            Practised::Given(given) => Practised::Given(self.given(slot, given)?),
            Practised::Revealed => {
                self.chair()?;
                if slot.practice.revealed_at.is_some() {
                    return Ok(Vec::new());
                }
                Practised::Revealed
            }
            Practised::SpreadWorded(words) => {
                self.runner()?;
                if slot.practice.revealed_at.is_none() {
                    return Err(Refusal::Unusable("Reveal the numbers first, then write what they told.".to_owned()));
                }
                Practised::SpreadWorded(short("What the numbers told", words, 2000)?)
            }
            Practised::Considered(option) => {
                Self::of_this_family(slot, option.child)?;
                let what = short("The option", &option.what, 500)?;
                if what.is_empty() {
                    return Err(Refusal::empty("The option", "One line on what else could be done."));
                }
                Practised::Considered(Considered { what, ..option.clone() })
            }
            Practised::Contingent(known) => {
                Self::of_this_family(slot, known.child)?;
                let (happens, then) = (short("If", &known.happens, 300)?, short("Then", &known.then, 300)?);
                if happens.is_empty() || then.is_empty() {
                    return Err(Refusal::empty("If … then …", "Say both what might happen and what is done then."));
                }
                Practised::Contingent(Contingency { happens, then, ..known.clone() })
            }
            Practised::Withdrawn(known) => {
                self.author_or_runner(slot, *known)?;
                what.clone()
            }
            Practised::Conversing(conversation) => Practised::Conversing(self.conversing(slot, conversation)?),
            Practised::Asked(question) => Practised::Asked(short("The question for today", question, 300)?),
            Practised::Gone => return Err(Refusal::NotFound),
            Practised::NextOn(day) => {
                self.runner()?;
                let year = self.room.held_on + chrono::TimeDelta::days(366);
                if day.is_some_and(|day| day > year) {
                    return Err(Refusal::Unusable("That is more than a year away. Give an earlier day.".to_owned()));
                }
                if day.is_some_and(|day| day <= self.room.held_on) {
                    return Err(Refusal::Unusable(
                        "The next discussion is after this one. Give a later day.".to_owned(),
                    ));
                }
                Practised::NextOn(*day)
            }
            Practised::RiskRaised { id, what } => {
                let what = short("What is urgent", what, 500)?;
                if what.is_empty() {
                    return Err(Refusal::empty("What is urgent", "Say in one line what the danger is."));
                }
                Practised::RiskRaised { id: *id, what }
            }
            Practised::RiskHeard(known) => {
                self.hears()?;
                if !slot.practice.risks.iter().any(|risk| risk.id == *known) {
                    return Err(Refusal::NotFound);
                }
                Practised::RiskHeard(*known)
            }
        };
        Ok(vec![Event::Practised { slot: id, what: Box::new(what) }])
    }

    /// Whoever runs the meeting or manages the team acknowledges a risk.
    fn hears(&self) -> Result<(), Refusal> {
        if self.context.viewer.manages.contains(&self.room.team) { Ok(()) } else { self.runner() }
    }

    /// Nobody takes another's words away but those who run the meeting.
    fn author_or_runner(&self, slot: &Slot, id: crate::StepId) -> Result<(), Refusal> {
        if slot.practice.author(id) == Some(self.me()) { Ok(()) } else { self.runner() }
    }

    fn of_this_family(slot: &Slot, child: Option<PersonId>) -> Result<(), Refusal> {
        if child.is_none_or(|child| slot.children.contains(&child)) { Ok(()) } else { Err(Refusal::NotTheirChild) }
    }

    fn given_in(&self, id: SlotId) -> Result<&Slot, Refusal> {
        let slot = self.slot(id)?;
        if slot.progress.frozen() {
            return Err(Refusal::Frozen);
        }
        if let Phase::Closed { .. } = self.room.phase {
            return Err(Refusal::Closed);
        }
        if !self.takes_part(slot) {
            return Err(Refusal::NotYours { who: "the people working with this family".to_owned() });
        }
        Ok(slot)
    }

    fn given(&self, slot: &Slot, given: &Given) -> Result<Given, Refusal> {
        self.may_give(slot, given)?;
        let scale = self.room.template.practice.scales.iter().find(|scale| scale.key == given.scale);
        let scale = scale.ok_or_else(|| Refusal::Unusable("That question is not asked here any more.".to_owned()))?;
        if scale.per_child != given.child.is_some() {
            return Err(Refusal::Unusable("This question has changed. Reload the page and answer again.".to_owned()));
        }
        if slot.practice.revealed_at.is_some() {
            // What was said before anybody saw the others' stays as it was said.
            return Err(Refusal::Unusable(
                "The numbers are revealed and stay as they were given. Say in your analysis what you think now."
                    .to_owned(),
            ));
        }
        if given.number.is_some_and(|number| number > 10) {
            return Err(Refusal::Unusable("A number is from 0 to 10, or you pass.".to_owned()));
        }
        Ok(Given { why: short("Why", &given.why, 300)?, ..given.clone() })
    }

    /// One's own number, or, by those who run the meeting, that of somebody on the call who has given none.
    fn may_give(&self, slot: &Slot, given: &Given) -> Result<(), Refusal> {
        if given.worker == self.me() {
            return Ok(());
        }
        self.runner()?;
        let on_the_call = slot.attendance.get(&given.worker) == Some(&Attendance::Call);
        let same =
            |known: &Given| (&known.scale, known.child, known.worker) == (&given.scale, given.child, given.worker);
        if !on_the_call || slot.practice.given.iter().any(same) {
            let told = "You can enter a number only for somebody on the call who has not given one.";
            return Err(Refusal::Unusable(told.to_owned()));
        }
        Ok(())
    }

    fn conversing(&self, slot: &Slot, conversation: &Conversation) -> Result<Conversation, Refusal> {
        if !slot.members.contains_key(&conversation.worker) {
            return Err(Refusal::Stranger);
        }
        if !matches!(conversation.process.as_str(), "" | "engage" | "focus" | "evoke" | "plan") {
            return Err(Refusal::Unusable("Choose engage, focus, evoke or plan, or leave it open.".to_owned()));
        }
        let explore = short("What they explore", &conversation.explore, 500)?;
        if explore.is_empty() {
            return Err(Refusal::empty("What they explore", "One line on what to explore together."));
        }
        Ok(Conversation {
            explore,
            own_words: short("In the parent’s own words", &conversation.own_words, 1000)?,
            own_number: short("The parent’s own number", &conversation.own_number, 200)?,
            ..conversation.clone()
        })
    }
}

fn step_said(said: &LastStep) -> Result<LastStep, Refusal> {
    let word = short("A word why", &said.word, 500)?;
    if said.became == Became::Dropped && word.is_empty() {
        return Err(Refusal::empty("A word why", "Say why the step is not needed any more; it stays open until then."));
    }
    Ok(LastStep { word, ..said.clone() })
}
