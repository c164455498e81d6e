//! A story told through the command list.

use super::{Astray, Deed, Practice, Story};
use crate::ApiError;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a story's names stand for so far.
#[derive(Default)]
struct Told {
    /// Ids of the register's entries, by name.
    parties: BTreeMap<String, String>,
    /// Name and id of each case, in order.
    cases: Vec<(String, String)>,
}

impl Told {
    /// The case that a deed is about; empty before there is one, as for the first registration.
    fn case(&self, deed: &Deed) -> String {
        let case = match (&deed.case, &deed.register) {
            (_, Some(_)) | (None, None) => self.cases.last(),
            (Some(name), None) => self.cases.iter().find(|(n, _)| n == name),
        };
        case.map(|(_, id)| id.clone()).unwrap_or_default()
    }

    /// A case was opened: under the story's name for it, or its number in order.
    fn opened(&mut self, deed: &Deed, id: String) {
        let number = (self.cases.len() + 1).to_string();
        let name = deed.case.clone().unwrap_or(number);
        self.cases.push((name, id));
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
        let mut told = Told::default();
        for party in &story.parties {
            let kept = self
                .call("admin", "party.keep", Value::Object(party.clone()))
                .await
                .map_err(cast)?;
            told.parties.insert(said(&kept["name"]), said(&kept["id"]));
        }
        for (n, deed) in story.deeds.iter().enumerate() {
            self.deed(story, deed, &mut told)
                .await
                .map_err(|why| Astray::Deed {
                    number: n + 1,
                    what: deed.what(),
                    why,
                })?;
        }
        Ok(told.cases.into_iter().collect())
    }

    /// Adds a story's people, or signs in those who are there.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn cast(&mut self, story: &Story) -> Result<(), ApiError> {
        let grant = |r: &String| {
            let (role, department) = r.split_once('@').unwrap_or((r, ""));
            json!({ "procedure": story.procedure, "role": role, "department": department })
        };
        let all = story.people.iter().map(|p| {
            let roles = p.roles.iter().map(grant).collect();
            (p.login.as_str(), p.name.as_str(), roles)
        });
        self.come_in(all).await
    }

    /// One deed: the clock, what is done, whether it had to be refused, and how the case stands then.
    async fn deed(&mut self, story: &Story, deed: &Deed, told: &mut Told) -> Result<(), String> {
        if let Some(time) = &deed.at {
            self.clock(time).map_err(|e| refusal(&e))?;
        }
        let done = self.done(story, deed, told).await?;
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
        let who = match deed.who.as_str() {
            "" => "admin",
            who => who,
        };
        let case = told
            .cases
            .iter()
            .find(|(n, _)| deed.case.as_ref() == Some(n));
        let case = case.or_else(|| told.cases.last()).map(|(_, id)| id.clone());
        let view = self
            .call(who, "case.get", json!({ "case": case }))
            .await
            .map_err(|e| refusal(&e))?;
        expect.held(&view)
    }

    /// What the command answers; an error of its own where the story itself is not understood.
    async fn done(
        &mut self,
        story: &Story,
        deed: &Deed,
        told: &mut Told,
    ) -> Result<Result<Value, ApiError>, String> {
        let case = told.case(deed);
        let meant = |v: &Map<String, Value>| self.meant(&Value::Object(v.clone()), told, &case);
        let (values, payload) = (meant(&deed.values)?, meant(&deed.payload)?);
        Ok(if let Some(channel) = &deed.register {
            let received = deed.received.as_ref().or(deed.at.as_ref());
            let received = received.ok_or("a registration says when")?;
            let request = json!({
                "procedure": story.procedure, "received_at": format!("{received}:00+08:00"),
                "channel": channel, "values": values, "confirmed": deed.confirmed,
            });
            let made = self.call(&deed.who, "case.register", request).await;
            if let Ok(made) = &made {
                told.opened(deed, said(&made["case"]));
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
        })
    }

    /// The request with people, parties and cases by id.
    fn meant(&self, value: &Value, told: &Told, case: &str) -> Result<Value, String> {
        Ok(match value {
            Value::String(s) if s == "$case" => Value::from(case),
            Value::String(s) => match (s.strip_prefix('@'), s.strip_prefix('#')) {
                (Some(login), _) => {
                    let id = self.ids.get(login);
                    Value::from(id.ok_or_else(|| format!("nobody is called {s}"))?.as_str())
                }
                (_, Some(name)) => {
                    let id = told.parties.get(name);
                    Value::from(
                        id.ok_or_else(|| format!("{s} is not in the register"))?
                            .as_str(),
                    )
                }
                _ => value.clone(),
            },
            Value::Array(all) => {
                let all: Result<Vec<_>, _> =
                    all.iter().map(|v| self.meant(v, told, case)).collect();
                Value::Array(all?)
            }
            Value::Object(all) => {
                let all: Result<Map<_, _>, String> = all
                    .iter()
                    .map(|(k, v)| Ok((k.clone(), self.meant(v, told, case)?)))
                    .collect();
                Value::Object(all?)
            }
            other => other.clone(),
        })
    }
}

pub(super) fn said(value: &Value) -> String {
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
