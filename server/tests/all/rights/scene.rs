//! A family whose meeting is held and signed, and everybody who may ask for what is left of it.

use crate::place::{Place, World, allowed, now, token, worker};
use domain::meeting::Command;
use domain::status::AccessKind;

pub struct Scene {
    pub world: World,
    pub tokens: Vec<Option<String>>,
    pub person: String,
    pub record: String,
    pub step: String,
    pub allocation: String,
    pub addendum: String,
    pub adult: String,
    pub colleague: domain::WorkerId,
    pub invited: domain::WorkerId,
    pub team: uuid::Uuid,
}

pub async fn scene(place: &Place) -> Scene {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let brought_in = worker(service, "7023").await;
    let why = "knows the grandmother".to_owned();
    world.act(world.chair, Command::BringIn { slot: world.slot, worker: brought_in, why }).await;
    let (_, guest) = crate::guests::signed_in(&world, "Pat Hedgerow", "pat@hillside.example").await;
    // Another one, whose code is made anew.
    let (invited, _) = crate::guests::signed_in(&world, "Kim Fallow", "kim@hillside.example").await;
    let draft = domain::meeting::StepDraft {
        what: "Ring".into(),
        owner: domain::meeting::Owner::Worker { worker: world.worker },
        with: String::new(),
        due: None,
        children: Default::default(),
        measure: String::new(),
    };
    world
        .act(world.chair, Command::AddStep { slot: world.slot, step: domain::StepId::new(service.new_uuid()), draft })
        .await;
    world.act(world.chair, Command::EverybodyHere { slot: world.slot }).await;
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    let other_manager = worker(service, "7013").await;
    let chair = service.viewer(world.chair).await.unwrap();
    let due = chrono::NaiveDate::from_ymd_opt(2026, 12, 8).unwrap();
    for record in crate::record::records(&world).await {
        let decision = domain::record::Completion::Decision {
            kind: "continue".into(),
            title: String::new(),
            route: String::new(),
            why: "It works".into(),
        };
        allowed!(service, service.record_reader(&chair, record.id).await, complete(decision)).unwrap();
    }
    let first = crate::record::records(&world).await.remove(0);
    let step = service.step_completion(first.steps[0].step, world.worker, due).await.unwrap();
    allowed!(service, service.record_reader(&chair, first.id).await, complete(step)).unwrap();
    allowed!(service, service.family_manager(&chair, world.family).await, sign(world.meeting, None)).unwrap();
    let mut tokens = Vec::new();
    for who in [
        world.chair,
        world.record_taker,
        world.service_manager,
        world.worker,
        brought_in,
        world.stranger,
        other_manager,
    ] {
        tokens.push(Some(token(service, who).await));
    }
    tokens.insert(5, Some(guest));
    tokens.push(None);
    let page = allowed!(service, service.family_reader(&chair, world.family).await, family_page()).unwrap();
    let (card, record) = (&page.card, page.earlier[0].record);
    allowed!(service, service.record_reader(&chair, record).await, ask_addendum("why", "more")).unwrap();
    let signed = crate::record::records(&world).await.into_iter().find(|found| found.id == record).unwrap();
    Scene {
        adult: card.adults[0].id.to_string(),
        addendum: signed.life.addenda[0].id.to_string(),
        person: card.children[0].id.to_string(),
        record: record.to_string(),
        step: page.steps[0].id.to_string(),
        allocation: card.allocated.iter().find(|who| who.name == "Damian Kingcup").unwrap().allocation.to_string(),
        colleague: worker(&world.service, "7008").await,
        invited,
        team: world.service.store().family(world.family).await.unwrap().unwrap().team_id.unwrap(),
        tokens,
        world,
    }
}

impl Scene {
    /// How many entries of the access log there are about the family, but for what was refused.
    pub async fn looks(&self) -> usize {
        let later = now() + chrono::TimeDelta::days(400);
        let entries =
            self.world.service.store().accesses_of_family(self.world.family, later, 100_000, "nothing").await.unwrap();
        entries.into_iter().filter(|entry| entry.what != AccessKind::Refused).count()
    }

