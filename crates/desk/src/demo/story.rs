//! Stories as data: who does what when, what must be refused, and how the case must then stand.
//!
//! `tests/stories/*.toml` are told by the tests, by `redressctl story` and by the demo, through the command list.
//! In values, `@login` stands for a person, `#name` for an entry of the register, `$case` for a case.

use super::{Practice, at};
use crate::ApiError;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The stories that the demo tells, by procedure.
pub const STORIES: &[(&str, &str)] = &[
    (
        "hospital",
        include_str!("../../../../tests/stories/hospital.toml"),
    ),
    (
        "first-asked",
        include_str!("../../../../tests/stories/first-asked.toml"),
    ),
    (
        "car-dealer",
        include_str!("../../../../tests/stories/car-dealer.toml"),
    ),
    (
        "customer-service",
        include_str!("../../../../tests/stories/customer-service.toml"),
    ),
    (
        "factory",
        include_str!("../../../../tests/stories/factory.toml"),
    ),
    (
        "after-sales",
        include_str!("../../../../tests/stories/after-sales.toml"),
    ),
    (
        "inspection-institute",
        include_str!("../../../../tests/stories/inspection-institute.toml"),
    ),
];

/// One story.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What it is about.
    pub title: String,
    /// Procedure id.
    pub procedure: String,
    /// Who takes part.
    #[serde(default, rename = "person")]
    pub people: Vec<Player>,
    /// Entries of the register (G16).
    #[serde(default, rename = "party")]
    pub parties: Vec<Map<String, Value>>,
    /// What happens.
    #[serde(rename = "deed")]
    pub deeds: Vec<Deed>,
}

/// Somebody in a story.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Player {
    /// Sign-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Role ids; `role@department` for one department.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// One thing that happens; exactly one of `register`, `act`, `issue`, `attach`, `call`, or only an expectation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deed {
    /// The clock moves first: `2026-11-20T16:00`, in the office's time.
    #[serde(default)]
    pub at: Option<String>,
    /// Who.
    #[serde(default)]
    pub who: String,
    /// The story's name for a case; the last one where it is not said.
    #[serde(default)]
    pub case: Option<String>,
    /// Registers through this channel.
    #[serde(default)]
    pub register: Option<String>,
    /// When the complaint was received; `at` where it is not said.
    #[serde(default)]
    pub received: Option<String>,
    /// Does an action; `action@task-1` for a task's.
    #[serde(default)]
    pub act: Option<String>,
    /// What is entered.
    #[serde(default)]
    pub values: Map<String, Value>,
    /// Keys of what is unusual among it and is meant (`value_asks`).
    #[serde(default)]
    pub confirmed: Vec<String>,
    /// Gives a form out.
    #[serde(default)]
    pub issue: Option<String>,
    /// The form's task.
    #[serde(default)]
    pub task: Option<String>,
    /// Adds a text file of this name.
    #[serde(default)]
    pub attach: Option<String>,
    /// Any other command.
    #[serde(default)]
    pub call: Option<String>,
    /// Its request.
    #[serde(default)]
    pub payload: Map<String, Value>,
    /// It must be refused with this code.
    #[serde(default)]
    pub refused: Option<String>,
    /// How the case stands afterwards.
    #[serde(default)]
    pub expect: Option<Expect>,
}

/// How a case must stand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The current step's id.
    #[serde(default)]
    pub step: Option<String>,
    /// `open`, `closed` …
    #[serde(default)]
    pub status: Option<String>,
    /// Filed.
    #[serde(default)]
    pub archived: Option<bool>,
    /// Clocks by id, e.g. `handling-1`: `due`, `opens`, `state`, `provisional`.
    #[serde(default)]
    pub clocks: BTreeMap<String, Map<String, Value>>,
    /// Forms given out so far, in order.
    #[serde(default)]
    pub documents: Option<Vec<String>>,
    /// What closing still lacks.
    #[serde(default)]
    pub missing: Option<Vec<String>>,
    /// Values in words, by field.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Actions that must be offered to whoever looks.
    #[serde(default)]
    pub offers: Vec<String>,
    /// Actions that must not be.
    #[serde(default)]
    pub offers_not: Vec<String>,
}

/// Where a story did not go as told.
#[derive(Debug, thiserror::Error)]
pub enum Astray {
    /// The file is not understood.
    #[error("{0}")]
    File(String),
    /// A deed went another way.
    #[error("deed {number} ({what}): {why}")]
    Deed {
        /// From 1.
        number: usize,
        /// Which.
        what: String,
        /// What happened instead.
        why: String,
    },
}

impl Story {
    /// Reads a story.
    ///
    /// # Errors
    /// [`Astray::File`].
    pub fn read(text: &str) -> Result<Self, Astray> {
        toml::from_str(text).map_err(|e| Astray::File(e.to_string()))
    }

