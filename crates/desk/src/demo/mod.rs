//! A practice office: people, and complaints walked through by the real commands, with their PDFs.
//!
//! Names are invented. Stories drive the same [`Practice`].

mod expectation;
mod inspection;
mod laboratory;
mod story;
mod telling;
mod walk;

pub use inspection::EndsAs;
pub use laboratory::Laboratory;
pub use story::{Astray, Deed, Expect, Player, STORIES, Story};

use crate::{ApiError, Config, Lang, Office, Session, commands::call};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// The demo people's password where none is given.
pub const PASSWORD: &str = "Redress-2026";

/// Login, name, roles.
const PEOPLE: [(&str, &str, &[&str]); 8] = [
    ("zhaomin", "赵敏", &["office"]),
    ("linlan", "林岚", &["quality_manager", "signatory"]),
    ("luoping", "罗平", &["quality_manager"]),
    ("sunli", "孙立", &["quality_section"]),
    ("hejing", "何静", &["quality_section"]),
    ("zhouheng", "周衡", &["quality_section"]),
    ("zhengxiao", "郑晓", &["quality_section"]),
    ("wuyue", "吴越", &["quality_section", "signatory"]),
];
const DEPARTMENT: (&str, &str, &[&str]) = ("xuchuan", "许川", &["department"]);

fn everybody() -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
    PEOPLE.into_iter().chain([DEPARTMENT])
}

/// A practice office with everyone signed in.
pub struct Practice {
    /// The office.
    pub office: Office,
    sessions: BTreeMap<String, Session>,
    /// Everybody's.
    password: String,
    /// Person ids by login.
    pub ids: BTreeMap<String, String>,
    /// PDFs given out so far, by document number.
    pub papers: BTreeMap<String, Vec<u8>>,
    /// What was done so far: enough to walk the same story through another door.
    pub deeds: Mutex<Vec<DoneDeed>>,
}

/// One command of a story.
#[derive(Debug, Clone)]
pub struct DoneDeed {
    /// When.
    pub at: DateTime<FixedOffset>,
    /// Who.
    pub who: String,
    /// Which command.
    pub command: String,
    /// With what.
    pub payload: Value,
    /// The case or the entry of the register that it made.
    pub made: Option<String>,
    /// It was refused, as the story wanted.
    pub refused: bool,
}

/// A moment in the stories.
fn at(text: &str) -> Result<DateTime<FixedOffset>, ApiError> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).map_err(ApiError::internal)
}

/// What stands in an answer under a key.
fn text<'v>(answer: &'v Value, key: &str) -> Result<&'v str, ApiError> {
    let text = answer[key].as_str();
    text.ok_or_else(|| ApiError::internal(format!("an answer without {key}")))
}