    /// The fields of a form that this function takes.
    pub fn body(&self, path: &str) -> String {
        let (meeting, family, slot, team) = (self.world.meeting, self.world.family, self.world.slot, self.team);
        match path {
            "/api/meeting/act" => {
                format!("form[meeting]={meeting}&form[slot]={slot}&form[act]=pause&form[command]=x")
            }
            "/api/account/invite" => format!("worker={}&email=x%40council.example", self.colleague),
            "/api/account/factor-remove"
            | "/api/account/identity"
            | "/api/account/identity-remove"
            | "/api/account/link"
            | "/api/account/end"
            | "/api/account/reopen" => {
                format!("worker={}", self.colleague)
            }
            "/api/guest/invite" => format!("meeting={meeting}&slot={slot}&name=x&role=x&email=x&why=x"),
            "/api/guest/code" => format!("meeting={meeting}&worker={}", self.invited),
            "/api/guest/take-back" => format!("meeting={meeting}&slot={slot}&worker={}", self.invited),
            "/api/account/factor-off" => "password=x".to_owned(),
            "/api/account/password" => "old=x&new=y".to_owned(),
            "/api/worker/away" => "starts=1/12/2026&ends=2/12/2026".to_owned(),
            "/api/meeting/note" => format!("meeting={meeting}&slot={slot}&text=x"),
            "/api/team/opinion" => format!("team={team}&answer=yes"),
            "/api/meeting/here" => format!("meeting={meeting}&load=x&away=no"),
            "/api/meeting/pens" => format!("meeting={meeting}"),
            "/api/meeting/late" => {
                format!("form[meeting]={meeting}&form[place]={slot}&form[command]={}&form[text]=x", uuid::Uuid::nil())
            }
            "/api/device/key" => format!("device={}", uuid::Uuid::nil()),
            "/api/meeting/plan" => format!(
                "form[meeting]={meeting}&form[revision]=1&form[team]={team}&form[held_on]=24/11/2026&form[starts]=9:30&form[booked]=1&form[chair]={}&form[lines][0][family]={family}&form[lines][0][on]=yes&form[lines][0][minutes]=45&form[button]=save",
                self.world.chair
            ),
            "/api/family/save" => format!("id={family}&reference=FS-3046&team={team}"),
            "/api/family/lock" | "/api/family/unlock" | "/api/family/close" => format!("family={family}"),
            "/api/family/open" => "reference=none&reason=x".to_owned(),
            "/api/confidential/answer" => format!("id={}&answer=agreed", uuid::Uuid::nil()),
            "/api/confidential/open" => format!("id={}", uuid::Uuid::nil()),
            "/api/confidential/review" => format!("id={}&words=x", uuid::Uuid::nil()),
            "/api/opening/review" => format!("family={family}&id={}", uuid::Uuid::nil()),
            "/api/opening/answer" => format!("family={family}&worker={}&day=2026-11-24", uuid::Uuid::nil()),
            "/api/search" => "q=Ottilie".to_owned(),
            "/api/role/give" => "role=deputy".to_owned(),
            "/api/role/end" => format!("id={}", uuid::Uuid::nil()),
            "/api/person/save" => format!("family={family}&id={}&forename=Ottilie&adult=no", self.person),
            "/api/worker/save" => "name=New+Nurse&discipline=mental_health".to_owned(),
            "/api/worker/merge" | "/api/worker/separate" => {
                format!("worker={}&other={}", self.world.worker, self.colleague)
            }
            "/api/allocation/save" => format!("family={family}&worker=nonsense"),
            "/api/allocation/restore" => format!("family={family}&notice={}", uuid::Uuid::nil()),
            "/api/allocation/end" => format!("family={family}&id={}", self.allocation),
            "/api/chapter/save" => format!("family={family}&place[]=summary&text[]=x&base[]=0"),
            "/api/step/answer" => format!("id={}&done=no&word=x", self.step),
            "/api/step/take-back" => format!("id={}", self.step),
            "/api/step/hand-over" => format!("id={}&to={}", self.step, self.world.worker),
            "/api/record/correct" => format!("record={}&part=meaning&text=x", self.record),
            "/api/record/mark" => {
                format!("record={}&part=meaning&readers=team&people[0]={}", self.record, self.adult)
            }
            "/api/record/attendance" => format!("record={}&present[0]={}", self.record, self.world.worker),
            "/api/record/meaning" => format!("record={}&text=x", self.record),
            "/api/record/take-dissent" => format!("record={}&worker={}", self.record, self.world.stranger),
            "/api/record/answer-dissent" => {
                format!("record={}&worker={}&text=x", self.record, self.world.stranger)
            }
            "/api/record/answer-correction" => {
                format!("record={}&correction={}&taken=yes", self.record, uuid::Uuid::nil())
            }
            "/api/record/decide" => format!("record={}&kind=continue&why=x", self.record),
            "/api/record/why" => format!("record={}&why=x", self.record),
            "/api/record/step" => {
                format!("record={}&step={}&owner={}&due=8/12/2026", self.record, self.step, self.world.worker)
            }
            "/api/record/reason" => {
                format!("record={}&worker={}&reason=x", self.record, self.world.stranger)
            }
            "/api/record/sign" => format!("record={}&meeting={meeting}&family={family}", self.record),
            "/api/record/addendum" => format!("record={}&reason=x&addendum=x", self.record),
            "/api/record/answer-addendum" => {
                format!("record={}&addendum={}&taken=yes", self.record, self.addendum)
            }
            "/api/record/sent" => format!("record={}&to=x", self.record),
            "/api/message/write" => format!("family={family}&meeting={meeting}&adult={}&text=x", self.adult),
            "/api/message/check" => format!("family={family}&meeting={meeting}"),
            "/api/message/give" => format!("family={family}&meeting={meeting}&message={}", uuid::Uuid::nil()),
            "/api/own-words/write" => {
                let (id, person) = (self.world.service.new_uuid(), &self.person);
                format!("family={family}&id={id}&person={person}&base=0&words=x&how=said&on=3/11/2026&readers=team")
            }
            "/api/direct-work/write" => {
                let id = self.world.service.new_uuid();
                format!("family={family}&id={id}&with={}&base=0&module=x&state=planned&on=&finding=", self.person)
            }
            "/api/case-note/write" => {
                let (id, child) = (self.world.service.new_uuid(), &self.person);
                format!("family={family}&id={id}&base=0&happened=3/11/2026&text=x&children[0]={child}&significant=yes")
            }
            "/api/case-note/remove" => format!("family={family}&id={}&removed=yes", uuid::Uuid::nil()),
            "/api/genogram/tie" => {
                let (id, one) = (self.world.service.new_uuid(), &self.person);
                format!("family={family}&id={id}&from=member-{one}&kind=partner&to=member-{one}")
            }
            "/api/genogram/relative" => {
                let (id, tie) = (self.world.service.new_uuid(), self.world.service.new_uuid());
                let to = &self.person;
                format!("family={family}&id={id}&name=x&sex=U&life=living&tie={tie}&kind=parent&to=member-{to}&base=0")
            }
            "/api/genogram/household" => {
                let (id, who) = (self.world.service.new_uuid(), &self.person);
                format!("family={family}&id={id}&name=x&people[0]=member-{who}&base=0")
            }
            "/api/genogram/remove" => {
                format!("family={family}&what=tie&id={}&removed=yes", uuid::Uuid::nil())
            }
            "/api/safety-plan/write" => format!("family={family}&base=0&seen=0&worries=x&state=not_offered"),
            "/api/own-words/take-back" => format!("family={family}&id={}&why=x", uuid::Uuid::nil()),
            "/api/retention/end" => format!("child={}&act=propose", self.person),
            "/api/family/hold" => format!("family={family}&hold=x"),
            "/api/delivery/settle" => format!("id={}&there=yes", uuid::Uuid::nil()),
            "/api/sign-in" => "email=x%40council.example&password=x".to_owned(),
            "/api/sign-in/code" => "code=x".to_owned(),
            "/api/account/name" => "name=Zara".to_owned(),
            _ => String::new(),
        }
    }
}
