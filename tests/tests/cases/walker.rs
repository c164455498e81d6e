//! A walker that knows no procedure: it reads `case.get`, does what is offered with whatever the fields take,
//! gives out what is ready, and comes to closing.

use anyhow::{Context, Result, ensure};
use redress_desk::demo::{PASSWORD, Practice, Story};
use redress_tests::config;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// People with every role of the procedure: whoever is barred, another is not.
const PEOPLE: usize = 8;
/// Acts after which a walk is lost.
const PATIENCE: usize = 400;

/// An office for one procedure, and what the walker has done there.
struct Walker {
    practice: Practice,
    procedure: String,
    people: Vec<String>,
    done: BTreeMap<String, usize>,
    turn: usize,
    _folder: TempDir,
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn said<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The window's own rule for what is asked now.
fn asked(field: &Value, look: &dyn Fn(&str) -> Value) -> bool {
    let when = field["when"].as_object().into_iter().flatten();
    when.into_iter().all(|(id, expect)| {
        let value = look(id);
        let given = match &value {
            Value::Null => false,
            Value::String(s) => !s.trim().is_empty(),
            Value::Array(a) => !a.is_empty(),
            _ => true,
        };
        let is = |wanted: &Value| {
            let marks = value["marks"].as_array();
            value == *wanted
                || value.as_array().is_some_and(|a| a.contains(wanted))
                || marks.is_some_and(|a| a.contains(wanted))
        };
        match expect {
            Value::Array(any) => any.iter().any(is),
            Value::Object(rule) if rule.contains_key("given") => given == (rule["given"] == true),
            Value::Object(rule) => value != rule["unless"],
            other => is(other),
        }
    })
}

impl Walker {
    async fn enter(procedure: &Value) -> Result<Self> {
        let folder = TempDir::new()?;
        let start = "2026-11-02T09:00:00+08:00".parse()?;
        let practice = Practice::bare(config(&folder), PASSWORD, start).await?;
        let id = said(procedure, "id").to_owned();
        let roles: Vec<&str> = list(procedure, "roles").map(|r| said(r, "id")).collect();
        let people: Vec<String> = (0..PEOPLE).map(|n| format!("walker{n}")).collect();
        let cast: Vec<Value> = people
            .iter()
            .map(|l| json!({ "login": l, "name": format!("行者{l}"), "roles": roles }))
            .collect();
        // A story without deeds: its people alone.
        let story = json!({ "title": "", "procedure": id, "person": cast, "deed": [] });
        let story: Story = serde_json::from_value(story)?;
        let mut walker = Self {
            practice,
            procedure: id,
            people,
            done: BTreeMap::new(),
            turn: 0,
            _folder: folder,
        };
        walker.practice.cast(&story).await?;
        Ok(walker)
    }

    /// Something that the field takes.
    fn some(&self, field: &Value, n: usize) -> Value {
        let choice = || {
            let all: Vec<&Value> = list(field, "choices").collect();
            all[n % all.len().max(1)]["id"].clone()
        };
        // The first three are never named, so that somebody is always free.
        let person = &self.practice.ids[&self.people[3 + n % (PEOPLE - 3)]];
        match said(field, "kind") {
            "number" => json!(n % 9),
            "measure" => json!({ "value": n % 9, "unit": "%" }),
            "date" => json!("2026-11-02"),
            "time" => json!("2026-11-02T08:00:00+08:00"),
            "choice" => choice(),
            "many" => json!([choice()]),
            "yes_no" => json!(!n.is_multiple_of(3)),
            "staff" if field["multiple"] == true => json!([person]),
            "staff" => json!(person),
            "rows" => {
                let cell = |c: &Value| (said(c, "id").to_owned(), self.some(c, n));
                let row: Map<String, Value> = list(field, "columns").map(cell).collect();
                json!([row])
            }
            "party" | "attachment" => Value::Null,
            _ => json!(format!("词{n}")),
        }
    }

    /// What is entered where these fields are asked, over what the case holds.
    fn entered(&self, fields: &[Value], view: &Value, task: &str, n: usize) -> Value {
        let mut values: Map<String, Value> = Map::new();
        for (k, field) in fields.iter().enumerate() {
            let look = |id: &str| -> Value {
                let own = format!("{task}/{id}");
                let mut kept = list(view, "values").filter(|v| said(v, "key") == own);
                let case = || list(view, "values").find(|v| said(v, "key") == id);
                let kept = kept.next().or_else(case).map(|v| v["value"].clone());
                let value = values.get(id).cloned().or(kept);
                value.unwrap_or_default()
            };
            if asked(field, &look) && (field["required"] == true || (n + k).is_multiple_of(5)) {
                let value = self.some(field, n + k * (n % 3));
                if !value.is_null() {
                    values.insert(said(field, "id").to_owned(), value);
                }
            }
        }
        Value::Object(values)
    }