    /// The moment of its first deed.
    ///
    /// # Errors
    /// [`Astray::File`] where it has none.
    pub fn begins(&self) -> Result<chrono::DateTime<chrono::FixedOffset>, Astray> {
        let first = self.deeds.iter().find_map(|d| d.at.as_deref());
        let first = first.ok_or_else(|| Astray::File("no deed says when".to_owned()))?;
        at(first).map_err(|e| Astray::File(format!("{first}: {}", e.code)))
    }
}

impl Deed {
    fn what(&self) -> String {
        let said = [
            ("register", &self.register),
            ("act", &self.act),
            ("issue", &self.issue),
            ("attach", &self.attach),
            ("call", &self.call),
        ];
        let said = said.into_iter().find_map(|(k, v)| Some((k, v.as_ref()?)));
        let (kind, id) = said.map_or(("expect", ""), |(k, v)| (k, v.as_str()));
        format!(
            "{} {} {kind} {id}",
            self.at.as_deref().unwrap_or("…"),
            self.who
        )
    }
}

impl Practice {
    /// Tells a story; answers the case ids by the story's names (`1`, `2` … where it has none).
    ///
    /// # Errors
    /// [`Astray`]: which deed went another way.
    pub async fn tell(&mut self, story: &Story) -> Result<BTreeMap<String, String>, Astray> {
        let cast = |e: ApiError| Astray::File(refusal(&e));
        self.office
            .force_clock(story.begins()?.max(self.office.now()));
        self.cast(story).await.map_err(cast)?;
        let mut parties = BTreeMap::new();
        for party in &story.parties {
            let kept = self
                .call("admin", "party.keep", Value::Object(party.clone()))
                .await
                .map_err(cast)?;
            parties.insert(said(&kept["name"]), said(&kept["id"]));
        }
        let mut cases: Vec<(String, String)> = Vec::new();
        for (n, deed) in story.deeds.iter().enumerate() {
            self.deed(story, deed, &parties, &mut cases)
                .await
                .map_err(|why| Astray::Deed {
                    number: n + 1,
                    what: deed.what(),
                    why,
                })?;
        }
        Ok(cases.into_iter().collect())
    }

    /// Adds a story's people, or signs in those who are there.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn cast(&mut self, story: &Story) -> Result<(), ApiError> {
        let known = self.call("admin", "person.list", json!({})).await?;
        let password = self.password.clone();
        for p in &story.people {
            let there = |k: &Value| k["login"] == p.login.as_str();
            if !known.as_array().is_some_and(|all| all.iter().any(there)) {
                let grant = |r: &String| {
                    let (role, department) = r.split_once('@').unwrap_or((r, ""));
                    json!({ "procedure": story.procedure, "role": role, "department": department })
                };
                let roles: Vec<Value> = p.roles.iter().map(grant).collect();
                let person = json!({ "name": p.name, "login": p.login, "password": password, "account": "member", "roles": roles });
                self.call("admin", "person.add", person).await?;
            }
            self.sign_in_with(&p.login, &password).await?;
        }
        Ok(())
    }

    async fn deed(
        &mut self,
        story: &Story,
        deed: &Deed,
        parties: &BTreeMap<String, String>,
        cases: &mut Vec<(String, String)>,
    ) -> Result<(), String> {
        if let Some(time) = &deed.at {
            self.clock(time).map_err(|e| refusal(&e))?;
        }
        let case = match (&deed.case, &deed.register) {
            (_, Some(_)) | (None, None) => cases.last(),
            (Some(name), None) => cases.iter().find(|(n, _)| n == name),
        };
        let case = case.map(|(_, id)| id.clone()).unwrap_or_default();
        let meant = |v: &Map<String, Value>| self.meant(&Value::Object(v.clone()), parties, &case);
        let (values, payload) = (meant(&deed.values)?, meant(&deed.payload)?);
        let done = if let Some(channel) = &deed.register {
            let received = deed.received.as_ref().or(deed.at.as_ref());
            let received = received.ok_or("a registration says when")?;
            let request = json!({
                "procedure": story.procedure, "received_at": format!("{received}:00+08:00"),
                "channel": channel, "values": values, "confirmed": deed.confirmed,
            });
            let made = self.call(&deed.who, "case.register", request).await;
            if let Ok(made) = &made {
                let number = (cases.len() + 1).to_string();
                let name = deed.case.clone().unwrap_or(number);
                cases.push((name, said(&made["case"])));
            }
            made
        } else if let Some(action) = &deed.act {
            let request = json!({
                "case": case, "action": action, "values": values, "confirmed": deed.confirmed,
            });
            self.call(&deed.who, "case.act", request).await
        } else if let Some(form) = &deed.issue {
            self.issue(&deed.who, &case, form, deed.task.as_deref())
                .await
        } else if let Some(name) = &deed.attach {
            let bytes = STANDARD.encode(format!("{name}\n"));
            let file = json!({ "case": case, "name": name, "kind": "material", "bytes": bytes });
            self.call(&deed.who, "attachment.add", file).await
        } else if let Some(command) = &deed.call {
            self.call(&deed.who, command, payload).await
        } else {
            Ok(Value::Null)
        };
        match (done, &deed.refused) {
            (Err(e), Some(code)) if e.code == *code => {}
            (Err(e), Some(code)) => {
                return Err(format!("{code} was expected, not {}", refusal(&e)));
            }
            (Err(e), None) => return Err(refusal(&e)),
            (Ok(_), Some(code)) => return Err(format!("{code} was expected, and it was done")),
            (Ok(_), None) => {}
        }
        let Some(expect) = &deed.expect else {
            return Ok(());
        };
        let who = if deed.who.is_empty() {
            "admin"
        } else {
            &deed.who
        };
        let case = cases.iter().find(|(n, _)| deed.case.as_ref() == Some(n));
        let case = case.or_else(|| cases.last()).map(|(_, id)| id.clone());
        let view = self
            .call(who, "case.get", json!({ "case": case }))
            .await
            .map_err(|e| refusal(&e))?;
        expect.held(&view)
    }

    /// The request with people, parties and cases by id.
    fn meant(
        &self,
        value: &Value,
        parties: &BTreeMap<String, String>,
        case: &str,
    ) -> Result<Value, String> {
        Ok(match value {
            Value::String(s) if s == "$case" => Value::from(case),
            Value::String(s) => match (s.strip_prefix('@'), s.strip_prefix('#')) {
                (Some(login), _) => {
                    let id = self.ids.get(login);
                    Value::from(id.ok_or_else(|| format!("nobody is called {s}"))?.as_str())
                }
                (_, Some(name)) => {
                    let id = parties.get(name);
                    Value::from(
                        id.ok_or_else(|| format!("{s} is not in the register"))?
                            .as_str(),
                    )
                }
                _ => value.clone(),
            },
            Value::Array(all) => {
                let all: Result<Vec<_>, _> =
                    all.iter().map(|v| self.meant(v, parties, case)).collect();
                Value::Array(all?)
            }
            Value::Object(all) => {
                let all: Result<Map<_, _>, String> = all
                    .iter()
                    .map(|(k, v)| Ok((k.clone(), self.meant(v, parties, case)?)))
                    .collect();
                Value::Object(all?)
            }
            other => other.clone(),
        })
    }
}