impl Practice {
    /// Makes the office and its people.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn create(
        config: Config,
        password: &str,
        start: DateTime<FixedOffset>,
    ) -> Result<Self, ApiError> {
        let mut practice = Self::bare(config, password, start).await?;
        for (login, name, roles) in everybody() {
            let roles: Vec<Value> = roles
                .iter()
                .map(|r| json!({ "procedure": "inspection-station", "role": r }))
                .collect();
            let person = json!({ "name": name, "login": login, "password": password, "account": "member", "roles": roles });
            practice.call("admin", "person.add", person).await?;
        }
        practice.sign_in(password).await?;
        Ok(practice)
    }

    /// Makes the office with nobody but its administrator.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn bare(
        config: Config,
        password: &str,
        start: DateTime<FixedOffset>,
    ) -> Result<Self, ApiError> {
        let office = Office::open(config).await?;
        office.force_clock(start);
        let admin = Session::new();
        let setup = json!({
            "organisation": { "name": "示范中心", "address": "滨江路 8 号", "phone": "0571-8888 0917" },
            "admin": { "name": "管理员", "login": "admin", "password": password },
            "training": true,
        });
        call(&office, &admin, "office.setup", setup, Lang::Zh).await?;
        Ok(Self {
            office,
            sessions: BTreeMap::from([("admin".to_owned(), admin)]),
            password: password.to_owned(),
            ids: BTreeMap::new(),
            papers: BTreeMap::new(),
            deeds: Mutex::default(),
        })
    }

    /// Opens an office that [`Practice::create`] made.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn open(config: Config, password: &str) -> Result<Self, ApiError> {
        let mut practice = Self::open_bare(config, password).await?;
        practice.sign_in(password).await?;
        Ok(practice)
    }

    /// Opens an office with nobody signed in but its administrator.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn open_bare(config: Config, password: &str) -> Result<Self, ApiError> {
        let mut practice = Self {
            office: Office::open(config).await?,
            sessions: BTreeMap::new(),
            password: password.to_owned(),
            ids: BTreeMap::new(),
            papers: BTreeMap::new(),
            deeds: Mutex::default(),
        };
        practice.sign_in_with("admin", password).await?;
        Ok(practice)
    }

    async fn sign_in(&mut self, password: &str) -> Result<(), ApiError> {
        let logins = everybody().map(|(login, ..)| login);
        for login in logins.chain(["admin"]) {
            self.sign_in_with(login, password).await?;
        }
        Ok(())
    }

    /// Signs in somebody who was added later with the demo's password.
    ///
    /// # Errors
    /// `sign_in_failed`.
    pub async fn sign_in_as(&mut self, login: &str) -> Result<(), ApiError> {
        self.sign_in_with(login, PASSWORD).await
    }

    async fn sign_in_with(&mut self, login: &str, password: &str) -> Result<(), ApiError> {
        let session = Session::new();
        let request = json!({ "login": login, "password": password });
        let state = call(&self.office, &session, "session.sign_in", request, Lang::Zh).await?;
        let id = text(&state["user"], "id")?.to_owned();
        self.ids.insert(login.to_owned(), id);
        self.sessions.insert(login.to_owned(), session);
        Ok(())
    }

    /// Adds people by login, name and roles, or signs in those who are there.
    async fn come_in<'p>(
        &mut self,
        people: impl IntoIterator<Item = (&'p str, &'p str, Vec<Value>)>,
    ) -> Result<(), ApiError> {
        let known = self.call("admin", "person.list", json!({})).await?;
        let password = self.password.clone();
        for (login, name, roles) in people {
            let there = |k: &Value| k["login"] == login;
            if !known.as_array().is_some_and(|all| all.iter().any(there)) {
                let person = json!({ "name": name, "login": login, "password": password, "account": "member", "roles": roles });
                self.call("admin", "person.add", person).await?;
            }
            self.sign_in_with(login, &password).await?;
        }
        Ok(())
    }

    /// Moves the clock.
    ///
    /// # Errors
    /// A time that is not one.
    pub fn clock(&self, text: &str) -> Result<(), ApiError> {
        self.office.force_clock(at(text)?);
        Ok(())
    }

    /// Everything done so far, in order.
    pub fn told(&self) -> Vec<DoneDeed> {
        self.deeds
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Moves the clock to when something was done in another office.
    pub fn clock_at(&self, at: DateTime<FixedOffset>) {
        self.office.force_clock(at);
    }

    /// Runs a command as somebody.
    ///
    /// # Errors
    /// What the command refuses.
    pub async fn call(&self, who: &str, name: &str, mut payload: Value) -> Result<Value, ApiError> {
        let nobody = Session::new();
        let session = self.sessions.get(who).unwrap_or(&nobody);
        let told = payload.clone();
        // As a door does: whoever acts enters the password where the act is a signature.
        if name == "case.act" && payload.get("signature").is_none() {
            payload["signature"] = json!({ "password": self.password });
        }
        let answer = call(&self.office, session, name, payload, Lang::Zh).await;
        if let Ok(mut deeds) = self.deeds.lock() {
            let key = match name {
                "case.register" => "case",
                "party.keep" => "id",
                _ => "",
            };
            let made = answer.as_ref().ok().and_then(|a| a[key].as_str());
            deeds.push(DoneDeed {
                at: self.office.now(),
                who: who.to_owned(),
                command: name.to_owned(),
                payload: told,
                made: made.map(str::to_owned),
                refused: answer.is_err(),
            });
        }
        answer
    }

    /// Gives the office a backup key: the administrator asks, somebody makes and keeps it. Answers the half that opens.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn backup_key(&self, keeper: &str) -> Result<String, ApiError> {
        self.call("admin", "backup_key.ask", json!({})).await?;
        let password = json!({ "password": self.password });
        let made = self.call(keeper, "backup_key.make", password).await?;
        let groups: Vec<String> =
            serde_json::from_value(made["groups"].clone()).map_err(ApiError::internal)?;
        let last = json!({ "last": groups.last() });
        self.call(keeper, "backup_key.confirm", last).await?;
        Ok(groups.concat())
    }

    /// Acts on a case as somebody.
    ///
    /// # Errors
    /// What the action refuses.
    pub async fn act(
        &self,
        who: &str,
        case: &str,
        action: &str,
        values: Value,
    ) -> Result<Value, ApiError> {
        self.call(
            who,
            "case.act",
            json!({ "case": case, "action": action, "values": values }),
        )
        .await
    }

    /// Gives a form out and keeps its PDF.
    ///
    /// # Errors
    /// What issuing refuses.
    pub async fn issue(
        &mut self,
        who: &str,
        case: &str,
        form: &str,
        task: Option<&str>,
    ) -> Result<Value, ApiError> {
        let copies = json!([{ "kind": "paper", "holder": "投诉人" }]);
        let request = json!({ "case": case, "form": form, "task": task, "copies": copies });
        let made = self.call(who, "form.issue", request).await?;
        let pdf = STANDARD
            .decode(text(&made, "pdf")?)
            .map_err(ApiError::internal)?;
        self.papers.insert(text(&made, "number")?.to_owned(), pdf);
        Ok(made)
    }

    fn id(&self, login: &str) -> Value {
        Value::from(self.ids.get(login).map_or("", String::as_str))
    }
}