    async fn register(&mut self, seed: usize) -> Result<String> {
        let get = json!({ "id": self.procedure });
        let procedure = self.practice.call("admin", "procedure.get", get).await?;
        let fields = procedure["register"]["fields"].as_array().cloned();
        let mut fields = fields.unwrap_or_default();
        fields.retain(|f| f["id"] != "complainant.anonymous");
        let values = self.entered(&fields, &Value::Null, "", seed);
        let request = json!({
            "procedure": self.procedure, "received_at": "2026-11-02T09:00:00+08:00",
            "channel": procedure["channels"][0]["id"], "values": values,
        });
        let made = self
            .practice
            .call("walker0", "case.register", request)
            .await?;
        Ok(said(&made, "number").to_owned())
    }

    /// Gives out whatever is ready and was not yet given out; once closing was refused, what it lists as out of date too.
    async fn papers(&mut self, view: &Value) -> Result<()> {
        let refused = self.done.contains_key("close");
        let lacks = |form: &Value| {
            let mut all = list(view, "missing");
            all.any(|m| {
                m["form"] == form["id"] && (m["task"].is_null() || m["task"] == form["task"])
            })
        };
        for form in list(view, "forms").filter(|f| f["ready"] == true) {
            if form["standing"].is_null() || refused && lacks(form) {
                let request = json!({ "case": view["number"], "form": form["id"], "task": form["task"], "copies": [{ "kind": "paper", "holder": "投诉人" }] });
                self.practice.call("walker0", "form.issue", request).await?;
            }
        }
        Ok(())
    }

    /// One act by whoever may, the least often done first; answers whether there was one.
    async fn step(&mut self, case: &str) -> Result<bool> {
        for who in 0..self.people.len() {
            let who = self.people[(who + self.turn) % self.people.len()].clone();
            // A confidential case is a number to whoever has no part in it.
            let seen = self
                .practice
                .call(&who, "case.get", json!({ "case": case }));
            let Ok(view) = seen.await else { continue };
            let mut open: Vec<&Value> = list(&view, "actions")
                .filter(|a| a["allowed"] == true)
                .filter(|a| ["record", "close"].contains(&said(a, "effect")))
                .collect();
            let bare = |a: &Value| {
                said(a, "id")
                    .split('@')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            };
            let refused = self.done.contains_key("close");
            open.sort_by_key(|a| {
                let often = self.done.get(&bare(a)).copied().unwrap_or_default();
                // What is always possible leads nowhere, mostly, until closing asks for it; done too often it opens more
                // than it answers.
                let aside = a["always"] == true && !(refused && often < 2);
                (a["effect"] != "close", aside, often)
            });
            for action in open {
                let often = self.done.entry(bare(action)).or_default();
                *often += 1;
                let n = *often + self.turn;
                let fields = action["fields"].as_array().cloned().unwrap_or_default();
                let values = self.entered(&fields, &view, said(action, "task"), n);
                let act = json!({ "case": case, "action": action["id"], "values": values });
                if self.practice.call(&who, "case.act", act).await.is_ok() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    async fn walk(&mut self, seed: usize) -> Result<usize> {
        self.done.clear();
        self.turn = seed;
        let case = self.register(seed).await?;
        for acts in 0..PATIENCE {
            let view = self
                .practice
                .call("walker0", "case.get", json!({ "case": case }))
                .await?;
            if view["status"] != "open" {
                ensure!(view["status"] == "closed", "{case} is {}", view["status"]);
                return Ok(acts);
            }
            self.papers(&view).await?;
            ensure!(
                self.step(&case).await?,
                "{case} stands at {} and lacks {}",
                view["now"]["title"],
                view["missing"]
            );
            self.turn += 1;
        }
        let view = self
            .practice
            .call("walker0", "case.get", json!({ "case": case }))
            .await?;
        anyhow::bail!(
            "{case} never closed, stands at {} and lacks {}: {:?}",
            view["now"]["title"],
            view["missing"],
            self.done
        )
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_procedure_is_walked_to_closing_by_case_get_alone() -> Result<()> {
    let folder = TempDir::new()?;
    let start = "2026-11-02T09:00:00+08:00".parse()?;
    let office = Practice::bare(config(&folder), PASSWORD, start).await?;
    let all = office.call("admin", "procedure.list", json!({})).await?;
    let all = all.as_array().cloned().unwrap_or_default();
    assert_eq!(all.len(), 9);
    for procedure in all {
        let id = said(&procedure, "id").to_owned();
        let mut walker = Walker::enter(&procedure).await?;
        for seed in 0..3 {
            walker
                .walk(seed)
                .await
                .with_context(|| format!("{id}, seed {seed}"))?;
        }
        let whole = walker
            .practice
            .office
            .verify(None, redress_desk::Lang::Zh)
            .await?;
        ensure!(whole.ok, "{id}: the log is whole");
    }
    Ok(())
}