fn said(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Code, parameters and sentence.
fn refusal(e: &ApiError) -> String {
    format!(
        "{} {} ({})",
        e.code,
        Value::Object(e.params.clone()),
        e.message(crate::Lang::Zh)
    )
}

impl Expect {
    fn held(&self, view: &Value) -> Result<(), String> {
        let ids = |list: &Value, key: &str| -> Vec<String> {
            let all = list.as_array().into_iter().flatten();
            all.map(|v| said(&v[key])).collect()
        };
        let same = |what: &str, wanted: &Value, found: &Value| {
            (wanted == found)
                .then_some(())
                .ok_or_else(|| format!("{what} is {found}, not {wanted}"))
        };
        if let Some(step) = &self.step {
            same("step", &json!(step), &view["now"]["step"])?;
        }
        if let Some(status) = &self.status {
            same("status", &json!(status), &view["status"])?;
        }
        if let Some(archived) = self.archived {
            same("archived", &json!(archived), &view["archived"])?;
        }
        for (id, wanted) in &self.clocks {
            let all = view["clocks"].as_array().into_iter().flatten();
            let known = ids(&view["clocks"], "id");
            let clock = all.clone().find(|c| c["id"] == id.as_str());
            let clock = clock.ok_or_else(|| format!("no clock {id} among {known:?}"))?;
            for (key, value) in wanted {
                // Moments are told in the office's time.
                let full = match value.as_str().filter(|s| s.len() == 16) {
                    Some(s) => json!(format!("{s}:00+08:00")),
                    None => value.clone(),
                };
                same(&format!("clock {id} {key}"), &full, &clock[key])?;
            }
        }
        if let Some(documents) = &self.documents {
            let found = ids(&view["documents"], "form");
            same("documents", &json!(documents), &json!(found))?;
        }
        if let Some(missing) = &self.missing {
            let found = ids(&view["missing"], "code");
            same("missing", &json!(missing), &json!(found))?;
        }
        for (field, wanted) in &self.values {
            let all = view["values"].as_array().into_iter().flatten();
            let found = all
                .filter(|v| v["key"] == field.as_str())
                .map(|v| said(&v["text"]))
                .next_back();
            same(field, &json!(wanted), &json!(found))?;
        }
        let open: Vec<String> = ids(&view["actions"], "id");
        if let Some(lost) = self.offers.iter().find(|o| !open.contains(o)) {
            return Err(format!("{lost} is not offered among {open:?}"));
        }
        if let Some(stray) = self.offers_not.iter().find(|o| open.contains(o)) {
            return Err(format!("{stray} is offered"));
        }
        Ok(())
    }
}
